#include "sim/rpc/rpc.h"

#include "sim/rpc/server.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

/* --- time --- */

/* What the chain shows once its store has failed a restart would take back. */
static bool able(struct rpc *r, struct refusal *why)
{
    if (node_stands(r->node, why))
        return true;
    if (!r->stuck && r->config.stuck != NULL)
        r->config.stuck(r->config.about, why->message);
    r->stuck = true;
    return false;
}

static void on_tick(evutil_socket_t fd, short what, void *about)
{
    struct rpc *r = about;
    struct refusal why;

    (void)fd;
    (void)what;
    if (!able(r, &why))
        return;
    u64 wait_ms = node_tick(r->node);
    if (!node_sync(r->node, &why) || wait_ms == UINT64_MAX) {
        (void)able(r, &why);
        return;
    }
    struct timeval after = {.tv_sec = (time_t)(wait_ms / 1000),
                            .tv_usec = (suseconds_t)(wait_ms % 1000 * 1000)};
    evtimer_add(r->tick, &after);
}

/* What was changed is durable; when the next block is due may be something else now. */
static bool settle(struct rpc *r, struct refusal *why)
{
    event_active(r->tick, EV_TIMEOUT, 0);
    return node_sync(r->node, why);
}

/* --- what the node tells --- */

static void on_block(void *about, u64 number)
{
    struct rpc *r = about;

    (void)number;
    http_news(r->http);
}

static void on_pending(void *about, const struct bytes32 *hash)
{
    struct rpc *r = about;

    filters_pending(&r->filters, hash, http_now_ms());
}

static void on_reverting(void *about, u64 number)
{
    server_take_back(about, number);
}

/* --- other cores --- */

/* It is one of those that are active itself. */
bool server_crowded(const struct rpc *r)
{
    return event_base_get_num_events(event_get_base(r->tick), EVENT_BASE_COUNT_ACTIVE) > 1;
}

static void on_signed(evutil_socket_t fd, short what, void *about)
{
    struct rpc *r = about;

    (void)fd;
    (void)what;
    signers_heard(r->signers);
    http_news(r->http);
}

static bool open_signers(struct rpc *r, struct event_base *base)
{
    r->signers = signers_open(signers_spare_cores());
    if (r->signers == NULL)
        return false;
    r->signed_by = event_new(base, signers_fd(r->signers), EV_READ | EV_PERSIST, on_signed, r);
    return r->signed_by != NULL && event_add(r->signed_by, NULL) == 0;
}

/* --- open and close --- */

static bool listen_on(struct rpc *r, struct event_base *base, char error[256])
{
    const struct rpc_config *c = &r->config;

    r->serve = (struct serve){.names = &r->names,
                              .handlers = server_handlers,
                              .settle = settle,
                              .able = able,
                              .ahead = send_ahead,
                              .rpc = r,
                              .now_ms = http_now_ms,
                              .held_ms_max = c->held_ms_max,
                              .batch_max = c->batch_max,
                              .answer_max = c->answer_max};
    methods_list(&r->page);
    const struct http_config http = {.port = c->port,
                                     .hosts = c->hosts,
                                     .host_count = c->host_count,
                                     .body_max = c->body_max,
                                     .serve = &r->serve,
                                     .page = {r->page.at, r->page.n}};
    r->http = http_open(base, &http, error);
    return r->http != NULL;
}

struct rpc *rpc_open(struct node *n, struct event_base *base, const struct rpc_config *config,
                     char error[256])
{
    struct rpc *r = calloc(1, sizeof(*r));
    struct event *tick = r == NULL ? NULL : evtimer_new(base, on_tick, r);

    if (tick == NULL) {
        snprintf(error, 256, "no memory for JSON-RPC");
        free(r);
        return NULL;
    }
    r->node = n;
    r->config = *config;
    r->tick = tick;
    r->page = JSON(JSON_NO_LIMIT);
    method_names_open(&r->names);
    snprintf(error, 256, "no memory for JSON-RPC");
    if (!open_signers(r, base) || !listen_on(r, base, error)) {
        rpc_close(r);
        return NULL;
    }
    node_watch(
        n, &(struct node_watch){
               .about = r, .block = on_block, .pending = on_pending, .reverting = on_reverting});
    event_active(tick, EV_TIMEOUT, 0);
    return r;
}

void rpc_close(struct rpc *r)
{
    if (r->http != NULL)
        http_close(r->http);
    event_free(r->tick);
    if (r->signed_by != NULL)
        event_free(r->signed_by);
    signers_close(r->signers);
    filters_close(&r->filters);
    json_free(&r->page);
    free(r);
}

u16 rpc_port(const struct rpc *r)
{
    return http_port(r->http);
}
