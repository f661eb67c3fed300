/* emission against a long division of whole numbers, limb by limb, and against itself: any cut of
 * time into eras adds up. */
#include "protocol/draw.h"
#include "protocol/emission.h"
#include "tests/test.h"

#include <string.h>

#define YEAR_S 31536000u

static u64 draws;

static u64 below(u64 n)
{
    static const struct drawer d = {45, 0, 0};
    return draw_below(&d, DRAW_TEST, draws++, n);
}

static bool equals(struct amount a, u128 wei)
{
    return amount_cmp(a, AMOUNT(wei)) == 0;
}

/* --- the model: supply x bps x (10000 - decay)^y as a number in base 2^32, then divided by 10000
 * y + 1 times; floors nest --- */

struct big {
    u32 limb[300];
};

static void big_mul(struct big *b, u32 n)
{
    u64 carry = 0;
    for (size_t i = 0; i < ARRAY_LEN(b->limb); i++) {
        carry += (u64)b->limb[i] * n;
        b->limb[i] = (u32)carry;
        carry >>= 32;
    }
    EXPECT(carry == 0);
}

static void big_div(struct big *b, u32 n)
{
    u64 rest = 0;
    for (size_t i = ARRAY_LEN(b->limb); i > 0; i--) {
        rest = rest << 32 | b->limb[i - 1];
        b->limb[i - 1] = (u32)(rest / n);
        rest %= n;
    }
}

static u128 model_year(const struct params *p, u64 y)
{
    u128 supply0 = params_get(p, PARAM_supply0), v = 0;
    struct big b = {0};

    for (size_t i = 0; i < 4; i++)
        b.limb[i] = (u32)(supply0 >> (32 * i));
    big_mul(&b, (u32)p->emission_bps_year);
    for (u64 i = 0; i < y; i++)
        big_mul(&b, 10000 - (u32)p->emission_decay_bps);
    for (u64 i = 0; i < y + 1; i++)
        big_div(&b, 10000);
    for (size_t i = 4; i > 0; i--)
        v = v << 32 | b.limb[i - 1];
    return v;
}

static u128 model_until(const struct params *p, u64 t_s)
{
    u128 sum = 0;
    for (u64 y = 0; y < t_s / YEAR_S; y++)
        sum += model_year(p, y);
    return sum + model_year(p, t_s / YEAR_S) * (t_s % YEAR_S) / YEAR_S;
}

static struct params with(u128 supply0, u64 bps_year, u64 decay_bps)
{
    struct params p = params_default;
    EXPECT(params_set(&p, PARAM_supply0, supply0));
    EXPECT(params_set(&p, PARAM_emission_bps_year, bps_year));
    EXPECT(params_set(&p, PARAM_emission_decay_bps, decay_bps));
    return p;
}

static void test_years(void) /* each year of the first hundred, at random seconds of it */
{
    struct params sets[] = {
        params_default,
        with(WEI_E18(1000000000000), 10000, 0),
        with(WEI_E18(1000000000000), 9999, 1),
        with(WEI_E18(1000000000) - 1, 777, 9999),
        with(1, 10000, 10000),
        with(7, 10000, 500),
        with(0, 500, 1000),
        with(24000 * 7300, 500, 1000), /* a stated emission of examples.md */
    };

    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        u128 whole = 0;
        for (u64 y = 0; y < 100; y++) {
            u128 year = model_year(&sets[i], y);
            u64 s = below(YEAR_S);
            EXPECT(equals(emission_until(&sets[i], y * YEAR_S), whole));
            EXPECT(equals(emission_until(&sets[i], y * YEAR_S + s), whole + year * s / YEAR_S));
            whole += year;
        }
    }
}

static void test_late(void) /* no decay: Y never falls; and the last year that a clock can see */
{
    struct params slow = with(WEI_E18(1000000000000), 10000, 1);
    u64 end_s = EMISSION_YEARS_MAX * (u64)YEAR_S - 1;

    EXPECT(equals(emission_until(&slow, end_s), model_until(&slow, end_s)));
    EXPECT(equals(emission_until(&params_default, end_s), model_until(&params_default, end_s)));
    EXPECT(equals(emission_between(&params_default, 590 * (u64)YEAR_S, end_s), 0));
}

static void test_eras_add_up(void)
{
    for (int i = 0; i < 20; i++) {
        struct params p = with((u128)below(UINT64_MAX) << below(30), below(10001), below(10001));
        struct amount sum = AMOUNT(0);
        u64 t_s = 0;
        while (t_s < 5 * (u64)YEAR_S) {
            u64 to_s = t_s + 3600 * (1 + below(168)); /* eras of any length, over years' ends */
            EXPECT(amount_add(&sum, sum, emission_between(&p, t_s, to_s)));
            t_s = to_s;
        }
        EXPECT(amount_cmp(sum, emission_until(&p, t_s)) == 0);
        EXPECT(equals(sum, model_until(&p, t_s)));
    }
}

int main(void)
{
    test_years();
    test_late();
    test_eras_add_up();
    printf("ok - emission\n");
    return EXIT_SUCCESS;
}
