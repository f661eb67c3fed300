/* The tiers as a Markov chain, bench-model.md: "with stake not binding, (tier, streak) is a
 * 49-state Markov chain".
 *
 * The exact chain is driven by the rule itself, once by the bench model's own streaks on top
 * of tier_meets() and once by tier_judge(); both must come to the published table.  Then
 * whole records are drawn era by era: each must stay on the chain, agree with the bench
 * model's streaks, and the shares must be those of the exact chain within what chance allows.
 * Where stake binds the two rules differ on purpose, and that is shown. */
#include "protocol/tier.h"
#include "tests/any.h"
#include "tests/property/tier_shares.h"
#include "tests/test.h"

#include <math.h>

#define HOURS 24u
#define ERAS 365
#define UPS 3   /* length of the streak up: 0, 1, 2 */
#define DOWNS 5 /* length of the streak down: 0 .. 4 */
#define SEATS (UPS + DOWNS - 1)
#define STATES (TIERS * SEATS) /* 49 */
#define SUSPENDED STATES       /* one more: tier 7 with bidding off */

static const struct params *const p = &params_default;

/* ---- an era of hits hours out of 24 ---- */

static struct tier_era era_of(u32 hits)
{
    return (struct tier_era){.up_s = hits * 3600u,
                             .counted_s = HOURS * 3600u,
                             .papers_valid = true,
                             .registered_all = true};
}

static struct amount plenty(void)
{
    return AMOUNT(WEI_E18(1000));
}

/* "q_i = smallest t in 1..7 with 100*hits_i > 24*UP[t] and stake_i > ST[t]; 8 if none" */
static u32 quality(u32 hits, struct amount stake)
{
    struct tier_era e = era_of(hits);

    for (u32 t = 1; t <= TIERS; t++)
        if (tier_meets(p, t, &e) && amount_cmp(stake, tier_terms(p, t).stake) > 0)
            return t;
    return TIERS + 1;
}

static void hits_odds(double availability, double odds[HOURS + 1])
{
    for (u32 hits = 0; hits <= HOURS; hits++) {
        double ways = 1;
        for (u32 k = 0; k < hits; k++)
            ways = ways * (HOURS - k) / (k + 1);
        odds[hits] = ways * pow(availability, hits) * pow(1 - availability, HOURS - hits);
    }
}

/* ---- the bench model's rule ---- */

struct bench {
    u32 tier, up, down;
};

static void bench_close(struct bench *b, u32 q)
{
    if (q < b->tier) {
        b->down = 0;
        if (++b->up == p->promotion_eras) {
            b->tier--;
            b->up = 0;
        }
    } else if (q > b->tier) {
        b->up = 0;
        if (++b->down == p->demotion_eras) {
            b->tier = b->tier < TIERS ? b->tier + 1 : TIERS;
            b->down = 0;
        }
    } else {
        b->up = b->down = 0;
    }
}

/* A state's number: tier, then no streak, two lengths up, four lengths down. */
static u32 state_of(u32 tier, u32 up, u32 down)
{
    EXPECT(tier >= 1 && tier <= TIERS && up < UPS && down < DOWNS && (up == 0 || down == 0));
    return (tier - 1) * SEATS + (up > 0 ? up : down > 0 ? UPS - 1 + down : 0);
}

static struct bench bench_at(u32 state)
{
    u32 seat = state % SEATS;

    return (struct bench){.tier = state / SEATS + 1,
                          .up = seat < UPS ? seat : 0,
                          .down = seat >= UPS ? seat - (UPS - 1) : 0};
}

static u32 bench_next(u32 state, u32 hits)
{
    struct bench b = bench_at(state);

    bench_close(&b, quality(hits, plenty()));
    return state_of(b.tier, b.up, b.down);
}

/* ---- tier_judge() as a chain over the same states ---- */

/* Which state a record is in: of the fourteen counters only two can matter. */
static u32 state_of_record(const struct tier_record *r)
{
    if (r->suspended)
        return SUSPENDED;
    return state_of(r->tier, r->tier > 1 ? r->met[r->tier - 2] : 0, r->failed[r->tier - 1]);
}

static struct tier_record record_at(u32 state)
{
    struct bench b = bench_at(state == SUSPENDED ? state_of(TIERS, 0, 0) : state);
    struct tier_record r = {.tier = (u8)b.tier, .suspended = state == SUSPENDED};

    if (b.tier > 1)
        r.met[b.tier - 2] = (u16)b.up;
    r.failed[b.tier - 1] = (u16)(state == SUSPENDED ? DOWNS : b.down);
    return r;
}

static u32 judge_next(u32 state, u32 hits)
{
    struct tier_record r = record_at(state);
    struct tier_era e = era_of(hits);

    tier_judge(p, &r, &e, plenty());
    return state_of_record(&r);
}

/* ---- exact shares ---- */

static void exact(u32 (*next)(u32 state, u32 hits), const double odds[HOURS + 1],
                  double share[TIERS])
{
    double now[STATES + 1] = {0}, then[STATES + 1];

    now[state_of(TIERS, 0, 0)] = 1;
    for (int era = 0; era < ERAS; era++) {
        for (u32 s = 0; s <= STATES; s++)
            then[s] = 0;
        for (u32 s = 0; s <= STATES; s++)
            for (u32 hits = 0; now[s] > 0 && hits <= HOURS; hits++)
                then[next(s, hits)] += now[s] * odds[hits];
        for (u32 s = 0; s <= STATES; s++)
            now[s] = then[s];
    }
    for (u32 t = 0; t < TIERS; t++)
        share[t] = 0;
    for (u32 s = 0; s <= STATES; s++)
        share[s == SUSPENDED ? TIERS - 1 : s / SEATS] += now[s];
}

