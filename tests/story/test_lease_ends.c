/* Each way in which a lease ends, and what may happen to it before: settled "Money of a lease,
 * exactly", 3 and 6 to 9. */
#include "tests/chain.h"

/* One unit an hour is a price of 1; this one makes the gross the seconds. */
#define UNIT_A_SECOND 3600u
#define START 1000u

static void begin_with(const struct params *p)
{
    chain_begin(p);
    put_provider(P, cpus(16), SPONS(501));
    put_wallet(U1, 1, USDX, USDXS(20));
    step(0);
    told_skip();
}

static void begin(void)
{
    struct params p = story_params();

    story_emission(&p, 0);
    begin_with(&p);
}

static struct want want_of(u64 duration_s)
{
    return (struct want){.user = U1,
                         .wallet = 1,
                         .token = USDX,
                         .price = UNIT_A_SECOND,
                         .duration_s = duration_s,
                         .provider = P,
                         .specs = {.cpu = 4}};
}

static const struct tx close_it = {.kind = TX_CLOSE_LEASE, .u.close_lease = {.lease = 1}};
static const struct tx confirm_it = {.kind = TX_CONFIRM, .u.confirm = {.lease = 1}};

static const struct log_lease_closed *closed(u32 nth)
{
    return &told(LOG_LeaseClosed, nth)->u.lease_closed;
}

/* Gross, and where all that was locked went. */
static void ended(u32 nth, enum lease_end reason, u64 end_s, u128 gross, u128 refund)
{
    const struct log_lease_closed *l = closed(nth);

    IS(l->reason, reason);
    IS(l->end_s, end_s);
    IS_AMOUNT(l->gross, gross);
    IS_AMOUNT(l->refund, refund);
    IS(l->gross.wei + l->user_fee.wei + l->refund.wei + l->shrunk.wei,
       told(LOG_LeaseCreated, nth)->u.lease_created.gross_lock.wei +
           told(LOG_LeaseCreated, nth)->u.lease_created.user_fee_lock.wei);
    IS(l->to_provider.wei + l->commission.wei + l->provider_fee.wei + l->rest.wei, gross);
}

static void expired(void)
{
    begin();
    lease(START, want_of(7200));
    advance(START + 7200);
    ended(0, LEASE_EXPIRED, START + 7200, 7200, 0);
    IS(standing_of(P)->tasks, 1);
    IS(standing_of(P)->tasks_done, 1);
    TOLD("997 OrderCreated\n"
         "1000 LeaseCreated\n"
         "1000 LeaseConfirmed\n"
         "4600 LeaseEnding\n"
         "8200 LeaseClosed expired\n");
    printf("ok - expired at its agreed end, an hour after the warning\n");
}

/* At +1000 half of what the escrow holds goes: of 7200 are 1000 debited, 3100 of 6200 stay. */
static void insufficient(void)
{
    begin();
    lease(START, want_of(7200));
    call_at(START + 1000, STATE, CALL(SHRINK, shrink, .token = USDX, .keep_bps = 5000));
    IS_AMOUNT(purse_of(1, USDX)->unlocked, (20000000 - 7344) / 2);
    IS_AMOUNT(purse_of(1, USDX)->locked, 3100 + 62);
    advance(START + 7200);
    /* user fee: 144 locked, 20 taken, 62 of 124 stay; 2 % of 4100 is 82 */
    ended(0, LEASE_INSUFFICIENT, START + 4100, 4100, 0);
    IS_AMOUNT(closed(0)->user_fee, 82);
    IS_AMOUNT(closed(0)->shrunk, 3100 + 62);
    TOLD("997 OrderCreated\n"
         "1000 LeaseCreated\n"
         "1000 LeaseConfirmed\n"
         "4600 LeaseEnding\n"
         "5100 LeaseClosed insufficient\n");
    printf("ok - insufficient, when half of the token is gone\n");
}

/* The last second of agreed time is not worth a close of its own: expiry takes precedence. */
static void insufficient_yields_to_expiry(void)
{
    begin();
    lease(START, want_of(100));
    call_at(START + 98, STATE, CALL(SHRINK, shrink, .token = USDX, .keep_bps = 5000));
    advance(START + 100);
    ended(0, LEASE_EXPIRED, START + 100, 99, 0);
    printf("ok - with a block of agreed time left it expires\n");
}

