/* Edges of the rules at which a chain could slip: each with the row that says what is right. */
#include "tests/chain.h"

static const struct specs core = {.cpu = 1, .ram_gib = 1, .disk_gib = 1};

static struct tx order_of(u64 duration_s)
{
    return CALL(CREATE_ORDER, create_order, .wallet = 1, .token = SPON, .specs = core,
                .replicas = 1, .max_price = AMOUNT(7200), .duration_s = duration_s,
                .tier_worst = TIER_LOWEST);
}

static void begin(const struct params *p)
{
    struct machine here = cpus(64);

    chain_begin(p);
    here.region = 1;
    put_provider(P, here, SPONS(501));
    put_wallet(U1, 1, SPON, SPONS(1000));
}

static u32 step_raw(u64 slot, struct block_tx *txs, u32 n)
{
    struct block b = {.slot = slot, .count = n, .txs = txs};

    return chain_step(&chain, &b);
}

/* settled 118: what does not fit a block's gas waits for the next, in order. */
static void gas_of_a_block(void)
{
    struct params p = story_params();
    struct block_tx txs[5];

    p.block_gas_limit = 1000000;
    chain_begin(&p);
    for (u32 i = 0; i < ARRAY_LEN(txs); i++)
        txs[i] =
            (struct block_tx){.from = U1 + i, .tx = CALL(PROPOSE, propose, .machine = cpus(i + 1))};
    IS(step_raw(1, txs, 5), 3); /* 300,000 each */
    EXPECT(provider_of(U3) == 3 && chain_account_provider(&chain, P) == 0);
    IS(step_raw(2, txs + 3, 2), 2);
    EXPECT(provider_of(P) == 4 && provider_of(Q) == 5);
    printf("ok - transactions beyond a block's gas are in the next block, in order\n");
}

/* settled 63; a refused transaction changes nothing: also a halt that is heard before its turn. */
static void halt_out_of_turn(void)
{
    struct params p = story_params();
    struct tx halt = CALL(REPORT_HALT, report_halt, .start_s = 20, .end_s = 90);

    begin(&p);
    step(10);
    struct block_tx tx = {
        .from = STATE, .nonce = chain_account_nonce(&chain, STATE) + 1, .tx = halt};
    step_raw(100, &tx, 1);
    EXPECT(tx.err == ERR_InvalidNonce);
    IS(state_meta(&chain.state)->halted_until_s, 0);

    p.block_gas_limit = 1000000;
    begin(&p);
    struct block_tx txs[5];
    for (u32 i = 0; i < ARRAY_LEN(txs); i++)
        txs[i] =
            (struct block_tx){.from = STATE, .nonce = i, .tx = CALL(EXIT, exit, .reserved = 0)};
    txs[4].tx = halt; /* does not fit */
    for (u32 i = 0; i < 4; i++)
        txs[i].tx = CALL(SHRINK, shrink, .token = USDX, .keep_bps = BPS_WHOLE); /* 500,000 each */
    IS(step_raw(100, txs, 5), 2);
    IS(state_meta(&chain.state)->halted_until_s, 0);
    IS(step_raw(101, txs + 2, 3), 2);
    IS(step_raw(102, txs + 4, 1), 1);
    IS(state_meta(&chain.state)->halted_until_s, 90);
    printf("ok - a halt is heard with the transaction that tells of it\n");
}

/* settled 110: "total agreed time <= max_duration", also where that was lowered below it. */
static void lowered_maximum(void)
{
    struct params p = story_params();

    begin(&p);
    call_at(10, STATE, CALL(SET_PARAM, set_param, .param = PARAM_max_duration_s, .value = 3600));
    u64 id = lease(103, (struct want){U1, 1, SPON, 3600, 2 * DAY_S, P, core, false});
    empty_block(DAY_S);
    refused(DAY_S + 10, U1, CALL(EXTEND, extend, .lease = id, .seconds = 60), ERR_DurationTooLong);
    printf("ok - no extension beyond a maximum that was lowered\n");
}

