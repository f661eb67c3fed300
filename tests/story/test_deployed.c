/* A deployment as the published SDK makes it, by calldata at the deployed contracts' addresses:
 * money into the escrow, a provider, an order, a bid, the match, an update, the end; what is told
 * and read on the way in the contracts' own units, and how they refuse.
 *
 * Topics are those of spheron/sdk.md b; blocks are seconds, so a price per block is an hour's
 * by 3,600.
 */
#include "chain-mock/wire/abi_reader.h"
#include "chain-mock/wire/abi_writer.h"
#include "chain-mock/wire/hex.h"
#include "tests/bytes.h"
#include "tests/chain.h"
#include "tests/door_host.h"

#include <string.h>

#define ORDER_REQUEST "0x1fdf629E5A90eE4FAab1336a23c41A0Cab8CbA9d"
#define BID "0x27930D6ee40E8DB57c713f063f4a97dc37dC3ffb"
#define COMPUTE_LEASE "0x9C0a16a41d2b0fFc14e6f20Da1368b1FD93bD7e5"
#define ESCROW "0x3854Be113E7B1C7fD8CF4805dF6c7f30d1FA1bC6"
#define PROVIDERS "0x7fDE3748e8AE27CaF506A47601acAf3B6AEaC34f"
#define ATTRIBUTES "0x87B49A9b928b06AA5782cB7ec495da8c507CaADC"
#define GPUS_REGISTRY "0x2B73F279044347A3B6c9F122Ec6b479b6C2beAc9"
#define USDT "0x96Ca5955F25648FB44C5D772BAdB4313000C66Fe"

#define DETAILS "(uint256, uint64, address, string, uint16, uint8, uint8[])"
#define PER_BLOCK(usd) (WEI_E18(usd) / 3600) /* 18 decimals, whatever the token's */
#define TEXT                                                                                       \
    "{n:east,pr:{a:[{k:region,v:any}]},s:[{n:app,r:{c:{u:1500,a:[]},m:{u:2147483648,a:[]},"        \
    "s:[{n:default,a:[],u:10737418240}],g:{a:[{k:vendor/nvidia/model/rtx4090,v:true}],u:1}},"      \
    "c:1}]}"

static struct door_host host;
static u8 calldata[4096], answer[8192];
static struct abi_writer w;

static struct address at(const char *hex)
{
    struct address a;
    struct fault fault = {0};

    EXPECT(hex_read_fixed(a.byte, sizeof(a.byte), (struct text){hex, strlen(hex)}, &fault));
    return a;
}

static struct address of(u32 account)
{
    struct address a;

    memcpy(a.byte, chain_account_address(&chain, account), sizeof(a.byte));
    return a;
}

/* ---- calls ---- */

static void arguments(const char *signature)
{
    struct abi_signature s = abi_signature_of(signature);

    w = abi_writer_of_call(&s, calldata, sizeof(calldata));
}

/* What was put, as a call. */
static struct door_call to(u32 from, const char *contract)
{
    size_t n;

    EXPECT(abi_finish(&w, &n));
    return (struct door_call){.from = from, .to = at(contract), .data = SLICE(calldata, n)};
}

static u64 take(u64 second, struct door_call c)
{
    return call_at(second, c.from, door_host_tx(&host, c));
}

/* It is refused, in these words. */
static void refuse(u64 second, struct door_call c, enum err want, const char *words)
{
    u8 data[DOOR_REVERT_BYTES];
    char text[256];
    struct sink out = SINK(text, sizeof(text));

    refused(second, c.from, door_host_tx(&host, c), want);
    size_t n = door_revert(&host.door, &c, want, data);
    EXPECT(n == 0 || (door_revert_text(&host.door, SLICE(data, n), &out) && sink_end(&out)));
    if (n == 0)
        text[0] = '\0';
    if (strcmp(text, words) != 0)
        printf("not ok - said: %s\n", text);
    EXPECT(strcmp(text, words) == 0);
}

static struct abi_reader ask(const char *contract, const char *outputs)
{
    struct door_call c = to(0, contract);
    size_t n;

    EXPECT(door_view(&host.door, &c, answer, sizeof(answer), &n) && n <= sizeof(answer));
    return abi_reader_at((struct text){outputs, strlen(outputs)}, SLICE(answer, n), 0);
}

