/* database - schema and inserts made from the columns. */
#include "metrics/database.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COMMIT_ROWS 50000u
#define SQL_SIZE 16384u

struct sql {
    size_t used;
    char text[SQL_SIZE];
};

__attribute__((format(printf, 2, 3))) static void add(struct sql *s, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(s->text + s->used, SQL_SIZE - s->used, format, args);
    va_end(args);
    check(n >= 0 && (size_t)n < SQL_SIZE - s->used);
    s->used += (size_t)n;
}

static bool failed(struct database *d)
{
    snprintf(d->error, sizeof d->error, "run.db: %s", sqlite3_errmsg(d->handle));
    return false;
}

static bool run_sql(struct database *d, const char *text)
{
    if (sqlite3_exec(d->handle, text, NULL, NULL, NULL) != SQLITE_OK)
        return failed(d);
    return true;
}

static const char *sql_type(enum column_type type)
{
    switch (type) {
    case COLUMN_u64:
    case COLUMN_i64:
    case COLUMN_opt:
    case COLUMN_flag:
        return "INTEGER";
    case COLUMN_ratio:
        return "REAL";
    case COLUMN_whole:
    case COLUMN_spon:
    case COLUMN_wei:
    case COLUMN_text:
        return "TEXT";
    }
    check_unreachable();
}

static void create_table(struct sql *s, const struct table *t)
{
    add(s, "CREATE TABLE %s (run INTEGER", t->name);
    for (size_t i = 0; i < t->n_columns; i++)
        add(s, ", %s %s", t->columns[i].name, sql_type(t->columns[i].type));
    add(s, ");");
}

/* The length of name without the ending, 0 if it has another. */
static int stem(const char *name, const char *ending)
{
    size_t n = strlen(name), e = strlen(ending);

    return n > e && strcmp(name + n - e, ending) == 0 ? (int)(n - e) : 0;
}

/* A column as a person reads it: money in whole tokens, prices in dollars. */
static void view_column(struct sql *s, const struct column *c)
{
    int wei = c->type == COLUMN_wei ? stem(c->name, "_wei") : 0;
    int usd = stem(c->name, "_usd_e8");

    if (wei > 0)
        add(s, ", CAST(t.%s AS REAL) / CAST('1e' || k.decimals AS REAL) AS %.*s", c->name, wei,
            c->name);
    else if (usd > 0)
        add(s, ", t.%s / 1e8 AS %.*s_usd", c->name, usd, c->name);
    else if (c->type == COLUMN_spon)
        add(s, ", CAST(t.%s AS REAL) AS %s", c->name, c->name);
    else
        add(s, ", t.%s", c->name);
}

static void create_view(struct sql *s, enum table_id id)
{
    const struct table *t = table_of(id);
    bool wei = false;

    add(s, "CREATE VIEW v_%s AS SELECT t.run", t->name);
    if (id != TABLE_runs)
        add(s, ", r.arm, r.seed");
    for (size_t i = 0; i < t->n_columns; i++) {
        view_column(s, &t->columns[i]);
        wei = wei || t->columns[i].type == COLUMN_wei;
    }
    add(s, " FROM %s t", t->name);
    if (id != TABLE_runs)
        add(s, " LEFT JOIN runs r ON r.run = t.run");
    if (wei)
        add(s, " LEFT JOIN tokens k ON k.run = t.run AND k.token = t.token");
    add(s, ";");
}

/* Views that need more than their own table: what leases moved, in dollars at the last prices. */
static const char money_views[] =
    "CREATE VIEW v_last_prices AS SELECT run, token, max(second_s) AS second_s, usd_e8 FROM prices"
    " GROUP BY run, token;"
    "CREATE VIEW v_lease_money AS SELECT l.run, l.lease, l.provider, l.user, l.token,"
    " l.gross * p.usd_e8 / 1e8 AS gross_usd, l.provider_net * p.usd_e8 / 1e8 AS provider_usd,"
    " l.commission * p.usd_e8 / 1e8 AS commission_usd,"
    " l.provider_fee * p.usd_e8 / 1e8 AS provider_fee_usd,"
    " l.user_fee * p.usd_e8 / 1e8 AS user_fee_usd FROM v_leases l"
    " LEFT JOIN v_last_prices p ON p.run = l.run AND p.token = l.token;"
    "CREATE VIEW v_provider_income AS SELECT run, provider, count(*) AS leases,"
    " total(provider_usd) AS usd FROM v_lease_money GROUP BY run, provider;";

