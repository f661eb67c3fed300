/* fanout - which providers hear of an order.
 *
 * OrderCreated reaches only providers whose declared interest (GPU models, region, tokens) could
 * make them bid, and of those only the eligible, by a predicate that is the caller's (the chain's
 * own rule).  The index never loses an eligible provider: a bucket holds everybody who fits the
 * coarse facts of the order.
 *
 * With a bound of k > 0 (settled 141: order_fanout) the order reaches the first k different
 * eligible providers of an endless row of draws in the name of the tenant and his order.  A
 * bucket is a table of 2^n places, at most half full, where a provider's place comes from its
 * entity key; a draw is a place, an empty one is refused.  So a further provider disturbs only the
 * draws that hit it, whenever it registers.  The cost is O(k) while many are eligible; after
 * FANOUT_TRIES draws a slot of the k the bucket is gone through instead and the rest chosen by
 * the keyed rank of each, again in its own name.
 *
 * Order of what is returned carries no meaning: whoever delivers has an order of its own.
 */
#ifndef SIM_ENGINE_FANOUT_H
#define SIM_ENGINE_FANOUT_H

#include "protocol/draw.h"
#include "protocol/log.h"
#include "sim/engine/reserve.h"

#define FANOUT_TRIES 32u
#define FANOUT_SIZES 32u

/* For whom a bucket is: what he has, where he is, what he takes. */
struct bucket_name {
    u16 what;   /* GPU model, or one of the wider classes of fanout.c */
    u16 region; /* REGION_NONE: anywhere */
    u32 token;
};

struct fanout {
    struct reserve buckets;  /* struct bucket; found through the hash table of the next line */
    struct reserve by_name;  /* u32: bucket + 1 or 0, FANOUT_NAMES of them */
    struct reserve places;   /* u32: tables of all buckets, provider + 1 or 0 */
    struct reserve interest; /* struct interest, by provider */
    struct reserve found;    /* u32: answer of the last question */
    u32 free[FANOUT_SIZES];  /* tables of 2^n places that are free: offset + 1 of the first */
};

/* Whether the provider may bid on the order, as the chain sees it now. */
typedef bool fanout_eligible(const void *about, u32 provider, const struct log *order);

/* Who knows which providers may bid. */
struct fanout_judge {
    fanout_eligible *eligible;
    void (*soon)(const void *about, u32 provider); /* it is asked next; a hint; or NULL */
    const void *about;
};

/* False: no address space. */
must_use bool fanout_open(struct fanout *f, u32 providers_max);
void fanout_close(struct fanout *f);

/* The provider's interest, or its new one.  False: out of memory or more than providers_max. */
must_use bool fanout_set(struct fanout *f, u32 provider, u64 entity, const struct machine *machine,
                         u32 tokens);
/* Another machine of a provider whose interest is set. */
must_use bool fanout_renew(struct fanout *f, u32 provider, const struct machine *machine);
void fanout_remove(struct fanout *f, u32 provider);

/* Providers that hear of the order: all eligible ones for k = 0.  draw: in the tenant's name.
 * *found is good until the next call.  Returns how many. */
u32 fanout_of(struct fanout *f, const struct log *order, u32 k, const struct drawer *draw,
              const struct fanout_judge *judge, const u32 **found);

#endif /* SIM_ENGINE_FANOUT_H */
