/* What happens at and over the boundary of an era: settled 8, 63, 101, 153, 154, 158 and "The close
 * of an era, exactly". */
#include "tests/chain.h"

/* Tier 1 for everybody, and amounts are units. */
static struct params params_of(u64 emission)
{
    struct params p = story_params();

    story_emission(&p, emission);
    p.initial_tier = 1;
    return p;
}

static struct tx set_param(enum param_id param, u64 value)
{
    return CALL(SET_PARAM, set_param, .param = param, .value = value);
}

static struct tx down_at(u64 second)
{
    return CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = second);
}

static struct tx up_at(u64 second)
{
    return CALL(REPORT_UP, report_up, .provider = 1, .end_s = second);
}

/* ---- parameters ---- */

/* Points of n vCPUs in an hour, tier 1: 0.1 x (1 + 2), in 10^-5. */
static u128 points(u64 n)
{
    return (u128)n * 30000;
}

static void an_era_gets_another_length(void)
{
    struct params p = params_of(2400);

    chain_begin(&p);
    put_provider(P, cpus(1), SPONS(501));
    step(0);
    refused(10, U1, set_param(PARAM_era_seconds, 43200), ERR_MissingRole);
    refused(11, STATE, set_param(PARAM_era_seconds, 43201), ERR_ParameterOutOfRange);
    refused(12, STATE, set_param(PARAM_block_time_ms, 2000), ERR_InvalidArgument);
    call_at(13, STATE, set_param(PARAM_era_seconds, DAY_S / 2));
    advance(2 * (u64)DAY_S);

    static const struct {
        u64 start_s, end_s, emission;
        u32 hours;
    } rows[] = {{0, DAY_S, 2400, 24}, {DAY_S, 129600, 1200, 12}, {129600, 172800, 1200, 12}};
    IS(told_count(LOG_EraClosed), ARRAY_LEN(rows));
    for (u32 era = 0; era < ARRAY_LEN(rows); era++) {
        IS(closed_era(era)->start_s, rows[era].start_s);
        IS(closed_era(era)->end_s, rows[era].end_s);
        IS_AMOUNT(closed_era(era)->emission, rows[era].emission);
        IS(era_of(P, era)->hours_ok, rows[era].hours);
        IS_AMOUNT(era_of(P, era)->liveness, rows[era].emission);
        IS(era_of(P, era)->failed_here, era + 1); /* without a response; streaks go on */
    }
    printf("ok - an era of another length begins at the boundary, and streaks go on\n");
}

static u64 usdx_lease(u64 second, u64 duration_s)
{
    return lease(second, (struct want){.user = U1,
                                       .wallet = 1,
                                       .token = USDX,
                                       .price = 3600,
                                       .duration_s = duration_s,
                                       .provider = P,
                                       .specs = {.cpu = 1}});
}

static void a_commission_changes(void)
{
    struct params p = params_of(0);

    chain_begin(&p);
    put_provider(P, cpus(8), SPONS(501));
    put_wallet(U1, 1, USDX, USDXS(100));
    step(0);
    usdx_lease(DAY_S - 1000, 2000);
    usdx_lease(DAY_S - 990, 10000);
    call_at(DAY_S - 500, STATE, set_param(PARAM_commission_bps, 1000));
    call_at(DAY_S + 10, U1, CALL(EXTEND, extend, .lease = 1, .seconds = 1000));
    u64 fresh = usdx_lease(DAY_S + 100, 1000);
    call_at(DAY_S + 200, U1,
            CALL(REQUEST_UPDATE, request_update, .lease = 2, .specs = {.cpu = 1}, .replicas = 1,
                 .max_price = AMOUNT(3600), .duration_s = 1000));
    call_at(DAY_S + 201, P, CALL(ACCEPT_UPDATE, accept_update, .lease = 2, .price = AMOUNT(3600)));
    advance(DAY_S + 5000);

    static const struct {
        u64 lease, gross, commission;
    } rows[] = {
        {2, 1191, 238}, /* until its update: 20 % */
        {3, 1000, 100}, /* matched after the close: 10 % */
        {4, 1000, 100}, /* what the update made */
        {1, 3000, 600}, /* extended: its old rate */
    };
    IS(fresh, 3);
    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        const struct log_lease_closed *l = &told(LOG_LeaseClosed, i)->u.lease_closed;
        IS(l->lease, rows[i].lease);
        IS_AMOUNT(l->gross, rows[i].gross);
        IS_AMOUNT(l->commission, rows[i].commission);
    }
    printf("ok - another commission: live leases and extensions keep theirs, updates take it\n");
}

