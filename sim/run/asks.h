/* asks - what one demand asks: drawn in the user's name by the demand's number, so that another
 * user, rate or arm changes none of it.
 */
#ifndef SIM_RUN_ASKS_H
#define SIM_RUN_ASKS_H

#include "actors/demand.h"
#include "sim/run/setup.h"

/* Who asks, and for the how-manieth time. */
struct asker {
    const struct setup *s;
    const struct user_group *g;
    struct drawer d;
    u64 number;
};

struct asker asks_of(const struct setup *s, u32 user, u64 number);

/* Of the generator's distributions. */
struct demand asks_generated(const struct asker *a);

/* A job of a trace as it was: its failure comes when it came, its user gives up when he gave up. */
struct demand asks_replayed(const struct asker *a, const struct trace_job *j);

/* An order that stands in the scenario. */
struct demand asks_ordered(const struct order_spec *o, u32 number);

#endif /* SIM_RUN_ASKS_H */
