/* bytes32 - 32 bytes: a hash, a topic, or a 256-bit integer, big-endian, as the wire has them.
 *
 * The chain counts in 64 and 128 bits.  What does not fit is refused, never cut.
 */
#ifndef CHAIN_MOCK_WIRE_BYTES32_H
#define CHAIN_MOCK_WIRE_BYTES32_H

#include "chain-mock/wire/slice.h"
#include "protocol/amount.h"

struct bytes32 {
    u8 byte[32];
};

struct bytes32 bytes32_of_u128(u128 v);
struct bytes32 bytes32_of_i64(i64 v); /* two's complement over all 256 bits */
struct bytes32 bytes32_of_amount(struct amount v);

/* n <= 32 bytes at the low end, zeros before them. */
struct bytes32 bytes32_of_low(const u8 *bytes, size_t n);

/* False, and *out left alone: the integer has more bits. */
must_use bool bytes32_to_u64(struct bytes32 v, u64 *out);
must_use bool bytes32_to_u128(struct bytes32 v, u128 *out);
must_use bool bytes32_to_i64(struct bytes32 v, i64 *out); /* v is in two's complement */
must_use bool bytes32_to_amount(struct bytes32 v, struct amount *out);

bool bytes32_is_zero(struct bytes32 v);

/* <0, 0, >0 as the integer a is less than, equal to, greater than b */
int bytes32_cmp(struct bytes32 a, struct bytes32 b);

/* Length without leading zeros, 0..32: what stands in the last so many bytes. */
size_t bytes32_length(struct bytes32 v);

/* The Keccak-256 of bytes. */
struct bytes32 bytes32_keccak(struct slice bytes);

#endif /* CHAIN_MOCK_WIRE_BYTES32_H */
