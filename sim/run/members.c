/* members - the actors of a scenario: each member's attributes, drawn in its own name. */
#include "actors/provider.h"
#include "actors/user.h"
#include "protocol/gpu.h"
#include "sim/run/setup.h"

#include <stdio.h>
#include <string.h>

/* Counters of DRAW_ATTRIBUTE beside setup.c's; append only. */
enum attribute { ATTRIBUTE_MACHINE = 1, ATTRIBUTE_ASK = 4 };

#define HOURS_A_MONTH 720u

/* A weighted kind, or the member's node of a sampled trace. */
static const struct machine_kind *machine_of(const struct setup *s, const struct provider_group *g,
                                             u32 member, u32 index)
{
    struct drawer d = setup_drawer(s, g->name, member);
    u64 sum = 0;

    if (g->machine_draw == MACHINES_EACH_ONCE)
        return &g->machines[s->sample[index]];
    for (u32 i = 0; i < g->machine_count; i++)
        sum += g->machines[i].weight;
    u64 at = draw_below(&d, DRAW_ATTRIBUTE, ATTRIBUTE_MACHINE, sum);
    for (u32 i = 0; i < g->machine_count; i++) {
        if (at < g->machines[i].weight)
            return &g->machines[i];
        at -= g->machines[i].weight;
    }
    check_unreachable();
}

static void set_prices(const struct setup *s, struct provider_config *c)
{
    const struct scenario *x = s->plan->scenario;

    c->cpu_usd_e8 = x->cpu_month_usd_e8 / HOURS_A_MONTH;
    c->ram_gib_usd_e8 = x->ram_gib_month_usd_e8 / HOURS_A_MONTH;
    c->disk_gib_usd_e8 = x->disk_gib_month_usd_e8 / HOURS_A_MONTH;
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (c->machine.gpu[i].model != 0)
            c->gpu_usd_e8[i] = gpu_list_usd_e8((enum gpu_model)(c->machine.gpu[i].model - 1));
    }
    for (u32 t = 0; t < x->token_count; t++) {
        c->token_usd_e8[t] = x->tokens[t].usd_e8;
        c->token_decimals[t] = x->tokens[t].decimals;
    }
}

static u32 millis(struct span t)
{
    u64 ms = t.ns / MSEC(1);

    return ms > UINT32_MAX ? UINT32_MAX : (u32)ms;
}

static struct provider provider_of(const struct setup *s, u32 group, u32 member, u32 region)
{
    const struct provider_group *g = &s->plan->scenario->providers[group];
    struct drawer d = setup_drawer(s, g->name, member);
    struct provider p;
    struct provider_config *c = &p.config;

    memset(&p, 0, sizeof(p));
    c->stake = setup_stake(g, &d);
    c->machine = machine_of(s, g, member, s->cast.provider_first[group] + member)->machine;
    c->machine.region = (u16)(region == INDEX_NONE ? REGION_NONE : region + 1);
    set_prices(s, c);
    c->ask = g->ask.token == INDEX_NONE ? AMOUNT(0) : g->ask.amount;
    c->ask_token = g->ask.token == INDEX_NONE ? 0 : g->ask.token;
    c->ask_bps = BPS_WHOLE;
    if (g->ask_ratio_bps != NULL)
        c->ask_bps =
            (u32)distribution_at(g->ask_ratio_bps, draw_u64(&d, DRAW_ATTRIBUTE, ATTRIBUTE_ASK));
    c->ask_spread_bps = g->ask_spread.v;
    c->ask_net = g->ask_net;
    c->tokens = g->tokens;
    c->closes_after_s = g->closes_after.ns / SEC(1);
    c->claim_every_s = g->claims_every.ns / SEC(1);
    c->crash_window_s = g->crash_loop_window.ns / SEC(1);
    c->crash_restarts = g->crash_loop_restarts;
    c->activation_min_ms = millis(g->activation_min);
    c->activation_max_ms = millis(g->activation_max);
    c->auto_stake = g->auto_stake;
    c->bids = 1;
    c->never_activates = !g->activates;
    c->restakes = g->restakes;
    return p;
}

