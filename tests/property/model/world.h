/* world - a small random network on the real chain, and the model beside it.
 *
 * A seed gives everything: parameters within their ranges, one to six providers, a few users and
 * wallets, up to four tokens, and what they all do for some eras: mostly what they may, often what
 * they may not.  After each block the model hears the log; after each era's close, and at the end,
 * every figure of the chain is held against the model's.
 */
#ifndef TESTS_PROPERTY_MODEL_WORLD_H
#define TESTS_PROPERTY_MODEL_WORLD_H

#include "chain-mock/state/chain.h"
#include "protocol/invariants/invariant.h"
#include "sim/engine/reserve.h"
#include "tests/any.h"
#include "tests/property/model/model.h"

#define WORLD_TXS 32u
#define WORLD_LOGS 20000u

struct world {
    struct chain chain;
    struct tally tally;
    struct reserve memory;
    struct model model;
    struct any any;
    u64 seed, slot, eras, scenes;
    bool alike; /* providers that differ in their addresses alone: bids tie */
    u32 providers, users, first_user, accounts; /* providers' accounts begin at WORLD_PROVIDER */
    u32 count;                                  /* of txs */
    struct block_tx txs[WORLD_TXS];
    u32 data[MODEL_PROVIDERS];
    struct log logs[WORLD_LOGS]; /* all that was told */
    u64 seconds[WORLD_LOGS];
    u32 n_logs;
    u64 accepted[TX_KINDS], refused[TX_KINDS], compared; /* compared: figures */
    bool ok;
    char why[2 * MODEL_TEXT]; /* the first difference */
    char subject[16];         /* the field of the logs that concern it, and its value */
    u64 subject_id;
};

enum { WORLD_STATE = 1, WORLD_FOUNDATION, WORLD_TREASURY, WORLD_PROVIDER };

/* The world of a seed from its beginning to its end, or to its first difference: false. */
must_use bool world_run(struct world *w, u64 seed);

/* The difference, with seed, era, figure, both values and the logs that concern it. */
void world_print(const struct world *w);

/* Every figure of the chain against the model's (compare.c). */
void world_compare(struct world *w);

#endif /* TESTS_PROPERTY_MODEL_WORLD_H */
