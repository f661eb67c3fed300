#include "chain-mock/door/rate.h"

#define HOUR_MS 3600000u

static u128 token(u32 decimals)
{
    return amount_token_units(decimals);
}

/* settled 152: "the wire door converts a price per block once, at the door: × 3,600,000 /
 * block_time_ms (and from the SDK's 18-decimals scale to the token's own), one floor" */
bool rate_of_block_price(struct amount *out, struct amount per_block, u32 decimals,
                         u64 block_time_ms)
{
    return amount_mul_div(out, per_block, HOUR_MS * token(decimals), block_time_ms * token(18),
                          ROUND_DOWN);
}

struct amount rate_to_block_price(struct amount price, u32 decimals, u64 block_time_ms)
{
    struct amount out = {U128_MAX};
    bool fits =
        amount_mul_div(&out, price, block_time_ms * token(18), HOUR_MS * token(decimals), ROUND_UP);

    (void)fits;
    return out;
}

static u64 capped(u128 v)
{
    return v > UINT64_MAX ? UINT64_MAX : (u64)v;
}

u64 rate_of_blocks(u64 blocks, u64 block_time_ms)
{
    u64 seconds = capped((u128)blocks * block_time_ms / 1000);

    return seconds == 0 && blocks > 0 ? 1 : seconds;
}

u64 rate_to_blocks(u64 seconds, u64 block_time_ms)
{
    return capped(((u128)seconds * 1000 + block_time_ms - 1) / block_time_ms);
}
