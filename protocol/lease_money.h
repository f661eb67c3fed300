/* lease_money - what a lease costs, who gets which part, and when its lock runs short.
 *
 * Pure figures of settled "Money of a lease, exactly".  A price is in base units of the order's
 * token per 3,600 s for the whole order (settled 152).  Everything is cumulative from the lease's
 * start: what is posted is the difference to the last posting, so the number of settlements
 * changes nothing.  No share ever falls while the gross debit rises; the rest may.
 */
#ifndef PROTOCOL_LEASE_MONEY_H
#define PROTOCOL_LEASE_MONEY_H

#include "protocol/params.h"

#define TOKEN_SPON 0u /* the native token's number; the others have fees (settled 96, 99) */

/* Snapshot of the lease's creation (settled 101): an extension keeps it, an update makes a new one.
 */
struct lease_rates {
    u32 commission_bps, provider_fee_bps, user_fee_bps;
};

struct lease_lock {
    struct amount gross, user_fee, sum;
};

/* The gross debit in four parts, provider + commission + provider_fee + rest, and the user fee
 * beside it, which comes out of the user fee lock. */
struct lease_shares {
    struct amount provider, commission, provider_fee, rest, user_fee;
};

/* What a lease's end by lack of money depends on; billing was never off. */
struct lease_terms {
    struct amount price;      /* > 0 */
    struct amount gross_held; /* the gross lock less what never arrived or shrank */
    u64 start_s, agreed_s;
};

struct lease_rates lease_rates_of(const struct params *p, bool is_native);

/* False: Overflow (settled 139), *out is left alone. */
must_use bool lease_gross_lock(struct amount *out, struct amount price, u64 agreed_s);

/* The user fee on a gross figure: of a lock, or of a debit. */
struct amount lease_user_fee(struct amount gross, struct lease_rates rates);

/* Both locks of a lease of so many seconds and their sum; with the maximum price also the hold of
 * an order under order_hold (settled 102).  False: Overflow, *out is left alone. */
must_use bool lease_lock(struct lease_lock *out, struct amount price, u64 agreed_s,
                         struct lease_rates rates);

/* What x seconds more lock: each figure is the difference of the two locks.  False: Overflow. */
must_use bool lease_extension_lock(struct lease_lock *out, struct amount price, u64 agreed_s,
                                   u64 more_s, struct lease_rates rates);

/* Gross debit after so many billed seconds. */
struct amount lease_gross_at(struct amount price, u64 billed_s, struct amount gross_held);

struct lease_shares lease_shares(struct amount gross, struct lease_rates rates);

/* The first second at which what is left of the lock is below one block's price while more than one
 * block of agreed time is left.  False: there is none.  O(1). */
must_use bool lease_insufficient_at(u64 *second_s, const struct lease_terms *t, u64 block_time_ms);

/* A price per block in 18 decimals, as the wire has it, in this module's unit and the token's own
 * decimals (0..18).  False: Overflow. */
must_use bool lease_price_of_block(struct amount *out, struct amount per_block_e18,
                                   u64 block_time_ms, u32 decimals);

#endif /* PROTOCOL_LEASE_MONEY_H */
