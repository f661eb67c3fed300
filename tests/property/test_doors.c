/* One market through both doors: what a typed transaction does, the same does as a signed envelope
 * of bytes.  Of each block both chains give the same answers, gas, logs and state hash (design.md
 * 3: "so that both doors give the same state").
 *
 * Every account is a key.  Blocks of the bustle are changed on their way: limits and prices of gas,
 * nonces that are none, calls with any arguments, transfers to accounts that nobody knew, what no
 * contract takes; between them are blocks of any transactions, of more gas than a block has.
 */
#include "chain-mock/wire/abi_type.h"
#include "chain-mock/wire/envelope.h"
#include "sim/engine/reserve.h"
#include "tests/door_host.h"
#include "tests/property/any_tx.h"
#include "tests/property/bustle.h"
#include "tests/test.h"

#include <string.h>

#define CHAIN_ID 31337u
#define SCENES 1500u
#define GAS_MOST 30000000u
#define ANY_TXS 150u /* of a block between those of the bustle: more than its gas takes */
#define CALL_BYTES (1u << 16)
#define LOG_BYTES 4096u

struct twin {
    struct chain typed, wire;
    struct reserve typed_memory, wire_memory;
    struct tally typed_tally, wire_tally;
    struct bustle bustle;
    struct door_host host;
    struct any any;
    u64 slot; /* last stepped */
    u64 txs, refused, dry, newcomers, logs, late, by_type[4], by_kind[TX_KINDS];
};

static struct twin twin;
static secp256k1_context *ctx;
static u8 addresses[BUSTLE_ACCOUNTS][20];

static bool chance(u64 percent)
{
    return any_below(&twin.any, 100) < percent;
}

static struct bytes32 key_of(u32 account)
{
    u8 name[] = {'k', 'e', 'y', (u8)(account >> 16), (u8)(account >> 8), (u8)account};

    return bytes32_keccak(SLICE(name, sizeof(name)));
}

static void address_of_key(u8 out[20], u32 account)
{
    struct bytes32 key = key_of(account);
    struct address a;

    EXPECT(signature_address(&a, ctx, &key));
    memcpy(out, a.byte, sizeof(a.byte));
}

/* ---- what the bustle would not do ---- */

static struct tx any_call(struct any *a)
{
    struct tx tx = any_tx(a);

    if (tx.kind == TX_EXIT && !chance(10)) /* a market without providers tells little */
        tx = any_tx(a);
    if (tx.kind == TX_APPROVE_TOKEN) /* who is nobody to the wire is the escrow here */
        tx.u.approve_token.spender %= chain_accounts(&twin.typed) + 1;
    if (tx.kind == TX_REPORT_RESPONSES) { /* the wire has no words but those of the call */
        struct tx_report_responses *r = &tx.u.report_responses;
        r->count %= BUSTLE_PROVIDERS;
        r->offset %= BUSTLE_PROVIDERS - r->count;
    }
    return tx;
}

static struct tx refusal(struct any *a)
{
    static const enum err reasons[] = {ERR_UnknownCall, ERR_NotPayable, ERR_Overflow};

    return (struct tx){.kind = TX_REFUSED,
                       .u.refused = {(u32)reasons[any_below(a, ARRAY_LEN(reasons))]}};
}

/* To an account that begins in this block.  One in each: of two, a call that names the second and
 * stands before the first would begin it first on the wire. */
static struct tx to_newcomer(struct any *a, struct newcomer *newcomers, u32 *count)
{
    struct newcomer *n = &newcomers[(*count)++];
    u32 account = chain_accounts(&twin.typed) + *count;

    address_of_key(n->address, account);
    return (struct tx){.kind = TX_SEND, .u.send = {account, AMOUNT(any_sized(a, 30))}};
}

static void vary(struct block_tx *t, struct newcomer *newcomers, u32 *count)
{
    struct any *a = &twin.any;

    if (chance(1))
        t->tx = any_call(a);
    if (chance(1))
        t->tx = refusal(a);
    if (chance(1) && *count == 0)
        t->tx = to_newcomer(a, newcomers, count);
    if (chance(1))
        t->nonce += any_below(a, 2);
    if (chance(4))
        t->gas_limit = 1 + any_below(a, tx_rows[t->tx.kind].gas);
    else if (chance(20))
        t->gas_limit = tx_rows[t->tx.kind].gas + any_below(a, 1000);
    if (chance(30))
        t->gas_price = AMOUNT(any_sized(a, chance(2) ? 60 : 16));
}

