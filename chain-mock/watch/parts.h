/* parts - the checks behind watch.h, by subject.  Each sees a row before and after, or the
 * whole unit; none writes a row. */
#ifndef CHAIN_MOCK_WATCH_PARTS_H
#define CHAIN_MOCK_WATCH_PARTS_H

#include "chain-mock/watch/watch.h"
#include "protocol/invariants/invariant.h"

/* What there is of a token. */
static inline u128 watch_supply(const struct state *s, u32 token)
{
    const struct token_row *t = token_at(s, token + 1);

    return t->minted.wei - t->burned.wei;
}

/* LED-2; before is NULL for a new account and where all of it is looked at. */
void watch_account(struct state *s, u32 row, const struct account_row *before,
                   const struct account_row *a);

/* ESC-1, ESC-4, LED-2 */
void watch_purse(struct state *s, u32 row, const struct purse_row *before,
                 const struct purse_row *p);

/* ESC-5 and the above of a purse that changed; ESC-8 */
void watch_purse_changed(struct state *s, u32 row, const struct purse_row *before,
                         const struct purse_row *p);
void watch_wallet(struct state *s, u32 row, const struct wallet_row *before,
                  const struct wallet_row *a);

/* LED-5; LEA-9 of the unit, in which a lease ended */
void watch_token(struct state *s, const struct token_row *before, const struct token_row *a);
void watch_closer(struct state *s);
void watch_extended(struct state *s); /* LEA-9 of the unit, in which a lease was made longer */

/* The close of an era goes on: its end has come, and the next has not begun. */
bool watch_closing(const struct state *s);

/* LEA-7; LEA-10 of the unit */
void watch_accrued(struct state *s, u32 row, const struct provider_row *before,
                   const struct provider_row *a);
void watch_update(struct state *s);

/* ESC-7, FEE-1 to FEE-4, LEA-1 to LEA-3, LEA-5, LEA-6, LEA-11; before is NULL for a new lease. */
void watch_lease(struct state *s, const struct lease_row *before, const struct lease_row *l);

/* What must hold of a lease row whatever was before: the same for every row of watch_all(). */
void watch_lease_alone(struct state *s, const struct lease_row *l);

/* What a lease changed its unit by; NULL before: it is new.  NULL after: it is put away. */
void watch_lease_sums(struct state *s, const struct lease_row *before,
                      const struct lease_row *after);

/* Add what a lease has given to the sums of its token. */
void watch_lease_given(struct lease_sums *sums, const struct lease_row *l);

/* ESC-2, FEE-1, FEE-2, LEA-5, LED-7, CAP-2 of the unit */
void watch_unit_money(struct state *s);

/* CAP-1 */
void watch_capacity(struct state *s, u32 row, const struct provider_row *p);

/* CAP-4, ESC-6, LED-6, ORD-1 to ORD-6, ORD-12.  placed: the block in which a bid was accepted; now:
 * it is accepted in the open unit. */
void watch_order(struct state *s, u32 row, const struct order_row *before,
                 const struct order_row *after);
void watch_bid(struct state *s, const struct bid_row *b, u64 placed, bool now);
void watch_match(struct state *s);

/* Whether a provider may serve an order, but for capacity; and whether it has room for it without
 * the lease just made of it (NULL: none), with the GPU line that counts then. */
bool watch_may_serve(const struct state *s, const struct order_row *o, u32 provider);
bool watch_line_before(const struct state *s, const struct order_row *o, u32 provider,
                       const struct lease_row *made, u32 *line);

/* ORD-8: an order that won in this unit, its bids still in their places, and its lease. */
void watch_winner(struct state *s, const struct order_row *o, const struct lease_row *won);
void watch_lease_order(struct state *s, const struct lease_row *l);

/* What an order's lease would lock, settled 102: "ceil(max_price × duration / 3600) plus the user
 * fee on it", at this price. */
u128 watch_lock_at(const struct state *s, const struct order_row *o, struct amount price);

