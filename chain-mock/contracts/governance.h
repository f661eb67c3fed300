/* governance - what changes by decision: parameters at the close of an era. */
#ifndef CHAIN_MOCK_CONTRACTS_GOVERNANCE_H
#define CHAIN_MOCK_CONTRACTS_GOVERNANCE_H

#include "chain-mock/state/state.h"

/* Step 8 of a close: every change that waits takes effect, in the order of its making. */
void governance_apply(struct state *s, u64 era);

#endif /* CHAIN_MOCK_CONTRACTS_GOVERNANCE_H */
