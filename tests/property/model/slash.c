/* slash - who is slashed for what, how much is taken and where it goes: settled "The close of an
 * era, exactly" 3. */
#include "tests/property/model/parts.h"

#include <string.h>

/* A slash whose instant has come. */
struct due {
    u64 instant_s, evidence, to_s; /* to_s: end of a deployment slash's hour */
    enum slash_cause cause;
    u32 place; /* of the outage, breach or verdict */
    u32 provider;
};

struct payee {
    u32 account;
    u128 claim, share;
};

#define DUES 2000u
#define PAYEES 64u

struct dues {
    struct due due[DUES];
    u32 n;
};

static void add_due(struct dues *d, struct due x)
{
    u32 at = d->n++;

    check(d->n <= DUES);
    /* "in order of instant, then evidence id"; one outage may have both kinds at one instant */
    for (; at > 0; at--) {
        const struct due *b = &d->due[at - 1];
        if (b->instant_s < x.instant_s ||
            (b->instant_s == x.instant_s &&
             (b->evidence < x.evidence || (b->evidence == x.evidence && b->cause <= x.cause))))
            break;
        d->due[at] = *b;
    }
    d->due[at] = x;
}

static bool any_active(const struct model *m, u32 provider, u64 from_s, u64 to_s)
{
    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].provider == provider && model_active_in(&m->leases[i], from_s, to_s))
            return true;
    return false;
}

/* "b − a > 3600 (strictly; open: E − a > 3600) and no lease of the provider active in [a, a +
 * 3600). Instant a + 3600, …, once per outage".  An outage that an earlier close knew was judged
 * there for all instants before that close's end (ARCHITECTURE, decision 33). */
static bool standby(const struct model *m, const struct model_outage *o, u64 end_s, bool *judged)
{
    u64 after_s = m->p.standby_slash_after_s, instant_s = o->start_s + after_s;
    u64 to_s = o->end_s < end_s ? o->end_s : end_s;

    *judged = !o->standby_judged && to_s > o->start_s && to_s - o->start_s > after_s &&
              instant_s >= o->known_to_s;
    return *judged && !any_active(m, o->provider, o->start_s, instant_s);
}

/* The end of the k-th started hour of an outage, 0 if there is none before end_s: "for each k = 0,
 * 1, … with a + 3600 k < b: … [a + 3600 k, min(a + 3600 k + 3600, b, E))" */
static u64 started_hour(const struct model_outage *o, u64 k, u64 end_s)
{
    u64 from_s = o->start_s + k * MODEL_HOUR_S, to_s = from_s + MODEL_HOUR_S;

    to_s = o->end_s < to_s ? o->end_s : to_s;
    to_s = end_s < to_s ? end_s : to_s;
    return from_s < to_s ? to_s : 0;
}

static void dues_of_outage(const struct model *m, u32 i, u64 end_s, struct dues *d)
{
    const struct model_outage *o = &m->outages[i];
    bool judged;
    u64 to_s;

    if (standby(m, o, end_s, &judged))
        add_due(d, (struct due){.instant_s = o->start_s + m->p.standby_slash_after_s,
                                .evidence = o->id,
                                .cause = SLASH_STANDBY,
                                .place = i,
                                .provider = o->provider});
    for (u64 k = 0; (to_s = started_hour(o, k, end_s)) != 0; k++) {
        u64 from_s = o->start_s + k * MODEL_HOUR_S;
        /* "an hour that crosses E is paid once, by the era in which it starts" */
        if (from_s >= o->known_to_s && any_active(m, o->provider, from_s, to_s))
            add_due(d, (struct due){from_s, o->id, to_s, SLASH_DEPLOYMENT, i, o->provider});
    }
}

static void find_dues(const struct model *m, u64 end_s, struct dues *d)
{
    d->n = 0;
    for (u32 i = 0; i < m->n_outages; i++)
        dues_of_outage(m, i, end_s, d);
    for (u32 i = 0; i < m->n_breaches; i++) {
        const struct model_breach *b = &m->breaches[i];
        if (!b->done && b->instant_s < end_s)
            add_due(d, (struct due){b->instant_s, b->id, 0, SLASH_BREACH, i, b->provider});
    }
    for (u32 i = 0; i < m->n_verdicts; i++) {
        const struct model_verdict *v = &m->verdicts[i];
        if (!v->done && v->instant_s < end_s)
            add_due(d, (struct due){v->instant_s, v->id, 0, SLASH_MISCONDUCT, i, v->provider});
    }
}

