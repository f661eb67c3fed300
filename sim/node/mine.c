/* mine - blocks: what waits is chosen, the chain steps, and what came of it is put down; when. */
#include "sim/node/parts.h"

#include <string.h>

/* ---- what goes in ---- */

struct amount node_gas_price(const struct node *n, const struct envelope *e)
{
    struct amount price;

    if (e->type != ENVELOPE_FEE_MARKET)
        return e->gas_price;
    if (!amount_add(&price, n->terms.base_fee, e->max_tip))
        return e->max_fee;
    return amount_least(price, e->max_fee);
}

struct choice {
    u32 count; /* of n->txs and n->picked */
    u64 gas;
};

/* The nonce at which a sender is, with what has been picked of his. */
static u64 *turn_of(struct node *n, u32 account)
{
    struct node_turn *t;

    check(reserve_reach(&n->turns, (size_t)account + 1));
    t = (struct node_turn *)n->turns.base + account;
    if (t->round != n->round) {
        const struct chain *c = n->c.process->chain;
        t->round = n->round;
        t->nonce = account <= chain_accounts(c) ? chain_account_nonce(c, account) : 0;
    }
    return &t->nonce;
}

/* False: there is no more gas in the block. */
static bool pick(struct node *n, struct choice *k, struct pooled *t)
{
    const struct envelope *e = &t->tx.envelope;
    struct block_tx *out = &n->txs[k->count];
    struct door_call call = {
        .from = t->account, .creates = e->creates, .to = e->to, .value = e->value, .data = e->data};

    *out = (struct block_tx){.from = call.from,
                             .nonce = e->nonce,
                             .gas_limit = e->gas,
                             .gas_price = node_gas_price(n, e)};
    door_tx(&n->door, &call, &out->tx);
    u64 gas = tx_rows[out->tx.kind].gas < e->gas ? tx_rows[out->tx.kind].gas : e->gas;
    if (k->gas + gas > node_gas_limit(n))
        return false;
    k->gas += gas;
    t->place = k->count++;
    n->picked[t->place] = t;
    ++*turn_of(n, t->account);
    return true;
}

/* The next block's terms may have changed since it came: then it waits. */
static bool can_go_in(const struct node *n, const struct envelope *e)
{
    struct amount cap = e->type == ENVELOPE_FEE_MARKET ? e->max_fee : e->gas_price;

    return amount_cmp(cap, n->terms.base_fee) >= 0 && e->gas <= node_gas_limit(n);
}

/* All whose turn it is, in the order of arrival; who arrived before his turn gets another look. */
static void choose(struct node *n, struct choice *k)
{
    u32 before;

    n->round++;
    do {
        before = k->count;
        for (struct pooled *t = pool_oldest(&n->pool); t != NULL; t = pool_newer(&n->pool, t)) {
            if ((t->place < k->count && n->picked[t->place] == t) || !can_go_in(n, &t->tx.envelope))
                continue;
            t->account = n->door.account(n->door.about, t->tx.from);
            if (t->account == 0 || t->tx.envelope.nonce != *turn_of(n, t->account))
                continue;
            if (k->count == BLOCK_TXS_MAX || !pick(n, k, t))
                return;
        }
    } while (k->count > before && k->count < n->pool.used);
}

/* ---- what came of it ---- */

struct making {
    struct node *n;
    struct node_block b;
    u32 shift; /* 1 where the block's own doing comes first as a transaction */
    bool stored;
};

/* The block's own doing (moments and matches) is told in a transaction of nobody: clients know logs
 * by the transaction that they belong to. */
struct node_tx node_own_doing(u64 number, u8 *room, size_t size)
{
    struct node_tx tx = {.mined = true, .block = number};
    struct fault fault = {FAULT_NONE, 0};
    struct envelope e = {.type = ENVELOPE_LEGACY, .any_chain = true, .nonce = number};

    e.to = door_exact_address(CONTRACT_LEASE);
    tx.from = e.to;
    size_t bytes = envelope_encode(room, size, &e);
    tx.raw = SLICE(room, bytes);
    tx.hash = bytes32_keccak(tx.raw);
    bool again = envelope_decode(&tx.envelope, tx.raw, &fault);
    check(again);
    return tx;
}

