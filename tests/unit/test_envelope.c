/* envelope against published transactions, against transactions that ethers 6.17.0 made
 * (Wallet.signTransaction), against itself over drawn ones, and what is refused. */
#include "chain-mock/wire/envelope.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static struct any any = {{54, 0, 0}, 0};
static secp256k1_context *ctx;
static u8 scratch[1 << 14];

#define ANVIL_KEY "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
#define ANVIL "f39fd6e51aad88f6f4ce6ab8827279cfffb92266"
#define OTHER "70997970c51812dc3a010c7d01b50e0d17dc79c8"
/* 20 and 32 bytes twice, then 20 bytes and no key */
#define KEY_1 "0000000000000000000000000000000000000000000000000000000000000001"
#define KEY_AB "abababababababababababababababababababababababababababababababab"
#define THIRTY_FIVES "3535353535353535353535353535353535353535"
#define ACCESS_LIST "f872f85994" OTHER "f842a0" KEY_1 "a0" KEY_AB "d694" THIRTY_FIVES "c0"
#define SIXTY "606060606060606060606060606060606060606060606060606060606060"

struct known {
    const char *raw, *signing_hash, *hash, *from;
    const char *key; /* NULL: not known */
};

static const struct known eip155 = {
    "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef"
    "61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800cc"
    "f555c9f3dc64214b297fb1966a3b6d83",
    "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53",
    "33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788",
    "9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f",
    "4646464646464646464646464646464646464646464646464646464646464646"};

static const struct known fee_market = {
    "02f872827a6905843b9aca008502540be40083030d4094" OTHER "8084e2bb0102c080"
    "a03d9d34f6a494dfcb40cbbb6496cf47512ac100e7fbda3798145176aca78cc1ef"
    "a02d48a8c3be7fb11611deb44c5f4fa165465b31a98f2cba704060d0432a561765",
    "d270c63663617669473d98191e033569680d964a2ee07290cb92e574bc2905bf",
    "d011050b7f4b34838ba90ffb85ad4bbaea13ec201a648034f35ddf78ad11097c", ANVIL, ANVIL_KEY};

static const struct known creation = {
    "02f9011b83014a34808090ffffffffffffffffffffffffffffffff8401c9c38080880de0b6b3a7640000b83c" SIXTY
        SIXTY ACCESS_LIST "80"
    "a05647a86119ecb148d0ce2962c8bc1a0c0645e9d8125b3357bd566a9d7779e7b5"
    "a049201bcba32a2980b1fb2289b98094636789849f7522f3a1201711ed192b512e",
    "9e6bb9a83904a8ad10636c26d9803d6442bde9ecfc42ed0bdf87956dc382c5a4",
    "4cfc0c01b889448b8148285a103d884560b9a3e440c162a054acb6ebf9607228", ANVIL, ANVIL_KEY};

static const struct known access_list = {
    "01f8e001871fffffffffffff8504a817c80082520894" OTHER "0180" ACCESS_LIST "80"
    "a026aa1edde7319e81c03c440a949c8ab1dde1355788fdc7e527c7526e7f9629de"
    "a0298e49b0f98892a3e8d85693a70edfae623466d7c58ccea3641fd6b316e27871",
    "09c1e50c6e6b0eeaeb34a9f94403c4a794b7e99bd1cfa8a1bcd952893f4759b4",
    "f2ca0399b1ef06754807589a174c4f06fed905b8d01102a2b388a5fc802b1464", ANVIL, ANVIL_KEY};

static const struct known any_chain = {
    "f86001018252089470997970c51812dc3a010c7d01b50e0d17dc79c881ff801b"
    "a0a80f4c78394ec4e44e0db21641b24ed9650dc327f45d2aeba11aeda487fcf094"
    "a0417b5485f74b15045bde44639c3b4db6954e9fd63dabd3549e0fb7a0b1309b63",
    "d55b0841db97a85f103b693367bd3c2fc82224e4dd88a9b792becf4153a70e50",
    "0260e0ea8a2290276efe83350de26674337b3aa6b97ac94d3cce9b087e757756", ANVIL, ANVIL_KEY};

static struct slice encoded(const struct envelope *e)
{
    static u8 out[1 << 14];

    return SLICE(out, envelope_encode(out, envelope_room(e), e));
}

static struct envelope decoded(struct slice raw)
{
    struct envelope e;
    struct fault fault;

    EXPECT(envelope_decode(&e, raw, &fault) && fault.kind == FAULT_NONE);
    return e;
}

