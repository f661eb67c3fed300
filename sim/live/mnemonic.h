/* mnemonic - words to secret keys, as wallets and test networks do it: BIP-39 makes a seed of the
 * words, BIP-32 a tree of keys of the seed, BIP-44 says where in it Ethereum's accounts are,
 * m/44'/60'/0'/0/i.
 *
 * The words are not looked up in BIP-39's list, and their checksum is not checked: a test network
 * takes what it is told.
 */
#ifndef SIM_LIVE_MNEMONIC_H
#define SIM_LIVE_MNEMONIC_H

#include "chain-mock/wire/bytes32.h"

#include <secp256k1.h>

/* What Hardhat and Anvil begin with: everybody knows these keys. */
#define MNEMONIC_TEST "test test test test test test test test test test test junk"

struct mnemonic_seed {
    u8 byte[64];
};

/* Words with a space between, and a passphrase, "" for none.  False: a character beyond ASCII,
 * which would first have to be brought into the form NFKD, or a passphrase of more than 1,000. */
must_use bool mnemonic_read(struct mnemonic_seed *out, const char *words, const char *passphrase);

/* The secret key of account i, i < 2^31.  False: there is none, of one seed in 2^127; take the next
 * i.  For ctx see chain-mock/wire/signature.h. */
must_use bool mnemonic_key(struct bytes32 *out, const secp256k1_context *ctx,
                           const struct mnemonic_seed *seed, u32 i);

#endif /* SIM_LIVE_MNEMONIC_H */
