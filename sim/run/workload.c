#include "sim/run/workload.h"

#include "sim/scenario/arrivals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_NS SEC(86400)
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

/* A user's next arrival; the heap's order is (time, user). */
struct arrival {
    u64 at_ns;
    u64 number; /* of the user's demands */
    u32 user;   /* index */
    u32 pad;
};

/* Everything that next() changes. */
struct progress_of_demand {
    size_t orders, jobs; /* next of each list */
    size_t heap_count;
};

struct listed {
    u64 at_ns;
    u32 order; /* place in the scenario */
};

struct workload_source {
    struct setup *s;
    struct arrivals *clocks; /* by user group */
    u32 clock_count;
    struct listed *listed; /* explicit orders in order of time */
    size_t listed_count;
    u32 *ticket; /* trace: users by weight, one place a unit of weight */
    u32 tickets;
    u8 *state; /* struct progress_of_demand, then the heap */
    size_t state_size;
};

static struct progress_of_demand *place(const struct workload_source *w)
{
    return (struct progress_of_demand *)(void *)w->state;
}

static struct arrival *heap(const struct workload_source *w)
{
    return (struct arrival *)(void *)(w->state + sizeof(struct progress_of_demand));
}

/* ---- the heap of arrivals ---- */

static bool earlier(const struct arrival *a, const struct arrival *b)
{
    return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->user < b->user;
}

