/* world - see world.h: the beginning, the blocks and the end.  What happens in it: scenes.c. */
#include "tests/property/model/scenes.h"

#include "protocol/gpu.h"

#include <stdio.h>
#include <string.h>

u64 world_below(struct world *w, u64 bound)
{
    return any_below(&w->any, bound);
}

bool world_chance(struct world *w, u64 percent)
{
    return world_below(w, 100) < percent;
}

/* Within eras too; a planted mistake is to be seen before a check of the chain's own ends it. */
#ifdef MUTANTS
#define COMPARE_BLOCKS 1u
#else
#define COMPARE_BLOCKS 32u
#endif

/* ---- the beginning ---- */

#define PICK(w, ...)                                                                               \
    (((const u64[]){__VA_ARGS__})[world_below((w), ARRAY_LEN(((const u64[]){__VA_ARGS__})))])

static void time_params(struct world *w, struct params *p)
{
    p->block_time_ms = PICK(w, 250, 1000, 1500, 2000, 3000);
    p->era_seconds = world_chance(w, 3) ? 86400 : PICK(w, 3600, 7200, 7200, 10800, 14400);
    p->bid_window_blocks = PICK(w, 1, 2, 2);
    p->match_timeout_blocks = PICK(w, 2, 5, 10);
    p->update_accept_blocks = PICK(w, 1, 2, 3);
    p->cooldown_s = PICK(w, 0, 900, 3600, 3600, 5400);
    p->standby_slash_after_s = PICK(w, 1800, 3600, 3600, 5400);
    p->task_outage_s = PICK(w, 600, 3600);
    p->lease_warning_s = PICK(w, 0, 900, 3600);
    p->activation_timeout_s = PICK(w, 60, 600);
    p->unbonding_eras = PICK(w, 0, 1, 2, 3);
    p->misconduct_appeal_eras = PICK(w, 0, 1, 2);
    p->chain_outage_excluded = world_chance(w, 85);
    p->oracle_stale_eras = PICK(w, 2, 100);
}

static void reward_params(struct world *w, struct params *p)
{
    p->promotion_eras = PICK(w, 1, 1, 2, 3);
    p->demotion_eras = PICK(w, 1, 2, 2, 3);
    p->initial_tier = PICK(w, 7, 7, 6, 4, 2, 1);
    p->auto_approve = world_chance(w, 80);
    p->tier7_zero = world_chance(w, 80);
    p->audit_valid_eras = PICK(w, 1, 2, 365);
    p->feedback_enabled = world_chance(w, 30);
    p->supply0 = AMOUNT(PICK(w, 0, 1, 100, 1000000) * WEI_E18(100));
    p->emission_bps_year = PICK(w, 500, 10000);
    p->bonus_amount = AMOUNT(PICK(w, 0, 1, 1, 1000) * (WEI_E18(1) / 7));
    p->bonus_lease_hours = PICK(w, 1, 2, 3);
    p->bonus_min_price = AMOUNT(PICK(w, 0, 0, 1) * (WEI_E18(1) / 100));
    p->bonus_distinct_payers = PICK(w, 1, 1, 2);
    p->storage_boost = PICK(w, 0, 1234);
    p->connectivity_boost = PICK(w, 0, 777);
    p->compliance_boost = PICK(w, 0, 501);
    p->compute_multiplier_basic = PICK(w, 10000, 7001);
    p->compute_multiplier_hpc = PICK(w, 10000, 20003);
    p->misconduct_slash_bps = PICK(w, 10000, 3333, 5001);
}

static void money_params(struct world *w, struct params *p)
{
    p->commission_bps = PICK(w, 2000, 0, 1999, 3333);
    p->provider_fee_bps = PICK(w, 200, 0, 77);
    p->user_fee_bps = PICK(w, 200, 0, 333);
    p->order_hold = world_chance(w, 30);
    p->bracket_usd = PICK(w, 15, 1, 3) * 100000000u;
    p->match_randomness = PICK(w, 10000, 0, 3000, 100000);
    p->stake_weight_cap_bps = PICK(w, 1000, 0, 5000, 10000);
    p->match_w_price = PICK(w, 10000, 0, 33333);
    p->match_w_stake = PICK(w, 10000, 0, 12345);
    p->match_w_slashes = PICK(w, 10000, 25000);
    p->match_slash_window_eras = PICK(w, 1, 3, 30);
}

