/* watch - what every commit is looked at for: the invariants of the rows that it touched, and the
 * moments that they now owe.
 *
 * Called by state_commit() with each touched row as it was (NULL: it is new) and as it is (NULL: it
 * is freed), then once for the unit, and by chain_step() once a block.  Checkers come to a figure
 * from the rows before and after, by their own arithmetic; what the rules said of themselves (the
 * ledger's entries, the logs) is the other side.  The full form looks at everything: watch_all()
 * walks the rows at any time, watch_era() what a close went by, before the close puts it away. Both
 * compare it with what the checkers noted when something was decided.  The checkers' memory is no
 * part of the state and of its hash.
 */
#ifndef CHAIN_MOCK_WATCH_WATCH_H
#define CHAIN_MOCK_WATCH_WATCH_H

#include "chain-mock/state/state.h"
#include "protocol/outage.h"

/* What is noted of a provider at a close: eras that met and failed each tier, bit 0 being the last
 * one that was not neutral since the last move.  Notes have no padding: an export holds them. */
struct provider_note {
    u128 owed; /* by all slashes */
    u64 met[TIERS], failed[TIERS];
    struct hours paid; /* of the last close */
    u64 struck_era;    /* plus one: whose close took the misconduct slash */
    u64 used[3];       /* cores, GiB of RAM and of disk that its active leases hold */
    u32 eras;
    bool8 moved; /* by the last close: the next begins anew */
    bool8 cut;   /* what was before is not known (an import without it) */
    u8 pad[18];
};

/* Of the bid and the order that a lease comes of; order 0: of none, it is an update's. */
struct lease_note {
    u128 bid_price, max_price;
    u128 gross; /* the most that was debited */
    u64 order;
    u32 provider, tier_worst;
};

/* Of what an outage has cost.  The figures are those of the last close that it cost something. */
struct outage_note {
    u128 hours_wei, standby_wei;
    u64 last_instant_s; /* plus one: of its deployment slashes, all closes */
    u64 era;            /* of the close, plus one */
    u32 hours, standbys;
    bool8 standby_used; /* all closes */
    u8 pad[7];
};

/* What leases have given: by their rows, whatever the ledger says. */
struct lease_sums {
    u128 provider, commission, provider_fee, user_fee;
    u128 refund, rest; /* of those that have ended */
};

/* Since genesis. */
struct watch_totals {
    struct pocket_sums entered; /* by the ledger */
    struct lease_sums put_away[TOKENS_MAX];
    u128 caused[TOKENS_MAX][CAUSES];
    u128 shrunk_locked[TOKENS_MAX];      /* what a shrinking token took of what was locked */
    u128 slarks;                         /* what slashes owe their pool */
    u64 orders_ended[ORDER_EXPIRED + 1]; /* by the state in which they were put away */
    u64 evidence_before;                 /* evidence with a lower id was known to the last close */
    u32 outages_cut, pad;                /* until the next close it is not known which was */
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
    u32 tokens;                   /* which of them have a figure */
    bool resources;               /* reserved or used changed */
    u64 reserved[4], used[4];     /* cpu, ram, disk, gpus; modulo 2^64 */
    const struct order_row *won;  /* an order that ended as leased */
    const struct order_row *lost; /* one that ended otherwise; as it was */
    u32 lost_state;
    const struct lease_row *extended;
    u32 new_lease, new_leases; /* last one's place, how many */
    const struct lease_row *closed;
    const struct standing_row *standing; /* whose stake or rewards changed; as it was */
    u32 provider;                        /* its place */
    u128 unbonding_fell;                 /* what unbonding rows lost, modulo 2^128 */
    u128 unbonding_share;                /* misconduct_slash_bps of each of them, floored */
    u64 unbonding_first_s;               /* earliest request of those that lost */
    const struct breach_row *breach;     /* that was used up; as it was */
    const struct verdict_row *verdict;
    const struct meta_row *meta; /* as it was */
    u32 sender;                  /* whose nonce grew; 0: nobody's */
    u32 approved;                /* a provider that was; 0: none */
    bool rated;
};

struct watch {
    struct watch_unit unit;
    struct pocket_sums pockets;     /* LED-1: all since genesis, commit by commit */
    u64 oldest_order;               /* ORD-11: no open order has a lower id */
    u64 slash_s, slash_evidence;    /* RWD-5: of the last one of the close that goes on */
    u64 window_most, timeout_most;  /* blocks: the parameters' largest values so far */
    u128 slashed, landed, bad_debt; /* SLA-6: of the close that goes on */
    struct watch_totals totals;
    struct provider_note *provider; /* by place, as the next two */
    struct outage_note *outage;
    struct lease_note *lease;
};

size_t watch_bytes(void);
struct watch *watch_init(void *memory); /* watch_bytes() of zeroes, aligned to 64 */

/* As state_pieces(): the memory of the checkers. */
void watch_pieces(const struct state *s, void (*visit)(void *about, void *at, size_t size),
                  void *about);

void watch_row(struct state *s, enum chain_table_id t, u32 row, const void *before,
               const void *after);
void watch_unit(struct state *s);
void watch_block(struct state *s);

/* After an import: what follows from the rows; the notes are cut unless they came. */
void watch_restart(struct state *s, bool told);

/* The slow, full form of every invariant of the state; no unit may be open. */
void watch_all(struct state *s);

/* Whether the full forms are due when so many eras have been closed: settled 161, each full_every
 * eras (0: never) and after full_last of them, "at the end". */
bool watch_due(const struct state *s, u64 eras);

/* The slow, full form of what the close of an era decides: TIER-2, TIER-3, RWD-1 to 3, SLA-2 to 4.
 * In the close itself, after its step 7, where it is due; no unit may be open. */
void watch_era(struct state *s, u64 era, struct interval span);

#endif /* CHAIN_MOCK_WATCH_WATCH_H */
