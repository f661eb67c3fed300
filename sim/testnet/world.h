/* world - what lives in a testnet and on which chain, without its sockets and its clock: what a
 * live host moves, and what the records of one are fed to.
 */
#ifndef SIM_TESTNET_WORLD_H
#define SIM_TESTNET_WORLD_H

#include "chain-mock/door/door.h"
#include "sim/run/setup.h"
#include "sim/testnet/keys.h"

#define CHAIN_ID 31337u /* as Hardhat and Anvil have it */

struct net_world {
    struct keys keys;
    struct outside outside;
    struct run_plan plan;
    struct setup setup;
    bool is_open;
};

/* False: error says why; net_world_close() is due all the same.  *w must not move. */
must_use bool net_world_open(struct net_world *w, const struct scenario *scenario, u32 arm,
                             u64 seed, u32 people, char error[RUN_ERROR]);
void net_world_close(struct net_world *w);

/* The scenario's tokens for the door, and the symbols of those and of the coin, which is no token
 * to the outside. */
void net_world_tokens(const struct net_world *w, struct door_token tokens[TOKENS_MAX],
                      const char *symbols[TOKENS_MAX]);

struct bytes32 net_world_secret(const struct net_world *w, u32 account);

#endif /* SIM_TESTNET_WORLD_H */
