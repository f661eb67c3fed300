#include "protocol/slash.h"
#include "protocol/mutant.h"

static const struct amount nothing = {0};

/* ---- when ---- */

bool slash_standby(const struct params *p, struct interval outage, u64 now_s, struct interval *idle)
{
    u64 end_s = outage.to_s < now_s ? outage.to_s : now_s;

    /* "b − a > 3600 (strictly; open: E − a > 3600)" */
    if (end_s <= outage.from_s || end_s - outage.from_s <= p->standby_slash_after_s)
        return false;
    *idle = (struct interval){outage.from_s, outage.from_s + p->standby_slash_after_s};
    return true;
}

bool slash_hour(struct interval outage, u64 now_s, u64 k, struct interval *hour)
{
    u64 end_s = outage.to_s < now_s ? outage.to_s : now_s;

    /* "for each k = 0, 1, … with a + 3600 k < b" */
    if (end_s <= outage.from_s || k > (end_s - outage.from_s - 1) / HOUR_S)
        return false;
    /* "[a + 3600 k, min(a + 3600 k + 3600, b, E))" */
    hour->from_s = outage.from_s + HOUR_S * k;
    hour->to_s = end_s - hour->from_s < HOUR_S ? end_s : hour->from_s + HOUR_S;
    return true;
}

u64 slash_first_hour(struct interval outage, u64 from_s)
{
    return from_s <= outage.from_s ? 0 : (from_s - outage.from_s - 1) / HOUR_S + 1;
}

/* ---- how much ---- */

static u128 ten_to(u32 n)
{
    u128 power = 1;

    while (n-- > 0)
        power *= 10;
    return power;
}

bool slash_fee(struct amount price, bool is_native, u64 token_usd_e8, u64 native_usd_e8,
               u32 decimals, struct amount *fee)
{
    check(decimals <= 18);
    if (is_native) { /* "price itself if the token is SPON" */
        *fee = price;
        return true;
    }
    if (token_usd_e8 == 0 || native_usd_e8 == 0) { /* "0 where either price never existed" */
        *fee = nothing;
        return true;
    }
    /* "floor(price × P_token × 10^18 / (P_SPON × 10^decimals))" */
    return amount_mul_div(fee, price, token_usd_e8 * ten_to(18), native_usd_e8 * ten_to(decimals),
                          ROUND_DOWN);
}

struct amount slash_deployment(struct amount hour_value, struct amount fees)
{
    bool value = amount_cmp(hour_value, fees) > 0;

    return value != MUTATED(LESSER_SLASH) ? hour_value : fees;
}

/* ---- from where ---- */

static void take(struct slash_pot *pot, struct amount *due)
{
    pot->taken = amount_least(pot->held, *due);
    check(amount_sub(due, *due, pot->taken));
}

struct slash_result slash_take(struct slash_pot *pots, size_t n, struct amount amount,
                               u64 offence_s)
{
    struct slash_result result = {.bad_debt = amount}; /* as long as it is due */

    for (size_t i = 0; i < n; i++) {
        pots[i].taken = nothing;
        if (pots[i].kind == POT_OWN && !MUTATED(UNBONDING_FIRST)) /* settled 58: "own stake, ..." */
            take(&pots[i], &result.bad_debt);
    }
    for (size_t i = n, later_s = UINT64_MAX; i-- > 0;) {
        if (pots[i].kind != POT_UNBONDING)
            continue;
        check(pots[i].requested_s <= later_s);
        later_s = pots[i].requested_s;
        /* "of unbonding only what was requested after the offence's second" */
        if (pots[i].requested_s > offence_s &&
            !MUTATED(UNBONDING_SAFE)) /* "then own unbonding (latest request first)" */
            take(&pots[i], &result.bad_debt);
    }
    for (size_t i = 0; i < n && MUTATED(UNBONDING_FIRST); i++)
        if (pots[i].kind == POT_OWN)
            take(&pots[i], &result.bad_debt);
    for (size_t i = 0; i < n; i++)
        if (pots[i].kind == POT_DELEGATED) /* "then delegated" */
            take(&pots[i], &result.bad_debt);
    check(amount_sub(&result.taken, amount, result.bad_debt)); /* settled 60: "cap" */
    return result;
}

bool slash_misconduct(const struct params *p, struct slash_pot *pots, size_t n, struct amount *sum)
{
    struct amount all = nothing;

    for (size_t i = 0; i < n; i++) {
        struct amount rest;
        /* settled 58: "the same bps of every pot", "each floored" */
        amount_split(pots[i].held, (struct bps){(u32)p->misconduct_slash_bps}, &pots[i].taken,
                     &rest);
        if (!amount_add(&all, all, pots[i].taken))
            return false;
    }
    *sum = all;
    return true;
}

/* ---- to whom ---- */

static bool total(const struct amount *parts, size_t n, struct amount *sum)
{
    *sum = nothing;
    for (size_t i = 0; i < n; i++)
        if (!amount_add(sum, *sum, parts[i]))
            return false;
    return true;
}

bool slash_share(struct amount taken, const struct amount *fees, size_t n, struct amount *shares,
                 struct amount *rest)
{
    struct amount sum;

    *rest = taken;
    if (!total(fees, n, &sum) || amount_cmp(sum, nothing) == 0) {
        for (size_t i = 0; i < n; i++)
            shares[i] = nothing;
        return false;
    }
    for (size_t i = 0; i < n;
         i++) { /* settled 56: "pro rata by hourly fee, floors, rest to dust" */
        check(amount_pro_rata(&shares[i], taken, fees[i], sum));
        check(amount_sub(rest, *rest, shares[i]));
    }
    return true;
}

bool slash_restitution(struct amount taken, const struct amount *damages, size_t n,
                       struct amount *shares, struct amount *rest)
{
    struct amount sum;

    if (!total(damages, n, &sum))
        return false;
    if (amount_cmp(taken, sum) < 0) { /* settled 57: "pro rata by floor if short" */
        check(slash_share(taken, damages, n, shares, rest));
        return true;
    }
    for (size_t i = 0; i < n; i++) /* settled 57: "paid up to the damage" */
        shares[i] = damages[i];
    check(amount_sub(rest, taken, sum));
    return true;
}
