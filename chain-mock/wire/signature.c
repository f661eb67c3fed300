#include "chain-mock/wire/signature.h"

#include <secp256k1_recovery.h>
#include <string.h>

/* Half of the order of the curve, rounded down: the greatest s of EIP-2. */
static const struct bytes32 half = {{
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
}};

static struct address address_of_key(const secp256k1_pubkey *key)
{
    u8 bytes[65]; /* 0x04, x, y */
    size_t n = sizeof(bytes);

    check(secp256k1_ec_pubkey_serialize(secp256k1_context_static, bytes, &n, key,
                                        SECP256K1_EC_UNCOMPRESSED));
    check(n == sizeof(bytes));
    return address_of_point(bytes + 1);
}

enum fault_kind signature_signer(struct address *out, struct bytes32 hash,
                                 const struct signature *sig)
{
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey key;
    u8 compact[64];

    check(sig->y_parity <= 1);
    memcpy(compact, sig->r.byte, 32);
    memcpy(compact + 32, sig->s.byte, 32);
    if (bytes32_is_zero(sig->r) || bytes32_is_zero(sig->s) ||
        !secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_context_static, &parsed,
                                                             compact, sig->y_parity))
        return FAULT_SIGNATURE_RANGE;
    if (bytes32_cmp(sig->s, half) > 0)
        return FAULT_SIGNATURE_HIGH;
    if (!secp256k1_ecdsa_recover(secp256k1_context_static, &key, &parsed, hash.byte))
        return FAULT_SIGNATURE_NOBODY;
    *out = address_of_key(&key);
    return FAULT_NONE;
}

bool signature_make(struct signature *out, const secp256k1_context *ctx, struct bytes32 hash,
                    const struct bytes32 *key)
{
    secp256k1_ecdsa_recoverable_signature made;
    u8 compact[64];
    int parity;

    if (!secp256k1_ecdsa_sign_recoverable(ctx, &made, hash.byte, key->byte, NULL, NULL))
        return false;
    check(secp256k1_ecdsa_recoverable_signature_serialize_compact(ctx, compact, &parity, &made));
    check(parity == 0 || parity == 1); /* 2 and 3 want an r of one in 2^127 */
    out->y_parity = (u8)parity;
    memcpy(out->r.byte, compact, 32);
    memcpy(out->s.byte, compact + 32, 32);
    return true;
}

bool signature_address(struct address *out, const secp256k1_context *ctx, const struct bytes32 *key)
{
    secp256k1_pubkey point;

    if (!secp256k1_ec_pubkey_create(ctx, &point, key->byte))
        return false;
    *out = address_of_key(&point);
    return true;
}
