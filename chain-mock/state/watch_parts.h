/* watch_parts - the checks behind watch.h, by subject.  Each sees a row before and after, or the
 * whole unit; none writes a row. */
#ifndef CHAIN_MOCK_STATE_WATCH_PARTS_H
#define CHAIN_MOCK_STATE_WATCH_PARTS_H

#include "chain-mock/state/watch.h"
#include "protocol/invariants/invariant.h"

/* ESC-1, ESC-4 */
void watch_purse(struct state *s, u32 row, const struct purse_row *before,
                 const struct purse_row *p);

/* ESC-7, FEE-1, FEE-2, LEA-2, LEA-3, LEA-5; before is NULL for a new lease. */
void watch_lease(struct state *s, const struct lease_row *before, const struct lease_row *l);

/* What must hold of a lease row whatever was before: the same for every row of watch_all(). */
void watch_lease_alone(struct state *s, const struct lease_row *l);

/* What a lease changed its unit by; NULL before: it is new. */
void watch_lease_sums(struct watch_unit *u, const struct lease_row *before,
                      const struct lease_row *after);

/* ESC-2, FEE-1, FEE-2, LEA-5, CAP-2 of the unit */
void watch_unit_money(struct state *s);

/* CAP-1 */
void watch_capacity(struct state *s, u32 row, const struct provider_row *p);

/* ORD-1, ORD-2, ORD-6 */
void watch_order(struct state *s, u32 row, const struct order_row *before,
                 const struct order_row *after);
void watch_bid(struct state *s, const struct bid_row *b, u64 placed);
void watch_match(struct state *s);

/* Blocks that an order may be open: the longest that the parameters ever allowed. */
u64 watch_window(const struct state *s);
u64 watch_timeout(const struct state *s);

/* RWD-3, TIER-6: a new or other rating, by the parameters in force */
void watch_rating(struct state *s, const struct rating_row *r);

/* SLA-1 to SLA-4, SLA-6 */
void watch_outage(struct state *s, u32 row, const struct outage_row *o);
void watch_breach(struct state *s, const struct breach_row *b);
void watch_unbonding(struct state *s, const struct unbonding_row *before,
                     const struct unbonding_row *after);
void watch_slashes(struct state *s);

/* The log of a kind that the open unit wrote; NULL: none. */
const struct log *watch_logged(const struct state *s, enum log_kind kind);

/* One token's figures of the unit, zeroes at first. */
static inline struct token_unit *token_unit_of(struct watch_unit *u, u32 token)
{
    if ((u->tokens >> token & 1) == 0) {
        u->token[token] = (struct token_unit){0};
        u->tokens |= 1u << token;
    }
    return &u->token[token];
}

#endif /* CHAIN_MOCK_STATE_WATCH_PARTS_H */
