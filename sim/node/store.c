/* store - the database: how it is opened and recognised, and synced. */
#include "sim/node/store_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a file says of itself in SQLite's header: whose it is, and which tables it has. */
#define APPLICATION_ID 0x4f525259 /* "ORRY" */
#define STORE_VERSION 2
#define WAIT_MS 1000 /* for who has the file, before he is said to keep it */

static const char tables[] =
    "CREATE TABLE note (name TEXT PRIMARY KEY, value BLOB, hash INTEGER) WITHOUT ROWID;"
    "CREATE TABLE record (number INTEGER PRIMARY KEY, hash INTEGER, bytes BLOB);"
    "CREATE TABLE waiting (id INTEGER PRIMARY KEY, hash BLOB UNIQUE, row BLOB, raw BLOB);"
    "CREATE TABLE tx (block INTEGER, place INTEGER, hash BLOB, row BLOB, raw BLOB,"
    " PRIMARY KEY (block, place)) WITHOUT ROWID;"
    "CREATE TABLE key (key INTEGER, block INTEGER, place INTEGER,"
    " PRIMARY KEY (key, block, place)) WITHOUT ROWID;"
    "CREATE TABLE keyed (part INTEGER PRIMARY KEY, block INTEGER, place INTEGER);"
    "CREATE TABLE block (number INTEGER PRIMARY KEY, key INTEGER, hash BLOB, row BLOB, bloom BLOB);"
    "CREATE INDEX block_key ON block (key);"
    "CREATE TABLE log (block INTEGER, place INTEGER, row BLOB, data BLOB,"
    " PRIMARY KEY (block, place)) WITHOUT ROWID;"
    "CREATE TABLE segment (start INTEGER PRIMARY KEY, next INTEGER);"
    "CREATE TABLE hit (segment INTEGER, key INTEGER, block INTEGER,"
    " PRIMARY KEY (segment, key, block)) WITHOUT ROWID;";

/* What lasts is never half written and never lost.  What does not is one transaction that never
 * ends, with nothing to go back to, and is bounded in memory: pages beyond the cache go to a file
 * without a name. */
static const char lasting[] = "PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
                              "PRAGMA journal_size_limit = 16777216;";
static const char passing[] = "PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;"
                              "PRAGMA temp_store = FILE; PRAGMA cache_spill = ON;"
                              "PRAGMA journal_mode = OFF;";

/* ---- opening ---- */

static bool run_sql(struct store *s, const char *sql)
{
    return sqlite3_exec(s->handle, sql, NULL, NULL, NULL) == SQLITE_OK || store_failed(s);
}

/* The first column of the first row. */
static bool ask(struct store *s, const char *sql, char answer[32])
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(s->handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        return store_failed(s);
    bool row = sqlite3_step(stmt) == SQLITE_ROW;
    if (row)
        snprintf(answer, 32, "%s", (const char *)sqlite3_column_text(stmt, 0));
    else
        store_failed(s);
    sqlite3_finalize(stmt);
    return row;
}

/* SQLite tries again to read alone where it may not write, and tells why that failed. */
static bool why_not_opened(struct store *s, const char *path)
{
    char why[120];
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

    if (file >= 0) {
        close(file);
        return store_failed(s);
    }
    snprintf(why, sizeof(why), "cannot be opened: %s", strerror(errno));
    return store_failed_as(s, why);
}

static bool open_handle(struct store *s, const char *path)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

    s->file = path != NULL;
    snprintf(s->name, sizeof(s->name), "%s", s->file ? path : "the store's temporary file");
    if (sqlite3_open_v2(s->file ? path : "", &s->handle, flags, NULL) != SQLITE_OK)
        return s->handle == NULL ? store_failed_as(s, "out of memory")
               : path != NULL    ? why_not_opened(s, path)
                                 : store_failed(s);
    if (sqlite3_db_readonly(s->handle, "main") == 1)
        return store_failed_as(s, "cannot be written: it is read-only");
    sqlite3_busy_timeout(s->handle, WAIT_MS);
    return run_sql(s, "PRAGMA locking_mode = EXCLUSIVE");
}

