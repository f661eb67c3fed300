/* era - the full form of what a close decides: TIER-2, TIER-3, RWD-1 to 4, SLA-2 to 4, SLA-8.
 *
 * All that the close went by is still there: outages, halts, leases, ratings and the era's row.
 * Each figure is found again from them, hour by hour and halt by halt, and compared with what the
 * close told, what it left in the rows, and what the cheap form noted while it went on.
 */
#include "chain-mock/watch/parts.h"

struct look {
    struct state *s;
    struct interval span;
    u64 era;
    u32 hours;
    u128 weight;   /* W, found again */
    u128 emission; /* of the era's row */
};

static struct interval hour_of(const struct look *k, u32 h)
{
    u64 from_s = k->span.from_s + (u64)h * HOUR_S;

    return (struct interval){from_s, from_s + HOUR_S};
}

/* ---- hours ---- */

/* The first second at or after this one in which the chain was not halted. */
static u64 after_halts(const struct state *s, u64 second)
{
    for (u32 row = 1; s->params.chain_outage_excluded && row < s->tables[TABLE_HALT].count; row++) {
        const struct halt_row *h = halt_at(s, row); /* they are in order and apart */
        if (second >= h->start_s && second < h->end_s)
            second = h->end_s;
    }
    return second;
}

/* settled 62: "an hour is lost when one second of it is down"; 63: halted seconds are up. */
static bool down_in(const struct state *s, const struct outage_row *o, struct interval hour)
{
    u64 first = o->start_s > hour.from_s ? o->start_s : hour.from_s;
    u64 end = o->end_s < hour.to_s ? o->end_s : hour.to_s;

    return first < end && after_halts(s, first) < end;
}

/* settled 62: "cooldown [reconnect, reconnect + 3600 s) after any down→up, also into the next era"
 */
static bool cooling_in(const struct state *s, const struct outage_row *o, struct interval hour)
{
    u64 length_s = watch_cooldown_s(s, o);

    return length_s > 0 && o->end_s < hour.to_s && o->end_s + length_s > hour.from_s;
}

struct hour_seen {
    bool potential, down, cooling;
};

static struct hour_seen see_hour(const struct look *k, u32 provider, u32 h)
{
    const struct provider_row *p = provider_at(k->s, provider);
    struct interval hour = hour_of(k, h);
    struct hour_seen seen = {.potential =
                                 p->active_from_s <= hour.from_s && hour.to_s <= p->active_until_s};

    for (u32 row = p->outage_head; row != 0; row = outage_at(k->s, row)->next) {
        seen.down = seen.down || down_in(k->s, outage_at(k->s, row), hour);
        seen.cooling = seen.cooling || cooling_in(k->s, outage_at(k->s, row), hour);
    }
    return seen;
}

static u128 points_at(const struct look *k, u32 provider, u32 h)
{
    u32 row = provider_at(k->s, provider)->rating_head;

    while (row != 0 && rating_at(k->s, row)->from_s > hour_of(k, h).from_s)
        row = rating_at(k->s, row)->next;
    return row == 0 ? 0 : watch_points(&k->s->params, rating_at(k->s, row));
}

/* RWD-1, RWD-2 of each hour, and the points of all earned and all potential ones. */
static u128 see_hours(struct look *k, u32 provider)
{
    struct hours paid = k->s->watch->provider[provider].paid;
    u128 earned = 0;

    for (u32 h = 0; h < k->hours; h++) {
        struct hour_seen seen = see_hour(k, provider, h);
        u128 points = seen.potential ? points_at(k, provider, h) : 0;
        invariant_implies(k->s->tally, INV_RWD_1, seen.down, !hours_have(paid, h), "provider",
                          provider);
        invariant_implies(k->s->tally, INV_RWD_2, seen.cooling, !hours_have(paid, h), "provider",
                          provider);
        invariant_implies(k->s->tally, INV_SLA_8,
                          seen.potential && provider_at(k->s, provider)->outage_head == 0,
                          hours_have(paid, h), "provider", provider);
        k->weight += points;
        if (!seen.down && !seen.cooling)
            earned += points;
    }
    return earned;
}

static void liveness(struct look *k, const struct log_provider_era *told, u128 earned)
{
    struct amount want = AMOUNT(0);

    if (k->weight != 0)
        check(amount_mul_div(&want, AMOUNT(k->emission), earned, k->weight, ROUND_DOWN));
    invariant_equal(k->s->tally, INV_RWD_3, told->liveness.wei, want.wei, "provider",
                    told->provider);
}

/* ---- tiers ---- */

/* Eras in a row, the last one included. */
static u32 run_of(u64 bits, u32 eras)
{
    u32 n = 0;

    while (n < eras && n < 64 && (bits >> n & 1) != 0)
        n++;
    return n;
}

