/* match - orders, bids and matches: CAP-4, ESC-6, LED-6, ORD-1 to ORD-6, ORD-12, STK-5. */
#include "chain-mock/watch/parts.h"

/* Of so many orders the winner of one is found again: as slow as that is. */
#define WINNERS_EACH 16u

/* settled 103: "min_balance = max_price in unlocked funds", of which a hold is a part. */
static void order_made(struct state *s, const struct order_row *o)
{
    u32 purse = wallet_at(s, o->wallet)->purse[o->token];
    u128 had = purse == 0 ? 0 : purse_at(s, purse)->unlocked.wei + o->hold.wei;

    invariant_at_most(s->tally, INV_ESC_6, o->max_price.wei, had, "order", o->id);
    invariant_implies(s->tally, INV_LED_6, true, token_at(s, o->token + 1)->enabled != 0, "order",
                      o->id);
    watch_bracket(s, o->wallet, &o->specs, o->replicas);
    invariant_equal(s->tally, INV_ESC_2, o->hold.wei,
                    s->params.order_hold ? watch_lock_at(s, o, o->max_price) : 0, "hold of order",
                    o->id);
}

/* settled 117 and §5.1: made open; ends as leased, cancelled or expired, and is then put away in
 * the same unit. */
void watch_order(struct state *s, u32 row, const struct order_row *before,
                 const struct order_row *after)
{
    u32 from = before == NULL ? 0 : before->state;
    const struct order_row *now = after != NULL ? after : order_at(s, row);
    bool edge;

    if (after != NULL)
        edge = now->state == ORDER_OPEN && (from == 0 || from == ORDER_OPEN);
    else
        edge = from == ORDER_OPEN && now->state > ORDER_OPEN && now->state <= ORDER_EXPIRED;
    invariant_implies(s->tally, INV_ORD_1, true, edge, "order", now->id);
    if (before == NULL)
        order_made(s, now);
    if (after != NULL)
        return;
    if (now->state <= ORDER_EXPIRED)
        s->watch->totals.orders_ended[now->state]++;
    if (now->state == ORDER_LEASED) {
        s->watch->unit.won = before;
    } else {
        s->watch->unit.lost = before;
        s->watch->unit.lost_state = now->state;
    }
}

/* settled, Matching, exactly 2: "provider approved, active, not suspended, stake > X of his tier,
 * not reported down; stated region, specs and tier met; token supported". */
bool watch_may_serve(const struct state *s, const struct order_row *o, u32 provider)
{
    const struct provider_row *p = provider_at(s, provider);
    const struct standing_row *st = standing_at(s, provider);

    return p->status == PROVIDER_APPROVED && p->active_from_s != INTERVAL_OPEN &&
           p->down_outage == 0 && !st->tier.suspended && st->tier.tier <= o->tier_worst &&
           st->own.wei > tier_terms(&s->params, st->tier.tier).stake.wei &&
           (p->tokens >> o->token & 1) != 0 &&
           (o->region == REGION_NONE || o->region == p->machine.region);
}

/* §5.2.2: what is free at the bid's block. */
static bool has_room(const struct provider_row *p, const struct order_row *o)
{
    const struct machine *m = &p->machine;
    u64 n = o->replicas;
    bool gpus = o->specs.gpus == 0;

    for (u32 i = 0; i < GPU_LINES && !gpus; i++)
        gpus = m->gpu[i].model != 0 &&
               (o->specs.gpu_model == GPU_ANY || o->specs.gpu_model == m->gpu[i].model) &&
               p->gpu_reserved[i] + n * o->specs.gpus <= m->gpu[i].count;
    return gpus && p->cpu_reserved + n * o->specs.cpu <= m->cpu &&
           p->ram_reserved + n * o->specs.ram_gib <= m->ram_gib &&
           p->disk_reserved + n * o->specs.disk_gib <= m->disk_gib;
}

/* What the lease that was just made of the order has taken is free again; the model asked for is of
 * the line with the most left. */
bool watch_line_before(const struct state *s, const struct order_row *o, u32 provider,
                       const struct lease_row *made, u32 *line)
{
    const struct provider_row *p = provider_at(s, provider);
    struct provider_row was = {.machine = p->machine,
                               .cpu_reserved = p->cpu_reserved,
                               .ram_reserved = p->ram_reserved,
                               .disk_reserved = p->disk_reserved};
    u32 most = 0;

    for (u32 i = 0; i < GPU_LINES; i++)
        was.gpu_reserved[i] = p->gpu_reserved[i];
    if (made != NULL) {
        was.cpu_reserved -= made->specs.cpu * made->replicas;
        was.ram_reserved -= made->specs.ram_gib * made->replicas;
        was.disk_reserved -= made->specs.disk_gib * made->replicas;
        was.gpu_reserved[made->gpu_line] -= (u16)(made->specs.gpus * made->replicas);
    }
    *line = 0;
    for (u32 i = 0; i < GPU_LINES && o->specs.gpus > 0; i++) {
        u32 left = (u32)was.machine.gpu[i].count - was.gpu_reserved[i];
        bool asked =
            o->specs.gpu_model == GPU_ANY || o->specs.gpu_model == was.machine.gpu[i].model;
        if (was.machine.gpu[i].model == 0 || !asked || left <= most)
            continue;
        *line = i;
        most = left;
    }
    return has_room(&was, o);
}