/* 45 units an hour are 2 for 128 s, of which one is debited at +80 and the other goes at +127, when
 * no more than a block of agreed time is left: settled 106. */
static void shrunk_in_its_last_block(void)
{
    struct want want = want_of(128);

    begin();
    want.price = 45;
    lease(START, want);
    call_at(START + 127, STATE, CALL(SHRINK, shrink, .token = USDX, .keep_bps = 5000));
    advance(START + 128);
    ended(0, LEASE_EXPIRED, START + 128, 1, 0);
    IS_AMOUNT(closed(0)->shrunk, 1);
    printf("ok - what shrinks in the last block of agreed time expires\n");
}

static void breach(void)
{
    struct want want = want_of(7200);
    struct tx earnings = CALL(CLAIM_EARNINGS, claim_earnings, .token = USDX);

    begin();
    want.unconfirmed = true;
    lease(START, want);
    refused(START + 300, P, earnings, ERR_NothingToClaim);
    refused(START + 600, P, confirm_it, ERR_LeaseAlreadyTerminated);
    ended(0, LEASE_PROVIDER_BREACH, START + 600, 600, 6600 + 132);
    IS(closed(0)->task_failed, 1);
    call_at(START + 601, P, earnings);
    IS_AMOUNT(told_last(LOG_EarningsClaimed)->u.earnings_claimed.amount, 468);
    u128 before = balance_of(U1, SPON);
    advance(DAY_S);

    /* one hour of 3600 units of USDX in SPON: 0.0036 x 1.00 / 0.06 = 0.06 */
    const struct log_slashed *l = &told(LOG_Slashed, 0)->u.slashed;
    IS(l->cause, SLASH_BREACH);
    IS(l->instant_s, START + 600);
    IS_AMOUNT(l->amount, WEI_E18(6) / 100);
    IS(balance_of(U1, SPON) - before, WEI_E18(6) / 100);
    TOLD("997 OrderCreated\n"
         "1000 LeaseCreated\n"
         "1600 LeaseClosed provider_breach\n"
         "86400 Slashed breach 60000000000000000\n");
    printf("ok - provider_breach, ten minutes without a confirmation\n");
}

/* What an unconfirmed provider earned is his with the confirmation. */
static void confirmed_late(void)
{
    struct want want = want_of(7200);
    struct tx earnings = CALL(CLAIM_EARNINGS, claim_earnings, .token = USDX);

    begin();
    want.unconfirmed = true;
    lease(START, want);
    refused(START + 300, U1, confirm_it, ERR_OnlyTenantOrProvider);
    call_at(START + 599, P, confirm_it);
    refused(START + 599 + 1, P, confirm_it, ERR_LeaseAlreadyConfirmed);
    call_at(START + 1000, P, earnings);
    IS_AMOUNT(told_last(LOG_EarningsClaimed)->u.earnings_claimed.amount, 780);
    printf("ok - a late confirmation gives what was held back\n");
}

static void by_a_party(void)
{
    begin();
    lease(START, want_of(7200));
    refused(START + 10, U2, close_it, ERR_OnlyTenantOrProvider);
    refused(START + 11, U1, CALL(CLOSE_LEASE, close_lease, .lease = 2), ERR_LeaseNotFound);
    call_at(START + 3600, U1, close_it);
    ended(0, LEASE_USER, START + 3600, 3600, 3600 + 72);
    IS(standing_of(P)->tasks_done, 1);

    static const struct {
        u32 image_failed, done;
    } rows[] = {{0, 0}, {1, 1}};
    for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
        begin();
        lease(START, want_of(7200));
        call_at(START + 3600, P,
                CALL(CLOSE_LEASE, close_lease, .lease = 1, .image_failed = rows[i].image_failed));
        ended(0, LEASE_PROVIDER, START + 3600, 3600, 3600 + 72);
        IS(standing_of(P)->tasks, 1);
        IS(standing_of(P)->tasks_done, rows[i].done);
    }
    printf("ok - by the user, by the provider, and whose fault it was\n");
}

/* ---- updates ---- */

static struct tx update_of(u32 cpu, u128 max_price, u64 duration_s)
{
    return CALL(REQUEST_UPDATE, request_update, .lease = 1, .specs = {.cpu = cpu}, .replicas = 1,
                .max_price = AMOUNT(max_price), .duration_s = duration_s);
}

