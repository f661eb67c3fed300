#include "chain-mock/contracts/close_checks.h"

#include "chain-mock/contracts/registry.h"

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

/* The last n eras, all with the bit; false if there were not so many. */
static bool all_of(u64 bits, u32 eras, u64 n)
{
    u64 mask = n >= HISTORY_ERAS ? ~(u64)0 : ((u64)1 << n) - 1;

    return eras >= (n < HISTORY_ERAS ? n : HISTORY_ERAS) && (bits & mask) == mask;
}

static void remember(struct era_history *h, const struct params *p, const struct tier_era *e)
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

void check_move(struct state *s, u32 provider, const struct tier_record *before,
                const struct tier_era *e, const struct tier_move *m)
{
    const struct params *p = &s->params;
    struct era_history *h = &s->work.history[provider];
    struct amount stake = standing_at(s, provider)->own;
    u32 from = before->tier, to = standing_at(s, provider)->tier.tier;

    if (e->registered_all && e->counted_s > 0)
        remember(h, p, e);
    bool earned = to >= from ||
                  (to + 1 == from && all_of(h->met[to - 1], h->eras, p->promotion_eras) &&
                   amount_cmp(stake, tier_terms(p, to).stake) > 0 && (to != 1 || e->papers_valid));
    bool short_of = amount_cmp(stake, tier_terms(p, from).stake) <= 0;
    bool failing = all_of(h->failed[from - 1], h->eras, p->demotion_eras);
    invariant_implies(s->tally, INV_TIER_2, to < from, earned, "provider", provider);
    invariant_implies(s->tally, INV_TIER_3, to > from, failing || short_of, "provider", provider);
    invariant_implies(s->tally, INV_TIER_3, failing && from<TIER_LOWEST, to> from, "provider",
                      provider);
    invariant_implies(s->tally, INV_TIER_3, failing && from == TIER_LOWEST && to == from,
                      standing_at(s, provider)->tier.suspended || m->resumed, "provider", provider);
    if (to != from)
        memset(h, 0, sizeof(*h));
}

static struct interval hour_of(struct interval era, u32 h)
{
    return (struct interval){era.from_s + (u64)h * HOUR_S, era.from_s + (u64)(h + 1) * HOUR_S};
}

void check_hours(struct state *s, u32 provider, struct interval era, struct hours ok,
                 struct interval_list halts)
{
    u32 hours = (u32)(interval_length(era) / HOUR_S);
    struct interval_list none = {NULL, 0};

    if (!s->params.chain_outage_excluded)
        halts = none;
    for (u32 row = provider_at(s, provider)->outage_head; row != 0; row = outage_at(s, row)->next) {
        struct interval down = {outage_at(s, row)->start_s, outage_at(s, row)->end_s};
        struct interval cooldown = {down.to_s, down.to_s};
        if (down.to_s != INTERVAL_OPEN)
            cooldown.to_s += s->params.cooldown_s;
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
    u32 hours = (u32)(interval_length(era) / HOUR_S);
    struct amount want = AMOUNT(0);
    u128 points = 0;

    for (u32 h = 0; h < hours; h++) {
        if (hours_have(r->ok, h))
            points += registry_points(s, provider, era.from_s + (u64)h * HOUR_S);
    }
    if (weight != 0)
        check(amount_mul_div(&want, emission, points, weight, ROUND_DOWN));
    invariant_equal(s->tally, INV_RWD_3, r->liveness.wei, want.wei, "provider", provider);
    u32 row = provider_at(s, provider)->rating_head;
    bool lowest = row != 0 && rating_at(s, row)->from_s <= era.from_s &&
                  rating_at(s, row)->tier == TIER_LOWEST && s->params.tier7_zero;
    invariant_implies(s->tally, INV_TIER_6, lowest, r->liveness.wei == 0, "provider", provider);
}