static u32 bids_of(const struct state *s, const struct order_row *o, u32 provider)
{
    u32 n = 0;

    for (u32 row = o->bid_head; row != 0; row = bid_at(s, row)->next)
        n += bid_at(s, row)->provider == provider;
    return n;
}

/* STK-5, settled 46 and 48. */
static void bidder(struct state *s, const struct bid_row *b)
{
    const struct standing_row *st = standing_at(s, b->provider);
    u128 least = tier_terms(&s->params, st->tier.tier).stake.wei;

    invariant_implies(s->tally, INV_STK_5, true, st->own.wei > least && !st->tier.suspended,
                      "provider", b->provider);
}

/* CAP-4, §4.5.2.2: what a bid is measured by is what was registered less what the active leases
 * hold. */
static void free_for_bid(struct state *s, const struct order_row *o, u32 provider)
{
    const struct machine *m = &provider_at(s, provider)->machine;
    const u64 *used = s->watch->provider[provider].used;
    u64 n = o->replicas;

    invariant_implies(s->tally, INV_CAP_4, true,
                      used[0] + n * o->specs.cpu <= m->cpu &&
                          used[1] + n * o->specs.ram_gib <= m->ram_gib &&
                          used[2] + n * o->specs.disk_gib <= m->disk_gib,
                      "provider", provider);
}

void watch_bid(struct state *s, const struct bid_row *b, u64 placed, bool now)
{
    u32 row = order_find(s, b->order);
    const struct order_row *o = row == 0 ? NULL : order_at(s, row);
    u64 block = o == NULL ? UINT64_MAX : o->block;

    invariant_implies(s->tally, INV_ORD_2, true,
                      b->block == placed && block < placed && placed <= block + watch_window(s),
                      "order", b->order);
    if (o == NULL)
        return;
    invariant_at_most(s->tally, INV_ORD_4, b->price.wei, o->max_price.wei, "order", b->order);
    invariant_equal(s->tally, INV_ORD_4, bids_of(s, o, b->provider), 1, "order", b->order);
    if (now)
        bidder(s, b);
    if (now)
        free_for_bid(s, o, b->provider);
    if (now)
        invariant_implies(s->tally, INV_ORD_3, true,
                          watch_may_serve(s, o, b->provider) &&
                              has_room(provider_at(s, b->provider), o),
                          "order", b->order);
}

void watch_lease_order(struct state *s, const struct lease_row *l)
{
    invariant_equal(s->tally, INV_ORD_12, order_find(s, l->order), 0, "order", l->order);
}

/* The bid of a provider on an order that ended in this unit: freed, and still in its place. */
static const struct bid_row *bid_of(const struct state *s, const struct order_row *o, u32 provider)
{
    u32 row = o->bid_head;

    while (row != 0 && bid_at(s, row)->provider != provider)
        row = bid_at(s, row)->next;
    return row == 0 ? NULL : bid_at(s, row);
}

/* The lease's GPUs are of a line that the order asked for.  Capacity: CAP-1. */
static bool gpus_serve(const struct state *s, const struct order_row *o, const struct lease_row *l)
{
    u16 model = provider_at(s, l->provider)->machine.gpu[l->gpu_line].model;

    return o->specs.gpus == 0 || (model != 0 && l->specs.gpu_model == model &&
                                  (o->specs.gpu_model == GPU_ANY || o->specs.gpu_model == model));
}

static bool same_terms(const struct order_row *o, const struct lease_row *l)
{
    return l->order == o->id && l->wallet == o->wallet && l->token == o->token &&
           l->replicas == o->replicas && l->agreed_s == o->duration_s &&
           l->specs.cpu == o->specs.cpu && l->specs.ram_gib == o->specs.ram_gib &&
           l->specs.disk_gib == o->specs.disk_gib && l->specs.gpus == o->specs.gpus;
}

void watch_match(struct state *s)
{
    const struct watch_unit *u = &s->watch->unit;
    const struct order_row *o = u->won;

    /* settled 12: "the match is made in block N+3" */
    invariant_at_most(s->tally, INV_ORD_5, o->block + s->params.bid_window_blocks + 1,
                      state_meta(s)->slot, "order", o->id);
    invariant_equal(s->tally, INV_ORD_6, u->new_leases, 1, "leases of order", o->id);
    if (u->new_leases != 1)
        return;
    const struct lease_row *l = lease_at(s, u->new_lease);
    const struct bid_row *b = bid_of(s, o, l->provider);
    invariant_implies(s->tally, INV_ORD_6, true, b != NULL && same_terms(o, l), "order", o->id);
    if (b == NULL)
        return;
    s->watch->lease[u->new_lease] = (struct lease_note){.bid_price = b->price.wei,
                                                        .max_price = o->max_price.wei,
                                                        .order = o->id,
                                                        .provider = b->provider,
                                                        .tier_worst = o->tier_worst};
    invariant_equal(s->tally, INV_ORD_6, l->price.wei, b->price.wei, "order", o->id);
    invariant_at_most(s->tally, INV_ORD_6, l->price.wei, o->max_price.wei, "order", o->id);
    invariant_implies(s->tally, INV_ORD_6, true,
                      watch_may_serve(s, o, l->provider) && gpus_serve(s, o, l), "order", o->id);
    if (o->id % WINNERS_EACH == 0)
        watch_winner(s, o, l);
}