/* ---- the wire ---- */

/* A call that no contract takes, for this reason. */
static void spoil(struct envelope *e, enum err reason, u8 *data)
{
    struct tx tx = {.kind = TX_STAKE, .u.stake = {AMOUNT(5)}};

    e->to = door_exact_address(CONTRACT_STAKING);
    e->data = SLICE(data, door_call_write(&twin.host.door, &tx, NULL, data, CALL_BYTES));
    if (reason == ERR_NotPayable) {
        e->value = AMOUNT(1);
    } else if (reason == ERR_Overflow) {
        data[ABI_SELECTOR_BYTES + 1] = 1;
    } else if (chance(30)) {
        e->creates = true;
        e->to = (struct address){{0}};
    } else if (chance(50)) {
        data[any_below(&twin.any, ABI_SELECTOR_BYTES)] ^= 0x40;
    } else {
        e->data.n = any_below(&twin.any, e->data.n);
    }
}

static struct address address_of(u32 account, const struct newcomer *newcomers, u32 count)
{
    struct address a = {{0}};
    u32 known = chain_accounts(&twin.wire);

    if (account != 0 && account <= known)
        memcpy(a.byte, chain_account_address(&twin.wire, account), sizeof(a.byte));
    else if (account != 0 && account - known <= count)
        memcpy(a.byte, newcomers[account - known - 1].address, sizeof(a.byte));
    return a;
}

static struct envelope envelope_of(const struct block_tx *t, const struct block *b, u8 *data)
{
    struct envelope e = {.chain_id = CHAIN_ID,
                         .nonce = t->nonce,
                         .gas = t->gas_limit == 0 ? GAS_MOST : t->gas_limit};
    u64 type = any_below(&twin.any, 4);

    twin.by_type[type]++;
    e.type = type == 3 ? ENVELOPE_LEGACY : (enum envelope_type)type;
    if (type == 3) {
        e.any_chain = true;
        e.chain_id = 0;
    }
    if (e.type == ENVELOPE_FEE_MARKET)
        e.max_fee = e.max_tip = t->gas_price;
    else
        e.gas_price = t->gas_price;
    if (t->tx.kind == TX_SEND) {
        e.to = address_of(t->tx.u.send.to, b->newcomers, b->newcomer_count);
        e.value = t->tx.u.send.amount;
    } else if (t->tx.kind == TX_REFUSED) {
        spoil(&e, (enum err)t->tx.u.refused.reason, data);
    } else {
        size_t n = door_call_write(&twin.host.door, &t->tx, b->data, data, CALL_BYTES);
        EXPECT(n > 0 && n <= CALL_BYTES);
        e.to = door_exact_address(tx_rows[t->tx.kind].contract);
        e.data = SLICE(data, n);
    }
    return e;
}

/* What a client sends. */
static struct slice signed_bytes(const struct block_tx *t, const struct block *b)
{
    static u8 data[CALL_BYTES], scratch[2 * CALL_BYTES], raw[2 * CALL_BYTES];
    struct envelope e = envelope_of(t, b, data);

    EXPECT(envelope_room(&e) <= sizeof(raw));
    struct bytes32 key = key_of(t->from);
    EXPECT(envelope_sign(&e, ctx, &key, scratch, sizeof(scratch)));
    return SLICE(raw, envelope_encode(raw, sizeof(raw), &e));
}

/* What a node makes of it. */
static struct block_tx received(struct slice raw)
{
    static u8 scratch[2 * CALL_BYTES];
    struct envelope e;
    struct fault fault = {0};
    struct address from;

    EXPECT(envelope_decode(&e, raw, &fault));
    EXPECT(envelope_sender(&from, &e, scratch, sizeof(scratch)) == FAULT_NONE);
    EXPECT(e.chain_id == CHAIN_ID || e.any_chain);
    u32 account = twin.host.door.find(twin.host.door.about, from);
    struct door_call c = {
        .from = account, .creates = e.creates, .to = e.to, .value = e.value, .data = e.data};
    return (struct block_tx){.from = account,
                             .nonce = e.nonce,
                             .gas_limit = e.gas,
                             .gas_price = e.type == ENVELOPE_FEE_MARKET ? e.max_fee : e.gas_price,
                             .tx = door_host_tx(&twin.host, c)};
}

