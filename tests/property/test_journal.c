/* A refused transaction changes nothing but its sender's nonce, whatever it asks: after each the
 * tables are compared byte by byte with what they were, the hash with the sum over all rows, and
 * every invariant in its slow form is looked at. */
#include "chain-mock/watch/watch.h"
#include "sim/engine/reserve.h"
#include "tests/property/any_tx.h"
#include "tests/property/bustle.h"
#include "tests/test.h"

#include <string.h>

#define SEEDS 4u
#define SCENES 400u
#define TXS 1500u
#define FULL_EVERY 50u

static struct chain chain;
static struct bustle bustle;
static struct tally tally;
static struct reserve memory, copy;
static struct block_tx foretold;
static u64 refused[TX_KINDS], accepted[TX_KINDS];

/* Rows in use of all tables, one after another. */
static void keep_row(void *about, u32 row, const void *bytes)
{
    const struct chain_table *t = about;
    size_t at = copy.count;

    (void)row;
    EXPECT(reserve_grow(&copy, t->row_size));
    memcpy((u8 *)copy.base + at, bytes, t->row_size);
}

static void keep_rows(void)
{
    copy.count = 0;
    for (u32 t = 0; t < CHAIN_TABLES; t++)
        state_each(&chain.state, (enum chain_table_id)t, keep_row, &chain.state.tables[t]);
}

struct reading {
    struct chain_table *table;
    const u8 *at;
    u32 changed, last;
};

static void compare_row(void *about, u32 row, const void *bytes)
{
    struct reading *r = about;

    if (memcmp(r->at, bytes, r->table->row_size) != 0) {
        r->changed++;
        r->last = row;
    }
    r->at += r->table->row_size;
}

/* All is as it was kept, but for one account's nonce, one more than it was. */
static void expect_nonce_only(u32 from)
{
    struct reading r = {.at = copy.base};

    for (u32 t = 0; t < CHAIN_TABLES; t++) {
        const u8 *begin = r.at;
        r.table = &chain.state.tables[t];
        r.changed = 0;
        state_each(&chain.state, (enum chain_table_id)t, compare_row, &r);
        EXPECT(r.changed == (t == TABLE_ACCOUNT ? 1u : 0u));
        if (t != TABLE_ACCOUNT)
            continue;
        struct account_row was;
        memcpy(&was, begin + (size_t)(from - 1) * sizeof(was), sizeof(was));
        EXPECT(r.last == from && account_at(&chain.state, from)->nonce == was.nonce + 1);
        was.nonce++;
        EXPECT(memcmp(&was, account_at(&chain.state, from), sizeof(was)) == 0);
    }
    EXPECT(r.at == (const u8 *)copy.base + copy.count);
}

static void expect_free_places_zero(void)
{
    for (u32 t = 0; t < CHAIN_TABLES; t++) {
        const struct chain_table *table = &chain.state.tables[t];
        for (u32 row = table->free; row != 0; row = table->free_next[row]) {
            const u8 *bytes = table->rows + (size_t)row * table->row_size;
            for (u32 i = 0; i < table->row_size; i++)
                EXPECT(bytes[i] == 0);
        }
    }
}

/* Heads of the free places too: what is tried gives no place away. */
static void keep_heads(u32 heads[CHAIN_TABLES][3])
{
    for (u32 t = 0; t < CHAIN_TABLES; t++) {
        const struct chain_table *table = &chain.state.tables[t];
        heads[t][0] = table->free;
        heads[t][1] = table->count;
        heads[t][2] = table->used;
    }
}

