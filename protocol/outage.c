#include "protocol/outage.h"
#include "protocol/mutant.h"

#define HOURS_A_WORD 64u

/* ---- the detector ---- */

/* Beats fall on whole seconds, so of an instant only this counts: beat < instant if and
 * only if beat < its ceiling. */
static u64 ceil_s(struct instant t)
{
    return t.ns / SEC(1) + (t.ns % SEC(1) != 0);
}

/* The first beat at s or later. */
static u64 beat_from(const struct params *p, u64 phase_s, u64 s)
{
    check(phase_s < p->heartbeat_s);
    if (s <= phase_s)
        return phase_s;
    return s + (p->heartbeat_s - (s - phase_s) % p->heartbeat_s) % p->heartbeat_s;
}

static bool never(struct instant t)
{
    return t.ns == UINT64_MAX;
}

struct outage_sight outage_detect(const struct params *p, u64 phase_s, struct instant down,
                                  struct instant up)
{
    struct outage_sight unseen = {0}, sight;

    check(down.ns <= up.ns && !never(down));
    /* settled 41: "counted from the first missed up to the first answered beat" */
    sight.counted.from_s = beat_from(p, phase_s, ceil_s(down));
    sight.counted.to_s = never(up) ? INTERVAL_OPEN : beat_from(p, phase_s, ceil_s(up));
    /* settled 41: "known from the second missed beat on"; "fewer missed beats in a row are unseen"
     */
    sight.known_s = sight.counted.from_s + (p->heartbeat_misses - 1) * p->heartbeat_s;
    sight.seen = sight.known_s < sight.counted.to_s;
    return sight.seen ? sight : unseen;
}

bool outage_unbroken(const struct params *p, u64 phase_s, struct instant up, struct instant down)
{
    check(up.ns <= down.ns);
    return beat_from(p, phase_s, ceil_s(up)) >= ceil_s(down);
}

u64 outage_beat(const struct params *p, u64 phase_s, struct instant at)
{
    return beat_from(p, phase_s, ceil_s(at));
}

struct interval outage_announced(struct instant closed, struct instant reconnected)
{
    check(closed.ns <= reconnected.ns);
    /* settled 41: "counts from that second to the second of the reconnect"; floor */
    return (struct interval){closed.ns / SEC(1),
                             never(reconnected) ? INTERVAL_OPEN : reconnected.ns / SEC(1)};
}

/* ---- hours of an era ---- */

/* Bits below n of one word. */
static u64 low_bits(u32 n)
{
    return n >= HOURS_A_WORD ? UINT64_MAX : ((u64)1 << n) - 1;
}

/* Hours from <= h < to. */
static struct hours hours_range(u32 from, u32 to)
{
    struct hours h = {{0}};

    check(from <= to && to <= ERA_HOURS_MAX);
    for (u32 w = 0; w < ARRAY_LEN(h.bits); w++) {
        u32 base = w * HOURS_A_WORD;
        u32 lo = from > base ? from - base : 0, hi = to > base ? to - base : 0;
        h.bits[w] = low_bits(hi) & ~low_bits(lo);
    }
    return h;
}

static void check_era(struct interval era)
{
    u64 length = interval_length(era);

    check(length > 0 && length % HOUR_S == 0 && length / HOUR_S <= ERA_HOURS_MAX);
}

struct hours hours_whole(struct interval era, struct interval in)
{
    struct interval both = interval_meet(era, in);
    u64 from = (both.from_s - era.from_s + HOUR_S - 1) / HOUR_S;
    u64 to = (both.to_s - era.from_s) / HOUR_S;

    check_era(era);
    return interval_length(both) > 0 && from < to ? hours_range((u32)from, (u32)to)
                                                  : (struct hours){{0}};
}

