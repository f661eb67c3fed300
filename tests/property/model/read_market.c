/* read_market - orders, bids and leases, as people decided: see read in parts.h. */
#include "tests/property/model/parts.h"

#define PRICE_MAX ((u128)1 << 96) /* settled 139: "1 ≤ price ≤ 2^96" */

/* ---- orders and bids ---- */

static u64 orders_before(const struct model *m, u32 wallet)
{
    u64 n = 0;

    for (u32 i = 0; i < m->n_orders; i++)
        n += m->orders[i].told.wallet == wallet;
    return n;
}

static void read_order_created(struct model *m, const struct log *l)
{
    struct log_order_created k = l->u.order_created;
    u128 hold = 0;

    MUST(m, m->enabled[k.token], "the order's token is enabled (113)");
    /* settled 103: "min_balance = max_price in unlocked funds" */
    MUST(m, model_balance(m, IN_UNLOCKED, k.wallet, k.token) >= k.max_price.wei,
         "unlocked ≥ max_price (103)");
    MUST(m, model_deposits_fresh(m, k.wallet), "no stale price in the bracket (37)");
    MUST(m, model_bracket(m, k.wallet, &k.specs, k.replicas), "the bracket (111)");
    MUST(m, k.max_price.wei >= 1 && k.max_price.wei <= PRICE_MAX, "1 ≤ price ≤ 2^96 (139)");
    MUST(m, k.duration_s >= 1 && k.duration_s <= m->p.max_duration_s, "the duration (110)");
    /* settled 102: "a hold of ceil(max_price × duration / 3600) plus the user fee on it" */
    if (m->p.order_hold)
        hold = model_lock_of(m, k.token, k.max_price.wei, k.duration_s);
    model_pay(m, k.token, AT(UNLOCKED, k.wallet), AT(LOCKED, k.wallet), hold, FOR_HOLD, 0);
    m->reached.held += hold > 0;
    k.order = m->next_order++;
    k.creator = model_owner_at(m, k.wallet, m->now_s);
    k.block = m->slot;
    k.second = m->now_s;
    k.wallet_orders = orders_before(m, k.wallet);
    k.hold = AMOUNT(hold);
    k.name = model_order_name(m, &k);
    *PUSH(m, orders) = (struct model_order){.told = k, .hold = hold};
    model_expect_by(m, l->kind, l)->u.order_created = k;
}

static struct model_order *open_order(struct model *m, u64 id)
{
    for (u32 i = 0; i < m->n_orders; i++)
        if (m->orders[i].told.order == id && m->orders[i].closed == 0)
            return &m->orders[i];
    model_wrong(m, "accepted though order %llu is not open", (unsigned long long)id);
    return NULL;
}

/* settled 117: "the tenant may cancel until the window's last block" */
static void read_order_cancelled(struct model *m, const struct log *l)
{
    struct log_order_cancelled k = l->u.order_cancelled;
    struct model_order *o = open_order(m, k.order);

    if (o == NULL)
        return;
    model_order_end(m, o);
    k.wallet = o->told.wallet;
    k.reason = 0;
    k.bids = model_bids(m, k.order);
    k.eligible = 0;
    k.second = m->now_s;
    m->reached.order_cancelled++;
    model_expect_by(m, l->kind, l)->u.order_cancelled = k;
}

static void read_bid_placed(struct model *m, const struct log *l)
{
    struct log_bid_placed k = l->u.bid_placed;
    const struct model_order *o = open_order(m, k.order);
    u32 line;

    if (o == NULL)
        return;
    /* settled 12: "an order of block N takes bids in N+1..N+2" */
    MUST(m, m->slot > o->told.block && m->slot <= o->told.block + m->p.bid_window_blocks,
         "a bid in N+1..N+bid_window_blocks (12)");
    MUST(m, k.price.wei > 0 && k.price.wei <= o->told.max_price.wei, "0 < price ≤ max");
    MUST(m, model_eligible(m, &o->told, k.provider, &line), "an eligible bidder (Matching 2)");
    for (u32 i = 0; i < m->n_bids; i++)
        MUST(m, m->bids[i].order != k.order || m->bids[i].provider != k.provider, "one bid each");
    k.block = m->slot;
    *PUSH(m, bids) = (struct model_bid){k.order, k.block, k.provider, k.price.wei};
    model_expect_by(m, l->kind, l)->u.bid_placed = k;
}

/* ---- leases ---- */

static struct model_lease *running(struct model *m, u64 id)
{
    struct model_lease *l = model_lease(m, id);

    if (l != NULL && l->end_s == MODEL_OPEN)
        return l;
    model_wrong(m, "accepted though lease %llu does not run", (unsigned long long)id);
    return NULL;
}

static void read_lease_confirmed(struct model *m, const struct log *l)
{
    struct model_lease *x = running(m, l->u.lease_confirmed.lease);

    if (x == NULL)
        return;
    MUST(m, !x->confirmed, "one confirmation");
    model_confirm(m, x);
    m->reached.confirmed++;
    model_expect_by(m, l->kind, l)->u.lease_confirmed =
        (struct log_lease_confirmed){x->id, x->provider, x->wallet, m->now_s};
}

/* settled 110: "old price and old rates, no refusal, only at a timestamp < the end, not for a
 * disabled token, total agreed time ≤ max_duration"; Money of a lease 3: "locks G(d + x) + U(d + x)
 * − G(d) − U(d)" */
