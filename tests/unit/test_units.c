/* Quantities: worked texts, every refusal, and printing against reading over random values. */
#include "sim/engine/nearest.h"
#include "sim/scenario/param_table.h"
#include "tests/any.h"
#include "tests/test.h"

#include <string.h>

static bool reads(const struct unit_set *set, const char *text, u128 want)
{
    u128 v = 0;

    return units_read(set, text, &v) == UNITS_OK && v == want;
}

static void test_worked(void)
{
    u128 v;

    EXPECT(reads(&units_span, "10min", SEC(600)) && reads(&units_span, "2h", SEC(7200)));
    EXPECT(reads(&units_span, "1.5h", SEC(5400)) && reads(&units_span, "250ms", MSEC(250)));
    EXPECT(reads(&units_span, "30d", SEC(2592000)) && reads(&units_span, "0", 0));
    EXPECT(reads(&units_span, "0.000000001s", 1) && reads(&units_span, "90 s", SEC(90)));
    EXPECT(reads(&units_share, "20%", 2000) && reads(&units_share, "150bps", 150));
    EXPECT(reads(&units_share, "0.01%", 1) && reads(&units_ratio, "2.0x", 20000));
    EXPECT(reads(&units_ratio, "1.7x", 17000) && reads(&units_ppm, "0.1%", 1000));
    EXPECT(reads(&units_usd, "15 USD", USD_E8(15)) && reads(&units_usd, "0.00000001 USD", 1));
    EXPECT(reads(&units_gib, "64GiB", 64) && reads(&units_gib, "2TiB", 2048));
    EXPECT(reads(&units_gib, "2048MiB", 2) && reads(&units_mbps, "10Gbps", 10000));
    EXPECT(reads(&units_count, "1_000_000", 1000000));
    EXPECT(reads(&units_factor, "1x", (u128)1 << 32) && reads(&units_factor, "1/65536", 65536));
    EXPECT(units_read_amount("SPON", 18, "12.5 SPON", &v) == UNITS_OK && v == WEI_E18(25) / 2);
    EXPECT(units_read_amount("SPON", 18, "0.000000000000000001 SPON", &v) == UNITS_OK && v == 1);
    EXPECT(units_read_amount("USDX", 6, "0.175 USDX", &v) == UNITS_OK && v == 175000);
    printf("ok - quantities as people write them\n");
}

static void test_refused(void)
{
    static const struct {
        const struct unit_set *set;
        const char *text;
        enum units_answer answer;
    } rows[] = {
        {&units_span, "10", UNITS_NO_UNIT},
        {&units_span, "", UNITS_NO_NUMBER},
        {&units_span, "min", UNITS_NO_NUMBER},
        {&units_span, "-1s", UNITS_NO_NUMBER},
        {&units_span, "1e3s", UNITS_NO_UNIT},
        {&units_span, "1.5ns", UNITS_NOT_WHOLE},
        {&units_span, "1. s", UNITS_NO_UNIT},
        {&units_span, ".5s", UNITS_NO_NUMBER},
        {&units_span, "1.2.3s", UNITS_NO_UNIT},
        {&units_span, "10min ", UNITS_NO_UNIT},
        {&units_share, "20", UNITS_NO_UNIT},
        {&units_share, "0.001%", UNITS_NOT_WHOLE},
        {&units_gib, "1.5GiB", UNITS_NOT_WHOLE},
        {&units_gib, "100MiB", UNITS_NOT_WHOLE},
        {&units_count, "3.5", UNITS_NOT_WHOLE},
        {&units_count, "1__0", UNITS_NO_UNIT},
        {&units_count, "0x10", UNITS_NO_UNIT},
        {&units_count, "1_", UNITS_NO_UNIT},
        {&units_count, "340282366920938463463374607431768211456", UNITS_TOO_LARGE},
        {&units_span, "340282366920938463463374607431768211455d", UNITS_TOO_LARGE},
    };
    u128 v;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        EXPECT(units_read(rows[i].set, rows[i].text, &v) == rows[i].answer);
    EXPECT(units_read_amount("SPON", 18, "0.0000000000000000001 SPON", &v) == UNITS_NOT_WHOLE);
    EXPECT(units_read_amount("SPON", 18, "1 USDX", &v) == UNITS_NO_UNIT);
    EXPECT(units_read_amount("SPON", 18, "1000000000000000000000 SPON", &v) == UNITS_TOO_LARGE);
    printf("ok - what is no quantity of its kind\n");
}

