/* Every answer of err.def, each given by a call that deserves it; a refused call changes nothing
 * but the nonce (tests/chain.h looks). */
#include "tests/chain.h"

#include <string.h>

static const struct specs core = {.cpu = 1, .ram_gib = 1, .disk_gib = 1};
static bool given[ERR_KINDS];

static void no(u64 second, u32 from, struct tx tx, enum err want)
{
    refused(second, from, tx, want);
    given[want] = true;
}

/* A block of the test's own: its answers are read off `txs`. */
static void block_of(u64 second, struct block_tx *txs, u32 n)
{
    struct block b = {.slot = second, .count = n, .txs = txs};
    u32 taken = chain_step(&chain, &b);

    EXPECT(taken == n);
}

static struct tx order_for(u32 wallet, struct specs specs, struct amount price, u64 duration_s)
{
    return CALL(CREATE_ORDER, create_order, .wallet = wallet, .token = SPON, .specs = specs,
                .replicas = 1, .max_price = price, .duration_s = duration_s,
                .tier_worst = TIER_LOWEST);
}

/* Two providers, a wallet with 1000 SPON, that is 60 USD and four rows of its bracket. */
static void begin(void)
{
    struct params p = story_params();

    chain_begin(&p);
    put_provider(P, cpus(64), SPONS(501));
    put_provider(Q, cpus(2), SPONS(50));
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(10);
}

static u64 leased(u64 second)
{
    return lease(second, (struct want){U1, 1, SPON, WEI_E18(1), 7200, P, core, false});
}

static void who_asks(void)
{
    struct tx gift = CALL(TRANSFER, transfer, .to = U2, .token = SPON, .amount = AMOUNT(1));

    begin();
    struct block_tx late = {.from = U1, .nonce = chain_account_nonce(&chain, U1) + 1, .tx = gift};
    u128 before = balance_of(U1, SPON);
    block_of(20, &late, 1);
    EXPECT(late.err == ERR_InvalidNonce && balance_of(U1, SPON) == before);
    EXPECT(chain_account_nonce(&chain, U1) == late.nonce - 1); /* not even the nonce */
    given[late.err] = true;
    struct block_tx stranger = {.from = ACCOUNTS + 7, .tx = gift};
    block_of(21, &stranger, 1);
    EXPECT(stranger.err == ERR_UnknownAccount);
    given[stranger.err] = true;
    no(30, U1, CALL(SET_PRICE, set_price, .token = SPON, .usd_e8 = 1), ERR_MissingRole);
    no(31, STATE, CALL(SET_PRICE, set_price, .token = SPON, .usd_e8 = 0), ERR_InvalidArgument);
    printf("ok - who asks, and for what\n");
}

/* Of each function, asked by somebody without a role: who may not is told so, and all pay its gas.
 */
static void roles(void)
{
    begin();
    for (u32 kind = 0; kind < TX_KINDS; kind++) {
        struct block_tx t = {.from = U3,
                             .nonce = chain_account_nonce(&chain, U3),
                             .tx = {.kind = (enum tx_kind)kind}};
        block_of(20 + kind, &t, 1);
        EXPECT((t.err == ERR_MissingRole) == (tx_rows[kind].roles != 0));
        EXPECT(t.gas == tx_rows[kind].gas);
    }
    printf("ok - roles and gas of every function\n");
}

static void tokens(void)
{
    struct params p = story_params();

    begin();
    no(20, U1, CALL(TRANSFER, transfer, .to = U2, .token = 3), ERR_TokenNotRegistered);
    no(21, U1, CALL(TRANSFER, transfer, .to = ACCOUNTS, .token = SPON), ERR_UnknownAccount);
    call_at(22, STATE, CALL(SET_TOKEN, set_token, .token = USDX, .enabled = 0));
    no(23, U1, CALL(DEPOSIT, deposit, .wallet = 1, .token = USDX, .amount = USDXS(5)),
       ERR_TokenDisabled);
    p.oracle_stale_eras = 1;
    chain_begin(&p);
    put_wallet(U1, 1, SPON, SPONS(1000));
    step(DAY_S); /* "stale when older (strictly) than one era" */
    no(DAY_S + 1, U1, CALL(DEPOSIT, deposit, .wallet = 1, .token = SPON, .amount = SPONS(5)),
       ERR_StalePrice);
    no(DAY_S + 2, U1, order_for(1, core, SPONS(1), 3600), ERR_StalePrice);
    printf("ok - tokens\n");
}

static void wallets(void)
{
    begin();
    no(20, U1, CALL(WITHDRAW, withdraw, .wallet = 9), ERR_WalletNotFound);
    no(21, U2, CALL(WITHDRAW, withdraw, .wallet = 1), ERR_NotWalletOwner);
    no(22, U1, CALL(DEPOSIT, deposit, .wallet = 1, .token = SPON, .amount = AMOUNT(1)),
       ERR_MinimumDepositNotMet);
    no(23, U1, CALL(WITHDRAW, withdraw, .wallet = 1, .amount = SPONS(1001)),
       ERR_InsufficientBalance);
    no(24, U1, order_for(1, (struct specs){.cpu = 33}, SPONS(1), 3600), ERR_BracketExceeded);
    printf("ok - wallets\n");
}

