/* signature: known keys and their addresses, there and back over drawn hashes, and what is refused.
 */
#include "chain-mock/wire/signature.h"

#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static struct any any = {{53, 0, 0}, 0};
static secp256k1_context *ctx;

/* The order of the curve (SEC 2, 2.4.1). */
#define ORDER "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"

static void expect_address(const char *key, const char *address)
{
    struct bytes32 secret = bytes32_of(key);
    struct address got;

    EXPECT(signature_address(&got, ctx, &secret));
    EXPECT(bytes_equal(SLICE(got.byte, sizeof(got.byte)), bytes_of(address)));
}

static void test_known_keys(void)
{
    /* EIP-155's example, and the first accounts of Hardhat and Anvil */
    expect_address("4646464646464646464646464646464646464646464646464646464646464646",
                   "9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
    expect_address("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
                   "f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    expect_address("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
                   "70997970c51812dc3a010c7d01b50e0d17dc79c8");
    /* the key 1, whose point is the generator */
    expect_address("0000000000000000000000000000000000000000000000000000000000000001",
                   "7e5f4552091a69125d5dfcb7b8c2659029395bdf");
}

static void test_no_keys(void)
{
    struct bytes32 none[] = {{{0}}, bytes32_of(ORDER)};
    struct address address;
    struct signature sig;

    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        EXPECT(!signature_address(&address, ctx, &none[i]));
        EXPECT(!signature_make(&sig, ctx, none[i], &none[i]));
    }
}

static struct bytes32 any_bytes32(void)
{
    struct bytes32 v;

    any_bytes(&any, v.byte, sizeof(v.byte));
    return v;
}

static struct bytes32 order_less(struct bytes32 v) /* by hand: the order - v */
{
    struct bytes32 out = bytes32_of(ORDER);
    int borrow = 0;

    for (int i = 31; i >= 0; i--) {
        int digit = out.byte[i] - v.byte[i] - borrow;
        borrow = digit < 0;
        out.byte[i] = (u8)(digit + 256 * borrow);
    }
    return out;
}

static void test_there_and_back(void)
{
    for (int i = 0; i < 300; i++) {
        struct bytes32 hash = any_bytes32(), key = any_bytes32();
        struct address want, got;
        struct signature sig;
        key.byte[0] = 0x11; /* below the order, and not zero */
        EXPECT(signature_address(&want, ctx, &key) && signature_make(&sig, ctx, hash, &key));
        EXPECT(signature_signer(&got, hash, &sig) == FAULT_NONE && address_equal(got, want));
        /* another hash, or the other point, is another signer's or nobody's */
        struct signature other = sig;
        other.y_parity ^= 1;
        EXPECT(signature_signer(&got, hash, &other) != FAULT_NONE || !address_equal(got, want));
        hash.byte[any_below(&any, 32)] ^= 1;
        EXPECT(signature_signer(&got, hash, &sig) != FAULT_NONE || !address_equal(got, want));
        hash = any_bytes32();
        /* the twin that EIP-2 forbids: the same x, the other y, the order less s */
        other.s = order_less(sig.s);
        EXPECT(signature_signer(&got, hash, &other) == FAULT_SIGNATURE_HIGH);
    }
}

static void test_refused(void)
{
    const char *half = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
    struct bytes32 hash = bytes32_of_u128(1), one = bytes32_of_u128(1), zero = {{0}};
    struct address address = {{7}};
    const struct {
        struct bytes32 r, s;
        enum fault_kind kind;
    } cases[] = {
        {zero, one, FAULT_SIGNATURE_RANGE},
        {one, zero, FAULT_SIGNATURE_RANGE},
        {bytes32_of(ORDER), one, FAULT_SIGNATURE_RANGE},
        {one, bytes32_of(ORDER), FAULT_SIGNATURE_RANGE},
        {one, order_less(one), FAULT_SIGNATURE_HIGH},
        {one, order_less(bytes32_of(half)), FAULT_SIGNATURE_HIGH}, /* half + 1 */
        {bytes32_of_u128(5), one, FAULT_SIGNATURE_NOBODY},         /* 5^3 + 7 is no square */
        {one, bytes32_of(half), FAULT_NONE},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct signature sig = {0, cases[i].r, cases[i].s};
        struct address before = address;
        EXPECT(signature_signer(&address, hash, &sig) == cases[i].kind);
        EXPECT(cases[i].kind == FAULT_NONE || address_equal(address, before));
    }
}

int main(void)
{
    ctx = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    test_known_keys();
    test_no_keys();
    test_there_and_back();
    test_refused();
    secp256k1_context_destroy(ctx);
    printf("ok - signature\n");
    return EXIT_SUCCESS;
}
