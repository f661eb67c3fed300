/* statistics - what a sample says.
 *
 * Doubles, and only here and in what shows figures: no rule and no money comes from them.
 */
#ifndef METRICS_STATISTICS_H
#define METRICS_STATISTICS_H

#include "protocol/base.h"

/* What n values say of their mean. */
struct estimate {
    u64 n;
    double mean;
    double sd;   /* of the sample (n - 1); 0 for n < 2 */
    double half; /* half the width of the 95 % interval by Student's t: mean +- half; 0 for n < 2 */
};

/* A sample as it comes, value by value (Welford: large offsets lose nothing). */
struct tally {
    u64 n;
    double mean, squares; /* squares of the deviations from the mean, summed */
};

void tally_add(struct tally *t, double x);

/* n = 0 gives zeros. */
struct estimate tally_estimate(const struct tally *t);

/* n >= 1 */
struct estimate estimate_of(const double *x, size_t n);

/* Of the differences b[i] - a[i]: the same seeds in two arms.  n >= 1 */
struct estimate estimate_paired(const double *a, const double *b, size_t n);

/* Does the interval leave out zero? */
bool estimate_differs(struct estimate e);

/* The q-quantile (0..1) of n >= 1 values in rising order, linear between neighbours (type 7). */
double quantile_of_sorted(const double *sorted, size_t n, double q);

/* Put x in rising order; equal values have no order to keep. */
void sort_values(double *x, size_t n);

/* Gini coefficient of n values >= 0 in rising order: 0 all equal, (n - 1)/n one has all; 0 if all
 * are 0. */
double gini_of_sorted(const double *sorted, size_t n);

/* Herfindahl-Hirschman index of n values >= 0: sum of squared shares, 1/n to 1; 0 if all are 0. */
double hhi_of(const double *x, size_t n);

#endif /* METRICS_STATISTICS_H */
