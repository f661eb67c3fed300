/* The coin: what gas costs and who gets it, plain transfers, accounts that begin with a block, and
 * calls that mean one's own wallet.  What the wire door needs, by the typed one. */
#include "tests/chain.h"

#include "protocol/invariants/invariant.h"
#include "sim/engine/reserve.h"

#include <string.h>

#define COIN 2u

static struct reserve memory;
static struct tally tally;
static struct chain own;

static void begin(void)
{
    static const struct genesis_token tokens[] = {
        {18, 0, true, USD_E8(6) / 100}, {6, 0, true, USD_E8(1)}, {18, 0, false, 0}};
    struct params p = story_params();
    struct genesis g = {.params = &p, .tokens = tokens, .token_count = 3, .coin = COIN + 1};
    struct amount funds[TOKENS_MAX] = {SPONS(1000), USDXS(1000), SPONS(1)};

    reserve_close(&memory);
    EXPECT(reserve_open(&memory, "the chain", 1, state_bytes()));
    memset(&tally, 0, sizeof(tally));
    chain_init(&own, memory.base, &g, &tally);
    for (u32 a = 1; a <= U3; a++) {
        u8 address[20] = {[19] = (u8)a};
        EXPECT(chain_add_account(&own, address, a == TREASURY ? ROLE_TREASURY : 0, 0, funds) == a);
    }
}

static void end(void)
{
    EXPECT(!tally.first.found && state_hash_full(&own.state) == chain_hash(&own));
}

static u128 coins(u32 account)
{
    return chain_account_balance(&own, account, COIN).wei;
}

/* One transaction in a block of its own. */
static struct block_tx one(u32 from, struct tx tx, u64 gas_limit, u64 gas_price)
{
    struct block_tx t = {.from = from,
                         .nonce = chain_account_nonce(&own, from),
                         .gas_limit = gas_limit,
                         .gas_price = AMOUNT(gas_price),
                         .tx = tx};
    struct block b = {.slot = state_meta(&own.state)->slot + 1, .count = 1, .txs = &t};

    EXPECT(chain_step(&own, &b) == 1);
    return t;
}

static void gas_is_paid_to_the_treasury(void)
{
    begin();
    u128 u1 = coins(U1), treasury = coins(TREASURY);
    struct block_tx t = one(U1, CALL(SEND, send, .to = U2, .amount = AMOUNT(7)), 0, 3);
    EXPECT(t.err == ERR_None && t.gas == 21000);
    EXPECT(coins(U1) == u1 - 7 - 63000 && coins(TREASURY) == treasury + 63000);
    t = one(U1, CALL(STAKE, stake, .amount = SPONS(1)), 0, 3); /* refused, and paid for */
    EXPECT(t.err == ERR_ProviderNotFound && coins(TREASURY) == treasury + 63000 + 270000);
    t = one(U1, CALL(STAKE, stake, .amount = SPONS(1)), 30000, 3); /* dry: all that it might use */
    EXPECT(t.err == ERR_OutOfGas && t.gas == 30000);
    EXPECT(coins(TREASURY) == treasury + 63000 + 270000 + 90000);
    EXPECT(chain_account_nonce(&own, U1) == 3);
    t = one(TREASURY, CALL(SEND, send, .to = U2, .amount = AMOUNT(1)), 0, 3);
    EXPECT(t.err == ERR_None && coins(TREASURY) == treasury + 423000 - 1); /* from hand to hand */
    end();
    printf("ok - gas is paid to the treasury, by who is refused too\n");
}

static void who_cannot_pay_is_not_taken(void)
{
    begin();
    u128 u1 = coins(U1);
    struct block_tx t = one(U1, CALL(SEND, send, .to = U2, .amount = AMOUNT(7)), 0, (u64)1 << 62);
    EXPECT(t.err == ERR_InsufficientFunds && t.gas == 0 && coins(U1) == u1);
    EXPECT(chain_account_nonce(&own, U1) == 0);
    t = one(U1, CALL(SEND, send, .to = U2, .amount = AMOUNT(u1 + 1)), 0, 0);
    EXPECT(t.err == ERR_InsufficientBalance && coins(U1) == u1);
    t = one(U1, CALL(SEND, send, .to = U1, .amount = AMOUNT(u1)), 0, 0);
    EXPECT(t.err == ERR_None && coins(U1) == u1);
    end();
    printf("ok - who cannot pay for gas is not taken\n");
}

