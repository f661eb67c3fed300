#include "chain-mock/state/chain.h"

#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/close.h"
#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/order.h"
#include "chain-mock/contracts/registry.h"
#include "chain-mock/state/ledger.h"
#include "chain-mock/state/receipts.h"
#include "chain-mock/watch/watch.h"
#include "protocol/invariants/invariant.h"

#include <string.h>

static void add_token(struct state *s, const struct genesis_token *g)
{
    u32 row = token_new(s);
    struct token_row *t = token_open(s, row);

    t->index = row - 1;
    t->decimals = g->decimals;
    t->transfer_fee_bps = g->transfer_fee_bps;
    t->registered = 1;
    t->enabled = g->enabled;
    if (g->usd_e8 == 0)
        return;
    u32 price = price_new(s);
    *price_open(s, price) = (struct price_row){.usd_e8 = g->usd_e8};
    t->price_head = price;
    t->usd_e8 = g->usd_e8;
    t->has_price = 1;
}

void chain_init(struct chain *c, void *memory, const struct genesis *g, struct tally *tally)
{
    struct state *s = &c->state;

    check(g->token_count >= 1 && g->token_count <= TOKENS_MAX && g->coin <= g->token_count);
    c->blocks = 0;
    c->txs = 0;
    c->receipts = NULL;
    state_init(s, memory, g->params, tally);
    s->rtt_us = g->rtt_us;
    s->regions = g->regions;
    s->log_tx = LOG_NO_TX;
    u32 meta = meta_new(s);
    check(meta == META);
    struct meta_row *m = meta_open(s, META);
    memcpy(m->world_secret, g->world_secret, sizeof(m->world_secret));
    m->era_end_s = g->params->era_seconds;
    m->coin = g->coin;
    m->next_order = m->next_lease = m->next_slash = m->next_evidence = m->next_match = 1;
    for (u32 t = 0; t < g->token_count; t++)
        add_token(s, &g->tokens[t]);
    state_commit(s);
    s->log_count = 0;
    check(moments_put(&s->moments, moment_of(m->era_end_s, MOMENT_ERA, 0)));
}

u32 chain_add_account(struct chain *c, const u8 address[20], u32 roles, u32 region,
                      const struct amount funds[TOKENS_MAX])
{
    struct state *s = &c->state;
    u32 row = account_new(s);

    if (row == 0)
        return 0;
    struct account_row *a = account_open(s, row);
    memcpy(a->address, address, sizeof(a->address));
    a->roles = roles;
    a->region = region;
    for (u32 t = 0; t < TOKENS_MAX; t++) {
        if (funds[t].wei != 0)
            check(ledger_mint(s, t, place_account(s, row, t), funds[t], CAUSE_GENESIS));
    }
    struct meta_row *m = meta_open(s, META);
    if (roles & ROLE_FOUNDATION)
        m->foundation = row;
    if (roles & ROLE_TREASURY)
        m->treasury = row;
    state_commit(s);
    return row;
}

void chain_grant_tier(struct chain *c, u32 account, u32 tier)
{
    check(tier >= 1 && tier <= TIER_LOWEST);
    account_open(&c->state, account)->initial_tier = tier;
    state_commit(&c->state);
}

/* ---- moments ---- */

/* Whether an entry of the heap is still true. */
static bool owed(const struct state *s, struct moment m)
{
    u64 id = moment_id(m);
    u32 row, reason;

    switch (moment_kind(m)) {
    case MOMENT_LEASE_END:
        row = lease_find(s, id);
        return row != 0 && lease_at(s, row)->ended_s == INTERVAL_OPEN &&
               lease_end_s(lease_at(s, row), &s->params, &reason) == m.second;
    case MOMENT_ORDER_EXPIRY:
        return order_find(s, id) != 0;
    case MOMENT_WARNING:
        row = lease_find(s, id);
        return row != 0 && lease_at(s, row)->ended_s == INTERVAL_OPEN &&
               lease_warning_s(lease_at(s, row), &s->params) == m.second;
    case MOMENT_ERA:
        return state_meta(s)->era == id;
    case MOMENT_KINDS:
        break;
    }
    check_unreachable();
}

static const struct moment *first_owed(struct state *s)
{
    const struct moment *m = moments_first(&s->moments);

    while (m != NULL && !owed(s, *m)) {
        moments_drop(&s->moments);
        m = moments_first(&s->moments);
    }
    return m;
}

static void take_moment(struct state *s, struct moment m)
{
    u64 id = moment_id(m);
    u32 row, reason;

    switch (moment_kind(m)) {
    case MOMENT_LEASE_END:
        row = lease_find(s, id);
        (void)lease_end_s(lease_at(s, row), &s->params, &reason);
        lease_end(s, row, m.second, reason);
        break;
    case MOMENT_ORDER_EXPIRY:
        order_expire(s, order_find(s, id), m.second);
        break;
    case MOMENT_WARNING:
        lease_warn(s, lease_find(s, id), m.second);
        break;
    case MOMENT_ERA:
        era_close(s);
        break;
    case MOMENT_KINDS:
        check_unreachable();
    }
    state_commit(s);
}

