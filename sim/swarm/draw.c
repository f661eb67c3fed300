/* draw - the plan of a seed.
 *
 * Swarm testing (Groce 2012): each feature, a kind of choice or an argument that has a usual value,
 * is left out of a run at odds of one half, so that what is there comes often, and what would hide
 * it is not there.
 */
#include "sim/scenario/param_table.h"
#include "sim/swarm/plan.h"

#include "protocol/draw.h"
#include "protocol/gpu.h"

#include <string.h>

#define FAULTS_S 259200u /* nothing is begun later */

struct drawing {
    struct plan *p;
    struct drawer d;
    u64 drawn;
    bool kinds[CHOICE_KINDS];             /* features of this run */
    bool args[CHOICE_KINDS][CHOICE_ARGS]; /* where they are not as usual */
    u32 providers, users;
    u64 now_s;
    struct params params;
};

static u64 below(struct drawing *g, u64 bound)
{
    return draw_below(&g->d, DRAW_SWARM, g->drawn++, bound);
}

/* least .. most. */
static u64 between(struct drawing *g, u64 least, u64 most)
{
    return least + (most - least == UINT64_MAX ? below(g, UINT64_MAX) : below(g, most - least + 1));
}

static u64 at_most(u64 v, u64 most)
{
    return v < most ? v : most;
}

static u64 within(u64 v, u64 least, u64 most)
{
    return v < least ? least : at_most(v, most);
}

/* As many of one digit as of four. */
static u64 by_digits(struct drawing *g, u64 least, u64 most)
{
    u64 top = 10;

    for (u64 digits = below(g, 20); digits > 0 && top <= most; digits--)
        top *= 10;
    return within(below(g, at_most(top, most) + 1), least, most);
}

/* ---- times ---- */

/* What the protocol and its actors wait for, in seconds. */
static u64 threshold_s(struct drawing *g)
{
    const struct params *p = &g->params;
    const u64 all[] = {p->heartbeat_s,
                       p->heartbeat_s * p->heartbeat_misses,
                       p->heartbeat_s * (p->heartbeat_misses + 1),
                       3600,
                       7200,
                       p->cooldown_s,
                       p->standby_slash_after_s,
                       p->task_outage_s,
                       p->era_seconds,
                       p->activation_timeout_s,
                       p->lease_warning_s,
                       p->block_time_ms * p->update_accept_blocks / 1000,
                       p->block_time_ms * p->match_timeout_blocks / 1000,
                       p->block_time_ms * (p->bid_window_blocks + 1) / 1000,
                       600,
                       30};

    return all[below(g, ARRAY_LEN(all))];
}

static u64 time_s(struct drawing *g, u64 least, u64 most)
{
    if (below(g, 5) < 2)
        return by_digits(g, least, most);
    u64 t = threshold_s(g);
    t += between(g, 0, 4);
    return within(t > 2 ? t - 2 : 0, least, most);
}

/* One in six just before, at or after the end of an era. */
static u64 gap_s(struct drawing *g, u64 most)
{
    u64 era = g->params.era_seconds, left = era - g->now_s % era;

    if (below(g, 6) == 0)
        return left - 1 + below(g, 3);
    if (below(g, 3) == 0)
        return below(g, 10);
    return time_s(g, 0, most);
}

/* ---- arguments ---- */

static u64 any_row(struct drawing *g, bool at_genesis)
{
    u64 row = below(g, PARAM_KINDS);

    /* how long an era is, the run's own choice says */
    return (!at_genesis && params_fixed((enum param_id)row)) || row == PARAM_era_seconds
               ? (u64)PARAM_cooldown_s
               : row;
}

/* Near the row's own value, or at an end of its range. */
static u64 row_value(struct drawing *g, u64 row)
{
    const struct param_row *r = &param_rows[row];
    u128 unit = r->type == PARAM_TYPE_amount ? WEI_E18(1) : 1;
    u64 def = (u64)(r->def / unit), min = (u64)(r->min / unit), max = (u64)(r->max / unit);

    switch (below(g, 8)) {
    case 0:
        return min;
    case 1:
        return max;
    case 2:
        return within(def + 1, min, max);
    case 3:
        return within(def > 0 ? def - 1 : 0, min, max);
    default:
        return within(between(g, def / 4, 2 * def + 2), min, max);
    }
}

static u64 user_who(struct drawing *g)
{
    return WHO_USERS + between(g, 1, g->users);
}

