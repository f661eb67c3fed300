#include "sim/engine/host.h"

#include "chain-mock/state/standing.h"

#include <stdlib.h>
#include <time.h>

#define LOGS_MAX (1u << 24)
#define MISSED_MAX (1u << 24)
#define SUBMITS_MAX (1u << 22)
#define HALTS_MAX (1u << 16)

/* ---- scheduling ---- */

void host_full(struct host_sim *h, const struct reserve *r)
{
    if (h->error == NULL)
        h->error = r->what;
}

static void put(struct host_sim *h, struct queue_key key, const struct queue_item *item)
{
    if (!queue_put(&h->queue, key, item))
        host_full(h, &h->queue.items);
}

void host_schedule(struct host_sim *h, struct actor_id source, enum event_class class,
                   struct instant at, const struct queue_item *item)
{
    struct actor_row *row = world_row(host_world(h), source);

    put(h, queue_key(at, class, row->entity, row->caused++), item);
}

void host_schedule_entry(struct host_sim *h, u32 entry, struct instant at,
                         const struct queue_item *item)
{
    u64 source = entity_key("timeline", entry);

    put(h, queue_key(at, CLASS_WORLD, source, h->timeline_caused++), item);
}

void host_schedule_reporter(struct host_sim *h, struct instant at, const struct queue_item *item)
{
    put(h, queue_key(at, CLASS_WORLD, h->reporter_key, h->reporter_caused++), item);
}

static void schedule_demand(struct host_sim *h)
{
    const struct demand_source *s = &h->c.demand;
    struct queue_item item = {.kind = ITEM_DEMAND};
    struct instant at;

    if (s->about != NULL && s->next(s->about, &at, &h->demand_to, &h->demand))
        put(h, queue_key(at, CLASS_WORLD, h->demand_key, h->demand_caused++), &item);
}

/* ---- what actors ask for ---- */

void host_submit(struct host_sim *h, struct instant now, u32 account, const struct tx *tx)
{
    if (!process_submit(h->c.process, account, tx))
        host_full(h, &h->c.process->waiting);
    blocks_want_next(h, now);
}

/* The same with less gas than the call costs: it is mined as failed. */
static void host_submit_short(struct host_sim *h, struct instant now, u32 account,
                              const struct tx *tx)
{
    if (!process_submit_short(h->c.process, account, tx))
        host_full(h, &h->c.process->waiting);
    blocks_want_next(h, now);
}

/* A mishap of either end meets the message. */
static bool either_meets(struct host_sim *h, struct actor_id from, struct actor_id to,
                         enum mishap_kind kind, struct instant now, struct span *by)
{
    bool sender = mishap_meets(h, from, kind, now, by);
    bool receiver = mishap_meets(h, to, kind, now, by);

    return sender || receiver;
}

static void send_disturbed(struct host_sim *h, struct actor_id from, struct instant now,
                           const struct queue_item *item, struct span late)
{
    struct actor_id to = {item->to};
    struct span more = {0}, again = late;

    if (either_meets(h, from, to, MISHAP_LOSE, now, &more))
        return;
    more = late;
    (void)either_meets(h, from, to, MISHAP_DELAY, now, &more);
    host_schedule(h, from, CLASS_DELIVERY, instant_after(now, more), item);
    if (either_meets(h, from, to, MISHAP_TWICE, now, &again))
        host_schedule(h, from, CLASS_DELIVERY, instant_after(now, again), item);
}

/* A message to an account behind which there is no actor is lost, as any to nowhere. */
static void drain_send(struct host_sim *h, struct actor_id self, struct instant now, u32 account,
                       const struct msg *msg)
{
    const u32 *by_account = h->by_account.base;

    if (account >= h->by_account.count || by_account[account] == 0)
        return;
    struct queue_item item = {.kind = ITEM_MESSAGE, .to = by_account[account] - 1};
    const struct network *n = h->c.network;
    const struct actor_row *from = world_row(host_world(h), self);
    const struct actor_row *to = world_row(host_world(h), (struct actor_id){item.to});
    u64 about = msg_about(msg);

    if (network_loses(n, from->entity, to->entity, about)) {
        h->tally.lost++;
        return;
    }
    item.u.message.from = from->account;
    item.u.message.msg = *msg;
    struct span late =
        network_latency(n, from->entity, to->entity, from->region, to->region, about);
    if (mishaps_any(h))
        send_disturbed(h, self, now, &item, late);
    else
        host_schedule(h, self, CLASS_DELIVERY, instant_after(now, late), &item);
}

