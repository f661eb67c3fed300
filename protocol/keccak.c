#include "protocol/keccak.h"

#include <string.h>

#include "protocol/keccak_round.h"

const u64 keccak_round_constants[KECCAK_ROUNDS] = {
    0x0000000000000001u, 0x0000000000008082u, 0x800000000000808au, 0x8000000080008000u,
    0x000000000000808bu, 0x0000000080000001u, 0x8000000080008081u, 0x8000000000008009u,
    0x000000000000008au, 0x0000000000000088u, 0x0000000080008009u, 0x000000008000000au,
    0x000000008000808bu, 0x800000000000008bu, 0x8000000000008089u, 0x8000000000008003u,
    0x8000000000008002u, 0x8000000000000080u, 0x000000000000800au, 0x800000008000000au,
    0x8000000080008081u, 0x8000000000008080u, 0x0000000080000001u, 0x8000000080008008u,
};

static void permute(u64 a[KECCAK_LANES])
{
    for (int round = 0; round < KECCAK_ROUNDS; round++)
        KECCAK_ROUND(u64, a, keccak_round_constants[round]);
}

/* Eight bytes, the first lowest. */
static u64 load(const u8 *p)
{
    return (u64)p[0] | (u64)p[1] << 8 | (u64)p[2] << 16 | (u64)p[3] << 24 | (u64)p[4] << 32 |
           (u64)p[5] << 40 | (u64)p[6] << 48 | (u64)p[7] << 56;
}

static void absorb(u64 a[KECCAK_LANES], const u8 block[KECCAK_RATE])
{
    for (size_t i = 0; i < KECCAK_RATE / 8; i++)
        a[i] ^= load(block + 8 * i);
    permute(a);
}

void keccak256(u8 out[KECCAK_BYTES], const void *bytes, size_t n)
{
    const u8 *at = bytes;
    u64 a[KECCAK_LANES] = {0};
    u8 last[KECCAK_RATE] = {0};

    for (; n >= KECCAK_RATE; n -= KECCAK_RATE, at += KECCAK_RATE)
        absorb(a, at);
    if (n != 0)
        memcpy(last, at, n);
    last[n] = 0x01;
    last[KECCAK_RATE - 1] |= 0x80; /* the same byte if n is one short of the rate */
    absorb(a, last);
    for (size_t i = 0; i < KECCAK_BYTES; i++)
        out[i] = (u8)(a[i / 8] >> (i % 8 * 8));
}