/* chain_try() says what the block will do, and leaves no trace. */
static void try_first(const struct block_tx *t, const struct block *b)
{
    static const struct newcomer strangers[2] = {{{1}}, {{2}}};
    u32 before[CHAIN_TABLES][3], after[CHAIN_TABLES][3];
    u128 hash = chain_hash(&chain);

    keep_heads(before);
    foretold = *t;
    chain_try(&chain, b->slot, strangers, 2, b->data, b->data_count, &foretold);
    foretold = *t;
    chain_try(&chain, b->slot, NULL, 0, b->data, b->data_count, &foretold);
    keep_heads(after);
    EXPECT(memcmp(before, after, sizeof(before)) == 0);
    EXPECT(chain_hash(&chain) == hash && state_hash_full(&chain.state) == hash);
}

static void one(struct any *a, u32 i)
{
    u32 from = 1 + (u32)any_below(a, BUSTLE_ACCOUNTS - 1);
    struct block_tx t = {.from = from, .nonce = chain_account_nonce(&chain, from), .tx = any_tx(a)};
    struct block b = {.slot = bustle.slot + 1, .data = bustle.data, .data_count = BUSTLE_PROVIDERS};

    (void)chain_step(&chain, &b); /* moments and matches, not to be blamed on the transaction */
    keep_rows();
    b.slot++;
    bustle.slot = b.slot;
    if (chain_due_slot(&chain) <= b.slot)
        return;
    b.count = 1;
    b.txs = &t;
    try_first(&t, &b);
    EXPECT(chain_step(&chain, &b) == 1);
    EXPECT(t.err == foretold.err && t.id == foretold.id && t.gas == foretold.gas);
    (t.err == ERR_None ? accepted : refused)[t.tx.kind]++;
    /* the block itself writes its number and time: as they were, for the comparison */
    struct meta_row *m = (struct meta_row *)(void *)(chain.state.tables[TABLE_META].rows +
                                                     chain.state.tables[TABLE_META].row_size);
    struct meta_row now = *m;
    memcpy(&m->slot, (const u8 *)copy.base + offsetof(struct meta_row, slot), 2 * sizeof(u64));
    if (t.err != ERR_None)
        expect_nonce_only(from);
    *m = now;
    if (i % FULL_EVERY == 0) {
        EXPECT(chain_hash(&chain) == state_hash_full(&chain.state));
        watch_all(&chain.state);
        expect_free_places_zero();
    }
    if (tally.first.found) {
        char text[VIOLATION_TEXT_BYTES];
        violation_text(text, &tally.first);
        printf("not ok - %s: %s\n", tx_rows[t.tx.kind].name, text);
        exit(EXIT_FAILURE);
    }
}

static void run(u64 seed)
{
    struct params p = bustle_params();
    struct any a = ANY(1000 + seed);

    EXPECT(reserve_open(&memory, "chain", 1, state_bytes()));
    bustle_begin(&bustle, &chain, memory.base, &p, &tally, seed);
    for (u32 i = 0; i < SCENES; i++)
        bustle_scene(&bustle);
    for (u32 i = 0; i < TXS; i++) {
        one(&a, i);
        if (i % 10 == 0)
            bustle_scene(&bustle);
    }
    for (u32 k = 0; k < TX_KINDS; k++) {
        accepted[k] += bustle.accepted[k];
        refused[k] += bustle.refused[k];
    }
    reserve_close(&memory);
}

int main(void)
{
    EXPECT(reserve_open(&copy, "rows kept", 1, (size_t)1 << 28));
    for (u64 seed = 1; seed <= SEEDS; seed++)
        run(seed);
    reserve_close(&copy);
    for (u32 k = 0; k < TX_KINDS; k++) {
        bool always = k == TX_CREATE_WALLET, never = k == TX_REFUSED;
        if ((accepted[k] == 0) != never || (refused[k] == 0) != always)
            printf("not ok - %s: %llu taken, %llu refused\n", tx_rows[k].name,
                   (unsigned long long)accepted[k], (unsigned long long)refused[k]);
        EXPECT((accepted[k] == 0) == never && (refused[k] == 0) == always);
    }
    printf("ok - a refused transaction of any kind changes nothing but the nonce\n");
    return EXIT_SUCCESS;
}
