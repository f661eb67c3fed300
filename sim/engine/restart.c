/* restart - an actor that comes back without memory.
 *
 * A client keeps its settings and its key, and reads the rest from the chain: how it stands, which
 * orders and leases are its own.  Its timers, what waited for it and the answers to what it asked
 * before are of an earlier life; what it submitted may still be mined.
 */
#include "sim/engine/host.h"

#include "chain-mock/state/standing.h"

#include <string.h>

_Static_assert(REVERTED_TOKENS == TOKENS_MAX, "of the chain, both");

static void drop_missed(struct host_sim *h, u32 list)
{
    while (list != 0) {
        struct missed *m = (struct missed *)h->missed.base + list - 1;
        u32 next = m->next;
        if (m->item.kind == ITEM_LOG)
            blocks_log_done(h, m->item.u.plain.n);
        m->next = h->missed_free;
        h->missed_free = list;
        list = next;
    }
}

struct restarting {
    struct host_sim *h;
    struct actor_id id;
    struct instant now;
};

static void give_stands(void *about, const struct log *log)
{
    const struct restarting *r = about;
    struct event e = {.kind = EVENT_STANDS, .u.log = *log};

    host_dispatch(r->h, r->id, r->now, &e);
}

static struct reverted facts_of(const struct chain *c, u32 account)
{
    struct account_standing s;

    chain_standing(c, account, &s);
    struct reverted r = {.order = s.order,
                         .lease = s.lease,
                         .wallet = s.wallet,
                         .provider = s.provider,
                         .tier = s.tier,
                         .funded = s.funded,
                         .staked = s.staked,
                         .exited = s.exited,
                         .forgets = true};
    memcpy(r.unclaimed, s.unclaimed, sizeof(r.unclaimed));
    return r;
}

void restart_at(struct host_sim *h, struct actor_id id, struct instant now)
{
    struct power *p = power_at(h, id);
    u32 account = world_row(host_world(h), id)->account;
    struct restarting r = {h, id, now};

    drop_missed(h, p->missed_logs);
    drop_missed(h, p->missed_timers);
    p->missed_logs = p->missed_logs_end = 0;
    p->missed_timers = p->missed_timers_end = 0;
    p->life++;
    p->own_from = process_nonce(h->c.process, account);
    h->tally.met[MISHAP_CRASH]++;
    if (!p->started && !p->start_due)
        return; /* its EVENT_START is to come */
    struct event e = {.kind = p->started ? EVENT_REVERTED : EVENT_START};
    if (p->started)
        e.u.reverted = facts_of(h->c.process->chain, account);
    p->started = true;
    host_dispatch(h, id, now, &e);
    if (e.kind == EVENT_REVERTED)
        chain_standing_each(h->c.process->chain, account, give_stands, &r);
}
