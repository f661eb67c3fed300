/* Any characters as a quantity of each kind of unit, as an amount of a token and as a --set: what
 * is taken is printed so that it reads back as the same, and what is refused has its words. */
#include "sim/scenario/param_table.h"
#include "sim/scenario/units.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const struct unit_set *const sets[] = {
    &units_span, &units_share, &units_ratio,  &units_ppm,    &units_usd,
    &units_gib,  &units_mbps,  &units_micros, &units_factor, &units_count,
};

static void check_set(const struct unit_set *set, const char *text)
{
    u128 v = 77, again;
    char print[UNITS_BYTES];
    enum units_answer a = units_read(set, text, &v);

    check(units_answer_text(a) != NULL);
    if (a != UNITS_OK)
        return;
    check(units_read(set, units_print(set, v, print), &again) == UNITS_OK);
    check(set->rounds || again == v);
}

static void check_amount(u32 decimals, const char *text)
{
    u128 v, again;
    char print[UNITS_BYTES];

    if (units_read_amount("USDX", decimals, text, &v) != UNITS_OK)
        return;
    units_print_amount("USDX", decimals, v, print);
    check(units_read_amount("USDX", decimals, print, &again) == UNITS_OK && again == v);
}

static void check_param(const char *text)
{
    struct param_set set = {.id = PARAM_KINDS};
    char why[PARAM_WHY_BYTES] = "", print[UNITS_BYTES];
    struct params p = params_default;
    u128 again;

    if (!param_read_set(text, &set, why)) {
        check(why[0] != '\0' && memchr(why, '\0', sizeof(why)) != NULL);
        return;
    }
    check(set.id < PARAM_KINDS && set.value <= params_most(set.id));
    check(param_read(set.id, param_print(set.id, set.value, print), &again, why));
    check(again == set.value);
    if (params_set(&p, set.id, set.value))
        check(params_get(&p, set.id) == set.value);
    else
        check(memcmp(&p, &params_default, sizeof(p)) == 0);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    /* A copy of its own size that ends with a 0: reads beyond it are seen. */
    char *text = malloc(size + 1);

    check(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(sets); i++)
        check_set(sets[i], text);
    check_amount(0, text);
    check_amount(6, text);
    check_amount(18, text);
    check_param(text);
    free(text);
    return 0;
}
