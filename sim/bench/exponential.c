#include "sim/bench/exponential.h"

#define LN_2 2977044472u /* in 2^-32 */

u64 exponential(u64 word)
{
    static const u32 ln[257] = {
#include "sim/bench/logarithm.def"
    };
    u64 w = word + (word == 0);
    u32 zeros = (u32)__builtin_clzll(w);
    u64 f = w << zeros << 1; /* w = 2^(63 - zeros) (1 + f / 2^64) */
    u64 low = ln[f >> 56], step = ln[(f >> 56) + 1] - low;

    return (u64)(zeros + 1) * LN_2 - low - (step * (f >> 24 & UINT32_MAX) >> 32);
}
