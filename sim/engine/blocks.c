/* blocks - when the chain moves, and who hears of what came of it.
 *
 * settled 153, 154 and design.md 2: slots in which nothing waits and nothing is due are never
 * stepped.  A node reads a block as a whole: what it holds for one actor (answers to his
 * transactions, then logs of his concern) arrives together, in order, after one network delay
 * drawn in the name of the actor and the slot.
 */
#include "sim/engine/host.h"

#include <string.h>

static u64 slot_ns(const struct host_sim *h)
{
    return MSEC(chain_params(h->c.process->chain)->block_time_ms);
}

/* ---- when ---- */

/* The slot itself, or the first one after the halt in which it lies. */
static u64 slot_outside_halt(const struct host_sim *h, u64 slot)
{
    const struct halt *halt;

    while ((halt = reporter_halt(h, slot * slot_ns(h))) != NULL)
        slot = (halt->to_ns + slot_ns(h) - 1) / slot_ns(h);
    return slot;
}

static void want(struct host_sim *h, u64 slot)
{
    struct queue_item item = {.kind = ITEM_BLOCK};

    if (slot == SLOT_NONE || slot > UINT64_MAX / slot_ns(h))
        return; /* the chain owes nothing to time */
    u64 outside = slot_outside_halt(h, slot);
    h->tally.halts += outside != slot;
    slot = outside;
    if (slot >= h->block_slot)
        return;
    h->block_slot = slot;
    item.u.plain.a = slot;
    struct instant at = {slot * slot_ns(h)};
    if (!queue_put(&h->queue, queue_key(at, CLASS_BLOCK, h->chain_key, h->block_caused++), &item))
        host_full(h, &h->queue.items);
}

void blocks_want_next(struct host_sim *h, struct instant now)
{
    want(h, now.ns / slot_ns(h) + 1);
}

void blocks_start(struct host_sim *h)
{
    want(h, chain_due_slot(h->c.process->chain));
}

/* ---- who ---- */

static const struct actor_kind *kind_of(const struct host_sim *h, u32 actor)
{
    return world_kind_of(host_world(h), (struct actor_id){actor});
}

/* Among the receivers, once each, where it would do something about it. */
static void receivers_add(struct host_sim *h, enum log_kind kind, u32 account)
{
    const u32 *by_account = h->by_account.base;
    u32 *actors = h->receivers.base;

    if (account >= h->by_account.count || by_account[account] == 0)
        return;
    u32 actor = by_account[account] - 1;
    if ((kind_of(h, actor)->logs & KIND_BIT(kind)) == 0)
        return;
    for (size_t i = 0; i < h->receivers.count; i++) {
        if (actors[i] == actor)
            return;
    }
    check(reserve_grow(&h->receivers, 1)); /* never more than actors */
    actors[h->receivers.count - 1] = actor;
}

static void add_provider(struct host_sim *h, const struct log *log)
{
    u64 provider;

    if (log_number(log, "provider", &provider))
        receivers_add(h, log->kind, chain_provider_account(h->c.process->chain, (u32)provider));
}

static void add_owner(struct host_sim *h, const struct log *log)
{
    u64 wallet;

    if (log_number(log, "wallet", &wallet))
        receivers_add(h, log->kind, chain_wallet_owner(h->c.process->chain, (u32)wallet));
}

static void add_tenants(struct host_sim *h, const struct log *log)
{
    const struct chain *c = h->c.process->chain;
    u64 provider;

    if (!log_number(log, "provider", &provider))
        return;
    for (u32 lease = chain_first_lease(c, (u32)provider); lease != 0;
         lease = chain_next_lease(c, lease))
        receivers_add(h, log->kind, chain_wallet_owner(c, chain_lease_wallet(c, lease)));
}

static void add_giver(struct host_sim *h, const struct log *log)
{
    u64 from;

    if (log_number(log, "from", &from))
        receivers_add(h, log->kind, (u32)from);
}

/* ---- delivery ---- */

static u32 log_hold(struct host_sim *h, const struct log *log)
{
    struct held_log *held = h->logs.base;
    u32 place = h->logs_free;

    if (place != 0) {
        h->logs_free = held[place - 1].next_free;
    } else {
        if (!reserve_grow(&h->logs, 1)) {
            host_full(h, &h->logs);
            return UINT32_MAX;
        }
        place = (u32)h->logs.count;
    }
    held[place - 1].log = *log;
    held[place - 1].refs = 0;
    return place - 1;
}

