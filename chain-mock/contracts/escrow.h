/* escrow - wallets of users: what is unlocked, what is locked, what it carries. */
#ifndef CHAIN_MOCK_CONTRACTS_ESCROW_H
#define CHAIN_MOCK_CONTRACTS_ESCROW_H

#include "chain-mock/state/ledger.h"

/* The wallet that an account's call means: 0 is its own.  None, WalletNotFound or NotWalletOwner.
 */
must_use enum err escrow_wallet(const struct state *s, u32 account, u32 wallet, u32 *row);

/* The wallet's purse in a token, open; made if there is none.  0: a table is full. */
u32 escrow_purse(struct state *s, u32 wallet, u32 token);

/* What the wallet has unlocked in a token. */
struct amount escrow_unlocked(const struct state *s, u32 wallet, u32 token);

/* unlocked -> locked; false: there is not so much. */
must_use bool escrow_lock(struct state *s, u32 wallet, u32 token, struct amount a,
                          enum cause cause);
/* locked -> unlocked */
void escrow_unlock(struct state *s, u32 wallet, u32 token, struct amount a, enum cause cause);

/* settled 111: whether the wallet's active leases and the new resources fit the wallet's bracket.
 * None, StalePrice where `fresh` asks for one that is not
 * stale, Overflow or BracketExceeded. */
must_use enum err escrow_bracket(const struct state *s, u32 wallet, const struct specs *specs,
                                 u32 replicas, bool fresh, u64 now_s);

/* Who owned the wallet at a second (settled 112). */
u32 escrow_owner_at(const struct state *s, u32 wallet, u64 second);

/* Mid-tier GPUs that so many GPUs of a model count for; of any model, the least they can. */
must_use bool escrow_gpu_units(u64 *out, const struct params *p, u16 model, u64 gpus);

/* Count a lease's resources on its wallet: at its start, and off at its end. */
void escrow_count(struct state *s, const struct lease_row *l);
void escrow_uncount(struct state *s, const struct lease_row *l);

#endif /* CHAIN_MOCK_CONTRACTS_ESCROW_H */
