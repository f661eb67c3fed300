/* hold - when what was sent: a receipt that comes sooner than ethers' cache of reads ends makes its
 * next transaction reuse the nonce (rpc.md 2), so it is held back.
 */
#ifndef SIM_RPC_HOLD_H
#define SIM_RPC_HOLD_H

#include "chain-mock/wire/bytes32.h"

#define HOLD_MS 350u
#define HOLD_POLL_MS 3500u /* below the 4 s after which ethers asks again */
#define HOLD_SENDS 4096u   /* that are remembered; older ones are not held */

struct hold {
    struct {
        struct bytes32 hash;
        u64 sent_ms;
    } send[HOLD_SENDS];
    u64 count; /* ever */
};

void hold_sent(struct hold *h, const struct bytes32 *hash, u64 now_ms);

/* Until when; 0: it is not held. */
u64 hold_until(const struct hold *h, const struct bytes32 *hash, u64 now_ms);

#endif /* SIM_RPC_HOLD_H */
