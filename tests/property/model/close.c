/* close - an era's close, step by step: settled "The close of an era, exactly". */
#include "tests/property/model/parts.h"

#define YEAR_S (365u * 86400u)

struct closing {
    struct model_span span;
    struct log_era_closed sum;
    struct model_hours hours[MODEL_PROVIDERS + 1];
    u128 points_pot[MODEL_PROVIDERS + 1], points_ok[MODEL_PROVIDERS + 1];
    u128 liveness[MODEL_PROVIDERS + 1], bonus[MODEL_PROVIDERS + 1];
};

/* ---- emission ---- */

/* "Y(y) = floor(supply0 × 500/10000 × 0.9^y), one floor" */
static u128 of_year(const struct params *p, u64 year)
{
    u128 num = p->emission_bps_year, den = BPS_WHOLE;

    check(year <= 2); /* 10^4 to the third fits; no world lives longer */
    for (u64 y = 0; y < year; y++) {
        num *= BPS_WHOLE - p->emission_decay_bps;
        den *= BPS_WHOLE;
    }
    return model_floor(p->supply0.wei, num, den);
}

/* "M(t) = Σ Y(of the whole years before t) + floor(Y(year of t) × seconds of that year before t /
 * 31,536,000)" */
static u128 emitted(const struct params *p, u64 t)
{
    u128 sum = 0;

    for (u64 y = 0; y < t / YEAR_S; y++)
        sum += of_year(p, y);
    return sum + model_floor(of_year(p, t / YEAR_S), t % YEAR_S, YEAR_S);
}

/* ---- step 2 ---- */

static void find_weight(struct model *m, struct closing *c)
{
    for (u32 p = 1; p < m->n_providers; p++) {
        struct model_hours *h = &c->hours[p];
        model_hours_of(m, p, c->span, h);
        c->points_pot[p] = c->points_ok[p] = 0;
        for (u64 i = 0; i < (c->span.to_s - c->span.from_s) / MODEL_HOUR_S; i++) {
            u64 points = model_points(m, p, c->span.from_s + i * MODEL_HOUR_S);
            c->points_pot[p] += h->pot[i] ? points : 0; /* "W = Σ_i Σ_h pot × p" */
            c->points_ok[p] += h->ok[i] ? points : 0;
        }
        c->sum.weight += c->points_pot[p];
        m->reached.down_hours += h->down;
        m->reached.cooldown_hours += h->cooling;
    }
    c->sum.emission = AMOUNT(emitted(&m->p, c->span.to_s) - emitted(&m->p, c->span.from_s));
    *PUSH(m, eras) =
        (struct model_era){c->span.from_s, c->span.to_s, c->sum.emission.wei, c->sum.weight};
}

/* ---- step 4 ---- */

/* settled 32: "lease seconds in the era are summed over the leases, outages included" */
static u64 lease_seconds(const struct model_lease *l, struct model_span span)
{
    u64 from = l->start_s > span.from_s ? l->start_s : span.from_s;
    u64 to = l->end_s < span.to_s ? l->end_s : span.to_s;

    return from < to ? to - from : 0;
}

/* settled 32: "reached at ≥ 100 × 3600 s, once an era", "bonus_min_price … (leases below this
 * hourly price do not count), bonus_distinct_payers" */
static bool earns_bonus(const struct model *m, const struct closing *c, u32 provider)
{
    u32 payers[64], n = 0;
    u64 sum_s = 0;

    for (u32 i = 0; i < m->n_leases; i++) {
        const struct model_lease *l = &m->leases[i];
        u64 seconds = lease_seconds(l, c->span);
        if (l->provider != provider || seconds == 0 ||
            model_fee(m, l, c->span.to_s) < m->p.bonus_min_price.wei)
            continue;
        u64 paid_s = l->end_s < c->span.to_s ? l->end_s : c->span.to_s;
        u32 payer = model_owner_at(m, l->wallet, paid_s), k = 0;
        while (k < n && payers[k] != payer)
            k++;
        check(k < ARRAY_LEN(payers));
        payers[k] = payer;
        n += k == n;
        sum_s += seconds;
    }
    return sum_s >= m->p.bonus_lease_hours * MODEL_HOUR_S && n >= m->p.bonus_distinct_payers;
}

