#include "sim/testnet/keys.h"

#include "sim/live/mnemonic.h"

#include <stdio.h>
#include <string.h>

static struct bytes32 of_mnemonic(const secp256k1_context *ctx, u32 ordinal)
{
    struct mnemonic_seed seed;
    struct bytes32 key;
    bool made = mnemonic_read(&seed, MNEMONIC_TEST, "") && mnemonic_key(&key, ctx, &seed, ordinal);

    check(made);
    return key;
}

struct bytes32 keys_secret(const secp256k1_context *ctx, const char *group, u32 ordinal)
{
    char name[128];

    if (strcmp(group, "person") == 0)
        return of_mnemonic(ctx, ordinal);
    int n = snprintf(name, sizeof(name), "orrery testnet key of %.64s %u", group, ordinal);
    return bytes32_keccak(SLICE((const u8 *)name, (size_t)n));
}

struct address keys_address(const secp256k1_context *ctx, const char *group, u32 ordinal)
{
    struct bytes32 key = keys_secret(ctx, group, ordinal);
    struct address a;
    bool is_key = signature_address(&a, ctx, &key);

    check(is_key); /* one in 2^128 is none */
    return a;
}
