/* relations - see relations.h: each on a market in full swing. */
#include "tests/property/relations.h"

#include "chain-mock/state/drain.h"
#include "chain-mock/state/export.h"
#include "chain-mock/state/snapshot.h"
#include "sim/engine/reserve.h"
#include "sim/run/setup.h"
#include "tests/property/bustle.h"
#include "tests/property/relations_gains.h"
#include "tests/property/relations_rules.h"
#include "tests/property/relations_told.h"
#include "tests/property/relations_whole.h"
#include "tests/test.h"

#include <string.h>

#define SCENES 250u
#define GO_ON 120u /* scenes: several eras */

struct market {
    struct reserve memory;
    struct chain chain;
    struct bustle bustle;
    struct tally tally;
};

static struct market one, other;

static void open_memory(struct market *m)
{
    memset(&m->tally, 0, sizeof(m->tally));
    EXPECT(reserve_open(&m->memory, "chain", 1, state_bytes()));
}

static void begin(struct market *m, u64 seed)
{
    struct params p = bustle_params();

    open_memory(m);
    bustle_begin(&m->bustle, &m->chain, m->memory.base, &p, &m->tally, seed);
    for (u32 i = 0; i < SCENES; i++)
        bustle_scene(&m->bustle);
}

static u32 step(void *about, struct block *b)
{
    return chain_step(about, b);
}

/* ---- LEA-4 ---- */

struct balances {
    u128 at[BUSTLE_ACCOUNTS][TOKENS_MAX], dust[TOKENS_MAX];
};

static void poke(struct chain *c, u64 slot)
{
    for (u32 p = 1; p <= chain_providers(c); p++) {
        u32 from = chain_provider_account(c, p);
        struct block_tx txs[3];
        for (u32 t = 0; t < ARRAY_LEN(txs); t++)
            txs[t] = (struct block_tx){
                .from = from,
                .nonce = chain_account_nonce(c, from) + t,
                .tx = {.kind = TX_CLAIM_EARNINGS, .u.claim_earnings = {t, AMOUNT(0)}}};
        struct block b = {.slot = slot + p, .count = ARRAY_LEN(txs), .txs = txs};
        (void)chain_step(c, &b);
    }
}

/* Half an hour on, with or without claims on the way; then all is paid out. */
static struct balances paid_out(struct chain *c, u32 pokes)
{
    u64 slot = state_meta(&c->state)->slot, end = slot + 1200;
    struct balances x = {{{0}}, {0}};
    struct block b = {.slot = end};

    for (u32 i = 0; i < pokes; i++)
        poke(c, slot + (u64)i * 37);
    (void)chain_step(c, &b);
    drain_check(c, step, c);
    for (u32 a = 1; a < BUSTLE_ACCOUNTS; a++)
        for (u32 t = 0; t < TOKENS_MAX; t++)
            x.at[a][t] = account_at(&c->state, a)->balance[t].wei;
    for (u32 t = 0; t < 3; t++)
        x.dust[t] = token_at(&c->state, t + 1)->dust.wei;
    return x;
}

static bool pokes_change_nothing_in(u64 seed)
{
    struct reserve kept = {0};
    struct snapshots k;

    begin(&one, seed);
    size_t size = snapshot_bytes(&one.chain);
    EXPECT(reserve_open(&kept, "snapshot", 1, size));
    snapshots_init(&k, kept.base, size);
    u64 id = snapshot_take(&k, &one.chain);
    struct balances straight = paid_out(&one.chain, 0);
    EXPECT(snapshot_revert(&k, &one.chain, id));
    struct balances poked = paid_out(&one.chain, 30);
    reserve_close(&kept);
    reserve_close(&one.memory);
    return memcmp(&straight, &poked, sizeof(poked)) == 0;
}

/* In one market few leases may run when it is looked at. */
static bool pokes_change_nothing(void)
{
    bool same = true;

    for (u64 seed = 11; seed < 15; seed++)
        same = same && pokes_change_nothing_in(seed);
    return same;
}

/* ---- DET-1 ---- */

/* One of two runs of a scenario, whose memory lies elsewhere than the other's. */
struct twin {
    struct setup setup;
    struct record_log log; /* each record with the rolling hash after it */
    u8 soil;
    u64 blocks;
};

#define SOIL_BYTES 4096u

