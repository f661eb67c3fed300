/* scenes - what happens in a world, mostly allowed, often not; see scenes.h. */
#include "tests/property/model/scenes.h"

#include "protocol/gpu.h"
#include "tests/property/any_tx.h"

#define below world_below
#define chance world_chance
#define advance world_advance

/* Draws in an order that no compiler chooses: the sender first, then the fields one by one;
 * elsewhere no expression draws twice. */
#define PUT(w, from, KIND, name, ...)                                                              \
    do {                                                                                           \
        u32 sender = (from);                                                                       \
        struct tx tx = {.kind = TX_##KIND, .u.name = {__VA_ARGS__}};                               \
        world_put((w), sender, tx);                                                                \
    } while (0)

/* ---- who and what ---- */

static u32 a_provider(struct world *w) /* account */
{
    return WORLD_PROVIDER + (u32)below(w, w->providers);
}

static u32 a_user(struct world *w)
{
    return w->first_user + (u32)below(w, w->users);
}

static u32 a_token(struct world *w)
{
    return (u32)below(w, w->model.genesis.tokens);
}

static u32 a_wallet(struct world *w)
{
    return w->model.n_wallets <= 1 ? 1 : 1 + (u32)below(w, w->model.n_wallets - 1);
}

static u32 owner(struct world *w, u32 wallet)
{
    if (wallet >= w->model.n_wallets || chance(w, 3))
        return a_user(w);
    return chain_wallet_owner(&w->chain, wallet);
}

/* One that runs, mostly; NULL: there is none. */
static const struct model_lease *a_lease(struct world *w)
{
    const struct model *m = &w->model;

    for (u32 tries = 0; m->n_leases > 0 && tries < 12; tries++) {
        u32 recent = m->n_leases < 12 ? m->n_leases : 12;
        const struct model_lease *l = &m->leases[m->n_leases - 1 - below(w, recent)];
        if (l->end_s == MODEL_OPEN || chance(w, 6))
            return l;
    }
    return NULL;
}

static struct machine a_machine(struct world *w)
{
    struct machine m = {.cpu = 8 + (u32)below(w, 90),
                        .ram_gib = 64 + (u32)below(w, 256),
                        .disk_gib = (u32)below(w, 4000) + 100,
                        .compute_score = (u32)below(w, 90000),
                        .up_mbps = (u32)below(w, 9000),
                        .down_mbps = (u32)below(w, 9000),
                        .region = (u16)below(w, 4),
                        .compliance = (u8)below(w, 8)};

    m.disk_nvme_gib =
        chance(w, 20) ? (m.disk_gib * 5001 + 9999) / 10000 : (u32)below(w, m.disk_gib + 1);
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (chance(w, i < 2 ? 60 : 10))
            m.gpu[i] = (struct gpu_line){(u16)(1 + below(w, chance(w, 50) ? 4 : GPU_MODELS)),
                                         (u16)(1 + below(w, 8))};
    }
    return m;
}

/* Any, or the same with a little less. */
static struct machine another_machine(struct world *w, u32 account)
{
    u32 provider = chain_account_provider(&w->chain, account);
    struct machine m = a_machine(w);

    if (provider == 0 || chance(w, 40))
        return m;
    m = *chain_provider_machine(&w->chain, provider);
    u32 k = (u32)below(w, 4), less = 1 + (u32)below(w, 20);
    m.cpu -= k == 0 && m.cpu > less ? less : 0;
    m.ram_gib -= k == 1 && m.ram_gib > less ? less : 0;
    m.disk_gib -= k == 2 && m.disk_gib - m.disk_nvme_gib >= less ? less : 0;
    m.gpu[0].count = (u16)(m.gpu[0].count - (k == 3 && m.gpu[0].count > 1 ? 1 : 0));
    return m;
}

static struct specs some_specs(struct world *w)
{
    struct specs x = {
        .cpu = 1 + (u32)below(w, 8), .ram_gib = (u32)below(w, 24), .disk_gib = (u32)below(w, 64)};

    if (chance(w, 35)) {
        x.gpus = (u16)(1 + below(w, 2));
        x.gpu_model = (u16)(chance(w, 60) ? GPU_ANY : 1 + below(w, 4));
    }
    return x;
}

static u64 units(const struct world *w, u32 token)
{
    u64 n = 1;

    for (u32 i = 0; i < w->model.genesis.token[token].decimals; i++)
        n *= 10;
    return n;
}

