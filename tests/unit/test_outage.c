/* outage against stepping: the detector beat by beat, hours and uptime second by second. */
#include "protocol/outage.h"
#include "tests/any.h"
#include "tests/test.h"

#include <string.h>

/* ---- the detector ---- */

#define SILENCES 4
#define BEATS 400

struct silences {
    struct instant down[SILENCES], up[SILENCES];
    size_t n;
};

/* Answers one by one; the n-th run of enough misses in a row, or unseen. */
static struct outage_sight stepped(const struct params *p, u64 phase_s, const struct silences *s,
                                   u32 nth)
{
    struct outage_sight sight = {0};
    u64 missed = 0;

    for (u64 k = 0; k < BEATS; k++) {
        u64 beat_s = phase_s + k * p->heartbeat_s;
        bool answered = true;
        for (size_t i = 0; i < s->n; i++)
            if (s->down[i].ns <= SEC(beat_s) && SEC(beat_s) < s->up[i].ns)
                answered = false;
        if (answered && sight.seen && nth-- == 0) {
            sight.counted.to_s = beat_s;
            return sight;
        }
        if (answered) {
            missed = 0;
            sight = (struct outage_sight){0};
            continue;
        }
        if (missed++ == 0)
            sight.counted.from_s = beat_s;
        if (missed == p->heartbeat_misses) {
            sight.seen = true;
            sight.known_s = beat_s;
        }
    }
    if (sight.seen && nth == 0)
        sight.counted.to_s = INTERVAL_OPEN; /* no up so far: the world ended */
    else
        sight = (struct outage_sight){0};
    return sight;
}

static bool same(struct outage_sight a, struct outage_sight b)
{
    return a.seen == b.seen && a.counted.from_s == b.counted.from_s &&
           a.counted.to_s == b.counted.to_s && a.known_s == b.known_s;
}

/* A length in ns that is often on a whole second or beat, and often not. */
static u64 any_length(struct any *a, u64 beat_s, u64 beats)
{
    switch (any_below(a, 3)) {
    case 0:
        return SEC(any_below(a, beats) * beat_s);
    case 1:
        return SEC(any_below(a, beats * beat_s));
    }
    return any_below(a, SEC(beats * beat_s));
}

static struct params any_detector(struct any *a)
{
    struct params p = params_default;

    EXPECT(params_set(&p, PARAM_heartbeat_s, 1 + any_below(a, 90)));
    EXPECT(params_set(&p, PARAM_heartbeat_misses, 1 + any_below(a, 4)));
    return p;
}

static void test_one_silence(void)
{
    struct any a = ANY(3);
    u32 seen = 0;

    for (int i = 0; i < 20000; i++) {
        struct params p = any_detector(&a);
        u64 phase_s = any_below(&a, p.heartbeat_s);
        struct silences s = {.n = 1};
        s.down[0].ns = any_length(&a, p.heartbeat_s, 20);
        s.up[0].ns = s.down[0].ns + any_length(&a, p.heartbeat_s, 8);
        if (any_below(&a, 8) == 0)
            s.up[0] = INSTANT_NEVER;
        struct outage_sight got = outage_detect(&p, phase_s, s.down[0], s.up[0]);
        EXPECT(same(got, stepped(&p, phase_s, &s, 0)));
        seen += got.seen;
    }
    EXPECT(seen > 5000 && seen < 18000);
}

/* Silences that touch for the detector are joined, as the host does, and then each run of
 * misses is one detection. */
static void test_joined_silences(void)
{
    struct any a = ANY(4);
    u32 joined = 0;

    for (int i = 0; i < 20000; i++) {
        struct params p = any_detector(&a);
        u64 phase_s = any_below(&a, p.heartbeat_s);
        struct silences s = {.n = SILENCES};
        struct instant at = {0};
        u32 sights = 0;
        for (size_t k = 0; k < s.n; k++) {
            s.down[k].ns = at.ns + any_length(&a, p.heartbeat_s, 3);
            s.up[k].ns = at.ns = s.down[k].ns + any_length(&a, p.heartbeat_s, 4);
        }
        for (size_t k = 0; k < s.n; k++) {
            struct instant down = s.down[k];
            for (; k + 1 < s.n && outage_unbroken(&p, phase_s, s.up[k], s.down[k + 1]); k++)
                joined++;
            struct outage_sight got = outage_detect(&p, phase_s, down, s.up[k]);
            if (got.seen)
                EXPECT(same(got, stepped(&p, phase_s, &s, sights++)));
        }
        EXPECT(!stepped(&p, phase_s, &s, sights).seen);
    }
    EXPECT(joined > 1000);
}

static void test_announced(void)
{
    struct interval o = outage_announced((struct instant){SEC(7) + 1}, (struct instant){SEC(9)});
    EXPECT(o.from_s == 7 && o.to_s == 9);
    o = outage_announced((struct instant){SEC(8) - 1}, (struct instant){SEC(10) - 1});
    EXPECT(o.from_s == 7 && o.to_s == 9);
    EXPECT(outage_announced((struct instant){0}, INSTANT_NEVER).to_s == INTERVAL_OPEN);
}

/* ---- hours and uptime ---- */

#define WORLD_S (400 * HOUR_S)

struct world {
    struct interval era, registered;
    struct interval outages[64], halts[16];
    struct interval_list down, halted;
};

