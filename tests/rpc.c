#include "tests/rpc.h"

#include "tests/test.h"

#include <string.h>

struct rpc_stand *rpc_stand_of(struct call *c)
{
    return (struct rpc_stand *)(void *)c->rpc;
}

static bool settle(struct rpc *rpc, struct refusal *why)
{
    struct rpc_stand *s = (struct rpc_stand *)(void *)rpc;

    s->settled++;
    if (s->settle_fails)
        *why = (struct refusal){.code = RPC_SERVER, .message = "the disk is full"};
    return !s->settle_fails;
}

static bool able(struct rpc *rpc, struct refusal *why)
{
    struct rpc_stand *s = (struct rpc_stand *)(void *)rpc;

    if (s->stuck)
        *why = (struct refusal){.code = RPC_SERVER, .message = "the disk is full"};
    return !s->stuck;
}

static u64 clock_ms, tick_ms;

static u64 rpc_stand_now_ms(void)
{
    return clock_ms += tick_ms;
}

void rpc_stand_slow(u64 ms)
{
    tick_ms = ms;
}

void rpc_stand_open(struct rpc_stand *s, call_handler *handler)
{
    *s = (struct rpc_stand){.settled = 0};
    method_names_open(&s->names);
    for (u32 m = 0; m < METHODS; m++)
        s->handlers[m] = handler;
    s->serve = (struct serve){.names = &s->names,
                              .handlers = s->handlers,
                              .settle = settle,
                              .able = able,
                              .rpc = (struct rpc *)(void *)s,
                              .now_ms = rpc_stand_now_ms,
                              .held_ms_max = 100,
                              .batch_max = 5,
                              .answer_max = 4096};
    EXPECT(exchange_open(&s->exchange, &s->serve));
}

void rpc_stand_close(struct rpc_stand *s)
{
    exchange_close(&s->exchange);
}

const char *rpc_stand_ask(struct rpc_stand *s, const char *body)
{
    EXPECT(exchange_begin(&s->exchange, (struct text){body, strlen(body)}, 1000));
    struct json *out = &s->exchange.out;
    size_t n = out->n;
    json_raw(out, (struct text){"", 1});
    json_cut(out, n);
    return out->at;
}
