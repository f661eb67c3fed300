/* Methods of other test chains that cannot be true here, each with the reason: a nearest name would
 * suggest something that does something else. */
#include "sim/rpc/server.h"

#define REFUSED(handler, why)                                                                      \
    bool method_##handler(struct call *c)                                                          \
    {                                                                                              \
        return call_refuse(c, RPC_UNSUPPORTED, "%s", why);                                         \
    }

REFUSED(set_code, "contracts here are native: there is no machine that code could run on")
REFUSED(set_storage, "contracts here are native: their state is in tables, not in slots")
REFUSED(set_chain_id, "the chain id is part of what a state file and every signature are of: it "
                      "does not change while a chain lives")
REFUSED(reset, "a chain here begins once: take evm_snapshot at its beginning and evm_revert to it, "
               "or start another one")
REFUSED(dump_state, "state here is native tables and not accounts with code: start with "
                    "orrery testnet --state FILE, and that file is the dump")
REFUSED(load_state, "state here comes from its own records only: start with "
                    "orrery testnet --state FILE to go on from a file")
REFUSED(rollback,
        "states of past blocks are not kept: take evm_snapshot where you want to come back "
        "to, and evm_revert to it")
REFUSED(reorg,
        "states of past blocks are not kept: take evm_snapshot before the blocks, evm_revert "
        "to it and send others")
