/* demand - what somebody outside the network wants run: the input of a user actor.
 *
 * A host hands it in (a workload generator, a trace, or a person); the user turns it into orders
 * until it is served, given up or out of patience.
 */
#ifndef ACTORS_DEMAND_H
#define ACTORS_DEMAND_H

#include "protocol/machine.h"

struct demand {
    u64 id; /* the source's own number, the name of all draws about it */
    struct specs specs;
    u32 replicas;
    u32 token;
    struct amount max_price;        /* base units of token per 3,600 s for the whole order */
    struct amount update_max_price; /* of the other terms */
    u64 duration_s;                 /* agreed time to ask for */
    u64 lifetime_s;     /* the workload is done so long after its lease's start; 0: never */
    u64 patience_s;     /* no lease so long after the demand: given up; 0: never */
    u64 fail_after_s;   /* the workload crash-loops so long after READY; 0: it does not */
    u64 update_after_s; /* the tenant asks for other terms so long after the start; 0: no */
    struct specs update_specs;
    u32 update_replicas;
    u32 region;         /* stated region, or REGION_NONE */
    u32 tier_worst;     /* 7: any */
    bool8 image_failed; /* the failure is the user's image's fault (settled 42) */
    bool8 extend;       /* lifetime over the agreed time: extend instead of letting it expire */
    u8 pad[10];
};

void put_demand(struct writer *w, const struct demand *d);
void get_demand(struct reader *r, struct demand *d);

#endif /* ACTORS_DEMAND_H */
