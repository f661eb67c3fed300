#include "sim/run/setup.h"

#include "protocol/gpu.h"
#include "protocol/keccak.h"
#include "sim/run/room.h"
#include "sim/run/workload.h"
#include "sim/scenario/eras.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOURS_A_MONTH 720u /* the price list's months */
#define USER_FUNDS_TOKENS 10000000u

/* What is drawn for a member, counters of DRAW_ATTRIBUTE; append only. */
enum attribute { ATTRIBUTE_REGION, ATTRIBUTE_STAKE = 2, ATTRIBUTE_DEPOSIT };

struct drawer setup_drawer(const struct setup *s, const char *group, u32 member)
{
    return (struct drawer){s->plan->seed, s->plan->replicate, entity_key(group, member)};
}

u32 setup_region(const struct drawer *d, const struct mix *mix)
{
    u64 sum = 0;

    for (u32 i = 0; i < mix->count; i++)
        sum += mix->at[i].weight;
    if (sum == 0)
        return INDEX_NONE;
    u64 at = draw_below(d, DRAW_ATTRIBUTE, ATTRIBUTE_REGION, sum);
    for (u32 i = 0; i < mix->count; i++) {
        if (at < mix->at[i].weight)
            return mix->at[i].index;
        at -= mix->at[i].weight;
    }
    return INDEX_NONE;
}

/* ---- prices ---- */

/* Mean list price of a GPU over the kinds of machines of the population, by weight. */
static u64 mean_gpu_usd_e8(const struct scenario *s)
{
    u128 sum = 0, count = 0;

    for (u32 g = 0; g < s->provider_groups; g++) {
        const struct provider_group *p = &s->providers[g];
        for (u32 k = 0; k < p->machine_count; k++) {
            for (u32 i = 0; i < GPU_LINES; i++) {
                const struct gpu_line *l = &p->machines[k].machine.gpu[i];
                u128 n = (u128)l->count * p->machines[k].weight;
                if (l->model == 0)
                    continue;
                sum += n * gpu_list_usd_e8((enum gpu_model)(l->model - 1));
                count += n;
            }
        }
    }
    return count == 0 ? 0 : (u64)(sum / count);
}

u64 setup_list_usd_e8(const struct setup *s, const struct specs *x, u32 replicas)
{
    const struct scenario *c = s->plan->scenario;
    u64 gpu = x->gpus == 0              ? 0
              : x->gpu_model != GPU_ANY ? gpu_list_usd_e8((enum gpu_model)(x->gpu_model - 1))
                                        : s->mean_gpu_usd_e8;
    u64 month = x->cpu * c->cpu_month_usd_e8 + x->ram_gib * c->ram_gib_month_usd_e8 +
                x->disk_gib * c->disk_gib_month_usd_e8;

    return (month / HOURS_A_MONTH + gpu * x->gpus) * replicas;
}

struct amount setup_price_of(const struct setup *s, u32 token, u128 usd_e8)
{
    const struct token *t = &s->plan->scenario->tokens[token];
    struct amount whole = amount_of_tokens(1, t->decimals), price;

    if (t->usd_e8 == 0 || !amount_mul_div(&price, whole, usd_e8, t->usd_e8, ROUND_UP))
        return AMOUNT(1);
    return price.wei == 0 ? AMOUNT(1) : price;
}

/* ---- accounts ---- */

static void address_of(u8 out[20], const char *group, u32 ordinal)
{
    u8 bytes[96] = "account ", digest[32];
    size_t n = strlen(group) < 64 ? strlen(group) : 64;

    memcpy(bytes + 8, group, n);
    for (u32 i = 0; i < 4; i++)
        bytes[8 + n + i] = (u8)(ordinal >> (24 - 8 * i));
    keccak256(digest, bytes, 8 + n + 4);
    memcpy(out, digest + 12, 20);
}

u32 setup_coin(const struct setup *s)
{
    check(s->plan->outside != NULL);
    return s->plan->scenario->token_count;
}

