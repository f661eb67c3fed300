/* door, the exact set: every row there and back with drawn values, what is refused and why, what is
 * read. */
#include "chain-mock/door/exact.h"
#include "chain-mock/wire/abi_reader.h"
#include "chain-mock/wire/abi_writer.h"
#include "tests/bytes.h"
#include "tests/chain.h"
#include "tests/door_host.h"
#include "tests/property/any_tx.h"

#include <string.h>

#define DRAWN 300u /* of each row */

static struct any any = {{61, 0, 0}, 0};
static struct door_host host;
static u8 calldata[1 << 16];

static void begin(void)
{
    struct params p = story_params();

    chain_begin(&p);
    door_host_open(&host, &chain);
}

static struct slice encoded_tx(const struct tx *tx)
{
    static u8 out[2][TX_BYTES_MAX];
    static u32 turn;
    struct writer w = {out[turn++ % 2], TX_BYTES_MAX};

    u8 *at = w.at;
    tx_encode(&w, tx);
    return SLICE(at, TX_BYTES_MAX - w.left);
}

static bool tx_equal(struct tx a, struct tx b)
{
    return bytes_equal(encoded_tx(&a), encoded_tx(&b));
}

static bool log_equal(const struct log *a, const struct log *b)
{
    u8 x[LOG_BYTES_MAX], y[LOG_BYTES_MAX];
    struct writer v = {x, sizeof(x)}, w = {y, sizeof(y)};

    log_encode(&v, a);
    log_encode(&w, b);
    return bytes_equal(SLICE(x, sizeof(x) - v.left), SLICE(y, sizeof(y) - w.left));
}

/* Accounts that nobody has are nobody. */
#define KNOWN_u32(v) (void)(v)
#define KNOWN_account(v) (v) = (v) < ACCOUNTS ? (v) : 0
#define KNOWN_u64(v) (void)(v)
#define KNOWN_u128(v) (void)(v)
#define KNOWN_amount(v) (void)(v)
#define KNOWN_machine(v) (void)(v)
#define KNOWN_specs(v) (void)(v)
#define FIELD(type, name) KNOWN_##type(body->name);

static struct tx known_tx(struct tx tx)
{
    switch (tx.kind) {
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    case TX_##NAME: {                                                                              \
        struct tx_##name *body = &tx.u.name;                                                       \
        fields break;                                                                              \
    }
#include "protocol/tx.def"
#undef TX
    case TX_KINDS:
        break;
    }
    return tx;
}

static struct log known_log(struct log log)
{
    switch (log.kind) {
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        struct log_##name *body = &log.u.name;                                                     \
        fields break;                                                                              \
    }
#include "protocol/log.def"
#undef LOG
    case LOG_KINDS:
        break;
    }
    return log;
}

static struct door_call call_of(const struct tx *tx, const u32 *words)
{
    size_t n = door_call_write(&host.door, tx, words, calldata, sizeof(calldata));

    EXPECT(n >= 4 && n <= sizeof(calldata));
    EXPECT(door_call_write(&host.door, tx, words, NULL, 0) == n);
    return (struct door_call){.from = U1,
                              .to = door_exact_address(tx_rows[tx->kind].contract),
                              .data = SLICE(calldata, n)};
}

static void expect_refused(struct door_call c, enum err reason)
{
    struct tx tx = door_host_tx(&host, c);

    EXPECT(tx.kind == TX_REFUSED && tx.u.refused.reason == (u32)reason);
    EXPECT(host.newcomer_count == 0 && host.word_count == 0);
}

/* ---- functions ---- */

static void test_every_function(void)
{
    for (u32 k = 0; k < TX_KINDS; k++) {
        for (u32 i = 0; i < DRAWN && tx_rows[k].contract != CONTRACT_COIN; i++) {
            struct tx tx = any_tx_of(&any, (enum tx_kind)k);
            if (k == TX_REPORT_RESPONSES)
                continue;
            EXPECT(tx_equal(door_host_tx(&host, call_of(&tx, NULL)), known_tx(tx)));
        }
    }
    printf("ok - every function there and back\n");
}

