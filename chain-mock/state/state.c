#include "chain-mock/state/state.h"

#include "chain-mock/watch/watch.h"
#include "protocol/hash.h"

#include <string.h>

static const u32 row_sizes[CHAIN_TABLES] = {
#define TABLE(NAME, name, rows_max, doc) [TABLE_##NAME] = sizeof(struct name##_row),
#include "chain-mock/state/tables.def"
#undef TABLE
};

static const u32 row_caps[CHAIN_TABLES] = {
#define TABLE(NAME, name, rows_max, doc) [TABLE_##NAME] = (rows_max),
#include "chain-mock/state/tables.def"
#undef TABLE
};

const char *const table_names[CHAIN_TABLES] = {
#define TABLE(NAME, name, rows_max, doc) [TABLE_##NAME] = #name,
#include "chain-mock/state/tables.def"
#undef TABLE
};

const char *const cause_names[CAUSES] = {
#define CAUSE(NAME, text) [CAUSE_##NAME] = text,
#include "chain-mock/state/causes.def"
#undef CAUSE
};

#define JOURNAL_CAP ((size_t)1 << 30)
#define MOMENTS_CAP (1u << 24)
#define IDS_CAP ((u64)1 << 31)
#define LOGS_CAP (1u << 24)

/* One entry of the journal: what the row was; its bytes follow, in steps of 16. */
enum entry_kind { ENTRY_CHANGED, ENTRY_NEW, ENTRY_FREED };

struct entry {
    u32 table, row, kind;
    u32 free; /* ENTRY_NEW: head of the free places before it */
};

/* Rows are looked at where they lie here, so each begins at a multiple of 16. */
static size_t entry_size(const struct entry *e)
{
    size_t row = e->kind == ENTRY_CHANGED ? (row_sizes[e->table] + (size_t)15) / 16 * 16 : 0;

    return sizeof(*e) + row;
}

_Static_assert(sizeof(struct entry) == 16, "a step");

static size_t rounded(size_t n)
{
    return (n + 63) / 64 * 64;
}

size_t state_bytes(void)
{
    size_t n = 0;

    for (u32 t = 0; t < CHAIN_TABLES; t++)
        n += rounded((size_t)row_sizes[t] * row_caps[t]) +
             2 * rounded(sizeof(u32) * (size_t)row_caps[t]) + rounded(sizeof(u128) * row_caps[t]) +
             rounded(row_caps[t]);
    return n + JOURNAL_CAP + rounded(MOMENTS_CAP * sizeof(struct moment)) +
           2 * rounded(IDS_CAP * sizeof(u32)) + rounded(LOGS_CAP * sizeof(struct log)) +
           watch_bytes() + rounded(state_hash_bytes()) + WORK_PURSES * sizeof(u128) +
           WORK_MANY * (sizeof(struct match_bid) + sizeof(u32) + sizeof(struct slash_due)) +
           WORK_SOME * (3 * sizeof(struct interval) + sizeof(struct slash_pot) + sizeof(u32) +
                        sizeof(struct payee) + 2 * sizeof(struct amount));
}

static u8 *cut(u8 **at, size_t n)
{
    u8 *p = *at;

    *at += rounded(n);
    return p;
}

void state_set_params(struct state *s, const struct params *p)
{
    s->params = *p;
    state_hash_params(s);
}

#define CUT(at, T, n) ((T *)(void *)cut((at), sizeof(T) * (size_t)(n)))

static void cut_work(struct workspace *w, u8 **at)
{
    w->bids = CUT(at, struct match_bid, WORK_MANY);
    w->bid_rows = CUT(at, u32, WORK_MANY);
    w->points = CUT(at, u128, WORK_PURSES);
    w->slashes = CUT(at, struct slash_due, WORK_MANY);
    w->outages = CUT(at, struct interval, WORK_SOME);
    w->cooldowns = CUT(at, struct interval, WORK_SOME);
    w->halts = CUT(at, struct interval, WORK_SOME);
    w->pots = CUT(at, struct slash_pot, WORK_SOME);
    w->pot_rows = CUT(at, u32, WORK_SOME);
    w->payees = CUT(at, struct payee, WORK_SOME);
    w->claims = CUT(at, struct amount, WORK_SOME);
    w->shares = CUT(at, struct amount, WORK_SOME);
}

