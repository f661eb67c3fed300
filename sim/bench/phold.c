/* phold - the standard benchmark of event engines, on this engine's queue, dispatch and record.
 *
 * N processes hold one event each.  Whoever gets one causes the next, LOOKAHEAD and an exponential
 * delay of mean 1 s later: half of them to itself, half to another process, all equally likely.
 * A process is an actor of its own kind; what it causes is a command of its outbox, with whom it
 * wakes in `about`; both are encoded and folded into the rolling hash by process_dispatch(), with
 * the state hash at each checkpoint, as in every run.
 */
#include "protocol/invariants/invariant.h"
#include "sim/bench/bench.h"
#include "sim/bench/exponential.h"
#include "sim/engine/process.h"
#include "sim/engine/queue.h"

#include <stdio.h>

#define LOOKAHEAD_NS MSEC(100)
#define MEAN_NS SEC(1)
#define TIMED_EVENTS 8000000u
#define SAMPLED 64u /* in parts, one event of so many is timed */
#define SEED 1u

enum { PHOLD_LOCAL, PHOLD_REMOTE };

STATE_BEGIN
struct phold_process {
    u64 events; /* that it got */
    u32 self, processes;
};
STATE_END

/* One block of four words is all that it draws for an event. */
static void phold_process_on_event(struct phold_process *p, struct env *env, const struct event *e)
{
    u64 words[DRAW_BLOCK];
    u32 to = p->self, tag = PHOLD_LOCAL;

    (void)e;
    draw_block(env->draw, DRAW_TEST, p->events++, words);
    if ((words[1] & 1) != 0) {
        u32 other = (u32)((u128)words[2] * (p->processes - 1) >> 64);
        to = other + (other >= p->self);
        tag = PHOLD_REMOTE;
    }
    u64 delay_ns = LOOKAHEAD_NS + (u64)((u128)exponential(words[0]) * MEAN_NS >> 32);
    env_timer(env, (struct span){delay_ns}, tag, to);
}

ACTOR_KIND(phold_process, HEARS_ALL);

struct phold {
    struct process process;
    struct chain chain; /* empty: a process has one */
    struct tally tally;
    struct reserve memory;
    struct queue queue;
    struct instant now;
};

static bool phold_open(struct phold *h, u32 processes)
{
    static const u32 rtt_us[1] = {1000};
    static const struct genesis_token token = {.decimals = 18, .enabled = true};
    struct genesis g = {.params = &params_default,
                        .tokens = &token,
                        .token_count = 1,
                        .rtt_us = rtt_us,
                        .regions = 1};
    struct record_head head = {.seed = SEED};
    struct actor_id id;

    if (!reserve_open(&h->memory, "bytes of the chain", 1, state_bytes()))
        return false;
    chain_init(&h->chain, h->memory.base, &g, &h->tally);
    if (!process_open(&h->process, &head, &h->chain, processes) || !queue_open(&h->queue))
        return false;
    for (u32 i = 0; i < processes; i++) {
        struct phold_process p = {.self = i, .processes = processes};
        if (!world_add(&h->process.world, &actor_phold_process, "phold", i, 0, 0, &p, &id))
            return false;
    }
    return true;
}

static void phold_close(struct phold *h)
{
    queue_close(&h->queue);
    process_close(&h->process);
    reserve_close(&h->memory);
}

/* What an actor wants done goes into the queue. */
static void drain(struct phold *h, struct actor_id self, const struct outbox *out)
{
    struct actor_row *row = world_row(&h->process.world, self);

    for (u32 i = 0; i < out->count; i++) {
        const struct command *c = &out->commands[i];
        struct queue_item item = {.kind = c->u.timer.tag, .to = (u32)c->u.timer.about};
        item.u.timer.about = c->u.timer.about;
        item.u.timer.tag = c->u.timer.tag;
        check(queue_put(&h->queue,
                        queue_key(instant_after(h->now, c->u.timer.after), CLASS_DELIVERY,
                                  row->entity, row->caused++),
                        &item));
    }
}

static void start(struct phold *h, u32 processes)
{
    struct event e = {.kind = EVENT_START};
    struct outbox out;

    for (u32 i = 0; i < processes; i++) {
        process_dispatch(&h->process, (struct actor_id){i}, h->now, &e, &out);
        drain(h, (struct actor_id){i}, &out);
    }
}

