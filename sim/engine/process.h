/* process - one process of a run: its actors, its chain, and the record of both.
 *
 * Everything that goes in passes through two calls: process_dispatch() for an event to an actor,
 * process_step() for a block to the chain.  Each is one record (record.h), folded into the rolling
 * hash and, where there is a log, written to it.  So no host can forget it, and replay() can feed
 * the inputs to a fresh process and demand the same hash after each.
 */
#ifndef SIM_ENGINE_PROCESS_H
#define SIM_ENGINE_PROCESS_H

#include "sim/engine/record.h"
#include "sim/engine/world.h"

struct checkpoint {
    u64 event; /* records before it, a multiple of CHECKPOINT_EVENTS */
    struct instant now;
    u64 hash; /* rolling */
    u128 world, chain, modules[CHAIN_MODULES];
};

typedef void checkpoint_sink(void *about, const struct checkpoint *c);

struct process {
    struct world world;
    struct chain *chain; /* the caller's */
    u64 events, hash;    /* so far */
    struct instant now;  /* of the last record */
    struct record_head head;
    struct record_log *log;         /* NULL: none is written; the caller's */
    checkpoint_sink *on_checkpoint; /* or NULL */
    void *checkpoint_about;
    struct reserve waiting; /* struct block_tx: submitted, for the next block */
    struct reserve data;    /* u32: words that waiting transactions refer to */
    struct reserve nonces;  /* u64 by account: of its next transaction */
    struct reserve bytes;   /* of the record of a block */
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
u32 process_waiting(const struct process *p);

/* Words to which a transaction that is submitted next refers; *offset is where they begin. */
must_use bool process_data(struct process *p, const u32 *words, u32 count, u32 *offset);

/* One block of what waits.  *made is the block with its answers, of which the first *taken fitted;
 * good until process_stepped(), which must follow: it takes those away, the others wait on. */
void process_step(struct process *p, struct instant now, u64 slot, struct block *made, u32 *taken);
void process_stepped(struct process *p, u32 taken);

/* A block as it stands in a log: nonces are there, everything fits. */
void process_step_again(struct process *p, struct instant now, struct block *b);

/* ESC-11, on a copy: everybody takes out what is his, then all is as it was.  No part of the
 * record; the tally has the answer.  False: no memory for the copy. */
must_use bool process_drain(struct process *p);

#endif /* SIM_ENGINE_PROCESS_H */
