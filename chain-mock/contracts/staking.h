/* staking - a provider's stake, and what leaves it. */
#ifndef CHAIN_MOCK_CONTRACTS_STAKING_H
#define CHAIN_MOCK_CONTRACTS_STAKING_H

#include "chain-mock/state/ledger.h"

/* Log what happened to a stake, with what is there now. */
void staking_tell(struct state *s, u32 provider, enum cause cause, struct amount amount,
                  u64 second);

/* The close of an era pays what was requested unbonding_eras before (settled 61). */
void staking_pay_matured(struct state *s, u32 provider, u64 era, u64 second);

#endif /* CHAIN_MOCK_CONTRACTS_STAKING_H */
