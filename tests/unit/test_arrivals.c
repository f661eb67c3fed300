/* Arrivals: against a walk through the hours, then rate, shape of the day and burstiness. */
#include "sim/scenario/arrivals.h"
#include "tests/test.h"

#include <string.h>

#define HOUR SEC(3600)
static const u32 day[HOURS_A_DAY] = {1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4,
                                     4, 4, 4, 4, 4, 3, 2, 2, 2, 1, 1, 0};

static struct arrivals_plan plan_of(const u32 *weight, double variance, double gap_ns)
{
    struct arrivals_plan plan;
    const char *why;

    for (u32 i = 0; i < HOURS_A_DAY; i++)
        plan.weight[i] = weight != NULL ? weight[i] : 1;
    EXPECT(arrivals_burst(&plan.burst, variance));
    EXPECT(distribution_build(&plan.gap_ns, DISTRIBUTION_EXPONENTIAL, (double[]){gap_ns, 0}, &why));
    return plan;
}

static struct arrivals built(const struct arrivals_plan *plan, u32 hours)
{
    struct drawer group = {11, 0, entity_key("workload", 0)};
    struct arrivals a;
    const char *why;

    EXPECT(arrivals_build(&a, plan, &group, hours, &why));
    return a;
}

static struct drawer actor_of(u32 ordinal)
{
    return (struct drawer){11, 0, entity_key("users", ordinal)};
}

/* Through the hours one by one, spending the gap. */
static u64 naive_next(const struct arrivals *a, const struct drawer *actor, u64 counter, u64 now)
{
    u64 left = distribution_at(&a->gap_ns, draw_u64(actor, DRAW_ARRIVAL, counter));
    for (u64 h = now / HOUR; h < a->hours; h++) {
        u64 pace = a->worked_ns[h + 1] - a->worked_ns[h];
        u64 into = h == now / HOUR ? now % HOUR : 0;
        u64 done = (u64)((u128)pace * into / HOUR);
        if (left <= pace - done) {
            u64 at = h * HOUR + (u64)(((u128)(done + left) * HOUR + pace - 1) / pace);
            return at > now ? at : now + 1;
        }
        left -= pace - done;
    }
    return ARRIVALS_NEVER;
}

static void test_against_walk(void)
{
    static const double gaps[] = {1e9, 3e12, 4e13, 3e15};
    for (size_t g = 0; g < ARRAY_LEN(gaps); g++) {
        struct arrivals_plan plan = plan_of(day, 0.5, gaps[g]);
        struct arrivals a = built(&plan, 400);
        for (u32 i = 0; i < 40; i++) {
            struct drawer actor = actor_of(i);
            u64 now = 0;
            for (u64 n = 0; n < 200 && now != ARRIVALS_NEVER; n++) {
                u64 next = arrivals_next_ns(&a, &actor, n, now);
                EXPECT(next == naive_next(&a, &actor, n, now) && next > now);
                now = next;
            }
        }
        EXPECT(arrivals_next_ns(&a, &(struct drawer){0}, 0, 400 * HOUR) == ARRIVALS_NEVER);
        arrivals_free(&a);
    }
    printf("ok - the next arrival is that of a walk through the hours\n");
}

/* Arrivals of `actors` by hour of the run. */
static void count_hours(const struct arrivals *a, u32 actors, u32 *count)
{
    memset(count, 0, a->hours * sizeof *count);
    for (u32 i = 0; i < actors; i++) {
        struct drawer actor = actor_of(i);
        u64 now = 0;
        for (u64 n = 0;; n++) {
            now = arrivals_next_ns(a, &actor, n, now);
            if (now >= a->hours * HOUR)
                break;
            count[now / HOUR]++;
        }
    }
}

#define DAYS 1000u
static u32 count[DAYS * HOURS_A_DAY];

static double mean_of_counts(void)
{
    double sum = 0;
    for (u32 h = 0; h < ARRAY_LEN(count); h++)
        sum += count[h];
    return sum / (double)ARRAY_LEN(count);
}

static double dispersion(void)
{
    double mean = mean_of_counts(), squares = 0;
    for (u32 h = 0; h < ARRAY_LEN(count); h++)
        squares += (count[h] - mean) * (count[h] - mean);
    return squares / (double)(ARRAY_LEN(count) - 1) / mean;
}

