/* Statistics against figures worked by hand and from printed tables of Student's t. */
#include "metrics/statistics.h"
#include "tests/test.h"

#include <math.h>

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
}

static void test_estimate(void)
{
    const double x[] = {1, 2, 3, 4, 5}, two[] = {10, 14}, one[] = {42};
    struct estimate e = estimate_of(x, 5);

    EXPECT(e.n == 5 && near(e.mean, 3) && near(e.sd, sqrt(2.5)));
    EXPECT(fabs(e.half - 2.776445105 * sqrt(2.5) / sqrt(5)) < 1e-8); /* t(4) */
    EXPECT(estimate_differs(e));
    e = estimate_of(two, 2);
    EXPECT(near(e.mean, 12) && near(e.sd, sqrt(8)));
    EXPECT(fabs(e.half - 12.706204736 * 2) < 1e-7); /* t(1) */
    EXPECT(!estimate_differs(e));
    e = estimate_of(one, 1);
    EXPECT(e.n == 1 && near(e.mean, 42) && near(e.sd, 0) && near(e.half, 0));
    EXPECT(!estimate_differs(e));
    printf("ok - mean, deviation and interval\n");
}

/* Values far from zero lose nothing, and what two arms share cancels. */
static void test_paired(void)
{
    const double a[] = {1e12, 2e12, 3e12}, b[] = {1e12 + 1, 2e12 + 2, 3e12 + 3};
    const double same[] = {1e12 + 4, 1e12 + 7, 1e12 + 13, 1e12 + 16};
    struct estimate e = estimate_paired(a, b, 3);

    EXPECT(near(e.mean, 2) && near(e.sd, 1));
    EXPECT(fabs(e.half - 4.302652730 / sqrt(3)) < 1e-8); /* t(2) */
    EXPECT(!estimate_differs(e));
    e = estimate_of(same, 4);
    EXPECT(near(e.mean, 1e12 + 10) && near(e.sd, sqrt(30)));
    printf("ok - paired difference, large offsets\n");
}

static void test_concentration(void)
{
    const double rising[] = {1, 2, 3, 4}, equal[] = {5, 5, 5}, all[] = {0, 0, 0, 8},
                 none[] = {0, 0};
    const double shares[] = {1, 2, 1};

    EXPECT(near(gini_of_sorted(rising, 4), 0.25));
    EXPECT(near(gini_of_sorted(equal, 3), 0));
    EXPECT(near(gini_of_sorted(all, 4), 0.75));
    EXPECT(near(gini_of_sorted(none, 2), 0));
    EXPECT(near(gini_of_sorted(none, 0), 0));
    EXPECT(near(hhi_of(shares, 3), 0.375));
    EXPECT(near(hhi_of(all, 4), 1));
    EXPECT(near(hhi_of(equal, 3), 1.0 / 3));
    EXPECT(near(hhi_of(none, 2), 0));
    printf("ok - Gini and Herfindahl\n");
}

static void test_quantiles(void)
{
    double x[] = {40, 10, 30, 20};

    sort_values(x, 4);
    EXPECT(near(x[0], 10) && near(x[3], 40));
    EXPECT(near(quantile_of_sorted(x, 4, 0), 10));
    EXPECT(near(quantile_of_sorted(x, 4, 0.5), 25));
    EXPECT(near(quantile_of_sorted(x, 4, 0.9), 37));
    EXPECT(near(quantile_of_sorted(x, 4, 1), 40));
    EXPECT(near(quantile_of_sorted(x, 1, 0.5), 10));
    printf("ok - quantiles\n");
}

int main(void)
{
    test_estimate();
    test_paired();
    test_concentration();
    test_quantiles();
    return 0;
}