static void test_responses(void)
{
    u32 words[100];

    for (u32 i = 0; i < DRAWN; i++) {
        struct tx tx = CALL(REPORT_RESPONSES, report_responses, .first = (u32)any_sized(&any, 32));
        struct tx_report_responses *a = &tx.u.report_responses;
        a->count = (u32)any_below(&any, 60);
        a->offset = (u32)any_below(&any, 40);
        for (u32 w = 0; w < ARRAY_LEN(words); w++)
            words[w] = (u32)any_sized(&any, 32);
        u32 before = host.word_count;
        struct tx got = door_host_tx(&host, call_of(&tx, words));
        const struct tx_report_responses *b = &got.u.report_responses;
        EXPECT(got.kind == TX_REPORT_RESPONSES && a->first == b->first && a->count == b->count);
        EXPECT(host.word_count == before + a->count && (a->count == 0 || b->offset == before));
        EXPECT(a->count == 0 ||
               memcmp(host.words + before, words + a->offset, a->count * sizeof(u32)) == 0);
        if (host.word_count > DOOR_HOST_WORDS / 2)
            door_host_next(&host);
    }
    door_host_next(&host);
    printf("ok - words of responses\n");
}

/* The selector of placeBid(uint64,uint256) is published: spheron/sdk.md f. */
static void test_known_calldata(void)
{
    struct tx tx = CALL(PLACE_BID, place_bid, .order = 7, .price = AMOUNT(258));
    struct door_call c = call_of(&tx, NULL);

    EXPECT(bytes_equal(
        c.data, bytes_of("fd2e5a23"
                         "0000000000000000000000000000000000000000000000000000000000000007"
                         "0000000000000000000000000000000000000000000000000000000000000102")));
    EXPECT(bytes_equal(SLICE(c.to.byte, ADDRESS_BYTES),
                       bytes_of("4f7272657279 00000000000000000000000000 08")));
    printf("ok - a call, byte by byte\n");
}

static void test_refusals(void)
{
    struct tx tx = CALL(DEPOSIT, deposit, .wallet = 0, .token = 1, .amount = AMOUNT(5));
    struct door_call good = call_of(&tx, NULL), bad = good;

    bad.value = AMOUNT(1);
    expect_refused(bad, ERR_NotPayable);
    bad = good;
    bad.creates = true;
    expect_refused(bad, ERR_UnknownCall);
    for (size_t n = 0; n < good.data.n; n++) {
        bad = good;
        bad.data.n = n;
        expect_refused(bad, ERR_UnknownCall);
    }
    bad = good;
    bad.to = door_exact_address(CONTRACT_ORDER); /* another contract's function */
    expect_refused(bad, ERR_UnknownCall);
    bad = good;
    calldata[4] = 1; /* of a u32, beyond it */
    expect_refused(bad, ERR_UnknownCall);
    calldata[4] = 0;
    calldata[4 + 2 * 32] = 1; /* of a u256, beyond what this chain holds */
    expect_refused(bad, ERR_Overflow);
    calldata[4 + 2 * 32] = 0;
    calldata[0] ^= 1;
    expect_refused(bad, ERR_UnknownCall);
    calldata[0] ^= 1;
    EXPECT(tx_equal(door_host_tx(&host, good), tx));
    good.data.n++; /* as Solidity's decoder, which takes what is behind */
    EXPECT(tx_equal(door_host_tx(&host, good), tx));
    printf("ok - what no contract takes\n");
}

static void test_transfers(void)
{
    struct address somebody = {{0xab, 1}}, nobody = {{0}};
    struct door_call c = {.from = U1, .to = somebody, .value = AMOUNT(9)};
    u32 id = ACCOUNTS; /* ids follow each other */

    c.data = bytes_of("12345678"); /* an account that is no contract has no use for it */
    struct tx want = CALL(SEND, send, id, AMOUNT(9));
    EXPECT(tx_equal(door_host_tx(&host, c), want));
    EXPECT(host.newcomer_count == 1);
    EXPECT(tx_equal(door_host_tx(&host, c), want) && host.newcomer_count == 1);
    c.to = nobody;
    want.u.send.to = 0;
    EXPECT(tx_equal(door_host_tx(&host, c), want) && host.newcomer_count == 1);
    door_host_next(&host);
    printf("ok - plain transfers\n");
}

static void test_addresses(void)
{
    u32 contracts = 0;

    for (u32 i = 0; i < door_contracts(); i++) {
        struct address a = door_contract_address(i);
        bool absent = i >= door_contracts() - DOOR_TOKENS_KNOWN + 2; /* the chain has two tokens */
        EXPECT(door_contract(&host.door, a) == !absent);
        for (u32 k = 0; k < i; k++)
            EXPECT(!address_equal(a, door_contract_address(k)) &&
                   strcmp(door_contract_name(i), door_contract_name(k)) != 0);
        a.byte[0] ^= 1;
        contracts += door_contract(&host.door, a);
    }
    EXPECT(contracts == 0 && !door_contract(&host.door, (struct address){{0}}));
    printf("ok - addresses\n");
}

/* ---- events and errors ---- */