static u64 argument(struct drawing *g, const struct choice *c, u32 i)
{
    const struct choice_arg *a = &choice_rows[c->kind].arg[i];

    switch (a->how) {
    case HOW_ANY:
        return between(g, a->least, a->most);
    case HOW_LOG:
        return by_digits(g, a->least, a->most);
    case HOW_ODD:
        return g->args[c->kind][i] && below(g, 2) == 0 ? between(g, a->least, a->most)
                                                       : a->simplest;
    case HOW_TIME:
        return time_s(g, a->least, a->most);
    case HOW_LATE:
        return g->args[c->kind][i] && below(g, 2) == 0 ? time_s(g, a->least, a->most) : a->simplest;
    case HOW_PROVIDER:
        return between(g, 1, g->providers);
    case HOW_USER:
        return user_who(g);
    case HOW_WHO:
        return below(g, 3) == 0 ? user_who(g) : between(g, 1, g->providers);
    case HOW_ROW:
        return any_row(g, c->kind == CHOICE_PARAM);
    }
    check_unreachable();
}

static struct choice *add(struct drawing *g, enum choice_kind kind)
{
    struct choice *c = &g->p->choice[g->p->count];

    check(g->p->count < PLAN_MAX);
    *c = (struct choice){.kind = kind};
    for (u32 i = 0; i < choice_rows[kind].count; i++)
        c->arg[i] = argument(g, c, i);
    if (kind == CHOICE_PARAM || kind == CHOICE_SET)
        c->arg[choice_place(kind, "value")] = row_value(g, choice_arg(c, "row"));
    g->p->count++;
    return c;
}

/* ---- the parts of a plan ---- */

/* One of rows that do not go together is left out. */
static void add_params(struct drawing *g)
{
    u64 n = g->kinds[CHOICE_PARAM] ? between(g, 1, 6) : 0;

    for (u64 i = 0; i < n; i++) {
        struct choice *c = add(g, CHOICE_PARAM);
        struct param_set set = {(enum param_id)choice_arg(c, "row"), choice_value(c)};
        bool again = false;
        for (u32 k = 0; k + 1 < g->p->count; k++)
            again = again || (g->p->choice[k].kind == CHOICE_PARAM &&
                              choice_arg(&g->p->choice[k], "row") == choice_arg(c, "row"));
        if (again || !param_sets_apply(&g->params, &set, 1))
            g->p->count--;
    }
}

static void add_members(struct drawing *g)
{
    g->providers = (u32)between(g, 1, below(g, 4) == 0 ? 8 : 3);
    g->users = (u32)between(g, 1, 4);
    for (u32 i = 1; i <= g->providers; i++)
        add(g, CHOICE_PROVIDER)->number = i;
    for (u32 i = 1; i <= g->users; i++)
        add(g, CHOICE_USER)->number = i;
}

static enum choice_kind timed_kind(struct drawing *g)
{
    enum choice_kind kind = (enum choice_kind)between(g, CHOICE_ORDER, CHOICE_VERDICT);

    return g->kinds[kind] ? kind : CHOICE_ORDER;
}

/* A change of parameters that would not go with the others. */
static bool fits(const struct drawing *g, const struct choice *c)
{
    struct params p = g->params;
    struct param_set set = {(enum param_id)choice_arg(c, "row"), choice_value(c)};

    return param_sets_apply(&p, &set, 1);
}

static void add_events(struct drawing *g)
{
    u64 n = between(g, 1, below(g, 3) == 0 ? 60 : 16);

    for (u64 i = 0; i < n && g->now_s < FAULTS_S; i++) {
        struct choice *c = add(g, i == 0 ? CHOICE_ORDER : timed_kind(g));
        c->arg[0] = gap_s(g, choice_rows[c->kind].arg[0].most);
        if (c->kind == CHOICE_SET && !fits(g, c)) {
            g->p->count--;
            continue;
        }
        g->now_s += c->arg[0];
    }
}

static void choose_features(struct drawing *g)
{
    for (u32 k = 0; k < CHOICE_KINDS; k++) {
        g->kinds[k] = below(g, 2) != 0;
        for (u32 i = 0; i < CHOICE_ARGS; i++)
            g->args[k][i] = below(g, 2) != 0;
    }
    g->kinds[CHOICE_ORDER] = true;
}

void plan_draw(struct plan *p, u64 seed, bool canary)
{
    struct drawing g = {.p = p, .d = {seed, 0, entity_key("swarm", 0)}, .params = params_default};

    p->count = 0;
    choose_features(&g);
    add(&g, CHOICE_RUN);
    g.params.era_seconds = plan_era_s(p);
    add_params(&g);
    add_members(&g);
    add_events(&g);
    if (canary)
        add(&g, CHOICE_CANARY);
}
