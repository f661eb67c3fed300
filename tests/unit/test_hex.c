/* hex against the forms that rpc.md states, against printf and strtoull over drawn values, and what
 * is refused with its words and place. */
#include "chain-mock/wire/hex.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static struct any any = {{55, 0, 0}, 0};

#define TEXT(s) ((struct text){(s), strlen(s)})

static void test_printed(void)
{
    char out[HEX_QUANTITY_CHARS], data[HEX_DATA_CHARS(3)];

    EXPECT(hex_print_u128(out, 0) == 3 && strcmp(out, "0x0") == 0);
    EXPECT(hex_print_u128(out, 0x41) == 4 && strcmp(out, "0x41") == 0);
    EXPECT(hex_print_u128(out, 0x123) == 5 && strcmp(out, "0x123") == 0);
    EXPECT(hex_print_u256(out, bytes32_of_i64(-1)) == 66 && strspn(out + 2, "f") == 64);
    EXPECT(hex_print_data(data, SLICE(NULL, 0)) == 2 && strcmp(data, "0x") == 0);
    EXPECT(hex_print_data(data, bytes_of("00a1ff")) == 8 && strcmp(data, "0x00a1ff") == 0);
}

static void test_zeros(void)
{
    struct fault f;
    u64 v = 7;

    EXPECT(hex_read_u64(&v, TEXT("0x0"), HEX_STRICT, &f) && v == 0);
    EXPECT(hex_read_u64(&v, TEXT("0x01"), HEX_LENIENT, &f) && v == 1);
    EXPECT(hex_read_u64(&v, TEXT("0X00fF"), HEX_LENIENT, &f) && v == 255);
    EXPECT(!hex_read_u64(&v, TEXT("0x01"), HEX_STRICT, &f) && v == 255);
    EXPECT(f.kind == FAULT_HEX_LEADING_ZERO && f.at == 2);
    EXPECT(!hex_read_u64(&v, TEXT("0x"), HEX_LENIENT, &f) && f.kind == FAULT_HEX_NO_DIGITS);
    EXPECT(hex_read_decimal(&v, TEXT("1"), &f) && v == 1);
    EXPECT(hex_read_decimal(&v, TEXT("18446744073709551615"), &f) && v == UINT64_MAX);
    struct bytes32 key; /* of 32 bytes, and short */
    EXPECT(hex_read_u256(&key, TEXT("0x1"), HEX_LENIENT, &f));
    EXPECT(bytes32_cmp(key, bytes32_of_u128(1)) == 0);
    EXPECT(hex_read_u256(&key,
                         TEXT("0x0000000000000000000000000000000000000000000000000000000000000002"),
                         HEX_LENIENT, &f));
    EXPECT(bytes32_cmp(key, bytes32_of_u128(2)) == 0);
}

enum read { U64, U128, U256, DECIMAL, DATA, FIXED };

#define ZEROS_16 "0000000000000000"

