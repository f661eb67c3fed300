/* The worked examples of ../shared/protocol/examples.md on hours, liveness, slashes and tiers, at
 * the functions that the close of an era is made of.  (The same numbers through the contracts' own
 * calls are in the stories of the close.) */
#include "protocol/liveness.h"
#include "protocol/outage.h"
#include "protocol/rating.h"
#include "protocol/slash.h"
#include "protocol/tier.h"
#include "tests/test.h"

static const struct params *const p = &params_default;

#define DAY_S 86400u
#define AT(h, m, s) ((h)*3600u + (m)*60u + (s))
#define ERA(e) ((struct interval){(e)*DAY_S, ((e) + 1) * DAY_S})

static bool equal(struct amount a, u128 n)
{
    return amount_cmp(a, AMOUNT(n)) == 0;
}

static const struct interval_list no_halts = {NULL, 0};
static const struct interval always = {0, INTERVAL_OPEN};

static struct hours lost_in(u64 era, const struct interval *outage)
{
    struct interval cooldown = outage_cooldown(*outage, p->cooldown_s);

    return hours_lost(p, ERA(era), (struct interval_list){outage, 1},
                      (struct interval_list){&cooldown, 1}, no_halts);
}

static struct uptime uptime_in(u64 era, const struct interval *outage)
{
    return outage_uptime(p, ERA(era), always, (struct interval_list){outage, 1}, no_halts);
}

/* Exactly the hours from..to - 1 are lost. */
static bool only(struct hours h, u32 from, u32 to)
{
    return hours_count(h) == to - from && hours_count_in(h, from, to) == to - from;
}

/* ---- hours, cooldown, uptime ---- */

static void test_e23(void)
{
    struct interval minute = {AT(10, 30, 0), AT(10, 31, 0)},
                    longer = {AT(10, 30, 0), AT(11, 29, 0)};

    EXPECT(only(lost_in(0, &minute), 10, 12));
    EXPECT(only(lost_in(0, &longer), 10, 13));
    printf("ok - E23 one minute inside an hour, 59 minutes over its edge\n");
}

static void test_e25(void)
{
    struct interval o = {AT(23, 30, 0), AT(23, 40, 0)};

    EXPECT(only(lost_in(0, &o), 23, 24) && only(lost_in(1, &o), 0, 1));
    EXPECT(uptime_in(0, &o).up_s == 85800 && uptime_in(0, &o).counted_s == 86400);
    EXPECT(uptime_in(1, &o).up_s == 86400 && uptime_in(1, &o).counted_s == 86400);
    printf("ok - E25 cooldown past the end of the era\n");
}

static void test_e27(void)
{
    struct interval o = {AT(22, 0, 0), INTERVAL_OPEN};

    EXPECT(hours_count(lost_in(0, &o)) == 2 && hours_count(lost_in(1, &o)) == 24);
    EXPECT(uptime_in(0, &o).up_s == 79200 && uptime_in(0, &o).counted_s == 86400);
    EXPECT(uptime_in(1, &o).up_s == 0 && uptime_in(1, &o).counted_s == 86400);
    printf("ok - E27 still open at the close\n");
}

static void test_e29(void)
{
    static const struct {
        u64 down, up;
        bool seen;
        u64 from, to;
    } rows[] = {
        {601, 720, false, 0, 0},
        {600, 720, true, 600, 720},
        {36000, 39601, true, 36000, 39660},
        {36001, 39600, true, 36060, 39600},
        {36001, 39602, true, 36060, 39660},
    };
    struct outage_sight s = {0};
    struct interval idle;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        s = outage_detect(p, 0, (struct instant){SEC(rows[i].down)},
                          (struct instant){SEC(rows[i].up)});
        EXPECT(s.seen == rows[i].seen);
        EXPECT(s.counted.from_s == rows[i].from && s.counted.to_s == rows[i].to);
        EXPECT(s.known_s == (s.seen ? rows[i].from + 60 : 0)); /* the second missed beat */
    }
    EXPECT(interval_length(s.counted) == 3600);
    EXPECT(!slash_standby(p, s.counted, DAY_S, &idle)); /* "not longer than an hour" */
    printf("ok - E29 what the detector counts\n");
}

