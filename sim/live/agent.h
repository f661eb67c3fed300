/* agent - a participant's window on the chain, through JSON-RPC and nothing else: it signs and
 * sends his transactions, reads block after block, and hands on what concerns him as the events
 * that the simulator would hand on: of each block first the answers to his transactions, then the
 * logs, in order.
 *
 * His nonces are the number of his transactions, so that what was sent before a crash has the same
 * bytes, and so the same hash, when it is sent again: the chain knows it then.
 */
#ifndef SIM_LIVE_AGENT_H
#define SIM_LIVE_AGENT_H

#include "actors/actor.h"
#include "chain-mock/door/door.h"
#include "sim/live/client.h"

#include <secp256k1.h>

struct agent;

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
    void (*seen)(void *about, u64 block); /* all of the block has been handed on */
};

/* NULL: no memory. */
struct agent *agent_open(const struct agent_config *config);
void agent_close(struct agent *a);

/* Before it starts: blocks up to this one were handed on in an earlier life, and so many
 * transactions were sent. */
void agent_resume(struct agent *a, u64 seen, u64 sent);
/* One of those that were sent and have no answer yet, with its nonce; it is sent again. */
void agent_resend(struct agent *a, u64 nonce, const struct tx *tx);
/* Reads from now on; what an earlier life saw is read once more first, to know who is whose. */
void agent_start(struct agent *a);

void agent_submit(struct agent *a, const struct tx *tx);
/* With the words that REPORT_RESPONSES refers to, from offset 0 on. */
void agent_submit_words(struct agent *a, const struct tx *tx, const u32 *words);

#endif /* SIM_LIVE_AGENT_H */
