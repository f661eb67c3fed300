/* slash - one slash, recomputed: SLA-1 to SLA-7; and what a close gives: RWD-4, RWD-5, RWD-7.
 *
 * A unit that wrote a Slashed log is compared with the rows before and after it, and its amount
 * with the outage, the leases, the era and the ratings, each looked up here again.
 */
#include "protocol/slash.h"
#include "chain-mock/watch/parts.h"
#include "protocol/gpu.h"

const struct log *watch_logged(const struct state *s, enum log_kind kind)
{
    for (u32 i = s->log_unit; i < s->log_count; i++) {
        if (s->logs[i].kind == kind)
            return &s->logs[i];
    }
    return NULL;
}

/* ---- figures from the rows ---- */

/* settled 28: "(m_line + boosts_i + m_trust)", added and not compounded; "0 for Tier 7" */
u128 watch_points(const struct params *p, const struct rating_row *r)
{
    u64 added = r->rating.boost_bps + tier_terms(p, r->tier).multiplier_bps;

    if (r->tier == TIER_LOWEST && p->tier7_zero)
        return 0;
    return (u128)r->rating.line_points + (u128)r->rating.unit_points * added;
}

void watch_rating(struct state *s, const struct rating_row *r)
{
    bool lowest = r->tier == TIER_LOWEST && s->params.tier7_zero;

    invariant_implies(s->tally, INV_TIER_6, lowest, r->points == 0, "rating of tier", r->tier);
    if (!lowest)
        invariant_equal(s->tally, INV_RWD_3, r->points, watch_points(&s->params, r),
                        "rating of tier", r->tier);
}

static u64 cpu_multiplier(const struct params *p, const struct machine *m)
{
    if (m->compute_score > p->compute_hpc_score)
        return p->compute_multiplier_hpc;
    return m->cpu <= p->compute_basic_threads && m->compute_score < p->compute_basic_score
               ? p->compute_multiplier_basic
               : p->compute_multiplier_gp;
}

/* settled 21: "5001 of bytes"; 24: "worse of the two" */
static u64 boosts(const struct params *p, const struct machine *m)
{
    bool nvme = m->disk_gib > 0 &&
                (u64)m->disk_nvme_gib * BPS_WHOLE >= (u64)m->disk_gib * p->storage_majority_bps;
    bool ultra = m->down_mbps > p->conn_ultra_down_mbps && m->up_mbps > p->conn_ultra_up_mbps;

    return (nvme ? p->storage_boost : 0) + (ultra ? p->connectivity_boost : 0) +
           (m->compliance != 0 ? p->compliance_boost : 0);
}

/* RWD-3, settled 28: "Lines: each GPU model … and the CPU", as the machine is registered. */
static void rated(struct state *s, u32 provider)
{
    const struct params *p = &s->params;
    const struct machine *m = &provider_at(s, provider)->machine;
    const struct rating *is = &rating_at(s, provider_at(s, provider)->rating_head)->rating;
    u64 units = m->cpu * p->cpu_base_points, lines = units * cpu_multiplier(p, m);

    for (u32 i = 0; i < GPU_LINES; i++) {
        u64 n = m->gpu[i].count * p->gpu_base_points;
        if (m->gpu[i].model == 0)
            continue;
        units += n;
        lines += n * gpu_multiplier(p, gpu_tier((enum gpu_model)(m->gpu[i].model - 1)));
    }
    invariant_equal(s->tally, INV_RWD_3, is->unit_points, units, "units of provider", provider);
    invariant_equal(s->tally, INV_RWD_3, is->line_points, lines, "lines of provider", provider);
    invariant_equal(s->tally, INV_RWD_3, is->boost_bps, boosts(p, m), "boosts of provider",
                    provider);
}

void watch_ratings(struct state *s)
{
    for (u32 i = s->log_unit; i < s->log_count; i++)
        if (s->logs[i].kind == LOG_RatingSet)
            rated(s, s->logs[i].u.rating_set.provider);
}

/* p of the hour that contains a second, as it was rated then; the closes have checked it. */
static u128 points_at(const struct state *s, u32 provider, u64 hour_s)
{
    u32 row = provider_at(s, provider)->rating_head;

    while (row != 0 && rating_at(s, row)->from_s > hour_s)
        row = rating_at(s, row)->next;
    return row == 0 ? 0 : rating_at(s, row)->points;
}

