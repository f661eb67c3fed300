/* settings - what calls have set, as two notes in the store: after a crash it is as it was when it
 * was acknowledged.  The clock is among it: it moves with blocks.
 *
 *      settings       terms, where the clock was, mining, what else is on or off
 *      impersonated   addresses, 20 bytes each
 */
#include "sim/node/parts.h"

#include <stdio.h>
#include <string.h>

#define SETTINGS_BYTES (7u * 8u + 16u + 32u + 5u * 4u)

/* ---- saving ---- */

static bool save_settings(struct node *n)
{
    u8 bytes[SETTINGS_BYTES];
    struct writer w = {bytes, SETTINGS_BYTES};
    const struct node_terms *t = &n->terms;

    put_u64(&w, (u64)t->clock_ms);
    put_u64(&w, node_clock_ms(n));
    put_u64(&w, t->next_time_s);
    put_u32(&w, t->has_step);
    put_u64(&w, t->step_s);
    put_amount(&w, t->base_fee);
    put_u64(&w, t->gas_limit);
    put_bytes(&w, t->prev_randao.byte, sizeof(t->prev_randao.byte));
    put_u32(&w, n->mining_set);
    put_u32(&w, (u32)n->mining);
    put_u64(&w, n->interval_ms);
    put_u64(&w, n->interval_from);
    put_u32(&w, n->impersonates_all);
    put_u32(&w, n->silent);
    check(w.left == 0);
    return store_put_note(n->store, "settings", SLICE(bytes, sizeof(bytes)));
}

static bool save_impersonated(struct node *n)
{
    const struct address *all = n->impersonated.base;

    return store_put_note(n->store, "impersonated",
                          SLICE(all->byte, n->impersonated.count * sizeof(*all)));
}

bool node_settings_save(struct node *n)
{
    bool saved =
        (!n->unsaved || save_settings(n)) && (!n->unsaved_impersonated || save_impersonated(n));

    if (saved)
        n->unsaved = n->unsaved_impersonated = false;
    return saved;
}

/* ---- loading ---- */

/* What the command line says of mining holds until a call has said something else.  False: it is
 * none of the modes. */
static bool take_mining(struct node *n, struct reader *r)
{
    bool set = get_u32(r) != 0;
    u32 mining = get_u32(r);
    u64 interval_ms = get_u64(r), from = get_u64(r);

    if (set && mining <= NODE_MANUAL) {
        n->mining_set = true;
        n->mining = (enum node_mining)mining;
        n->interval_ms = interval_ms;
        n->interval_from = from;
    }
    return mining <= NODE_MANUAL;
}

static bool take_settings(struct node *n, struct slice bytes, u64 *told_ms)
{
    struct reader r = {bytes.at, bytes.n, true};
    struct node_terms *t = &n->terms;

    t->clock_ms = (i64)get_u64(&r);
    *told_ms = get_u64(&r);
    t->next_time_s = get_u64(&r);
    t->has_step = get_u32(&r) != 0;
    t->step_s = get_u64(&r);
    t->base_fee = get_amount(&r);
    t->gas_limit = get_u64(&r);
    get_bytes(&r, t->prev_randao.byte, sizeof(t->prev_randao.byte));
    bool known = take_mining(n, &r);
    n->impersonates_all = get_u32(&r) != 0;
    n->silent = get_u32(&r) != 0;
    return known && r.ok && r.left == 0;
}

static bool take_impersonated(struct node *n, struct slice bytes)
{
    struct address *all = n->impersonated.base;
    size_t count = bytes.n / sizeof(*all);

    if (bytes.n % sizeof(*all) != 0 || !reserve_grow(&n->impersonated, count))
        return false;
    if (count != 0)
        memcpy(all, bytes.at, bytes.n);
    return true;
}

bool node_settings_load(struct node *n, u64 *told_ms, char error[256])
{
    struct slice bytes;

    if (!store_note(n->store, "settings", &bytes) || !take_settings(n, bytes, told_ms)) {
        snprintf(error, 256, "the state file's note of the settings is damaged or not there");
        return false;
    }
    if (!store_note(n->store, "impersonated", &bytes) || !take_impersonated(n, bytes)) {
        snprintf(error, 256, "the state file's note of the impersonated is damaged or not there");
        return false;
    }
    return true;
}

/* ---- what has no better place ---- */

void node_set_base_fee(struct node *n, struct amount base_fee)
{
    n->terms.base_fee = base_fee;
    n->unsaved = n->unblocked = true;
}

struct amount node_base_fee(const struct node *n)
{
    return n->terms.base_fee;
}

bool node_set_gas_limit(struct node *n, u64 gas, struct refusal *why)
{
    u64 most = chain_params(n->c.process->chain)->block_gas_limit;

    if (gas < NODE_GAS_LEAST || gas > most)
        return node_refuse(why, -32602,
                           "a block's gas limit of %llu: it can be %u, the least transaction's, to "
                           "%llu, what the chain takes (its parameter block_gas_limit)",
                           (unsigned long long)gas, NODE_GAS_LEAST, (unsigned long long)most);
    n->terms.gas_limit = gas;
    n->unsaved = n->unblocked = true;
    return true;
}

/* The chain's own may have become less meanwhile. */
u64 node_gas_limit(const struct node *n)
{
    u64 own = chain_params(n->c.process->chain)->block_gas_limit;

    return n->terms.gas_limit != 0 && n->terms.gas_limit < own ? n->terms.gas_limit : own;
}

void node_set_prev_randao(struct node *n, const struct bytes32 *v)
{
    n->terms.prev_randao = *v;
    n->unsaved = true;
}

void node_set_logging(struct node *n, bool on)
{
    n->silent = !on;
    n->unsaved = true;
}

bool node_logging(const struct node *n)
{
    return !n->silent;
}