void state_init(struct state *s, void *memory, const struct params *params, struct tally *tally)
{
    u8 *at = memory;

    memset(s, 0, sizeof(*s));
    for (u32 t = 0; t < CHAIN_TABLES; t++) {
        struct chain_table *table = &s->tables[t];
        table->row_size = row_sizes[t];
        table->cap = row_caps[t];
        table->count = 1;
        table->rows = cut(&at, (size_t)row_sizes[t] * row_caps[t]);
        table->mark = (u32 *)(void *)cut(&at, sizeof(u32) * (size_t)row_caps[t]);
        table->free_next = (u32 *)(void *)cut(&at, sizeof(u32) * (size_t)row_caps[t]);
        table->part = (u128 *)(void *)cut(&at, sizeof(u128) * row_caps[t]);
        table->flags = cut(&at, row_caps[t]);
    }
    s->journal.bytes = cut(&at, JOURNAL_CAP);
    s->journal.cap = JOURNAL_CAP;
    s->journal.unit = 1;
    s->moments.at = (struct moment *)(void *)cut(&at, MOMENTS_CAP * sizeof(struct moment));
    s->moments.cap = MOMENTS_CAP;
    s->order_place = (u32 *)(void *)cut(&at, IDS_CAP * sizeof(u32));
    s->lease_place = (u32 *)(void *)cut(&at, IDS_CAP * sizeof(u32));
    s->ids_cap = IDS_CAP;
    s->logs = (struct log *)(void *)cut(&at, LOGS_CAP * sizeof(struct log));
    s->log_cap = LOGS_CAP;
    cut_work(&s->work, &at);
    s->watch = watch_init(cut(&at, watch_bytes()));
    s->hashing = state_hash_init(cut(&at, state_hash_bytes()));
    s->tally = tally;
    state_set_params(s, params);
}

void state_pieces(const struct state *s, void (*visit)(void *about, void *at, size_t size),
                  void *about)
{
    struct meta_row m = *state_meta(s); /* what is visited may be cleared */

    check(s->journal.used == 0);
    for (u32 t = 0; t < CHAIN_TABLES; t++) {
        const struct chain_table *table = &s->tables[t];
        visit(about, table->rows, (size_t)table->row_size * table->count);
        visit(about, table->mark, sizeof(u32) * (size_t)table->count);
        visit(about, table->free_next, sizeof(u32) * (size_t)table->count);
        visit(about, table->part, sizeof(u128) * table->count);
        visit(about, table->flags, table->count);
    }
    visit(about, s->moments.at, s->moments.count * sizeof(struct moment));
    visit(about, s->order_place, m.next_order * sizeof(u32));
    visit(about, s->lease_place, m.next_lease * sizeof(u32));
    visit(about, s->logs, s->log_count * sizeof(struct log));
    visit(about, s->hashing, sizeof(*s->hashing) + s->hashing->count * sizeof(u64));
    watch_pieces(s, visit, about);
}

static void remember(struct state *s, enum chain_table_id t, u32 row, enum entry_kind kind,
                     u32 free)
{
    struct journal *j = &s->journal;
    struct chain_table *table = &s->tables[t];
    struct entry e = {(u32)t, row, (u32)kind, free};
    size_t size = kind == ENTRY_CHANGED ? table->row_size : 0;

    check(j->used + entry_size(&e) <= j->cap);
    memcpy(j->bytes + j->used, &e, sizeof(e));
    memcpy(j->bytes + j->used + sizeof(e), table->rows + (size_t)row * table->row_size, size);
    j->used += entry_size(&e);
    j->rows++;
}

void *state_open(struct state *s, enum chain_table_id t, u32 row)
{
    struct chain_table *table = &s->tables[t];

    check(row != 0 && row < table->count);
    if (table->mark[row] != s->journal.unit) {
        table->mark[row] = s->journal.unit;
        remember(s, t, row, ENTRY_CHANGED, 0);
    }
    return table->rows + (size_t)row * table->row_size;
}

void state_full(struct state *s, enum chain_table_id t)
{
    s->out_of_memory = true;
    s->full_table = t;
}

u32 state_new(struct state *s, enum chain_table_id t)
{
    struct chain_table *table = &s->tables[t];
    u32 free = table->free, row = free;

    if (row != 0) {
        table->free = table->free_next[row];
    } else if (table->count < table->cap) {
        row = table->count++;
    } else {
        state_full(s, t);
        return 0;
    }
    memset(table->rows + (size_t)row * table->row_size, 0, table->row_size);
    table->mark[row] = s->journal.unit;
    table->flags[row] |= ROW_USED;
    table->used++;
    remember(s, t, row, ENTRY_NEW, free);
    return row;
}

/* The place is given back when the unit commits: until then a revert needs it. */
void state_free(struct state *s, enum chain_table_id t, u32 row)
{
    (void)state_open(s, t, row);
    remember(s, t, row, ENTRY_FREED, 0);
    s->journal.frees = true;
}

/* A free place is all zero: scans pass over it, and an import has the same. */
static void give_back(struct chain_table *table, u32 row)
{
    memset(table->rows + (size_t)row * table->row_size, 0, table->row_size);
    table->flags[row] &= (u8)~ROW_USED;
    table->free_next[row] = table->free;
    table->free = row;
    table->used--;
}

struct log *state_log(struct state *s, enum log_kind kind)
{
    check(s->log_count < s->log_cap);
    struct log *l = &s->logs[s->log_count++];
    memset(l, 0, sizeof(*l));
    l->kind = kind;
    l->tx = s->log_tx;
    return l;
}

