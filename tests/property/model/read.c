/* read - what somebody decided, as the log says it: checked against the rules that had to allow it,
 * kept in the lists, and expected again with every figure that follows. */
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

/* settled 110: "old price and old rates, no refusal, only at a timestamp < the end, not for a disabled
 * token, total agreed time ≤ max_duration"; Money of a lease 3: "locks G(d + x) + U(d + x) − G(d) −
 * U(d)" */
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
    model_expect_by(m, l->kind, l)->u.lease_extended =
        (struct log_lease_extended){x->id,         x->provider,   x->wallet,   seconds,
                                    x->agreed_s,   AMOUNT(gross), AMOUNT(fee), m->now_s};
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

/* settled, Money of a lease 8: "in blocks N+1..N+2 of the request, does 7 for the old lease (updated)
 * and 2 for the new one, start = its block's timestamp, rates of that block, same token, no
 * confirmation of its own, bracket tested" */
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
    MUST(m, old->update_block != 0 && m->slot > old->update_block &&
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

/* ---- providers ---- */

static void approve(struct model *m, u32 provider, const struct log *l)
{
    struct model_provider *p = &m->providers[provider];
    u32 granted = m->genesis.account[p->account].initial_tier;
    u32 tier = granted != 0 ? granted : (u32)m->p.initial_tier; /* settled 18 */

    p->approved_s = m->now_s;
    p->judged_from = m->n_judgements;
    model_hold_tier(m, provider, tier, m->now_s);
    model_expect_by(m, LOG_ProviderApproved, l)->u.provider_approved =
        (struct log_provider_approved){provider, tier, m->now_s};
    model_check_active(m, provider, m->now_s, l);
}

static void read_provider_proposed(struct model *m, const struct log *l)
{
    struct log_provider_proposed k = l->u.provider_proposed;
    u32 id = m->n_providers;

    *PUSH(m, providers) = (struct model_provider){.account = k.account,
                                                  .tokens = k.tokens,
                                                  .proposed_s = m->now_s,
                                                  .approved_s = MODEL_OPEN,
                                                  .active_from_s = MODEL_OPEN,
                                                  .active_until_s = MODEL_OPEN,
                                                  .judged_from = m->n_judgements,
                                                  .auto_stake = k.auto_stake != 0};
    *PUSH(m, machines) = (struct model_machine){id, m->now_s, k.machine};
    model_hold_tier(m, id, (u32)m->p.initial_tier, m->now_s);
    k.provider = id;
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.provider_proposed = k;
    model_expect_contract(m, id, l);
    if (m->p.auto_approve) /* settled 17: "auto_approve = true" */
        approve(m, id, l);
}

static void read_provider_approved(struct model *m, const struct log *l)
{
    u32 id = l->u.provider_approved.provider;

    if (m->providers[id].approved_s == MODEL_OPEN)
        approve(m, id, l);
}

static void read_machine_updated(struct model *m, const struct log *l)
{
    struct log_machine_updated k = l->u.machine_updated;
    struct model_use u = model_reserved(m, k.provider);
    const struct machine *old = model_machine_of(m, k.provider);

    MUST(m, k.machine.cpu >= u.cpu && k.machine.ram_gib >= u.ram_gib &&
                k.machine.disk_gib >= u.disk_gib,
         "no less registered than reserved (156)");
    for (u32 i = 0; i < GPU_LINES; i++)
        MUST(m, u.gpus[i] == 0 || (k.machine.gpu[i].model == old->gpu[i].model &&
                                   k.machine.gpu[i].count >= u.gpus[i]),
             "no fewer GPUs registered than reserved (156)");
    *PUSH(m, machines) = (struct model_machine){k.provider, m->now_s, k.machine};
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.machine_updated = k;
}

static void read_auto_stake_set(struct model *m, const struct log *l)
{
    struct log_auto_stake_set k = l->u.auto_stake_set;

    m->providers[k.provider].auto_stake = k.on != 0;
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.auto_stake_set = k;
}

static void read_audit_published(struct model *m, const struct log *l)
{
    struct log_audit_published k = l->u.audit_published;

    m->providers[k.provider].audit_era = m->era + 1;
    k.era = m->era;
    model_expect_by(m, l->kind, l)->u.audit_published = k;
}

static void leave(struct model_provider *p, u64 now_s)
{
    if (p->active_until_s == MODEL_OPEN)
        p->active_until_s = now_s;
}

static void read_provider_exited(struct model *m, const struct log *l)
{
    struct log_provider_exited k = l->u.provider_exited;
    struct model_provider *p = &m->providers[k.provider];

    if (k.struck) /* by a verdict, with which it is expected */
        return;
    MUST(m, p->approved_s != MODEL_OPEN && !p->exited && !p->struck, "who leaves is there");
    p->exited = true;
    leave(p, m->now_s);
    m->reached.exits++;
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.provider_exited = k;
}

static void read_stake_moved(struct model *m, const struct log *l)
{
    struct log_stake_moved k = l->u.stake_moved;
    struct model_provider *p = &m->providers[k.provider];
    u128 own = model_balance(m, IN_STAKE, k.provider, 0), amount = k.amount.wei;

    if (k.cause == TOLD_STAKE) {
        MUST(m, p->approved_s != MODEL_OPEN && !p->exited && !p->struck, "who stakes is approved");
        model_pay(m, 0, AT(ACCOUNT, p->account), AT(STAKE, k.provider), amount, FOR_STAKE, 0);
    } else {
        /* "an unbonding request may not exceed own stake − reserve" */
        MUST(m, amount > 0 && amount <= own && own - amount >= model_reserve(m, k.provider),
             "no more unbonded than own stake − reserve (58)");
        MUST(m, !p->frozen, "the pots are frozen (57)");
        *PUSH(m, requests) =
            (struct model_request){k.provider, m->now_s, m->era + m->p.unbonding_eras, false};
        model_pay(m, 0, AT(STAKE, k.provider), AT(UNBONDING, m->n_requests), amount, FOR_UNBONDING,
                  0);
        k.cause = TOLD_UNSTAKE;
    }
    k.own = AMOUNT(model_balance(m, IN_STAKE, k.provider, 0));
    k.unbonding = AMOUNT(model_unbonding(m, k.provider));
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.stake_moved = k;
    if (k.cause == TOLD_STAKE)
        model_check_active(m, k.provider, m->now_s, l);
}

static void read_rewards_claimed(struct model *m, const struct log *l)
{
    struct log_rewards_claimed k = l->u.rewards_claimed;

    MUST(m, !m->providers[k.provider].frozen, "the pots are frozen (57)");
    k.amount = AMOUNT(model_balance(m, IN_REWARDS, k.provider, 0));
    k.second = m->now_s;
    model_pay(m, 0, AT(REWARDS, k.provider), AT(ACCOUNT, m->providers[k.provider].account),
              k.amount.wei, FOR_CLAIM, 0);
    m->reached.rewards_claimed++;
    model_expect_by(m, l->kind, l)->u.rewards_claimed = k;
}

/* settled 115: "any, same token"; 116: "until it is confirmed or closed the provider withdraws nothing
 * of this lease" */
static void read_earnings_claimed(struct model *m, const struct log *l)
{
    struct log_earnings_claimed k = l->u.earnings_claimed;

    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].provider == k.provider && m->leases[i].token == k.token &&
            m->leases[i].end_s == MODEL_OPEN)
            model_settle(m, &m->leases[i], m->now_s);
    k.second = m->now_s;
    model_pay(m, k.token, AT(ACCRUED, k.provider), AT(ACCOUNT, m->providers[k.provider].account),
              k.amount.wei, FOR_CLAIM, 0);
    m->reached.earnings_claimed++;
    model_expect_by(m, l->kind, l)->u.earnings_claimed = k;
}

