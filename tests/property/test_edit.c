/* Edits of a chain from outside of its blocks do what a naive model does, break no invariant, and
 * are done again by whoever reads the records: of a file, and of a store. */
#include "chain-mock/state/edit.h"
#include "protocol/hash.h"
#include "protocol/invariants/invariant.h"
#include "sim/engine/print.h"
#include "sim/engine/replay.h"
#include "sim/node/store.h"
#include "tests/any.h"
#include "tests/test.h"

#include <string.h>
#include <unistd.h>

#define NAMES 24u /* people; the first FOUNDERS have accounts at genesis */
#define FOUNDERS 4u
#define OPERATIONS 1500u
#define COIN 1u
#define RICH ((u128)1 << 100)

static char path[400];
static struct record_head head = {.seed = 5, .replicate = 1};

/* ---- a process with a chain and no actor ---- */

struct bed {
    struct process process;
    struct chain chain;
    struct tally tally;
    struct reserve memory;
};

static void address_of(u32 name, u8 address[20])
{
    memset(address, 0, 20);
    address[19] = (u8)name;
}

static void bed_open(struct bed *b)
{
    static const struct genesis_token tokens[] = {{18, 0, true, USD_E8(1)}, {18, 0, false, 0}};
    struct genesis g = {
        .params = &params_default, .tokens = tokens, .token_count = 2, .coin = COIN + 1};
    struct amount funds[TOKENS_MAX] = {[COIN] = AMOUNT(RICH)};
    u8 address[20];

    memset(b, 0, sizeof(*b));
    EXPECT(reserve_open(&b->memory, "the chain", 1, state_bytes()));
    chain_init(&b->chain, b->memory.base, &g, &b->tally);
    for (u32 i = 0; i < FOUNDERS; i++) {
        address_of(i, address);
        EXPECT(chain_add_account(&b->chain, address, 0, 0, funds) == i + 1);
    }
    EXPECT(process_open(&b->process, &head, &b->chain, 1));
}

static void bed_close(struct bed *b)
{
    EXPECT(!b->tally.first.found && state_hash_full(&b->chain.state) == chain_hash(&b->chain));
    process_close(&b->process);
    reserve_close(&b->memory);
}

/* ---- the model: who has what, by name; a snapshot is a copy ---- */

struct people {
    u32 account[NAMES]; /* 0: none */
    u128 coins[NAMES];
    u64 nonce[NAMES];
    u32 accounts;
};

struct model {
    struct people now;
    struct people kept[OPERATIONS];
    bool there[OPERATIONS];
    u32 snapshots;
};

static void model_open(struct model *m)
{
    memset(m, 0, sizeof(*m));
    for (u32 i = 0; i < FOUNDERS; i++) {
        m->now.account[i] = ++m->now.accounts;
        m->now.coins[i] = RICH;
    }
}

static void begin_account(struct model *m, u32 name)
{
    if (m->now.account[name] == 0)
        m->now.account[name] = ++m->now.accounts;
}

static bool model_revert(struct model *m, u128 id)
{
    if (id >= m->snapshots || !m->there[id])
        return false;
    m->now = m->kept[id];
    for (u32 i = (u32)id; i < m->snapshots; i++)
        m->there[i] = false;
    return true;
}

static void agree(const struct bed *b, const struct model *m)
{
    EXPECT(chain_accounts(&b->chain) == m->now.accounts);
    for (u32 i = 0; i < NAMES; i++) {
        u32 account = m->now.account[i];
        if (account == 0)
            continue;
        EXPECT(chain_account_address(&b->chain, account)[19] == i);
        EXPECT(chain_account_balance(&b->chain, account, COIN).wei == m->now.coins[i]);
        EXPECT(chain_account_nonce(&b->chain, account) == m->now.nonce[i]);
    }
    EXPECT(process_snapshots(&b->process) == m->snapshots);
}

/* ---- drawn operations ---- */

static bool edit(struct bed *b, enum edit_kind kind, u32 name, u128 value, u64 now_s)
{
    struct edit e = {.kind = kind, .value = AMOUNT(value)};

    address_of(name, e.address);
    return process_edit(&b->process, (struct instant){SEC(now_s)}, &e);
}

