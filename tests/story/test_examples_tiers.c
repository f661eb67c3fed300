/* The worked examples of trust tiers through the chain's own closes: E41 E43 E45. */
#include "tests/chain.h"

#include <string.h>

/* One provider with valid papers, nothing to earn and so nothing to lose; a wallet of U1. */
static void begin(u32 tier, struct amount stake)
{
    struct machine machine = cpus(128);
    struct params p = story_params();

    machine.compliance = COMPLIANCE_SOC2;
    story_emission(&p, 0);
    p.initial_tier = tier;
    chain_begin(&p);
    put_provider(P, machine, stake);
    put(STATE, CALL(PUBLISH_AUDIT, publish_audit, .provider = 1));
    put_wallet(U1, 1, USDX, USDXS(1000));
    step(0);
}

/* ---- what an era is like; each closes it ---- */

static void respond(u64 era, u32 us)
{
    put_responses(us);
    step((era + 1) * DAY_S - 10);
}

static void good(u64 era)
{
    respond(era, 50000);
    advance((era + 1) * DAY_S);
}

/* Down from its first second to its last. */
static void bad(u64 era)
{
    const u64 from = era * DAY_S, to = from + DAY_S;

    call_at(from + 60, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = from));
    respond(era, 50000);
    call_at(to, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = to));
}

/* The chain stood still all of it: known in the block that ends the halt. */
static void neutral(u64 era)
{
    const u64 from = era * DAY_S, to = from + DAY_S;

    call_at(to, STATE, CALL(REPORT_HALT, report_halt, .start_s = from, .end_s = to));
}

static void e41_a_neutral_era_in_a_streak(void)
{
    static const struct {
        const char *eras; /* g, n, b */
        u32 tiers[6];
    } rows[] = {{"ggng", {7, 7, 7, 6}}, {"ggbggg", {7, 7, 7, 7, 7, 6}}};

    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        begin(7, SPONS(501));
        for (u64 era = 0; era < strlen(rows[i].eras); era++) {
            char kind = rows[i].eras[era];
            if (kind == 'g')
                good(era);
            else if (kind == 'b')
                bad(era);
            else
                neutral(era);
            IS(era_of(P, era)->neutral, kind == 'n');
            IS(era_of(P, era)->tier_after, rows[i].tiers[era]);
        }
    }
    printf("ok - E41 a neutral era in a streak\n");
}

static struct amount and_a_unit(u32 spons)
{
    return AMOUNT(WEI_E18(spons) + 1);
}

static void e43_stake_exactly_at_the_threshold(void)
{
    const struct {
        struct amount stake;
        u32 tier_after;
    } rows[] = {{SPONS(400), 3}, {and_a_unit(400), 2}, {SPONS(50), 7}};

    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        begin(2, rows[i].stake);
        good(0);
        IS(era_of(P, 0)->tier_before, 2);
        IS(era_of(P, 0)->tier_after, rows[i].tier_after);
    }

    struct tx order =
        CALL(CREATE_ORDER, create_order, .wallet = 1, .token = USDX, .replicas = 1,
             .specs = {.cpu = 1}, .max_price = AMOUNT(1), .duration_s = 60, .tier_worst = 7);
    struct tx bid = CALL(PLACE_BID, place_bid, .order = 1, .price = AMOUNT(1));
    begin(7, SPONS(50));
    call_at(10, U1, order);
    refused(11, P, bid, ERR_StakeTooLow);
    put(P, CALL(STAKE, stake, .amount = AMOUNT(1)));
    put(P, bid);
    step(12);
    printf("ok - E43 stake exactly at the threshold\n");
}

/* A provider that waited for its approval through failing eras begins anew with it (settled 17). */
static void streaks_begin_with_the_approval(void)
{
    struct params p = story_params();

    story_emission(&p, 0);
    p.auto_approve = 0;
    p.initial_tier = 4;
    chain_begin(&p);
    call_at(0, P, CALL(PROPOSE, propose, .machine = cpus(1), .tokens = 3));
    for (u64 era = 0; era < 6; era++)
        bad(era);
    IS(era_of(P, 5)->tier_after, 7);
    IS(era_of(P, 5)->suspended, 1);
    struct tx approval = CALL(APPROVE, approve, .provider = 1);
    call_at(6 * DAY_S + 1, STATE, approval);
    refused(6 * DAY_S + 2, STATE, approval, ERR_ProviderNotProposed);
    refused(6 * DAY_S + 3, STATE, CALL(APPROVE, approve, .provider = 2), ERR_ProviderNotFound);
    call_at(6 * DAY_S + 4, P, CALL(STAKE, stake, .amount = SPONS(501)));
    for (u64 era = 6; era < 10; era++) {
        bad(era);
        IS(era_of(P, era)->tier_after, 4);
        IS(era_of(P, era)->suspended, 0);
    }
    bad(10);
    IS(era_of(P, 10)->tier_after, 5);
    printf("ok - streaks begin with the approval\n");
}

