/* tier_judge against a model that keeps the history of eras since the last move and counts
 * streaks backwards in it, over random parameters, eras and stakes. */
#include "protocol/tier.h"
#include "tests/any.h"
#include "tests/test.h"

#define HISTORY 400

struct seen {
    bool neutral, meets[TIERS + 1], fails[TIERS + 1];
};

struct model {
    u32 tier, eras;
    bool suspended;
    struct seen history[HISTORY];
};

/* Eras at the end of the history that meet (or fail) tier t, neutral ones passed over. */
static u32 run_of(const struct model *m, u32 t, bool met)
{
    u32 n = 0;

    for (u32 i = m->eras; i-- > 0;) {
        if (m->history[i].neutral)
            continue;
        if (!(met ? m->history[i].meets[t] : m->history[i].fails[t]))
            break;
        n++;
    }
    return n;
}

static struct seen look(const struct params *p, const struct tier_era *e)
{
    struct seen s = {.neutral = !e->registered_all || e->counted_s == 0};

    for (u32 t = 1; t <= TIERS && !s.neutral; t++) {
        struct tier_terms ask = tier_terms(p, t);
        s.meets[t] =
            (u128)e->up_s * 10000 > (u128)ask.uptime_bps * e->counted_s &&
            (e->tasks == 0 || (u128)e->tasks_done * 10000 > (u128)ask.tasks_bps * e->tasks) &&
            e->response_us < ask.response_us &&
            (!p->feedback_enabled || e->feedback_tenths > ask.feedback_tenths);
        s.fails[t] = !s.meets[t] || (t == 1 && !e->papers_valid);
    }
    return s;
}

static enum tier_reason model_close(const struct params *p, struct model *m,
                                    const struct tier_era *e, struct amount stake)
{
    struct seen s = look(p, e);
    u32 allowed = 7, t = m->tier, to = t;
    enum tier_reason why = TIER_STAYS;

    EXPECT(m->eras < HISTORY);
    m->history[m->eras++] = s;
    if (s.meets[7])
        m->suspended = false;
    for (u32 x = 7; x >= 1; x--)
        if (amount_cmp(stake, tier_terms(p, x).stake) > 0)
            allowed = x;
    bool failing = run_of(m, t, false) >= p->demotion_eras;
    if (allowed > t) {
        to = failing && t + 1 > allowed ? t + 1 : allowed;
        why = failing ? TIER_DEMOTED_BOTH : TIER_DEMOTED_STAKE;
    } else if (failing && t < 7) {
        to = t + 1;
        why = TIER_DEMOTED_PERFORMANCE;
    } else if (failing) {
        why = m->suspended ? TIER_STAYS : TIER_SUSPENDED;
        m->suspended = true;
    } else if (t > 1 && run_of(m, t - 1, true) >= p->promotion_eras &&
               amount_cmp(stake, tier_terms(p, t - 1).stake) > 0 &&
               (t - 1 > 1 || e->papers_valid)) {
        to = t - 1;
        why = TIER_PROMOTED;
    }
    if (to != t)
        m->eras = 0;
    m->tier = to;
    return why;
}

static enum param_id any_stake(struct any *a)
{
    static const enum param_id stakes[TIERS] = {
        PARAM_tier_1_stake, PARAM_tier_2_stake, PARAM_tier_3_stake, PARAM_tier_4_stake,
        PARAM_tier_5_stake, PARAM_tier_6_stake, PARAM_tier_7_stake};

    return stakes[any_below(a, TIERS)];
}

static struct params any_params(struct any *a)
{
    struct params p = params_default;

    EXPECT(params_set(&p, PARAM_promotion_eras, 1 + any_below(a, 5)));
    EXPECT(params_set(&p, PARAM_demotion_eras, 1 + any_below(a, 6)));
    EXPECT(params_set(&p, PARAM_feedback_enabled, any_below(a, 2)));
    EXPECT(params_set(&p, PARAM_initial_tier, 1 + any_below(a, 7)));
    if (any_below(a, 4) == 0) /* terms that do not fall with the tier */
        EXPECT(params_set(&p, PARAM_tier_4_uptime, 9000 + any_below(a, 1000)));
    for (u64 n = any_below(a, 4); n > 0; n--) /* nor need stakes */
        EXPECT(params_set(&p, any_stake(a), WEI_E18(any_below(a, 700))));
    return p;
}

