/* record - what goes into a process and what comes out, as bytes; and the file of them, run.log.
 *
 * A record is one event to an actor with its outbox, one block to the chain with the answer to
 * each of its transactions, or one edit of the chain from outside of any block with the hash of the
 * state that it led to.  Records are folded one after another into the rolling hash, so a
 * wrong answer changes it even if whoever gets the answer looks away.  Every CHECKPOINT_EVENTS-th
 * record carries the state hashes of world and chain too; from CHECKPOINTS_CLOSE of them on, half
 * as often each time that the run has grown to twice its length.
 *
 * run.log: a head (what the run was made of), then of each record its size, its bytes and the
 * rolling hash after it, then an end mark with the number of records.  All numbers big-endian.  A
 * log without the end mark is of a run that was killed.
 */
#ifndef SIM_ENGINE_RECORD_H
#define SIM_ENGINE_RECORD_H

#include "actors/actor.h"
#include "chain-mock/state/chain.h"
#include "sim/engine/reserve.h"

#include <stdio.h>

#define CHECKPOINT_EVENTS 1024u
#define CHECKPOINTS_CLOSE 256u

/* Append only: the numbers are in logs. */
enum record_kind { RECORD_DISPATCH, RECORD_STEP, RECORD_END, RECORD_EDIT };
#define RECORD_KINDS (RECORD_EDIT + 1u)

#define RECORD_BYTES_MAX (1u << 30)
#define RECORD_STATES_BYTES ((2u + CHAIN_MODULES) * 16u)
#define RECORD_DISPATCH_BYTES_MAX (16u + EVENT_BYTES_MAX + OUTBOX_BYTES_MAX + RECORD_STATES_BYTES)
#define RECORD_TX_BYTES_MAX (52u + TX_BYTES_MAX)
#define RECORD_EDIT_BYTES_MAX (68u + RECORD_STATES_BYTES)

/* What a run was made of; the start of the rolling hash. */
struct record_head {
    u64 seed, replicate;
    u32 arm;
};
u64 record_start(const struct record_head *head);

void record_dispatch(struct writer *w, struct instant now, struct actor_id to,
                     const struct event *event, const struct outbox *out);

/* taken: how many of the block's transactions fitted; the others are in no record yet. */
size_t record_step_bytes(const struct block *b, u32 taken);
void record_step(struct writer *w, struct instant now, const struct block *b, u32 taken);

/* The block of a record with the answers of its transactions.  record_step_free() is due whatever
 * record_step_read() says; *r is after the instant.  False: it is no block, or no memory. */
struct record_block {
    struct block block; /* points to what follows */
    struct block_tx *txs;
    struct newcomer *newcomers;
    u32 *words;
};
must_use bool record_step_read(struct reader *r, struct record_block *out);
void record_step_free(struct record_block *b);

/* What no transaction could do, for who develops against the chain (process_edit).  Append only. */
enum edit_kind {
    EDIT_SNAPSHOT, /* remember the chain as it is; ids count from 0 */
    EDIT_REVERT,   /* back to the snapshot `value`, which is forgotten with all later ones */
    EDIT_BALANCE,  /* the account has so much of the coin; it begins where nobody knew it */
    EDIT_NONCE     /* its next transaction has this nonce; likewise */
};
#define EDIT_KINDS (EDIT_NONCE + 1u)

struct edit {
    enum edit_kind kind;
    u8 address[20];
    struct amount value;
};

/* after: the hash of the chain's state. */
void record_edit(struct writer *w, struct instant now, const struct edit *e, u128 after);
/* What follows the instant.  False: no edit. */
must_use bool record_edit_read(struct reader *r, struct edit *out, u128 *after);

/* One record as read. */
struct record {
    enum record_kind kind;
    u64 number; /* 0, 1, ... */
    u64 hash;   /* rolling, after it */
    const u8 *bytes;
    size_t size;
};

/* The kind of these bytes into r->kind.  False: they are no record. */
must_use bool record_recognise(struct record *r);

/* A file that is written.  An error is kept and nothing more is written. */
struct record_log {
    FILE *file;
    u64 count;
    int error; /* errno of the first failure; 0: none */
};

/* False: error. */
must_use bool record_log_open(struct record_log *log, const char *path,
                              const struct record_head *head);
/* about: the log.  A record_sink (process.h). */
void record_log_put(void *about, const u8 *bytes, size_t size, u64 hash);

/* Writes the end mark.  False: something could not be written, error says what. */
must_use bool record_log_close(struct record_log *log);

/* A file that is read. */
enum record_end { RECORD_MORE, RECORD_DONE, RECORD_CUT, RECORD_BAD };

struct record_reader {
    FILE *file;
    struct record_head head;
    u64 count; /* records read */
    struct reserve bytes;
};

/* False: it cannot be opened or is no run.log.  record_reader_of() takes the file, which may be
 * NULL, and closes it in the end. */
must_use bool record_reader_open(struct record_reader *r, const char *path);
must_use bool record_reader_of(struct record_reader *r, FILE *file);
void record_reader_close(struct record_reader *r);

/* RECORD_MORE: *out is the next, its bytes good until the next call.  RECORD_DONE: there is the
 * end mark and nothing after it.  RECORD_CUT: the file ends without it.  RECORD_BAD: damaged, and
 * *out has its number and what bytes of it could be read, perhaps none. */
must_use enum record_end record_read(struct record_reader *r, struct record *out);

/* Records from anywhere, in order, as record_read() gives them. */
struct record_source {
    struct record_head head;
    enum record_end (*next)(void *about, struct record *out);
    void *about;
};
struct record_source record_reader_source(struct record_reader *r);

#endif /* SIM_ENGINE_RECORD_H */
