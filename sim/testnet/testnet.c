#include "sim/testnet/testnet.h"

#include "chain-mock/watch/watch.h"
#include "sim/live/host_live.h"
#include "sim/node/store.h"
#include "sim/rpc/rpc.h"
#include "sim/run/workload.h"
#include "sim/testnet/disk.h"
#include "sim/testnet/judge.h"
#include "sim/testnet/lines.h"
#include "sim/testnet/notes.h"
#include "sim/testnet/saying.h"
#include "sim/testnet/screen.h"
#include "sim/testnet/world.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POLLS_A_BLOCK 4u
#define LOOK_S 1          /* at a disk that was full, every so often */
#define PATIENCE_MS 2000u /* with who does not read what is said last */

struct testnet {
    const struct testnet_config *c;
    struct net_world world;
    struct door_token tokens[TOKENS_MAX];
    const char *symbols[TOKENS_MAX];
    struct event_base *base;
    struct event *on_int, *on_term, *on_look;
    struct store *store;
    struct node *node;
    struct rpc *rpc;
    struct live *live;
    struct instant *starts; /* by actor */
    u64 clock_base_ms, real_start_ms;
    struct lines lines;
    struct judge judge;
    u16 port;     /* where it listens, or is to */
    bool goes_on; /* it has said who it is, in a life before this one */
    bool again;   /* what the store has is to be opened anew */
    bool over;    /* the last era is, or an invariant does not hold: `end` says which */
    enum testnet_end end;
};

static bool failed(char error[RUN_ERROR], const char *what)
{
    snprintf(error, RUN_ERROR, "%s", what);
    return false;
}

/* ---- clocks ---- */

static u64 monotonic_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static u64 unix_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static u64 now_ms(void *about)
{
    const struct testnet *t = about;

    return t->clock_base_ms + (monotonic_ms() - t->real_start_ms) * t->c->speed;
}

static struct instant chain_now(void *about)
{
    struct testnet *t = about;

    return node_instant(t->node);
}

static u64 real_ms(void *about, u64 ns)
{
    const struct testnet *t = about;

    return ns / t->c->speed / MSEC(1) + 1;
}

/* From real time on; the node knows how much later a chain is that was left. */
static void set_clock(struct testnet *t)
{
    t->real_start_ms = monotonic_ms();
    t->clock_base_ms = unix_ms();
}

/* ---- who is who ---- */

static struct bytes32 secret_of(void *about, u32 account)
{
    return net_world_secret(&((const struct testnet *)about)->world, account);
}

static struct instant starts_of(void *about, struct actor_id id)
{
    return ((const struct testnet *)about)->starts[id.v];
}

static void tell_start(void *about, struct actor_id id, const struct host_actor *facts)
{
    ((struct testnet *)about)->starts[id.v] = facts->starts;
}

/* ---- where agents are, with the records ---- */

static void put_place(void *about, u32 account, const struct agent_place *place)
{
    struct testnet *t = about;

    (void)notes_put_place(t->store, account, place);
}

static struct agent_place place_of(void *about, u32 account)
{
    return notes_place(((struct testnet *)about)->store, account);
}

static u64 nonce_of(void *about, u32 account)
{
    struct testnet *t = about;
    struct address a;

    memcpy(a.byte, chain_account_address(&t->world.setup.chain, account), sizeof(a.byte));
    return node_nonce(t->node, a, true);
}

/* ---- what happens ---- */

static void stop(struct testnet *t, enum testnet_end end)
{
    t->end = end;
    event_base_loopbreak(t->base);
}

static void over(struct testnet *t, enum testnet_end end)
{
    t->over = true;
    stop(t, end);
}

static void say_violation(struct testnet *t, const struct violation *v)
{
    char text[VIOLATION_TEXT_BYTES];

    violation_text(text, v);
    fprintf(lines_begin(&t->lines), "violated: %s", text);
    lines_end(&t->lines, PATIENCE_MS);
}

/* Each block that was ever stepped, in an earlier life too: what follows from it is the same. */
static void on_step(void *about, const struct block *b, u32 taken)
{
    struct testnet *t = about;
    const struct chain *chain = &t->world.setup.chain;
    const struct violation *v = &t->world.setup.tally.first;

    (void)taken;
    if (t->over)
        return;
    judge_step(&t->judge, slot_instant(chain_params(chain), b->slot));
    if (v->found) {
        say_violation(t, v);
        over(t, TESTNET_FAILED);
    } else if (t->c->until_end && chain_era(chain) >= t->c->scenario->eras) {
        over(t, TESTNET_DONE);
    }
}

static void on_edit(void *about, const struct edit *e)
{
    struct testnet *t = about;

    if (!t->over)
        judge_edit(&t->judge, e);
}

/* A line for each log of a new block. */
static void on_block(void *about, u64 number)
{
    struct testnet *t = about;
    const struct chain *chain = &t->world.setup.chain;
    struct node_block b;
    u32 count;

    if (t->c->quiet || !node_logging(t->node) || !node_block_at(t->node, number, &b) ||
        state_meta(&chain->state)->slot != b.slot)
        return; /* put down: nothing happened in it */
    const struct log *logs = chain_logs(chain, &count);
    struct instant now = slot_instant(chain_params(chain), b.slot);
    for (u32 i = 0; i < count; i++) {
        if (saying_log(lines_begin(&t->lines), &t->world.setup, t->symbols, number, now, &logs[i]))
            lines_end(&t->lines, 0);
    }
}

