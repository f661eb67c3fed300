/* send - what is taken into the pool, and in which words it is refused: rpc.md 4, geth's. */
#include "sim/node/parts.h"

#include <stdio.h>
#include <string.h>

static u64 low(u128 v)
{
    return v > UINT64_MAX ? UINT64_MAX : (u64)v;
}

static bool check_envelope(const struct node *n, const struct envelope *e, struct refusal *why)
{
    if (!e->any_chain && e->chain_id != n->c.chain_id)
        return node_refuse(why, -32000, "invalid chain id for signer: have %llu want %llu",
                           (unsigned long long)e->chain_id, (unsigned long long)n->c.chain_id);
    if (e->creates)
        return node_refuse(why, -32000,
                           "contract creation is not supported: the contracts of this chain are "
                           "native and have no bytecode");
    if (e->gas < NODE_GAS_LEAST)
        return node_refuse(why, -32000, "intrinsic gas too low: gas %llu, minimum needed %u",
                           (unsigned long long)e->gas, NODE_GAS_LEAST);
    if (e->gas > node_gas_limit(n))
        return node_refuse(why, -32000, "exceeds block gas limit");
    return true;
}

static bool check_fees(const struct node *n, const struct envelope *e, const char *who,
                       struct refusal *why)
{
    struct amount cap = e->type == ENVELOPE_FEE_MARKET ? e->max_fee : e->gas_price;

    if (amount_cmp(e->max_tip, e->max_fee) > 0)
        return node_refuse(why, -32000,
                           "max priority fee per gas higher than max fee per gas: address %s, "
                           "maxPriorityFeePerGas: %llu, maxFeePerGas: %llu",
                           who, (unsigned long long)low(e->max_tip.wei),
                           (unsigned long long)low(e->max_fee.wei));
    if (amount_cmp(cap, n->terms.base_fee) < 0)
        return node_refuse(why, -32000,
                           "max fee per gas less than block base fee: address %s, maxFeePerGas: "
                           "%llu, baseFee: %llu",
                           who, (unsigned long long)low(cap.wei),
                           (unsigned long long)low(n->terms.base_fee.wei));
    return true;
}

/* "insufficient funds for gas * price + value" by the most that it may cost */
static bool check_funds(const struct node *n, const struct node_tx *tx, const char *who,
                        struct refusal *why)
{
    const struct envelope *e = &tx->envelope;
    struct amount cap = e->type == ENVELOPE_FEE_MARKET ? e->max_fee : e->gas_price, want;
    struct amount have = node_balance(n, tx->from);
    bool fits =
        cap.wei <= U128_MAX / e->gas && amount_add(&want, AMOUNT(cap.wei * e->gas), e->value);

    if (fits && amount_cmp(have, want) >= 0)
        return true;
    char digits[2][HEX_QUANTITY_CHARS];
    hex_print_u128(digits[0], have.wei);
    hex_print_u128(digits[1], fits ? want.wei : U128_MAX);
    return node_refuse(why, -32000,
                       "insufficient funds for gas * price + value: address %s have %s want %s",
                       who, digits[0], digits[1]);
}

static struct amount tenth_more(struct amount a)
{
    return a.wei > U128_MAX / 11 ? AMOUNT(U128_MAX) : AMOUNT((a.wei * 11 + 9) / 10);
}

/* geth's price bump: both fees a tenth higher. */
static bool outbids(const struct envelope *e, const struct envelope *old)
{
    struct amount cap = old->type == ENVELOPE_FEE_MARKET ? old->max_fee : old->gas_price;
    struct amount tip = old->type == ENVELOPE_FEE_MARKET ? old->max_tip : old->gas_price;
    struct amount my_cap = e->type == ENVELOPE_FEE_MARKET ? e->max_fee : e->gas_price;
    struct amount my_tip = e->type == ENVELOPE_FEE_MARKET ? e->max_tip : e->gas_price;

    return my_cap.wei > cap.wei && amount_cmp(my_cap, tenth_more(cap)) >= 0 &&
           amount_cmp(my_tip, tenth_more(tip)) >= 0;
}

static bool check_nonce(struct node *n, const struct node_tx *tx, const char *who,
                        struct refusal *why)
{
    u64 nonce = node_nonce(n, tx->from, false);

