/* tiers - the small model of liveness, tiers and rewards by which simulators are compared
 * (protocol/bench-model.md, SPH-BENCH-1), in integers.
 *
 * Stake and rewards are in wei; tiers ask and multiply as the protocol's parameters say, which are
 * the model's constants; a reward is rounded down, and what is left of the pot is nobody's.  The
 * rule of the streaks is the model's own ("on purpose not the protocol's close").
 *
 * An hour is one Bernoulli draw of 32 bits: hour h of era e is the low (h even) or high half of
 * word (h / 2) % 4 of the block of DRAW_TEST with counter 3 e + h / 8, in the provider's name.
 */
#ifndef SIM_BENCH_TIERS_H
#define SIM_BENCH_TIERS_H

#include "protocol/tier.h"

#define TIERS_HOURS 24u
#define TIERS_PROVIDERS_MAX 10000000u

struct tiers_plan {
    u32 providers, eras;
    u64 seed;
    /* For tests: everybody alike, instead of bench-model.md's initial state. */
    bool alike;
    u32 down_odds; /* that an hour is down, of 2^32 */
    struct amount stake;
};

/* bench-model.md's row of an era. */
struct tiers_era {
    u32 in_tier[TIERS];
    struct amount stake;  /* of all */
    u64 hits;             /* hours up */
    struct amount weight; /* W x 24 x BPS_WHOLE, in wei */
};

struct tiers_provider {
    struct amount stake, earned;
    u64 entity;
    u32 down_odds;
    u8 tier, up, down, hits;
};

struct tiers {
    struct tiers_plan plan;
    u64 era;               /* closed so far */
    u64 hash;              /* over the rows of all eras */
    u64 draw_ns, close_ns; /* that eras took: to draw and weigh, to pay and judge */
    struct tiers_era last;
    struct tiers_provider *providers;
    u8 quality_of_hits[TIERS_HOURS + 1]; /* best tier whose uptime is met; 8: none */
    struct amount stake_of[TIERS];       /* more than */
    u32 multiplier_bps[TIERS];
};

/* providers 1..TIERS_PROVIDERS_MAX.  False: no memory. */
must_use bool tiers_open(struct tiers *t, const struct tiers_plan *plan);
void tiers_close(struct tiers *t);

/* One more era. */
void tiers_step(struct tiers *t);

#endif /* SIM_BENCH_TIERS_H */
