/* screen - what a testnet says to who started it: one screen at first. */
#ifndef SIM_TESTNET_SCREEN_H
#define SIM_TESTNET_SCREEN_H

#include "sim/node/node.h"
#include "sim/run/setup.h"
#include "sim/testnet/keys.h"
#include "sim/testnet/testnet.h"

/* Endpoint, chain id, accounts with keys, contracts, tokens, who lives here. */
void screen_first(const struct testnet_config *c, u16 port, u64 chain_id, const struct keys *keys,
                  struct node *n, const struct setup *s,
                  const struct door_token tokens[TOKENS_MAX]);

/* Of a state file whose run is over. */
void screen_over(const struct testnet_config *c, const struct node *n);

#endif /* SIM_TESTNET_SCREEN_H */
