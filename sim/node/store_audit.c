/* store_audit - a file compared with what is put, row by row.
 *
 * Blocks, transactions and logs are put in the order of their keys, and so are segments of hits: a
 * cursor goes through each table, and what is put must be the row under it.  A hash that is
 * indexed is looked up, and in the end there may be no more of them.
 */
#include "sim/node/store_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 5

/* Of the bytes in the column `row`, as they lie there. */
static const struct part {
    const char *name;
    size_t bytes;
} block_parts[] = {{"slot", 8},      {"timestamp_s", 8},
                   {"parent", 32},   {"state_root", 32},
                   {"txs_root", 32}, {"receipts_root", 32},
                   {"base_fee", 16}, {"gas_used", 8},
                   {"gas_limit", 8}, {"size", 8},
                   {"txs", 4},       {"logs", 4},
                   {"miner", 20},    {"prev_randao or check", 40},
                   {NULL, 0}},
  tx_parts[] = {{"from", 20},      {"err", 4},       {"gas_used", 8}, {"cumulative_gas", 8},
                {"gas_price", 16}, {"first_log", 4}, {"logs", 4},     {NULL, 0}},
  log_parts[] = {{"tx_index", 4}, {"tx_hash", 32}, {"address", 20}, {"topics", 128}, {NULL, 0}};

static const struct table {
    const char *name;
    enum store_statement all;
    int keys; /* the first columns, which are where a row is */
    const char *columns[COLUMNS_MAX];
    const struct part *parts; /* where there is a column `row` */
} tables[STORE_TABLES] = {
    [STORE_BLOCKS] =
        {"block", STORE_BLOCK_ALL, 1, {"number", "key", "hash", "row", "bloom"}, block_parts},
    [STORE_TXS] = {"tx", STORE_TX_ALL, 2, {"block", "place", "hash", "row", "raw"}, tx_parts},
    [STORE_LOGS] = {"log", STORE_LOG_ALL, 2, {"block", "place", "row", "data"}, log_parts},
    [STORE_SEGMENTS] = {"segment", STORE_SEGMENT_ALL, 1, {"start", "next"}, NULL},
    [STORE_HITS] = {"hit", STORE_HIT_ALL, 3, {"segment", "key", "block"}, NULL},
};

enum cursor_state { CURSOR_MOVES, CURSOR_ROW, CURSOR_END };

struct store_audit {
    enum cursor_state cursor[STORE_TABLES];
    u64 rows[STORE_TABLES];    /* that were as they should be */
    u64 keys;                  /* hashes that are in the index */
    bool met[STORE_KEY_PARTS]; /* the place that a part goes on behind */
    char differs[400];
};

struct store_audit *store_audit_new(void)
{
    return calloc(1, sizeof(struct store_audit));
}

void store_audit_free(struct store_audit *a)
{
    free(a);
}

const char *store_differs(const struct store *s)
{
    return s->audit->differs[0] == '\0' ? NULL : s->audit->differs;
}

bool store_differs_as(struct store *s, const char *format, ...)
{
    va_list args;

    if (s->audit->differs[0] != '\0')
        return false;
    va_start(args, format);
    vsnprintf(s->audit->differs, sizeof(s->audit->differs), format, args);
    va_end(args);
    return false;
}

/* ---- one row ---- */

/* "table tx, block 5, place 2". */
struct place {
    char text[160];
};

static struct place place_of(enum store_table t, const i64 *keys)
{
    const struct table *table = &tables[t];
    struct place p;
    int n = snprintf(p.text, sizeof(p.text), "table %s", table->name);

    for (int i = 0; i < table->keys; i++)
        n += snprintf(p.text + n, sizeof(p.text) - (size_t)n, ", %s %lld", table->columns[i],
                      (long long)keys[i]);
    return p;
}

static void keys_here(sqlite3_stmt *stmt, enum store_table t, i64 keys[COLUMNS_MAX])
{
    for (int i = 0; i < tables[t].keys; i++)
        keys[i] = sqlite3_column_int64(stmt, i);
}

/* The row under the cursor, which moves there if it has not yet.  NULL: there is no other. */
static sqlite3_stmt *row_here(struct store *s, enum store_table t)
{
    enum cursor_state *c = &s->audit->cursor[t];
    sqlite3_stmt *stmt = s->statements[tables[t].all];

    if (*c == CURSOR_MOVES)
        *c = store_visit_row(s, stmt) ? CURSOR_ROW : CURSOR_END;
    return *c == CURSOR_ROW ? stmt : NULL;
}

