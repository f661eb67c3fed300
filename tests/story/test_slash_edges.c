/* What a second of a slash comes to where it has more than one reading: a price told in the second
 * in which an outage begins, and hours before a provider is approved. */
#include "tests/chain.h"

static const struct log_slashed *slash(u32 nth)
{
    return &told(LOG_Slashed, nth)->u.slashed;
}

static struct tx unstake(u128 units)
{
    return CALL(UNSTAKE, unstake, .amount = AMOUNT(units));
}

/* 0.0036 USDX an hour are 0.06 SPON at 1.00 USD, and 0.12 at the 2.00 that hold from the second on
 * in which the outage begins (settled 37), though they are told after its record. */
static void the_price_of_the_second_itself(void)
{
    const u128 fee = WEI_E18(12) / 100;
    struct params p = story_params();
    struct want want = {.user = U1,
                        .wallet = 1,
                        .token = USDX,
                        .price = 3600,
                        .duration_s = 40000,
                        .provider = P,
                        .specs = {.cpu = 1}};

    p.initial_tier = 1;
    p.tier_7_stake = p.tier_1_stake = AMOUNT(0);
    chain_begin(&p);
    put_provider(P, cpus(1), SPONS(1));
    put_wallet(U1, 1, USDX, USDXS(20));
    step(0);
    lease(1000, want);
    put(STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = 2000, .announced = 1));
    put(STATE, CALL(SET_PRICE, set_price, .token = USDX, .usd_e8 = USD_E8(2)));
    step(2000);
    refused(2010, P, unstake(WEI_E18(1) - fee + 1), ERR_StakeReserved);
    call_at(2020, P, unstake(WEI_E18(1) - fee));
    call_at(2100, STATE, CALL(SET_PRICE, set_price, .token = USDX, .usd_e8 = USD_E8(3)));
    call_at(2200, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = 2200));
    advance(DAY_S);
    IS(told_count(LOG_Slashed), 1);
    IS_AMOUNT(slash(0)->lease_fees, fee);
    IS_AMOUNT(slash(0)->own, fee);
    printf("ok - a price of the outage's second counts, told before its record or after\n");
}

/* 24 units of emission over 24 hours of Q, and P in 18 of them: an outage of P before its approval
 * costs nothing, whether it has changed its machine meanwhile or not. */
static void before_the_approval(bool updated)
{
    struct params p = story_params();

    story_emission(&p, 24000);
    p.auto_approve = 0;
    p.initial_tier = 1;
    p.tier_7_stake = p.tier_1_stake = AMOUNT(0);
    chain_begin(&p);
    put(P, CALL(PROPOSE, propose, cpus(1), 3, 0));
    put(Q, CALL(PROPOSE, propose, cpus(1), 3, 0));
    put(STATE, CALL(APPROVE, approve, 2));
    put(Q, CALL(STAKE, stake, SPONS(1)));
    step(0);
    if (updated)
        call_at(10, P, CALL(UPDATE_MACHINE, update_machine, cpus(2)));
    call_at(20, STATE, CALL(REPORT_DOWN, report_down, 1, 20, 1));
    call_at(4000, STATE, CALL(REPORT_UP, report_up, 1, 4000));
    call_at(21600, STATE, CALL(APPROVE, approve, 1));
    call_at(21601, P, CALL(STAKE, stake, SPONS(1)));
    advance(DAY_S);
    IS(told_count(LOG_Slashed), 1);
    IS(slash(0)->cause, SLASH_STANDBY);
    IS_AMOUNT(slash(0)->amount, 0);
    IS(era_of(P, 0)->points_potential > 0, 1);
}

/* Eras of an hour, 1000 units each: in the third one hears of an outage of the first.  What the
 * machine was at that hour's start, before it changed, is known still. */
static void an_hour_of_two_eras_ago(void)
{
    struct params p = story_params();

    story_emission(&p, 24000);
    p.era_seconds = 3600;
    p.standby_slash_after_s = 600;
    p.initial_tier = 1;
    p.tier_7_stake = p.tier_1_stake = AMOUNT(0);
    chain_begin(&p);
    put_provider(P, cpus(1), SPONS(1));
    step(0);
    call_at(500, P, CALL(UPDATE_MACHINE, update_machine, cpus(2)));
    call_at(7580, STATE, CALL(REPORT_DOWN, report_down, 1, 2821, 0));
    call_at(7588, STATE, CALL(REPORT_UP, report_up, 1, 4621));
    advance(10800);
    IS(told_count(LOG_Slashed), 1);
    IS(slash(0)->instant_era, 0);
    IS_AMOUNT(slash(0)->own, 1000);
    printf("ok - what an hour was worth is known as long as it may be asked for\n");
}

int main(void)
{
    an_hour_of_two_eras_ago();
    the_price_of_the_second_itself();
    before_the_approval(false);
    before_the_approval(true);
    printf("ok - an hour before the approval is worth nothing\n");
    return 0;
}
