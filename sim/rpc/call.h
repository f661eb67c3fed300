/* call - one request on its way through a method's handler.
 *
 * A handler reads its parameters (args.h), asks the node and writes the result, one JSON
 * value, to `out`.  True: it has.  False: `why` says what is wrong, and what was written is taken
 * back.  A handler that can not answer yet sets wait_until_ms and returns true: it is called again
 * then, or when there is news, with `again` set and its parameters as they were.
 */
#ifndef SIM_RPC_CALL_H
#define SIM_RPC_CALL_H

#include "sim/node/node.h"
#include "sim/rpc/args.h"
#include "sim/rpc/json.h"

/* Codes of JSON-RPC and of geth. */
enum rpc_error {
    RPC_PARSE = -32700,
    RPC_INVALID_REQUEST = -32600,
    RPC_NO_METHOD = -32601,
    RPC_INVALID_PARAMS = -32602,
    RPC_SERVER = -32000,    /* geth's for nearly everything */
    RPC_TOO_LATE = -32002,  /* geth's "request timed out" */
    RPC_TOO_LARGE = -32003, /* geth's "response too large" */
    RPC_UNSUPPORTED = -32004,
    RPC_TIMED_OUT = 4 /* EIP-7966 */
};

struct rpc;

struct call {
    struct rpc *rpc;
    struct args args;
    struct json *out;
    struct refusal why;
    u64 now_ms;        /* on a clock that only goes forward */
    u64 begun_ms;      /* the same, when the handler was called first */
    u64 body_ms;       /* the same, when the body came that the request is in */
    u64 wait_until_ms; /* 0: answered */
    bool again;
    bool alone;          /* there is no other request in its body */
    struct bytes32 sent; /* the handler's own, from one time to the next */
    struct slice raw;    /* the same */
};

typedef bool call_handler(struct call *c);

/* Sets why; returns false, so that a handler can end with it. */
bool call_refuse(struct call *c, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The whole of a result; true. */
bool call_null(struct call *c);
bool call_true(struct call *c);

#endif /* SIM_RPC_CALL_H */
