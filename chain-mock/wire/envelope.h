/* envelope - a transaction as clients sign and send it: legacy (with EIP-155 or without), EIP-2930
 * (type 1) and EIP-1559 (type 2).
 *
 * The wire has prices and values of 256 bits, this chain of 128, and chain ids of 64: what is
 * larger is refused as such.  Only the canonical encoding is taken, so that encoding what was
 * decoded gives the same bytes, and bytes32_keccak() of them is the transaction's hash.
 */
#ifndef CHAIN_MOCK_WIRE_ENVELOPE_H
#define CHAIN_MOCK_WIRE_ENVELOPE_H

#include "chain-mock/wire/rlp.h"
#include "chain-mock/wire/signature.h"

enum envelope_type { ENVELOPE_LEGACY, ENVELOPE_ACCESS_LIST, ENVELOPE_FEE_MARKET };

struct envelope {
    enum envelope_type type; /* the number that JSON-RPC shows */
    bool any_chain;          /* legacy without EIP-155: chain_id is 0 and not signed */
    u64 chain_id;
    u64 nonce;
    struct amount gas_price;        /* wei; 0 in type 2 */
    struct amount max_fee, max_tip; /* wei of gas; 0 but in type 2 */
    u64 gas;
    bool creates; /* there is no receiver; `to` is zero */
    struct address to;
    struct amount value;               /* wei */
    struct slice data;                 /* of the input that was decoded */
    struct slice access_list;          /* the list as RLP, of the input; n 0: empty, or legacy */
    u32 access_addresses, access_keys; /* what it holds */
    struct signature signature;
};

/* False: *fault says what is wrong and where in bytes, and *out is not to be read.  What is taken
 * need not be signed by anybody: see envelope_sender(). */
must_use bool envelope_decode(struct envelope *out, struct slice bytes, struct fault *fault);

/* Room that each of the encodings below fits in. */
size_t envelope_room(const struct envelope *e);

/* The signed encoding into out, which has envelope_room(); its length. */
size_t envelope_encode(u8 *out, size_t room, const struct envelope *e);

/* What is signed.  scratch is memory of envelope_room(), here and below; nothing of it is kept. */
struct bytes32 envelope_signing_hash(const struct envelope *e, u8 *scratch, size_t room);

/* Who signed; FAULT_SIGNATURE_...: nobody, and *out is left alone. */
must_use enum fault_kind envelope_sender(struct address *out, const struct envelope *e, u8 *scratch,
                                         size_t room);

/* Signs with a secret key; false: the key is none.  For ctx see signature.h. */
must_use bool envelope_sign(struct envelope *e, const secp256k1_context *ctx,
                            const struct bytes32 *key, u8 *scratch, size_t room);

#endif /* CHAIN_MOCK_WIRE_ENVELOPE_H */