/* ---- wallets ---- */

static void read_wallet_created(struct model *m, const struct log *l)
{
    struct log_wallet_created k = l->u.wallet_created;
    u32 nth = 0;

    for (u32 i = 1; i < m->n_wallets; i++)
        nth += m->wallets[i].account == k.owner;
    k.wallet = m->n_wallets;
    k.second = m->now_s;
    *PUSH(m, wallets) = (struct model_wallet){k.owner, nth};
    *PUSH(m, owners) = (struct model_owner){k.wallet, k.owner, m->now_s};
    model_expect_by(m, l->kind, l)->u.wallet_created = k;
}

/* settled 113: "A token that takes a fee on transfer: the escrow credits what arrived" */
static void read_transfer_fee(struct model *m, const struct log *l)
{
    const struct log_transfer_fee *k = &l->u.transfer_fee;

    model_pay(m, k->token, AT(ACCOUNT, k->account), AT(OUTSIDE, 0), k->amount.wei,
              FOR_TRANSFER_FEE, 0);
    m->reached.transfer_fees++;
    model_expect_by(m, l->kind, l)->u.transfer_fee = *k;
}

static u128 fee_of_tx(const struct model *m, u32 tx)
{
    for (u32 i = 0; i < m->n_told; i++)
        if (m->told[i].kind == LOG_TransferFee && m->told[i].tx == tx)
            return m->told[i].u.transfer_fee.amount.wei;
    return 0;
}

