#include "chain-mock/state/slot.h"
#include "protocol/mutant.h"

u64 slot_second(const struct params *p, u64 slot)
{
    return (u64)(((u128)slot * p->block_time_ms + (MUTATED(SECOND_UP) ? 999 : 0)) / 1000);
}

u64 slot_at_second(const struct params *p, u64 second)
{
    return (u64)(((u128)second * 1000 + p->block_time_ms - 1) / p->block_time_ms);
}

struct instant slot_instant(const struct params *p, u64 slot)
{
    return (struct instant){slot * MSEC(p->block_time_ms)};
}

u64 slot_at_instant(const struct params *p, struct instant t)
{
    u64 slot_ns = MSEC(p->block_time_ms);

    return t.ns / slot_ns + (t.ns % slot_ns != 0);
}
