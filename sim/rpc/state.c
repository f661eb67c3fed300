/* What accounts and contracts are at the head. */
#include "sim/rpc/ask.h"
#include "sim/rpc/look.h"

#include <inttypes.h>

bool method_balance(struct call *c)
{
    struct address a;

    if (!arg_address(&c->args, 0, &a) || !look_state_arg(c, 1))
        return false;
    json_amount(c->out, node_balance(c->rpc->node, a));
    return true;
}

bool method_transaction_count(struct call *c)
{
    struct address a;
    struct block_ref ref;

    if (!arg_address(&c->args, 0, &a) || !arg_block(&c->args, 1, &ref) || !look_state(c, &ref))
        return false;
    json_u64(c->out, node_nonce(c->rpc->node, a, ref.tag == BLOCK_PENDING));
    return true;
}

bool method_code(struct call *c)
{
    struct address a;

    if (!arg_address(&c->args, 0, &a) || !look_state_arg(c, 1))
        return false;
    json_chars(c->out, node_has_code(c->rpc->node, a) ? "0xfe" : "0x");
    return true;
}

/* Contracts are native: nobody has ever written a slot. */
bool method_storage_at(struct call *c)
{
    static const struct bytes32 zero;
    struct address a;
    struct bytes32 slot;

    if (!arg_address(&c->args, 0, &a) || !arg_u256(&c->args, 1, &slot) || !look_state_arg(c, 2))
        return false;
    json_hash(c->out, &zero);
    return true;
}

bool method_proof(struct call *c)
{
    return call_refuse(c, RPC_UNSUPPORTED,
                       "state here is native and in no trie: there is nothing to prove it by");
}

/* The call of parameter 0 at the block of parameter 1, with the overrides of parameter 2. */
static bool read_call(struct call *c, struct ask *ask)
{
    if (!arg_ask(&c->args, 0, ask) || !look_state_arg(c, 1) || !arg_override(&c->args, 2, ask))
        return false;
    return !ask->has_chain_id || ask->chain_id == node_chain_id(c->rpc->node) ||
           call_refuse(c, RPC_SERVER,
                       "chainId does not match node's (have=%" PRIu64 ", want=%" PRIu64 ")",
                       ask->chain_id, node_chain_id(c->rpc->node));
}

bool method_call(struct call *c)
{
    struct ask ask;
    struct slice answer;

    if (!read_call(c, &ask) || !node_call(c->rpc->node, &ask.node, &answer, &c->why))
        return false;
    json_data(c->out, answer);
    return true;
}

bool method_estimate_gas(struct call *c)
{
    struct ask ask;
    u64 gas;

    if (!read_call(c, &ask) || !node_estimate(c->rpc->node, &ask.node, &gas, &c->why))
        return false;
    json_u64(c->out, gas);
    return true;
}

bool method_access_list(struct call *c)
{
    struct ask ask;
    u64 gas;

    if (!arg_ask(&c->args, 0, &ask) || !look_state_arg(c, 1) ||
        !node_estimate(c->rpc->node, &ask.node, &gas, &c->why))
        return false;
    json_begin(c->out, '{');
    json_name(c->out, "accessList"); /* there are no slots to list */
    json_begin(c->out, '[');
    json_end(c->out, ']');
    json_name(c->out, "gasUsed");
    json_u64(c->out, gas);
    json_end(c->out, '}');
    return true;
}
