/* What only a chain of one's own lets anybody do (rpc.md 6): going back, accounts, the pool;
 * results as anvil's.  Time and blocks: time.c. */
#include "sim/rpc/server.h"

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
    return set_balance(c) && call_null(c);
}

bool method_ganache_balance(struct call *c)
{
    return set_balance(c) && call_true(c);
}

bool method_add_balance(struct call *c)
{
    struct address a;
    struct amount more, sum;

    if (!arg_address(&c->args, 0, &a) || !arg_amount(&c->args, 1, &more))
        return false;
    if (!amount_add(&sum, node_balance(c->rpc->node, a), more))
        return arg_refuse(&c->args, 1, "the balance would be of more than 128 bits");
    return node_set_balance(c->rpc->node, a, sum, &c->why) && call_null(c);
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
    return set_nonce(c) && call_null(c);
}

bool method_ganache_nonce(struct call *c)
{
    return set_nonce(c) && call_true(c);
}

static bool impersonate(struct call *c, bool on)
{
    struct address a;

    if (!arg_address(&c->args, 0, &a))
        return false;
    return node_impersonate(c->rpc->node, a, on, &c->why) && call_null(c);
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
    return call_null(c);
}

/* --- the pool --- */

bool method_drop(struct call *c)
{
    struct bytes32 hash;

    if (!arg_hash(&c->args, 0, &hash))
        return false;
    if (!node_drop(c->rpc->node, &hash))
        return call_null(c);
    json_hash(c->out, &hash);
    return true;
}

bool method_drop_all(struct call *c)
{
    node_drop_all(c->rpc->node);
    return call_null(c);
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
    return call_null(c);
}