static struct amount a_price(struct world *w, u32 token)
{
    if (token == 0)
        return AMOUNT((u128)(1 + below(w, 60)) * 1000000000000007u);
    return AMOUNT(1 + (u128)below(w, token == 3 ? 12 : chance(w, 30) ? 200 : 900000));
}

/* Lengths around everything that has a length. */
static u64 a_length(struct world *w)
{
    const struct params *p = &w->model.p;
    const u64 lengths_s[] = {0,
                             1,
                             59,
                             60,
                             600,
                             1799,
                             1800,
                             3599,
                             3600,
                             3601,
                             5399,
                             5400,
                             5401,
                             7199,
                             7200,
                             7201,
                             9000,
                             p->era_seconds,
                             p->task_outage_s,
                             p->task_outage_s + 1,
                             p->standby_slash_after_s,
                             p->standby_slash_after_s + 1};

    return chance(w, 70) ? lengths_s[below(w, ARRAY_LEN(lengths_s))] : below(w, 12000);
}

static u64 slots_of(const struct world *w, u64 seconds)
{
    return 1 + seconds * 1000 / w->model.p.block_time_ms;
}

/* A wallet with funds in the token, mostly. */
static u32 a_purse(struct world *w, u32 *token)
{
    u32 wallet = a_wallet(w);

    *token = a_token(w);
    for (u32 i = 0; i < 8 && model_balance(&w->model, IN_UNLOCKED, wallet, *token) == 0; i++) {
        wallet = a_wallet(w);
        *token = a_token(w);
    }
    return wallet;
}

/* ---- scenes ---- */

static void registrations(struct world *w)
{
    u32 from = a_provider(w);

    if (chain_account_provider(&w->chain, from) == 0 || chance(w, 5))
        PUT(w, from, PROPOSE, propose, a_machine(w), 15 & ((1u << w->model.genesis.tokens) - 1),
            (u32)below(w, 2));
    if (chance(w, 60))
        PUT(w, WORLD_STATE, APPROVE, approve, (u32)below(w, w->providers + 2));
    u64 more = below(w, 2), spon = chance(w, 30) ? 50 * below(w, 11) : below(w, 700);
    if (chance(w, 70))
        PUT(w, from, STAKE, stake, AMOUNT(WEI_E18(spon) + more));
    if (chance(w, 30))
        PUT(w, from, UPDATE_MACHINE, update_machine, another_machine(w, from));
    if (chance(w, 30))
        PUT(w, from, SET_AUTO_STAKE, set_auto_stake, (u32)below(w, 3));
    if (chance(w, 40))
        PUT(w, WORLD_STATE, PUBLISH_AUDIT, publish_audit, (u32)below(w, w->providers + 1));
    if (chance(w, 2))
        PUT(w, from, EXIT, exit, 0);
    advance(w, 1 + below(w, 20));
}

static void deposits(struct world *w)
{
    u32 token = a_token(w), wallet = chance(w, 40) ? 0 : a_wallet(w);

    if (w->model.n_wallets < 8 && chance(w, 30))
        PUT(w, a_user(w), CREATE_WALLET, create_wallet, 0);
    u64 less = below(w, 2), whole = 1 + below(w, token == 0 ? 8000 : 1000);
    u32 own = chance(w, 90) ? a_user(w) : a_provider(w);
    PUT(w, wallet == 0 ? own : owner(w, wallet), DEPOSIT, deposit, wallet, token,
        AMOUNT((u128)units(w, token) * whole - less));
    if (chance(w, 15))
        PUT(w, owner(w, wallet), TRANSFER_WALLET, transfer_wallet, wallet,
            chance(w, 80) ? a_user(w) : a_provider(w));
    if (chance(w, 30))
        PUT(w, a_user(w), TRANSFER, transfer, chance(w, 50) ? a_user(w) : a_provider(w), token,
            AMOUNT(below(w, 100000)));
    advance(w, 1 + below(w, 20));
}

