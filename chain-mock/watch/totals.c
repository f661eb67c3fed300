/* totals - what has happened since genesis, in sums, against what the rows come to: the full
 * form of ESC-4, LEA-5, FEE-1, FEE-2, ORD-1 and SLA-6. */
#include "chain-mock/state/lease_parts.h"
#include "chain-mock/watch/parts.h"

/* ---- adding up ---- */

/* settled 150: what left the locked funds and by none of ESC-4's causes, the token took. */
void watch_totals_add(struct state *s, u32 token)
{
    struct watch_totals *sum = &s->watch->totals;
    const u128 *caused = s->money.caused[token];

    const u128 *entered = pockets_of(&s->money.entered, token);
    u128 *all = pockets_of(&sum->entered, token);

    for (u32 c = 0; c < CAUSES; c++)
        sum->caused[token][c] += caused[c];
    for (u32 p = 0; p < POCKETS; p++)
        all[p] += entered[p];
    if (caused[CAUSE_SHRINK] != 0)
        sum->shrunk_locked[token] += watch_locked(caused) - entered[POCKET_LOCKED];
}

/* ESC-3: what is in the escrow came in by deposits and left by withdrawals and claims, or was what
 * shrank of a token (settled 150: inside the escrow).  Dust has other sources too: what
 * leases left of it counts. */
void watch_escrow(struct state *s, const struct pocket_sums *sums)
{
    static const enum pocket inside[] = {POCKET_UNLOCKED, POCKET_LOCKED,     POCKET_LEASE,
                                         POCKET_ACCRUED,  POCKET_COMMISSION, POCKET_FEES};

    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        const u128 *caused = s->watch->totals.caused[t];
        u128 there = 0;
        for (u32 i = 0; i < ARRAY_LEN(inside) && (sums->tokens >> t & 1) != 0; i++)
            there += sums->at[t][inside[i]];
        invariant_equal(s->tally, INV_ESC_3,
                        there + caused[CAUSE_LEASE_REST] + caused[CAUSE_WITHDRAW] +
                            caused[CAUSE_EARNINGS_CLAIM] + caused[CAUSE_FEES_CLAIM] +
                            caused[CAUSE_SHRINK],
                        caused[CAUSE_DEPOSIT], "token", t);
    }
}

/* LED-8, §4.1.3: the escrow's, staking's, the rewarder's and the Slarks' pool. */
void watch_modules(struct state *s, const struct pocket_sums *rows)
{
    static const enum pocket from[] = {POCKET_UNLOCKED, POCKET_STAKE, POCKET_REWARDS,
                                       POCKET_SLARKS};
    static const enum pocket to[] = {POCKET_FEES, POCKET_UNBONDING, POCKET_REWARDS, POCKET_SLARKS};

    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        const u128 *is = s->watch->totals.entered.at[t];
        for (u32 m = 0; m < ARRAY_LEN(from); m++) {
            u128 there = 0, owed = 0;
            for (u32 p = from[m]; p <= to[m] && (rows->tokens >> t & 1) != 0; p++) {
                there += is[p];
                owed += rows->at[t][p];
            }
            invariant_at_most(s->tally, INV_LED_8, owed, there, pocket_names[from[m]], t);
        }
    }
}

/* LED-4: what was minted of rewards, against the emission of the eras that have closed. */
static void minted_ever(struct state *s)
{
    const u128 *caused = s->watch->totals.caused[TOKEN_SPON];
    u128 emission = 0;

    for (u32 row = 1; row < s->tables[TABLE_ERA].count; row++)
        emission += era_at(s, row)->emission.wei;
    invariant_at_most(s->tally, INV_LED_4, caused[CAUSE_LIVENESS] + caused[CAUSE_BONUS], emission,
                      "eras closed", s->tables[TABLE_ERA].count - 1);
}

/* Settled 29: "Y(y) = floor(supply0 × emission_bps_year × …)", evenly by the second of 365 days; of
 * years after the first one, no more than that. */
void watch_emission(struct state *s, u32 row, const struct era_row *e)
{
    const u128 year_s = 365u * 86400u;
    u128 year = params_get(&s->params, PARAM_supply0) * s->params.emission_bps_year / BPS_WHOLE;
    u128 from = year * e->start_s / year_s, to = year * e->end_s / year_s;

    if (e->end_s <= year_s)
        invariant_equal(s->tally, INV_LED_4, e->emission.wei, to - from, "emission of era", row);
    else
        invariant_at_most(s->tally, INV_LED_4, e->emission.wei, to - from + 2, "emission of era",
                          row);
}

