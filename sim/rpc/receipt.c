#include "sim/rpc/receipt.h"

#include "sim/rpc/shapes.h"

#include <stdlib.h>

/* One walk over a block's logs, which come in the order of its transactions. */
struct walk {
    struct json *out;
    const struct door *door;
    const struct node_block *block;
    const struct node_tx *txs;
    u32 count, next; /* of txs; next: the first that is not begun */
    struct bloom bloom;
};

static void end_one(struct walk *w)
{
    if (w->next > 0)
        shape_receipt_end(w->out, &w->bloom);
}

static void begin_next(struct walk *w)
{
    const struct node_tx *tx = &w->txs[w->next];
    u8 reason[DOOR_REVERT_BYTES];
    size_t n = tx->err == ERR_None ? 0 : door_revert_exact(w->door, tx->err, reason);

    end_one(w);
    w->bloom = (struct bloom){{0}};
    shape_receipt_begin(w->out, tx, w->block, SLICE(reason, n));
    w->next++;
}

static bool put_log(void *about, const struct node_log *l)
{
    struct walk *w = about;

    if (l->tx_index == UINT32_MAX)
        return true; /* the block's own */
    while (w->next < w->count && w->txs[w->next].index <= l->tx_index)
        begin_next(w);
    if (w->next > 0 && w->txs[w->next - 1].index == l->tx_index) {
        shape_bloom(&w->bloom, &l->log);
        shape_log(w->out, l, w->block, false);
    }
    return !w->out->failed && l->tx_index <= w->txs[w->count - 1].index;
}

static void put(struct call *c, const struct node_tx *txs, u32 count, const struct node_block *b)
{
    struct walk w = {
        .out = c->out, .door = node_door(c->rpc->node), .block = b, .txs = txs, .count = count};
    u32 logs = 0;

    for (u32 i = 0; i < count; i++)
        logs += txs[i].logs;
    if (logs > 0)
        node_block_logs(c->rpc->node, b->number, put_log, &w);
    while (w.next < count)
        begin_next(&w);
    end_one(&w);
}

void receipt_put(struct call *c, const struct node_tx *tx, const struct node_block *b)
{
    put(c, tx, 1, b);
}

bool receipt_put_block(struct call *c, const struct node_block *b)
{
    struct node_tx *txs = calloc(b->txs + 1u, sizeof(*txs));
    u32 count = 0;

    if (txs == NULL)
        return call_refuse(c, RPC_SERVER, "no memory");
    while (count < b->txs && node_tx_at(c->rpc->node, b->number, count, &txs[count]))
        count++;
    json_begin(c->out, '[');
    put(c, txs, count, b);
    json_end(c->out, ']');
    free(txs);
    return true;
}