/* A lease is confirmed by the timeout of its start, and warned by the distance of its time. */
static void timeouts_and_warnings_change(void)
{
    struct params p = params_of(0);

    chain_begin(&p);
    put_provider(P, cpus(8), SPONS(501));
    put_wallet(U1, 1, USDX, USDXS(100));
    step(0);
    put(STATE, set_param(PARAM_activation_timeout_s, 1200));
    put(STATE, set_param(PARAM_lease_warning_s, 7200));
    step(10);
    usdx_lease(DAY_S - 1000, 7000); /* 1000 of them are over: warned at once */
    usdx_lease(DAY_S - 990, 20000); /* warned two hours before its end */
    lease(DAY_S - 300, (struct want){.user = U1,
                                     .wallet = 1,
                                     .token = USDX,
                                     .price = 3600,
                                     .duration_s = 7200,
                                     .provider = P,
                                     .specs = {.cpu = 1},
                                     .unconfirmed = true});
    told_skip();
    advance(DAY_S + 20000);
    TOLD("86400 LeaseEnding\n"
         "86400 LeaseEnding\n"
         "86700 LeaseClosed provider_breach\n"
         "92400 LeaseClosed expired\n"
         "98210 LeaseEnding\n"
         "105410 LeaseClosed expired\n");
    printf("ok - timeouts stay those of the start, warnings follow the parameter\n");
}

static void points_follow_a_parameter(void)
{
    struct params p = params_of(240);

    chain_begin(&p);
    put_provider(P, cpus(10), SPONS(501));
    step(0);
    call_at(100, STATE, set_param(PARAM_cpu_base_points, 2));
    advance(2 * (u64)DAY_S);
    IS(era_of(P, 0)->points_ok, 24 * points(10));
    IS(era_of(P, 1)->points_ok, 24 * points(20));
    printf("ok - base points of another value count from the next era on\n");
}

/* "Units of an hour are those registered at its start." */
static void a_machine_grows_within_an_era(void)
{
    struct params p = params_of(240);

    chain_begin(&p);
    put_provider(P, cpus(10), SPONS(501));
    step(0);
    call_at(HMS(6, 0, 0), P, CALL(UPDATE_MACHINE, update_machine, .machine = cpus(20)));
    call_at(HMS(12, 0, 1), P, CALL(UPDATE_MACHINE, update_machine, .machine = cpus(40)));
    advance(DAY_S);
    IS(era_of(P, 0)->points_potential, 6 * points(10) + 7 * points(20) + 11 * points(40));
    IS_AMOUNT(era_of(P, 0)->liveness, 240);
    printf("ok - a machine that grows counts from the next whole hour on\n");
}

/* ---- late records ---- */

/* Down 80000 to 85000 of era 0, known in era 1, when Q has joined and an hour is worth half. */
static void a_down_record_comes_after_the_close(void)
{
    struct params p = params_of(240);

    chain_begin(&p);
    put_provider(P, cpus(1), SPONS(501));
    step(0);
    put_provider(Q, cpus(1), SPONS(501));
    step(DAY_S);
    put(STATE, down_at(80000));
    step(DAY_S + 100);
    refused(DAY_S + 101, STATE, up_at(79999), ERR_InvalidArgument);
    call_at(DAY_S + 102, STATE, up_at(85000));
    refused(DAY_S + 103, STATE, up_at(85001), ERR_OutageUnknown);
    refused(DAY_S + 104, STATE, down_at(84999), ERR_InvalidArgument);
    advance(2 * (u64)DAY_S);

    IS(era_of(P, 0)->hours_ok, 24);
    IS(era_of(P, 0)->up_s, DAY_S);
    IS_AMOUNT(era_of(P, 0)->liveness, 240);
    IS(era_of(P, 1)->hours_ok, 23); /* the cooldown until 88600 */
    IS(era_of(P, 1)->up_s, DAY_S);
    IS_AMOUNT(era_of(Q, 1)->liveness, 24 * 5);

    const struct log_slashed *l = &told(LOG_Slashed, 0)->u.slashed;
    IS(told_count(LOG_Slashed), 1);
    IS(l->cause, SLASH_STANDBY);
    IS(l->instant_s, 83600);
    IS(l->instant_era, 0);
    IS(l->close_era, 1);
    IS_AMOUNT(l->amount, 10); /* as an hour of era 0 was worth */
    advance(3 * (u64)DAY_S);
    IS(told_count(LOG_Slashed), 1);
    printf("ok - a down record after the close costs what its hour was worth, once\n");
}

/* Eras of an hour, and in era 0 a lease for one unit that ends by its tenant at 3550, within an
 * outage, and a machine that grows after it: what a record of it asks for hours later. */