/* Is this ours, or nobody's yet?  Nothing is written before that is known. */
static bool recognise(struct store *s, bool *is_new)
{
    char id[32], version[32], count[32], why[96];

    if (!ask(s, "PRAGMA application_id", id) || !ask(s, "PRAGMA user_version", version) ||
        !ask(s, "SELECT count(*) FROM sqlite_master", count))
        return false;
    *is_new = strcmp(id, "0") == 0 && strcmp(count, "0") == 0;
    if (*is_new)
        return true;
    if (strtoul(id, NULL, 10) != APPLICATION_ID)
        return store_failed_as(s, "is no store");
    if (strtoul(version, NULL, 10) == STORE_VERSION)
        return true;
    snprintf(why, sizeof(why), "is a store of version %s, and this program reads version %d",
             version, STORE_VERSION);
    return store_failed_as(s, why);
}

static bool set_modes(struct store *s)
{
    char mode[32];

    if (!s->file)
        return run_sql(s, passing);
    if (!ask(s, "PRAGMA journal_mode = WAL", mode))
        return false;
    if (strcmp(mode, "wal") != 0)
        return store_failed_as(s, "cannot have a log that is written ahead");
    return run_sql(s, lasting);
}

static bool make_tables(struct store *s)
{
    char header[96];

    snprintf(header, sizeof(header), "PRAGMA application_id = %d; PRAGMA user_version = %d",
             APPLICATION_ID, STORE_VERSION);
    return run_sql(s, "BEGIN IMMEDIATE") && run_sql(s, tables) && run_sql(s, header) &&
           run_sql(s, "COMMIT");
}

/* Begin a transaction and learn what the last one left. */
static bool begin(struct store *s)
{
    if (!store_run(s, store_statement(s, STORE_BEGIN)))
        return false;
    store_learn_end(s);
    if (s->audit != NULL) { /* what waits is found again on the way */
        store_learn_keyed(s);
        return !s->failed && store_audit_records(s);
    }
    store_learn_keys(s);
    store_learn_logs(s);
    store_release(s);
    return !s->failed;
}

static bool open_store(struct store *s, const char *path)
{
    bool is_new;

    if (!open_handle(s, path) || !recognise(s, &is_new))
        return false;
    if (is_new && s->audit != NULL)
        return store_failed_as(s, "is no store");
    if (!set_modes(s) || (is_new && !make_tables(s)))
        return false;
    if (s->audit != NULL && !store_audit_pages(s, tables))
        return false;
    if (s->audit != NULL && store_differs(s) != NULL)
        return true; /* that is what there is to say of it */
    for (u32 i = 0; i < STORE_STATEMENTS; i++)
        if (!store_prepare(s, (enum store_statement)i, &s->statements[i]))
            return false;
    return begin(s);
}

static struct store *open_or_say(struct store *s, const char *path, char error[256])
{
    bool opened = open_store(s, path), damaged = strstr(s->error, ": is damaged") != NULL;

    if (opened)
        return s;
    if (damaged && s->audit != NULL) { /* of the file, not of asking for it */
        (void)store_differs_as(s, "%s", s->error);
        return s;
    }
    if (damaged)
        (void)store_refused(s, s->error, error);
    else
        snprintf(error, 256, "%s", s->error);
    store_close(s);
    return NULL;
}

struct store *store_open(const char *path, char error[256])
{
    struct store *s = calloc(1, sizeof(*s));

    if (s != NULL)
        return open_or_say(s, path, error);
    snprintf(error, 256, "out of memory");
    return NULL;
}

struct store *store_open_audit(const char *path, char error[256])
{
    struct store *s = calloc(1, sizeof(*s));

    if (s != NULL && (s->audit = store_audit_new()) != NULL)
        return open_or_say(s, path, error);
    free(s);
    snprintf(error, 256, "out of memory");
    return NULL;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    for (u32 i = 0; i < STORE_STATEMENTS; i++)
        sqlite3_finalize(s->statements[i]);
    sqlite3_close(s->handle); /* what is open is rolled back */
    free(s->hits.tail);
    store_audit_free(s->audit);
    free(s);
}

/* ---- syncing ---- */

bool store_sync(struct store *s)
{
    if (!s->file)
        return !s->failed;
    return store_note_end(s) && store_run(s, store_statement(s, STORE_COMMIT)) &&
           store_run(s, store_statement(s, STORE_BEGIN));
}

const char *store_error(const struct store *s)
{
    return s->error;
}
