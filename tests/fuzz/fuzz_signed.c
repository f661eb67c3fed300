/* Any bytes as the fields of a transaction that is then signed, so that what stands behind a valid
 * signature is reached: its encoding is taken as the same transaction of the same sender, and with
 * any one bit of it changed it is refused or is another transaction or somebody else's.  Any bytes,
 * too, as a signature. */
#include "chain-mock/wire/envelope.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define DATA_MAX 300u
#define ROOM 2000u

static secp256k1_context *signer;

struct input {
    const u8 *at;
    size_t left;
};

static u64 take(struct input *in, u32 bytes)
{
    u64 v = 0;

    for (; bytes > 0 && in->left > 0; bytes--, in->at++, in->left--)
        v = v << 8 | *in->at;
    return v;
}

/* Of any size up to bits. */
static u128 take_sized(struct input *in, u32 bits)
{
    u128 v = (u128)take(in, 8) << 64 | take(in, 8);
    u32 shift = (u32)take(in, 1) % bits;

    return v >> (128 - bits) >> shift;
}

static void take_bytes(struct input *in, u8 *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (u8)take(in, 1);
}

static void draw(struct input *in, struct envelope *e)
{
    *e = (struct envelope){.type = (enum envelope_type)(take(in, 1) % 3)};
    e->any_chain = e->type == ENVELOPE_LEGACY && take(in, 1) % 2 == 0;
    if (!e->any_chain)
        e->chain_id = (u64)take_sized(in, 64) | 1;
    e->nonce = (u64)take_sized(in, 64);
    if (e->type == ENVELOPE_FEE_MARKET) {
        e->max_fee = AMOUNT(take_sized(in, 128));
        e->max_tip = AMOUNT(take_sized(in, 128));
    } else {
        e->gas_price = AMOUNT(take_sized(in, 128));
    }
    e->gas = (u64)take_sized(in, 64);
    e->creates = take(in, 1) % 4 == 0;
    if (!e->creates)
        take_bytes(in, e->to.byte, ADDRESS_BYTES);
    e->value = AMOUNT(take_sized(in, 128));
    e->data = SLICE(in->at, in->left < DATA_MAX ? in->left : DATA_MAX);
}

static bool same(const struct envelope *a, const struct envelope *b)
{
    return a->type == b->type && a->any_chain == b->any_chain && a->chain_id == b->chain_id &&
           a->nonce == b->nonce && amount_cmp(a->gas_price, b->gas_price) == 0 &&
           amount_cmp(a->max_fee, b->max_fee) == 0 && amount_cmp(a->max_tip, b->max_tip) == 0 &&
           a->gas == b->gas && a->creates == b->creates && address_equal(a->to, b->to) &&
           amount_cmp(a->value, b->value) == 0 && a->data.n == b->data.n &&
           (a->data.n == 0 || memcmp(a->data.at, b->data.at, a->data.n) == 0) &&
           a->access_addresses == b->access_addresses && a->access_keys == b->access_keys;
}

static bool sent_by(const u8 *bytes, size_t n, const struct envelope *e, struct address who)
{
    u8 scratch[ROOM];
    struct envelope back;
    struct fault fault;
    struct address from;

    return envelope_decode(&back, SLICE(bytes, n), &fault) &&
           envelope_sender(&from, &back, scratch, sizeof(scratch)) == FAULT_NONE &&
           address_equal(from, who) && same(e, &back);
}

static void check_signed(struct input in)
{
    u8 bytes[ROOM], scratch[ROOM];
    struct envelope e;
    struct bytes32 key;
    struct address who;

    size_t flip = (size_t)take(&in, 2);
    take_bytes(&in, key.byte, sizeof(key.byte));
    draw(&in, &e);
    check(envelope_room(&e) <= ROOM);
    bool is_key = signature_address(&who, signer, &key);
    check(envelope_sign(&e, signer, &key, scratch, ROOM) == is_key);
    if (!is_key)
        return;
    size_t n = envelope_encode(bytes, ROOM, &e);
    check(sent_by(bytes, n, &e, who));
    bytes[flip / 8 % n] ^= (u8)(1u << flip % 8);
    check(!sent_by(bytes, n, &e, who));
}

static void check_signature(struct input in)
{
    struct signature s = {.y_parity = (u8)(take(&in, 1) % 2)};
    struct bytes32 hash;
    struct address who, again;

    take_bytes(&in, s.r.byte, sizeof(s.r.byte));
    take_bytes(&in, s.s.byte, sizeof(s.s.byte));
    take_bytes(&in, hash.byte, sizeof(hash.byte));
    enum fault_kind f = signature_signer(&who, hash, &s);
    check(f == FAULT_NONE || f == FAULT_SIGNATURE_RANGE || f == FAULT_SIGNATURE_HIGH ||
          f == FAULT_SIGNATURE_NOBODY);
    if (f != FAULT_NONE)
        return;
    s.y_parity ^= 1;
    check(signature_signer(&again, hash, &s) != FAULT_NONE || !address_equal(who, again));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    if (signer == NULL)
        signer = secp256k1_context_create(SECP256K1_CONTEXT_SIGN);
    check(signer != NULL);
    check_signed((struct input){data, size});
    check_signature((struct input){data, size});
    return 0;
}
