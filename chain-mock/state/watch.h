/* watch - what every commit is looked at for: the invariants of the rows that it touched, and the
 * moments that they now owe.
 *
 * Called by state_commit() with each touched row as it was (NULL: it is new) and as it is (NULL: it
 * is freed), then once for the unit, and by chain_step() once a block.  Checkers come to a figure
 * from the rows before and after, by their own arithmetic; what the rules said of themselves (the
 * ledger's entries, the logs) is the other side.  What needs a look at everything is in
 * watch_all().  The checkers' memory is no part of the state and of its hash.
 */
#ifndef CHAIN_MOCK_STATE_WATCH_H
#define CHAIN_MOCK_STATE_WATCH_H

#include "chain-mock/state/state.h"

/* What the checkers of tiers remember of a provider: bit 0 is the last era that was not neutral
 * since the last move.  `cut`: what was before is not known (an import without it). */
struct era_history {
    u64 met[TIERS], failed[TIERS];
    u32 eras, cut;
};

/* What the rows of the open unit changed one token by, for the checks that need more than one row;
 * modulo 2^128. */
struct token_unit {
    u128 locked, held;
    u128 provider, commission, provider_fee, user_fee;
    u128 refund, rest; /* of the leases that were closed */
};

/* What the open unit did, as far as a check at its end asks for it.  Rows as they were lie in the
 * journal; rows that were freed lie in their places until the unit ends. */
struct watch_unit {
    struct token_unit token[TOKENS_MAX];
    u32 tokens;                  /* which of them have a figure */
    bool resources;              /* reserved or used changed */
    u64 reserved[4], used[4];    /* cpu, ram, disk, gpus; modulo 2^64 */
    const struct order_row *won; /* an order that ended as leased */
    u32 new_lease, new_leases;   /* last one's place, how many */
    const struct lease_row *closed;
    const struct standing_row *standing; /* whose stake or rewards changed; as it was */
    u32 provider;                        /* its place */
    u128 unbonding_fell;                 /* what unbonding rows lost, modulo 2^128 */
    u128 unbonding_share;                /* misconduct_slash_bps of each of them, floored */
    u64 unbonding_first_s;               /* earliest request of those that lost */
    const struct breach_row *breach;     /* that was used up; as it was */
    const struct verdict_row *verdict;
    const struct meta_row *meta; /* as it was */
};

struct watch {
    struct watch_unit unit;
    struct pocket_sums pockets;     /* LED-1: all since genesis, commit by commit */
    u64 oldest_order;               /* ORD-11: no open order has a lower id */
    u64 window_most, timeout_most;  /* blocks: the parameters' largest values so far */
    u128 slashed, landed, bad_debt; /* SLA-6: of the close that goes on */
    struct era_history *history;    /* by provider */
    u64 *outage_used; /* SLA-4, by place: the standby bit, and the last deployment instant + 1 */
};

#define WATCH_STANDBY_USED ((u64)1 << 63)

size_t watch_bytes(void);
struct watch *watch_init(void *memory); /* watch_bytes() of zeroes, aligned to 64 */

/* As state_pieces(): the memory of the checkers. */
void watch_pieces(const struct state *s, void (*visit)(void *about, void *at, size_t size),
                  void *about);

void watch_row(struct state *s, enum chain_table_id t, u32 row, const void *before,
               const void *after);
void watch_unit(struct state *s);
void watch_block(struct state *s);

/* After an import: what follows from the rows; the histories of tiers are cut unless they came. */
void watch_restart(struct state *s, bool told);

/* The slow, full form of every invariant of the state; no unit may be open. */
void watch_all(struct state *s);

#endif /* CHAIN_MOCK_STATE_WATCH_H */
