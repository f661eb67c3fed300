/* Who this is. */
#include "sim/rpc/server.h"

#include "sim/engine/version.h"

#include <inttypes.h>
#include <stdio.h>

bool method_chain_id(struct call *c)
{
    json_u64(c->out, node_chain_id(c->rpc->node));
    return true;
}

bool method_net_version(struct call *c)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRIu64, node_chain_id(c->rpc->node));
    json_chars(c->out, text);
    return true;
}

bool method_listening(struct call *c)
{
    json_bool(c->out, true);
    return true;
}

bool method_client_version(struct call *c)
{
    char text[128];

    snprintf(text, sizeof(text), "orrery/%s/linux/c11", version_text());
    json_chars(c->out, text);
    return true;
}

bool method_sha3(struct call *c)
{
    struct slice data;

    if (!arg_data(&c->args, 0, &data))
        return false;
    struct bytes32 hash = bytes32_keccak(data);
    json_hash(c->out, &hash);
    return true;
}

bool method_syncing(struct call *c)
{
    json_bool(c->out, false);
    return true;
}

bool method_coinbase(struct call *c)
{
    struct node_block b;

    node_block_pending(c->rpc->node, &b);
    json_address(c->out, b.miner);
    return true;
}

bool method_modules(struct call *c)
{
    methods_modules(c->out);
    return true;
}
