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

/* Steps rho and pi together, along the one cycle that pi makes of the lanes but the first. */
static const struct {
    u8 lane, turn;
} path[LANES - 1] = {
    {10, 1},  {7, 3},   {11, 6},  {17, 10}, {18, 15}, {3, 21},  {5, 28},  {16, 36},
    {8, 45},  {21, 55}, {24, 2},  {4, 14},  {15, 27}, {23, 41}, {19, 56}, {13, 8},
    {12, 25}, {2, 43},  {20, 62}, {14, 18}, {22, 39}, {9, 61},  {6, 20},  {1, 44},
};

static u64 turn_left(u64 x, unsigned by) /* 1..63 */
{
    return x << by | x >> (64 - by);
}

static void permute(u64 a[LANES])
{
    for (int round = 0; round < ROUNDS; round++) {
        u64 column[5];
        for (int x = 0; x < 5; x++)
            column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (int x = 0; x < 5; x++) {
            u64 d = column[(x + 4) % 5] ^ turn_left(column[(x + 1) % 5], 1);
            for (int y = 0; y < LANES; y += 5)
                a[y + x] ^= d;
        }

        u64 moving = a[1];
        for (size_t i = 0; i < ARRAY_LEN(path); i++) {
            u64 next = a[path[i].lane];
            a[path[i].lane] = turn_left(moving, path[i].turn);
            moving = next;
        }

        for (int y = 0; y < LANES; y += 5) {
            u64 row[5];
            memcpy(row, a + y, sizeof(row));
            for (int x = 0; x < 5; x++)
                a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
        a[0] ^= round_constants[round];
    }
}

static void absorb(u64 a[LANES], const u8 block[RATE])
{
    for (size_t i = 0; i < RATE; i++)
        a[i / 8] ^= (u64)block[i] << (i % 8 * 8);
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
