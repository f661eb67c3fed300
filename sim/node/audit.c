/* audit - a store's records fed to a fresh process, and what the node makes of each put into a
 * store that compares (store_audit.c) instead of writing.
 *
 * Records have no hashes, signatures or fees of what was sent: those are in the raw transactions.
 * They are taken from the file, one block at a time before the chain steps, and each must be what
 * its record says: signed by that account, with that nonce, and that call.  A block's base fee, and
 * slots in which nothing happened, are taken from its row; the hash and the row's own end tell
 * whether they are what was written.
 *
 * Blocks that somebody went back from are in the records and not in the tables: which ones is known
 * before the first is fed.
 */
#include "sim/engine/replay.h"
#include "sim/node/parts.h"

#include "protocol/hash.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS_MAX ((size_t)1 << 28)
#define RAWS_BYTES ((size_t)1 << 32)

struct audit {
    struct node *n;
    struct store_cursor cursor;
    struct record_source records;
    struct reserve stays; /* u64: numbers of records whose blocks are in the tables, in order */
    size_t next_stays;
    struct reserve raws;      /* bytes of the block that is made */
    struct reserve record;    /* bytes of the record: the store is asked before it is fed */
    struct pooled *txs;       /* BLOCK_TXS_MAX: where its transactions come from */
    struct record_block step; /* that is being fed */
    struct node_block begun;
    u64 number; /* of its record */
    bool steps, went_back, words_differ;
    u32 word; /* the next that a call may ask for */
};

/* ---- which blocks stay ---- */

/* Snapshots: how many blocks there were. */
static bool follow_edit(struct audit *a, struct reserve *snapshots, struct reader *in)
{
    struct edit e;
    u128 after;
    const u64 *counts = snapshots->base;

    if (!record_edit_read(in, &e, &after))
        return false;
    if (e.kind == EDIT_REVERT) {
        if (e.value.wei >= snapshots->count)
            return false;
        a->stays.count = counts[e.value.wei];
    } else if (e.kind == EDIT_SNAPSHOT) {
        if (!reserve_grow(snapshots, 1))
            return false;
        ((u64 *)snapshots->base)[snapshots->count - 1] = a->stays.count;
    }
    return true;
}

static bool follow(struct audit *a, struct reserve *snapshots, const struct record *r)
{
    struct reader in = {r->bytes, r->size, true};

    (void)get_u32(&in); /* the kind */
    (void)get_u64(&in); /* the instant */
    if (r->kind == RECORD_EDIT)
        return follow_edit(a, snapshots, &in);
    if (r->kind != RECORD_STEP)
        return true;
    if (!reserve_grow(&a->stays, 1))
        return false;
    ((u64 *)a->stays.base)[a->stays.count - 1] = r->number;
    return true;
}

/* False: a record is damaged, so that there is nothing to compare the tables with. */
static bool find_stays(struct audit *a)
{
    u64 hash = a->n->c.process->hash;
    struct reserve snapshots;
    struct record r;
    bool found = reserve_open(&snapshots, "snapshots", sizeof(u64), RECORDS_MAX);
    enum record_end more = RECORD_DONE;

    while (found && (more = a->records.next(a->records.about, &r)) == RECORD_MORE) {
        hash = hash_bytes(hash, r.bytes, r.size);
        found = hash == r.hash && follow(a, &snapshots, &r);
    }
    reserve_close(&snapshots);
    a->cursor.next = 0;
    return found && more == RECORD_DONE;
}

/* ---- a transaction of a record, and its raw one ---- */

/* As send.c signs for whom it has no key: r and s are his address. */
static bool impersonated(const struct envelope *e, struct address *out)
{
    static const u8 zeros[12];

    if (memcmp(&e->signature.r, &e->signature.s, 32) != 0 ||
        memcmp(e->signature.r.byte, zeros, sizeof(zeros)) != 0)
        return false;
    memcpy(out->byte, e->signature.r.byte + sizeof(zeros), sizeof(out->byte));
    return true;
}

static bool sender_of(void *about, const struct envelope *e, struct address *out)
{
    struct node *n = about;

    return impersonated(e, out) || (envelope_room(e) <= n->room_size &&
                                    envelope_sender(out, e, n->room, n->room_size) == FAULT_NONE);
}

