/* Machines that go and come: the detector against one that looks at every beat, what an actor
 * misses and what waits for it, halts, and the responses of an era. */
#include "protocol/outage.h"
#include "tests/property/host_fixture.h"
#include "tests/test.h"

#include <string.h>

#define REPORTS_MAX 4096u
#define MEMBERS 4u

static const u32 members[MEMBERS] = {0, 1, 2, 3};

struct report {
    struct tx tx;
    u64 slot;
    u32 words[MEMBERS]; /* of responses */
};

struct seen {
    u32 count, members[MEMBERS + 1]; /* by provider */
    struct report reports[REPORTS_MAX];
    u64 last_slot, quiet_from, quiet_to; /* slots between which there may be no block */
    u32 blocks_after_quiet;
};

static void see_block(void *about, const struct block *b, u32 taken, struct instant now)
{
    struct seen *s = about;

    EXPECT(now.ns == b->slot * MSEC(params_default.block_time_ms) && b->slot > s->last_slot);
    EXPECT(b->slot < s->quiet_from || b->slot >= s->quiet_to);
    s->blocks_after_quiet += b->slot >= s->quiet_to;
    s->last_slot = b->slot;
    for (u32 i = 0; i < taken; i++) {
        const struct block_tx *t = &b->txs[i];
        if (t->from != FIXTURE_REPORTER)
            continue;
        EXPECT(t->err == ERR_None && s->count < REPORTS_MAX);
        struct report *r = &s->reports[s->count++];
        *r = (struct report){.tx = t->tx, .slot = b->slot};
        const struct tx_report_responses *w = &t->tx.u.report_responses;
        if (t->tx.kind == TX_REPORT_RESPONSES) {
            EXPECT(w->count <= MEMBERS && w->offset + w->count <= b->data_count);
            memcpy(r->words, b->data + w->offset, w->count * sizeof(u32));
        }
    }
}

static void see_log(void *about, const struct log *log, u64 slot, struct instant now)
{
    struct seen *s = about;

    (void)slot, (void)now;
    if (log->kind == LOG_ProviderProposed)
        s->members[log->u.provider_proposed.provider] =
            log->u.provider_proposed.account - FIXTURE_ACCOUNT(0);
}

static struct seen seen;

static void open_seen_losing(struct fixture *f, u64 seed, u32 loss_ppm)
{
    struct fixture_plan plan = {
        .members = members, .count = MEMBERS, .seed = seed, .loss_ppm = loss_ppm};

    memset(&seen, 0, sizeof(seen));
    seen.quiet_from = seen.quiet_to = UINT64_MAX;
    plan.sinks = (struct host_sinks){&seen, see_block, see_log};
    fixture_open(f, &plan);
}

static void open_seen(struct fixture *f, u64 seed)
{
    open_seen_losing(f, seed, 0);
}

static u64 word(u64 name)
{
    struct drawer d = {13, 0, 3};
    return draw_u64(&d, DRAW_TEST, name);
}

static u64 slot_after(u64 second)
{
    return SEC(second) / MSEC(params_default.block_time_ms) + 1;
}

/* ---- the detector, settled 41, looking at every beat ---- */

#define SILENCES 60u
#define END_S 200000u

struct silence {
    u64 from_ns, to_ns;
};

static bool missed(const struct silence *all, u64 beat_s)
{
    for (u32 i = 0; i < SILENCES; i++) {
        if (all[i].from_ns <= SEC(beat_s) && SEC(beat_s) < all[i].to_ns)
            return true;
    }
    return false;
}

static u32 next_report(u32 member, enum tx_kind down_or_up, u32 from, u64 *second)
{
    for (; from < seen.count; from++) {
        const struct tx *tx = &seen.reports[from].tx;
        bool down = tx->kind == TX_REPORT_DOWN, up = tx->kind == TX_REPORT_UP;
        if (!down && !up)
            continue;
        u32 provider = down ? tx->u.report_down.provider : tx->u.report_up.provider;
        if (seen.members[provider] != member)
            continue;
        EXPECT(tx->kind == down_or_up); /* they alternate */
        *second = down ? tx->u.report_down.start_s : tx->u.report_up.end_s;
        return from;
    }
    return UINT32_MAX;
}

