/* abi_writer and abi_reader against the examples of Solidity's ABI specification, against what
 * ethers 6.17.0 makes, against a naive encoder over drawn types and values, and what is refused. */
#include "chain-mock/wire/abi_print.h"
#include "chain-mock/wire/abi_reader.h"
#include "chain-mock/wire/abi_writer.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static u8 memory[1 << 14];

#define TEXT(s) ((struct text){(s), strlen(s)})
#define STRING_OF(s) SLICE((const u8 *)(s), strlen(s))

/* Words of the encodings below: small numbers, and texts at the start of a word. */
#define W(digits) "00000000000000000000000000000000000000000000000000000000000000" digits
#define ZEROS_10 "00000000000000000000"
#define ADDRESS_70 "70997970c51812dc3a010c7d01b50e0d17dc79c8"
#define PAD_12 "000000000000000000000000"

static struct slice finished(const struct abi_writer *w)
{
    size_t n;

    EXPECT(abi_finish(w, &n));
    return SLICE(w->bytes, n);
}

static struct abi_writer call(const char *signature)
{
    struct abi_signature s = abi_signature_of(signature);

    return abi_writer_of_call(&s, memory, sizeof(memory));
}

static struct abi_reader arguments(const char *signature, struct slice data)
{
    return abi_reader_at(abi_signature_of(signature).inputs, data, ABI_SELECTOR_BYTES);
}

/* --- the specification's examples --- */

static void test_baz(void)
{
    const char *signature = "baz(uint32 x, bool y)";
    struct abi_writer w = call(signature);

    abi_put_u128(&w, 69);
    abi_put_bool(&w, true);
    EXPECT(bytes_equal(finished(&w), bytes_of("cdcd77c0" W("45") W("01"))));
    struct abi_reader r = arguments(signature, finished(&w));
    EXPECT(abi_get_u64(&r) == 69 && abi_get_bool(&r) && abi_done(&r));
}

static void test_bar(void)
{
    struct abi_writer w = call("bar(bytes3[2])");
    struct bytes32 abc = {{'a', 'b', 'c'}}, def = {{'d', 'e', 'f'}};

    abi_begin(&w, 0);
    abi_put_word(&w, abc);
    abi_put_word(&w, def);
    abi_end(&w);
    EXPECT(bytes_equal(finished(&w), bytes_of("fce353f6"
                                              "6162630000000000000000000000000000000000000000000"
                                              "000000000000000"
                                              "6465660000000000000000000000000000000000000000000"
                                              "000000000000000")));
    struct abi_reader r = arguments("bar(bytes3[2])", finished(&w));
    EXPECT(abi_enter(&r) == 2 && bytes32_cmp(abi_get_word(&r), abc) == 0);
    EXPECT(bytes32_cmp(abi_get_word(&r), def) == 0);
    abi_leave(&r);
    EXPECT(abi_done(&r));
}

static void test_sam(void)
{
    const char *signature = "sam(bytes, bool, uint256[])";
    struct abi_writer w = call(signature);

    abi_put_bytes(&w, STRING_OF("dave"));
    abi_put_bool(&w, true);
    abi_begin(&w, 3);
    for (u64 i = 1; i <= 3; i++)
        abi_put_u128(&w, i);
    abi_end(&w);
    EXPECT(bytes_equal(
        finished(&w),
        bytes_of("a5643bf2" W("60") W("01") W("a0") W(
            "04") "6461766500000000000000000000000000000000000000000000000000000000" W("03") W("01")
                     W("02") W("03"))));
    struct abi_reader r = arguments(signature, finished(&w));
    EXPECT(bytes_equal(abi_get_bytes(&r), STRING_OF("dave")) && abi_get_bool(&r));
    EXPECT(abi_enter(&r) == 3);
    for (u64 i = 1; i <= 3; i++)
        EXPECT(abi_get_u64(&r) == i);
    abi_leave(&r);
    EXPECT(abi_done(&r));
}

