/* lease - money, ends and tasks of a lease: settled "Money of a lease, exactly". */
#include "tests/property/model/parts.h"

struct model_lease *model_lease(struct model *m, u64 id)
{
    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].id == id)
            return &m->leases[i];
    return NULL;
}

/* settled 104: "gross lock = ceil(price × agreed seconds / 3600)" */
u128 model_gross_lock(const struct model_lease *l)
{
    return model_ceil(l->price, l->agreed_s, MODEL_HOUR_S);
}

/* settled, Money of a lease 2: "U(d) = floor(G(d) × u / 10000)" */
u128 model_fee_lock(const struct model_lease *l)
{
    return model_floor(model_gross_lock(l), l->user_fee_bps, BPS_WHOLE);
}

/* settled, Money of a lease 5: "G held = G(d) less what never arrived or shrank (150)" */
static u128 gross_held(const struct model_lease *l)
{
    return model_gross_lock(l) - l->lost_gross;
}

static u128 fee_held(const struct model_lease *l)
{
    return model_fee_lock(l) - l->lost_fee;
}

/* settled, Money of a lease 5: "gross = min(G held, floor(price × B(t) / 3600))"; 4: "An outage and
 * a halted chain are billed (142, 63)" */
u128 model_gross_at(const struct model_lease *l, u64 second)
{
    u64 billed_s = second > l->start_s ? second - l->start_s : 0;

    return model_less(gross_held(l), model_floor(l->price, billed_s, MODEL_HOUR_S));
}

/* settled, Money of a lease 5: "user fee floor(gross × u / 10000), out of U" */
static u128 user_fee(const struct model_lease *l, u128 gross)
{
    return model_less(fee_held(l), model_floor(gross, l->user_fee_bps, BPS_WHOLE));
}

struct shares {
    u128 provider, commission, provider_fee, rest;
};

/* settled 140: "every claimant's cumulative share is floor(gross × its bps / 10000), the provider's
 * with 10000 − commission − provider fee" */
static struct shares shares_of(const struct model_lease *l, u128 gross)
{
    u32 his_bps = BPS_WHOLE - l->commission_bps - l->provider_fee_bps;
    struct shares x = {.provider = model_floor(gross, his_bps, BPS_WHOLE),
                       .commission = model_floor(gross, l->commission_bps, BPS_WHOLE),
                       .provider_fee = model_floor(gross, l->provider_fee_bps, BPS_WHOLE)};

    x.rest = gross - x.provider - x.commission - x.provider_fee;
    return x;
}

static u128 posted(const struct model *m, const struct model_lease *l, enum model_why why)
{
    u128 sum = 0;

    for (u32 i = 0; i < m->n_moves; i++)
        sum += m->moves[i].lease == l->id && m->moves[i].why == why ? m->moves[i].amount : 0;
    return sum;
}

/* settled, Money of a lease: "what is posted is the difference to the last posting, so the number
 * of settlements changes nothing" */
static void post(struct model *m, const struct model_lease *l, enum model_why why, u128 to_date,
                 struct model_place from, struct model_place to)
{
    u128 before = posted(m, l, why);

    if (to_date < before) {
        model_wrong(m, "a share of lease %llu falls", (unsigned long long)l->id);
        return;
    }
    model_pay(m, l->token, from, to, to_date - before, why, l->id);
}

void model_settle(struct model *m, struct model_lease *l, u64 second)
{
    u128 gross = model_gross_at(l, second);
    struct shares x = shares_of(l, gross);
    struct model_place locked = AT(LOCKED, l->wallet), lease = AT(LEASE, l->id);

    if (gross < posted(m, l, FOR_DEBIT))
        gross = posted(m, l, FOR_DEBIT);
    post(m, l, FOR_DEBIT, gross, locked, lease);
    post(m, l, FOR_USER_FEE, user_fee(l, gross), locked, AT(FEES, 0));
    post(m, l, FOR_COMMISSION, x.commission, lease, AT(COMMISSION, 0));
    post(m, l, FOR_PROVIDER_FEE, x.provider_fee, lease, AT(FEES, 0));
    /* "claimable by him (once he has confirmed or the lease has ended: 116)" */
    if (l->confirmed || l->end_s != MODEL_OPEN)
        post(m, l, FOR_NET, x.provider, lease, AT(ACCRUED, l->provider));
}