/* ---- both ---- */

static void compare_logs(void)
{
    u8 room[LOG_BYTES], x[LOG_BYTES_MAX], y[LOG_BYTES_MAX], z[LOG_BYTES_MAX];
    struct door_log out[DOOR_LOGS_MAX];
    struct door_call nothing = {0};
    u32 n, m;
    const struct log *typed = chain_logs(&twin.typed, &n), *wire = chain_logs(&twin.wire, &m);
    struct log back;
    size_t used;

    EXPECT(n == m);
    for (u32 i = 0; i < n; i++, twin.logs++) {
        struct writer u = {x, sizeof(x)}, v = {y, sizeof(y)}, w = {z, sizeof(z)};
        EXPECT(door_logs(&twin.host.door, &wire[i], &nothing, out, room, sizeof(room), &used) >= 1);
        EXPECT(door_log_read(&twin.host.door, &out[0], &back));
        back.tx = wire[i].tx;
        log_encode(&u, &typed[i]);
        log_encode(&v, &wire[i]);
        log_encode(&w, &back);
        EXPECT(u.left == v.left && memcmp(x, y, sizeof(x) - u.left) == 0);
        EXPECT(u.left == w.left && memcmp(x, z, sizeof(x) - u.left) == 0);
    }
}

static void compare_answers(const struct block *typed, const struct block *wire, u32 taken)
{
    u8 out[DOOR_REVERT_BYTES];

    for (u32 i = 0; i < taken; i++) {
        const struct block_tx *t = &typed->txs[i], *w = &wire->txs[i];
        struct door_call c = {.to = door_exact_address(CONTRACT_ESCROW)};
        EXPECT(t->from == w->from && t->tx.kind == w->tx.kind);
        EXPECT(t->err == w->err && t->gas == w->gas && t->id == w->id);
        size_t n = door_revert(&twin.host.door, &c, w->err, out);
        EXPECT(n == 0 || door_revert_read(&twin.host.door, SLICE(out, n)) == t->err);
        twin.txs++;
        twin.refused += t->err != ERR_None;
        twin.dry += t->err == ERR_OutOfGas;
        twin.by_kind[t->tx.kind] += t->err == ERR_None;
    }
}

static u32 step_both(struct block *b)
{
    static struct block_tx txs[ANY_TXS];
    struct block wire = {.slot = b->slot, .count = b->count, .txs = txs};

    EXPECT(b->count <= ANY_TXS);
    for (u32 i = 0; i < b->count; i++)
        txs[i] = received(signed_bytes(&b->txs[i], b));
    EXPECT(twin.host.newcomer_count == b->newcomer_count);
    wire.newcomers = twin.host.newcomers;
    wire.newcomer_count = twin.host.newcomer_count;
    wire.data = twin.host.words;
    wire.data_count = twin.host.word_count;
    u32 taken = chain_step(&twin.wire, &wire);
    EXPECT(taken == chain_step(&twin.typed, b));
    EXPECT(chain_hash(&twin.typed) == chain_hash(&twin.wire));
    compare_answers(b, &wire, taken);
    compare_logs();
    twin.newcomers += b->newcomer_count;
    twin.late += b->count - taken;
    twin.slot = b->slot;
    door_host_next(&twin.host);
    return taken;
}