static void withdrawals(struct world *w)
{
    u32 token, wallet = a_purse(w, &token);
    u128 unlocked = model_balance(&w->model, IN_UNLOCKED, wallet, token);
    u128 locked = model_balance(&w->model, IN_LOCKED, wallet, token);

    PUT(w, owner(w, wallet), WITHDRAW, withdraw, wallet, token,
        AMOUNT(chance(w, 20)   ? unlocked
               : chance(w, 20) ? unlocked + 1
               : chance(w, 20) ? locked
                               : unlocked / (1 + below(w, 20))));
    PUT(w, a_provider(w), CLAIM_EARNINGS, claim_earnings, token,
        AMOUNT(chance(w, 60) ? 0 : below(w, 5000)));
    if (chance(w, 40))
        PUT(w, a_provider(w), CLAIM_REWARDS, claim_rewards, 0);
    if (chance(w, 30))
        PUT(w, chance(w, 50) ? WORLD_FOUNDATION : WORLD_TREASURY, CLAIM_FEES, claim_fees, token);
    advance(w, 1 + below(w, 40));
}

static void unbondings(struct world *w)
{
    u32 from = a_provider(w), p = chain_account_provider(&w->chain, from);
    u128 own = model_balance(&w->model, IN_STAKE, p, 0);

    for (u64 n = 1 + below(w, 3); n > 0; n--)
        PUT(w, from, UNSTAKE, unstake,
            AMOUNT(chance(w, 25)   ? own
                   : chance(w, 20) ? own + 1
                                   : own / (1 + below(w, 9))));
    advance(w, 1 + below(w, 40));
    if (chance(w, 50))
        PUT(w, from, STAKE, stake, AMOUNT(WEI_E18(below(w, 400))));
    advance(w, 1);
}

static void some_bids(struct world *w, u64 first, u64 next)
{
    for (u64 order = first; order < next; order++) {
        const struct model_order *o = NULL;
        for (u32 i = 0; i < w->model.n_orders; i++)
            if (w->model.orders[i].told.order == order)
                o = &w->model.orders[i];
        u128 most = o == NULL ? 100 : o->told.max_price.wei;
        for (u32 i = 0; i < w->providers; i++) {
            u32 p = chain_account_provider(&w->chain, WORLD_PROVIDER + i);
            bool may = o != NULL && p != 0 && chain_provider_eligible(&w->chain, p, &o->told);
            if (chance(w, may ? 80 : 15))
                PUT(w, WORLD_PROVIDER + i, PLACE_BID, place_bid, order,
                    AMOUNT(w->alike || chance(w, 15) ? most : most * (50 + below(w, 52)) / 100));
        }
    }
}

static void some_orders(struct world *w)
{
    for (u64 n = 1 + below(w, 3); n > 0; n--) {
        u32 token, wallet = a_purse(w, &token);
        u64 duration_s = chance(w, 20) ? 1 + below(w, 100) : 60 + below(w, 20000);
        struct amount most = a_price(w, token);
        u128 funds = model_balance(&w->model, IN_UNLOCKED, wallet, token);
        if (most.wei > funds && chance(w, 80))
            most = AMOUNT(funds / (1 + below(w, 4)));
        PUT(w, owner(w, wallet), CREATE_ORDER, create_order, wallet, token, some_specs(w),
            1 + (chance(w, 30) ? (u32)below(w, 3) : 0), most, duration_s,
            chance(w, 85) ? 0 : 1 + (u32)below(w, 3), chance(w, 85) ? 7 : 1 + (u32)below(w, 7));
    }
}

static void confirmations(struct world *w, u64 from)
{
    for (u32 i = 0; i < w->model.n_leases; i++) {
        const struct model_lease *l = &w->model.leases[i];
        if (l->id < from)
            continue;
        u32 account = w->model.providers[l->provider].account;
        if (chance(w, 8))
            PUT(w, account, CLAIM_EARNINGS, claim_earnings, l->token, AMOUNT(0));
        if (chance(w, 90))
            PUT(w, account, CONFIRM, confirm, l->id);
    }
}

static void a_market(struct world *w)
{
    u64 first = w->model.next_order, lease = w->model.next_lease;

    some_orders(w);
    if (chance(w, 15))
        some_bids(w, first, first + 2); /* in the orders' own block */
    advance(w, 1 + below(w, 5));
    some_bids(w, first, w->model.next_order);
    if (chance(w, 8)) {
        world_halt(w, 2 + below(w, 30)); /* over the match and its time */
    } else {
        advance(w, 1);
        if (chance(w, 40))
            some_bids(w, first, w->model.next_order);
        if (chance(w, 12))
            PUT(w, owner(w, a_wallet(w)), CANCEL_ORDER, cancel_order, first);
        if (chance(w, 10)) { /* the money leaves before the match */
            u32 wallet = a_wallet(w), token = a_token(w);
            PUT(w, owner(w, wallet), WITHDRAW, withdraw, wallet, token,
                AMOUNT(model_balance(&w->model, IN_UNLOCKED, wallet, token)));
        }
        advance(w, 1);
    }
    advance(w, 1);
    if (chance(w, 20))
        advance(w, 1 + below(w, 400));
    confirmations(w, lease);
    advance(w, 1 + below(w, 10));
}