static void take_moments(struct state *s, u64 now_s)
{
    for (const struct moment *m = first_owed(s);
         m != NULL && m->second <= now_s && !s->out_of_memory; m = first_owed(s)) {
        struct moment due = *m;
        moments_drop(&s->moments);
        take_moment(s, due);
    }
}

/* ---- matches ---- */

/* The least order that waits for its match; 0: none. */
static u32 next_match(const struct state *s, u64 *id)
{
    for (*id = state_meta(s)->next_match; *id < state_meta(s)->next_order; ++*id) {
        u32 row = order_find(s, *id);
        if (row != 0)
            return row;
    }
    return 0;
}

static void take_matches(struct state *s, u64 slot, u64 now_s)
{
    u64 id;

    for (u32 row = next_match(s, &id);
         row != 0 && order_match_slot(order_at(s, row), &s->params) <= slot && !s->out_of_memory;
         row = next_match(s, &id)) {
        meta_open(s, META)->next_match = id + 1;
        order_match(s, row, now_s);
        state_commit(s);
    }
}

/* ---- transactions ---- */

static struct call call_of(struct state *s, const struct block_tx *t, const struct block *b,
                           u64 now_s)
{
    return (struct call){.s = s,
                         .from = t->from,
                         .now_s = now_s,
                         .slot = b->slot,
                         .data = b->data,
                         .data_count = b->data_count};
}

/* 0: the table is full. */
static u32 begin_account(struct state *s, const u8 address[20])
{
    u32 row = account_new(s);

    if (row != 0)
        memcpy(account_open(s, row)->address, address, 20);
    return row;
}

static void add_newcomers(struct state *s, const struct block *b)
{
    for (u32 i = 0; i < b->newcomer_count && !s->out_of_memory; i++) {
        (void)begin_account(s, b->newcomers[i].address);
        state_commit(s);
    }
}

static bool account_known(const struct state *s, u32 account)
{
    return account != 0 && account < s->tables[TABLE_ACCOUNT].count;
}

static bool runs_dry(const struct block_tx *t)
{
    return t->gas_limit != 0 && t->gas_limit < tx_rows[t->tx.kind].gas;
}

/* What runs out of gas has used all that it might. */
static u32 gas_of(const struct block_tx *t)
{
    return runs_dry(t) ? (u32)t->gas_limit : tx_rows[t->tx.kind].gas;
}

/* How many of the block's transactions its gas takes; the first one always. */
static u32 txs_that_fit(const struct state *s, const struct block *b)
{
    u64 gas = 0;

    for (u32 i = 0; i < b->count; i++) {
        gas += gas_of(&b->txs[i]);
        if (gas > s->params.block_gas_limit && i > 0)
            return i;
    }
    return b->count;
}

/* The nonce that the sender of a transaction will be at when its turn comes. */
static u64 nonce_in_turn(const struct state *s, const struct block *b, u32 place)
{
    u32 from = b->txs[place].from;
    u64 nonce = account_at(s, from)->nonce;

    for (u32 i = 0; i < place; i++)
        nonce += b->txs[i].from == from && b->txs[i].nonce == nonce;
    return nonce;
}

/* A halt ends with the block that reports it, and eras that lie in it close in that block: settled
 * 63, "halted seconds are up for hours and in neither side of uptime".  So reports of halts are
 * heard before the moments; as transactions, in their turn, they find it known. */
static void hear_of_halts(struct state *s, const struct block *b, u64 now_s)
{
    u32 fit = txs_that_fit(s, b);

    for (u32 i = 0; i < fit; i++) {
        const struct block_tx *t = &b->txs[i];
        if (t->tx.kind != TX_REPORT_HALT || !account_known(s, t->from) || runs_dry(t) ||
            nonce_in_turn(s, b, i) != t->nonce)
            continue;
        struct call call = call_of(s, t, b, now_s);
        s->log_tx = i;
        if (contract_call(&call, &t->tx) == ERR_None)
            state_commit(s);
        else
            state_revert(s);
    }
    s->log_tx = LOG_NO_TX;
}

/* Gas has a price where the host gives one; settled 118: "gas = 0 model, option".  It goes to the
 * treasury.  A unit of its own: a refused transaction pays too. */
