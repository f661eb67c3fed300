#include "sim/engine/books.h"

#include "actors/provider.h"
#include "actors/provider_lease.h"
#include "chain-mock/contracts/lease.h"
#include "protocol/invariants/invariant.h"

static bool runs(const struct provider *p, u64 lease)
{
    for (u32 i = 0; i < p->places; i++)
        if (p->leases[i].lease == lease && p->leases[i].state >= PROVIDER_LEASE_STARTING)
            return true;
    return false;
}

static bool has_ended(const struct provider *p, u64 lease)
{
    for (u32 i = 0; i < PROVIDER_ENDED; i++)
        if (p->ended[i] == lease)
            return true;
    return false;
}

/* §5.2.4: the matched provider starts what the lease's tenant sends, for a lease that it knows of
 * no end of. */
static void manifest(const struct chain *c, const struct provider *p, u32 from, u64 lease)
{
    const struct state *s = &c->state;
    u32 row = lease_find(s, lease);
    bool made = lease < state_meta(s)->next_lease; /* put away it may be, by now */
    bool accepted = runs(p, lease) && (row != 0 || !made);

    invariant_implies(s->tally, INV_LEA_13, accepted,
                      accepted && row != 0 && lease_at(s, row)->provider == p->id &&
                          lease_at(s, row)->tenant == from && !has_ended(p, lease),
                      "lease", lease);
}

/* §5.2.5; settled 156 would let it run for a grace time.  An update's workload goes on. */
static void closed(const struct chain *c, const struct provider *p,
                   const struct log_lease_closed *l)
{
    invariant_implies(c->state.tally, INV_LEA_12, l->reason != LEASE_UPDATED, !runs(p, l->lease),
                      "lease", l->lease);
}

/* §4.3.4: nobody registers more than his machine has. */
static void registered(const struct chain *c, const struct provider *p, u32 provider)
{
    const struct machine *is = &p->config.machine,
                         *says = &provider_at(&c->state, provider)->machine;
    bool has =
        is->cpu >= says->cpu && is->ram_gib >= says->ram_gib && is->disk_gib >= says->disk_gib;

    for (u32 i = 0; i < GPU_LINES; i++)
        has = has && (says->gpu[i].model == 0 || (is->gpu[i].model == says->gpu[i].model &&
                                                  is->gpu[i].count >= says->gpu[i].count));
    invariant_implies(c->state.tally, INV_CAP_5, true, has, "provider", provider);
}

void books_look(const struct process *p, struct actor_id to, const struct event *event)
{
    const struct provider *books;

    if (event->kind != EVENT_MESSAGE && event->kind != EVENT_LOG)
        return;
    if (world_kind_of(&p->world, to) != &actor_provider)
        return;
    books = world_state(&p->world, to);
    if (event->kind == EVENT_MESSAGE && event->u.message.msg.kind == MSG_MANIFEST)
        manifest(p->chain, books, event->u.message.from, event->u.message.msg.u.manifest.lease);
    else if (event->kind == EVENT_LOG && event->u.log.kind == LOG_ProviderApproved)
        registered(p->chain, books, event->u.log.u.provider_approved.provider);
    else if (event->kind == EVENT_LOG && event->u.log.kind == LOG_LeaseClosed)
        closed(p->chain, books, &event->u.log.u.lease_closed);
}