static void test_every_event(void)
{
    u8 room[DOOR_LOGS_BYTES];
    struct door_log out[1];

    for (u32 k = 0; k < LOG_KINDS; k++) {
        for (u32 i = 0; i < DRAWN; i++) {
            struct log log = any_log_of(&any, (enum log_kind)k), got;
            exact_log(&host.door, &log, &out[0], room, sizeof(room));
            EXPECT(out[0].topic_count >= 2);
            EXPECT(door_log_read(&host.door, &out[0], &got));
            log = known_log(log);
            EXPECT(log_equal(&log, &got));
            struct door_log cut = out[0];
            cut.topic_count--;
            EXPECT(!door_log_read(&host.door, &cut, &got));
            cut = out[0];
            cut.topics[1].byte[0] = 1; /* no first field has 256 bits */
            EXPECT(!door_log_read(&host.door, &cut, &got));
            cut = out[0];
            cut.address.byte[ADDRESS_BYTES - 1] ^= 15;
            EXPECT(!door_log_read(&host.door, &cut, &got));
        }
    }
    printf("ok - every event there and back\n");
}

static void test_every_error(void)
{
    struct door_call c = {.to = door_exact_address(CONTRACT_ORDER)};
    char text[64];
    u8 out[DOOR_REVERT_BYTES];
    u32 told = 0;

    for (u32 e = 0; e < ERR_KINDS; e++) {
        size_t n = door_revert(&host.door, &c, (enum err)e, out);
        struct sink words = SINK(text, sizeof(text));
        told += n == 4;
        if (e == ERR_None || e == ERR_UnknownCall || e == ERR_NotPayable) {
            EXPECT(n == 0);
            continue;
        }
        EXPECT(door_revert_read(&host.door, SLICE(out, n)) == (enum err)e);
        EXPECT(door_revert_text(&host.door, SLICE(out, n), &words) && sink_end(&words));
        EXPECT(e != ERR_BiddingClosed || strcmp(text, "BiddingClosed()") == 0);
    }
    EXPECT(told == ERR_KINDS - 3);
    EXPECT(door_revert_read(&host.door, bytes_of("08c379a0")) == ERR_None);
    EXPECT(door_revert_read(&host.door, SLICE(NULL, 0)) == ERR_None);
    printf("ok - every error there and back\n");
}

/* ---- views ---- */

static u8 answer[1 << 14];

/* A call of these words; false: no answer. */
static bool ask(enum contract at, const char *signature, const struct bytes32 *words, u32 count,
                struct abi_reader *out)
{
    struct abi_signature s = abi_signature_of(signature);
    struct abi_writer w = abi_writer_of_call(&s, calldata, sizeof(calldata));
    struct door_call c = {.to = door_exact_address(at)};
    size_t n, needed;

    for (u32 i = 0; i < count; i++)
        abi_put_word(&w, words[i]);
    EXPECT(abi_finish(&w, &n));
    c.data = SLICE(calldata, n);
    if (!door_view(&host.door, &c, NULL, 0, &needed))
        return false;
    EXPECT(needed > 0 && needed <= sizeof(answer));
    EXPECT(door_view(&host.door, &c, answer, needed, &n) && n == needed);
    *out = abi_reader_at(s.outputs, SLICE(answer, n), 0);
    return true;
}

#define ASK(at, signature, ...)                                                                    \
    ask(at, signature, (const struct bytes32[]){__VA_ARGS__},                                      \
        sizeof((const struct bytes32[]){__VA_ARGS__}) / sizeof(struct bytes32), &r)
#define NUMBER(n) bytes32_of_u128(n)

static struct bytes32 word_of(u32 account)
{
    return bytes32_of_low(chain_account_address(&chain, account), ADDRESS_BYTES);
}

