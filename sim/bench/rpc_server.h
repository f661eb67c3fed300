/* rpc_server - a node with its JSON-RPC in a process of its own, for a benchmark's client. */
#ifndef SIM_BENCH_RPC_SERVER_H
#define SIM_BENCH_RPC_SERVER_H

#include "sim/bench/participants.h"

#include <sys/types.h>

struct rpc_server {
    pid_t child;
    int control; /* the server ends when this is closed, or its owner is no more */
    u16 port;
};

/* Forks a server of this chain at its genesis.  False: error, of 256 characters, says why. */
must_use bool rpc_server_start(struct rpc_server *s, struct participants *p, bool manual_mining,
                               char error[256]);
u64 rpc_server_cpu_ns(const struct rpc_server *s); /* so far; 0: not known */
u64 rpc_server_stop(struct rpc_server *s);         /* the most memory that it had, in bytes */

#endif /* SIM_BENCH_RPC_SERVER_H */
