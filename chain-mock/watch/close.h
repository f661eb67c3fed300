/* close - the invariants of a close: TIER-2, 3, 6, RWD-1, 2, 3 and SLA-8.
 *
 * Each comes to its figure another way than the rule: from a history of eras of its own, hour by
 * hour, second by second.
 */
#ifndef CHAIN_MOCK_WATCH_CLOSE_H
#define CHAIN_MOCK_WATCH_CLOSE_H

#include "chain-mock/contracts/record.h"

/* A provider is approved: the eras in which it waited count for no streak. */
void check_anew(struct state *s, u32 provider);

void check_move(struct state *s, u32 provider, const struct tier_record *before,
                const struct tier_era *e, const struct tier_move *m);

void check_hours(struct state *s, u32 provider, struct interval era, struct hours ok,
                 struct interval_list halts);

void check_liveness(struct state *s, u32 provider, struct interval era,
                    const struct close_record *r, struct amount emission, u128 weight);

#endif /* CHAIN_MOCK_WATCH_CLOSE_H */
