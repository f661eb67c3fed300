/* moments - what the chain owes to time, in order.
 *
 * settled 154: "moments go by m; at equal m the ends of leases, then order expiry, warning, and the
 * era boundary after them; at equal kind the lower id".  A heap of (second, kind, id); an entry is
 * a hint, not a fact: whoever takes one looks at the row and drops it if the row owes nothing at
 * that second.  So rows may change without anybody looking for the old entry, and the heap is no
 * part of the state hash: it can be made anew from the rows.
 */
#ifndef CHAIN_MOCK_STATE_MOMENTS_H
#define CHAIN_MOCK_STATE_MOMENTS_H

#include "protocol/base.h"

enum moment_kind {
    MOMENT_LEASE_END,
    MOMENT_ORDER_EXPIRY,
    MOMENT_WARNING,
    MOMENT_ERA,
    MOMENT_KINDS
};

struct moment {
    u64 second;
    u64 rank; /* kind in the top 4 bits, id in the other 60 */
};

struct moments {
    struct moment *at;
    u32 count, cap;
};

struct moment moment_of(u64 second, enum moment_kind kind, u64 id);
enum moment_kind moment_kind(struct moment m);
u64 moment_id(struct moment m);

/* False: there is no place left. */
must_use bool moments_put(struct moments *q, struct moment m);
const struct moment *moments_first(const struct moments *q); /* NULL: none */
void moments_drop(struct moments *q);                        /* the first */

#endif /* CHAIN_MOCK_STATE_MOMENTS_H */
