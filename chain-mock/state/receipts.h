/* receipts - what became of each transaction of the last blocks, and what the chain told in them.
 *
 * They are derived: no part of the state and of its hash, no rule reads them, and a chain whose
 * host gave no room keeps none and pays nothing.  A block goes in when chain_step() ends; the
 * oldest ones go when there is no place left for its row, its transactions or its logs.
 *
 *     gone               │ kept: every block that was stepped  │ not stepped yet
 *     slots < horizon    │                                     │
 *
 * A slot of the middle part that is not kept was empty: no block was ever made of it.
 */
#ifndef CHAIN_MOCK_STATE_RECEIPTS_H
#define CHAIN_MOCK_STATE_RECEIPTS_H

#include "chain-mock/state/chain.h"

/* Room, in places: each at least 1. */
struct receipt_limits {
    u32 blocks, txs, logs;
};

struct receipt_block {
    u64 slot;
    u64 tx, log; /* its first ones, counted since the beginning */
    u32 txs, logs;
};

struct receipt {
    struct block_tx tx; /* with its answer */
    u64 cumulative_gas; /* of its block up to and with it */
};

struct receipts {
    struct receipt_limits limits;
    struct receipt_block *blocks;
    struct receipt *txs;
    struct log *logs;
    u64 first, next;       /* blocks that are kept, counted since the beginning */
    u64 next_tx, next_log; /* counted likewise; a place is the number modulo the limit */
    u64 horizon;           /* slots before it are gone */
};

enum receipt_end {
    RECEIPT_FOUND,
    RECEIPT_GONE,     /* kept no longer, or stepped before anything was kept */
    RECEIPT_NO_BLOCK, /* never stepped: the slot was empty, or is still to come */
    RECEIPT_NO_TX     /* the block has fewer */
};

/* Bytes that the host is to give. */
size_t receipts_bytes(struct receipt_limits limits);

/* memory: receipts_bytes(), aligned to 16, the caller's as long as the chain keeps receipts in it.
 * From now on the chain does. */
void receipts_init(struct receipts *r, struct receipt_limits limits, void *memory,
                   struct chain *chain);

/* chain_step()'s: a block, of which `taken` transactions fitted, with its logs.  One that is larger
 * than all the room is gone at once. */
void receipts_keep(struct receipts *r, const struct block *b, u32 taken, const struct log *logs,
                   u32 log_count);

/* The chain went back to this slot: what was after it never was. */
void receipts_revert(struct receipts *r, u64 slot);

/* The receipt of a transaction by its block and place.  *out only if it is found. */
enum receipt_end receipt_at(const struct receipts *r, u64 slot, u32 index, struct receipt *out);

/* Which logs: all that pass each of these. */
struct receipt_filter {
    u64 from, to;         /* slots, both included */
    u64 kinds;            /* bit LOG_<name> for each kind; 0: any */
    u64 order;            /* its field of this name is this; 0: any, also without such a field */
    u32 provider, wallet; /* likewise */
    u32 tx;               /* place in its block + 1; 0: any, and those of no transaction */
};

_Static_assert(LOG_KINDS <= 64, "a mask of kinds");

/* Calls visit for each such log, in order.  False: a part of the range is gone, none was visited.
 */
must_use bool receipt_logs(const struct receipts *r, const struct receipt_filter *f,
                           void (*visit)(void *about, u64 slot, const struct log *log),
                           void *about);

#endif /* CHAIN_MOCK_STATE_RECEIPTS_H */
