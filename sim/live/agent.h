/* agent - a participant's window on the chain, through JSON-RPC and nothing else: it signs and
 * sends his transactions, reads block after block, and hands on what concerns him as the events
 * that the simulator would hand on: of each block first the answers to his transactions, then the
 * logs, in order.
 *
 * A chain can forget.  A head that is lower, or a block that does not follow the one before it,
 * says that it went back: the agent looks for the last block that it has read and that is still
 * there (trail.h), tells its participant what he has left (EVENT_REVERTED, EVENT_STANDS of
 * actors/actor.h), reads his nonce and goes on from there.  A transaction that waits and is not
 * known any more, or whose nonce is not the next, is sent again, and all behind it, from the nonce
 * that the chain has (outgoing.h).
 */
#ifndef SIM_LIVE_AGENT_H
#define SIM_LIVE_AGENT_H

#include "actors/actor.h"
#include "chain-mock/door/door.h"
#include "sim/live/client.h"

#include <secp256k1.h>

struct agent;

struct agent_place {
    u64 seen;            /* the last block that was handed on */
    struct bytes32 hash; /* its; zero: not known */
    u64 skew, price;     /* of outgoing.h */
};

struct agent_config {
    struct event_base *base;
    u16 port; /* of the chain's JSON-RPC, on loopback */
    u64 chain_id;
    const struct door *door; /* for its tables and names only */
    const secp256k1_context *signer;
    u32 account;
    struct bytes32 secret;
    u64 poll_ms; /* how often it asks for new blocks */
    void *about;
    void (*event)(void *about, const struct event *e);
    /* What it has to know again after a crash is this now; kept with what was handed on. */
    void (*place)(void *about, const struct agent_place *place);
};

/* NULL: no memory. */
struct agent *agent_open(const struct agent_config *config);
void agent_close(struct agent *a);

/* Before it starts: where an earlier life was, and how many transactions it had sent. */
void agent_resume(struct agent *a, const struct agent_place *place, u64 sent);
/* One of those that were sent and have no answer yet, by its count from 0 on; it is sent again. */
void agent_resend(struct agent *a, u64 count, const struct tx *tx);
/* Reads from now on; what an earlier life saw is read once more first, to know who is whose. */
void agent_start(struct agent *a);

void agent_submit(struct agent *a, const struct tx *tx);
/* With the words that REPORT_RESPONSES refers to, from offset 0 on. */
void agent_submit_words(struct agent *a, const struct tx *tx, const u32 *words, u32 count);

#endif /* SIM_LIVE_AGENT_H */