/* V: "floor(emission × p(i,h) / W) with h the hour that contains s, 0 if W = 0" */
u128 watch_hour_value(const struct state *s, u32 provider, u64 second)
{
    struct amount v;

    for (u32 row = s->tables[TABLE_ERA].count - 1; row != 0; row--) {
        const struct era_row *e = era_at(s, row);
        if (second < e->start_s || second >= e->end_s)
            continue;
        u64 hour_s = second - (second - e->start_s) % HOUR_S;
        if (e->weight == 0 ||
            !amount_mul_div(&v, e->emission, points_at(s, provider, hour_s), e->weight, ROUND_DOWN))
            return 0;
        return v.wei;
    }
    return 0;
}

/* "floor(price × P_token × 10^18 / (P_SPON × 10^decimals)) …; price itself if the token is SPON; 0
 * where either price never existed" */
static u128 hour_fee(const struct state *s, const struct lease_row *l, u64 token_e8, u64 native_e8)
{
    struct amount fee;
    u128 num, den;

    if (l->token == TOKEN_SPON)
        return l->price.wei;
    if (token_e8 == 0 || native_e8 == 0)
        return 0;
    num = (u128)token_e8 * amount_token_units(18);
    den = (u128)native_e8 * amount_token_units(token_at(s, l->token + 1)->decimals);
    return amount_mul_div(&fee, l->price, num, den, ROUND_DOWN) ? fee.wei : U128_MAX;
}

/* Leases of the provider with a second in [from_s, to_s): how many, and their fees. */
u32 watch_leases_in(const struct state *s, const struct outage_row *o, u64 from_s, u64 to_s,
                    u128 *fees)
{
    u32 n = 0;

    *fees = 0;
    for (u32 i = provider_at(s, o->provider)->lease_head; i != 0; i = lease_at(s, i)->next) {
        const struct lease_row *l = lease_at(s, i);
        u64 first = l->start_s > from_s ? l->start_s : from_s;
        u64 last = l->ended_s < to_s ? l->ended_s : to_s;
        if (first >= last)
            continue;
        n++;
        u128 fee = hour_fee(s, l, o->usd_e8[l->token], o->usd_e8[TOKEN_SPON]);
        *fees = *fees > U128_MAX - fee ? U128_MAX : *fees + fee;
    }
    return n;
}

static u32 outage_of(const struct state *s, u32 provider, u64 id)
{
    u32 row = provider_at(s, provider)->outage_head;

    while (row != 0 && outage_at(s, row)->id != id)
        row = outage_at(s, row)->next;
    return row;
}

/* ---- the evidence when it is recorded ---- */

/* settled 59: "the last oracle price at or before the outage's counted start" */
void watch_outage(struct state *s, u32 row, const struct outage_row *o)
{
    s->watch->outage[row] = (struct outage_note){0};
    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        u64 usd_e8 = 0, latest = 0;
        for (u32 i = token_at(s, t + 1)->price_head; i != 0; i = price_at(s, i)->next) {
            const struct price_row *p = price_at(s, i);
            /* of two prices of one second the later stands first in the list */
            if (p->second <= o->start_s && (usd_e8 == 0 || p->second > latest)) {
                usd_e8 = p->usd_e8;
                latest = p->second;
            }
        }
        invariant_equal(s->tally, INV_SLA_3, o->usd_e8[t], usd_e8, "outage", o->id);
    }
}

/* settled 116: "one started hour of row 53 slashed as a deployment slash for this lease" */
void watch_breach(struct state *s, const struct breach_row *b)
{
    const struct lease_row *l = s->watch->unit.closed;

    invariant_implies(s->tally, INV_SLA_3, true,
                      l != NULL && l->provider == b->provider && l->ended_s == b->instant_s,
                      "breach", b->id);
    if (l != NULL)
        invariant_equal(s->tally, INV_SLA_3, b->fee.wei,
                        hour_fee(s, l, token_at(s, l->token + 1)->usd_e8, token_at(s, 1)->usd_e8),
                        "breach", b->id);
}

void watch_unbonding(struct state *s, const struct unbonding_row *before,
                     const struct unbonding_row *after)
{
    struct watch_unit *u = &s->watch->unit;
    u128 was = before == NULL ? 0 : before->amount.wei, is = after == NULL ? 0 : after->amount.wei;
    struct amount share, rest;

    if (was == is || before == NULL)
        return;
    if (u->unbonding_fell == 0 || before->requested_s < u->unbonding_first_s)
        u->unbonding_first_s = before->requested_s;
    u->unbonding_fell += was - is;
    amount_split(before->amount, (struct bps){(u32)s->params.misconduct_slash_bps}, &share, &rest);
    u->unbonding_share += share.wei;
}

/* ---- SLA-2, SLA-3: when and how much ---- */

