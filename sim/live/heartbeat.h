/* heartbeat - the detector of settled 41 on real sockets, and who reports what it sees: outages,
 * and the mean response of each provider in the last blocks of an era (settled 43, 158).
 *
 * A beat is a frame to the provider's port every heartbeat_s on the chain's clock; what is not
 * answered when the next one is due was missed.
 */
#ifndef SIM_LIVE_HEARTBEAT_H
#define SIM_LIVE_HEARTBEAT_H

#include "sim/live/agent.h"
#include "sim/live/peers.h"

struct heartbeat;

struct heartbeat_config {
    struct event_base *base;
    u16 port; /* of the chain's JSON-RPC */
    u64 chain_id;
    const struct door *door;
    const secp256k1_context *signer;
    const struct chain *chain; /* which providers there are */
    struct peers *peers;
    u32 account; /* ROLE_REPORTER */
    struct bytes32 secret;
    struct agent_place place; /* of an earlier life; skew: its next nonce */
    u64 poll_ms;
    void *about;
    struct instant (*now)(void *about);
    u64 (*real_ms)(void *about, u64 ns);
    void (*put_place)(void *about, u32 account, const struct agent_place *place);
};

/* NULL: no memory. */
struct heartbeat *heartbeat_open(const struct heartbeat_config *config);
void heartbeat_close(struct heartbeat *h);

/* A beat was answered by this account, so many microseconds of real time after it was sent. */
void heartbeat_answered(struct heartbeat *h, u32 account, u64 rtt_us);

#endif /* SIM_LIVE_HEARTBEAT_H */
