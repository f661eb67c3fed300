#include "actors/reverted.h"

void put_reverted(struct writer *w, const struct reverted *r)
{
    put_u64(w, r->order);
    put_u64(w, r->lease);
    put_u32(w, r->wallet);
    put_u32(w, r->provider);
    put_u32(w, r->tier);
    put_u32(w, r->funded | (u32)r->staked << 1 | (u32)r->exited << 2 | (u32)r->forgets << 3);
    for (u32 i = 0; i < REVERTED_TOKENS; i++)
        put_amount(w, r->unclaimed[i]);
}

struct reverted get_reverted(struct reader *r)
{
    struct reverted v = {.order = get_u64(r)};

    v.lease = get_u64(r);
    v.wallet = get_u32(r);
    v.provider = get_u32(r);
    v.tier = get_u32(r);
    u32 flags = get_u32(r);
    v.funded = (flags & 1) != 0;
    v.staked = (flags & 2) != 0;
    v.exited = (flags & 4) != 0;
    v.forgets = (flags & 8) != 0;
    for (u32 i = 0; i < REVERTED_TOKENS; i++)
        v.unclaimed[i] = get_amount(r);
    return v;
}