static void providers(void)
{
    struct params p = story_params();

    begin();
    no(20, U1, CALL(STAKE, stake, .amount = SPONS(1)), ERR_ProviderNotFound);
    no(21, P, CALL(PROPOSE, propose, .machine = cpus(1)), ERR_ProviderExists);
    no(22, P, CALL(CLAIM_REWARDS, claim_rewards, .reserved = 0), ERR_NothingToClaim);
    call_at(23, P, CALL(EXIT, exit, .reserved = 0));
    no(24, P, CALL(EXIT, exit, .reserved = 0), ERR_ProviderExiting);
    p.auto_approve = 0;
    chain_begin(&p);
    call_at(20, P, CALL(PROPOSE, propose, .machine = cpus(1)));
    no(21, P, CALL(STAKE, stake, .amount = SPONS(1)), ERR_ProviderNotApproved);
    no(22, STATE, CALL(APPROVE, approve, .provider = 2), ERR_ProviderNotFound);
    call_at(23, STATE, CALL(APPROVE, approve, .provider = 1));
    no(24, STATE, CALL(APPROVE, approve, .provider = 1), ERR_ProviderNotProposed);
    printf("ok - providers\n");
}

static struct tx bid_on(u64 order, u128 price)
{
    return CALL(PLACE_BID, place_bid, .order = order, .price = AMOUNT(price));
}

static void bids(void)
{
    struct specs three = {.cpu = 3};

    begin();
    no(20, P, bid_on(1, 1), ERR_OrderNotFound);
    call_at(30, U1, order_for(1, core, AMOUNT(3600), 3600));
    no(31, P, bid_on(1, 3601), ERR_BidPriceExceedsMaxPrice);
    no(32, Q, bid_on(1, 3600), ERR_StakeTooLow); /* not above 50 SPON */
    no(33, P, bid_on(1, 3600), ERR_OrderNotOpen);
    call_at(40, U1, order_for(1, core, AMOUNT(3600), 3600));
    call_at(41, P, bid_on(2, 3600));
    no(42, P, bid_on(2, 3500), ERR_ProviderHasActiveBid);
    call_at(50, Q, CALL(STAKE, stake, .amount = SPONS(1)));
    call_at(51, U1, order_for(1, three, AMOUNT(3600), 3600));
    no(52, Q, bid_on(3, 3600), ERR_NoCapacity);
    call_at(61, U1,
            CALL(CREATE_ORDER, create_order, .wallet = 1, .token = SPON, .specs = core,
                 .replicas = 1, .max_price = AMOUNT(3600), .duration_s = 3600, .region = 2,
                 .tier_worst = TIER_LOWEST));
    no(62, P, bid_on(4, 3600), ERR_NotEligible);
    call_at(71, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = 70));
    call_at(72, U1, order_for(1, core, AMOUNT(3600), 3600));
    no(73, P, bid_on(5, 3600), ERR_ProviderDown);
    call_at(74, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = 74));
    no(75, STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = 75), ERR_OutageUnknown);
    printf("ok - bids\n");
}

/* In the block of the order itself. */
static void too_early(void)
{
    begin();
    struct block_tx txs[] = {
        {.from = U1,
         .nonce = chain_account_nonce(&chain, U1),
         .tx = order_for(1, core, AMOUNT(3600), 3600)},
        {.from = P, .nonce = chain_account_nonce(&chain, P), .tx = bid_on(1, 3600)}};
    block_of(20, txs, ARRAY_LEN(txs));
    EXPECT(txs[0].err == ERR_None && txs[1].err == ERR_BiddingClosed);
    given[ERR_BiddingClosed] = true;
    printf("ok - a bid in the order's own block\n");
}

/* Five eras without one answered beat in tier 7, after the partial one (settled 16). */
static void suspended(void)
{
    begin();
    advance(6 * DAY_S);
    call_at(6 * DAY_S + 10, U1, order_for(1, core, AMOUNT(3600), 3600));
    no(6 * DAY_S + 11, P, bid_on(1, 3600), ERR_BiddingSuspended);
    printf("ok - a suspended bidder\n");
}

static void leases(void)
{
    begin();
    no(20, U1, CALL(EXTEND, extend, .lease = 1, .seconds = 1), ERR_LeaseNotFound);
    u64 id = leased(103);
    no(110, P, CALL(CONFIRM, confirm, .lease = id), ERR_LeaseAlreadyConfirmed);
    no(111, U2, CALL(CLOSE_LEASE, close_lease, .lease = id), ERR_OnlyTenantOrProvider);
    no(112, P, CALL(ACCEPT_UPDATE, accept_update, .lease = id, .price = AMOUNT(1)),
       ERR_NoUpdateRequested);
    no(113, U1, CALL(EXTEND, extend, .lease = id, .seconds = 31536000 - 7199), ERR_DurationTooLong);
    no(114, U1, CALL(EXTEND, extend, .lease = id, .seconds = UINT64_MAX), ERR_DurationTooLong);
    call_at(120, U1, CALL(CLOSE_LEASE, close_lease, .lease = id));
    no(121, U1, CALL(CLOSE_LEASE, close_lease, .lease = id), ERR_LeaseAlreadyTerminated);
    printf("ok - leases\n");
}

