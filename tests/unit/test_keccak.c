/* keccak256 against published digests, and against the sponge of the specification written bit by
 * bit: every length up to three blocks. */
#include "protocol/keccak.h"
#include "tests/test.h"

#include <string.h>

/* --- the model: FIPS 202's step mappings on single bits, constants computed, not listed --- */

struct bits {
    bool at[5][5][64]; /* x, y, z */
};

static bool lfsr_bit(unsigned t) /* FIPS 202, algorithm 5: rc(t) */
{
    unsigned r = 1;

    for (unsigned i = 0; i < t % 255; i++) {
        r <<= 1;
        if (r & 0x100)
            r ^= 0x171;
    }
    return r & 1;
}

static void model_round(struct bits *a, unsigned round)
{
    struct bits b = {0};
    bool parity[5][64];

    for (int x = 0; x < 5; x++) /* theta */
        for (int z = 0; z < 64; z++)
            parity[x][z] =
                a->at[x][0][z] ^ a->at[x][1][z] ^ a->at[x][2][z] ^ a->at[x][3][z] ^ a->at[x][4][z];
    for (int x = 0; x < 5; x++)
        for (int y = 0; y < 5; y++)
            for (int z = 0; z < 64; z++)
                a->at[x][y][z] ^= parity[(x + 4) % 5][z] ^ parity[(x + 1) % 5][(z + 63) % 64];

    memcpy(b.at[0][0], a->at[0][0], sizeof(b.at[0][0])); /* rho */
    for (int t = 0, x = 1, y = 0; t < 24; t++) {
        int turn = (t + 1) * (t + 2) / 2 % 64;
        for (int z = 0; z < 64; z++)
            b.at[x][y][(z + turn) % 64] = a->at[x][y][z];
        int next = (2 * x + 3 * y) % 5;
        x = y;
        y = next;
    }
    for (int x = 0; x < 5; x++) /* pi */
        for (int y = 0; y < 5; y++)
            memcpy(a->at[x][y], b.at[(x + 3 * y) % 5][x], sizeof(a->at[x][y]));

    b = *a; /* chi */
    for (int x = 0; x < 5; x++)
        for (int y = 0; y < 5; y++)
            for (int z = 0; z < 64; z++)
                a->at[x][y][z] =
                    b.at[x][y][z] ^ (!b.at[(x + 1) % 5][y][z] && b.at[(x + 2) % 5][y][z]);

    for (unsigned j = 0; j <= 6; j++) /* iota */
        a->at[0][0][(1u << j) - 1] ^= lfsr_bit(j + 7 * round);
}

static bool *bit_of(struct bits *a, size_t i) /* the i-th bit of the state's string */
{
    return &a->at[i / 64 % 5][i / 320][i % 64];
}

static void model(u8 out[KECCAK_BYTES], const u8 *bytes, size_t n)
{
    struct bits a = {0};
    size_t blocks = n / 136 + 1;

    memset(out, 0, KECCAK_BYTES);
    for (size_t block = 0; block < blocks; block++) {
        for (size_t i = 0; i < 136 * 8; i++) {
            size_t k = block * 136 + i / 8;
            bool bit = k < n && (bytes[k] >> (i % 8) & 1);
            if (k == n && i % 8 == 0) /* 10*1: the first bit after the message ... */
                bit = true;
            if (block == blocks - 1 && i == 136 * 8 - 1) /* ... and the last of the block */
                bit = true;
            *bit_of(&a, i) ^= bit;
        }
        for (unsigned round = 0; round < 24; round++)
            model_round(&a, round);
    }
    for (size_t i = 0; i < KECCAK_BYTES * 8; i++)
        out[i / 8] |= (u8)(*bit_of(&a, i) << i % 8);
}

static void test_every_length(void)
{
    u8 bytes[401], got[KECCAK_BYTES], want[KECCAK_BYTES];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (u8)(i * 167 + 13);
    for (size_t n = 0; n < sizeof(bytes); n++) {
        keccak256(got, bytes, n);
        model(want, bytes, n);
        EXPECT(memcmp(got, want, KECCAK_BYTES) == 0);
        if (n == 0)
            continue;
        bytes[n - 1] ^= 0x80; /* the last byte matters */
        keccak256(got, bytes, n);
        EXPECT(memcmp(got, want, KECCAK_BYTES) != 0);
        bytes[n - 1] ^= 0x80;
    }
}

static void expect_digest(const char *text, const char *digest)
{
    u8 out[KECCAK_BYTES];
    char hex[2 * KECCAK_BYTES + 1];

    keccak256(out, text, strlen(text));
    for (size_t i = 0; i < KECCAK_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", out[i]);
    EXPECT(strncmp(hex, digest, strlen(digest)) == 0);
}

static void test_published(void)
{
    expect_digest("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    expect_digest("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    expect_digest("testing", "5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02");
    /* the topic of ERC-20's transfer, and its selector */
    expect_digest("Transfer(address,address,uint256)",
                  "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
    expect_digest("transfer(address,uint256)", "a9059cbb");
}

static void test_eight(void)
{
    u8 bytes[8 * 140], got[KECCAK_EIGHT][KECCAK_BYTES], want[KECCAK_BYTES];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (u8)(i * i * 31 + i * 7 + 1);
    for (size_t n = 0; n < 136; n++) {
        keccak256_eight(got, bytes, 140, n);
        for (size_t i = 0; i < KECCAK_EIGHT; i++) {
            keccak256(want, bytes + 140 * i, n);
            EXPECT(memcmp(got[i], want, KECCAK_BYTES) == 0);
        }
    }
}

int main(void)
{
    test_published();
    test_eight();
    test_every_length();
    printf("ok - keccak\n");
    return EXIT_SUCCESS;
}