void blocks_log_done(struct host_sim *h, u32 place)
{
    struct held_log *held = (struct held_log *)h->logs.base + place;

    check(held->refs > 0);
    if (--held->refs > 0)
        return;
    held->next_free = h->logs_free;
    h->logs_free = place + 1;
}

/* An actor reads its chain: what comes of it is caused by the reader. */
static void to_node(struct host_sim *h, struct instant now, u64 slot, struct queue_item *item)
{
    struct actor_id to = {item->to};
    const struct actor_row *row = world_row(host_world(h), to);
    struct span late = network_latency(h->c.network, h->chain_key, row->entity, h->c.chain_region,
                                       row->region, slot);

    if (mishaps_any(h))
        now = mishap_late(h, to, MISHAP_LAG, now);
    host_schedule(h, to, CLASS_DELIVERY, instant_after(now, late), item);
}

/* The log to all receivers. */
static void tell(struct host_sim *h, struct instant now, u64 slot, const struct log *log)
{
    const u32 *actors = h->receivers.base;
    struct queue_item item = {.kind = ITEM_LOG};

    if (h->receivers.count == 0 || (item.u.plain.n = log_hold(h, log)) == UINT32_MAX)
        return;
    ((struct held_log *)h->logs.base)[item.u.plain.n].refs = (u32)h->receivers.count;
    for (size_t i = 0; i < h->receivers.count; i++) {
        item.to = actors[i];
        to_node(h, now, slot, &item);
    }
}

static bool eligible(const void *about, u32 provider, const struct log *order)
{
    const struct host_sim *h = about;
    return chain_provider_eligible(h->c.process->chain, provider, &order->u.order_created);
}

static void soon(const void *about, u32 provider)
{
    const struct host_sim *h = about;
    chain_provider_fetch(h->c.process->chain, provider);
}

/* Those that the index names; each runs one provider. */
static void add_eligible(struct host_sim *h, const struct log *log)
{
    const u32 *by_account = h->by_account.base, *actors = h->providers.base, *found;
    u32 creator = log->u.order_created.creator;
    struct drawer draw = {host_world(h)->seed, host_world(h)->replicate, h->chain_key};
    struct fanout_judge judge = {eligible, soon, h};

    if (creator < h->by_account.count && by_account[creator] != 0)
        draw = world_drawer(host_world(h), (struct actor_id){by_account[creator] - 1});
    u32 n = fanout_of(&h->fanout, log, h->c.order_fanout, &draw, &judge, &found);
    for (u32 i = 0; i < n; i++)
        ((u32 *)h->receivers.base)[i] = actors[found[i]] - 1;
    h->receivers.count = n;
}

static void add_all_providers(struct host_sim *h)
{
    const u32 *actors = h->providers.base;

    for (size_t i = 0; i < h->providers.count; i++) {
        if (actors[i] == 0)
            continue;
        check(reserve_grow(&h->receivers, 1)); /* each is an actor of its own */
        ((u32 *)h->receivers.base)[h->receivers.count - 1] = actors[i] - 1;
    }
}

static void log_out(struct host_sim *h, struct instant now, u64 slot, const struct log *log)
{
    h->receivers.count = 0;
    switch (log_audiences[log->kind]) {
    case TO_NOBODY:
        return;
    case TO_ELIGIBLE:
        if (h->c.broadcast)
            add_all_providers(h);
        else
            add_eligible(h, log);
        break;
    case TO_PROVIDER:
        add_provider(h, log);
        break;
    case TO_PARTIES:
        add_provider(h, log);
        add_owner(h, log);
        break;
    case TO_SERVED:
        add_provider(h, log);
        add_tenants(h, log);
        break;
    case TO_GIVER:
        add_giver(h, log);
        break;
    }
    tell(h, now, slot, log);
}

/* ---- what the host itself learns ---- */

static void provider_known(struct host_sim *h, const struct log_provider_proposed *l,
                           struct instant now)
{
    const u32 *by_account = h->by_account.base;

