/* power - machines that go down and come back, and what the heartbeat detector makes of it.
 *
 * A machine is up while nothing holds it down: its own drawn periods and entries of the timeline
 * are reasons that may overlap.  While it is down messages are lost, logs and answers of the chain
 * are held (a node reads them on its return; an order is no news by then), timers wait.
 *
 * The detector, settled 41, is arithmetic: a silence schedules the instant at which enough beats
 * would have been missed (ITEM_DETECT), a return the first beat that is answered (ITEM_ANSWER).  A
 * return that ends before that beat is none.  A turn number on both makes them stale when the
 * machine has turned since.
 *
 * A beat can also be lost on its way.  Runs of lost beats long enough to be counted are no events
 * beat by beat either: the gap to the next run is one keyed draw (design.md 2: "false misses are
 * drawn as keyed gaps"), shorter runs are never looked at.  While a machine is deaf in this sense
 * it is up for everybody but the detector.
 */
#include "sim/engine/host.h"

#define PERIOD_MIN_NS 1u

static const struct params *params_of(const struct host_sim *h)
{
    return chain_params(h->c.process->chain);
}

static void schedule(struct host_sim *h, struct actor_id id, enum item_kind kind,
                     enum event_class class, struct instant at, u32 turn)
{
    struct queue_item item = {.kind = (u32)kind, .to = id.v};

    item.u.plain.n = turn;
    host_schedule(h, id, class, at, &item);
}

/* ---- the detector ---- */

static void silence_begins(struct host_sim *h, struct actor_id id, struct instant now)
{
    struct power *p = power_at(h, id);

    p->session = SESSION_SILENT;
    p->silent_from = now;
    struct outage_sight sight = outage_detect(params_of(h), p->phase_s, now, INSTANT_NEVER);
    schedule(h, id, ITEM_DETECT, CLASS_DETECTOR, (struct instant){SEC(sight.known_s)}, ++p->turn);
}

/* settled 41: "A session that is closed or paused explicitly counts from that second". */
static void session_closes(struct host_sim *h, struct actor_id id, struct instant now)
{
    struct power *p = power_at(h, id);
    struct interval counted = outage_announced(now, INSTANT_NEVER);

    p->session = SESSION_CLOSED;
    p->silent_from = now;
    p->turn++;
    reporter_down(h, now, p->provider, counted.from_s, true);
}

static void session_reopens(struct host_sim *h, struct power *p, struct instant now)
{
    p->session = SESSION_OPEN;
    reporter_up(h, now, p->provider, outage_announced(p->silent_from, now).to_s);
}

/* settled 41: "downtime is known from the second missed beat on and counted from the first
 * missed".  A machine that is up at this beat answers it. */
static void detect(struct host_sim *h, struct actor_id id, struct instant now, u32 turn)
{
    struct power *p = power_at(h, id);
    bool answers = p->downs == 0 && now.ns >= p->deaf_until.ns;

    if (p->turn != turn || p->session != SESSION_SILENT || answers)
        return;
    struct outage_sight sight =
        outage_detect(params_of(h), p->phase_s, p->silent_from, INSTANT_NEVER);
    p->session = SESSION_DOWN;
    reporter_down(h, now, p->provider, sight.counted.from_s, false);
}

/* "up to the first answered beat". */
static void first_answer(struct host_sim *h, struct actor_id id, struct instant now, u32 turn)
{
    struct power *p = power_at(h, id);

    if (p->turn != turn || p->downs > 0 || now.ns < p->deaf_until.ns)
        return;
    if (p->session == SESSION_DOWN)
        reporter_up(h, now, p->provider, now.ns / SEC(1));
    p->session = SESSION_OPEN;
}

bool power_answered(const struct host_sim *h, struct actor_id id, struct instant now)
{
    const struct power *p = power_at(h, id);
    struct instant from = {SEC(h->era_start_s)};

    if (p->answered_s > h->era_start_s)
        return true;
    if (p->downs > 0)
        return false;
    from.ns = p->up_since.ns > from.ns ? p->up_since.ns : from.ns;
    return SEC(outage_beat(params_of(h), p->phase_s, from)) <= now.ns;
}

