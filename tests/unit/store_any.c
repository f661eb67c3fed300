#include "tests/unit/store_any.h"

#include <string.h>

struct bytes32 any_bytes32(struct any *any)
{
    struct bytes32 out;

    for (u32 i = 0; i < sizeof(out.byte); i++)
        out.byte[i] = (u8)any_below(any, 256);
    return out;
}

u128 any_u128(struct any *any)
{
    u128 high = any_sized(any, 64);

    return (any_below(any, 2) == 0 ? high << 64 : 0) | any_sized(any, 64);
}

static struct address any_address(struct any *any)
{
    struct bytes32 drawn = any_bytes32(any);
    struct address out;

    memcpy(out.byte, drawn.byte, sizeof(out.byte));
    return out;
}

void any_kept_tx(struct any *any, u64 serial, struct kept_tx *out)
{
    u8 data[STORE_DATA_MAX];
    struct envelope e = {.type = ENVELOPE_FEE_MARKET,
                         .chain_id = any_sized(any, 64),
                         .nonce = serial,
                         .max_fee = AMOUNT(any_u128(any)),
                         .gas = any_sized(any, 64),
                         .to = any_address(any),
                         .value = AMOUNT(any_u128(any)),
                         .data = SLICE(data, any_below(any, sizeof(data)))};

    for (u32 i = 0; i < sizeof(data); i++)
        data[i] = (u8)any_below(any, 256);
    memset(out, 0, sizeof(*out));
    out->size = (u32)envelope_encode(out->raw, sizeof(out->raw), &e);
    out->tx.hash = bytes32_keccak(SLICE(out->raw, out->size));
    out->tx.from = any_address(any);
}

void any_mined(struct any *any, u64 block, u32 index, struct kept_tx *tx)
{
    tx->tx.mined = true;
    tx->tx.block = block;
    tx->tx.index = index;
    tx->tx.err = (enum err)any_below(any, ERR_KINDS);
    tx->tx.gas_used = any_sized(any, 64);
    tx->tx.cumulative_gas = any_sized(any, 64);
    tx->tx.gas_price = AMOUNT(any_u128(any));
    tx->tx.first_log = (u32)any_sized(any, 32);
    tx->tx.logs = (u32)any_sized(any, 32);
}

void any_block(struct any *any, u64 number, struct node_block *out)
{
    memset(out, 0, sizeof(*out));
    out->number = number;
    out->slot = any_sized(any, 64);
    out->timestamp_s = any_sized(any, 64);
    out->hash = any_bytes32(any);
    out->parent = any_bytes32(any);
    out->state_root = any_bytes32(any);
    out->txs_root = any_bytes32(any);
    out->receipts_root = any_bytes32(any);
    if (any_below(any, 2) == 0)
        out->bloom.byte[any_below(any, BLOOM_BYTES)] = (u8)any_below(any, 256);
    out->base_fee = AMOUNT(any_u128(any));
    out->gas_used = any_sized(any, 64);
    out->gas_limit = any_sized(any, 64);
    out->size = any_sized(any, 64);
    out->txs = (u32)any_sized(any, 32);
    out->logs = (u32)any_sized(any, 32);
    out->miner = any_address(any);
    if (number % 2 == 0)
        out->prev_randao = out->parent;
}

struct address few_address(u64 i)
{
    return (struct address){{[0] = 0xaa, [18] = (u8)(i >> 8), [19] = (u8)i}};
}

struct bytes32 few_topic(u64 i)
{
    return (struct bytes32){{[0] = 0xbb, [30] = (u8)(i >> 8), [31] = (u8)i}};
}

void any_kept_log(struct any *any, u64 block, u32 index, u64 few, struct kept_log *out)
{
    struct node_log *l = &out->log;

    memset(out, 0, sizeof(*out));
    l->block = block;
    l->index = index;
    l->tx_index = any_below(any, 4) == 0 ? UINT32_MAX : (u32)any_below(any, 100);
    if (l->tx_index != UINT32_MAX)
        l->tx_hash = any_bytes32(any);
    l->log.address = few_address(any_below(any, few));
    l->log.topic_count = (u32)any_below(any, DOOR_TOPICS_MAX + 1);
    for (u32 i = 0; i < l->log.topic_count; i++)
        l->log.topics[i] = few_topic(any_below(any, few));
    out->size = (u32)any_below(any, STORE_DATA_MAX);
    for (u32 i = 0; i < out->size; i++)
        out->data[i] = (u8)any_below(any, 256);
}

