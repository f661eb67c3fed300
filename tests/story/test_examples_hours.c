/* The worked examples of hours, cooldown, uptime and emission through the chain's own closes:
 * E23 E25 E27 E31 E33.  (E29 is about the detector, which is no part of the chain.) */
#include "tests/chain.h"

/* ---- which hours were lost ---- */

/* vCPUs in hour h of the day, all different, so that the points lost name the hours. */
static u32 units(u32 h)
{
    return h < 4 ? 600000 + h : 1u << (h - 4);
}

/* 0.1 points a vCPU in tier 1: (1 + 2.0), in 10^-5. */
static u128 points(u32 h)
{
    return (u128)units(h) * 30000;
}

/* One provider of tier 1, whose machine differs each hour of eras 0 and 1; an outage that becomes
 * known in the block of its start and of its end. */
static void two_days(u64 down_s, u64 up_s)
{
    struct params p = story_params();

    story_emission(&p, 0); /* so that no slash moves him from his tier */
    p.initial_tier = 1;
    chain_begin(&p);
    put_provider(P, cpus(units(0)), SPONS(501));
    step(0);
    for (u64 hour = 0; hour < 48; hour++) {
        u64 from = hour * HOUR_S, to = from + HOUR_S;
        if (hour > 0)
            call_at(from, P,
                    CALL(UPDATE_MACHINE, update_machine, .machine = cpus(units((u32)(hour % 24)))));
        if (from <= down_s && down_s < to)
            call_at(down_s + 1, STATE,
                    CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = down_s));
        if (from <= up_s && up_s < to)
            call_at(up_s + 2, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = up_s));
    }
    advance(2 * (u64)DAY_S);
}

/* The hours from first to last of the era were lost, and no other. */
static void lost(u64 era, u32 first, u32 last)
{
    const struct log_provider_era *e = era_of(P, era);
    u128 all = 0, some = 0;

    for (u32 h = 0; h < 24; h++) {
        all += points(h);
        some += h >= first && h <= last ? points(h) : 0;
    }
    IS(e->points_potential, all);
    IS(e->points_potential - e->points_ok, some);
    IS(e->hours_potential, 24);
    IS(e->hours_potential - e->hours_ok, last - first + 1);
}

static void up(u64 era, u64 up_s)
{
    IS(era_of(P, era)->up_s, up_s);
    IS(era_of(P, era)->counted_s, DAY_S);
}

static void e23_one_minute_and_fifty_nine(void)
{
    two_days(HMS(10, 30, 0), HMS(10, 31, 0));
    lost(0, 10, 11);
    two_days(HMS(10, 30, 0), HMS(11, 29, 0));
    lost(0, 10, 12);
    printf("ok - E23 one minute inside an hour, 59 minutes over its edge\n");
}

static void e25_cooldown_past_the_end_of_the_era(void)
{
    two_days(HMS(23, 30, 0), HMS(23, 40, 0));
    lost(0, 23, 23);
    up(0, 85800);
    lost(1, 0, 0);
    up(1, 86400);
    printf("ok - E25 cooldown past the end of the era\n");
}

static void e27_still_open_at_the_close(void)
{
    two_days(HMS(22, 0, 0), INTERVAL_OPEN);
    lost(0, 22, 23);
    up(0, 79200);
    lost(1, 0, 23);
    up(1, 0);
    printf("ok - E27 still open at the close\n");
}

/* ---- emission ---- */

static u128 minted_at_most(u64 from, u64 to)
{
    u128 sum = 0;

    for (u64 era = from; era < to; era++)
        sum += closed_era(era)->emission.wei;
    return sum;
}

static void e31_emission(void)
{
    const u64 year = 365;
    struct params p = story_params();

    chain_begin(&p);
    advance(2 * year * DAY_S);
    IS_AMOUNT(closed_era(0)->emission, WEI_E18(136986) + 301369863013698630);
    IS_AMOUNT(closed_era(year)->emission, WEI_E18(123287) + 671232876712328767);
    IS(closed_era(year)->start_s, 31536000);
    IS(minted_at_most(0, year), WEI_E18(50000000));
    IS(minted_at_most(0, 2 * year), WEI_E18(95000000));
    IS(told_count(LOG_EraClosed), 2 * year);
    printf("ok - E31 emission\n");
}

/* One provider of tier 7 with 8 GPUs of Ultra High 2: up all era 0, down for hours in era 1. */
static void e33_no_weight(void)
{
    struct params p = story_params();

    story_emission(&p, 1000);
    chain_begin(&p);
    put_provider(P, gpus(MODEL(h100), 8), SPONS(60));
    step(0);
    u64 down_s = DAY_S + HMS(10, 0, 0);
    call_at(down_s, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = down_s));
    advance(2 * (u64)DAY_S);
    IS_AMOUNT(closed_era(0)->emission, 1000);
    IS(closed_era(0)->weight, 0);
    IS(era_of(P, 0)->hours_ok, 24);
    IS_AMOUNT(era_of(P, 0)->liveness, 0);
    IS_AMOUNT(closed_era(0)->liveness, 0);
    IS_AMOUNT(era_of(P, 1)->claimable, 0);

    const struct log_slashed *standby = &told(LOG_Slashed, 0)->u.slashed;
    IS(told_count(LOG_Slashed), 1);
    IS_AMOUNT(standby->hour_liveness, 0);
    IS_AMOUNT(standby->amount, 0);
    IS(standing_of(P)->own.wei, WEI_E18(60));
    printf("ok - E33 W = 0\n");
}

int main(void)
{
    e23_one_minute_and_fifty_nine();
    e25_cooldown_past_the_end_of_the_era();
    e27_still_open_at_the_close();
    e31_emission();
    e33_no_weight();
    return 0;
}
