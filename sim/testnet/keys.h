/* keys - who holds which key in a testnet: people those of the test mnemonic, everybody else keys
 * that follow from his name.  None of them is a secret.
 */
#ifndef SIM_TESTNET_KEYS_H
#define SIM_TESTNET_KEYS_H

#include "chain-mock/wire/signature.h"
#include "sim/live/mnemonic.h"

/* The mnemonic's seed takes 2048 rounds (BIP-39), so it is made once. */
struct keys {
    secp256k1_context *signer;
    struct mnemonic_seed seed;
};

/* False: no memory; keys_close() is due all the same. */
must_use bool keys_open(struct keys *k);
void keys_close(struct keys *k);

/* The key of a member of a group, and its address; group "person": of the mnemonic. */
struct bytes32 keys_secret(const struct keys *k, const char *group, u32 ordinal);
struct address keys_address(const struct keys *k, const char *group, u32 ordinal);

#endif /* SIM_TESTNET_KEYS_H */