const struct node_tx *kept_tx(struct kept_tx *tx)
{
    tx->tx.raw = SLICE(tx->raw, tx->size);
    return &tx->tx;
}

const struct node_log *kept_log(struct kept_log *log)
{
    log->log.log.data = SLICE(log->data, log->size);
    return &log->log;
}

static bool same_slice(struct slice a, struct slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

static bool same_envelope(const struct envelope *e, struct slice raw)
{
    u8 bytes[STORE_RAW_MAX + 100];
    size_t n = envelope_encode(bytes, sizeof(bytes), e);

    return same_slice(SLICE(bytes, n), raw);
}

bool same_tx(const struct node_tx *a, struct kept_tx *b)
{
    const struct node_tx *t = kept_tx(b);

    return memcmp(&a->hash, &t->hash, sizeof(a->hash)) == 0 && same_slice(a->raw, t->raw) &&
           same_envelope(&a->envelope, t->raw) && address_equal(a->from, t->from) &&
           a->mined == t->mined && a->block == t->block && a->index == t->index &&
           a->err == t->err && a->gas_used == t->gas_used &&
           a->cumulative_gas == t->cumulative_gas && a->gas_price.wei == t->gas_price.wei &&
           a->first_log == t->first_log && a->logs == t->logs;
}

bool same_block(const struct node_block *a, const struct node_block *b)
{
    return a->number == b->number && a->slot == b->slot && a->timestamp_s == b->timestamp_s &&
           memcmp(&a->hash, &b->hash, sizeof(a->hash)) == 0 &&
           memcmp(&a->parent, &b->parent, sizeof(a->parent)) == 0 &&
           memcmp(&a->state_root, &b->state_root, sizeof(a->state_root)) == 0 &&
           memcmp(&a->txs_root, &b->txs_root, sizeof(a->txs_root)) == 0 &&
           memcmp(&a->receipts_root, &b->receipts_root, sizeof(a->receipts_root)) == 0 &&
           memcmp(&a->bloom, &b->bloom, sizeof(a->bloom)) == 0 &&
           a->base_fee.wei == b->base_fee.wei && a->gas_used == b->gas_used &&
           a->gas_limit == b->gas_limit && a->size == b->size && a->txs == b->txs &&
           a->logs == b->logs && address_equal(a->miner, b->miner) &&
           memcmp(&a->prev_randao, &b->prev_randao, sizeof(a->prev_randao)) == 0;
}

bool same_log(const struct node_log *a, struct kept_log *b)
{
    const struct node_log *l = kept_log(b);

    return a->block == l->block && a->index == l->index && a->tx_index == l->tx_index &&
           memcmp(&a->tx_hash, &l->tx_hash, sizeof(a->tx_hash)) == 0 &&
           address_equal(a->log.address, l->log.address) &&
           a->log.topic_count == l->log.topic_count &&
           memcmp(a->log.topics, l->log.topics, sizeof(a->log.topics)) == 0 &&
           same_slice(a->log.data, l->log.data);
}

bool naive_takes(const struct node_filter *f, const struct node_log *l)
{
    bool takes = l->block >= f->from && l->block <= f->to, address = f->address_count == 0;

    for (u32 i = 0; i < f->address_count; i++)
        address = address || address_equal(f->addresses[i], l->log.address);
    for (u32 i = 0; i < f->topic_count; i++) {
        bool topic = f->topics[i].count == 0;
        for (u32 k = 0; k < f->topics[i].count; k++)
            topic = topic || bytes32_cmp(f->topics[i].any_of[k], l->log.topics[i]) == 0;
        takes = takes && i < l->log.topic_count && topic;
    }
    return takes && address;
}