static struct door_call deposit_of(u128 amount)
{
    arguments("deposit(address _token, uint256 _amount)");
    abi_put_address(&w, at(USDT));
    abi_put_u128(&w, amount);
    return to(U1, ESCROW);
}

static void put_details(u128 price, u64 blocks, const char *text)
{
    abi_begin(&w, 0);
    abi_put_u128(&w, price);
    abi_put_u128(&w, blocks);
    abi_put_address(&w, at(USDT));
    abi_put_bytes(&w, SLICE((const u8 *)text, strlen(text)));
    abi_put_u128(&w, 1);
    abi_put_u128(&w, 1);
    abi_begin(&w, 2);
    abi_put_u128(&w, 0);
    abi_put_u128(&w, 6);
    abi_end(&w);
    abi_end(&w);
}

static struct door_call order_of(u128 price, u64 blocks, const char *text)
{
    arguments("createOrder(" DETAILS " details)");
    put_details(price, blocks, text);
    return to(U1, ORDER_REQUEST);
}

static struct door_call bid_of(u32 from, u64 order, u128 price)
{
    arguments("placeBid(uint64 _orderId, uint256 _bidPrice, uint256 _fizzId)");
    abi_put_u128(&w, order);
    abi_put_u128(&w, price);
    abi_put_u128(&w, 0);
    return to(from, BID);
}

static struct door_call with_id(u32 from, const char *contract, const char *signature, u64 id)
{
    arguments(signature);
    abi_put_u128(&w, id);
    return to(from, contract);
}

/* ---- what was told ---- */

static u8 room[DOOR_LOGS_BYTES];

/* The event of the last log of a kind with this topic, at this contract. */
static struct door_log event(enum log_kind kind, const struct door_call *in, const char *contract,
                             const char *topic)
{
    static const struct door_call nothing;
    struct door_log out[DOOR_LOGS_MAX];
    size_t used;
    u32 n = door_logs(&host.door, told_last(kind), in != NULL ? in : &nothing, out, room,
                      sizeof(room), &used);

    for (u32 i = 0; i < n; i++) {
        if (bytes_equal(SLICE(out[i].topics[0].byte, 4), bytes_of(topic)) &&
            address_equal(out[i].address, at(contract)))
            return out[i];
    }
    printf("not ok - no %s\n", topic);
    EXPECT(n == 0);
    return out[0];
}

static struct abi_reader data_of(const struct door_log *log, const char *types)
{
    return abi_reader_at((struct text){types, strlen(types)}, log->data, 0);
}

#define NEXT(want) EXPECT(abi_get_u128(&r) == (u128)(want))
#define NEXT_ADDRESS(want) EXPECT(address_equal(abi_get_address(&r), (want)))
#define NEXT_TEXT(want)                                                                            \
    EXPECT(bytes_equal(abi_get_bytes(&r), SLICE((const u8 *)(want), strlen(want))))

/* ---- the story ---- */

static void balance_is(u32 user, u128 locked, u128 unlocked)
{
    arguments("getUserData(address _user, address _token, bool _isOperator)");
    abi_put_address(&w, of(user));
    abi_put_address(&w, at(USDT));
    abi_put_bool(&w, false);
    struct abi_reader r = ask(ESCROW, "(uint128, uint128)");
    abi_enter(&r);
    NEXT(locked);
    NEXT(unlocked);
}

static void deposits(void)
{
    refuse(10, deposit_of(500000000), ERR_InsufficientAllowance,
           "ERC20InsufficientAllowance(0x3854be113e7b1c7fd8cf4805df6c7f30d1fa1bc6, 0, 500000000)");
    arguments("approve(address spender, uint256 value)");
    abi_put_address(&w, at(ESCROW));
    abi_put_u128(&w, 500000000);
    struct door_call c = to(U1, USDT);
    (void)take(20, c);
    EXPECT(door_returned(&host.door, &c, answer) == 32 && answer[31] == 1); /* true */
    arguments("allowance(address owner, address spender)");
    abi_put_address(&w, of(U1));
    abi_put_address(&w, at(ESCROW));
    struct abi_reader r = ask(USDT, "uint256");
    NEXT(500000000);
    c = deposit_of(500000000);
    (void)take(30, c);
    EXPECT(door_returned(&host.door, &c, answer) == 0);
    struct door_log e = event(LOG_Deposited, NULL, USDT, "ddf252ad"); /* Transfer */
    EXPECT(bytes32_cmp(e.topics[2], address_to_bytes32(at(ESCROW))) == 0 && e.topic_count == 3);
    balance_is(U1, 0, 500000000);
    refuse(40, deposit_of(1), ERR_MinimumDepositNotMet, "MinimumDepositNotMet()");
    printf("ok - a deposit by allowance\n");
}

