/* filters - what clients asked to be told of and come to fetch: logs, blocks, pending transactions.
 *
 * A filter is a place in the chain from which on its owner has not heard: nothing is copied while
 * it waits.  But where blocks are taken back whose logs were fetched already, these are fetched
 * once more, as removed; and pending transactions, which leave no trace, are kept by hash.
 *
 * A filter that nobody used for FILTER_UNUSED_MS is gone; so is one that would have to keep more
 * than its bound.
 */
#ifndef SIM_RPC_FILTERS_H
#define SIM_RPC_FILTERS_H

#include "sim/rpc/json.h"
#include "sim/rpc/query.h"

#define FILTERS_MAX 256u
#define FILTER_UNUSED_MS (5u * 60u * 1000u)
#define FILTER_HASHES_MAX 16384u
#define FILTER_REMOVED_MAX (1u << 20) /* characters */

enum filter_kind { FILTER_LOGS, FILTER_BLOCKS, FILTER_PENDING };

struct filter {
    u64 id; /* 0: none is here */
    enum filter_kind kind;
    u64 used_ms, next; /* next: the first block that is not told */
    struct query query;
    u64 from, to;        /* FILTER_LOGS: its blocks; to UINT64_MAX: all to come */
    struct json removed; /* FILTER_LOGS: logs that are no more, to be told */
    bool whole;          /* FILTER_PENDING: not hashes only */
    struct bytes32 *hashes;
    u32 hash_count, hash_room;
};

struct filters {
    struct filter filter[FILTERS_MAX];
    u64 last_id;
};

void filters_close(struct filters *f);

/* A new one, or NULL: there are as many as there may be. */
struct filter *filters_add(struct filters *f, enum filter_kind kind, u64 now_ms);
/* NULL: there is none, or not any more. */
struct filter *filters_find(struct filters *f, u64 id, u64 now_ms);
void filter_remove(struct filter *one);

/* A transaction that waits. */
void filters_pending(struct filters *f, const struct bytes32 *hash, u64 now_ms);

#endif /* SIM_RPC_FILTERS_H */