static void on_signal(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    stop(about, TESTNET_STOPPED);
}

/* ---- a full disk ---- */

/* The chain in memory is ahead of the store: when there is room the store is taken up again, as
 * after a crash. */
static void on_look(evutil_socket_t fd, short what, void *about)
{
    struct testnet *t = about;

    (void)fd;
    (void)what;
    if (!disk_has_room(t->c->state))
        return;
    t->again = true;
    event_base_loopbreak(t->base);
}

static void on_stuck(void *about, const char *why)
{
    struct testnet *t = about;

    fprintf(stderr, "orrery: %s; %s\n", why,
            t->c->state == NULL ? "this testnet is lost, for nothing of it lasts"
                                : "all that was acknowledged is there, and it goes on from that "
                                  "when it can write");
    if (t->c->state != NULL)
        event_add(t->on_look, &(struct timeval){.tv_sec = LOOK_S});
}

/* ---- opening ---- */

static bool open_world(struct testnet *t, char error[RUN_ERROR])
{
    if (!net_world_open(&t->world, t->c->scenario, t->c->arm, t->c->seed, t->c->people, error))
        return false;
    t->starts = calloc(world_count(&t->world.setup.process.world) + 1u, sizeof(*t->starts));
    if (t->starts == NULL)
        return failed(error, "out of memory");
    setup_facts(&t->world.setup, tell_start, t);
    return true;
}

/* A state file is of one world and no other; a new one is told which. */
static bool same_world(struct testnet *t, char error[RUN_ERROR])
{
    struct net_notes mine, its = {0};
    char why[256], differ[NOTES_DIFFER];
    bool known = notes_read(t->store, &its, why), same = false;

    if (!notes_of(&mine, t->c->scenario, t->c->arm, t->c->seed, t->c->people))
        (void)failed(error, "out of memory");
    else if (known && !notes_same(&its, &mine, differ))
        snprintf(error, RUN_ERROR, "%s is of another world: %s", t->c->state, differ);
    else if (!known && !notes_put(t->store, &mine))
        (void)failed(error, store_error(t->store));
    else
        same = true;
    notes_free(&mine);
    notes_free(&its);
    return same;
}

static bool open_node(struct testnet *t, char error[RUN_ERROR])
{
    struct node_config c = {.process = &t->world.setup.process,
                            .speed = t->c->speed,
                            .chain_id = CHAIN_ID,
                            .genesis_ms = unix_ms() / 1000 * 1000,
                            .now_ms = now_ms,
                            .about = t,
                            .mining = t->c->instant ? NODE_INSTANT : NODE_INTERVAL,
                            .interval_ms = t->world.setup.params.block_time_ms,
                            .tokens = t->tokens,
                            .token_count = t->c->scenario->token_count,
                            .regions = t->c->scenario->network.regions.at,
                            .region_count = t->c->scenario->network.regions.count};
    char why[256];

    t->store = store_open(t->c->state, why);
    if (t->store == NULL)
        return failed(error, why);
    if (!store_whole(t->store, why))
        return failed(error, why);
    c.store = t->store;
    net_world_tokens(&t->world, t->tokens, t->symbols);
    if (!same_world(t, error))
        return false;
    set_clock(t);
    t->node = node_open(&c, why);
    if (t->node == NULL)
        return failed(error, why);
    for (u32 i = 0; i < t->c->people; i++) {
        struct bytes32 key = keys_secret(&t->world.keys, "person", i);
        node_key(t->node, &key);
    }
    node_watch(t->node, &(struct node_watch){.about = t, .block = on_block});
    return true;
}

/* The door of the live host: it asks for tables and names only. */
static bool open_live(struct testnet *t, char error[RUN_ERROR])
{
    u64 poll_ms = t->world.setup.params.block_time_ms / t->c->speed / POLLS_A_BLOCK;
    struct live_config c = {.base = t->base,
                            .process = &t->world.setup.process,
                            .demand = workload_demand(t->world.setup.demand),
                            .signer = t->world.keys.signer,
                            .chain_id = CHAIN_ID,
                            .reporter_account = ACCOUNT_REPORTER,
                            .poll_ms = poll_ms == 0 ? 1 : poll_ms,
                            .about = t,
                            .now = chain_now,
                            .real_ms = real_ms,
                            .secret = secret_of,
                            .starts = starts_of,
                            .put_place = put_place,
                            .place = place_of,
                            .nonce = nonce_of};

    if (t->c->instant)
        return true;
    t->live = live_open(&c);
    return t->live != NULL || failed(error, "out of memory");
}

static bool open_rpc(struct testnet *t, char error[RUN_ERROR])
{
    struct rpc_config c = RPC_CONFIG;
    char why[256];

    c.port = t->port;
    c.receipt_hold = t->c->receipt_hold;
    c.stuck = on_stuck;
    c.about = t;
    t->rpc = rpc_open(t->node, t->base, &c, why);
    return t->rpc != NULL || failed(error, why);
}

