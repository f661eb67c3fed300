#include "chain-mock/contracts/close.h"

#include "chain-mock/contracts/escrow.h"
#include "chain-mock/contracts/governance.h"
#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/record.h"
#include "chain-mock/contracts/registry.h"
#include "chain-mock/contracts/slashing.h"
#include "chain-mock/contracts/staking.h"
#include "chain-mock/contracts/task.h"
#include "chain-mock/contracts/token.h"
#include "chain-mock/watch/close.h"
#include "chain-mock/watch/watch.h"
#include "protocol/emission.h"
#include "protocol/liveness.h"
#include "protocol/mutant.h"
#include "protocol/outage.h"

/* One close while it goes on. */
struct closing {
    struct state *s;
    u64 era;
    struct interval span;
    struct amount emission, liveness, bonus;
    struct amount bonus_each;
    u128 weight;
    struct interval_list halts;
    u32 providers, bonuses;
    struct slash_totals slashes;
};

/* ---- step 2: hours and W ---- */

static u128 points_in(const struct state *s, u32 provider, struct interval era, struct hours hours)
{
    u32 row = provider_at(s, provider)->rating_head;
    u32 to = (u32)(interval_length(era) / HOUR_S);
    u128 sum = 0;

    /* newest first: each rating covers the hours that start from its second on */
    for (; row != 0 && to > 0; row = rating_at(s, row)->next) {
        const struct rating_row *r = rating_at(s, row);
        u32 from = 0;
        if (r->from_s >= era.to_s)
            continue;
        if (r->from_s > era.from_s)
            from = (u32)((r->from_s - era.from_s + HOUR_S - 1) / HOUR_S);
        if (from < to) {
            sum += (u128)r->points * hours_count_in(hours, from, to);
            to = from;
        }
    }
    return sum;
}

static struct hours potential_hours(const struct state *s, u32 provider, struct interval era)
{
    const struct provider_row *p = provider_at(s, provider);

    if (p->active_from_s == INTERVAL_OPEN)
        return (struct hours){{0}};
    return hours_whole(era, (struct interval){p->active_from_s, p->active_until_s});
}

static struct interval_list outages_of(const struct state *s, u32 provider)
{
    u32 n = 0;

    for (u32 row = provider_at(s, provider)->outage_head; row != 0; row = outage_at(s, row)->next) {
        check(n < WORK_SOME);
        s->work.outages[n++] =
            (struct interval){outage_at(s, row)->start_s, outage_at(s, row)->end_s};
    }
    for (u32 a = 0; a + 1 < n - a && n > 0; a++) { /* the list is latest first */
        struct interval x = s->work.outages[a];
        s->work.outages[a] = s->work.outages[n - 1 - a];
        s->work.outages[n - 1 - a] = x;
    }
    return (struct interval_list){s->work.outages, n};
}

static struct interval_list cooldowns_of(const struct state *s, u32 provider)
{
    u32 n = 0;

    for (u32 row = provider_at(s, provider)->outage_head; row != 0; row = outage_at(s, row)->next) {
        const struct outage_row *o = outage_at(s, row);
        check(n < WORK_SOME);
        s->work.cooldowns[n++] =
            outage_cooldown((struct interval){o->start_s, o->end_s}, record_cooldown_s(s, row));
    }
    return (struct interval_list){s->work.cooldowns, n};
}

static struct hours ok_hours(const struct closing *c, u32 provider, struct hours potential)
{
    const struct state *s = c->s;

    if (provider_at(s, provider)->outage_head == 0) {
        if (MUTATED(HONEST_UNPAID))
            return (struct hours){{0}};
        return potential;
    }
    return hours_without(potential, hours_lost(&s->params, c->span, outages_of(s, provider),
                                               cooldowns_of(s, provider), c->halts));
}

static void gather_halts(struct closing *c)
{
    const struct chain_table *t = &c->s->tables[TABLE_HALT];

    for (u32 row = 1; row < t->count; row++) {
        const struct halt_row *h = halt_at(c->s, row);
        check(row <= WORK_SOME);
        c->s->work.halts[row - 1] = (struct interval){h->start_s, h->end_s};
    }
    c->halts = (struct interval_list){c->s->work.halts, t->count - 1};
}

