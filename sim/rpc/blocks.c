/* Blocks and what is in them. */
#include "sim/rpc/look.h"
#include "sim/rpc/receipt.h"
#include "sim/rpc/shapes.h"

bool method_block_number(struct call *c)
{
    json_u64(c->out, node_head(c->rpc->node));
    return true;
}

/* --- whole blocks --- */

struct waiting {
    struct json *out;
    bool whole;
};

static bool put_waiting(void *about, const struct node_tx *tx, bool queued)
{
    struct waiting *w = about;

    if (!queued && w->whole)
        shape_tx(w->out, tx, NULL);
    else if (!queued)
        json_hash(w->out, &tx->hash);
    return !w->out->failed;
}

static void put_txs(struct call *c, const struct node_block *b, bool whole)
{
    struct node_tx tx;

    for (u32 i = 0; i < b->txs && !c->out->failed; i++)
        if (!node_tx_at(c->rpc->node, b->number, i, &tx))
            continue;
        else if (whole)
            shape_tx(c->out, &tx, b);
        else
            json_hash(c->out, &tx.hash);
}

static bool put_block(struct call *c, const struct block_ref *ref)
{
    bool whole = false, pending = ref->tag == BLOCK_PENDING;
    struct waiting w = {.out = c->out};
    struct node_block b;

    if (!arg_absent(&c->args, 1) && !arg_bool(&c->args, 1, &whole))
        return false;
    w.whole = whole;
    if (!look_block(c, ref, &b)) {
        json_null(c->out);
        return true;
    }
    shape_block_begin(c->out, &b, pending);
    json_name(c->out, "transactions");
    json_begin(c->out, '[');
    if (pending)
        node_pool(c->rpc->node, put_waiting, &w);
    else
        put_txs(c, &b, whole);
    json_end(c->out, ']');
    shape_block_end(c->out);
    return true;
}

static bool hash_ref(struct call *c, struct block_ref *out)
{
    out->tag = BLOCK_HASH;
    return arg_hash(&c->args, 0, &out->hash);
}

bool method_block_by_number(struct call *c)
{
    struct block_ref ref;

    return arg_block_number(&c->args, 0, &ref) && put_block(c, &ref);
}

bool method_block_by_hash(struct call *c)
{
    struct block_ref ref;

    return hash_ref(c, &ref) && put_block(c, &ref);
}

bool method_block_receipts(struct call *c)
{
    struct block_ref ref;
    struct node_block b;

    if (!arg_block(&c->args, 0, &ref))
        return false;
    if (ref.tag != BLOCK_PENDING && look_block(c, &ref, &b))
        return receipt_put_block(c, &b);
    json_null(c->out);
    return true;
}

/* --- counts --- */

struct counted {
    u64 count;
};

static bool count_waiting(void *about, const struct node_tx *tx, bool queued)
{
    struct counted *n = about;

    (void)tx;
    n->count += !queued;
    return true;
}

static void put_count(struct call *c, const struct block_ref *ref)
{
    struct counted n = {0};
    struct node_block b;

    if (ref->tag == BLOCK_PENDING) {
        node_pool(c->rpc->node, count_waiting, &n);
        json_u64(c->out, n.count);
    } else if (look_block(c, ref, &b)) {
        json_u64(c->out, b.txs);
    } else {
        json_null(c->out);
    }
}

static void put_uncles(struct call *c, const struct block_ref *ref)
{
    struct node_block b;

    if (look_block(c, ref, &b))
        json_u64(c->out, 0);
    else
        json_null(c->out);
}

bool method_count_by_number(struct call *c)
{
    struct block_ref ref;

    if (!arg_block_number(&c->args, 0, &ref))
        return false;
    put_count(c, &ref);
    return true;
}

bool method_count_by_hash(struct call *c)
{
    struct block_ref ref;

    if (!hash_ref(c, &ref))
        return false;
    put_count(c, &ref);
    return true;
}

bool method_uncles_by_number(struct call *c)
{
    struct block_ref ref;

    if (!arg_block_number(&c->args, 0, &ref))
        return false;
    put_uncles(c, &ref);
    return true;
}

bool method_uncles_by_hash(struct call *c)
{
    struct block_ref ref;

    if (!hash_ref(c, &ref))
        return false;
    put_uncles(c, &ref);
    return true;
}

/* --- transactions --- */

static void put_tx(struct call *c, const struct node_tx *tx)
{
    struct node_tx copy = *tx;
    struct node_block b;

    if (!tx->mined) {
        shape_tx(c->out, tx, NULL);
        return;
    }
    /* The block first: what a transaction's slices point to lasts until the next question. */
    if (node_block_at(c->rpc->node, copy.block, &b) &&
        node_tx_at(c->rpc->node, copy.block, copy.index, &copy))
        shape_tx(c->out, &copy, &b);
    else
        json_null(c->out);
}

bool method_tx_by_hash(struct call *c)
{
    struct bytes32 hash;
    struct node_tx tx;

    if (!arg_hash(&c->args, 0, &hash))
        return false;
    if (node_tx_of(c->rpc->node, &hash, &tx))
        put_tx(c, &tx);
    else
        json_null(c->out);
    return true;
}

static bool put_tx_at(struct call *c, const struct block_ref *ref)
{
    struct node_block b;
    struct node_tx tx;
    u64 index;

    if (!arg_u64(&c->args, 1, &index))
        return false;
    if (ref->tag != BLOCK_PENDING && look_block(c, ref, &b) && index < b.txs &&
        node_tx_at(c->rpc->node, b.number, (u32)index, &tx))
        shape_tx(c->out, &tx, &b);
    else
        json_null(c->out);
    return true;
}

bool method_tx_by_number_index(struct call *c)
{
    struct block_ref ref;

    return arg_block_number(&c->args, 0, &ref) && put_tx_at(c, &ref);
}

bool method_tx_by_hash_index(struct call *c)
{
    struct block_ref ref;

    return hash_ref(c, &ref) && put_tx_at(c, &ref);
}

bool method_raw_tx(struct call *c)
{
    struct bytes32 hash;
    struct node_tx tx;

    if (!arg_hash(&c->args, 0, &hash))
        return false;
    if (node_tx_of(c->rpc->node, &hash, &tx))
        json_data(c->out, tx.raw);
    else
        json_null(c->out);
    return true;
}

/* Until when an answer is put off; 0: it is not.  Only as an option (rpc.md 2): "viem, cast and
 * load runs want it at once". */
static u64 put_off_until(struct call *c, const struct bytes32 *hash, bool known, bool mined)
{
    if (!c->rpc->config.receipt_hold || !known)
        return 0;
    if (mined)
        return hold_until(&c->rpc->hold, hash, c->now_ms);
    /* All receipts of a batch share one patience. */
    return c->now_ms < c->body_ms + HOLD_POLL_MS ? c->body_ms + HOLD_POLL_MS : 0;
}

bool method_receipt(struct call *c)
{
    struct bytes32 hash;
    struct node_block b;
    struct node_tx tx = {.mined = false};

    if (!arg_hash(&c->args, 0, &hash))
        return false;
    bool known = node_tx_of(c->rpc->node, &hash, &tx);
    bool mined = known && tx.mined;
    c->wait_until_ms = put_off_until(c, &hash, known, mined);
    if (c->wait_until_ms != 0)
        return true;
    if (mined && node_block_at(c->rpc->node, tx.block, &b))
        receipt_put(c, &tx, &b);
    else
        json_null(c->out);
    return true;
}
