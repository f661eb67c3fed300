#include "chain-mock/watch/close.h"

#include "chain-mock/watch/parts.h"

#include <string.h>

#define HISTORY_ERAS 64u

/* §4.3.7a's table, straight from the figures of the era. */
static bool meets(const struct params *p, const struct tier_era *e, u32 t)
{
    struct tier_terms want = tier_terms(p, t);

    return (u128)e->up_s * BPS_WHOLE > (u128)want.uptime_bps * e->counted_s &&
           (e->tasks == 0 || (u128)e->tasks_done * BPS_WHOLE > (u128)want.tasks_bps * e->tasks) &&
           e->response_us < want.response_us &&
           (!p->feedback_enabled || e->feedback_tenths > want.feedback_tenths);
}

/* Whether the last n eras that counted all have the bit. */
static bool all_of(u64 bits, u32 eras, u64 n)
{
    u64 mask = n == HISTORY_ERAS ? ~(u64)0 : ((u64)1 << n) - 1;

    return eras >= n && (bits & mask) == mask;
}

/* Whether the history tells of the last n eras, be it that there were fewer. */
static bool remembers(const struct provider_note *h, u64 n)
{
    return n <= HISTORY_ERAS && (!h->cut || h->eras >= n);
}

static void remember(struct provider_note *h, const struct params *p, const struct tier_era *e)
{
    for (u32 t = 1; t <= TIERS; t++) {
        bool met = meets(p, e, t);
        bool failed = !met || (t == 1 && !e->papers_valid);
        h->met[t - 1] = h->met[t - 1] << 1 | met;
        h->failed[t - 1] = h->failed[t - 1] << 1 | failed;
    }
    if (h->eras < HISTORY_ERAS)
        h->eras++;
}

/* "promotion to τ ⇒ performance requirements of τ met in each of the last 3 non-neutral eras (at
 * least), and at this close stake > X_τ and (τ=1 ⇒ compliance docs)" */
static void check_promotion(struct state *s, u32 provider, const struct tier_era *e, u32 from,
                            u32 to)
{
    const struct params *p = &s->params;
    const struct provider_note *h = &s->watch->provider[provider];
    bool streak =
        !remembers(h, p->promotion_eras) || all_of(h->met[to - 1], h->eras, p->promotion_eras);
    bool stake = standing_at(s, provider)->own.wei > tier_terms(p, to).stake.wei;

    invariant_implies(s->tally, INV_TIER_2, to < from,
                      to + 1 == from && streak && stake && (to != 1 || e->papers_valid), "provider",
                      provider);
}

/* The stake allows no tier as good as t. */
static bool stake_below(const struct params *p, struct amount stake, u32 t)
{
    while (t > 0 && stake.wei <= tier_terms(p, t).stake.wei)
        t--;
    return t == 0;
}

/* "demotion ⇒ failed current tier in each of the last 5 non-neutral eras, or stake ≤ X_current; and
 * the converse" */
static void check_demotion(struct state *s, u32 provider, u32 from, u32 to, bool resumed)
{
    const struct params *p = &s->params;
    const struct provider_note *h = &s->watch->provider[provider];
    bool short_of = stake_below(p, standing_at(s, provider)->own, from);
    bool known = remembers(h, p->demotion_eras);
    bool failing = known && all_of(h->failed[from - 1], h->eras, p->demotion_eras);

    invariant_implies(s->tally, INV_TIER_3, to > from, failing || short_of || !known, "provider",
                      provider);
    invariant_implies(s->tally, INV_TIER_3, (failing || short_of) && from<TIER_LOWEST, to> from,
                      "provider", provider);
    invariant_implies(s->tally, INV_TIER_3, failing && from == TIER_LOWEST,
                      standing_at(s, provider)->tier.suspended || resumed, "provider", provider);
}

/* "On a move all met[] and failed[] return to 0." */
static void begin_anew(struct provider_note *h)
{
    memset(h->met, 0, sizeof(h->met));
    memset(h->failed, 0, sizeof(h->failed));
    h->eras = 0;
    h->cut = h->moved = 0;
}

void check_anew(struct state *s, u32 provider)
{
    begin_anew(&s->watch->provider[provider]);
}

/* Than the next better one, in each of its four thresholds; governance may have it otherwise. */
static bool asks_less(const struct params *p, u32 t)
{
    struct tier_terms a = tier_terms(p, t), better = tier_terms(p, t - 1);

    return a.uptime_bps <= better.uptime_bps && a.tasks_bps <= better.tasks_bps &&
           a.response_us >= better.response_us && a.feedback_tenths <= better.feedback_tenths;
}

