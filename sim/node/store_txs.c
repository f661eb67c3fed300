/* store_txs - transactions: those that wait in one table, the mined ones in another.
 *
 * A row keeps what cannot be read from the raw bytes: who sent them and what became of them.
 */
#include "sim/node/store_parts.h"

#define ROW_BYTES STORE_TX_ROW_BYTES

static struct slice encode(u8 bytes[ROW_BYTES], const struct node_tx *tx)
{
    struct writer w = {bytes, ROW_BYTES};

    put_bytes(&w, tx->from.byte, sizeof(tx->from.byte));
    put_u32(&w, (u32)tx->err);
    put_u64(&w, tx->gas_used);
    put_u64(&w, tx->cumulative_gas);
    put_amount(&w, tx->gas_price);
    put_u32(&w, tx->first_log);
    put_u32(&w, tx->logs);
    return SLICE(bytes, ROW_BYTES - w.left);
}

static bool decode(struct slice row, struct node_tx *out)
{
    struct reader r = {row.at, row.n, true};

    get_bytes(&r, out->from.byte, sizeof(out->from.byte));
    u32 err = get_u32(&r);
    out->err = err < ERR_KINDS ? (enum err)err : ERR_None;
    out->gas_used = get_u64(&r);
    out->cumulative_gas = get_u64(&r);
    out->gas_price = get_amount(&r);
    out->first_log = get_u32(&r);
    out->logs = get_u32(&r);
    return r.ok && r.left == 0 && err < ERR_KINDS;
}

static bool read_tx(struct store *s, sqlite3_stmt *stmt, bool mined, struct node_tx *out)
{
    struct slice hash = store_column_bytes(stmt, 0);
    struct reader r = {hash.at, hash.n, true};
    struct fault fault = {0};

    *out = (struct node_tx){.mined = mined, .raw = store_column_bytes(stmt, 2)};
    get_bytes(&r, out->hash.byte, sizeof(out->hash.byte));
    if (mined) {
        out->block = store_column_u64(stmt, 3);
        out->index = (u32)store_column_u64(stmt, 4);
    }
    if (r.ok && decode(store_column_bytes(stmt, 1), out) &&
        envelope_decode(&out->envelope, out->raw, &fault))
        return true;
    return store_failed_as(s, "is damaged: a transaction cannot be read");
}

bool store_put_tx(struct store *s, const struct node_tx *tx)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_WAITING_PUT);
    u8 row[ROW_BYTES];

    store_bind_bytes(s, stmt, 1, store_slice32(&tx->hash));
    store_bind_bytes(s, stmt, 2, encode(row, tx));
    store_bind_bytes(s, stmt, 3, tx->raw);
    if (!store_run(s, stmt))
        return false;
    u64 id = (u64)sqlite3_last_insert_rowid(s->handle);
    s->end.waiting++;
    s->end.waiting_sum += store_waiting_part(id, store_slice32(&tx->hash));
    return true;
}

bool store_drop_tx(struct store *s, const struct bytes32 *hash)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_WAITING_DROP);

    if (s->audit != NULL || s->end.waiting == 0 || s->failed)
        return !s->failed;
    store_bind_bytes(s, stmt, 1, store_slice32(hash));
    if (store_row(s, stmt)) {
        u64 id = store_column_u64(stmt, 0);
        s->end.waiting--;
        s->end.waiting_sum -= store_waiting_part(id, store_slice32(hash));
    }
    store_release(s);
    return !s->failed;
}

bool store_mined_tx(struct store *s, const struct node_tx *tx)
{
    struct store_key_at at = {store_key(&tx->hash), tx->block, tx->index};
    u8 row[ROW_BYTES];

    check(tx->mined && tx->block <= STORE_NUMBER_MAX);
    if (!store_drop_tx(s, &tx->hash))
        return false;
    const struct store_cell cells[] = {STORE_NUMBER(tx->block), STORE_NUMBER(tx->index),
                                       STORE_BYTES(store_slice32(&tx->hash)),
                                       STORE_BYTES(encode(row, tx)), STORE_BYTES(tx->raw)};
    if (!store_put_row(s, STORE_TXS, cells, ARRAY_LEN(cells)))
        return false;
    return s->audit != NULL ? store_audit_key(s, at) : store_add_key(s, at);
}

struct slice store_waiting_row(u8 bytes[STORE_TX_ROW_BYTES], const struct node_tx *tx)
{
    return encode(bytes, tx);
}

enum store_found store_find_raw(struct store *s, u64 block, u32 place, struct slice *raw)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_TX_AT);

    store_bind_u64(s, stmt, 1, block);
    store_bind_u64(s, stmt, 2, place);
    if (!store_row(s, stmt))
        return STORE_MISSING;
    *raw = store_column_bytes(stmt, 2);
    return STORE_FOUND;
}

static bool waiting_tx(struct store *s, const struct bytes32 *hash, struct node_tx *out)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_WAITING_OF);

    store_bind_bytes(s, stmt, 1, store_slice32(hash));
    return store_row(s, stmt) && read_tx(s, stmt, false, out);
}

/* A transaction whose place is not in the database yet. */
static bool late_tx(struct store *s, const struct bytes32 *hash, struct node_tx *out)
{
    struct store_key_at at;
    u32 from = 0;

    while (store_find_key(s, store_key(hash), &from, &at))
        if (store_tx_at(s, at.block, at.place, out) && bytes32_cmp(out->hash, *hash) == 0)
            return true;
    return false;
}

bool store_tx(struct store *s, const struct bytes32 *hash, struct node_tx *out)
{
    if ((s->end.waiting > 0 && waiting_tx(s, hash, out)) || late_tx(s, hash, out))
        return true;
    sqlite3_stmt *stmt = store_statement(s, STORE_TX_OF);
    store_bind_u64(s, stmt, 1, store_key(hash));
    store_bind_bytes(s, stmt, 2, store_slice32(hash));
    return store_row(s, stmt) && read_tx(s, stmt, true, out);
}

bool store_tx_at(struct store *s, u64 block, u32 index, struct node_tx *out)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_TX_AT);

    store_bind_u64(s, stmt, 1, block);
    store_bind_u64(s, stmt, 2, index);
    return store_row(s, stmt) && read_tx(s, stmt, true, out);
}

void store_pool(struct store *s, void (*visit)(void *about, const struct node_tx *tx), void *about)
{
    sqlite3_stmt *stmt = store_visit(s, STORE_WAITING_ALL);
    struct node_tx tx;

    if (stmt == NULL)
        return;
    while (store_visit_row(s, stmt) && read_tx(s, stmt, false, &tx))
        visit(about, &tx);
    store_visit_end(s, STORE_WAITING_ALL, stmt);
}

bool store_cut_txs(struct store *s, u64 number)
{
    static const enum store_statement cut[] = {STORE_TX_CUT};

    return store_cut_keys(s, number) && store_cut_each(s, cut, 1, number);
}
