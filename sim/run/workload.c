#include "sim/run/workload.h"

#include "sim/run/asks.h"
#include "sim/scenario/arrivals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_NS SEC(86400)

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
    *d = asks_ordered(o, l->order);
}

/* A job goes to a user by weight, drawn by the job's own line. */
static void next_job(struct workload_source *w, struct instant *at, struct actor_id *to,
                     struct demand *d)
{
    const struct trace_jobs *t = &w->s->plan->scenario->workload.jobs;
    const struct trace_job *j = &t->job[place(w)->jobs++];
    struct drawer trace = setup_drawer(w->s, "trace", 0);
    u32 user = w->ticket[draw_below(&trace, DRAW_ARRIVAL, j->line, w->tickets)];
    struct asker a = asks_of(w->s, user, j->line);

    *at = (struct instant){SEC(j->arrival_s)};
    *to = actor_of(w->s, user);
    *d = asks_replayed(&a, j);
}

static void next_arrival(struct workload_source *w, struct instant *at, struct actor_id *to,
                         struct demand *d)
{
    struct arrival x = heap_take(w);
    struct asker a = asks_of(w->s, x.user, x.number);
    const struct cast_member *m = &w->s->cast.account[w->s->cast.user_account[x.user]];

    *at = (struct instant){x.at_ns};
    *to = actor_of(w->s, x.user);
    *d = asks_generated(&a);
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
