/* bracket - how many resources a wallet's net deposit carries: settled 111, §4.6.3.
 *
 * n = floor(deposit in USD / bracket_usd); the wallet's active leases and the new order together
 * must fit n standard rows, or n GPU rows as soon as one of them has a GPU.
 */
#ifndef PROTOCOL_BRACKET_H
#define PROTOCOL_BRACKET_H

#include "protocol/params.h"

/* Exact sum of net deposits: 10^-8 USD, and 10^-18 of that.  Starts as {0}. */
struct bracket_usd {
    u128 whole_e8;
    u64 rest_e18; /* < 10^18 */
};

/* What leases and an order ask, all replicas. */
struct bracket_use {
    u64 cpu, ram_gib, disk_gib;
    u64 mid_gpus; /* bracket_mid_gpus() of the GPUs */
    bool any_gpu; /* also where mid_gpus is 0, for the GPU's multiplier is */
};

/* Add one token's net deposit (deposits - withdrawals ± transfers, at least 0) at its price of
 * 10^-8 USD a whole token of so many decimals (0..18).  False: Overflow, *sum is left alone. */
must_use bool bracket_usd_add(struct bracket_usd *sum, struct amount net_deposit, u64 price_usd_e8,
                              u32 decimals);

/* n, one floor of the whole sum.  False: beyond 64 bits, *n is left alone. */
must_use bool bracket_rows(u64 *n, const struct params *p, const struct bracket_usd *sum);

/* Mid-tier GPUs that so many GPUs of a model count as.  False: beyond 64 bits, *out is left alone.
 */
must_use bool bracket_mid_gpus(u64 *out, const struct params *p, u64 gpus, u64 multiplier_bps);

/* False: beyond 64 bits, *sum is left alone. */
must_use bool bracket_use_add(struct bracket_use *sum, const struct bracket_use *more);

bool bracket_fits(const struct params *p, u64 n, const struct bracket_use *use);

#endif /* PROTOCOL_BRACKET_H */