/* Returns how many outages there were. */
static u32 compare_beats(u32 member, u64 seed, const struct silence *all)
{
    struct drawer d = {seed, 0, entity_key("talker", member)};
    u64 phase = draw_below(&d, DRAW_PHASE, 0, params_default.heartbeat_s), run = 0, second = 0;
    u32 at = 0, outages = 0;

    for (u64 beat = phase; beat < END_S - 60; beat += params_default.heartbeat_s) {
        bool miss = missed(all, beat);
        if (miss && ++run == params_default.heartbeat_misses) {
            at = next_report(member, TX_REPORT_DOWN, at, &second);
            EXPECT(at != UINT32_MAX && seen.reports[at].slot == slot_after(beat));
            EXPECT(second == beat - params_default.heartbeat_s); /* the first missed */
            at++;
            outages++;
        }
        if (!miss && run >= params_default.heartbeat_misses) {
            at = next_report(member, TX_REPORT_UP, at, &second);
            EXPECT(at != UINT32_MAX && seen.reports[at].slot == slot_after(beat));
            EXPECT(second == beat);
            at++;
        }
        run = miss ? run : 0;
    }
    EXPECT(next_report(member, TX_REPORT_DOWN, at, &second) == UINT32_MAX);
    return outages;
}

static void the_detector_sees_what_every_beat_shows(void)
{
    static struct fixture f;
    static struct silence all[MEMBERS][SILENCES];
    u32 outages = 0;

    for (u64 seed = 1; seed <= 8; seed++) {
        open_seen(&f, seed);
        for (u32 i = 0; i < MEMBERS * SILENCES; i++) {
            u64 w = word(seed << 32 | i);
            u64 from_s = 100 + w % (END_S - 20000);
            u64 length_s = (w >> 32) % 4 ? 1 + (w >> 34) % 200 : 1 + (w >> 34) % 8000;
            /* half of them on whole seconds, where beats are */
            u64 part = (w >> 63) != 0 ? (w >> 20) % SEC(1) : 0;
            struct silence s = {SEC(from_s) + part, SEC(from_s + length_s) + part};
            all[i % MEMBERS][i / MEMBERS] = s;
            host_sim_down_at(f.host, i, (struct instant){s.from_ns}, fixture_actor(&f, i % MEMBERS),
                             (struct span){s.to_ns - s.from_ns}, false);
        }
        fixture_run(&f, END_S);
        for (u32 m = 0; m < MEMBERS; m++)
            outages += compare_beats(m, seed, all[m]);
        fixture_close(&f);
    }
    EXPECT(outages > 500);
    printf("ok - the detector sees what every beat shows\n");
}

/* ---- beats that are lost on their way ---- */

#define LOST_PPM 100000u
#define LOST_SEEDS 8u

/* Runs of two lost beats or more among so many beats, each drawn by itself. */
static u32 runs_beat_by_beat(u64 beats)
{
    u32 runs = 0, run = 0;

    for (u64 i = 0; i < beats; i++) {
        run = word(1ull << 60 | i) % 1000000 < LOST_PPM ? run + 1 : 0;
        runs += run == params_default.heartbeat_misses;
    }
    return runs;
}

/* Machines that are always up: what the keyed gaps report must be as frequent and as long as what
 * beats lost one by one would make, within five standard deviations. */
static void lost_beats_are_drawn_as_gaps(void)
{
    static struct fixture f;
    u64 beats = (u64)LOST_SEEDS * MEMBERS * (END_S / params_default.heartbeat_s);
    u32 outages = 0, shortest = 0;

    for (u64 seed = 1; seed <= LOST_SEEDS; seed++) {
        open_seen_losing(&f, seed, LOST_PPM);
        fixture_run(&f, END_S);
        for (u32 m = 0; m < MEMBERS; m++) {
            struct drawer d = {seed, 0, entity_key("talker", m)};
            u64 phase = draw_below(&d, DRAW_PHASE, 0, params_default.heartbeat_s), from, to;
            u32 at = next_report(m, TX_REPORT_DOWN, 0, &from);
            for (; at != UINT32_MAX; at = next_report(m, TX_REPORT_DOWN, at + 1, &from)) {
                at = next_report(m, TX_REPORT_UP, at + 1, &to);
                if (at == UINT32_MAX)
                    break; /* the run ended in it */
                EXPECT(from % params_default.heartbeat_s == phase);
                EXPECT((to - from) % params_default.heartbeat_s == 0 && to - from >= 120);
                outages++;
                shortest += to - from == 120;
            }
        }
        EXPECT(host_sim_up(f.host, fixture_actor(&f, 0)));
        fixture_close(&f);
    }
    u32 want = runs_beat_by_beat(beats), sigma = 31; /* sqrt(want), about 940 */
    EXPECT(outages + 5 * sigma > want && outages < want + 5 * sigma);
    EXPECT(shortest * 10 > outages * 8 && shortest < outages); /* nine of ten have two beats */
    printf("ok - lost beats are drawn as gaps: %u outages, beat by beat %u\n", outages, want);
}

static u32 downs_until(u64 slot)
{
    u32 n = 0;

    for (u32 i = 0; i < seen.count; i++)
        n += seen.reports[i].tx.kind == TX_REPORT_DOWN && seen.reports[i].slot < slot;
    return n;
}