static void an_hour_long_ago(struct params *p)
{
    p->era_seconds = 3600;
    p->emission_bps_year = 10000;
    p->supply0 = AMOUNT(10 * 8760); /* ten units an era */
    chain_begin(p);
    put_provider(P, cpus(1), SPONS(501));
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(0);
    lease(1000, (struct want){.user = U1,
                              .wallet = 1,
                              .token = SPON,
                              .price = 1,
                              .duration_s = DAY_S,
                              .provider = P,
                              .specs = {.cpu = 1}});
    call_at(3550, U1, CALL(CLOSE_LEASE, close_lease, .lease = 1));
    call_at(3560, P, CALL(UPDATE_MACHINE, update_machine, .machine = cpus(7)));
}

static void slashed_for_era_0(u64 close_era)
{
    const struct log_slashed *l = &told(LOG_Slashed, 0)->u.slashed;

    IS(told_count(LOG_Slashed), 1);
    IS(l->cause, SLASH_DEPLOYMENT);
    IS(l->instant_s, 3540);
    IS(l->close_era, close_era);
    IS_AMOUNT(l->hour_liveness, 10);
    IS_AMOUNT(l->lease_fees, 1);
}

/* settled 41: "known from the second missed beat on", or from the hundredth */
static void a_slow_detector(void)
{
    struct params p = params_of(0);

    p.heartbeat_misses = 100;
    an_hour_long_ago(&p);
    call_at(3540 + 99 * 60, STATE, down_at(3540));
    call_at(3540 + 99 * 60 + 1, STATE, up_at(3600));
    advance(4 * 3600);
    slashed_for_era_0(2);
    printf("ok - a record that its detector brings two eras late finds lease and rating\n");
}

/* settled 158: "in the block after the detector fires", which may be eras later */
static void a_record_after_a_long_halt(void)
{
    struct params p = params_of(0);

    an_hour_long_ago(&p);
    step(3570);
    put(STATE, CALL(REPORT_HALT, report_halt, .start_s = 3571, .end_s = 16200));
    put(STATE, down_at(3540));
    put(STATE, up_at(4000));
    step_after_halt(16200);
    advance(5 * 3600);
    slashed_for_era_0(4);
    printf("ok - a record that a long halt held back finds lease and rating\n");
}

/* ---- halts ---- */

/* The chain stands still from 50000 to the middle of era 3; one lease ends in era 1. */
static void a_halt_over_eras(bool reported)
{
    const u64 stop = 50000, next = 3 * DAY_S + 40000;
    struct params p = params_of(2400);

    chain_begin(&p);
    put_provider(P, cpus(8), SPONS(501));
    put_wallet(U1, 1, USDX, USDXS(15));
    step(0);
    usdx_lease(1000, DAY_S + 1000);
    put_responses(50000);
    step(stop - 1);

    if (reported)
        put(STATE, CALL(REPORT_HALT, report_halt, .start_s = stop, .end_s = next));
    step_after_halt(next);
}

/* What the one block told: the closes in order, the lease's end in its place. */
static void closes_in_order(bool reported)
{
    u32 n, at = 0, closes = 0;
    const struct log *logs = chain_logs(&chain, &n);

    for (u32 i = 0; i < n; i++) {
        if (logs[i].kind == LOG_EraClosed) {
            IS(logs[i].u.era_closed.era, closes);
            IS(logs[i].u.era_closed.end_s, (closes + 1) * DAY_S);
            IS_AMOUNT(logs[i].u.era_closed.liveness, 2400);
            closes++;
        } else if (logs[i].kind == LOG_LeaseClosed) {
            at = closes;
            IS(logs[i].u.lease_closed.end_s, DAY_S + 2000);
            IS_AMOUNT(logs[i].u.lease_closed.gross, DAY_S + 1000);
        } else if (logs[i].kind == LOG_ProviderEra) {
            const struct log_provider_era *e = &logs[i].u.provider_era;
            IS(e->hours_ok, 24);
            IS(e->neutral, reported && e->era > 0);
            IS(e->counted_s, !reported ? DAY_S : e->era == 0 ? 50000 : 0);
            IS(e->tasks, e->era == 1);
        }
    }
    IS(closes, 3);
    IS(at, 1); /* in era 1, between two closes */
    EXPECT(chain_era(&chain) == 3);
}

static void halts(void)
{
    a_halt_over_eras(true);
    closes_in_order(true);
    a_halt_over_eras(false);
    closes_in_order(false);
    printf("ok - after a halt over three boundaries the eras close in order, each knowing of it\n");
}

int main(void)
{
    an_era_gets_another_length();
    a_commission_changes();
    timeouts_and_warnings_change();
    points_follow_a_parameter();
    a_machine_grows_within_an_era();
    a_down_record_comes_after_the_close();
    a_slow_detector();
    a_record_after_a_long_halt();
    halts();
    return 0;
}
