#include "sim/scenario/units.h"

#include <stdio.h>
#include <string.h>

#define SET(list, words, print_)                                                                   \
    {                                                                                              \
        .expected = words, .units = list, .count = ARRAY_LEN(list), .print = print_                \
    }

static const struct unit span_list[] = {
    {"ns", 1, 1},
    {"us", 1000, 1},
    {"ms", 1000000, 1},
    {"s", 1000000000, 1},
    {"min", 60000000000u, 1},
    {"h", 3600000000000u, 1},
    {"d", 86400000000000u, 1},
};
static const struct unit micros_list[] = {
    {"us", 1, 1}, {"ms", 1000, 1}, {"s", 1000000, 1}, {"min", 60000000, 1}, {"h", 3600000000u, 1},
};
static const struct unit share_list[] = {{"bps", 1, 1}, {"%", 100, 1}};
static const struct unit ratio_list[] = {{"bps", 1, 1}, {"%", 100, 1}, {"x", 10000, 1}};
static const struct unit ppm_list[] = {{"ppm", 1, 1}, {"%", 10000, 1}};
static const struct unit usd_list[] = {{"USD", 100000000, 1}};
static const struct unit gib_list[] = {{"MiB", 1, 1024}, {"GiB", 1, 1}, {"TiB", 1024, 1}};
static const struct unit mbps_list[] = {{"Mbps", 1, 1}, {"Gbps", 1000, 1}};
static const struct unit factor_list[] = {
    {"%", (u128)1 << 32, 100}, {"x", (u128)1 << 32, 1}, {"/65536", (u128)1 << 16, 1}};
static const struct unit count_list[] = {{"", 1, 1}};

const struct unit_set units_span =
    SET(span_list, "a duration such as 90s, 10min, 2h, 30d", ARRAY_LEN(span_list));
const struct unit_set units_micros =
    SET(micros_list, "a duration such as 250ms", ARRAY_LEN(micros_list));
const struct unit_set units_share = SET(share_list, "a share such as 20% or 150bps", 1);
const struct unit_set units_ratio = SET(ratio_list, "a ratio such as 1.5x, 150% or 150bps", 2);
const struct unit_set units_ppm = SET(ppm_list, "a share such as 0.1% or 500ppm", 1);
const struct unit_set units_usd = SET(usd_list, "an amount such as \"15 USD\"", 0);
const struct unit_set units_gib = SET(gib_list, "a size such as 64GiB or 2TiB", 1);
const struct unit_set units_mbps = SET(mbps_list, "a speed such as 500Mbps or 10Gbps", 0);
const struct unit_set units_factor = {.expected = "a factor such as 1.05x, 105% or 68813/65536",
                                      .units = factor_list,
                                      .count = ARRAY_LEN(factor_list),
                                      .rounds = true,
                                      .print = 1};
const struct unit_set units_count = SET(count_list, "a whole number", 0);

/* digits / 10^decimals, and what stands after it. */
struct number {
    u128 digits;
    u32 decimals;
    const char *rest;
};

static enum units_answer take_number(const char *text, struct number *out)
{
    bool point = false, digit = false;

    *out = (struct number){.rest = text};
    for (const char *s = text;; s++) {
        bool grouped = *s == '_' && digit && s[1] >= '0' && s[1] <= '9';
        if (*s == '.' && !point && digit && s[1] >= '0' && s[1] <= '9') {
            point = true;
        } else if (*s >= '0' && *s <= '9') {
            digit = true;
            if (__builtin_mul_overflow(out->digits, (u128)10, &out->digits) ||
                __builtin_add_overflow(out->digits, (u128)(*s - '0'), &out->digits))
                return UNITS_TOO_LARGE;
            out->decimals += point;
        } else if (!grouped) {
            out->rest = s;
            break;
        }
    }
    while (digit && *out->rest == ' ')
        out->rest++;
    return digit ? UNITS_OK : UNITS_NO_NUMBER;
}

/* digits / 10^decimals x num / den, rounded down. */
static enum units_answer scale_down(struct number n, const struct unit *unit, u128 *out)
{
    u128 v;

    if (__builtin_mul_overflow(n.digits, unit->num, &v))
        return UNITS_TOO_LARGE;
    for (; n.decimals > 0; n.decimals--)
        v /= 10;
    *out = v / unit->den;
    return UNITS_OK;
}

/* The same, if it is whole. */
static enum units_answer scale(struct number n, const struct unit *unit, u128 *out)
{
    u128 num = unit->num, v;

