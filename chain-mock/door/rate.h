/* rate - prices and durations between the wire and the chain.
 *
 * The deployed contracts count a price per block, in 10^-18 of a whole token whatever its decimals,
 * and a duration in blocks (spheron/sdk.md d.2); the chain per 3,600 s in the token's own units,
 * and in seconds.
 */
#ifndef CHAIN_MOCK_DOOR_RATE_H
#define CHAIN_MOCK_DOOR_RATE_H

#include "protocol/amount.h"

/* One floor.  False: beyond 128 bits. */
must_use bool rate_of_block_price(struct amount *out, struct amount per_block, u32 decimals,
                                  u64 block_time_ms);

/* Rounded up, so that a price which came from the coarser of the two scales comes back as it was;
 * at most 2^128 - 1. */
struct amount rate_to_block_price(struct amount price, u32 decimals, u64 block_time_ms);

/* Whole seconds, at least 1 for a block; and blocks, rounded up. */
u64 rate_of_blocks(u64 blocks, u64 block_time_ms);
u64 rate_to_blocks(u64 seconds, u64 block_time_ms);

#endif /* CHAIN_MOCK_DOOR_RATE_H */
