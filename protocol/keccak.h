/* keccak - Keccak-256 as Ethereum has it: the padding of the contest (0x01), not that of SHA-3
 * (0x06).
 *
 * What the protocol itself draws and names comes from it: matching, contract addresses, log topics.
 */
#ifndef PROTOCOL_KECCAK_H
#define PROTOCOL_KECCAK_H

#include "protocol/base.h"

#define KECCAK_BYTES 32u

/* out may not overlap bytes; bytes may be NULL if n is 0. */
void keccak256(u8 out[KECCAK_BYTES], const void *bytes, size_t n);

/* Eight pieces of n bytes each, n < 136, one after another with `stride` bytes between their
 * beginnings: the same digests, in the time of one where the processor has wide registers. */
#define KECCAK_EIGHT 8u
void keccak256_eight(u8 out[KECCAK_EIGHT][KECCAK_BYTES], const u8 *pieces, size_t stride, size_t n);

#endif /* PROTOCOL_KECCAK_H */
