/* fold_era - the close of an era: a row for each provider, their income, the totals. */
#include "sim/study/fold_parts.h"

#include "protocol/slash.h"

#include <stdlib.h>
#include <string.h>

static const char *move_text(enum tier_reason reason)
{
    switch (reason) {
    case TIER_STAYS:
    case TIER_SUSPENDED: /* told by its own column */
        return "none";
    case TIER_PROMOTED:
        return "promoted";
    case TIER_DEMOTED_PERFORMANCE:
        return "demoted";
    case TIER_DEMOTED_STAKE:
    case TIER_DEMOTED_BOTH:
        return "stake";
    case TIER_REASONS:
        break;
    }
    check_unreachable();
}

/* What the chain made of the era; it may have closed another since. */
static void judge(const struct fold *f, struct fold_provider *p, const struct log_provider_era *l)
{
    struct tier_era e = {.up_s = l->up_s,
                         .counted_s = l->counted_s,
                         .tasks_done = l->tasks_done,
                         .tasks = l->tasks,
                         .response_us = (u32)l->response_us,
                         .feedback_tenths = l->feedback,
                         .papers_valid = l->papers != 0,
                         .registered_all = l->neutral == 0};

    check(p->tier.tier == l->tier_before);
    struct tier_move m = tier_judge(&f->params, &p->tier, &e, l->stake_judged);
    check(m.to == l->tier_after);
}

static void set_streaks(struct row_providers *row, const struct tier_record *t)
{
    u64 *met[TIERS] = {&row->met_1, &row->met_2, &row->met_3, &row->met_4,
                       &row->met_5, &row->met_6, &row->met_7};
    u64 *failed[TIERS] = {&row->failed_1, &row->failed_2, &row->failed_3, &row->failed_4,
                          &row->failed_5, &row->failed_6, &row->failed_7};

    for (u32 i = 0; i < TIERS; i++) {
        *met[i] = t->met[i];
        *failed[i] = t->failed[i];
    }
}

static void set_stake(struct row_providers *row, const struct fold_provider *p,
                      const struct log_provider_era *l)
{
    row->stake_before_spon = l->stake_judged;
    fold_add(&row->stake_before_spon, p->own_slashed);
    row->stake_slashed_spon = l->stake_judged;
    row->own_stake_spon = l->stake_after;
    row->unbonding_spon = l->unbonding;
    row->claimable_spon = l->claimable;
    row->liveness_spon = l->liveness;
    row->bonus_spon = l->bonus;
    row->auto_stake = l->auto_staked != 0;
    row->slashes = p->slashes;
    row->slashed_spon = p->slashed;
    row->bad_debt_spon = p->bad_debt;
}

/* settled, close 5: "Bidding is on when stake > X of the tier held and not suspended." And
 * Matching, exactly 2: "provider approved, active". */
static bool may_bid(const struct fold_provider *p, const struct params *params,
                    const struct log_provider_era *l)
{
    return p->here && p->active && !l->suspended &&
           amount_cmp(l->stake_after, tier_terms(params, l->tier_after).stake) > 0;
}

static void count_tier(struct fold *f, const struct log_provider_era *l, bool bidding)
{
    u64 *tiers[TIERS] = {&f->era.tier_1, &f->era.tier_2, &f->era.tier_3, &f->era.tier_4,
                         &f->era.tier_5, &f->era.tier_6, &f->era.tier_7};

    (*tiers[l->tier_after - 1])++;
    f->era.bidding += bidding;
}

