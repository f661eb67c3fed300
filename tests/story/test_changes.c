/* What a change of a parameter reaches, and what it leaves as it was: settled 153, "parameter
 * changes that are due take effect" in step 8, so a close goes by those of its era, and what a
 * close before has dealt with is over. */
#include "chain-mock/watch/watch.h"
#include "tests/chain.h"

#include <string.h>

static struct params params_of(void)
{
    struct params p = story_params();

    story_emission(&p, 2400);
    p.initial_tier = 1;
    return p;
}

static void begin(const struct params *p)
{
    chain_begin(p);
    put_provider(P, cpus(8), SPONS(1000));
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(0);
}

static void change(u64 second, enum param_id param, u64 value)
{
    call_at(second, STATE, CALL(SET_PARAM, set_param, .param = param, .value = value));
}

static void down(u64 from)
{
    call_at(from + 60, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = from));
}

static void up(u64 to)
{
    call_at(to + 1, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = to));
}

static const struct log_slashed *slash(u32 nth)
{
    return &told(LOG_Slashed, nth)->u.slashed;
}

/* ---- standby: "Slashes whose instant lies in [S, E), or in a closed era and known only since" */

static void a_shorter_limit_does_not_reach_back(void)
{
    struct params p = params_of();

    begin(&p);
    down(HMS(4, 0, 0));
    up(HMS(4, 10, 0));
    change(HMS(6, 0, 0), PARAM_standby_slash_after_s, 1);
    advance(DAY_S);
    /* nothing is known that was not taken: the reserve is 0 */
    call_at(DAY_S + 10, P, CALL(UNSTAKE, unstake, .amount = SPONS(1000)));
    advance(3 * (u64)DAY_S);
    IS(told_count(LOG_EraClosed), 3);
    IS(told_count(LOG_Slashed), 0);
    printf("ok - an outage that a close has judged is over for a shorter standby limit\n");
}

static void a_longer_limit_does_not_slash_again(void)
{
    struct params p = params_of();

    begin(&p);
    down(HMS(4, 0, 0));
    change(HMS(6, 0, 0), PARAM_standby_slash_after_s, 25 * 3600);
    up(HMS(32, 0, 0));
    advance(3 * (u64)DAY_S);
    IS(told_count(LOG_Slashed), 1); /* settled 54: "once per outage" */
    IS(slash(0)->instant_s, HMS(5, 0, 0));
    printf("ok - an outage that was slashed is not slashed again for a longer limit\n");
}

static void forget(void *about, void *at, size_t size)
{
    (void)about;
    memset(at, 0, size);
}

/* The checkers begin in the middle, as after an import without their notes. */
static void the_checkers_know_of_it_from_the_row(void)
{
    struct params p = params_of();

    begin(&p);
    down(HMS(4, 0, 0));
    change(HMS(6, 0, 0), PARAM_standby_slash_after_s, 50 * 3600);
    advance(DAY_S + 10);
    IS(told_count(LOG_Slashed), 1);
    watch_pieces(&chain.state, forget, NULL);
    chain.state.watch = watch_init(chain.state.watch);
    watch_restart(&chain.state, false);
    advance(4 * (u64)DAY_S);
    IS(told_count(LOG_Slashed), 1);
    printf("ok - nor do checkers that begin in the middle ask for it\n");
}

static void an_open_outage_meets_the_limit_of_each_era(void)
{
    struct params p = params_of();

    p.standby_slash_after_s = 72 * 3600;
    begin(&p);
    down(HMS(4, 0, 0));
    /* the instant would be 5:00, in an era that is closed */
    change(HMS(6, 0, 0), PARAM_standby_slash_after_s, 3600);
    change(HMS(30, 0, 0), PARAM_standby_slash_after_s, 60 * 3600);
    advance(2 * (u64)DAY_S);
    IS(told_count(LOG_Slashed), 0);
    advance(3 * (u64)DAY_S);
    IS(told_count(LOG_Slashed), 1);
    IS(slash(0)->instant_s, HMS(64, 0, 0));
    IS(slash(0)->close_era, 2);
    printf("ok - an outage that goes on is slashed at an instant that no close has dealt with\n");
}

/* A record that came late is judged by the close that first knows it, with its parameters. */
static void what_is_known_only_since_meets_the_new_limit(void)
{
    static const struct {
        u64 limit, slashes;
    } rows[] = {{3600, 1}, {3 * 3600, 0}};

    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        struct params p = params_of();
        begin(&p);
        change(HMS(6, 0, 0), PARAM_standby_slash_after_s, rows[i].limit);
        call_at(HMS(25, 0, 0), STATE,
                CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = HMS(21, 0, 0)));
        call_at(HMS(25, 0, 1), STATE,
                CALL(REPORT_UP, report_up, .provider = 1, .end_s = HMS(23, 0, 0)));
        advance(2 * (u64)DAY_S);
        IS(told_count(LOG_Slashed), rows[i].slashes);
    }
    printf("ok - a late record meets the limit of the close that first knows it\n");
}

