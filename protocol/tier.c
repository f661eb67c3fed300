#include "protocol/tier.h"
#include "protocol/mutant.h"

struct tier_terms tier_terms(const struct params *p, u32 t)
{
#define TERMS(t)                                                                                   \
    case t:                                                                                        \
        return (struct tier_terms){p->tier_##t##_stake,    p->tier_##t##_uptime,                   \
                                   p->tier_##t##_tasks,    p->tier_##t##_response,                 \
                                   p->tier_##t##_feedback, p->tier_##t##_multiplier};
    switch (t) {
        TERMS(1)
        TERMS(2)
        TERMS(3)
        TERMS(4)
        TERMS(5)
        TERMS(6)
        TERMS(7)
    }
#undef TERMS
    check_unreachable();
}

const char *tier_reason_text(enum tier_reason r)
{
    switch (r) {
    case TIER_STAYS:
        return "stays";
    case TIER_PROMOTED:
        return "promoted";
    case TIER_DEMOTED_PERFORMANCE:
        return "demoted: performance";
    case TIER_DEMOTED_STAKE:
        return "demoted: stake";
    case TIER_DEMOTED_BOTH:
        return "demoted: performance and stake";
    case TIER_SUSPENDED:
        return "suspended";
    case TIER_REASONS:
        break;
    }
    check_unreachable();
}

struct tier_record tier_record_new(const struct params *p)
{
    return (struct tier_record){.tier = (u8)p->initial_tier};
}

bool tier_era_neutral(const struct tier_era *e)
{
    /* "neutral if the provider was not registered all of it or counted = 0" */
    return !e->registered_all || e->counted_s == 0;
}

bool tier_meets(const struct params *p, u32 t, const struct tier_era *e)
{
    struct tier_terms ask = tier_terms(p, t);

    check(e->up_s <= e->counted_s && e->counted_s <= (u64)1 << 40);
    check(e->tasks_done <= e->tasks && e->tasks <= (u64)1 << 40);
    /* settled 38: ">" (table); "100 × up > UP × counted" */
    if (e->up_s * BPS_WHOLE <= ask.uptime_bps * e->counted_s)
        return false;
    /* settled 42: "none => criterion met" */
    if (e->tasks > 0 && e->tasks_done * BPS_WHOLE <= ask.tasks_bps * e->tasks)
        return false;
    if (e->response_us >= ask.response_us &&
        !MUTATED(RESPONSE_FREE)) /* settled 43: "compared strictly" */
        return false;
    return !p->feedback_enabled || e->feedback_tenths > ask.feedback_tenths; /* settled 44 */
}

static bool exceeds(const struct params *p, u32 t, struct amount stake)
{
    return amount_cmp(stake, tier_terms(p, t).stake) > 0; /* settled 39: "strict" */
}

u32 tier_of_stake(const struct params *p, struct amount stake)
{
    for (u32 t = 1; t < TIER_LOWEST; t++)
        if (exceeds(p, t, stake))
            return t;
    return TIER_LOWEST;
}

static void streak(u16 *count, bool goes_on)
{
    if (!goes_on)
        *count = 0;
    else if (*count < UINT16_MAX)
        ++*count;
}

/* "met[t] = met[t] + 1 if it meets, else 0; failed[t] = 0 if it meets (for t = 1: and the
 * papers of 144 are valid), else failed[t] + 1".  Returns the tiers met as bits. */
static u8 count_era(const struct params *p, struct tier_record *r, const struct tier_era *e)
{
    u32 met = 0;

    for (u32 t = 1; t <= TIERS; t++) {
        bool meets = tier_meets(p, t, e);
        bool papers = t > 1 || e->papers_valid; /* settled 144 */
        streak(&r->met[t - 1], meets);
        streak(&r->failed[t - 1], !(meets && papers));
        met |= (u32)meets << (t - 1);
    }
    return (u8)met;
}

static bool earns_promotion(const struct params *p, const struct tier_record *r,
                            const struct tier_era *e, struct amount stake)
{
    u32 better = r->tier - 1u;

    /* "t > 1 and met[t − 1] ≥ 3 and stake > X of t − 1 and (t − 1 > 1 or the papers are valid)" */
    return r->tier > 1 &&
           r->met[better - 1] >= p->promotion_eras - (MUTATED(PROMOTION_EARLY) ? 1u : 0u) &&
           exceeds(p, better, stake) && (better > 1 || e->papers_valid);
}

/* "Then, neutral or not, one move at most": where to, and why. */
static enum tier_reason decide(const struct params *p, const struct tier_record *r,
                               const struct tier_era *e, struct amount stake, u32 *to)
{
    u32 t = r->tier, allowed = tier_of_stake(p, stake);
    bool failing = r->failed[t - 1] >= p->demotion_eras + (MUTATED(DEMOTION_LATE) ? 1u : 0u);

    *to = t;
    if (allowed > t) { /* settled 46: "to the tier that the stake allows, at era end" */
        *to = allowed;
        /* settled 46: "together with a fifth failing era the lower of the two" */
        return failing ? TIER_DEMOTED_BOTH : TIER_DEMOTED_STAKE;
    }
    if (failing) {
        if (t == TIER_LOWEST)
            return TIER_SUSPENDED; /* settled 48; "the counters stay" */
        *to = t + 1;
        return TIER_DEMOTED_PERFORMANCE;
    }
    if (earns_promotion(p, r, e, stake)) {
        *to = t - 1;
        return TIER_PROMOTED;
    }
    return TIER_STAYS;
}

struct tier_move tier_judge(const struct params *p, struct tier_record *r, const struct tier_era *e,
                            struct amount stake)
{
    struct tier_move move = {.from = r->tier, .neutral = tier_era_neutral(e)};
    u32 to;

    check(r->tier >= 1 && r->tier <= TIERS);
    if (!move.neutral)
        move.meets = count_era(p, r, e);
    if (r->suspended && move.meets >> (TIER_LOWEST - 1) & 1) {
        r->suspended = false; /* "a suspended provider that meets tier 7 is no longer suspended" */
        move.resumed = true;
    }
    move.met_better = r->tier > 1 ? r->met[r->tier - 2] : 0;
    move.failed_held = r->failed[r->tier - 1];
    move.stake_tier = (u8)tier_of_stake(p, stake);
    move.reason = decide(p, r, e, stake, &to);
    move.to = (u8)to;
    if (move.reason == TIER_SUSPENDED) {
        if (r->suspended)
            move.reason = TIER_STAYS; /* it is already */
        r->suspended = true;
    }
    if (to != move.from) /* settled 47: "on a move the counters … all return to 0" */
        *r = MUTATED(STREAKS_KEPT)
                 ? (struct tier_record){.tier = move.to, .met = {r->met[0] + 1u}}
                 : (struct tier_record){.tier = move.to, .suspended = r->suspended};
    return move;
}

bool tier_may_bid(const struct params *p, const struct tier_record *r, struct amount stake)
{
    return !r->suspended && exceeds(p, r->tier, stake); /* settled 46, 48 */
}