static void providers(void)
{
    static const char spec[] = "{\"Name\":\"p1\",\"Region\":\"any\",\"Attributes\":["
                               "{\"Key\":\"cpu\",\"Value\":\"16\"},{\"Key\":\"ram_gib\",\"Value\":"
                               "\"64\"},{\"Key\":\"disk_gib\",\"Value\":\"500\"}]}";

    arguments("addProvider((address, address[], string, string, string, address) params)");
    abi_begin(&w, 0);
    abi_put_address(&w, of(P));
    abi_begin(&w, 1);
    abi_put_address(&w, at(USDT));
    abi_end(&w);
    abi_put_bytes(&w, SLICE((const u8 *)spec, strlen(spec)));
    abi_put_bytes(&w, SLICE((const u8 *)"host", 4));
    abi_put_bytes(&w, SLICE(NULL, 0));
    abi_put_address(&w, of(P));
    abi_end(&w);
    struct door_call c = to(P, PROVIDERS);
    EXPECT(take(50, c) == 1);
    struct door_log e = event(LOG_ProviderProposed, &c, PROVIDERS, "35ce8b9b");
    EXPECT(e.topic_count == 3 && bytes32_cmp(e.topics[1], bytes32_of_u128(1)) == 0);
    refuse(51, c, ERR_ProviderExists, "ProviderAlreadyRegistered()");
    c.from = Q; /* for somebody else */
    refuse(52, c, ERR_MissingRole, "NotAuthorized()");

    arguments("submitAttributes(string category, uint256[] ids, uint256[] units)");
    abi_put_bytes(&w, SLICE((const u8 *)"GPU", 3));
    abi_begin(&w, 1);
    abi_put_u128(&w, MODEL(rtx4090));
    abi_end(&w);
    abi_begin(&w, 1);
    abi_put_u128(&w, 4);
    abi_end(&w);
    (void)take(60, to(P, ATTRIBUTES));
    EXPECT(chain_provider_machine(&chain, 1)->gpu[0].count == 4);
    EXPECT(chain_provider_machine(&chain, 1)->cpu == 16);
    (void)call_at(70, P, CALL(STAKE, stake, .amount = SPONS(600)));

    arguments("getProviderByAddress(address _walletAddress)");
    abi_put_address(&w, of(P));
    struct abi_reader r = ask(PROVIDERS, "string, string, string, address[], uint8, uint8, "
                                         "uint256, address");
    struct slice text = abi_get_bytes(&r);
    EXPECT(text.n > 20 && memcmp(text.at, "{\"Name\":\"provider-1\"", 20) == 0);
    NEXT_TEXT("provider-1");
    NEXT_TEXT("");
    EXPECT(abi_enter(&r) == 1);
    NEXT_ADDRESS(at(USDT));
    abi_leave(&r);
    NEXT(2); /* active */
    NEXT(6); /* tier 7 */
    NEXT(DOOR_HOST_GENESIS_S + 50);
    NEXT_ADDRESS(of(P));
    arguments("getResource(uint256 _resourceID)");
    abi_put_u128(&w, MODEL(rtx4090));
    r = ask(GPUS_REGISTRY, "string, string, uint256");
    NEXT_TEXT("rtx4090");
    NEXT_TEXT("Medium 1");
    printf("ok - a provider\n");
}

static void orders(void)
{
    struct door_call c = order_of(PER_BLOCK(3) + 1, 7200, TEXT);

    EXPECT(take(100, c) == 1);
    const struct log_order_created *o = &told_last(LOG_OrderCreated)->u.order_created;
    IS_AMOUNT(o->max_price, 3000000); /* USDT an hour: settled 152 */
    EXPECT(o->duration_s == 7200 && o->tier_worst == 7 && o->token == USDX && o->replicas == 1);
    EXPECT(o->specs.cpu == 2 && o->specs.ram_gib == 2 && o->specs.disk_gib == 10);
    EXPECT(o->specs.gpus == 1 && o->specs.gpu_model == MODEL(rtx4090));
    struct door_log e = event(LOG_OrderCreated, &c, ORDER_REQUEST, "bf0becce");
    struct abi_reader r =
        data_of(&e, "uint64, address, uint256, uint64, address, string, uint16, uint8");
    NEXT(1);
    NEXT_ADDRESS(of(U1));
    NEXT(PER_BLOCK(3) + 1);
    NEXT(7200);
    NEXT_ADDRESS(at(USDT));
    NEXT_TEXT(TEXT);
    NEXT(1);
    NEXT(1);
    EXPECT(abi_done(&r));
    refuse(101, bid_of(Q, 1, 5), ERR_ProviderNotFound, "ProviderNotActive()");
    refuse(102, bid_of(P, 1, PER_BLOCK(3) * 2), ERR_BidPriceExceedsMaxPrice,
           "BidPriceExceedsMaxPrice()");
    printf("ok - an order\n");
}

