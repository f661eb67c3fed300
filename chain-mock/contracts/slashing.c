#include "chain-mock/contracts/slashing.h"

#include "chain-mock/contracts/escrow.h"
#include "chain-mock/contracts/registry.h"
#include "chain-mock/contracts/staking.h"
#include "chain-mock/contracts/token.h"
#include "protocol/liveness.h"
#include "protocol/mutant.h"
#include "protocol/slash.h"

/* The era that a second lies in: the present one or a closed one. */
static u64 era_of(const struct state *s, u64 second)
{
    u64 era = state_meta(s)->era;

    if (second >= state_meta(s)->era_start_s)
        return era;
    while (era > 0 && era_at(s, (u32)era)->start_s > second)
        era--;
    return era > 0 ? era - 1 : 0;
}

struct amount slashing_hour_value(const struct state *s, u32 provider, u64 second)
{
    u64 era = era_of(s, second);

    if (era + 1 >= s->tables[TABLE_ERA].count)
        return AMOUNT(0); /* nothing of the present era is fixed before its close */
    const struct era_row *e = era_at(s, (u32)era + 1);
    u64 hour_s = e->start_s + (second - e->start_s) / HOUR_S * HOUR_S;
    return liveness_hour(e->emission, registry_points(s, provider, hour_s), e->weight);
}

struct amount slashing_fee(const struct state *s, const struct lease_row *l, u64 token_usd_e8,
                           u64 native_usd_e8)
{
    struct amount fee;
    bool fits = slash_fee(l->price, l->token == TOKEN_SPON, token_usd_e8, native_usd_e8,
                          token_at(s, l->token + 1)->decimals, &fee);

    return fits ? fee : AMOUNT(U128_MAX);
}

static struct interval outage_interval(const struct outage_row *o)
{
    return (struct interval){o->start_s, o->end_s};
}

static struct interval lease_interval(const struct lease_row *l)
{
    return (struct interval){l->start_s, l->ended_s};
}

static bool lease_in(const struct state *s, u32 provider, struct interval when)
{
    for (u32 row = provider_at(s, provider)->lease_head; row != 0; row = lease_at(s, row)->next) {
        if (interval_touch(lease_interval(lease_at(s, row)), when))
            return true;
    }
    return false;
}

void slashing_reprice(struct state *s, u32 provider)
{
    for (u32 row = provider_at(s, provider)->outage_head; row != 0; row = outage_at(s, row)->next) {
        if (outage_at(s, row)->known_s != outage_at(s, row)->start_s ||
            outage_at(s, row)->dealt_until_s != 0)
            continue;
        struct outage_row *o = outage_open(s, row);
        for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++)
            o->usd_e8[t] = oracle_price_at(s, t, o->start_s);
    }
}

/* ---- collecting ---- */

static void add_due(struct state *s, u32 *n, struct slash_due due)
{
    check(*n < WORK_MANY);
    s->work.slashes[(*n)++] = due;
}

/* settled 54: "once per outage, at the instant start + 3600 s if the outage lasts longer
 * (strictly)".  An outage that a close knew it has judged for all instants before that close's end:
 * another limit does not call them up again. */
static bool standby_instant(const struct state *s, const struct outage_row *o, u64 end_s,
                            struct interval *idle)
{
    return !o->standby_done && slash_standby(&s->params, outage_interval(o), end_s, idle) &&
           idle->to_s >= o->dealt_until_s;
}

/* settled 54: "and no lease was active in [start, start + 3600 s)" */
static bool standby_due(const struct state *s, const struct outage_row *o, u64 end_s, u64 *instant)
{
    struct interval idle;

    if (!standby_instant(s, o, end_s, &idle) ||
        (lease_in(s, o->provider, idle) && !MUTATED(STANDBY_LEASED)))
        return false;
    *instant = idle.to_s;
    return true;
}

static void collect_standby(struct state *s, u32 row, u64 end_s, u32 *n)
{
    const struct outage_row *o = outage_at(s, row);
    u64 instant_s;

    if (!standby_due(s, o, end_s, &instant_s))
        return;
    add_due(s, n,
            (struct slash_due){.instant_s = instant_s,
                               .evidence = o->id,
                               .provider = o->provider,
                               .row = row,
                               .cause = SLASH_STANDBY});
}

/* settled 53: "each started hour … in which a lease was active for at least a second" */
static void collect_deployment(struct state *s, u32 row, u64 end_s, u32 *n)
{
    const struct outage_row *o = outage_at(s, row);
    struct interval outage = outage_interval(o), hour;

    if (provider_at(s, o->provider)->lease_head == 0)
        return;
    for (u64 k = slash_first_hour(outage, o->dealt_until_s); slash_hour(outage, end_s, k, &hour);
         k++) {
        if (lease_in(s, o->provider, hour))
            add_due(s, n,
                    (struct slash_due){.instant_s = hour.from_s,
                                       .evidence = o->id,
                                       .hour = hour,
                                       .provider = o->provider,
                                       .row = row,
                                       .cause = SLASH_DEPLOYMENT});
    }
}

static void collect_breaches(struct state *s, u64 end_s, u32 *n)
{
    for (u32 row = 1; row < s->tables[TABLE_BREACH].count; row++) {
        const struct breach_row *b = breach_at(s, row);
        if (b->provider != 0 && b->instant_s < end_s)
            add_due(s, n,
                    (struct slash_due){.instant_s = b->instant_s,
                                       .evidence = b->id,
                                       .provider = b->provider,
                                       .row = row,
                                       .cause = SLASH_BREACH});
    }
}

