/* keccak_round - one round of the permutation, for a lane of any type that has ^ & ~ << >>.
 *
 * Of keccak.c, one state at a time, and keccak_eight.c, eight; nobody else includes it.
 */
#ifndef PROTOCOL_KECCAK_ROUND_H
#define PROTOCOL_KECCAK_ROUND_H

#include "protocol/base.h"

#define KECCAK_LANES 25
#define KECCAK_ROUNDS 24
#define KECCAK_RATE 136u /* bytes absorbed at a time: 200 less twice the length of the digest */

extern const u64 keccak_round_constants[KECCAK_ROUNDS];

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
    d = column[(x + 4) % 5] ^ TURN_LEFT(column[(x + 1) % 5], 1);                                   \
    a[x] ^= d;                                                                                     \
    a[x + 5] ^= d;                                                                                 \
    a[x + 10] ^= d;                                                                                \
    a[x + 15] ^= d;                                                                                \
    a[x + 20] ^= d;
#define RHO_PI(lane, turn)                                                                         \
    next = a[lane];                                                                                \
    a[lane] = TURN_LEFT(moving, turn);                                                             \
    moving = next;
#define CHI(y)                                                                                     \
    column[0] = a[y];                                                                              \
    column[1] = a[y + 1];                                                                          \
    a[y] ^= ~a[y + 1] & a[y + 2];                                                                  \
    a[y + 1] ^= ~a[y + 2] & a[y + 3];                                                              \
    a[y + 2] ^= ~a[y + 3] & a[y + 4];                                                              \
    a[y + 3] ^= ~a[y + 4] & column[0];                                                             \
    a[y + 4] ^= ~column[0] & column[1];

#define TURN_LEFT(x, by) ((x) << (by) | (x) >> (64 - (by))) /* 1..63 */

#define KECCAK_ROUND(lane, a, constant)                                                            \
    do {                                                                                           \
        lane column[5] = {COLUMN(0), COLUMN(1), COLUMN(2), COLUMN(3), COLUMN(4)};                  \
        lane d, moving, next;                                                                      \
                                                                                                   \
        THETA(0)                                                                                   \
        THETA(1)                                                                                   \
        THETA(2)                                                                                   \
        THETA(3)                                                                                   \
        THETA(4)                                                                                   \
        moving = (a)[1];                                                                           \
        PATH(RHO_PI)                                                                               \
        CHI(0)                                                                                     \
        CHI(5)                                                                                     \
        CHI(10)                                                                                    \
        CHI(15)                                                                                    \
        CHI(20)                                                                                    \
        (a)[0] ^= (constant);                                                                      \
    } while (0)

#endif /* PROTOCOL_KECCAK_ROUND_H */