/* TIER-5: "monotone in tier" too. */
static void check_thresholds(struct state *s, u32 provider, const struct provider_note *h,
                             const struct tier_move *m)
{
    for (u32 t = 1; t <= TIERS; t++) {
        bool met = (h->met[t - 1] & 1) != 0;
        invariant_equal(s->tally, INV_TIER_5, m->meets >> (t - 1) & 1, met, "provider", provider);
        if (t < TIERS)
            invariant_implies(s->tally, INV_TIER_5, met && asks_less(&s->params, t + 1),
                              (h->met[t] & 1) != 0, "provider", provider);
    }
}

void check_move(struct state *s, u32 provider, const struct tier_record *before,
                const struct tier_era *e, const struct tier_move *m)
{
    struct provider_note *h = &s->watch->provider[provider];
    u32 from = before->tier, to = standing_at(s, provider)->tier.tier;

    if (h->moved)
        begin_anew(h);
    if (e->registered_all && e->counted_s > 0) {
        remember(h, &s->params, e);
        check_thresholds(s, provider, h, m);
    }
    check_promotion(s, provider, e, from, to);
    check_demotion(s, provider, from, to, m->resumed);
    h->moved = to != from;
}

static struct interval hour_of(struct interval era, u32 h)
{
    return (struct interval){era.from_s + (u64)h * HOUR_S, era.from_s + (u64)(h + 1) * HOUR_S};
}

/* SLA-8: without an outage on record, every whole hour in which he was active is paid. */
static void check_honest(struct state *s, u32 provider, struct interval era, struct hours ok)
{
    const struct provider_row *p = provider_at(s, provider);
    u64 due = 0, paid = 0;

    for (u64 h = interval_length(era) / HOUR_S; p->outage_head == 0 && h-- > 0;) {
        due += p->active_from_s <= era.from_s + h * HOUR_S &&
               era.from_s + (h + 1) * HOUR_S <= p->active_until_s;
        paid += hours_have(ok, (u32)h);
    }
    if (p->outage_head == 0 && due != 0)
        invariant_equal(s->tally, INV_SLA_8, paid, due, "hours of provider", provider);
}

void check_hours(struct state *s, u32 provider, struct interval era, struct hours ok,
                 struct interval_list halts)
{
    u32 hours = (u32)(interval_length(era) / HOUR_S);
    struct interval_list none = {NULL, 0};

    s->watch->provider[provider].paid = ok;
    check_honest(s, provider, era, ok);
    if (!s->params.chain_outage_excluded)
        halts = none;
    for (u32 row = provider_at(s, provider)->outage_head; row != 0; row = outage_at(s, row)->next) {
        struct interval down = {outage_at(s, row)->start_s, outage_at(s, row)->end_s};
        struct interval cooldown = {down.to_s, down.to_s};
        if (down.to_s != INTERVAL_OPEN)
            cooldown.to_s += watch_cooldown_s(s, outage_at(s, row));
        for (u32 h = 0; h < hours; h++) {
            struct interval hour = hour_of(era, h);
            bool paid = hours_have(ok, h);
            bool is_down =
                interval_covered_without((struct interval_list){&down, 1}, halts, hour) > 0;
            invariant_implies(s->tally, INV_RWD_1, is_down, !paid, "provider", provider);
            invariant_implies(s->tally, INV_RWD_2, interval_touch(cooldown, hour), !paid,
                              "provider", provider);
        }
    }
}

void check_liveness(struct state *s, u32 provider, struct interval era,
                    const struct close_record *r, struct amount emission, u128 weight)
{
    u32 row = provider_at(s, provider)->rating_head;
    struct amount want = AMOUNT(0);
    u128 points = 0;

    for (u32 h = (u32)(interval_length(era) / HOUR_S); h-- > 0;) {
        while (row != 0 && rating_at(s, row)->from_s > hour_of(era, h).from_s)
            row = rating_at(s, row)->next;
        if (row != 0 && hours_have(r->ok, h))
            points += rating_at(s, row)->points;
    }
    if (weight != 0)
        check(amount_mul_div(&want, emission, points, weight, ROUND_DOWN));
    invariant_equal(s->tally, INV_RWD_3, r->liveness.wei, want.wei, "provider", provider);
    /* before this close moves it: the tier of the whole era */
    bool lowest = standing_at(s, provider)->tier.tier == TIER_LOWEST && s->params.tier7_zero;
    invariant_implies(s->tally, INV_TIER_6, lowest, r->liveness.wei == 0, "provider", provider);
}