/* Whether a run of `eras` that are all known could have begun before what is known. */
static bool open_ended(const struct provider_note *n, u32 run)
{
    return run == 64 || (n->cut && run == n->eras);
}

/* settled 41: "uptime = up seconds / seconds of the era in which the provider was registered and
 * the chain was not halted" */
static u64 seconds_not_halted(const struct state *s, u64 from_s, u64 to_s)
{
    u64 n = to_s > from_s ? to_s - from_s : 0;

    for (u32 row = 1; s->params.chain_outage_excluded && row < s->tables[TABLE_HALT].count; row++) {
        const struct halt_row *h = halt_at(s, row);
        u64 first = h->start_s > from_s ? h->start_s : from_s;
        u64 end = h->end_s < to_s ? h->end_s : to_s;
        n -= end > first ? end - first : 0;
    }
    return n;
}

static void uptime(struct look *k, const struct log_provider_era *told)
{
    const struct provider_row *p = provider_at(k->s, told->provider);
    u64 from_s = p->registered_s > k->span.from_s ? p->registered_s : k->span.from_s, down_s = 0;
    u64 counted_s = seconds_not_halted(k->s, from_s, k->span.to_s);

    for (u32 row = p->outage_head; row != 0; row = outage_at(k->s, row)->next) {
        const struct outage_row *o = outage_at(k->s, row);
        down_s += seconds_not_halted(k->s, o->start_s > from_s ? o->start_s : from_s,
                                     o->end_s < k->span.to_s ? o->end_s : k->span.to_s);
    }
    invariant_equal(k->s->tally, INV_TIER_2, told->counted_s, counted_s, "counted of provider",
                    told->provider);
    invariant_equal(k->s->tally, INV_TIER_2, told->up_s, counted_s - down_s, "uptime of provider",
                    told->provider);
}

/* settled 42: seconds that the longest outage which affected a lease had lasted at its end. */
static u64 longest_outage(const struct state *s, const struct lease_row *l)
{
    u64 longest = l->outage_s;

    for (u32 row = provider_at(s, l->provider)->outage_head; row != 0;
         row = outage_at(s, row)->next) {
        const struct outage_row *o = outage_at(s, row);
        u64 end_s = o->end_s < l->ended_s ? o->end_s : l->ended_s;
        u64 first_s = o->start_s > l->start_s ? o->start_s : l->start_s;
        if (first_s < end_s && end_s - o->start_s > longest)
            longest = end_s - o->start_s;
    }
    return longest;
}

static bool fails(const struct state *s, const struct lease_row *l)
{
    bool by_provider = l->reason == LEASE_PROVIDER && !l->image_failed;

    return by_provider || l->reason == LEASE_PROVIDER_BREACH ||
           longest_outage(s, l) > s->params.task_outage_s;
}

/* settled 42: "a lease counts in the era of its end"; 154: what a moment ends at the second between
 * two eras counts in the earlier one, what a transaction ends in the later. */
static void tasks(struct look *k, const struct log_provider_era *told)
{
    u32 all = 0, failed = 0;

    for (u32 row = provider_at(k->s, told->provider)->lease_head; row != 0;
         row = lease_at(k->s, row)->next) {
        const struct lease_row *l = lease_at(k->s, row);
        bool moment = l->reason == LEASE_EXPIRED || l->reason == LEASE_INSUFFICIENT ||
                      l->reason == LEASE_PROVIDER_BREACH;
        if (l->ended_s == INTERVAL_OPEN || l->ended_s < k->span.from_s + moment)
            continue;
        all++;
        failed += fails(k->s, l);
    }
    invariant_equal(k->s->tally, INV_TIER_2, told->tasks, all, "tasks of provider", told->provider);
    invariant_equal(k->s->tally, INV_TIER_2, told->tasks_done, all - failed,
                    "tasks done of provider", told->provider);
}

/* A: "the best tier with stake > X, 7 if there is none" */
static u32 allowed_tier(const struct params *p, u128 stake)
{
    u32 best = TIER_LOWEST;

    for (u32 t = TIER_LOWEST; t >= 1; t--) {
        if (stake > tier_terms(p, t).stake.wei)
            best = t;
    }
    return best;
}

/* Step 5's move from the streaks and the stake that was judged, which is what there is now without
 * this close's rewards. */
