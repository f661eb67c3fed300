/* chain - the whole chain, told what to do second by second, for tests that are stories.
 *
 * There is one chain at a time.  Slots are seconds; tokens are SPON (18 decimals, 0.06 USD) and
 * USDX (6 decimals, 1.00 USD), whose prices hardly get stale; every account is rich.  After each
 * block all invariants are looked at in their slow form too, and the second implementation of the
 * rules (tests/property/model/) says what must have been told; any violation or difference fails
 * the test.
 */
#ifndef TESTS_CHAIN_H
#define TESTS_CHAIN_H

#include "chain-mock/state/chain.h"
#include "protocol/gpu.h"
#include "tests/test.h"

enum account {
    NOBODY,
    STATE, /* governance, oracle, reporter, issuer */
    FOUNDATION,
    TREASURY,
    U1,
    U2,
    U3,
    P,
    Q,
    R,
    ACCOUNTS
};

#define SPON TOKEN_SPON
#define USDX 1u
#define DAY_S 86400u
#define HMS(h, m, s) ((h)*3600u + (m)*60u + (s))
#define SPONS(n) AMOUNT(WEI_E18(n))
#define USDXS(n) AMOUNT((u128)(n)*1000000u)
#define MODEL(name) ((u16)(GPU_##name + 1))

/* A transaction: CALL(STAKE, stake, .amount = SPONS(501)) */
#define CALL(KIND, name, ...) ((struct tx){.kind = TX_##KIND, .u.name = {__VA_ARGS__}})

extern struct chain chain;

/* The defaults, with slots of a second and prices that do not get stale. */
struct params story_params(void);
/* "A stated era emission is set by supply0 = emission x 7300 units." */
void story_emission(struct params *p, u64 units);

/* The account's provider will start in this tier. */
void story_grant(u32 account, u32 tier);

/* From here on the second implementation (tests/property/model/) is not asked: what the story does
 * is not in the log. */
void story_unmodelled(void);

/* A new chain; slot 0 is still to come.  The last is let go. */
void chain_begin(const struct params *p);

/* ---- blocks ---- */

/* Into the block of the next step. */
void put(u32 from, struct tx tx);

/* Whoever is to hear each log as it is told, like a host's sink; chain_begin() forgets him. */
void chain_listen(void (*on_log)(void *about, const struct log *log, u64 slot, struct instant now),
                  void *about);

/* Everything that is due before a second, then its block; each of its calls must succeed.  Returns
 * the id of what the last one made. */
u64 step(u64 second);

/* The same after a halt: no slot since the last step had a block. */
u64 step_after_halt(u64 second);

/* put() and step() */
u64 call_at(u64 second, u32 from, struct tx tx);

/* Everything that is due up to and at a second. */
void advance(u64 second);

/* The same, and a block at that second whatever is due. */
void empty_block(u64 second);

/* A block with this call alone: it is refused so, and state and logs are what they are without the
 * call, but for the sender's nonce. */
void refused(u64 second, u32 from, struct tx tx, enum err want);

/* ---- the usual beginnings ---- */

struct machine cpus(u32 n);
struct machine gpus(u16 model, u16 n); /* and no CPU */

/* Into the next block: a provider with this stake, of tokens SPON and USDX. */
void put_provider(u32 account, struct machine machine, struct amount stake);
/* Into the next block: a wallet of the user with a deposit; wallet ids count from 1. */
void put_wallet(u32 user, u32 wallet, u32 token, struct amount deposit);

struct want {
    u32 user, wallet, token;
    u128 price; /* of the only bid, and the most that the order would pay */
    u64 duration_s;
    u32 provider; /* account */
    struct specs specs;
    bool unconfirmed;
};

/* Leases that start at this second: ordered three seconds before, bid for two before, confirmed at
 * once.  Returns the id of the first; the others follow. */
u64 lease_all(u64 second, const struct want *wants, u32 n);
u64 lease(u64 second, struct want want);

/* The mean response of all providers in this era. */
void put_responses(u32 us);

/* ---- what was told ---- */

struct told {
    u64 second; /* of the block */
    struct log log;
};

u32 told_count(enum log_kind kind);
const struct log *told(enum log_kind kind, u32 nth); /* from 0; it must be there */
const struct log *told_last(enum log_kind kind);

/* What actors were told since the last look is exactly this, a line each: "2800 LeaseClosed user".
 */
#define TOLD(want) expect_told(want, __FILE__, __LINE__)
void expect_told(const char *want, const char *file, int line);
void told_skip(void);

/* ---- what is there ---- */

/* A figure, an amount or a number, is this. */
#define IS(figure, want) expect_is(#figure, (figure), (want), __FILE__, __LINE__)
#define IS_AMOUNT(amount, want) expect_is(#amount, (amount).wei, (want), __FILE__, __LINE__)
void expect_is(const char *what, u128 is, u128 want, const char *file, int line);

const struct purse_row *purse_of(u32 wallet, u32 token);
u128 balance_of(u32 account, u32 token);
u128 pocket_sum(u32 token, enum pocket pocket);
/* Of account's provider. */
const struct standing_row *standing_of(u32 account);
u32 provider_of(u32 account);

/* The last record of a provider at a close. */
const struct log_provider_era *era_of(u32 account, u64 era);
const struct log_era_closed *closed_era(u64 era);

#endif /* TESTS_CHAIN_H */
