/* state - the tables of the chain, their journal, and the hash of them all.
 *
 * A contract opens a row before it writes; the first opening in a unit of work copies the row
 * into the journal.  A unit is one transaction, one moment, one match or one provider's part of a
 * close: state_commit() ends it, state_revert() undoes it.  Commit notes the rows that have
 * changed, of which the hash is brought up to date when it is asked for,
 *
 *     hash == sum over rows of hash_row(table and row, bytes of the row)  mod 2^128
 *
 * and compares, row by row, what the ledger's entries say with what the rows say (LED-3).
 * state_hash_full() is the same sum the long way.
 *
 * Memory is the host's: state_bytes() says how much to reserve (address space; only what is used
 * is ever touched), rows never move while the state lives.
 */
#ifndef CHAIN_MOCK_STATE_STATE_H
#define CHAIN_MOCK_STATE_STATE_H

#include "chain-mock/state/moments.h"
#include "chain-mock/state/rows.h"
#include "protocol/err.h"
#include "protocol/matching.h"
#include "protocol/params.h"
#include "protocol/slash.h"

struct tally; /* of invariants */
struct watch; /* the checkers' own memory: watch.h */

enum chain_table_id {
#define TABLE(NAME, name, rows_max, doc) TABLE_##NAME,
#include "chain-mock/state/tables.def"
#undef TABLE
    CHAIN_TABLES
};

extern const char *const table_names[CHAIN_TABLES];

struct chain_table {
    u8 *rows;
    u32 *mark; /* unit in which a row was journaled last */
    u32 *free_next;
    u128 *part;               /* of each row in the hash, as of the last time it was asked for */
    u8 *flags;                /* ROW_USED, ROW_STALE: its part is not up to date */
    u32 row_size, count, cap; /* count: places ever used, row 0 included */
    u32 free;                 /* head of the free places, 0: none */
    u32 used;                 /* rows in use, row 0 not */
};

enum { ROW_USED = 1, ROW_STALE = 2 };

/* What is known of the hash; by pointer, for asking changes nothing that anybody sees. */
struct state_hashing {
    u128 whole, params; /* params: their part of it */
    u128 modules[CHAIN_TABLES];
    u64 *stale; /* table << 32 | row */
    u32 count, pad[5];
};

/* Where money can be.  Every unit of every token is in exactly one. */
enum pocket {
    POCKET_OUTSIDE, /* before mint, after burn */
    POCKET_ACCOUNT,
    POCKET_UNLOCKED,
    POCKET_LOCKED,
    POCKET_LEASE, /* debited, not yet anybody's: rests, and what an unconfirmed provider earned */
    POCKET_ACCRUED,
    POCKET_COMMISSION,
    POCKET_FEES,
    POCKET_DUST,
    POCKET_STAKE,
    POCKET_UNBONDING,
    POCKET_REWARDS,
    POCKET_SLARKS,
    POCKETS
};

extern const char *const pocket_names[POCKETS];

/* Why money moved: a closed list. */
enum cause {
#define CAUSE(NAME, text) CAUSE_##NAME,
#include "chain-mock/state/causes.def"
#undef CAUSE
    CAUSES
};

extern const char *const cause_names[CAUSES];

/* Token by pocket, modulo 2^128.  Only the tokens of the mask have a figure: the others are 0 and
 * their memory is not looked at. */
struct pocket_sums {
    u128 at[TOKENS_MAX][POCKETS];
    u32 tokens;
};

static inline u128 *pockets_of(struct pocket_sums *sums, u32 token)
{
    if ((sums->tokens >> token & 1) == 0) {
        for (u32 i = 0; i < POCKETS; i++)
            sums->at[token][i] = 0;
        sums->tokens |= 1u << token;
    }
    return sums->at[token];
}

/* What the open unit has moved: by the account of its rows, of the ledger, and of the ledger's
 * causes.  `caused` is of the tokens that the ledger entered. */
struct unit_money {
    struct pocket_sums rows, entered;
    u128 caused[TOKENS_MAX][CAUSES];
};

struct journal {
    u8 *bytes;
    size_t used, cap;
    u32 rows; /* entries */
    u32 unit; /* serial of the unit that is open */
    bool frees;
};

/* A slash that a close has found. */
struct slash_due {
    u64 instant_s, evidence;
    struct interval hour; /* deployment: its hour, cut at the outage's end and the era's */
    u32 provider, row;    /* of the outage, breach or verdict */
    u32 cause, pad;
};

/* Who is paid by a slash, and for how much of an hour or damage. */
struct payee {
    u32 account, pad;
    struct amount claim, share;
};

/* Room for what one match or close works on; holds nothing between them. */
#define WORK_MANY (1u << 21)
#define WORK_SOME (1u << 18)
#define WORK_PURSES (1u << 23)