/* One in a hundred of 5,760 beats a day is lost: two in a row each other day.  From era 1 on a
 * single one counts, which is 228 in four days within five standard deviations, or three in a row.
 */
static void another_number_of_misses_has_other_gaps(void)
{
    static struct fixture f;
    static const struct {
        u64 misses;
        u32 least, most;
    } rows[] = {{1, 153, 303}, {3, 0, 1}};
    u64 era = params_default.era_seconds;

    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        struct tx tx = {.kind = TX_SET_PARAM,
                        .u.set_param = {PARAM_heartbeat_misses, rows[i].misses}};
        open_seen_losing(&f, 31, 10000);
        host_sim_submit_at(f.host, 0, (struct instant){SEC(100)}, FIXTURE_REPORTER, &tx);
        fixture_run(&f, 5 * era);
        EXPECT(chain_params(&f.chain->chain)->heartbeat_misses == rows[i].misses);
        EXPECT(downs_until(slot_after(era)) < 6);
        u32 downs = downs_until(UINT64_MAX) - downs_until(slot_after(era));
        EXPECT(downs >= rows[i].least && downs <= rows[i].most);
        fixture_close(&f);
    }
    printf("ok - where the detector waits for other misses, beats are lost at other distances\n");
}

static void an_announced_session_counts_from_its_second(void)
{
    static struct fixture f;
    u64 second;

    open_seen(&f, 2);
    /* 7 seconds: no detector would have seen them */
    host_sim_down_at(f.host, 0, (struct instant){SEC(5000) + 7}, fixture_actor(&f, 1),
                     (struct span){SEC(7)}, true);
    fixture_run(&f, 6000);
    u32 at = next_report(1, TX_REPORT_DOWN, 0, &second);
    EXPECT(at != UINT32_MAX && second == 5000 && seen.reports[at].slot == slot_after(5000));
    EXPECT(seen.reports[at].tx.u.report_down.announced == 1);
    at = next_report(1, TX_REPORT_UP, at + 1, &second);
    EXPECT(at != UINT32_MAX && second == 5007 && seen.reports[at].slot == slot_after(5007));
    EXPECT(seen.count == 2);
    fixture_close(&f);
    printf("ok - an announced session counts from its second\n");
}

/* ---- what is missed, and what waits ---- */

static void messages_are_lost_and_logs_and_timers_wait(void)
{
    static struct fixture f;
    u32 before[EVENT_KINDS], after[EVENT_KINDS];

    open_seen(&f, 3);
    struct actor_id id = fixture_actor(&f, 1);
    host_sim_down_at(f.host, 0, (struct instant){SEC(1000)}, id, (struct span){SEC(4000)}, false);
    fixture_run(&f, 1000);
    EXPECT(!host_sim_up(f.host, id));
    for (u32 k = 0; k < EVENT_KINDS; k++)
        before[k] = fixture_events(&f, 1, (enum event_kind)k);
    EXPECT(before[EVENT_MESSAGE] > 5 && before[EVENT_RESUME] == 0);
    EXPECT(host_sim_run(f.host, (struct instant){SEC(5000) - 1}));
    for (u32 k = 0; k < EVENT_KINDS; k++)
        EXPECT(fixture_events(&f, 1, (enum event_kind)k) == before[k]);
    fixture_run(&f, 5000);
    EXPECT(host_sim_up(f.host, id));
    for (u32 k = 0; k < EVENT_KINDS; k++)
        after[k] = fixture_events(&f, 1, (enum event_kind)k);
    EXPECT(after[EVENT_RESUME] == 1 && after[EVENT_MESSAGE] == before[EVENT_MESSAGE]);
    EXPECT(after[EVENT_TIMER] == before[EVENT_TIMER] + 1); /* its one tick */
    EXPECT(after[EVENT_LOG] == before[EVENT_LOG] + 1);     /* ProviderDown of its own */
    fixture_run(&f, 7000);
    EXPECT(fixture_events(&f, 1, EVENT_MESSAGE) > after[EVENT_MESSAGE] + 20);
    EXPECT(fixture_events(&f, 1, EVENT_TIMER) > after[EVENT_TIMER] + 20);
    fixture_close(&f);
    printf("ok - messages are lost, logs and timers wait\n");
}

/* ---- halts and responses ---- */

static const struct report *report_of(enum tx_kind kind, u32 nth)
{
    for (u32 i = 0; i < seen.count; i++) {
        if (seen.reports[i].tx.kind == kind && nth-- == 0)
            return &seen.reports[i];
    }
    return NULL;
}

