/* node - a live node over a small chain, told what to do, for tests that are stories.
 *
 * One at a time.  Ten people with keys (person i has the key keccak("person" i)), a coin, SPON and
 * USDX; the clock is the test's own.
 */
#ifndef TESTS_NODE_H
#define TESTS_NODE_H

#include "sim/node/store.h"
#include "tests/test.h"

#define PEOPLE 10u
#define COIN 2u

extern struct node *node;
extern u64 clock_ms; /* of the host */
/* Of nets that are opened from now on. */
extern u64 net_slot_ms, net_speed;

/* state: the store's file, or NULL.  Expects that it opens. */
void net_open(enum node_mining mining, const char *state);
/* False: *error says why it does not. */
bool net_try_open(enum node_mining mining, const char *state, char error[256]);
void net_close(void); /* cleanly */

struct address person(u32 i);
struct bytes32 person_key(u32 i);

/* A signed transaction of a person, of type 2 unless said. */
struct send {
    u32 from;
    struct tx call; /* kind TX_KINDS: a plain transfer to `to` */
    struct address to;
    u64 value, nonce, gas;
    u64 max_fee, tip, gas_price;
    enum envelope_type type;
    u64 chain_id; /* 0: the right one */
};

/* Its bytes, in memory that is good until the next call. */
struct slice sign(const struct send *s);

/* Sends it; it must be taken. */
struct bytes32 sent(const struct send *s);
/* It must be refused, in words that begin so. */
void refused_as(const struct send *s, int code, const char *words);

struct node_tx tx_of(struct bytes32 hash); /* it must be there */

#endif /* TESTS_NODE_H */