struct workspace {
    struct match_bid *bids; /* WORK_MANY: of the order that is being matched */
    u32 *bid_rows;
    u128 *points;                   /* WORK_PURSES: a provider's earned points, a purse's locks */
    struct slash_due *slashes;      /* WORK_MANY */
    struct interval *outages;       /* WORK_SOME: of one provider */
    struct interval *cooldowns;     /* WORK_SOME: after them */
    struct interval *halts;         /* WORK_SOME */
    struct slash_pot *pots;         /* WORK_SOME: of one provider */
    u32 *pot_rows;                  /* the unbonding row, or 0 */
    struct payee *payees;           /* WORK_SOME */
    struct amount *claims, *shares; /* WORK_SOME: the payees' as the rules take them */
};

struct state {
    struct chain_table tables[CHAIN_TABLES];
    struct journal journal;
    struct params params;
    struct state_hashing *hashing;
    struct unit_money money;
    struct moments moments;
    u32 *order_place, *lease_place; /* by id */
    u64 ids_cap;
    struct log *logs;
    u32 log_count, log_cap, log_unit; /* log_unit: logs before this unit */
    u32 log_tx;                       /* transaction of which logs are told */
    bool trace_moves, trace_scores;
    u32 full_every, full_last; /* closes that watch_era() looks at: watch_due() */
    const u32 *rtt_us;         /* the host's: [from * regions + to], regions from 0; 0: not known */
    u32 regions;
    struct tally *tally; /* the host's */
    struct watch *watch; /* no part of the hash */
    struct workspace work;
    bool out_of_memory; /* a table reached its limit: full_table; CHAIN_TABLES: the moments did */
    enum chain_table_id full_table;
};

size_t state_bytes(void);

/* memory: state_bytes() of zeroes, aligned to 64. */
void state_init(struct state *s, void *memory, const struct params *params, struct tally *tally);

void *state_open(struct state *s, enum chain_table_id t, u32 row);
u32 state_new(struct state *s,
              enum chain_table_id t); /* zeroed and open; 0 and out_of_memory if full */
void state_free(struct state *s, enum chain_table_id t, u32 row);
/* The chain is not to be used any more: there is no room in this table; CHAIN_TABLES: for moments.
 */
void state_full(struct state *s, enum chain_table_id t);

void state_commit(struct state *s);
void state_revert(struct state *s);

/* The parameters in force; a change is a unit of its own. */
void state_set_params(struct state *s, const struct params *p);

/* The hash of all tables and of one, up to date; and of all of them the long way. */
u128 state_hash(const struct state *s);
u128 state_module_hash(const struct state *s, enum chain_table_id t);
u128 state_hash_full(const struct state *s);

/* After rows were put there by an import. */
void state_hash_imported(struct state *s);

/* ---- state_hash.c, for state.c ---- */
size_t state_hash_bytes(void);
struct state_hashing *state_hash_init(void *memory); /* zeroes, aligned to 16 */
void state_hash_stale(struct state *s, enum chain_table_id t, u32 row);
void state_hash_params(struct state *s);

/* The moments anew from the rows: after an import, and where parameters that ends hang on changed.
 * No unit may be open. */
void state_owe_all(struct state *s);

/* Calls visit for each piece of memory that is in use between blocks, the struct itself excepted:
 * copied away and put back, with the rest zero, they are the state as it was. */
void state_pieces(const struct state *s, void (*visit)(void *about, void *at, size_t size),
                  void *about);

/* Calls visit for each row of a table that is in use, in order of place.  No unit may be open. */
void state_each(const struct state *s, enum chain_table_id t,
                void (*visit)(void *about, u32 row, const void *bytes), void *about);

/* Sums of every pocket over all rows, the slow way. */
void state_pockets(const struct state *s, struct pocket_sums *out);

/* Add what a row holds more after than before, NULL being nothing. */
void row_pockets(enum chain_table_id t, const void *before, const void *after,
                 struct pocket_sums *sums);

/* A new log of this unit, zeroed but for its kind. */
struct log *state_log(struct state *s, enum log_kind kind);

/* Typed doors to the tables: lease_at() to read, lease_open() to write, lease_new(), lease_free().
 */
#define TABLE(NAME, name, rows_max, doc)                                                           \
    static inline const struct name##_row *name##_at(const struct state *s, u32 row)               \
    {                                                                                              \
        check(row < s->tables[TABLE_##NAME].count);                                                \
        return (const struct name##_row *)(const void *)s->tables[TABLE_##NAME].rows + row;        \
    }                                                                                              \
    static inline struct name##_row *name##_open(struct state *s, u32 row)                         \
    {                                                                                              \
        return (struct name##_row *)state_open(s, TABLE_##NAME, row);                              \
    }                                                                                              \
    static inline u32 name##_new(struct state *s)                                                  \
    {                                                                                              \
        return state_new(s, TABLE_##NAME);                                                         \
    }                                                                                              \
    static inline void name##_free(struct state *s, u32 row)                                       \
    {                                                                                              \
        state_free(s, TABLE_##NAME, row);                                                          \
    }
#include "chain-mock/state/tables.def"
#undef TABLE

#define META 1u

static inline const struct meta_row *state_meta(const struct state *s)
{
    return meta_at(s, META);
}

/* By id; 0: there is none (any more). */
u32 order_find(const struct state *s, u64 id);
u32 lease_find(const struct state *s, u64 id);

#endif /* CHAIN_MOCK_STATE_STATE_H */
