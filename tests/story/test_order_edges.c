/* What becomes of an order besides a lease: settled 12, 102, 111, 117, 154, 157. */
#include "tests/chain.h"

#define N 100u /* the order's block; bids in N + 1 and N + 2, match in N + 3 */

static void begin_with(const struct params *p)
{
    chain_begin(p);
    put_provider(P, gpus(MODEL(rtx4090), 1), SPONS(501));
    put_wallet(U1, 1, USDX, USDXS(15));
    step(0);
    told_skip();
}

static void begin(void)
{
    struct params p = story_params();

    begin_with(&p);
}

static struct tx order_of(u128 max_price, u64 duration_s)
{
    return CALL(CREATE_ORDER, create_order, .wallet = 1, .token = USDX, .replicas = 1,
                .specs = {.gpus = 1}, .max_price = AMOUNT(max_price), .duration_s = duration_s,
                .tier_worst = 7);
}

static struct tx bid_of(u64 order, u128 price)
{
    return CALL(PLACE_BID, place_bid, .order = order, .price = AMOUNT(price));
}

static const struct tx cancel_it = {.kind = TX_CANCEL_ORDER, .u.cancel_order = {.order = 1}};
static const struct tx down_now = {.kind = TX_REPORT_DOWN,
                                   .u.report_down = {.provider = 1, .start_s = N}};

static void cancelled_in_its_window(void)
{
    begin();
    call_at(N, U1, order_of(3600, 3600));
    call_at(N + 1, P, bid_of(1, 3600));
    refused(N + 2, U2, cancel_it, ERR_NotWalletOwner);
    begin();
    call_at(N, U1, order_of(3600, 3600));
    call_at(N + 1, P, bid_of(1, 3600));
    call_at(N + 2, U1, cancel_it);
    empty_block(N + 3);
    IS(told_count(LOG_LeaseCreated), 0);
    TOLD("100 OrderCreated\n"
         "102 OrderCancelled by the tenant\n");
    printf("ok - cancelled in the window's last block\n");
}

static void cancelled_too_late(void)
{
    begin();
    call_at(N, U1, order_of(3600, 3600));
    call_at(N + 1, P, bid_of(1, 3600));
    refused(N + 3, U1, cancel_it, ERR_OrderNotOpen); /* its match precedes the call */
    TOLD("100 OrderCreated\n"
         "103 LeaseCreated\n");
    printf("ok - a cancellation in the block of the match comes too late\n");
}

static void bids_that_are_refused(void)
{
    begin();
    call_at(N, U1, order_of(3600, 3600));
    refused(N + 1, P, bid_of(1, 3601), ERR_BidPriceExceedsMaxPrice);
    refused(N + 2, P, bid_of(1, 0), ERR_InvalidArgument);
    refused(N + 3, P, bid_of(1, 3600), ERR_OrderNotOpen);

    begin();
    put(U1, order_of(3600, 3600));
    step(N);
    call_at(N + 1, P, bid_of(1, 3600));
    refused(N + 2, P, bid_of(1, 3000), ERR_ProviderHasActiveBid);

    begin();
    put(U1, order_of(3600, 3600));
    put(STATE, down_now);
    step(N);
    refused(N + 1, P, bid_of(1, 3600), ERR_ProviderDown);
    refused(N + 2, U1, bid_of(1, 3600), ERR_ProviderNotFound);
    printf("ok - bids that are refused\n");
}

static void expired_without_bids(void)
{
    begin();
    call_at(N, U1, order_of(3600, 3600));
    advance(N + 3);
    IS(purse_of(1, USDX)->locked.wei, 0);
    TOLD("100 OrderCreated\n"
         "103 OrderExpired\n");
    printf("ok - without a bid it expires at its match\n");
}

static void expired_as_its_bidder_is_down(void)
{
    begin();
    call_at(N, U1, order_of(3600, 3600));
    call_at(N + 1, P, bid_of(1, 3600));
    call_at(N + 2, STATE, down_now);
    advance(N + 3);
    TOLD("100 OrderCreated\n"
         "102 ProviderDown\n"
         "103 OrderExpired\n");
    printf("ok - a bid of a provider that is reported down is void at the match\n");
}

/* No block from N + 2 on until `next`. */
static void halted_until(u64 next)
{
    begin();
    call_at(N, U1, order_of(3600, 3600));
    call_at(N + 1, P, bid_of(1, 3600));
    put(STATE, CALL(REPORT_HALT, report_halt, .start_s = N + 2, .end_s = next));
    step_after_halt(next);
}

static void over_a_halt(void)
{
    const u64 last = N + 2 + 9, late[] = {N + 2 + 10, N + 500};

    halted_until(last);
    IS(told(LOG_LeaseCreated, 0)->u.lease_created.start_s, last);
    for (u32 i = 0; i < ARRAY_LEN(late); i++) {
        halted_until(late[i]);
        IS(told(LOG_OrderExpired, 0)->u.order_expired.second, N + 2 + 10); /* its own second */
        IS(told_count(LOG_LeaseCreated), 0);
    }
    printf("ok - after a halt it is matched late, after ten blocks no more\n");
}