/* The last beat of the up period that ends now, if there was one. */
static void remember_answer(const struct host_sim *h, struct power *p, struct instant now)
{
    u64 beat = params_of(h)->heartbeat_s;
    u64 next_s = outage_beat(params_of(h), p->phase_s, now);

    if (next_s >= beat && SEC(next_s - beat) >= p->up_since.ns && next_s - beat >= p->phase_s)
        p->answered_s = next_s - beat + 1;
}

/* ---- down and up ---- */

static void goes_down(struct host_sim *h, struct actor_id id, struct instant now, bool announced)
{
    struct power *p = power_at(h, id);

    if (p->downs++ > 0)
        return;
    remember_answer(h, p, now);
    if (announced && p->session != SESSION_DOWN)
        session_closes(h, id, now);
    else if (p->session == SESSION_OPEN)
        silence_begins(h, id, now);
    /* else up for less than a beat: the detector sees one silence */
}

/* EVENT_RESUME, then logs and answers that it missed, then the timers that came due (actor.h). */
static void give_missed(struct host_sim *h, struct actor_id id, struct instant now, u32 list)
{
    struct event e;

    while (list != 0) {
        struct missed *m = (struct missed *)h->missed.base + list - 1;
        u32 next = m->next;
        host_event(h, &m->item, &e);
        host_dispatch(h, id, now, &e);
        if (m->item.kind == ITEM_LOG)
            blocks_log_done(h, m->item.u.plain.n);
        m->next = h->missed_free;
        h->missed_free = list;
        list = next;
    }
}

static void resume(struct host_sim *h, struct actor_id id, struct instant now)
{
    struct power *p = power_at(h, id);
    struct event e = {.kind = EVENT_RESUME};
    if (p->forgets) {
        p->forgets = false;
        restart_at(h, id, now);
        return;
    }
    u32 logs = p->missed_logs, timers = p->missed_timers;
    p->missed_logs = p->missed_logs_end = 0;
    p->missed_timers = p->missed_timers_end = 0;
    if (p->started) {
        host_dispatch(h, id, now, &e);
    } else if (p->start_due) {
        p->started = true;
        e.kind = EVENT_START;
        host_dispatch(h, id, now, &e);
    }
    give_missed(h, id, now, logs);
    give_missed(h, id, now, timers);
}

static void comes_up(struct host_sim *h, struct actor_id id, struct instant now)
{
    struct power *p = power_at(h, id);

    check(p->downs > 0);
    if (--p->downs > 0)
        return;
    p->up_since = now;
    if (p->session == SESSION_CLOSED)
        session_reopens(h, p, now);
    else
        schedule(h, id, ITEM_ANSWER, CLASS_DETECTOR,
                 (struct instant){SEC(outage_beat(params_of(h), p->phase_s, now))}, p->turn);
    resume(h, id, now);
}

static u32 *list_end(struct power *p, bool timer, u32 **first)
{
    *first = timer ? &p->missed_timers : &p->missed_logs;
    return timer ? &p->missed_timers_end : &p->missed_logs_end;
}

static void hold(struct host_sim *h, struct power *p, const struct queue_item *item)
{
    u32 place = h->missed_free, *first;
    struct missed *all = h->missed.base;

    if (place != 0) {
        h->missed_free = all[place - 1].next;
    } else if (reserve_grow(&h->missed, 1)) {
        place = (u32)h->missed.count;
    } else {
        host_full(h, &h->missed);
        return;
    }
    all[place - 1] = (struct missed){.item = *item};
    u32 *end = list_end(p, item->kind == ITEM_TIMER, &first);
    if (*end == 0)
        *first = place;
    else
        all[*end - 1].next = place;
    *end = place;
}

static bool is_stale_news(const struct host_sim *h, const struct queue_item *item)
{
    const struct held_log *l = (const struct held_log *)h->logs.base + item->u.plain.n;
    return log_audiences[l->log.kind] == TO_ELIGIBLE;
}

