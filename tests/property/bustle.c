/* bustle - see bustle.h. */
#include "tests/property/bustle.h"

#include "chain-mock/watch/watch.h"
#include "protocol/gpu.h"

#include <string.h>

static u64 below(struct bustle *b, u64 bound)
{
    return any_below(&b->any, bound);
}

static bool chance(struct bustle *b, u64 percent)
{
    return below(b, 100) < percent;
}

static const struct state *state_of(const struct bustle *b)
{
    return &b->chain->state;
}

/* ---- beginnings ---- */

struct params bustle_params(void)
{
    struct params p = params_default;

    p.block_time_ms = 1500;
    p.era_seconds = 4 * 3600;
    p.auto_approve = false;
    p.promotion_eras = 2;
    p.demotion_eras = 2;
    p.unbonding_eras = 2;
    p.oracle_stale_eras = 1000;
    p.supply0 = AMOUNT(WEI_E18(100000000));
    p.storage_boost = 1000;
    p.bonus_amount = AMOUNT(WEI_E18(3));
    p.bonus_lease_hours = 3;
    return p;
}

void bustle_begin(struct bustle *b, struct chain *c, void *memory, const struct params *p,
                  struct tally *tally, u64 seed)
{
    u8 addresses[BUSTLE_ACCOUNTS][20] = {{0}};

    for (u32 i = 1; i < BUSTLE_ACCOUNTS; i++)
        addresses[i][19] = (u8)i;
    bustle_begin_as(b, c, memory, p, tally, seed, (const u8(*)[20])addresses);
}

void bustle_begin_as(struct bustle *b, struct chain *c, void *memory, const struct params *p,
                     struct tally *tally, u64 seed, const u8 (*addresses)[20])
{
    static const struct genesis_token tokens[] = {
        {18, 0, true, 6000000}, {6, 0, true, 100000000}, {8, 100, true, 250000000}};
    struct genesis g = {.params = p, .tokens = tokens, .token_count = ARRAY_LEN(tokens), .coin = 3};
    struct amount funds[TOKENS_MAX] = {{WEI_E18(10000000)}, {(u128)1 << 60}, {(u128)1 << 60}};

    *b = (struct bustle){.chain = c, .any = ANY(seed), .side = {{seed, 1, 0}, 0}};
    g.world_secret[0] = (u8)seed;
    chain_init(c, memory, &g, tally);
    c->state.full_every = 1;
    for (u32 i = 1; i < BUSTLE_ACCOUNTS; i++) {
        u32 roles = i == BUSTLE_STATE ? ROLE_GOVERNANCE | ROLE_ORACLE | ROLE_REPORTER | ROLE_ISSUER
                    : i == BUSTLE_FOUNDATION ? ROLE_FOUNDATION
                    : i == BUSTLE_TREASURY   ? ROLE_TREASURY
                                             : 0;
        (void)chain_add_account(c, addresses[i], roles, 0, funds);
    }
}

/* ---- blocks ---- */

static void put(struct bustle *b, u32 from, struct tx tx)
{
    u64 nonce = chain_account_nonce(b->chain, from);

    if (b->count == BUSTLE_TXS)
        return;
    for (u32 i = 0; i < b->count; i++)
        nonce += b->txs[i].from == from;
    b->txs[b->count++] = (struct block_tx){.from = from, .nonce = nonce, .tx = tx};
}

