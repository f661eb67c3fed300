#include "sim/scenario/when.h"

bool when_instant(const struct when *w, const struct era_times *time, struct instant *out)
{
    u64 start_ns = 0;

    if (w->by_era) {
        if (w->era >= time->count ||
            __builtin_mul_overflow(time->start_s[w->era], SEC(1), &start_ns))
            return false;
    }
    if (__builtin_add_overflow(start_ns, w->after.ns, &out->ns))
        return false;
    return true;
}