/* Stakes that do not fall from tier to tier: bidding looks at the tier held (close, 5), at being
 * active, which is X7's (28; Matching, exactly 2), and the better tiers do not help. */
static void stakes_that_do_not_fall(void)
{
    struct params p = story_params();
    struct tx order =
        CALL(CREATE_ORDER, create_order, .wallet = 1, .token = USDX, .replicas = 1,
             .specs = {.cpu = 1}, .max_price = AMOUNT(1), .duration_s = 60, .tier_worst = 7);

    p.initial_tier = 4;
    p.tier_7_stake = SPONS(300);
    chain_begin(&p);
    put_provider(P, cpus(1), SPONS(250)); /* more than X4 */
    put_provider(Q, cpus(1), SPONS(301));
    put_wallet(U1, 1, USDX, USDXS(1000));
    step(0);
    call_at(10, U1, order);
    refused(11, P, CALL(PLACE_BID, place_bid, .order = 1, .price = AMOUNT(1)), ERR_StakeTooLow);
    put(P, CALL(STAKE, stake, .amount = SPONS(51)));
    call_at(12, P, CALL(PLACE_BID, place_bid, .order = 1, .price = AMOUNT(1)));
    call_at(20, Q, CALL(UNSTAKE, unstake, .amount = SPONS(51))); /* it was above X7 once */
    call_at(30, U1, order);
    call_at(31, Q, CALL(PLACE_BID, place_bid, .order = 2, .price = AMOUNT(1)));
    call_at(40, STATE,
            CALL(SET_PARAM, set_param, .param = PARAM_tier_4_stake, .value = WEI_E18(350)));
    advance(DAY_S);
    call_at(DAY_S + 10, U1, order);
    refused(DAY_S + 11, P, CALL(PLACE_BID, place_bid, .order = 3, .price = AMOUNT(1)),
            ERR_StakeTooLow);
    advance(2 * (u64)DAY_S);
    IS(era_of(P, 1)->tier_before, 4);
    IS(era_of(P, 1)->tier_after, 4); /* 301 is more than X3: A is not below 4 */
    IS(era_of(Q, 1)->tier_after, 5); /* 250 is more than X5 */
    printf("ok - stakes that do not fall from tier to tier\n");
}

/* ---- E45: the provider is one tier below, so met_next says whether the era met the tier ---- */

static void begin_below(u32 tier)
{
    begin(tier + 1, SPONS(501));
}

static void meets(bool want)
{
    advance(DAY_S);
    IS(era_of(P, 0)->met_next, want);
}

static void outage(u64 from, u64 length_s)
{
    call_at(from + 60, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = from));
    call_at(from + length_s, STATE,
            CALL(REPORT_UP, report_up, .provider = 1, .end_s = from + length_s));
}

static void up_seconds(u32 tier, u64 halt_s, u64 down_s, u64 up_s, bool want)
{
    begin_below(tier);
    if (halt_s > 0)
        call_at(10000 + halt_s, STATE,
                CALL(REPORT_HALT, report_halt, .start_s = 10000, .end_s = 10000 + halt_s));
    outage(40000, down_s);
    respond(0, 50000);
    meets(want);
    IS(era_of(P, 0)->up_s, up_s);
    IS(era_of(P, 0)->counted_s, DAY_S - halt_s);
}

/* So many leases, all closed: done by the tenant, the others by the provider. */
static void tasks(u32 all, u32 done, bool want)
{
    static struct want wants[100];

    begin_below(1);
    EXPECT(all <= ARRAY_LEN(wants));
    for (u32 i = 0; i < all; i++)
        wants[i] = (struct want){.user = U1,
                                 .wallet = 1,
                                 .token = USDX,
                                 .price = 1,
                                 .duration_s = 3600,
                                 .provider = P,
                                 .specs = {.cpu = 1}};
    u64 first = lease_all(100, wants, all);
    for (u32 i = 0; i < all; i++)
        put(i < done ? U1 : P, CALL(CLOSE_LEASE, close_lease, .lease = first + i));
    step(200);
    respond(0, 50000);
    meets(want);
    IS(era_of(P, 0)->tasks, all);
    IS(era_of(P, 0)->tasks_done, done);
}

static void response(u32 us, bool want)
{
    begin_below(1);
    respond(0, us);
    meets(want);
    IS(era_of(P, 0)->response_us, us);
}

static void e45_thresholds_are_strict(void)
{
    up_seconds(1, 0, 864, 85536, false); /* 99 % exactly */
    up_seconds(1, 0, 863, 85537, true);
    tasks(100, 98, false); /* 98 % exactly */
    tasks(100, 99, true);
    response(100000, false);
    response(99999, true);
    up_seconds(4, 2400, 4200, 79800, false); /* 95 % of 84000 exactly */
    up_seconds(4, 2400, 4199, 79801, true);
    printf("ok - E45 thresholds are strict\n");
}

int main(void)
{
    e41_a_neutral_era_in_a_streak();
    e43_stake_exactly_at_the_threshold();
    streaks_begin_with_the_approval();
    stakes_that_do_not_fall();
    e45_thresholds_are_strict();
    return 0;
}
