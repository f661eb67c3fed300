#include "sim/rpc/shapes.h"

#include <string.h>

/* Keccak of the RLP of an empty list: there are no uncles. */
#define NO_UNCLES "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
/* The root of a trie without leaves: nor are there withdrawals. */
#define NO_WITHDRAWALS "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"

static void name_u64(struct json *out, const char *name, u64 v)
{
    json_name(out, name);
    json_u64(out, v);
}

static void name_amount(struct json *out, const char *name, struct amount v)
{
    json_name(out, name);
    json_amount(out, v);
}

static void name_hash(struct json *out, const char *name, const struct bytes32 *v)
{
    json_name(out, name);
    json_hash(out, v);
}

static void name_address(struct json *out, const char *name, struct address a)
{
    json_name(out, name);
    json_address(out, a);
}

static void name_chars(struct json *out, const char *name, const char *chars)
{
    json_name(out, name);
    json_chars(out, chars);
}

static void name_null(struct json *out, const char *name)
{
    json_name(out, name);
    json_null(out);
}

static void name_bloom(struct json *out, const struct bloom *b)
{
    json_name(out, "logsBloom");
    json_data(out, SLICE(b->byte, sizeof(b->byte)));
}

/* --- blocks --- */

static void block_identity(struct json *out, const struct node_block *b, bool pending)
{
    if (pending) {
        name_null(out, "hash");
        name_null(out, "nonce");
        name_null(out, "miner");
        return;
    }
    name_hash(out, "hash", &b->hash);
    name_chars(out, "nonce", "0x0000000000000000");
    name_address(out, "miner", b->miner);
}

void shape_block_begin(struct json *out, const struct node_block *b, bool pending)
{
    json_begin(out, '{');
    name_u64(out, "number", b->number);
    block_identity(out, b, pending);
    name_hash(out, "parentHash", &b->parent);
    name_chars(out, "sha3Uncles", NO_UNCLES);
    name_hash(out, "stateRoot", &b->state_root);
    name_hash(out, "transactionsRoot", &b->txs_root);
    name_hash(out, "receiptsRoot", &b->receipts_root);
    name_hash(out, "mixHash", &b->prev_randao);
    name_bloom(out, &b->bloom);
    name_u64(out, "difficulty", 0);
    name_u64(out, "totalDifficulty", 0);
    name_u64(out, "gasLimit", b->gas_limit);
    name_u64(out, "gasUsed", b->gas_used);
    name_u64(out, "timestamp", b->timestamp_s);
    name_chars(out, "extraData", "0x");
    name_amount(out, "baseFeePerGas", b->base_fee);
    name_u64(out, "size", b->size);
    json_name(out, "uncles");
    json_begin(out, '[');
    json_end(out, ']');
}

void shape_block_end(struct json *out)
{
    json_name(out, "withdrawals");
    json_begin(out, '[');
    json_end(out, ']');
    name_chars(out, "withdrawalsRoot", NO_WITHDRAWALS);
    json_end(out, '}');
}

/* --- transactions --- */

static void access_keys(struct json *out, struct rlp_reader *r)
{
    struct bytes32 key;

    json_name(out, "storageKeys");
    json_begin(out, '[');
    rlp_enter(r);
    while (rlp_more(r)) {
        rlp_get_fixed(r, key.byte, sizeof(key.byte));
        json_hash(out, &key);
    }
    rlp_leave(r);
    json_end(out, ']');
}

/* The decoder has taken it, so there is no fault in it. */
static void access_list(struct json *out, struct slice list)
{
    struct rlp_reader r = rlp_reader_at(list, 0);
    struct address a;

    json_name(out, "accessList");
    json_begin(out, '[');
    if (list.n != 0)
        rlp_enter(&r);
    while (list.n != 0 && rlp_more(&r)) {
        rlp_enter(&r);
        rlp_get_fixed(&r, a.byte, sizeof(a.byte));
        json_begin(out, '{');
        name_address(out, "address", a);
        access_keys(out, &r);
        json_end(out, '}');
        rlp_leave(&r);
    }
    json_end(out, ']');
}

/* v counts in itself what EIP-155 puts into it; typed ones have the parity alone.  Of one that is
 * not signed all are 0. */
static void put_signature(struct json *out, const struct envelope *e)
{
    const struct signature *s = &e->signature;
    bool is_signed = !bytes32_is_zero(s->r);
    u128 v = s->y_parity;

    if (e->type == ENVELOPE_LEGACY && is_signed)
        v += e->any_chain ? 27u : (u128)e->chain_id * 2 + 35u;
    name_amount(out, "v", AMOUNT(v));
    if (e->type != ENVELOPE_LEGACY)
        name_u64(out, "yParity", s->y_parity);
    json_name(out, "r");
    json_u256(out, s->r);
    json_name(out, "s");
    json_u256(out, s->s);
}

