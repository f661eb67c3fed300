/* snapshot - the chain as it stood, kept in memory of the host, and put back (evm_snapshot and
 * evm_revert are these two).
 *
 * Snapshots nest: going back to one forgets it and all that were taken after it.  Rows never move,
 * so what is kept are bytes and where they go: a snapshot serves the chain it was taken of, in the
 * same memory, and no other.  Between blocks only.
 */
#ifndef CHAIN_MOCK_STATE_SNAPSHOT_H
#define CHAIN_MOCK_STATE_SNAPSHOT_H

#include "chain-mock/state/chain.h"

#define SNAPSHOTS_MAX 1024u

struct snapshots {
    u8 *bytes; /* the host's, aligned to 16 */
    size_t cap;
    u32 count;
    u64 next_id;
    struct {
        u64 id;
        size_t at; /* where its bytes begin */
    } kept[SNAPSHOTS_MAX];
    size_t used;
};

void snapshots_init(struct snapshots *k, void *bytes, size_t cap);

/* Bytes that one more would take now. */
size_t snapshot_bytes(const struct chain *c);

/* Its id, from 1 on; 0: no room. */
u64 snapshot_take(struct snapshots *k, const struct chain *c);

/* False: there is no such snapshot (any more), and nothing changed. */
must_use bool snapshot_revert(struct snapshots *k, struct chain *c, u64 id);

#endif /* CHAIN_MOCK_STATE_SNAPSHOT_H */
