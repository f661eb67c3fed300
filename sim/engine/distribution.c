#include "sim/engine/distribution.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NONE DISTRIBUTION_NONE
#define QUANTITY DISTRIBUTION_QUANTITY
#define NUMBER DISTRIBUTION_NUMBER
const struct distribution_row distribution_rows[DISTRIBUTION_KINDS] = {
#define DISTRIBUTION(NAME, name, a, a_is, b, b_is, doc) {name, {a, b}, {a_is, b_is}, doc},
#include "sim/engine/distribution.def"
#undef DISTRIBUTION
};

#define LAST (DISTRIBUTION_KNOTS - 1)
#define RANK_BITS 24u /* every knot's rank is a multiple of 2^-24 */

static u32 rank_of(u32 knot)
{
    if (knot < DISTRIBUTION_BODY)
        return knot << (RANK_BITS - 8);
    if (knot == LAST)
        return 1u << RANK_BITS;
    return (1u << RANK_BITS) - (1u << (RANK_BITS - 9 - (knot - DISTRIBUTION_BODY)));
}

u64 distribution_at(const struct distribution *d, u64 draw)
{
    u32 at = (u32)(draw >> 56);
    u32 bits = 56;
    u64 offset = draw & (((u64)1 << bits) - 1);

    if (at == DISTRIBUTION_BODY - 1) {
        /* Each further knot halves what is left above it: the leading zeros of the rest count
         * them, up to the last stretch of 2^40 draws. */
        u64 rest = ~draw;
        u32 level = rest >> 40 == 0 ? DISTRIBUTION_TAIL : (u32)__builtin_clzll(rest) - 8;
        bits = level == DISTRIBUTION_TAIL ? 40 : 55 - level;
        at += level;
        offset = ~rest & (((u64)1 << bits) - 1);
    }
    u64 step = d->knot[at + 1] - d->knot[at];
    return d->knot[at] + (u64)((u128)step * offset >> bits);
}

u64 distribution_mean(const struct distribution *d)
{
    u128 twice = 0;
    for (u32 i = 0; i < LAST; i++)
        twice += ((u128)d->knot[i] + d->knot[i + 1]) * (rank_of(i + 1) - rank_of(i));
    return (u64)(twice >> (RANK_BITS + 1));
}

/* To the nearest number with 32 significant bits; order is kept. */
static u64 rounded(u64 v)
{
    if (v >> 32 == 0)
        return v;
    u32 drop = 32 - (u32)__builtin_clzll(v);
    return (v + ((u64)1 << (drop - 1))) >> drop << drop;
}

/* Rank p from below and q = 1 - p from above: GSL is exact near 0 only. */
static double quantile(enum distribution_kind kind, const double v[2], double p, double q)
{
    bool low = p < q;
    switch (kind) {
    case DISTRIBUTION_CONSTANT:
        return v[0];
    case DISTRIBUTION_UNIFORM:
        return v[0] + (v[1] - v[0]) * p;
    case DISTRIBUTION_EXPONENTIAL:
        return low ? gsl_cdf_exponential_Pinv(p, v[0]) : gsl_cdf_exponential_Qinv(q, v[0]);
    case DISTRIBUTION_LOGNORMAL:
        return low ? gsl_cdf_lognormal_Pinv(p, log(v[0]), v[1])
                   : gsl_cdf_lognormal_Qinv(q, log(v[0]), v[1]);
    case DISTRIBUTION_WEIBULL:
        return low ? gsl_cdf_weibull_Pinv(p, v[0], v[1]) : gsl_cdf_weibull_Qinv(q, v[0], v[1]);
    case DISTRIBUTION_GAMMA:
        return low ? gsl_cdf_gamma_Pinv(p, v[1], v[0]) : gsl_cdf_gamma_Qinv(q, v[1], v[0]);
    case DISTRIBUTION_PARETO:
        return low ? gsl_cdf_pareto_Pinv(p, v[1], v[0]) : gsl_cdf_pareto_Qinv(q, v[1], v[0]);
    case DISTRIBUTION_KINDS:
        break;
    }
    check_unreachable();
}

/* What is wrong with the parameters; NULL: nothing. */
static const char *params_wrong(enum distribution_kind kind, const double v[2])
{
    const struct distribution_row *row = &distribution_rows[kind];
    for (u32 i = 0; i < 2; i++) {
        if (row->is[i] == QUANTITY && !(v[i] >= 0 && v[i] <= (double)DISTRIBUTION_VALUE_MAX))
            return "a quantity from 0 to 2^62";
        if (row->is[i] == NUMBER && !(v[i] >= 0.01 && v[i] <= 1000))
            return "a number from 0.01 to 1000";
    }
    if (kind == DISTRIBUTION_GAMMA && v[1] < 0.2)
        return "a shape from 0.2"; /* below 0.15 GSL's inverse does not converge */
    if (kind == DISTRIBUTION_UNIFORM)
        return v[0] <= v[1] ? NULL : "a min that is not above the max";
    if (kind != DISTRIBUTION_CONSTANT && !(v[0] > 0))
        return "a quantity above 0";
    return NULL;
}