static void collect_verdicts(struct state *s, u64 end_s, u32 *n)
{
    for (u32 row = 1; row < s->tables[TABLE_VERDICT].count; row++) {
        const struct verdict_row *v = verdict_at(s, row);
        if (v->provider != 0 && v->instant_s < end_s)
            add_due(s, n,
                    (struct slash_due){.instant_s = v->instant_s,
                                       .evidence = v->id,
                                       .provider = v->provider,
                                       .row = row,
                                       .cause = SLASH_MISCONDUCT});
    }
}

/* Instant, then evidence; one outage may have its standby and a deployment slash at one instant. */
static bool due_before(const struct slash_due *a, const struct slash_due *b)
{
    if (a->instant_s != b->instant_s && !MUTATED(SLASHES_BY_EVIDENCE))
        return a->instant_s < b->instant_s;
    if (a->evidence != b->evidence)
        return a->evidence < b->evidence;
    return a->cause < b->cause;
}

static void sift(struct slash_due *at, u32 i, u32 n)
{
    struct slash_due x = at[i];

    while (2 * i + 1 < n) {
        u32 child = 2 * i + 1;
        if (child + 1 < n && due_before(&at[child], &at[child + 1]))
            child++;
        if (!due_before(&x, &at[child]))
            break;
        at[i] = at[child];
        i = child;
    }
    at[i] = x;
}

/* A heap sort: no memory, and the order is total. */
static void sort_due(struct slash_due *at, u32 n)
{
    for (u32 i = n / 2; i-- > 0;)
        sift(at, i, n);
    while (n > 1) {
        struct slash_due last = at[--n];
        at[n] = at[0];
        at[0] = last;
        sift(at, 0, n);
    }
}

u32 slashing_collect(struct state *s, u64 end_s)
{
    u32 n = 0;

    for (u32 p = 1; p < s->tables[TABLE_PROVIDER].count; p++) {
        for (u32 row = provider_at(s, p)->outage_head; row != 0; row = outage_at(s, row)->next) {
            collect_standby(s, row, end_s, &n);
            collect_deployment(s, row, end_s, &n);
        }
    }
    collect_breaches(s, end_s, &n);
    collect_verdicts(s, end_s, &n);
    sort_due(s->work.slashes, n);
    return n;
}

/* ---- the reserve ---- */

/* Sums beyond 2^128 are as good as 2^128 - 1: no stake comes near them. */
static void add(struct amount *sum, struct amount a)
{
    if (!amount_add(sum, *sum, a))
        *sum = AMOUNT(U128_MAX);
}

/* The fees of the leases that were active in an hour of an outage; false: there were none. */
static bool fees_in(const struct state *s, const struct outage_row *o, struct interval hour,
                    struct amount *fees)
{
    bool any = false;

    *fees = AMOUNT(0);
    for (u32 i = provider_at(s, o->provider)->lease_head; i != 0; i = lease_at(s, i)->next) {
        const struct lease_row *l = lease_at(s, i);
        if (!interval_touch(lease_interval(l), hour))
            continue;
        any = true;
        add(fees, slashing_fee(s, l, o->usd_e8[l->token], o->usd_e8[TOKEN_SPON]));
    }
    return any;
}

/* What an outage has cost until now and no close has taken yet. */
static struct amount reserve_of(const struct state *s, const struct outage_row *o, u64 now_s,
                                struct amount value)
{
    struct interval outage = outage_interval(o), hour;
    struct amount sum = AMOUNT(0), fees;
    u64 instant_s;

    if (standby_due(s, o, now_s, &instant_s))
        add(&sum, value);
    for (u64 k = slash_first_hour(outage, o->dealt_until_s); slash_hour(outage, now_s, k, &hour);
         k++) {
        if (fees_in(s, o, hour, &fees))
            add(&sum, slash_deployment(value, fees));
    }
    return sum;
}

struct amount slashing_reserve(const struct state *s, u32 provider, u64 now_s)
{
    u64 last = state_meta(s)->era_start_s;
    struct amount sum = AMOUNT(0), value = AMOUNT(0);

    if (last > 0)
        value = slashing_hour_value(s, provider, last - 1);
    for (u32 row = provider_at(s, provider)->outage_head; row != 0; row = outage_at(s, row)->next)
        add(&sum, reserve_of(s, outage_at(s, row), now_s, value));
    for (u32 row = 1; row < s->tables[TABLE_BREACH].count; row++) {
        const struct breach_row *b = breach_at(s, row);
        if (b->provider == provider)
            add(&sum, slash_deployment(value, b->fee));
    }
    return sum;
}

void slashing_done(struct state *s, u32 provider, u64 end_s)
{
    u32 row = provider_at(s, provider)->outage_head;

    for (; row != 0; row = outage_at(s, row)->next) {
        struct outage_row *o = outage_open(s, row);
        struct interval idle;
        if (standby_instant(s, o, end_s, &idle))
            o->standby_done = 1; /* slashed, or spared for a lease: once an outage */
        o->dealt_until_s = MUTATED(HOURS_AGAIN) ? 0 : end_s;
    }
}
