/* The worked examples of leases through the contracts' own calls, with their exact figures:
 * E1 E3 E5 E7 E11 E13.  (E9, billing off, needs a Fizz, of which the chain knows nothing yet.) */
#include "tests/chain.h"

#define USER_FUNDS USDXS(20)

static const struct specs one_cpu = {.cpu = 1};

/* A provider, and a wallet of U1 with 20 USDX. */
static void begin(void)
{
    struct params p = story_params();

    chain_begin(&p);
    put_provider(P, cpus(64), SPONS(501));
    put_wallet(U1, 1, USDX, USER_FUNDS);
    step(0);
    told_skip();
}

static u64 usdx_lease(u64 second, u128 price, u64 duration_s)
{
    return lease(second, (struct want){.user = U1,
                                       .wallet = 1,
                                       .token = USDX,
                                       .price = price,
                                       .duration_s = duration_s,
                                       .provider = P,
                                       .specs = one_cpu});
}

static struct tx close_of(u64 id)
{
    return CALL(CLOSE_LEASE, close_lease, .lease = id);
}

static const struct log_lease_closed *closed(void)
{
    return &told_last(LOG_LeaseClosed)->u.lease_closed;
}

static void e1_two_hours_closed_after_half_an_hour(void)
{
    begin();
    u64 id = usdx_lease(1000, 175000, 7200);
    call_at(2800, U1, close_of(id));

    const struct log_lease_created *made = &told(LOG_LeaseCreated, 0)->u.lease_created;
    IS(made->start_s, 1000);
    IS_AMOUNT(made->gross_lock, 350000);
    IS_AMOUNT(made->user_fee_lock, 7000);
    IS_AMOUNT(closed()->gross, 87500);
    IS_AMOUNT(closed()->to_provider, 68250);
    IS_AMOUNT(closed()->commission, 17500);
    IS_AMOUNT(closed()->provider_fee, 1750);
    IS_AMOUNT(closed()->user_fee, 1750);
    IS_AMOUNT(closed()->rest, 0);
    IS_AMOUNT(closed()->refund, 267750);
    IS(closed()->end_s, 2800);
    TOLD("997 OrderCreated\n"
         "1000 LeaseCreated\n"
         "1000 LeaseConfirmed\n"
         "2800 LeaseClosed user\n");
    printf("ok - E1 two hours at 0.175 USDX/h, closed by the user after 1,800 s\n");
}

static void e3_a_close_exactly_at_the_agreed_end(void)
{
    begin();
    u64 id = usdx_lease(1000, 175000, 7200);
    refused(8200, U1, close_of(id), ERR_LeaseAlreadyTerminated);
    IS(closed()->reason, LEASE_EXPIRED);
    IS(closed()->end_s, 8200);
    IS_AMOUNT(closed()->gross, 350000);
    IS_AMOUNT(closed()->user_fee, 7000);
    IS_AMOUNT(closed()->refund, 0);

    begin();
    id = usdx_lease(1000, 175000, 7200);
    call_at(8199, U1, close_of(id));
    IS(closed()->reason, LEASE_USER);
    IS(closed()->end_s, 8199);
    IS_AMOUNT(closed()->gross, 349951);
    IS_AMOUNT(closed()->user_fee, 6999);
    IS_AMOUNT(closed()->refund, 50);
    printf("ok - E3 a close exactly at the agreed end\n");
}

static void e5_a_price_that_does_not_divide(void)
{
    begin();
    usdx_lease(10, 100, 10801);
    IS_AMOUNT(purse_of(1, USDX)->locked, 307);
    advance(10 + 10801);

    const struct log_lease_created *made = &told(LOG_LeaseCreated, 0)->u.lease_created;
    IS_AMOUNT(made->gross_lock, 301);
    IS_AMOUNT(made->user_fee_lock, 6);
    IS_AMOUNT(closed()->gross, 300);
    IS_AMOUNT(closed()->user_fee, 6);
    IS_AMOUNT(closed()->refund, 1);
    IS(closed()->reason, LEASE_EXPIRED);
    IS(closed()->end_s, 10 + 10801);
    printf("ok - E5 a price that does not divide\n");
}

/* One unit a second: the gross is the seconds.  Everybody claims what he has. */
static void e7_no_share_ever_falls(void)
{
    struct tx earnings = CALL(CLAIM_EARNINGS, claim_earnings, .token = USDX);
    struct tx fees = CALL(CLAIM_FEES, claim_fees, .token = USDX);

    begin();
    u64 id = usdx_lease(1000, 3600, 7200);
    put(P, earnings);
    put(FOUNDATION, fees);
    step(1049);
    IS_AMOUNT(purse_of(1, USDX)->debited, 49);
    IS_AMOUNT(told_last(LOG_EarningsClaimed)->u.earnings_claimed.amount, 38);
    IS(balance_of(FOUNDATION, USDX), 9);
    IS(pocket_sum(USDX, POCKET_FEES), 0);
    IS(pocket_sum(USDX, POCKET_LEASE), 2); /* the rest */

    put(P, earnings);
    put(FOUNDATION, fees);
    put(TREASURY, fees);
    step(1050);
    IS_AMOUNT(purse_of(1, USDX)->debited, 50);
    IS_AMOUNT(told_last(LOG_EarningsClaimed)->u.earnings_claimed.amount, 39 - 38);
    IS(balance_of(FOUNDATION, USDX), 10);
    IS(balance_of(TREASURY, USDX), 1 + 1); /* provider fee, and 2 % of 50 from the user */
    IS(pocket_sum(USDX, POCKET_LEASE), 0);

    refused(1051, TREASURY, fees, ERR_NothingToClaim);
    call_at(1052, U1, close_of(id)); /* 52: 40.56, 10.4, 1.04 */
    IS_AMOUNT(closed()->to_provider, 40);
    IS_AMOUNT(closed()->commission, 10);
    IS_AMOUNT(closed()->provider_fee, 1);
    IS_AMOUNT(closed()->rest, 1);
    IS(pocket_sum(USDX, POCKET_DUST), 1);
    printf("ok - E7 no share ever falls\n");
}

