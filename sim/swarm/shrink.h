/* shrink - the least plan that still fails in the same way.
 *
 * Choices are taken out, many at a time and then one by one (ddmin, Zeller 2002); what is left is
 * made as usual as it may be, argument by argument.  What is tried depends on the plan only, not on
 * how many processes try it.
 */
#ifndef SIM_SWARM_SHRINK_H
#define SIM_SWARM_SHRINK_H

#include "sim/swarm/trial.h"

struct shrunk {
    u32 trials;
    u32 entries_before, entries; /* of the scenario */
};

/* p fails with *as (its key).  Afterwards it fails so with less, and *as is what its trial said.
 * jobs: processes at a time, 0: one for each core; budget: trials at most, 0: none. */
struct shrunk plan_shrink(struct plan *p, struct trial *as, u32 jobs, u32 budget);

#endif /* SIM_SWARM_SHRINK_H */
