#include "protocol/keccak.h"

#include <string.h>

#define LANES 25
#define ROUNDS 24
#define RATE 136u /* bytes absorbed at a time: 200 less twice the length of the digest */

static const u64 round_constants[ROUNDS] = {
    0x0000000000000001u, 0x0000000000008082u, 0x800000000000808au, 0x8000000080008000u,
    0x000000000000808bu, 0x0000000080000001u, 0x8000000080008081u, 0x8000000000008009u,
    0x000000000000008au, 0x0000000000000088u, 0x0000000080008009u, 0x000000008000000au,
    0x000000008000808bu, 0x800000000000008bu, 0x8000000000008089u, 0x8000000000008003u,
    0x8000000000008002u, 0x8000000000000080u, 0x000000000000800au, 0x800000008000000au,
    0x8000000080008081u, 0x8000000000008080u, 0x0000000080000001u, 0x8000000080008008u,
};

/* Steps rho and pi together, along the one cycle that pi makes of the lanes but the first:
 * T(lane, turn).  Written out, so that every index is a constant. */
/* clang-format off */
#define PATH(T) \
    T(10, 1) T(7, 3) T(11, 6) T(17, 10) T(18, 15) T(3, 21) T(5, 28) T(16, 36) \
    T(8, 45) T(21, 55) T(24, 2) T(4, 14) T(15, 27) T(23, 41) T(19, 56) T(13, 8) \
    T(12, 25) T(2, 43) T(20, 62) T(14, 18) T(22, 39) T(9, 61) T(6, 20) T(1, 44)
/* clang-format on */

#define COLUMN(x) (a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20])
#define THETA(x)                                                                                   \
    d = column[(x + 4) % 5] ^ turn_left(column[(x + 1) % 5], 1);                                   \
    a[x] ^= d;                                                                                     \
    a[x + 5] ^= d;                                                                                 \
    a[x + 10] ^= d;                                                                                \
    a[x + 15] ^= d;                                                                                \
    a[x + 20] ^= d;
#define RHO_PI(lane, turn)                                                                         \
    next = a[lane];                                                                                \
    a[lane] = turn_left(moving, turn);                                                             \
    moving = next;
#define CHI(y)                                                                                     \
    column[0] = a[y];                                                                              \
    column[1] = a[y + 1];                                                                          \
    a[y] ^= ~a[y + 1] & a[y + 2];                                                                  \
    a[y + 1] ^= ~a[y + 2] & a[y + 3];                                                              \
    a[y + 2] ^= ~a[y + 3] & a[y + 4];                                                              \
    a[y + 3] ^= ~a[y + 4] & column[0];                                                             \
    a[y + 4] ^= ~column[0] & column[1];

static u64 turn_left(u64 x, unsigned by) /* 1..63 */
{
    return x << by | x >> (64 - by);
}

static void permute(u64 a[LANES])
{
    for (int round = 0; round < ROUNDS; round++) {
        u64 column[5] = {COLUMN(0), COLUMN(1), COLUMN(2), COLUMN(3), COLUMN(4)};
        u64 d, moving, next;

        THETA(0)
        THETA(1)
        THETA(2)
        THETA(3)
        THETA(4)
        moving = a[1];
        PATH(RHO_PI)
        CHI(0)
        CHI(5)
        CHI(10)
        CHI(15)
        CHI(20)
        a[0] ^= round_constants[round];
    }
}

/* Eight bytes, the first lowest. */
static u64 load(const u8 *p)
{
    return (u64)p[0] | (u64)p[1] << 8 | (u64)p[2] << 16 | (u64)p[3] << 24 | (u64)p[4] << 32 |
           (u64)p[5] << 40 | (u64)p[6] << 48 | (u64)p[7] << 56;
}

static void absorb(u64 a[LANES], const u8 block[RATE])
{
    for (size_t i = 0; i < RATE / 8; i++)
        a[i] ^= load(block + 8 * i);
    permute(a);
}

void keccak256(u8 out[KECCAK_BYTES], const void *bytes, size_t n)
{
    const u8 *at = bytes;
    u64 a[LANES] = {0};
    u8 last[RATE] = {0};

    for (; n >= RATE; n -= RATE, at += RATE)
        absorb(a, at);
    if (n != 0)
        memcpy(last, at, n);
    last[n] = 0x01;
    last[RATE - 1] |= 0x80; /* the same byte if n is one short of the rate */
    absorb(a, last);
    for (size_t i = 0; i < KECCAK_BYTES; i++)
        out[i] = (u8)(a[i / 8] >> (i % 8 * 8));
}
