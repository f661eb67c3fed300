/* index - places by fingerprint: an open hash table of 64-bit keys.
 *
 * A key may stand for several places (a fingerprint is not a name): whoever asks goes through them
 * and compares what lies there.  Key and place are the caller's; a place is never UINT32_MAX.
 */
#ifndef SIM_NODE_INDEX_H
#define SIM_NODE_INDEX_H

#include "protocol/base.h"

#define INDEX_NONE UINT32_MAX

struct index_cell {
    u64 key;
    u32 place, pad; /* INDEX_NONE: empty */
};

struct index {
    struct index_cell *cells;
    size_t cap, used; /* cap: 0 or a power of two */
};

/* False: no memory. */
must_use bool index_put(struct index *x, u64 key, u32 place);

/* The first place of a key, and the one after it; INDEX_NONE: there is no other.  *at is the
 * reader's own. */
u32 index_first(const struct index *x, u64 key, size_t *at);
u32 index_next(const struct index *x, u64 key, size_t *at);

/* It must be there. */
void index_drop(struct index *x, u64 key, u32 place);

void index_clear(struct index *x);
void index_free(struct index *x);

/* A key of bytes that are spread well already, as hashes and addresses are. */
u64 index_key(const u8 *bytes, size_t n);

#endif /* SIM_NODE_INDEX_H */
