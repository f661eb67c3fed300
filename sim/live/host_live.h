/* host_live - the real-time host: the same actors as host_sim's, over sockets.
 *
 *      timers, demand ──▶ process_dispatch() ──▶ outbox ──▶ timers
 *      agent: blocks ───▶                          │ submit ──▶ agent ──▶ JSON-RPC ──▶ the chain
 *      peers: messages ─▶                          │ send   ──▶ peers ──▶ TCP ──▶ another actor
 *
 * Nothing goes from actor to actor or chain but through a socket.  Everything that goes in is a
 * record of the process (process.h), so that what was in a life before this one is there again when
 * the records are fed to it: timers that still run, transactions that nobody has answered, demand
 * that has been given out.  What was on its way between actors is lost, as it is when a machine
 * dies.
 */
#ifndef SIM_LIVE_HOST_LIVE_H
#define SIM_LIVE_HOST_LIVE_H

#include "sim/engine/host_sim.h"
#include "sim/live/agent.h"

struct live;

struct live_config {
    struct event_base *base;
    struct process *process; /* with all actors; the caller's, as is all that follows */
    struct demand_source demand;
    const secp256k1_context *signer;
    u64 chain_id;
    u32 reporter_account; /* 0: nobody reports */
    u64 poll_ms;
    void *about;
    struct instant (*now)(void *about);  /* since genesis, on the chain's clock */
    u64 (*real_ms)(void *about, u64 ns); /* how long so much of that clock is for real */
    struct bytes32 (*secret)(void *about, u32 account);
    struct instant (*starts)(void *about, struct actor_id id);
    /* Where an account's agent is; kept with the records.  Zero: it has not begun. */
    void (*put_place)(void *about, u32 account, const struct agent_place *place);
    struct agent_place (*place)(void *about, u32 account);
    u64 (*nonce)(void *about, u32 account); /* of its next transaction, those that wait counted */
};

/* Hears what the process does from now on: before a store is replayed into it.  NULL: no memory. */
struct live *live_open(const struct live_config *config);
void live_close(struct live *l);

/* The chain answers at this port of loopback; the door tells its names of accounts and calls.
 * False: no socket. */
must_use bool live_start(struct live *l, u16 port, const struct door *door);

/* Where an actor listens, for who wants to know. */
u16 live_port(const struct live *l, u32 account);

#endif /* SIM_LIVE_HOST_LIVE_H */