static void put_log(struct making *m, const struct door_log *log, u32 tx_index,
                    const struct bytes32 *tx_hash)
{
    struct node_log l = {.block = m->b.number,
                         .index = m->b.logs++,
                         .tx_index = tx_index,
                         .tx_hash = *tx_hash,
                         .log = *log};

    bloom_add(&m->b.bloom, SLICE(log->address.byte, sizeof(log->address.byte)));
    for (u32 i = 0; i < log->topic_count; i++)
        bloom_add(&m->b.bloom, SLICE(log->topics[i].byte, 32));
    m->stored = store_put_log(m->n->store, &l) && m->stored;
}

/* The Solidity logs that were told in one transaction, or in none of them (LOG_NO_TX). */
static u32 put_logs(struct making *m, u32 told_in, const struct door_call *call, u32 tx_index,
                    const struct bytes32 *tx_hash)
{
    struct node *n = m->n;
    struct door_log out[DOOR_LOGS_MAX];
    u32 count, before = m->b.logs;
    const struct log *logs = chain_logs(n->c.process->chain, &count);

    for (u32 i = 0; i < count; i++) {
        size_t used = 0;
        if (logs[i].tx != told_in)
            continue;
        u32 k = door_logs(&n->door, &logs[i], call, out, n->room, n->room_size, &used);
        for (u32 j = 0; j < k; j++)
            put_log(m, &out[j], tx_index, tx_hash);
    }
    return m->b.logs - before;
}

static bool told_by_nobody(const struct node *n)
{
    u32 count;
    const struct log *logs = chain_logs(n->c.process->chain, &count);

    for (u32 i = 0; i < count; i++) {
        if (logs[i].tx == LOG_NO_TX)
            return true;
    }
    return false;
}

static void put_own_doing(struct making *m)
{
    static const struct door_call nobody;
    u8 room[256];
    struct node_tx tx = node_own_doing(m->b.number, room, sizeof(room));

    tx.logs = put_logs(m, LOG_NO_TX, &nobody, 0, &tx.hash);
    m->shift = 1;
    m->b.txs++;
    m->stored = store_mined_tx(m->n->store, &tx) && m->stored;
}

bool node_not_taken(const struct block_tx *t)
{
    return t->err == ERR_InsufficientFunds || t->err == ERR_InvalidNonce ||
           t->err == ERR_UnknownAccount;
}

static void put_tx(struct making *m, u32 i)
{
    struct node *n = m->n;
    const struct block_tx *t = &n->txs[i];
    struct node_tx *tx = &n->picked[i]->tx;
    const struct envelope *e = &tx->envelope;
    struct door_call call = {
        .from = t->from, .creates = e->creates, .to = e->to, .value = e->value, .data = e->data};

    m->b.gas_used += t->gas;
    tx->mined = true;
    tx->block = m->b.number;
    tx->index = m->b.txs++;
    tx->err = t->err;
    tx->gas_used = t->gas;
    tx->cumulative_gas = m->b.gas_used;
    tx->gas_price = t->gas_price;
    tx->first_log = m->b.logs;
    tx->logs = put_logs(m, i, &call, tx->index, &tx->hash);
    m->b.size += tx->raw.n;
    m->stored = store_mined_tx(n->store, tx) && m->stored;
}

static void put_txs(struct making *m, const struct block *b)
{
    struct node *n = m->n;

    for (u32 i = 0; i < b->count; i++) {
        struct bytes32 hash = n->picked[i]->tx.hash;
        if (node_not_taken(&n->txs[i]))
            m->stored = store_drop_tx(n->store, &hash) && m->stored;
        else
            put_tx(m, i);
    }
}

/* Hashes and answers, one after the other, for the two roots. */
static void find_roots(struct making *m, const struct block *b)
{
    struct node *n = m->n;
    u8 *at = n->room;
    size_t hashes = 0, answers;

    for (u32 i = 0; i < b->count; i++) {
        if (!node_not_taken(&n->txs[i])) {
            memcpy(at + hashes, n->picked[i]->tx.hash.byte, 32);
            hashes += 32;
        }
    }
    answers = hashes;
    for (u32 i = 0; i < b->count; i++) {
        if (!node_not_taken(&n->txs[i])) {
            struct writer w = {at + answers, 16};
            put_u32(&w, (u32)n->txs[i].err);
            put_u32(&w, n->txs[i].gas);
            put_u64(&w, n->txs[i].id);
            answers += 16;
        }
    }
    m->b.txs_root = node_root(SLICE(at, hashes));
    m->b.receipts_root = node_root(SLICE(at + hashes, answers - hashes));
    m->b.state_root = bytes32_of_u128(chain_hash(n->c.process->chain));
}