/* At the earliest in the next nanosecond: nothing happens before what caused it. */
static void drain_timer(struct host_sim *h, struct actor_id self, struct instant now,
                        const struct command *c)
{
    struct queue_item item = {.kind = ITEM_TIMER, .to = self.v};
    struct span after = c->u.timer.after;

    item.u.timer.tag = c->u.timer.tag;
    item.u.timer.about = c->u.timer.about;
    item.u.timer.life = power_at(h, self)->life;
    after.ns += after.ns == 0;
    if (after.ns <= UINT64_MAX - now.ns) /* later than time itself: never */
        host_schedule(h, self, CLASS_TIMER, instant_after(now, after), &item);
}

/* What is held is sent when the wallet gets through, if it is not forgotten before. */
static void hold(struct host_sim *h, struct actor_id self, struct instant at, u32 account,
                 const struct tx *tx)
{
    struct queue_item item = {.kind = ITEM_SUBMIT, .to = self.v};

    item.u.plain.n = (u32)h->submits.count;
    if (!reserve_grow(&h->submits, 1)) {
        host_full(h, &h->submits);
        return;
    }
    ((struct timed_tx *)h->submits.base)[item.u.plain.n] = (struct timed_tx){
        .tx = *tx, .account = account, .held = self.v + 1, .life = power_at(h, self)->life};
    host_schedule(h, self, CLASS_WORLD, at, &item);
}

static void drain_submit(struct host_sim *h, struct actor_id self, struct instant now, u32 account,
                         const struct tx *tx)
{
    struct span none = {0};

    if (!mishaps_any(h)) {
        host_submit(h, now, account, tx);
        return;
    }
    struct instant at = mishap_late(h, self, MISHAP_HOLD, now);
    if (at.ns > now.ns)
        hold(h, self, at, account, tx);
    else if (mishap_meets(h, self, MISHAP_REFUSE, now, &none))
        host_submit_short(h, now, account, tx);
    else
        host_submit(h, now, account, tx);
}

static void drain(struct host_sim *h, struct actor_id self, struct instant now,
                  const struct outbox *out)
{
    u32 account = world_row(host_world(h), self)->account;

    for (u32 i = 0; i < out->count; i++) {
        const struct command *c = &out->commands[i];
        switch (c->kind) {
        case COMMAND_SEND:
            drain_send(h, self, now, c->u.send.account, &c->u.send.msg);
            break;
        case COMMAND_TIMER:
            drain_timer(h, self, now, c);
            break;
        case COMMAND_SUBMIT:
            drain_submit(h, self, now, account, &c->u.submit);
            break;
        }
    }
}

void host_dispatch(struct host_sim *h, struct actor_id to, struct instant now,
                   const struct event *event)
{
    struct outbox out;

    process_dispatch(h->c.process, to, now, event, &out);
    drain(h, to, now, &out);
}

/* ---- the loop ---- */

static const struct log *log_at(const struct host_sim *h, u32 place)
{
    return &((const struct held_log *)h->logs.base)[place].log;
}

void host_event(const struct host_sim *h, const struct queue_item *item, struct event *e)
{
    switch ((enum item_kind)item->kind) {
    case ITEM_START:
        e->kind = EVENT_START;
        return;
    case ITEM_TIMER:
        e->kind = EVENT_TIMER;
        e->u.timer.tag = item->u.timer.tag;
        e->u.timer.about = item->u.timer.about;
        return;
    case ITEM_MESSAGE:
        e->kind = EVENT_MESSAGE;
        e->u.message.from = item->u.message.from;
        e->u.message.msg = item->u.message.msg;
        return;
    case ITEM_RESULT:
        e->kind = EVENT_RESULT;
        e->u.result.tx = (enum tx_kind)item->u.result.tx;
        e->u.result.tag = item->u.result.tag;
        e->u.result.err = (enum err)item->u.result.err;
        e->u.result.id = item->u.result.id;
        return;
    case ITEM_LOG:
        e->kind = EVENT_LOG;
        e->u.log = *log_at(h, item->u.plain.n);
        return;
    case ITEM_DEMAND:
        e->kind = EVENT_DEMAND;
        e->u.demand = h->demand;
        return;
    case ITEM_BLOCK:
    case ITEM_SUBMIT:
    case ITEM_DOWN:
    case ITEM_UP:
    case ITEM_TOGGLE:
    case ITEM_DETECT:
    case ITEM_ANSWER:
    case ITEM_RESPONSES:
    case ITEM_HALTED:
    case ITEM_DEAF:
    case ITEM_CRASH:
        break;
    }
    check_unreachable();
}

