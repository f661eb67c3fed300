/* when - a moment of a run as a scenario states it: "2d", "era 3", "era 3 + 10h".
 *
 * Eras are counted from 0.  When era n starts is known once era n - 1 has begun, for
 * its length can be changed by the run itself.
 */
#ifndef SIM_SCENARIO_WHEN_H
#define SIM_SCENARIO_WHEN_H

#include "protocol/base.h"

struct when {
    bool8 by_era;
    u32 era;
    struct span after; /* the era's start, or genesis */
};

/* Starts of the eras that are known so far, in seconds since genesis. */
struct era_times {
    const u64 *start_s;
    u32 count;
};

/* False: the era's start is not known yet. */
bool when_instant(const struct when *w, const struct era_times *time, struct instant *out);

#endif /* SIM_SCENARIO_WHEN_H */