static void any_balance(struct bed *b, struct model *m, struct any *any, u64 now_s)
{
    u32 name = (u32)any_below(any, NAMES);
    u128 value = any_below(any, 20) == 0 ? U128_MAX : any_sized(any, 60);

    if (value == U128_MAX) { /* more than there can be, with what others have */
        EXPECT(!edit(b, EDIT_BALANCE, name, value, now_s));
        return;
    }
    EXPECT(edit(b, EDIT_BALANCE, name, value, now_s));
    begin_account(m, name);
    m->now.coins[name] = value;
}

static void any_nonce(struct bed *b, struct model *m, struct any *any, u64 now_s)
{
    u32 name = (u32)any_below(any, NAMES);
    u64 value = any_sized(any, 40);

    EXPECT(!edit(b, EDIT_NONCE, name, (u128)1 << 64, now_s));
    EXPECT(edit(b, EDIT_NONCE, name, value, now_s));
    begin_account(m, name);
    m->now.nonce[name] = value;
}

static void any_snapshot(struct bed *b, struct model *m, u64 now_s)
{
    EXPECT(edit(b, EDIT_SNAPSHOT, 0, 0, now_s));
    m->kept[m->snapshots] = m->now;
    m->there[m->snapshots++] = true;
}

static void any_revert(struct bed *b, struct model *m, struct any *any, u64 now_s)
{
    u128 id = any_below(any, m->snapshots + 2u);

    if (any_below(any, 10) == 0)
        id = U128_MAX - id;
    EXPECT(edit(b, EDIT_REVERT, 0, id, now_s) == model_revert(m, id));
}

/* A block in which somebody sends coins to somebody, who may begin with it. */
static void any_block(struct bed *b, struct model *m, struct any *any, u64 now_s)
{
    u32 from = (u32)any_below(any, FOUNDERS), to = (u32)any_below(any, NAMES);
    u64 nonce = m->now.nonce[from] + (any_below(any, 8) == 0), value = any_sized(any, 62);
    struct newcomer newcomer;
    struct block block = {.slot = state_meta(&b->chain.state)->slot + 1, .count = 1};

    address_of(to, newcomer.address);
    if (m->now.account[to] == 0) {
        block.newcomers = &newcomer;
        block.newcomer_count = 1;
    }
    begin_account(m, to);
    struct block_tx t = {
        .from = m->now.account[from],
        .nonce = nonce,
        .tx = {.kind = TX_SEND, .u.send = {.to = m->now.account[to], .amount = AMOUNT(value)}}};
    block.txs = &t;
    process_step_again(&b->process, (struct instant){SEC(now_s)}, &block);
    if (nonce != m->now.nonce[from])
        return;
    m->now.nonce[from]++;
    if (value <= m->now.coins[from]) {
        m->now.coins[from] -= value;
        m->now.coins[to] += value;
    }
}

static void any_operation(struct bed *b, struct model *m, struct any *any, u64 now_s)
{
    switch (any_below(any, 8)) {
    case 0:
        any_balance(b, m, any, now_s);
        break;
    case 1:
        any_nonce(b, m, any, now_s);
        break;
    case 2:
        any_snapshot(b, m, now_s);
        break;
    case 3:
        any_revert(b, m, any, now_s);
        break;
    default:
        any_block(b, m, any, now_s);
    }
}

/* ---- the sentences ---- */

struct both {
    struct record_log *log;
    struct store *store;
};

static void tell_both(void *about, const u8 *bytes, size_t size, u64 hash)
{
    struct both *to = about;

    record_log_put(to->log, bytes, size, hash);
    store_take_record(to->store, bytes, size, hash);
}

static u64 edits_do_what_the_model_does(struct store *store)
{
    static struct bed b;
    static struct model m;
    struct any any = ANY(77);
    struct record_log log;
    struct both both = {&log, store};

    EXPECT(record_log_open(&log, path, &head));
    bed_open(&b);
    b.process.on_record = tell_both;
    b.process.record_about = &both;
    model_open(&m);
    for (u32 i = 0; i < OPERATIONS; i++) {
        u64 before = b.process.events;
        any_operation(&b, &m, &any, i);
        agree(&b, &m);
        EXPECT(b.process.events - before <= 1);
        EXPECT(i % 50 != 0 || state_hash_full(&b.chain.state) == chain_hash(&b.chain));
    }
    u64 events = b.process.events;
    EXPECT(events > CHECKPOINT_EVENTS && m.snapshots > 50);
    bed_close(&b);
    EXPECT(record_log_close(&log) && store_sync(store) && store_records(store) == events);
    printf("ok - edits do what the model does\n");
    return events;
}

