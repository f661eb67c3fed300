/* node - one live chain, as the outside meets it: what was sent waits in a pool and becomes blocks
 * with hashes, receipts and logs; there is a clock, and a store that remembers.
 *
 *      raw bytes ──▶ node_send() ──▶ pool ──▶ node_mine(), node_tick() ──▶ block ──▶ store
 *                        │                          │ process_step()          │
 *                     refusal                       ▼                         ▼
 *                                          the chain, by its typed door    readers, watchers
 *
 * Whatever changes the chain goes through process.h and is in its log.  Blocks count up one by one;
 * a block's slot is the moment on the chain's clock (chain.h) and may skip what nobody needed, so
 * that timestamps follow the clock while nothing happens.  With interval mining each slot is a
 * block; in one in which nothing happened the chain is not stepped.
 *
 * One thread, on one event loop.  What a function hands out as a slice is good until the next call.
 */
#ifndef SIM_NODE_NODE_H
#define SIM_NODE_NODE_H

#include "chain-mock/door/door.h"
#include "chain-mock/wire/bloom.h"
#include "chain-mock/wire/envelope.h"
#include "sim/engine/replay.h"

struct node;
struct store;

enum node_mining {
    NODE_INSTANT, /* each transaction that can be taken makes a block at once */
    NODE_INTERVAL,
    NODE_MANUAL
};

struct node_config {
    struct process *process; /* with its chain at genesis; the caller's, as is all that follows */
    struct store *store;     /* empty, or as node_close() or a crash left it */
    u64 chain_id;
    u64 genesis_ms; /* on the host's clock; ignored where the store knows better */
    u64 (*now_ms)(
        void *about); /* the host's clock, since any instant; may be faster than real time */
    void *about;
    u64 speed;                       /* of that clock, against the machine's; 0 is 1 */
    enum node_mining mining;         /* until a call says something else, as of what follows */
    u64 interval_ms;                 /* of NODE_INTERVAL: whole slots; 0: one */
    struct amount base_fee;          /* wei of the coin for each gas */
    const struct door_token *tokens; /* of the chain, by number */
    u32 token_count;
    const char *const *regions; /* their names, as door.h has them; NULL: none */
    u32 region_count;
};

/* NULL: *error, of 256 characters, says why: memory, or the store is of another chain or damaged.
 * A store that knows blocks is replayed into the process, which must come to the same hashes. */
struct node *node_open(const struct node_config *config, char error[256]);
void node_close(struct node *n);

/* ---- audit: whether a store is all that follows from its records and raw transactions ---- */

struct node_audit {
    struct replay_result records;
    bool same;                             /* and all else follows from them */
    u64 blocks, txs, logs, waiting, notes; /* that are as they should be; where all is */
    char differs[512]; /* what does not, first: table, place and what it is, in a sentence */
};

/* config: as for node_open(), its store from store_open_audit().  A record that is not so is
 * printed to `print`.  False: it could not be said: *error of 256 characters says why. */
must_use bool node_audit(const struct node_config *config, FILE *print, struct node_audit *out,
                         char error[256]);

/* ---- watchers: called when something is there to be told; any of them may be NULL ---- */

struct node_watch {
    void *about;
    void (*block)(void *about, u64 number);                   /* a new head, already in the store */
    void (*pending)(void *about, const struct bytes32 *hash); /* taken into the pool */
    void (*reverting)(void *about, u64 number); /* they are about to go: they can still be read */
    void (*reverted)(void *about, u64 number);  /* blocks above this one are gone */
};

/* At most 8 of them. */
void node_watch(struct node *n, const struct node_watch *w);

/* ---- reading ---- */

struct node_block {
    u64 number, slot, timestamp_s;
    struct bytes32 hash, parent, state_root, txs_root, receipts_root;
    struct bloom bloom;
    struct amount base_fee;
    u64 gas_used, gas_limit, size;
    u32 txs, logs;
    struct address miner;
    struct bytes32 prev_randao; /* zero unless stated: nothing here reads it */
};

struct node_tx {
    struct bytes32 hash;
    struct slice raw;         /* as it was sent */
    struct envelope envelope; /* of raw */
    struct address from;
    bool mined; /* what follows is known of mined ones only */
    u64 block;
    u32 index;
    enum err err;
    u64 gas_used, cumulative_gas;
    struct amount gas_price; /* effective */
    u32 first_log, logs;     /* of its block */
};

struct node_log {
    u64 block;
    u32 index, tx_index; /* in its block; tx_index: of the transaction in which it was told, or of
                            none: UINT32_MAX */
    struct bytes32 tx_hash; /* zero: of none, the block's own doing */
    struct door_log log;
};

