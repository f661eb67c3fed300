#include "sim/live/host_live.h"

#include "sim/live/heartbeat.h"
#include "sim/live/peers.h"

#include <stdlib.h>
#include <string.h>

/* A timer of an actor that still runs. */
struct pending {
    struct instant at;
    u64 turn; /* of two at one instant the one that was set first */
    u32 actor, tag;
    u64 about;
};

/* Submitted in an earlier life, and not answered in it. */
struct unanswered {
    u64 count; /* from 0 on */
    struct tx tx;
    struct unanswered *next;
};

/* One an actor. */
struct member {
    struct live *live;
    struct actor_id id;
    u32 account;
    struct agent *agent;
    u16 port;
    bool started;
    u64 sent; /* transactions so far */
    struct unanswered *unanswered, **end;
};

struct live {
    struct live_config c;
    struct member *members; /* by actor */
    u32 count;
    u32 *by_account; /* member + 1 */
    u32 accounts;
    struct peers *peers;
    struct heartbeat *heartbeat;
    struct pending *timers; /* a heap by (at, turn) */
    u32 timer_count, timer_cap;
    u64 turn;
    struct event *alarm; /* of the first timer, the next demand, the next start */
    struct demand demand;
    struct actor_id demand_to;
    struct instant demand_at;
    bool demand_waits, running;
    const struct door *door;
};

/* ---- timers ---- */

static bool before(const struct pending *a, const struct pending *b)
{
    return a->at.ns != b->at.ns ? a->at.ns < b->at.ns : a->turn < b->turn;
}

static void swap(struct pending *a, struct pending *b)
{
    struct pending x = *a;

    *a = *b;
    *b = x;
}

