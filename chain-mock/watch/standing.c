/* standing - who is who and what he has staked: STK-6, STK-8, TIER-1. */
#include "chain-mock/watch/parts.h"

/* The close of an era goes on: its end has come, and the next has not begun. */
static bool closing(const struct state *s)
{
    return state_meta(s)->now_s >= state_meta(s)->era_end_s;
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
    if (b != NULL) /* before it is active an approval may set it, settled 18 */
        invariant_implies(s->tally, INV_TIER_1, b->tier.tier != a->tier.tier,
                          b->tier.tier == 0 || waits || closing(s), "provider", row);
    else if (rating != 0)
        invariant_equal(s->tally, INV_TIER_1, a->tier.tier, rating_at(s, rating)->tier, "provider",
                        row);
}

void watch_registered(struct state *s, u32 row, const struct provider_row *p)
{
    invariant_equal(s->tally, INV_STK_8, account_at(s, p->account)->provider, row, "provider", row);
}