static bool pay_gas(struct state *s, const struct block_tx *t)
{
    u32 coin = state_meta(s)->coin, treasury = state_meta(s)->treasury;
    u64 gas = gas_of(t);
    struct amount fee;

    if (t->gas_price.wei == 0 || gas == 0)
        return true;
    if (coin == 0 || treasury == 0 || t->gas_price.wei > U128_MAX / gas)
        return false;
    fee = AMOUNT(t->gas_price.wei * gas);
    if (amount_cmp(account_at(s, t->from)->balance[coin - 1], fee) < 0)
        return false;
    if (treasury != t->from)
        ledger_pay(s, coin - 1, place_account(s, t->from, coin - 1),
                   place_account(s, treasury, coin - 1), fee, CAUSE_GAS);
    state_commit(s);
    return true;
}

static enum err take_tx(struct state *s, struct block_tx *t, const struct block *b, u64 now_s)
{
    struct call call = call_of(s, t, b, now_s);

    if (!account_known(s, t->from))
        return ERR_UnknownAccount;
    if (account_at(s, t->from)->nonce != t->nonce)
        return ERR_InvalidNonce;
    if (!pay_gas(s, t))
        return ERR_InsufficientFunds;
    t->gas = gas_of(t);
    enum err e = runs_dry(t) ? ERR_OutOfGas : contract_call(&call, &t->tx);
    if (e != ERR_None)
        state_revert(s);
    t->id = e == ERR_None ? call.id : 0;
    /* "A refused transaction changes nothing but the nonce" */
    account_open(s, t->from)->nonce++;
    state_commit(s);
    return e;
}

static void fetch_row(const struct state *s, enum chain_table_id t, u32 row)
{
    const struct chain_table *table = &s->tables[t];
    const u8 *at = table->rows + (size_t)row * table->row_size;

    for (size_t line = 0; line < table->row_size; line += 64)
        __builtin_prefetch(at + line);
}

static void fetch_provider(const struct state *s, u32 provider)
{
    fetch_row(s, TABLE_PROVIDER, provider);
    fetch_row(s, TABLE_STANDING, provider);
}

#define FETCH_ACCOUNTS 8u /* so many transactions ahead, and half of it their providers */

/* What the transactions after this one will want is fetched meanwhile. */
static void fetch_ahead(const struct state *s, const struct block *b, u32 i)
{
    u32 far = i + FETCH_ACCOUNTS, near = i + FETCH_ACCOUNTS / 2;

    if (far < b->count && account_known(s, b->txs[far].from)) {
        fetch_row(s, TABLE_ACCOUNT, b->txs[far].from);
        __builtin_prefetch(&s->tables[TABLE_ACCOUNT].mark[b->txs[far].from]);
    }
    if (near < b->count && b->txs[near].tx.kind == TX_PLACE_BID &&
        account_known(s, b->txs[near].from))
        fetch_provider(s, account_at(s, b->txs[near].from)->provider);
}

static u32 take_txs(struct chain *c, struct block *b, u64 now_s)
{
    struct state *s = &c->state;
    u32 fit = txs_that_fit(s, b), i;

    for (i = 0; i < fit && !s->out_of_memory; i++) {
        struct block_tx *t = &b->txs[i];
        s->log_tx = i;
        fetch_ahead(s, b, i);
        t->gas = 0;
        t->id = 0;
        t->err = take_tx(s, t, b, now_s);
        c->txs++;
    }
    s->log_tx = LOG_NO_TX;
    return i;
}

u32 chain_step(struct chain *c, struct block *b)
{
    struct state *s = &c->state;
    u64 now_s = slot_second(&s->params, b->slot);

    invariant_implies(s->tally, INV_DET_8, c->blocks > 0,
                      b->slot > state_meta(s)->slot && now_s >= state_meta(s)->now_s, "block",
                      b->slot);
    /* settled 154: "genesis + slot × block_time, floor to seconds" */
    invariant_equal(s->tally, INV_DET_8, now_s,
                    (u64)((u128)b->slot * s->params.block_time_ms / 1000), "block", b->slot);
    s->log_count = s->log_unit = 0;
    struct meta_row *m = meta_open(s, META);
    m->slot = b->slot;
    m->now_s = now_s;
    state_commit(s);
    c->blocks++;
    hear_of_halts(s, b, now_s);
    add_newcomers(s, b);
    take_moments(s, now_s);
    take_matches(s, b->slot, now_s);
    u32 taken = take_txs(c, b, now_s);
    watch_block(s);
    if (c->receipts != NULL)
        receipts_keep(c->receipts, b, taken, s->logs, s->log_count);
    return taken;
}

