/* store - what a live chain remembers: one SQLite file, or none that lasts.
 *
 *     record  the process's log: every input in order, from which all else could be made again
 *     block   head and figures of each block that was stepped
 *     tx      what was sent, raw; and what became of it
 *     log     Solidity logs, by block
 *     note    small facts by name: chain id, genesis, clock; "end": where the others end
 *
 * Everything that is put since the last store_sync() is one transaction of the database: after a
 * crash it is there as a whole or not at all.  A file is kept in WAL mode with synchronous=FULL, so
 * what store_sync() said yes to survives kill -9 and a power cut.  Without a file the database is a
 * private one that spills to disk where it grows, and is gone when it is closed: memory stays flat,
 * and store_sync() has nothing to do.
 *
 * Slices that are handed out are good until the next call on the store.  Visits are the exception:
 * what they hand out is good until visit returns, which may call the store.
 * Numbers of blocks and records are below 2^63.
 */
#ifndef SIM_NODE_STORE_H
#define SIM_NODE_STORE_H

#include "sim/engine/replay.h"
#include "sim/node/node.h"

struct store;

/* path NULL: nothing lasts.  NULL: *error of 256 characters says why: no such folder, in use by
 * another process, not a store, of another version. */
struct store *store_open(const char *path, char error[256]);
/* What was not synced is forgotten. */
void store_close(struct store *s);

/* False: the disk is full or the like, store_error() says it in one line; from then on every put
 * and sync fails. */
must_use bool store_sync(struct store *s);
const char *store_error(const struct store *s);

/* Whether the file is as it was left, as far as opening it looked: each note is what was written,
 * and records, blocks and those that wait end where they did.  What is not, in a sentence that
 * lives as long as the store; NULL: it is. */
const char *store_damage(const struct store *s);
/* The same of notes alone. */
const char *store_note_damage(const struct store *s);
/* False: there is damage, for which there is no going on: *error says so and who tells more. */
must_use bool store_whole(const struct store *s, char error[256]);
/* The same for damage that the caller found.  False, always. */
bool store_refused(const struct store *s, const char *damage, char error[256]);

/* ---- audit (audit.c): a store whose file is compared instead of written ---- */

/* Of a file that is one: what is put from now on, in order from block 0 on, must be there already,
 * and nothing else.  Records are not compared: replay() does that.  NULL: as store_open(), and also
 * where there is nothing yet. */
struct store *store_open_audit(const char *path, char error[256]);
/* What was not there as it should be, first: table, place and what differs, in a sentence; NULL:
 * nothing.  From then on every put fails. */
const char *store_differs(const struct store *s);
/* The same for what the caller found.  False, always. */
bool store_differs_as(struct store *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum store_found { STORE_FOUND, STORE_MISSING, STORE_DAMAGED };
enum store_found store_find_block(struct store *s, u64 number, struct node_block *out);
enum store_found store_find_raw(struct store *s, u64 block, u32 place, struct slice *raw);

/* After the last put: that there is no row too many, that indexes are complete, that those that
 * wait are what they should be (sender answers whose a transaction is; false: nobody's), and that
 * the file ends where it was left. */
struct store_counts {
    u64 records, blocks, txs, logs, waiting, notes;
};
must_use bool store_audit_end(struct store *s,
                              bool (*sender)(void *about, const struct envelope *e,
                                             struct address *out),
                              void *about, struct store_counts *out);

/* ---- notes: any name but "end", which is the store's own ---- */
bool store_put_note(struct store *s, const char *name, struct slice value);
/* False: there is none. */
must_use bool store_note(struct store *s, const char *name, struct slice *value);

/* ---- records: numbered from 0, put in order ---- */
bool store_put_record(struct store *s, u64 number, struct slice bytes, u64 hash);
u64 store_records(struct store *s);
must_use bool store_record(struct store *s, u64 number, struct slice *bytes, u64 *hash);

/* about: the store.  A record_sink (process.h): what the process makes is the next record. */
void store_take_record(void *about, const u8 *bytes, size_t size, u64 hash);

/* All of them from record 0 on, for replay(); *next is the caller's and lives as long. */
struct store_cursor {
    struct store *store;
    u64 next;
};
struct record_source store_source(struct store *s, const struct record_head *head,
                                  struct store_cursor *next);

/* ---- transactions: in the pool until they have a block; mined ones in order of block and index
 * ---- */
bool store_put_tx(struct store *s, const struct node_tx *tx); /* not mined */
bool store_mined_tx(
    struct store *s,
    const struct node_tx *tx); /* was put before, or a new one that is mined at once */
bool store_drop_tx(struct store *s, const struct bytes32 *hash);
must_use bool store_tx(struct store *s, const struct bytes32 *hash, struct node_tx *out);
must_use bool store_tx_at(struct store *s, u64 block, u32 index, struct node_tx *out);
/* Those that wait, in the order in which they were put. */
void store_pool(struct store *s, void (*visit)(void *about, const struct node_tx *tx), void *about);

/* ---- blocks that were stepped, and their logs ---- */
bool store_put_block(struct store *s, const struct node_block *b);
bool store_put_log(struct store *s, const struct node_log *l); /* in order of block */
/* The block of this number, or the last one below it that is stored. */
must_use bool store_block_at_or_below(struct store *s, u64 number, struct node_block *out);
must_use bool store_block_of(struct store *s, const struct bytes32 *hash, struct node_block *out);
must_use bool store_last_block(struct store *s, struct node_block *out);
/* Each that the filter takes, in order; visit answers false to stop. */
void store_logs(struct store *s, const struct node_filter *f,
                bool (*visit)(void *about, const struct node_log *log), void *about);

/* Blocks above this one, their logs, and their transactions were never made; the latter are gone
 * too.  Blocks that are put from now on are above this one. */
bool store_cut(struct store *s, u64 number);

#endif /* SIM_NODE_STORE_H */