static void tokens(struct world *w, struct model_genesis *g)
{
    static const struct model_token kinds[MODEL_TOKENS] = {{18, 0, 6000000, true},
                                                           {6, 0, 100000000, true},
                                                           {8, 100, 250000000, true},
                                                           {0, 0, 0, true}};

    g->tokens = 2 + (u32)world_below(w, 3);
    memcpy(g->token, kinds, sizeof(kinds));
    if (world_chance(w, 10))
        g->token[0].usd_e8 = 0; /* a price that never was */
}

static void people(struct world *w, struct model_genesis *g)
{
    w->providers = 1 + (u32)world_below(w, 6);
    w->users = 1 + (u32)world_below(w, 4);
    w->first_user = WORLD_PROVIDER + w->providers;
    w->accounts = g->accounts = w->first_user + w->users - 1;
    g->foundation = WORLD_FOUNDATION;
    g->treasury = WORLD_TREASURY;
    g->regions = 3;
    for (u32 i = 0; i < 9; i++)
        g->rtt_us[i] = world_chance(w, 20) ? 0 : (u32)world_below(w, 400000);
    for (u32 a = 1; a <= g->accounts; a++) {
        struct model_account *x = &g->account[a];
        for (u32 i = 0; i < 20; i++)
            x->address[i] = (u8)world_below(w, 256);
        x->region = (u32)world_below(w, 4);
        x->initial_tier = world_chance(w, 30) ? 1 + (u32)world_below(w, 7) : 0;
        x->initial_tier = w->alike ? 0 : x->initial_tier;
        for (u32 t = 0; t < g->tokens; t++)
            x->funds[t] = t == 0 ? WEI_E18(20000) : (u128)1 << 44;
        x->funds[3] = g->tokens > 3 ? 100000 : 0;
    }
}

static void begin_chain(struct world *w, const struct model_genesis *g)
{
    struct genesis_token tokens[MODEL_TOKENS];
    struct genesis x = {.params = &g->params,
                        .tokens = tokens,
                        .token_count = g->tokens,
                        .rtt_us = w->model.genesis.rtt_us,
                        .regions = g->regions};

    memcpy(x.world_secret, g->world_secret, sizeof(x.world_secret));
    for (u32 t = 0; t < g->tokens; t++)
        tokens[t] = (struct genesis_token){g->token[t].decimals, g->token[t].transfer_fee_bps,
                                           g->token[t].enabled, g->token[t].usd_e8};
    check(reserve_open(&w->memory, "chain", 1, state_bytes()));
    chain_init(&w->chain, w->memory.base, &x, &w->tally);
    w->chain.state.trace_scores = true;
    for (u32 a = 1; a <= g->accounts; a++) {
        struct amount funds[TOKENS_MAX];
        u32 roles = a == WORLD_STATE ? ROLE_GOVERNANCE | ROLE_ORACLE | ROLE_REPORTER | ROLE_ISSUER
                    : a == WORLD_FOUNDATION ? ROLE_FOUNDATION
                    : a == WORLD_TREASURY   ? ROLE_TREASURY
                                            : 0;
        for (u32 t = 0; t < TOKENS_MAX; t++)
            funds[t] = AMOUNT(g->account[a].funds[t]);
        u32 id =
            chain_add_account(&w->chain, g->account[a].address, roles, g->account[a].region, funds);
        check(id == a);
        if (g->account[a].initial_tier != 0)
            chain_grant_tier(&w->chain, a, g->account[a].initial_tier);
    }
}

static void begin(struct world *w, u64 seed)
{
    static struct model_genesis g;

    g = (struct model_genesis){.params = params_default, .scores_told = true};
    w->any = ANY(seed);
    w->seed = seed;
    w->slot = w->scenes = w->compared = 0;
    memset(w->accepted, 0, sizeof(w->accepted));
    memset(w->refused, 0, sizeof(w->refused));
    w->count = w->n_logs = 0;
    w->ok = true;
    memset(&w->tally, 0, sizeof(w->tally));
    time_params(w, &g.params);
    reward_params(w, &g.params);
    money_params(w, &g.params);
    for (u64 n = world_chance(w, 25) ? 1 + world_below(w, 6) : 0; n > 0; n--) {
        struct world_setting x = world_any_param(w);
        struct params with = g.params;
        if (!params_fixed(x.param) && params_set(&with, x.param, x.value))
            g.params = with;
    }
    tokens(w, &g);
    w->alike = world_chance(w, 5);
    if (w->alike)
        g.params.match_randomness = 0;
    people(w, &g);
    g.world_secret[31] = (u8)seed;
    w->eras = world_chance(w, 1) ? 36 : 3 + world_below(w, 6);
    model_begin(&w->model, &g);
    begin_chain(w, &g);
}

