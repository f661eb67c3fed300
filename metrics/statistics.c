/* statistics - GSL where it has it. */
#include "metrics/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

void tally_add(struct tally *t, double x)
{
    double before = x - t->mean;

    t->n++;
    t->mean += before / (double)t->n;
    t->squares += before * (x - t->mean);
}

struct estimate tally_estimate(const struct tally *t)
{
    struct estimate e = {.n = t->n, .mean = t->mean, .sd = 0, .half = 0};

    if (t->n >= 2) {
        double freedom = (double)(t->n - 1);
        e.sd = sqrt(t->squares / freedom);
        e.half = gsl_cdf_tdist_Pinv(0.975, freedom) * e.sd / sqrt((double)t->n);
    }
    return e;
}

struct estimate estimate_of(const double *x, size_t n)
{
    struct tally t = {.n = 0};

    check(n >= 1);
    for (size_t i = 0; i < n; i++)
        tally_add(&t, x[i]);
    return tally_estimate(&t);
}

struct estimate estimate_paired(const double *a, const double *b, size_t n)
{
    struct tally t = {.n = 0};

    check(n >= 1);
    for (size_t i = 0; i < n; i++)
        tally_add(&t, b[i] - a[i]);
    return tally_estimate(&t);
}

bool estimate_differs(struct estimate e)
{
    return e.n >= 2 && fabs(e.mean) > e.half;
}

double quantile_of_sorted(const double *sorted, size_t n, double q)
{
    check(n >= 1 && q >= 0 && q <= 1);
    return gsl_stats_quantile_from_sorted_data(sorted, 1, n, q);
}

void sort_values(double *x, size_t n)
{
    gsl_sort(x, 1, n);
}

/* G = (2 sum i x_i) / (n sum x) - (n + 1) / n, i from 1 in rising order. */
double gini_of_sorted(const double *sorted, size_t n)
{
    double sum = 0, ranked = 0;

    for (size_t i = 0; i < n; i++) {
        sum += sorted[i];
        ranked += (double)(i + 1) * sorted[i];
    }
    if (sum <= 0)
        return 0;
    return 2 * ranked / ((double)n * sum) - (double)(n + 1) / (double)n;
}

double hhi_of(const double *x, size_t n)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    if (sum <= 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] / sum) * (x[i] / sum);
    return squares;
}
