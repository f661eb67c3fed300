#include "chain-mock/wire/bloom.h"

#include "chain-mock/wire/bytes32.h"

#define BITS 3u /* of each entry */

struct places {
    u32 bit[BITS]; /* 0..2047 */
};

/* The low 11 bits of each of the first three pairs of bytes of the Keccak-256. */
static struct places places_of(struct slice of)
{
    struct bytes32 hash = bytes32_keccak(of);
    struct places p;

    for (u32 i = 0; i < BITS; i++)
        p.bit[i] = (u32)(hash.byte[2 * i] & 7) << 8 | hash.byte[2 * i + 1];
    return p;
}

void bloom_add(struct bloom *b, struct slice of)
{
    struct places p = places_of(of);

    for (u32 i = 0; i < BITS; i++)
        b->byte[BLOOM_BYTES - 1 - p.bit[i] / 8] |= (u8)(1u << p.bit[i] % 8);
}

void bloom_merge(struct bloom *b, const struct bloom *other)
{
    for (u32 i = 0; i < BLOOM_BYTES; i++)
        b->byte[i] |= other->byte[i];
}

bool bloom_may_hold(const struct bloom *b, struct slice of)
{
    struct places p = places_of(of);

    for (u32 i = 0; i < BITS; i++)
        if ((b->byte[BLOOM_BYTES - 1 - p.bit[i] / 8] >> p.bit[i] % 8 & 1) == 0)
            return false;
    return true;
}
