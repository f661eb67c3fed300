/* Distributions: sampling against a search over the ranks, tables against their formulas. */
#include "protocol/draw.h"
#include "sim/engine/distribution.h"
#include "tests/test.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const struct drawer drawer = {7, 0, 1};

static u64 drawn(u64 i)
{
    return draw_u64(&drawer, DRAW_TEST, i);
}

/* The rank of a knot as a part of 2^64, by the words of the header. */
static u128 naive_rank(u32 knot)
{
    u128 one = (u128)1 << 64;
    if (knot < 256)
        return one / 256 * knot;
    if (knot < 272)
        return one - (one >> (9 + knot - 256));
    return one;
}

static u64 naive_at(const struct distribution *d, u64 draw)
{
    u32 i = 0;
    while (naive_rank(i + 1) <= draw)
        i++;
    u128 width = naive_rank(i + 1) - naive_rank(i);
    u64 step = d->knot[i + 1] - d->knot[i];
    return d->knot[i] + (u64)(step * (draw - naive_rank(i)) / width);
}

static void fill(struct distribution *d, u64 salt)
{
    u64 v = 0;
    for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++)
        d->knot[i] = v += drawn(salt + i) >> (24 + i % 30);
}

static void test_sampling(void)
{
    struct distribution d;
    for (u64 salt = 0; salt < 20; salt++) {
        fill(&d, salt * 1000);
        for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++) {
            u64 edge = (u64)naive_rank(i); /* 2^64 of the last becomes 0 */
            for (u64 draw = edge - 2; draw != edge + 3; draw++)
                EXPECT(distribution_at(&d, draw) == naive_at(&d, draw));
        }
        for (u64 i = 0; i < 2000; i++) {
            u64 draw = drawn(i) | (i % 2 == 0 ? ~(u64)0 << (8 + i % 50) : 0);
            EXPECT(distribution_at(&d, draw) == naive_at(&d, draw));
        }
    }
    printf("ok - a draw finds the knots around its rank\n");
}

static bool close_to(u64 v, double expected, double relative)
{
    return fabs((double)v - expected) <= expected * relative + 0.5;
}

static struct distribution built(enum distribution_kind kind, double a, double b)
{
    struct distribution d;
    const char *why;
    EXPECT(distribution_build(&d, kind, (double[]){a, b}, &why));
    for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++) {
        u32 bits = d.knot[i] == 0 ? 0 : 64 - (u32)__builtin_clzll(d.knot[i]);
        EXPECT(bits <= 32 || d.knot[i] % ((u64)1 << (bits - 32)) == 0);
        EXPECT(i == 0 || d.knot[i] >= d.knot[i - 1]);
    }
    return d;
}

/* 32 bits are 2.3e-10; the quantile functions have their own 1e-12. */
#define NEAR 4e-10

static void test_kinds(void)
{
    double hour = 3.6e12;
    struct distribution d = built(DISTRIBUTION_CONSTANT, 1234, 0);
    EXPECT(d.knot[0] == 1234 && d.knot[272] == 1234 && distribution_mean(&d) == 1234);
    d = built(DISTRIBUTION_UNIFORM, 100, 356);
    for (u32 i = 0; i < 256; i++)
        EXPECT(d.knot[i] == 100 + i);
    EXPECT(d.knot[272] == 356 && distribution_mean(&d) == 228);

    d = built(DISTRIBUTION_EXPONENTIAL, hour, 0);
    EXPECT(d.knot[0] == 0 && close_to(d.knot[128], hour * log(2), NEAR));
    EXPECT(close_to(d.knot[271], hour * 24 * log(2), NEAR));
    EXPECT(close_to(d.knot[272], hour * 25 * log(2), NEAR));
    EXPECT(close_to(distribution_mean(&d), hour, 0.01));

    d = built(DISTRIBUTION_LOGNORMAL, hour, 2);
    EXPECT(d.knot[0] == 0 && close_to(d.knot[128], hour, NEAR));
    EXPECT(close_to(d.knot[192], hour * exp(2 * 0.67448975019608171), NEAR));
    EXPECT(close_to(distribution_mean(&d), hour * exp(2), 0.02));

    d = built(DISTRIBUTION_WEIBULL, hour, 0.5);
    EXPECT(close_to(d.knot[128], hour * log(2) * log(2), NEAR));
    EXPECT(close_to(distribution_mean(&d), hour * 2, 0.02));

    d = built(DISTRIBUTION_GAMMA, hour, 1);
    EXPECT(close_to(d.knot[64], -hour * log(0.75), NEAR));
    d = built(DISTRIBUTION_GAMMA, hour, 0.25);
    EXPECT(close_to(distribution_mean(&d), hour / 4, 0.01));

    d = built(DISTRIBUTION_PARETO, hour, 1.5);
    EXPECT(close_to(d.knot[0], hour, NEAR) && close_to(d.knot[128], hour * pow(2, 1 / 1.5), NEAR));
    EXPECT(close_to(d.knot[272], hour * pow(2, 25 / 1.5), NEAR));
    printf("ok - quantiles and means of each kind are those of its formula\n");
}

