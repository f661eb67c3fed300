/* watch - what every commit is looked at for: the invariants of the rows that it touched, and the
 * moments that they now owe.
 *
 * Called by state_commit() with each touched row as it was (NULL: it is new) and as it is (NULL: it
 * is freed), then once for the unit.  What needs a look at everything is in watch_all().
 */
#ifndef CHAIN_MOCK_STATE_WATCH_H
#define CHAIN_MOCK_STATE_WATCH_H

#include "chain-mock/state/state.h"

void watch_row(struct state *s, enum chain_table_id t, u32 row, const void *before,
               const void *after);

/* sums: what the rows changed by, pocket by pocket. */
void watch_unit(struct state *s, const struct pocket_sums *sums);

/* The slow, full form of every invariant of the state; no unit may be open. */
void watch_all(struct state *s);

#endif /* CHAIN_MOCK_STATE_WATCH_H */