static void tenancies(struct world *w)
{
    const struct model_lease *l = a_lease(w);

    if (l == NULL)
        return;
    u64 id = l->id, left_s = l->start_s + l->agreed_s - w->model.now_s;
    u32 tenant = owner(w, l->wallet), provider = w->model.providers[l->provider].account;
    u32 roll = (u32)below(w, 100);
    if (roll < 30) {
        PUT(w, tenant, EXTEND, extend, id, 1 + below(w, 9000));
    } else if (roll < 55) {
        if (l->end_s == MODEL_OPEN && left_s < 4000 && chance(w, 60))
            advance(w, slots_of(w, left_s) - below(w, 2)); /* to the end, or just before */
        PUT(w, chance(w, 50) ? tenant : provider, CLOSE_LEASE, close_lease, id, (u32)below(w, 2));
    } else if (roll < 90) {
        PUT(w, tenant, REQUEST_UPDATE, request_update, id, some_specs(w), 1 + (u32)below(w, 2),
            AMOUNT(l->price * (50 + below(w, 100)) / 100 + 1),
            chance(w, 50) ? 0 : 60 + below(w, 9000));
        advance(w, 1 + (chance(w, 20) ? below(w, 4) : 0));
        l = model_lease(&w->model, id);
        PUT(w, provider, ACCEPT_UPDATE, accept_update, id,
            AMOUNT(l->update_max_price * (60 + below(w, 42)) / 100));
        advance(w, chance(w, 80) ? 1 : 1 + below(w, 3));
    }
    advance(w, 1 + below(w, 30));
    PUT(w, tenant, RATE, rate, id, (u32)below(w, 52));
    advance(w, 1);
}

static void responses(struct world *w)
{
    u32 n = chain_providers(&w->chain);

    for (u32 i = 0; i < n; i++)
        w->data[i] = (u32)(chance(w, 80)   ? 40000 + below(w, 110000)
                           : chance(w, 20) ? 0
                                           : below(w, 700000));
    PUT(w, WORLD_STATE, REPORT_RESPONSES, report_responses, 1, n, 0);
}

static void outages(struct world *w)
{
    u32 provider = 1 + (u32)below(w, w->providers);
    u64 now_s = w->model.now_s, known_s = below(w, 200), length_s = a_length(w);

    if (chance(w, 15)) /* what a slow detector held back: no more than params.def lets it */
        known_s = below(w, w->model.p.heartbeat_s * (u64)params_most(PARAM_heartbeat_misses));
    u64 start_s = now_s > known_s ? now_s - known_s : now_s;
    if (chance(w, 25) && start_s % 3600 + known_s < 6000)
        start_s -= start_s % 3600;
    if (chance(w, 10)) { /* in the very second, and a price before and after the report */
        start_s = (w->slot + 1) * w->model.p.block_time_ms / 1000;
        PUT(w, WORLD_STATE, SET_PRICE, set_price, a_token(w), 1000000 + below(w, 300000000));
    }
    PUT(w, WORLD_STATE, REPORT_DOWN, report_down, provider, start_s, (u32)below(w, 2));
    if (chance(w, 10))
        PUT(w, WORLD_STATE, SET_PRICE, set_price, a_token(w), 1000000 + below(w, 300000000));
    advance(w, 1);
    for (u64 k = below(w, 3); k > 0; k--)
        (chance(w, 60) ? a_market : tenancies)(w);
    if (chance(w, 10))
        return; /* someone else's turn; he stays down */
    u64 late_s = below(w, chance(w, 15) ? 9000 : 90), end_s = start_s + length_s;
    u64 up = (end_s + late_s) * 1000 / w->model.p.block_time_ms;
    if (up > w->slot + 1)
        advance(w, up - w->slot);
    PUT(w, WORLD_STATE, REPORT_UP, report_up, provider, end_s);
    advance(w, 1);
}

static void back_up(struct world *w)
{
    u32 provider = 1 + (u32)below(w, w->providers);

    PUT(w, WORLD_STATE, REPORT_UP, report_up, provider, w->model.now_s - below(w, 3));
    advance(w, 1);
}

