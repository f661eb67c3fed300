#include "chain-mock/wire/envelope.h"

#include <string.h>

/* EIP-155: v of a legacy signature is 27 or 28, or 35 or 36 and twice the chain id. */
#define V_ANY_CHAIN 27u
#define V_CHAIN 35u

#define FIXED_MAX 256u /* bytes of all but data and access list; their headers too */

/* --- decoding --- */

static struct amount get_amount_of(struct rlp_reader *r)
{
    return AMOUNT(rlp_get_u128(r));
}

static void get_to(struct rlp_reader *r, struct envelope *e)
{
    size_t at = r->at;
    struct slice to = rlp_get_bytes(r);

    e->creates = to.n == 0;
    if (to.n == ADDRESS_BYTES)
        memcpy(e->to.byte, to.at, ADDRESS_BYTES);
    else if (to.n != 0)
        fault_note(&r->fault, FAULT_TX_TO, at);
}

/* EIP-2930: a list of [address, [key ...]]. */
static void get_access_list(struct rlp_reader *r, struct envelope *e)
{
    u8 address[ADDRESS_BYTES], key[32];
    size_t from = r->at;

    rlp_enter(r);
    for (; rlp_more(r); e->access_addresses++) {
        rlp_enter(r);
        rlp_get_fixed(r, address, sizeof(address));
        rlp_enter(r);
        for (; rlp_more(r); e->access_keys++)
            rlp_get_fixed(r, key, sizeof(key));
        rlp_leave(r);
        rlp_leave(r);
    }
    rlp_leave(r);
    if (r->fault.kind == FAULT_NONE)
        e->access_list = SLICE(r->bytes.at + from, r->at - from);
}

static void get_fields(struct rlp_reader *r, struct envelope *e)
{
    if (e->type != ENVELOPE_LEGACY)
        e->chain_id = rlp_get_u64(r);
    e->nonce = rlp_get_u64(r);
    if (e->type == ENVELOPE_FEE_MARKET) {
        e->max_tip = get_amount_of(r);
        e->max_fee = get_amount_of(r);
    } else {
        e->gas_price = get_amount_of(r);
    }
    e->gas = rlp_get_u64(r);
    get_to(r, e);
    e->value = get_amount_of(r);
    e->data = rlp_get_bytes(r);
    if (e->type != ENVELOPE_LEGACY)
        get_access_list(r, e);
}

/* Parity and, of a legacy transaction, the chain. */
static void get_v(struct rlp_reader *r, struct envelope *e)
{
    size_t at = r->at;
    u128 v = rlp_get_u128(r);

    if (e->type != ENVELOPE_LEGACY) {
        if (v > 1)
            fault_note(&r->fault, FAULT_TX_PARITY, at);
        e->signature.y_parity = v == 1;
        return;
    }
    e->any_chain = v == V_ANY_CHAIN || v == V_ANY_CHAIN + 1;
    if (!e->any_chain && v < V_CHAIN) {
        fault_note(&r->fault, FAULT_TX_V, at);
        return;
    }
    u128 above = v - (e->any_chain ? V_ANY_CHAIN : V_CHAIN);
    if (above / 2 > UINT64_MAX)
        fault_note(&r->fault, FAULT_TX_CHAIN, at);
    e->chain_id = (u64)(above / 2);
    e->signature.y_parity = above % 2 != 0;
}

static enum fault_kind type_of(struct slice bytes, struct envelope *e)
{
    if (bytes.n == 0)
        return FAULT_TX_EMPTY;
    u8 first = bytes.at[0];
    if (first >= 0xc0) /* EIP-2718: a list is a legacy transaction */
        e->type = ENVELOPE_LEGACY;
    else if (first >= 0x80)
        return FAULT_TX_STRING;
    else if (first == ENVELOPE_ACCESS_LIST || first == ENVELOPE_FEE_MARKET)
        e->type = (enum envelope_type)first;
    else
        return first == 3 ? FAULT_TX_BLOB : first == 4 ? FAULT_TX_SET_CODE : FAULT_TX_UNKNOWN;
    return FAULT_NONE;
}

