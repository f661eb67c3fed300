#include "sim/testnet/keys.h"

#include <stdio.h>
#include <string.h>

bool keys_open(struct keys *k)
{
    k->signer = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    return k->signer != NULL && mnemonic_read(&k->seed, MNEMONIC_TEST, "");
}

void keys_close(struct keys *k)
{
    if (k->signer != NULL)
        secp256k1_context_destroy(k->signer);
}

struct bytes32 keys_secret(const struct keys *k, const char *group, u32 ordinal)
{
    char name[128];
    struct bytes32 key;

    if (strcmp(group, "person") == 0) {
        bool made = mnemonic_key(&key, k->signer, &k->seed, ordinal);
        check(made);
        return key;
    }
    int n = snprintf(name, sizeof(name), "orrery testnet key of %.64s %u", group, ordinal);
    return bytes32_keccak(SLICE((const u8 *)name, (size_t)n));
}

struct address keys_address(const struct keys *k, const char *group, u32 ordinal)
{
    struct bytes32 key = keys_secret(k, group, ordinal);
    struct address a;
    bool is_key = signature_address(&a, k->signer, &key);

    check(is_key); /* one in 2^128 is none */
    return a;
}
