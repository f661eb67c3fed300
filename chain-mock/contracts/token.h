/* token - which tokens there are, and what a whole one is worth. */
#ifndef CHAIN_MOCK_CONTRACTS_TOKEN_H
#define CHAIN_MOCK_CONTRACTS_TOKEN_H

#include "chain-mock/state/state.h"

/* None, TokenNotRegistered or TokenDisabled. */
must_use enum err token_usable(const struct state *s, u32 token);

/* Last price at or before a second, USD x 10^8 a whole token; 0: there never was one. */
u64 oracle_price_at(const struct state *s, u32 token, u64 second);

/* Whether the token has a price that is not stale (settled 37). */
bool oracle_fresh(const struct state *s, u32 token, u64 now_s);

#endif /* CHAIN_MOCK_CONTRACTS_TOKEN_H */