static void heap_put(struct workload_source *w, struct arrival a)
{
    struct arrival *h = heap(w);
    size_t i = place(w)->heap_count++;

    while (i > 0 && earlier(&a, &h[(i - 1) / 2])) {
        h[i] = h[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    h[i] = a;
}

static struct arrival heap_take(struct workload_source *w)
{
    struct arrival *h = heap(w), top = h[0];
    size_t n = --place(w)->heap_count, i = 0;
    struct arrival last = h[n];

    while (2 * i + 1 < n) {
        size_t child = 2 * i + 1;
        if (child + 1 < n && earlier(&h[child + 1], &h[child]))
            child++;
        if (!earlier(&h[child], &last))
            break;
        h[i] = h[child];
        i = child;
    }
    h[i] = last;
    return top;
}

/* ---- what one demand asks ---- */

struct asker {
    const struct setup *s;
    const struct user_group *g;
    struct drawer d;
    u64 number;
};

static struct asker asker_of(const struct setup *s, u32 user, u64 number)
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

static struct demand generated(const struct asker *a)
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

/* A job of a trace as it was: its failure comes when it came, its user gives up when he gave up. */
static struct demand replayed(const struct asker *a, const struct trace_job *j)
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

static struct demand ordered(const struct setup *s, const struct order_spec *o, u32 number)
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

    (void)s;
    return d;
}

/* ---- next ---- */

static struct actor_id actor_of(const struct setup *s, u32 user)
{
    return (struct actor_id){s->cast.providers + user};
}

static u64 listed_ns(const struct workload_source *w)
{
    size_t i = place(w)->orders;

    return i < w->listed_count ? w->listed[i].at_ns : UINT64_MAX;
}

static u64 job_ns(const struct workload_source *w)
{
    const struct trace_jobs *t = &w->s->plan->scenario->workload.jobs;
    size_t i = place(w)->jobs;

    return w->tickets > 0 && i < t->count ? SEC(t->job[i].arrival_s) : UINT64_MAX;
}

static void next_listed(struct workload_source *w, struct instant *at, struct actor_id *to,
                        struct demand *d)
{
    const struct listed *l = &w->listed[place(w)->orders++];
    const struct order_spec *o = &w->s->plan->scenario->orders[l->order];

    *at = (struct instant){l->at_ns};
    *to = actor_of(w->s, w->s->cast.user_first[o->user.group] + o->user.member);
    *d = ordered(w->s, o, l->order);
}

/* A job goes to a user by weight, drawn by the job's own line. */
static void next_job(struct workload_source *w, struct instant *at, struct actor_id *to,
                     struct demand *d)
{
    const struct trace_jobs *t = &w->s->plan->scenario->workload.jobs;
    const struct trace_job *j = &t->job[place(w)->jobs++];
    struct drawer trace = setup_drawer(w->s, "trace", 0);
    u32 user = w->ticket[draw_below(&trace, DRAW_ARRIVAL, j->line, w->tickets)];
    struct asker a = asker_of(w->s, user, j->line);

    *at = (struct instant){SEC(j->arrival_s)};
    *to = actor_of(w->s, user);
    *d = replayed(&a, j);
}

static void next_arrival(struct workload_source *w, struct instant *at, struct actor_id *to,
                         struct demand *d)
{
    struct arrival x = heap_take(w);
    struct asker a = asker_of(w->s, x.user, x.number);
    const struct cast_member *m = &w->s->cast.account[w->s->cast.user_account[x.user]];

    *at = (struct instant){x.at_ns};
    *to = actor_of(w->s, x.user);
    *d = generated(&a);
    x.number++;
    x.at_ns = arrivals_next_ns(&w->clocks[m->group], &a.d, x.number, x.at_ns);
    if (x.at_ns != ARRIVALS_NEVER)
        heap_put(w, x);
}

static bool next(void *about, struct instant *at, struct actor_id *to, struct demand *d)
{
    struct workload_source *w = about;
    u64 listed = listed_ns(w), job = job_ns(w);
    u64 arrival = place(w)->heap_count > 0 ? heap(w)[0].at_ns : UINT64_MAX;

    if (listed == UINT64_MAX && job == UINT64_MAX && arrival == UINT64_MAX)
        return false;
    if (listed <= job && listed <= arrival)
        next_listed(w, at, to, d);
    else if (job <= arrival)
        next_job(w, at, to, d);
    else
        next_arrival(w, at, to, d);
    return true;
}

struct demand_source workload_demand(struct workload_source *w)
{
    return (struct demand_source){w, next, w->state, w->state_size};
}

/* ---- opening ---- */

static int by_time(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;

    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static bool list_orders(struct workload_source *w)
{
    const struct scenario *c = w->s->plan->scenario;

    w->listed = calloc(c->order_count + 1u, sizeof(*w->listed));
    if (w->listed == NULL)
        return false;
    for (u32 i = 0; i < c->order_count; i++) {
        u64 at_ns = setup_instant(w->s, &c->orders[i].at).ns;
        if (at_ns < SEC(w->s->end_s))
            w->listed[w->listed_count++] = (struct listed){at_ns, i};
    }
    qsort(w->listed, w->listed_count, sizeof(*w->listed), by_time);
    return true;
}

/* One place a unit of weight, users in order. */
static bool list_tickets(struct workload_source *w)
{
    const struct setup *s = w->s;
    const struct scenario *c = s->plan->scenario;
    u64 n = 0;

    for (u32 g = 0; g < c->user_groups; g++)
        n += (u64)c->users[g].weight * scenario_users(c, s->plan->arm, g);
    if (c->workload.kind != WORKLOAD_TRACE || n == 0 || n > UINT32_MAX)
        return c->workload.kind != WORKLOAD_TRACE;
    w->ticket = calloc(n, sizeof(u32));
    if (w->ticket == NULL)
        return false;
    for (u32 u = 0; u < s->cast.users; u++) {
        const struct cast_member *m = &s->cast.account[s->cast.user_account[u]];
        for (u32 k = 0; k < c->users[m->group].weight; k++)
            w->ticket[w->tickets++] = u;
    }
    return true;
}

static u64 orders_per_day(const struct setup *s)
{
    const struct scenario *c = s->plan->scenario;
    u64 own = c->arm_count > 0 ? c->arms[s->plan->arm].orders_per_day : 0;

    return own != 0 ? own : c->workload.orders_per_day;
}

/* All groups work by one clock, so that busy hours are busy for everybody. */
static bool open_clocks(struct workload_source *w, const char **why)
{
    const struct setup *s = w->s;
    const struct scenario *c = s->plan->scenario;
    struct drawer clock = setup_drawer(s, "workload", 0);
    u64 hours = (s->end_s + 3599) / 3600, weights = 0;

    w->clocks = calloc(c->user_groups + 1u, sizeof(*w->clocks));
    if (w->clocks == NULL)
        return false;
    for (u32 u = 0; u < s->cast.users; u++)
        weights += c->users[s->cast.account[s->cast.user_account[u]].group].weight;
    for (u32 g = 0; g < c->user_groups; g++, w->clock_count++) {
        struct arrivals_plan plan;
        double gap[2] = {0, 0};
        u64 rate = orders_per_day(s) * c->users[g].weight;
        memcpy(plan.weight, c->workload.hour_weights, sizeof(plan.weight));
        if (!arrivals_burst(&plan.burst, c->workload.burst_variance.v / 10000.0))
            return *why = "the burst variance is out of its range", false;
        gap[0] = rate == 0 ? (double)DAY_NS * 1e6 : (double)DAY_NS * (double)weights / (double)rate;
        if (!distribution_build(&plan.gap_ns, DISTRIBUTION_EXPONENTIAL, gap, why) ||
            !arrivals_build(&w->clocks[g], &plan, &clock, (u32)hours, why))
            return false;
    }
    return true;
}

static void first_arrivals(struct workload_source *w)
{
    const struct setup *s = w->s;
    const struct scenario *c = s->plan->scenario;

    for (u32 u = 0; u < s->cast.users; u++) {
        const struct cast_member *m = &s->cast.account[s->cast.user_account[u]];
        struct drawer d = setup_drawer(s, c->users[m->group].name, m->member);
        u64 joins = c->users[m->group].joins.ns;
        if (c->users[m->group].weight == 0)
            continue;
        u64 at_ns = arrivals_next_ns(&w->clocks[m->group], &d, 0, joins);
        if (at_ns != ARRIVALS_NEVER)
            heap_put(w, (struct arrival){.at_ns = at_ns, .user = u});
    }
}

struct workload_source *workload_open(struct setup *s, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;
    struct workload_source *w = calloc(1, sizeof(*w));
    const char *why = "out of memory";

    if (w == NULL) {
        snprintf(error, RUN_ERROR, "%s", why);
        return NULL;
    }
    w->s = s;
    w->state_size =
        sizeof(struct progress_of_demand) + (s->cast.users + 1u) * sizeof(struct arrival);
    w->state = calloc(1, w->state_size);
    if (w->state == NULL || !list_orders(w) || !list_tickets(w) ||
        (c->workload.kind == WORKLOAD_GENERATED && !open_clocks(w, &why))) {
        snprintf(error, RUN_ERROR, "%s: workload: %s", c->path, why);
        workload_close(w);
        return NULL;
    }
    if (c->workload.kind == WORKLOAD_GENERATED)
        first_arrivals(w);
    return w;
}

void workload_close(struct workload_source *w)
{
    for (u32 g = 0; g < w->clock_count; g++)
        arrivals_free(&w->clocks[g]);
    free(w->clocks);
    free(w->listed);
    free(w->ticket);
    free(w->state);
    free(w);
}
