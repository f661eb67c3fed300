#include "chain-mock/contracts/record.h"

#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/task.h"

void close_tell(struct state *s, const struct close_record *r)
{
    const struct provider_row *p = provider_at(s, r->provider);
    const struct standing_row *st = standing_at(s, r->provider);
    struct log_provider_era *l = &state_log(s, LOG_ProviderEra)->u.provider_era;

    *l = (struct log_provider_era){.era = r->era,
                                   .provider = r->provider,
                                   .hours_potential = hours_count(r->potential),
                                   .hours_ok = hours_count(r->ok),
                                   .points_potential = r->points_potential,
                                   .points_ok = r->points_ok,
                                   .up_s = r->perform.up_s,
                                   .counted_s = r->perform.counted_s,
                                   .neutral = r->move.neutral,
                                   .tasks = (u32)r->perform.tasks,
                                   .tasks_done = (u32)r->perform.tasks_done,
                                   .response_us = r->perform.response_us,
                                   .feedback = (u32)r->perform.feedback_tenths,
                                   .papers = r->perform.papers_valid,
                                   .tier_before = r->move.from,
                                   .tier_after = r->move.to,
                                   .move = (u32)r->move.reason,
                                   .suspended = st->tier.suspended,
                                   .met_next = r->move.met_better,
                                   .failed_here = r->move.failed_held,
                                   .liveness = r->liveness,
                                   .bonus = r->bonus,
                                   .stake_judged = r->judged,
                                   .stake_after = st->own,
                                   .unbonding = st->unbonding,
                                   .claimable = st->rewards,
                                   .lease_s = r->lease_s,
                                   .auto_staked = p->auto_stake,
                                   .unbonded = r->unbonded};
}

u64 record_cooldown_s(const struct state *s, u32 outage)
{
    const struct outage_row *o = outage_at(s, outage);

    return o->cooldown_kept ? o->cooldown_s : s->params.cooldown_s;
}

void record_keep_cooldowns(struct state *s, u32 provider, u64 cooldown_s)
{
    u32 row = provider_at(s, provider)->outage_head;

    for (; row != 0; row = outage_at(s, row)->next) {
        if (outage_at(s, row)->end_s == INTERVAL_OPEN || outage_at(s, row)->cooldown_kept)
            continue;
        struct outage_row *o = outage_open(s, row);
        o->cooldown_kept = 1;
        o->cooldown_s = (u32)cooldown_s;
    }
}

static void put_outages_away(struct state *s, u32 provider, struct interval era)
{
    u32 before = 0;

    for (u32 row = provider_at(s, provider)->outage_head; row != 0;) {
        const struct outage_row *o = outage_at(s, row);
        u32 next = o->next;
        bool over = o->end_s != INTERVAL_OPEN && o->up_known_s < era.from_s &&
                    o->end_s + record_cooldown_s(s, row) <= era.to_s;
        if (!over) {
            before = row;
        } else {
            task_remember(s, o);
            if (before == 0)
                provider_open(s, provider)->outage_head = next;
            else
                outage_open(s, before)->next = next;
            outage_free(s, row);
        }
        row = next;
    }
}

/* An outage that goes on may still be slashed at an instant to come, if no lease was active from
 * its beginning to there (settled 54). */
static bool spares_outage(const struct state *s, const struct lease_row *l, u64 end_s)
{
    u32 row = provider_at(s, l->provider)->outage_head;

    for (; row != 0; row = outage_at(s, row)->next) {
        const struct outage_row *o = outage_at(s, row);
        if (o->end_s > end_s && o->start_s < l->ended_s)
            return true;
    }
    return false;
}

static void put_leases_away(struct state *s, u32 provider, struct interval era)
{
    for (u32 row = provider_at(s, provider)->lease_head; row != 0;) {
        const struct lease_row *l = lease_at(s, row);
        u32 next = l->next;
        if (l->ended_s != INTERVAL_OPEN && l->closed_s < era.from_s &&
            !spares_outage(s, l, era.to_s))
            lease_forget(s, row);
        row = next;
    }
}

/* The newest rating at or before the era's start stays, with all after it. */
static void put_ratings_away(struct state *s, u32 provider, struct interval era)
{
    u32 row = provider_at(s, provider)->rating_head;

    while (row != 0 && rating_at(s, row)->from_s > era.from_s)
        row = rating_at(s, row)->next;
    if (row == 0 || rating_at(s, row)->next == 0)
        return;
    u32 old = rating_at(s, row)->next;
    rating_open(s, row)->next = 0;
    while (old != 0) {
        u32 next = rating_at(s, old)->next;
        rating_free(s, old);
        old = next;
    }
}

void record_put_away(struct state *s, u32 provider, struct interval era)
{
    put_outages_away(s, provider, era);
    put_leases_away(s, provider, era);
    put_ratings_away(s, provider, era);
}

void record_put_prices_away(struct state *s, u64 second)
{
    for (u32 t = 1; t < s->tables[TABLE_TOKEN].count; t++) {
        u32 row = token_at(s, t)->price_head;
        while (row != 0 && price_at(s, row)->second > second)
            row = price_at(s, row)->next;
        if (row == 0 || price_at(s, row)->next == 0)
            continue;
        u32 old = price_at(s, row)->next;
        price_open(s, row)->next = 0;
        while (old != 0) {
            u32 next = price_at(s, old)->next;
            price_free(s, old);
            old = next;
        }
    }
}