/* "no lease of the provider active in [a, a + …)": days ago, and long put away otherwise. */
static void a_lease_at_the_beginning_spares_a_long_outage(void)
{
    struct params p = params_of();

    p.standby_slash_after_s = 100 * 3600;
    begin(&p);
    lease(HMS(3, 0, 0), (struct want){.user = U1,
                                      .wallet = 1,
                                      .token = SPON,
                                      .price = 3600,
                                      .duration_s = 2 * 3600,
                                      .provider = P,
                                      .specs = {.cpu = 1}});
    down(HMS(4, 0, 0));
    advance(6 * (u64)DAY_S);
    IS(told_count(LOG_Slashed), 1);
    IS(slash(0)->cause, SLASH_DEPLOYMENT);
    printf("ok - a lease in an outage's first seconds spares it days later\n");
}

/* ---- cooldowns: settled 62, "after any down→up, also into the next era" ---- */

static void a_cooldown_keeps_its_length(void)
{
    struct params p = params_of();

    begin(&p);
    change(HMS(6, 0, 0), PARAM_cooldown_s, DAY_S);
    down(HMS(19, 50, 0));
    up(HMS(20, 0, 0)); /* an hour of cooldown, over before the change */
    change(HMS(26, 0, 0), PARAM_cooldown_s, 0);
    down(HMS(29, 50, 0));
    up(HMS(30, 10, 0)); /* a day of it, 6:10 into era 2, after the next change */
    down(HMS(58, 10, 0));
    up(HMS(58, 20, 0)); /* none */
    advance(3 * (u64)DAY_S);
    IS(era_of(P, 0)->hours_ok, 24 - 2);
    IS(era_of(P, 1)->hours_ok, 24 - 19);
    IS(era_of(P, 2)->hours_ok, 24 - 7 - 1);
    printf("ok - a cooldown is as long as it was when the reconnect was heard of\n");
}

/* ---- unbonding: settled 61, "payable at the close of the 7th era after the one of the request" */

static void unbonding_is_paid_when_it_was_to_be(void)
{
    static const struct {
        u64 second, amount;
    } rows[] = {{3 * DAY_S, 10}, {7 * DAY_S, 20}};
    struct params p = params_of();

    p.unbonding_eras = 2;
    begin(&p);
    call_at(10, P, CALL(UNSTAKE, unstake, .amount = SPONS(10)));
    change(20, PARAM_unbonding_eras, 5);
    call_at(DAY_S + 10, P, CALL(UNSTAKE, unstake, .amount = SPONS(20)));
    change(DAY_S + 20, PARAM_unbonding_eras, 0);
    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        u128 before = balance_of(P, SPON);
        advance(rows[i].second - 1);
        IS(balance_of(P, SPON), before);
        advance(rows[i].second);
        IS(balance_of(P, SPON) - before, WEI_E18(rows[i].amount));
    }
    printf("ok - unbonding is paid when it was to be at its request\n");
}

/* ---- ratings ---- */

/* Tier 7 had no points for its tier, and has none for another reason from era 1 on. */
static void points_stay_and_their_parts_do_not(void)
{
    struct params p = params_of();

    p.initial_tier = 7;
    p.promotion_eras = 1000;
    begin(&p);
    put(STATE, CALL(SET_PARAM, set_param, .param = PARAM_tier7_zero, .value = 0));
    put(STATE, CALL(SET_PARAM, set_param, .param = PARAM_cpu_base_points, .value = 0));
    step(10);
    advance(2 * (u64)DAY_S);
    IS(era_of(P, 1)->points_potential, 0);
    IS(told_last(LOG_RatingSet)->u.rating_set.from_s, DAY_S);
    printf("ok - a rating is another one though its points are the same\n");
}

int main(void)
{
    a_shorter_limit_does_not_reach_back();
    a_longer_limit_does_not_slash_again();
    the_checkers_know_of_it_from_the_row();
    an_open_outage_meets_the_limit_of_each_era();
    what_is_known_only_since_meets_the_new_limit();
    a_lease_at_the_beginning_spares_a_long_outage();
    a_cooldown_keeps_its_length();
    unbonding_is_paid_when_it_was_to_be();
    points_stay_and_their_parts_do_not();
    return EXIT_SUCCESS;
}