/* Both rules come to the published digits, and to each other's. */
static void test_exact_chain(void)
{
    for (size_t i = 0; i < ARRAY_LEN(oracle); i++) {
        double odds[HOURS + 1], bench[TIERS], judge[TIERS], sum = 0;
        hits_odds(oracle[i].availability, odds);
        EXPECT(fabs(odds[HOURS] - oracle[i].all_up) <= 0.0005);
        exact(bench_next, odds, bench);
        exact(judge_next, odds, judge);
        for (u32 t = 0; t < TIERS; t++) {
            EXPECT(fabs(bench[t] - oracle[i].share[t]) <= 0.00005 + 1e-12);
            EXPECT(fabs(judge[t] - bench[t]) <= 1e-12);
            sum += judge[t];
        }
        EXPECT(fabs(sum - 1) <= 1e-9);
    }
}

/* Every state but the two streaks up that tier 1 has not. */
static void test_states_reached(void)
{
    bool reached[STATES + 1] = {[TIERS * SEATS - SEATS] = true};
    u32 n = 0;

    for (u32 again = 0; again < STATES; again++)
        for (u32 s = 0; s <= STATES; s++)
            for (u32 hits = 0; reached[s] && hits <= HOURS; hits++)
                reached[judge_next(s, hits)] = true;
    for (u32 s = 0; s <= STATES; s++)
        n += reached[s];
    EXPECT(n == STATES + 1 - 2 && reached[SUSPENDED]);
}

/* ---- drawn eras ---- */

#define PROVIDERS 3000

static u32 any_hits(struct any *a, const double odds[HOURS + 1])
{
    double u = (double)any_below(a, 1ull << 53) / (double)(1ull << 53);
    u32 hits = HOURS;

    while (hits > 0 && u >= odds[hits]) {
        u -= odds[hits];
        hits--;
    }
    return hits;
}

/* Whole records: on the chain after every close, and never another tier than the bench model's. */
static u32 drawn_tier(struct any *a, const double odds[HOURS + 1])
{
    struct tier_record r = tier_record_new(p);
    struct bench b = {.tier = TIERS};

    for (int era = 0; era < ERAS; era++) {
        u32 hits = any_hits(a, odds), before = state_of_record(&r);
        struct tier_era e = era_of(hits);
        tier_judge(p, &r, &e, plenty());
        bench_close(&b, quality(hits, plenty()));
        EXPECT(r.tier == b.tier);
        EXPECT(state_of_record(&r) == judge_next(before, hits));
        EXPECT(r.suspended || state_of_record(&r) == state_of(b.tier, b.up, b.down));
    }
    return r.tier;
}

static void test_drawn(void)
{
    struct any a = ANY(10);

    for (size_t i = 0; i < ARRAY_LEN(oracle); i++) {
        double odds[HOURS + 1], share[TIERS];
        u32 count[TIERS] = {0};
        hits_odds(oracle[i].availability, odds);
        exact(judge_next, odds, share);
        for (u32 n = 0; n < PROVIDERS; n++)
            count[drawn_tier(&a, odds) - 1]++;
        for (u32 t = 0; t < TIERS; t++) { /* five standard errors, and two providers */
            double error = sqrt(share[t] * (1 - share[t]) / PROVIDERS);
            EXPECT(fabs((double)count[t] / PROVIDERS - share[t]) <= 5 * error + 2.0 / PROVIDERS);
        }
    }
}

/* ---- where stake binds ---- */

/* "a short stake breaks no streak": with 120 SPON both rules rest in tier 6, but when stake
 * falls short, the bench model waits five eras and takes one step, the close moves at once. */
static void test_stake_binds(void)
{
    struct tier_era e = era_of(HOURS);
    struct tier_record r = {.tier = 2};
    struct bench b = {.tier = 2};
    struct amount little = AMOUNT(WEI_E18(120));

    struct tier_move move = tier_judge(p, &r, &e, little);
    EXPECT(move.reason == TIER_DEMOTED_STAKE && r.tier == 6);
    for (int era = 1; era <= 4; era++) {
        bench_close(&b, quality(HOURS, little));
        EXPECT(b.tier == 2);
    }
    bench_close(&b, quality(HOURS, little));
    EXPECT(b.tier == 3);
    for (int era = 0; era < ERAS; era++) {
        tier_judge(p, &r, &e, little);
        bench_close(&b, quality(HOURS, little));
    }
    EXPECT(r.tier == 6 && b.tier == 6);
    EXPECT(r.met[4] >= 3); /* the streak towards tier 5 waits for the stake */
    EXPECT(tier_judge(p, &r, &e, plenty()).reason == TIER_PROMOTED && r.tier == 5);
}

int main(void)
{
    _Static_assert(STATES == 49, "bench-model.md: a 49-state Markov chain");
    EXPECT(p->promotion_eras == UPS && p->demotion_eras == DOWNS);
    test_exact_chain();
    test_states_reached();
    test_drawn();
    test_stake_binds();
    printf("ok - markov\n");
    return EXIT_SUCCESS;
}