/* A word that a call asks for has to be the one in the record, where the record has it. */
static u32 next_word(void *about, u32 word)
{
    struct audit *a = about;
    const struct block *b = &a->step.block;

    if (a->word >= b->data_count || b->data[a->word] != word)
        a->words_differ = true;
    return a->word++;
}

static u32 account_of(void *about, struct address address)
{
    struct audit *a = about;
    struct node *n = a->n;
    u32 account = node_account(n, address);
    const struct block *b = &a->step.block;

    for (u32 i = 0; account == 0 && i < b->newcomer_count; i++)
        if (memcmp(b->newcomers[i].address, address.byte, sizeof(address.byte)) == 0)
            account = n->accounts_known + 1 + i;
    return account;
}

static u32 find_account(void *about, struct address address)
{
    return node_account(((struct audit *)about)->n, address);
}

static bool same_call(const struct tx *x, const struct tx *y)
{
    u8 a[TX_BYTES_MAX], b[TX_BYTES_MAX];
    struct writer v = {a, sizeof(a)}, w = {b, sizeof(b)};

    tx_encode(&v, x);
    tx_encode(&w, y);
    return v.left == w.left && memcmp(a, b, sizeof(a) - v.left) == 0;
}

/* What in a raw transaction is not what its record says; NULL: nothing. */
static const char *compare(struct audit *a, struct node_tx *tx, const struct block_tx *want)
{
    struct node *n = a->n;
    const struct envelope *e = &tx->envelope;
    struct tx call;

    if (!sender_of(n, e, &tx->from) || account_of(a, tx->from) != want->from)
        return "sender";
    if (e->nonce != want->nonce)
        return "nonce";
    if (e->gas != want->gas_limit)
        return "gas limit";
    if (amount_cmp(node_gas_price(n, e), want->gas_price) != 0)
        return "gas price";
    if (!e->any_chain && e->chain_id != n->c.chain_id)
        return "chain id";
    struct door_call asked = {
        .from = want->from, .creates = e->creates, .to = e->to, .value = e->value, .data = e->data};
    a->word = want->tx.kind == TX_REPORT_RESPONSES ? want->tx.u.report_responses.offset : 0;
    a->words_differ = false;
    door_tx(&n->door, &asked, &call);
    return a->words_differ || !same_call(&call, &want->tx) ? "call" : NULL;
}

static bool differs(struct audit *a, u32 place, const char *what)
{
    return store_differs_as(a->n->store,
                            "table tx, block %llu, place %u: raw is not the transaction of record "
                            "%llu: %s",
                            (unsigned long long)a->begun.number, place,
                            (unsigned long long)a->number, what);
}

/* The raw one of this place into *tx, its bytes into a->raws. */
static bool take_raw(struct audit *a, u32 place, struct node_tx *tx)
{
    struct fault fault = {FAULT_NONE, 0};
    size_t at = a->raws.count;
    struct slice raw;

    if (store_find_raw(a->n->store, a->begun.number, place, &raw) == STORE_MISSING)
        return store_differs_as(a->n->store, "table tx, block %llu, place %u: is missing",
                                (unsigned long long)a->begun.number, place);
    if (!reserve_grow(&a->raws, raw.n))
        return differs(a, place, "too many bytes");
    u8 *bytes = (u8 *)a->raws.base + at;
    memcpy(bytes, raw.at, raw.n);
    *tx = (struct node_tx){.raw = SLICE(bytes, raw.n)};
    tx->hash = bytes32_keccak(tx->raw);
    return envelope_decode(&tx->envelope, tx->raw, &fault) || differs(a, place, "cannot be read");
}

/* Whether the file has the block's own doing as its first transaction. */
static u32 first_place(struct audit *a)
{
    u8 room[256];
    struct slice raw;
    struct node_tx own = node_own_doing(a->begun.number, room, sizeof(room));

    return store_find_raw(a->n->store, a->begun.number, 0, &raw) == STORE_FOUND &&
           raw.n == own.raw.n && memcmp(raw.at, own.raw.at, raw.n) == 0;
}

