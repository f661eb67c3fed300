/* order - what users ask for, the bids on it, and the match. */
#ifndef CHAIN_MOCK_CONTRACTS_ORDER_H
#define CHAIN_MOCK_CONTRACTS_ORDER_H

#include "chain-mock/state/ledger.h"

enum order_cancel { CANCEL_BY_TENANT, CANCEL_INSUFFICIENT, CANCEL_BRACKET };

/* First block in which the order may be matched. */
u64 order_match_slot(const struct order_row *o, const struct params *p);

/* The second at which an order without a result expires (settled 117). */
u64 order_expiry_s(const struct order_row *o, const struct params *p);

/* End an open order: release its hold, tell, free it and its bids.  eligible: bids that passed the
 * filter of the match, 0 where there was none. */
void order_expire(struct state *s, u32 row, u64 second);
void order_cancel(struct state *s, u32 row, enum order_cancel reason, u32 eligible, u64 second);
void order_leased(struct state *s, u32 row);

/* settled "Matching, exactly": the winner gets a lease, or the order expires or is cancelled. */
void order_match(struct state *s, u32 row, u64 now_s);

/* Whether a provider could bid on an order now: None, or why not (ORD-3). */
must_use enum err order_eligible(const struct state *s, const struct order_row *o, u32 provider,
                                 u32 *line);

#endif /* CHAIN_MOCK_CONTRACTS_ORDER_H */