/* ---- claims ---- */

static void claim(struct payee *payees, u32 *n, u32 account, u128 amount)
{
    for (u32 i = 0; i < *n; i++) {
        if (payees[i].account == account) {
            payees[i].claim += amount;
            return;
        }
    }
    check(*n < PAYEES);
    payees[(*n)++] = (struct payee){account, amount, 0};
}

/* "the owner of an affected lease's wallet at the instant", "F = his leases' fees summed"; "P =
 * last oracle price at or before a" */
static u128 claims(const struct model *m, const struct due *x, struct payee *payees, u32 *n)
{
    u128 sum = 0;

    *n = 0;
    if (x->cause == SLASH_BREACH) {
        claim(payees, n, m->breaches[x->place].account, m->breaches[x->place].fee);
        return m->breaches[x->place].fee;
    }
    for (u32 i = 0; i < m->n_leases && x->cause == SLASH_DEPLOYMENT; i++) {
        const struct model_lease *l = &m->leases[i];
        if (l->provider != x->provider || !model_active_in(l, x->instant_s, x->to_s))
            continue;
        u128 fee = model_fee(m, l, m->outages[x->place].start_s);
        claim(payees, n, model_owner_at(m, l->wallet, x->instant_s), fee);
        sum += fee;
    }
    for (u32 i = 0; i < m->n_damages && x->cause == SLASH_MISCONDUCT; i++)
        if (m->damages[i].verdict == x->evidence)
            claim(payees, n, m->damages[i].account, m->damages[i].damage);
    return sum;
}

/* ---- taking ---- */

struct taken {
    u128 own, unbonding, rewards, of_request[600];
};

/* "own stake, then own unbonding (latest request first), then delegated stake …; never rewards; of
 * unbonding only what was requested after the offence's second" */
static void take(const struct model *m, u32 provider, u128 amount, u64 offence_s, struct taken *t)
{
    t->own = model_less(amount, model_balance(m, IN_STAKE, provider, 0));
    for (u32 i = m->n_requests; i-- > 0;) {
        const struct model_request *r = &m->requests[i];
        if (r->provider != provider || r->paid || r->second <= offence_s)
            continue;
        t->of_request[i] =
            model_less(amount - t->own - t->unbonding, model_balance(m, IN_UNBONDING, i + 1, 0));
        t->unbonding += t->of_request[i];
    }
}

/* "misconduct_slash_bps of every pot, each floored: own stake, own unbonding, …, claimable rewards"
 */
static void take_of_all(const struct model *m, u32 provider, struct taken *t)
{
    u128 bps = m->p.misconduct_slash_bps;

    t->own = model_floor(model_balance(m, IN_STAKE, provider, 0), bps, BPS_WHOLE);
    t->rewards = model_floor(model_balance(m, IN_REWARDS, provider, 0), bps, BPS_WHOLE);
    for (u32 i = 0; i < m->n_requests; i++) {
        if (m->requests[i].provider != provider)
            continue;
        t->of_request[i] = model_floor(model_balance(m, IN_UNBONDING, i + 1, 0), bps, BPS_WHOLE);
        t->unbonding += t->of_request[i];
    }
}

/* From the pots to a place; they are emptied in the order in which they were taken from. */
static void give(struct model *m, u32 provider, struct taken *t, struct model_place to, u128 amount)
{
    u128 part = model_less(t->own, amount);

    model_pay(m, 0, AT(STAKE, provider), to, part, FOR_SLASH, 0);
    t->own -= part;
    amount -= part;
    for (u32 i = 0; i < m->n_requests; i++) {
        part = model_less(t->of_request[i], amount);
        model_pay(m, 0, AT(UNBONDING, i + 1), to, part, FOR_SLASH, 0);
        t->of_request[i] -= part;
        amount -= part;
    }
    part = model_less(t->rewards, amount);
    model_pay(m, 0, AT(REWARDS, provider), to, part, FOR_SLASH, 0);
    t->rewards -= part;
}

