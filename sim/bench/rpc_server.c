/* For wait4(), which tells the memory of one child. */
#define _DEFAULT_SOURCE
#include "sim/bench/rpc_server.h"

#include "sim/node/store.h"
#include "sim/rpc/rpc.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What the server says first. */
struct hello {
    u16 port; /* 0: it could not be started */
    char error[256];
};

static u64 now_ms(void *about)
{
    struct timespec t;

    (void)about;
    clock_gettime(CLOCK_REALTIME, &t);
    return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static void on_control(evutil_socket_t socket, short what, void *base)
{
    (void)socket;
    (void)what;
    event_base_loopbreak(base);
}

static struct rpc *open_rpc(struct participants *p, bool manual, struct event_base *base,
                            char error[256])
{
    struct node_config c = {.process = &p->process,
                            .store = store_open(NULL, error),
                            .chain_id = CHAIN_ID,
                            .genesis_ms = now_ms(NULL),
                            .now_ms = now_ms,
                            .speed = 1,
                            .mining = manual ? NODE_MANUAL : NODE_INSTANT,
                            .tokens = door_tokens_known,
                            .token_count = 2};
    struct rpc_config config = RPC_CONFIG;
    struct node *n = c.store == NULL ? NULL : node_open(&c, error);

    config.port = 0;
    return n == NULL ? NULL : rpc_open(n, base, &config, error);
}

/* The process ends here, and the system takes everything back. */
static _Noreturn void serve(struct participants *p, bool manual, int say, int control)
{
    struct hello hello = {.error = "no event loop"};
    struct event_base *base = event_base_new();
    struct event *ends = base == NULL ? NULL : event_new(base, control, EV_READ, on_control, base);
    struct rpc *rpc = ends == NULL ? NULL : open_rpc(p, manual, base, hello.error);

    if (rpc != NULL)
        hello.port = rpc_port(rpc);
    bool said = write(say, &hello, sizeof(hello)) == (ssize_t)sizeof(hello);
    close(say);
    if (said && rpc != NULL && event_add(ends, NULL) == 0)
        event_base_dispatch(base);
    _exit(0);
}

bool rpc_server_start(struct rpc_server *s, struct participants *p, bool manual_mining,
                      char error[256])
{
    struct hello hello = {.error = "the server died"};
    int say[2], control[2];

    if (pipe(say) != 0 || pipe(control) != 0) {
        snprintf(error, 256, "no pipe");
        return false;
    }
    fflush(NULL);
    *s = (struct rpc_server){.child = fork(), .control = control[1]};
    if (s->child == 0) {
        close(say[0]);
        close(control[1]);
        serve(p, manual_mining, say[1], control[0]);
    }
    close(say[1]);
    close(control[0]);
    bool heard = s->child > 0 && read(say[0], &hello, sizeof(hello)) == (ssize_t)sizeof(hello);
    close(say[0]);
    s->port = hello.port;
    if (heard && s->port != 0)
        return true;
    snprintf(error, 256, "%.255s", hello.error);
    (void)rpc_server_stop(s);
    return false;
}

u64 rpc_server_cpu_ns(const struct rpc_server *s)
{
    struct timespec t;
    clockid_t clock;

    if (clock_getcpuclockid(s->child, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return 0;
    return SEC((u64)t.tv_sec) + (u64)t.tv_nsec;
}

u64 rpc_server_stop(struct rpc_server *s)
{
    struct rusage use = {0};
    int status;

    close(s->control);
    if (s->child <= 0 || wait4(s->child, &status, 0, &use) != s->child)
        return 0;
    return (u64)use.ru_maxrss * 1024;
}
