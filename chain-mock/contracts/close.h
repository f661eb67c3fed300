/* close - the close of an era: settled "The close of an era, exactly". */
#ifndef CHAIN_MOCK_CONTRACTS_CLOSE_H
#define CHAIN_MOCK_CONTRACTS_CLOSE_H

#include "chain-mock/state/ledger.h"

/* Steps 2 to 8 of the era that ends at state_meta()->era_end_s; step 1 is what the moments before
 * it did.  Every figure is taken at the nominal end (settled 153).  Commits as it goes: no unit may
 * be open. */
void era_close(struct state *s);

#endif /* CHAIN_MOCK_CONTRACTS_CLOSE_H */