/* Every hour of the era with a second of `down` in it. */
static void mark(struct hours *lost, struct interval era, struct interval down)
{
    struct interval both = interval_meet(era, down);
    struct hours more;

    if (interval_length(both) == 0)
        return;
    more = hours_range((u32)((both.from_s - era.from_s) / HOUR_S),
                       (u32)((both.to_s - 1 - era.from_s) / HOUR_S) + 1);
    for (u32 w = 0; w < ARRAY_LEN(more.bits); w++)
        lost->bits[w] |= more.bits[w];
}

/* settled 63: "halted seconds are up for hours and in neither side of uptime" */
static struct interval_list excused(const struct params *p, struct interval_list halts)
{
    return p->chain_outage_excluded ? halts : (struct interval_list){NULL, 0};
}

/* The parts of one outage in which the chain was not halted; no halt before the one at
 * `first` reaches into it. */
static void mark_downtime(struct hours *lost, struct interval era, struct interval outage,
                          struct interval_list halts, size_t first)
{
    for (size_t i = first; i < halts.n && halts.at[i].from_s < outage.to_s; i++) {
        mark(lost, era, (struct interval){outage.from_s, halts.at[i].from_s});
        outage.from_s = halts.at[i].to_s;
    }
    mark(lost, era, outage);
}

struct interval outage_cooldown(struct interval outage, u64 cooldown_s)
{
    if (outage.to_s == INTERVAL_OPEN || MUTATED(NO_COOLDOWN))
        return (struct interval){outage.to_s, outage.to_s};
    /* settled 62: "[reconnect, reconnect + 3600 s)" */
    return (struct interval){outage.to_s, outage.to_s + cooldown_s};
}

struct hours hours_lost(const struct params *p, struct interval era, struct interval_list outages,
                        struct interval_list cooldowns, struct interval_list halts)
{
    struct hours lost = {{0}};
    size_t first = 0; /* of the halts that may reach into this outage or a later one */

    check_era(era);
    halts = excused(p, halts);
    for (size_t i = 0; i < outages.n; i++) {
        struct interval o = outages.at[i];
        check(o.from_s <= o.to_s && (i == 0 || outages.at[i - 1].to_s <= o.from_s));
        if (MUTATED(FIRST_HOUR_FREE) && interval_length(o) > 0)
            o.from_s = o.to_s - o.from_s > HOUR_S ? o.from_s + HOUR_S : o.to_s;
        if (MUTATED(HALF_HOUR_PAID) && interval_length(o) <= HOUR_S / 2)
            o.from_s = o.to_s;
        while (first < halts.n && halts.at[first].to_s <= o.from_s)
            first++;
        mark_downtime(&lost, era, o, halts, first);
    }
    for (size_t i = 0; i < cooldowns.n; i++)
        mark(&lost, era, cooldowns.at[i]);
    return lost;
}

struct hours hours_without(struct hours a, struct hours b)
{
    for (u32 w = 0; w < ARRAY_LEN(a.bits); w++)
        a.bits[w] &= ~b.bits[w];
    return a;
}

u32 hours_count(struct hours h)
{
    u32 n = 0;

    for (u32 w = 0; w < ARRAY_LEN(h.bits); w++)
        n += (u32)__builtin_popcountll(h.bits[w]);
    return n;
}

u32 hours_count_in(struct hours h, u32 from, u32 to)
{
    struct hours range = hours_range(from, to);

    for (u32 w = 0; w < ARRAY_LEN(h.bits); w++)
        h.bits[w] &= range.bits[w];
    return hours_count(h);
}

bool hours_have(struct hours h, u32 hour)
{
    check(hour < ERA_HOURS_MAX);
    return h.bits[hour / HOURS_A_WORD] >> (hour % HOURS_A_WORD) & 1;
}

/* ---- uptime of an era ---- */

struct uptime outage_uptime(const struct params *p, struct interval era, struct interval registered,
                            struct interval_list outages, struct interval_list halts)
{
    struct interval in = interval_meet(era, registered);
    struct uptime u;

    halts = excused(p, halts);
    u.counted_s = interval_length(in) - interval_covered(halts, in);
    u.up_s = u.counted_s - interval_covered_without(outages, halts, in);
    return u;
}
