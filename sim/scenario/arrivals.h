/* arrivals - when the actors of a group act: bursty and by the hour of the day.
 *
 * A group has a working clock.  It runs through hour h of the run at the pace
 * weight[h mod 24] / mean weight x burst(h), where burst(h) is drawn in the name of the group and
 * the hour, with mean 1 and a given variance; pace 1 is wall time.  On the working clock each
 * actor's gaps are independent draws in the actor's own name, exponential or of any other
 * distribution.  So actors of one group are busy in the same hours (counts of the whole group
 * are over-dispersed: a further variance v makes the index of dispersion of n arrivals an hour
 * 1 + n x v), and a further actor, hour or draw moves no other.
 *
 * The working clock is summed up once for the hours of the run, so an arrival costs a draw and a
 * search in the sums, however long the gap.
 */
#ifndef SIM_SCENARIO_ARRIVALS_H
#define SIM_SCENARIO_ARRIVALS_H

#include "protocol/draw.h"
#include "sim/engine/distribution.h"

#define HOURS_A_DAY 24u
#define ARRIVALS_HOURS_MAX (24u * 366u * 20u)
#define ARRIVALS_WEIGHT_MAX 1000000u
#define ARRIVALS_VARIANCE_MAX 5
#define ARRIVALS_NEVER UINT64_MAX

struct arrivals_plan {
    struct distribution gap_ns; /* of one actor, on the working clock */
    struct distribution burst;  /* in 2^-32; arrivals_burst() */
    u32 weight[HOURS_A_DAY];    /* hour 0 is the hour in which the run starts */
};

struct arrivals {
    struct distribution gap_ns;
    u64 *worked_ns; /* working time at the start of hour h, h = 0..hours; owned */
    u32 hours;
};

/* The paces of an hour that a relative variance stands for: gamma with mean 1.0 = 2^32, or the
 * constant 1 for variance 0.  False: variance is not in
 * 0..ARRIVALS_VARIANCE_MAX. */
must_use bool arrivals_burst(struct distribution *out, double variance);

/* For a run of the given length in the name of a group.  False: no memory, more than
 * ARRIVALS_HOURS_MAX hours, or weights above ARRIVALS_WEIGHT_MAX or all 0; *why is a static text
 * and *out needs no arrivals_free(). */
must_use bool arrivals_build(struct arrivals *out, const struct arrivals_plan *plan,
                             const struct drawer *group, u32 hours, const char **why);
void arrivals_free(struct arrivals *a);

/* When the actor acts next after now: its counter-th gap later on the working clock.
 * ARRIVALS_NEVER: not within the run. */
u64 arrivals_next_ns(const struct arrivals *a, const struct drawer *actor, u64 counter, u64 now_ns);

#endif /* SIM_SCENARIO_ARRIVALS_H */