static struct tx accept_at(u128 price)
{
    return CALL(ACCEPT_UPDATE, accept_update, .lease = 1, .price = AMOUNT(price));
}

static void updated(void)
{
    begin();
    lease(START, want_of(7200));
    refused(START + 99, P, accept_at(1), ERR_NoUpdateRequested);
    call_at(START + 100, U1, update_of(8, 7200, 0));
    refused(START + 101, P, accept_at(7201), ERR_BidPriceExceedsMaxPrice);
    call_at(START + 102, P, accept_at(7200));
    ended(0, LEASE_UPDATED, START + 102, 102, 7098 + 142);

    const struct log_lease_created *l = &told(LOG_LeaseCreated, 1)->u.lease_created;
    IS(l->replaces, 1);
    IS(l->start_s, START + 102);
    IS(l->agreed_s, 7200 - 102); /* the agreed time left */
    IS(l->specs.cpu, 8);
    IS_AMOUNT(l->gross_lock, 2 * 7098);
    IS(provider_at(&chain.state, 1)->cpu_reserved, 8);
    advance(START + 7200);
    ended(1, LEASE_EXPIRED, START + 7200, 2 * 7098, 0);
    TOLD("997 OrderCreated\n"
         "1000 LeaseCreated\n"
         "1000 LeaseConfirmed\n"
         "1100 UpdateRequested\n"
         "1102 LeaseClosed updated\n"
         "1102 LeaseCreated\n"
         "4600 LeaseEnding\n"
         "8200 LeaseClosed expired\n");
    printf("ok - updated: the old lease closes and the new one opens in one transaction\n");
}

/* "if anything is missing all reverts and the old lease stays" */
static void update_refused(void)
{
    begin();
    lease(START, want_of(7200));
    call_at(START + 100, U1, update_of(4, 7200, 0));
    refused(START + 103, P, accept_at(1), ERR_NoUpdateRequested); /* blocks N+1..N+2 */

    call_at(START + 200, U1, update_of(17, 7200, 0));
    refused(START + 201, P, accept_at(1), ERR_NoCapacity);

    call_at(START + 300, U1, update_of(9, 7200, 0)); /* 20 USD carry 8 CPUs */
    refused(START + 301, P, accept_at(1), ERR_BracketExceeded);

    const u128 all = 20000000; /* not to be had for two hours, whatever the refund */
    call_at(START + 400, U1, update_of(4, all, 7200));
    refused(START + 401, P, accept_at(all), ERR_InsufficientBalance);
    refused(START + 402, U1, accept_at(1), ERR_OnlyTenantOrProvider);

    IS(told_count(LOG_LeaseClosed), 0);
    IS(provider_at(&chain.state, 1)->cpu_reserved, 4);
    printf("ok - an update that misses anything leaves the old lease\n");
}

/* ---- extensions ---- */

static struct tx extend_by(u64 seconds)
{
    return CALL(EXTEND, extend, .lease = 1, .seconds = seconds);
}

static void extended(void)
{
    begin();
    lease(START, want_of(7200));
    refused(START + 4000, U2, extend_by(1), ERR_OnlyTenantOrProvider);
    refused(START + 4001, U1, extend_by(365u * DAY_S - 7199), ERR_DurationTooLong);
    call_at(START + 7199, U1, extend_by(3600));
    refused(START + 10800, U1, extend_by(1), ERR_LeaseAlreadyTerminated);
    const struct log_lease_closed *l = closed(0);
    IS(l->reason, LEASE_EXPIRED);
    IS_AMOUNT(l->gross, 10800);
    IS_AMOUNT(l->refund, 0);
    TOLD("997 OrderCreated\n"
         "1000 LeaseCreated\n"
         "1000 LeaseConfirmed\n"
         "4600 LeaseEnding\n"
         "8199 LeaseExtended\n"
         "8200 LeaseEnding\n"
         "11800 LeaseClosed expired\n");
    printf("ok - an extension in the last second, with a warning of its own\n");
}

int main(void)
{
    expired();
    insufficient();
    insufficient_yields_to_expiry();
    shrunk_in_its_last_block();
    breach();
    confirmed_late();
    by_a_party();
    updated();
    update_refused();
    extended();
    return 0;
}
