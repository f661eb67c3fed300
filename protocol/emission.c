#include "protocol/emission.h"

#define YEAR_S (365u * 86400u) /* settled 29: "365 × 86,400 s from genesis" */

/* supply0 x emission_bps_year x (10000 - decay)^y in base 10000, least digit first.  The divisor of
 * Y(y) is 10000^(y + 1): in this base a floor is digits left out, and nothing is ever divided. */
#define BASE BPS_WHOLE
#define WHOLE_DIGITS 10u /* 10^40 is above 2^128 */

struct numerator {
    u16 digit[EMISSION_YEARS_MAX + 1 + WHOLE_DIGITS];
    size_t used;
};

static void numerator_times(struct numerator *n, u32 factor) /* factor <= BASE */
{
    u32 carry = 0;

    for (size_t i = 0; i < n->used; i++) {
        u32 v = n->digit[i] * factor + carry;
        n->digit[i] = (u16)(v % BASE);
        carry = v / BASE;
    }
    if (carry != 0) {
        check(n->used < ARRAY_LEN(n->digit));
        n->digit[n->used++] = (u16)carry;
    }
}

static void numerator_start(struct numerator *n, const struct params *p)
{
    n->used = 0;
    for (u128 v = params_get(p, PARAM_supply0); v != 0; v /= BASE)
        n->digit[n->used++] = (u16)(v % BASE);
    numerator_times(n, (u32)p->emission_bps_year);
}

/* Y(y), n being the numerator of year y */
static struct amount numerator_year(const struct numerator *n, size_t y)
{
    u128 v = 0;

    for (size_t i = n->used; i > y + 1; i--)
        v = v * BASE + n->digit[i - 1];
    return AMOUNT(v); /* no more than supply0 */
}

struct amount emission_until(const struct params *p, u64 t_s)
{
    u64 years = t_s / YEAR_S;
    struct numerator n;
    struct amount sum = AMOUNT(0), part;
    bool fits;

    check(years < EMISSION_YEARS_MAX);
    numerator_start(&n, p);
    for (u64 y = 0; y < years; y++) { /* "M(t) = Σ Y(of the whole years before t)" */
        fits = amount_add(&sum, sum, numerator_year(&n, y));
        check(fits);
        numerator_times(&n, BPS_WHOLE - (u32)p->emission_decay_bps);
    }
    /* "+ floor(Y(year of t) × seconds of that year before t / 31,536,000)" */
    fits = amount_mul_div(&part, numerator_year(&n, years), t_s % YEAR_S, YEAR_S, ROUND_DOWN) &&
           amount_add(&sum, sum, part);
    check(fits);
    return sum;
}

struct amount emission_between(const struct params *p, u64 from_s, u64 to_s)
{
    struct amount d;
    bool fits = amount_sub(&d, emission_until(p, to_s), emission_until(p, from_s));
    check(fits); /* M never falls */
    return d;
}
