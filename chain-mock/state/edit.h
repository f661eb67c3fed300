/* edit - what is done to the chain from outside of any block, for who develops against it
 * (anvil_setBalance and the like).
 *
 * Each is a unit of its own between blocks, and all invariants hold after it: a balance that is
 * said is minted or burned up to.  An address that nobody knew gets an account, as a newcomer of a
 * block does.  False: nothing changed.
 */
#ifndef CHAIN_MOCK_STATE_EDIT_H
#define CHAIN_MOCK_STATE_EDIT_H

#include "chain-mock/state/chain.h"

/* False: there is no coin, no room for an account, or more than 128 bits of the coin. */
must_use bool chain_set_coin(struct chain *c, const u8 address[20], struct amount amount);

/* Of the next transaction.  False: no room for an account. */
must_use bool chain_set_nonce(struct chain *c, const u8 address[20], u64 nonce);

#endif /* CHAIN_MOCK_STATE_EDIT_H */
