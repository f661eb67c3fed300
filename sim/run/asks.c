#include "sim/run/asks.h"

#define FAILED_LIFETIME_RESERVE_S 3600u /* agreed beyond a failing workload's end */

/* Counters below one demand's number: what is drawn for it. */
enum part {
    PART_REQUEST,
    PART_PRICE,
    PART_REGION,
    PART_AGREED,
    PART_EXTEND,
    PART_UPDATE,
    PART_PATIENCE,
    PARTS
};

struct asker asks_of(const struct setup *s, u32 user, u64 number)
{
    const struct cast_member *m = &s->cast.account[s->cast.user_account[user]];
    const struct user_group *g = &s->plan->scenario->users[m->group];

    return (struct asker){s, g, setup_drawer(s, g->name, m->member), number};
}

static u64 draw_part(const struct asker *a, enum part part)
{
    return draw_u64(&a->d, DRAW_ORDER, a->number * PARTS + (u64)part);
}

static u64 from(const struct asker *a, const struct distribution *x, enum part part, u64 otherwise)
{
    return x == NULL ? otherwise : distribution_at(x, draw_part(a, part));
}

static bool chance(const struct asker *a, struct bps odds, enum part part)
{
    return draw_chance(&a->d, DRAW_ORDER, a->number * PARTS + (u64)part, odds);
}

/* settled 147 and openb: a part of the workloads crash-loops. */
static void draw_failure(const struct asker *a, struct demand *d, struct bps share,
                         const struct distribution *after_ns)
{
    const struct workload *w = &a->s->plan->scenario->workload;

    if (!draw_chance(&a->d, DRAW_FAILURE, 3 * a->number, share))
        return;
    u64 ns = after_ns == NULL
                 ? SEC(1)
                 : distribution_at(after_ns, draw_u64(&a->d, DRAW_FAILURE, 3 * a->number + 1));
    d->fail_after_s = ns / SEC(1) + 1;
    d->image_failed = draw_chance(&a->d, DRAW_FAILURE, 3 * a->number + 2, w->image_fail_share);
}

/* What the user's habits make of it: price, agreed time, region, extension, update. */
static void dress(const struct asker *a, struct demand *d, u64 life_s)
{
    const struct user_group *g = a->g;
    u64 most = a->s->params.max_duration_s;
    u64 ratio_bps = from(a, g->max_price_ratio_bps, PART_PRICE, BPS_WHOLE);
    u128 usd = (u128)setup_list_usd_e8(a->s, &d->specs, d->replicas) * ratio_bps / BPS_WHOLE;
    u64 agreed =
        (u64)((u128)life_s * from(a, g->agreed_ratio_bps, PART_AGREED, BPS_WHOLE) / BPS_WHOLE);
    u32 home = setup_region(&a->d, &g->regions);

    d->id = a->number + 1;
    d->token = g->token;
    d->max_price = setup_price_of(a->s, g->token, usd);
    d->lifetime_s = life_s;
    d->duration_s = agreed < 1 ? 1 : agreed > most ? most : agreed;
    d->tier_worst = g->tier_worst;
    d->extend = chance(a, g->extend_odds, PART_EXTEND);
    if (home != INDEX_NONE && chance(a, g->region_stated_share, PART_REGION))
        d->region = home + 1;
    if (d->patience_s == 0)
        d->patience_s = from(a, g->patience_ns, PART_PATIENCE, 0) / SEC(1);
    if (!chance(a, g->update_odds, PART_UPDATE))
        return;
    d->update_after_s = life_s / 2 + 1;
    d->update_specs = d->specs;
    d->update_specs.cpu += (u32)((u64)d->specs.cpu * g->update_by.v / BPS_WHOLE);
    d->update_specs.ram_gib += (u32)((u64)d->specs.ram_gib * g->update_by.v / BPS_WHOLE);
    d->update_replicas = d->replicas;
    d->update_max_price = setup_price_of(
        a->s, g->token,
        (u128)setup_list_usd_e8(a->s, &d->update_specs, d->replicas) * ratio_bps / BPS_WHOLE);
}