static void standby(struct state *s, const struct log_slashed *k, const struct outage_row *o)
{
    u64 after_s = s->params.standby_slash_after_s, era_end_s = state_meta(s)->era_end_s;
    u64 end_s = o->end_s < era_end_s ? o->end_s : era_end_s;
    u128 fees;

    invariant_equal(s->tally, INV_SLA_2, k->instant_s, o->start_s + after_s, "slash", k->slash);
    invariant_implies(s->tally, INV_SLA_2, true, end_s - o->start_s > after_s, "slash", k->slash);
    /* "Slashes whose instant lies in [S, E), or in a closed era and known only since" */
    invariant_implies(s->tally, INV_SLA_2, o->id < s->watch->totals.evidence_before,
                      k->instant_s >= state_meta(s)->era_start_s, "slash", k->slash);
    invariant_equal(s->tally, INV_SLA_2,
                    watch_leases_in(s, o, o->start_s, o->start_s + after_s, &fees), 0,
                    "leases in the first hour of slash", k->slash);
    invariant_equal(s->tally, INV_SLA_2, k->amount.wei,
                    watch_hour_value(s, k->provider, k->instant_s), "slash", k->slash);
}

static void deployment(struct state *s, const struct log_slashed *k, const struct outage_row *o)
{
    u64 era_end_s = state_meta(s)->era_end_s;
    u64 end_s = o->end_s < era_end_s ? o->end_s : era_end_s, to_s = k->instant_s + HOUR_S;
    u128 fees, value = watch_hour_value(s, k->provider, k->instant_s);
    u32 n = watch_leases_in(s, o, k->instant_s, to_s < end_s ? to_s : end_s, &fees);

    invariant_implies(s->tally, INV_SLA_3, true,
                      (k->instant_s - o->start_s) % HOUR_S == 0 && k->instant_s < end_s && n > 0,
                      "slash", k->slash);
    invariant_equal(s->tally, INV_SLA_3, k->amount.wei, value > fees ? value : fees, "slash",
                    k->slash);
}

static void breach(struct state *s, const struct log_slashed *k, const struct breach_row *b)
{
    u128 value = watch_hour_value(s, k->provider, k->instant_s);

    invariant_equal(s->tally, INV_SLA_3, k->amount.wei, value > b->fee.wei ? value : b->fee.wei,
                    "slash", k->slash);
}

/* ---- SLA-4: the evidence, each once ---- */

/* The figures of the close that goes on. */
static struct outage_note *note_of_close(struct state *s, u32 row)
{
    struct outage_note *n = &s->watch->outage[row];
    u64 era = state_meta(s)->era + 1;

    if (n->era != era) {
        n->era = era;
        n->hours = n->standbys = 0;
        n->hours_wei = n->standby_wei = 0;
    }
    return n;
}

static void use_outage(struct state *s, const struct log_slashed *k)
{
    u32 row = outage_of(s, k->provider, k->evidence);

    invariant_implies(s->tally, INV_SLA_4, true, row != 0, "evidence", k->evidence);
    if (row == 0)
        return;
    struct outage_note *n = note_of_close(s, row);
    if (k->cause == SLASH_STANDBY) {
        invariant_implies(s->tally, INV_SLA_4, true, !n->standby_used, "evidence", k->evidence);
        n->standby_used = 1;
        n->standbys++;
        n->standby_wei += k->amount.wei;
        standby(s, k, outage_at(s, row));
    } else { /* hours of one outage come in their order, each once */
        invariant_implies(s->tally, INV_SLA_4, true, k->instant_s + 1 > n->last_instant_s,
                          "evidence", k->evidence);
        n->last_instant_s = k->instant_s + 1;
        n->hours++;
        n->hours_wei += k->amount.wei;
        deployment(s, k, outage_at(s, row));
    }
}

static void use_evidence(struct state *s, const struct log_slashed *k)
{
    const struct breach_row *b = s->watch->unit.breach;
    const struct verdict_row *v = s->watch->unit.verdict;

    switch ((enum slash_cause)k->cause) {
    case SLASH_STANDBY:
    case SLASH_DEPLOYMENT:
        use_outage(s, k);
        return;
    case SLASH_BREACH: /* used up: freed in the unit that uses it */
        invariant_implies(s->tally, INV_SLA_4, true,
                          b != NULL && b->id == k->evidence && b->provider == k->provider,
                          "evidence", k->evidence);
        if (b != NULL)
            breach(s, k, b);
        return;
    case SLASH_MISCONDUCT:
        invariant_implies(s->tally, INV_SLA_4, true,
                          v != NULL && v->id == k->evidence && v->provider == k->provider,
                          "evidence", k->evidence);
        s->watch->provider[k->provider].struck_era = state_meta(s)->era + 1;
        return;
    }
    check_unreachable();
}