/* Each transaction of the step from the file.  What was not taken has left nothing there. */
static bool take_txs(struct audit *a)
{
    const struct block *b = &a->step.block;
    u32 place = first_place(a);

    if (b->count > BLOCK_TXS_MAX)
        return differs(a, 0, "too many");
    a->raws.count = 0;
    for (u32 i = 0; i < b->count; i++) {
        struct pooled *t = &a->txs[i];
        *t = (struct pooled){.account = b->txs[i].from};
        a->n->picked[i] = t;
        a->n->txs[i] = b->txs[i];
        if (node_not_taken(&b->txs[i]))
            continue;
        if (!take_raw(a, place, &t->tx))
            return false;
        const char *what = compare(a, &t->tx, &b->txs[i]);
        if (what != NULL)
            return differs(a, place, what);
        place++;
    }
    return true;
}

/* ---- blocks ---- */

/* What calls have set for this block: its row alone has it, and its hash covers it. */
static void take_terms(struct node *n, const struct node_block *b)
{
    n->terms.base_fee = b->base_fee;
    n->terms.gas_limit = b->gas_limit;
    n->terms.prev_randao = b->prev_randao;
}

/* The file's next block. */
static enum store_found next_block(struct audit *a, struct node_block *out)
{
    enum store_found found = store_find_block(a->n->store, a->n->head.number + 1, out);

    if (found == STORE_DAMAGED)
        (void)store_differs_as(a->n->store,
                               "table block, number %llu: row, hash or bloom is not what was "
                               "written",
                               (unsigned long long)a->n->head.number + 1);
    else if (found == STORE_FOUND)
        take_terms(a->n, out);
    return found;
}

/* Blocks in which nothing happened, before this slot; those that are there need no record. */
static bool put_down_to(struct audit *a, u64 slot, struct node_block *next, enum store_found *found)
{
    struct node *n = a->n;

    while ((*found = next_block(a, next)) == STORE_FOUND && next->slot < slot) {
        if (next->slot <= n->slot)
            return store_differs_as(n->store,
                                    "table block, number %llu: its slot is not after the "
                                    "last one's",
                                    (unsigned long long)next->number);
        if (!node_put_down(n, next->slot))
            return false;
    }
    return *found != STORE_DAMAGED;
}

/* A step is about to be fed. */
static bool begin_step(struct audit *a)
{
    struct node *n = a->n;
    struct node_block b;
    enum store_found found;
    u64 slot = a->step.block.slot;

    if (!put_down_to(a, slot, &b, &found))
        return false;
    if (found == STORE_MISSING)
        return store_differs_as(n->store, "table block, number %llu, of record %llu: is missing",
                                (unsigned long long)n->head.number + 1,
                                (unsigned long long)a->number);
    if (b.slot != slot)
        return store_differs_as(n->store,
                                "table block, number %llu: row has slot %llu, and record %llu "
                                "makes it at slot %llu",
                                (unsigned long long)b.number, (unsigned long long)b.slot,
                                (unsigned long long)a->number, (unsigned long long)slot);
    node_begin_block(n, slot, &a->begun);
    a->steps = take_txs(a);
    return a->steps;
}

/* The record before was fed. */
static bool end_record(struct audit *a)
{
    struct node *n = a->n;
    bool same = true;

    if (a->went_back)
        node_went_back(n);
    if (a->steps)
        same = node_put_block(n, &a->step.block, &a->begun);
    node_learn_accounts(n);
    record_step_free(&a->step);
    a->steps = a->went_back = false;
    return same;
}

static bool begin_record(struct audit *a, const struct record *r)
{
    struct reader in = {r->bytes, r->size, true};
    const u64 *stays = a->stays.base;
    struct edit e;
    u128 after;

    (void)get_u32(&in); /* the kind */
    (void)get_u64(&in); /* the instant */
    if (r->kind == RECORD_EDIT)
        a->went_back = record_edit_read(&in, &e, &after) && e.kind == EDIT_REVERT;
    if (r->kind != RECORD_STEP || a->next_stays == a->stays.count ||
        stays[a->next_stays] != r->number)
        return true;
    a->next_stays++;
    a->number = r->number;
    /* what is no block is told by replay() */
    return !record_step_read(&in, &a->step) || begin_step(a);
}

static bool keep_bytes(struct audit *a, struct record *r)
{
    if (!reserve_reach(&a->record, r->size))
        return false;
    memcpy(a->record.base, r->bytes, r->size);
    r->bytes = a->record.base;
    return true;
}