static struct envelope expect_known(struct known known)
{
    struct slice raw = bytes_of(known.raw);
    struct envelope e = decoded(raw), unsigned_one = e;
    size_t room = envelope_room(&e);
    struct address from;

    EXPECT(bytes_equal(encoded(&e), raw));
    EXPECT(bytes32_cmp(bytes32_keccak(raw), bytes32_of(known.hash)) == 0);
    struct bytes32 hash = envelope_signing_hash(&e, scratch, room);
    EXPECT(bytes32_cmp(hash, bytes32_of(known.signing_hash)) == 0);
    EXPECT(envelope_sender(&from, &e, scratch, room) == FAULT_NONE);
    EXPECT(bytes_equal(SLICE(from.byte, sizeof(from.byte)), bytes_of(known.from)));

    unsigned_one.signature = (struct signature){0};
    struct bytes32 key = bytes32_of(known.key);
    EXPECT(envelope_sign(&unsigned_one, ctx, &key, scratch, room));
    EXPECT(bytes_equal(encoded(&unsigned_one), raw));
    return e;
}

static bool amount_is(struct amount a, u128 v)
{
    return amount_cmp(a, AMOUNT(v)) == 0;
}

static void test_legacy(void)
{
    struct envelope e = expect_known(eip155);

    EXPECT(e.type == ENVELOPE_LEGACY && !e.any_chain && e.chain_id == 1 && e.nonce == 9);
    EXPECT(amount_is(e.gas_price, 20000000000u) && e.gas == 21000 && !e.creates);
    EXPECT(bytes_equal(SLICE(e.to.byte, ADDRESS_BYTES), bytes_of(THIRTY_FIVES)));
    EXPECT(amount_is(e.value, WEI_E18(1)) && e.data.n == 0 && e.signature.y_parity == 0);
    e = expect_known(any_chain);
    EXPECT(e.any_chain && e.chain_id == 0 && amount_is(e.value, 255));
}

static void test_typed(void)
{
    struct envelope e = expect_known(fee_market);

    EXPECT(e.type == ENVELOPE_FEE_MARKET && e.chain_id == 31337 && e.nonce == 5);
    EXPECT(amount_is(e.max_tip, 1000000000u) && amount_is(e.max_fee, 10000000000u));
    EXPECT(amount_is(e.gas_price, 0) && e.gas == 200000 && e.access_addresses == 0);
    EXPECT(bytes_equal(e.data, bytes_of("e2bb0102")));
    e = expect_known(creation);
    EXPECT(e.creates && amount_is(e.max_fee, U128_MAX) && amount_is(e.value, WEI_E18(1)));
    EXPECT(e.access_addresses == 2 && e.access_keys == 2);
    EXPECT(bytes_equal(e.access_list, bytes_of(ACCESS_LIST)) && e.data.n == 60);
    e = expect_known(access_list);
    EXPECT(e.type == ENVELOPE_ACCESS_LIST && e.nonce == (1ull << 53) - 1);
    EXPECT(amount_is(e.gas_price, 20000000000u) && e.access_keys == 2);
}

/* go-ethereum's core/types/transaction_test.go: a signature from before EIP-2. */
static void test_high_s(void)
{
    struct envelope e =
        decoded(bytes_of("f86103018207d094b94f5374fce5edbc8e2a8697c15331677e6ebf0b0a8255441c"
                         "a098ff921201554726367d2be8c804a7ff89ccf285ebc57dff8ae4c44b9c19ac4a"
                         "a08887321be575c8095f789dd4c743dfe42c1820f9231f98a962b210e3ac2452a3"));
    struct bytes32 hash = envelope_signing_hash(&e, scratch, envelope_room(&e));
    struct address from;

    EXPECT(bytes32_cmp(hash, bytes32_of("fe7a79529ed5f7c3375d06b26b186a86"
                                        "44e0e16c373d7a12be41c62d6042b77a")) == 0);
    EXPECT(envelope_sender(&from, &e, scratch, sizeof(scratch)) == FAULT_SIGNATURE_HIGH);
}

/* --- what is refused --- */