static void find_weight(struct closing *c)
{
    struct state *s = c->s;

    for (u32 p = 1; p <= c->providers; p++) {
        struct hours potential = potential_hours(s, p, c->span);
        s->work.points[p] = points_in(s, p, c->span, ok_hours(c, p, potential));
        c->weight += points_in(s, p, c->span, potential);
    }
    u32 row = era_new(s);
    if (row == 0)
        return;
    check(row == c->era + 1);
    c->emission = emission_between(&s->params, c->span.from_s, c->span.to_s);
    if (MUTATED(EMISSION_TWICE))
        c->emission.wei *= 2;
    *era_open(s, row) = (struct era_row){c->weight, c->emission, c->span.from_s, c->span.to_s};
    state_commit(s);
}

/* ---- step 3 ---- */

static void clear_slash_counts(struct closing *c)
{
    struct state *s = c->s;

    for (u32 p = 1; p <= c->providers; p++) {
        if (standing_at(s, p)->slash_counts[c->era % SLASH_WINDOW] != 0) {
            standing_open(s, p)->slash_counts[c->era % SLASH_WINDOW] = 0;
            state_commit(s);
        }
    }
}

static void take_slashes(struct closing *c)
{
    struct state *s = c->s;

    clear_slash_counts(c);
    for (u32 p = 1; p <= c->providers; p++) {
        if (provider_at(s, p)->outage_head != 0) {
            slashing_reprice(s, p);
            state_commit(s);
        }
    }
    u32 n = slashing_collect(s, c->span.to_s);
    for (u32 i = 0; i < n; i++) {
        struct slash_due due = s->work.slashes[i];
        slashing_take(s, &due, c->era, &c->slashes);
        state_commit(s);
    }
    for (u32 p = 1; p <= c->providers; p++) {
        if (provider_at(s, p)->outage_head != 0) {
            slashing_done(s, p, c->span.to_s);
            state_commit(s);
        }
    }
}

/* ---- step 4 ---- */

/* The owner of the lease's wallet when the lease ended, or the era: settled 32, 112. */
static u32 payer_of(const struct closing *c, const struct lease_row *l)
{
    u64 at_s = l->ended_s < c->span.to_s ? l->ended_s : c->span.to_s;

    return escrow_owner_at(c->s, l->wallet, at_s);
}

/* settled 32: "leases below this hourly price do not count"; prices of the era's end. */
static bool counts_for_bonus(const struct closing *c, const struct lease_row *l)
{
    const struct state *s = c->s;
    struct amount hourly = slashing_fee(s, l, oracle_price_at(s, l->token, c->span.to_s),
                                        oracle_price_at(s, TOKEN_SPON, c->span.to_s));

    return s->params.bonus_amount.wei != 0 && amount_cmp(hourly, s->params.bonus_min_price) >= 0;
}

/* Lease seconds of the era, summed over leases (settled 32), and whether they earn the bonus. */
static u64 lease_seconds(const struct closing *c, u32 provider, bool *bonus)
{
    const struct state *s = c->s;
    u64 all_s = 0, counted_s = 0, payers = 0;

    for (u32 row = provider_at(s, provider)->lease_head; row != 0; row = lease_at(s, row)->next) {
        const struct lease_row *l = lease_at(s, row);
        u64 seconds =
            interval_length(interval_meet((struct interval){l->start_s, l->ended_s}, c->span));
        all_s += seconds - (MUTATED(SECONDS_LOST) && seconds > 0);
        if (seconds == 0 || !counts_for_bonus(c, l))
            continue;
        counted_s += seconds;
        u32 payer = payer_of(c, l);
        u64 i = 0;
        while (i < payers && s->work.payees[i].account != payer)
            i++;
        check(i < WORK_SOME);
        s->work.payees[i].account = payer;
        payers += i == payers;
    }
    *bonus = s->params.bonus_amount.wei != 0 && liveness_bonus_due(&s->params, counted_s, payers);
    return all_s;
}

static void find_bonus(struct closing *c)
{
    struct amount left;
    bool bonus;

    if (c->s->params.bonus_amount.wei == 0)
        return;
    for (u32 p = 1; p <= c->providers; p++) {
        (void)lease_seconds(c, p, &bonus);
        c->bonuses += bonus;
    }
    check(amount_sub(&left, c->emission, c->liveness));
    c->bonus_each = liveness_bonus(&c->s->params, left, c->bonuses);
}

