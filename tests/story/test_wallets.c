/* A wallet that changes hands with its leases and orders, and a token that is no longer taken:
 * settled 56, 112, 113. */
#include "tests/chain.h"

static void begin(void)
{
    struct params p = story_params();

    story_emission(&p, 0);
    chain_begin(&p);
    put_provider(P, cpus(16), SPONS(501));
    put_wallet(U1, 1, SPON, SPONS(1000));
    put_wallet(U1, 2, USDX, USDXS(30));
    step(0);
    told_skip();
}

static struct tx give_to(u32 account)
{
    return CALL(TRANSFER_WALLET, transfer_wallet, .wallet = 1, .to = account);
}

static struct tx order_from(u32 wallet, u32 token)
{
    return CALL(CREATE_ORDER, create_order, .wallet = wallet, .token = token, .replicas = 1,
                .specs = {.cpu = 1}, .max_price = AMOUNT(3600), .duration_s = 7200,
                .tier_worst = 7);
}

/* Two started hours, 36000 and 39600; the wallet changes hands in the second of the latter. */
static void restitution_to_the_owner_at_the_instant(void)
{
    begin();
    lease(1000, (struct want){.user = U1,
                              .wallet = 1,
                              .token = SPON,
                              .price = 7,
                              .duration_s = DAY_S,
                              .provider = P,
                              .specs = {.cpu = 1}});
    call_at(36070, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = 36000));
    refused(39000, U2, give_to(U2), ERR_NotWalletOwner);
    refused(39001, U1, give_to(ACCOUNTS), ERR_UnknownAccount);
    call_at(39600, U1, give_to(U2));
    call_at(43000, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = 43000));
    u128 u1 = balance_of(U1, SPON), u2 = balance_of(U2, SPON);
    advance(DAY_S);
    IS(balance_of(U1, SPON) - u1, 7);
    IS(balance_of(U2, SPON) - u2, 7);
    TOLD("997 OrderCreated\n"
         "1000 LeaseCreated\n"
         "1000 LeaseConfirmed\n"
         "36070 ProviderDown\n"
         "39600 WalletTransferred\n"
         "43000 ProviderUp\n"
         "83800 LeaseEnding\n"
         "86400 Slashed deployment 7\n"
         "86400 Slashed deployment 7\n");
    printf("ok - restitution goes to the owner at the instant\n");
}

static void leases_orders_and_funds_move(void)
{
    const struct tx close_it = CALL(CLOSE_LEASE, close_lease, .lease = 1);

    begin();
    lease(1000, (struct want){.user = U1,
                              .wallet = 1,
                              .token = SPON,
                              .price = 3600,
                              .duration_s = 7200,
                              .provider = P,
                              .specs = {.cpu = 1}});
    put(U1, order_from(1, SPON));
    put(U1, give_to(U2));
    step(2000);
    refused(2001, U1, CALL(CANCEL_ORDER, cancel_order, .order = 2), ERR_NotWalletOwner);
    call_at(2002, U2, CALL(CANCEL_ORDER, cancel_order, .order = 2));
    refused(2003, U1, close_it, ERR_OnlyTenantOrProvider);
    refused(2004, U1, order_from(1, SPON), ERR_NotWalletOwner);
    call_at(2100, U2, close_it);
    IS(told_last(LOG_LeaseClosed)->u.lease_closed.tenant, U2);
    IS_AMOUNT(told_last(LOG_LeaseClosed)->u.lease_closed.gross, 1100);
    call_at(2101, U2, order_from(1, SPON)); /* the net deposit of U1 carries it */

    struct tx all = CALL(WITHDRAW, withdraw, .wallet = 1, .token = SPON,
                         .amount = AMOUNT(WEI_E18(1000) - 1100));
    refused(2102, U1, all, ERR_NotWalletOwner);
    call_at(2103, U2, all);
    printf("ok - leases, open orders, funds and net deposit move with the wallet\n");
}

static void set_usdx(u64 second, u32 enabled)
{
    call_at(second, STATE, CALL(SET_TOKEN, set_token, .token = USDX, .enabled = enabled));
}

