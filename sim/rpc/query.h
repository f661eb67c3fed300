/* query - which logs somebody wants: {fromBlock, toBlock, blockHash, address, topics}.
 *
 * Topics: null is any, an array is one of, and a log must have as many as are stated (geth).
 */
#ifndef SIM_RPC_QUERY_H
#define SIM_RPC_QUERY_H

#include "sim/rpc/args.h"

#define QUERY_ADDRESSES_MAX 1000u
#define QUERY_TOPICS_MAX 1000u /* in a position */

struct query {
    struct block_ref from, to; /* by default the latest block */
    bool has_from, has_to, has_hash;
    struct bytes32 hash;
    struct node_filter filter; /* but for its blocks; what it points to is the query's */
    void *memory;              /* all of that */
};

/* False: *why is set, and there is nothing to free. */
must_use bool arg_query(const struct args *a, u32 i, struct query *out);
void query_free(struct query *q);

#endif /* SIM_RPC_QUERY_H */