/* 20 actors with a mean gap of 2 hours: 10 an hour. */
static void test_statistics(void)
{
    struct arrivals_plan plan = plan_of(NULL, 0, 2 * (double)HOUR);
    struct arrivals a = built(&plan, DAYS * HOURS_A_DAY);
    count_hours(&a, 20, count);
    EXPECT(mean_of_counts() > 9.8 && mean_of_counts() < 10.2);
    EXPECT(dispersion() > 0.95 && dispersion() < 1.05);
    arrivals_free(&a);
    printf("ok - without weights and bursts: Poisson, 10 an hour, dispersion 1\n");

    plan = plan_of(NULL, 0.4, 2 * (double)HOUR);
    a = built(&plan, DAYS * HOURS_A_DAY);
    count_hours(&a, 20, count);
    EXPECT(mean_of_counts() > 9.8 && mean_of_counts() < 10.2);
    EXPECT(dispersion() > 4.7 && dispersion() < 5.3); /* 1 + 10 x 0.4 */
    arrivals_free(&a);
    printf("ok - a variance of 0.4 makes the dispersion of 10 an hour 5\n");

    plan = plan_of(day, 0.2, 2 * (double)HOUR);
    a = built(&plan, DAYS * HOURS_A_DAY);
    count_hours(&a, 20, count);
    EXPECT(mean_of_counts() > 9.8 && mean_of_counts() < 10.2);
    double by_hour[HOURS_A_DAY] = {0}, weights = 0;
    for (u32 i = 0; i < HOURS_A_DAY; i++)
        weights += day[i];
    for (u32 h = 0; h < ARRAY_LEN(count); h++)
        by_hour[h % HOURS_A_DAY] += (double)count[h] / DAYS;
    for (u32 i = 0; i < HOURS_A_DAY; i++) {
        double expected = 10 * day[i] * HOURS_A_DAY / weights;
        EXPECT(by_hour[i] >= 0.92 * expected && by_hour[i] <= 1.08 * expected);
    }
    arrivals_free(&a);
    printf("ok - each hour of the day has its share, an hour of weight 0 nobody\n");
}

static void test_independence(void)
{
    struct arrivals_plan plan = plan_of(day, 0.5, (double)HOUR);
    struct arrivals shorter = built(&plan, 500), longer = built(&plan, 700);
    EXPECT(memcmp(shorter.worked_ns, longer.worked_ns, 501 * sizeof(u64)) == 0);
    struct drawer one = actor_of(0), two = actor_of(1);
    u64 at = arrivals_next_ns(&shorter, &one, 0, 0);
    EXPECT(at == arrivals_next_ns(&longer, &one, 0, 0));
    EXPECT(at != arrivals_next_ns(&longer, &two, 0, 0));
    EXPECT(at != arrivals_next_ns(&longer, &one, 1, 0));
    arrivals_free(&shorter);
    arrivals_free(&longer);
    printf("ok - more hours move no arrival\n");
}

static bool refused(const struct arrivals_plan *plan, u32 hours)
{
    struct drawer group = {1, 0, 1};
    struct arrivals a;
    const char *why = NULL;
    bool made = arrivals_build(&a, plan, &group, hours, &why);
    if (made)
        arrivals_free(&a);
    return !made && why != NULL;
}

static void test_refused(void)
{
    struct arrivals_plan plan = plan_of(NULL, ARRIVALS_VARIANCE_MAX, (double)HOUR), bad = plan;

    EXPECT(!refused(&plan, ARRIVALS_HOURS_MAX));
    EXPECT(refused(&plan, 0) && refused(&plan, ARRIVALS_HOURS_MAX + 1));
    bad.weight[3] = ARRIVALS_WEIGHT_MAX + 1;
    EXPECT(refused(&bad, 1));
    memset(bad.weight, 0, sizeof bad.weight);
    EXPECT(refused(&bad, 1));
    bad = plan;
    distribution_constant(&bad.burst, DISTRIBUTION_VALUE_MAX);
    EXPECT(refused(&bad, ARRIVALS_HOURS_MAX));
    struct distribution d;
    EXPECT(!arrivals_burst(&d, -1) && !arrivals_burst(&d, 5.01));
    printf("ok - plans beyond the limits are refused\n");
}

int main(void)
{
    test_against_walk();
    test_statistics();
    test_independence();
    test_refused();
    return 0;
}