static void slashes(void)
{
    begin();
    (void)leased(103);
    call_at(200, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = 190));
    no(201, P, CALL(UNSTAKE, unstake, .amount = SPONS(501)), ERR_StakeReserved);
    call_at(202, STATE, CALL(VERDICT, verdict, .provider = 1, .user = U1, .damage = SPONS(1)));
    no(203, P, CALL(CLAIM_REWARDS, claim_rewards, .reserved = 0), ERR_UnbondingLocked);
    advance(2 * DAY_S); /* the window of an era is over, and the close after it */
    no(2 * DAY_S + 1, STATE, CALL(VERDICT, verdict, .provider = 1, .user = U1, .damage = SPONS(1)),
       ERR_AlreadySlashed);
    printf("ok - slashes\n");
}

/* A deposit whose worth in USD is beyond 128 bits. */
static void too_large(void)
{
    struct params p = story_params();
    struct amount funds[TOKENS_MAX] = {SPONS(1), AMOUNT((u128)1 << 120)};
    u8 address[20] = {0xff};

    chain_begin(&p);
    story_unmodelled();
    u32 rich = chain_add_account(&chain, address, 0, 1, funds);
    put_wallet(rich, 1, USDX, funds[USDX]);
    put(STATE, CALL(SET_PRICE, set_price, .token = USDX, .usd_e8 = UINT64_MAX));
    step(10);
    no(11, rich,
       CALL(CREATE_ORDER, create_order, .wallet = 1, .token = USDX, .specs = core, .replicas = 1,
            .max_price = AMOUNT(1), .duration_s = 1, .tier_worst = TIER_LOWEST),
       ERR_Overflow);
    no(12, STATE, CALL(SET_PARAM, set_param, .param = PARAM_era_seconds, .value = 3601),
       ERR_ParameterOutOfRange);
    no(13, STATE, CALL(SET_PARAM, set_param, .param = PARAM_block_time_ms, .value = 1000),
       ERR_InvalidArgument);
    no(14, STATE, CALL(SET_PARAM, set_param, .param = PARAM_heartbeat_s, .value = 30),
       ERR_InvalidArgument); /* phases lie within it */
    printf("ok - out of range\n");
}

/* What the wire door makes of what no contract takes, and what gas may cost. */
static void gas_and_coin(void)
{
    begin();
    no(20, U1, CALL(REFUSED, refused, .reason = ERR_UnknownCall), ERR_UnknownCall);
    no(21, U1, CALL(REFUSED, refused, .reason = ERR_NotPayable), ERR_NotPayable);
    no(22, U1, CALL(REFUSED, refused, .reason = ERR_KINDS), ERR_UnknownCall);
    no(23, U1, CALL(SEND, send, .to = U2, .amount = AMOUNT(1)), ERR_TokenNotRegistered);
    no(24, U1, CALL(TRANSFER_FROM, transfer_from, U2, U1, SPON, AMOUNT(1)),
       ERR_InsufficientAllowance);
    struct block_tx dry = {
        .from = U1,
        .nonce = chain_account_nonce(&chain, U1),
        .gas_limit = 49999,
        .tx = CALL(TRANSFER, transfer, .to = U2, .token = SPON, .amount = AMOUNT(1))};
    u128 before = balance_of(U1, SPON);
    block_of(30, &dry, 1);
    EXPECT(dry.err == ERR_OutOfGas && dry.gas == 49999 && balance_of(U1, SPON) == before);
    EXPECT(chain_account_nonce(&chain, U1) == dry.nonce + 1);
    given[dry.err] = true;
    struct block_tx paid = dry;
    paid.nonce++;
    paid.gas_limit = 0;
    paid.gas_price = AMOUNT(1); /* of a chain that has no coin */
    block_of(31, &paid, 1);
    EXPECT(paid.err == ERR_InsufficientFunds && balance_of(U1, SPON) == before);
    EXPECT(chain_account_nonce(&chain, U1) == paid.nonce); /* as if it had never been sent */
    given[paid.err] = true;
    printf("ok - gas, and calls that no contract takes\n");
}

static void all_given(void)
{
    for (u32 e = ERR_None + 1; e < ERR_KINDS; e++) {
        if (!given[e])
            printf("not ok - nothing was answered \"%s\"\n", err_text((enum err)e));
        EXPECT(given[e]);
    }
    printf("ok - each answer has been given\n");
}

int main(void)
{
    who_asks();
    roles();
    tokens();
    wallets();
    providers();
    bids();
    too_early();
    suspended();
    leases();
    slashes();
    too_large();
    gas_and_coin();
    all_given();
    return 0;
}
