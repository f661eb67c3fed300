/* fold_market - orders with their bids, and leases, from creation to end. */
#include "sim/study/fold_parts.h"

#include <string.h>

#define MIB_OF_GIB 1024u

static const char *gpu_text(u32 model)
{
    return model == GPU_ANY ? "" : gpu_name((enum gpu_model)(model - 1));
}

/* ---- orders ---- */

void fold_order_created(struct fold *f, const struct log_order_created *l)
{
    struct open_order *o = places_add(&f->orders, l->order);
    struct fold_account *a = fold_account_at(f, l->creator);

    if (o == NULL || a == NULL) {
        fold_full(f, &f->orders.rows);
        return;
    }
    a->is_user = true;
    a->row.orders++;
    f->era.orders++;
    o->token = l->token;
    o->wallet = l->wallet;
    o->row = (struct row_orders){.order_id = l->order,
                                 .user = l->creator,
                                 .wallet = l->wallet,
                                 .block = l->block,
                                 .created_s = l->second,
                                 .replicas = l->replicas,
                                 .cores = l->specs.cpu,
                                 .ram_mib = (u64)l->specs.ram_gib * MIB_OF_GIB,
                                 .disk_gib = l->specs.disk_gib,
                                 .gpus = l->specs.gpus,
                                 .gpu_model = gpu_text(l->specs.gpu_model),
                                 .region = fold_region(f, l->region),
                                 .worst_tier = l->tier_worst,
                                 .duration_s = l->duration_s,
                                 .token = fold_token(f, l->token),
                                 .max_price_wei = l->max_price,
                                 .outcome = "open",
                                 .decided_block = NONE,
                                 .decided_s = NONE,
                                 .lease = NONE,
                                 .provider = NONE,
                                 .price_usd_e8 = NONE,
                                 .wait_s = NONE};
}

static struct waiting_bid *waiting_at(const struct fold *f, u32 place)
{
    return (struct waiting_bid *)f->bids.base + (place - 1);
}

/* The list the other way round: from the bid that was placed first. */
static u32 oldest_first(const struct fold *f, u32 newest)
{
    u32 before = 0;

    for (u32 place = newest; place != 0;) {
        struct waiting_bid *b = waiting_at(f, place);
        u32 older = b->next;
        b->next = before;
        before = place;
        place = older;
    }
    return before;
}

/* Rows of the bids, and their places free again. */
static void put_order_bids(struct fold *f, struct open_order *o, u64 winner)
{
    u32 place = oldest_first(f, o->newest_bid);

    while (place != 0) {
        struct waiting_bid *b = waiting_at(f, place);
        u32 next = b->next;
        b->row.won = b->row.provider == winner;
        put_bids(f->c.tables, &b->row);
        b->next = f->bids_free;
        f->bids_free = place;
        place = next;
    }
}

static void decide(struct fold *f, u64 order, const char *outcome, u64 second, u32 eligible,
                   const char *reason)
{
    struct open_order *o = places_find(&f->orders, order);

    check(o != NULL);
    o->row.eligible = eligible;
    o->row.outcome = outcome;
    o->row.decided_block = f->slot;
    o->row.decided_s = second;
    o->row.reason = reason;
    put_order_bids(f, o, o->row.provider);
    put_orders(f->c.tables, &o->row);
    places_drop(&f->orders, order);
}

/* The account's sums, for the tenant of an order that is there. */
static struct row_users *user_of(struct fold *f, u64 order)
{
    const struct open_order *o = places_find(&f->orders, order);
    struct fold_account *a;

    check(o != NULL);
    a = fold_account_at(f, (u32)o->row.user);
    check(a != NULL); /* it was there when the order was made */
    return &a->row;
}

void fold_order_cancelled(struct fold *f, const struct log_order_cancelled *l)
{
    static const char *const outcomes[] = {"cancelled", "insufficient", "bracket"};
    static const char *const reasons[] = {"", "the lock exceeds the unlocked balance (settled 102)",
                                          "the bracket allows no more (settled 111)"};

    check(l->reason < ARRAY_LEN(outcomes));
    user_of(f, l->order)->cancelled++;
    f->era.cancelled++;
    decide(f, l->order, outcomes[l->reason], l->second, l->eligible, reasons[l->reason]);
}