static void test_refused(void)
{
    static const struct {
        enum distribution_kind kind;
        double param[2];
    } bad[] = {
        {DISTRIBUTION_CONSTANT, {-1, 0}},        {DISTRIBUTION_CONSTANT, {(double)NAN, 0}},
        {DISTRIBUTION_CONSTANT, {1e30, 0}},      {DISTRIBUTION_UNIFORM, {2, 1}},
        {DISTRIBUTION_EXPONENTIAL, {0, 0}},      {DISTRIBUTION_LOGNORMAL, {1, 0}},
        {DISTRIBUTION_LOGNORMAL, {1, HUGE_VAL}}, {DISTRIBUTION_WEIBULL, {1, 1e-9}},
        {DISTRIBUTION_GAMMA, {1, 0.19}},         {DISTRIBUTION_PARETO, {0, 1}},
    };
    struct distribution d = {{5}}, before = d;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const char *why = NULL;
        EXPECT(!distribution_build(&d, bad[i].kind, bad[i].param, &why) && why != NULL);
        EXPECT(memcmp(&d, &before, sizeof d) == 0);
    }
    /* The limits of the numbers are reached without an abort of GSL. */
    for (int kind = 0; kind < DISTRIBUTION_KINDS; kind++) {
        built((enum distribution_kind)kind, 1, 1000);
        if (kind != DISTRIBUTION_UNIFORM)
            built((enum distribution_kind)kind, 1e12, kind == DISTRIBUTION_GAMMA ? 0.2 : 0.01);
    }
    struct distribution cut = built(DISTRIBUTION_PARETO, 1e12, 0.01);
    EXPECT(cut.knot[272] == DISTRIBUTION_VALUE_MAX);
    printf("ok - bad parameters are refused, extreme ones are cut\n");
}

static void test_quantiles(void)
{
    static const struct quantile rows[] = {
        {0, 10}, {250000000, 20}, {500000000, 1020}, {999000000, 1020}, {1000000000, 1001020}};
    struct distribution d;
    EXPECT(distribution_from_quantiles(&d, rows, ARRAY_LEN(rows)));
    EXPECT(d.knot[0] == 10 && d.knot[32] == 15 && d.knot[64] == 20 && d.knot[65] == 35);
    EXPECT(d.knot[96] == 520 && d.knot[128] == 1020 && d.knot[255] == 1020);
    /* 1 - 2^-10 is 0.0234375 of the way from 0.999 to 1; 1 - 2^-11 is 0.51171875. */
    EXPECT(d.knot[256] == 1020 && d.knot[257] == 24457 && d.knot[258] == 512738);
    EXPECT(d.knot[272] == 1001020);

    struct distribution before = d;
    struct quantile bad[ARRAY_LEN(rows)];
    for (u32 fault = 0; fault < 6; fault++) {
        memcpy(bad, rows, sizeof rows);
        if (fault == 0)
            bad[0].p_ppb = 1;
        else if (fault == 1)
            bad[4].p_ppb = 999999999;
        else if (fault == 2)
            bad[2].p_ppb = 250000000;
        else if (fault == 3)
            bad[2].value = 19;
        else if (fault == 4)
            bad[4].value = DISTRIBUTION_VALUE_MAX + 1;
        EXPECT(!distribution_from_quantiles(&d, bad, fault == 5 ? 1 : ARRAY_LEN(rows)));
        EXPECT(memcmp(&d, &before, sizeof d) == 0);
    }
    distribution_clamp(&d, 100, 512738);
    EXPECT(d.knot[0] == 100 && d.knot[65] == 100 && d.knot[96] == 520);
    EXPECT(d.knot[257] == 24457 && d.knot[272] == 512738);
    printf("ok - given quantiles are met and joined by straight lines\n");
}

static void test_text(void)
{
    struct distribution d = built(DISTRIBUTION_LOGNORMAL, 3.6e12, 2), back;
    char text[DISTRIBUTION_TEXT_BYTES], bad[DISTRIBUTION_TEXT_BYTES + 8];

    distribution_print(&d, text);
    EXPECT(distribution_parse(&back, text) && memcmp(&d, &back, sizeof d) == 0);
    distribution_constant(&d, DISTRIBUTION_VALUE_MAX);
    distribution_print(&d, text);
    EXPECT(distribution_parse(&back, text) && memcmp(&d, &back, sizeof d) == 0);

    distribution_constant(&d, 77);
    distribution_print(&d, text);
    static const char *const broken[] = {"",
                                         "77",
                                         " ",
                                         "x",
                                         "-1",
                                         "077",
                                         "4611686018427387905",
                                         "4294967297",
                                         "99999999999999999999999",
                                         "78"};
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        snprintf(bad, sizeof bad, "%s%s", broken[i], text + 2); /* in place of the first knot */
        EXPECT(distribution_parse(&back, bad) == (strcmp(broken[i], "77") == 0));
    }
    snprintf(bad, sizeof bad, "%s 77", text);
    EXPECT(!distribution_parse(&back, bad));
    text[strlen(text) - 3] = '\0';
    EXPECT(!distribution_parse(&back, text));
    printf("ok - a printed table is read back, another text is not\n");
}

int main(void)
{
    test_sampling();
    test_kinds();
    test_refused();
    test_quantiles();
    test_text();
    return 0;
}
