/* bloom - the 2,048 bits in which a block or receipt says what its logs may be about (Yellow
 * Paper, 4.3.1).
 *
 * The address and each topic of a log set three bits each; who looks for one of them and finds a
 * bit unset need not read the logs.
 */
#ifndef CHAIN_MOCK_WIRE_BLOOM_H
#define CHAIN_MOCK_WIRE_BLOOM_H

#include "chain-mock/wire/slice.h"

#define BLOOM_BYTES 256u

struct bloom {
    u8 byte[BLOOM_BYTES]; /* big-endian: bit 0 is the lowest of the last byte */
};

/* Of an address (20 bytes) or a topic (32). */
void bloom_add(struct bloom *b, struct slice of);
void bloom_merge(struct bloom *b, const struct bloom *other);

/* False: it was not added.  True: it may have been. */
bool bloom_may_hold(const struct bloom *b, struct slice of);

#endif /* CHAIN_MOCK_WIRE_BLOOM_H */
