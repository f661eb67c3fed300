/* The store beside a naive model of it: arrays that are searched from one end to the other. */
#include "tests/test.h"
#include "tests/unit/store_any.h"

#include <string.h>
#include <unistd.h>

#define NOTES 8u
#define MANY 900u /* of each kind at most */
#define STEPS 4000u
#define NOTE_BYTES 40u

struct model {
    u8 notes[NOTES][NOTE_BYTES];
    u32 note_size[NOTES]; /* 0: there is none; else one more than its bytes */
    u64 record_hash[MANY], record_seed[MANY];
    u32 records;
    struct kept_tx waiting[MANY], mined[MANY];
    u32 n_waiting, n_mined;
    struct node_block blocks[MANY];
    u32 n_blocks;
    u64 first; /* number that the next block may have: they go on after the last cut */
    struct kept_log logs[MANY];
    u32 n_logs;
};

static struct model now, synced;
static struct store *store;
static struct any any;
static u64 serial;
static char path[400];

static void open_store(bool file)
{
    char error[256] = "";

    store = store_open(file ? path : NULL, error);
    if (store == NULL)
        printf("%s\n", error);
    EXPECT(store != NULL);
}

/* ---- the model's bytes of a record ---- */

static struct slice record_bytes(u64 seed)
{
    static u8 bytes[20000];
    struct any draw = ANY(seed);
    size_t n = any_sized(&draw, 14);

    memset(bytes, (int)(seed & 0xff), n);
    return SLICE(bytes, n);
}

/* ---- drawn changes of both ---- */

static void put_note(void)
{
    u32 i = (u32)any_below(&any, NOTES), n = (u32)any_below(&any, NOTE_BYTES);
    char name[8];

    snprintf(name, sizeof(name), "n%u", i);
    for (u32 k = 0; k < n; k++)
        now.notes[i][k] = (u8)any_below(&any, 256);
    now.note_size[i] = n + 1;
    EXPECT(store_put_note(store, name, SLICE(now.notes[i], n)));
}

static void put_record(void)
{
    u64 seed = any_sized(&any, 64), hash = any_sized(&any, 64);

    if (now.records == MANY)
        return;
    now.record_seed[now.records] = seed;
    now.record_hash[now.records] = hash;
    EXPECT(store_put_record(store, now.records++, record_bytes(seed), hash));
}

static void put_waiting(void)
{
    if (now.n_waiting == MANY)
        return;
    struct kept_tx *tx = &now.waiting[now.n_waiting++];
    any_kept_tx(&any, serial++, tx);
    EXPECT(store_put_tx(store, kept_tx(tx)));
}

static struct kept_tx take_waiting(u32 i)
{
    struct kept_tx tx = now.waiting[i];

    now.n_waiting--;
    memmove(&now.waiting[i], &now.waiting[i + 1], (now.n_waiting - i) * sizeof(tx));
    return tx;
}

static void drop_waiting(void)
{
    struct bytes32 hash = any_bytes32(&any);

    EXPECT(store_drop_tx(store, &hash)); /* nobody's */
    if (now.n_waiting > 0) {
        hash = take_waiting((u32)any_below(&any, now.n_waiting)).tx.hash;
        EXPECT(store_drop_tx(store, &hash));
    }
}

static void mine(u64 block, u32 index)
{
    struct kept_tx *tx = &now.mined[now.n_mined++];

    if (now.n_waiting > 0 && any_below(&any, 3) > 0)
        *tx = take_waiting((u32)any_below(&any, now.n_waiting));
    else
        any_kept_tx(&any, serial++, tx);
    any_mined(&any, block, index, tx);
    EXPECT(store_mined_tx(store, kept_tx(tx)));
}

