/* drain - ESC-11: "close all leases, claim all, withdraw all ⇒ escrow balance ≤ dust bound and no
 * call reverts (catches 'last user can't exit')". */
#ifndef CHAIN_MOCK_STATE_DRAIN_H
#define CHAIN_MOCK_STATE_DRAIN_H

#include "chain-mock/state/chain.h"

/* How a host moves the chain by one block: how many of its transactions fitted. */
typedef u32 drain_step(void *about, struct block *b);

/* At the end of a run, on the chain itself: take a copy first if it is to go on.  Every order and
 * lease ends, then everybody takes out what is his; the tally counts ESC-11, and
 * all that blocks are looked at for besides. */
void drain_check(struct chain *c, drain_step *step, void *about);

#endif /* CHAIN_MOCK_STATE_DRAIN_H */