/* Of any transactions by anybody but the governor, who would move the market's own parameters. */
static void step_any(u64 slot)
{
    static struct block_tx txs[ANY_TXS];
    struct newcomer newcomers[ANY_TXS];
    u64 nonces[BUSTLE_ACCOUNTS];
    u32 count = 0;

    for (u32 i = 1; i < BUSTLE_ACCOUNTS; i++)
        nonces[i] = chain_account_nonce(&twin.typed, i);
    for (u32 i = 0; i < ANY_TXS; i++) {
        u32 from =
            BUSTLE_FOUNDATION + (u32)any_below(&twin.any, BUSTLE_ACCOUNTS - BUSTLE_FOUNDATION);
        txs[i] = (struct block_tx){.from = from, .nonce = nonces[from]++};
        txs[i].tx = any_call(&twin.any);
        if (txs[i].tx.kind == TX_REFUSED)
            txs[i].tx = refusal(&twin.any);
        if (chance(5) && count == 0)
            txs[i].tx = to_newcomer(&twin.any, newcomers, &count);
    }
    struct block b = {.slot = slot,
                      .count = ANY_TXS,
                      .txs = txs,
                      .newcomers = newcomers,
                      .newcomer_count = count,
                      .data = twin.bustle.data,
                      .data_count = BUSTLE_PROVIDERS};
    (void)step_both(&b);
}

static u32 step(void *about, struct block *b)
{
    struct newcomer newcomers[BUSTLE_TXS];
    u32 count = 0;

    (void)about;
    if (b->slot > twin.slot + 1 && any_below(&twin.any, 400) == 0)
        step_any(twin.slot + 1);
    for (u32 i = 0; i < b->count; i++) {
        vary(&b->txs[i], newcomers, &count);
        if (b->txs[i].from == BUSTLE_STATE && b->txs[i].tx.kind == TX_SET_PARAM &&
            b->txs[i].tx.u.set_param.param == PARAM_block_gas_limit)
            b->txs[i].tx = refusal(&twin.any); /* the bustle's blocks are to fit */
        if (b->txs[i].tx.kind == TX_REFUSED)
            b->txs[i].tx = refusal(&twin.any);
    }
    b->newcomers = newcomers;
    b->newcomer_count = count;
    u32 taken = step_both(b);
    b->newcomer_count = 0;
    return taken;
}

static void open_chain(struct reserve *memory, struct chain *c, struct tally *t, u64 seed)
{
    struct params p = bustle_params();

    *t = (struct tally){0};
    p.block_gas_limit = 9000000;
    p.auto_approve = seed % 3 != 0;
    EXPECT(reserve_open(memory, "chain", 1, state_bytes()));
    bustle_begin_as(&twin.bustle, c, memory->base, &p, t, seed, (const u8(*)[20])addresses);
}

static void one_market(u64 seed)
{
    twin.any = (struct any){{62, seed, 0}, 0};
    twin.slot = 0;
    open_chain(&twin.wire_memory, &twin.wire, &twin.wire_tally, seed);
    open_chain(&twin.typed_memory, &twin.typed, &twin.typed_tally, seed);
    door_host_open(&twin.host, &twin.wire);
    twin.bustle.step = step;
    for (u32 i = 0; i < SCENES; i++)
        bustle_scene(&twin.bustle);
    EXPECT(!twin.typed_tally.first.found && !twin.wire_tally.first.found);
    reserve_close(&twin.typed_memory);
    reserve_close(&twin.wire_memory);
}

/* That all of it has been tried. */
static void expect_tried(void)
{
    EXPECT(twin.txs > 5000 && twin.refused > twin.txs / 10 && twin.refused < twin.txs);
    EXPECT(twin.dry > 100 && twin.newcomers > 50 && twin.late > 50 && twin.logs > 5000);
    for (u32 i = 0; i < ARRAY_LEN(twin.by_type); i++)
        EXPECT(twin.by_type[i] > 1000);
    for (u32 k = 0; k < TX_KINDS; k++) {
        if (k != TX_REFUSED && twin.by_kind[k] == 0)
            printf("no %s was taken\n", tx_rows[k].name);
        EXPECT(k == TX_REFUSED || twin.by_kind[k] > 0);
    }
}

#define MARKETS 12u

int main(void)
{
    ctx = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    for (u32 i = 1; i < BUSTLE_ACCOUNTS; i++)
        address_of_key(addresses[i], i);
    unsigned markets = share_of_test(MARKETS);
    for (u64 seed = 1; seed <= markets; seed++)
        one_market(seed);
    if (markets == MARKETS)
        expect_tried();
    secp256k1_context_destroy(ctx);
    printf("ok - %llu transactions through both doors, %llu refused, %llu logs\n",
           (unsigned long long)twin.txs, (unsigned long long)twin.refused,
           (unsigned long long)twin.logs);
    return EXIT_SUCCESS;
}
