/* process - one process of a run: its actors, its chain, and the record of both.
 *
 * Everything that goes in passes through three calls: process_dispatch() for an event to an actor,
 * process_step() for a block to the chain, process_edit() for what is done to it outside of blocks.
 * Each is one record (record.h), folded into the rolling hash and, where there is a sink, told to
 * it.  So no host can forget it, and replay() can feed the inputs to a fresh process and demand
 * the same hash after each.
 */
#ifndef SIM_ENGINE_PROCESS_H
#define SIM_ENGINE_PROCESS_H

#include "chain-mock/state/snapshot.h"
#include "sim/engine/record.h"
#include "sim/engine/world.h"

struct checkpoint {
    u64 event; /* records before it, a multiple of CHECKPOINT_EVENTS (record.h) */
    struct instant now;
    u64 hash; /* rolling */
    u128 world, chain, modules[CHAIN_MODULES];
};

/* Takes each record as it is made, with the rolling hash after it: record_log_put() into a file,
 * store_take_record() into a live chain's store. */
typedef void record_sink(void *about, const u8 *bytes, size_t size, u64 hash);

/* Hears of each event that an actor was given, and of what it wants done. */
typedef void dispatch_sink(void *about, struct actor_id to, struct instant now,
                           const struct event *event, const struct outbox *out);

/* Hears of each block that the chain has taken and of each edit, where they are replayed too; the
 * block's logs are chain_logs(). */
struct chain_sink {
    void *about;
    void (*step)(void *about, const struct block *b, u32 taken); /* or NULL, both */
    void (*edit)(void *about, const struct edit *e);
};

typedef void checkpoint_sink(void *about, const struct checkpoint *c);

struct process {
    struct world world;
    struct chain *chain; /* the caller's */
    u64 events, hash;    /* so far */
    u64 checkpoint;      /* events with the next one */
    struct instant now;  /* of the last record */
    struct record_head head;
    record_sink *on_record; /* or NULL */
    void *record_about;
    checkpoint_sink *on_checkpoint; /* or NULL */
    void *checkpoint_about;
    dispatch_sink *on_dispatch; /* or NULL */
    void *dispatch_about;
    struct chain_sink on_chain;
    struct reserve waiting;     /* struct block_tx: submitted, for the next block */
    size_t taken;               /* so many at its front are in blocks already */
    struct reserve data;        /* u32: words that waiting transactions refer to */
    struct reserve nonces;      /* u64 by account: of its next transaction */
    struct reserve bytes;       /* of the record of a block */
    struct snapshots snapshots; /* of edits; their bytes are the heap's */
};

#define PROCESS_WAITING_MAX (1u << 24)
#define PROCESS_ACCOUNTS_MAX (1u << 24)

/* The chain is as at genesis.  False: no address space. */
must_use bool process_open(struct process *p, const struct record_head *head, struct chain *chain,
                           u32 actors_max);
void process_close(struct process *p);

void process_dispatch(struct process *p, struct actor_id to, struct instant now,
                      const struct event *event, struct outbox *out);

/* The transaction waits for the next block with the account's next nonce.  False: as many as
 * there may be wait already. */
must_use bool process_submit(struct process *p, u32 account, const struct tx *tx);

/* The same, before all that waits: it takes the nonce of the first transaction of its account that
 * does, and the others each the next one. */
must_use bool process_submit_first(struct process *p, u32 account, const struct tx *tx);
/* The same with a gas limit below what the call costs: it takes its nonce and fails, OutOfGas. */
must_use bool process_submit_short(struct process *p, u32 account, const struct tx *tx);

/* Of the account's next transaction, after those that wait. */
u64 process_nonce(const struct process *p, u32 account);
u32 process_waiting(const struct process *p);

/* Words to which a transaction that is submitted next refers; *offset is where they begin. */
must_use bool process_data(struct process *p, const u32 *words, u32 count, u32 *offset);

/* One block of what waits.  *made is the block with its answers, of which the first *taken fitted;
 * good until process_stepped(), which must follow: it takes those away, the others wait on. */
void process_step(struct process *p, struct instant now, u64 slot, struct block *made, u32 *taken);
void process_stepped(struct process *p, u32 taken);

/* A block as it stands in a log: nonces are there, everything fits. */
void process_step_again(struct process *p, struct instant now, struct block *b);

/* An edit, between blocks and while nothing waits for one.  A snapshot has the next number, from 0
 * on, and takes memory; going back to one leaves the actors as they are.  False: nothing changed
 * and nothing is recorded: there is no such snapshot, no memory, no coin, no room for another
 * account, or there would be more than 128 bits of the coin.  The id of a snapshot that was taken:
 * process_snapshots() - 1. */
must_use bool process_edit(struct process *p, struct instant now, const struct edit *e);
u64 process_snapshots(const struct process *p); /* taken so far */

/* ESC-11, the last that is done: everybody takes out what is his.  No part of the record; the tally
 * has the answer, and the chain is not what the record says any more. */
void process_drain(struct process *p);

#endif /* SIM_ENGINE_PROCESS_H */