static void halts(struct world *w)
{
    u64 from_s = w->model.now_s - below(w, 4000);

    if (chance(w, 20) && from_s < w->model.now_s) { /* heard of late, or not to be believed */
        PUT(w, WORLD_STATE, REPORT_HALT, report_halt, from_s, from_s + 1 + below(w, 3000));
        advance(w, 1);
        return;
    }
    world_halt(w, chance(w, 30) ? slots_of(w, w->model.p.era_seconds) + below(w, 2000)
                                : 2 + below(w, 3000));
}

static void allowances(struct world *w)
{
    u32 whose = a_user(w), other = a_provider(w), token = a_token(w);
    u128 whole = units(w, token), asked = whole * below(w, 30);

    if (chance(w, 50)) {
        PUT(w, whose, APPROVE_TOKEN, approve_token, other, token, AMOUNT(whole * below(w, 40)));
        PUT(w, other, TRANSFER_FROM, transfer_from, whose, other, token, AMOUNT(asked));
    } else {
        PUT(w, whose, APPROVE_TOKEN, approve_token, 0, token, AMOUNT(whole * below(w, 40)));
        PUT(w, whose, DEPOSIT_ALLOWED, deposit_allowed, token, AMOUNT(asked));
    }
    advance(w, 1);
}

struct world_setting world_any_param(struct world *w)
{
    struct world_setting x = {(enum param_id)below(w, PARAM_KINDS), 0};
    u128 usual, most;

    if (x.param == PARAM_era_seconds || x.param == PARAM_block_gas_limit)
        x.param = PARAM_commission_bps;
    usual = params_get(&params_default, x.param);
    most = params_most(x.param);
    const u128 values[] = {
        0,         1,    usual,    usual + 1, usual / 2,
        usual * 2, most, most + 1, most / 2,  usual * (1 + below(w, 20)) / (1 + usual % 7)};
    x.value = values[below(w, ARRAY_LEN(values))];
    return x;
}

/* What the next closes are to be by. */
static void a_param(struct world *w)
{
    const struct {
        enum param_id param;
        u128 value[4];
    } all[] = {{PARAM_commission_bps, {0, 1500, 2000, 10000}},
               {PARAM_user_fee_bps, {0, 1, 200, 5000}},
               {PARAM_provider_fee_bps, {0, 100, 200, 33}},
               {PARAM_order_hold, {0, 1, 0, 1}},
               {PARAM_bid_window_blocks, {1, 2, 1, 2}},
               {PARAM_match_timeout_blocks, {2, 3, 10, 50}},
               {PARAM_cooldown_s, {0, 600, 3600, 7200}},
               {PARAM_standby_slash_after_s, {1800, 3600, 5400, 7200}},
               {PARAM_task_outage_s, {0, 600, 3600, 5400}},
               {PARAM_lease_warning_s, {0, 600, 3600, 7200}},
               {PARAM_activation_timeout_s, {30, 300, 600, 1200}},
               {PARAM_era_seconds, {3600, 7200, 10800, 14400}},
               {PARAM_promotion_eras, {1, 2, 3, 4}},
               {PARAM_demotion_eras, {1, 2, 3, 5}},
               {PARAM_tier_7_stake, {WEI_E18(50), WEI_E18(10), WEI_E18(99), WEI_E18(50)}},
               {PARAM_tier_3_stake, {WEI_E18(300), WEI_E18(250), WEI_E18(390), WEI_E18(300)}},
               {PARAM_tier_2_uptime, {9800, 9500, 9999, 5000}},
               {PARAM_unbonding_eras, {0, 1, 2, 4}},
               {PARAM_misconduct_slash_bps, {0, 3333, 10000, 9999}},
               {PARAM_gpu_multiplier_medium_1, {10000, 0, 15000, 33333}},
               {PARAM_cpu_base_points, {0, 1, 7, 100}},
               {PARAM_tier_4_multiplier, {12000, 0, 30000, 999}},
               {PARAM_supply0, {0, WEI_E18(1000), WEI_E18(1000000000), 12345678901}},
               {PARAM_bonus_amount, {0, WEI_E18(1), WEI_E18(1000), 1}},
               {PARAM_chain_outage_excluded, {0, 1, 1, 1}},
               {PARAM_auto_approve, {0, 1, 0, 1}},
               {PARAM_feedback_enabled, {0, 1, 0, 1}},
               {PARAM_match_slash_window_eras, {0, 1, 3, 30}},
               {PARAM_min_deposit_tokens, {0, 1, 5, 1}},
               {PARAM_max_duration_s, {3600, 86400, 31536000, 7200}},
               {PARAM_bracket_usd, {100000000, 1500000000, 300000000, 1}},
               {PARAM_storage_majority_bps, {1, 5001, 9999, 10000}},
               {PARAM_tier7_zero, {0, 1, 0, 1}},
               {PARAM_misconduct_appeal_eras, {0, 1, 2, 1}},
               {PARAM_oracle_stale_eras, {1, 2, 100, 100}},
               {PARAM_audit_valid_eras, {1, 2, 3, 365}}};
    u64 k = below(w, ARRAY_LEN(all));

    if (chance(w, 30)) {
        struct world_setting x = world_any_param(w);
        PUT(w, WORLD_STATE, SET_PARAM, set_param, x.param, x.value);
        return;
    }
    PUT(w, WORLD_STATE, SET_PARAM, set_param, all[k].param, all[k].value[below(w, 4)]);
}

