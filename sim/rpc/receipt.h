/* receipt - receipts of mined transactions, with their logs. */
#ifndef SIM_RPC_RECEIPT_H
#define SIM_RPC_RECEIPT_H

#include "sim/rpc/server.h"

/* Of one; b is its block. */
void receipt_put(struct call *c, const struct node_tx *tx, const struct node_block *b);
/* Of all of a block, as an array.  False: no memory. */
must_use bool receipt_put_block(struct call *c, const struct node_block *b);

#endif /* SIM_RPC_RECEIPT_H */