void fold_order_expired(struct fold *f, const struct log_order_expired *l)
{
    user_of(f, l->order)->expired++;
    f->era.expired++;
    decide(f, l->order, "expired", l->second, 0, l->bids == 0 ? "no bid" : "no eligible bid");
}

void fold_order_matched(struct fold *f, const struct log_order_matched *l)
{
    struct open_order *o = places_find(&f->orders, l->order);
    struct row_users *user = user_of(f, l->order);

    o->row.lease = l->lease;
    o->row.provider = l->provider;
    o->row.price_wei = l->price;
    if (fold_price_before(f, o->token, l->second) != 0)
        o->row.price_usd_e8 = fold_usd_e8(f, o->token, l->price, l->second);
    o->row.wait_s = l->second - o->row.created_s;
    user->matched++;
    user->wait_s += o->row.wait_s;
    f->era.matched++;
    f->era.wait_s_sum += o->row.wait_s;
    if (o->row.price_usd_e8 != NONE)
        f->era.price_usd_e8_sum += o->row.price_usd_e8;
    decide(f, l->order, "matched", l->second, l->eligible, "");
}

/* ---- bids ---- */

static u32 free_bid(struct fold *f)
{
    u32 place = f->bids_free;

    if (place != 0)
        f->bids_free = waiting_at(f, place)->next;
    else if (reserve_grow(&f->bids, 1))
        place = (u32)f->bids.count;
    return place;
}

void fold_bid_placed(struct fold *f, const struct log_bid_placed *l)
{
    struct open_order *o = places_find(&f->orders, l->order);
    u32 place = free_bid(f);

    check(o != NULL);
    if (place == 0) {
        fold_full(f, &f->bids);
        return;
    }
    o->row.bids++;
    f->era.bids++;
    *waiting_at(f, place) = (struct waiting_bid){.row = {.order_id = l->order,
                                                         .provider = l->provider,
                                                         .block = l->block,
                                                         .price_wei = l->price},
                                                 .next = o->newest_bid};
    o->newest_bid = o->unscored = place;
}

void fold_bid_scored(struct fold *f, const struct log_bid_scored *l)
{
    struct open_order *o = places_find(&f->orders, l->order);
    struct waiting_bid *b;

    check(o != NULL);
    do { /* bids that the filter stopped are passed over */
        check(o->unscored != 0);
        b = waiting_at(f, o->unscored);
        o->unscored = b->next;
    } while (b->row.provider != l->provider);
    b->row.eligible = true;
    b->row.l_q32 = (i64)l->log_weight;
    b->row.g_q32 = (i64)l->log_draw;
    b->row.key_q32 = (i64)l->key;
}

/* ---- leases ---- */

void fold_lease_created(struct fold *f, const struct log_lease_created *l)
{
    struct open_lease *o = places_add(&f->leases, l->lease);

    if (o == NULL) {
        fold_full(f, &f->leases.rows);
        return;
    }
    o->token = l->token;
    o->row = (struct row_leases){.lease = l->lease,
                                 .order_id = l->order,
                                 .provider = l->provider,
                                 .user = l->tenant,
                                 .wallet = l->wallet,
                                 .replaces = l->replaces == 0 ? NONE : l->replaces,
                                 .replicas = l->replicas,
                                 .cores = l->specs.cpu,
                                 .ram_mib = (u64)l->specs.ram_gib * MIB_OF_GIB,
                                 .disk_gib = l->specs.disk_gib,
                                 .gpus = l->specs.gpus,
                                 .gpu_model = gpu_text(l->specs.gpu_model),
                                 .token = fold_token(f, l->token),
                                 .price_wei = l->price,
                                 .commission_bps = l->commission_bps,
                                 .provider_fee_bps = l->provider_fee_bps,
                                 .user_fee_bps = l->user_fee_bps,
                                 .start_block = f->slot,
                                 .start_s = l->start_s,
                                 .agreed_s = l->agreed_s,
                                 .confirmed_s = NONE,
                                 .end_reason = "open",
                                 .locked_gross_wei = l->gross_lock,
                                 .locked_fee_wei = l->user_fee_lock,
                                 .workload = "running"};
    level_move(&f->cpu_used, l->start_s, (u64)l->specs.cpu * l->replicas, 0);
    level_move(&f->gpu_used, l->start_s, (u64)l->specs.gpus * l->replicas, 0);
    level_move(&f->open_leases, l->start_s, 1, 0);
}