static void read_lease_extended(struct model *m, const struct log *l)
{
    struct model_lease *x = running(m, l->u.lease_extended.lease);
    u64 seconds = l->u.lease_extended.seconds;

    if (x == NULL)
        return;
    MUST(m, m->enabled[x->token], "not for a disabled token (110)");
    MUST(m, seconds > 0 && x->agreed_s + seconds <= m->p.max_duration_s, "max_duration (110)");
    u128 gross = model_gross_lock(x), fee = model_fee_lock(x);
    x->agreed_s += seconds;
    gross = model_gross_lock(x) - gross;
    fee = model_fee_lock(x) - fee;
    model_pay(m, x->token, AT(UNLOCKED, x->wallet), AT(LOCKED, x->wallet), gross + fee, FOR_LOCK,
              x->id);
    m->reached.extended++;
    model_expect_by(m, l->kind, l)->u.lease_extended = (struct log_lease_extended){
        x->id, x->provider, x->wallet, seconds, x->agreed_s, AMOUNT(gross), AMOUNT(fee), m->now_s};
}

static void read_update_requested(struct model *m, const struct log *l)
{
    struct log_update_requested k = l->u.update_requested;
    struct model_lease *x = running(m, k.lease);

    if (x == NULL)
        return;
    x->update_specs = k.specs;
    x->update_replicas = k.replicas;
    x->update_max_price = k.max_price.wei;
    x->update_duration_s = k.duration_s;
    x->update_block = k.block = m->slot;
    k.provider = x->provider;
    k.wallet = x->wallet;
    model_expect_by(m, l->kind, l)->u.update_requested = k;
}

/* By tenant or provider, or because an update is accepted; what time ends is no decision. */
static void read_lease_closed(struct model *m, const struct log *l)
{
    const struct log_lease_closed *k = &l->u.lease_closed;
    struct model_lease *x = running(m, k->lease);

    if (x == NULL)
        return;
    MUST(m, k->reason == LEASE_USER || k->reason == LEASE_PROVIDER || k->reason == LEASE_UPDATED,
         "a lease's end by transaction (Money of a lease 6)");
    if (k->reason == LEASE_PROVIDER)
        x->image_failed = k->image_failed;
    model_lease_close(m, x, m->now_s, k->reason, l);
}

/* settled, Money of a lease 8: "in blocks N+1..N+2 of the request, does 7 for the old lease
 * (updated) and 2 for the new one, start = its block's timestamp, rates of that block, same token,
 * no confirmation of its own, bracket tested" */
static void read_lease_created(struct model *m, const struct log *l)
{
    const struct log_lease_created *k = &l->u.lease_created;
    const struct model_lease *old = model_lease(m, k->replaces);
    u32 line;

    if (old == NULL || old->reason != LEASE_UPDATED || old->end_s != m->now_s) {
        model_wrong(m, "lease %llu replaces none", (unsigned long long)k->lease);
        return;
    }
    struct model_offer o = {.order = old->order,
                            .replaces = old->id,
                            .start_s = m->now_s,
                            .agreed_s = old->update_duration_s,
                            .provider = old->provider,
                            .wallet = old->wallet,
                            .token = old->token,
                            .replicas = old->update_replicas,
                            .specs = old->update_specs,
                            .price = k->price.wei};
    MUST(m,
         old->update_block != 0 && m->slot > old->update_block &&
             m->slot <= old->update_block + m->p.update_accept_blocks,
         "accepted in N+1..N+update_accept_blocks (109)");
    MUST(m, o.price > 0 && o.price <= old->update_max_price, "a new ask ≤ max (109)");
    MUST(m, m->enabled[o.token], "the update's token is enabled");
    MUST(m, model_room(m, o.provider, &o.specs, o.replicas, old, &line), "capacity (109)");
    if (o.agreed_s == 0) /* settled 109: "default: agreed time left" */
        o.agreed_s = old->start_s + old->agreed_s - m->now_s;
    o.gpu_line = line;
    if (o.specs.gpus > 0)
        o.specs.gpu_model = model_machine_of(m, o.provider)->gpu[line].model;
    MUST(m, model_bracket(m, o.wallet, &o.specs, o.replicas), "the bracket (111)");
    model_lease_make(m, &o, l);
}

static void read_lease_rated(struct model *m, const struct log *l)
{
    struct log_lease_rated k = l->u.lease_rated;
    struct model_lease *x = model_lease(m, k.lease);

    MUST(m, x != NULL && x->end_s != MODEL_OPEN && !x->rated && k.tenths <= 50,
         "feedback on an ended lease, once (44)");
    if (x == NULL)
        return;
    x->rated = true;
    *PUSH(m, ratings) = (struct model_rated){x->provider, k.tenths};
    m->reached.rated++;
    k.provider = x->provider;
    k.feedback = model_feedback(m, x->provider);
    model_expect_by(m, l->kind, l)->u.lease_rated = k;
}

/* ---- all of them ---- */

bool model_read_market(struct model *m, const struct log *l)
{
    static void (*const read[LOG_KINDS])(struct model *, const struct log *) = {
        [LOG_OrderCreated] = read_order_created,   [LOG_OrderCancelled] = read_order_cancelled,
        [LOG_BidPlaced] = read_bid_placed,         [LOG_LeaseConfirmed] = read_lease_confirmed,
        [LOG_LeaseExtended] = read_lease_extended, [LOG_UpdateRequested] = read_update_requested,
        [LOG_LeaseClosed] = read_lease_closed,     [LOG_LeaseCreated] = read_lease_created,
        [LOG_LeaseRated] = read_lease_rated,
    };

    if (read[l->kind] == NULL)
        return false;
    read[l->kind](m, l);
    return true;
}
