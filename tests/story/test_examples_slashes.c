/* The worked examples of slashing through the chain's own closes: E35 E37 E39.  (E39's row with
 * delegated stake waits for delegation.) */
#include "tests/chain.h"

/* One provider of tier 1 with one CPU: W is 24 of his hours, so one hour's liveness V is a 24th of
 * the emission.  Users pay in SPON, wallet n is Un's. */
static void begin(u64 v, struct amount stake)
{
    struct params p = story_params();

    story_emission(&p, 24 * v);
    p.initial_tier = 1;
    p.tier_7_stake = p.tier_1_stake = AMOUNT(0); /* so that a stake may be a few units */
    chain_begin(&p);
    put_provider(P, cpus(16), stake);
    put_wallet(U1, 1, SPON, SPONS(1000));
    put_wallet(U2, 2, SPON, SPONS(1000));
    step(0);
    told_skip();
}

/* All day: F units an hour. */
static struct want lease_of(u32 user, u32 wallet, u64 f)
{
    return (struct want){.user = user,
                         .wallet = wallet,
                         .token = SPON,
                         .price = f,
                         .duration_s = DAY_S,
                         .provider = P,
                         .specs = {.cpu = 1}};
}

static void two_leases(u64 f1, u64 f2)
{
    struct want wants[] = {lease_of(U1, 1, f1), lease_of(U2, 2, f2)};

    lease_all(10, wants, ARRAY_LEN(wants));
}

static void outage(u64 from, u64 to)
{
    call_at(from + 60, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = from));
    call_at(to + 1, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = to));
}

static const struct log_slashed *slash(u32 nth)
{
    return &told(LOG_Slashed, nth)->u.slashed;
}

/* A user's part of the nth slash. */
static void paid(u32 nth, u32 account, u128 claim, u128 amount)
{
    const struct log_slash_paid *l;
    u32 i = 0;

    do
        l = &told(LOG_SlashPaid, i++)->u.slash_paid;
    while (l->slash != slash(nth)->slash || l->account != account);
    IS_AMOUNT(l->claim, claim);
    IS_AMOUNT(l->amount, amount);
}

static void e35_an_outage_of_3601_s_with_two_leases(void)
{
    begin(5, SPONS(501));
    two_leases(3, 4);
    u128 before[] = {balance_of(U1, SPON), balance_of(U2, SPON)};
    outage(HMS(10, 0, 0), HMS(11, 0, 1));
    advance(DAY_S);

    IS(told_count(LOG_Slashed), 2);
    for (u32 k = 0; k < 2; k++) {
        IS(slash(k)->cause, SLASH_DEPLOYMENT);
        IS(slash(k)->instant_s, 36000 + k * 3600);
        IS_AMOUNT(slash(k)->hour_liveness, 5);
        IS_AMOUNT(slash(k)->amount, 7);
        paid(k, U1, 3, 3);
        paid(k, U2, 4, 4);
    }
    IS(balance_of(U1, SPON) - before[0], 6);
    IS(balance_of(U2, SPON) - before[1], 8);
    IS(standing_of(P)->own.wei, WEI_E18(501) - 14);
    TOLD("7 OrderCreated\n"
         "7 OrderCreated\n"
         "10 LeaseCreated\n"
         "10 LeaseCreated\n"
         "10 LeaseConfirmed\n"
         "10 LeaseConfirmed\n"
         "36060 ProviderDown\n"
         "39602 ProviderUp\n"
         "82810 LeaseEnding\n"
         "82810 LeaseEnding\n"
         "86400 Slashed deployment 7\n"
         "86400 Slashed deployment 7\n");
    printf("ok - E35 an outage of 3,601 s with two leases\n");
}

/* Outage 10:00:00 to 15:00:00, one lease with F = 3 until `end`, V = 5. */
static void lease_until(u64 end)
{
    const u64 down = HMS(10, 0, 0), back = HMS(15, 0, 0);

    begin(5, SPONS(501));
    u64 id = lease(10, lease_of(U1, 1, 3));
    if (end == down)
        call_at(end, U1, CALL(CLOSE_LEASE, close_lease, .lease = id));
    call_at(down + 60, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = down));
    if (end != down)
        call_at(end, U1, CALL(CLOSE_LEASE, close_lease, .lease = id));
    call_at(back + 1, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = back));
    advance(DAY_S);
    IS(told_count(LOG_Slashed), 1);
}

static void e37_a_lease_that_ends_inside_or_as_the_outage_begins(void)
{
    static const struct {
        u64 ends;
        enum slash_cause cause;
        u64 instant_s;
    } rows[] = {{HMS(11, 0, 0), SLASH_DEPLOYMENT, 36000}, {HMS(10, 0, 0), SLASH_STANDBY, 39600}};

    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        lease_until(rows[i].ends);
        IS(slash(0)->cause, rows[i].cause);
        IS(slash(0)->instant_s, rows[i].instant_s);
        IS_AMOUNT(slash(0)->amount, 5);
        IS(told_count(LOG_SlashPaid), rows[i].cause == SLASH_DEPLOYMENT);
        IS(pocket_sum(SPON, POCKET_SLARKS), rows[i].cause == SLASH_STANDBY ? 5 : 0);
    }
    printf("ok - E37 a lease that ends inside, or as, the outage begins\n");
}

/* A slash of 10 meets own stake 5: what is not there is bad debt, which no later credit pays. */
static void taken(void)
{
    begin(10, AMOUNT(5));
    outage(HMS(10, 0, 0), HMS(11, 0, 1));
    advance(DAY_S);
    IS_AMOUNT(slash(0)->amount, 10);
    IS_AMOUNT(slash(0)->own, 5);
    IS_AMOUNT(slash(0)->unbonding, 0);
    IS_AMOUNT(slash(0)->bad_debt, 5);
    call_at(DAY_S + 1, P, CALL(STAKE, stake, .amount = AMOUNT(100)));
    advance(2 * (u64)DAY_S);
    IS_AMOUNT(standing_of(P)->own, 100);
    IS_AMOUNT(standing_of(P)->bad_debt, 5);
}

/* One started hour; its slash is max(V, 3 + 4). */
static void shared(u64 v, u128 all, u128 u1, u128 u2, u128 dust)
{
    begin(v, SPONS(501));
    two_leases(3, 4);
    outage(HMS(10, 0, 0), HMS(10, 30, 0));
    advance(DAY_S);
    IS_AMOUNT(slash(0)->own, all);
    paid(0, U1, 3, u1);
    paid(0, U2, 4, u2);
    IS_AMOUNT(slash(0)->to_users, u1 + u2);
    IS_AMOUNT(slash(0)->to_dust, dust);
    IS(pocket_sum(SPON, POCKET_DUST), dust);
}

static void e39_what_is_taken_who_gets_it(void)
{
    taken();
    shared(5, 7, 3, 4, 0);
    shared(8, 8, 3, 4, 1);
    printf("ok - E39 what is taken, who gets it\n");
}

int main(void)
{
    e35_an_outage_of_3601_s_with_two_leases();
    e37_a_lease_that_ends_inside_or_as_the_outage_begins();
    e39_what_is_taken_who_gets_it();
    return 0;
}
