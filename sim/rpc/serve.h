/* serve - a body in, its answer out: requests are found, dispatched in order, and answered in the
 * same order (rpc.md 5).
 *
 * An exchange is one body on its way.  It may have to wait (a receipt that is held back): then it
 * stands at that request, and goes on from there when it is told to.  Whatever carries the bytes,
 * HTTP or a socket, does so the same way.
 *
 * Before the answer to requests that changed something is handed out, settle() makes that durable,
 * once a body.  Where that fails nothing of the body is confirmed: each of its requests is answered
 * with the failure.
 */
#ifndef SIM_RPC_SERVE_H
#define SIM_RPC_SERVE_H

#include "sim/rpc/call.h"
#include "sim/rpc/methods.h"
#include "sim/rpc/request.h"

struct serve {
    const struct method_names *names;
    call_handler *const *handlers; /* by enum method */
    bool (*settle)(struct rpc *rpc, struct refusal *why);
    /* Can anything be said now?  Asked before each request. */
    bool (*able)(struct rpc *rpc, struct refusal *why);
    /* What begins now is this batch, whose requests follow in order; or NULL. */
    void (*ahead)(struct rpc *rpc, const struct scan_request *requests, size_t count);
    struct rpc *rpc;
    u64 (*now_ms)(void); /* on the clock of exchange_begin() */
    u64 held_ms_max;     /* nobody else is answered for so long, then a batch's rest is not begun */
    u32 batch_max;
    size_t answer_max; /* characters; only errors may go beyond */
};

struct exchange {
    const struct serve *serve;
    struct scan scan;
    struct scan_request *requests; /* as many as batch_max; owned */
    size_t next;                   /* of them */
    u64 body_ms;                   /* when the body came */
    struct request request;        /* that one, where it waits */
    struct call call;
    bool waits, changed;
    struct json out; /* the answer; n 0: none is owed, for nothing had an id */
};

/* False: no memory. */
must_use bool exchange_open(struct exchange *x, const struct serve *s);
void exchange_close(struct exchange *x);

/* The body must stay where it is until the answer is there.  True: it is; else exchange_go_on() is
 * to follow at x->call.wait_until_ms, or when there is news. */
must_use bool exchange_begin(struct exchange *x, struct text body, u64 now_ms);
must_use bool exchange_go_on(struct exchange *x, u64 now_ms);

#endif /* SIM_RPC_SERVE_H */