u64 node_chain_id(const struct node *n);
u64 node_head(const struct node *n);
const struct chain *node_chain(const struct node *n);
struct door *node_door(struct node *n);

/* False: there is no such block, transaction. */
must_use bool node_block_at(struct node *n, u64 number, struct node_block *out);
must_use bool node_block_of(struct node *n, const struct bytes32 *hash, struct node_block *out);
/* The one that would be mined now: no hash. */
void node_block_pending(struct node *n, struct node_block *out);
must_use bool node_tx_of(struct node *n, const struct bytes32 *hash, struct node_tx *out);
must_use bool node_tx_at(struct node *n, u64 block, u32 index, struct node_tx *out);

struct node_filter {
    u64 from, to; /* blocks, both included; to beyond the head: up to it */
    const struct address *addresses;
    u32 address_count; /* 0: any */
    struct {
        const struct bytes32 *any_of;
        u32 count; /* 0: any, also none */
    } topics[DOOR_TOPICS_MAX];
    u32 topic_count; /* positions that are stated: a log must have as many topics */
};

/* Each log in order; visit answers false to stop. */
void node_logs(struct node *n, const struct node_filter *f,
               bool (*visit)(void *about, const struct node_log *log), void *about);
/* Those of one block. */
void node_block_logs(struct node *n, u64 number,
                     bool (*visit)(void *about, const struct node_log *log), void *about);

/* At the head; pending counts what waits in the pool. */
struct amount node_balance(const struct node *n, struct address a);
u64 node_nonce(const struct node *n, struct address a, bool pending);
bool node_has_code(const struct node *n, struct address a);

/* Who waits, in order of address and nonce; queued: behind a gap of nonces. */
void node_pool(struct node *n, bool (*visit)(void *about, const struct node_tx *tx, bool queued),
               void *about);

/* ---- asking ---- */

/* Why something is refused, in the words that clients look for (rpc.md 4): a code of JSON-RPC, and
 * revert data where there are some. */
struct refusal {
    int code; /* 0: it is not */
    char message[256];
    u8 data[DOOR_REVERT_BYTES];
    u32 data_size;
    bool has_data;
};

/* The coin has 128 bits: more than that nobody has. */
#define NODE_BEYOND_FUNDS "insufficient funds for gas * price + value: more than 2^128 - 1 wei"

struct node_ask {
    struct address from;
    bool creates;
    struct address to;
    struct amount value;
    struct slice data;
    bool has_gas, has_max_fee, has_tip, has_gas_price, has_nonce;
    u64 gas, nonce;
    struct amount gas_price, max_fee, max_tip;
    /* An override for this call only (eth_call's third parameter). */
    bool has_balance;
    struct amount balance;
};

/* What the call would answer in the coming block; false: *why. */
must_use bool node_call(struct node *n, const struct node_ask *ask, struct slice *answer,
                        struct refusal *why);
must_use bool node_estimate(struct node *n, const struct node_ask *ask, u64 *gas,
                            struct refusal *why);

/* ---- sending ---- */

#define NODE_TX_BYTES 131072u /* of a transaction at most: geth's txMaxSize */

/* Into the pool; with instant mining into a block at once.  from: who signed it, where that has
 * been found out; NULL: it is here.  False: *why, and nothing changed.  node_sync() must follow
 * before anybody is told of it. */
must_use bool node_send(struct node *n, struct slice raw, const struct address *from,
                        struct bytes32 *hash, struct refusal *why);

/* Of an account whose key the node holds, or that is impersonated; what is not stated is filled in.
 */
must_use bool node_send_as(struct node *n, const struct node_ask *ask, struct bytes32 *hash,
                           struct refusal *why);
/* The same of any account, impersonated or not. */
must_use bool node_send_unsigned(struct node *n, const struct node_ask *ask, struct bytes32 *hash,
                                 struct refusal *why);
/* The same, filled in and unsigned, as eth_fillTransaction wants it. */
must_use bool node_fill(struct node *n, const struct node_ask *ask, struct envelope *out,
                        struct refusal *why);

/* Keys that the node holds. */
void node_key(struct node *n, const struct bytes32 *secret);
u32 node_keys(const struct node *n);
struct address node_key_address(const struct node *n, u32 i);
must_use bool node_sign(struct node *n, struct address from, struct bytes32 hash,
                        struct signature *out);

/* What has been accepted is durable when this returns true.  False: *why (a full disk), and it is
 * not known whether what was sent since the last one will be there after a crash. */
