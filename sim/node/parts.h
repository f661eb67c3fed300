/* parts - what the files of the node share; nobody else includes this. */
#ifndef SIM_NODE_PARTS_H
#define SIM_NODE_PARTS_H

#include "chain-mock/wire/hex.h"
#include "sim/node/index.h"
#include "sim/node/node.h"
#include "sim/node/store.h"

#define NODE_WATCHES 8u
#define NODE_KEYS 64u
#define IMPERSONATED_MAX 65536u
#define POOL_MAX 65536u
#define BLOCK_TXS_MAX 65536u
#define NODE_GAS_LEAST 21000u /* the Yellow Paper's G_transaction */

/* A transaction that waits. */
struct pooled {
    struct node_tx tx; /* raw points to `bytes` */
    u8 *bytes;         /* malloc; NULL: a free place */
    u32 account;       /* the sender's, as the coming block will know him */
    u32 place;         /* in the block that is being made, if node.picked has it there */
    u32 newer, older;  /* in the order of arrival; INDEX_NONE ends it */
};

struct pool {
    struct pooled *at; /* POOL_MAX places, calloc: memory comes when one is touched */
    u32 used, free,
        fresh; /* free: head of those that were used, by `newer`; from fresh on: never */
    u32 oldest, newest;
    struct index by_hash, by_nonce; /* of (sender, nonce) */
};

struct node_key {
    struct bytes32 secret;
    struct address address;
};

/* A sender's next nonce while a block is being made. */
struct node_turn {
    u64 round, nonce;
};

/* What calls have set for the blocks to come: a snapshot keeps it. */
struct node_terms {
    i64 clock_ms;    /* the chain's clock is so much later than the host's */
    u64 next_time_s; /* of the next block; 0: not stated */
    bool has_step;
    u64 step_s; /* if has_step: each block so much later than the one before, not by the clock */
    struct amount base_fee;
    u64 gas_limit;              /* of a block; 0: the chain's own */
    struct bytes32 prev_randao; /* of the next block */
};

/* As it was when node_snapshot() was called. */
struct node_kept {
    u64 id, edit; /* edit: the process's own snapshot */
    u64 number;
    struct node_terms terms;
};

struct node {
    struct node_config c;
    struct store *store;
    struct door door;
    struct node_block head;
    u64 slot; /* last one that was stepped or put down */
    struct node_terms terms;
    enum node_mining mining;
    bool mining_set;                /* by a call: it outlives the process */
    u64 interval_ms, interval_from; /* interval_from: the slot from which intervals count */
    bool silent;
    bool unsaved, unsaved_impersonated; /* settings that the store does not know yet */
    struct pool pool;
    struct index accounts; /* by address */
    u32 accounts_known;
    /* for the coming block, or the call that is tried */
    struct reserve newcomers, words;
    struct block_tx *txs;   /* BLOCK_TXS_MAX */
    struct pooled **picked; /* the same, where they come from */
    struct reserve turns;   /* struct node_turn by account */
    u64 round;              /* of choosing what goes into a block */
    bool unblocked;         /* what could not go into one may be able to now */
    u8 *room;               /* of answers, log data, encodings */
    size_t room_size;
    struct node_key keys[NODE_KEYS];
    u32 key_count;
    struct reserve impersonated; /* struct address, IMPERSONATED_MAX at most */
    bool impersonates_all;
    struct node_watch watches[NODE_WATCHES];
    u32 watch_count;
    struct reserve kept; /* struct node_kept */
    u64 next_kept;
    secp256k1_context *signer;
};

/* ---- node.c ---- */
/* With its memory and its accounts, and nothing done to the store yet; NULL: no memory. */
struct node *node_new(const struct node_config *config);
/* Block 0 as n->head, from the chain at genesis and what the store's notes say of it.  False: they
 * do not. */
