/* When blocks come and on what terms, as its owner says (rpc.md 6); results as anvil's. */
#include "sim/rpc/server.h"

#include <cjson/cJSON.h>
#include <inttypes.h>

/* --- blocks --- */

/* [{timestamp, blocks}], [timestamp] or []. */
static bool read_mine(struct call *c, bool *has_time, u64 *second, u64 *blocks)
{
    const cJSON *only = c->args.first;

    *blocks = 1;
    *has_time = !arg_absent(&c->args, 0);
    if (!*has_time)
        return true;
    if (!cJSON_IsObject(only))
        return arg_u64(&c->args, 0, second);
    const cJSON *time = read_member(only, "timestamp"), *count = read_member(only, "blocks");
    *has_time = time != NULL;
    const char *why = time == NULL ? NULL : read_u64(time, second);
    if (why == NULL && count != NULL)
        why = read_u64(count, blocks);
    return why == NULL || arg_refuse(&c->args, 0, why);
}

bool method_evm_mine(struct call *c)
{
    struct node *n = c->rpc->node;
    bool has_time;
    u64 second = 0, blocks;

    if (!read_mine(c, &has_time, &second, &blocks) ||
        !(has_time ? node_mine_at(n, second, blocks, &c->why) : node_mine(n, blocks, 0, &c->why)))
        return false;
    json_u64(c->out, 0);
    return true;
}

bool method_mine(struct call *c)
{
    u64 blocks = 1, interval_s = 0;

    if ((!arg_absent(&c->args, 0) && !arg_u64(&c->args, 0, &blocks)) ||
        (!arg_absent(&c->args, 1) && !arg_u64(&c->args, 1, &interval_s)))
        return false;
    return node_mine(c->rpc->node, blocks, interval_s, &c->why) && call_null(c);
}

static bool set_mining(struct call *c, enum node_mining mode, u64 interval_ms)
{
    return node_set_mining(c->rpc->node, mode, interval_ms, &c->why);
}

bool method_set_automine(struct call *c)
{
    bool on;

    if (!arg_bool(&c->args, 0, &on))
        return false;
    if (on && !set_mining(c, NODE_INSTANT, 0))
        return false;
    if (!on && node_mining_mode(c->rpc->node) == NODE_INSTANT && !set_mining(c, NODE_MANUAL, 0))
        return false;
    return call_null(c);
}

bool method_get_automine(struct call *c)
{
    json_bool(c->out, node_mining_mode(c->rpc->node) == NODE_INSTANT);
    return true;
}

/* 0 turns off blocks by the clock and nothing else. */
bool method_set_interval(struct call *c)
{
    u64 seconds;

    if (!arg_u64(&c->args, 0, &seconds))
        return false;
    if (seconds > UINT64_MAX / 1000)
        return arg_refuse(&c->args, 0, "too long");
    if (seconds > 0 && !set_mining(c, NODE_INTERVAL, seconds * 1000))
        return false;
    if (seconds == 0 && node_mining_mode(c->rpc->node) == NODE_INTERVAL &&
        !set_mining(c, NODE_MANUAL, 0))
        return false;
    return call_null(c);
}

bool method_get_interval(struct call *c)
{
    u64 ms = node_interval_ms(c->rpc->node);

    if (ms == 0)
        json_null(c->out);
    else
        json_seconds(c->out, ms);
    return true;
}

bool method_miner_stop(struct call *c)
{
    return set_mining(c, NODE_MANUAL, 0) && call_true(c);
}

bool method_miner_start(struct call *c)
{
    return set_mining(c, NODE_INSTANT, 0) && call_true(c);
}

/* --- time --- */

bool method_increase_time(struct call *c)
{
    u64 seconds;
    i64 total_s;

    if (!arg_u64(&c->args, 0, &seconds) ||
        !node_increase_time(c->rpc->node, seconds, &total_s, &c->why))
        return false;
    json_signed(c->out, total_s);
    return true;
}

bool method_set_next_time(struct call *c)
{
    u64 second;

    return arg_u64(&c->args, 0, &second) && node_set_next_time(c->rpc->node, second, &c->why) &&
           call_null(c);
}

bool method_set_time(struct call *c)
{
    u64 second;

    return arg_u64(&c->args, 0, &second) && node_set_time(c->rpc->node, second, &c->why) &&
           call_null(c);
}

bool method_set_step(struct call *c)
{
    u64 seconds;

    return arg_u64(&c->args, 0, &seconds) && node_set_step(c->rpc->node, seconds, &c->why) &&
           call_null(c);
}

bool method_end_step(struct call *c)
{
    json_bool(c->out, node_end_step(c->rpc->node));
    return true;
}

/* --- other terms --- */

bool method_set_base_fee(struct call *c)
{
    struct amount fee;

    if (!arg_amount(&c->args, 0, &fee))
        return false;
    node_set_base_fee(c->rpc->node, fee);
    return call_null(c);
}

bool method_set_gas_limit(struct call *c)
{
    u64 gas;

    return arg_u64(&c->args, 0, &gas) && node_set_gas_limit(c->rpc->node, gas, &c->why) &&
           call_true(c);
}

bool method_set_prev_randao(struct call *c)
{
    struct bytes32 v;

    if (!arg_hash(&c->args, 0, &v))
        return false;
    node_set_prev_randao(c->rpc->node, &v);
    return call_null(c);
}

/* The gas goes to the treasury by the chain's own rules, and a head that said otherwise would be
 * untrue. */
bool method_set_coinbase(struct call *c)
{
    struct address a;
    struct node_block b;
    char who[ADDRESS_CHARS];

    if (!arg_address(&c->args, 0, &a))
        return false;
    node_block_pending(c->rpc->node, &b);
    if (address_equal(a, b.miner))
        return call_null(c);
    address_print(who, b.miner);
    return call_refuse(
        c, RPC_UNSUPPORTED,
        "the gas of blocks goes to the network's treasury, %s, by the chain's rules: "
        "nobody else can be the coinbase",
        who);
}

bool method_set_logging(struct call *c)
{
    bool on;

    if (!arg_bool(&c->args, 0, &on))
        return false;
    node_set_logging(c->rpc->node, on);
    return call_null(c);
}