/* What an earlier life of the actor set or asked for, before it lost its memory. */
static bool is_forgotten(const struct power *p, const struct queue_item *item)
{
    return (item->kind == ITEM_TIMER && item->u.timer.life != p->life) ||
           (item->kind == ITEM_RESULT && item->u.result.nonce < p->own_from);
}

/* To an actor that is there and up; else it is lost or waits. */
static void deliver(struct host_sim *h, struct instant now, const struct queue_item *item)
{
    struct actor_id to = {item->to};
    struct power *p = power_at(h, to);
    struct event e;

    if (is_forgotten(p, item))
        return;
    if (p->downs > 0) {
        power_missed(h, item);
        return;
    }
    if (p->started || item->kind == ITEM_START) {
        p->started = true;
        host_event(h, item, &e);
        host_dispatch(h, to, now, &e);
    }
    if (item->kind == ITEM_LOG)
        blocks_log_done(h, item->u.plain.n);
}

/* Users have no machine of their own that could be down; what they miss is lost. */
static void demand_due(struct host_sim *h, struct instant now)
{
    struct queue_item item = {.kind = ITEM_DEMAND, .to = h->demand_to.v};

    deliver(h, now, &item);
    schedule_demand(h);
}

/* Numbers that the scenario cannot know. */
static void find_about(const struct host_sim *h, struct tx *tx, u32 about)
{
    const struct chain *c = h->c.process->chain;

    if (tx->kind == TX_APPROVE)
        tx->u.approve.provider = chain_account_provider(c, about);
    else if (tx->kind == TX_VERDICT)
        tx->u.verdict.provider = chain_account_provider(c, about);
    else if (tx->kind == TX_RATE)
        tx->u.rate.lease = chain_unrated_lease(c, about);
}

static void submit_due(struct host_sim *h, struct instant now, const struct timed_tx *t)
{
    struct tx tx = t->tx;

    if (t->held != 0 && power_at(h, (struct actor_id){t->held - 1})->life != t->life)
        return; /* nobody knows of it any more */
    if (t->about != 0)
        find_about(h, &tx, t->about);
    host_submit(h, now, t->account, &tx);
}

static void take_item(struct host_sim *h, struct instant now, const struct queue_item *item)
{
    switch ((enum item_kind)item->kind) {
    case ITEM_BLOCK:
        blocks_due(h, now, item->u.plain.a);
        return;
    case ITEM_START:
    case ITEM_TIMER:
    case ITEM_MESSAGE:
    case ITEM_RESULT:
    case ITEM_LOG:
        deliver(h, now, item);
        return;
    case ITEM_DEMAND:
        demand_due(h, now);
        return;
    case ITEM_SUBMIT:
        submit_due(h, now, (const struct timed_tx *)h->submits.base + item->u.plain.n);
        return;
    case ITEM_DOWN:
    case ITEM_UP:
    case ITEM_TOGGLE:
    case ITEM_DETECT:
    case ITEM_ANSWER:
    case ITEM_DEAF:
    case ITEM_CRASH:
        power_item(h, now, item);
        return;
    case ITEM_RESPONSES:
        reporter_responses(h, now, item->u.plain.a);
        return;
    case ITEM_HALTED:
        reporter_halted(h, now, (struct halt){item->u.plain.a, item->u.plain.b});
        return;
    }
    check_unreachable();
}

