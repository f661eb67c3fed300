/* signature - secp256k1 as Ethereum uses it: a signature of a hash, from which the signer follows.
 *
 * s is in the lower half of the order (EIP-2), so that nobody can make a second signature of one.
 * Looking needs no context; making takes one that the host created (secp256k1_context_create).  It
 * is only read here, so threads may share it.
 */
#ifndef CHAIN_MOCK_WIRE_SIGNATURE_H
#define CHAIN_MOCK_WIRE_SIGNATURE_H

#include "chain-mock/wire/address.h"
#include "chain-mock/wire/fault.h"

#include <secp256k1.h>

struct signature {
    u8 y_parity; /* 0 or 1: which of the two points with r as x */
    struct bytes32 r, s;
};

/* FAULT_NONE: *out signed the hash; else FAULT_SIGNATURE_..., and *out is left alone. */
must_use enum fault_kind signature_signer(struct address *out, struct bytes32 hash,
                                          const struct signature *sig);

/* Nonce of RFC 6979: the same hash and key give the same signature.  False: the key is none (zero,
 * or not below the order). */
must_use bool signature_make(struct signature *out, const secp256k1_context *ctx,
                             struct bytes32 hash, const struct bytes32 *key);

/* The address of a secret key; false: the key is none. */
must_use bool signature_address(struct address *out, const secp256k1_context *ctx,
                                const struct bytes32 *key);

#endif /* CHAIN_MOCK_WIRE_SIGNATURE_H */
