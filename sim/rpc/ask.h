/* ask - a call object: {from, to, gas, value, data, ...} as eth_call, eth_sendTransaction and their
 * kin take it (rpc.md 3), and what a call may override of the state.
 */
#ifndef SIM_RPC_ASK_H
#define SIM_RPC_ASK_H

#include "sim/rpc/args.h"

struct ask {
    struct node_ask node;
    bool has_from, has_chain_id;
    u64 chain_id;
};

/* `input` and `data` are the same thing; both, where they are equal, is normal.  Unknown members
 * are passed over. */
must_use bool arg_ask(const struct args *a, u32 i, struct ask *out);

/* {address: {balance, nonce}} of native contracts; code and slots are refused.  Absent: none. */
must_use bool arg_override(const struct args *a, u32 i, struct ask *of);

#endif /* SIM_RPC_ASK_H */