/* What the next call finds on the stack. */
static __attribute__((noinline)) void soil_stack(u8 soil)
{
    volatile u8 bytes[16 * SOIL_BYTES];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = soil;
}

/* Between blocks: places that no row has, logs that are not told, room to work in. */
static void soil_chain(struct state *s, u8 soil)
{
    void *const work[] = {s->work.bids,   s->work.bid_rows, s->work.points,    s->work.slashes,
                          s->work.halts,  s->work.outages,  s->work.cooldowns, s->work.pots,
                          s->work.payees, s->work.pot_rows, s->work.claims,    s->work.shares};

    for (u32 t = 0; t < CHAIN_TABLES; t++) {
        const struct chain_table *table = &s->tables[t];
        size_t used = (size_t)table->row_size * table->count;
        size_t left = (size_t)table->row_size * table->cap - used;
        memset(table->rows + used, soil, left < SOIL_BYTES ? left : SOIL_BYTES);
    }
    for (size_t i = 0; i < ARRAY_LEN(work); i++)
        memset(work[i], soil, SOIL_BYTES);
    memset(s->logs + s->log_count, soil, SOIL_BYTES);
    memset(s->moments.at + s->moments.count, soil, SOIL_BYTES);
    memset(s->journal.bytes, soil, SOIL_BYTES);
}

static void soil_block(void *about, const struct block *b, u32 taken, struct instant now)
{
    struct twin *t = about;

    (void)b, (void)taken, (void)now;
    soil_chain(&t->setup.chain.state, t->soil);
    soil_stack(t->soil);
    t->blocks++;
}

static void run_twin(struct twin *t, const struct run_plan *plan, u8 soil)
{
    struct host_sinks sinks = {.about = t, .on_block = soil_block};
    char error[RUN_ERROR];

    *t = (struct twin){.soil = soil, .log = {.file = tmpfile()}};
    EXPECT(t->log.file != NULL);
    soil_stack(soil);
    EXPECT(setup_open(&t->setup, plan, &sinks, error));
    t->setup.process.on_record = record_log_put;
    t->setup.process.record_about = &t->log;
    EXPECT(host_sim_run(t->setup.host, (struct instant){SEC(t->setup.end_s + 10)}));
    EXPECT(t->log.error == 0 && fflush(t->log.file) == 0);
    rewind(t->log.file);
}

static void close_twin(struct twin *t)
{
    fclose(t->log.file);
    setup_close(&t->setup);
}

static bool same_records(FILE *a, FILE *b)
{
    static u8 of_a[1u << 16], of_b[sizeof(of_a)];
    size_t n;

    do {
        n = fread(of_a, 1, sizeof(of_a), a);
        if (fread(of_b, 1, sizeof(of_b), b) != n || memcmp(of_a, of_b, n) != 0)
            return false;
    } while (n > 0);
    return true;
}

static bool same_run(const struct run_plan *plan)
{
    static struct twin a, b;

    run_twin(&a, plan, 0);
    run_twin(&b, plan, 0xA5); /* a is there still: nothing of b can lie where it lies */
    EXPECT(a.blocks > 0 && a.setup.memory.base != b.setup.memory.base);
    bool alike = same_records(a.log.file, b.log.file) && a.log.count == b.log.count &&
                 a.setup.process.hash == b.setup.process.hash &&
                 chain_hash(&a.setup.chain) == chain_hash(&b.setup.chain) &&
                 world_hash(&a.setup.process.world) == world_hash(&b.setup.process.world);
    close_twin(&a);
    close_twin(&b);
    return alike;
}

static bool a_run_is_the_same_twice(void)
{
    static const char *const paths[] = {"scenarios/baseline.yaml",
                                        "scenarios/outage-during-lease.yaml"};
    bool alike = true;

    for (size_t i = 0; alike && i < ARRAY_LEN(paths); i++) {
        struct scenario_options options = {0};
        struct scenario s;
        struct problem why;
        EXPECT(scenario_read(paths[i], &options, &s, &why));
        s.eras = 1;
        alike = same_run(&(struct run_plan){.scenario = &s, .seed = 14});
        scenario_free(&s);
    }
    return alike;
}

/* ---- DET-2 ---- */

struct bytes {
    struct reserve at;
    size_t read;
};