static void find_rewards(struct model *m, struct closing *c)
{
    u128 bonus = m->p.bonus_amount.wei, earned = 0, left = c->sum.emission.wei;

    for (u32 p = 1; p < m->n_providers; p++) {
        /* "L(i) = floor(emission × Σ_h ok(i,h) × p(i,h) / W), 0 if W = 0" */
        c->liveness[p] = c->sum.weight == 0
                             ? 0
                             : model_floor(c->sum.emission.wei, c->points_ok[p], c->sum.weight);
        left -= c->liveness[p];
        c->sum.liveness.wei += c->liveness[p];
        c->bonus[p] = bonus > 0 && earns_bonus(m, c, p) ? bonus : 0;
        earned += c->bonus[p];
        m->reached.liveness_paid += c->liveness[p] > 0;
    }
    for (u32 p = 1; p < m->n_providers; p++) {
        /* "if Σ of them exceeds left = emission − Σ L, each gets floor(left × bonus / Σ bonus)" */
        if (earned > left)
            c->bonus[p] = model_floor(left, c->bonus[p], earned);
        c->sum.bonus.wei += c->bonus[p];
        m->reached.bonus_paid += c->bonus[p] > 0;
    }
    m->reached.bonus_short += earned > left;
}

/* ---- step 5 ---- */

/* settled 42; a record that came since a lease ended may know otherwise what became of it: the
 * close "uses those in the blocks before it" */
static void judge_tasks(struct model *m, u32 provider)
{
    for (u32 i = 0; i < m->n_leases; i++) {
        struct model_lease *l = &m->leases[i];
        if (l->provider != provider || l->end_s == MODEL_OPEN || l->era != m->era)
            continue;
        bool failed = model_task_failed(m, l);
        if (failed == l->task_failed)
            continue;
        l->task_failed = failed;
        m->reached.tasks_judged_anew++;
        model_expect(m, LOG_TaskJudged)->u.task_judged =
            (struct log_task_judged){l->id, provider, failed};
    }
}

/* The mean response is nowhere else in the log than in what the close says of the provider. */
static u64 response_of(const struct model *m, u32 provider)
{
    for (u32 i = 0; i < m->n_told; i++) {
        const struct log_provider_era *e = &m->told[i].u.provider_era;
        if (m->told[i].kind == LOG_ProviderEra && e->era == m->era && e->provider == provider)
            return e->response_us;
    }
    return 0;
}

/* ---- steps 6 and 7 ---- */

static void tell_stake(struct model *m, u32 provider, enum told_cause why, u128 amount, u64 second)
{
    model_expect(m, LOG_StakeMoved)->u.stake_moved =
        (struct log_stake_moved){.provider = provider,
                                 .cause = why,
                                 .amount = AMOUNT(amount),
                                 .own = AMOUNT(model_balance(m, IN_STAKE, provider, 0)),
                                 .unbonding = AMOUNT(model_unbonding(m, provider)),
                                 .second = second};
}

/* "For who is opted in now, liveness and bonus of this close leave the rewarder and become own
 * stake." */
static void auto_stake(struct model *m, u32 provider, u128 rewards, u64 end_s)
{
    if (!m->providers[provider].auto_stake || rewards == 0)
        return;
    model_pay(m, 0, AT(REWARDS, provider), AT(STAKE, provider), rewards, FOR_AUTO_STAKE, 0);
    tell_stake(m, provider, TOLD_AUTO_STAKE, rewards, end_s);
    model_check_active(m, provider, end_s, NULL);
    m->reached.auto_staked++;
}

/* "Unbonding requested in era e − 7 is paid out."  settled 57: "the pots are frozen from the
 * verdict to the end of the window" */
static u128 pay_unbonded(struct model *m, u32 provider, u64 end_s)
{
    const struct model_provider *p = &m->providers[provider];
    u128 sum = 0;

    for (u32 i = m->n_requests; i-- > 0;) {
        struct model_request *r = &m->requests[i];
        if (r->provider != provider || r->paid || r->due_era > m->era)
            continue;
        if (p->frozen) {
            m->reached.frozen_payments++;
            continue;
        }
        u128 amount = model_balance(m, IN_UNBONDING, i + 1, 0);
        r->paid = true;
        model_pay(m, 0, AT(UNBONDING, i + 1), AT(ACCOUNT, p->account), amount, FOR_PAYMENT, 0);
        tell_stake(m, provider, TOLD_UNBONDED, amount, end_s);
        sum += amount;
        m->reached.unbonded++;
    }
    return sum;
}

/* ---- one provider ---- */

static u32 count_hours(const bool *of)
{
    u32 n = 0;

    for (u32 i = 0; i < MODEL_HOURS; i++)
        n += of[i];
    return n;
}