/* price: of each gas, as it was or may become. */
static void put_envelope(struct json *out, const struct envelope *e, struct amount price)
{
    name_u64(out, "type", (u64)e->type);
    if (!e->any_chain)
        name_u64(out, "chainId", e->chain_id);
    name_u64(out, "nonce", e->nonce);
    name_u64(out, "gas", e->gas);
    if (e->type == ENVELOPE_FEE_MARKET) {
        name_amount(out, "maxFeePerGas", e->max_fee);
        name_amount(out, "maxPriorityFeePerGas", e->max_tip);
    }
    name_amount(out, "gasPrice", price);
    if (e->creates)
        name_null(out, "to");
    else
        name_address(out, "to", e->to);
    name_amount(out, "value", e->value);
    if (e->type != ENVELOPE_LEGACY)
        access_list(out, e->access_list);
    json_name(out, "input");
    json_data(out, e->data);
    put_signature(out, e);
}

static void put_place(struct json *out, const struct node_tx *tx, const struct node_block *b)
{
    if (b == NULL) {
        name_null(out, "blockHash");
        name_null(out, "blockNumber");
        name_null(out, "transactionIndex");
        return;
    }
    name_hash(out, "blockHash", &b->hash);
    name_u64(out, "blockNumber", b->number);
    name_u64(out, "transactionIndex", tx->index);
}

/* What it offers while it waits; what it paid once it is in a block. */
static struct amount price_of(const struct envelope *e)
{
    return e->type == ENVELOPE_FEE_MARKET ? e->max_fee : e->gas_price;
}

void shape_tx(struct json *out, const struct node_tx *tx, const struct node_block *b)
{
    json_begin(out, '{');
    put_envelope(out, &tx->envelope, b == NULL ? price_of(&tx->envelope) : tx->gas_price);
    name_hash(out, "hash", &tx->hash);
    name_address(out, "from", tx->from);
    put_place(out, tx, b);
    json_end(out, '}');
}

/* --- receipts and logs --- */

void shape_receipt_begin(struct json *out, const struct node_tx *tx, const struct node_block *b,
                         struct slice reason)
{
    json_begin(out, '{');
    name_u64(out, "type", (u64)tx->envelope.type);
    name_u64(out, "status", tx->err == ERR_None);
    name_hash(out, "transactionHash", &tx->hash);
    put_place(out, tx, b);
    name_address(out, "from", tx->from);
    if (tx->envelope.creates)
        name_null(out, "to");
    else
        name_address(out, "to", tx->envelope.to);
    name_null(out, "contractAddress"); /* nothing is ever created: contracts are native */
    name_u64(out, "gasUsed", tx->gas_used);
    name_u64(out, "cumulativeGasUsed", tx->cumulative_gas);
    name_amount(out, "effectiveGasPrice", tx->gas_price);
    if (reason.n > 0) {
        json_name(out, "revertReason");
        json_data(out, reason);
    }
    json_name(out, "logs");
    json_begin(out, '[');
}

void shape_receipt_end(struct json *out, const struct bloom *bloom)
{
    json_end(out, ']');
    name_bloom(out, bloom);
    json_end(out, '}');
}

void shape_log(struct json *out, const struct node_log *l, const struct node_block *b, bool removed)
{
    /* What a block tells by itself has no transaction.  Clients want an index and a hash: this is a
     * place at which the block has none, and the hash is nobody's. */
    u64 index = l->tx_index == UINT32_MAX ? b->txs : l->tx_index;

    json_begin(out, '{');
    name_address(out, "address", l->log.address);
    json_name(out, "topics");
    json_begin(out, '[');
    for (u32 i = 0; i < l->log.topic_count; i++)
        json_hash(out, &l->log.topics[i]);
    json_end(out, ']');
    json_name(out, "data");
    json_data(out, l->log.data);
    name_u64(out, "blockNumber", b->number);
    name_hash(out, "blockHash", &b->hash);
    name_u64(out, "blockTimestamp", b->timestamp_s);
    name_hash(out, "transactionHash", &l->tx_hash);
    name_u64(out, "transactionIndex", index);
    name_u64(out, "logIndex", l->index);
    json_name(out, "removed");
    json_bool(out, removed);
    json_end(out, '}');
}

void shape_bloom(struct bloom *bloom, const struct door_log *l)
{
    bloom_add(bloom, SLICE(l->address.byte, sizeof(l->address.byte)));
    for (u32 i = 0; i < l->topic_count; i++)
        bloom_add(bloom, SLICE(l->topics[i].byte, sizeof(l->topics[i].byte)));
}
