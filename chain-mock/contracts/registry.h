/* registry - providers: who they are, what they registered, whether they may bid. */
#ifndef CHAIN_MOCK_CONTRACTS_REGISTRY_H
#define CHAIN_MOCK_CONTRACTS_REGISTRY_H

#include "chain-mock/state/state.h"

/* The sender's provider; 0 if it has none. */
u32 registry_provider_of(const struct state *s, u32 account);

/* What a bid and a match ask of the provider itself: None, or the first thing that is wrong
 * (settled 19, 46, 48, 102, 157). */
must_use enum err registry_may_bid(const struct state *s, u32 provider);

/* Whether the provider's attributes meet an order's stated region, tier and token, and which GPU
 * line would serve it: the one with the most free (lowest on a tie).  None, NotEligible or
 * NoCapacity; *line is set only with None, to 0 where no GPU is asked. */
must_use enum err registry_fits(const struct state *s, u32 provider, const struct order_row *o,
                                u32 *line);

/* Take and give back a lease's capacity (settled 156). */
void registry_reserve(struct state *s, const struct lease_row *l);
void registry_release(struct state *s, const struct lease_row *l);

/* Whether there is room for specs x replicas beside what is reserved; `line` as from
 * registry_fits.  `without` is a lease whose capacity counts as free, or NULL. */
bool registry_room(const struct provider_row *p, const struct specs *specs, u32 replicas, u32 line,
                   const struct lease_row *without);

/* A stake that exceeds the lowest tier's for the first time makes an approved provider active. */
void registry_check_active(struct state *s, u32 provider, u64 now_s);

/* Points an hour from a second on: a new rating row if they differ from the last one's. */
void registry_rate(struct state *s, u32 provider, u64 from_s);

/* p(i,h) of an hour that starts at hour_s: the rating then in force, 0 if there was none. */
u64 registry_points(const struct state *s, u32 provider, u64 hour_s);

/* Tier 1's papers: SOC2 and an audit report that is not too old (settled 144). */
bool registry_papers(const struct state *s, u32 provider, u64 era);

/* Average of the last ten ratings in tenths, floor; 0 without one (§4.2.3). */
u32 registry_feedback(const struct standing_row *st);

#endif /* CHAIN_MOCK_CONTRACTS_REGISTRY_H */