static void test_views_of_a_lease(void)
{
    struct abi_reader r;
    u64 id;

    put_provider(P, cpus(8), SPONS(600));
    put_wallet(U1, 1, USDX, USDXS(500));
    id = lease(100, (struct want){.user = U1,
                                  .wallet = 1,
                                  .token = USDX,
                                  .price = 3600000,
                                  .duration_s = 7200,
                                  .provider = P,
                                  .specs = {.cpu = 2}});
    u128 hash = chain_hash(&chain);
    EXPECT(ASK(CONTRACT_LEASE,
               "lease(uint64 id) returns ((uint64 id, uint64 order, uint32 provider, uint32 "
               "wallet, address tenant, uint32 token, (uint32, uint32, uint32, uint16, uint16) "
               "specs, uint32 replicas, uint256 price, uint64 start, uint64 agreed, uint64 "
               "settled, uint64 ended, uint32 reason, bool confirmed, uint256, uint256, uint256))",
               NUMBER(id)));
    abi_enter(&r);
    EXPECT(abi_get_u64(&r) == id && abi_get_u64(&r) == 1 && abi_get_u64(&r) == 1);
    EXPECT(abi_get_u64(&r) == 1);
    EXPECT(bytes32_cmp(abi_get_word(&r), word_of(U1)) == 0 && abi_get_u64(&r) == USDX);
    abi_enter(&r);
    EXPECT(abi_get_u64(&r) == 2);

    EXPECT(
        ASK(CONTRACT_ESCROW, "walletsOf(address account) returns (uint32[] wallets)", word_of(U1)));
    EXPECT(abi_enter(&r) == 1 && abi_get_u64(&r) == 1);
    EXPECT(ASK(CONTRACT_ESCROW, "purse(uint32 wallet, uint32 token) returns ((uint256, uint256))",
               NUMBER(1), NUMBER(USDX)));
    abi_enter(&r);
    IS_AMOUNT(abi_get_amount(&r), 500000000u);
    IS_AMOUNT(abi_get_amount(&r), purse_of(1, USDX)->unlocked.wei);
    EXPECT(ASK(CONTRACT_REGISTRY, "providerOf(address account) returns (uint32)", word_of(P)));
    EXPECT(abi_get_u64(&r) == provider_of(P));
    EXPECT(ASK(CONTRACT_TOKEN, "balanceOf(address account, uint32 token) returns (uint256)",
               word_of(U1), NUMBER(USDX)));
    IS_AMOUNT(abi_get_amount(&r), balance_of(U1, USDX));
    EXPECT(ask(CONTRACT_GOVERNANCE, "era() returns (uint64, uint64, uint64)", NULL, 0, &r));
    EXPECT(abi_get_u64(&r) == 0 && abi_get_u64(&r) == 0 && abi_get_u64(&r) == DAY_S);
    EXPECT(chain_hash(&chain) == hash && host.newcomer_count == 0);
    printf("ok - what is read of a market\n");
}

static void test_views_of_nothing(void)
{
    struct bytes32 stranger = {{[12] = 7}};
    struct abi_reader r;

    EXPECT(ASK(CONTRACT_TOKEN, "balanceOf(address account, uint32 token) returns (uint256)",
               stranger, NUMBER(SPON)));
    EXPECT(abi_get_u64(&r) == 0 && host.newcomer_count == 0);
    EXPECT(ASK(CONTRACT_ORDER, "order(uint64 id) returns ((uint64 id))", NUMBER(UINT64_MAX)));
    abi_enter(&r);
    EXPECT(abi_get_u64(&r) == 0);
    EXPECT(ASK(CONTRACT_BID, "bidsOf(uint64 id) returns (uint256[])", NUMBER(99)));
    EXPECT(abi_enter(&r) == 0);
    EXPECT(
        ASK(CONTRACT_STAKING, "standing(uint32 provider) returns ((uint8))", NUMBER(UINT32_MAX)));
    EXPECT(!ASK(CONTRACT_STAKING, "lease(uint64 id) returns ((uint64))", NUMBER(1)));
    printf("ok - what is read of nothing\n");
}

static bool ask_param(const char *name, struct abi_reader *r)
{
    struct abi_signature s =
        abi_signature_of("param(string name) returns (uint32 param, uint256 value)");
    struct abi_writer w = abi_writer_of_call(&s, calldata, sizeof(calldata));
    struct door_call c = {.to = door_exact_address(CONTRACT_GOVERNANCE)};
    size_t n;

    abi_put_bytes(&w, SLICE((const u8 *)name, strlen(name)));
    EXPECT(abi_finish(&w, &n));
    c.data = SLICE(calldata, n);
    *r = abi_reader_at(s.outputs, SLICE(answer, 64), 0);
    return door_view(&host.door, &c, answer, sizeof(answer), &n);
}

static void test_params(void)
{
    struct abi_reader r;

    EXPECT(ask_param("commission_bps", &r));
    EXPECT(abi_get_u64(&r) == PARAM_commission_bps && abi_get_u64(&r) == 2000);
    EXPECT(!ask_param("commission_bp", &r) && !ask_param("", &r));
    printf("ok - parameters by name\n");
}

int main(void)
{
    begin();
    test_every_function();
    test_responses();
    test_known_calldata();
    test_refusals();
    test_transfers();
    test_addresses();
    test_every_event();
    test_every_error();
    test_views_of_a_lease();
    test_views_of_nothing();
    test_params();
    return EXIT_SUCCESS;
}