static struct replay_result replayed(const struct record_source *from, u64 to_event, FILE *print)
{
    static struct bed b;

    bed_open(&b);
    struct replay_result r = replay(&b.process, from, to_event, print);
    bed_close(&b);
    return r;
}

static void file_and_store_do_it_again(struct store *store, u64 events)
{
    struct record_reader r;
    struct store_cursor at;

    EXPECT(record_reader_open(&r, path));
    struct record_source from = record_reader_source(&r);
    struct replay_result file = replayed(&from, REPLAY_TO_END, NULL);
    record_reader_close(&r);
    EXPECT(file.end == REPLAY_SAME && file.at == events);
    from = store_source(store, &head, &at);
    struct replay_result again = replayed(&from, REPLAY_TO_END, NULL);
    EXPECT(again.end == REPLAY_SAME && again.at == events);
    printf("ok - a file and a store do it again\n");
}

/* ---- records made by hand ---- */

struct hand {
    struct edit edit;
    u128 after;
    u8 bytes[RECORD_EDIT_BYTES_MAX];
    bool given;
};

static enum record_end next_by_hand(void *about, struct record *out)
{
    struct hand *h = about;
    struct writer w = {h->bytes, sizeof(h->bytes)};

    if (h->given)
        return RECORD_DONE;
    h->given = true;
    record_edit(&w, (struct instant){7}, &h->edit, h->after);
    *out = (struct record){.bytes = h->bytes, .size = (size_t)(w.at - h->bytes)};
    out->hash = hash_bytes(record_start(&head), out->bytes, out->size);
    EXPECT(record_recognise(out) && out->kind == RECORD_EDIT);
    return RECORD_MORE;
}

static enum replay_end by_hand(enum edit_kind kind, u128 value, u128 after, FILE *print)
{
    struct hand h = {.edit = {.kind = kind, .value = AMOUNT(value)}, .after = after};
    struct record_source from = {head, next_by_hand, &h};

    return replayed(&from, 0, print).end;
}

static void a_wrong_edit_is_noticed(void)
{
    static struct bed b;
    char text[2048] = "";
    FILE *print = fmemopen(text, sizeof(text), "w");

    bed_open(&b);
    EXPECT(edit(&b, EDIT_BALANCE, 0, 12, 0));
    u128 after = chain_hash(&b.chain);
    bed_close(&b);
    EXPECT(print != NULL && by_hand(EDIT_BALANCE, 12, after, print) == REPLAY_STOPPED);
    fclose(print);
    EXPECT(strstr(text, "time_ns = 7\nedit = balance\n  address = 0x0000") != NULL);
    EXPECT(strstr(text, "  value = 12\n  state hash after it = ") != NULL);
    EXPECT(by_hand(EDIT_BALANCE, 13, after, NULL) == REPLAY_DIVERGED);
    EXPECT(by_hand(EDIT_BALANCE, 12, after + 1, NULL) == REPLAY_DIVERGED);
    EXPECT(by_hand(EDIT_REVERT, 0, after, NULL) == REPLAY_NO_INPUT);
    EXPECT(by_hand((enum edit_kind)EDIT_KINDS, 0, after, NULL) == REPLAY_NO_INPUT);
    printf("ok - a wrong edit is noticed, and said\n");
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char error[256];

    snprintf(path, sizeof(path), "%.300s/orrery-edit-XXXXXX", tmp != NULL ? tmp : "/tmp");
    int file = mkstemp(path);
    struct store *store = store_open(NULL, error);
    EXPECT(file >= 0 && store != NULL);
    close(file);
    u64 events = edits_do_what_the_model_does(store);
    file_and_store_do_it_again(store, events);
    a_wrong_edit_is_noticed();
    store_close(store);
    unlink(path);
    return 0;
}