const char *host_item_name(u32 kind)
{
    static const char *const names[] = {
        [ITEM_BLOCK] = "block",     [ITEM_START] = "start",         [ITEM_TIMER] = "timer",
        [ITEM_MESSAGE] = "message", [ITEM_RESULT] = "result",       [ITEM_LOG] = "log",
        [ITEM_DEMAND] = "demand",   [ITEM_SUBMIT] = "timeline",     [ITEM_DOWN] = "down",
        [ITEM_UP] = "up",           [ITEM_TOGGLE] = "availability", [ITEM_DETECT] = "detector",
        [ITEM_ANSWER] = "answer",   [ITEM_RESPONSES] = "responses", [ITEM_HALTED] = "halt",
        [ITEM_DEAF] = "lost beats", [ITEM_CRASH] = "crash",
    };
    _Static_assert(ARRAY_LEN(names) == HOST_ITEM_KINDS, "every kind of event has a name");

    check(kind < HOST_ITEM_KINDS);
    return names[kind];
}

static u64 clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return SEC((u64)t.tv_sec) + (u64)t.tv_nsec;
}

/* What the events after this one will want is fetched meanwhile. */
static void fetch(const struct host_sim *h)
{
    u32 far = queue_soon(&h->queue, QUEUE_SOON), near = queue_soon(&h->queue, QUEUE_SOON / 2);

    world_fetch_row(host_world(h), far);
    if (far < h->powers.count)
        __builtin_prefetch((const struct power *)h->powers.base + far);
    world_fetch(host_world(h), near);
}

static void take(struct host_sim *h)
{
    struct queue_item item;
    struct queue_key key = queue_take(&h->queue, &item);
    struct host_meter *m = h->c.meter;

    fetch(h);
    if (m == NULL) {
        take_item(h, (struct instant){key.at_ns}, &item);
        return;
    }
    u64 before_ns = clock_ns();
    take_item(h, (struct instant){key.at_ns}, &item);
    m->ns[item.kind] += clock_ns() - before_ns;
    m->events[item.kind]++;
}

static void start(struct host_sim *h)
{
    h->started = true;
    check(world_names_differ(host_world(h)));
    power_open(h);
    for (u32 i = 0; i < world_count(host_world(h)); i++) {
        struct actor_id id = {i};
        struct queue_item item = {.kind = ITEM_START, .to = i};
        host_schedule(h, id, CLASS_TIMER, power_at(h, id)->facts.starts, &item);
        power_start(h, id);
    }
    blocks_start(h);
    reporter_era(h, (struct instant){0});
    schedule_demand(h);
}

bool host_sim_run(struct host_sim *h, struct instant until)
{
    if (!h->started)
        start(h);
    while (h->error == NULL && !h->stopped) {
        const struct queue_key *first = queue_first(&h->queue);
        if (first == NULL || first->at_ns > until.ns)
            break;
        take(h);
    }
    return h->error == NULL;
}

void host_sim_stop(struct host_sim *h)
{
    h->stopped = true;
}

const char *host_sim_error(const struct host_sim *h)
{
    return h->error;
}

const struct mishap_tally *host_sim_mishaps(const struct host_sim *h)
{
    return &h->tally;
}

bool host_sim_up(const struct host_sim *h, struct actor_id id)
{
    return power_at(h, id)->downs == 0;
}

/* ---- the timeline ---- */

static void submit_at(struct host_sim *h, u32 entry, struct instant at, const struct timed_tx *t)
{
    struct queue_item item = {.kind = ITEM_SUBMIT};

    item.u.plain.n = (u32)h->submits.count;
    if (!reserve_grow(&h->submits, 1)) {
        host_full(h, &h->submits);
        return;
    }
    ((struct timed_tx *)h->submits.base)[item.u.plain.n] = *t;
    host_schedule_entry(h, entry, at, &item);
}

void host_sim_submit_at(struct host_sim *h, u32 entry, struct instant at, u32 account,
                        const struct tx *tx)
{
    submit_at(h, entry, at, &(struct timed_tx){.tx = *tx, .account = account});
}

void host_sim_submit_about_at(struct host_sim *h, u32 entry, struct instant at, u32 account,
                              u32 about, const struct tx *tx)
{
    submit_at(h, entry, at, &(struct timed_tx){.tx = *tx, .account = account, .about = about});
}