/* The row waits for the close's own log, which says when the era ended. */
void fold_provider_era(struct fold *f, const struct log_provider_era *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);
    struct row_providers *row;
    bool bidding;

    if (p == NULL)
        return;
    judge(f, p, l);
    bidding = may_bid(p, chain_params(f->c.chain), l);
    count_tier(f, l, bidding);
    if (!tables_want(f->c.tables, TABLE_providers))
        return;
    if (!reserve_grow(&f->closes, 1)) {
        fold_full(f, &f->closes);
        return;
    }
    row = (struct row_providers *)f->closes.base + (f->closes.count - 1);
    *row = (struct row_providers){.era = l->era,
                                  .provider = l->provider,
                                  .tier_before = l->tier_before,
                                  .tier_after = l->tier_after,
                                  .move = move_text((enum tier_reason)l->move),
                                  .neutral = l->neutral != 0,
                                  .suspended = l->suspended != 0,
                                  .bidding = bidding,
                                  .papers = l->papers != 0,
                                  .hours_potential = l->hours_potential,
                                  .hours_ok = l->hours_ok,
                                  .points_start = p->points_start,
                                  .points_potential = l->points_potential,
                                  .points_ok = l->points_ok,
                                  .up_s = l->up_s,
                                  .counted_s = l->counted_s,
                                  .tasks = l->tasks,
                                  .tasks_done = l->tasks_done,
                                  .response_us = l->response_us,
                                  .feedback_tenths = l->feedback,
                                  .lease_s = l->lease_s};
    set_streaks(row, &p->tier);
    set_stake(row, p, l);
}

/* ---- what leases did in the era ---- */

/* Cumulative figures at two seconds; their difference is the provider's income between. */
static void add_income(struct fold_provider *p, const struct open_lease *l, u64 from_s, u64 to_s,
                       struct amount held)
{
    const struct row_leases *r = &l->row;
    struct lease_rates rates = {(u32)r->commission_bps, (u32)r->provider_fee_bps,
                                (u32)r->user_fee_bps};
    struct amount before = lease_gross_at(r->price_wei, from_s - r->start_s, held);
    struct amount after = lease_gross_at(r->price_wei, to_s - r->start_s, held);
    struct amount gross, net;

    check(amount_sub(&gross, after, before));
    check(amount_sub(&net, lease_shares(after, rates).provider,
                     lease_shares(before, rates).provider));
    fold_add(&p->gross[l->token], gross);
    fold_add(&p->net[l->token], net);
}

void fold_lease_part(struct fold *f, const struct open_lease *l, u64 end_s, struct amount held)
{
    u64 from_s = l->row.start_s > f->era_start_s ? l->row.start_s : f->era_start_s;
    struct fold_provider *p = fold_provider_at(f, (u32)l->row.provider);

    if (p == NULL || end_s <= from_s)
        return;
    if (!reserve_grow(&f->parts, 1)) {
        fold_full(f, &f->parts);
        return;
    }
    ((struct lease_part *)f->parts.base)[f->parts.count - 1] =
        (struct lease_part){.price = l->row.price_wei,
                            .lease_s = end_s - from_s,
                            .provider = (u32)l->row.provider,
                            .user = wallet_at(f->state, (u32)l->row.wallet)->owner,
                            .token = l->token};
    add_income(p, l, from_s, end_s, held);
}

/* Leases that run on count up to the era's end. */
static void add_open_leases(struct fold *f, u64 end_s)
{
    const struct open_lease *rows = f->leases.rows.base;

    for (size_t i = 0; i < f->leases.rows.count; i++) {
        /* one that was made in the closing block itself belongs to the next era */
        if (rows[i].row.lease == 0 || rows[i].row.start_s >= end_s)
            continue;
        u32 place = lease_find(f->state, rows[i].row.lease);
        check(place != 0);
        fold_lease_part(f, &rows[i], end_s, lease_at(f->state, place)->gross_held);
    }
}

