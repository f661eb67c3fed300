/* token - which tokens there are, and what a whole one is worth. */
#ifndef CHAIN_MOCK_CONTRACTS_TOKEN_H
#define CHAIN_MOCK_CONTRACTS_TOKEN_H

#include "chain-mock/contracts/call.h"

/* None, TokenNotRegistered or TokenDisabled. */
must_use enum err token_usable(const struct state *s, u32 token);

/* From the caller's account to another's: None, UnknownAccount or InsufficientBalance. */
must_use enum err token_give(struct call *c, u32 to, u32 token, struct amount amount);

/* Last price at or before a second, USD x 10^8 a whole token; 0: there never was one. */
u64 oracle_price_at(const struct state *s, u32 token, u64 second);

/* Whether the token has a price that is not stale (settled 37). */
bool oracle_fresh(const struct state *s, u32 token, u64 now_s);

#endif /* CHAIN_MOCK_CONTRACTS_TOKEN_H */