static void purse_is(u128 unlocked, u128 locked, u128 debited, u128 user_fees)
{
    const struct purse_row *p = purse_of(1, USDX);

    IS_AMOUNT(p->unlocked, unlocked);
    IS_AMOUNT(p->locked, locked);
    IS_AMOUNT(p->debited, debited);
    IS_AMOUNT(p->user_fees, user_fees);
}

static void wallets_life(bool settled)
{
    struct tx earnings = CALL(CLAIM_EARNINGS, claim_earnings, .token = USDX);
    const u64 start = 5;

    begin();
    u64 id = usdx_lease(start, 175000, 7200);
    purse_is(19643000, 357000, 0, 0);
    if (settled) {
        call_at(start + 600, P, earnings); /* 29166.67, its 2 % 583.32 */
        purse_is(19643000, 327251, 29166, 583);
        call_at(start + 601, P, earnings); /* 29215.28, 584.3 */
        purse_is(19643000, 327201, 29215, 584);
    }
    call_at(start + 1800, U1, close_of(id));
    purse_is(19910750, 0, 87500, 1750);
    refused(start + 1801, U1, close_of(id), ERR_LeaseAlreadyTerminated);

    struct tx withdraw =
        CALL(WITHDRAW, withdraw, .wallet = 1, .token = USDX, .amount = AMOUNT(19910750));
    call_at(start + 1802, U1, withdraw);
    purse_is(0, 0, 87500, 1750);
    IS(balance_of(U1, USDX), USDXS(1000000).wei - USER_FUNDS.wei + 19910750);
    withdraw.u.withdraw.amount = AMOUNT(1);
    refused(start + 1803, U1, withdraw, ERR_InsufficientBalance);
}

static void e11_a_wallets_life(void)
{
    wallets_life(true);
    wallets_life(false);
    printf("ok - E11 a wallet's life\n");
}

/* ---- brackets ---- */

static struct tx order_of(u32 wallet, struct specs specs)
{
    return CALL(CREATE_ORDER, create_order, .wallet = wallet, .token = USDX, .specs = specs,
                .replicas = 1, .max_price = AMOUNT(1), .duration_s = 3600, .tier_worst = 7);
}

static void deposit(u32 wallet, u32 token, struct amount amount)
{
    put(U1, CALL(DEPOSIT, deposit, .wallet = wallet, .token = token, .amount = amount));
}

/* n brackets carry 8 CPUs each, and not one more. */
static void carries(u64 second, u32 wallet, u32 n)
{
    struct specs too_many = {.cpu = 8 * n + 1};

    refused(second, U1, order_of(wallet, too_many), ERR_BracketExceeded);
    if (n > 0)
        call_at(second + 1, U1, order_of(wallet, (struct specs){.cpu = 8 * n}));
}

static void e13_bracket(void)
{
    static const struct {
        u128 units;
        u32 n;
    } rows[] = {{14999999, 0}, {15000000, 1}, {44999999, 2}, {45000000, 3}};
    struct specs a6000 = {.cpu = 25, .gpu_model = MODEL(rtxa6000), .gpus = 1};
    struct specs three = {.cpu = 96, .gpu_model = MODEL(rtxa6000), .gpus = 3};
    struct specs h100 = {.gpu_model = MODEL(h100), .gpus = 1};
    struct params p = story_params();
    u32 wallet;

    chain_begin(&p);
    for (wallet = 1; wallet <= ARRAY_LEN(rows); wallet++)
        put_wallet(U1, wallet, USDX, AMOUNT(rows[wallet - 1].units));
    put_wallet(U1, wallet, USDX, USDXS(40)); /* 40 + 6 = 46 USD */
    deposit(wallet, SPON, SPONS(100));
    step(0);
    for (u32 i = 0; i < ARRAY_LEN(rows); i++)
        carries(10 * (i + 1), i + 1, rows[i].n);
    carries(100, wallet, 3);
    call_at(102, U1, order_of(wallet, a6000));
    call_at(103, U1, order_of(wallet, three));
    three.cpu++;
    refused(104, U1, order_of(wallet, three), ERR_BracketExceeded);

    refused(105, U1, order_of(wallet, h100), ERR_BracketExceeded);
    deposit(wallet, USDX, AMOUNT(73999999)); /* 46 + 74 = 120 USD, but for a unit */
    step(106);
    refused(107, U1, order_of(wallet, h100), ERR_BracketExceeded);
    deposit(wallet, USDX, USDXS(1));
    step(108);
    put(U1, CALL(WITHDRAW, withdraw, .wallet = wallet, .token = USDX, .amount = AMOUNT(999999)));
    put(U1, order_of(wallet, h100)); /* 120 USD exactly */
    step(109);
    printf("ok - E13 bracket\n");
}

int main(void)
{
    e1_two_hours_closed_after_half_an_hour();
    e3_a_close_exactly_at_the_agreed_end();
    e5_a_price_that_does_not_divide();
    e7_no_share_ever_falls();
    e11_a_wallets_life();
    e13_bracket();
    return 0;
}