static void test_refused(void)
{
    const struct {
        enum read read;
        const char *text;
        enum fault_kind kind;
        size_t at;
    } cases[] = {
        {U64, "", FAULT_HEX_EMPTY, 0},
        {U64, "1", FAULT_HEX_PREFIX, 0},
        {U64, "x1", FAULT_HEX_PREFIX, 0},
        {U64, "0x", FAULT_HEX_NO_DIGITS, 0},
        {U64, "0x00", FAULT_HEX_LEADING_ZERO, 2},
        {U64, "0x1g", FAULT_HEX_DIGIT, 3},
        {U64, "0x-1", FAULT_HEX_DIGIT, 2},
        {U64, "0x1" ZEROS_16, FAULT_HEX_BEYOND_64, 0},
        {U128, "0x1" ZEROS_16 ZEROS_16, FAULT_HEX_BEYOND_128, 0},
        {U256, "0x1" ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16, FAULT_HEX_BEYOND_256, 0},
        {DECIMAL, "", FAULT_HEX_DECIMAL, 0},
        {DECIMAL, "01", FAULT_HEX_DECIMAL, 0},
        {DECIMAL, "1.5", FAULT_HEX_DECIMAL, 1},
        {DECIMAL, "1e3", FAULT_HEX_DECIMAL, 1},
        {DECIMAL, "-1", FAULT_HEX_DECIMAL, 0},
        {DECIMAL, "18446744073709551616", FAULT_HEX_DECIMAL_LARGE, 0},
        {DATA, "", FAULT_HEX_EMPTY, 0},
        {DATA, "00", FAULT_HEX_PREFIX, 0},
        {DATA, "0x0", FAULT_HEX_ODD, 0},
        {DATA, "0x0z", FAULT_HEX_DIGIT, 3},
        {DATA, "0x0102030405", FAULT_HEX_ROOM, 0},
        {FIXED, "0x", FAULT_HEX_LENGTH, 0},
        {FIXED, "0x010203", FAULT_HEX_LENGTH, 0},
        {FIXED, "0x0102030405", FAULT_HEX_LENGTH, 0},
        {FIXED, "0x010203z4", FAULT_HEX_DIGIT, 8},
        {FIXED, "0x1020304", FAULT_HEX_ODD, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct text t = TEXT(cases[i].text);
        struct fault f = {0};
        struct bytes32 v256;
        u128 v128;
        u64 v64;
        u8 data[4];
        size_t n;
        bool ok = true;
        switch (cases[i].read) {
        case U64:
            ok = hex_read_u64(&v64, t, HEX_STRICT, &f);
            break;
        case U128:
            ok = hex_read_u128(&v128, t, HEX_STRICT, &f);
            break;
        case U256:
            ok = hex_read_u256(&v256, t, HEX_STRICT, &f);
            break;
        case DECIMAL:
            ok = hex_read_decimal(&v64, t, &f);
            break;
        case DATA:
            ok = hex_read_data(data, sizeof(data), &n, t, &f);
            break;
        case FIXED:
            ok = hex_read_fixed(data, sizeof(data), t, &f);
            break;
        }
        EXPECT(!ok && f.kind == cases[i].kind && f.at == cases[i].at);
    }
    EXPECT(strcmp(fault_text(FAULT_HEX_ODD), "hex string of odd length") == 0);
}

static void test_numbers(void)
{
    for (int i = 0; i < 100000; i++) {
        u64 v = any_sized(&any, 64), got;
        struct fault f;
        char want[40], out[HEX_QUANTITY_CHARS];
        snprintf(want, sizeof(want), "0x%" PRIx64, v);
        EXPECT(hex_print_u128(out, v) == strlen(want) && strcmp(out, want) == 0);
        if (i % 2 == 0)
            for (char *c = want + 2; *c != '\0'; c++)
                *c = (char)toupper((unsigned char)*c);
        EXPECT(hex_read_u64(&got, TEXT(want), HEX_STRICT, &f) && got == v);
        snprintf(want, sizeof(want), "%" PRIu64, v);
        EXPECT(hex_read_decimal(&got, TEXT(want), &f) && got == v);
        u128 large = (u128)v << any_below(&any, 65), got_large;
        hex_print_u128(out, large);
        EXPECT(hex_read_u128(&got_large, TEXT(out), HEX_STRICT, &f) && got_large == large);
    }
}

static void test_data(void)
{
    u8 bytes[40], got[40];
    char out[HEX_DATA_CHARS(40)];

    for (int i = 0; i < 10000; i++) {
        struct slice s = {bytes, any_below(&any, sizeof(bytes) + 1)};
        struct fault f;
        size_t n;
        any_bytes(&any, bytes, s.n);
        size_t chars = hex_print_data(out, s);
        EXPECT(chars == 2 + 2 * s.n && chars == strlen(out));
        EXPECT(bytes_equal(bytes_of(out + 2), s));
        EXPECT(hex_read_data(got, s.n, &n, TEXT(out), &f) && bytes_equal(SLICE(got, n), s));
        EXPECT(hex_read_fixed(got, s.n, TEXT(out), &f));
    }
}

int main(void)
{
    test_printed();
    test_zeros();
    test_refused();
    test_numbers();
    test_data();
    printf("ok - hex\n");
    return EXIT_SUCCESS;
}
