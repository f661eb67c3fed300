/* view - what assertions see of a run: the rows of sim/scenario/paths.def.
 *
 * Most are read off the chain when they are asked for; what the chain puts away (ended leases,
 * decided orders, sums over eras) is kept here from the logs.  Orders and leases are named by who
 * made the order and his count of orders, from 0; a lease is the first that the order led to.
 */
#ifndef SIM_RUN_VIEW_H
#define SIM_RUN_VIEW_H

#include "chain-mock/state/chain.h"
#include "sim/engine/world.h"
#include "sim/run/cast.h"
#include "sim/scenario/expect.h"

struct view;

/* NULL: no address space.  Pointers stay the caller's, for the life of the view. */
struct view *view_open(const struct cast *cast, const struct chain *chain,
                       const struct world *world);
void view_close(struct view *v);

/* Every log of the chain, in order. */
void view_saw(struct view *v, const struct log *log);

/* What was seen, away and back: view_bytes() of it.  It is put back into the view that it is of. */
size_t view_bytes(const struct view *v);
void view_save(struct view *v, u8 *out);
void view_load(struct view *v, u8 *in);

struct expect_world view_world(const struct view *v);

/* NULL, or which limit was reached. */
const char *view_error(const struct view *v);

#endif /* SIM_RUN_VIEW_H */
