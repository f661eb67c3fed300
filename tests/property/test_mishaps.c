/* Mishaps of the host: each kind does what it says to whom it says and to nobody else, only while
 * it lasts; by share and by count; runs with them can be saved; an actor without memory is told by
 * the chain how it stands. */
#include "tests/property/host_fixture.h"
#include "tests/test.h"

#define RUN_S 20000u
#define FROM_S 2000u
#define TO_S 12000u

static const u32 four[] = {0, 1, 2, 3};

static struct fixture_plan plan_of(u64 seed)
{
    return (struct fixture_plan){.members = four, .count = 4, .seed = seed};
}

static struct mishap on_member(const struct fixture *f, u32 member, enum mishap_kind kind)
{
    return (struct mishap){.kind = kind,
                           .who = fixture_actor(f, member),
                           .from = {SEC(FROM_S)},
                           .to = {SEC(TO_S)},
                           .share = {BPS_WHOLE}};
}

/* Events of a kind that member 0 was given, with one mishap of his or with none. */
static u32 events_with(const struct mishap *m, u32 member, enum event_kind kind, u64 *met)
{
    static struct fixture f;
    struct fixture_plan plan = plan_of(3);

    fixture_open(&f, &plan);
    if (m != NULL) {
        struct mishap his = *m;
        his.who = fixture_actor(&f, 0);
        host_sim_mishap_at(f.host, &his);
        fixture_run(&f, RUN_S);
        *met = host_sim_mishaps(f.host)->met[m->kind];
    } else {
        fixture_run(&f, RUN_S);
    }
    u32 events = fixture_events(&f, member, kind);
    fixture_close(&f);
    return events;
}

static struct mishap plain(enum mishap_kind kind)
{
    return (struct mishap){
        .kind = kind, .from = {SEC(FROM_S)}, .to = {SEC(TO_S)}, .share = {BPS_WHOLE}};
}

/* Member 0 talks to 1 and 2 to 3. */
static void messages(void)
{
    u32 all = events_with(NULL, 0, EVENT_MESSAGE, NULL);
    u32 others = events_with(NULL, 2, EVENT_MESSAGE, NULL);
    struct mishap m = plain(MISHAP_LOSE);
    u64 met = 0;

    u32 fewer = events_with(&m, 0, EVENT_MESSAGE, &met);
    EXPECT(fewer > all / 3 && fewer < 2 * all / 3);
    EXPECT(met == 2 * (u64)(all - fewer) || (met > all - fewer && met < 3 * (u64)(all - fewer)));
    EXPECT(events_with(&m, 2, EVENT_MESSAGE, &met) == others);
    m.share.v = BPS_WHOLE / 10;
    u32 some = events_with(&m, 0, EVENT_MESSAGE, &met);
    EXPECT(some > fewer && some < all);
    m.nth = 5;
    (void)events_with(&m, 0, EVENT_MESSAGE, &met);
    EXPECT(met == 1);

    m = plain(MISHAP_TWICE);
    m.by.ns = SEC(5);
    u32 more = events_with(&m, 0, EVENT_MESSAGE, &met);
    EXPECT(more > 4 * all / 3 && more < 2 * all);
    m = plain(MISHAP_DELAY);
    m.by.ns = SEC(100);
    u32 late = events_with(&m, 0, EVENT_MESSAGE, &met);
    EXPECT(late + 5 >= all && late <= all && met > 0);
    printf("ok - messages are lost, late or doubled: by share, by count, and nobody else's\n");
}

/* ---- the chain, as one actor sees it ---- */

struct seen {
    const struct fixture *f;
    u64 first_ns, last_ns; /* of results given within the mishap's time */
    u64 in_time, blocks, out_of_gas;
};

static void see_block(void *about, const struct block *b, u32 taken, struct instant now)
{
    struct seen *s = about;

    (void)now;
    s->blocks++;
    for (u32 i = 0; i < taken; i++)
        s->out_of_gas += b->txs[i].err == ERR_OutOfGas && b->txs[i].from == FIXTURE_ACCOUNT(0);
}

