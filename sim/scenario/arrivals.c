#include "sim/scenario/arrivals.h"

#include <stdlib.h>

#define HOUR_NS SEC(3600)
#define PACE_ONE 4294967296u
#define PACE_MAX ((u64)PACE_ONE << 20) /* a product with it fits in 128 bits */
#define WORKED_MAX ((u64)1 << 62)      /* seven times the longest run at pace 1 */

bool arrivals_burst(struct distribution *out, double variance)
{
    const char *why;

    if (!(variance >= 0 && variance <= ARRIVALS_VARIANCE_MAX))
        return false;
    if (variance < 0.001) {
        distribution_constant(out, PACE_ONE);
        return true;
    }
    double param[2] = {(double)PACE_ONE * variance, 1 / variance};
    return distribution_build(out, DISTRIBUTION_GAMMA, param, &why);
}

/* Working time in hour h, of wall time HOUR_NS. */
static u128 worked_in_hour(const struct arrivals_plan *plan, const struct drawer *group, u32 h,
                           u64 weights)
{
    u64 pace = distribution_at(&plan->burst, draw_u64(group, DRAW_BURST, h));
    if (pace > PACE_MAX)
        pace = PACE_MAX;
    u128 worked = (u128)HOUR_NS * pace * plan->weight[h % HOURS_A_DAY] * HOURS_A_DAY;
    return (worked / weights) >> 32;
}

/* What is wrong with a plan; NULL: nothing. */
static const char *plan_wrong(const struct arrivals_plan *plan, u32 hours, u64 *weights)
{
    *weights = 0;
    for (u32 i = 0; i < HOURS_A_DAY; i++) {
        if (plan->weight[i] > ARRIVALS_WEIGHT_MAX)
            return "weights of hours up to 1000000";
        *weights += plan->weight[i];
    }
    if (*weights == 0)
        return "a weight above 0 for some hour";
    if (hours == 0 || hours > ARRIVALS_HOURS_MAX)
        return "a run of 1 hour to 20 years";
    return NULL;
}

bool arrivals_build(struct arrivals *out, const struct arrivals_plan *plan,
                    const struct drawer *group, u32 hours, const char **why)
{
    u64 weights;

    *why = plan_wrong(plan, hours, &weights);
    if (*why != NULL)
        return false;
    u64 *worked_ns = malloc(((size_t)hours + 1) * sizeof *worked_ns);
    if (worked_ns == NULL) {
        *why = "memory for 8 bytes an hour of the run";
        return false;
    }
    u128 worked = 0;
    for (u32 h = 0; h < hours && worked <= WORKED_MAX; h++) {
        worked_ns[h] = (u64)worked;
        worked += worked_in_hour(plan, group, h, weights);
    }
    if (worked > WORKED_MAX) {
        *why = "a burst with mean 2^32";
        free(worked_ns);
        return false;
    }
    worked_ns[hours] = (u64)worked;
    *out = (struct arrivals){.gap_ns = plan->gap_ns, .worked_ns = worked_ns, .hours = hours};
    return true;
}

void arrivals_free(struct arrivals *a)
{
    free(a->worked_ns);
    *a = (struct arrivals){.hours = 0};
}

/* Working time at a moment of the run, rounded down. */
static u64 worked_at(const struct arrivals *a, u64 now_ns)
{
    u64 h = now_ns / HOUR_NS;
    u64 pace = a->worked_ns[h + 1] - a->worked_ns[h];
    return a->worked_ns[h] + (u64)((u128)pace * (now_ns % HOUR_NS) / HOUR_NS);
}

/* The first moment at which the working time is at least worked. */
static u64 moment_of(const struct arrivals *a, u64 worked)
{
    u32 low = 0, high = a->hours; /* worked_ns[low] < worked <= worked_ns[high] */
    while (high - low > 1) {
        u32 middle = low + (high - low) / 2;
        if (a->worked_ns[middle] < worked)
            low = middle;
        else
            high = middle;
    }
    u64 pace = a->worked_ns[high] - a->worked_ns[low];
    u64 into = worked - a->worked_ns[low];
    return low * HOUR_NS + (u64)(((u128)into * HOUR_NS + pace - 1) / pace);
}

u64 arrivals_next_ns(const struct arrivals *a, const struct drawer *actor, u64 counter, u64 now_ns)
{
    if (now_ns >= a->hours * HOUR_NS)
        return ARRIVALS_NEVER;
    u64 worked = worked_at(a, now_ns);
    u64 gap = distribution_at(&a->gap_ns, draw_u64(actor, DRAW_ARRIVAL, counter));
    if (gap == 0)
        gap = 1; /* nobody acts twice at one moment */
    if (gap > a->worked_ns[a->hours] - worked)
        return ARRIVALS_NEVER;
    u64 next = moment_of(a, worked + gap);
    return next > now_ns ? next : now_ns + 1;
}
