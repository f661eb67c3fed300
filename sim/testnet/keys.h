/* keys - who holds which key in a testnet: people those of the test mnemonic, everybody else keys
 * that follow from his name.  None of them is a secret.
 */
#ifndef SIM_TESTNET_KEYS_H
#define SIM_TESTNET_KEYS_H

#include "chain-mock/wire/signature.h"

/* The key of a member of a group, and its address; group "person": of the mnemonic. */
struct bytes32 keys_secret(const secp256k1_context *ctx, const char *group, u32 ordinal);
struct address keys_address(const secp256k1_context *ctx, const char *group, u32 ordinal);

#endif /* SIM_TESTNET_KEYS_H */
