/* testnet - a chain, its JSON-RPC and the population of a scenario, live on loopback.
 *
 *     scenario ──▶ setup ──▶ process (actors, chain) ◀── node ◀── rpc ◀── anybody's client
 *                                  ▲                                ▲
 *                                  └────────── host_live ───────────┘ through sockets, as everybody
 *
 * The actors are the simulator's and so is the chain; only the host is another one.
 */
#ifndef SIM_TESTNET_TESTNET_H
#define SIM_TESTNET_TESTNET_H

#include "sim/run/run.h"

/* Slots where each transaction makes a block: as Ethereum's clients know seconds only, each that
 * they state can be a block's. */
#define TESTNET_INSTANT_SLOT_MS 1000u

struct testnet_config {
    const struct scenario *scenario;
    u32 arm;
    u64 seed;
    u16 port;          /* 0: a free one */
    bool instant;      /* a block for each transaction, and no actors */
    u64 speed;         /* the clock runs so many times as fast */
    u32 people;        /* funded accounts of the test mnemonic */
    const char *state; /* the file of its store, or NULL */
    bool until_end;    /* it ends with the scenario's last era, its expectations are judged */
    bool receipt_hold;
    bool quiet; /* one line: where it listens */
    FILE *out;
    /* Of each expectation when the end is reached, a line without its end; may be NULL. */
    void (*judged)(FILE *out, const struct expectation *e, const struct expect_result *r);
};

enum testnet_end {
    TESTNET_STOPPED,   /* by a signal, cleanly */
    TESTNET_DONE,      /* the last era is over and all is as expected */
    TESTNET_FAILED,    /* an expectation or an invariant does not hold: said on out */
    TESTNET_IMPOSSIBLE /* error says why */
};

enum testnet_end testnet_run(const struct testnet_config *config, char error[RUN_ERROR]);

#endif /* SIM_TESTNET_TESTNET_H */
