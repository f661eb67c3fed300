/* reverted - what is left to an actor when its chain goes back: what it is told of itself, as of
 * the last block that still holds.  The same is told to one that comes back without memory, as of
 * the present: it keeps what it was configured with and has nothing else.
 */
#ifndef ACTORS_REVERTED_H
#define ACTORS_REVERTED_H

#include "protocol/amount.h"
#include "protocol/bytes.h"

#define REVERTED_TOKENS 4u

struct reverted {
    u64 order, lease; /* the last of the chain: what has a higher number is gone, or another's */
    u32 wallet;       /* its own; 0: none */
    u32 provider;     /* its own; 0: it has not proposed */
    u32 tier;         /* 0: it is not approved */
    bool funded;      /* a deposit into its wallet */
    bool staked;      /* a stake of its */
    bool exited;      /* as a provider */
    bool forgets;     /* the chain did not go back: the actor lost its own state */
    struct amount unclaimed[REVERTED_TOKENS]; /* of its leases, by token: earned and not paid out */
};

void put_reverted(struct writer *w, const struct reverted *r);
/* What there are no bytes for is zero, as r->ok says. */
struct reverted get_reverted(struct reader *r);

#endif /* ACTORS_REVERTED_H */
