/* door_host - the host of a door, for tests: accounts by their addresses, and what is new in the
 * block that comes. */
#ifndef TESTS_DOOR_HOST_H
#define TESTS_DOOR_HOST_H

#include "chain-mock/door/door.h"

#define DOOR_HOST_NEWCOMERS 512u
#define DOOR_HOST_WORDS 8192u
#define DOOR_HOST_GENESIS_S 1700000000u

struct door_host {
    struct door door;
    u32 newcomer_count, word_count;
    struct newcomer newcomers[DOOR_HOST_NEWCOMERS];
    u32 words[DOOR_HOST_WORDS];
};

/* A door to the chain, which the caller keeps: its tokens are SPON, USDT, USDC, ... in the order of
 * door_tokens_known, its regions us-east and eu-west. */
void door_host_open(struct door_host *h, const struct chain *c);

/* The block has been stepped: what was new in it is not new any more. */
void door_host_next(struct door_host *h);

/* What the call comes to. */
struct tx door_host_tx(struct door_host *h, struct door_call c);

#endif /* TESTS_DOOR_HOST_H */