static void test_f(void)
{
    struct abi_writer w = call("f(uint256, uint32[], bytes10, bytes)");
    struct bytes32 ten = {{'1', '2', '3', '4', '5', '6', '7', '8', '9', '0'}};

    abi_put_u128(&w, 0x123);
    abi_begin(&w, 2);
    abi_put_u128(&w, 0x456);
    abi_put_u128(&w, 0x789);
    abi_end(&w);
    abi_put_word(&w, ten);
    abi_put_bytes(&w, STRING_OF("Hello, world!"));
    EXPECT(bytes_equal(
        finished(&w),
        bytes_of(
            "8be65246"
            "0000000000000000000000000000000000000000000000000000000000000123" W(
                "80") "3132333435363738393000000000000000000000000000000000000000000000" W("e0")
                W("02") "0000000000000000000000000000000000000000000000000000000000000456"
                        "0000000000000000000000000000000000000000000000000000000000000789" W(
                            "0d") "48656c6c6f2c20776f726c64210000000000000000000000000000000000000"
                                  "0")));
}

static void put_strings(struct abi_writer *w, const char *const *strings, size_t n)
{
    abi_begin(w, n);
    for (size_t i = 0; i < n; i++)
        abi_put_bytes(w, STRING_OF(strings[i]));
    abi_end(w);
}

static void test_g(void)
{
    const char *signature = "g(uint256[][], string[])";
    const char *strings[] = {"one", "two", "three"};
    struct abi_writer w = call(signature);

    abi_begin(&w, 2);
    abi_begin(&w, 2);
    abi_put_u128(&w, 1);
    abi_put_u128(&w, 2);
    abi_end(&w);
    abi_begin(&w, 1);
    abi_put_u128(&w, 3);
    abi_end(&w);
    abi_end(&w);
    put_strings(&w, strings, 3);
    EXPECT(bytes_equal(
        finished(&w),
        bytes_of("2289b18c" W(
            "40") "0000000000000000000000000000000000000000000000000000000000000140" W("02") W("40")
                     W("a0") W("02") W("01") W("02") W("01") W("03") W("03") W("60") W("a0") W("e0")
                         W("03") "6f6e65000000000000000000000000000000000000000000000000000000000"
                                 "0" W("03") "74776f00000000000000000000000000000000000000000000000"
                                             "00000000000" W(
                                                 "05") "7468726565000000000000000000000000000000000"
                                                       "000000000000000000000")));
    char text[100];
    struct sink out = SINK(text, sizeof(text));
    struct fault f;
    EXPECT(abi_print(&out, abi_signature_of(signature).inputs, finished(&w), 4, &f));
    EXPECT(sink_end(&out) && strcmp(text, "([[1, 2], [3]], [\"one\", \"two\", \"three\"])") == 0);
}

/* --- what ethers makes --- */

struct order {
    struct amount max_price;
    u64 blocks, version, mode, tiers[8];
    struct address token;
    struct slice spec;
    size_t tier_count;
};

/* As a dispatcher would. */
static bool read_order(struct order *o, struct slice calldata, struct fault *fault)
{
    struct abi_reader r =
        arguments("createOrder((uint256 maxPrice, uint64 numOfBlocks, address token, string spec, "
                  "uint16 version, uint8 mode, uint8[] tier) details)",
                  calldata);

    EXPECT(abi_enter(&r) == 0);
    o->max_price = abi_get_amount(&r);
    o->blocks = abi_get_u64(&r);
    o->token = abi_get_address(&r);
    o->spec = abi_get_bytes(&r);
    o->version = abi_get_u64(&r);
    o->mode = abi_get_u64(&r);
    o->tier_count = abi_enter(&r);
    for (size_t i = 0; i < o->tier_count; i++)
        o->tiers[i % ARRAY_LEN(o->tiers)] = abi_get_u64(&r);
    abi_leave(&r);
    abi_leave(&r);
    *fault = r.fault;
    return abi_done(&r);
}