bool envelope_decode(struct envelope *out, struct slice bytes, struct fault *fault)
{
    *out = (struct envelope){0};
    *fault = (struct fault){type_of(bytes, out), 0};
    if (fault->kind != FAULT_NONE)
        return false;
    struct rlp_reader r = rlp_reader_at(bytes, out->type == ENVELOPE_LEGACY ? 0 : 1);
    rlp_enter(&r);
    get_fields(&r, out);
    get_v(&r, out);
    out->signature.r = rlp_get_u256(&r);
    out->signature.s = rlp_get_u256(&r);
    rlp_leave(&r);
    if (rlp_done(&r))
        return true;
    *fault = r.fault;
    return false;
}

/* --- encoding --- */

static void put_amount_of(struct rlp_writer *w, struct amount v)
{
    rlp_put_u256(w, bytes32_of_amount(v));
}

static void put_fields(struct rlp_writer *w, const struct envelope *e)
{
    if (e->type != ENVELOPE_LEGACY)
        rlp_put_u128(w, e->chain_id);
    rlp_put_u128(w, e->nonce);
    if (e->type == ENVELOPE_FEE_MARKET) {
        put_amount_of(w, e->max_tip);
        put_amount_of(w, e->max_fee);
    } else {
        put_amount_of(w, e->gas_price);
    }
    rlp_put_u128(w, e->gas);
    rlp_put_bytes(w, SLICE(e->to.byte, e->creates ? 0 : ADDRESS_BYTES));
    put_amount_of(w, e->value);
    rlp_put_bytes(w, e->data);
    if (e->type == ENVELOPE_LEGACY)
        return;
    if (e->access_list.n != 0) {
        rlp_put_item(w, e->access_list);
    } else {
        rlp_begin(w);
        rlp_end(w);
    }
}

static void put_signature(struct rlp_writer *w, const struct envelope *e)
{
    u128 v = e->signature.y_parity;

    if (e->type == ENVELOPE_LEGACY)
        v += e->any_chain ? V_ANY_CHAIN : V_CHAIN + 2 * (u128)e->chain_id;
    rlp_put_u128(w, v);
    rlp_put_u256(w, e->signature.r);
    rlp_put_u256(w, e->signature.s);
}

/* What a signature is of instead: typed transactions end before it, EIP-155 puts the chain into its
 * place. */
static void put_unsigned(struct rlp_writer *w, const struct envelope *e)
{
    if (e->type != ENVELOPE_LEGACY || e->any_chain)
        return;
    rlp_put_u128(w, e->chain_id);
    rlp_put_u128(w, 0);
    rlp_put_u128(w, 0);
}

static size_t encode(u8 *out, size_t room, const struct envelope *e,
                     void (*put_end)(struct rlp_writer *w, const struct envelope *e))
{
    struct rlp_writer w = RLP_WRITER(out, room);
    u8 type = (u8)e->type;

    if (e->type != ENVELOPE_LEGACY)
        rlp_put_item(&w, SLICE(&type, 1));
    rlp_begin(&w);
    put_fields(&w, e);
    put_end(&w, e);
    rlp_end(&w);
    return w.n;
}

size_t envelope_room(const struct envelope *e)
{
    return FIXED_MAX + e->data.n + e->access_list.n;
}

size_t envelope_encode(u8 *out, size_t room, const struct envelope *e)
{
    return encode(out, room, e, put_signature);
}

struct bytes32 envelope_signing_hash(const struct envelope *e, u8 *scratch, size_t room)
{
    size_t n = encode(scratch, room, e, put_unsigned);

    return bytes32_keccak(SLICE(scratch, n));
}

enum fault_kind envelope_sender(struct address *out, const struct envelope *e, u8 *scratch,
                                size_t room)
{
    return signature_signer(out, envelope_signing_hash(e, scratch, room), &e->signature);
}

bool envelope_sign(struct envelope *e, const secp256k1_context *ctx, const struct bytes32 *key,
                   u8 *scratch, size_t room)
{
    return signature_make(&e->signature, ctx, envelope_signing_hash(e, scratch, room), key);
}
