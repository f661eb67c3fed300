/* store_end - where all that is put ends, and whether a file still ends there.
 *
 * Most of a file follows from its records and raw transactions (audit.c).  What does not: how many
 * records there are, blocks in which nothing happened, who waits, notes.  So a note of its own says
 * with each sync where these end, and each other note has a hash.
 */
#include "sim/node/store_parts.h"

#include "protocol/hash.h"

#include <stdio.h>
#include <string.h>

#define END_NAME "end"

u64 store_waiting_part(u64 id, struct slice hash)
{
    return hash_bytes(hash_mix(HASH_START, id), hash.at, hash.n);
}

u64 store_note_hash(struct slice name, struct slice value)
{
    return hash_bytes(hash_bytes(HASH_START, name.at, name.n), value.at, value.n);
}

static void encode(const struct store_end *e, u8 bytes[STORE_END_BYTES])
{
    struct writer w = {bytes, STORE_END_BYTES};

    put_u64(&w, e->records);
    put_u64(&w, e->record_hash);
    put_u64(&w, e->block);
    put_bytes(&w, e->block_hash.byte, sizeof(e->block_hash.byte));
    put_u64(&w, e->waiting);
    put_u64(&w, e->waiting_sum);
    put_u64(&w, e->notes);
    put_u64(&w, e->notes_sum);
}

static void decode(const u8 bytes[STORE_END_BYTES], struct store_end *e)
{
    struct reader r = {bytes, STORE_END_BYTES, true};

    e->records = get_u64(&r);
    e->record_hash = get_u64(&r);
    e->block = get_u64(&r);
    get_bytes(&r, e->block_hash.byte, sizeof(e->block_hash.byte));
    e->waiting = get_u64(&r);
    e->waiting_sum = get_u64(&r);
    e->notes = get_u64(&r);
    e->notes_sum = get_u64(&r);
}

bool store_note_end(struct store *s)
{
    u8 bytes[STORE_END_BYTES];
    struct store_end before = s->end;

    encode(&s->end, bytes);
    if (memcmp(bytes, s->noted, sizeof(bytes)) == 0)
        return !s->failed;
    if (!store_put_note(s, END_NAME, SLICE(bytes, sizeof(bytes))))
        return false;
    s->end = before; /* it is none of those that it counts */
    memcpy(s->noted, bytes, sizeof(bytes));
    return true;
}

u64 store_noted_records(const struct store *s)
{
    struct store_end noted;

    decode(s->noted, &noted);
    return noted.records;
}

/* ---- what there is ---- */

void store_learn_last_block(struct store *s)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_BLOCK_BELOW);

    s->end.block = STORE_NO_BLOCK;
    memset(&s->end.block_hash, 0, sizeof(s->end.block_hash));
    store_bind_u64(s, stmt, 1, STORE_NUMBER_MAX);
    if (store_row(s, stmt)) {
        struct slice hash = store_column_bytes(stmt, 1);
        struct reader r = {hash.at, hash.n, true};
        s->end.block = store_column_u64(stmt, 0);
        get_bytes(&r, s->end.block_hash.byte, sizeof(s->end.block_hash.byte));
    }
    store_release(s);
}

static void learn_records(struct store *s)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_RECORD_LAST);

    if (store_row(s, stmt)) {
        s->end.records = store_column_u64(stmt, 0) + 1;
        s->end.record_hash = store_column_u64(stmt, 1);
    }
    store_release(s);
}

static void learn_waiting(struct store *s)
{
    sqlite3_stmt *stmt = store_visit(s, STORE_WAITING_IDS);

    while (stmt != NULL && store_visit_row(s, stmt)) {
        s->end.waiting++;
        s->end.waiting_sum +=
            store_waiting_part(store_column_u64(stmt, 0), store_column_bytes(stmt, 1));
    }
    if (stmt != NULL)
        store_visit_end(s, STORE_WAITING_IDS, stmt);
}