static bool same_cell(sqlite3_stmt *stmt, int at, const struct store_cell *want)
{
    if (sqlite3_column_type(stmt, at) != (want->is_bytes ? SQLITE_BLOB : SQLITE_INTEGER))
        return false;
    if (!want->is_bytes)
        return store_column_u64(stmt, at) == want->number;
    struct slice is = store_column_bytes(stmt, at);
    return is.n == want->bytes.n && (is.n == 0 || memcmp(is.at, want->bytes.at, is.n) == 0);
}

/* The part of a row that a byte is in; "" where it has no parts. */
static const char *part_at(const struct table *t, int column, size_t byte)
{
    if (strcmp(t->columns[column], "row") != 0)
        return "";
    for (const struct part *p = t->parts; p->name != NULL; byte -= p->bytes, p++)
        if (byte < p->bytes)
            return p->name;
    return "";
}

/* A cell that is not the same. */
static bool say_cell(struct store *s, sqlite3_stmt *stmt, const struct table *t, int at,
                     const struct place *p, const struct store_cell *want)
{
    const char *name = t->columns[at];
    struct slice is = store_column_bytes(stmt, at);
    size_t i = 0;

    if (sqlite3_column_type(stmt, at) != (want->is_bytes ? SQLITE_BLOB : SQLITE_INTEGER))
        return store_differs_as(s, "%s: %s is of another type", p->text, name);
    if (!want->is_bytes)
        return store_differs_as(s, "%s: %s is %lld, and %lld follows from the records", p->text,
                                name, (long long)store_column_u64(stmt, at),
                                (long long)want->number);
    if (is.n != want->bytes.n)
        return store_differs_as(s, "%s: %s has %zu bytes, and %zu follow from the records", p->text,
                                name, is.n, want->bytes.n);
    while (i + 1 < is.n && is.at[i] == want->bytes.at[i])
        i++;
    const char *part = part_at(t, at, i);
    return store_differs_as(
        s, "%s: %s%s%s%s has 0x%02x as byte %zu, and 0x%02x follows from the records", p->text,
        name, part[0] == '\0' ? "" : " (", part, part[0] == '\0' ? "" : ")", is.at[i], i,
        want->bytes.at[i]);
}