bool distribution_build(struct distribution *out, enum distribution_kind kind,
                        const double param[2], const char **why)
{
    struct distribution d;
    u64 least = 0;

    *why = params_wrong(kind, param);
    if (*why != NULL)
        return false;
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    for (u32 i = 0; i < DISTRIBUTION_KNOTS && *why == NULL; i++) {
        double p = ldexp((double)rank_of(i), -(int)RANK_BITS);
        bool endless = i == LAST && kind != DISTRIBUTION_UNIFORM;
        double q = endless ? ldexp(1, -25) : 1 - p;
        double v = quantile(kind, param, p, q);
        if (isnan(v))
            *why = "parameters for which GSL finds the quantiles";
        else
            d.knot[i] = v >= (double)DISTRIBUTION_VALUE_MAX ? DISTRIBUTION_VALUE_MAX
                                                            : rounded((u64)(v + 0.5));
        /* The two inverses meet in the middle to within their own precision. */
        if (*why == NULL && d.knot[i] < least)
            d.knot[i] = least;
        if (*why == NULL)
            least = d.knot[i];
    }
    gsl_set_error_handler(before);
    if (*why != NULL)
        return false;
    *out = d;
    return true;
}

void distribution_constant(struct distribution *out, u64 v)
{
    check(v <= DISTRIBUTION_VALUE_MAX);
    for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++)
        out->knot[i] = rounded(v);
}

bool distribution_from_quantiles(struct distribution *out, const struct quantile *rows, size_t n)
{
    if (n < 2 || rows[0].p_ppb != 0 || rows[n - 1].p_ppb != QUANTILE_WHOLE)
        return false;
    if (rows[n - 1].value > DISTRIBUTION_VALUE_MAX)
        return false;
    for (size_t i = 1; i < n; i++)
        if (rows[i].p_ppb <= rows[i - 1].p_ppb || rows[i].value < rows[i - 1].value)
            return false;

    size_t row = 0; /* the knot lies from here to the next */
    for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++) {
        /* rank and p_ppb on one scale: multiples of 2^-24 x 10^-9 */
        u64 rank = (u64)rank_of(i) * QUANTILE_WHOLE;
        while (row + 2 < n && (rows[row + 1].p_ppb << RANK_BITS) <= rank)
            row++;
        u64 from = rows[row].p_ppb << RANK_BITS;
        u64 to = rows[row + 1].p_ppb << RANK_BITS;
        u64 step = rows[row + 1].value - rows[row].value;
        out->knot[i] = rounded(rows[row].value + (u64)((u128)step * (rank - from) / (to - from)));
    }
    return true;
}

void distribution_clamp(struct distribution *d, u64 min, u64 max)
{
    check(min <= max);
    for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++) {
        if (d->knot[i] < min)
            d->knot[i] = rounded(min);
        if (d->knot[i] > max)
            d->knot[i] = rounded(max);
    }
}

void distribution_print(const struct distribution *d, char text[DISTRIBUTION_TEXT_BYTES])
{
    size_t at = 0;
    for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++) {
        int wrote = snprintf(text + at, DISTRIBUTION_TEXT_BYTES - at, i == 0 ? "%llu" : " %llu",
                             (unsigned long long)d->knot[i]);
        check(wrote > 0 && (size_t)wrote < DISTRIBUTION_TEXT_BYTES - at);
        at += (size_t)wrote;
    }
}

bool distribution_parse(struct distribution *out, const char *text)
{
    struct distribution d;
    u64 least = 0;

    for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++) {
        if (i > 0 && *text++ != ' ')
            return false;
        if (*text < '0' || *text > '9' || (text[0] == '0' && text[1] >= '0' && text[1] <= '9'))
            return false;
        u64 v = 0;
        for (; *text >= '0' && *text <= '9'; text++) {
            v = v * 10 + (u64)(*text - '0');
            if (v > DISTRIBUTION_VALUE_MAX)
                return false;
        }
        if (v < least || v != rounded(v))
            return false;
        d.knot[i] = least = v;
    }
    if (*text != '\0')
        return false;
    *out = d;
    return true;
}
