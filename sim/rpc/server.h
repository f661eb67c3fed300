/* server - what the files of sim/rpc share; whoever uses them includes rpc.h. */
#ifndef SIM_RPC_SERVER_H
#define SIM_RPC_SERVER_H

#include "sim/rpc/filters.h"
#include "sim/rpc/hold.h"
#include "sim/rpc/http.h"
#include "sim/rpc/rpc.h"
#include "sim/rpc/serve.h"
#include "sim/rpc/signers.h"

struct rpc {
    struct node *node;
    struct rpc_config config;
    struct event *tick;
    bool stuck;
    struct http *http;
    struct serve serve;
    struct method_names names;
    struct filters filters;
    struct hold hold;
    struct signers *signers;
    struct event *signed_by; /* one that was asked for is known */
    struct json page;        /* the table of methods, for people */
};

/* Handlers, one a row of methods.def. */
#define METHOD(name, handler, least, most, does, aliases, doc)                                     \
    bool method_##handler(struct call *c);
#include "sim/rpc/methods.def"
#undef METHOD

/* Others wait to be read. */
bool server_crowded(const struct rpc *r);

/* Of the transactions of a batch: who signed them is found out while the first are taken. */
void send_ahead(struct rpc *r, const struct scan_request *requests, size_t count);

/* Before the blocks above `number` go: filters whose owners have heard of them remember it. */
void server_take_back(struct rpc *r, u64 number);

extern call_handler *const server_handlers[METHODS];

#endif /* SIM_RPC_SERVER_H */
