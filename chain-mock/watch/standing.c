/* standing - who is who and what he has staked: STK-6, STK-8, STK-9, TIER-1, TIER-4, TIER-7. */
#include "chain-mock/watch/parts.h"

bool watch_closing(const struct state *s)
{
    return state_meta(s)->now_s >= state_meta(s)->era_end_s;
}

/* settled 46, 47: a step at a time, but for the stake; "on a move the counters … all return to 0".
 */
static void moved(struct state *s, u32 row, const struct standing_row *b,
                  const struct standing_row *a)
{
    u32 from = b->tier.tier, to = a->tier.tier, streaks = 0;

    for (u32 t = 0; t < TIERS; t++)
        streaks += (u32)a->tier.met[t] + a->tier.failed[t];
    bool is_short = b->own.wei <= tier_terms(&s->params, from).stake.wei;
    bool step = to + 1 == from || to == from + 1 || (to > from && is_short);
    invariant_implies(s->tally, INV_TIER_4, true, step && streaks == 0, "provider", row);
}

void watch_standing(struct state *s, u32 row, const struct standing_row *b,
                    const struct standing_row *a)
{
    u32 rating = provider_at(s, row)->rating_head;
    bool waits = provider_at(s, row)->active_from_s == INTERVAL_OPEN;

    invariant_equal(s->tally, INV_STK_6,
                    a->own.wei + a->unbonding.wei + a->paid_out.wei + a->slashed.wei,
                    a->staked_ever.wei + a->auto_staked.wei, "stake of provider", row);
    invariant_implies(s->tally, INV_TIER_1, true, a->tier.tier >= 1 && a->tier.tier <= TIER_LOWEST,
                      "provider", row);
    invariant_at_most(s->tally, INV_TIER_7, a->tasks_done, a->tasks, "provider", row);
    if (b != NULL && b->tier.tier != a->tier.tier && b->tier.tier != 0 && !waits)
        moved(s, row, b, a);
    if (b != NULL) /* before it is active an approval may set it, settled 18 */
        invariant_implies(s->tally, INV_TIER_1, b->tier.tier != a->tier.tier,
                          b->tier.tier == 0 || waits || watch_closing(s), "provider", row);
    else if (rating != 0)
        invariant_equal(s->tally, INV_TIER_1, a->tier.tier, rating_at(s, rating)->tier, "provider",
                        row);
}

/* §4.3.3 and settled 17: by a transaction of governance, or with the proposal where that is not
 * asked. */
void watch_approved(struct state *s, u32 row)
{
    u32 sender = s->watch->unit.sender;
    bool by_governance = sender != 0 && (account_at(s, sender)->roles & ROLE_GOVERNANCE) != 0;

    invariant_implies(s->tally, INV_STK_9, true, s->params.auto_approve || by_governance,
                      "provider", row);
}

void watch_registered(struct state *s, u32 row, const struct provider_row *p)
{
    invariant_equal(s->tally, INV_STK_8, account_at(s, p->account)->provider, row, "provider", row);
}
