/* trail - which blocks a reader has read, so that it notices when the chain is another one and up
 * to where it still is the same.
 *
 * Of each block eight bytes of its hash are kept, of so many as TRAIL_MOST at least half; what is
 * older counts as the same.
 */
#ifndef SIM_LIVE_TRAIL_H
#define SIM_LIVE_TRAIL_H

#include "chain-mock/wire/bytes32.h"

#define TRAIL_MOST 65536u

struct trail {
    u64 *marks; /* of the blocks from `first` on */
    u64 first;
    u32 count, cap;
};

void trail_close(struct trail *t);

/* The next block, or any, with which the trail begins anew. */
void trail_add(struct trail *t, u64 block, const struct bytes32 *hash);

/* Was this block read?  False: it is not among those that are kept. */
bool trail_has(const struct trail *t, u64 block);
/* One that trail_has(): is this its hash? */
bool trail_is(const struct trail *t, u64 block, const struct bytes32 *hash);

/* Later ones are gone. */
void trail_cut(struct trail *t, u64 block);

#endif /* SIM_LIVE_TRAIL_H */
