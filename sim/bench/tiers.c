#include "sim/bench/tiers.h"

#include "metrics/statistics.h"
#include "protocol/draw.h"
#include "protocol/hash.h"
#include "sim/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

#define BLOCKS 3u /* of draws, an era: 24 of 32 bits */
_Static_assert(BLOCKS *DRAW_BLOCK * 2 == TIERS_HOURS, "two hours a word");

#define NOT_MET (TIERS + 1)
#define UPS 3u   /* "if up_i == 3" */
#define DOWNS 5u /* "if down_i == 5" */
#define ERAS 365u
#define SEED 1u

/* ---- the beginning ---- */

/* "p_i = 1 - 0.30 * ((i+0.5)/N)^3": what is left of 1, of 2^32, to the nearest. */
static u32 down_odds(u32 i, u32 n)
{
    u128 odd = 2 * (u128)i + 1, all = 2 * (u128)n;
    u128 num = 3 * odd * odd * odd, den = 10 * all * all * all;

    return (u32)(((num << 33) / den + 1) >> 1);
}

static void provider_begin(const struct tiers_plan *plan, u32 i, struct tiers_provider *p)
{
    /* "stake_i = 45 + ((i*7919) mod 1000) * 0.6" */
    u64 tenths = 450 + (u64)i * 7919 % 1000 * 6;

    *p = (struct tiers_provider){.stake = AMOUNT(WEI_E18(tenths) / 10),
                                 .entity = entity_key("provider", i),
                                 .down_odds = down_odds(i, plan->providers),
                                 .tier = TIER_LOWEST};
    if (plan->alike) {
        p->stake = plan->stake;
        p->down_odds = plan->down_odds;
    }
}

/* What the protocol's tiers ask and give. */
static void learn_terms(struct tiers *t)
{
    for (u32 tier = TIERS; tier >= 1; tier--) {
        struct tier_terms terms = tier_terms(&params_default, tier);
        t->stake_of[tier - 1] = terms.stake;
        /* "MUL = 2.0 1.7 1.5 1.2 1.1 1.0 0.0" */
        t->multiplier_bps[tier - 1] = (u32)terms.multiplier_bps;
        for (u32 hits = 0; hits <= TIERS_HOURS; hits++) {
            struct tier_era e = {.up_s = hits * 3600u, .counted_s = TIERS_HOURS * 3600u};
            if (tier == TIERS)
                t->quality_of_hits[hits] = NOT_MET;
            if (tier_meets(&params_default, tier, &e))
                t->quality_of_hits[hits] = (u8)tier;
        }
    }
}

bool tiers_open(struct tiers *t, const struct tiers_plan *plan)
{
    check(plan->providers >= 1 && plan->providers <= TIERS_PROVIDERS_MAX);
    *t = (struct tiers){.plan = *plan,
                        .hash = HASH_START,
                        .providers = calloc(plan->providers, sizeof(*t->providers))};
    if (t->providers == NULL)
        return false;
    learn_terms(t);
    for (u32 i = 0; i < plan->providers; i++)
        provider_begin(plan, i, &t->providers[i]);
    return true;
}

void tiers_close(struct tiers *t)
{
    free(t->providers);
    t->providers = NULL;
}

/* ---- an era ---- */

/* "24 separate Bernoulli draws: no binomial shortcut" */
static u32 draw_hits(const struct tiers *t, const struct tiers_provider *p)
{
    struct drawer d = {t->plan.seed, 0, p->entity};
    u64 words[BLOCKS][DRAW_BLOCK];
    u32 downs = 0;

    for (u32 b = 0; b < BLOCKS; b++)
        draw_block(&d, DRAW_TEST, t->era * BLOCKS + b, words[b]);
    for (u32 b = 0; b < BLOCKS; b++)
        for (u32 w = 0; w < DRAW_BLOCK; w++) {
            downs += (u32)words[b][w] < p->down_odds;
            downs += words[b][w] >> 32 < p->down_odds;
        }
    return TIERS_HOURS - downs;
}

/* "w_i = stake_i * MUL[tier_i] * hits_i / 24": the divisions are of all alike and left out. */
static struct amount weight(const struct tiers *t, const struct tiers_provider *p)
{
    struct amount w;

    check(amount_mul(&w, p->stake, t->multiplier_bps[p->tier - 1] * p->hits));
    return w;
}

static void add(struct amount *sum, struct amount more)
{
    check(amount_add(sum, *sum, more));
}

/* "r_i = POT * w_i / W (0 if W = 0); earned_i += r_i; stake_i += r_i" */
static void reward(const struct tiers *t, struct tiers_provider *p, struct amount pot)
{
    struct amount w = weight(t, p), r;

    if (w.wei == 0) /* so it is where W = 0 */
        return;
    check(amount_pro_rata(&r, pot, w, t->last.weight));
    add(&p->earned, r);
    add(&p->stake, r);
}

/* "smallest t in 1..7 with 100*hits_i > 24*UP[t] and stake_i > ST[t]; 8 if none": who meets a tier
 * meets all below it, so it is the lower of two. */
static u32 quality(const struct tiers *t, const struct tiers_provider *p)
{
    u32 q = t->quality_of_hits[p->hits];

    while (q <= TIERS && amount_cmp(p->stake, t->stake_of[q - 1]) <= 0)
        q++;
    return q;
}

