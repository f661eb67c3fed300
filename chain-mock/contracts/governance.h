/* governance - what changes by decision: parameters at the close of an era. */
#ifndef CHAIN_MOCK_CONTRACTS_GOVERNANCE_H
#define CHAIN_MOCK_CONTRACTS_GOVERNANCE_H

#include "chain-mock/state/state.h"

/* Step 8 of the close of `era`, which ends at end_s: every change that waits takes effect, in the
 * order of its making; points of the hours from end_s on and warnings still to come follow it. */
void governance_apply(struct state *s, u64 era, u64 end_s);

#endif /* CHAIN_MOCK_CONTRACTS_GOVERNANCE_H */