static bool add_account(struct setup *s, const char *group, u32 ordinal, u32 roles, u32 region,
                        const struct amount *funds, struct cast_member who, char error[RUN_ERROR])
{
    const struct outside *o = s->plan->outside;
    struct amount all[TOKENS_MAX];
    u8 address[20];

    memcpy(all, funds, sizeof(all));
    if (o != NULL) {
        all[setup_coin(s)] = o->coin_each;
        o->address(o->about, group, ordinal, address);
    } else {
        address_of(address, group, ordinal);
    }
    u32 account = chain_add_account(&s->chain, address, roles, region, all);
    if (account == 0) {
        snprintf(error, RUN_ERROR, "the population has more accounts than the chain's table holds");
        return false;
    }
    check(account < s->cast.accounts);
    s->cast.account[account] = who;
    return true;
}

static bool add_roles(struct setup *s, char error[RUN_ERROR])
{
    static const struct {
        enum cast_role role;
        u32 roles;
    } system[SETUP_SYSTEM_ACCOUNTS] = {
        {CAST_FOUNDATION, ROLE_FOUNDATION}, {CAST_TREASURY, ROLE_TREASURY},
        {CAST_GOVERNANCE, ROLE_GOVERNANCE}, {CAST_ORACLE, ROLE_ORACLE},
        {CAST_REPORTER, ROLE_REPORTER},     {CAST_ISSUER, ROLE_ISSUER},
    };
    static const struct amount nothing[TOKENS_MAX];

    for (u32 i = 0; i < SETUP_SYSTEM_ACCOUNTS; i++) {
        if (!add_account(s, "system", i, system[i].roles, 0, nothing,
                         (struct cast_member){.role = system[i].role}, error))
            return false;
    }
    return true;
}

struct amount setup_stake(const struct provider_group *g, const struct drawer *d)
{
    struct amount stake = g->stake;

    if (g->stake_factor_bps != NULL) {
        u64 bps =
            distribution_at(g->stake_factor_bps, draw_u64(d, DRAW_ATTRIBUTE, ATTRIBUTE_STAKE));
        check(amount_mul_div(&stake, g->stake, bps, BPS_WHOLE, ROUND_DOWN));
    }
    return stake;
}

struct amount setup_deposit(const struct user_group *g, const struct drawer *d)
{
    struct amount deposit = g->deposit.amount;

    if (g->deposit_factor_bps != NULL) {
        u64 bps =
            distribution_at(g->deposit_factor_bps, draw_u64(d, DRAW_ATTRIBUTE, ATTRIBUTE_DEPOSIT));
        check(amount_mul_div(&deposit, deposit, bps, BPS_WHOLE, ROUND_DOWN));
    }
    return deposit;
}

static bool add_providers(struct setup *s, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;
    u32 index = 0;

    for (u32 g = 0; g < c->provider_groups; g++) {
        u32 n = scenario_providers(c, s->plan->arm, g);
        s->cast.provider_first[g] = index;
        for (u32 m = 0; m < n; m++, index++) {
            struct drawer d = setup_drawer(s, c->providers[g].name, m);
            u32 region = setup_region(&d, &c->providers[g].regions);
            struct amount funds[TOKENS_MAX] = {setup_stake(&c->providers[g], &d)};
            struct cast_member who = {CAST_PROVIDER, g, m, index};
            s->cast.provider_account[index] =
                SETUP_SYSTEM_ACCOUNTS + 1 + index; /* accounts are made in this order */
            if (!add_account(s, c->providers[g].name, m, 0, region == INDEX_NONE ? 0 : region + 1,
                             funds, who, error))
                return false;
            if (c->providers[g].initial_tier != 0)
                chain_grant_tier(&s->chain, s->cast.provider_account[index],
                                 c->providers[g].initial_tier);
        }
    }
    return true;
}