static void test_order(void)
{
    const char *calldata = "d33d43ab" W(
        "20") "0000000000000000000000000000000000000000000000000de0b6b3a7640000"
              "0000000000000000000000000000000000000000000000000000000000015180" PAD_12 ADDRESS_70
                  W("e0") W("01")
                      W("00") "0000000000000000000000000000000000000000000000000000000000000120" W(
                          "06") "6770753a2031000000000000000000000000000000000000000000000000000"
                                "0" W("02") W("06") W("00");
    struct slice data = bytes_of(calldata);
    struct order o;
    struct fault f;

    EXPECT(read_order(&o, data, &f));
    EXPECT(amount_cmp(o.max_price, AMOUNT(WEI_E18(1))) == 0 && o.blocks == 86400);
    EXPECT(bytes_equal(SLICE(o.token.byte, ADDRESS_BYTES), bytes_of(ADDRESS_70)));
    EXPECT(bytes_equal(o.spec, STRING_OF("gpu: 1")) && o.version == 1 && o.mode == 0);
    EXPECT(o.tier_count == 2 && o.tiers[0] == 6 && o.tiers[1] == 0);
    for (size_t n = ABI_SELECTOR_BYTES; n < data.n; n++) /* cut anywhere, it is refused */
        EXPECT(!read_order(&o, SLICE(data.at, n), &f) && f.at <= data.n);
}

static void put_provider(struct abi_writer *w, u64 id, struct address a, struct address b)
{
    bool first = id == 1;

    abi_begin(w, 0);
    abi_put_u128(w, id);
    abi_put_address(w, first ? a : b);
    abi_begin(w, first ? 2 : 0);
    if (first) {
        abi_put_address(w, a);
        abi_put_address(w, b);
    }
    abi_end(w);
    abi_put_bytes(w, STRING_OF(first ? "{\"Name\":\"p1\",\"Region\":\"us-east\"}" : ""));
    abi_put_bytes(w, STRING_OF(first ? "https://p1" : "h"));
    abi_put_bytes(w, STRING_OF(first ? "cert" : ""));
    abi_put_u128(w, first ? 2 : 0);
    abi_put_u128(w, first ? 6 : 0);
    abi_put_u128(w, first ? 1700000000 : 0);
    abi_put_address(w, first ? b : a);
    abi_end(w);
}

static void put_providers(struct abi_writer *w)
{
    struct address a, b;

    memcpy(a.byte, bytes_of(ADDRESS_70).at, ADDRESS_BYTES);
    memset(b.byte, 0x35, ADDRESS_BYTES);
    abi_begin(w, 2);
    put_provider(w, 1, a, b);
    put_provider(w, 2, a, b);
    abi_end(w);
}

static void test_providers(void)
{
    struct abi_signature s = abi_signature_of(
        "getAllProviders() view returns ((uint256 providerId, address walletAddress, "
        "address[] paymentsAccepted, string spec, string hostUri, string certificate, "
        "uint8 status, uint8 tier, uint256 joinTimestamp, address rewardWallet)[])");
    struct abi_writer w = abi_writer_of(s.outputs, memory, 1216);
    size_t n;

    put_providers(&w);
    EXPECT(finished(&w).n == 1216);
    EXPECT(bytes32_cmp(
               bytes32_keccak(finished(&w)),
               bytes32_of("8d80c3b5b3a8e068321444e6842d1385bb68ad68a398e37050823911e712f76d")) ==
           0);
    for (size_t room = 0; room < 1216; room += 19) { /* too little: the length, nothing beyond */
        memset(memory, 0xaa, sizeof(memory));
        w = abi_writer_of(s.outputs, memory, room);
        put_providers(&w);
        EXPECT(!abi_finish(&w, &n) && n == 1216);
        for (size_t i = room; i < 1300; i++)
            EXPECT(memory[i] == 0xaa);
    }
}