/* The name may be damaged too. */
static void say_note(struct store *s, struct slice name)
{
    char text[41];
    size_t n = 0;

    for (; n < name.n && n < sizeof(text) - 1; n++)
        text[n] = name.at[n] > ' ' && name.at[n] <= '~' ? (char)name.at[n] : '?';
    text[n] = '\0';
    s->note_damaged = true;
    snprintf(s->damage, sizeof(s->damage),
             "the state file's note of the %s is damaged: it is not what was written", text);
}

static void learn_note(struct store *s, sqlite3_stmt *stmt, bool *noted)
{
    struct slice name = store_column_bytes(stmt, 0), value = store_column_bytes(stmt, 1);
    u64 hash = store_column_u64(stmt, 2);

    if (sqlite3_column_type(stmt, 0) != SQLITE_TEXT || store_note_hash(name, value) != hash) {
        say_note(s, name);
    } else if (name.n != strlen(END_NAME) || memcmp(name.at, END_NAME, name.n) != 0) {
        s->end.notes++;
        s->end.notes_sum += hash;
    } else if (value.n == sizeof(s->noted)) {
        memcpy(s->noted, value.at, value.n);
        *noted = true;
    }
}

static void learn_notes(struct store *s, bool *noted)
{
    sqlite3_stmt *stmt = store_visit(s, STORE_NOTE_ALL);

    while (stmt != NULL && s->damage[0] == '\0' && store_visit_row(s, stmt))
        learn_note(s, stmt, noted);
    if (stmt != NULL)
        store_visit_end(s, STORE_NOTE_ALL, stmt);
}

/* ---- and what there was ---- */

void store_damaged(struct store *s, const char *what)
{
    if (s->damage[0] == '\0')
        snprintf(s->damage, sizeof(s->damage), "the state file is damaged: %s", what);
}

static void say(struct store *s, const char *what, u64 is, u64 was)
{
    snprintf(s->damage, sizeof(s->damage),
             "the state file does not end where it was left: %s %llu, and was left with %llu", what,
             (unsigned long long)is, (unsigned long long)was);
}

static void compare(struct store *s, const struct store_end *was)
{
    const struct store_end *is = &s->end;

    if (is->records != was->records)
        say(s, "table record: it has", is->records, was->records);
    else if (is->block != was->block)
        say(s, "table block: its last is", is->block, was->block);
    else if (is->waiting != was->waiting)
        say(s, "table waiting: it has", is->waiting, was->waiting);
    else if (is->notes != was->notes)
        say(s, "table note: it has", is->notes, was->notes);
    else if (is->record_hash != was->record_hash)
        say(s, "table record: its last comes to", is->record_hash, was->record_hash);
    else if (memcmp(&is->block_hash, &was->block_hash, 32) != 0)
        say(s, "table block: another hash of block", is->block, was->block);
    else if (is->waiting_sum != was->waiting_sum)
        say(s, "table waiting: it comes to", is->waiting_sum, was->waiting_sum);
    else if (is->notes_sum != was->notes_sum)
        say(s, "table note: it comes to", is->notes_sum, was->notes_sum);
}

void store_learn_end(struct store *s)
{
    static const struct store_end nothing = {.block = STORE_NO_BLOCK};
    struct store_end was = nothing;
    bool noted = false;

    s->end = nothing;
    encode(&s->end, s->noted);
    learn_records(s);
    store_learn_last_block(s);
    learn_waiting(s);
    learn_notes(s, &noted);
    if (noted)
        decode(s->noted, &was);
    if (s->damage[0] == '\0')
        compare(s, &was);
    if (!noted && !s->note_damaged && s->damage[0] != '\0') {
        s->note_damaged = true;
        snprintf(s->damage, sizeof(s->damage),
                 "the state file's note of the " END_NAME " is missing");
    }
}

const char *store_damage(const struct store *s)
{
    return s->damage[0] == '\0' ? NULL : s->damage;
}

const char *store_note_damage(const struct store *s)
{
    return s->note_damaged ? s->damage : NULL;
}

bool store_refused(const struct store *s, const char *damage, char error[256])
{
    snprintf(error, 256, "%.155s; `orrery replay %.70s' tells more", damage, s->name);
    return false;
}

bool store_whole(const struct store *s, char error[256])
{
    return s->damage[0] == '\0' || store_refused(s, s->damage, error);
}
