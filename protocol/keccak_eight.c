/* keccak_eight - eight short digests at a time: a register of 512 bits holds one lane of eight
 * states.  One match draws for each of its bids (settled "Matching, exactly", point 6). */
#include "protocol/keccak.h"

#include <string.h>

#include "protocol/keccak_round.h"

static void one_by_one(u8 out[KECCAK_EIGHT][KECCAK_BYTES], const u8 *pieces, size_t stride,
                       size_t n)
{
    for (size_t i = 0; i < KECCAK_EIGHT; i++)
        keccak256(out[i], pieces + i * stride, n);
}

#if defined(__x86_64__)

typedef u64 wide __attribute__((vector_size(8 * KECCAK_EIGHT)));

__attribute__((target("avx512f"))) static void at_once(u8 out[KECCAK_EIGHT][KECCAK_BYTES],
                                                       const u8 *pieces, size_t stride, size_t n)
{
    u64 block[KECCAK_EIGHT][KECCAK_RATE / 8] = {{0}};
    wide a[KECCAK_LANES];

    memset(a, 0, sizeof(a));
    for (size_t i = 0; i < KECCAK_EIGHT; i++) {
        u8 *bytes = (u8 *)block[i]; /* the machine is little-endian, base.h */
        memcpy(bytes, pieces + i * stride, n);
        bytes[n] = 0x01;
        bytes[KECCAK_RATE - 1] |= 0x80; /* the same byte if n is one short of the rate */
        for (size_t lane = 0; lane < KECCAK_RATE / 8; lane++)
            a[lane][i] = block[i][lane];
    }
    for (int round = 0; round < KECCAK_ROUNDS; round++)
        KECCAK_ROUND(wide, a, keccak_round_constants[round]);
    for (size_t i = 0; i < KECCAK_EIGHT; i++) {
        u64 words[KECCAK_BYTES / 8] = {a[0][i], a[1][i], a[2][i], a[3][i]};
        memcpy(out[i], words, KECCAK_BYTES);
    }
}

void keccak256_eight(u8 out[KECCAK_EIGHT][KECCAK_BYTES], const u8 *pieces, size_t stride, size_t n)
{
    check(n < KECCAK_RATE && stride >= n);
    (__builtin_cpu_supports("avx512f") ? at_once : one_by_one)(out, pieces, stride, n);
}

#else

void keccak256_eight(u8 out[KECCAK_EIGHT][KECCAK_BYTES], const u8 *pieces, size_t stride, size_t n)
{
    check(n < KECCAK_RATE && stride >= n);
    one_by_one(out, pieces, stride, n);
}

#endif