void model_confirm(struct model *m, struct model_lease *l)
{
    l->confirmed = true;
    post(m, l, FOR_NET, shares_of(l, posted(m, l, FOR_DEBIT)).provider, AT(LEASE, l->id),
         AT(ACCRUED, l->provider));
}

void model_left(const struct model *m, const struct model_lease *l, u128 *gross, u128 *fee)
{
    *gross = gross_held(l) - posted(m, l, FOR_DEBIT);
    *fee = fee_held(l) - posted(m, l, FOR_USER_FEE);
}

/* ---- beginnings ---- */

/* settled 96: "200 non-SPON, 0 SPON"; 97: "2000 on every token"; 99: the user fee likewise */
static void rates_now(const struct model *m, u32 token, struct model_lease *l)
{
    l->commission_bps = (u32)m->p.commission_bps;
    l->provider_fee_bps = token == 0 ? 0 : (u32)m->p.provider_fee_bps;
    l->user_fee_bps = token == 0 ? 0 : (u32)m->p.user_fee_bps;
}

u128 model_lock_of(const struct model *m, u32 token, u128 price, u64 seconds)
{
    struct model_lease l = {.price = price, .agreed_s = seconds};

    rates_now(m, token, &l);
    return model_gross_lock(&l) + model_fee_lock(&l);
}

void model_lease_make(struct model *m, const struct model_offer *o, const struct log *by)
{
    struct model_lease *l = PUSH(m, leases);
    struct log_lease_created *k;

    *l = (struct model_lease){.id = m->next_lease++,
                              .order = o->order,
                              .start_s = o->start_s,
                              .agreed_s = o->agreed_s,
                              /* settled 116: "not confirmed by start + 600 s" */
                              .confirm_by_s = o->start_s + m->p.activation_timeout_s,
                              .end_s = MODEL_OPEN,
                              .provider = o->provider,
                              .wallet = o->wallet,
                              .token = o->token,
                              .replicas = o->replicas,
                              .gpu_line = o->gpu_line,
                              .specs = o->specs,
                              .price = o->price,
                              .gpu_units = model_gpu_units(m, &o->specs, o->replicas),
                              /* "no confirmation of its own" (Money of a lease 8) */
                              .confirmed = o->replaces != 0};
    rates_now(m, o->token, l); /* settled 101: "snapshot at creation" */
    model_pay(m, l->token, AT(UNLOCKED, l->wallet), AT(LOCKED, l->wallet),
              model_gross_lock(l) + model_fee_lock(l), FOR_LOCK, l->id);
    k = by == NULL ? &model_expect(m, LOG_LeaseCreated)->u.lease_created
                   : &model_expect_by(m, LOG_LeaseCreated, by)->u.lease_created;
    *k = (struct log_lease_created){.lease = l->id,
                                    .order = l->order,
                                    .provider = l->provider,
                                    .wallet = l->wallet,
                                    .tenant = model_owner_at(m, l->wallet, m->now_s),
                                    .token = l->token,
                                    .specs = l->specs,
                                    .replicas = l->replicas,
                                    .gpu_line = l->gpu_line,
                                    .price = AMOUNT(l->price),
                                    .start_s = l->start_s,
                                    .agreed_s = l->agreed_s,
                                    .commission_bps = l->commission_bps,
                                    .provider_fee_bps = l->provider_fee_bps,
                                    .user_fee_bps = l->user_fee_bps,
                                    .gross_lock = AMOUNT(model_gross_lock(l)),
                                    .user_fee_lock = AMOUNT(model_fee_lock(l)),
                                    .replaces = o->replaces,
                                    .provider_account = m->providers[l->provider].account};
}