/* A record_source that looks at what comes of each record.  RECORD_CUT: something differs. */
static enum record_end audited(void *about, struct record *out)
{
    struct audit *a = about;

    if (!end_record(a))
        return RECORD_CUT;
    enum record_end more = a->records.next(a->records.about, out);
    if (more == RECORD_MORE && !keep_bytes(a, out))
        return RECORD_BAD;
    return more != RECORD_MORE || begin_record(a, out) ? more : RECORD_CUT;
}

/* ---- the whole ---- */

static bool audit_open(struct audit *a, const struct node_config *config)
{
    struct node *n = a->n = node_new(config);

    if (n == NULL)
        return false;
    n->door.about = a;
    n->door.account = account_of;
    n->door.find = find_account;
    n->door.word = next_word;
    n->c.process->on_record = NULL;
    a->records = store_source(n->store, &n->c.process->head, &a->cursor);
    a->txs = calloc(BLOCK_TXS_MAX, sizeof(*a->txs));
    return a->txs != NULL && reserve_open(&a->stays, "blocks", sizeof(u64), RECORDS_MAX) &&
           reserve_open(&a->record, "bytes of a record", 1, RECORD_BYTES_MAX) &&
           reserve_open(&a->raws, "bytes of a block", 1, RAWS_BYTES);
}

static void audit_close(struct audit *a)
{
    record_step_free(&a->step);
    reserve_close(&a->stays);
    reserve_close(&a->raws);
    reserve_close(&a->record);
    free(a->txs);
    if (a->n != NULL)
        node_close(a->n);
}

/* Block 0, and the notes that it follows from. */
static bool audit_genesis(struct audit *a)
{
    struct node *n = a->n;
    struct slice hash;
    u64 chain_id = 0;

    if (!node_learn_genesis(n, &chain_id))
        return store_differs_as(n->store, "table note: there is no chain_id or no genesis_ms");
    if (chain_id != n->c.chain_id)
        return store_differs_as(n->store, "table note, name chain_id: is not %llu",
                                (unsigned long long)n->c.chain_id);
    if (!store_note(n->store, "genesis", &hash) || hash.n != 32 ||
        memcmp(hash.at, n->head.hash.byte, 32) != 0)
        return store_differs_as(n->store,
                                "table note, name genesis: is not the hash of block 0, which the "
                                "notes of the scenario, world, chain_id and genesis_ms make");
    return store_put_block(n->store, &n->head);
}

/* The records, and what comes of each. */
static bool audit_records(struct audit *a, FILE *print, struct replay_result *out)
{
    const struct record_source source = {a->records.head, audited, a};
    struct node_block b;
    enum store_found found;

    if (!audit_genesis(a))
        return false;
    *out = replay(a->n->c.process, &source, REPLAY_TO_END, print);
    return out->end == REPLAY_SAME && put_down_to(a, UINT64_MAX, &b, &found);
}

static void audit(struct audit *a, FILE *print, struct node_audit *out)
{
    struct store *s = a->n->store;
    struct store_counts c = {0};

    if (!find_stays(a))
        out->records = replay(a->n->c.process, &a->records, REPLAY_TO_END, print);
    else if (store_differs(s) == NULL)
        out->same =
            audit_records(a, print, &out->records) && store_audit_end(s, sender_of, a->n, &c);
    out->blocks = c.blocks;
    out->txs = c.txs;
    out->logs = c.logs;
    out->waiting = c.waiting;
    out->notes = c.notes;
}

bool node_audit(const struct node_config *config, FILE *print, struct node_audit *out,
                char error[256])
{
    struct audit a = {0};
    struct store *s = config->store;

    *out = (struct node_audit){.records = {REPLAY_SAME, 0}};
    bool opened = audit_open(&a, config);
    if (opened)
        audit(&a, print, out);
    audit_close(&a);
    if (!opened || (store_error(s)[0] != '\0' && store_differs(s) == NULL)) {
        snprintf(error, 256, "%s", opened ? store_error(s) : "out of memory");
        return false;
    }
    if (!out->same && store_differs(s) != NULL)
        snprintf(out->differs, sizeof(out->differs), "%s", store_differs(s));
    return true;
}
