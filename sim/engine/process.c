#include "sim/engine/process.h"

#include "chain-mock/state/drain.h"
#include "chain-mock/state/edit.h"
#include "protocol/hash.h"
#include "sim/engine/books.h"
#include "sim/engine/panic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_where(const void *about)
{
    const struct process *p = about;

    fprintf(stderr, "  seed %llu replicate %llu arm %u, after event %llu at %llu ns\n",
            (unsigned long long)p->head.seed, (unsigned long long)p->head.replicate,
            (unsigned)p->head.arm, (unsigned long long)p->events, (unsigned long long)p->now.ns);
}

/* The next record after this one that has a checkpoint. */
static u64 checkpoint_after(u64 events)
{
    u64 apart = CHECKPOINT_EVENTS;

    for (u64 far = events / ((u64)CHECKPOINTS_CLOSE * CHECKPOINT_EVENTS); far > 0; far /= 2)
        apart *= 2;
    return (events / apart + 1) * apart;
}

bool process_open(struct process *p, const struct record_head *head, struct chain *chain,
                  u32 actors_max)
{
    *p = (struct process){.chain = chain,
                          .head = *head,
                          .hash = record_start(head),
                          .checkpoint = checkpoint_after(0)};
    panic_set_note(say_where, p);
    snapshots_init(&p->snapshots, NULL, 0);
    return world_open(&p->world, head->seed, head->replicate, actors_max) &&
           reserve_open(&p->waiting, "waiting transactions", sizeof(struct block_tx),
                        PROCESS_WAITING_MAX) &&
           reserve_open(&p->data, "waiting data words", sizeof(u32), PROCESS_WAITING_MAX) &&
           reserve_open(&p->nonces, "accounts", sizeof(u64), PROCESS_ACCOUNTS_MAX) &&
           reserve_open(&p->bytes, "bytes of a record", 1, RECORD_BYTES_MAX);
}

void process_close(struct process *p)
{
    panic_set_note(NULL, NULL);
    world_close(&p->world);
    reserve_close(&p->waiting);
    reserve_close(&p->data);
    reserve_close(&p->nonces);
    reserve_close(&p->bytes);
    free(p->snapshots.bytes);
    p->snapshots.bytes = NULL;
}

static void checkpoint(struct process *p, struct checkpoint *c, struct writer *w)
{
    *c = (struct checkpoint){.event = p->events, .now = p->now};
    c->world = world_hash(&p->world);
    c->chain = chain_hash(p->chain);
    put_u128(w, c->world);
    put_u128(w, c->chain);
    for (u32 i = 0; i < CHAIN_MODULES; i++) {
        c->modules[i] = chain_module_hash(p->chain, i);
        put_u128(w, c->modules[i]);
    }
}

/* Close the record: checkpoint when it is time, then hash, then tell. */
static void record(struct process *p, struct instant now, const u8 *bytes, struct writer *w)
{
    struct checkpoint c;

    p->now = now;
    p->events++;
    bool due = p->events == p->checkpoint;
    if (due) {
        p->checkpoint = checkpoint_after(p->events);
        checkpoint(p, &c, w);
    }
    size_t size = (size_t)(w->at - bytes);
    p->hash = hash_bytes(p->hash, bytes, size);
    if (p->on_record != NULL)
        p->on_record(p->record_about, bytes, size, p->hash);
    if (due && p->on_checkpoint != NULL) {
        c.hash = p->hash;
        p->on_checkpoint(p->checkpoint_about, &c);
    }
}

void process_dispatch(struct process *p, struct actor_id to, struct instant now,
                      const struct event *event, struct outbox *out)
{
    u8 bytes[RECORD_DISPATCH_BYTES_MAX];
    struct writer w = {bytes, sizeof(bytes)};

    world_dispatch(&p->world, chain_params(p->chain), to, now, event, out);
    record_dispatch(&w, now, to, event, out);
    record(p, now, bytes, &w);
    books_look(p, to, event);
    if (p->on_dispatch != NULL)
        p->on_dispatch(p->dispatch_about, to, now, event, out);
}

/* Those that are in blocks already are let go: what is moved is at most as much as went since. */
static void close_ranks(struct process *p)
{
    struct block_tx *t = p->waiting.base;

    p->waiting.count -= p->taken;
    memmove(t, t + p->taken, p->waiting.count * sizeof(*t));
    p->taken = 0;
}

static bool make_room(struct process *p)
{
    if (p->waiting.count == p->waiting.limit)
        close_ranks(p);
    return reserve_grow(&p->waiting, 1);
}

bool process_submit(struct process *p, u32 account, const struct tx *tx)
{
    if (!reserve_reach(&p->nonces, (size_t)account + 1) || !make_room(p))
        return false;
    u64 *nonce = (u64 *)p->nonces.base + account;
    struct block_tx *t = (struct block_tx *)p->waiting.base + p->waiting.count - 1;
    *t = (struct block_tx){.from = account, .nonce = (*nonce)++, .tx = *tx};
    return true;
}

bool process_submit_short(struct process *p, u32 account, const struct tx *tx)
{
    if (!process_submit(p, account, tx))
        return false;
    ((struct block_tx *)p->waiting.base)[p->waiting.count - 1].gas_limit = 1;
    return true;
}