    while (n.decimals > 0 && n.digits % 10 == 0) {
        n.digits /= 10;
        n.decimals--;
    }
    for (; n.decimals > 0; n.decimals--) {
        if (num % 10 == 0)
            num /= 10;
        else if (num % 5 == 0 && n.digits % 2 == 0) {
            num /= 5;
            n.digits /= 2;
        } else if (num % 2 == 0 && n.digits % 5 == 0) {
            num /= 2;
            n.digits /= 5;
        } else {
            return UNITS_NOT_WHOLE;
        }
    }
    if (__builtin_mul_overflow(n.digits, num, &v))
        return UNITS_TOO_LARGE;
    if (v % unit->den != 0)
        return UNITS_NOT_WHOLE;
    *out = v / unit->den;
    return UNITS_OK;
}

enum units_answer units_read(const struct unit_set *set, const char *text, u128 *out)
{
    struct number n;
    enum units_answer a = take_number(text, &n);

    if (a != UNITS_OK)
        return a;
    for (u32 i = 0; i < set->count; i++)
        if (strcmp(n.rest, set->units[i].word) == 0)
            return (set->rounds ? scale_down : scale)(n, &set->units[i], out);
    if (n.rest[0] == '\0' && n.digits == 0) { /* nothing is nothing in every unit */
        *out = 0;
        return UNITS_OK;
    }
    return UNITS_NO_UNIT;
}

const char *units_answer_text(enum units_answer a)
{
    switch (a) {
    case UNITS_OK:
        return "is right";
    case UNITS_NO_NUMBER:
        return "is no such value";
    case UNITS_NO_UNIT:
        return "has not the right unit";
    case UNITS_NOT_WHOLE:
        return "has more decimals than there are";
    case UNITS_TOO_LARGE:
        return "is too large";
    }
    check_unreachable();
}

static u128 power_of_ten(u32 decimals)
{
    u128 v = 1;

    check(decimals <= 38);
    for (u32 i = 0; i < decimals; i++)
        v *= 10;
    return v;
}

enum units_answer units_read_amount(const char *symbol, u32 decimals, const char *text, u128 *out)
{
    struct unit unit = {symbol, power_of_ten(decimals), 1};
    struct unit_set set = {.units = &unit, .count = 1};

    return units_read(&set, text, out);
}

static char *put_digits(char *end, u128 v)
{
    do {
        *--end = (char)('0' + (int)(v % 10));
        v /= 10;
    } while (v != 0);
    return end;
}

const char *units_print_decimal(u128 v, u32 decimals, const char *word, char text[UNITS_BYTES])
{
    char digits[48], *end = digits + sizeof(digits), *start;
    u128 one = power_of_ten(decimals), fraction = v % one;

    *--end = '\0';
    start = end;
    if (fraction != 0) {
        u32 places = decimals;
        for (; fraction % 10 == 0; places--)
            fraction /= 10;
        start = put_digits(end, fraction);
        while ((u32)(end - start) < places)
            *--start = '0';
        *--start = '.';
    }
    start = put_digits(start, v / one);
    snprintf(text, UNITS_BYTES, "%s%s", start, word);
    return text;
}

const char *units_print_amount(const char *symbol, u32 decimals, u128 v, char text[UNITS_BYTES])
{
    char word[40];

    snprintf(word, sizeof(word), " %s", symbol);
    return units_print_decimal(v, decimals, word, text);
}

const char *units_print(const struct unit_set *set, u128 v, char text[UNITS_BYTES])
{
    const struct unit *unit = &set->units[set->print < set->count ? set->print : 0];
    u32 decimals = 0;

    if (set == &units_usd)
        return units_print_amount("USD", 8, v, text);
    for (u32 i = 0; set->print == set->count && i < set->count; i++)
        if (v == 0 ? strcmp(set->units[i].word, "s") == 0
                   : v % set->units[i].num == 0 && set->units[i].num >= unit->num)
            unit = &set->units[i];
    if (set->rounds && v % unit->num != 0) { /* its last unit is the finest */
        unit = &set->units[set->count - 1];
        return units_print_decimal(v / unit->num, 0, unit->word, text);
    }
    for (u128 num = unit->num; num > 1; num /= 10)
        decimals++; /* fractions are printed in units of a power of ten only */
    if (v % unit->num == 0)
        return units_print_decimal(v / unit->num, 0, unit->word, text);
    return units_print_decimal(v, decimals, unit->word, text);
}