static struct entry entry_at(const struct journal *j, size_t at)
{
    struct entry e;

    memcpy(&e, j->bytes + at, sizeof(e));
    return e;
}

/* Freed in this unit: a later entry of the journal says so. */
static bool freed_now(const struct chain_table *table, u32 row)
{
    return table->mark[row] == 0;
}

static void commit_row(struct state *s, const struct entry *e, const void *before)
{
    enum chain_table_id t = (enum chain_table_id)e->table;
    struct chain_table *table = &s->tables[t];
    const void *after = table->rows + (size_t)e->row * table->row_size;

    if (e->kind == ENTRY_FREED)
        return;
    if (freed_now(table, e->row))
        after = NULL;
    state_hash_stale(s, t, e->row);
    row_pockets(t, before, after, &s->money.rows);
    watch_row(s, t, e->row, before, after);
}

static void mark_freed(struct state *s)
{
    struct journal *j = &s->journal;

    for (size_t at = 0; at < j->used;) {
        struct entry e = entry_at(j, at);
        if (e.kind == ENTRY_FREED)
            s->tables[e.table].mark[e.row] = 0;
        at += entry_size(&e);
    }
}

static void release_freed(struct state *s)
{
    struct journal *j = &s->journal;

    for (size_t at = 0; at < j->used;) {
        struct entry e = entry_at(j, at);
        if (e.kind == ENTRY_FREED)
            give_back(&s->tables[e.table], e.row);
        at += entry_size(&e);
    }
}

static void next_unit(struct state *s)
{
    s->journal.used = 0;
    s->journal.rows = 0;
    s->journal.unit++;
    check(s->journal.unit != 0);
    s->journal.frees = false;
    s->money.rows.tokens = 0;
    s->money.entered.tokens = 0;
    s->log_unit = s->log_count;
}

void state_commit(struct state *s)
{
    struct journal *j = &s->journal;

    if (j->rows == 0) {
        s->log_unit = s->log_count;
        return;
    }
    if (j->frees)
        mark_freed(s);
    for (size_t at = 0; at < j->used;) {
        struct entry e = entry_at(j, at);
        const u8 *body = j->bytes + at + sizeof(e);
        commit_row(s, &e, e.kind == ENTRY_CHANGED ? body : NULL);
        at += entry_size(&e);
    }
    watch_unit(s);
    if (j->frees)
        release_freed(s);
    next_unit(s);
}

/* A place that was given away is where it was: the first of a table's entries knows the head of its
 * free places, and giving them away has left their links alone. */
static void take_back(struct chain_table *table, const struct entry *e, bool *seen)
{
    memset(table->rows + (size_t)e->row * table->row_size, 0, table->row_size);
    table->flags[e->row] &= (u8)~ROW_USED;
    table->used--;
    if (e->free == 0 && e->row < table->count)
        table->count = e->row;
    if (!*seen)
        table->free = e->free;
    *seen = true;
}

void state_revert(struct state *s)
{
    struct journal *j = &s->journal;
    bool seen[CHAIN_TABLES] = {false};

    for (size_t at = 0; at < j->used;) {
        struct entry e = entry_at(j, at);
        struct chain_table *table = &s->tables[e.table];
        if (e.kind == ENTRY_CHANGED)
            memcpy(table->rows + (size_t)e.row * table->row_size, j->bytes + at + sizeof(e),
                   table->row_size);
        else if (e.kind == ENTRY_NEW)
            take_back(table, &e, &seen[e.table]);
        at += entry_size(&e);
    }
    s->log_count = s->log_unit;
    next_unit(s);
}

/* Rows in use: not on the list of free places. */
static void free_places(const struct chain_table *table, u8 *is_free)
{
    for (u32 row = table->free; row != 0; row = table->free_next[row])
        is_free[row / 8] |= (u8)(1u << row % 8);
}

/* Calls for each row in use; the bitmap of free places stands behind the journal. */
void state_each(const struct state *s, enum chain_table_id t,
                void (*visit)(void *about, u32 row, const void *bytes), void *about)
{
    const struct chain_table *table = &s->tables[t];
    u8 *is_free = s->journal.bytes + s->journal.used;

    check(s->journal.used + table->count / 8 + 1 <= s->journal.cap);
    memset(is_free, 0, table->count / 8 + 1);
    free_places(table, is_free);
    for (u32 row = 1; row < table->count; row++) {
        if (!(is_free[row / 8] >> row % 8 & 1))
            visit(about, row, table->rows + (size_t)row * table->row_size);
    }
}

u32 order_find(const struct state *s, u64 id)
{
    if (id == 0 || id >= state_meta(s)->next_order)
        return 0;
    return s->order_place[id];
}

u32 lease_find(const struct state *s, u64 id)
{
    if (id == 0 || id >= state_meta(s)->next_lease)
        return 0;
    return s->lease_place[id];
}