static bool prepare(struct database *d, enum table_id id)
{
    const struct table *t = table_of(id);
    struct sql s = {.used = 0};

    add(&s, "INSERT INTO %s VALUES (?", t->name);
    for (size_t i = 0; i < t->n_columns; i++)
        add(&s, ",?");
    add(&s, ")");
    if (sqlite3_prepare_v2(d->handle, s.text, -1, &d->insert[id], NULL) != SQLITE_OK)
        return failed(d);
    return true;
}

/* The folder is thrown away if the run does not end well, so nothing needs a journal. */
static const char quick[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = 8192;";

bool database_open(struct database *d, sqlite3 *handle, const bool wanted[TABLES])
{
    struct sql s;

    memset(d, 0, sizeof *d);
    d->handle = handle;
    if (!run_sql(d, quick) || !run_sql(d, "BEGIN"))
        return false;
    for (size_t i = 0; i < TABLES; i++) {
        enum table_id id = (enum table_id)i;
        if (!wanted[id])
            continue;
        s.used = 0;
        create_table(&s, table_of(id));
        create_view(&s, id);
        if (!run_sql(d, s.text) || !prepare(d, id))
            return false;
    }
    return run_sql(d, money_views);
}

/* SQLite's integers have 64 bits with a sign; what may need more is a `whole` column, kept as text.
 */
static int bind_u64(sqlite3_stmt *stmt, int at, u64 v)
{
    check(v <= INT64_MAX);
    return sqlite3_bind_int64(stmt, at, (sqlite3_int64)v);
}

static int bind_cell(sqlite3_stmt *stmt, int at, const struct column *c, const void *row)
{
    const u8 *place = (const u8 *)row + c->at;
    char cell[CELL_SIZE];
    size_t n;
    u64 v;

    switch (c->type) {
    case COLUMN_u64:
    case COLUMN_opt:
        memcpy(&v, place, sizeof v);
        if (c->type == COLUMN_opt && v == NONE)
            return sqlite3_bind_null(stmt, at);
        return bind_u64(stmt, at, v);
    case COLUMN_i64:
        memcpy(&v, place, sizeof v);
        return sqlite3_bind_int64(stmt, at, (sqlite3_int64)v);
    case COLUMN_flag:
        return sqlite3_bind_int(stmt, at, *place);
    case COLUMN_text:
        return sqlite3_bind_text(stmt, at, cell_text(c, row), -1, SQLITE_TRANSIENT);
    case COLUMN_whole:
    case COLUMN_spon:
    case COLUMN_wei:
    case COLUMN_ratio:
        n = cell_print(cell, c, row);
        if (n == 0)
            return sqlite3_bind_null(stmt, at);
        return sqlite3_bind_text(stmt, at, cell, (int)n, SQLITE_TRANSIENT);
    }
    check_unreachable();
}

bool database_row(struct database *d, enum table_id id, u64 run, const void *row)
{
    const struct table *t = table_of(id);
    sqlite3_stmt *stmt = d->insert[id];

    if (stmt == NULL)
        return true;
    if (bind_u64(stmt, 1, run) != SQLITE_OK)
        return failed(d);
    for (size_t i = 0; i < t->n_columns; i++)
        if (bind_cell(stmt, (int)i + 2, &t->columns[i], row) != SQLITE_OK)
            return failed(d);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        return failed(d);
    sqlite3_reset(stmt);
    if (++d->waiting < COMMIT_ROWS)
        return true;
    d->waiting = 0;
    return run_sql(d, "COMMIT; BEGIN");
}

bool database_close(struct database *d)
{
    bool ok = d->error[0] == '\0';

    for (size_t i = 0; i < TABLES; i++)
        sqlite3_finalize(d->insert[i]);
    memset(d->insert, 0, sizeof d->insert);
    if (ok)
        ok = run_sql(d, "COMMIT");
    d->handle = NULL;
    return ok;
}