static void test_refused(void)
{
    const struct {
        const char *bytes;
        enum fault_kind kind;
        size_t at;
    } cases[] = {
        {"", FAULT_TX_EMPTY, 0},
        {"00c0", FAULT_TX_UNKNOWN, 0},
        {"03c0", FAULT_TX_BLOB, 0},
        {"04c0", FAULT_TX_SET_CODE, 0},
        {"7fc0", FAULT_TX_UNKNOWN, 0},
        {"80", FAULT_TX_STRING, 0},
        {"bf", FAULT_TX_STRING, 0},
        {"c0", FAULT_RLP_MISSING, 1},
        {"02", FAULT_RLP_MISSING, 1},
        {"0280", FAULT_RLP_NOT_LIST, 1},
        {"c9 0101018080801b 0101", FAULT_NONE, 0},
        {"c9 0101018080801a 0101", FAULT_TX_V, 7},
        {"c9 01010180808001 0101", FAULT_TX_V, 7},
        {"c9 01010180808022 0101", FAULT_TX_V, 7},
        {"c9 01010180808023 0101", FAULT_NONE, 0}, /* of chain 0 */
        {"c9 0101010480801b 0101", FAULT_TX_TO, 4},
        {"ca 0101018080801b 010101", FAULT_RLP_EXTRA, 10},
        {"c8 0101018080801b 01", FAULT_RLP_MISSING, 9},
        {"c9 0101018080801b 010180", FAULT_RLP_TRAILING, 10},
        {"c9 0001018080801b 0101", FAULT_RLP_LEADING_ZERO, 1},
        {"d2 01010180808089020000000000000023 0101", FAULT_TX_CHAIN, 7},
        {"d2 01010180808089020000000000000022 0101", FAULT_NONE, 0}, /* 2 (2^64-1) + 36 */
        {"02cc 01010101018080 80c0 02 0101", FAULT_TX_PARITY, 11},
        {"02cc 01010101018080 80c0 01 0101", FAULT_NONE, 0},
        {"02cc 01010101018080 8080 01 0101", FAULT_RLP_NOT_LIST, 10},
        {"02cd 01010101018080 80c101 01 0101", FAULT_RLP_NOT_LIST, 11},
        {"02cf 01010101018080 80c3c20101 80 0101", FAULT_RLP_SIZE, 12},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct envelope e;
        struct fault f;
        bool taken = envelope_decode(&e, bytes_of(cases[i].bytes), &f);
        if (f.kind != cases[i].kind || f.at != cases[i].at)
            printf("%s: %s at byte %zu\n", cases[i].bytes, fault_text(f.kind), f.at);
        EXPECT(taken == (f.kind == FAULT_NONE));
        EXPECT(f.kind == cases[i].kind && f.at == cases[i].at);
    }
}

static void test_too_large(void) /* 2^128 as a price, 2^64 as gas */
{
    struct envelope e;
    struct fault f;

    EXPECT(!envelope_decode(
        &e, bytes_of("da 01 910100000000000000000000000000000000 01 80 80 80 1b 01 01"), &f));
    EXPECT(f.kind == FAULT_RLP_BEYOND_128 && f.at == 2);
    EXPECT(!envelope_decode(&e, bytes_of("d2 01 01 89010000000000000000 80 80 80 1b 01 01"), &f));
    EXPECT(f.kind == FAULT_RLP_BEYOND_64 && f.at == 3);
}

/* --- drawn ones --- */

static struct amount any_amount(void)
{
    return AMOUNT((u128)any_sized(&any, 64) << any_below(&any, 65));
}

static struct slice any_access_list(u32 *addresses, u32 *keys)
{
    static u8 memory[4096];
    struct rlp_writer w = RLP_WRITER(memory, sizeof(memory));
    u8 bytes[32];

    *addresses = (u32)any_below(&any, 4);
    *keys = 0;
    rlp_begin(&w);
    for (u32 i = 0; i < *addresses; i++) {
        rlp_begin(&w);
        any_bytes(&any, bytes, sizeof(bytes));
        rlp_put_bytes(&w, SLICE(bytes, ADDRESS_BYTES));
        rlp_begin(&w);
        for (u64 n = any_below(&any, 4); n > 0; n--, ++*keys)
            rlp_put_bytes(&w, SLICE(bytes, sizeof(bytes)));
        rlp_end(&w);
        rlp_end(&w);
    }
    rlp_end(&w);
    return SLICE(memory, w.n);
}

static struct envelope any_envelope(void)
{
    static u8 data[600];
    struct envelope e = {.type = (enum envelope_type)any_below(&any, 3),
                         .nonce = any_sized(&any, 64),
                         .gas = any_sized(&any, 64),
                         .creates = any_below(&any, 4) == 0,
                         .value = any_amount(),
                         .data = SLICE(data, any_sized(&any, 9))};

