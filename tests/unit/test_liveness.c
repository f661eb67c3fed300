/* liveness: hour by hour against once an era, and never more than the emission. */
#include "protocol/liveness.h"

#include "protocol/interval.h"
#include "tests/any.h"
#include "tests/test.h"

#define PROVIDERS 6
#define HOURS 24

static bool equal(struct amount a, u128 n)
{
    return amount_cmp(a, AMOUNT(n)) == 0;
}

/* "an hour's part is the difference of two such cumulative floors": the parts sum up to L, each is
 * within one unit of V, and all L stay within the emission. */
static void test_era_by_hours(void)
{
    struct any a = ANY(9);

    for (int i = 0; i < 5000; i++) {
        u64 emission = any_sized(&a, 40), points[PROVIDERS];
        u128 w = 0, minted = 0;
        for (size_t k = 0; k < PROVIDERS; k++) {
            points[k] = any_below(&a, 5) == 0 ? 0 : any_sized(&a, 20);
            w += (u128)points[k] * HOURS;
        }
        for (size_t k = 0; k < PROVIDERS; k++) {
            struct amount v = liveness_hour(AMOUNT(emission), points[k], w), part;
            struct amount had = AMOUNT(0), now = AMOUNT(0);
            u128 earned = 0;
            EXPECT(equal(v, w == 0 ? 0 : (u128)emission * points[k] / w));
            for (u32 h = 0; h < HOURS; h++) {
                bool ok = any_below(&a, 4) > 0;
                earned += ok ? points[k] : 0;
                now = liveness_earned(AMOUNT(emission), earned, w);
                EXPECT(amount_sub(&part, now, had));
                EXPECT(ok || equal(part, 0));
                EXPECT(!ok || equal(part, v.wei) || equal(part, v.wei + 1));
                had = now;
            }
            EXPECT(equal(now, w == 0 ? 0 : (u128)emission * earned / w));
            minted += now.wei;
        }
        EXPECT(minted <= emission);
    }
}

static void test_all_is_minted_to_the_only_one(void)
{
    EXPECT(equal(liveness_earned(AMOUNT(24000), 1440, 1440), 24000));
    EXPECT(equal(liveness_earned(AMOUNT(U128_MAX), U128_MAX, U128_MAX), U128_MAX));
    EXPECT(equal(liveness_hour(AMOUNT(U128_MAX), 2, 1), U128_MAX)); /* the largest amount */
}

static void test_bonus(void) /* settled 32 */
{
    struct params p = params_default;

    EXPECT(equal(liveness_bonus(&p, AMOUNT(1000), 3), 0)); /* off */
    EXPECT(params_set(&p, PARAM_bonus_amount, 100));
    EXPECT(equal(liveness_bonus(&p, AMOUNT(300), 3), 100));
    EXPECT(equal(liveness_bonus(&p, AMOUNT(299), 3), 99));
    EXPECT(equal(liveness_bonus(&p, AMOUNT(2), 3), 0));
    EXPECT(equal(liveness_bonus(&p, AMOUNT(0), 0), 100)); /* nobody has it */
    EXPECT(!liveness_bonus_due(&p, 100 * HOUR_S - 1, 1));
    EXPECT(liveness_bonus_due(&p, 100 * HOUR_S, 1));
    EXPECT(!liveness_bonus_due(&p, 100 * HOUR_S, 0));
}

int main(void)
{
    test_era_by_hours();
    test_all_is_minted_to_the_only_one();
    test_bonus();
    printf("ok - liveness\n");
    return EXIT_SUCCESS;
}
