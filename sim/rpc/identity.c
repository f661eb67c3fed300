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

/* The same members as anvil's; whose turn it is, is the order of arrival.  Blocks have what they
 * had from Shanghai on, withdrawals, and no blobs. */
bool method_node_info(struct call *c)
{
    struct json *out = c->out;
    struct node *n = c->rpc->node;
    struct node_block head;
    bool there = node_block_at(n, node_head(n), &head);

    check(there);
    json_begin(out, '{');
    json_name(out, "currentBlockNumber");
    json_u64(out, head.number);
    json_name(out, "currentBlockTimestamp");
    json_count(out, head.timestamp_s);
    json_name(out, "currentBlockHash");
    json_hash(out, &head.hash);
    json_name(out, "hardFork");
    json_chars(out, "Shanghai");
    json_name(out, "transactionOrder");
    json_chars(out, "fifo");
    json_name(out, "environment");
    json_begin(out, '{');
    json_name(out, "baseFee");
    json_amount(out, node_base_fee(n));
    json_name(out, "chainId");
    json_count(out, node_chain_id(n));
    json_name(out, "gasLimit");
    json_u64(out, node_gas_limit(n));
    json_name(out, "gasPrice");
    json_amount(out, node_base_fee(n));
    json_end(out, '}');
    json_name(out, "forkConfig");
    json_begin(out, '{');
    json_name(out, "forkUrl");
    json_null(out);
    json_name(out, "forkBlockNumber");
    json_null(out);
    json_name(out, "forkRetryBackoff");
    json_null(out);
    json_end(out, '}');
    json_end(out, '}');
    return true;
}

bool method_modules(struct call *c)
{
    methods_modules(c->out);
    return true;
}