static void matches(void)
{
    EXPECT(take(110, order_of(PER_BLOCK(3), 3600, TEXT)) == 2);
    put(P, door_host_tx(&host, bid_of(P, 2, PER_BLOCK(2) + 1)));
    step(111);
    struct door_log e = event(LOG_BidPlaced, NULL, BID, "9b4e4ecc");
    struct abi_reader r = data_of(&e, "uint64, uint256, address, uint256");
    NEXT(2);
    NEXT(PER_BLOCK(2) + 1);
    NEXT_ADDRESS(of(P));
    advance(113);
    e = event(LOG_OrderMatched, NULL, BID, "34a0a9be");
    r = data_of(&e, "uint64, address, uint256, uint256, address");
    NEXT(2);
    NEXT_ADDRESS(of(P));
    NEXT(1);
    NEXT(PER_BLOCK(2) + 1);
    NEXT_ADDRESS(of(U1));
    e = event(LOG_LeaseCreated, NULL, ESCROW, "104eb868");     /* UserTokenLocked */
    IS_AMOUNT(AMOUNT(purse_of(1, USDX)->locked.wei), 2040000); /* an hour and 2 % */
    r = data_of(&e, "uint256");
    NEXT(2040000);
    e = event(LOG_LeaseCreated, NULL, COMPUTE_LEASE, "5ac8ea04");
    r = data_of(&e, "uint256, uint256, uint64");
    NEXT(2); /* of a lease and its order, though the chain counts leases by themselves */
    NEXT(0);
    NEXT(2);
    EXPECT(told_last(LOG_LeaseCreated)->u.lease_created.lease == 1);
    (void)call_at(115, P, CALL(CONFIRM, confirm, 1));
    printf("ok - a match\n");
}

static void lease_is(u64 order, u128 price, u64 start_s, u64 end_s, u32 state)
{
    struct door_call c = with_id(0, COMPUTE_LEASE, "leases(uint256)", order);
    struct abi_reader r;
    size_t n;

    EXPECT(door_view(&host.door, &c, answer, sizeof(answer), &n));
    static const char types[] = "uint256, uint256, uint64, uint256, address, address, uint32, "
                                "uint32, uint32, uint8";
    r = abi_reader_at((struct text){types, sizeof(types) - 1}, SLICE(answer, n), 0);
    NEXT(order);
    NEXT(0);
    NEXT(order);
    NEXT(price);
    NEXT_ADDRESS(of(P));
    NEXT_ADDRESS(of(U1));
    NEXT(start_s);
    NEXT(DOOR_HOST_GENESIS_S + start_s);
    NEXT(DOOR_HOST_GENESIS_S + end_s);
    NEXT(state);
    EXPECT(abi_done(&r));
}

static void leases_are(const char *signature, const char *contract, u32 account, u32 active,
                       u32 all)
{
    arguments(signature);
    abi_put_address(&w, of(account));
    struct abi_reader r = ask(contract, "uint256[], uint256[]");
    EXPECT(abi_enter(&r) == active);
    for (u32 i = 0; i < active; i++)
        NEXT(2);
    abi_leave(&r);
    EXPECT(abi_enter(&r) == all);
    for (u32 i = 0; i < all; i++)
        NEXT(2);
    abi_leave(&r);
}

