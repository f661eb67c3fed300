/* distribution - a quantity that differs from draw to draw, as a table of its quantiles.
 *
 * The table is made when a scenario is loaded: GSL inverts the distribution function, or the
 * quantiles are given.  From then on it is integers: a draw finds two neighbouring knots and
 * goes linearly between them, so that no libm decides an event, and the printed table
 * (scenario.resolved.json) is the distribution, whoever rounds a logarithm differently.
 *
 * Knots: the quantiles of i/256 for i = 0..255, then 1 - 2^-9, 1 - 2^-10 .. 1 - 2^-24 and the
 * end.  The upper tail is so fine because the money is there: of the leases of a real trace the
 * longest 0.6 % hold 85 % of the hours.  Where a distribution has no end, the last knot is its
 * quantile of 1 - 2^-25.  Each knot is a whole number with at most 32 significant bits, none is
 * less than the one before.
 *
 * The unit is the caller's (ns, s, micro-USD, ...): parameters go in and values come out in it.
 */
#ifndef SIM_ENGINE_DISTRIBUTION_H
#define SIM_ENGINE_DISTRIBUTION_H

#include "protocol/base.h"

#define DISTRIBUTION_BODY 256u
#define DISTRIBUTION_TAIL 16u
#define DISTRIBUTION_KNOTS (DISTRIBUTION_BODY + DISTRIBUTION_TAIL + 1u)

struct distribution {
    u64 knot[DISTRIBUTION_KNOTS];
};

/* The value whose rank is draw / 2^64: what a uniform draw comes to. */
u64 distribution_at(const struct distribution *d, u64 draw);

/* Mean of distribution_at() over all draws, rounded down. */
u64 distribution_mean(const struct distribution *d);

/* What a parameter of a distribution is: a quantity in the unit of the result, or a pure
 * number; none where the distribution has one parameter only. */
enum distribution_param { DISTRIBUTION_NONE, DISTRIBUTION_QUANTITY, DISTRIBUTION_NUMBER };

enum distribution_kind {
#define DISTRIBUTION(NAME, name, a, a_is, b, b_is, doc) DISTRIBUTION_##NAME,
#include "sim/engine/distribution.def"
#undef DISTRIBUTION
    DISTRIBUTION_KINDS
};

/* How a scenario file names a kind and its parameters. */
struct distribution_row {
    const char *name;
    const char *param[2];
    enum distribution_param is[2];
    const char *doc;
};
extern const struct distribution_row distribution_rows[DISTRIBUTION_KINDS];

/* False: a parameter is not finite or out of its range, *why says what was expected (a static
 * text); *out is unchanged.  Quantiles beyond DISTRIBUTION_VALUE_MAX are cut to it. */
#define DISTRIBUTION_VALUE_MAX ((u64)1 << 62)
must_use bool distribution_build(struct distribution *out, enum distribution_kind kind,
                                 const double param[2], const char **why);

/* Every draw gives v, at most DISTRIBUTION_VALUE_MAX, rounded to 32 significant bits. */
void distribution_constant(struct distribution *out, u64 v);

/* One given quantile: the share of draws below value, in parts per billion. */
struct quantile {
    u64 p_ppb, value;
};
#define QUANTILE_WHOLE 1000000000u

/* From n >= 2 quantiles, the first of 0 and the last of QUANTILE_WHOLE, p_ppb rising and value
 * never falling nor above DISTRIBUTION_VALUE_MAX, linear between them.  False: they are not so,
 * *out is unchanged. */
must_use bool distribution_from_quantiles(struct distribution *out, const struct quantile *rows,
                                          size_t n);

/* No value below min or above max: what lies outside moves to the limit. */
void distribution_clamp(struct distribution *d, u64 min, u64 max);

/* The knots as decimal numbers with a space between; reading gives back the same table. */
#define DISTRIBUTION_TEXT_BYTES (DISTRIBUTION_KNOTS * 21u)
void distribution_print(const struct distribution *d, char text[DISTRIBUTION_TEXT_BYTES]);

/* False: not DISTRIBUTION_KNOTS numbers of 32 significant bits that never fall; *out unchanged. */
must_use bool distribution_parse(struct distribution *out, const char *text);

#endif /* SIM_ENGINE_DISTRIBUTION_H */