void watch_totals_era(struct state *s)
{
    minted_ever(s);
    s->watch->slash_s = s->watch->slash_evidence = 0;
    s->watch->totals.evidence_before = state_meta(s)->next_evidence;
    s->watch->totals.outages_cut = 0;
}

/* ---- against the rows ---- */

/* What open leases and orders have claim to, and what was debited and is not yet anybody's: by
 * token. */
struct claims {
    const struct state *s;
    u128 held[TOKENS_MAX], unshared[TOKENS_MAX];
    struct lease_sums given[TOKENS_MAX];
    u128 slashed;
};

static void claims_of_lease(void *about, u32 row, const void *bytes)
{
    struct claims *c = about;
    const struct lease_row *l = bytes;

    (void)row;
    watch_lease_given(&c->given[l->token], l);
    if (l->ended_s != INTERVAL_OPEN)
        return;
    struct lease_parts parts = lease_parts(l);
    c->held[l->token] += l->gross_held.wei - l->gross.wei + l->user_fee_held.wei - parts.user_fee;
    c->unshared[l->token] += parts.rest + (l->confirmed ? 0 : parts.provider);
}

static void claims_of_order(void *about, u32 row, const void *bytes)
{
    struct claims *c = about;
    const struct order_row *o = bytes;

    (void)row;
    c->held[o->token] += o->hold.wei;
}

static void slashed_of(void *about, u32 row, const void *bytes)
{
    struct claims *c = about;

    (void)row;
    c->slashed += ((const struct standing_row *)bytes)->slashed.wei;
}

/* ESC-4: what is locked came and went by its closed list.  LEA-5: all that was ever locked went to
 * one of its parts, or is still claimed. */
static void locked_ever(struct state *s, const struct claims *c, const struct pocket_sums *sums,
                        u32 token)
{
    const u128 *caused = s->watch->totals.caused[token];
    u128 shrunk = s->watch->totals.shrunk_locked[token];
    u128 parts = caused[CAUSE_PROVIDER_NET] + caused[CAUSE_COMMISSION] +
                 caused[CAUSE_PROVIDER_FEE] + caused[CAUSE_LEASE_REST] + caused[CAUSE_USER_FEE] +
                 caused[CAUSE_LEASE_REFUND] + caused[CAUSE_ORDER_RELEASE];

    invariant_equal(s->tally, INV_ESC_4, sums->at[token][POCKET_LOCKED] + shrunk,
                    watch_locked(caused), "locked of token", token);
    invariant_equal(s->tally, INV_LEA_5, parts + shrunk + c->held[token] + c->unshared[token],
                    caused[CAUSE_LEASE_LOCK] + caused[CAUSE_ORDER_HOLD], "locks of token", token);
}

/* FEE-1, FEE-2, LEA-5: each share that was ever paid is what the leases' rows come to. */
static void shares_ever(struct state *s, const struct lease_sums *given, u32 token)
{
    const u128 *caused = s->watch->totals.caused[token];
    const struct lease_sums *away = &s->watch->totals.put_away[token];

    invariant_equal(s->tally, INV_FEE_1, caused[CAUSE_COMMISSION],
                    given->commission + away->commission, "commission of token", token);
    invariant_equal(s->tally, INV_FEE_1, caused[CAUSE_PROVIDER_FEE],
                    given->provider_fee + away->provider_fee, "provider fee of token", token);
    invariant_equal(s->tally, INV_FEE_1, caused[CAUSE_PROVIDER_NET],
                    given->provider + away->provider, "provider net of token", token);
    invariant_equal(s->tally, INV_FEE_2, caused[CAUSE_USER_FEE], given->user_fee + away->user_fee,
                    "user fee of token", token);
    invariant_equal(s->tally, INV_LEA_5, caused[CAUSE_LEASE_REFUND], given->refund + away->refund,
                    "refund of token", token);
    invariant_equal(s->tally, INV_LEA_5, caused[CAUSE_LEASE_REST], given->rest + away->rest,
                    "rest of token", token);
}

/* SLA-6: what pots lost is what was paid out of them, and the Slarks' pool has what is theirs.  Of
 * rewards a slash took what was neither claimed nor staked and is not there. */
static void slashed_ever(struct state *s, const struct claims *c, const struct pocket_sums *sums)
{
    const u128 *caused = s->watch->totals.caused[TOKEN_SPON];
    u128 rewards = caused[CAUSE_LIVENESS] + caused[CAUSE_BONUS] - caused[CAUSE_AUTO_STAKE] -
                   caused[CAUSE_REWARDS_CLAIM] - sums->at[TOKEN_SPON][POCKET_REWARDS];

    invariant_equal(s->tally, INV_SLA_6, c->slashed + rewards,
                    caused[CAUSE_SLASH] + caused[CAUSE_RESTITUTION], "slashes of all", 0);
    invariant_equal(s->tally, INV_SLA_6, sums->at[TOKEN_SPON][POCKET_SLARKS],
                    s->watch->totals.slarks, "the Slarks' pool", 0);
}