u64 process_nonce(const struct process *p, u32 account)
{
    return account < p->nonces.count ? ((const u64 *)p->nonces.base)[account] : 0;
}

bool process_submit_first(struct process *p, u32 account, const struct tx *tx)
{
    if (!process_submit(p, account, tx))
        return false;
    struct block_tx *t = p->waiting.base;
    struct block_tx first = t[p->waiting.count - 1];
    for (size_t i = p->waiting.count - 1; i > p->taken; i--) {
        t[i] = t[i - 1];
        if (t[i].from == account)
            first.nonce = t[i].nonce++;
    }
    t[p->taken] = first;
    return true;
}

u32 process_waiting(const struct process *p)
{
    return (u32)(p->waiting.count - p->taken);
}

bool process_data(struct process *p, const u32 *words, u32 count, u32 *offset)
{
    *offset = (u32)p->data.count;
    if (!reserve_grow(&p->data, count))
        return false;
    memcpy((u32 *)p->data.base + *offset, words, count * sizeof(*words));
    return true;
}

/* Steps the chain and records what it took. */
static u32 step(struct process *p, struct instant now, struct block *b)
{
    u32 taken = chain_step(p->chain, b);
    size_t size = record_step_bytes(b, taken);

    check(taken <= b->count);
    check(reserve_reach(&p->bytes, size));
    struct writer w = {p->bytes.base, size};
    record_step(&w, now, b, taken);
    record(p, now, p->bytes.base, &w);
    if (p->on_chain.step != NULL)
        p->on_chain.step(p->on_chain.about, b, taken);
    return taken;
}

void process_step(struct process *p, struct instant now, u64 slot, struct block *made, u32 *taken)
{
    *made = (struct block){.slot = slot,
                           .count = process_waiting(p),
                           .txs = (struct block_tx *)p->waiting.base + p->taken,
                           .data = p->data.base,
                           .data_count = (u32)p->data.count};
    *taken = step(p, now, made);
}

/* Words stay until nothing waits: what was left out still refers to them by offset. */
void process_stepped(struct process *p, u32 taken)
{
    check(taken <= process_waiting(p));
    p->taken += taken;
    if (p->taken >= process_waiting(p))
        close_ranks(p);
    if (p->waiting.count == 0)
        p->data.count = 0;
}

void process_step_again(struct process *p, struct instant now, struct block *b)
{
    (void)step(p, now, b); /* how many fitted is in the record */
}

/* ---- edits ---- */

/* The kept ones lie one after another in one piece, which may move. */
static bool resize_snapshots(struct process *p, size_t cap)
{
    u8 *bytes = realloc(p->snapshots.bytes, cap > 0 ? cap : 1);

    if (bytes == NULL)
        return false;
    p->snapshots.bytes = bytes;
    p->snapshots.cap = cap;
    return true;
}

static bool take_snapshot(struct process *p)
{
    struct snapshots *k = &p->snapshots;

    return k->count < SNAPSHOTS_MAX && resize_snapshots(p, k->used + snapshot_bytes(p->chain)) &&
           snapshot_take(k, p->chain) != 0;
}

/* Nonces that process_submit() gives go on from what the chain has now. */
static void learn_nonces(struct process *p)
{
    u64 *nonces = p->nonces.base;

    for (u32 i = 1; i < p->nonces.count; i++)
        nonces[i] = i <= chain_accounts(p->chain) ? chain_account_nonce(p->chain, i) : 0;
}

static bool revert(struct process *p, u128 id)
{
    /* snapshot.h counts from 1 */
    if (id >= p->snapshots.next_id - 1 || !snapshot_revert(&p->snapshots, p->chain, (u64)id + 1))
        return false;
    (void)resize_snapshots(p, p->snapshots.used); /* smaller: what is there stays good without */
    return true;
}

static bool edit(struct process *p, const struct edit *e)
{
    switch (e->kind) {
    case EDIT_SNAPSHOT:
        return take_snapshot(p);
    case EDIT_REVERT:
        return revert(p, e->value.wei);
    case EDIT_BALANCE:
        return chain_set_coin(p->chain, e->address, e->value);
    case EDIT_NONCE:
        return e->value.wei <= UINT64_MAX &&
               chain_set_nonce(p->chain, e->address, (u64)e->value.wei);
    }
    check_unreachable();
}

bool process_edit(struct process *p, struct instant now, const struct edit *e)
{
    u8 bytes[RECORD_EDIT_BYTES_MAX];
    struct writer w = {bytes, sizeof(bytes)};

    check(process_waiting(p) == 0);
    if (!edit(p, e))
        return false;
    learn_nonces(p);
    record_edit(&w, now, e, chain_hash(p->chain));
    record(p, now, bytes, &w);
    if (p->on_chain.edit != NULL)
        p->on_chain.edit(p->on_chain.about, e);
    return true;
}

u64 process_snapshots(const struct process *p)
{
    return p->snapshots.next_id - 1;
}

/* ---- drain ---- */

static u32 step_unrecorded(void *about, struct block *b)
{
    const struct process *p = about;

    return chain_step(p->chain, b);
}

void process_drain(struct process *p)
{
    p->chain->receipts = NULL; /* not for blocks that never were */
    drain_check(p->chain, step_unrecorded, p);
}