static void judge(struct tiers_provider *p, u32 q)
{
    if (q < p->tier) {
        p->down = 0;
        if (++p->up == UPS) {
            p->tier--;
            p->up = 0;
        }
    } else if (q > p->tier) {
        p->up = 0;
        if (++p->down == DOWNS) {
            p->tier = (u8)(p->tier + (p->tier < TIER_LOWEST)); /* "min(7, tier_i+1)" */
            p->down = 0;
        }
    } else {
        p->up = p->down = 0;
    }
}

static void fold(struct tiers *t)
{
    struct tiers_era *e = &t->last;
    u64 h = hash_mix(t->hash, e->hits);

    for (u32 i = 0; i < TIERS; i++)
        h = hash_mix(h, e->in_tier[i]);
    h = hash_mix(hash_mix(h, (u64)e->stake.wei), (u64)(e->stake.wei >> 64));
    t->hash = hash_mix(hash_mix(h, (u64)e->weight.wei), (u64)(e->weight.wei >> 64));
}

static void draw_all(struct tiers *t)
{
    for (u32 i = 0; i < t->plan.providers; i++) {
        struct tiers_provider *p = &t->providers[i];
        p->hits = (u8)draw_hits(t, p);
        t->last.hits += p->hits;
        add(&t->last.weight, weight(t, p));
    }
}

static void close_all(struct tiers *t)
{
    struct amount pot = AMOUNT(WEI_E18(t->plan.providers) / 2); /* "POT = 0.5 * N SPON per era" */

    for (u32 i = 0; i < t->plan.providers; i++) {
        struct tiers_provider *p = &t->providers[i];
        reward(t, p, pot);
        judge(p, quality(t, p));
        t->last.in_tier[p->tier - 1]++;
        add(&t->last.stake, p->stake);
    }
}

void tiers_step(struct tiers *t)
{
    u64 from_ns = stopwatch_now_ns();

    t->last = (struct tiers_era){.hits = 0};
    draw_all(t);
    u64 drawn_ns = stopwatch_now_ns();
    close_all(t);
    t->draw_ns += drawn_ns - from_ns;
    t->close_ns += stopwatch_now_ns() - drawn_ns;
    t->era++;
    fold(t);
}

/* ---- the benchmark ---- */

/* "After the last era: print the last row, the sum of earned, and the Gini coefficient of stake."
 */
static bool take_figures(const struct tiers *t, struct bench_result *out)
{
    u32 n = t->plan.providers;
    double *stakes = calloc(n, sizeof(*stakes)), earned = 0;

    if (stakes == NULL)
        return false;
    for (u32 i = 0; i < n; i++) {
        stakes[i] = (double)t->providers[i].stake.wei / 1e18;
        earned += (double)t->providers[i].earned.wei / 1e18;
    }
    sort_values(stakes, n);
    bench_figure_add(out, "providers in tier 1 at the end", t->last.in_tier[0]);
    bench_figure_add(out, "providers in tier 7 at the end", t->last.in_tier[TIERS - 1]);
    bench_figure_add(out, "SPON earned", earned);
    bench_figure_add(out, "Gini of stake", gini_of_sorted(stakes, n));
    free(stakes);
    return true;
}

void tiers_measure(const struct bench_case *c, bool in_parts, struct bench_result *out)
{
    struct tiers_plan plan = {.providers = (u32)c->n, .eras = (u32)c->a, .seed = SEED};
    struct tiers t;

    if (!tiers_open(&t, &plan)) {
        snprintf(out->error, sizeof(out->error), "no memory for %u providers", plan.providers);
        return;
    }
    for (u64 again = 0; again < c->work; again++) {
        for (u32 i = 0; again > 0 && i < plan.providers; i++)
            provider_begin(&plan, i, &t.providers[i]);
        struct stopwatch w = stopwatch_start();
        for (u32 e = 0; e < plan.eras; e++)
            tiers_step(&t);
        stopwatch_stop(&w, out);
    }
    out->done = c->n * c->a * c->work;
    out->hash = t.hash;
    out->rss_bytes = bench_rss_most_bytes();
    if (in_parts) {
        bench_part_add(out, "draws and weights", out->done, t.draw_ns);
        bench_part_add(out, "rewards and tiers", out->done, t.close_ns);
    }
    if (!take_figures(&t, out))
        snprintf(out->error, sizeof(out->error), "no memory for %u providers", plan.providers);
    tiers_close(&t);
}

void tiers_cases(const struct bench_wish *wish, struct bench_cases *out)
{
    static const struct {
        u32 providers, again;
    } sizes[] = {{1000, 30}, {10000, 3}}; /* so that each takes a second */
    u32 eras = wish->eras != 0 ? wish->eras : ERAS;

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct bench_case c = {.series = "tiers",
                               .of = "providers",
                               .n = wish->providers != 0 ? wish->providers : sizes[i].providers,
                               .work = wish->providers != 0 ? 1 : sizes[i].again,
                               .a = eras};
        snprintf(c.name, sizeof(c.name), "%llu providers, %u eras", (unsigned long long)c.n, eras);
        bench_case_add(out, &c);
        if (wish->providers != 0)
            return;
    }
}