static int by_value(const void *a, const void *b)
{
    u64 x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* settled 32: seconds of the leases that cost enough, and who pays them. */
static void count_bonus(struct fold *f)
{
    const struct lease_part *parts = f->parts.base;
    u64 *pairs = f->pairs.base;
    size_t n = 0;

    for (size_t i = 0; i < f->parts.count; i++) {
        const struct lease_part *l = &parts[i];
        struct amount fee;
        if (!slash_fee(l->price, l->token == TOKEN_SPON, f->usd_e8[l->token], f->usd_e8[TOKEN_SPON],
                       f->decimals[l->token], &fee))
            continue;
        if (amount_cmp(fee, f->params.bonus_min_price) < 0)
            continue;
        fold_provider_at(f, l->provider)->bonus_lease_s += l->lease_s;
        pairs[n++] = (u64)l->provider << 32 | l->user;
    }
    qsort(pairs, n, sizeof pairs[0], by_value); /* equal pairs are alike */
    for (size_t i = 0; i < n; i++)
        if (i == 0 || pairs[i] != pairs[i - 1])
            fold_provider_at(f, (u32)(pairs[i] >> 32))->payers++;
}

/* ---- the rows ---- */

static void put_income_of(struct fold *f, u64 era, u32 provider, const struct fold_provider *p)
{
    for (u32 t = 0; t < f->tokens; t++)
        if (p->gross[t].wei != 0)
            put_income(f->c.tables, &(struct row_income){era, provider, fold_token(f, t),
                                                         p->gross[t], p->net[t]});
}

static void put_closes(struct fold *f)
{
    struct row_providers *rows = f->closes.base;

    for (size_t i = 0; i < f->closes.count; i++) {
        const struct fold_provider *p = fold_provider_at(f, (u32)rows[i].provider);
        rows[i].bonus_lease_s = p->bonus_lease_s;
        rows[i].bonus_payers = p->payers;
        put_providers(f->c.tables, &rows[i]);
    }
    f->closes.count = 0;
}

static void begin_era(struct fold *f, const struct log_era_closed *l)
{
    struct fold_provider *providers = f->providers.base;

    for (size_t i = 0; i < f->providers.count; i++) {
        struct fold_provider *p = &providers[i];
        p->own_slashed = p->slashed = p->bad_debt = AMOUNT(0);
        p->slashes = p->bonus_lease_s = p->payers = 0;
        p->points_start = p->points_last;
        memset(p->gross, 0, sizeof p->gross);
        memset(p->net, 0, sizeof p->net);
    }
    f->parts.count = 0;
    f->params = f->next;
    f->era = (struct row_eras){.era = l->era + 1};
    f->era_start_s = l->end_s;
}

static void put_era(struct fold *f, const struct log_era_closed *l)
{
    struct row_eras *row = &f->era;

    row->era = l->era;
    row->start_s = l->start_s;
    row->end_s = l->end_s;
    row->closed_block = l->block;
    row->emission_spon = l->emission;
    row->w_points = l->weight;
    row->liveness_spon = l->liveness;
    row->bonus_spon = l->bonus;
    row->minted_spon = l->liveness;
    fold_add(&row->minted_spon, l->bonus);
    fold_add(&f->supply, row->minted_spon); /* closes alone mint, and nothing burns */
    row->supply_spon = f->supply;
    row->slashes = l->slashes;
    row->bad_debt_spon = l->bad_debt;
    row->providers = l->providers;
    row->leases_open = f->open_leases.value;
    row->lease_s = level_take(&f->open_leases, l->end_s);
    row->cpu_used_s = level_take(&f->cpu_used, l->end_s);
    row->gpu_used_s = level_take(&f->gpu_used, l->end_s);
    row->cpu_total_s = level_take(&f->cpu_total, l->end_s);
    row->gpu_total_s = level_take(&f->gpu_total, l->end_s);
    put_eras(f->c.tables, row);
}

void fold_era_closed(struct fold *f, const struct log_era_closed *l)
{
    const struct fold_provider *providers = f->providers.base;

    fold_ended_flush(f);
    add_open_leases(f, l->end_s);
    if (!reserve_reach(&f->pairs, f->parts.count)) {
        fold_full(f, &f->pairs);
        return;
    }
    count_bonus(f);
    put_closes(f);
    for (u32 i = 0; i < f->providers.count; i++)
        put_income_of(f, l->era, i, &providers[i]);
    put_era(f, l);
    begin_era(f, l);
}