static bool add_users(struct setup *s, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;
    u32 index = 0;

    for (u32 g = 0; g < c->user_groups; g++) {
        const struct user_group *u = &c->users[g];
        u32 n = scenario_users(c, s->plan->arm, g);
        s->cast.user_first[g] = index;
        for (u32 m = 0; m < n; m++, index++) {
            struct drawer d = setup_drawer(s, u->name, m);
            u32 region = setup_region(&d, &u->regions);
            struct amount funds[TOKENS_MAX] = {{0}};
            struct amount deposit = setup_deposit(u, &d);
            funds[u->token] =
                u->deposit_policy == DEPOSIT_ONCE
                    ? deposit
                    : amount_of_tokens(USER_FUNDS_TOKENS, c->tokens[u->token].decimals);
            struct cast_member who = {CAST_USER, g, m, index};
            s->cast.user_account[index] = SETUP_SYSTEM_ACCOUNTS + 1 + s->cast.providers + index;
            if (!add_account(s, u->name, m, 0, region == INDEX_NONE ? 0 : region + 1, funds, who,
                             error))
                return false;
        }
    }
    return true;
}

static bool add_people(struct setup *s, char error[RUN_ERROR])
{
    const struct outside *o = s->plan->outside;
    const struct scenario *c = s->plan->scenario;
    struct amount funds[TOKENS_MAX] = {{0}};

    for (u32 t = 0; o != NULL && t < c->token_count; t++)
        funds[t] = amount_of_tokens(o->person_tokens, c->tokens[t].decimals);
    for (u32 i = 0; o != NULL && i < o->people; i++) {
        if (!add_account(s, "person", i, 0, 0, funds,
                         (struct cast_member){.role = CAST_PERSON, .member = i}, error))
            return false;
    }
    return true;
}

bool setup_accounts(struct setup *s, char error[RUN_ERROR])
{
    return add_roles(s, error) && add_providers(s, error) && add_users(s, error) &&
           add_people(s, error);
}

/* ---- opening and closing ---- */

static bool no_memory(char error[RUN_ERROR])
{
    snprintf(error, RUN_ERROR, "out of memory for a run of this size");
    return false;
}

static bool open_cast(struct setup *s, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;
    struct cast *k = &s->cast;

    *k = (struct cast){.scenario = c, .arm = s->plan->arm};
    for (u32 g = 0; g < c->provider_groups; g++)
        k->providers += scenario_providers(c, s->plan->arm, g);
    for (u32 g = 0; g < c->user_groups; g++)
        k->users += scenario_users(c, s->plan->arm, g);
    k->accounts = 1 + SETUP_SYSTEM_ACCOUNTS + k->providers + k->users;
    if (s->plan->outside != NULL)
        k->accounts += s->plan->outside->people;
    k->provider_account = calloc(k->providers + 1u, sizeof(u32));
    k->user_account = calloc(k->users + 1u, sizeof(u32));
    k->provider_first = calloc(c->provider_groups + 1u, sizeof(u32));
    k->user_first = calloc(c->user_groups + 1u, sizeof(u32));
    k->account = calloc(k->accounts, sizeof(*k->account));
    return (k->provider_account != NULL && k->user_account != NULL && k->provider_first != NULL &&
            k->user_first != NULL && k->account != NULL) ||
           no_memory(error);
}

static bool open_chain(struct setup *s, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;
    u32 regions = c->network.regions.count;
    struct genesis_token tokens[TOKENS_MAX];
    struct genesis g = {
        .params = &s->params, .tokens = tokens, .token_count = c->token_count, .regions = regions};
    struct drawer world = setup_drawer(s, "world", 0);

    u32 coins = s->plan->outside != NULL;
    if (c->token_count + coins > TOKENS_MAX) {
        snprintf(error, RUN_ERROR, "%s: %u tokens%s, the chain holds %u", c->path, c->token_count,
                 coins != 0 ? " and the coin" : "", TOKENS_MAX);
        return false;
    }
    for (u32 t = 0; t < c->token_count; t++)
        tokens[t] = (struct genesis_token){c->tokens[t].decimals, c->tokens[t].transfer_fee.v,
                                           c->tokens[t].enabled, c->tokens[t].usd_e8};
    if (coins != 0) {
        tokens[c->token_count] = (struct genesis_token){.decimals = 18};
        g.token_count = g.coin = c->token_count + 1;
    }
    for (u32 i = 0; i < 4; i++) { /* settled 125: the commitment stands in the genesis */
        u64 word = draw_u64(&world, DRAW_WORLD_SECRET, i);
        for (u32 b = 0; b < 8; b++)
            g.world_secret[8 * i + b] = (u8)(word >> (56 - 8 * b));
    }
    s->rtt_us = calloc((size_t)regions * regions + 1, sizeof(u32));
    if (s->rtt_us == NULL || !reserve_open(&s->memory, "bytes of the chain", 1, state_bytes()))
        return no_memory(error);
    for (u32 i = 0; i < regions * regions; i++)
        s->rtt_us[i] = c->network.rtt_us[i] > UINT32_MAX ? UINT32_MAX : (u32)c->network.rtt_us[i];
    g.rtt_us = s->rtt_us;
    chain_init(&s->chain, s->memory.base, &g, &s->tally);
    s->chain.state.full_every = c->check_interval_eras;
    s->chain.state.full_last = c->eras;
    return true;
}