/* ---- paying ---- */

/* "floor(T × F / ΣF)"; of a verdict "each up to his damage, floor(T × damage / Σ damage) if T is
 * short".  False: nobody is owed anything. */
static bool share_out(const struct due *x, u128 taken, struct payee *payees, u32 n)
{
    u128 sum = 0;

    for (u32 i = 0; i < n; i++)
        sum += payees[i].claim;
    for (u32 i = 0; i < n; i++) {
        if (x->cause == SLASH_MISCONDUCT && taken >= sum)
            payees[i].share = payees[i].claim;
        else if (sum > 0)
            payees[i].share = model_floor(taken, payees[i].claim, sum);
    }
    return x->cause == SLASH_MISCONDUCT || sum > 0;
}

static void pay_out(struct model *m, const struct due *x, struct taken *t, struct payee *payees,
                    u32 n, struct log_slashed *k)
{
    u128 taken = t->own + t->unbonding + t->rewards, rest = taken;
    bool shared = x->cause != SLASH_STANDBY && share_out(x, taken, payees, n);

    for (u32 i = 0; i < n && shared; i++) {
        give(m, x->provider, t, AT(ACCOUNT, payees[i].account), payees[i].share);
        rest -= payees[i].share;
        k->to_users.wei += payees[i].share;
        model_expect(m, LOG_SlashPaid)->u.slash_paid = (struct log_slash_paid){
            k->slash, payees[i].account, AMOUNT(payees[i].claim), AMOUNT(payees[i].share)};
    }
    if (x->cause == SLASH_MISCONDUCT) { /* "what is left to the treasury" */
        give(m, x->provider, t, AT(ACCOUNT, m->genesis.treasury), rest);
        k->to_treasury = AMOUNT(rest);
    } else if (shared) { /* "the rest to dust" */
        give(m, x->provider, t, AT(DUST, 0), rest);
        k->to_dust = AMOUNT(rest);
    } else { /* standby, or "ΣF = 0: all to slark_pool" */
        give(m, x->provider, t, AT(SLARKS, 0), rest);
        k->to_slark_pool = AMOUNT(rest);
    }
}

/* ---- one slash ---- */

static u64 era_of(const struct model *m, u64 second)
{
    u64 era = 0;

    for (u32 i = 0; i < m->n_eras; i++)
        if (m->eras[i].start_s <= second)
            era = i;
    return era;
}

static u128 amount_of(const struct due *x, u128 value, u128 fees)
{
    /* "Standby: … amount V there"; "Deployment: … amount max(V there, Σ fee of those leases)" */
    if (x->cause == SLASH_STANDBY)
        return value;
    return value > fees ? value : fees;
}

static void count(struct model *m, const struct due *x, const struct log_slashed *k)
{
    struct model_reached *r = &m->reached;

    r->standby_slashes += x->cause == SLASH_STANDBY;
    r->deployment_slashes += x->cause == SLASH_DEPLOYMENT;
    r->breach_slashes += x->cause == SLASH_BREACH;
    r->misconduct_slashes += x->cause == SLASH_MISCONDUCT;
    r->late_slashes += k->instant_era < k->close_era;
    r->slash_pays_users += k->to_users.wei > 0;
    r->slash_to_slarks += k->to_slark_pool.wei > 0;
    r->slash_to_dust += k->to_dust.wei > 0;
    r->slash_to_treasury += k->to_treasury.wei > 0;
    r->bad_debt += k->bad_debt.wei > 0;
    r->slash_of_unbonding += k->unbonding.wei > 0;
    r->fee_beats_hour += k->lease_fees.wei > k->hour_liveness.wei;
    r->hour_beats_fee += x->cause == SLASH_DEPLOYMENT && k->hour_liveness.wei > k->lease_fees.wei;
}

