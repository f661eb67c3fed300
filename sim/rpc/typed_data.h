/* typed_data - what a signature of typed data signs (EIP-712), as eth_signTypedData_v4 hands it:
 * {types, primaryType, domain, message}, which clients write as a string of JSON (rpc.md 1).
 */
#ifndef SIM_RPC_TYPED_DATA_H
#define SIM_RPC_TYPED_DATA_H

#include "sim/rpc/args.h"

#define TYPED_DATA_TYPES_MAX 64u

/* Keccak of 0x1901, the domain's and the message's hash. */
must_use bool typed_data_hash(const struct args *a, u32 i, struct bytes32 *out);

#endif /* SIM_RPC_TYPED_DATA_H */
