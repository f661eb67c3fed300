/* Stake on its way out, misconduct, auto-staked rewards and the bonus: settled 32, 36, 57, 58, 61.
 */
#include "tests/chain.h"

/* Any stake is enough for tiers 1 and 7, all providers begin in tier 1, and amounts are units. */
static struct params small_params(u64 emission)
{
    struct params p = story_params();

    story_emission(&p, emission);
    p.initial_tier = 1;
    p.tier_1_stake = p.tier_7_stake = AMOUNT(0);
    return p;
}

static struct tx unstake(u64 units)
{
    return CALL(UNSTAKE, unstake, .amount = AMOUNT(units));
}

static const struct tx claim_it = {.kind = TX_CLAIM_REWARDS};

/* V is 10.  Of 30 units 10 leave before an outage begins and 18 after it has, before it is known.
 */
static void unbonding_pays_for_earlier_offences(void)
{
    struct params p = small_params(240);

    chain_begin(&p);
    put_provider(P, cpus(1), AMOUNT(30));
    step(0);
    call_at(DAY_S + 35000, P, unstake(10));
    call_at(DAY_S + 36050, P, unstake(18));
    call_at(DAY_S + 36060, STATE,
            CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = DAY_S + 36000));
    refused(DAY_S + 40000, P, unstake(1), ERR_StakeReserved);
    refused(DAY_S + 40001, P, unstake(3), ERR_InsufficientBalance);
    call_at(DAY_S + 43000, STATE,
            CALL(REPORT_UP, report_up, .provider = 1, .end_s = DAY_S + 43000));
    advance(2 * (u64)DAY_S);

    const struct log_slashed *l = &told(LOG_Slashed, 0)->u.slashed;
    IS_AMOUNT(l->amount, 10);
    IS_AMOUNT(l->own, 2);
    IS_AMOUNT(l->unbonding, 8);
    IS_AMOUNT(l->rewards, 0);
    IS_AMOUNT(l->bad_debt, 0);
    IS_AMOUNT(standing_of(P)->unbonding, 10 + 10);
    u128 before = balance_of(P, SPON);
    advance(8 * (u64)DAY_S);
    IS(balance_of(P, SPON) - before, 0);
    advance(9 * (u64)DAY_S); /* the close of era 8, the seventh after the requests' */
    IS(balance_of(P, SPON) - before, 20);
    printf(
        "ok - unbonding pays for offences before its request, and is paid in the 7th era after\n");
}

/* ---- misconduct ---- */

/* Of 100 units 40 unbond; 240 of rewards wait; the verdict falls in era 1, the slash in era 2. */
static void verdict(u64 bps, u64 damage1, u64 damage2)
{
    struct params p = small_params(240);
    const u64 t = DAY_S + 1000;

    p.misconduct_slash_bps = bps;
    p.unbonding_eras = 1; /* matures inside the window */
    chain_begin(&p);
    put_provider(P, cpus(1), AMOUNT(100));
    step(0);
    call_at(10, P, unstake(40));
    struct tx first = CALL(VERDICT, verdict, .provider = 1, .user = U1, .damage = AMOUNT(damage1));
    refused(t - 1, U1, first, ERR_MissingRole);
    put(STATE, first);
    put(STATE, CALL(VERDICT, verdict, .provider = 1, .user = U2, .damage = AMOUNT(damage2)));
    step(t);
    refused(t + 1, P, unstake(1), ERR_UnbondingLocked);
    refused(t + 2, P, claim_it, ERR_UnbondingLocked);
    refused(t + 3, P, CALL(STAKE, stake, .amount = AMOUNT(1)), ERR_ProviderExiting);
    advance(2 * (u64)DAY_S);
    IS(told_count(LOG_Slashed), 0);
    IS_AMOUNT(standing_of(P)->unbonding, 40); /* frozen, though it is ripe */
    advance(3 * (u64)DAY_S);
    IS(told(LOG_Slashed, 0)->u.slashed.cause, SLASH_MISCONDUCT);
    IS(told(LOG_Slashed, 0)->u.slashed.instant_s, t + DAY_S);
    refused(3 * DAY_S + 1, STATE, first, ERR_AlreadySlashed);
}

static void misconduct(void)
{
    static const struct {
        u64 bps, damage1, damage2;
        u64 u1, u2, treasury, paid_out, left;
    } rows[] = {
        {10000, 30, 60, 30, 60, 340 - 90, 0, 0},
        {10000, 300, 600, 113, 226, 1, 0, 0}, /* 340 are too few: pro rata */
        {5000, 30, 60, 30, 60, 170 - 90, 20, 30 + 120},
    };
    const u128 rich = WEI_E18(1000000);

    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        verdict(rows[i].bps, rows[i].damage1, rows[i].damage2);
        IS(balance_of(U1, SPON) - rich, rows[i].u1);
        IS(balance_of(U2, SPON) - rich, rows[i].u2);
        IS(balance_of(TREASURY, SPON), rows[i].treasury);
        IS_AMOUNT(standing_of(P)->paid_out, rows[i].paid_out);
        IS(standing_of(P)->own.wei + standing_of(P)->rewards.wei, rows[i].left);
    }
    printf(
        "ok - misconduct: frozen for an era, then users up to their damage, the rest treasury\n");
}

