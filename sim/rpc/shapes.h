/* shapes - blocks, transactions, receipts and logs as JSON-RPC shows them (rpc.md 3).
 *
 * Only what is handed in is shown; nothing is looked up.
 */
#ifndef SIM_RPC_SHAPES_H
#define SIM_RPC_SHAPES_H

#include "sim/node/node.h"
#include "sim/rpc/json.h"

/* A header without its closing brace, for what the caller adds: transactions, and then
 * shape_block_end().  A pending one has no hash, nonce and miner. */
void shape_block_begin(struct json *out, const struct node_block *b, bool pending);
void shape_block_end(struct json *out);

/* b: of the block in which it is; NULL for one in the pool, or not yet signed. */
void shape_tx(struct json *out, const struct node_tx *tx, const struct node_block *b);

/* A receipt: begin, its logs as elements of an array, end.  reason: revert data of one that failed,
 * which it has under "revertReason", as Besu's receipts do. */
void shape_receipt_begin(struct json *out, const struct node_tx *tx, const struct node_block *b,
                         struct slice reason);
void shape_receipt_end(struct json *out, const struct bloom *bloom);

/* A log of block b; removed: it was, and the block is gone. */
void shape_log(struct json *out, const struct node_log *l, const struct node_block *b,
               bool removed);
/* Sets the bits of one log. */
void shape_bloom(struct bloom *bloom, const struct door_log *l);

#endif /* SIM_RPC_SHAPES_H */
