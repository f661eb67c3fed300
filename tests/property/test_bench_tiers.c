/* The benchmark `tiers` against the exact oracle of its model, and against the model's text done
 * the slow way: every provider of small networks, era by era, to the last wei. */
#include "protocol/draw.h"
#include "sim/bench/tiers.h"
#include "tests/property/tier_shares.h"
#include "tests/test.h"

#include <math.h>

#define PROVIDERS 2000u
#define ERAS 365u

/* ---- the oracle ---- */

static void test_shares(void)
{
    for (size_t i = 0; i < ARRAY_LEN(oracle); i++) {
        struct tiers_plan plan = {
            .providers = PROVIDERS, .seed = 11 + i, .alike = true, .stake = AMOUNT(WEI_E18(1000))};
        struct tiers t;
        double all_up = 0, down = 1 - oracle[i].availability;

        plan.down_odds = (u32)(down * 4294967296.0);
        EXPECT(tiers_open(&t, &plan));
        for (u32 e = 0; e < ERAS; e++) {
            tiers_step(&t);
            for (u32 k = 0; k < PROVIDERS; k++)
                all_up += t.providers[k].hits == TIERS_HOURS;
        }
        double n = (double)PROVIDERS * ERAS, p = oracle[i].all_up;
        EXPECT(fabs(all_up / n - p) <= 5 * sqrt(p * (1 - p) / n) + 0.0005);
        for (u32 tier = 0; tier < TIERS; tier++) { /* five standard errors, and two providers */
            double share = oracle[i].share[tier];
            double error = sqrt(share * (1 - share) / PROVIDERS);
            EXPECT(fabs((double)t.last.in_tier[tier] / PROVIDERS - share) <=
                   5 * error + 2.0 / PROVIDERS);
        }
        tiers_close(&t);
    }
}

/* ---- the model as its text has it ---- */

static const u32 up_percent[TIERS] = {99, 98, 97, 95, 90, 85, 75};
static const u32 stake_spon[TIERS] = {500, 400, 300, 200, 150, 100, 50};
static const u32 mul_tenths[TIERS] = {20, 17, 15, 12, 11, 10, 0};

#define SLOW_MAX 64u

struct slow {
    u32 n;
    u64 seed;
    double up[SLOW_MAX];
    u128 stake[SLOW_MAX], earned[SLOW_MAX];
    u32 tier[SLOW_MAX], ups[SLOW_MAX], downs[SLOW_MAX], hits[SLOW_MAX];
};

static void slow_begin(struct slow *s, u32 n, u64 seed)
{
    *s = (struct slow){.n = n, .seed = seed};
    for (u32 i = 0; i < n; i++) {
        s->up[i] = 1 - 0.30 * pow((i + 0.5) / n, 3);
        s->stake[i] = WEI_E18(45) + (u128)(i * 7919 % 1000) * 600000000000000000u;
        s->tier[i] = 7;
    }
}

/* One hour after the other, each a draw of its own; never nearer to the odds than they are rounded.
 */
static u32 slow_hits(const struct slow *s, u32 i, u64 era)
{
    struct drawer d = {s->seed, 0, entity_key("provider", i)};
    u32 hits = 0;

    for (u32 h = 0; h < 24; h++) {
        u64 words[DRAW_BLOCK];
        draw_block(&d, DRAW_TEST, 3 * era + h / 8, words);
        u64 word = words[h / 2 % 4];
        double u = ldexp((double)(u32)(h % 2 == 0 ? word : word >> 32), -32);
        EXPECT(fabs(u - (1 - s->up[i])) > 1e-9);
        hits += !(u < 1 - s->up[i]);
    }
    return hits;
}

static u32 slow_quality(const struct slow *s, u32 i)
{
    for (u32 t = 1; t <= TIERS; t++)
        if (100 * s->hits[i] > 24 * up_percent[t - 1] && s->stake[i] > WEI_E18(stake_spon[t - 1]))
            return t;
    return 8;
}

static void slow_move(struct slow *s, u32 i)
{
    u32 q = slow_quality(s, i), t = s->tier[i];
    bool up = q<t, down = q> t;

    s->ups[i] = up ? s->ups[i] + 1 : 0;
    s->downs[i] = down ? s->downs[i] + 1 : 0;
    if (s->ups[i] == 3) {
        s->tier[i] = t - 1;
        s->ups[i] = 0;
    }
    if (s->downs[i] == 5) {
        s->tier[i] = t == 7 ? 7 : t + 1;
        s->downs[i] = 0;
    }
}

static u128 slow_weight(const struct slow *s, u32 i)
{
    return s->stake[i] * mul_tenths[s->tier[i] - 1] * s->hits[i];
}

static void slow_step(struct slow *s, u64 era)
{
    u128 all = 0;
    struct amount r;

    for (u32 i = 0; i < s->n; i++) {
        s->hits[i] = slow_hits(s, i, era);
        all += slow_weight(s, i);
    }
    for (u32 i = 0; i < s->n; i++) {
        if (all != 0) {
            EXPECT(
                amount_mul_div(&r, AMOUNT(WEI_E18(s->n) / 2), slow_weight(s, i), all, ROUND_DOWN));
            s->earned[i] += r.wei;
            s->stake[i] += r.wei;
        }
        slow_move(s, i);
    }
}

static void same(const struct slow *s, const struct tiers *t)
{
    u32 in_tier[TIERS] = {0};
    u128 stake = 0;
    u64 hits = 0;

    for (u32 i = 0; i < s->n; i++) {
        const struct tiers_provider *p = &t->providers[i];
        EXPECT(p->tier == s->tier[i] && p->up == s->ups[i] && p->down == s->downs[i]);
        EXPECT(p->hits == s->hits[i]);
        EXPECT(p->stake.wei == s->stake[i] && p->earned.wei == s->earned[i]);
        in_tier[s->tier[i] - 1]++;
        stake += s->stake[i];
        hits += s->hits[i];
    }
    for (u32 k = 0; k < TIERS; k++)
        EXPECT(in_tier[k] == t->last.in_tier[k]);
    EXPECT(stake == t->last.stake.wei && hits == t->last.hits);
}

static void test_slow_model(void)
{
    static const u32 sizes[] = {1, 2, 7, SLOW_MAX};
    u32 moved = 0;

    for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
        struct tiers_plan plan = {.providers = sizes[k], .seed = k};
        struct slow s;
        struct tiers t;
        slow_begin(&s, sizes[k], k);
        EXPECT(tiers_open(&t, &plan));
        for (u64 era = 0; era < 120; era++) {
            slow_step(&s, era);
            tiers_step(&t);
            same(&s, &t);
            EXPECT(era >= 3 || t.last.weight.wei == 0); /* "nothing is paid in the first 3 eras" */
        }
        for (u32 i = 0; i < sizes[k]; i++)
            moved += t.providers[i].tier != TIER_LOWEST && t.providers[i].earned.wei > 0;
        tiers_close(&t);
    }
    EXPECT(moved > SLOW_MAX / 3);
}

int main(void)
{
    test_shares();
    test_slow_model();
    printf("ok - the model of tiers\n");
    return EXIT_SUCCESS;
}