/* ORD-8: an order that ended in this unit without a lease, and by nobody's transaction. */
void watch_unmatched(struct state *s, const struct order_row *o, u32 state);

/* ESC-9: the wallet's active leases and, not NULL, what an order asks for besides.  ESC-10. */
void watch_bracket(struct state *s, u32 wallet, const struct specs *more, u64 replicas);
void watch_new_wallet(struct state *s, u32 row, const struct wallet_row *w);
void watch_own_wallet(struct state *s, u32 row, const struct account_row *a);
void watch_wallets(struct state *s); /* in full */

/* LEA-14, and whether a provider's hours and payers of the era reach the bonus; RWD-6. */
bool watch_bonus_due(struct state *s, struct interval span, const struct log_provider_era *told);
void watch_bonus(struct state *s, const struct log_provider_era *told, bool due, u128 each);

/* LED-8: what the rows say that a module holds, by what was entered. */
void watch_modules(struct state *s, const struct pocket_sums *rows);

/* STK-6, STK-8, TIER-1, TIER-4, TIER-7; before is NULL where all of it is looked at. */
void watch_standing(struct state *s, u32 row, const struct standing_row *before,
                    const struct standing_row *a);
void watch_registered(struct state *s, u32 row, const struct provider_row *p);
void watch_approved(struct state *s, u32 row); /* STK-9 of the unit */

/* Blocks that an order may be open: the longest that the parameters ever allowed. */
u64 watch_window(const struct state *s);
u64 watch_timeout(const struct state *s);

/* RWD-3, TIER-6: a new or other rating, by the parameters in force */
void watch_rating(struct state *s, const struct rating_row *r);
void watch_ratings(struct state *s); /* RWD-3 of the unit, in which some were set */

/* RWD-4, RWD-5, RWD-7, SLA-1 to SLA-7 */
void watch_outage(struct state *s, u32 row, const struct outage_row *o);
void watch_breach(struct state *s, const struct breach_row *b);
void watch_unbonding(struct state *s, const struct unbonding_row *before,
                     const struct unbonding_row *after);
void watch_slashes(struct state *s);

/* totals.c: add what the open unit was caused to move; an era is over; the full form; begin
 * in the middle, from the rows. */
void watch_totals_add(struct state *s, u32 token);
void watch_totals_era(struct state *s);
void watch_emission(struct state *s, u32 row, const struct era_row *e); /* LED-4, a new one's */
void watch_totals(struct state *s);
void watch_totals_restart(struct state *s);

/* ESC-3, by these sums of the pockets */
void watch_escrow(struct state *s, const struct pocket_sums *sums);

/* DET-8 of all rows. */
void watch_dates(struct state *s);

/* ESC-4's closed list: what these causes moved into the locked funds, less what they moved out. */
static inline u128 watch_locked(const u128 *caused)
{
    return caused[CAUSE_LEASE_LOCK] + caused[CAUSE_ORDER_HOLD] - caused[CAUSE_LEASE_DEBIT] -
           caused[CAUSE_USER_FEE] - caused[CAUSE_LEASE_REFUND] - caused[CAUSE_ORDER_RELEASE];
}

/* settled 62: what follows an outage that is over; what the parameter was is in the row once it has
 * changed. */
static inline u64 watch_cooldown_s(const struct state *s, const struct outage_row *o)
{
    return o->cooldown_kept ? o->cooldown_s : s->params.cooldown_s;
}

/* Figures of a slash, from the rows: points of a rating by its lines and the parameters in force; V
 * at a second of a closed era; leases of the outage's provider with a second in [from_s, to_s), and
 * their fees (of no outage's prices: slash.c). */
u128 watch_points(const struct params *p, const struct rating_row *r);
u128 watch_hour_value(const struct state *s, u32 provider, u64 second);
u32 watch_leases_in(const struct state *s, const struct outage_row *o, u64 from_s, u64 to_s,
                    u128 *fees);

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

#endif /* CHAIN_MOCK_WATCH_PARTS_H */