/* ---- liveness ---- */

static void test_e33(void)
{
    struct rating r = {0};

    rating_add_gpus(&r, p, GPU_TIER_ultra_high_2, 8);
    u64 points = rating_points(&r, p, 7);
    EXPECT(points == 0);
    EXPECT(equal(liveness_earned(AMOUNT(1000), points * 24, points * 24), 0));
    EXPECT(equal(liveness_hour(AMOUNT(1000), points, points * 24), 0));
    printf("ok - E33 W = 0\n");
}

/* ---- slashing ---- */

/* One lease: when it was active, and its fee. */
struct tenancy {
    struct interval active;
    u64 fee;
};

/* The deployment slashes of an outage up to now_s; amounts and instants of the first two. */
static u32 deployment(struct interval outage, u64 now_s, const struct tenancy *leases, size_t n,
                      u64 v, u64 instants[2], struct amount amounts[2])
{
    struct interval hour;
    u32 slashes = 0;

    for (u64 k = 0; slash_hour(outage, now_s, k, &hour); k++) {
        u64 fees = 0, affected = 0;
        for (size_t i = 0; i < n; i++)
            if (interval_touch(leases[i].active, hour)) {
                fees += leases[i].fee;
                affected++;
            }
        if (affected > 0 && slashes < 2) {
            instants[slashes] = hour.from_s;
            amounts[slashes] = slash_deployment(AMOUNT(v), AMOUNT(fees));
        }
        slashes += affected > 0;
    }
    return slashes;
}

static bool idle_in(struct interval idle, const struct tenancy *leases, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (interval_touch(leases[i].active, idle))
            return false;
    return true;
}

static void test_e35(void)
{
    struct interval outage = {AT(10, 0, 0), AT(11, 0, 1)}, idle;
    struct tenancy leases[] = {{{0, DAY_S}, 3}, {{0, DAY_S}, 4}};
    struct amount amounts[2], fees[] = {AMOUNT(3), AMOUNT(4)}, shares[2], dust;
    u64 instants[2];

    EXPECT(deployment(outage, DAY_S, leases, 2, 5, instants, amounts) == 2);
    EXPECT(instants[0] == 36000 && instants[1] == 39600);
    for (int i = 0; i < 2; i++) {
        EXPECT(equal(amounts[i], 7) && slash_share(amounts[i], fees, 2, shares, &dust));
        EXPECT(equal(shares[0], 3) && equal(shares[1], 4) && equal(dust, 0));
    }
    EXPECT(slash_standby(p, outage, DAY_S, &idle) && !idle_in(idle, leases, 2));
    printf("ok - E35 an outage of 3,601 s with two leases\n");
}

static void test_e37(void)
{
    struct interval outage = {AT(10, 0, 0), AT(15, 0, 0)}, idle;
    struct tenancy inside = {{0, AT(11, 0, 0)}, 3}, before = {{0, AT(10, 0, 0)}, 3};
    struct amount amounts[2];
    u64 instants[2];

    EXPECT(slash_standby(p, outage, DAY_S, &idle) && idle.to_s == 39600);
    EXPECT(deployment(outage, DAY_S, &inside, 1, 5, instants, amounts) == 1);
    EXPECT(instants[0] == 36000 && equal(amounts[0], 5) && !idle_in(idle, &inside, 1));
    EXPECT(deployment(outage, DAY_S, &before, 1, 5, instants, amounts) == 0);
    EXPECT(idle_in(idle, &before, 1));
    printf("ok - E37 a lease that ends inside, or as, the outage begins\n");
}

