/* bytes32 against long-hand numbers, and there and back over drawn ones of all magnitudes. */
#include "chain-mock/wire/bytes32.h"

#include "tests/bytes.h"
#include "tests/test.h"

static struct any any = {{51, 0, 0}, 0};

static u128 any_u128(void)
{
    u128 v = (u128)any_sized(&any, 64) << any_below(&any, 65);

    return v | any_sized(&any, 64);
}

static void expect_is(struct bytes32 v, const char *hex)
{
    EXPECT(bytes32_cmp(v, bytes32_of(hex)) == 0);
}

#define ZEROS_16 "00000000000000000000000000000000"
#define ONES_16 "ffffffffffffffffffffffffffffffff"

static void test_exact(void)
{
    expect_is(bytes32_of_u128(0), ZEROS_16 ZEROS_16);
    expect_is(bytes32_of_u128(0x1234), ZEROS_16 "00000000000000000000000000001234");
    expect_is(bytes32_of_u128(U128_MAX), ZEROS_16 ONES_16);
    expect_is(bytes32_of_i64(1), ZEROS_16 "00000000000000000000000000000001");
    expect_is(bytes32_of_i64(-1), ONES_16 ONES_16);
    expect_is(bytes32_of_i64(INT64_MIN), ONES_16 "ffffffffffffffff8000000000000000");
    expect_is(bytes32_of_amount(AMOUNT(WEI_E18(1))), ZEROS_16 "00000000000000000de0b6b3a7640000");
    expect_is(bytes32_of_low((const u8 *)"AB", 2), ZEROS_16 "00000000000000000000000000004142");
}

static void test_too_large(void)
{
    u64 small = 7;
    u128 large = 7;
    i64 signed_one = 7;
    struct amount amount = AMOUNT(7);

    EXPECT(bytes32_to_u64(bytes32_of_u128(UINT64_MAX), &small) && small == UINT64_MAX);
    EXPECT(!bytes32_to_u64(bytes32_of_u128((u128)1 << 64), &small) && small == UINT64_MAX);
    EXPECT(bytes32_to_u128(bytes32_of_u128(U128_MAX), &large) && large == U128_MAX);
    struct bytes32 beyond = bytes32_of("000000000000000000000000000000010000000000000000"
                                       "0000000000000000");
    EXPECT(!bytes32_to_u128(beyond, &large) && large == U128_MAX);
    EXPECT(!bytes32_to_amount(beyond, &amount) && amount_cmp(amount, AMOUNT(7)) == 0);
    EXPECT(!bytes32_to_i64(bytes32_of_u128((u128)1 << 63), &signed_one) && signed_one == 7);
    EXPECT(bytes32_to_i64(bytes32_of_i64(INT64_MIN), &signed_one) && signed_one == INT64_MIN);
    expect_is(beyond, "0000000000000000000000000000000100000000000000000000000000000000");
}

static void test_there_and_back(void)
{
    for (int i = 0; i < 100000; i++) {
        u128 v = any_u128(), got;
        i64 s = (i64)any_sized(&any, 64), got_s;
        u64 got_u64;
        struct bytes32 w = bytes32_of_u128(v);
        EXPECT(bytes32_to_u128(w, &got) && got == v);
        EXPECT(bytes32_to_u64(w, &got_u64) == (v <= UINT64_MAX) &&
               (v > UINT64_MAX || got_u64 == v));
        EXPECT(bytes32_to_i64(bytes32_of_i64(s), &got_s) && got_s == s);
        EXPECT(bytes32_is_zero(w) == (v == 0));
        u128 other = any_u128();
        int cmp = bytes32_cmp(w, bytes32_of_u128(other));
        EXPECT((cmp < 0) == (v < other) && (cmp > 0) == (v > other));
    }
}

static void test_keccak(void)
{
    expect_is(bytes32_keccak(SLICE(NULL, 0)),
              "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
}

int main(void)
{
    test_exact();
    test_too_large();
    test_there_and_back();
    test_keccak();
    printf("ok - bytes32\n");
    return EXIT_SUCCESS;
}