    if (l->account >= h->by_account.count || by_account[l->account] == 0)
        return; /* nobody runs it: it hears nothing */
    u32 actor = by_account[l->account];
    struct actor_id id = {actor - 1};
    if (!reserve_reach(&h->providers, (size_t)l->provider + 1)) {
        host_full(h, &h->providers);
        return;
    }
    ((u32 *)h->providers.base)[l->provider] = actor;
    power_registered(h, id, l->provider, now);
    if (!fanout_set(&h->fanout, l->provider, world_row(host_world(h), id)->entity, &l->machine,
                    l->tokens))
        host_full(h, &h->fanout.places);
}

static void machine_known(struct host_sim *h, const struct log_machine_updated *l)
{
    if (l->provider < h->fanout.interest.count &&
        !fanout_renew(&h->fanout, l->provider, &l->machine))
        host_full(h, &h->fanout.places);
}

static bool is_misses(const struct log *l)
{
    return l->kind == LOG_ParamChanged && l->u.param_changed.param == PARAM_heartbeat_misses;
}

static void learn(struct host_sim *h, struct instant now, const struct log *logs, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        const struct log *l = &logs[i];
        if (l->kind == LOG_ProviderProposed)
            provider_known(h, &l->u.provider_proposed, now);
        else if (l->kind == LOG_MachineUpdated)
            machine_known(h, &l->u.machine_updated);
        else if (l->kind == LOG_ProviderExited)
            fanout_remove(&h->fanout, l->u.provider_exited.provider);
        else if (l->kind == LOG_EraClosed)
            h->era_start_s = l->u.era_closed.end_s;
        else if (is_misses(l))
            power_misses_changed(h, now);
    }
    u64 era = chain_era(h->c.process->chain);
    if (era != h->era) {
        h->era = era;
        reporter_era(h, now);
    }
}

/* ---- a block ---- */

static void answer(struct host_sim *h, struct instant now, const struct block *b, u32 taken)
{
    const u32 *by_account = h->by_account.base;

    for (u32 i = 0; i < taken; i++) {
        const struct block_tx *t = &b->txs[i];
        if (t->from >= h->by_account.count || by_account[t->from] == 0)
            continue; /* a system account asks nothing back */
        struct queue_item item = {.kind = ITEM_RESULT, .to = by_account[t->from] - 1};
        const struct actor_kind *kind = kind_of(h, item.to);
        u64 heard = t->err == ERR_None ? kind->answers : kind->refusals;
        if ((heard & KIND_BIT(t->tx.kind)) == 0)
            continue;
        item.u.result.id = t->id;
        item.u.result.nonce = t->nonce;
        item.u.result.tx = (u32)t->tx.kind;
        item.u.result.tag = t->tx.tag;
        item.u.result.err = (u32)t->err;
        to_node(h, now, b->slot, &item);
    }
}

static void produce(struct host_sim *h, struct instant now, u64 slot)
{
    struct process *p = h->c.process;
    const struct host_sinks *s = &h->c.sinks;
    struct block b;
    u32 taken, count;

    process_step(p, now, slot, &b, &taken);
    const struct log *logs = chain_logs(p->chain, &count);
    for (u32 i = 0; s->on_log != NULL && i < count; i++)
        s->on_log(s->about, &logs[i], slot, now);
    if (s->on_block != NULL)
        s->on_block(s->about, &b, taken, now);
    if (h->error == NULL)
        h->error = chain_full(p->chain);
    if (h->error != NULL)
        return;
    learn(h, now, logs, count);
    answer(h, now, &b, taken);
    for (u32 i = 0; i < count; i++)
        log_out(h, now, slot, &logs[i]);
    process_stepped(p, taken);
}

void blocks_due(struct host_sim *h, struct instant now, u64 slot)
{
    struct process *p = h->c.process;

    if (slot != h->block_slot)
        return; /* an earlier one was called for since */
    h->block_slot = SLOT_NONE;
    bool owed = process_waiting(p) > 0 || chain_due_slot(p->chain) <= slot;
    if (owed && reporter_halt(h, now.ns) == NULL)
        produce(h, now, slot);
    if (process_waiting(p) > 0)
        blocks_want_next(h, now);
    want(h, chain_due_slot(p->chain));
}