static void updates(void)
{
    lease_is(2, PER_BLOCK(2) + 1, 113, 113 + 3600, 0);
    refuse(120, with_id(P, BID, "acceptUpdate(uint64 _orderId)", 2), ERR_NoUpdateRequested,
           "UpdateOrderNotAccepted()");
    arguments("updateInitialOrder(uint64 _orderId, " DETAILS " details)");
    abi_put_u128(&w, 2);
    put_details(PER_BLOCK(1) + 1, 1800, TEXT);
    struct door_call c = to(U1, ORDER_REQUEST);
    (void)take(130, c);
    (void)event(LOG_UpdateRequested, &c, ORDER_REQUEST, "75290785");
    (void)take(131, with_id(P, BID, "acceptUpdate(uint64 _orderId)", 2));
    struct door_log e = event(LOG_LeaseCreated, NULL, BID, "9e458d84");
    e = event(LOG_LeaseCreated, NULL, BID, "480bc44f");
    struct abi_reader r = data_of(&e, "uint64, address, address, uint256");
    NEXT(2);
    NEXT_ADDRESS(of(P));
    NEXT_ADDRESS(of(U1));
    NEXT(PER_BLOCK(1) + 1);
    lease_is(2, PER_BLOCK(1) + 1, 131, 131 + 1800, 0);
    leases_are("getTenantLeases(address _tenantAddress)", COMPUTE_LEASE, U1, 1, 1);
    leases_are("getProviderLeases(address _providerAddress)", COMPUTE_LEASE, P, 1, 1);
    printf("ok - an update\n");
}

static void order_is(u64 order, u128 price, u32 state)
{
    struct door_call c = with_id(0, ORDER_REQUEST, "getOrderById(uint64 _orderId)", order);
    struct abi_reader r;
    size_t n;

    EXPECT(door_view(&host.door, &c, answer, sizeof(answer), &n));
    static const char types[] =
        "(uint64, uint256, uint64, address, address, uint8, (string, uint16, uint8, uint8[]))";
    r = abi_reader_at((struct text){types, sizeof(types) - 1}, SLICE(answer, n), 0);
    abi_enter(&r);
    NEXT(price == 0 ? 0 : order);
    NEXT(price);
    NEXT(price == 0 ? 0 : 1800);
    NEXT_ADDRESS(price == 0 ? (struct address){{0}} : at(USDT));
    NEXT_ADDRESS(price == 0 ? (struct address){{0}} : of(U1));
    NEXT(state);
}

static void ends(void)
{
    static const char close[] = "closeLease(uint256 _leaseId)";
    struct door_call c;

    order_is(2, PER_BLOCK(1) + 1, 3);
    order_is(1, 0, 0); /* expired, and let go */
    c = with_id(U2, COMPUTE_LEASE, close, 2);
    refuse(800, c, ERR_OnlyTenantOrProvider, "OnlyTenantOrProvider()");
    c = with_id(U1, COMPUTE_LEASE, close, 2);
    (void)take(1031, c); /* a quarter of the hour */
    struct door_log e = event(LOG_LeaseClosed, &c, COMPUTE_LEASE, "baca767d");
    struct abi_reader r = data_of(&e, "uint256, address, address, uint32, uint8");
    NEXT(2);
    NEXT_ADDRESS(of(P));
    NEXT_ADDRESS(of(U1));
    NEXT(DOOR_HOST_GENESIS_S + 1031);
    NEXT(1);
    refuse(1040, c, ERR_LeaseAlreadyTerminated, "LeaseAlreadyTerminated()");
    c = with_id(U1, COMPUTE_LEASE, close, 77);
    refuse(1041, c, ERR_LeaseNotFound, "OnlyTenantOrProvider()"); /* of nobody's lease */
    lease_is(2, PER_BLOCK(1) + 1, 131, 1031, 1);
    order_is(2, PER_BLOCK(1) + 1, 2);
    leases_are("getTenantLeases(address _tenantAddress)", COMPUTE_LEASE, U1, 0, 1);
    printf("ok - the end of a lease\n");
}

/* 2^128, which no balance reaches. */
static struct bytes32 more_than_all(void)
{
    struct bytes32 v = {{0}};

    v.byte[15] = 1;
    return v;
}