must_use bool node_sync(struct node *n, struct refusal *why);

/* False: the store has failed, *why says how.  What the chain shows from then on may not be there
 * after it is opened again, so nobody should be told of it. */
must_use bool node_stands(const struct node *n, struct refusal *why);

/* ---- time and blocks ---- */

/* Does what is due by the clock: interval blocks, and what the chain owes to time.  Milliseconds of
 * the machine until the next time that it should be called; UINT64_MAX: nothing is due. */
u64 node_tick(struct node *n);

/* The chain's clock is never behind the head, and goes on from there (ARCHITECTURE.md, 45).
 *
 * How far it can be moved: a block closes each era up to its own time, which is what a hop costs.
 * To ten years of 24 h eras it takes 0.03 s where nobody is and 0.3 s with three providers; where
 * actors live, 6 s with all that they do meanwhile.  The emission is known for some years
 * (emission.h), each dearer to compute than the one before, and an instant holds 584 of them.  An
 * empty block takes 6 us, 8 us in a file (gcc 12 -O2, one core). */
#define NODE_HOP_ERAS 3650u   /* beyond the head, by one call */
#define NODE_YEARS_MAX 100u   /* of 365 days, since genesis: there the chain's time ends */
#define NODE_MINE_MAX 250000u /* blocks a call */

/* In what follows false is *why, and nothing has changed, but for a store that fails. */

/* Blocks at once, before each of which the clock goes on by interval_s. */
must_use bool node_mine(struct node *n, u64 count, u64 interval_s, struct refusal *why);
/* The first at this timestamp. */
must_use bool node_mine_at(struct node *n, u64 timestamp_s, u64 count, struct refusal *why);

enum node_mining node_mining_mode(const struct node *n);
u64 node_interval_ms(const struct node *n); /* 0: not interval mining */
/* Intervals are whole slots, and the first begins now.  With NODE_INSTANT what waits is mined. */
must_use bool node_set_mining(struct node *n, enum node_mining mode, u64 interval_ms,
                              struct refusal *why);

u64 node_now_s(const struct node *n); /* the timestamp that a block would get */
/* The chain's clock: since genesis, to the millisecond. */
struct instant node_instant(const struct node *n);
/* The clock goes on from so much later; *total_s: by how much it is later than the host's. */
must_use bool node_increase_time(struct node *n, u64 seconds, i64 *total_s, struct refusal *why);
/* The clock goes on from there, not before the head; what the next block was to have is forgotten.
 */
must_use bool node_set_time(struct node *n, u64 timestamp_s, struct refusal *why);
/* The next block has exactly this timestamp, of a slot after the head's, and the clock goes on from
 * it, even where it was later. */
must_use bool node_set_next_time(struct node *n, u64 timestamp_s, struct refusal *why);
/* Each block is so much later than the one before, whatever the clock says; whole slots, or 0 for
 * the least. */
must_use bool node_set_step(struct node *n, u64 seconds, struct refusal *why);
bool node_end_step(struct node *n); /* whether it was set */

/* ---- terms of blocks to come; kept by a snapshot ---- */

void node_set_base_fee(struct node *n, struct amount base_fee);
struct amount node_base_fee(const struct node *n);
/* At most what the chain takes: its parameter block_gas_limit. */
must_use bool node_set_gas_limit(struct node *n, u64 gas, struct refusal *why);
u64 node_gas_limit(const struct node *n);
void node_set_prev_randao(struct node *n, const struct bytes32 *v); /* of the next block */

/* Whether the one who started it wants a line for each event; for its host to ask. */
void node_set_logging(struct node *n, bool on);
bool node_logging(const struct node *n);

/* ---- going back, and changing what no transaction could ---- */

/* The chain, its clock and the terms of the coming block; what waits for a block is not looked at:
 * it waits on when the chain goes back, and what was in a block that is gone is gone, as in anvil.
 */
u64 node_snapshot(struct node *n); /* from 0 on; UINT64_MAX: no memory */
must_use bool node_revert(struct node *n, u64 id);
must_use bool node_set_balance(struct node *n, struct address a, struct amount balance,
                               struct refusal *why);
must_use bool node_set_nonce(struct node *n, struct address a, u64 nonce, struct refusal *why);
must_use bool node_impersonate(struct node *n, struct address a, bool on, struct refusal *why);
void node_impersonate_all(struct node *n, bool on);
must_use bool node_drop(struct node *n, const struct bytes32 *hash);
void node_drop_all(struct node *n);

#endif /* SIM_NODE_NODE_H */