static void test_custom_error(void)
{
    const char *signature = "error InsufficientBalance(uint256 available, uint256 required)";
    struct abi_writer w = call(signature);
    char text[40];
    struct sink out = SINK(text, sizeof(text));
    struct fault f;

    abi_put_u128(&w, 100);
    abi_put_u128(&w, 1000);
    EXPECT(
        bytes_equal(finished(&w),
                    bytes_of("cf479181" W(
                        "64") "00000000000000000000000000000000000000000000000000000000000003e8")));
    EXPECT(abi_print(&out, abi_signature_of(signature).inputs, finished(&w), 4, &f));
    EXPECT(sink_end(&out) && strcmp(text, "(100, 1000)") == 0);
    EXPECT(!abi_print(&out, abi_signature_of(signature).inputs, SLICE(memory, 67), 4, &f));
    EXPECT(f.kind == FAULT_ABI_SHORT && f.at == 36);
}

static void test_log(void) /* what is indexed is not in the data */
{
    struct abi_signature s = abi_signature_of(
        "event Added(uint256 indexed id, string spec, address indexed who, uint8 status)");
    struct abi_writer w = abi_writer_of_log(&s, memory, sizeof(memory));

    abi_put_bytes(&w, STRING_OF("A"));
    abi_put_u128(&w, 3);
    EXPECT(bytes_equal(
        finished(&w),
        bytes_of(W("40") W("03")
                     W("01") "4100000000000000000000000000000000000000000000000000000000000000")));
    struct abi_reader r = abi_reader_of_log(&s, finished(&w));
    EXPECT(bytes_equal(abi_get_bytes(&r), STRING_OF("A")) && abi_get_u64(&r) == 3);
    EXPECT(abi_done(&r));
    s = abi_signature_of("event All(uint256 indexed id)");
    w = abi_writer_of_log(&s, memory, sizeof(memory));
    EXPECT(finished(&w).n == 0);
}

/* --- printing --- */

static void expect_prints(const char *types, const char *data, const char *want)
{
    char text[400];
    struct sink out = SINK(text, sizeof(text));
    struct fault f;

    EXPECT(abi_print(&out, TEXT(types), bytes_of(data), 0, &f) && f.kind == FAULT_NONE);
    EXPECT(sink_end(&out));
    if (strcmp(text, want) != 0)
        printf("%s\n", text);
    EXPECT(strcmp(text, want) == 0);
}

#define ONES "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

static void test_printed(void)
{
    expect_prints("", "", "()");
    expect_prints(
        "uint256", ONES,
        "(115792089237316195423570985008687907853269984665640564039457584007913129639935)");
    expect_prints("int8, int256", ONES W("7f"), "(-1, 127)");
    expect_prints(
        "int256", "8000000000000000000000000000000000000000000000000000000000000000",
        "(-57896044618658097711785492504343953926634992332820282019728792003956564819968)");
    expect_prints("bool a, address b, bytes2 c",
                  W("01") PAD_12 ADDRESS_70
                  "abff000000000000000000000000000000000000000000000000000000000000",
                  "(true, 0x" ADDRESS_70 ", 0xabff)");
    expect_prints("(bytes b, bool[2] c) d",
                  W("20") W("60") W("00") W("01")
                      W("03") "01020300000000000000000000000000000000000000000000000000000000",
                  "((0x010203, [false, true]))");
}

/* --- what is refused --- */

static struct fault fault_of(const char *types, struct slice data)
{
    char text[4];
    struct sink out = SINK(text, sizeof(text));
    struct fault f;

    EXPECT(abi_print(&out, TEXT(types), data, 0, &f) == (f.kind == FAULT_NONE));
    return f;
}

#define HUGE "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0"

