/* store_parts - what the files of the store share; nobody else includes this.
 *
 * Each statement is prepared once.  It is taken, its parameters are bound, and then it is run to
 * its end (store_run) or to its first row (store_row), which is held so that what it handed out
 * stays where it is until the next call on the store.  Visits hold statements of their own.
 *
 * Integers of 64 bits are bound as the signed number with the same bits.  Numbers of blocks and
 * records are in order that way, for there are less than 2^63 of them.  What is looked up by a hash
 * has an index on the hash's first 8 bytes, which is a third as large.
 */
#ifndef SIM_NODE_STORE_PARTS_H
#define SIM_NODE_STORE_PARTS_H

#include "sim/node/store.h"

#include <sqlite3.h>

enum store_statement {
#define STATEMENT(NAME, sql) STORE_##NAME,
#include "sim/node/store_statements.def"
#undef STATEMENT
    STORE_STATEMENTS
};

#define STORE_NAME_CHARS 128u
#define STORE_NUMBER_MAX ((u64)INT64_MAX)
#define STORE_NO_BLOCK UINT64_MAX
#define STORE_POSITIONS (1u + DOOR_TOPICS_MAX) /* of a log that are indexed: address, topics */

/* A block in which a log has this at its position, and those that are not in the database yet
 * (store_hits.c): all of blocks from next on, in order of block. */
struct store_hit {
    u64 key, block;
};

struct store_hits {
    struct store_hit *tail;
    size_t count, room;
    u64 next;
    struct store_hit last[STORE_POSITIONS]; /* added last; key 0: none */
};

/* Where a transaction is, and those of a part of all keys that are not in the database yet
 * (store_keys.c): all from `next` on, in order of block and place. */
#define STORE_KEY_PARTS 16u
#define STORE_KEYS_MAX 4096u
struct store_key_at {
    u64 key, block;
    u32 place;
};

struct store_keys {
    struct store_key_at tail[STORE_KEYS_MAX], next;
    u32 count;
};

/* Where all that is put ends.  It is noted with each sync, so that what was lost since at an end,
 * or in what nothing else tells of, is missed. */
struct store_end {
    u64 records, record_hash;
    u64 block; /* the last one; STORE_NO_BLOCK */
    struct bytes32 block_hash;
    u64 waiting, waiting_sum;
    u64 notes, notes_sum; /* without its own */
};
#define STORE_END_BYTES (7u * 8u + 32u)

struct store {
    sqlite3 *handle;
    sqlite3_stmt *statements[STORE_STATEMENTS];
    sqlite3_stmt *held; /* whose row was handed out; or NULL */
    struct store_end end;
    u8 noted[STORE_END_BYTES]; /* the end, as it stands in its note */
    char damage[256];          /* what opening found, a sentence; empty: nothing */
    struct store_hits hits;
    struct store_keys keys[STORE_KEY_PARTS];
    u64 keys_added;
    struct store_audit *audit; /* or NULL */
    bool file, failed, note_damaged;
    char name[STORE_NAME_CHARS]; /* for messages */
    char error[256];
};

/* ---- store_statement.c ---- */

/* False, always: from now on nothing is put, for the reason that SQLite, or these words, give. */
bool store_failed(struct store *s);
bool store_failed_as(struct store *s, const char *why);

/* Lets go of what was handed out last. */
void store_release(struct store *s);

must_use bool store_prepare(struct store *s, enum store_statement id, sqlite3_stmt **out);
sqlite3_stmt *store_statement(struct store *s, enum store_statement id);
void store_bind_u64(struct store *s, sqlite3_stmt *stmt, int at, u64 v);
void store_bind_bytes(struct store *s, sqlite3_stmt *stmt, int at, struct slice v);

/* False: it failed, now or before. */
must_use bool store_run(struct store *s, sqlite3_stmt *stmt);
/* False: there is no row, or it failed. */
must_use bool store_row(struct store *s, sqlite3_stmt *stmt);

u64 store_column_u64(sqlite3_stmt *stmt, int at);
struct slice store_column_bytes(sqlite3_stmt *stmt, int at);

/* A statement of many rows, which may be in use by a visit further out.  NULL: it failed. */
sqlite3_stmt *store_visit(struct store *s, enum store_statement id);
must_use bool store_visit_row(struct store *s, sqlite3_stmt *stmt);
void store_visit_end(struct store *s, enum store_statement id, sqlite3_stmt *stmt);