static void read_deposited(struct model *m, const struct log *l)
{
    struct log_deposited k = l->u.deposited;
    u128 fee = fee_of_tx(m, l->tx), given = k.amount.wei + fee, least = m->p.min_deposit_tokens;

    for (u32 i = 0; i < m->genesis.token[k.token].decimals; i++)
        least *= 10;
    MUST(m, m->enabled[k.token] && model_fresh(m, k.token), "a deposit of an enabled token (37)");
    MUST(m, given >= least, "min_deposit (103)");
    MUST(m, fee == model_floor(given, m->genesis.token[k.token].transfer_fee_bps, BPS_WHOLE),
         "the token's own fee (113)");
    model_pay(m, k.token, AT(ACCOUNT, model_owner_at(m, k.wallet, m->now_s)),
              AT(UNLOCKED, k.wallet), k.amount.wei, FOR_DEPOSIT, 0);
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.deposited = k;
}

static void read_withdrawn(struct model *m, const struct log *l)
{
    struct log_withdrawn k = l->u.withdrawn;

    model_pay(m, k.token, AT(UNLOCKED, k.wallet), AT(ACCOUNT, model_owner_at(m, k.wallet, m->now_s)),
              k.amount.wei, FOR_WITHDRAWAL, 0);
    k.second = m->now_s;
    m->reached.withdrawals++;
    model_expect_by(m, l->kind, l)->u.withdrawn = k;
}

static void read_wallet_transferred(struct model *m, const struct log *l)
{
    struct log_wallet_transferred k = l->u.wallet_transferred;

    k.from = model_owner_at(m, k.wallet, m->now_s);
    k.second = m->now_s;
    *PUSH(m, owners) = (struct model_owner){k.wallet, k.to, m->now_s};
    m->reached.wallets_transferred++;
    model_expect_by(m, l->kind, l)->u.wallet_transferred = k;
}

/* settled 99: "commission → foundation account, both fees → treasury account, pulled by claim" */
static void read_fees_claimed(struct model *m, const struct log *l)
{
    struct log_fees_claimed k = l->u.fees_claimed;
    struct model_place from = k.commission ? AT(COMMISSION, 0) : AT(FEES, 0);

    k.account = k.commission ? m->genesis.foundation : m->genesis.treasury;
    k.amount = AMOUNT(model_balance(m, from.pocket, 0, k.token));
    k.second = m->now_s;
    model_pay(m, k.token, from, AT(ACCOUNT, k.account), k.amount.wei, FOR_CLAIM, 0);
    m->reached.fees_claimed++;
    model_expect_by(m, l->kind, l)->u.fees_claimed = k;
}

static void read_transferred(struct model *m, const struct log *l)
{
    const struct log_transferred *k = &l->u.transferred;

    model_pay(m, k->token, AT(ACCOUNT, k->from), AT(ACCOUNT, k->to), k->amount.wei, FOR_TRANSFER,
              0);
    model_expect_by(m, l->kind, l)->u.transferred = *k;
}

