/* store_statement - statements prepared, bound and run, and what to say when that fails. */
#include "sim/node/store_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const statement_sql[STORE_STATEMENTS] = {
#define STATEMENT(NAME, sql) [STORE_##NAME] = (sql),
#include "sim/node/store_statements.def"
#undef STATEMENT
};

bool store_failed_as(struct store *s, const char *why)
{
    if (!s->failed)
        snprintf(s->error, sizeof(s->error), "%s: %s", s->name, why);
    s->failed = true;
    return false;
}

/* A disk that does not take or give. */
static bool failed_in_system(struct store *s, const char *what)
{
    char why[120];
    int error = sqlite3_system_errno(s->handle);

    if (error == 0)
        error = errno; /* of a COMMIT, SQLite does not keep it */
    if (error == 0)
        return store_failed_as(s, what);
    snprintf(why, sizeof(why), "%s: %s", what, strerror(error));
    return store_failed_as(s, why);
}

bool store_failed(struct store *s)
{
    switch (sqlite3_errcode(s->handle) & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return store_failed_as(s, "is in use by another process");
    case SQLITE_FULL:
        return store_failed_as(s, "the disk is full");
    case SQLITE_CANTOPEN:
        return failed_in_system(s, "cannot be opened");
    case SQLITE_IOERR:
        return failed_in_system(s, "cannot be read or written");
    case SQLITE_READONLY:
        return store_failed_as(s, "cannot be written: it, or its folder, is read-only");
    case SQLITE_NOTADB:
        return store_failed_as(s, "is no store");
    case SQLITE_CORRUPT:
        return store_failed_as(s, "is damaged");
    default:
        return store_failed_as(s, sqlite3_errmsg(s->handle));
    }
}

void store_release(struct store *s)
{
    if (s->held != NULL)
        sqlite3_reset(s->held);
    s->held = NULL;
}

bool store_prepare(struct store *s, enum store_statement id, sqlite3_stmt **out)
{
    return sqlite3_prepare_v3(s->handle, statement_sql[id], -1, SQLITE_PREPARE_PERSISTENT, out,
                              NULL) == SQLITE_OK ||
           store_failed(s);
}

sqlite3_stmt *store_statement(struct store *s, enum store_statement id)
{
    store_release(s);
    return s->statements[id];
}

void store_bind_u64(struct store *s, sqlite3_stmt *stmt, int at, u64 v)
{
    if (sqlite3_bind_int64(stmt, at, (sqlite3_int64)v) != SQLITE_OK)
        store_failed(s);
}

/* No bytes are an empty blob, not NULL. */
void store_bind_bytes(struct store *s, sqlite3_stmt *stmt, int at, struct slice v)
{
    int result = v.n == 0 ? sqlite3_bind_zeroblob(stmt, at, 0)
                          : sqlite3_bind_blob64(stmt, at, v.at, v.n, SQLITE_STATIC);

    if (result != SQLITE_OK)
        store_failed(s);
}

bool store_run(struct store *s, sqlite3_stmt *stmt)
{
    if (s->failed)
        return false;
    errno = 0;
    int result = sqlite3_step(stmt);
    if (result != SQLITE_DONE)
        store_failed(s);
    sqlite3_reset(stmt);
    return result == SQLITE_DONE;
}

bool store_row(struct store *s, sqlite3_stmt *stmt)
{
    bool row = store_visit_row(s, stmt);

    s->held = stmt;
    if (!row)
        store_release(s);
    return row;
}

u64 store_column_u64(sqlite3_stmt *stmt, int at)
{
    return (u64)sqlite3_column_int64(stmt, at);
}

struct slice store_column_bytes(sqlite3_stmt *stmt, int at)
{
    const u8 *bytes = sqlite3_column_blob(stmt, at);

    return SLICE(bytes, (size_t)sqlite3_column_bytes(stmt, at));
}

sqlite3_stmt *store_visit(struct store *s, enum store_statement id)
{
    sqlite3_stmt *own = s->statements[id];

    store_release(s);
    if (sqlite3_stmt_busy(own) && !store_prepare(s, id, &own))
        return NULL;
    return own;
}

bool store_visit_row(struct store *s, sqlite3_stmt *stmt)
{
    int result = sqlite3_step(stmt);

    if (result != SQLITE_ROW && result != SQLITE_DONE)
        store_failed(s);
    return result == SQLITE_ROW;
}

void store_visit_end(struct store *s, enum store_statement id, sqlite3_stmt *stmt)
{
    if (stmt == s->statements[id])
        sqlite3_reset(stmt);
    else
        sqlite3_finalize(stmt);
}

bool store_put_row(struct store *s, enum store_table table, const struct store_cell *row, u32 cells)
{
    static const enum store_statement puts[STORE_TABLES] = {
        [STORE_BLOCKS] = STORE_BLOCK_PUT, [STORE_TXS] = STORE_TX_PUT,
        [STORE_LOGS] = STORE_LOG_PUT,     [STORE_SEGMENTS] = STORE_SEGMENT_PUT,
        [STORE_HITS] = STORE_HIT_PUT,
    };

    if (s->audit != NULL)
        return store_audit_row(s, table, row, cells);
    sqlite3_stmt *stmt = store_statement(s, puts[table]);
    for (u32 i = 0; i < cells; i++) {
        if (row[i].is_bytes)
            store_bind_bytes(s, stmt, (int)i + 1, row[i].bytes);
        else
            store_bind_u64(s, stmt, (int)i + 1, row[i].number);
    }
    return store_run(s, stmt);
}

u64 store_count(struct store *s, enum store_statement id)
{
    sqlite3_stmt *stmt = store_statement(s, id);

    return store_row(s, stmt) ? store_column_u64(stmt, 0) : 0;
}

bool store_cut_each(struct store *s, const enum store_statement *cuts, u32 count, u64 number)
{
    for (u32 i = 0; i < count; i++) {
        sqlite3_stmt *stmt = store_statement(s, cuts[i]);
        store_bind_u64(s, stmt, 1, number);
        if (!store_run(s, stmt))
            return false;
    }
    return true;
}

u64 store_key(const struct bytes32 *hash)
{
    struct reader r = {hash->byte, sizeof(hash->byte), true};

    return get_u64(&r);
}