static void test_e39(void)
{
    struct slash_pot pots[] = {{.kind = POT_OWN, .held = AMOUNT(5)},
                               {.kind = POT_UNBONDING, .requested_s = 9, .held = AMOUNT(0)},
                               {.kind = POT_DELEGATED, .held = AMOUNT(2)}};
    struct amount fees[] = {AMOUNT(3), AMOUNT(4)}, shares[2], dust;
    struct slash_result r = slash_take(pots, ARRAY_LEN(pots), AMOUNT(10), 8);

    EXPECT(equal(pots[0].taken, 5) && equal(pots[1].taken, 0) && equal(pots[2].taken, 2));
    EXPECT(equal(r.taken, 7) && equal(r.bad_debt, 3));
    EXPECT(slash_share(AMOUNT(7), fees, 2, shares, &dust));
    EXPECT(equal(shares[0], 3) && equal(shares[1], 4) && equal(dust, 0));
    EXPECT(slash_share(AMOUNT(8), fees, 2, shares, &dust));
    EXPECT(equal(shares[0], 3) && equal(shares[1], 4) && equal(dust, 1));
    printf("ok - E39 what is taken, who gets it\n");
}

/* ---- tiers ---- */

static struct tier_era good_era(void)
{
    return (struct tier_era){
        .up_s = DAY_S, .counted_s = DAY_S, .papers_valid = true, .registered_all = true};
}

/* Eras by letter: good, bad, neutral; the tiers after each close are compared with `after`. */
static void closes(const char *eras, const char *after)
{
    struct tier_record r = tier_record_new(p);

    for (; *eras != '\0'; eras++, after++) {
        struct tier_era e = good_era();
        if (*eras == 'b')
            e.up_s = 0;
        if (*eras == 'n')
            e.up_s = e.counted_s = 0;
        tier_judge(p, &r, &e, AMOUNT(WEI_E18(501)));
        EXPECT(r.tier == *after - '0');
    }
}

static void test_e41(void)
{
    closes("ggng", "7776");
    closes("ggbggg", "777776");
    printf("ok - E41 a neutral era keeps a streak, a bad one breaks it\n");
}

static u32 tier_after(u8 tier, u128 stake)
{
    struct tier_record r = {.tier = tier};
    struct tier_era e = good_era();

    tier_judge(p, &r, &e, AMOUNT(stake));
    return r.tier;
}

static void test_e43(void)
{
    struct tier_record lowest = {.tier = 7};

    EXPECT(tier_after(2, WEI_E18(400)) == 3);
    EXPECT(tier_after(2, WEI_E18(400) + 1) == 2);
    EXPECT(tier_after(2, WEI_E18(50)) == 7);
    EXPECT(!tier_may_bid(p, &lowest, AMOUNT(WEI_E18(50))));
    EXPECT(tier_may_bid(p, &lowest, AMOUNT(WEI_E18(50) + 1)));
    printf("ok - E43 stake exactly at the threshold\n");
}

static void test_e45(void)
{
    struct tier_era e = good_era();
    struct interval halt = {AT(5, 0, 0), AT(5, 40, 0)};
    struct interval_list halts = {&halt, 1};

    e.up_s = 85536;
    EXPECT(!tier_meets(p, 1, &e));
    e.up_s = 85537;
    EXPECT(tier_meets(p, 1, &e));
    e.tasks = 100;
    e.tasks_done = 98;
    EXPECT(!tier_meets(p, 1, &e));
    e = good_era();
    e.response_us = 100000;
    EXPECT(!tier_meets(p, 1, &e));
    e = good_era();
    for (u64 extra = 0; extra < 2; extra++) { /* 4,200 s down, and one second less */
        struct interval o = {AT(1, 0, 0), AT(1, 0, 0) + 4200 - extra};
        struct uptime u = outage_uptime(p, ERA(0), always, (struct interval_list){&o, 1}, halts);
        e.up_s = u.up_s;
        e.counted_s = u.counted_s;
        EXPECT(u.up_s == 79800 + extra && u.counted_s == 84000);
        EXPECT(tier_meets(p, 4, &e) == (extra == 1));
    }
    printf("ok - E45 thresholds are strict\n");
}

/* ---- an era's close ---- */

static struct rating one_medium_gpu(void)
{
    struct rating r = {0};

    rating_add_gpus(&r, p, GPU_TIER_medium_1, 1);
    return r;
}

