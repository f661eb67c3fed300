/* chain - one state, blocks applied in order of slots.
 *
 * The chain is not an actor.  chain_step() is the only place where it moves, as world_dispatch() is
 * the only place where an actor does; a host calls both.  A block first hears of the
 * halt that it ends (settled 63) and makes the accounts of newcomers, then takes the moments that
 * are due (settled 154), then the matches (settled 12), then the transactions.  A slot in which
 * nothing is due and nobody asks is never stepped: chain_due_slot() says when the next one is.
 */
#ifndef CHAIN_MOCK_STATE_CHAIN_H
#define CHAIN_MOCK_STATE_CHAIN_H

#include "chain-mock/state/slot.h"
#include "chain-mock/state/state.h"

struct block_tx {
    u32 from; /* account */
    u64 nonce;
    u64 gas_limit;           /* 0: what the call costs */
    struct amount gas_price; /* of the coin, for each gas; 0: free (settled 118) */
    struct tx tx;
    enum err err; /* out */
    u64 id;       /* out: of what was made: order, lease, wallet or provider; else 0 */
    u32 gas;      /* out */
};

/* An account that nobody knew before. */
struct newcomer {
    u8 address[20];
};

struct block {
    u64 slot; /* greater than the last stepped one's */
    u32 count;
    struct block_tx *txs;
    const struct newcomer *newcomers; /* accounts that begin here, in the order of their ids */
    u32 newcomer_count;
    const u32 *data; /* words that REPORT_RESPONSES refers to by offset */
    u32 data_count;
};

struct receipts;

struct chain {
    struct state state;
    u64 blocks, txs;           /* stepped, and taken */
    struct receipts *receipts; /* the host's; NULL: none are kept (receipts.h) */
};

/* A token as it stands at genesis. */
struct genesis_token {
    u32 decimals, transfer_fee_bps;
    bool enabled;
    u64 usd_e8; /* 0: no price */
};

struct genesis {
    const struct params *params;
    u8 world_secret[32];
    const struct genesis_token *tokens; /* [0] is the native one */
    u32 token_count;
    u32 coin;          /* of which gas is paid and what SEND moves: its place plus one; 0: none */
    const u32 *rtt_us; /* regions x regions, the caller's for the life of the chain */
    u32 regions;
};

/* memory: state_bytes() of zeroes, aligned to 64; tally: the caller's, zeroed. */
void chain_init(struct chain *c, void *memory, const struct genesis *g, struct tally *tally);

/* At genesis only: an account with a role mask and funds in each token, as its first supply. */
u32 chain_add_account(struct chain *c, const u8 address[20], u32 roles, u32 region,
                      const struct amount funds[TOKENS_MAX]);

/* At genesis only: the account's provider will start in this tier, 1..7, instead of the
 * parameter's; §4.3.3: a provider "proposes its tier". */
void chain_grant_tier(struct chain *c, u32 account, u32 tier);

/* Move to block.slot.  Returns how many transactions fitted the block's gas; the rest, in order, is
 * to be handed in again.  Logs of the step: chain_logs().  Where a table is full the step ends
 * early: chain_full() names it and the chain is not to be used any more. */
u32 chain_step(struct chain *c, struct block *b);

/* What a transaction would come to in a block of this slot, after `newcomers` began; nothing of it
 * stays.  The nonce is not looked at, nor is gas paid.  Its logs are read with chain_logs() before
 * the chain is used again.  Between blocks only. */
void chain_try(struct chain *c, u64 slot, const struct newcomer *newcomers, u32 newcomer_count,
               const u32 *data, u32 data_count, struct block_tx *t);

/* The next slot in which the chain owes something to time; UINT64_MAX: none. */
u64 chain_due_slot(struct chain *c);

const struct log *chain_logs(const struct chain *c, u32 *count);
const char *chain_full(const struct chain *c); /* NULL, or the name of the table */

u128 chain_hash(const struct chain *c);
#define CHAIN_MODULES ((u32)CHAIN_TABLES)
u128 chain_module_hash(const struct chain *c, u32 module);
const char *chain_module_name(u32 module);
const struct params *chain_params(const struct chain *c);

/* Lookups of a host: accounts are what everybody is known by. */
u32 chain_accounts(const struct chain *c); /* ids are 1..n */
const u8 *chain_account_address(const struct chain *c, u32 account);
struct amount chain_account_balance(const struct chain *c, u32 account, u32 token);
u32 chain_coin(const struct chain *c);      /* a token's place plus one; 0: there is none */
u32 chain_providers(const struct chain *c); /* ids are 1..n */
u32 chain_provider_account(const struct chain *c, u32 provider);
u32 chain_account_provider(const struct chain *c, u32 account); /* 0: none */
u32 chain_wallet_owner(const struct chain *c, u32 wallet);
u64 chain_account_nonce(const struct chain *c, u32 account);
const struct machine *chain_provider_machine(const struct chain *c, u32 provider);

/* Active leases of a provider, one after the other: a place, 0 at the end. */
u32 chain_first_lease(const struct chain *c, u32 provider);
u32 chain_next_lease(const struct chain *c, u32 place);
u32 chain_lease_wallet(const struct chain *c, u32 place);

/* Whether a provider could bid on the order of an OrderCreated log now. */
/* Fetches what a question about this provider will want: a hint. */
void chain_provider_fetch(const struct chain *c, u32 provider);
bool chain_provider_eligible(const struct chain *c, u32 provider,
                             const struct log_order_created *o);

u64 chain_era(const struct chain *c);
u64 chain_era_end_s(const struct chain *c);

#endif /* CHAIN_MOCK_STATE_CHAIN_H */
