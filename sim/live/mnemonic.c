#include "sim/live/mnemonic.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 2048      /* BIP-39 */
#define HARD 0x80000000u /* BIP-32: children of the secret, not of the public key */
#define SALT_CHARS (sizeof("mnemonic") + 1000)

/* A place in the tree. */
struct node {
    u8 key[32], chain[32];
};

static bool is_ascii(const char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s > 0x7f)
            return false;
    return true;
}

bool mnemonic_read(struct mnemonic_seed *out, const char *words, const char *passphrase)
{
    char salt[SALT_CHARS];
    int n = snprintf(salt, sizeof(salt), "mnemonic%s", passphrase);

    if (n < 0 || (size_t)n >= sizeof(salt) || !is_ascii(words) || !is_ascii(passphrase))
        return false;
    return PKCS5_PBKDF2_HMAC(words, (int)strlen(words), (const u8 *)salt, n, ROUNDS, EVP_sha512(),
                             sizeof(out->byte), out->byte) == 1;
}

/* The two halves of HMAC-SHA512. */
static void hmac(u8 left[32], u8 right[32], const void *key, size_t key_n, const u8 *data, size_t n)
{
    u8 both[64];
    unsigned length = sizeof(both);

    check(HMAC(EVP_sha512(), key, (int)key_n, data, n, both, &length) != NULL);
    memcpy(left, both, 32);
    memcpy(right, both + 32, 32);
}

/* BIP-32, CKDpriv: the key's child number i. */
static bool descend(struct node *node, const secp256k1_context *ctx, u32 i)
{
    u8 data[37] = {0}, left[32]; /* 33 bytes of the secret or public key, the number */
    size_t n = 33;
    secp256k1_pubkey point;

    if (i >= HARD) {
        memcpy(data + 1, node->key, 32);
    } else {
        check(secp256k1_ec_pubkey_create(ctx, &point, node->key));
        check(secp256k1_ec_pubkey_serialize(ctx, data, &n, &point, SECP256K1_EC_COMPRESSED));
    }
    for (u32 byte = 0; byte < 4; byte++)
        data[33 + byte] = (u8)(i >> (24 - 8 * byte));
    u8 chain[32];
    memcpy(chain, node->chain, sizeof(chain));
    hmac(left, node->chain, chain, sizeof(chain), data, sizeof(data));
    return secp256k1_ec_seckey_tweak_add(ctx, node->key, left) == 1;
}

bool mnemonic_key(struct bytes32 *out, const secp256k1_context *ctx,
                  const struct mnemonic_seed *seed, u32 i)
{
    static const char root[] = "Bitcoin seed";
    const u32 path[] = {44 + HARD, 60 + HARD, HARD, 0, i};
    struct node node;

    check(i < HARD);
    hmac(node.key, node.chain, root, strlen(root), seed->byte, sizeof(seed->byte));
    if (!secp256k1_ec_seckey_verify(ctx, node.key))
        return false;
    for (size_t step = 0; step < ARRAY_LEN(path); step++)
        if (!descend(&node, ctx, path[step]))
            return false;
    memcpy(out->byte, node.key, sizeof(out->byte));
    return true;
}