/* ---- tokens ---- */

static void read_price_set(struct model *m, const struct log *l)
{
    struct log_price_set k = l->u.price_set;

    k.second = m->now_s;
    *PUSH(m, prices) = (struct model_price){k.token, k.second, k.usd_e8};
    model_expect_by(m, l->kind, l)->u.price_set = k;
}

static void read_token_set(struct model *m, const struct log *l)
{
    struct log_token_set k = l->u.token_set;

    k.second = m->now_s;
    m->enabled[k.token] = k.enabled != 0;
    model_expect_by(m, l->kind, l)->u.token_set = k;
}

/* What stays of an amount is floored; what goes is the rest. */
static u128 loss(u128 amount, u32 keep_bps)
{
    return amount - model_floor(amount, keep_bps, BPS_WHOLE);
}

static u128 shrink_lease(struct model *m, struct model_lease *x, u32 keep_bps)
{
    u128 gross, fee, left_gross, left_fee;

    model_settle(m, x, m->now_s);
    model_left(m, x, &left_gross, &left_fee);
    gross = loss(left_gross, keep_bps);
    fee = loss(left_fee, keep_bps);
    x->lost_gross += gross;
    x->lost_fee += fee;
    if (gross > 0)
        x->shrunk_s = m->now_s;
    model_pay(m, x->token, AT(LOCKED, x->wallet), AT(OUTSIDE, 0), gross + fee, FOR_SHRINK, 0);
    return gross + fee;
}

/* settled 150: "a token that shrinks inside the escrow" takes from what is the users': unlocked funds,
 * and of each lock what is not yet debited. */
static void read_token_shrunk(struct model *m, const struct log *l)
{
    struct log_token_shrunk k = l->u.token_shrunk;
    u128 burned = 0;

    for (u32 w = 1; w < m->n_wallets; w++) {
        u128 lost = loss(model_balance(m, IN_UNLOCKED, w, k.token), k.keep_bps);
        model_pay(m, k.token, AT(UNLOCKED, w), AT(OUTSIDE, 0), lost, FOR_SHRINK, 0);
        burned += lost;
    }
    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].token == k.token && m->leases[i].end_s == MODEL_OPEN)
            burned += shrink_lease(m, &m->leases[i], k.keep_bps);
    for (u32 i = 0; i < m->n_orders; i++) {
        struct model_order *o = &m->orders[i];
        if (o->closed != 0 || o->told.token != k.token)
            continue;
        u128 lost = loss(o->hold, k.keep_bps);
        o->hold -= lost;
        model_pay(m, k.token, AT(LOCKED, o->told.wallet), AT(OUTSIDE, 0), lost, FOR_SHRINK, 0);
        burned += lost;
    }
    k.burned = AMOUNT(burned);
    k.second = m->now_s;
    m->reached.shrinks++;
    model_expect_by(m, l->kind, l)->u.token_shrunk = k;
}

/* ---- reports and verdicts ---- */

static void read_provider_down(struct model *m, const struct log *l)
{
    struct log_provider_down k = l->u.provider_down;

    MUST(m, model_down(m, k.provider) == 0 && k.start_s <= m->now_s, "an outage that begins");
    k.outage = m->next_evidence++;
    k.second = m->now_s;
    *PUSH(m, outages) = (struct model_outage){
        .id = k.outage, .start_s = k.start_s, .end_s = MODEL_OPEN, .provider = k.provider};
    m->reached.late_down_records += k.start_s < m->era_start_s;
    model_expect_by(m, l->kind, l)->u.provider_down = k;
}

static void read_provider_up(struct model *m, const struct log *l)
{
    struct log_provider_up k = l->u.provider_up;
    u32 place = model_down(m, k.provider);

    MUST(m, place != 0, "an outage that ends");
    if (place == 0)
        return;
    struct model_outage *o = &m->outages[place - 1];
    MUST(m, k.end_s >= o->start_s && k.end_s <= m->now_s, "an outage that ends after its start");
    o->end_s = k.end_s;
    o->cooldown_s = m->p.cooldown_s;
    k.outage = o->id;
    k.start_s = o->start_s;
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.provider_up = k;
}

