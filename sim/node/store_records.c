/* store_records - notes, and the records of a process: what it tells and what replay() reads. */
#include "sim/node/store_parts.h"

#include <string.h>

/* ---- notes ---- */

static void bind_name(struct store *s, sqlite3_stmt *stmt, const char *name)
{
    if (sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC) != SQLITE_OK)
        store_failed(s);
}

/* Of the note that is replaced; 0: there is none. */
static u64 hash_before(struct store *s, const char *name, bool *there)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_NOTE_HASH);

    bind_name(s, stmt, name);
    *there = store_row(s, stmt);
    u64 hash = *there ? store_column_u64(stmt, 0) : 0;
    store_release(s);
    return hash;
}

bool store_put_note(struct store *s, const char *name, struct slice value)
{
    u64 hash = store_note_hash(SLICE((const u8 *)name, strlen(name)), value);
    bool there;
    u64 before = hash_before(s, name, &there);
    sqlite3_stmt *stmt = store_statement(s, STORE_NOTE_PUT);

    bind_name(s, stmt, name);
    store_bind_bytes(s, stmt, 2, value);
    store_bind_u64(s, stmt, 3, hash);
    if (!store_run(s, stmt))
        return false;
    s->end.notes += !there;
    s->end.notes_sum += hash - before;
    return true;
}

bool store_note(struct store *s, const char *name, struct slice *value)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_NOTE_OF);

    bind_name(s, stmt, name);
    if (!store_row(s, stmt))
        return false;
    *value = store_column_bytes(stmt, 0);
    return true;
}

/* ---- records ---- */

bool store_put_record(struct store *s, u64 number, struct slice bytes, u64 hash)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_RECORD_PUT);

    if (s->failed)
        return false;
    check(number == s->end.records);
    store_bind_u64(s, stmt, 1, number);
    store_bind_u64(s, stmt, 2, hash);
    store_bind_bytes(s, stmt, 3, bytes);
    if (!store_run(s, stmt))
        return false;
    s->end.records++;
    s->end.record_hash = hash;
    return true;
}

u64 store_records(struct store *s)
{
    store_release(s);
    return s->end.records;
}

bool store_record(struct store *s, u64 number, struct slice *bytes, u64 *hash)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_RECORD_OF);

    store_bind_u64(s, stmt, 1, number);
    if (!store_row(s, stmt))
        return false;
    *hash = store_column_u64(stmt, 0);
    *bytes = store_column_bytes(stmt, 1);
    return true;
}

void store_take_record(void *about, const u8 *bytes, size_t size, u64 hash)
{
    struct store *s = about;

    (void)store_put_record(s, s->end.records, SLICE(bytes, size), hash); /* store_sync() tells */
}

static enum record_end next_record(void *about, struct record *out)
{
    struct store_cursor *c = about;
    struct slice bytes;

    if (c->next >= store_records(c->store))
        return RECORD_DONE;
    *out = (struct record){.number = c->next};
    if (!store_record(c->store, c->next++, &bytes, &out->hash))
        return RECORD_BAD;
    out->bytes = bytes.at;
    out->size = bytes.n;
    return record_recognise(out) ? RECORD_MORE : RECORD_BAD;
}

struct record_source store_source(struct store *s, const struct record_head *head,
                                  struct store_cursor *next)
{
    *next = (struct store_cursor){.store = s};
    return (struct record_source){*head, next_record, next};
}