/* What a statement of one number says; 0: it failed. */
u64 store_count(struct store *s, enum store_statement id);

/* The first 8 bytes of a hash. */
u64 store_key(const struct bytes32 *hash);

static inline struct slice store_slice32(const struct bytes32 *v)
{
    return SLICE(v->byte, sizeof(v->byte));
}

/* Each statement of them run with the number of a block. */
must_use bool store_cut_each(struct store *s, const enum store_statement *cuts, u32 count,
                             u64 number);

/* ---- rows: put, or, where the store is audited, compared (store_audit.c) ---- */

struct store_cell {
    bool is_bytes;
    u64 number;
    struct slice bytes;
};
#define STORE_NUMBER(v) ((struct store_cell){.number = (v)})
#define STORE_BYTES(v) ((struct store_cell){.is_bytes = true, .bytes = (v)})

/* Tables whose rows come in the order of their keys. */
enum store_table { STORE_BLOCKS, STORE_TXS, STORE_LOGS, STORE_SEGMENTS, STORE_HITS, STORE_TABLES };

must_use bool store_put_row(struct store *s, enum store_table table, const struct store_cell *row,
                            u32 cells);

/* ---- store_audit.c; each needs s->audit ---- */

struct store_audit;
must_use bool store_audit_row(struct store *s, enum store_table table, const struct store_cell *row,
                              u32 cells);
struct store_audit *store_audit_new(void); /* NULL: no memory */
void store_audit_free(struct store_audit *a);
/* Whether the file is whole for SQLite, and has these tables and no others.  False: it cannot be
 * asked; what is not so is a difference. */
must_use bool store_audit_pages(struct store *s, const char *tables);
/* Whether there are as many records as there were; likewise. */
must_use bool store_audit_records(struct store *s);
/* Whole segments of the database that end before this block. */
must_use bool store_audit_hits(struct store *s, u64 block);
/* The key of a transaction at its place is in the database, if its part has it there already. */
must_use bool store_audit_key(struct store *s, struct store_key_at at);

/* ---- store_end.c ---- */

/* What the file holds by its tables, into s->end, and what that differs in from its note, into
 * s->damage. */
void store_learn_end(struct store *s);
must_use bool store_note_end(struct store *s);
u64 store_noted_records(const struct store *s);
/* What is added for a row of `waiting`. */
u64 store_waiting_part(u64 id, struct slice hash);
u64 store_note_hash(struct slice name, struct slice value);
/* Opening found this first; what is a table's begins with "table". */
void store_damaged(struct store *s, const char *what);
/* The last block is another one. */
void store_learn_last_block(struct store *s);

/* ---- store_hits.c ---- */

void store_learn_segments(struct store *s);
/* What waits as one segment, put into the database; it waits no more. */
must_use bool store_put_segment(struct store *s);
/* Before those of a block; blocks come in order. */
must_use bool store_begin_hits(struct store *s, u64 block);
must_use bool store_add_hit(struct store *s, u32 position, struct store_hit hit);
/* The least block from here on with this key; STORE_NO_BLOCK. */
u64 store_next_hit(struct store *s, u64 key, u64 from);
must_use bool store_cut_hits(struct store *s, u64 number);

/* ---- store_keys.c ---- */

void store_learn_keys(struct store *s);
/* Where the parts go on, without what waits. */
void store_learn_keyed(struct store *s);
/* Where the part of this key goes on: before it all of the part are in the database. */
struct store_keys *store_key_part(struct store *s, u64 key);
bool store_key_before(struct store_key_at a, struct store_key_at b);
/* Transactions come in order. */
must_use bool store_add_key(struct store *s, struct store_key_at at);
/* Those of this key that wait, one after another; *from is 0 at first. */
must_use bool store_find_key(struct store *s, u64 key, u32 *from, struct store_key_at *out);
must_use bool store_cut_keys(struct store *s, u64 number);

/* ---- store_logs.c ---- */

void store_learn_logs(struct store *s);
must_use bool store_cut_logs(struct store *s, u64 number);

/* ---- store_txs.c ---- */

#define STORE_TX_ROW_BYTES (ADDRESS_BYTES + 4u + 8u + 8u + 16u + 4u + 4u)
struct slice store_waiting_row(u8 bytes[STORE_TX_ROW_BYTES], const struct node_tx *tx);

must_use bool store_cut_txs(struct store *s, u64 number);

#endif /* SIM_NODE_STORE_PARTS_H */
