/* abi_json - a signature as an entry of a contract's JSON ABI, which ethers, viem and cast read.
 */
#ifndef CHAIN_MOCK_WIRE_ABI_JSON_H
#define CHAIN_MOCK_WIRE_ABI_JSON_H

#include "chain-mock/wire/abi_type.h"
#include "chain-mock/wire/sink.h"

/* One JSON object on one line, no newline.  A signature without a kind is a function's, one
 * without a mutability "nonpayable". */
void abi_json(struct sink *out, const struct abi_signature *s);

#endif /* CHAIN_MOCK_WIRE_ABI_JSON_H */
