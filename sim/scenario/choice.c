#include "sim/scenario/choice.h"

/* The high 64 bits of 2^64 * before / sum, for before < sum < 2^74: two steps of long division. */
static u64 part(u128 before, u128 sum)
{
    u128 high = before << 32;
    u64 first = (u64)(high / sum);
    u128 low = (high % sum) << 32;
    return first << 32 | (u64)(low / sum);
}

bool choice_build(struct choice *out, const u64 *weight, size_t options)
{
    u128 sum = 0;

    if (options == 0 || options > CHOICE_OPTIONS_MAX)
        return false;
    for (size_t i = 0; i < options; i++)
        sum += weight[i];
    if (sum == 0)
        return false;
    u128 before = 0;
    for (size_t i = 0; i < options; i++) {
        before += weight[i];
        out->upto[i] = before == sum ? UINT64_MAX : part(before, sum);
    }
    out->options = (u32)options;
    return true;
}

/* The first option whose limit lies above the draw; the highest draw of all belongs to the
 * first that reaches the end. */
u32 choice_at(const struct choice *c, u64 draw)
{
    u32 low = 0, high = c->options - 1;

    if (draw == UINT64_MAX)
        draw--;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (draw < c->upto[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
