/* tier - streaks counted back through all closes, and the move: settled "The close of an era" 5. */
#include "tests/property/model/parts.h"

struct asks {
    u64 up_bps, tasks_bps, response_us, feedback;
};

/* The table of §4.3.7a. */
static struct asks asks_of(const struct params *p, u32 tier)
{
    const struct asks rows[MODEL_TIERS] = {
#define ROW(t)                                                                                     \
    {p->tier_##t##_uptime, p->tier_##t##_tasks, p->tier_##t##_response, p->tier_##t##_feedback}
        ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7)};
#undef ROW

    return rows[tier - 1];
}

/* "100 × up > UP × counted, and tasks = 0 or 100 × done > TASKS × tasks (42), and response < RESP
 * …, and feedback > RATE if enabled (44)" */
static bool meets(const struct model *m, u32 tier, const struct log_provider_era *e)
{
    struct asks a = asks_of(&m->p, tier);

    return e->up_s * BPS_WHOLE > a.up_bps * e->counted_s &&
           (e->tasks == 0 || (u64)e->tasks_done * BPS_WHOLE > a.tasks_bps * e->tasks) &&
           e->response_us < a.response_us && (!m->p.feedback_enabled || e->feedback > a.feedback);
}

/* Closes in a row, neutral ones passed over, back to the last move: "On a move all met[] and
 * failed[] return to 0". */
static u32 streak(const struct model *m, u32 provider, u32 tier, bool of_met)
{
    u32 n = 0;

    for (u32 i = m->n_judgements; i-- > m->providers[provider].judged_from;) {
        const struct model_judgement *j = &m->judgements[i];
        if (j->provider != provider)
            continue;
        if (j->moved)
            break;
        if (j->neutral) /* settled 47: "neutral keeps" */
            continue;
        if (((of_met ? j->met : j->failed) >> (tier - 1) & 1) == 0)
            break;
        n++;
    }
    return n;
}

u32 model_met(const struct model *m, u32 provider, u32 tier)
{
    return streak(m, provider, tier, true);
}

u32 model_failed(const struct model *m, u32 provider, u32 tier)
{
    return streak(m, provider, tier, false);
}

bool model_suspended(const struct model *m, u32 provider)
{
    for (u32 i = m->n_judgements; i-- > m->providers[provider].judged_from;)
        if (m->judgements[i].provider == provider)
            return m->judgements[i].suspended;
    return false;
}

/* "A = the best tier with stake > X, 7 if there is none" */
static u32 allowed(const struct model *m, u128 stake)
{
    for (u32 t = 1; t < MODEL_TIERS; t++)
        if (stake > model_stake_of_tier(m, t))
            return t;
    return MODEL_TIERS;
}

enum move { STAYS, PROMOTED, DEMOTED_PERFORMANCE, DEMOTED_STAKE, DEMOTED_BOTH, SUSPENDED };

/* "one move at most" */
static u32 moved_to(const struct model *m, u32 provider, u32 t, u128 stake, enum move *why)
{
    u32 a = allowed(m, stake);
    bool failing = model_failed(m, provider, t) >= m->p.demotion_eras;

    *why = STAYS;
    if (a > t) { /* "A below t (a higher number): to A; if also failed[t] ≥ 5, to the worse" */
        u32 next = t + 1;
        *why = failing ? DEMOTED_BOTH : DEMOTED_STAKE;
        return failing && next > a ? next : a;
    }
    if (failing && t < MODEL_TIERS) { /* "else failed[t] ≥ 5: to t + 1" */
        *why = DEMOTED_PERFORMANCE;
        return t + 1;
    }
    if (failing) { /* "in tier 7: suspended, the counters stay" */
        *why = SUSPENDED;
        return t;
    }
    /* "else t > 1 and met[t − 1] ≥ 3 and stake > X of t − 1 and (t − 1 > 1 or the papers are
     * valid)" */
    if (t > 1 && model_met(m, provider, t - 1) >= m->p.promotion_eras &&
        stake > model_stake_of_tier(m, t - 1) && (t - 1 > 1 || model_papers(m, provider))) {
        *why = PROMOTED;
        return t - 1;
    }
    return t;
}

static void count(struct model *m, enum move why, bool resumed, u32 tier)
{
    m->reached.promoted += why == PROMOTED;
    m->reached.demoted += why == DEMOTED_PERFORMANCE;
    m->reached.demoted_by_stake += why == DEMOTED_STAKE;
    m->reached.demoted_by_both += why == DEMOTED_BOTH;
    m->reached.suspended += why == SUSPENDED;
    m->reached.resumed += resumed;
    m->reached.tier7_closes += tier == MODEL_TIERS;
}

void model_judge(struct model *m, u32 provider, struct model_span era, struct log_provider_era *e)
{
    u32 t = model_tier(m, provider);
    u128 stake = model_balance(m, IN_STAKE, provider, 0);
    bool was_suspended = model_suspended(m, provider), resumed;
    enum move why;
    struct model_judgement *j = PUSH(m, judgements);

    *j = (struct model_judgement){.provider = provider, .suspended = was_suspended};
    /* "The era is neutral if the provider was not registered all of it or counted = 0." */
    j->neutral = m->providers[provider].proposed_s > era.from_s || e->counted_s == 0;
    for (u32 i = 1; i <= MODEL_TIERS && !j->neutral; i++) {
        bool met = meets(m, i, e);
        j->met |= (u8)(met << (i - 1));
        /* "failed[t] = 0 if it meets (for t = 1: and the papers of 144 are valid)" */
        j->failed |= (u8)(!(met && (i > 1 || model_papers(m, provider))) << (i - 1));
    }
    /* "A suspended provider that meets tier 7 is no longer suspended." */
    resumed = was_suspended && (j->met >> (MODEL_TIERS - 1) & 1) != 0;
    if (resumed)
        j->suspended = false;
    u32 to = moved_to(m, provider, t, stake, &why);
    e->met_next = t > 1 ? model_met(m, provider, t - 1) : 0;
    e->failed_here = model_failed(m, provider, t);
    j->moved = to != t;
    if (why == SUSPENDED && j->suspended) /* still */
        why = STAYS;
    if (why == SUSPENDED)
        j->suspended = true;
    e->neutral = j->neutral;
    e->tier_before = t;
    e->tier_after = to;
    e->move = (u32)why;
    e->suspended = j->suspended;
    e->stake_judged = AMOUNT(stake);
    if (j->moved) {
        model_hold_tier(m, provider, to, era.to_s);
        model_expect(m, LOG_TierChanged)->u.tier_changed =
            (struct log_tier_changed){provider, t, to, (u32)why, m->era};
    }
    m->reached.judged_eras++;
    m->reached.neutral_eras += j->neutral;
    count(m, why, resumed, t);
}
