/* provider_bid - what a provider asks for resources, and whether it has them free. */
#ifndef ACTORS_PROVIDER_BID_H
#define ACTORS_PROVIDER_BID_H

#include "actors/provider.h"

/* Resources of all replicas. */
struct provider_need {
    u64 cpu, ram_gib, disk_gib, gpus;
    u32 gpu_model;
};

struct provider_need provider_need_of(const struct specs *s, u32 replicas);

/* Is it all free?  `held` is a lease whose resources count as free too, or NULL.  *line: the first
 * line of GPUs that has them, 0 where none are asked. */
must_use bool provider_fits(const struct provider *p, const struct provider_need *n,
                            const struct provider_lease *held, u32 *line);

/* Price of the whole order in base units of the token per 3,600 s (settled 152), at least 1:
 * ceil(list x (ask_bps +- a draw under `name`) / 10000 / the token's price), for resources that
 * fit; with ask_net x 10000 / (10000 - commission - its fee on this token), as the rates stand now,
 * rounded up again.  False: it names no price in this token. */
must_use bool provider_price(const struct provider *p, const struct env *env,
                             const struct provider_need *n, u32 line, u32 token, u64 name,
                             struct amount *out);

/* Answer an order, perhaps with a bid: the window is short (settled 12), so at once. */
void provider_on_order(struct provider *p, struct env *env, const struct log_order_created *o);

/* Answer the tenant's wish for other terms, perhaps with a new ask (settled 109). */
void provider_on_update(struct provider *p, struct env *env, const struct log_update_requested *u);

#endif /* ACTORS_PROVIDER_BID_H */
