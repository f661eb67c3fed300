/* allowance - what owners let others take of their tokens: the escrow for deposits, accounts for
 * transfers.
 */
#ifndef CHAIN_MOCK_CONTRACTS_ALLOWANCE_H
#define CHAIN_MOCK_CONTRACTS_ALLOWANCE_H

#include "chain-mock/contracts/call.h"

#define ALLOWANCE_ESCROW 0u /* as spender */

/* Without end: it does not get less. */
#define ALLOWANCE_ENDLESS ((struct amount){U128_MAX})

struct amount allowance_of(const struct state *s, u32 owner, u32 spender, u32 token);

/* The caller lets a spender take so much from now on, and it is told.  Where the table is full the
 * state says so. */
void allowance_set(struct call *c, u32 spender, u32 token, struct amount amount);

/* False: it is not so much, and nothing changed. */
must_use bool allowance_take(struct state *s, u32 owner, u32 spender, u32 token,
                             struct amount amount);

#endif /* CHAIN_MOCK_CONTRACTS_ALLOWANCE_H */
