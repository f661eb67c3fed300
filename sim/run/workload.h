/* workload - what users want run, in order of time: explicit orders, a generator or a trace.
 *
 * A generator keeps one entry a user: his next arrival.  What a demand asks is drawn in the user's
 * name by the demand's number, so that another user, rate or arm changes none of it.
 */
#ifndef SIM_RUN_WORKLOAD_H
#define SIM_RUN_WORKLOAD_H

#include "sim/run/setup.h"

struct workload_source;

/* NULL: out of memory, or error says why. */
struct workload_source *workload_open(struct setup *s, char error[RUN_ERROR]);
void workload_close(struct workload_source *w);

struct demand_source workload_demand(struct workload_source *w);

#endif /* SIM_RUN_WORKLOAD_H */