static void newcomers_begin_with_their_block(void)
{
    static const struct newcomer strangers[] = {{{0xaa}}, {{0xbb}}};
    u32 known;

    begin();
    known = chain_accounts(&own);
    struct block_tx txs[] = {
        {.from = U1, .tx = CALL(SEND, send, .to = known + 2, .amount = AMOUNT(50))},
        {.from = known + 2, .tx = CALL(SEND, send, .to = known + 1, .amount = AMOUNT(20))},
        {.from = U1, .nonce = 1, .tx = CALL(SEND, send, .to = known + 3, .amount = AMOUNT(50))}};
    struct block b = {
        .slot = 1, .count = 3, .txs = txs, .newcomers = strangers, .newcomer_count = 2};
    EXPECT(chain_step(&own, &b) == 3);
    EXPECT(txs[0].err == ERR_None && txs[1].err == ERR_None && txs[2].err == ERR_UnknownAccount);
    EXPECT(chain_accounts(&own) == known + 2 && coins(known + 1) == 20 && coins(known + 2) == 30);
    EXPECT(chain_account_address(&own, known + 2)[0] == 0xbb);
    end();
    printf("ok - newcomers begin with their block\n");
}

static struct tx deposit_of(u64 usdx)
{
    return CALL(DEPOSIT, deposit, .token = USDX, .amount = USDXS(usdx));
}

static u128 unlocked(u32 wallet)
{
    return purse_at(&own.state, wallet_at(&own.state, wallet)->purse[USDX])->unlocked.wei;
}

static void wallet_0_is_ones_own(void)
{
    struct tx withdraw = CALL(WITHDRAW, withdraw, .token = USDX, .amount = USDXS(4));
    struct tx order =
        CALL(CREATE_ORDER, create_order, .token = USDX, .specs = {.cpu = 1}, .replicas = 1,
             .max_price = AMOUNT(100), .duration_s = 60, .tier_worst = 7);

    begin();
    EXPECT(one(U1, withdraw, 0, 0).err == ERR_WalletNotFound);
    EXPECT(one(U1, order, 0, 0).err == ERR_WalletNotFound);
    EXPECT(one(U1, CALL(DEPOSIT, deposit, .token = USDX, .amount = AMOUNT(1)), 0, 0).err ==
           ERR_MinimumDepositNotMet);
    EXPECT(own.state.tables[TABLE_WALLET].used == 0); /* a refused deposit makes none */
    EXPECT(one(U1, deposit_of(20), 0, 0).err == ERR_None);
    EXPECT(one(U1, deposit_of(5), 0, 0).err == ERR_None);
    EXPECT(own.state.tables[TABLE_WALLET].used == 1 && unlocked(1) == 25000000);
    EXPECT(one(U1, withdraw, 0, 0).err == ERR_None && unlocked(1) == 21000000);
    EXPECT(one(U1, order, 0, 0).err == ERR_None);
    EXPECT(one(U1, CALL(TRANSFER_WALLET, transfer_wallet, .to = U2), 0, 0).err == ERR_None);
    EXPECT(one(U1, withdraw, 0, 0).err == ERR_WalletNotFound);
    EXPECT(one(U2, withdraw, 0, 0).err == ERR_None && unlocked(1) == 17000000);
    EXPECT(one(U1, deposit_of(2), 0, 0).err == ERR_None && unlocked(2) == 2000000);
    EXPECT(one(U1, CALL(TRANSFER_WALLET, transfer_wallet, .to = U2), 0, 0).err == ERR_None);
    EXPECT(one(U2, withdraw, 0, 0).err == ERR_None &&
           unlocked(1) == 13000000); /* still the first */
    end();
    printf("ok - wallet 0 is one's own, made by the first deposit\n");
}

int main(void)
{
    gas_is_paid_to_the_treasury();
    who_cannot_pay_is_not_taken();
    newcomers_begin_with_their_block();
    wallet_0_is_ones_own();
    reserve_close(&memory);
    return EXIT_SUCCESS;
}