/* ORD-1: every order that was made is open, or was put away as leased, cancelled or expired. */
static void orders_ever(struct state *s)
{
    const u64 *ended = s->watch->totals.orders_ended;

    invariant_equal(s->tally, INV_ORD_1, state_meta(s)->next_order - 1,
                    (u128)s->tables[TABLE_ORDER].used + ended[ORDER_LEASED] +
                        ended[ORDER_CANCELLED] + ended[ORDER_EXPIRED],
                    "orders made", 0);
}

/* What the rows come to. */
static struct claims claims_of_all(struct state *s)
{
    struct claims c = {.s = s};

    state_each(s, TABLE_LEASE, claims_of_lease, &c);
    state_each(s, TABLE_ORDER, claims_of_order, &c);
    state_each(s, TABLE_STANDING, slashed_of, &c);
    return c;
}

void watch_totals(struct state *s)
{
    struct claims c = claims_of_all(s);
    struct pocket_sums sums;

    state_pockets(s, &sums);
    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        locked_ever(s, &c, &sums, t);
        shares_ever(s, &c.given[t], t);
    }
    slashed_ever(s, &c, &sums);
    orders_ever(s);
    minted_ever(s);
    watch_escrow(s, &sums);
    watch_modules(s, &sums);
}

/* ---- beginning in the middle: as if what is there had come in one go ---- */

static void given_at_once(u128 *caused, const struct lease_sums *given, const u128 *pockets)
{
    caused[CAUSE_COMMISSION] = given->commission;
    caused[CAUSE_PROVIDER_FEE] = given->provider_fee;
    caused[CAUSE_PROVIDER_NET] = given->provider;
    caused[CAUSE_LEASE_REST] = given->rest;
    caused[CAUSE_USER_FEE] = given->user_fee;
    caused[CAUSE_LEASE_REFUND] = given->refund;
    caused[CAUSE_LEASE_DEBIT] = given->provider + given->commission + given->provider_fee +
                                given->rest + pockets[POCKET_LEASE];
    caused[CAUSE_DEPOSIT] = pockets[POCKET_UNLOCKED] + pockets[POCKET_LOCKED] +
                            pockets[POCKET_LEASE] + pockets[POCKET_ACCRUED] +
                            pockets[POCKET_COMMISSION] + pockets[POCKET_FEES] + given->rest;
    caused[CAUSE_LEASE_LOCK] =
        pockets[POCKET_LOCKED] + caused[CAUSE_LEASE_DEBIT] + given->user_fee + given->refund;
}

static void provider_anew(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct standing_row *st = bytes;

    s->watch->provider[row] =
        (struct provider_note){.owed = st->slashed.wei + st->bad_debt.wei, .cut = 1};
}

static void lease_anew(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct lease_row *l = bytes;
    u64 *used = s->watch->provider[l->provider].used;

    (void)row;
    if (l->ended_s != INTERVAL_OPEN)
        return;
    used[0] += (u64)l->replicas * l->specs.cpu;
    used[1] += (u64)l->replicas * l->specs.ram_gib;
    used[2] += (u64)l->replicas * l->specs.disk_gib;
}

static void outage_anew(void *about, u32 row, const void *bytes)
{
    struct state *s = about;

    s->watch->outage[row].standby_used = ((const struct outage_row *)bytes)->standby_done;
}

void watch_totals_restart(struct state *s)
{
    struct watch_totals *sum = &s->watch->totals;
    struct claims c = claims_of_all(s);

    sum->entered = s->watch->pockets;
    for (u32 t = 0; t < TOKENS_MAX; t++)
        given_at_once(sum->caused[t], &c.given[t], pockets_of(&s->watch->pockets, t));
    const u128 *native = pockets_of(&s->watch->pockets, TOKEN_SPON);
    sum->caused[TOKEN_SPON][CAUSE_LIVENESS] = native[POCKET_REWARDS];
    sum->caused[TOKEN_SPON][CAUSE_SLASH] = c.slashed;
    sum->slarks = native[POCKET_SLARKS];
    sum->orders_ended[ORDER_EXPIRED] = state_meta(s)->next_order - 1 - s->tables[TABLE_ORDER].used;
    sum->outages_cut = 1;
    state_each(s, TABLE_STANDING, provider_anew, s);
    state_each(s, TABLE_LEASE, lease_anew, s);
    state_each(s, TABLE_OUTAGE, outage_anew, s);
}