static struct interval_list any_list(struct any *a, struct interval *at, size_t n, u64 lengths,
                                     u64 gaps)
{
    u64 t = any_below(a, gaps);

    for (size_t i = 0; i < n; i++) {
        at[i].from_s = t;
        at[i].to_s = t += any_below(a, lengths);
        t += any_below(a, gaps);
        if (any_below(a, 4) == 0) /* ends on an hour; and touches the next */
            t = at[i].to_s = (at[i].to_s + HOUR_S - 1) / HOUR_S * HOUR_S;
    }
    return (struct interval_list){at, n};
}

static void any_world(struct any *a, struct world *w)
{
    u64 hours = any_below(a, 4) == 0 ? 168 : 1 + any_below(a, 30);
    u64 scale = HOUR_S << any_below(a, 4);

    w->era.from_s = HOUR_S * any_below(a, 100);
    w->era.to_s = w->era.from_s + HOUR_S * hours;
    w->registered = (struct interval){any_below(a, w->era.to_s), INTERVAL_OPEN};
    if (any_below(a, 3) == 0)
        w->registered.from_s = 0;
    if (any_below(a, 3) == 0)
        w->registered.to_s = w->registered.from_s + any_below(a, 60 * HOUR_S);
    w->down = any_list(a, w->outages, any_below(a, 30), scale, scale);
    w->halted = any_list(a, w->halts, any_below(a, 6), 3 * HOUR_S, 20 * HOUR_S);
    if (w->down.n > 0 && any_below(a, 3) == 0)
        w->outages[w->down.n - 1].to_s = INTERVAL_OPEN;
}

static struct interval_list cooldowns_after(const struct params *p, const struct world *w)
{
    static struct interval at[ARRAY_LEN(w->outages)];

    for (size_t i = 0; i < w->down.n; i++)
        at[i] = outage_cooldown(w->outages[i], p->cooldown_s);
    return (struct interval_list){at, w->down.n};
}

static void paint(bool *second, struct interval i)
{
    for (u64 s = i.from_s; s < i.to_s && s < WORLD_S; s++)
        second[s] = true;
}

static bool down[WORLD_S], halted[WORLD_S], cooling[WORLD_S], registered[WORLD_S];

static void paint_world(const struct params *p, const struct world *w)
{
    memset(down, 0, sizeof down);
    memset(halted, 0, sizeof halted);
    memset(cooling, 0, sizeof cooling);
    memset(registered, 0, sizeof registered);
    paint(registered, w->registered);
    for (size_t i = 0; i < w->halted.n && p->chain_outage_excluded; i++)
        paint(halted, w->halts[i]);
    for (size_t i = 0; i < w->down.n; i++) {
        u64 up = w->outages[i].to_s;
        paint(down, w->outages[i]);
        if (up != INTERVAL_OPEN)
            paint(cooling, (struct interval){up, up + p->cooldown_s});
    }
}

/* Every second of the era looked at once. */
static void step_and_compare(const struct params *p, const struct world *w)
{
    struct hours lost = hours_lost(p, w->era, w->down, cooldowns_after(p, w), w->halted);
    struct hours whole = hours_whole(w->era, w->registered);
    struct uptime u = outage_uptime(p, w->era, w->registered, w->down, w->halted);
    u64 up_s = 0, counted_s = 0;
    u32 n = (u32)(interval_length(w->era) / HOUR_S), lost_n = 0, ok_n = 0;

    for (u32 h = 0; h < ERA_HOURS_MAX; h++) {
        bool bad = false, all = h < n;
        for (u64 i = 0; i < HOUR_S && h < n; i++) {
            u64 s = w->era.from_s + h * HOUR_S + i;
            bad |= (down[s] && !halted[s]) || cooling[s];
            all &= registered[s];
            counted_s += registered[s] && !halted[s];
            up_s += registered[s] && !halted[s] && !down[s];
        }
        EXPECT(hours_have(lost, h) == bad && hours_have(whole, h) == all);
        EXPECT(hours_have(hours_without(whole, lost), h) == (all && !bad));
        EXPECT(hours_count_in(lost, 0, h) == lost_n);
        lost_n += bad;
        ok_n += all && !bad;
    }
    EXPECT(u.up_s == up_s && u.counted_s == counted_s);
    EXPECT(hours_count(lost) == lost_n && hours_count(hours_without(whole, lost)) == ok_n);
    EXPECT(hours_count_in(lost, n / 2, n) == lost_n - hours_count_in(lost, 0, n / 2));
}

static void test_era_by_the_second(void)
{
    struct any a = ANY(5);
    static struct world w;

    for (int i = 0; i < 300; i++) {
        struct params p = params_default;
        EXPECT(params_set(&p, PARAM_chain_outage_excluded, any_below(&a, 4) > 0));
        EXPECT(params_set(&p, PARAM_cooldown_s, any_below(&a, 3) ? 3600 : any_below(&a, 20000)));
        any_world(&a, &w);
        paint_world(&p, &w);
        step_and_compare(&p, &w);
    }
}

static void test_intervals(void)
{
    struct interval a = {10, 20}, b = {20, 30}, c = {19, INTERVAL_OPEN};

    EXPECT(!interval_touch(a, b) && interval_touch(a, c) && interval_touch(c, b));
    EXPECT(interval_meet(a, c).from_s == 19 && interval_meet(a, c).to_s == 20);
    EXPECT(interval_length(interval_meet(a, b)) == 0);
    EXPECT(interval_covered((struct interval_list){&a, 1}, c) == 1);
    EXPECT(interval_length((struct interval){5, 4}) == 0);
}

int main(void)
{
    test_intervals();
    test_one_silence();
    test_joined_silences();
    test_announced();
    test_era_by_the_second();
    printf("ok - outage\n");
    return EXIT_SUCCESS;
}