static void find_liveness(struct closing *c)
{
    for (u32 p = 1; p <= c->providers; p++) {
        struct amount l = liveness_earned(c->emission, c->s->work.points[p], c->weight);
        check(amount_add(&c->liveness, c->liveness, l));
    }
}

static void mint(struct closing *c, u32 provider, struct amount amount, enum cause cause)
{
    if (amount.wei == 0)
        return;
    bool minted = ledger_mint(c->s, TOKEN_SPON, place_standing(c->s, provider, POCKET_REWARDS),
                              amount, cause);
    check(minted); /* a supply beyond 2^128 is out of the parameters' range */
}

/* ---- step 5 ---- */

static struct tier_era era_of(const struct closing *c, u32 provider)
{
    const struct state *s = c->s;
    const struct provider_row *p = provider_at(s, provider);
    const struct standing_row *st = standing_at(s, provider);
    struct interval registered = {p->registered_s, INTERVAL_OPEN};
    struct uptime up =
        outage_uptime(&s->params, c->span, registered, outages_of(s, provider), c->halts);

    return (struct tier_era){
        .up_s = up.up_s,
        .counted_s = up.counted_s,
        .tasks_done = st->tasks_done,
        .tasks = st->tasks,
        /* settled 43: "an era without one success has the limit of tier 7, so it fails" */
        .response_us = st->response_us != 0 ? st->response_us
                                            : tier_terms(&s->params, TIER_LOWEST).response_us,
        .feedback_tenths = registry_feedback(st),
        .papers_valid = registry_papers(s, provider, c->era),
        .registered_all = p->registered_s <= c->span.from_s};
}

static struct tier_move move_tier(struct closing *c, u32 provider, const struct tier_era *e)
{
    struct state *s = c->s;
    struct standing_row *st = standing_open(s, provider);
    struct tier_record before = st->tier;
    struct tier_move m = tier_judge(&s->params, &st->tier, e, st->own);

    check_move(s, provider, &before, e, &m);
    if (m.from != m.to) {
        struct log_tier_changed *l = &state_log(s, LOG_TierChanged)->u.tier_changed;
        *l = (struct log_tier_changed){provider, m.from, m.to, (u32)m.reason, c->era};
    }
    registry_rate(s, provider, c->span.to_s);
    return m;
}

/* ---- steps 6 and 7 ---- */

static void auto_stake(struct closing *c, u32 provider, struct amount rewards)
{
    struct state *s = c->s;

    if (!provider_at(s, provider)->auto_stake || rewards.wei == 0)
        return;
    ledger_pay(s, TOKEN_SPON, place_standing(s, provider, POCKET_REWARDS),
               place_standing(s, provider, POCKET_STAKE), rewards, CAUSE_AUTO_STAKE);
    struct standing_row *st = standing_open(s, provider);
    check(amount_add(&st->auto_staked, st->auto_staked, rewards));
    staking_tell(s, provider, CAUSE_AUTO_STAKE, rewards, c->span.to_s);
    registry_check_active(s, provider, c->span.to_s);
}

/* ---- one provider ---- */

static void begin_era(struct state *s, u32 provider)
{
    struct standing_row *st = standing_open(s, provider);

    st->tasks = 0;
    st->tasks_done = 0;
    st->response_us = 0;
}

static void close_provider(struct closing *c, u32 provider)
{
    struct state *s = c->s;
    struct close_record r = {.era = c->era, .provider = provider};
    bool bonus;

    r.potential = potential_hours(s, provider, c->span);
    r.ok = ok_hours(c, provider, r.potential);
    r.points_potential = points_in(s, provider, c->span, r.potential);
    r.points_ok = s->work.points[provider];
    check_hours(s, provider, c->span, r.ok, c->halts);
    r.liveness = liveness_earned(c->emission, r.points_ok, c->weight);
    check_liveness(s, provider, c->span, &r, c->emission, c->weight);
    r.lease_s = lease_seconds(c, provider, &bonus);
    r.bonus = bonus ? c->bonus_each : AMOUNT(0);
    mint(c, provider, r.liveness, CAUSE_LIVENESS);
    if (MUTATED(LIVENESS_TWICE))
        mint(c, provider, r.liveness, CAUSE_LIVENESS);
    mint(c, provider, r.bonus, CAUSE_BONUS);
    if (MUTATED(BONUS_TWICE))
        mint(c, provider, r.bonus, CAUSE_BONUS);
    check(amount_add(&c->bonus, c->bonus, r.bonus));
    task_judge(s, provider, c->span);
    r.judged = standing_at(s, provider)->own;
    r.perform = era_of(c, provider);
    r.move = move_tier(c, provider, &r.perform);
    struct amount rewards;
    check(amount_add(&rewards, r.liveness, r.bonus));
    auto_stake(c, provider, MUTATED(BONUS_CLAIMABLE) ? r.liveness : rewards);
    struct amount before = standing_at(s, provider)->paid_out;
    staking_pay_matured(s, provider, c->era, c->span.to_s);
    check(amount_sub(&r.unbonded, standing_at(s, provider)->paid_out, before));
    close_tell(s, &r);
    begin_era(s, provider);
    state_commit(s);
}