void power_missed(struct host_sim *h, const struct queue_item *item)
{
    struct power *p = power_at(h, (struct actor_id){item->to});

    if (item->kind == ITEM_START)
        p->start_due = true;
    else if (item->kind == ITEM_LOG && (!p->started || is_stale_news(h, item)))
        blocks_log_done(h, item->u.plain.n);
    else if (item->kind == ITEM_LOG || item->kind == ITEM_RESULT || item->kind == ITEM_TIMER)
        hold(h, p, item);
}

/* ---- drawn periods ---- */

static struct instant period_end(const struct host_sim *h, struct actor_id id, struct instant from)
{
    const struct power *p = power_at(h, id);
    const struct availability *a = &p->facts.availability;
    struct drawer draw = world_drawer(host_world(h), id);
    u64 ns = p->drawn_down ? distribution_at(a->down_ns, draw_u64(&draw, DRAW_DOWNTIME, p->period))
                           : distribution_at(a->up_ns, draw_u64(&draw, DRAW_UPTIME, p->period));

    ns = ns < PERIOD_MIN_NS ? PERIOD_MIN_NS : ns;
    return (struct instant){ns > UINT64_MAX - from.ns ? UINT64_MAX : from.ns + ns};
}

/* Of the down period that begins; the same counter as its length, with a bit of its own. */
static bool drawn_announced(const struct host_sim *h, struct actor_id id)
{
    const struct power *p = power_at(h, id);
    struct drawer draw = world_drawer(host_world(h), id);

    return draw_chance(&draw, DRAW_DOWNTIME, (u64)1 << 63 | p->period,
                       p->facts.availability.announced_share);
}

static void toggle(struct host_sim *h, struct actor_id id, struct instant now)
{
    struct power *p = power_at(h, id);

    p->drawn_down = !p->drawn_down;
    p->period += !p->drawn_down; /* an up period and the down period after it have one number */
    schedule(h, id, ITEM_TOGGLE, CLASS_WORLD, period_end(h, id, now), 0);
    if (p->drawn_down)
        goes_down(h, id, now, drawn_announced(h, id));
    else
        comes_up(h, id, now);
}

/* ---- lost beats ---- */

#define DEAF_BEATS_MAX 1024u /* of one run; also the stride of its draws */

/* A beat is lost as any message is.  With probability p of each, a run of at least m lost beats
 * begins with one beat in 1 / ((1 - p) p^m). */
void power_open(struct host_sim *h)
{
    const struct params *params = params_of(h);
    double lost = (double)h->c.network->loss_ppm / NETWORK_LOSS_WHOLE;
    double beats_each = 1.0 - lost;
    const char *why;

    h->deaf = false;
    for (u64 i = 0; i < params->heartbeat_misses; i++)
        beats_each *= lost;
    if (beats_each <= 0 || lost >= 1)
        return;
    double mean_ns[2] = {(double)SEC(params->heartbeat_s) / beats_each, 0};
    /* false: so rare that no run of this program lives to see one */
    h->deaf = distribution_build(&h->deaf_gap_ns, DISTRIBUTION_EXPONENTIAL, mean_ns, &why);
}

static void next_deaf(struct host_sim *h, struct actor_id id, struct instant from)
{
    struct power *p = power_at(h, id);
    struct drawer draw = world_drawer(host_world(h), id);
    u64 gap_ns = distribution_at(&h->deaf_gap_ns,
                                 draw_u64(&draw, DRAW_BEATS, (u64)p->deafs * DEAF_BEATS_MAX));

    if (gap_ns > INT64_MAX - from.ns)
        return;
    struct instant at = {from.ns + gap_ns};
    at.ns = SEC(outage_beat(params_of(h), p->phase_s, at));
    schedule(h, id, ITEM_DEAF, CLASS_WORLD, at, p->deafs);
}

