#include "protocol/liveness.h"

#include "protocol/interval.h"
#include "protocol/mutant.h"

/* floor(whole x part / of), 0 if of is 0; what does not fit is the largest amount, which no
 * pot covers. */
static struct amount portion(struct amount whole, u128 part, u128 of)
{
    struct amount out = AMOUNT(U128_MAX);

    if (of == 0)
        return AMOUNT(0);
    if (!amount_mul_div(&out, whole, part, of, ROUND_DOWN))
        return AMOUNT(U128_MAX);
    return out;
}

struct amount liveness_hour(struct amount emission, u64 points, u128 potential)
{
    return portion(emission, points, potential); /* "floor(emission × p(i,h) / W)" */
}

struct amount liveness_earned(struct amount emission, u128 earned, u128 potential)
{
    check(earned <= potential); /* so that no era mints more than its emission */
    return portion(emission, earned, potential);
}

bool liveness_bonus_due(const struct params *p, u64 lease_s, u64 payers)
{
    /* settled 32: "reached at ≥ 100 × 3600 s"; "at least so many" */
    if (MUTATED(BONUS_UNEARNED))
        return payers >= p->bonus_distinct_payers;
    if (MUTATED(BONUS_LATER))
        lease_s -= lease_s < HOUR_S ? lease_s : HOUR_S;
    return lease_s >= p->bonus_lease_hours * HOUR_S && payers >= p->bonus_distinct_payers;
}

struct amount liveness_bonus(const struct params *p, struct amount left, u64 n)
{
    struct amount all, each = p->bonus_amount;

    check(amount_mul(&all, each, n));
    if (amount_cmp(all, left) <= 0)
        return MUTATED(BONUS_OF_ALL) ? left : each;
    /* settled 32: "pro rata by floor if short"; all bonuses are the same, so 1 of n */
    check(amount_mul_div(&each, left, 1, n, ROUND_DOWN));
    return each;
}