static void put_block(void)
{
    u32 txs = (u32)any_below(&any, 5), logs = (u32)any_below(&any, 5);

    if (now.n_blocks == MANY || now.n_mined + txs > MANY || now.n_logs + logs > MANY)
        return;
    u64 least = now.n_blocks == 0 ? 0 : now.blocks[now.n_blocks - 1].number + 1;
    u64 number = (least > now.first ? least : now.first) + any_sized(&any, 5);
    struct node_block *b = &now.blocks[now.n_blocks++];
    any_block(&any, number, b);
    EXPECT(store_put_block(store, b));
    for (u32 i = 0; i < txs; i++)
        mine(number, i);
    for (u32 i = 0; i < logs; i++) {
        struct kept_log *l = &now.logs[now.n_logs++];
        any_kept_log(&any, number, i, 5, l);
        EXPECT(store_put_log(store, kept_log(l)));
    }
}

static u64 any_number(void)
{
    u64 last = now.n_blocks > 0 ? now.blocks[now.n_blocks - 1].number : 0;
    u64 end = any_below(&any, 30);

    return end == 0 ? UINT64_MAX - any_below(&any, 2) : any_below(&any, last + 3);
}

static void cut(void)
{
    u64 last = now.n_blocks > 0 ? now.blocks[now.n_blocks - 1].number : 0;
    u64 number = any_below(&any, 4) == 0 ? any_number() : last - any_below(&any, last / 8 + 1);

    EXPECT(store_cut(store, number));
    if (now.first > number || last > number)
        now.first = number + 1;
    while (now.n_blocks > 0 && now.blocks[now.n_blocks - 1].number > number)
        now.n_blocks--;
    while (now.n_mined > 0 && now.mined[now.n_mined - 1].tx.block > number)
        now.n_mined--;
    while (now.n_logs > 0 && now.logs[now.n_logs - 1].log.block > number)
        now.n_logs--;
}

/* ---- looking ---- */

static void notes_agree(void)
{
    for (u32 i = 0; i < NOTES; i++) {
        struct slice value;
        char name[8];
        snprintf(name, sizeof(name), "n%u", i);
        bool there = store_note(store, name, &value);
        EXPECT(there == (now.note_size[i] > 0));
        EXPECT(!there || (value.n + 1 == now.note_size[i] &&
                          (value.n == 0 || memcmp(value.at, now.notes[i], value.n) == 0)));
    }
}

static void records_agree(void)
{
    u64 i = any_below(&any, now.records + 2u), hash;
    struct slice bytes;

    EXPECT(store_records(store) == now.records);
    bool there = store_record(store, i, &bytes, &hash);
    EXPECT(there == (i < now.records) && !store_record(store, UINT64_MAX, &bytes, &hash));
    if (there) {
        struct slice want = record_bytes(now.record_seed[i]);
        EXPECT(store_record(store, i, &bytes, &hash) && hash == now.record_hash[i]);
        EXPECT(bytes.n == want.n && (want.n == 0 || memcmp(bytes.at, want.at, want.n) == 0));
    }
}

struct pool_walk {
    u32 at;
};

static void see_waiting(void *about, const struct node_tx *tx)
{
    struct pool_walk *walk = about;
    struct node_block any_other; /* what was handed out is good whatever is asked meanwhile */

    EXPECT(store_last_block(store, &any_other) == (now.n_blocks > 0));
    EXPECT(walk->at < now.n_waiting && same_tx(tx, &now.waiting[walk->at]));
    walk->at++;
}

static void txs_agree(void)
{
    struct pool_walk walk = {0};
    struct bytes32 nobody = any_bytes32(&any);
    struct node_tx tx;

    store_pool(store, see_waiting, &walk);
    EXPECT(walk.at == now.n_waiting && !store_tx(store, &nobody, &tx));
    if (now.n_waiting > 0) {
        struct kept_tx *w = &now.waiting[any_below(&any, now.n_waiting)];
        EXPECT(store_tx(store, &w->tx.hash, &tx) && same_tx(&tx, w));
    }
    if (now.n_mined > 0) {
        struct kept_tx *m = &now.mined[any_below(&any, now.n_mined)];
        EXPECT(store_tx(store, &m->tx.hash, &tx) && same_tx(&tx, m));
        EXPECT(store_tx_at(store, m->tx.block, m->tx.index, &tx) && same_tx(&tx, m));
        EXPECT(!store_tx_at(store, m->tx.block, 1000, &tx));
    }
    EXPECT(!store_tx_at(store, UINT64_MAX, 0, &tx));
}