static void leave_pool(struct node *n, u32 count)
{
    for (u32 i = 0; i < count; i++)
        pool_drop(&n->pool, n->picked[i]);
}

void node_begin_block(const struct node *n, u64 slot, struct node_block *b)
{
    *b = (struct node_block){.number = n->head.number + 1,
                             .slot = slot,
                             .timestamp_s = node_timestamp(n, slot),
                             .parent = n->head.hash,
                             .base_fee = n->terms.base_fee,
                             .gas_limit = node_gas_limit(n),
                             .prev_randao = n->terms.prev_randao,
                             .miner = n->head.miner};
}

void node_block_pending(struct node *n, struct node_block *out)
{
    node_begin_block(n, node_next_slot(n), out);
    out->txs_root = out->receipts_root = node_root(SLICE(NULL, 0));
    out->state_root = n->head.state_root;
    out->txs = n->pool.used;
}

bool node_put_down(struct node *n, u64 slot)
{
    struct node_block b;

    node_begin_block(n, slot, &b);
    b.txs_root = b.receipts_root = node_root(SLICE(NULL, 0));
    b.state_root = n->head.state_root;
    node_seal(&b);
    if (!store_put_block(n->store, &b))
        return false;
    n->head = b;
    n->slot = slot;
    return true;
}

bool node_put_block(struct node *n, const struct block *b, const struct node_block *begun)
{
    struct making m = {.n = n, .b = *begun, .stored = true};

    node_learn_accounts(n);
    if (told_by_nobody(n))
        put_own_doing(&m);
    put_txs(&m, b);
    find_roots(&m, b);
    node_seal(&m.b);
    m.stored = store_put_block(n->store, &m.b) && m.stored;
    n->head = m.b;
    n->slot = m.b.slot;
    return m.stored;
}

static bool step_at(struct node *n, u64 slot, u32 count)
{
    struct node_block begun;
    struct block b = {.slot = slot,
                      .count = count,
                      .txs = n->txs,
                      .newcomers = n->newcomers.base,
                      .newcomer_count = (u32)n->newcomers.count,
                      .data = n->words.base,
                      .data_count = (u32)n->words.count};

    node_begin_block(n, slot, &begun);
    process_step_again(n->c.process, slot_instant(chain_params(n->c.process->chain), slot), &b);
    bool stored = node_put_block(n, &b, &begun);
    leave_pool(n, count);
    return stored;
}

/* A block at a slot after the last one's, of what waits; unless `even_empty` only if some of that
 * goes in.  False: the store fails. */
static bool make_block(struct node *n, u64 slot, bool even_empty)
{
    struct choice k = {0};
    bool stated = node_slot_stated(n);

    node_forget_newcomers(n);
    choose(n, &k);
    if (k.count == 0 && !even_empty)
        return true;
    bool moves = k.count > 0 || chain_due_slot(n->c.process->chain) <= slot;
    bool stored = moves ? step_at(n, slot, k.count) : node_put_down(n, slot);
    n->unsaved = n->unsaved || n->terms.next_time_s != 0 || !bytes32_is_zero(n->terms.prev_randao);
    n->terms.next_time_s = 0;
    n->terms.prev_randao = (struct bytes32){{0}};
    node_clock_follow(n, stated);
    node_forget_newcomers(n);
    node_tell(n, NODE_TOLD_BLOCK, n->head.number, NULL);
    return stored;
}

/* ---- when ---- */

static bool mine_next(struct node *n, bool even_empty, struct refusal *why)
{
    u64 slot = node_next_slot(n);

    if (!node_slot_fits(n, slot, why))
        return false;
    return make_block(n, slot, even_empty) || node_refuse(why, -32000, "%s", store_error(n->store));
}

