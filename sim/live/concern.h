/* concern - which logs of the chain a participant hears of: the audiences of log.def, by what he
 * has read so far and nothing else.
 */
#ifndef SIM_LIVE_CONCERN_H
#define SIM_LIVE_CONCERN_H

#include "protocol/log.h"

#include <stddef.h>

struct concern_lease {
    u64 lease;
    u32 provider;
};

struct concern {
    u32 account;
    u32 provider;                 /* his own, 0: none */
    u32 *wallets;                 /* that he owns */
    struct concern_lease *leases; /* active ones of his wallets */
    size_t wallet_count, wallet_cap, lease_count, lease_cap;
};

void concern_open(struct concern *c, u32 account);
void concern_close(struct concern *c);

/* Reads one log, in order.  True: it is for him (eligible providers are all that there are: who
 * cannot bid does not). */
bool concern_read(struct concern *c, const struct log *log);

#endif /* SIM_LIVE_CONCERN_H */