static u32 wanted_tier(const struct look *k, const struct log_provider_era *told, bool failing)
{
    const struct params *p = &k->s->params;
    const struct provider_note *n = &k->s->watch->provider[told->provider];
    u128 stake = standing_at(k->s, told->provider)->own.wei;
    u32 held = told->tier_before;

    if (told->auto_staked)
        stake -= told->liveness.wei + told->bonus.wei;
    u32 allowed = allowed_tier(p, stake);
    if (allowed > held)
        return allowed;
    if (failing)
        return held == TIER_LOWEST ? held : held + 1;
    if (held > 1 && run_of(n->met[held - 2], n->eras) >= p->promotion_eras &&
        stake > tier_terms(p, held - 1).stake.wei && (held > 2 || told->papers))
        return held - 1;
    return held;
}

static void streaks(struct look *k, u32 provider, bool moved)
{
    const struct provider_note *n = &k->s->watch->provider[provider];
    const struct tier_record *r = &standing_at(k->s, provider)->tier;

    for (u32 t = 0; t < TIERS; t++) {
        u32 met = moved ? 0 : run_of(n->met[t], n->eras);
        u32 failed = moved ? 0 : run_of(n->failed[t], n->eras);
        if (!moved && open_ended(n, met))
            invariant_at_most(k->s->tally, INV_TIER_2, met, r->met[t], "streak of provider",
                              provider);
        else
            invariant_equal(k->s->tally, INV_TIER_2, r->met[t], met, "streak of provider",
                            provider);
        if (!moved && open_ended(n, failed))
            invariant_at_most(k->s->tally, INV_TIER_3, failed, r->failed[t], "streak of provider",
                              provider);
        else
            invariant_equal(k->s->tally, INV_TIER_3, r->failed[t], failed, "streak of provider",
                            provider);
    }
}

static void tier(struct look *k, const struct log_provider_era *told)
{
    const struct provider_note *n = &k->s->watch->provider[told->provider];
    const struct standing_row *st = standing_at(k->s, told->provider);
    u32 held = told->tier_before, is = st->tier.tier;
    bool failing = run_of(n->failed[held - 1], n->eras) >= k->s->params.demotion_eras;
    bool known = !n->cut || n->eras >= k->s->params.demotion_eras + k->s->params.promotion_eras;

    streaks(k, told->provider, n->moved);
    if (!known)
        return;
    u32 want = wanted_tier(k, told, failing);
    invariant_implies(k->s->tally, INV_TIER_2, is < held || want < held, is == want, "provider",
                      told->provider);
    invariant_implies(k->s->tally, INV_TIER_3, is > held || want > held, is == want, "provider",
                      told->provider);
    invariant_implies(k->s->tally, INV_TIER_3, failing && held == TIER_LOWEST, st->tier.suspended,
                      "provider", told->provider);
}

/* ---- slashes ---- */

/* What an outage owed to this close: instants that it did not know before, up to its end. */
struct owed {
    u64 from_s, to_s; /* of the instants */
    u64 end_s;        /* of the outage, as far as the era goes */
};

static struct owed owed_by(const struct look *k, const struct outage_row *o)
{
    bool known_before = o->id < k->s->watch->totals.evidence_before;
    u64 end_s = o->end_s < k->span.to_s ? o->end_s : k->span.to_s;

    return (struct owed){known_before ? k->span.from_s : 0, k->span.to_s, end_s};
}

/* settled 54: "once per outage, at the instant start + 3600 s if the outage lasts longer (strictly)
 * and no lease was active in [start, start + 3600 s)"; before: an earlier close has slashed it */
static u32 standby_owed(struct look *k, const struct outage_row *o, const struct outage_note *n,
                        bool before)
{
    struct owed w = owed_by(k, o);
    u64 instant_s = o->start_s + k->s->params.standby_slash_after_s;
    u128 fees;
    bool due = !before && w.end_s > instant_s && instant_s >= w.from_s && instant_s < w.to_s &&
               watch_leases_in(k->s, o, o->start_s, instant_s, &fees) == 0;

    invariant_equal(k->s->tally, INV_SLA_2, n->standbys, due, "outage", o->id);
    if (due)
        invariant_equal(k->s->tally, INV_SLA_2, n->standby_wei,
                        watch_hour_value(k->s, o->provider, instant_s), "outage", o->id);
    return due;
}

/* settled 53: "each started hour [start + 3600 k, + 3600) of the outage …, that began and in which
 * a lease was active for at least a second of the outage" */
static u32 hours_owed(struct look *k, const struct outage_row *o, const struct outage_note *n)
{
    struct owed w = owed_by(k, o);
    u128 wei = 0, fees;
    u32 due = 0;

    for (u64 at_s = o->start_s; at_s < w.end_s; at_s += HOUR_S) {
        u64 to_s = at_s + HOUR_S < w.end_s ? at_s + HOUR_S : w.end_s;
        if (at_s < w.from_s || watch_leases_in(k->s, o, at_s, to_s, &fees) == 0)
            continue;
        u128 value = watch_hour_value(k->s, o->provider, at_s);
        wei += value > fees ? value : fees;
        due++;
    }
    invariant_equal(k->s->tally, INV_SLA_3, n->hours_wei, wei, "outage", o->id);
    return due;
}