static void decisions(struct world *w)
{
    u32 token = a_token(w);

    if (chance(w, 50))
        a_param(w);
    if (chance(w, 70))
        PUT(w, WORLD_STATE, SET_PRICE, set_price, token, 1000000 + below(w, 300000000));
    if (chance(w, 12))
        PUT(w, WORLD_STATE, SHRINK, shrink, token, (u32)below(w, 10001));
    for (u64 n = chance(w, 4) ? 1 + below(w, 3) : 0; n > 0; n--) {
        u128 damage = chance(w, 20) ? 0 : WEI_E18(below(w, 300));
        if (damage > 0)
            damage += below(w, 3);
        PUT(w, WORLD_STATE, VERDICT, verdict, 1 + (u32)below(w, w->providers), a_user(w),
            AMOUNT(damage));
    }
    if (chance(w, 20))
        PUT(w, WORLD_STATE, SET_TOKEN, set_token, token, chance(w, 70));
    advance(w, 1 + below(w, 60));
}

/* Anything from anybody, mostly refused. */
static void nonsense(struct world *w)
{
    for (u64 n = 1 + below(w, 4); n > 0; n--) {
        struct tx tx = any_tx(&w->any);
        /* what the model has no room for, and what the log does not tell (README.md) */
        if (tx.kind == TX_REPORT_DOWN || tx.kind == TX_SET_PRICE || tx.kind == TX_SET_PARAM ||
            tx.kind == TX_VERDICT || tx.kind == TX_SEND || tx.kind == TX_CREATE_WALLET)
            continue;
        world_put(w, 1 + (u32)below(w, w->accounts), tx);
    }
    advance(w, 1 + below(w, 10));
}

static void time_passes(struct world *w)
{
    responses(w);
    advance(w, slots_of(w, below(w, w->model.p.era_seconds)));
}

void world_founded(struct world *w)
{
    struct machine first = a_machine(w);
    u64 spon = 100 + below(w, 600);

    for (u32 i = 0; i < w->providers; i++) {
        u32 from = WORLD_PROVIDER + i, tokens = 15 & ((1u << w->model.genesis.tokens) - 1);
        if (!w->alike && !chance(w, 85))
            continue;
        PUT(w, from, PROPOSE, propose, w->alike ? first : a_machine(w), tokens, (u32)below(w, 2));
        PUT(w, from, STAKE, stake, AMOUNT(WEI_E18(w->alike ? spon : 40 + below(w, 600))));
    }
    advance(w, 1);
    for (u32 i = 0; i < 3; i++)
        deposits(w);
    for (u32 i = 0; i < 3; i++)
        (w->alike ? a_market : registrations)(w);
}

void world_scene(struct world *w)
{
    static void (*const scenes[])(struct world *) = {
        registrations, deposits, deposits,  withdrawals, unbondings, a_market,
        a_market,      a_market, a_market,  tenancies,   tenancies,  tenancies,
        outages,       outages,  decisions, nonsense,    back_up,    time_passes};

    if (chance(w, 4))
        halts(w);
    if (chance(w, 4))
        allowances(w);
    scenes[below(w, ARRAY_LEN(scenes))](w);
    if (chance(w, 40))
        responses(w);
    if (chance(w, 40))
        advance(w, slots_of(w, below(w, 500)));
}