/* As every host does. */
static void fetch(const struct phold *h)
{
    world_fetch_row(&h->process.world, queue_soon(&h->queue, QUEUE_SOON));
    world_fetch(&h->process.world, queue_soon(&h->queue, QUEUE_SOON / 2));
}

static void take(struct phold *h, struct queue_item *item)
{
    h->now.ns = queue_take(&h->queue, item).at_ns;
    fetch(h);
}

static void dispatch(struct phold *h, const struct queue_item *item, struct outbox *out)
{
    struct event e; /* most of it is for other kinds */

    e.kind = EVENT_TIMER;
    e.u.timer.tag = item->u.timer.tag;
    e.u.timer.about = item->u.timer.about;
    process_dispatch(&h->process, (struct actor_id){item->to}, h->now, &e, out);
}

static void run(struct phold *h, u64 events)
{
    struct queue_item item;
    struct outbox out;

    for (u64 i = 0; i < events; i++) {
        take(h, &item);
        dispatch(h, &item, &out);
        drain(h, (struct actor_id){item.to}, &out);
    }
}

/* One event of SAMPLED, by its parts; what reading the clock costs is taken off. */
struct sampled {
    u64 taken_ns, given_ns, put_ns, clock_ns, count;
};

static void sample(struct phold *h, struct sampled *s)
{
    struct queue_item item;
    struct outbox out;
    u64 zero = stopwatch_now_ns(), from = stopwatch_now_ns();

    take(h, &item);
    u64 taken = stopwatch_now_ns();
    dispatch(h, &item, &out);
    u64 given = stopwatch_now_ns();
    drain(h, (struct actor_id){item.to}, &out);
    u64 put = stopwatch_now_ns();
    s->clock_ns += from - zero;
    s->taken_ns += taken - from;
    s->given_ns += given - taken;
    s->put_ns += put - given;
    s->count++;
}

static u64 scaled(u64 ns, u64 clock_ns, u64 all, u64 sampled)
{
    return sampled == 0 || ns < clock_ns ? 0 : (u64)((u128)(ns - clock_ns) * all / sampled);
}

static void run_in_parts(struct phold *h, u64 events, struct bench_result *out)
{
    struct sampled s = {0};

    for (u64 i = 0; i < events; i++) {
        if (i % SAMPLED == 0)
            sample(h, &s);
        else
            run(h, 1);
    }
    bench_part_add(out, "take from the queue", events,
                   scaled(s.taken_ns, s.clock_ns, events, s.count));
    bench_part_add(out, "dispatch and record", events,
                   scaled(s.given_ns, s.clock_ns, events, s.count));
    bench_part_add(out, "put into the queue", events,
                   scaled(s.put_ns, s.clock_ns, events, s.count));
}

void phold_measure(const struct bench_case *c, bool in_parts, struct bench_result *out)
{
    u64 before = bench_rss_bytes();
    struct phold h = {.now = {0}};
    u32 n = (u32)c->n;

    if (!phold_open(&h, n)) {
        snprintf(out->error, sizeof(out->error), "no memory for %u processes", n);
        return;
    }
    start(&h, n);
    run(&h, n); /* from the beginning, where all start at once, to the steady state */
    struct stopwatch w = stopwatch_start();
    if (in_parts)
        run_in_parts(&h, c->work, out);
    else
        run(&h, c->work);
    stopwatch_stop(&w, out);
    out->done = c->work;
    out->hash = h.process.hash;
    out->rss_bytes = bench_rss_most_bytes();
    bench_figure_add(out, "bytes a process", (double)(out->rss_bytes - before) / (double)n);
    phold_close(&h);
}

void phold_cases(const struct bench_wish *wish, struct bench_cases *out)
{
    static const u32 sizes[] = {10000, 100000, 1000000};

    (void)wish;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct bench_case c = {
            .series = "PHOLD", .of = "processes", .n = sizes[i], .work = TIMED_EVENTS};
        snprintf(c.name, sizeof(c.name), "%u processes", sizes[i]);
        bench_case_add(out, &c);
    }
}