static void a_token_is_disabled(void)
{
    const struct tx extend_it = CALL(EXTEND, extend, .lease = 1, .seconds = 60);

    begin();
    lease(1000, (struct want){.user = U1,
                              .wallet = 2,
                              .token = USDX,
                              .price = 3600,
                              .duration_s = 7200,
                              .provider = P,
                              .specs = {.cpu = 1}});
    refused(1999, U1, CALL(SET_TOKEN, set_token, .token = USDX), ERR_MissingRole);
    set_usdx(2000, 0);
    refused(2001, U1, order_from(2, USDX), ERR_TokenDisabled);
    refused(2002, U1, extend_it, ERR_TokenDisabled);
    refused(2003, U1, CALL(DEPOSIT, deposit, .wallet = 2, .token = USDX, .amount = USDXS(1)),
            ERR_TokenDisabled);
    advance(1000 + 7200);
    IS(told_last(LOG_LeaseClosed)->u.lease_closed.reason, LEASE_EXPIRED);
    IS_AMOUNT(told_last(LOG_LeaseClosed)->u.lease_closed.gross, 7200);
    put(P, CALL(CLAIM_EARNINGS, claim_earnings, .token = USDX));
    put(U1,
        CALL(WITHDRAW, withdraw, .wallet = 2, .token = USDX, .amount = AMOUNT(30000000 - 7344)));
    step(9000);
    set_usdx(9001, 1);
    call_at(9002, U1, CALL(DEPOSIT, deposit, .wallet = 2, .token = USDX, .amount = USDXS(15)));
    call_at(9003, U1, order_from(2, USDX));
    printf("ok - with its token disabled a lease runs to its end, and money leaves\n");
}

/* A price is stale when it is older (strictly) than one era. */
static void a_price_is_stale(void)
{
    const struct tx deposit_it =
        CALL(DEPOSIT, deposit, .wallet = 2, .token = USDX, .amount = USDXS(1));
    struct params p = story_params();

    p.oracle_stale_eras = 1;
    chain_begin(&p);
    put_wallet(U1, 1, SPON, SPONS(1000));
    put_wallet(U1, 2, USDX, USDXS(30));
    step(0);
    call_at(DAY_S, U1, deposit_it);
    refused(DAY_S + 1, U1, deposit_it, ERR_StalePrice);
    refused(DAY_S + 2, U1, order_from(2, USDX), ERR_StalePrice);
    refused(DAY_S + 3, U1, CALL(SET_PRICE, set_price, .token = USDX, .usd_e8 = USD_E8(1)),
            ERR_MissingRole);
    call_at(DAY_S + 4, STATE, CALL(SET_PRICE, set_price, .token = USDX, .usd_e8 = USD_E8(1)));
    call_at(DAY_S + 5, U1, deposit_it);
    call_at(DAY_S + 6, U1, order_from(2, USDX));
    printf("ok - deposits and orders wait for a fresh price\n");
}

/* settled 113: "the escrow credits what arrived"; what the token kept is told, or nobody could
 * reckon the account's balance from the log. */
static void a_token_takes_a_fee(void)
{
    struct params p = story_params();

    chain_begin(&p);
    put_wallet(U1, 1, USDX, USDXS(10));
    step(0);
    EXPECT(told_count(LOG_TransferFee) == 0);
    story_unmodelled();
    token_open(&chain.state, USDX + 1)->transfer_fee_bps = 100;
    state_commit(&chain.state);
    u128 before = balance_of(U1, USDX);
    call_at(10, U1, CALL(DEPOSIT, deposit, .wallet = 1, .token = USDX, .amount = AMOUNT(2000099)));
    const struct log_transfer_fee *l = &told(LOG_TransferFee, 0)->u.transfer_fee;
    EXPECT(l->token == USDX && l->account == U1);
    IS_AMOUNT(l->amount, 20000);
    IS_AMOUNT(told_last(LOG_Deposited)->u.deposited.amount, 1980099);
    IS(before - balance_of(U1, USDX), 2000099);
    printf("ok - what a token keeps of a deposit is told\n");
}

int main(void)
{
    restitution_to_the_owner_at_the_instant();
    leases_orders_and_funds_move();
    a_token_is_disabled();
    a_price_is_stale();
    a_token_takes_a_fee();
    return 0;
}