static u128 any_u128(struct any *a)
{
    u128 high = any_sized(a, 46);

    return high << 64 | any_sized(a, 64);
}

static void test_inverse(void)
{
    static const struct unit_set *const sets[] = {&units_span,  &units_micros, &units_share,
                                                  &units_ratio, &units_ppm,    &units_usd,
                                                  &units_gib,   &units_mbps,   &units_count};
    struct any a = ANY(1);
    char text[UNITS_BYTES];
    u128 back;

    for (u32 i = 0; i < 20000; i++) {
        u128 v = any_u128(&a), small = any_sized(&a, 64);
        for (size_t s = 0; s < ARRAY_LEN(sets); s++)
            EXPECT(reads(sets[s], units_print(sets[s], small, text), small));
        u32 decimals = (u32)any_below(&a, 19);
        units_print_amount("T", decimals, v, text);
        EXPECT(units_read_amount("T", decimals, text, &back) == UNITS_OK && back == v);
    }
    /* a factor is printed in its finest unit where it is no whole one, however large */
    EXPECT(strcmp(units_print(&units_factor, ((u128)1 << 32) * 21 / 20, text), "68812/65536") == 0);
    EXPECT(reads(&units_factor, units_print(&units_factor, (u128)5 << 32, text), (u128)5 << 32));
    EXPECT(reads(&units_factor, units_print(&units_factor, ((u128)1 << 127) + 65536, text),
                 ((u128)1 << 127) + 65536));
    printf("ok - what is printed reads back\n");
}

/* Every decimal of up to 4 digits by hand: number x 10^4 and whether it comes out whole. */
static void test_all_small(void)
{
    char text[32];
    u128 v;

    for (u32 whole = 0; whole < 100; whole++)
        for (u32 places = 1; places <= 6; places++)
            for (u32 fraction = 0; fraction < 1000; fraction++) {
                u64 scaled = fraction, power = 1;
                for (u32 i = 0; i < places; i++)
                    power *= 10;
                if (fraction >= power)
                    continue;
                snprintf(text, sizeof(text), "%u.%0*ux", whole, (int)places, fraction);
                enum units_answer answer = units_read(&units_ratio, text, &v);
                scaled = scaled * 10000 + whole * 10000 * power;
                EXPECT((scaled % power == 0) == (answer == UNITS_OK));
                EXPECT(answer != UNITS_OK || v == scaled / power);
            }
    printf("ok - all small decimals against long hand\n");
}

static void test_params(void)
{
    char text[UNITS_BYTES], why[PARAM_WHY_BYTES], hint[PARAM_HINT_BYTES];
    struct param_set set;
    u128 v;

    for (u32 i = 0; i < PARAM_KINDS; i++) {
        enum param_id id = (enum param_id)i;
        const u128 values[] = {param_rows[i].def, param_rows[i].min, param_rows[i].max};
        for (size_t k = 0; k < ARRAY_LEN(values); k++)
            EXPECT(param_read(id, param_print(id, values[k], text), &v, why) && v == values[k]);
        EXPECT(params_get(&params_default, id) == param_rows[i].def);
    }
    EXPECT(param_read_set("tier_1_response=120ms", &set, why) && set.value == 120000);
    EXPECT(set.id == PARAM_tier_1_response);
    EXPECT(param_read_set("tier_1_feedback=4.2", &set, why) && set.value == 42);
    EXPECT(param_read_set("gpu_base_points=20 points", &set, why) && set.value == 200);
    EXPECT(param_read_set("promotion_eras=4 eras", &set, why) && set.value == 4);
    EXPECT(param_read_set("tier_1_stake=500.5 SPON", &set, why) && set.value == WEI_E18(1001) / 2);
    EXPECT(param_read_set("auto_approve=off", &set, why) && set.value == 0);
    EXPECT(!param_read_set("bracket_usd=15", &set, why));
    EXPECT(strcmp(why, "bracket_usd: '15' has not the right unit, expected an amount such as "
                       "\"15 USD\"") == 0);
    EXPECT(!param_find("era_second", &set.id, hint));
    EXPECT(strcmp(hint, ", did you mean 'era_seconds'?") == 0);
    printf("ok - every parameter reads what it prints\n");
}