void fold_lease_confirmed(struct fold *f, const struct log_lease_confirmed *l)
{
    struct open_lease *o = places_find(&f->leases, l->lease);

    check(o != NULL);
    o->row.confirmed_s = l->second;
}

void fold_lease_extended(struct fold *f, const struct log_lease_extended *l)
{
    struct open_lease *o = places_find(&f->leases, l->lease);

    check(o != NULL);
    o->row.agreed_s = l->agreed_s;
    o->row.extensions++;
    fold_add(&o->row.locked_gross_wei, l->gross_lock);
    fold_add(&o->row.locked_fee_wei, l->user_fee_lock);
    put_extensions(f->c.tables,
                   &(struct row_extensions){l->lease, f->slot, l->second, l->seconds, l->agreed_s,
                                            o->row.token, l->gross_lock, l->user_fee_lock});
}

static const char *end_text(enum lease_end reason)
{
    switch (reason) {
    case LEASE_RUNS:
        return "open";
    case LEASE_EXPIRED:
        return "expired";
    case LEASE_INSUFFICIENT:
        return "insufficient";
    case LEASE_PROVIDER_BREACH:
        return "provider_breach";
    case LEASE_USER:
        return "user";
    case LEASE_PROVIDER:
        return "provider";
    case LEASE_UPDATED:
        return "updated";
    }
    check_unreachable();
}

/* The tenant's sums, at the last price before the end. */
static void count_spent(const struct fold *f, struct fold_account *a, const struct open_lease *o)
{
    a->row.lease_s += o->row.end_s - o->row.start_s;
    a->row.spent_usd_e8 += fold_usd_e8(f, o->token, o->row.gross_wei, o->row.end_s);
    a->row.spent_usd_e8 += fold_usd_e8(f, o->token, o->row.user_fee_wei, o->row.end_s);
}

/* Sums of the era, the tenant and the provider's income. */
static void count_closed(struct fold *f, const struct open_lease *o, struct amount held)
{
    const struct row_leases *r = &o->row;
    struct fold_account *a = fold_account_at(f, (u32)r->user);

    level_move(&f->cpu_used, r->end_s, 0, r->cores * r->replicas);
    level_move(&f->gpu_used, r->end_s, 0, r->gpus * r->replicas);
    level_move(&f->open_leases, r->end_s, 0, 1);
    f->era.leases_ended++;
    f->era.revenue_usd_e8 += fold_usd_e8(f, o->token, r->gross_wei, r->end_s);
    if (a != NULL)
        count_spent(f, a, o);
    fold_lease_part(f, o, r->end_s, held);
}

static void set_task(struct row_leases *row, bool image_failed, bool failed)
{
    row->workload = image_failed ? "image_failed" : failed ? "failed" : "done";
    row->task_failed = failed;
}

/* The row waits for the close of its era. */
static void keep_ended(struct fold *f, const struct row_leases *row)
{
    if (reserve_grow(&f->ended, 1))
        ((struct row_leases *)f->ended.base)[f->ended.count - 1] = *row;
    else
        fold_full(f, &f->ended);
}

void fold_task_judged(struct fold *f, const struct log_task_judged *l)
{
    struct row_leases *rows = f->ended.base;
    size_t i = 0;

    while (i < f->ended.count && rows[i].lease != l->lease)
        i++;
    check(i < f->ended.count);
    set_task(&rows[i], strcmp(rows[i].workload, "image_failed") == 0, l->failed != 0);
}

