/* matching_log - log2_q32 of settled "Matching, exactly", point 4, without its 32 squarings.
 *
 * The squarings round down, by less than 2^-61 of the logarithm in all.  So where a logarithm that
 * is known to 2^-49 lies farther than that from the next unit of 2^-32, both give the same; in one
 * of some ten thousand it does not, and the squarings are made. */
#include "protocol/matching.h"

#define LOG2_BITS 7u
#define ONE_Q63 ((u64)1 << 63)
#define UNIT_Q62 ((u64)1 << 30) /* 2^-32 */
#define NEAR_Q62 ((u64)1 << 16) /* 2^-46, eight times what the rest of the series may come to */

struct log2_row {
    u64 inverse_q63, log_q62;
};

static const struct log2_row table[1u << LOG2_BITS] = {
#define LOG2(inverse, log) {inverse, log},
#include "protocol/matching_log.def"
#undef LOG2
};

/* 1 / (k ln 2), k = 1 .. 5 */
static const i64 series_q62[] = {0x5c551d94ae0bf85e, 0x2e2a8eca5705fc2f, 0x1ec709dc3a03fd75,
                                 0x171547652b82fe17, 0x12776c50ef9bfe79};

__extension__ typedef __int128 i128;

static i64 times_q63(i64 a, i64 b_q63)
{
    return (i64)(((i128)a * b_q63) >> 63);
}

/* m = M x 2^63, 1 <= M < 2: log2 M, within 2^-49. */
static u64 log2_q62(u64 m)
{
    const struct log2_row *row = &table[m >> (63 - LOG2_BITS) & ((1u << LOG2_BITS) - 1)];
    i64 e = (i64)((u64)(((u128)m * row->inverse_q63) >> 63) - ONE_Q63); /* |e| < 2^-8 */
    i64 sum = series_q62[4];

    for (int k = 3; k >= 0; k--)
        sum = series_q62[k] - times_q63(sum, e);
    return row->log_q62 + (u64)times_q63(sum, e);
}

static u64 by_squaring(u64 m, u64 r)
{
    for (int bit = 0; bit < 32; bit++) {
        u128 square = (u128)m * m;
        u64 carry = (u64)(square >> 127); /* 0 or 1: no branch, for it goes either way */
        r = r << 1 | carry;
        m = (u64)(square >> 63) >> carry | carry << 63;
    }
    return r;
}

u64 match_log2_q32(u64 x)
{
    check(x != 0);
    u64 n = 63 - (u64)__builtin_clzll((unsigned long long)x), m = x << (63 - n);

    if (m == ONE_Q63) /* a power of two: no square ever reaches 2^64 */
        return n << 32;
    u64 log = log2_q62(m), rest = log & (UNIT_Q62 - 1);
    if (rest < NEAR_Q62 || rest > UNIT_Q62 - NEAR_Q62)
        return by_squaring(m, n);
    return n << 32 | log >> 30;
}