void host_sim_down_at(struct host_sim *h, u32 entry, struct instant at, struct actor_id id,
                      struct span length, bool announced)
{
    struct queue_item item = {.kind = ITEM_DOWN, .to = id.v};

    item.u.plain.a = length.ns;
    item.u.plain.n = announced;
    host_schedule_entry(h, entry, at, &item);
}

void host_sim_halt_at(struct host_sim *h, u32 entry, struct instant from, struct instant to)
{
    struct queue_item item = {.kind = ITEM_HALTED};

    check(from.ns < to.ns);
    if (!reserve_grow(&h->halts, 1)) {
        host_full(h, &h->halts);
        return;
    }
    ((struct halt *)h->halts.base)[h->halts.count - 1] = (struct halt){from.ns, to.ns};
    item.u.plain.a = from.ns;
    item.u.plain.b = to.ns;
    /* just before its end: the first block after it has the report, and closes know of the halt */
    host_schedule_entry(h, entry, (struct instant){to.ns - 1}, &item);
    if (h->started) /* the era's responses may have to come before it */
        reporter_era(h, (struct instant){h->queue.last.at_ns + 1});
}

/* ---- opening and closing ---- */

static bool reserves_open(struct host_sim *h)
{
    u32 actors = world_count(host_world(h));
    size_t accounts = 1;

    for (u32 i = 0; i < actors; i++) {
        u32 account = world_row(host_world(h), (struct actor_id){i})->account;
        accounts = account >= accounts ? (size_t)account + 1 : accounts;
    }
    bool open =
        queue_open(&h->queue) && fanout_open(&h->fanout, h->c.providers_max + 1) &&
        reserve_open(&h->powers, "actors", sizeof(struct power), actors) &&
        reserve_open(&h->by_account, "accounts", sizeof(u32), accounts) &&
        reserve_open(&h->providers, "providers", sizeof(u32), (size_t)h->c.providers_max + 1) &&
        reserve_open(&h->logs, "logs on their way", sizeof(struct held_log), LOGS_MAX) &&
        reserve_open(&h->missed, "events that machines missed", sizeof(struct missed),
                     MISSED_MAX) &&
        reserve_open(&h->submits, "transactions of the timeline", sizeof(struct timed_tx),
                     SUBMITS_MAX) &&
        reserve_open(&h->halts, "halts", sizeof(struct halt), HALTS_MAX) &&
        reserve_open(&h->receivers, "actors", sizeof(u32), actors) && mishaps_open(h);
    return open && reserve_grow(&h->powers, actors) && reserve_grow(&h->by_account, accounts);
}

struct host_sim *host_sim_open(const struct host_config *config)
{
    struct host_sim *h = calloc(1, sizeof(*h));

    if (h == NULL)
        return NULL;
    h->c = *config;
    h->chain_key = entity_key("chain", 0);
    h->demand_key = entity_key("demand", 0);
    h->reporter_key = entity_key("reporter", 0);
    h->block_slot = SLOT_NONE;
    if (!reserves_open(h)) {
        host_sim_close(h);
        return NULL;
    }
    for (u32 i = 0; i < world_count(host_world(h)); i++) {
        u32 *actor =
            (u32 *)h->by_account.base + world_row(host_world(h), (struct actor_id){i})->account;
        check(*actor == 0); /* nobody shares an account */
        *actor = i + 1;
    }
    return h;
}

void host_sim_close(struct host_sim *h)
{
    if (h == NULL)
        return;
    queue_close(&h->queue);
    fanout_close(&h->fanout);
    reserve_close(&h->powers);
    reserve_close(&h->by_account);
    reserve_close(&h->providers);
    reserve_close(&h->logs);
    reserve_close(&h->missed);
    reserve_close(&h->submits);
    reserve_close(&h->halts);
    reserve_close(&h->mishaps);
    reserve_close(&h->receivers);
    free(h);
}

void host_sim_actor(struct host_sim *h, struct actor_id id, const struct host_actor *facts)
{
    check(!h->started);
    power_at(h, id)->facts = *facts;
}
