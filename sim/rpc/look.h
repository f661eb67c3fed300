/* look - the block that a parameter means, and whether its state can be asked for.
 *
 * The chain keeps its present state and no earlier one.  So a question about state is answered at
 * the head, by whichever of its names, and refused at any other block: never with the wrong values.
 */
#ifndef SIM_RPC_LOOK_H
#define SIM_RPC_LOOK_H

#include "sim/rpc/server.h"

/* False: there is none. */
must_use bool look_block(struct call *c, const struct block_ref *ref, struct node_block *out);

/* The number that is meant, of a block that need not be there; a hash has none. */
u64 look_number(struct call *c, const struct block_ref *ref);

/* False: it is not the head's state, and why is set. */
must_use bool look_state(struct call *c, const struct block_ref *ref);
/* The same of parameter i. */
must_use bool look_state_arg(struct call *c, u32 i);

#endif /* SIM_RPC_LOOK_H */