static void withdrawals(void)
{
    u128 left = purse_of(1, USDX)->unlocked.wei;
    char words[128];

    balance_is(U1, 0, left);
    arguments("withdraw(address _token, uint256 _amount)");
    abi_put_address(&w, at(USDT));
    abi_put_u128(&w, 600000000);
    (void)snprintf(words, sizeof(words), "InsufficientBalance(%llu, 600000000)",
                   (unsigned long long)left);
    refuse(1100, to(U1, ESCROW), ERR_InsufficientBalance, words);
    arguments("withdraw(address _token, uint256 _amount)");
    abi_put_address(&w, at(USDT));
    abi_put_u128(&w, left - 1); /* the SDK sends one unit less than it is asked */
    (void)take(1101, to(U1, ESCROW));
    balance_is(U1, 0, 1);
    arguments("withdraw(address _token, uint256 _amount)"); /* of no wallet, and too much */
    abi_put_address(&w, at(USDT));
    abi_put_u128(&w, 5000);
    refuse(1102, to(TREASURY, ESCROW), ERR_WalletNotFound, "InsufficientBalance(0, 5000)");
    arguments("withdraw(address _token, uint256 _amount)");
    abi_put_address(&w, at(USDT));
    abi_put_word(&w, more_than_all());
    refuse(1103, to(U1, ESCROW), ERR_Overflow,
           "InsufficientBalance(1, 340282366920938463463374607431768211456)");

    arguments("getProviderEarnings(address _provider, address _token)");
    abi_put_address(&w, of(P));
    abi_put_address(&w, at(USDT));
    struct abi_reader r = ask(ESCROW, "(uint128, uint128, uint128)");
    abi_enter(&r);
    u128 earned = abi_get_u128(&r);
    EXPECT(earned > 0);
    NEXT(0);
    NEXT(earned);
    arguments("withdrawProviderEarnings(address _provider, address _token, uint256 _amount)");
    abi_put_address(&w, of(P));
    abi_put_address(&w, at(USDT));
    abi_put_u128(&w, earned);
    struct door_call c = to(P, ESCROW);
    u128 before = balance_of(P, USDX);
    c.from = Q;
    refuse(1110, c, ERR_MissingRole, "UnauthorizedAccess()");
    c.from = P;
    (void)take(1111, c);
    IS(balance_of(P, USDX) - before, earned);
    printf("ok - withdrawals\n");
}

/* What the deployed network's own operator does is the chain's here; what is wrong is said. */
static void refusals(void)
{
    arguments("matchOrder(uint64 _orderId, address _providerAddress, uint256 _acceptedPrice)");
    abi_put_u128(&w, 2);
    abi_put_address(&w, of(P));
    abi_put_u128(&w, 1);
    refuse(1200, to(U1, BID), ERR_MissingRole, "UnAuthourized()");
    arguments("updateOrder(uint64 _orderId, uint256 _acceptedPrice)");
    abi_put_u128(&w, 2);
    abi_put_u128(&w, 1);
    refuse(1201, to(U1, BID), ERR_MissingRole, "UnAuthourized()");
    refuse(1202, bid_of(P, 2, 1), ERR_OrderNotOpen, "OrderNotActive()");
    refuse(1203, bid_of(P, 99, 1), ERR_OrderNotFound, "OrderNotFound()");
    refuse(1204, order_of(PER_BLOCK(3), 0, TEXT), ERR_DurationTooLong, "InvalidBlockNumber()");
    refuse(1205, order_of(PER_BLOCK(3), 3600, TEXT "x"), ERR_InvalidArgument, "InvalidArgument()");
    refuse(1206, order_of(PER_BLOCK(3), 3600, TEXT), ERR_InsufficientBalance,
           "InsufficientBalance()");
    arguments("transfer(address to, uint256 value)");
    abi_put_address(&w, of(U2));
    abi_put_u128(&w, (u128)1 << 120);
    struct door_call c = to(NOBODY, USDT);
    c.from = TREASURY; /* who has nothing */
    refuse(1207, c, ERR_InsufficientBalance,
           "ERC20InsufficientBalance(0x0000000000000000000000000000000000000003, 0, "
           "1329227995784915872903807060280344576)");
    arguments("transfer(address to, uint256 value)");
    abi_put_address(&w, of(U2));
    abi_put_word(&w, more_than_all());
    c = to(NOBODY, USDT);
    c.from = TREASURY;
    refuse(1208, c, ERR_Overflow,
           "ERC20InsufficientBalance(0x0000000000000000000000000000000000000003, 0, "
           "340282366920938463463374607431768211456)");
    arguments("pause()");
    refuse(1209, to(U1, ESCROW), ERR_UnknownCall, "");
    printf("ok - refusals\n");
}

int main(void)
{
    struct params p = story_params();

    chain_begin(&p);
    door_host_open(&host, &chain);
    deposits();
    providers();
    orders();
    matches();
    updates();
    ends();
    withdrawals();
    refusals();
    return EXIT_SUCCESS;
}