static void read_chain_halted(struct model *m, const struct log *l)
{
    struct log_chain_halted k = l->u.chain_halted;

    k.second = m->now_s;
    *PUSH(m, halts) = (struct model_span){k.start_s, k.end_s};
    m->reached.halts++;
    model_expect_by(m, l->kind, l)->u.chain_halted = k;
}

/* settled 57: "by governance role with timelock, appeal window 1 era; the verdict lists (user, damage
 * in SPON)" */
static void read_verdict_given(struct model *m, const struct log *l)
{
    struct log_verdict_given k = l->u.verdict_given;
    struct model_provider *p = &m->providers[k.provider];
    struct model_verdict *v = NULL;

    for (u32 i = 0; i < m->n_verdicts; i++)
        if (m->verdicts[i].provider == k.provider && !m->verdicts[i].done)
            v = &m->verdicts[i];
    if (v == NULL) {
        MUST(m, !p->struck, "one verdict");
        v = PUSH(m, verdicts);
        *v = (struct model_verdict){
            .id = m->next_evidence++,
            .instant_s = m->now_s + m->p.misconduct_appeal_eras * m->p.era_seconds,
            .provider = k.provider};
        p->struck = p->frozen = true;
        leave(p, m->now_s);
        model_expect_by(m, LOG_ProviderExited, l)->u.provider_exited =
            (struct log_provider_exited){k.provider, m->now_s, 1};
    }
    *PUSH(m, damages) = (struct model_damage){v->id, k.user, k.damage.wei};
    k.instant_s = v->instant_s;
    k.evidence = v->id;
    model_expect_by(m, l->kind, l)->u.verdict_given = k;
}

/* ---- all of them ---- */

void model_read(struct model *m, const struct log *l)
{
    static void (*const read[LOG_KINDS])(struct model *, const struct log *) = {
        [LOG_OrderCreated] = read_order_created,
        [LOG_OrderCancelled] = read_order_cancelled,
        [LOG_BidPlaced] = read_bid_placed,
        [LOG_LeaseCreated] = read_lease_created,
        [LOG_LeaseConfirmed] = read_lease_confirmed,
        [LOG_LeaseExtended] = read_lease_extended,
        [LOG_UpdateRequested] = read_update_requested,
        [LOG_LeaseClosed] = read_lease_closed,
        [LOG_LeaseRated] = read_lease_rated,
        [LOG_ProviderProposed] = read_provider_proposed,
        [LOG_ProviderApproved] = read_provider_approved,
        [LOG_MachineUpdated] = read_machine_updated,
        [LOG_AutoStakeSet] = read_auto_stake_set,
        [LOG_AuditPublished] = read_audit_published,
        [LOG_ProviderExited] = read_provider_exited,
        [LOG_StakeMoved] = read_stake_moved,
        [LOG_RewardsClaimed] = read_rewards_claimed,
        [LOG_WalletCreated] = read_wallet_created,
        [LOG_Deposited] = read_deposited,
        [LOG_Withdrawn] = read_withdrawn,
        [LOG_WalletTransferred] = read_wallet_transferred,
        [LOG_EarningsClaimed] = read_earnings_claimed,
        [LOG_FeesClaimed] = read_fees_claimed,
        [LOG_PriceSet] = read_price_set,
        [LOG_TokenSet] = read_token_set,
        [LOG_TokenShrunk] = read_token_shrunk,
        [LOG_ProviderDown] = read_provider_down,
        [LOG_ProviderUp] = read_provider_up,
        [LOG_ChainHalted] = read_chain_halted,
        [LOG_VerdictGiven] = read_verdict_given,
        [LOG_Transferred] = read_transferred,
        [LOG_TransferFee] = read_transfer_fee,
    };

    if (read[l->kind] != NULL)
        read[l->kind](m, l);
}