/* Who is drawn before what: the order of arguments is the compiler's. */
#define PUT(b, from, KIND, name, ...)                                                              \
    do {                                                                                           \
        u32 whose = (from);                                                                        \
        put((b), whose, (struct tx){.kind = TX_##KIND, .u.name = {__VA_ARGS__}});                  \
    } while (0)

static u32 step_block(struct bustle *b, struct block *block)
{
    return b->step != NULL ? b->step(b->about, block) : chain_step(b->chain, block);
}

static void step(struct bustle *b, u64 slot)
{
    struct block block = {.slot = slot,
                          .count = b->count,
                          .txs = b->txs,
                          .data = b->data,
                          .data_count = BUSTLE_PROVIDERS};
    u32 taken = step_block(b, &block);

    check(taken == b->count && chain_full(b->chain) == NULL);
    for (u32 i = 0; i < b->count; i++)
        (b->txs[i].err == ERR_None ? b->accepted : b->refused)[b->txs[i].tx.kind]++;
    b->count = 0;
    b->slot = slot;
    if (b->full_every != 0 && ++b->blocks % b->full_every == 0)
        watch_all(&b->chain->state);
}

/* What was put goes into the block `ahead` slots on; what is due before has its own blocks. */
static void advance(struct bustle *b, u64 ahead)
{
    struct block empty = {0};
    u64 to = b->slot + ahead;

    for (u64 due = chain_due_slot(b->chain); due < to; due = chain_due_slot(b->chain)) {
        empty.slot = due;
        (void)step_block(b, &empty);
    }
    step(b, to);
}

/* ---- who and what ---- */

static u32 a_provider(struct bustle *b)
{
    return BUSTLE_FIRST_PROVIDER + (u32)below(b, BUSTLE_PROVIDERS);
}

static u32 a_user(struct bustle *b)
{
    return BUSTLE_FIRST_USER + (u32)below(b, BUSTLE_USERS);
}

static u32 a_wallet(struct bustle *b)
{
    u32 wallets = state_of(b)->tables[TABLE_WALLET].count - 1;

    return wallets == 0 ? 0 : 1 + (u32)below(b, wallets);
}

static u32 owner(struct bustle *b, u32 wallet)
{
    return wallet == 0 ? a_user(b) : chain_wallet_owner(b->chain, wallet);
}

/* One that runs, mostly; else any, ended or yet to be. */
static u64 a_lease(struct bustle *b)
{
    u32 providers = chain_providers(b->chain), place = 0;

    for (u32 tries = 0; providers > 0 && place == 0 && tries < 6; tries++)
        place = chain_first_lease(b->chain, 1 + (u32)below(b, providers));
    for (u64 skip = below(b, 3); place != 0 && skip > 0; skip--)
        place = chain_next_lease(b->chain, place);
    if (place != 0 && chance(b, 70))
        return lease_at(state_of(b), place)->id;
    u64 next = state_meta(state_of(b))->next_lease, back = below(b, 24);

    return back < next ? next - back : 0; /* the next one is nobody's yet */
}

/* One draw a statement, here and below: the order within an expression or a list is the compiler's.
 */
static struct machine a_machine(struct bustle *b)
{
    struct machine m = {0};

    m.cpu = 8 + (u32)below(b, 64);
    m.ram_gib = 64 + (u32)below(b, 256);
    m.disk_gib = 500 + (u32)below(b, 4000);
    m.compute_score = (u32)below(b, 80000);
    m.up_mbps = (u32)below(b, 8000);
    m.down_mbps = (u32)below(b, 8000);
    m.compliance = (u8)below(b, 8);
    m.disk_nvme_gib = (u32)below(b, m.disk_gib + 1);
    for (u32 i = 0; i < 2; i++) {
        if (!chance(b, 70))
            continue;
        m.gpu[i].model = (u16)(1 + below(b, 5));
        m.gpu[i].count = (u16)(1 + below(b, 8));
    }
    return m;
}

static struct specs some_specs(struct bustle *b)
{
    struct specs x = {0};

    x.cpu = 1 + (u32)below(b, 6);
    x.ram_gib = (u32)below(b, 16);
    x.disk_gib = (u32)below(b, 64);
    if (chance(b, 30)) {
        x.gpus = (u16)(1 + below(b, 2));
        x.gpu_model = (u16)(chance(b, 50) ? GPU_ANY : 1 + below(b, 5));
    }
    return x;
}

static struct amount a_price(struct bustle *b, u32 token)
{
    return AMOUNT(token == TOKEN_SPON ? (u128)(1 + below(b, 40)) * 1000000000000007u
                                      : (u128)(1 + below(b, 900000)));
}

/* ---- scenes ---- */

static void registrations(struct bustle *b)
{
    u32 from = a_provider(b);

    if (chance(b, 60)) {
        struct machine m = a_machine(b);
        PUT(b, from, PROPOSE, propose, m, 7, (u32)below(b, 2));
    }
    PUT(b, from, STAKE, stake, AMOUNT(WEI_E18(40 + below(b, 600))));
    if (chance(b, 40))
        PUT(b, from, UPDATE_MACHINE, update_machine, a_machine(b));
    if (chance(b, 30))
        PUT(b, from, SET_AUTO_STAKE, set_auto_stake, (u32)below(b, 3));
    if (chance(b, 30))
        PUT(b, BUSTLE_STATE, PUBLISH_AUDIT, publish_audit, (u32)below(b, 14));
    if (chance(b, 1))
        PUT(b, from, EXIT, exit, 0);
    for (u32 i = 0; i < 4; i++)
        PUT(b, BUSTLE_STATE, APPROVE, approve, (u32)below(b, 14));
    advance(b, 1 + below(b, 20));
}

static void deposits(struct bustle *b)
{
    u32 token = (u32)below(b, 3);
    u32 wallet = a_wallet(b);

    if (state_of(b)->tables[TABLE_WALLET].count < 12)
        PUT(b, a_user(b), CREATE_WALLET, create_wallet, 0);
    u128 whole = amount_token_units(token_at(state_of(b), token + 1)->decimals);
    u128 amount = whole * (1 + below(b, 2000));
    amount -= below(b, 2);
    PUT(b, owner(b, wallet), DEPOSIT, deposit, wallet, token, AMOUNT(amount));
    if (chance(b, 10))
        PUT(b, chance(b, 80) ? owner(b, wallet) : a_user(b), TRANSFER_WALLET, transfer_wallet,
            wallet, a_user(b));
    if (chance(b, 20)) {
        u32 to = a_user(b);
        PUT(b, a_user(b), TRANSFER, transfer, to, token, AMOUNT(below(b, 1000)));
    }
    advance(b, 1 + below(b, 20));
}

static void withdrawals(struct bustle *b)
{
    u32 token = (u32)below(b, 3), wallet = a_wallet(b);
    u32 purse = wallet == 0 ? 0 : wallet_at(state_of(b), wallet)->purse[token];

    if (purse != 0) {
        const struct purse_row *p = purse_at(state_of(b), purse);
        u128 amount = chance(b, 30)   ? p->unlocked.wei + p->locked.wei / 2 + 1
                      : chance(b, 50) ? p->locked.wei / 2
                                      : p->unlocked.wei / (1 + below(b, 20));
        PUT(b, owner(b, wallet), WITHDRAW, withdraw, wallet, token, AMOUNT(amount));
    }
    PUT(b, a_provider(b), CLAIM_EARNINGS, claim_earnings, token,
        AMOUNT(chance(b, 50) ? 0 : below(b, 5000)));
    if (chance(b, 30))
        PUT(b, a_provider(b), CLAIM_REWARDS, claim_rewards, 0);
    if (chance(b, 20))
        PUT(b, BUSTLE_FOUNDATION, CLAIM_FEES, claim_fees, token);
    if (chance(b, 20))
        PUT(b, BUSTLE_TREASURY, CLAIM_FEES, claim_fees, token);
    if (chance(b, 30))
        PUT(b, a_provider(b), UNSTAKE, unstake, AMOUNT(WEI_E18(1 + below(b, 60))));
    advance(b, 1 + below(b, 40));
}

static void bids(struct bustle *b, u64 first, u64 next)
{
    for (u64 order = first; order < next; order++) {
        u32 row = order_find(state_of(b), order);
        u128 most = row == 0 ? 100 : order_at(state_of(b), row)->max_price.wei;
        for (u64 n = below(b, 5); n > 0; n--) {
            u128 price = most * (50 + below(b, 56)) / 100; /* now and then above it */
            PUT(b, a_provider(b), PLACE_BID, place_bid, order, AMOUNT(price));
        }
    }
}

static void a_market(struct bustle *b)
{
    u64 first = state_meta(state_of(b))->next_order;

    for (u64 n = 1 + below(b, 5); n > 0; n--) {
        u32 wallet = a_wallet(b);
        u32 token = (u32)below(b, 3);
        u64 duration_s = chance(b, 20) ? 1 + below(b, 100) : 600 + below(b, 30000);
        struct specs specs = some_specs(b);
        u32 replicas = 1 + (u32)below(b, 3);
        struct amount price = a_price(b, token);
        u32 worst = chance(b, 80) ? 7 : 1 + (u32)below(b, 7);
        PUT(b, owner(b, wallet), CREATE_ORDER, create_order, wallet, token, specs, replicas, price,
            duration_s, 0, worst);
    }
    if (chance(b, 20))
        bids(b, first, first + 2); /* in the orders' own block */
    advance(b, 1 + below(b, 5));
    u64 next = state_meta(state_of(b))->next_order;
    bids(b, first, next);
    advance(b, 1);
    if (chance(b, 50))
        bids(b, first, next);
    if (chance(b, 20))
        PUT(b, owner(b, a_wallet(b)), CANCEL_ORDER, cancel_order, first);
    advance(b, 1);
    u64 lease = state_meta(state_of(b))->next_lease;
    advance(b, 1);
    for (; lease < state_meta(state_of(b))->next_lease; lease++) {
        u32 row = lease_find(state_of(b), lease);
        if (row == 0)
            continue;
        const struct lease_row *l = lease_at(state_of(b), row);
        u32 account = chain_provider_account(b->chain, l->provider), token = l->token;
        if (chance(b, 10)) { /* what is not confirmed cannot be claimed */
            advance(b, 1 + below(b, 300));
            PUT(b, account, CLAIM_EARNINGS, claim_earnings, token, AMOUNT(0));
        }
        if (chance(b, 90))
            PUT(b, account, CONFIRM, confirm, lease);
    }
    advance(b, 1 + below(b, 10));
}

static void tenancies(struct bustle *b)
{
    u64 lease = a_lease(b);
    u32 row = lease_find(state_of(b), lease);
    u32 tenant = row == 0 ? a_user(b) : owner(b, lease_at(state_of(b), row)->wallet);
    u32 provider = row == 0
                       ? a_provider(b)
                       : chain_provider_account(b->chain, lease_at(state_of(b), row)->provider);
    u32 token = row == 0 ? 1 : lease_at(state_of(b), row)->token;

    if (chance(b, 30)) {
        u32 who = chance(b, 90) ? tenant : provider;
        PUT(b, who, EXTEND, extend, lease, 1 + below(b, 9000));
    } else if (chance(b, 30)) {
        PUT(b, chance(b, 50) ? tenant : provider, CLOSE_LEASE, close_lease, lease,
            (u32)below(b, 2));
    } else if (chance(b, 60)) {
        struct specs specs = some_specs(b);
        u32 replicas = 1 + (u32)below(b, 2);
        struct amount price = a_price(b, token);
        u64 duration_s = chance(b, 50) ? 0 : 600 + below(b, 9000);
        PUT(b, tenant, REQUEST_UPDATE, request_update, lease, specs, replicas, price, duration_s);
        advance(b, 1);
        u128 most = row == 0 ? 100 : lease_at(state_of(b), row)->update_max_price.wei;
        PUT(b, provider, ACCEPT_UPDATE, accept_update, lease,
            AMOUNT(most * (60 + below(b, 45)) / 100));
    }
    advance(b, 1 + below(b, 30));
    PUT(b, tenant, RATE, rate, lease, (u32)below(b, 52));
    advance(b, 1);
}

/* Who is down and not yet known to be takes back all he may but for a little. */
static void flight(struct bustle *b, u32 provider)
{
    const struct state *s = state_of(b);
    struct amount some = AMOUNT(WEI_E18(below(b, 3))), all;

    if (provider < s->tables[TABLE_PROVIDER].count &&
        amount_sub(&all, standing_at(s, provider)->own, some) && all.wei != 0)
        PUT(b, provider_at(s, provider)->account, UNSTAKE, unstake, all);
    advance(b, 1);
}

static void outages(struct bustle *b)
{
    static const u64 lengths_s[] = {60, 600, 3599, 3600, 3601, 5400, 7200, 9000};
    u32 provider = 1 + (u32)below(b, BUSTLE_PROVIDERS);
    u64 now_s = state_meta(state_of(b))->now_s, known_s = 60 + below(b, 100);
    u64 start_s = now_s > known_s ? now_s - known_s : now_s;
    u64 length_s = lengths_s[below(b, ARRAY_LEN(lengths_s))];

    if (provider % 3 != 0 && chance(b, 80))
        length_s = 60;
    else if (chance(b, 10))
        flight(b, provider);
    PUT(b, BUSTLE_STATE, REPORT_DOWN, report_down, provider, start_s, (u32)below(b, 2));
    advance(b, 1);
    for (u64 k = below(b, 3); k > 0; k--)
        a_market(b);
    u64 end_s = start_s + length_s, up = (end_s + below(b, 90)) * 1000 / 1500 + 1;
    PUT(b, BUSTLE_STATE, REPORT_UP, report_up, provider, end_s);
    advance(b, up > b->slot ? up - b->slot : 1);
}

static void decisions(struct bustle *b)
{
    static const struct {
        enum param_id param;
        u64 low, range;
    } choices[] = {{PARAM_commission_bps, 1500, 1000},
                   {PARAM_user_fee_bps, 0, 400},
                   {PARAM_order_hold, 0, 2},
                   {PARAM_bid_window_blocks, 1, 2},
                   {PARAM_misconduct_slash_bps, 3333, 6667}};
    u64 k = below(b, ARRAY_LEN(choices)), now_s = state_meta(state_of(b))->now_s;

    if (chance(b, 30))
        PUT(b, BUSTLE_STATE, SET_PARAM, set_param, choices[k].param,
            choices[k].low + below(b, choices[k].range));
    u32 token = (u32)below(b, 3);
    PUT(b, BUSTLE_STATE, SET_PRICE, set_price, token, 1000000 + below(b, 300000000));
    if (chance(b, 8)) {
        u32 shrinks = 1 + (u32)below(b, 2);
        PUT(b, BUSTLE_STATE, SHRINK, shrink, shrinks, 4000 + (u32)below(b, 6000));
    }
    if (chance(b, 2)) {
        u32 provider = 1 + (u32)below(b, 12), user = 0;
        user = a_user(b);
        PUT(b, BUSTLE_STATE, VERDICT, verdict, provider, user, AMOUNT(WEI_E18(below(b, 300))));
    }
    if (chance(b, 10))
        PUT(b, BUSTLE_STATE, SET_TOKEN, set_token, 2, (u32)below(b, 2));
    if (chance(b, 20) && now_s > 100)
        PUT(b, BUSTLE_STATE, REPORT_HALT, report_halt, now_s - below(b, 90), now_s);
    u32 all = chain_providers(b->chain); /* more where others propose too */
    u32 providers = all < BUSTLE_PROVIDERS ? all : BUSTLE_PROVIDERS;
    for (u32 i = 0; i < providers; i++)
        b->data[i] =
            (u32)(chance(b, i % 3 == 0 ? 40 : 90) ? 40000 + below(b, 110000) : below(b, 600000));
    PUT(b, BUSTLE_STATE, REPORT_RESPONSES, report_responses, 1, providers, 0);
    advance(b, 1 + below(b, 60));
}

/* Into the block that comes. */
static void allowances(struct bustle *b)
{
    struct any *a = &b->side;
    u32 owner = BUSTLE_FIRST_USER + (u32)any_below(a, BUSTLE_USERS);
    u32 other = BUSTLE_FIRST_USER + (u32)any_below(a, BUSTLE_USERS);
    u32 token = (u32)any_below(a, 3);
    u128 whole = amount_token_units(token_at(state_of(b), token + 1)->decimals);
    struct amount let = AMOUNT(any_below(a, 5) == 0 ? U128_MAX : whole * any_below(a, 40));
    u128 part = whole * any_below(a, 30);
    struct amount asked = AMOUNT(part / (1 + any_below(a, 30)));

    if (any_below(a, 2) == 0) {
        PUT(b, owner, APPROVE_TOKEN, approve_token, other, token + (u32)any_below(a, 2), let);
        PUT(b, other, TRANSFER_FROM, transfer_from, owner, other, token, asked);
    } else if (account_at(state_of(b), owner)->wallet != 0) {
        PUT(b, owner, APPROVE_TOKEN, approve_token, 0, token, let);
        PUT(b, owner, DEPOSIT_ALLOWED, deposit_allowed, token, asked);
    }
}

void bustle_scene(struct bustle *b)
{
    static void (*const scenes[])(struct bustle *) = {
        registrations, deposits,  withdrawals, a_market, a_market,
        a_market,      tenancies, tenancies,   outages,  decisions};

    if (any_below(&b->side, 8) == 0)
        allowances(b);
    scenes[below(b, ARRAY_LEN(scenes))](b);
    if (chance(b, 30))
        advance(b, 1 + below(b, 1500));
}
