/* lease_parts - how a lease's gross debit falls apart, by the checkers' own arithmetic.
 *
 * settled 140: every cumulative share is floor(gross × its bps / 10000), the rest stays in the
 * lease.  The rules reckon with protocol/lease_money.h; this is the other way to the same figures:
 * a price is at most 2^96 and a time at most 2^29 s, so plain 128 bits hold every product.
 */
#ifndef CHAIN_MOCK_STATE_LEASE_PARTS_H
#define CHAIN_MOCK_STATE_LEASE_PARTS_H

#include "chain-mock/state/state.h"

struct lease_parts {
    u128 provider, commission, provider_fee, rest;
    u128 user_fee; /* spent: at most what is held for it */
};

static inline u128 bps_of(u128 gross, u64 bps)
{
    if (gross >> 50 == 0)
        return (u64)gross * bps / BPS_WHOLE;
    return gross * bps / BPS_WHOLE;
}

static inline struct lease_parts lease_parts(const struct lease_row *l)
{
    u128 gross = l->gross.wei;
    struct lease_parts p;

    p.commission = bps_of(gross, l->commission_bps);
    p.provider_fee = bps_of(gross, l->provider_fee_bps);
    p.provider = bps_of(gross, BPS_WHOLE - l->commission_bps - l->provider_fee_bps);
    p.rest = gross - p.provider - p.commission - p.provider_fee;
    p.user_fee = bps_of(gross, l->user_fee_bps);
    if (p.user_fee > l->user_fee_held.wei)
        p.user_fee = l->user_fee_held.wei;
    return p;
}

/* price × seconds / 3600, floor or ceiling */
static inline u128 lease_cost(struct amount price, u64 seconds, bool up)
{
    u128 product = price.wei * seconds;

    if (product >> 63 == 0)
        return ((u64)product + (up ? HOUR_S - 1 : 0)) / HOUR_S;
    return (product + (up ? HOUR_S - 1 : 0)) / HOUR_S;
}

#endif /* CHAIN_MOCK_STATE_LEASE_PARTS_H */