void chain_try(struct chain *c, u64 slot, const struct newcomer *newcomers, u32 newcomer_count,
               const u32 *data, u32 data_count, struct block_tx *t)
{
    struct state *s = &c->state;
    struct block b = {.slot = slot,
                      .newcomers = newcomers,
                      .newcomer_count = newcomer_count,
                      .data = data,
                      .data_count = data_count};
    struct call call = call_of(s, t, &b, slot_second(&s->params, slot));

    check(s->journal.rows == 0);
    s->log_count = s->log_unit = 0;
    for (u32 i = 0; i < newcomer_count && !s->out_of_memory; i++)
        (void)begin_account(s, newcomers[i].address);
    s->log_tx = 0;
    t->gas = gas_of(t);
    t->err = ERR_UnknownAccount;
    if (account_known(s, t->from))
        t->err = runs_dry(t) ? ERR_OutOfGas : contract_call(&call, &t->tx);
    t->id = t->err == ERR_None ? call.id : 0;
    s->log_tx = LOG_NO_TX;
    u32 told = t->err == ERR_None ? s->log_count : 0;
    state_revert(s);
    s->log_count = told; /* they lie where they were written, until the next unit */
}

u64 chain_due_slot(struct chain *c)
{
    struct state *s = &c->state;
    const struct moment *m = first_owed(s);
    u64 slot = UINT64_MAX, id;
    u32 row = next_match(s, &id);

    if (m != NULL)
        slot = slot_at_second(&s->params, m->second);
    if (row != 0 && order_match_slot(order_at(s, row), &s->params) < slot)
        slot = order_match_slot(order_at(s, row), &s->params);
    if (slot <= state_meta(s)->slot && c->blocks > 0)
        slot = state_meta(s)->slot + 1;
    return slot;
}

/* ---- what a host looks up ---- */

const struct log *chain_logs(const struct chain *c, u32 *count)
{
    *count = c->state.log_count;
    return c->state.logs;
}

const char *chain_full(const struct chain *c)
{
    const struct state *s = &c->state;

    if (!s->out_of_memory)
        return NULL;
    return s->full_table == CHAIN_TABLES ? "moments" : table_names[s->full_table];
}

u128 chain_hash(const struct chain *c)
{
    return state_hash(&c->state);
}

u128 chain_module_hash(const struct chain *c, u32 module)
{
    check(module < CHAIN_MODULES);
    return state_module_hash(&c->state, (enum chain_table_id)module);
}

const char *chain_module_name(u32 module)
{
    check(module < CHAIN_MODULES);
    return table_names[module];
}

const struct params *chain_params(const struct chain *c)
{
    return &c->state.params;
}

u32 chain_accounts(const struct chain *c)
{
    return c->state.tables[TABLE_ACCOUNT].count - 1;
}

const u8 *chain_account_address(const struct chain *c, u32 account)
{
    return account_at(&c->state, account)->address;
}

struct amount chain_account_balance(const struct chain *c, u32 account, u32 token)
{
    check(token < TOKENS_MAX);
    return account_at(&c->state, account)->balance[token];
}

u32 chain_coin(const struct chain *c)
{
    return state_meta(&c->state)->coin;
}

u32 chain_providers(const struct chain *c)
{
    return c->state.tables[TABLE_PROVIDER].count - 1;
}

u32 chain_provider_account(const struct chain *c, u32 provider)
{
    return provider_at(&c->state, provider)->account;
}

u32 chain_account_provider(const struct chain *c, u32 account)
{
    return account_at(&c->state, account)->provider;
}

u32 chain_wallet_owner(const struct chain *c, u32 wallet)
{
    return wallet_at(&c->state, wallet)->owner;
}

u64 chain_account_nonce(const struct chain *c, u32 account)
{
    return account_at(&c->state, account)->nonce;
}

const struct machine *chain_provider_machine(const struct chain *c, u32 provider)
{
    return &provider_at(&c->state, provider)->machine;
}

static u32 active_from(const struct state *s, u32 row)
{
    while (row != 0 && lease_at(s, row)->ended_s != INTERVAL_OPEN)
        row = lease_at(s, row)->next;
    return row;
}

u32 chain_first_lease(const struct chain *c, u32 provider)
{
    return active_from(&c->state, provider_at(&c->state, provider)->lease_head);
}

u32 chain_next_lease(const struct chain *c, u32 place)
{
    return active_from(&c->state, lease_at(&c->state, place)->next);
}

u32 chain_lease_wallet(const struct chain *c, u32 place)
{
    return lease_at(&c->state, place)->wallet;
}

void chain_provider_fetch(const struct chain *c, u32 provider)
{
    fetch_provider(&c->state, provider);
}

bool chain_provider_eligible(const struct chain *c, u32 provider, const struct log_order_created *o)
{
    struct order_row row = {.specs = o->specs,
                            .replicas = o->replicas,
                            .token = o->token,
                            .region = o->region,
                            .tier_worst = o->tier_worst};
    u32 line;

    return order_eligible(&c->state, &row, provider, &line) == ERR_None;
}

u64 chain_era(const struct chain *c)
{
    return state_meta(&c->state)->era;
}

u64 chain_era_end_s(const struct chain *c)
{
    return state_meta(&c->state)->era_end_s;
}
