/* mnemonic against a vector of BIP-39, and against the accounts that Hardhat and Anvil print. */
#include "sim/live/mnemonic.h"

#include "chain-mock/wire/signature.h"
#include "tests/bytes.h"
#include "tests/test.h"

#include <string.h>

static void test_seed(void)
{
    struct mnemonic_seed seed;

    EXPECT(mnemonic_read(&seed,
                         "abandon abandon abandon abandon abandon abandon abandon abandon abandon "
                         "abandon abandon about",
                         "TREZOR"));
    EXPECT(
        bytes_equal(SLICE(seed.byte, sizeof(seed.byte)),
                    bytes_of("c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553"
                             "1f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04")));
}

static void test_accounts(void)
{
    const struct {
        u32 i;
        const char *key, *address;
    } accounts[] = {
        {0, "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
         "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"},
        {1, "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
         "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"},
        {2, "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
         "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"},
        {9, "2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6",
         "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"},
    };
    secp256k1_context *ctx = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    struct mnemonic_seed seed;
    char text[ADDRESS_CHARS];

    EXPECT(mnemonic_read(&seed, MNEMONIC_TEST, ""));
    for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
        struct bytes32 key;
        struct address address;
        EXPECT(mnemonic_key(&key, ctx, &seed, accounts[i].i));
        EXPECT(bytes32_cmp(key, bytes32_of(accounts[i].key)) == 0);
        EXPECT(signature_address(&address, ctx, &key));
        address_print(text, address);
        EXPECT(strcmp(text, accounts[i].address) == 0);
    }
    secp256k1_context_destroy(ctx);
}

static void test_refused(void)
{
    struct mnemonic_seed seed;
    char passphrase[1002];

    EXPECT(!mnemonic_read(&seed, "caf\xc3\xa9", ""));
    EXPECT(!mnemonic_read(&seed, MNEMONIC_TEST, "\xc3\xa9"));
    memset(passphrase, 'a', sizeof(passphrase));
    passphrase[sizeof(passphrase) - 1] = '\0';
    EXPECT(!mnemonic_read(&seed, MNEMONIC_TEST, passphrase));
    EXPECT(mnemonic_read(&seed, MNEMONIC_TEST, passphrase + 1));
}

int main(void)
{
    test_seed();
    test_accounts();
    test_refused();
    printf("ok - mnemonic\n");
    return EXIT_SUCCESS;
}