static void blocks_agree(void)
{
    struct node_block b, *want = NULL;
    struct bytes32 nobody = any_bytes32(&any);
    u64 number = any_number();

    for (u32 i = 0; i < now.n_blocks && now.blocks[i].number <= number; i++)
        want = &now.blocks[i];
    bool there = store_block_at_or_below(store, number, &b);
    EXPECT(there == (want != NULL) && (!there || same_block(&b, want)));
    EXPECT(!store_block_of(store, &nobody, &b));
    there = store_last_block(store, &b);
    EXPECT(there == (now.n_blocks > 0));
    if (there) {
        want = &now.blocks[any_below(&any, now.n_blocks)];
        EXPECT(same_block(&b, &now.blocks[now.n_blocks - 1]));
        EXPECT(store_block_of(store, &want->hash, &b) && same_block(&b, want));
    }
}

struct log_walk {
    const struct node_filter *f;
    u32 at;
};

static bool see_log(void *about, const struct node_log *l)
{
    struct log_walk *walk = about;

    while (walk->at < now.n_logs && !naive_takes(walk->f, kept_log(&now.logs[walk->at])))
        walk->at++;
    EXPECT(walk->at < now.n_logs && same_log(l, &now.logs[walk->at]));
    walk->at++;
    return true;
}

static void logs_agree(void)
{
    struct address address = few_address(any_below(&any, 6));
    struct bytes32 topic = few_topic(any_below(&any, 6));
    struct node_filter f = {.from = any_number(), .to = any_number()};
    struct log_walk walk = {&f, 0};

    f.addresses = &address;
    f.address_count = (u32)any_below(&any, 2);
    f.topic_count = (u32)any_below(&any, 3);
    f.topics[0].any_of = &topic;
    f.topics[0].count = (u32)any_below(&any, 2);
    store_logs(store, &f, see_log, &walk);
    for (; walk.at < now.n_logs; walk.at++)
        EXPECT(!naive_takes(&f, kept_log(&now.logs[walk.at])));
}

static void agree(void)
{
    notes_agree();
    records_agree();
    txs_agree();
    blocks_agree();
    logs_agree();
    EXPECT(store_error(store)[0] == '\0');
}

/* ---- what holds ---- */

static void sync_store(void)
{
    EXPECT(store_sync(store));
    synced = now;
}

/* What was not synced is forgotten. */
static void open_again(void)
{
    store_close(store);
    open_store(true);
    now = synced;
}

static void step(bool file)
{
    switch (any_below(&any, 16)) {
    case 0:
        put_note();
        break;
    case 1:
    case 2:
        put_record();
        break;
    case 3:
    case 4:
    case 5:
        put_waiting();
        break;
    case 6:
        drop_waiting();
        break;
    case 7:
        sync_store();
        break;
    case 8:
        if (file && any_below(&any, 4) == 0)
            open_again();
        break;
    case 9:
        if (any_below(&any, 4) == 0)
            cut();
        break;
    default:
        put_block();
    }
}

static void it_is_as_the_model(bool file)
{
    memset(&now, 0, sizeof(now));
    any = ANY(file ? 1u : 2u);
    open_store(file);
    sync_store();
    for (u32 i = 0; i < STEPS; i++) {
        step(file);
        if (i % 3 == 0)
            agree();
    }
    EXPECT(now.n_blocks > 50 && now.n_logs > 100 && now.n_mined > 100);
    sync_store();
    store_close(store);
    if (file) {
        open_store(file);
        for (u32 i = 0; i < 200; i++)
            agree();
        store_close(store);
    }
    printf("ok - %s is as the model says\n", file ? "a file" : "a store without a file");
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(path, sizeof(path), "%.300s/orrery-store-XXXXXX", tmp != NULL ? tmp : "/tmp");
    int file = mkstemp(path); /* empty: a new one */
    EXPECT(file >= 0);
    close(file);
    it_is_as_the_model(false);
    it_is_as_the_model(true);
    unlink(path);
    return 0;
}