    if (pool_of_hash(&n->pool, &tx->hash) != NULL)
        return node_refuse(why, -32000, "already known");
    if (tx->envelope.nonce < nonce)
        return node_refuse(why, -32000, "nonce too low: address %s, tx: %llu state: %llu", who,
                           (unsigned long long)tx->envelope.nonce, (unsigned long long)nonce);
    if (tx->envelope.nonce == UINT64_MAX)
        return node_refuse(why, -32000, "nonce has max value");
    const struct pooled *old = pool_of_nonce(&n->pool, tx->from, tx->envelope.nonce);
    if (old != NULL && !outbids(&tx->envelope, &old->tx.envelope))
        return node_refuse(why, -32000, "replacement transaction underpriced");
    return true;
}

/* Into pool and store; what it replaces leaves both. */
static bool take(struct node *n, const struct node_tx *tx, struct refusal *why)
{
    struct pooled *old = pool_of_nonce(&n->pool, tx->from, tx->envelope.nonce);

    if (old != NULL) {
        if (!store_drop_tx(n->store, &old->tx.hash))
            return node_refuse(why, -32000, "%s", store_error(n->store));
        pool_drop(&n->pool, old);
    }
    if (pool_add(&n->pool, tx) == NULL)
        return node_refuse(why, -32000, "txpool is full");
    if (!store_put_tx(n->store, tx)) {
        pool_drop(&n->pool, pool_of_hash(&n->pool, &tx->hash));
        return node_refuse(why, -32000, "%s", store_error(n->store));
    }
    node_tell(n, NODE_TOLD_PENDING, 0, &tx->hash);
    return true;
}

static bool accept(struct node *n, struct node_tx *tx, struct refusal *why)
{
    char who[ADDRESS_CHARS];

    address_print(who, tx->from);
    if (!check_envelope(n, &tx->envelope, why) || !check_nonce(n, tx, who, why) ||
        !check_fees(n, &tx->envelope, who, why) || !check_funds(n, tx, who, why) ||
        (n->mining == NODE_INSTANT && !node_slot_fits(n, node_next_slot(n), why)) ||
        !take(n, tx, why))
        return false;
    if (n->mining == NODE_INSTANT && tx->envelope.nonce == node_nonce(n, tx->from, false) &&
        !node_mine(n, 1, 0, why))
        return false;
    return true;
}

bool node_send(struct node *n, struct slice raw, const struct address *from, struct bytes32 *hash,
               struct refusal *why)
{
    struct node_tx tx = {.raw = raw};
    struct fault fault = {FAULT_NONE, 0};

    if (raw.n > NODE_TX_BYTES)
        return node_refuse(why, -32000, "oversized data: transaction size %zu, limit %u", raw.n,
                           NODE_TX_BYTES);
    bool decoded = envelope_decode(&tx.envelope, raw, &fault);
    if (!decoded && fault.kind == FAULT_RLP_BEYOND_128)
        return node_refuse(why, -32000, NODE_BEYOND_FUNDS);
    if (!decoded)
        return node_refuse(why, -32602, "%s: %s, at byte %zu", fault_what(fault.kind),
                           fault_text(fault.kind), fault.at);
    enum fault_kind k = FAULT_NONE;
    if (from != NULL)
        tx.from = *from;
    else
        k = envelope_sender(&tx.from, &tx.envelope, n->room, n->room_size);
    if (k != FAULT_NONE)
        return node_refuse(why, -32000, "invalid sender: %s: %s", fault_what(k), fault_text(k));
    tx.hash = *hash = bytes32_keccak(raw);
    return accept(n, &tx, why);
}

/* ---- for accounts whose key the node holds ---- */

void node_key(struct node *n, const struct bytes32 *secret)
{
    struct node_key *k = &n->keys[n->key_count];

    check(n->key_count < NODE_KEYS);
    bool is_key = signature_address(&k->address, n->signer, secret);
    check(is_key);
    k->secret = *secret;
    n->key_count++;
}

u32 node_keys(const struct node *n)
{
    return n->key_count;
}

struct address node_key_address(const struct node *n, u32 i)
{
    check(i < n->key_count);
    return n->keys[i].address;
}

static const struct node_key *key_of(const struct node *n, struct address a)
{
    for (u32 i = 0; i < n->key_count; i++) {
        if (address_equal(n->keys[i].address, a))
            return &n->keys[i];
    }
    return NULL;
}

bool node_sign(struct node *n, struct address from, struct bytes32 hash, struct signature *out)
{
    const struct node_key *k = key_of(n, from);

    return k != NULL && signature_make(out, n->signer, hash, &k->secret);
}

static bool impersonates(const struct node *n, struct address a)
{
    const struct address *all = n->impersonated.base;

    for (size_t i = 0; i < n->impersonated.count; i++) {
        if (address_equal(all[i], a))
            return true;
    }
    return n->impersonates_all;
}