static void see_result(void *about, struct actor_id to, struct instant now,
                       const struct event *event, const struct outbox *out)
{
    struct seen *s = about;

    (void)out;
    if (event->kind != EVENT_RESULT || to.v != fixture_actor(s->f, 0).v || now.ns < SEC(FROM_S) ||
        now.ns >= SEC(TO_S))
        return;
    s->in_time++;
    if (s->first_ns == 0)
        s->first_ns = now.ns;
    s->last_ns = now.ns;
}

static struct seen look(struct mishap m, u32 *results)
{
    static struct fixture f;
    struct seen s = {.f = &f};
    struct fixture_plan plan = plan_of(3);

    plan.sinks = (struct host_sinks){&s, see_block, NULL};
    fixture_open(&f, &plan);
    f.process.on_dispatch = see_result;
    f.process.dispatch_about = &s;
    m.who = fixture_actor(&f, 0);
    host_sim_mishap_at(f.host, &m);
    fixture_run(&f, RUN_S);
    *results = fixture_events(&f, 0, EVENT_RESULT);
    fixture_close(&f);
    return s;
}

static void nodes(void)
{
    struct mishap m = plain(MISHAP_LAG);
    u32 all, results;

    m.by.ns = 1;
    struct seen usual = look(m, &all);
    m.by.ns = SEC(1000);
    struct seen lag = look(m, &results);
    EXPECT(lag.first_ns >= SEC(FROM_S + 1000) && usual.first_ns < SEC(FROM_S + 500));
    EXPECT(results == all && lag.in_time < usual.in_time); /* it has caught up */
    m = plain(MISHAP_HOLD);
    m.by.ns = SEC(1000);
    struct seen held = look(m, &results);
    EXPECT(held.first_ns >= SEC(FROM_S + 1000) && results == all);
    m = plain(MISHAP_REFUSE);
    struct seen refused = look(m, &results);
    EXPECT(refused.out_of_gas > 20 && refused.out_of_gas <= usual.in_time + 1 && results == all);
    m.nth = 3;
    EXPECT(look(m, &results).out_of_gas == 1);
    printf("ok - a node shows the chain late and catches up; transactions wait or are mined as "
           "failed\n");
}

/* The fixture's actors begin anew with their first event only, so after a crash a ticker's timer is
 * gone for good. */
static void crash(void)
{
    struct mishap m = plain(MISHAP_CRASH);
    u64 met = 0;

    u32 all = events_with(NULL, 0, EVENT_TIMER, NULL);
    EXPECT(events_with(&m, 0, EVENT_REVERTED, &met) == 1 && met == 1);
    EXPECT(events_with(&m, 2, EVENT_REVERTED, &met) == 0);
    u32 before = events_with(&m, 0, EVENT_TIMER, &met);
    EXPECT(before > 10 && before < all / 4);
    EXPECT(events_with(&m, 0, EVENT_RESUME, &met) == 0);
    EXPECT(events_with(&m, 2, EVENT_TIMER, &met) == events_with(NULL, 2, EVENT_TIMER, NULL));
    printf("ok - an actor that crashes is told how it stands, and its timers are gone\n");
}

/* DET-4 with mishaps of every kind under way. */
static void restored(void)
{
    static struct fixture f;
    struct fixture_plan plan = plan_of(4);
    u64 hash, events;

    plan.check_pure = true;
    fixture_open(&f, &plan);
    for (u32 k = 0; k < MISHAP_KINDS; k++) {
        struct mishap m = on_member(&f, k % 4, (enum mishap_kind)k);
        m.by.ns = SEC(50);
        m.share.v = BPS_WHOLE / 3;
        m.entry = k;
        host_sim_mishap_at(f.host, &m);
    }
    fixture_run(&f, (FROM_S + TO_S) / 2);
    struct snapshot *s = host_sim_save(f.host);
    EXPECT(s != NULL);
    fixture_run(&f, RUN_S);
    hash = f.process.hash;
    events = f.process.events;
    EXPECT(host_sim_restore(s));
    fixture_run(&f, RUN_S);
    EXPECT(f.process.hash == hash && f.process.events == events);
    for (u32 k = 0; k < MISHAP_KINDS; k++)
        EXPECT(host_sim_mishaps(f.host)->met[k] > 0);
    snapshot_free(s);
    fixture_close(&f);
    printf("ok - a run with every mishap under way goes on as the straight one when restored\n");
}

int main(void)
{
    messages();
    nodes();
    crash();
    restored();
    return 0;
}