static void finish(struct model *m, const struct due *x)
{
    if (x->cause == SLASH_BREACH)
        m->breaches[x->place].done = true;
    if (x->cause == SLASH_MISCONDUCT) {
        m->verdicts[x->place].done = true;
        m->providers[x->provider].frozen = false;
    }
}

static void tell_stake(struct model *m, const struct due *x, u128 amount)
{
    if (amount == 0)
        return;
    model_expect(m, LOG_StakeMoved)->u.stake_moved =
        (struct log_stake_moved){.provider = x->provider,
                                 .cause = TOLD_SLASH,
                                 .amount = AMOUNT(amount),
                                 .own = AMOUNT(model_balance(m, IN_STAKE, x->provider, 0)),
                                 .unbonding = AMOUNT(model_unbonding(m, x->provider)),
                                 .second = x->instant_s};
}

static void take_one(struct model *m, const struct due *x, u64 era, struct log_era_closed *sum)
{
    static struct taken t;
    struct payee payees[PAYEES];
    u32 n;
    u128 value = model_hour_value(m, x->provider, x->instant_s), fees = claims(m, x, payees, &n);
    u128 amount = amount_of(x, value, fees);
    struct log_slashed *k = &model_expect(m, LOG_Slashed)->u.slashed;

    memset(&t, 0, sizeof(t));
    if (x->cause == SLASH_MISCONDUCT)
        take_of_all(m, x->provider, &t);
    else /* "an outage is an offence from its counted start" (61) */
        take(m, x->provider, amount,
             x->cause == SLASH_BREACH ? x->instant_s : m->outages[x->place].start_s, &t);
    u128 taken = t.own + t.unbonding + t.rewards, of_stake = t.own + t.unbonding;
    if (x->cause == SLASH_MISCONDUCT)
        amount = taken;
    *k = (struct log_slashed){.slash = m->next_slash++,
                              .evidence = x->evidence,
                              .provider = x->provider,
                              .cause = x->cause,
                              .instant_s = x->instant_s,
                              .instant_era = era_of(m, x->instant_s),
                              .close_era = era,
                              .amount = AMOUNT(amount),
                              .hour_liveness = AMOUNT(value),
                              .lease_fees = AMOUNT(fees),
                              .own = AMOUNT(t.own),
                              .unbonding = AMOUNT(t.unbonding),
                              .rewards = AMOUNT(t.rewards),
                              .bad_debt = AMOUNT(amount - taken)}; /* "What is not there" */
    pay_out(m, x, &t, payees, n, k);
    *PUSH(m, slashes) = (struct model_slash){x->provider, x->cause, era, of_stake, amount - taken};
    tell_stake(m, x, of_stake);
    count(m, x, k);
    finish(m, x);
    sum->slashed.wei += taken;
    sum->bad_debt.wei += amount - taken;
    sum->slashes++;
}

void model_slashes_take(struct model *m, u64 era, struct model_span span,
                        struct log_era_closed *sum)
{
    static struct dues d;
    bool judged;

    find_dues(m, span.to_s, &d);
    for (u32 i = 0; i < d.n; i++)
        take_one(m, &d.due[i], era, sum);
    for (u32 i = 0; i < m->n_outages; i++) {
        (void)standby(m, &m->outages[i], span.to_s, &judged);
        m->outages[i].standby_judged = m->outages[i].standby_judged || judged;
    }
    for (u32 i = 0; i < m->n_outages; i++)
        m->outages[i].known_to_s = span.to_s;
}

/* settled 58: "The reserve (sum of the slashes known and not yet applied, at the last era's hourly
 * value)" */
u128 model_reserve(const struct model *m, u32 provider)
{
    static struct dues d;
    struct payee payees[PAYEES];
    u128 sum = 0, value = 0;
    u32 n;

    if (m->era_start_s > 0)
        value = model_hour_value(m, provider, m->era_start_s - 1);
    find_dues(m, m->now_s, &d);
    for (u32 i = 0; i < d.n; i++) {
        const struct due *x = &d.due[i];
        if (x->provider == provider && x->cause != SLASH_MISCONDUCT)
            sum += amount_of(x, value, claims(m, x, payees, &n));
    }
    return sum;
}