/* settled 28: "active = approved and ever staked above X7", whichever of the two comes last. */
static void lowered_stake(void)
{
    struct params p = story_params();

    chain_begin(&p);
    put_provider(P, cpus(64), SPONS(40));
    step(10);
    call_at(20, STATE,
            CALL(SET_PARAM, set_param, .param = PARAM_tier_7_stake, .value = WEI_E18(30)));
    empty_block(2 * DAY_S);
    IS(era_of(P, 0)->hours_potential, 0);
    IS(era_of(P, 1)->hours_potential, 24);
    printf("ok - a provider whose stake comes to exceed X7 is active\n");
}

/* settled 41: "both ends floor to seconds"; 62: a cooldown "after any down→up". */
static void closed_for_an_instant(void)
{
    struct params p = story_params();

    begin(&p);
    step(0);
    put(STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = 50000, .announced = 1));
    put(STATE, CALL(REPORT_UP, report_up, .provider = 1, .end_s = 50000));
    step(50001);
    call_at(50002, U1, order_of(600));
    call_at(50003, P, CALL(PLACE_BID, place_bid, .order = 1, .price = AMOUNT(7200)));
    advance(DAY_S);
    IS(told_count(LOG_LeaseCreated), 1); /* he is not down any more */
    IS(era_of(P, 0)->up_s, era_of(P, 0)->counted_s);
    IS(era_of(P, 0)->hours_potential - era_of(P, 0)->hours_ok, 2); /* hours 13 and 14 */
    printf("ok - a session that reopens within its second costs a cooldown\n");
}

/* settled 112: "tenant changes"; 120: "measured from the tenant's region". */
static u64 weight_of_bid(u32 owner)
{
    struct params p = story_params();

    begin(&p);
    step(10);
    chain.state.trace_scores = true;
    call_at(20, U1, order_of(600));
    put(P, CALL(PLACE_BID, place_bid, .order = 1, .price = AMOUNT(7200)));
    if (owner != U1)
        put(U1, CALL(TRANSFER_WALLET, transfer_wallet, .wallet = 1, .to = owner));
    step(21);
    empty_block(23);
    return told(LOG_BidScored, 0)->u.bid_scored.log_weight;
}

static void region_of_the_new_tenant(void)
{
    EXPECT(weight_of_bid(U2) == weight_of_bid(U1));         /* of the same region */
    EXPECT(weight_of_bid(FOUNDATION) != weight_of_bid(U1)); /* of no region */
    printf("ok - the region is that of whom the order belongs to at its match\n");
}

/* settled 12 and 117, with slots so short that ten of them have one timestamp. */
static void short_slots(void)
{
    struct params p = story_params();
    u64 nonce;

    p.block_time_ms = 100;
    chain_begin(&p);
    struct block_tx txs[] = {
        {.from = P, .nonce = 0, .tx = CALL(PROPOSE, propose, .machine = cpus(64), .tokens = 3)},
        {.from = P, .nonce = 1, .tx = CALL(STAKE, stake, .amount = SPONS(501))},
        {.from = U1, .nonce = 0, .tx = CALL(CREATE_WALLET, create_wallet, .reserved = 0)},
        {.from = U1,
         .nonce = 1,
         .tx = CALL(DEPOSIT, deposit, .wallet = 1, .token = SPON, .amount = SPONS(1000))}};
    step_raw(1, txs, ARRAY_LEN(txs));
    for (u64 slot = 15; slot < 25; slot++) {
        u64 order = state_meta(&chain.state)->next_order, n = slot * 19;
        nonce = chain_account_nonce(&chain, U1);
        struct block_tx ask = {.from = U1, .nonce = nonce, .tx = order_of(600)};
        struct block_tx bid = {
            .from = P,
            .nonce = chain_account_nonce(&chain, P),
            .tx = CALL(PLACE_BID, place_bid, .order = order, .price = AMOUNT(7200))};
        step_raw(n, &ask, 1);
        step_raw(n + 1, &bid, 1);
        step_raw(n + 3, NULL, 0);
        EXPECT(ask.err == ERR_None && bid.err == ERR_None);
        IS(state_meta(&chain.state)->next_lease, slot - 15 + 2);
    }
    printf("ok - no order expires in the block of its match\n");
}

int main(void)
{
    gas_of_a_block();
    halt_out_of_turn();
    lowered_maximum();
    lowered_stake();
    closed_for_an_instant();
    region_of_the_new_tenant();
    short_slots();
    return 0;
}