bool node_impersonate(struct node *n, struct address a, bool on, struct refusal *why)
{
    struct address *all = n->impersonated.base;

    for (size_t i = 0; i < n->impersonated.count; i++) {
        if (!address_equal(all[i], a))
            continue;
        if (!on) {
            all[i] = all[--n->impersonated.count];
            n->unsaved_impersonated = true;
        }
        return true;
    }
    if (!on)
        return true;
    if (!reserve_grow(&n->impersonated, 1))
        return node_refuse(why, -32000, "%zu accounts are impersonated: no more can be",
                           n->impersonated.count);
    all[n->impersonated.count - 1] = a;
    n->unsaved_impersonated = true;
    return true;
}

void node_impersonate_all(struct node *n, bool on)
{
    n->impersonates_all = on;
    n->unsaved = true;
}

bool node_fill(struct node *n, const struct node_ask *ask, struct envelope *out,
               struct refusal *why)
{
    *out = (struct envelope){.type = ask->has_gas_price ? ENVELOPE_LEGACY : ENVELOPE_FEE_MARKET,
                             .chain_id = n->c.chain_id,
                             .creates = ask->creates,
                             .to = ask->to,
                             .value = ask->value,
                             .data = ask->data};
    out->nonce = ask->has_nonce ? ask->nonce : node_nonce(n, ask->from, true);
    if (ask->has_gas_price) {
        out->gas_price = ask->gas_price;
    } else {
        out->max_tip = ask->has_tip ? ask->max_tip : AMOUNT(0);
        struct amount twice =
            AMOUNT(n->terms.base_fee.wei > U128_MAX / 4 ? U128_MAX / 2 : n->terms.base_fee.wei * 2);
        if (ask->has_max_fee)
            out->max_fee = ask->max_fee;
        else if (!amount_add(&out->max_fee, twice, out->max_tip))
            return node_refuse(why, -32602, "maxPriorityFeePerGas is too large");
    }
    if (ask->has_gas)
        out->gas = ask->gas;
    else
        return node_estimate(n, ask, &out->gas, why);
    return true;
}

/* An impersonated sender's transaction has no signature that anybody could make: r and s are his
 * address, so that two of them never have one hash. */
static void sign_as(struct node *n, struct envelope *e, struct address from)
{
    const struct node_key *k = key_of(n, from);

    if (k != NULL) {
        bool made = envelope_sign(e, n->signer, &k->secret, n->room, n->room_size);
        check(made);
        return;
    }
    e->signature = (struct signature){0, address_to_bytes32(from), address_to_bytes32(from)};
}

bool node_send_unsigned(struct node *n, const struct node_ask *ask, struct bytes32 *hash,
                        struct refusal *why)
{
    struct node_tx tx = {.from = ask->from};

    if (!node_fill(n, ask, &tx.envelope, why))
        return false;
    sign_as(n, &tx.envelope, ask->from);
    size_t room = envelope_room(&tx.envelope);
    if (room > n->room_size)
        return node_refuse(why, -32000, "oversized data");
    tx.raw = SLICE(n->room, envelope_encode(n->room, room, &tx.envelope));
    tx.hash = *hash = bytes32_keccak(tx.raw);
    return accept(n, &tx, why);
}

bool node_send_as(struct node *n, const struct node_ask *ask, struct bytes32 *hash,
                  struct refusal *why)
{
    char who[ADDRESS_CHARS];

    if (key_of(n, ask->from) != NULL || impersonates(n, ask->from))
        return node_send_unsigned(n, ask, hash, why);
    address_print(who, ask->from);
    return node_refuse(why, -32000, "unknown account %s", who);
}

bool node_stands(const struct node *n, struct refusal *why)
{
    const char *error = store_error(n->store);

    return error[0] == '\0' || node_refuse(why, -32000, "%s", error);
}

bool node_sync(struct node *n, struct refusal *why)
{
    return (node_settings_save(n) && store_sync(n->store)) ||
           node_refuse(why, -32000, "%s", store_error(n->store));
}

bool node_drop(struct node *n, const struct bytes32 *hash)
{
    struct pooled *t = pool_of_hash(&n->pool, hash);

    if (t == NULL || !store_drop_tx(n->store, hash))
        return false;
    pool_drop(&n->pool, t);
    return true;
}

void node_drop_all(struct node *n)
{
    for (struct pooled *t = pool_oldest(&n->pool); t != NULL; t = pool_oldest(&n->pool)) {
        (void)store_drop_tx(n->store, &t->tx.hash);
        pool_drop(&n->pool, t);
    }
}
