/* participants - a chain in a process, with a few providers and users whose keys are known: what
 * the benchmarks of the chain and of its JSON-RPC call.
 *
 * Slots are seconds; SPON is token 0, USDT token 1, the coin that gas is paid in token 2; gas costs
 * nothing and a block takes all that there is.  Everybody is rich.  Once registered, every provider
 * has staked 600 SPON and user u has wallet u + 1 with a deposit.
 */
#ifndef SIM_BENCH_PARTICIPANTS_H
#define SIM_BENCH_PARTICIPANTS_H

#include "chain-mock/door/door.h"
#include "chain-mock/wire/signature.h"
#include "sim/engine/process.h"

#include <secp256k1.h>

#define PROVIDERS 16u
#define USERS 64u
#define PROVIDER(i) (4u + (i)) /* accounts: 1 to 3 are the system's */
#define USER(i) (PROVIDER(PROVIDERS) + (i))
#define ACCOUNTS USER(USERS) /* one more than there are */
#define USDT 1u
#define CHAIN_ID 31337u

struct participants {
    struct process process;
    struct chain chain;
    struct tally *tally; /* of the invariants, invariant.h */
    struct reserve memory;
    secp256k1_context *signer;
    struct door door; /* knows the accounts that are there, and makes none */
    struct bytes32 keys[ACCOUNTS];
    struct address addresses[ACCOUNTS]; /* by account, from 1 on */
    u32 by_address[ACCOUNTS];           /* accounts in order of their addresses, from 1 on */
    u64 slot;                           /* last stepped */
    u64 refused;                        /* calls so far that the chain refused */
};

/* Registered in the first block, or at genesis.  False: no memory. */
must_use bool participants_open(struct participants *p, bool registered);
void participants_close(struct participants *p);

/* What was submitted to the process becomes the block of the next slot; refused ones are counted.
 */
void participants_step(struct participants *p);

/* A call that stands in the pool and is not counted before: for what is not measured. */
void participants_submit(struct participants *p, u32 from, const struct tx *tx);

#endif /* SIM_BENCH_PARTICIPANTS_H */