/* `luck` of 100: how likely an era is a good one, so that streaks of both kinds come about. */
static struct tier_era any_era(struct any *a, u64 luck)
{
    bool good = any_below(a, 100) < luck;
    struct tier_era e = {
        .counted_s = any_below(a, 20) == 0 ? 0 : 86400,
        .tasks = any_below(a, 2) * any_below(a, 101),
        .response_us = good ? any_below(a, 110000) : any_below(a, 600000),
        .feedback_tenths = good ? 43 + any_below(a, 8) : any_below(a, 51),
        .papers_valid = any_below(a, 4) > 0,
        .registered_all = any_below(a, 12) > 0,
    };

    e.up_s =
        good ? e.counted_s - any_below(a, 1000) * (e.counted_s > 0) : any_below(a, e.counted_s + 1);
    e.tasks_done = good ? e.tasks : any_below(a, e.tasks + 1);
    return e;
}

static void test_against_model(void)
{
    struct any a = ANY(2);
    u32 seen[TIER_REASONS] = {0}, resumed = 0;

    for (int provider = 0; provider < 2000; provider++) {
        struct params p = any_params(&a);
        struct tier_record r = tier_record_new(&p);
        struct model m = {.tier = r.tier};
        u64 luck = any_below(&a, 101);
        EXPECT(r.tier == p.initial_tier && !r.suspended);
        for (int era = 0; era < 100; era++) {
            struct tier_era e = any_era(&a, luck);
            struct amount stake = AMOUNT(
                WEI_E18(any_below(&a, 10) == 0 ? 10 * any_below(&a, 60) : 501) + any_below(&a, 2));
            u32 before = m.tier;
            bool was = r.suspended;
            enum tier_reason why = model_close(&p, &m, &e, stake);
            struct tier_move move = tier_judge(&p, &r, &e, stake);
            EXPECT(move.reason == why && move.from == before && move.to == m.tier);
            EXPECT(r.tier == m.tier && r.suspended == m.suspended);
            EXPECT(move.resumed == (was && !r.suspended && move.meets >> 6));
            EXPECT(tier_may_bid(&p, &r, stake) ==
                   (!m.suspended && amount_cmp(stake, tier_terms(&p, m.tier).stake) > 0));
            for (u32 t = 1; t <= TIERS; t++) {
                EXPECT(r.met[t - 1] == run_of(&m, t, true));
                EXPECT(r.failed[t - 1] == run_of(&m, t, false));
            }
            seen[why]++;
            resumed += move.resumed;
        }
    }
    for (u32 why = 0; why < TIER_REASONS; why++) /* nothing went untested */
        EXPECT(seen[why] > 20 && tier_reason_text((enum tier_reason)why)[0] != '\0');
    EXPECT(resumed > 20);
}

static void test_terms(void) /* the table of "The close of an era, exactly" 5 */
{
    static const u64 table[TIERS][6] = {
        {500, 9900, 9800, 100000, 45, 20000}, {400, 9800, 9600, 150000, 42, 17000},
        {300, 9700, 9400, 200000, 40, 15000}, {200, 9500, 9000, 250000, 38, 12000},
        {150, 9000, 8500, 300000, 35, 11000}, {100, 8500, 8000, 400000, 32, 10000},
        {50, 7500, 7500, 500000, 30, 0},
    };
    for (u32 t = 1; t <= TIERS; t++) {
        struct tier_terms ask = tier_terms(&params_default, t);
        const u64 *row = table[t - 1];
        EXPECT(amount_cmp(ask.stake, AMOUNT(WEI_E18(row[0]))) == 0 && ask.uptime_bps == row[1]);
        EXPECT(ask.tasks_bps == row[2] && ask.response_us == row[3]);
        EXPECT(ask.feedback_tenths == row[4] && ask.multiplier_bps == row[5]);
    }
}

static void test_counters_stop(void) /* a streak longer than its counter does not wrap */
{
    struct tier_record r = {.tier = 1, .met = {[0] = UINT16_MAX}};
    struct tier_era good = {
        .up_s = 1, .counted_s = 1, .papers_valid = true, .registered_all = true};

    EXPECT(tier_judge(&params_default, &r, &good, AMOUNT(WEI_E18(501))).reason == TIER_STAYS);
    EXPECT(r.met[0] == UINT16_MAX);
}

int main(void)
{
    test_terms();
    test_counters_stop();
    test_against_model();
    printf("ok - tier\n");
    return EXIT_SUCCESS;
}