/* ---- ends ---- */

/* settled, Money of a lease 6: "(G held − gross) × 3,600,000 < price × block_time_ms" */
static bool short_at(const struct model *m, const struct model_lease *l, u64 second)
{
    u128 left = gross_held(l) - model_gross_at(l, second);

    return left * 3600000 < l->price * m->p.block_time_ms;
}

/* "the first second m with" too little left "and (start + d − m) × 1000 > block_time_ms"; what is
 * left only falls, so the first such second is found by halving.  MODEL_OPEN: it never is. */
static u64 insufficient_at(const struct model *m, const struct model_lease *l)
{
    u64 end = l->start_s + l->agreed_s;
    u64 low = l->shrunk_s > l->start_s ? l->shrunk_s : l->start_s, high = end;

    while (low < high) {
        u64 middle = low + (high - low) / 2;
        if (short_at(m, l, middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low < end && (end - low) * 1000 > m->p.block_time_ms ? low : MODEL_OPEN;
}

/* settled, Money of a lease 6: "at the first of: start + d, expired; … insufficient …; start + 600
 * s unconfirmed, provider_breach"; "At one second they precede each other in this order" */
u64 model_lease_end(const struct model *m, const struct model_lease *l, u32 *reason)
{
    u64 end = l->start_s + l->agreed_s, short_s = insufficient_at(m, l);

    *reason = LEASE_EXPIRED;
    if (short_s < end) {
        end = short_s;
        *reason = LEASE_INSUFFICIENT;
    }
    if (!l->confirmed && l->confirm_by_s < end) {
        end = l->confirm_by_s;
        *reason = LEASE_PROVIDER_BREACH;
    }
    return end;
}

/* settled 107: "one LeaseEnding event at max(start, end − 3600 s), once for each end" */
u64 model_warning(const struct model *m, const struct model_lease *l)
{
    u64 end = l->start_s + l->agreed_s, before_s = m->p.lease_warning_s;

    if (l->warned_end_s == end)
        return MODEL_OPEN;
    return end > l->start_s + before_s ? end - before_s : l->start_s;
}

void model_warn(struct model *m, struct model_lease *l, u64 second)
{
    struct log_lease_ending *k = &model_expect(m, LOG_LeaseEnding)->u.lease_ending;

    l->warned_end_s = l->start_s + l->agreed_s;
    *k = (struct log_lease_ending){l->id, l->provider, l->wallet, l->warned_end_s, second};
    m->reached.warned++;
}

/* settled 116: "one started hour of row 53 slashed as a deployment slash for this lease" */
static void breach(struct model *m, const struct model_lease *l)
{
    *PUSH(m, breaches) = (struct model_breach){.id = m->next_evidence++,
                                               .instant_s = l->end_s,
                                               .provider = l->provider,
                                               .account = model_owner_at(m, l->wallet, l->end_s),
                                               .fee = model_fee(m, l, l->end_s)};
}

static void count_end(struct model *m, const struct model_lease *l)
{
    struct model_reached *r = &m->reached;

    r->expired += l->reason == LEASE_EXPIRED;
    r->insufficient += l->reason == LEASE_INSUFFICIENT;
    r->breach += l->reason == LEASE_PROVIDER_BREACH;
    r->closed_by_user += l->reason == LEASE_USER;
    r->closed_by_provider += l->reason == LEASE_PROVIDER;
    r->updated += l->reason == LEASE_UPDATED;
    r->tasks_failed += l->task_failed;
}

/* settled, Money of a lease 7: "settle to t; the rest goes to the dust account; refund = G held −
 * gross + U − user fee goes to the wallet's unlocked" */
void model_lease_close(struct model *m, struct model_lease *l, u64 second, u32 reason,
                       const struct log *by)
{
    struct log_lease_closed *k;

    l->end_s = second;
    l->reason = reason;
    l->close_block = m->slot;
    l->era = m->era;
    model_settle(m, l, second);
    u128 gross = posted(m, l, FOR_DEBIT), fee = posted(m, l, FOR_USER_FEE);
    struct shares x = shares_of(l, gross);
    u128 refund = gross_held(l) - gross + fee_held(l) - fee;
    model_pay(m, l->token, AT(LEASE, l->id), AT(DUST, 0), x.rest, FOR_REST, l->id);
    model_pay(m, l->token, AT(LOCKED, l->wallet), AT(UNLOCKED, l->wallet), refund, FOR_REFUND,
              l->id);
    l->task_failed = model_task_failed(m, l);
    if (reason == LEASE_PROVIDER_BREACH)
        breach(m, l);
    count_end(m, l);
    m->reached.dust_of_leases += x.rest > 0;
    k = by == NULL ? &model_expect(m, LOG_LeaseClosed)->u.lease_closed
                   : &model_expect_by(m, LOG_LeaseClosed, by)->u.lease_closed;
    *k = (struct log_lease_closed){.lease = l->id,
                                   .order = l->order,
                                   .provider = l->provider,
                                   .wallet = l->wallet,
                                   .tenant = model_owner_at(m, l->wallet, m->now_s),
                                   .token = l->token,
                                   .reason = reason,
                                   .end_s = second,
                                   .block = m->slot,
                                   .gross = AMOUNT(gross),
                                   .to_provider = AMOUNT(x.provider),
                                   .commission = AMOUNT(x.commission),
                                   .provider_fee = AMOUNT(x.provider_fee),
                                   .user_fee = AMOUNT(fee),
                                   .rest = AMOUNT(x.rest),
                                   .refund = AMOUNT(refund),
                                   .gross_held = AMOUNT(gross_held(l)),
                                   .user_fee_held = AMOUNT(fee_held(l)),
                                   .shrunk = AMOUNT(l->lost_gross + l->lost_fee),
                                   .confirmed = l->confirmed,
                                   .image_failed = l->image_failed,
                                   .task_failed = l->task_failed};
}

/* ---- what others ask of a lease ---- */

/* settled 159: "lease, outage, cooldown and hour are [a, b)" */
bool model_active_in(const struct model_lease *l, u64 from_s, u64 to_s)
{
    u64 from = l->start_s > from_s ? l->start_s : from_s;
    u64 to = l->end_s < to_s ? l->end_s : to_s;

    return from < to;
}

/* settled, The close of an era 3, Fee: "floor(price × P_token × 10^18 / (P_SPON × 10^decimals)), P
 * = last oracle price at or before a; price itself if the token is SPON; 0 where either price never
 * existed" */
u128 model_fee(const struct model *m, const struct model_lease *l, u64 price_at_s)
{
    u64 token = model_price_at(m, l->token, price_at_s), spon = model_price_at(m, 0, price_at_s);
    u128 units = 1;

    if (l->token == 0)
        return l->price;
    if (token == 0 || spon == 0)
        return 0;
    for (u32 i = m->genesis.token[l->token].decimals; i < 18; i++)
        units *= 10;
    return model_floor(l->price, (u128)token * units, spon);
}

/* settled 42: "failed if closed by reason provider or provider_breach, or after an outage of > 3600
 * s had affected it; a failing workload (row 147) closed as provider counts unless the user's image
 * failed" */
bool model_task_failed(const struct model *m, const struct model_lease *l)
{
    if (l->reason == LEASE_PROVIDER_BREACH || (l->reason == LEASE_PROVIDER && !l->image_failed))
        return true;
    for (u32 i = 0; i < m->n_outages; i++) {
        const struct model_outage *o = &m->outages[i];
        u64 to = o->end_s < l->end_s ? o->end_s : l->end_s;
        if (o->provider == l->provider && to > o->start_s && to - o->start_s > m->p.task_outage_s &&
            model_active_in(l, o->start_s, to))
            return true;
    }
    return false;
}
