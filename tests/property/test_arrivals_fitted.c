/* Arrivals with the figures of scenarios/fitted/workload.csv are as bursty and as diurnal as the
 * openb trace: hourly counts with an index of dispersion of 5.8, a ratio of 4.0 between the
 * busiest and the quietest hour of the day, gaps with a coefficient of variation of 1.64. */
#include "sim/scenario/arrivals.h"
#include "sim/scenario/fitted.h"
#include "tests/test.h"

#include <math.h>

#define FILE_OF_FIGURES "scenarios/fitted/workload.csv"
#define DAYS 400u
#define ACTORS 50u
#define ARRIVALS_MAX 200000u

static u32 count[DAYS * HOURS_A_DAY];
static u64 at_ns[ARRIVALS_MAX];
static u32 arrivals_seen;

static u64 figure(const struct fitted_list *list, const char *name)
{
    u64 value;
    EXPECT(fitted_list_get(list, name, &value));
    return value;
}

static struct arrivals fitted(void)
{
    struct fitted_list list;
    struct arrivals_plan plan;
    struct arrivals a;
    char *bytes, error[CSV_ERROR_BYTES];
    const char *why;
    size_t n;

    EXPECT(fitted_read(FILE_OF_FIGURES, &bytes, &n, error));
    EXPECT(fitted_parse_list(&list, FILE_OF_FIGURES, bytes, n, error));
    free(bytes);
    for (u32 i = 0; i < HOURS_A_DAY; i++) {
        char name[16];
        snprintf(name, sizeof name, "hour_%02u", i);
        plan.weight[i] = (u32)figure(&list, name);
    }
    EXPECT(arrivals_burst(&plan.burst, (double)figure(&list, "burst_variance_bps") / 10000));
    double gap = (double)SEC(86400) * ACTORS / (double)figure(&list, "orders_per_day");
    EXPECT(distribution_build(&plan.gap_ns, DISTRIBUTION_EXPONENTIAL, (double[]){gap, 0}, &why));
    struct drawer group = {5, 0, entity_key("workload", 0)};
    EXPECT(arrivals_build(&a, &plan, &group, DAYS * HOURS_A_DAY, &why));
    return a;
}

static int by_time(const void *a, const void *b)
{
    const u64 *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void run(const struct arrivals *a)
{
    for (u32 i = 0; i < ACTORS; i++) {
        struct drawer actor = {5, 0, entity_key("users", i)};
        u64 now = 0;
        for (u64 n = 0;; n++) {
            now = arrivals_next_ns(a, &actor, n, now);
            if (now >= DAYS * SEC(86400))
                break;
            EXPECT(arrivals_seen < ARRIVALS_MAX);
            at_ns[arrivals_seen++] = now;
            count[now / SEC(3600)]++;
        }
    }
    qsort(at_ns, arrivals_seen, sizeof at_ns[0], by_time);
}

static double variation_of_gaps(void)
{
    double sum = 0, squares = 0, gaps = arrivals_seen - 1;
    for (u32 i = 1; i < arrivals_seen; i++) {
        double gap = (double)(at_ns[i] - at_ns[i - 1]) / 1e9;
        sum += gap;
        squares += gap * gap;
    }
    double mean = sum / gaps;
    return sqrt(squares / gaps - mean * mean) / mean;
}

int main(void)
{
    struct arrivals a = fitted();
    double by_hour[HOURS_A_DAY] = {0}, squares = 0, least = HUGE_VAL, most = 0;

    run(&a);
    arrivals_free(&a);
    double mean = (double)arrivals_seen / ARRAY_LEN(count);
    for (u32 h = 0; h < ARRAY_LEN(count); h++) {
        squares += (count[h] - mean) * (count[h] - mean);
        by_hour[h % HOURS_A_DAY] += count[h];
    }
    for (u32 i = 0; i < HOURS_A_DAY; i++) {
        least = fmin(least, by_hour[i]);
        most = fmax(most, by_hour[i]);
    }
    double dispersion = squares / (double)ARRAY_LEN(count) / mean;
    double variation = variation_of_gaps();
    printf("# %.2f an hour, dispersion %.2f, busiest / quietest %.2f, variation of gaps %.2f\n",
           mean, dispersion, most / least, variation);
    EXPECT(mean > 9.9 && mean < 10.5);
    EXPECT(dispersion > 5.3 && dispersion < 6.3);
    EXPECT(most / least > 3.4 && most / least < 4.6);
    EXPECT(variation > 1.3 && variation < 1.9);
    printf("ok - generated arrivals are as bursty and diurnal as the trace\n");
    return 0;
}