static void open_network(struct setup *s)
{
    const struct network_spec *n = &s->plan->scenario->network;

    s->network = (struct network){.seed = s->plan->seed,
                                  .replicate = s->plan->replicate,
                                  .rtt_us = n->rtt_us,
                                  .regions = n->regions.count,
                                  .loss_ppm = n->loss_ppm,
                                  .unknown_rtt_us = n->unknown_rtt_us};
    if (n->jitter != NULL)
        s->network.jitter = *n->jitter;
    else
        distribution_constant(&s->network.jitter, NETWORK_JITTER_ONE);
}

static void tell_host(void *about, struct actor_id id, const struct host_actor *facts)
{
    host_sim_actor(about, id, facts);
}

static bool open_host(struct setup *s, const struct host_sinks *sinks, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;
    struct host_config config = {.process = &s->process,
                                 .network = &s->network,
                                 .reporter_account = ACCOUNT_REPORTER,
                                 .order_fanout = s->plan->broadcast ? 0 : c->order_fanout,
                                 .providers_max = s->cast.providers + 1,
                                 .demand = workload_demand(s->demand),
                                 .sinks = *sinks,
                                 .meter = s->plan->meter};

    s->host = host_sim_open(&config);
    if (s->host == NULL)
        return no_memory(error);
    setup_facts(s, tell_host, s->host);
    setup_timeline(s);
    return true;
}

static bool find_eras(struct setup *s, char error[RUN_ERROR])
{
    u32 eras = s->plan->scenario->eras;

    s->era_start = calloc(eras + 1u, sizeof(u64));
    if (s->era_start == NULL)
        return no_memory(error);
    eras_starts(s->plan->scenario, s->plan->arm, s->era_start);
    s->end_s = s->era_start[eras];
    return true;
}

bool setup_open(struct setup *s, const struct run_plan *plan, const struct host_sinks *sinks,
                char error[RUN_ERROR])
{
    memset(s, 0, sizeof(*s));
    s->plan = plan;
    scenario_arm(plan->scenario, plan->arm, &s->params);
    s->mean_gpu_usd_e8 = mean_gpu_usd_e8(plan->scenario);
    if (!open_cast(s, error) ||
        !room_check(plan->scenario->path, s->cast.providers, s->cast.users, error) ||
        !open_chain(s, error) || !find_eras(s, error) || !setup_accounts(s, error) ||
        !setup_samples(s, error))
        return false;
    open_network(s);
    s->head = (struct record_head){plan->seed, plan->replicate, plan->arm};
    if (!process_open(&s->process, &s->head, &s->chain, s->cast.providers + s->cast.users + 1))
        return no_memory(error);
    s->process_is_open = true;
    s->process.world.check_pure = plan->check_pure;
    if (!setup_actors(s, error))
        return false;
    s->demand = workload_open(s, error);
    return s->demand != NULL && (plan->outside != NULL || open_host(s, sinks, error));
}

void setup_close(struct setup *s)
{
    if (s->host != NULL)
        host_sim_close(s->host);
    if (s->demand != NULL)
        workload_close(s->demand);
    if (s->process_is_open)
        process_close(&s->process);
    reserve_close(&s->memory);
    free(s->rtt_us);
    free(s->era_start);
    free(s->sample);
    free(s->cast.provider_account);
    free(s->cast.user_account);
    free(s->cast.provider_first);
    free(s->cast.user_first);
    free(s->cast.account);
}