static void sift_up(struct live *l, u32 i)
{
    for (; i > 0 && before(&l->timers[i], &l->timers[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&l->timers[i], &l->timers[(i - 1) / 2]);
}

static void sift_down(struct live *l, u32 i)
{
    for (;;) {
        u32 least = i;
        for (u32 child = 2 * i + 1; child <= 2 * i + 2 && child < l->timer_count; child++) {
            if (before(&l->timers[child], &l->timers[least]))
                least = child;
        }
        if (least == i)
            return;
        swap(&l->timers[i], &l->timers[least]);
        i = least;
    }
}

static void add_timer(struct live *l, struct pending t)
{
    if (l->timer_count == l->timer_cap) {
        l->timer_cap = l->timer_cap == 0 ? 64 : l->timer_cap * 2;
        l->timers = realloc(l->timers, l->timer_cap * sizeof(*l->timers));
        check(l->timers != NULL);
    }
    t.turn = l->turn++;
    l->timers[l->timer_count] = t;
    sift_up(l, l->timer_count++);
}

static void drop_timer(struct live *l, u32 i)
{
    l->timers[i] = l->timers[--l->timer_count];
    if (i < l->timer_count) {
        sift_up(l, i);
        sift_down(l, i);
    }
}

/* ---- what an actor wants done ---- */

static struct member *member_of(struct live *l, u32 account)
{
    return account < l->accounts && l->by_account[account] != 0
               ? &l->members[l->by_account[account] - 1]
               : NULL;
}

static void note_unanswered(struct member *m, const struct tx *tx)
{
    struct unanswered *u = calloc(1, sizeof(*u));

    check(u != NULL);
    u->count = m->sent++;
    u->tx = *tx;
    *m->end = u;
    m->end = &u->next;
}

static void drain(struct live *l, struct member *m, struct instant now, const struct outbox *out)
{
    for (u32 i = 0; i < out->count; i++) {
        const struct command *c = &out->commands[i];
        switch (c->kind) {
        case COMMAND_SEND:
            if (l->running)
                peers_send(l->peers, m->account, c->u.send.account, &c->u.send.msg);
            break;
        case COMMAND_TIMER:
            if (c->u.timer.after.ns <= UINT64_MAX - now.ns)
                add_timer(l, (struct pending){.at = instant_after(now, c->u.timer.after),
                                              .actor = m->id.v,
                                              .tag = c->u.timer.tag,
                                              .about = c->u.timer.about});
            break;
        case COMMAND_SUBMIT:
            if (l->running)
                agent_submit(m->agent, &c->u.submit);
            else
                note_unanswered(m, &c->u.submit);
            break;
        }
    }
}

/* ---- an earlier life, record by record ---- */

static void forget_timer(struct live *l, u32 actor, const struct event *e)
{
    u32 first = UINT32_MAX;

    for (u32 i = 0; i < l->timer_count; i++) {
        const struct pending *t = &l->timers[i];
        if (t->actor == actor && t->tag == e->u.timer.tag && t->about == e->u.timer.about &&
            (first == UINT32_MAX || before(t, &l->timers[first])))
            first = i;
    }
    if (first != UINT32_MAX)
        drop_timer(l, first);
}

static void forget_unanswered(struct member *m, const struct event *e)
{
    for (struct unanswered **at = &m->unanswered; *at != NULL; at = &(*at)->next) {
        struct unanswered *u = *at;
        if (u->tx.kind != e->u.result.tx || u->tx.tag != e->u.result.tag)
            continue;
        *at = u->next;
        if (m->end == &u->next)
            m->end = at;
        free(u);
        return;
    }
}

static void forget_all_unanswered(struct member *m)
{
    while (m->unanswered != NULL) {
        struct unanswered *u = m->unanswered;
        m->unanswered = u->next;
        free(u);
    }
    m->end = &m->unanswered;
}

static void next_demand(struct live *l)
{
    l->demand_waits = l->c.demand.about != NULL &&
                      l->c.demand.next(l->c.demand.about, &l->demand_at, &l->demand_to, &l->demand);
}

static void live_again(struct live *l, struct member *m, const struct event *e)
{
    switch (e->kind) {
    case EVENT_START:
        m->started = true;
        break;
    case EVENT_TIMER:
        forget_timer(l, m->id.v, e);
        break;
    case EVENT_RESULT:
        forget_unanswered(m, e);
        break;
    case EVENT_DEMAND:
        next_demand(l);
        break;
    case EVENT_REVERTED:
        forget_all_unanswered(m);
        break;
    case EVENT_STANDS:
    case EVENT_MESSAGE:
    case EVENT_LOG:
    case EVENT_RESUME:
    case EVENT_KINDS:
        break;
    }
}

static void on_dispatch(void *about, struct actor_id to, struct instant now, const struct event *e,
                        const struct outbox *out)
{
    struct live *l = about;

    if (!l->running)
        live_again(l, &l->members[to.v], e);
    drain(l, &l->members[to.v], now, out);
}

/* ---- what happens ---- */

static void set_alarm(struct live *l);

static void dispatch(struct live *l, struct actor_id to, const struct event *e)
{
    struct outbox out;

    process_dispatch(l->c.process, to, l->c.now(l->c.about), e, &out); /* on_dispatch() drains it */
    set_alarm(l);
}

static void start_who_is_due(struct live *l, struct instant now)
{
    struct event e = {.kind = EVENT_START};

    for (u32 i = 0; i < l->count; i++) {
        struct member *m = &l->members[i];
        if (m->started || l->c.starts(l->c.about, m->id).ns > now.ns)
            continue;
        m->started = true;
        dispatch(l, m->id, &e);
    }
}

static void give_demand(struct live *l)
{
    struct event e = {.kind = EVENT_DEMAND};
    struct actor_id to = l->demand_to;

    e.u.demand = l->demand;
    next_demand(l);
    dispatch(l, to, &e);
}

static void fire_timer(struct live *l)
{
    struct pending t = l->timers[0];
    struct event e = {.kind = EVENT_TIMER};

    drop_timer(l, 0);
    e.u.timer.tag = t.tag;
    e.u.timer.about = t.about;
    dispatch(l, (struct actor_id){t.actor}, &e);
}

static void on_alarm(evutil_socket_t fd, short what, void *about)
{
    struct live *l = about;
    struct instant now = l->c.now(l->c.about);

    (void)fd;
    (void)what;
    start_who_is_due(l, now);
    while (l->demand_waits && l->demand_at.ns <= now.ns)
        give_demand(l);
    while (l->timer_count > 0 && l->timers[0].at.ns <= now.ns)
        fire_timer(l);
    set_alarm(l);
}

static u64 next_start(const struct live *l)
{
    u64 least = UINT64_MAX;

    for (u32 i = 0; i < l->count; i++) {
        u64 at = l->c.starts(l->c.about, l->members[i].id).ns;
        if (!l->members[i].started && at < least)
            least = at;
    }
    return least;
}

static void set_alarm(struct live *l)
{
    u64 at = next_start(l), now = l->c.now(l->c.about).ns;

    if (l->demand_waits && l->demand_at.ns < at)
        at = l->demand_at.ns;
    if (l->timer_count > 0 && l->timers[0].at.ns < at)
        at = l->timers[0].at.ns;
    if (at == UINT64_MAX)
        return;
    u64 ms = at > now ? l->c.real_ms(l->c.about, at - now) : 0;
    struct timeval wait = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};
    evtimer_add(l->alarm, &wait);
}

static void on_message(void *about, u32 to, u32 from, const struct msg *msg)
{
    struct live *l = about;
    struct member *m = member_of(l, to);
    struct event e = {.kind = EVENT_MESSAGE};

    if (m == NULL || !m->started)
        return;
    e.u.message.from = from;
    e.u.message.msg = *msg;
    dispatch(l, m->id, &e);
}

static void on_beat(void *about, u32 of, u64 rtt_us)
{
    struct live *l = about;

    if (l->heartbeat != NULL)
        heartbeat_answered(l->heartbeat, of, rtt_us);
}

static void on_agent_event(void *about, const struct event *e)
{
    struct member *m = about;

    dispatch(m->live, m->id, e);
}

static void on_agent_place(void *about, const struct agent_place *place)
{
    struct member *m = about;

    m->live->c.put_place(m->live->c.about, m->account, place);
}

/* ---- beginning and end ---- */

static bool open_members(struct live *l)
{
    struct world *w = &l->c.process->world;

    l->count = world_count(w);
    l->accounts = chain_accounts(l->c.process->chain) + 1;
    l->members = calloc(l->count + 1u, sizeof(*l->members));
    l->by_account = calloc(l->accounts, sizeof(u32));
    if (l->members == NULL || l->by_account == NULL)
        return false;
    for (u32 i = 0; i < l->count; i++) {
        struct member *m = &l->members[i];
        *m = (struct member){
            .live = l, .id = {i}, .account = world_row(w, (struct actor_id){i})->account};
        m->end = &m->unanswered;
        l->by_account[m->account] = i + 1;
    }
    return true;
}

struct live *live_open(const struct live_config *config)
{
    struct live *l = calloc(1, sizeof(*l));
    struct peers_config peers = {config->base, l, on_message, on_beat};

    if (l == NULL)
        return NULL;
    l->c = *config;
    l->peers = peers_open(&peers);
    l->alarm = evtimer_new(config->base, on_alarm, l);
    if (l->peers != NULL && l->alarm != NULL && open_members(l)) {
        next_demand(l);
        config->process->on_dispatch = on_dispatch;
        config->process->dispatch_about = l;
        return l;
    }
    live_close(l);
    return NULL;
}

static bool open_agent(struct live *l, struct member *m, u16 port)
{
    struct agent_config c = {.base = l->c.base,
                             .port = port,
                             .chain_id = l->c.chain_id,
                             .door = l->door,
                             .signer = l->c.signer,
                             .account = m->account,
                             .secret = l->c.secret(l->c.about, m->account),
                             .poll_ms = l->c.poll_ms,
                             .about = m,
                             .event = on_agent_event,
                             .place = on_agent_place};
    struct agent_place place = l->c.place(l->c.about, m->account);

    m->port = peers_listen(l->peers, m->account);
    m->agent = agent_open(&c);
    if (m->agent == NULL || m->port == 0)
        return false;
    agent_resume(m->agent, &place, m->sent);
    for (struct unanswered *u = m->unanswered; u != NULL; u = u->next)
        agent_resend(m->agent, u->count, &u->tx);
    agent_start(m->agent);
    return true;
}

static bool open_heartbeat(struct live *l, u16 port)
{
    struct heartbeat_config c = {.base = l->c.base,
                                 .port = port,
                                 .chain_id = l->c.chain_id,
                                 .door = l->door,
                                 .signer = l->c.signer,
                                 .chain = l->c.process->chain,
                                 .peers = l->peers,
                                 .account = l->c.reporter_account,
                                 .poll_ms = l->c.poll_ms,
                                 .about = l->c.about,
                                 .now = l->c.now,
                                 .real_ms = l->c.real_ms,
                                 .put_place = l->c.put_place};

    if (l->c.reporter_account == 0)
        return true;
    c.secret = l->c.secret(l->c.about, l->c.reporter_account);
    c.place = l->c.place(l->c.about, l->c.reporter_account);
    c.place.skew = l->c.nonce(l->c.about, l->c.reporter_account);
    l->heartbeat = heartbeat_open(&c);
    return l->heartbeat != NULL;
}

bool live_start(struct live *l, u16 port, const struct door *door)
{
    l->door = door;
    l->running = true;
    for (u32 i = 0; i < l->count; i++) {
        if (!open_agent(l, &l->members[i], port))
            return false;
    }
    if (!open_heartbeat(l, port))
        return false;
    set_alarm(l);
    return true;
}

u16 live_port(const struct live *l, u32 account)
{
    return account < l->accounts && l->by_account[account] != 0
               ? l->members[l->by_account[account] - 1].port
               : 0;
}

void live_close(struct live *l)
{
    if (l->heartbeat != NULL)
        heartbeat_close(l->heartbeat);
    for (u32 i = 0; i < l->count && l->members != NULL; i++) {
        struct member *m = &l->members[i];
        if (m->agent != NULL)
            agent_close(m->agent);
        forget_all_unanswered(m);
    }
    if (l->peers != NULL)
        peers_close(l->peers);
    if (l->alarm != NULL)
        event_free(l->alarm);
    free(l->timers);
    free(l->members);
    free(l->by_account);
    free(l);
}