/* ---- after step 8 ---- */

/* The second from which on outages may have begun that the chain has yet to hear of: those that the
 * detector has not found, however many beats it waits for, and those that a halt held back. */
static u64 heard_until(const struct closing *c)
{
    const struct state *s = c->s;
    const struct halt_row *last = halt_at(s, s->tables[TABLE_HALT].count - 1);
    u64 from_s = c->span.to_s;
    u64 late_s = s->params.heartbeat_s * (u64)params_most(PARAM_heartbeat_misses);

    if (last->end_s > c->span.from_s && last->start_s < from_s)
        from_s = last->start_s;
    return from_s > late_s ? from_s - late_s : 0;
}

/* What no record can need any more.  After a close within a long halt nothing is put away: records
 * of what happened in the halt are still to come. */
static void put_away(struct closing *c)
{
    struct state *s = c->s;
    struct interval era = c->span;

    if (state_meta(s)->now_s >= c->span.to_s + s->params.era_seconds)
        return;
    /* from the start of its hour on: what an hour is worth is what was registered then (settled 28)
     */
    if (heard_until(c) < era.from_s)
        era.from_s = heard_until(c) / HOUR_S * HOUR_S;
    for (u32 p = 1; p <= c->providers; p++) {
        record_put_away(s, p, era);
        state_commit(s);
    }
    record_put_prices_away(s, era.from_s);
    state_commit(s);
}

static void tell(struct closing *c)
{
    struct log_era_closed *l = &state_log(c->s, LOG_EraClosed)->u.era_closed;

    *l = (struct log_era_closed){.era = c->era,
                                 .start_s = c->span.from_s,
                                 .end_s = c->span.to_s,
                                 .block = state_meta(c->s)->slot,
                                 .emission = c->emission,
                                 .weight = c->weight,
                                 .liveness = c->liveness,
                                 .bonus = c->bonus,
                                 .slashed = c->slashes.taken,
                                 .bad_debt = c->slashes.bad_debt,
                                 .slashes = c->slashes.count,
                                 .providers = c->providers};
}

static void next_era(struct closing *c)
{
    struct state *s = c->s;

    u128 before = s->hashing->params;
    governance_apply(s, c->era, c->span.to_s); /* step 8 */
    struct meta_row *m = meta_open(s, META);
    m->era++;
    m->era_start_s = c->span.to_s;
    m->era_end_s = c->span.to_s + s->params.era_seconds;
    tell(c);
    state_commit(s);
    if (s->hashing->params != before)
        state_owe_all(s); /* ends may hang on what changed */
    else if (!moments_put(&s->moments, moment_of(m->era_end_s, MOMENT_ERA, m->era)))
        state_full(s, CHAIN_TABLES);
}

void era_close(struct state *s)
{
    const struct meta_row *m = state_meta(s);
    struct closing c = {.s = s,
                        .era = m->era,
                        .span = {m->era_start_s, m->era_end_s},
                        .providers = s->tables[TABLE_PROVIDER].count - 1};

    gather_halts(&c);
    find_weight(&c);
    if (s->out_of_memory)
        return;
    take_slashes(&c);
    find_liveness(&c);
    find_bonus(&c);
    for (u32 p = 1; p <= c.providers; p++)
        close_provider(&c, p);
    if (watch_due(s, c.era + 1))
        watch_era(s, c.era, c.span);
    next_era(&c);
    put_away(&c);
}
