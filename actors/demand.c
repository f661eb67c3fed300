#include "actors/demand.h"

void put_demand(struct writer *w, const struct demand *d)
{
    put_u64(w, d->id);
    put_specs(w, &d->specs);
    put_u32(w, d->replicas);
    put_u32(w, d->token);
    put_amount(w, d->max_price);
    put_u64(w, d->duration_s);
    put_u64(w, d->lifetime_s);
    put_u64(w, d->patience_s);
    put_u64(w, d->fail_after_s);
    put_u64(w, d->update_after_s);
    put_specs(w, &d->update_specs);
    put_amount(w, d->update_max_price);
    put_u32(w, d->update_replicas);
    put_u32(w, d->region);
    put_u32(w, d->tier_worst);
    put_u32(w, (u32)d->image_failed << 1 | d->extend);
}

void get_demand(struct reader *r, struct demand *d)
{
    *d = (struct demand){.id = get_u64(r)};
    get_specs(r, &d->specs);
    d->replicas = get_u32(r);
    d->token = get_u32(r);
    d->max_price = get_amount(r);
    d->duration_s = get_u64(r);
    d->lifetime_s = get_u64(r);
    d->patience_s = get_u64(r);
    d->fail_after_s = get_u64(r);
    d->update_after_s = get_u64(r);
    get_specs(r, &d->update_specs);
    d->update_max_price = get_amount(r);
    d->update_replicas = get_u32(r);
    d->region = get_u32(r);
    d->tier_worst = get_u32(r);
    u32 flags = get_u32(r);
    if (flags > 3)
        r->ok = false;
    d->image_failed = (bool8)(flags >> 1 & 1);
    d->extend = (bool8)(flags & 1);
}