static void test_sets_together(void)
{
    struct params p = params_default;
    /* Alone the first would pass 100 %; together they do not. */
    const struct param_set good[] = {{PARAM_commission_bps, 9900}, {PARAM_provider_fee_bps, 100}};
    const struct param_set bad[] = {{PARAM_commission_bps, 9900}, {PARAM_provider_fee_bps, 200}};

    EXPECT(param_sets_apply(&p, good, 2) && p.commission_bps == 9900 && p.provider_fee_bps == 100);
    struct params before = p;
    EXPECT(!param_sets_apply(&p, bad, 2) && memcmp(&p, &before, sizeof(p)) == 0);
    printf("ok - parameters that only go together\n");
}

static u128 edge_of(u32 row, u32 which)
{
    const u128 min = param_rows[row].min, max = param_rows[row].max;

    return which == 0 ? min : which == 1 ? max : min + (max - min) / 2 + (max > min);
}

/* Whatever two rows params_set() does not take together, a rule in words says so of one of them. */
static void test_rules_have_words(void)
{
    char why[PARAM_WHY_BYTES];
    u64 refused = 0;

    for (u32 i = 0; i < PARAM_KINDS * PARAM_KINDS * 9; i++) {
        u32 a = i / 9 / PARAM_KINDS, b = i / 9 % PARAM_KINDS;
        const struct param_set sets[] = {{(enum param_id)a, edge_of(a, i % 3)},
                                         {(enum param_id)b, edge_of(b, i / 3 % 3)}};
        struct params p = params_default;
        if (a == b || param_sets_apply(&p, sets, 2))
            continue;
        u32 at = param_sets_broken(&p, sets, 2, why);
        EXPECT(at < 2 && strncmp(why, param_rows[sets[at].id].name, 5) == 0);
        refused++;
    }
    EXPECT(refused > 100);
    printf("ok - every rule between rows has words\n");
}

static const char *nearest_of(const char *word, const char *const *names, u32 count)
{
    struct nearest n = nearest_to(word);

    for (u32 i = 0; i < count; i++)
        nearest_offer(&n, names[i]);
    return nearest_name(&n);
}

static void test_nearest(void)
{
    static const char *const names[] = {"stake", "state", "tier", "era_seconds"};

    EXPECT(strcmp(nearest_of("steak", names, 4), "stake") == 0);
    EXPECT(strcmp(nearest_of("staet", names, 4), "state") == 0);
    EXPECT(strcmp(nearest_of("teir", names, 4), "tier") == 0);
    EXPECT(strcmp(nearest_of("era_secnods", names, 4), "era_seconds") == 0);
    EXPECT(nearest_of("commission", names, 4) == NULL && nearest_of("", names, 4) == NULL);
    EXPECT(nearest_of("ab", names, 4) == NULL);
    EXPECT(strcmp(nearest_of("ERA_SECONDS", names, 4), "era_seconds") == 0);
    EXPECT(strcmp(nearest_of("Staek", names, 4), "stake") == 0);
    printf("ok - nearest names\n");
}

int main(void)
{
    test_worked();
    test_refused();
    test_inverse();
    test_all_small();
    test_params();
    test_sets_together();
    test_rules_have_words();
    test_nearest();
    return EXIT_SUCCESS;
}
