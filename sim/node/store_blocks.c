/* store_blocks - heads and figures of blocks.
 *
 * A row ends with a hash of itself, for a slot in which nothing happened follows from nothing else.
 */
#include "sim/node/store_parts.h"

#include "protocol/hash.h"

#include <string.h>

#define ROW_BYTES (2u * 8u + 5u * 32u + 16u + 3u * 8u + 2u * 4u + ADDRESS_BYTES + 8u)

static void put_bytes32(struct writer *w, const struct bytes32 *v)
{
    put_bytes(w, v->byte, sizeof(v->byte));
}

/* Of the n bytes of a row before its end. */
static u64 row_hash(u64 number, const struct bytes32 *hash, const u8 *row, size_t n)
{
    u64 h = hash_bytes(hash_mix(HASH_START, number), hash->byte, sizeof(hash->byte));

    return hash_bytes(h, row, n);
}

/* In most blocks nobody has stated prevRandao: a zero is no bytes. */
static struct slice encode(u8 bytes[ROW_BYTES], const struct node_block *b)
{
    struct writer w = {bytes, ROW_BYTES};

    put_u64(&w, b->slot);
    put_u64(&w, b->timestamp_s);
    put_bytes32(&w, &b->parent);
    put_bytes32(&w, &b->state_root);
    put_bytes32(&w, &b->txs_root);
    put_bytes32(&w, &b->receipts_root);
    put_amount(&w, b->base_fee);
    put_u64(&w, b->gas_used);
    put_u64(&w, b->gas_limit);
    put_u64(&w, b->size);
    put_u32(&w, b->txs);
    put_u32(&w, b->logs);
    put_bytes(&w, b->miner.byte, sizeof(b->miner.byte));
    if (!bytes32_is_zero(b->prev_randao))
        put_bytes32(&w, &b->prev_randao);
    put_u64(&w, row_hash(b->number, &b->hash, bytes, ROW_BYTES - w.left));
    return SLICE(bytes, ROW_BYTES - w.left);
}

static bool decode(struct slice row, struct node_block *out)
{
    struct reader r = {row.at, row.n, true};

    out->slot = get_u64(&r);
    out->timestamp_s = get_u64(&r);
    get_bytes(&r, out->parent.byte, sizeof(out->parent.byte));
    get_bytes(&r, out->state_root.byte, sizeof(out->state_root.byte));
    get_bytes(&r, out->txs_root.byte, sizeof(out->txs_root.byte));
    get_bytes(&r, out->receipts_root.byte, sizeof(out->receipts_root.byte));
    out->base_fee = get_amount(&r);
    out->gas_used = get_u64(&r);
    out->gas_limit = get_u64(&r);
    out->size = get_u64(&r);
    out->txs = get_u32(&r);
    out->logs = get_u32(&r);
    get_bytes(&r, out->miner.byte, sizeof(out->miner.byte));
    if (r.left > 8)
        get_bytes(&r, out->prev_randao.byte, sizeof(out->prev_randao.byte));
    u64 hash = get_u64(&r);
    return r.ok && r.left == 0 && hash == row_hash(out->number, &out->hash, row.at, row.n - 8);
}

/* Most blocks tell nothing: a bloom without a bit is no bytes. */
static struct slice bloom_bytes(const struct bloom *b)
{
    static const struct bloom none;

    return SLICE(b->byte, memcmp(b, &none, sizeof(none)) == 0 ? 0 : sizeof(b->byte));
}

static bool decode_block(sqlite3_stmt *stmt, struct node_block *out)
{
    struct slice hash = store_column_bytes(stmt, 1), bloom = store_column_bytes(stmt, 3);

    *out = (struct node_block){.number = store_column_u64(stmt, 0)};
    if (hash.n != sizeof(out->hash.byte) || (bloom.n != 0 && bloom.n != BLOOM_BYTES))
        return false;
    memcpy(out->hash.byte, hash.at, hash.n);
    if (bloom.n != 0)
        memcpy(out->bloom.byte, bloom.at, bloom.n);
    return decode(store_column_bytes(stmt, 2), out);
}

static bool read_block(struct store *s, sqlite3_stmt *stmt, struct node_block *out)
{
    return decode_block(stmt, out) || store_failed_as(s, "is damaged: a block cannot be read");
}

enum store_found store_find_block(struct store *s, u64 number, struct node_block *out)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_BLOCK_BELOW);

    store_bind_u64(s, stmt, 1, number);
    if (!store_row(s, stmt) || store_column_u64(stmt, 0) != number)
        return STORE_MISSING;
    return decode_block(stmt, out) ? STORE_FOUND : STORE_DAMAGED;
}

bool store_put_block(struct store *s, const struct node_block *b)
{
    u8 bytes[ROW_BYTES];

    check(b->number <= STORE_NUMBER_MAX);
    struct slice row = encode(bytes, b);
    const struct store_cell cells[] = {STORE_NUMBER(b->number), STORE_NUMBER(store_key(&b->hash)),
                                       STORE_BYTES(store_slice32(&b->hash)), STORE_BYTES(row),
                                       STORE_BYTES(bloom_bytes(&b->bloom))};
    if (!store_put_row(s, STORE_BLOCKS, cells, ARRAY_LEN(cells)))
        return false;
    s->end.block = b->number;
    s->end.block_hash = b->hash;
    return true;
}

bool store_block_at_or_below(struct store *s, u64 number, struct node_block *out)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_BLOCK_BELOW);

    store_bind_u64(s, stmt, 1, number < STORE_NUMBER_MAX ? number : STORE_NUMBER_MAX);
    return store_row(s, stmt) && read_block(s, stmt, out);
}

bool store_last_block(struct store *s, struct node_block *out)
{
    return store_block_at_or_below(s, STORE_NUMBER_MAX, out);
}

bool store_block_of(struct store *s, const struct bytes32 *hash, struct node_block *out)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_BLOCK_OF);

    store_bind_u64(s, stmt, 1, store_key(hash));
    store_bind_bytes(s, stmt, 2, store_slice32(hash));
    return store_row(s, stmt) && read_block(s, stmt, out);
}

bool store_cut(struct store *s, u64 number)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_BLOCK_CUT);

    if (number >= STORE_NUMBER_MAX)
        return !s->failed;
    store_bind_u64(s, stmt, 1, number);
    if (!store_run(s, stmt) || !store_cut_txs(s, number) || !store_cut_logs(s, number))
        return false;
    store_learn_last_block(s);
    return !s->failed;
}
