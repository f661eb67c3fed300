/* rpc - a server's dispatch without a node: every method answers by one stand-in that a test
 * brings, so that what is tested is what stands before the handlers.
 */
#ifndef TESTS_RPC_H
#define TESTS_RPC_H

#include "sim/rpc/serve.h"

struct rpc_stand {
    struct method_names names;
    call_handler *handlers[METHODS];
    struct serve serve;
    u32 settled;       /* how often */
    bool settle_fails; /* from now on */
    bool stuck;        /* the same */
    struct exchange exchange;
};

/* The stand-in is found by c->rpc, which is the stand itself. */
void rpc_stand_open(struct rpc_stand *s, call_handler *handler);
void rpc_stand_close(struct rpc_stand *s);
struct rpc_stand *rpc_stand_of(struct call *c);

/* From now on each look at the clock takes so long; a batch may hold others for 100 ms. */
void rpc_stand_slow(u64 ms);

/* The answer to a body, ended by NUL, good until the next one; "": none is owed. */
const char *rpc_stand_ask(struct rpc_stand *s, const char *body);

#endif /* TESTS_RPC_H */