static void a_halted_chain_makes_no_block(void)
{
    static struct fixture f;
    struct instant from = {SEC(2000) + 500}, to = {SEC(9000) + 700};

    open_seen(&f, 4);
    host_sim_halt_at(f.host, 0, from, to);
    seen.quiet_from = slot_after(2000);
    seen.quiet_to = slot_after(9000);
    fixture_run(&f, 12000);
    EXPECT(seen.blocks_after_quiet > 50);
    const struct report *r = report_of(TX_REPORT_HALT, 0);
    EXPECT(r != NULL && r->slot == slot_after(9000) && report_of(TX_REPORT_HALT, 1) == NULL);
    EXPECT(r->tx.u.report_halt.start_s == 2000 && r->tx.u.report_halt.end_s == 9000);
    fixture_close(&f);
    printf("ok - a halted chain makes no block\n");
}

/* More waits than a block takes, and before it an outage: settled 63 wants the halt known in the
 * first block, before the eras that close in it. */
static void a_full_block_begins_with_the_halt(void)
{
    static struct fixture f;
    struct tx tx = {.kind = TX_TRANSFER,
                    .u.transfer = {.to = FIXTURE_ACCOUNT(1), .amount = AMOUNT(1)}};

    open_seen(&f, 6);
    host_sim_halt_at(f.host, 0, (struct instant){SEC(2000)}, (struct instant){SEC(9000)});
    host_sim_down_at(f.host, 1, (struct instant){SEC(3000)}, fixture_actor(&f, 2),
                     (struct span){SEC(1000)}, true);
    for (u32 i = 0; i < 2000; i++)
        host_sim_submit_at(f.host, 2, (struct instant){SEC(2500)}, FIXTURE_ACCOUNT(0), &tx);
    fixture_run(&f, 12000);
    const struct report *halt = report_of(TX_REPORT_HALT, 0);
    const struct report *down = report_of(TX_REPORT_DOWN, 0), *up = report_of(TX_REPORT_UP, 0);
    EXPECT(halt != NULL && halt->slot == slot_after(8999));
    EXPECT(down != NULL && down->slot == slot_after(8999) + 1);
    EXPECT(up != NULL && up->slot == slot_after(8999) + 1);
    fixture_close(&f);
    printf("ok - a full block after a halt begins with its report\n");
}

static u32 word_of(const struct report *r, u32 member)
{
    for (u32 p = 1; p <= MEMBERS; p++) {
        if (seen.members[p] == member)
            return r->words[p - 1];
    }
    EXPECT(false); /* nobody is of that number */
    return 0;
}

/* settled 43: one mean an era, in the last blocks before its end. */
static void responses_come_in_the_last_slot_of_an_era(void)
{
    static struct fixture f;
    u64 era = params_default.era_seconds;

    open_seen(&f, 5);
    /* silent for all of era 1; and a halt over the end of era 2 */
    host_sim_down_at(f.host, 0, (struct instant){SEC(era - 200)}, fixture_actor(&f, 2),
                     (struct span){SEC(era + 400)}, false);
    host_sim_halt_at(f.host, 1, (struct instant){SEC(3 * era - 5000)},
                     (struct instant){SEC(3 * era + 5000)});
    fixture_run(&f, 4 * era + 10);
    for (u32 e = 0; e < 4; e++) {
        const struct report *r = report_of(TX_REPORT_RESPONSES, e);
        u64 end_s = (e + 1) * era - (e == 2 ? 5000 : 0);
        EXPECT(r != NULL && r->slot + 1 == slot_after(end_s - 1));
        EXPECT(r->tx.u.report_responses.first == 1);
        EXPECT(r->tx.u.report_responses.count == MEMBERS);
        for (u32 m = 0; m < MEMBERS; m++) {
            u32 us = word_of(r, m);
            if (m == 2 && e == 1)
                EXPECT(us == 0);
            else /* the region's median times the jitter of the fixture */
                EXPECT(us >= (m % 2 ? 45000u : 1000u) && us <= (m % 2 ? 142000u : 3200u));
        }
    }
    EXPECT(report_of(TX_REPORT_RESPONSES, 4) == NULL);
    EXPECT(word_of(report_of(TX_REPORT_RESPONSES, 0), 1) !=
           word_of(report_of(TX_REPORT_RESPONSES, 1), 1));
    fixture_close(&f);
    printf("ok - responses come in the last slot of an era\n");
}

int main(void)
{
    the_detector_sees_what_every_beat_shows();
    lost_beats_are_drawn_as_gaps();
    another_number_of_misses_has_other_gaps();
    an_announced_session_counts_from_its_second();
    messages_are_lost_and_logs_and_timers_wait();
    a_halted_chain_makes_no_block();
    a_full_block_begins_with_the_halt();
    responses_come_in_the_last_slot_of_an_era();
    return 0;
}