static void test_refused(void)
{
    const struct {
        const char *types, *data;
        enum fault_kind kind;
        size_t at;
    } cases[] = {
        {"uint8", "", FAULT_ABI_SHORT, 0},
        {"uint8", "00", FAULT_ABI_SHORT, 0},
        {"uint8, uint8", W("01"), FAULT_ABI_SHORT, 32},
        {"uint8", "0000000000000000000000000000000000000000000000000000000000000100",
         FAULT_ABI_TYPE, 0},
        {"bool, bool", W("01") W("02"), FAULT_ABI_TYPE, 32},
        {"address", "000000000000000000000001" ADDRESS_70, FAULT_ABI_TYPE, 0},
        {"bytes4", ONES, FAULT_ABI_TYPE, 0},
        {"string", W("21"), FAULT_ABI_OFFSET, 0},
        {"string", HUGE, FAULT_ABI_OFFSET, 0},
        {"string", W("20"), FAULT_ABI_SHORT, 32},
        {"string", W("20") W("01"), FAULT_ABI_LENGTH, 32},
        {"string", W("20") HUGE, FAULT_ABI_LENGTH, 32},
        {"string", W("20") W("01") "41", FAULT_NONE, 0},
        {"uint8, string", W("07") W("40") W("02") "41", FAULT_ABI_LENGTH, 64},
        {"uint8[]", W("20") W("02") W("01"), FAULT_ABI_LENGTH, 32},
        {"uint8[]", W("20") HUGE, FAULT_ABI_LENGTH, 32},
        {"uint8[2]", W("01"), FAULT_ABI_SHORT, 32},
        {"uint8[2][]", W("20") W("02") W("01") W("01") W("01"), FAULT_ABI_LENGTH, 32},
        {"(uint8, bytes)", W("60") W("00") W("00"), FAULT_ABI_SHORT, 96},
        {"(uint8, bytes)", W("20") W("01") W("60"), FAULT_ABI_OFFSET, 64},
        {"uint8[][]", W("20") W("01") W("21"), FAULT_ABI_OFFSET, 64},
        {"uint8", W("01") "0203", FAULT_NONE, 0}, /* what is behind is nobody's */
        /* two strings at one place: words enough */
        {"string, string, bytes1", W("60") W("60") W("00") W("00"), FAULT_ABI_AGAIN, 64},
        {"string, string, bytes1", W("60") W("60") W("00") W("00") W("00"), FAULT_NONE, 0},
        /* each array is all of them again */
        {"uint8[][][]", W("20") W("02") W("40") W("40") W("02") W("40") W("40") W("01") W("01"),
         FAULT_ABI_AGAIN, 256},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fault f = fault_of(cases[i].types, bytes_of(cases[i].data));
        if (f.kind != cases[i].kind || f.at != cases[i].at)
            printf("%s: %s at byte %zu\n", cases[i].types, fault_text(f.kind), f.at);
        EXPECT(f.kind == cases[i].kind && f.at == cases[i].at);
    }
}

static void test_too_large(void)
{
    struct slice data =
        bytes_of("0000000000000000000000000000000000000000000000010000000000000000"
                 "0000000000000000000000000000000100000000000000000000000000000000"
                 "0000000000000000000000000000000000000000000000008000000000000000");
    struct abi_reader r = abi_reader_at(TEXT("uint256, uint256, int256"), data, 0), s = r, t;

    EXPECT(abi_get_u64(&r) == 0 && r.fault.kind == FAULT_ABI_BEYOND_64 && r.fault.at == 0);
    EXPECT(abi_get_u64(&r) == 0 && abi_get_i64(&r) == 0 && !abi_done(&r) && r.fault.at == 0);
    EXPECT(abi_get_u128(&s) == (u128)1 << 64);
    t = s;
    EXPECT(abi_get_u128(&s) == 0 && s.fault.kind == FAULT_ABI_BEYOND_128 && s.fault.at == 32);
    (void)abi_get_word(&t);
    EXPECT(abi_get_i64(&t) == 0 && t.fault.kind == FAULT_ABI_BEYOND_64 && t.fault.at == 64);
}

int main(void)
{
    test_baz();
    test_bar();
    test_sam();
    test_f();
    test_g();
    test_order();
    test_providers();
    test_custom_error();
    test_log();
    test_printed();
    test_refused();
    test_too_large();
    printf("ok - abi\n");
    return EXIT_SUCCESS;
}
