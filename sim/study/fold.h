/* fold - what the chain tells, folded into the tables of a run.
 *
 * fold_on_log() and fold_on_block() are the host's sinks.  The fold keeps what is open (orders with
 * their bids, leases, outages) and the sums of the current era, and asks the chain only for what
 * logs do not carry: owners, balances and open rows at the end.  What a close was like it knows
 * from logs alone, for the chain may have closed another era in the same block.  It changes
 * nothing.
 *
 * The chain tells scores of bids and single transfers only if asked: state.trace_scores for the
 * table bids, state.trace_moves for transfers, which the caller sets as the tables are wanted.
 *
 * Tables that are left to the caller, who knows more: runs, checkpoints.
 */
#ifndef SIM_STUDY_FOLD_H
#define SIM_STUDY_FOLD_H

#include "chain-mock/state/chain.h"
#include "metrics/tables.h"

struct fold_demands {
    u64 done, failed, given_up, turned_away;
};

struct fold_config {
    struct tables *tables;
    const struct chain *chain;      /* after genesis, before the first block */
    const char *const *token_names; /* by number of the token */
    const char *const *regions;     /* names by number less one */
    void *about;
    /* Whose account it is, as the scenario says: group and ordinal, or a role.  May be NULL. */
    void (*account_name)(void *about, u32 account, char out[64]);
    /* What became of what a user wanted run; false: the account is no user.  May be NULL. */
    bool (*demands)(void *about, u32 account, struct fold_demands *out);
};

struct fold;

/* NULL: out of memory.  The config's pointers stay the caller's, for the life of the fold. */
struct fold *fold_open(const struct fold_config *config);
void fold_close(struct fold *f);

/* fold: a struct fold; slot and second of the block, in order. */
void fold_on_log(void *fold, const struct log *log, u64 slot, struct instant now);
void fold_on_block(void *fold, const struct block *block, u32 taken, struct instant now);

/* The run ended in a halt, of which no block told yet.  Before fold_end(). */
void fold_halt_open(struct fold *f, u64 start_s, u64 end_s);

/* The run ended with the chain's last block: rows of what is still open, of users, wallets,
 * balances, supplies, invariants.  The chain settles a lease when it must; the tables settle those
 * that run on to that block's second, with their wallets.  All of it stays within the escrow. */
void fold_end(struct fold *f);

/* NULL, or which limit was reached; the tables are then worth nothing. */
const char *fold_error(const struct fold *f);

#endif /* SIM_STUDY_FOLD_H */
