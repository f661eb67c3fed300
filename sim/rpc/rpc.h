/* rpc - JSON-RPC for a live node, as Ethereum's clients speak it, over HTTP on this machine.
 *
 *     client ──▶ http ──▶ serve ──▶ a method's handler ──▶ node
 *                           │ scan, request, methods.def        │
 *     client ◀── http ◀─────┴──── json ◀──── shapes ◀───────────┘
 *
 * One thread: the event loop's, which is the node's too; others find out who signed what
 * (signers.h) and know nothing else.  While it is open it also calls
 * node_tick() when that is due, and node_sync() after it, so that blocks come by the clock.
 */
#ifndef SIM_RPC_RPC_H
#define SIM_RPC_RPC_H

#include "sim/node/node.h"

struct event_base;
struct rpc;

struct rpc_config {
    u16 port;                    /* on 127.0.0.1; 0: one that is free */
    const char *const *hosts;    /* by which names it may be asked, beside those of loopback */
    u32 host_count;              /* (against DNS rebinding); "*": by any */
    u32 batch_max;               /* requests */
    u64 held_ms_max;             /* for so long one batch may keep all others waiting */
    size_t body_max, answer_max; /* bytes */
    /* A receipt is held until 350 ms after its transaction was sent, and waited for up to 3.5 s:
     * ethers caches reads for 250 ms, the nonce too, and polls each 4 s. */
    bool receipt_hold;
    /* Once, when the store has failed: from then on every request is refused, for nothing that
     * could be said would hold.  NULL: nobody hears of it. */
    void (*stuck)(void *about, const char *why);
    void *about;
};

#define RPC_CONFIG                                                                                 \
    ((struct rpc_config){.port = 8545,                                                             \
                         .batch_max = 1000,                                                        \
                         .held_ms_max = 10000,                                                     \
                         .body_max = 5u << 20,                                                     \
                         .answer_max = 64u << 20})

/* NULL: *error says why: the port is taken, or no memory. */
struct rpc *rpc_open(struct node *n, struct event_base *base, const struct rpc_config *config,
                     char error[256]);
void rpc_close(struct rpc *r);
u16 rpc_port(const struct rpc *r);

#endif /* SIM_RPC_RPC_H */
