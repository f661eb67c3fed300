/* What only a chain of one's own lets anybody do (rpc.md 6); results as anvil's. */
#include "sim/rpc/server.h"

#include <cjson/cJSON.h>
#include <inttypes.h>

static bool put_null(struct call *c)
{
    json_null(c->out);
    return true;
}

static bool put_true(struct call *c)
{
    json_bool(c->out, true);
    return true;
}

/* --- going back --- */

bool method_snapshot(struct call *c)
{
    u64 id = node_snapshot(c->rpc->node);

    if (id == UINT64_MAX)
        return call_refuse(c, RPC_SERVER, "no memory for another snapshot");
    json_u64(c->out, id);
    return true;
}

bool method_revert(struct call *c)
{
    u64 id;

    if (!arg_u64(&c->args, 0, &id))
        return false;
    json_bool(c->out, node_revert(c->rpc->node, id));
    return true;
}

/* --- blocks --- */

static bool set_next(struct call *c, u64 second)
{
    if (node_set_next_time(c->rpc->node, second))
        return true;
    return call_refuse(c, RPC_INVALID_PARAMS, "timestamp %" PRIu64 " is before that of the head",
                       second);
}

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
    bool has_time;
    u64 second = 0, blocks;

    if (!read_mine(c, &has_time, &second, &blocks) || (has_time && !set_next(c, second)) ||
        !node_mine(c->rpc->node, blocks, 0, &c->why))
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
    return node_mine(c->rpc->node, blocks, interval_s, &c->why) && put_null(c);
}

bool method_set_automine(struct call *c)
{
    struct node *n = c->rpc->node;
    bool on;

    if (!arg_bool(&c->args, 0, &on))
        return false;
    if (on)
        node_set_mining(n, NODE_INSTANT, 0);
    else if (node_mining_mode(n) == NODE_INSTANT)
        node_set_mining(n, NODE_MANUAL, 0);
    return put_null(c);
}

bool method_get_automine(struct call *c)
{
    json_bool(c->out, node_mining_mode(c->rpc->node) == NODE_INSTANT);
    return true;
}

/* 0 turns off blocks by the clock and nothing else. */
bool method_set_interval(struct call *c)
{
    struct node *n = c->rpc->node;
    u64 seconds;

    if (!arg_u64(&c->args, 0, &seconds))
        return false;
    if (seconds > UINT64_MAX / 1000)
        return arg_refuse(&c->args, 0, "too long");
    if (seconds > 0)
        node_set_mining(n, NODE_INTERVAL, seconds * 1000);
    else if (node_mining_mode(n) == NODE_INTERVAL)
        node_set_mining(n, NODE_MANUAL, 0);
    return put_null(c);
}

bool method_get_interval(struct call *c)
{
    u64 ms = node_interval_ms(c->rpc->node);

    if (ms == 0)
        json_null(c->out);
    else
        json_count(c->out, ms / 1000);
    return true;
}

bool method_miner_stop(struct call *c)
{
    node_set_mining(c->rpc->node, NODE_MANUAL, 0);
    return put_true(c);
}

bool method_miner_start(struct call *c)
{
    node_set_mining(c->rpc->node, NODE_INSTANT, 0);
    return put_true(c);
}

/* --- time --- */

bool method_increase_time(struct call *c)
{
    u64 seconds;

    if (!arg_u64(&c->args, 0, &seconds))
        return false;
    json_count(c->out, node_increase_time(c->rpc->node, seconds));
    return true;
}

bool method_set_next_time(struct call *c)
{
    u64 second;

    return arg_u64(&c->args, 0, &second) && set_next(c, second) && put_null(c);
}

bool method_set_time(struct call *c)
{
    u64 second;

    if (!arg_u64(&c->args, 0, &second))
        return false;
    if (!node_set_time(c->rpc->node, second))
        return call_refuse(c, RPC_INVALID_PARAMS,
                           "timestamp %" PRIu64 " is before that of the head", second);
    return put_null(c);
}

bool method_set_base_fee(struct call *c)
{
    struct amount fee;

    if (!arg_amount(&c->args, 0, &fee))
        return false;
    node_set_base_fee(c->rpc->node, fee);
    return put_null(c);
}

/* --- accounts --- */

static bool set_balance(struct call *c)
{
    struct address a;
    struct amount balance;

    return arg_address(&c->args, 0, &a) && arg_amount(&c->args, 1, &balance) &&
           node_set_balance(c->rpc->node, a, balance, &c->why);
}

bool method_set_balance(struct call *c)
{
    return set_balance(c) && put_null(c);
}

bool method_ganache_balance(struct call *c)
{
    return set_balance(c) && put_true(c);
}

bool method_add_balance(struct call *c)
{
    struct address a;
    struct amount more, sum;

    if (!arg_address(&c->args, 0, &a) || !arg_amount(&c->args, 1, &more))
        return false;
    if (!amount_add(&sum, node_balance(c->rpc->node, a), more))
        return arg_refuse(&c->args, 1, "the balance would be of more than 128 bits");
    return node_set_balance(c->rpc->node, a, sum, &c->why) && put_null(c);
}

static bool set_nonce(struct call *c)
{
    struct address a;
    u64 nonce;

    return arg_address(&c->args, 0, &a) && arg_u64(&c->args, 1, &nonce) &&
           node_set_nonce(c->rpc->node, a, nonce, &c->why);
}

bool method_set_nonce(struct call *c)
{
    return set_nonce(c) && put_null(c);
}

bool method_ganache_nonce(struct call *c)
{
    return set_nonce(c) && put_true(c);
}

bool method_set_code(struct call *c)
{
    return call_refuse(c, RPC_UNSUPPORTED,
                       "contracts here are native: there is no machine that code could run on");
}

bool method_set_storage(struct call *c)
{
    return call_refuse(c, RPC_UNSUPPORTED,
                       "contracts here are native: their state is in tables, not in slots");
}

static bool impersonate(struct call *c, bool on)
{
    struct address a;

    if (!arg_address(&c->args, 0, &a))
        return false;
    node_impersonate(c->rpc->node, a, on);
    return put_null(c);
}

bool method_impersonate(struct call *c)
{
    return impersonate(c, true);
}

bool method_stop_impersonating(struct call *c)
{
    return impersonate(c, false);
}

bool method_auto_impersonate(struct call *c)
{
    bool on;

    if (!arg_bool(&c->args, 0, &on))
        return false;
    node_impersonate_all(c->rpc->node, on);
    return put_null(c);
}

/* --- the pool --- */

bool method_drop(struct call *c)
{
    struct bytes32 hash;

    if (!arg_hash(&c->args, 0, &hash))
        return false;
    if (!node_drop(c->rpc->node, &hash))
        return put_null(c);
    json_hash(c->out, &hash);
    return true;
}

bool method_drop_all(struct call *c)
{
    node_drop_all(c->rpc->node);
    return put_null(c);
}

struct last {
    struct address sender;
    struct bytes32 hash;
    bool found;
};

static bool find_last(void *about, const struct node_tx *tx, bool queued)
{
    struct last *l = about;

    (void)queued;
    if (address_equal(tx->from, l->sender)) {
        l->found = true;
        l->hash = tx->hash;
    }
    return true;
}

/* The last first, so that none of those that are left waits for one that is gone. */
bool method_drop_of(struct call *c)
{
    struct last l;

    if (!arg_address(&c->args, 0, &l.sender))
        return false;
    do {
        l.found = false;
        node_pool(c->rpc->node, find_last, &l);
    } while (l.found && node_drop(c->rpc->node, &l.hash));
    return put_null(c);
}