/* ---- rewards ---- */

/* Tier 2 asks for more than 400 SPON: rewards that become stake in a close do not help in it. */
static void auto_staked_rewards_count_from_the_next_era_on(void)
{
    struct params p = story_params();

    story_emission(&p, 24);
    p.initial_tier = 2;
    chain_begin(&p);
    put_provider(P, cpus(1), SPONS(400));
    put(P, CALL(SET_AUTO_STAKE, set_auto_stake, .on = 1));
    step(0);
    advance(DAY_S);
    IS_AMOUNT(era_of(P, 0)->stake_judged, WEI_E18(400));
    IS_AMOUNT(era_of(P, 0)->stake_after, WEI_E18(400) + 24);
    IS_AMOUNT(era_of(P, 0)->claimable, 0);
    IS(era_of(P, 0)->tier_after, 3);
    refused(DAY_S + 1, P, claim_it, ERR_NothingToClaim);
    call_at(DAY_S + 2, P, CALL(SET_AUTO_STAKE, set_auto_stake, .on = 0));
    advance(2 * (u64)DAY_S);
    IS_AMOUNT(era_of(P, 1)->stake_judged, WEI_E18(400) + 24);
    IS_AMOUNT(era_of(P, 1)->claimable, 24);
    u128 before = balance_of(P, SPON);
    call_at(2 * DAY_S + 1, P, claim_it);
    IS(balance_of(P, SPON) - before, 24);
    printf("ok - auto-staked rewards are stake from the next era on; others are claimed\n");
}

/* P and Q serve five leases each of 20 h less `short_s`; R is down all era, so that a third of the
 * emission of 300 is left. */
static void serve(const struct params *p, u64 short_s, u32 payers)
{
    struct want wants[10];

    chain_begin(p);
    put_provider(P, cpus(8), AMOUNT(1000));
    put_provider(Q, cpus(8), AMOUNT(1000));
    put_provider(R, cpus(8), AMOUNT(1000));
    put_wallet(U1, 1, SPON, SPONS(1000));
    put_wallet(U2, 2, SPON, SPONS(1000));
    step(0);
    call_at(1, STATE, CALL(REPORT_DOWN, report_down, .provider = 3, .start_s = 0));
    for (u32 i = 0; i < 10; i++) {
        u32 second = payers == 2 && i % 2 == 1;
        wants[i] = (struct want){.user = second ? U2 : U1,
                                 .wallet = second ? 2 : 1,
                                 .token = SPON,
                                 .price = 10,
                                 .duration_s = 20 * HOUR_S - short_s,
                                 .provider = i < 5 ? P : Q,
                                 .specs = {.cpu = 1}};
    }
    lease_all(1000, wants, ARRAY_LEN(wants));
    advance(DAY_S);
    IS_AMOUNT(era_of(P, 0)->liveness, 100);
    IS(era_of(P, 0)->lease_s, 5 * (20 * HOUR_S - short_s));
}

static void bonus(void)
{
    static const struct {
        u64 amount, short_s, min_price;
        u32 asked_payers, payers;
        u64 each;
    } rows[] = {
        {40, 0, 0, 1, 1, 40},  {60, 0, 0, 1, 1, 50}, /* 120 of 100 that are left */
        {40, 1, 0, 1, 1, 0},                         /* five seconds short of a hundred hours */
        {40, 0, 10, 1, 1, 40},                       /* "below this hourly price" */
        {40, 0, 11, 1, 1, 0},  {40, 0, 0, 2, 1, 0},
        {40, 0, 0, 2, 2, 40},  {0, 0, 0, 1, 1, 0}, /* off */
    };

    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        struct params p = small_params(300);
        p.bonus_amount = AMOUNT(rows[i].amount);
        p.bonus_min_price = AMOUNT(rows[i].min_price);
        p.bonus_distinct_payers = rows[i].asked_payers;
        serve(&p, rows[i].short_s, rows[i].payers);
        IS_AMOUNT(era_of(P, 0)->bonus, rows[i].each);
        IS_AMOUNT(era_of(Q, 0)->bonus, rows[i].each);
        IS_AMOUNT(era_of(R, 0)->bonus, 0);
        IS_AMOUNT(era_of(P, 0)->claimable, 100 + rows[i].each);
        IS_AMOUNT(closed_era(0)->bonus, 2 * rows[i].each);
    }
    printf("ok - the bonus for a hundred lease hours, from what liveness left\n");
}

int main(void)
{
    unbonding_pays_for_earlier_offences();
    misconduct();
    auto_staked_rewards_count_from_the_next_era_on();
    bonus();
    return 0;
}