static u32 hours_that_count(u64 era, const struct interval *outages, size_t n)
{
    struct hours hours = hours_whole(ERA(era), always);

    for (size_t i = 0; i < n; i++)
        hours = hours_without(hours, lost_in(era, &outages[i]));
    return hours_count(hours);
}

static u32 judge_after(u8 tier, const struct interval *outage, u128 stake)
{
    struct tier_record r = {.tier = tier};
    struct tier_era e = good_era();

    e.up_s = uptime_in(0, outage).up_s;
    tier_judge(p, &r, &e, AMOUNT(stake));
    return r.tier;
}

static void test_e47(void)
{
    struct amount emission = AMOUNT(24000), amounts[2];
    struct interval p_down = {AT(10, 0, 0), AT(11, 0, 1)}, q_down = {AT(10, 0, 0), AT(10, 30, 0)};
    struct interval never = {0, 0}, idle;
    struct tenancy u1 = {{0, DAY_S}, 300};
    struct rating medium = one_medium_gpu();
    u64 hour = rating_points(&medium, p, 1), instants[2];
    u128 w = (u128)2 * 24 * hour; /* r is in tier 7 and has no points */

    EXPECT(hour == 60 * 100000 && equal(liveness_hour(emission, hour, w), 500));
    EXPECT(hours_that_count(0, &p_down, 1) == 21 && hours_that_count(0, &q_down, 1) == 22);
    EXPECT(hours_that_count(0, NULL, 0) == 24);
    EXPECT(equal(liveness_earned(emission, 21 * (u128)hour, w), 10500));
    EXPECT(equal(liveness_earned(emission, 22 * (u128)hour, w), 11000));
    EXPECT(slash_standby(p, p_down, DAY_S, &idle) && idle.to_s == AT(11, 0, 0));
    EXPECT(!slash_standby(p, q_down, DAY_S, &idle));
    EXPECT(deployment(q_down, DAY_S, &u1, 1, 500, instants, amounts) == 1);
    EXPECT(equal(amounts[0], 500) && instants[0] == AT(10, 0, 0));
    EXPECT(uptime_in(0, &p_down).up_s == 82799 && uptime_in(0, &q_down).up_s == 84600);
    EXPECT(judge_after(1, &p_down, WEI_E18(501) - 500) == 1);
    EXPECT(judge_after(1, &q_down, WEI_E18(501) - 500) == 1);
    EXPECT(judge_after(7, &never, WEI_E18(60)) == 7);
    printf("ok - E47 three providers\n");
}

static void test_e49(void)
{
    /* eras 0 and 1 of each: down from noon, down till noon */
    struct interval a[] = {{AT(12, 0, 0), AT(24, 0, 0)}, {AT(36, 0, 0), AT(48, 0, 0)}};
    struct interval b[] = {{0, AT(12, 0, 0)}, {AT(24, 0, 0), AT(36, 0, 0)}};
    struct rating medium = one_medium_gpu();
    u64 hour = rating_points(&medium, p, 1);
    struct interval idle;

    EXPECT(equal(liveness_hour(AMOUNT(24000), hour, (u128)2 * 24 * hour), 500));
    EXPECT(hours_that_count(1, a, 2) == 11 && hours_that_count(1, b, 2) == 11);
    u32 slashed = 0; /* each outage of era 1 once, at an instant in it */
    for (int i = 0; i < 2; i++) {
        struct interval down = i == 0 ? a[1] : b[1];
        EXPECT(slash_standby(p, down, 2 * DAY_S, &idle));
        EXPECT(idle.to_s == down.from_s + 3600 && idle.to_s > DAY_S && idle.to_s < 2 * DAY_S);
        slashed++;
    }
    EXPECT(hours_that_count(1, a, 2) + hours_that_count(1, b, 2) - slashed == 20);
    printf("ok - E49 one machine, two identities\n");
}

int main(void)
{
    test_e23();
    test_e25();
    test_e27();
    test_e29();
    test_e33();
    test_e35();
    test_e37();
    test_e39();
    test_e41();
    test_e43();
    test_e45();
    test_e47();
    test_e49();
    return EXIT_SUCCESS;
}
