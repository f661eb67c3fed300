/* bustle - a small market in which everything happens: typed transactions by keyed draws.
 *
 * Providers, users and the system's accounts do what they may and often what they may not, on the
 * chain alone, so densely that every rule has its turn within a few simulated days: orders with and
 * without bids, bids in the wrong block, updates, extensions, outages of lengths around the
 * thresholds, breaches, verdicts, shrinking tokens, parameter changes.  The same seed gives the
 * same transactions as long as the chain gives the same answers.
 */
#ifndef TESTS_PROPERTY_BUSTLE_H
#define TESTS_PROPERTY_BUSTLE_H

#include "chain-mock/state/chain.h"
#include "protocol/invariants/invariant.h"
#include "tests/any.h"

#define BUSTLE_PROVIDERS 12u
#define BUSTLE_USERS 8u
#define BUSTLE_TXS 64u

struct bustle {
    struct chain *chain;
    struct any any, side; /* side: draws that leave the others as they are */
    u64 slot;
    u32 count; /* of txs */
    struct block_tx txs[BUSTLE_TXS];
    u32 data[BUSTLE_PROVIDERS];
    u64 accepted[TX_KINDS], refused[TX_KINDS];
    u32 full_every,
        blocks; /* watch_all() after each so manieth block, bids open or not; 0: never */
    /* What steps the chain instead of chain_step(), and may change the block before; NULL: that. */
    u32 (*step)(void *about, struct block *b);
    void *about;
};

enum { BUSTLE_STATE = 1, BUSTLE_FOUNDATION, BUSTLE_TREASURY, BUSTLE_FIRST_PROVIDER };
#define BUSTLE_FIRST_USER (BUSTLE_FIRST_PROVIDER + BUSTLE_PROVIDERS)
#define BUSTLE_ACCOUNTS (BUSTLE_FIRST_USER + BUSTLE_USERS)

struct params bustle_params(void);

/* A chain in `memory` (state_bytes() of zeroes) with its accounts, and nothing else. */
void bustle_begin(struct bustle *b, struct chain *c, void *memory, const struct params *p,
                  struct tally *tally, u64 seed);

/* The same with these addresses, [account]. */
void bustle_begin_as(struct bustle *b, struct chain *c, void *memory, const struct params *p,
                     struct tally *tally, u64 seed, const u8 (*addresses)[20]);

/* Some blocks: one scene of the market. */
void bustle_scene(struct bustle *b);

#endif /* TESTS_PROPERTY_BUSTLE_H */