static struct specs requested(const struct asker *a)
{
    const struct workload *w = &a->s->plan->scenario->workload;
    u64 sum = 0;

    for (u32 i = 0; i < w->request_count; i++)
        sum += w->requests[i].weight;
    check(sum > 0); /* the reader has seen to it */
    u64 at = draw_below(&a->d, DRAW_ORDER, a->number * PARTS + PART_REQUEST, sum);
    u32 i = 0;
    while (at >= w->requests[i].weight)
        at -= w->requests[i++].weight;
    struct specs x = w->requests[i].specs;
    if (x.disk_gib == 0)
        x.disk_gib = w->disk_gib;
    return x;
}

struct demand asks_generated(const struct asker *a)
{
    const struct workload *w = &a->s->plan->scenario->workload;
    struct demand d = {.specs = requested(a), .replicas = 1};
    const struct distribution *life = d.specs.gpus == 0   ? w->lifetime_cpu_ns
                                      : d.specs.gpus == 1 ? w->lifetime_gpu_ns
                                                          : w->lifetime_multi_gpu_ns;
    u64 life_s = distribution_at(life, draw_u64(&a->d, DRAW_LIFETIME, a->number)) / SEC(1) + 1;

    draw_failure(a, &d, w->fail_share, w->fail_after_ns);
    dress(a, &d, life_s);
    return d;
}

static u16 model_of(const struct gpu_map *map, u64 models)
{
    u32 i = 0;

    if (models == 0)
        return GPU_ANY;
    while (!(models >> i & 1))
        i++;
    return map->gpu[i];
}

struct demand asks_replayed(const struct asker *a, const struct trace_job *j)
{
    const struct workload *w = &a->s->plan->scenario->workload;
    struct demand d = {.replicas = 1};
    u64 life_s = j->lifetime_s == TRACE_UNKNOWN ? 3600 : j->lifetime_s + 1;

    d.specs = (struct specs){.cpu = (u32)((j->cpu_milli + 999) / 1000),
                             .ram_gib = (u32)((j->memory_mib + 1023) / 1024),
                             .disk_gib = w->disk_gib,
                             .gpu_model = j->gpus == 0 ? GPU_ANY : model_of(&w->gpus, j->models),
                             .gpus = (u16)j->gpus};
    if (d.specs.cpu == 0)
        d.specs.cpu = 1;
    if (j->patience_s != TRACE_UNKNOWN)
        d.patience_s = j->patience_s + 1;
    if (j->outcome == TRACE_FAILED) {
        d.fail_after_s = life_s;
        d.image_failed = draw_chance(&a->d, DRAW_FAILURE, 3 * a->number + 2, w->image_fail_share);
        life_s += FAILED_LIFETIME_RESERVE_S;
    }
    dress(a, &d, life_s);
    return d;
}

struct demand asks_ordered(const struct order_spec *o, u32 number)
{
    struct demand d = {.id = number + 1,
                       .specs = o->specs,
                       .replicas = o->replicas,
                       .token = o->max_price.token,
                       .max_price = o->max_price.amount,
                       .duration_s = o->duration.ns / SEC(1),
                       .lifetime_s = o->lifetime.ns / SEC(1),
                       .patience_s = o->patience.ns / SEC(1),
                       .fail_after_s = o->fail_after.ns / SEC(1),
                       .update_after_s = o->update_after.ns / SEC(1),
                       .update_specs = o->update_specs,
                       .update_max_price = o->update_max_price.token == INDEX_NONE
                                               ? o->max_price.amount
                                               : o->update_max_price.amount,
                       .update_replicas = o->replicas,
                       .region = o->region == INDEX_NONE ? REGION_NONE : o->region + 1,
                       .tier_worst = o->tier_worst,
                       .image_failed = o->image_failed,
                       .extend = o->extend};

    return d;
}