/* Before the store is replayed: both hear of it. */
static bool open_judge(struct testnet *t, char error[RUN_ERROR])
{
    if (t->c->until_end && !judge_open(&t->judge, &t->world.setup))
        return failed(error, "out of memory");
    t->world.setup.process.on_chain =
        (struct chain_sink){.about = t, .step = on_step, .edit = on_edit};
    return lines_open(&t->lines, t->c->out) || failed(error, "out of memory");
}

static bool open_signals(struct testnet *t)
{
    t->on_int = evsignal_new(t->base, SIGINT, on_signal, t);
    t->on_term = evsignal_new(t->base, SIGTERM, on_signal, t);
    t->on_look = event_new(t->base, -1, EV_PERSIST, on_look, t);
    signal(SIGPIPE, SIG_IGN);
    return t->on_int != NULL && t->on_term != NULL && t->on_look != NULL &&
           evsignal_add(t->on_int, NULL) == 0 && evsignal_add(t->on_term, NULL) == 0;
}

/* What the scenario does to the world is done by a simulation's host; this one has no such hands.
 */
static bool possible(const struct testnet *t, char error[RUN_ERROR])
{
    const struct scenario *s = t->c->scenario;

    if (t->c->speed == 0)
        return failed(error, "--speed: at least 1");
    if (s->timeline_count > 0)
        return failed(error, "the scenario has a timeline, which only a simulation takes");
    return true;
}

/* With a list of changes: what is added and deleted within one turn, as evhttp does at each
 * request, is no system call. */
static struct event_base *open_base(void)
{
    struct event_config *config = event_config_new();

    if (config == NULL)
        return NULL;
    event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

static bool open_all(struct testnet *t, char error[RUN_ERROR])
{
    t->base = open_base();
    if (t->base == NULL)
        return failed(error, "out of memory");
    return possible(t, error) && open_world(t, error) && open_live(t, error) &&
           open_judge(t, error) && open_node(t, error) && (t->over || open_rpc(t, error)) &&
           (open_signals(t) || failed(error, "signals cannot be handled"));
}

static void close_all(struct testnet *t)
{
    if (t->live != NULL)
        live_close(t->live);
    if (t->rpc != NULL)
        rpc_close(t->rpc);
    if (t->node != NULL)
        node_close(t->node);
    if (t->store != NULL)
        store_close(t->store);
    if (t->on_int != NULL)
        event_free(t->on_int);
    if (t->on_term != NULL)
        event_free(t->on_term);
    if (t->on_look != NULL)
        event_free(t->on_look);
    if (t->base != NULL)
        event_base_free(t->base);
    judge_close(&t->judge);
    lines_close(&t->lines);
    net_world_close(&t->world);
    free(t->starts);
}

/* ---- a life ---- */

static enum testnet_end verdict(struct testnet *t)
{
    const struct expectations *all = &t->c->scenario->expect;

    if (t->end != TESTNET_DONE || t->judge.view == NULL)
        return t->end;
    bool passed = judge_end(&t->judge);
    for (u32 i = 0; i < all->count && t->c->judged != NULL; i++) {
        t->c->judged(lines_begin(&t->lines), &all->rows[i], &t->judge.results[i]);
        lines_end(&t->lines, PATIENCE_MS);
    }
    return passed ? TESTNET_DONE : TESTNET_FAILED;
}

/* Until it is stopped, or over. */
static bool live(struct testnet *t, char error[RUN_ERROR])
{
    t->port = rpc_port(t->rpc);
    if (t->goes_on)
        screen_again(t->c, t->node);
    else
        screen_first(t->c, t->port, CHAIN_ID, &t->world.keys, t->node, &t->world.setup, t->tokens);
    if (t->live != NULL && !live_start(t->live, t->port, node_door(t->node)))
        return failed(error, "no socket for the actors");
    event_base_dispatch(t->base);
    return true;
}

/* From the store as it is. */
static enum testnet_end one_life(struct testnet *t, char error[RUN_ERROR])
{
    struct refusal why;

    if (!open_all(t, error))
        return TESTNET_IMPOSSIBLE;
    if (t->over)
        screen_over(t->c, t->node);
    if (!t->over && !live(t, error))
        return TESTNET_IMPOSSIBLE;
    if (t->again)
        return t->end;
    enum testnet_end end = verdict(t);
    if (node_sync(t->node, &why))
        return end;
    (void)failed(error, why.message);
    return TESTNET_IMPOSSIBLE;
}

enum testnet_end testnet_run(const struct testnet_config *config, char error[RUN_ERROR])
{
    static struct testnet net; /* a process has one; its setup is large */
    struct testnet *t = &net;
    enum testnet_end end;
    bool again = false;
    u16 port = config->port;

    do {
        *t = (struct testnet){.c = config, .end = TESTNET_STOPPED, .port = port, .goes_on = again};
        end = one_life(t, error);
        again = t->again;
        port = t->port;
        close_all(t);
    } while (again);
    return end;
}