    any_bytes(&any, data, e.data.n);
    e.any_chain = e.type == ENVELOPE_LEGACY && any_below(&any, 2) == 0;
    if (!e.any_chain)
        e.chain_id = any_sized(&any, 64);
    if (e.type == ENVELOPE_FEE_MARKET) {
        e.max_fee = any_amount();
        e.max_tip = any_amount();
    } else {
        e.gas_price = any_amount();
    }
    if (!e.creates)
        any_bytes(&any, e.to.byte, ADDRESS_BYTES);
    if (e.type != ENVELOPE_LEGACY)
        e.access_list = any_access_list(&e.access_addresses, &e.access_keys);
    return e;
}

static bool same(const struct envelope *a, const struct envelope *b)
{
    return a->type == b->type && a->any_chain == b->any_chain && a->chain_id == b->chain_id &&
           a->nonce == b->nonce && amount_cmp(a->gas_price, b->gas_price) == 0 &&
           amount_cmp(a->max_fee, b->max_fee) == 0 && amount_cmp(a->max_tip, b->max_tip) == 0 &&
           a->gas == b->gas && a->creates == b->creates && address_equal(a->to, b->to) &&
           amount_cmp(a->value, b->value) == 0 && bytes_equal(a->data, b->data) &&
           bytes_equal(a->access_list, b->access_list) &&
           a->access_addresses == b->access_addresses && a->access_keys == b->access_keys &&
           a->signature.y_parity == b->signature.y_parity &&
           bytes32_cmp(a->signature.r, b->signature.r) == 0 &&
           bytes32_cmp(a->signature.s, b->signature.s) == 0;
}

/* A changed bit is refused, or is another transaction, of somebody else or nobody. */
static void expect_bit_counts(struct slice raw, struct address from)
{
    static u8 changed[1 << 14];
    struct envelope e;
    struct fault f;
    struct address got;

    memcpy(changed, raw.at, raw.n);
    changed[any_below(&any, raw.n)] ^= (u8)(1 << any_below(&any, 8));
    if (!envelope_decode(&e, SLICE(changed, raw.n), &f)) {
        EXPECT(f.kind != FAULT_NONE && f.at <= raw.n);
        return;
    }
    EXPECT(bytes_equal(encoded(&e), SLICE(changed, raw.n)));
    EXPECT(envelope_sender(&got, &e, scratch, sizeof(scratch)) != FAULT_NONE ||
           !address_equal(got, from));
}

static void test_there_and_back(void)
{
    struct bytes32 key = bytes32_of(ANVIL_KEY);
    struct address anvil, from;

    EXPECT(signature_address(&anvil, ctx, &key));
    for (int i = 0; i < 1000; i++) {
        struct envelope e = any_envelope();
        EXPECT(envelope_sign(&e, ctx, &key, scratch, envelope_room(&e)));
        struct slice raw = encoded(&e);
        struct envelope got = decoded(raw);
        EXPECT(same(&e, &got));
        EXPECT(envelope_sender(&from, &got, scratch, envelope_room(&got)) == FAULT_NONE);
        EXPECT(address_equal(from, anvil));
        static u8 kept[1 << 14];
        memcpy(kept, raw.at, raw.n);
        expect_bit_counts(SLICE(kept, raw.n), anvil);
    }
}

static void test_room(void) /* the largest there is fits, with its data */
{
    static const u8 data[70000];
    static u8 out[70000 + 512];
    struct bytes32 most = bytes32_of_i64(-1);
    struct envelope e = {.chain_id = UINT64_MAX,
                         .nonce = UINT64_MAX,
                         .gas_price = AMOUNT(U128_MAX),
                         .max_fee = AMOUNT(U128_MAX),
                         .max_tip = AMOUNT(U128_MAX),
                         .gas = UINT64_MAX,
                         .value = AMOUNT(U128_MAX),
                         .data = SLICE(data, sizeof(data)),
                         .signature = {1, most, most}};

    for (int type = 0; type < 3; type++) {
        e.type = (enum envelope_type)type;
        EXPECT(envelope_encode(out, envelope_room(&e), &e) > sizeof(data));
    }
}

int main(void)
{
    ctx = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    test_legacy();
    test_typed();
    test_high_s();
    test_refused();
    test_too_large();
    test_there_and_back();
    test_room();
    secp256k1_context_destroy(ctx);
    printf("ok - envelope\n");
    return EXIT_SUCCESS;
}