static void close_provider(struct model *m, struct closing *c, u32 p)
{
    struct log_provider_era e = {.era = m->era,
                                 .provider = p,
                                 .hours_potential = count_hours(c->hours[p].pot),
                                 .hours_ok = count_hours(c->hours[p].ok),
                                 .points_potential = c->points_pot[p],
                                 .points_ok = c->points_ok[p],
                                 .response_us = response_of(m, p),
                                 .feedback = model_feedback(m, p),
                                 .papers = model_papers(m, p),
                                 .liveness = AMOUNT(c->liveness[p]),
                                 .bonus = AMOUNT(c->bonus[p]),
                                 .auto_staked = m->providers[p].auto_stake};

    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].provider == p)
            e.lease_s += lease_seconds(&m->leases[i], c->span);
    model_pay(m, 0, AT(OUTSIDE, 0), AT(REWARDS, p), c->liveness[p], FOR_LIVENESS, 0);
    model_pay(m, 0, AT(OUTSIDE, 0), AT(REWARDS, p), c->bonus[p], FOR_BONUS, 0);
    judge_tasks(m, p);
    e.tasks = (u32)model_tasks(m, p, m->era, false);
    e.tasks_done = (u32)model_tasks(m, p, m->era, true);
    model_uptime(m, p, c->span, &e.up_s, &e.counted_s);
    model_judge(m, p, c->span, &e);
    model_rate(m, p, c->span.to_s, NULL);
    auto_stake(m, p, c->liveness[p] + c->bonus[p], c->span.to_s);
    e.unbonded = AMOUNT(pay_unbonded(m, p, c->span.to_s));
    e.stake_after = AMOUNT(model_balance(m, IN_STAKE, p, 0));
    e.unbonding = AMOUNT(model_unbonding(m, p));
    e.claimable = AMOUNT(model_balance(m, IN_REWARDS, p, 0));
    model_expect(m, LOG_ProviderEra)->u.provider_era = e;
}

/* ---- step 8 ---- */

#define SET_amount(field, v) ((field) = AMOUNT(v))
#define SET_usd(field, v) ((field) = (u64)(v))
#define SET_bps SET_usd
#define SET_ratio SET_usd
#define SET_span SET_usd
#define SET_millis SET_usd
#define SET_micros SET_usd
#define SET_count SET_usd
#define SET_flag SET_usd
#define GET_amount(field) ((field).wei)
#define GET_usd(field) ((u128)(field))
#define GET_bps GET_usd
#define GET_ratio GET_usd
#define GET_span GET_usd
#define GET_millis GET_usd
#define GET_micros GET_usd
#define GET_count GET_usd
#define GET_flag GET_usd

/* What it was before. */
static u128 set(struct params *p, u32 id, u128 v)
{
    u128 before = 0;

    switch ((enum param_id)id) {
#define PARAM(type, name, unit, def, min, max, source, doc)                                        \
    case PARAM_##name:                                                                             \
        before = GET_##type(p->name);                                                              \
        SET_##type(p->name, v);                                                                    \
        break;
#include "protocol/params.def"
#undef PARAM
    case PARAM_KINDS:
        check_unreachable();
    }
    return before;
}

/* settled 107 under another lease_warning_s: what is due already by it is warned of now. */
static void warn_again(struct model *m, u64 end_s)
{
    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].end_s == MODEL_OPEN && model_warning(m, &m->leases[i]) <= end_s)
            model_warn(m, &m->leases[i], end_s);
}

/* "Parameter changes that are due take effect" */
static void change_params(struct model *m, struct model_span span)
{
    struct params before = m->p;
    u32 changes = 0;

    for (u32 i = 0; i < m->n_told; i++) {
        struct log_param_changed k = m->told[i].u.param_changed;
        if (m->told[i].kind != LOG_ParamChanged || k.era != m->era)
            continue;
        k.before = set(&m->p, k.param, k.after);
        model_expect(m, LOG_ParamChanged)->u.param_changed = k;
        changes++;
    }
    m->reached.param_changes += changes;
    m->reached.era_length_changes += m->p.era_seconds != before.era_seconds;
    if (changes > 0)
        *PUSH(m, params) = (struct model_params){span.to_s, m->p};
    for (u32 p = 1; p < m->n_providers && changes > 0; p++) {
        model_rate(m, p, span.to_s, NULL);
        model_check_active(m, p, span.to_s, NULL); /* X7 may be lower now (settled 28) */
    }
    if (m->p.lease_warning_s != before.lease_warning_s)
        warn_again(m, span.to_s);
}

void model_close(struct model *m)
{
    static struct closing c;

    c = (struct closing){.span = {m->era_start_s, m->era_end_s}};
    find_weight(m, &c);                            /* (2) */
    model_slashes_take(m, m->era, c.span, &c.sum); /* (3) */
    find_rewards(m, &c);                           /* (4) */
    for (u32 p = 1; p < m->n_providers; p++)
        close_provider(m, &c, p); /* (4) to (7), which concern him alone */
    c.sum.era = m->era;
    c.sum.start_s = c.span.from_s;
    c.sum.end_s = c.span.to_s;
    c.sum.block = m->slot;
    c.sum.providers = m->n_providers - 1;
    change_params(m, c.span); /* (8) */
    m->era++;
    m->era_start_s = c.span.to_s;
    m->era_end_s = c.span.to_s + m->p.era_seconds;
    model_expect(m, LOG_EraClosed)->u.era_closed = c.sum;
    m->reached.halted_closes += m->now_s > c.span.to_s + 60;
}
