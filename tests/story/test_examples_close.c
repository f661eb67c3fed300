/* The worked examples of a whole close: E47 E49. */
#include "tests/chain.h"

#define NOON HMS(12, 0, 0)

static void down(u32 account, u64 from)
{
    put(STATE, CALL(REPORT_DOWN, report_down, .provider = provider_of(account), .start_s = from));
}

static void back(u32 account, u64 at)
{
    put(STATE, CALL(REPORT_UP, report_up, .provider = provider_of(account), .end_s = at));
}

/* ---- E47 ---- */

struct row_e47 {
    u32 account, hours_ok;
    u64 slashed, liveness, up_s;
    u32 tier_after;
    i64 stake_more;
    u64 claimable;
};

/* r has tier 7 and p and q have tier 1 from an era's start: r registers in era 0, p and q as era 1
 * begins, with another initial tier.  So the example's era 0 is era 1 here. */
static void three_providers(void)
{
    struct params p = story_params();

    story_emission(&p, 24000);
    chain_begin(&p);
    put_provider(R, gpus(MODEL(h100), 8), SPONS(60));
    put(STATE, CALL(SET_PARAM, set_param, .param = PARAM_initial_tier, .value = 1));
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(0);
    put_provider(P, gpus(MODEL(rtx4090), 1), SPONS(501));
    put(P, CALL(SET_AUTO_STAKE, set_auto_stake, .on = 1));
    put_provider(Q, gpus(MODEL(rtx4090), 1), SPONS(501));
    step(DAY_S);
    IS(closed_era(0)->weight, 0); /* nothing is minted before the example begins */
    told_skip();
}

static void a_day_of_three_providers(void)
{
    lease(DAY_S + 4, (struct want){.user = U1,
                                   .wallet = 1,
                                   .token = SPON,
                                   .price = 300,
                                   .duration_s = DAY_S,
                                   .provider = Q,
                                   .specs = {.gpu_model = MODEL(rtx4090), .gpus = 1}});
    down(P, DAY_S + HMS(10, 0, 0));
    down(Q, DAY_S + HMS(10, 0, 0));
    step(DAY_S + HMS(10, 1, 0));
    back(Q, DAY_S + HMS(10, 30, 0));
    step(DAY_S + HMS(10, 30, 0));
    back(P, DAY_S + HMS(11, 0, 1));
    step(DAY_S + HMS(11, 0, 1));
    put_responses(50000);
    step(2 * DAY_S - 10);
    advance(2 * (u64)DAY_S);
}

static u64 slashed_of(u32 account)
{
    u128 sum = 0;

    for (u32 i = 0; i < told_count(LOG_Slashed); i++) {
        const struct log_slashed *l = &told(LOG_Slashed, i)->u.slashed;
        sum += l->provider == provider_of(account) ? l->amount.wei : 0;
    }
    return (u64)sum;
}

static void e47_three_providers(void)
{
    static const struct row_e47 rows[] = {
        {P, 21, 500, 10500, 82799, 1, 10000, 0},
        {Q, 22, 500, 11000, 84600, 1, -500, 11000},
        {R, 24, 0, 0, 86400, 7, 0, 0},
    };
    static const u32 stakes[] = {501, 501, 60};

    three_providers();
    u128 u1 = balance_of(U1, SPON);
    a_day_of_three_providers();
    IS(closed_era(1)->weight, (u128)2880 * 100000);
    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row_e47 *want = &rows[i];
        const struct log_provider_era *e = era_of(want->account, 1);
        IS(e->hours_potential, 24);
        IS(e->hours_ok, want->hours_ok);
        IS(slashed_of(want->account), want->slashed);
        IS_AMOUNT(e->liveness, want->liveness);
        IS(e->up_s, want->up_s);
        IS(e->counted_s, 86400);
        IS(e->tier_after, want->tier_after);
        IS_AMOUNT(e->stake_after, (u128)((i128)WEI_E18(stakes[i]) + want->stake_more));
        IS_AMOUNT(e->claimable, want->claimable);
    }
    IS(pocket_sum(SPON, POCKET_SLARKS), 500);
    IS(balance_of(U1, SPON) - u1, 500);
    IS_AMOUNT(closed_era(1)->liveness, 21500);
    IS_AMOUNT(closed_era(1)->bonus, 0);
    TOLD("86401 OrderCreated\n"
         "86404 LeaseCreated\n"
         "86404 LeaseConfirmed\n"
         "122460 ProviderDown\n"
         "122460 ProviderDown\n"
         "124200 ProviderUp\n"
         "126001 ProviderUp\n"
         "169204 LeaseEnding\n"
         "172800 Slashed deployment 500\n"
         "172800 Slashed standby 500\n");
    printf("ok - E47 three providers\n");
}

/* ---- E49 ---- */

static void e49_one_machine_two_identities(void)
{
    struct params p = story_params();

    story_emission(&p, 24000);
    p.initial_tier = 1;
    chain_begin(&p);
    put_provider(P, gpus(MODEL(rtx4090), 1), SPONS(501));
    put_provider(Q, gpus(MODEL(rtx4090), 1), SPONS(501));
    step(0);
    for (u64 day = 0; day < 2; day++) {
        const u64 midnight = day * DAY_S;
        down(Q, midnight);
        if (day > 0)
            back(P, midnight);
        step(midnight + 1);
        back(Q, midnight + NOON);
        down(P, midnight + NOON);
        step(midnight + NOON);
        put_responses(50000);
        step(midnight + DAY_S - 10);
    }
    advance(2 * (u64)DAY_S);

    static const u32 identities[] = {P, Q};
    u32 together = 0;
    for (u32 i = 0; i < 2; i++) {
        const struct log_provider_era *e = era_of(identities[i], 1);
        u32 slashed = 0;
        for (u32 k = 0; k < told_count(LOG_Slashed); k++) {
            const struct log_slashed *l = &told(LOG_Slashed, k)->u.slashed;
            if (l->provider != e->provider || l->close_era != 1)
                continue;
            IS(l->cause, SLASH_STANDBY);
            IS_AMOUNT(l->amount, 500);
            slashed++;
        }
        IS(e->hours_ok, 11);
        IS_AMOUNT(e->liveness, 11 * 500);
        IS(slashed, 1);
        together += e->hours_ok - slashed;
    }
    IS(together, 20);
    printf("ok - E49 one machine, two identities, 12 hours each\n");
}

int main(void)
{
    e47_three_providers();
    e49_one_machine_two_identities();
    return 0;
}