void fold_ended_flush(struct fold *f)
{
    const struct row_leases *rows = f->ended.base;

    for (size_t i = 0; i < f->ended.count; i++)
        put_leases(f->c.tables, &rows[i]);
    f->ended.count = 0;
}

void fold_lease_closed(struct fold *f, const struct log_lease_closed *l)
{
    struct open_lease *o = places_find(&f->leases, l->lease);

    check(o != NULL);
    o->row.user = l->tenant;
    o->row.end_s = l->end_s;
    o->row.end_reason = end_text((enum lease_end)l->reason);
    o->row.billed_s = l->end_s - o->row.start_s;
    check(amount_sub(&o->row.shrunk_wei, o->row.locked_gross_wei, l->gross_held));
    check(amount_sub(&o->row.shrunk_fee_wei, o->row.locked_fee_wei, l->user_fee_held));
    o->row.gross_wei = l->gross;
    o->row.provider_net_wei = l->to_provider;
    o->row.commission_wei = l->commission;
    o->row.provider_fee_wei = l->provider_fee;
    o->row.rest_wei = l->rest;
    o->row.user_fee_wei = l->user_fee;
    o->row.refund_wei = l->refund;
    set_task(&o->row, l->image_failed != 0, l->task_failed != 0);
    count_closed(f, o, l->gross_held);
    keep_ended(f, &o->row);
    places_drop(&f->leases, l->lease);
}

/* ---- the end of the run ---- */

/* What the chain would debit if it settled the lease now; the wallet and the tenant hear of it. */
static void settle_open(struct fold *f, struct row_leases *row, const struct lease_row *l)
{
    struct lease_rates rates = {l->commission_bps, l->provider_fee_bps, l->user_fee_bps};
    struct lease_shares had = lease_shares(l->gross, rates), has;
    u32 purse = wallet_at(f->state, l->wallet)->purse[l->token];
    struct purse_rest *rest = (struct purse_rest *)f->rests.base + purse;
    struct amount gross = lease_gross_at(l->price, row->billed_s, l->gross_held), more;

    has = lease_shares(gross, rates);
    check(amount_sub(&more, gross, l->gross));
    fold_add(&rest->gross, more);
    row->gross_wei = gross;
    row->provider_net_wei = has.provider;
    row->commission_wei = has.commission;
    row->provider_fee_wei = has.provider_fee;
    row->rest_wei = has.rest;
    /* a token that shrank may leave less for the fee than its rate (settled 150) */
    row->user_fee_wei = amount_least(has.user_fee, l->user_fee_held);
    check(amount_sub(&more, row->user_fee_wei, amount_least(had.user_fee, l->user_fee_held)));
    fold_add(&rest->user_fee, more);
}

static void put_open_lease(struct fold *f, struct open_lease *o)
{
    const struct lease_row *l = lease_at(f->state, lease_find(f->state, o->row.lease));
    struct row_leases *row = &o->row;
    struct fold_account *a = fold_account_at(f, wallet_at(f->state, l->wallet)->owner);

    row->end_s = state_meta(f->state)->now_s;
    row->billed_s = row->end_s - l->start_s;
    row->user = wallet_at(f->state, l->wallet)->owner;
    check(amount_sub(&row->shrunk_wei, row->locked_gross_wei, l->gross_held));
    check(amount_sub(&row->shrunk_fee_wei, row->locked_fee_wei, l->user_fee_held));
    settle_open(f, row, l);
    if (a != NULL)
        count_spent(f, a, o);
    put_leases(f->c.tables, row);
}

void fold_market_end(struct fold *f)
{
    for (u64 id = 0; id < f->orders.index.count; id++) {
        struct open_order *o = places_find(&f->orders, id);
        if (o == NULL)
            continue;
        put_order_bids(f, o, NONE);
        put_orders(f->c.tables, &o->row);
    }
    fold_ended_flush(f);
    for (u64 id = 0; id < f->leases.index.count; id++) {
        struct open_lease *o = places_find(&f->leases, id);
        if (o != NULL)
            put_open_lease(f, o);
    }
}