void power_misses_changed(struct host_sim *h, struct instant now)
{
    const u32 *actors = h->providers.base;

    power_open(h);
    for (size_t i = 0; i < h->providers.count; i++) {
        struct actor_id id = {actors[i] - 1};
        if (actors[i] == 0)
            continue;
        power_at(h, id)->deafs++; /* the run that was to come does not */
        if (h->deaf)
            next_deaf(h, id, now);
    }
}

/* Beats of this run: those that it takes to be counted, and each further one by chance. */
static u64 deaf_beats(const struct host_sim *h, struct actor_id id)
{
    const struct power *p = power_at(h, id);
    struct drawer draw = world_drawer(host_world(h), id);
    u64 beats = params_of(h)->heartbeat_misses;

    for (u64 k = 1; k < DEAF_BEATS_MAX; k++, beats++) {
        u64 name = (u64)p->deafs * DEAF_BEATS_MAX + k;
        if (draw_below(&draw, DRAW_BEATS, name, NETWORK_LOSS_WHOLE) >= h->c.network->loss_ppm)
            break;
    }
    return beats;
}

static void deafness(struct host_sim *h, struct actor_id id, struct instant now, u32 run)
{
    struct power *p = power_at(h, id);
    struct instant until = {now.ns + SEC(deaf_beats(h, id) * params_of(h)->heartbeat_s)};

    if (run != p->deafs)
        return;
    p->deafs++;
    next_deaf(h, id, until);
    if (p->downs > 0 || p->session != SESSION_OPEN)
        return; /* silent anyway */
    p->deaf_until = until;
    silence_begins(h, id, now);
    schedule(h, id, ITEM_ANSWER, CLASS_DETECTOR, until, p->turn);
}

void power_registered(struct host_sim *h, struct actor_id id, u32 provider, struct instant now)
{
    power_at(h, id)->provider = provider;
    if (h->deaf)
        next_deaf(h, id, now);
}

void power_start(struct host_sim *h, struct actor_id id)
{
    struct power *p = power_at(h, id);
    struct drawer draw = world_drawer(host_world(h), id);

    p->phase_s = draw_below(&draw, DRAW_PHASE, 0, params_of(h)->heartbeat_s);
    p->up_since = p->facts.starts;
    if (p->facts.availability.up_ns != NULL)
        schedule(h, id, ITEM_TOGGLE, CLASS_WORLD, period_end(h, id, p->facts.starts), 0);
}

/* ---- the timeline ---- */

/* Unannounced, as any crash. */
static void crash(struct host_sim *h, struct instant now, const struct queue_item *item)
{
    struct actor_id id = {item->to};

    if (item->u.plain.a > UINT64_MAX - now.ns)
        return;
    power_at(h, id)->forgets = true;
    schedule(h, id, ITEM_UP, CLASS_WORLD, (struct instant){now.ns + item->u.plain.a}, 0);
    goes_down(h, id, now, false);
}

static void forced_down(struct host_sim *h, struct instant now, const struct queue_item *item)
{
    struct actor_id id = {item->to};
    u64 length_ns = item->u.plain.a;

    if (length_ns == 0)
        return;
    if (length_ns <= UINT64_MAX - now.ns) /* else for good */
        schedule(h, id, ITEM_UP, CLASS_WORLD, (struct instant){now.ns + length_ns}, 0);
    goes_down(h, id, now, item->u.plain.n != 0);
}

void power_item(struct host_sim *h, struct instant now, const struct queue_item *item)
{
    struct actor_id id = {item->to};

    if (item->kind == ITEM_DOWN)
        forced_down(h, now, item);
    else if (item->kind == ITEM_CRASH)
        crash(h, now, item);
    else if (item->kind == ITEM_UP)
        comes_up(h, id, now);
    else if (item->kind == ITEM_TOGGLE)
        toggle(h, id, now);
    else if (item->kind == ITEM_DEAF)
        deafness(h, id, now, item->u.plain.n);
    else if (item->kind == ITEM_DETECT)
        detect(h, id, now, item->u.plain.n);
    else
        first_answer(h, id, now, item->u.plain.n);
}