static void keep(void *about, const void *bytes, size_t n)
{
    struct bytes *b = about;
    size_t used = b->at.count;

    EXPECT(reserve_grow(&b->at, n));
    memcpy((u8 *)b->at.base + used, bytes, n);
}

static bool give(void *about, void *bytes, size_t n)
{
    struct bytes *b = about;

    if (n > b->at.count - b->read)
        return false;
    memcpy(bytes, (const u8 *)b->at.base + b->read, n);
    b->read += n;
    return true;
}

static bool same_bytes(const struct bytes *a, const struct bytes *b)
{
    return a->at.count == b->at.count && memcmp(a->at.base, b->at.base, a->at.count) == 0;
}

static bool an_import_goes_on_alike(void)
{
    struct bytes first = {0}, again = {0};
    bool alike;

    begin(&one, 12);
    open_memory(&other);
    EXPECT(reserve_open(&first.at, "export", 1, (size_t)1 << 30));
    EXPECT(reserve_open(&again.at, "export", 1, (size_t)1 << 30));
    chain_export(&one.chain, true, &(struct export_sink){keep, &first});
    EXPECT(chain_import(&other.chain, other.memory.base, NULL, 0, &other.tally,
                        &(struct export_source){give, &first}) == EXPORT_OK);
    EXPECT(chain_hash(&other.chain) == state_hash_full(&other.chain.state));
    chain_export(&other.chain, true, &(struct export_sink){keep, &again});
    alike = same_bytes(&first, &again) && first.read == first.at.count;
    other.bustle = one.bustle;
    other.bustle.chain = &other.chain;
    for (u32 i = 0; alike && i < GO_ON; i++) {
        bustle_scene(&one.bustle);
        bustle_scene(&other.bustle);
        alike = chain_hash(&one.chain) == chain_hash(&other.chain) &&
                chain_due_slot(&one.chain) == chain_due_slot(&other.chain);
    }
    alike = alike && !other.tally.first.found;
    reserve_close(&first.at);
    reserve_close(&again.at);
    reserve_close(&one.memory);
    reserve_close(&other.memory);
    return alike;
}

/* ---- DET-4 ---- */

static u128 go_on(struct market *m, struct bustle from)
{
    m->bustle = from;
    for (u32 i = 0; i < GO_ON; i++)
        bustle_scene(&m->bustle);
    return chain_hash(&m->chain);
}

static bool put_back_runs_alike(void)
{
    struct reserve kept = {0};
    struct snapshots k;

    begin(&one, 13);
    EXPECT(reserve_open(&kept, "snapshots", 1, (size_t)1 << 28));
    snapshots_init(&k, kept.base, kept.limit);
    struct bustle then = one.bustle;
    u128 before = chain_hash(&one.chain);
    u64 id = snapshot_take(&k, &one.chain);
    u128 straight = go_on(&one, then);
    u64 later = snapshot_take(&k, &one.chain);
    EXPECT(id == 1 && later == 2 && straight != before);
    EXPECT(snapshot_revert(&k, &one.chain, id));
    EXPECT(!snapshot_revert(&k, &one.chain, later) && !snapshot_revert(&k, &one.chain, id));
    bool alike = chain_hash(&one.chain) == before && state_hash_full(&one.chain.state) == before &&
                 go_on(&one, then) == straight;
    reserve_close(&kept);
    reserve_close(&one.memory);
    return alike && !one.tally.first.found;
}

bool relation_holds(const char *id)
{
    static const struct {
        const char *id;
        bool (*holds)(void);
    } relations[] = {
        {"LEA-4", pokes_change_nothing},
        {"FEE-6", splits_do_not_save_fees},
        {"ORD-9", bids_have_no_places},
        {"ORD-10", better_bids_win_more},
        {"DET-1", a_run_is_the_same_twice},
        {"DET-2", an_import_goes_on_alike},
        {"DET-3", all_is_told},
        {"DET-4", put_back_runs_alike},
        {"DET-9", numbers_are_only_names},
        {"ECO-1", many_names_gain_nothing},
        {"ECO-2", wash_loses},
        {"ECO-3", on_off_gains_nothing},
        {"ECO-6", whales_are_capped},
    };

    for (size_t i = 0; i < ARRAY_LEN(relations); i++) {
        if (strcmp(relations[i].id, id) == 0)
            return relations[i].holds();
    }
    check_unreachable();
}