/* An order's expiry precedes a match of the same block (settled 154), which is a block after the
 * window: the least timeout is the first that leaves the match its block. */
static void least_timeout(void)
{
    struct params p = story_params();

    EXPECT(!params_set(&p, PARAM_match_timeout_blocks, 1));
    EXPECT(params_set(&p, PARAM_match_timeout_blocks, 2));
    begin_with(&p);
    call_at(N, U1, order_of(3600, 3600));
    call_at(N + 1, P, bid_of(1, 3600));
    advance(N + 3);
    TOLD("100 OrderCreated\n"
         "103 LeaseCreated\n");
    begin_with(&p);
    call_at(N, U1, order_of(3600, 3600));
    call_at(N + 1, P, bid_of(1, 3600));
    put(STATE, CALL(REPORT_HALT, report_halt, .start_s = N + 2, .end_s = N + 4));
    step_after_halt(N + 4);
    TOLD("100 OrderCreated\n"
         "104 OrderExpired\n");
    printf("ok - with the least timeout it is matched in its block, and expires in the next\n");
}

static void bracket_fails_at_the_match(void)
{
    begin();
    call_at(N, U1, order_of(3600, 3600));
    call_at(N + 1, P, bid_of(1, 3600));
    call_at(N + 2, U1, CALL(WITHDRAW, withdraw, .wallet = 1, .token = USDX, .amount = AMOUNT(1)));
    advance(N + 3);
    TOLD("100 OrderCreated\n"
         "103 OrderCancelled bracket\n");
    printf("ok - the bracket is tested again at the match\n");
}

/* An hour of it is there, two hours and the fee are not: 2 x 8 + 0.32 of 15. */
static void insufficient_at_the_match(void)
{
    begin();
    call_at(N, U1, order_of(8000000, 7200));
    call_at(N + 1, P, bid_of(1, 8000000));
    advance(N + 3);
    IS_AMOUNT(purse_of(1, USDX)->unlocked, 15000000);
    TOLD("100 OrderCreated\n"
         "103 OrderCancelled insufficient\n");
    refused(N + 10, U1, order_of(15000001, 60), ERR_InsufficientBalance);
    printf("ok - a lock that exceeds the funds ends the order at its match\n");
}

static void two_orders_for_the_last_gpu(void)
{
    begin();
    put_wallet(U2, 2, USDX, USDXS(15));
    step(N - 1);
    struct tx second = order_of(3600, 3600);
    second.u.create_order.wallet = 2;
    put(U1, order_of(3600, 3600));
    put(U2, second);
    step(N);
    put(P, bid_of(1, 3600));
    put(P, bid_of(2, 3600));
    step(N + 1);
    advance(N + 3);
    IS(told_last(LOG_OrderMatched)->u.order_matched.order, 1);
    IS(told_last(LOG_OrderExpired)->u.order_expired.order, 2);
    TOLD("100 OrderCreated\n"
         "100 OrderCreated\n"
         "103 LeaseCreated\n"
         "103 OrderExpired\n");
    printf("ok - two orders for the last GPU: the earlier has it\n");
}

/* ---- order_hold ---- */

static void begin_held(void)
{
    struct params p = story_params();

    p.order_hold = 1;
    begin_with(&p);
    call_at(N, U1, order_of(3601, 7200));
}

static void holds(void)
{
    const u128 hold = 7202 + 144, all = 15000000;

    begin_held();
    IS_AMOUNT(purse_of(1, USDX)->locked, hold);
    call_at(N + 1, U1, cancel_it);
    IS_AMOUNT(purse_of(1, USDX)->unlocked, all);

    begin_held();
    advance(N + 3);
    IS(told_count(LOG_OrderExpired), 1);
    IS_AMOUNT(purse_of(1, USDX)->unlocked, all);

    begin_held();
    call_at(N + 1, P, bid_of(1, 1800));
    IS_AMOUNT(purse_of(1, USDX)->locked, hold);
    advance(N + 3);
    IS_AMOUNT(purse_of(1, USDX)->locked, 3600 + 72); /* what the lease asks, at the bid's price */

    begin_held();
    refused(N + 1, U1, order_of(8000000, 7200), ERR_InsufficientBalance);

    begin_held(); /* half of the hold is gone, and the lock is what the wallet can give */
    put(P, bid_of(1, 3601));
    put(STATE, CALL(SHRINK, shrink, .token = USDX, .keep_bps = 5000));
    step(N + 1);
    IS_AMOUNT(purse_of(1, USDX)->locked, hold / 2);
    advance(N + 3);
    IS_AMOUNT(purse_of(1, USDX)->locked, hold);
    printf("ok - order_hold locks at once and frees at match, cancel and expiry\n");
}

int main(void)
{
    cancelled_in_its_window();
    cancelled_too_late();
    bids_that_are_refused();
    expired_without_bids();
    expired_as_its_bidder_is_down();
    over_a_halt();
    least_timeout();
    bracket_fails_at_the_match();
    insufficient_at_the_match();
    two_orders_for_the_last_gpu();
    holds();
    return 0;
}