static int order(const i64 *a, const i64 *b, int n)
{
    for (int i = 0; i < n; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static bool one_too_many(struct store *s, enum store_table t, sqlite3_stmt *stmt)
{
    i64 keys[COLUMNS_MAX] = {0};

    keys_here(stmt, t, keys);
    struct place p = place_of(t, keys);
    return store_differs_as(s, "%s: follows from no record", p.text);
}

/* The row under the cursor, if it is there, is none of this place, or not as it should be. */
static bool say_row(struct store *s, enum store_table t, sqlite3_stmt *stmt,
                    const struct store_cell *row, u32 cells)
{
    i64 want[COLUMNS_MAX] = {0}, is[COLUMNS_MAX] = {0};

    for (int i = 0; i < tables[t].keys; i++)
        want[i] = (i64)row[i].number;
    struct place p = place_of(t, want);
    if (stmt != NULL)
        keys_here(stmt, t, is);
    if (stmt == NULL || order(is, want, tables[t].keys) > 0)
        return store_differs_as(s, "%s: is missing", p.text);
    if (order(is, want, tables[t].keys) < 0)
        return one_too_many(s, t, stmt);
    for (u32 i = 0; i < cells; i++)
        if (!same_cell(stmt, (int)i, &row[i]))
            return say_cell(s, stmt, &tables[t], (int)i, &p, &row[i]);
    check_unreachable();
}

bool store_audit_row(struct store *s, enum store_table t, const struct store_cell *row, u32 cells)
{
    sqlite3_stmt *stmt = row_here(s, t);
    bool same = stmt != NULL;

    if (s->failed || store_differs(s) != NULL)
        return false;
    for (u32 i = 0; i < cells && same; i++)
        same = same_cell(stmt, (int)i, &row[i]);
    if (!same)
        return say_row(s, t, stmt, row, cells);
    s->audit->rows[t]++;
    s->audit->cursor[t] = CURSOR_MOVES;
    return true;
}

/* ---- indexes ---- */

bool store_audit_key(struct store *s, struct store_key_at at)
{
    struct store_keys *k = store_key_part(s, at.key);
    sqlite3_stmt *stmt = store_statement(s, STORE_KEY_AT);

    if (!store_key_before(at, k->next))
        return true;
    store_bind_u64(s, stmt, 1, at.key);
    store_bind_u64(s, stmt, 2, at.block);
    store_bind_u64(s, stmt, 3, at.place);
    bool there = store_row(s, stmt);
    store_release(s);
    if (!there)
        return store_differs_as(s, "table key, block %llu, place %u: is missing",
                                (unsigned long long)at.block, at.place);
    s->audit->keys++;
    if (at.block == k->next.block && at.place + 1 == k->next.place)
        s->audit->met[k - s->keys] = true;
    return true;
}

bool store_audit_hits(struct store *s, u64 block)
{
    sqlite3_stmt *segment = row_here(s, STORE_SEGMENTS);

    while (segment != NULL && block >= store_column_u64(segment, 1)) {
        if (s->hits.count == 0)
            return one_too_many(s, STORE_SEGMENTS, segment);
        if (!store_put_segment(s))
            return false;
        segment = row_here(s, STORE_SEGMENTS);
    }
    return !s->failed;
}

/* A hash that is indexed and leads nowhere, or that its part has not come to. */
static bool wrong_key(struct store *s)
{
    sqlite3_stmt *all = store_visit(s, STORE_KEY_ALL);
    struct node_tx tx;
    bool fits = true;

    while (all != NULL && fits && store_visit_row(s, all)) {
        struct store_key_at at = {store_column_u64(all, 0), store_column_u64(all, 1),
                                  (u32)store_column_u64(all, 2)};
        struct store_keys *k = store_key_part(s, at.key);
        if (!store_tx_at(s, at.block, at.place, &tx) || store_key(&tx.hash) != at.key)
            fits = store_differs_as(s, "table key, block %lld, place %u: no such transaction",
                                    (long long)at.block, at.place);
        else if (!store_key_before(at, k->next))
            fits = store_differs_as(s, "table keyed, part %u: is missing, or before table key",
                                    (u32)(k - s->keys));
    }
    if (all != NULL)
        store_visit_end(s, STORE_KEY_ALL, all);
    return fits && store_differs_as(s, "table key: has a row too many");
}

static bool audit_keyed(struct store *s)
{
    sqlite3_stmt *all = store_visit(s, STORE_KEYED_ALL);
    bool fits = all != NULL;

    while (fits && store_visit_row(s, all)) {
        i64 part = sqlite3_column_int64(all, 0);
        fits = (part >= 0 && part < STORE_KEY_PARTS && s->audit->met[part]) ||
               store_differs_as(s, "table keyed, part %lld: is not behind a transaction of it",
                                (long long)part);
    }
    if (all != NULL)
        store_visit_end(s, STORE_KEYED_ALL, all);
    return fits;
}

static bool audit_keys(struct store *s)
{
    u64 count = 0;
    sqlite3_stmt *all = store_visit(s, STORE_KEY_ALL);

    while (all != NULL && store_visit_row(s, all))
        count++;
    if (all != NULL)
        store_visit_end(s, STORE_KEY_ALL, all);
    return audit_keyed(s) && (count == s->audit->keys || wrong_key(s));
}

/* ---- the whole file ---- */

/* "ok", or the first of what SQLite finds. */
static bool audit_integrity(struct store *s)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(s->handle, "PRAGMA integrity_check(1)", -1, &stmt, NULL) != SQLITE_OK)
        return store_failed(s);
    const char *said = sqlite3_step(stmt) == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0)
                                                        : sqlite3_errmsg(s->handle);
    if (strcmp(said, "ok") != 0)
        store_differs_as(s, "the file is no whole database: %.200s", said);
    sqlite3_finalize(stmt);
    return true;
}

/* The names and definitions of a schema, one after another; NULL: no memory, or it failed. */
static char *schema_of(sqlite3 *db)
{
    static const char sql[] = "SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, '')"
                              ", char(10)) FROM (SELECT * FROM sqlite_master ORDER BY name)";
    sqlite3_stmt *stmt;
    char *text = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return NULL;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        text = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return text;
}