must_use bool node_learn_genesis(struct node *n, u64 *chain_id);
/* False, always. */
bool node_refuse(struct refusal *why, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
u32 node_account(const struct node *n, struct address a); /* 0: nobody */
struct address node_address(const struct node *n, u32 account);
enum node_told { NODE_TOLD_BLOCK, NODE_TOLD_PENDING, NODE_TOLD_REVERTING, NODE_TOLD_REVERTED };
void node_tell(struct node *n, enum node_told what, u64 number, const struct bytes32 *hash);
/* Accounts that have begun are found by their addresses from now on. */
void node_learn_accounts(struct node *n);
/* The chain went back: accounts are learned anew. */
void node_went_back(struct node *n);

/* Newcomers and words of a call that was only tried are forgotten. */
void node_forget_newcomers(struct node *n);

/* ---- log.c ---- */
must_use bool node_replay(struct node *n, char error[256]);
/* After it: whether the last block, n->head, is what the records lead to. */
must_use bool node_ends_together(struct node *n, char error[256]);

/* ---- pool.c ---- */
bool pool_open(struct pool *p);
void pool_close(struct pool *p);
struct pooled *pool_of_hash(const struct pool *p, const struct bytes32 *hash);
struct pooled *pool_of_nonce(const struct pool *p, struct address from, u64 nonce);
/* NULL: it is full, or no memory. */
struct pooled *pool_add(struct pool *p, const struct node_tx *tx);
void pool_drop(struct pool *p, struct pooled *t);
void pool_empty(struct pool *p);
struct pooled *pool_oldest(const struct pool *p);
struct pooled *pool_newer(const struct pool *p, const struct pooled *t); /* NULL: none */

/* ---- clock.c ---- */
u64 node_clock_ms(const struct node *n); /* the chain's clock, since genesis */
u64 node_slot_now(const struct node *n);
u64 node_timestamp(const struct node *n, u64 slot);
/* The slot that a block made now would have; whether a call has stated it. */
u64 node_next_slot(const struct node *n);
bool node_slot_stated(const struct node *n);
void node_clock_advance(struct node *n, u64 ms);
/* After a block: the clock is never behind the head, and goes on from a slot that was stated. */
void node_clock_follow(struct node *n, bool stated);
/* After a store was taken up, of which the clock had come to so many ms. */
void node_clock_resume(struct node *n, u64 told_ms);
/* False: *why, and nothing changed: so many blocks are too many, or too far apart, or the slot lies
 * beyond the chain's time. */
must_use bool node_span_fits(const struct node *n, u64 count, u64 interval_s, struct refusal *why);
must_use bool node_slot_fits(const struct node *n, u64 slot, struct refusal *why);
/* False: *why: an interval between blocks is too long, or no whole number of slots. */
must_use bool node_interval_fits(const struct node *n, u64 interval_ms, struct refusal *why);

/* ---- settings.c ---- */
/* What has changed of them goes into the store. */
bool node_settings_save(struct node *n);
/* False: *error.  *told_ms: where the chain's clock was when they were saved. */
must_use bool node_settings_load(struct node *n, u64 *told_ms, char error[256]);

/* ---- mine.c ---- */
struct amount node_gas_price(const struct node *n, const struct envelope *e);

/* For who makes a block again (audit.c). */
/* A block at this slot after the head, without what came of it: before the chain steps. */
void node_begin_block(const struct node *n, u64 slot, struct node_block *b);
/* What came of a step into the store, as the new head: n->txs with their answers, n->picked where
 * they come from, the chain's logs.  False: the store does not take it. */
bool node_put_block(struct node *n, const struct block *b, const struct node_block *begun);
/* A slot in which nothing happens: the chain does not move.  False: likewise. */
bool node_put_down(struct node *n, u64 slot);
/* Not in the block after all: what the sender could pay for when it came, he cannot now. */
bool node_not_taken(const struct block_tx *t);
/* What tells of a block's own doing, the first in a block that has any; encoded in room. */
struct node_tx node_own_doing(u64 number, u8 *room, size_t size);

/* ---- header.c ---- */
/* Fills in hash and size; parent, roots and figures are there. */
void node_seal(struct node_block *b);
struct bytes32 node_root(struct slice bytes);

#endif /* SIM_NODE_PARTS_H */