/* ---- SLA-1: from which pots ---- */

static u64 offence_s(const struct state *s, const struct log_slashed *k)
{
    u32 row = outage_of(s, k->provider, k->evidence);

    return row != 0 && (k->cause == SLASH_STANDBY || k->cause == SLASH_DEPLOYMENT)
               ? outage_at(s, row)->start_s
               : k->instant_s;
}

/* What could still have been taken: none of it may be left where there is bad debt. */
static u128 left_behind(const struct state *s, const struct log_slashed *k)
{
    u128 sum = standing_at(s, k->provider)->own.wei;
    u32 row = provider_at(s, k->provider)->unbonding_head;

    for (; row != 0; row = unbonding_at(s, row)->next) {
        if (unbonding_at(s, row)->requested_s > offence_s(s, k))
            sum += unbonding_at(s, row)->amount.wei;
    }
    return sum;
}

static void equal_pot(struct state *s, const struct log_slashed *k, u128 fell, struct amount said)
{
    invariant_equal(s->tally, INV_SLA_1, fell, said.wei, "slash", k->slash);
}

static void pots(struct state *s, const struct log_slashed *k)
{
    const struct watch_unit *u = &s->watch->unit;
    const struct standing_row *now = standing_at(s, k->provider);
    const struct standing_row *was = u->standing != NULL ? u->standing : now;
    u128 taken = k->own.wei + k->unbonding.wei + k->rewards.wei;
    bool misconduct = k->cause == SLASH_MISCONDUCT;
    struct amount own, rewards, rest;

    invariant_implies(s->tally, INV_SLA_1, u->standing != NULL, u->provider == k->provider, "slash",
                      k->slash);
    invariant_at_most(s->tally, INV_SLA_1, k->own.wei, was->own.wei, "slash", k->slash);
    equal_pot(s, k, was->own.wei - now->own.wei, k->own);
    equal_pot(s, k, u->unbonding_fell, k->unbonding);
    equal_pot(s, k, was->rewards.wei - now->rewards.wei, k->rewards);
    equal_pot(s, k, taken + k->bad_debt.wei, k->amount);
    s->watch->provider[k->provider].owed += k->amount.wei - k->rewards.wei;
    invariant_implies(s->tally, INV_SLA_1, !misconduct,
                      k->rewards.wei == 0 &&
                          (u->unbonding_fell == 0 || u->unbonding_first_s > offence_s(s, k)),
                      "slash", k->slash);
    invariant_implies(s->tally, INV_SLA_5, !misconduct && u->unbonding_fell != 0, now->own.wei == 0,
                      "slash", k->slash);
    invariant_implies(s->tally, INV_SLA_7,
                      !misconduct && (k->bad_debt.wei | u->unbonding_fell) != 0,
                      k->bad_debt.wei == 0 || left_behind(s, k) == now->own.wei, "slash", k->slash);
    invariant_implies(s->tally, INV_SLA_1, !misconduct && k->bad_debt.wei != 0,
                      left_behind(s, k) == 0, "slash", k->slash);
    if (!misconduct)
        return;
    struct bps part = {(u32)s->params.misconduct_slash_bps};
    amount_split(was->own, part, &own, &rest);
    amount_split(was->rewards, part, &rewards, &rest);
    equal_pot(s, k, k->own.wei, own);
    equal_pot(s, k, k->rewards.wei, rewards);
    equal_pot(s, k, u->unbonding_share, k->unbonding);
}

/* ---- SLA-6: to whom ---- */

static u32 payees(const struct state *s)
{
    u32 n = 0;

    for (u32 i = s->log_unit; i < s->log_count; i++)
        n += s->logs[i].kind == LOG_SlashPaid;
    return n;
}

/* settled 56: standby to the Slarks; deployment and breach to the users and a rest to dust, to the
 * Slarks where nobody has a fee; misconduct to users and treasury */
static bool destination(const struct state *s, const struct log_slashed *k, u128 taken)
{
    u128 slarks = k->to_slark_pool.wei, users = k->to_users.wei;
    u128 treasury = k->to_treasury.wei, dust = k->to_dust.wei;

    if (k->cause == SLASH_MISCONDUCT)
        return slarks == 0 && dust == 0 && users + treasury == taken;
    if (k->cause == SLASH_STANDBY || k->lease_fees.wei == 0)
        return slarks == taken && (users | treasury | dust) == 0;
    return slarks == 0 && treasury == 0 && users + dust == taken &&
           dust < (taken == 0 ? 1 : payees(s));
}