static bool audit_schema(struct store *s, const char *definitions)
{
    sqlite3 *fresh = NULL;
    char *want = NULL, *is = schema_of(s->handle);

    if (sqlite3_open(":memory:", &fresh) == SQLITE_OK &&
        sqlite3_exec(fresh, definitions, NULL, NULL, NULL) == SQLITE_OK)
        want = schema_of(fresh);
    bool asked = want != NULL && is != NULL;
    if (asked && strcmp(want, is) != 0)
        store_differs_as(s, "the file has other tables or indexes than a store");
    sqlite3_free(want);
    sqlite3_free(is);
    sqlite3_close(fresh);
    return asked || store_failed_as(s, "out of memory");
}

bool store_audit_pages(struct store *s, const char *definitions)
{
    return audit_integrity(s) && audit_schema(s, definitions);
}

/* How many there are is asked first: where one is missing, its block is one too many. */
bool store_audit_records(struct store *s)
{
    u64 rows = store_count(s, STORE_RECORD_COUNT), last = s->end.records - 1;

    store_release(s);
    if (s->note_damaged)
        return true;
    if (s->damage[0] != '\0' && store_noted_records(s) != s->end.records)
        store_differs_as(s, "%s", s->damage);
    else if (rows != s->end.records)
        store_differs_as(s, "table record: has %llu rows, and its numbers go to %llu",
                         (unsigned long long)rows, (unsigned long long)last);
    return !s->failed;
}

/* ---- the end ---- */

static bool waits_as_it_should(struct store *s, sqlite3_stmt *stmt,
                               bool (*sender)(void *about, const struct envelope *e,
                                              struct address *out),
                               void *about)
{
    struct slice hash = store_column_bytes(stmt, 0), row = store_column_bytes(stmt, 1);
    struct slice raw = store_column_bytes(stmt, 2);
    long long id = sqlite3_column_int64(stmt, 3);
    struct bytes32 comes_to = bytes32_keccak(raw);
    struct fault fault = {FAULT_NONE, 0};
    struct node_tx tx = {.hash = comes_to};
    u8 bytes[STORE_TX_ROW_BYTES];

    if (hash.n != 32 || memcmp(hash.at, comes_to.byte, 32) != 0)
        return store_differs_as(s, "table waiting, id %lld: hash is not that of raw", id);
    if (!envelope_decode(&tx.envelope, raw, &fault) || !sender(about, &tx.envelope, &tx.from))
        return store_differs_as(s, "table waiting, id %lld: raw is nobody's transaction", id);
    struct slice want = store_waiting_row(bytes, &tx);
    if (row.n != want.n || memcmp(row.at, want.at, want.n) != 0)
        return store_differs_as(s, "table waiting, id %lld: row does not follow from raw", id);
    return true;
}

static bool audit_waiting(struct store *s,
                          bool (*sender)(void *about, const struct envelope *e,
                                         struct address *out),
                          void *about)
{
    sqlite3_stmt *stmt = store_visit(s, STORE_WAITING_ALL);
    bool fits = stmt != NULL;

    while (fits && store_visit_row(s, stmt))
        fits = waits_as_it_should(s, stmt, sender, about);
    if (stmt != NULL)
        store_visit_end(s, STORE_WAITING_ALL, stmt);
    return fits;
}

static bool audit_rest(struct store *s)
{
    if (!store_audit_hits(s, STORE_NO_BLOCK))
        return false;
    for (u32 t = 0; t < STORE_TABLES; t++) {
        sqlite3_stmt *stmt = row_here(s, (enum store_table)t);
        if (stmt != NULL)
            return one_too_many(s, (enum store_table)t, stmt);
    }
    return true;
}

bool store_audit_end(struct store *s,
                     bool (*sender)(void *about, const struct envelope *e, struct address *out),
                     void *about, struct store_counts *out)
{
    const u64 *rows = s->audit->rows;

    if (!audit_rest(s) || !audit_keys(s) || !audit_waiting(s, sender, about))
        return false;
    if (s->damage[0] != '\0')
        return store_differs_as(s, "%s", s->damage);
    *out = (struct store_counts){.records = s->end.records,
                                 .blocks = rows[STORE_BLOCKS],
                                 .txs = rows[STORE_TXS],
                                 .logs = rows[STORE_LOGS],
                                 .waiting = s->end.waiting,
                                 .notes = s->end.notes};
    return !s->failed;
}
