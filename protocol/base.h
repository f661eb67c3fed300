/* base - the words the rest of the code is written in.
 *
 * No I/O, no clock, no heap: this header and everything in protocol/ must
 * compile with integer registers only and link with memcpy/memset/memcmp.
 */
#ifndef PROTOCOL_BASE_H
#define PROTOCOL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;
typedef uint8_t bool8; /* a flag in a row: 0 or 1, one byte wherever it is compiled */
__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 i128;

/* Rows of the chain and states of actors are hashed and kept as they lie in memory. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bytes of rows are their encoding");

#define U128_MAX (~(u128)0)
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The caller must look at the result. */
#define must_use __attribute__((warn_unused_result))

/* check - state what must be true here.  On in every build.
 *
 * A failed check is a bug in this program, never a bad input.  The host
 * defines check_failed(), which names the seed, the replicate and the event.
 */
#define check(cond) ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__, __func__))
_Noreturn void check_failed(const char *what, const char *file, int line, const char *func);

/* unreachable case of a switch that names every enumerator */
#define check_unreachable() check_failed("unreachable", __FILE__, __LINE__, __func__)

/* One quantity, one type: the compiler keeps them apart. */
struct instant {
    u64 ns;
}; /* since the start of the run */
struct span {
    u64 ns;
}; /* a length of time */
struct bps {
    u32 v;
}; /* 1/10000 */

#define SEC(n) ((u64)(n)*1000000000u)
#define MSEC(n) ((u64)(n)*1000000u)
#define BPS_WHOLE 10000u
#define USD_E8(n) ((u64)(n)*100000000u)

static inline struct instant instant_after(struct instant t, struct span d)
{
    check(t.ns <= UINT64_MAX - d.ns);
    return (struct instant){t.ns + d.ns};
}

#endif /* PROTOCOL_BASE_H */
