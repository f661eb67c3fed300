/* record - what goes into a process and what comes out, as bytes; and the file of them, run.log.
 *
 * A record is one event to an actor with its outbox, or one block to the chain with the answer to
 * each of its transactions.  Records are folded one after another into the rolling hash, so a
 * wrong answer changes it even if whoever gets the answer looks away.  Every CHECKPOINT_EVENTS-th
 * record carries the state hashes of world and chain too.
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

enum record_kind {
    RECORD_DISPATCH,
    RECORD_STEP,
    RECORD_END,
    RECORD_EDIT /* what no event and no transaction did */
};

#define RECORD_BYTES_MAX (1u << 30)
#define RECORD_STATES_BYTES ((2u + CHAIN_MODULES) * 16u)
#define RECORD_DISPATCH_BYTES_MAX (16u + EVENT_BYTES_MAX + OUTBOX_BYTES_MAX + RECORD_STATES_BYTES)
#define RECORD_TX_BYTES_MAX (52u + TX_BYTES_MAX)

/* What a run was made of; the start of the rolling hash. */
struct record_head {
    u64 seed, replicate;
    u32 arm;
};
u64 record_start(const struct record_head *head);

void record_dispatch(struct writer *w, struct instant now, struct actor_id to,
                     const struct event *event, const struct outbox *out);

/* What a developer does to a chain between its blocks. */
enum edit_kind {
    EDIT_KEEP,    /* as it is now, to come back to; id: out */
    EDIT_BACK,    /* to what was kept under this id; later ones are forgotten */
    EDIT_BALANCE, /* of the coin, of this address, which begins if nobody has it */
    EDIT_NONCE    /* likewise */
};

struct edit {
    enum edit_kind kind;
    u64 id;
    u8 address[20];
    u128 value;
};

#define RECORD_EDIT_BYTES_MAX (64u + RECORD_STATES_BYTES)
void record_edit(struct writer *w, struct instant now, const struct edit *e, bool done);
/* The edit of a record, behind its kind and instant, without its answer. */
must_use bool record_edit_read(struct reader *r, struct edit *e);

/* taken: how many of the block's transactions fitted; the others are in no record yet. */
size_t record_step_bytes(const struct block *b, u32 taken);
void record_step(struct writer *w, struct instant now, const struct block *b, u32 taken);

/* One record as read. */
struct record {
    enum record_kind kind;
    u64 number; /* 0, 1, ... */
    u64 hash;   /* rolling, after it */
    const u8 *bytes;
    size_t size;
};

/* A file that is written.  An error is kept and nothing more is written. */
struct record_log {
    FILE *file;
    u64 count;
    int error; /* errno of the first failure; 0: none */
};

/* False: error. */
must_use bool record_log_open(struct record_log *log, const char *path,
                              const struct record_head *head);
void record_log_put(struct record_log *log, const u8 *bytes, size_t size, u64 hash);

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
 * end mark and nothing after it.  RECORD_CUT: the file ends without it.  RECORD_BAD: damaged. */
must_use enum record_end record_read(struct record_reader *r, struct record *out);

#endif /* SIM_ENGINE_RECORD_H */