/* The table of user groups bounds them. */
static u16 seconds_up(struct span s)
{
    return (u16)((s.ns + SEC(1) - 1) / SEC(1));
}

static struct user user_of(const struct setup *s, u32 group, u32 member)
{
    const struct user_group *g = &s->plan->scenario->users[group];
    struct drawer d = setup_drawer(s, g->name, member);
    struct user u;

    memset(&u, 0, sizeof(u));
    u.config.deposit = setup_deposit(g, &d);
    if (g->deposit_policy == DEPOSIT_AS_NEEDED)
        u.config.top_up = u.config.deposit;
    u.config.outage_patience_s = g->outage_patience.ns / SEC(1);
    u.config.breach_wait_s = seconds_up(g->breach_wait);
    u.config.breach_wait_most_s = seconds_up(g->breach_wait_most);
    u.config.token = (u16)g->token;
    u.config.reorders = g->reorders;
    return u;
}

static bool full(char error[RUN_ERROR])
{
    snprintf(error, RUN_ERROR, "the population has more actors than a world holds");
    return false;
}

static bool add_providers(struct setup *s, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;

    for (u32 g = 0; g < c->provider_groups; g++) {
        u32 n = scenario_providers(c, s->plan->arm, g);
        for (u32 m = 0; m < n; m++) {
            u32 index = s->cast.provider_first[g] + m;
            struct drawer d = setup_drawer(s, c->providers[g].name, m);
            u32 region = setup_region(&d, &c->providers[g].regions);
            struct provider p = provider_of(s, g, m, region);
            struct actor_id id;
            if (!world_add(&s->process.world, &actor_provider, c->providers[g].name, m,
                           s->cast.provider_account[index], region == INDEX_NONE ? 0 : region, &p,
                           &id))
                return full(error);
            check(id.v == index);
        }
    }
    return true;
}

static bool add_users(struct setup *s, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;

    for (u32 g = 0; g < c->user_groups; g++) {
        u32 n = scenario_users(c, s->plan->arm, g);
        for (u32 m = 0; m < n; m++) {
            u32 index = s->cast.user_first[g] + m;
            struct drawer d = setup_drawer(s, c->users[g].name, m);
            u32 region = setup_region(&d, &c->users[g].regions);
            struct user u = user_of(s, g, m);
            struct actor_id id;
            if (!world_add(&s->process.world, &actor_user, c->users[g].name, m,
                           s->cast.user_account[index], region == INDEX_NONE ? 0 : region, &u, &id))
                return full(error);
            check(id.v == s->cast.providers + index);
        }
    }
    return true;
}

bool setup_actors(struct setup *s, char error[RUN_ERROR])
{
    if (!add_providers(s, error) || !add_users(s, error))
        return false;
    if (!world_names_differ(&s->process.world)) {
        snprintf(error, RUN_ERROR,
                 "two members of the population have one name in draws: rename "
                 "one of the groups");
        return false;
    }
    return true;
}

typedef void facts_teller(void *about, struct actor_id id, const struct host_actor *facts);

static void provider_facts(const struct setup *s, u32 group, u32 member, facts_teller *tell,
                           void *about)
{
    const struct provider_group *g = &s->plan->scenario->providers[group];
    struct host_actor facts = {.starts = {g->joins.ns}, .response_us = g->response_us};

    if (g->availability == AVAILABLE_DRAWN)
        facts.availability = (struct availability){g->up_ns, g->down_ns, g->announced_share};
    tell(about, (struct actor_id){s->cast.provider_first[group] + member}, &facts);
}

void setup_facts(const struct setup *s, facts_teller *tell, void *about)
{
    const struct scenario *c = s->plan->scenario;

    for (u32 g = 0; g < c->provider_groups; g++) {
        for (u32 m = 0; m < scenario_providers(c, s->plan->arm, g); m++)
            provider_facts(s, g, m, tell, about);
    }
    for (u32 g = 0; g < c->user_groups; g++) {
        for (u32 m = 0; m < scenario_users(c, s->plan->arm, g); m++) {
            struct host_actor facts = {.starts = {c->users[g].joins.ns}};
            struct actor_id id = {s->cast.providers + s->cast.user_first[g] + m};
            tell(about, id, &facts);
        }
    }
}