/* settled 116: a lease that was never confirmed is "one started hour of row 53", at its end. */
static u32 breaches_owed(const struct look *k, u32 provider)
{
    u32 n = 0;

    for (u32 i = provider_at(k->s, provider)->lease_head; i != 0; i = lease_at(k->s, i)->next) {
        const struct lease_row *l = lease_at(k->s, i);
        n += l->reason == LEASE_PROVIDER_BREACH && l->ended_s >= k->span.from_s &&
             l->ended_s < k->span.to_s;
    }
    return n;
}

/* SLA-4: as many slashes as there is evidence for. */
static void slashes(struct look *k, u32 provider)
{
    struct state *s = k->s;
    const struct outage_note none = {0};
    u32 owed = breaches_owed(k, provider);

    if (s->watch->totals.outages_cut)
        return;
    for (u32 row = provider_at(s, provider)->outage_head; row != 0; row = outage_at(s, row)->next) {
        const struct outage_note *all = &s->watch->outage[row];
        const struct outage_note *n = all->era == k->era + 1 ? all : &none;
        bool before = all->standby_used && n->standbys == 0;
        u32 hours = hours_owed(k, outage_at(s, row), n);
        invariant_equal(s->tally, INV_SLA_4, n->hours, hours, "outage", outage_at(s, row)->id);
        owed += hours + standby_owed(k, outage_at(s, row), n, before);
    }
    owed += s->watch->provider[provider].struck_era == k->era + 1;
    invariant_equal(s->tally, INV_SLA_4,
                    standing_at(s, provider)->slash_counts[k->era % SLASH_WINDOW], owed,
                    "slashes of provider", provider);
}

/* ---- all ---- */

static const struct log_provider_era *told_of(const struct look *k, u32 *at, u32 provider)
{
    for (; *at < k->s->log_count; ++*at) {
        const struct log *l = &k->s->logs[*at];
        if (l->kind == LOG_ProviderEra && l->u.provider_era.era == k->era &&
            l->u.provider_era.provider == provider)
            return &l->u.provider_era;
    }
    return NULL;
}

bool watch_due(const struct state *s, u64 eras)
{
    return s->full_every != 0 && (eras % s->full_every == 0 || eras == s->full_last);
}

/* RWD-6: all alike, "pro rata by floor if short". */
static void bonuses(struct look *k, u32 providers)
{
    u128 left = k->emission, each = k->s->params.bonus_amount.wei;
    u32 at = 0, n = 0;

    for (u32 p = 1; p <= providers; p++) {
        const struct log_provider_era *told = told_of(k, &at, p);
        if (told == NULL)
            return;
        k->s->work.points[p] = watch_bonus_due(k->s, k->span, told);
        n += k->s->work.points[p] != 0;
        left -= told->liveness.wei;
    }
    if (n > 0 && each > left / n)
        each = left / n;
    at = 0;
    for (u32 p = 1; p <= providers; p++)
        watch_bonus(k->s, told_of(k, &at, p), k->s->work.points[p] != 0, each);
}

void watch_era(struct state *s, u64 era, struct interval span)
{
    const struct era_row *e = era_at(s, (u32)era + 1);
    struct look k = {.s = s,
                     .span = span,
                     .era = era,
                     .hours = (u32)(interval_length(span) / HOUR_S),
                     .emission = e->emission.wei};
    u32 providers = s->tables[TABLE_PROVIDER].count - 1, at = 0;
    u128 given = 0;

    check(s->journal.rows == 0);
    s->tally->form = FORM_FULL;
    for (u32 p = 1; p <= providers; p++)
        s->work.points[p] = see_hours(&k, p);
    invariant_equal(s->tally, INV_RWD_3, e->weight, k.weight, "W of era", era);
    for (u32 p = 1; p <= providers; p++) {
        const struct log_provider_era *told = told_of(&k, &at, p);
        invariant_implies(s->tally, INV_RWD_3, true, told != NULL, "provider", p);
        if (told == NULL)
            break;
        given += told->liveness.wei + told->bonus.wei;
        liveness(&k, told, s->work.points[p]);
        uptime(&k, told);
        tasks(&k, told);
        tier(&k, told);
        slashes(&k, p);
    }
    invariant_at_most(s->tally, INV_RWD_4, given, k.emission, "era", era);
    bonuses(&k, providers);
    s->tally->form = FORM_CHEAP;
}