/* ---- blocks ---- */

void world_put(struct world *w, u32 from, struct tx tx)
{
    u64 nonce = chain_account_nonce(&w->chain, from);

    if (w->count == WORLD_TXS)
        return;
    for (u32 i = 0; i < w->count; i++)
        nonce += w->txs[i].from == from;
    w->txs[w->count++] = (struct block_tx){.from = from, .nonce = nonce, .tx = tx};
}

static void hear(struct world *w, u64 slot)
{
    const struct log *logs;
    u32 n;
    bool closed = false;

    logs = chain_logs(&w->chain, &n);
    check(w->n_logs + n <= WORLD_LOGS);
    for (u32 i = 0; i < n; i++) {
        w->logs[w->n_logs] = logs[i];
        w->seconds[w->n_logs++] = slot * w->model.p.block_time_ms / 1000;
        closed = closed || logs[i].kind == LOG_EraClosed;
    }
    if (!w->ok)
        return;
    if (!model_block(&w->model, slot, logs, n)) {
        w->ok = false;
        (void)snprintf(w->why, sizeof(w->why), "%s", w->model.wrong);
        w->subject[0] = '\0';
    } else if (closed || w->chain.blocks % COMPARE_BLOCKS == 0) {
        world_compare(w);
    }
}

static void step(struct world *w, u64 slot)
{
    struct block b = {.slot = slot,
                      .count = w->count,
                      .txs = w->txs,
                      .data = w->data,
                      .data_count = MODEL_PROVIDERS};
    u32 taken = chain_step(&w->chain, &b);

    check(taken == w->count && chain_full(&w->chain) == NULL);
    for (u32 i = 0; i < w->count; i++) {
        (w->txs[i].err == ERR_None ? w->accepted : w->refused)[w->txs[i].tx.kind]++;
    }
    w->count = 0;
    w->slot = slot;
    hear(w, slot);
}

void world_advance(struct world *w, u64 ahead)
{
    u64 to = w->slot + ahead;
    u32 count = w->count;

    for (u64 due = chain_due_slot(&w->chain); due < to && w->ok; due = chain_due_slot(&w->chain)) {
        w->count = 0; /* what was put waits for its block */
        step(w, due);
    }
    w->count = count;
    step(w, to);
}

void world_halt(struct world *w, u64 slots)
{
    u64 last_s = w->model.now_s, to = w->slot + slots;
    u64 to_s = to * w->model.p.block_time_ms / 1000;

    if (to_s > last_s)
        world_put(w, WORLD_STATE,
                  (struct tx){.kind = TX_REPORT_HALT,
                              .u.report_halt = {last_s + (last_s + 1 < to_s), to_s}});
    step(w, to); /* whatever was due meanwhile */
}

/* ---- the whole ---- */

bool world_run(struct world *w, u64 seed)
{
    begin(w, seed);
    world_founded(w);
    while (w->ok && w->model.era < w->eras && w->scenes++ < 600)
        world_scene(w);
    if (w->ok)
        world_compare(w);
    reserve_close(&w->memory);
    return w->ok;
}

static bool concerns(const struct world *w, const struct log *l)
{
    u64 v;

    return w->subject[0] != '\0' && log_number(l, w->subject, &v) && v == w->subject_id;
}

void world_print(const struct world *w)
{
    char text[MODEL_TEXT];
    u32 from = w->n_logs, seen = 0;

    printf("# seed %llu, era %llu, second %llu, block %llu\n#   %s\n", (unsigned long long)w->seed,
           (unsigned long long)w->model.era, (unsigned long long)w->model.now_s,
           (unsigned long long)w->model.slot, w->why);
    while (from > 0 && seen < 24)
        seen += w->subject[0] == '\0' || concerns(w, &w->logs[--from]) ? 1 : 0;
    if (w->subject[0] == '\0')
        from = w->n_logs > 24 ? w->n_logs - 24 : 0;
    for (u32 i = from; i < w->n_logs; i++) {
        if (w->subject[0] != '\0' && !concerns(w, &w->logs[i]))
            continue;
        model_log_text(text, &w->logs[i]);
        printf("#   %8llu %s\n", (unsigned long long)w->seconds[i], text);
    }
}