bool node_mine(struct node *n, u64 count, u64 interval_s, struct refusal *why)
{
    if (!node_span_fits(n, count, interval_s, why))
        return false;
    for (u64 i = 0; i < count; i++) {
        if (interval_s != 0)
            node_clock_advance(n, interval_s * 1000);
        if (!mine_next(n, true, why))
            return false;
    }
    return true;
}

bool node_mine_at(struct node *n, u64 timestamp_s, u64 count, struct refusal *why)
{
    return node_span_fits(n, count, 0, why) && node_set_next_time(n, timestamp_s, why) &&
           node_mine(n, count, 0, why);
}

/* What the chain owes to time by now, each in its own block; how many blocks at most in one go. */
#define TICK_BLOCKS 256u

/* By the machine's clock, at least. */
static u64 ms_until(const struct node *n, u64 slot)
{
    u64 at = slot * chain_params(n->c.process->chain)->block_time_ms, now = node_clock_ms(n);
    u64 speed = n->c.speed == 0 ? 1 : n->c.speed;

    return slot == UINT64_MAX ? UINT64_MAX : at > now ? (at - now + speed - 1) / speed : 0;
}

static u64 due_slot(const struct node *n)
{
    u64 slot = chain_due_slot(n->c.process->chain);

    return slot != UINT64_MAX && slot <= n->slot ? n->slot + 1 : slot;
}

/* A block that is due by the clock: where a call has stated the next one's time, then.  False: its
 * time is beyond the chain's, or the store fails, which node_sync() tells: until a call changes
 * something, none is due. */
static bool make_due(struct node *n, u64 slot)
{
    struct refusal why;

    if (node_slot_stated(n))
        slot = node_next_slot(n);
    return node_slot_fits(n, slot, &why) && make_block(n, slot, true);
}

/* The slot of the next block by an interval of so many. */
static u64 interval_slot(const struct node *n, u64 every)
{
    return (n->slot > n->interval_from ? n->slot : n->interval_from) + every;
}

static u64 tick_interval(struct node *n)
{
    u64 every = n->interval_ms / chain_params(n->c.process->chain)->block_time_ms, now;

    every = every == 0 ? 1 : every;
    for (u32 i = 0; i < TICK_BLOCKS && interval_slot(n, every) <= node_slot_now(n); i++) {
        now = node_slot_now(n);
        bool late = now - n->slot > TICK_BLOCKS * every; /* asleep: no block was missed */
        if (!make_due(n, late ? now : interval_slot(n, every)))
            return UINT64_MAX;
    }
    return ms_until(n, interval_slot(n, every));
}

/* Until nothing that waits goes into a block: each takes some of it out of the pool. */
static bool mine_waiting(struct node *n, struct refusal *why)
{
    u64 head;

    do {
        head = n->head.number;
        if (n->pool.used > 0 && !mine_next(n, false, why))
            return false;
    } while (n->head.number > head);
    return true;
}

/* Instant blocks are made when a transaction comes; what waited may be freed by something else. */
static u64 tick_instant(struct node *n)
{
    struct refusal why;

    if (n->unblocked && !mine_waiting(n, &why))
        return UINT64_MAX;
    n->unblocked = false;
    for (u32 i = 0; i < TICK_BLOCKS && due_slot(n) <= node_slot_now(n); i++) {
        if (!make_due(n, due_slot(n)))
            return UINT64_MAX;
    }
    return ms_until(n, due_slot(n));
}

u64 node_tick(struct node *n)
{
    switch (n->mining) {
    case NODE_MANUAL:
        return UINT64_MAX;
    case NODE_INTERVAL:
        return tick_interval(n);
    case NODE_INSTANT:
        return tick_instant(n);
    }
    check_unreachable();
}

enum node_mining node_mining_mode(const struct node *n)
{
    return n->mining;
}

u64 node_interval_ms(const struct node *n)
{
    return n->mining == NODE_INTERVAL ? n->interval_ms : 0;
}

bool node_set_mining(struct node *n, enum node_mining mode, u64 interval_ms, struct refusal *why)
{
    if (mode == NODE_INTERVAL && !node_interval_fits(n, interval_ms, why))
        return false;
    n->mining = mode;
    n->mining_set = true;
    n->interval_ms = mode == NODE_INTERVAL ? interval_ms : 0;
    n->interval_from = node_slot_now(n);
    n->unsaved = true;
    return mode != NODE_INSTANT || mine_waiting(n, why);
}
