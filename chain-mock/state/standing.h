/* standing - what an account has on the chain now, as a client without memory would read it: how it
 * stands itself, and the logs by which it was told of its open orders and leases.
 */
#ifndef CHAIN_MOCK_STATE_STANDING_H
#define CHAIN_MOCK_STATE_STANDING_H

#include "chain-mock/state/chain.h"

struct account_standing {
    u64 order, lease; /* the last of the chain */
    u32 wallet;       /* the first that it owns; 0: none */
    u32 provider;     /* 0: none */
    u32 tier;         /* of the provider; 0: not approved */
    bool funded;      /* something was deposited into that wallet */
    bool staked;      /* the provider ever was */
    bool exited;
    struct amount unclaimed[TOKENS_MAX]; /* income of ended leases that was not paid out */
};

/* Walks all wallets. */
void chain_standing(const struct chain *c, u32 account, struct account_standing *out);

/* OrderCreated of each open order that the account made, then LeaseCreated of each active lease of
 * which it is tenant or provider, by number.  Not kept by the chain, and 0: an order's name, what a
 * lease replaces.  Walks all orders and leases. */
void chain_standing_each(const struct chain *c, u32 account,
                         void (*visit)(void *about, const struct log *log), void *about);

/* The lease of this account's wallets that ended last, by block and number, of those that are not
 * rated; 0: none. Walks all leases. */
u64 chain_unrated_lease(const struct chain *c, u32 account);

#endif /* CHAIN_MOCK_STATE_STANDING_H */