static void destinations(struct state *s, const struct log_slashed *k)
{
    struct watch *w = s->watch;
    u128 *rows = pockets_of(&s->money.rows, TOKEN_SPON);
    u128 fell = 0 - rows[POCKET_STAKE] - rows[POCKET_UNBONDING] - rows[POCKET_REWARDS];
    u128 landed = k->to_slark_pool.wei + k->to_users.wei + k->to_treasury.wei + k->to_dust.wei;

    invariant_equal(s->tally, INV_SLA_6, rows[POCKET_SLARKS], k->to_slark_pool.wei, "slash",
                    k->slash);
    invariant_equal(s->tally, INV_SLA_6, rows[POCKET_DUST], k->to_dust.wei, "slash", k->slash);
    invariant_equal(s->tally, INV_SLA_6, rows[POCKET_ACCOUNT], k->to_users.wei + k->to_treasury.wei,
                    "slash", k->slash);
    invariant_equal(s->tally, INV_SLA_6, fell, landed, "slash", k->slash);
    invariant_implies(s->tally, INV_SLA_6, true, destination(s, k, fell), "slash", k->slash);
    if (k->cause == SLASH_STANDBY || (k->cause != SLASH_MISCONDUCT && k->lease_fees.wei == 0))
        w->totals.slarks += fell;
    w->slashed += fell;
    w->landed += landed;
    w->bad_debt += k->bad_debt.wei;
}

/* The close's own account against the sum of its slashes. */
static void close_totals(struct state *s)
{
    struct watch *w = s->watch;
    const struct log *l = watch_logged(s, LOG_EraClosed);

    if (l == NULL)
        return;
    const struct log_era_closed *k = &l->u.era_closed;
    invariant_at_most(s->tally, INV_RWD_4, k->liveness.wei + k->bonus.wei, k->emission.wei, "era",
                      k->era);
    invariant_equal(s->tally, INV_SLA_6, k->slashed.wei, w->slashed, "era", k->era);
    invariant_equal(s->tally, INV_SLA_6, w->landed, w->slashed, "era", k->era);
    invariant_equal(s->tally, INV_SLA_6, k->bad_debt.wei, w->bad_debt, "era", k->era);
    w->slashed = w->landed = w->bad_debt = 0;
}

/* ---- rewards ---- */

/* RWD-5: minted in this unit is what the close tells of this provider, and nothing without one.
 * RWD-7, settled 36: to the stake or to what is claimable. */
static void rewards(struct state *s)
{
    const struct watch_unit *u = &s->watch->unit;
    const struct log *l = watch_logged(s, LOG_ProviderEra);
    bool entered = (s->money.entered.tokens >> TOKEN_SPON & 1) != 0;
    const u128 *caused = s->money.caused[TOKEN_SPON];
    u128 minted = entered ? caused[CAUSE_LIVENESS] + caused[CAUSE_BONUS] : 0, said = 0;

    if (l != NULL)
        said = l->u.provider_era.liveness.wei + l->u.provider_era.bonus.wei;
    if ((minted | said) == 0)
        return;
    invariant_equal(s->tally, INV_RWD_5, minted, said, "provider", u->provider);
    if (u->standing == NULL || l == NULL)
        return;
    const struct standing_row *was = u->standing, *now = standing_at(s, u->provider);
    bool staked = provider_at(s, u->provider)->auto_stake != 0;
    invariant_equal(s->tally, INV_RWD_7, now->own.wei - was->own.wei, staked ? said : 0,
                    "stake of provider", u->provider);
    invariant_equal(s->tally, INV_RWD_7, now->rewards.wei - was->rewards.wei, staked ? 0 : said,
                    "rewards of provider", u->provider);
}

/* RWD-5, settled 153: "slashes in order of instant then evidence id", in the close. */
static void in_order(struct state *s, const struct log_slashed *k)
{
    struct watch *w = s->watch;
    bool after = k->instant_s > w->slash_s ||
                 (k->instant_s == w->slash_s && k->evidence >= w->slash_evidence);

    invariant_implies(s->tally, INV_RWD_5, true, after && watch_closing(s), "slash", k->slash);
    w->slash_s = k->instant_s;
    w->slash_evidence = k->evidence;
}

void watch_slashes(struct state *s)
{
    const struct log *l = watch_logged(s, LOG_Slashed);

    if (l != NULL) {
        in_order(s, &l->u.slashed);
        use_evidence(s, &l->u.slashed);
        pots(s, &l->u.slashed);
        destinations(s, &l->u.slashed);
    }
    rewards(s);
    close_totals(s);
}
