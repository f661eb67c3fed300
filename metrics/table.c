/* table - the descriptions that columns.def comes to, and one cell as text. */
#include "metrics/table.h"

#include <string.h>

#define TABLE(name, doc) static const struct column columns_##name[] = {
#define COLUMN(table, name, type, unit, doc)                                                       \
    {#name, unit, doc, offsetof(struct row_##table, name), 0, COLUMN_##type},
#define RATIO(table, name, num, den, doc)                                                          \
    {#name,                                                                                        \
     "ratio",                                                                                      \
     doc " (" #num " / " #den ")",                                                                 \
     offsetof(struct row_##table, num),                                                            \
     offsetof(struct row_##table, den),                                                            \
     COLUMN_ratio},
#define TABLE_END(name)                                                                            \
    }                                                                                              \
    ;
#include "metrics/columns.def"
#undef TABLE
#undef COLUMN
#undef RATIO
#undef TABLE_END

static const struct table tables[TABLES] = {
#define TABLE(name, doc)                                                                           \
    {#name, doc, columns_##name, ARRAY_LEN(columns_##name), sizeof(struct row_##name)},
#define COLUMN(table, name, type, unit, doc)
#define RATIO(table, name, num, den, doc)
#define TABLE_END(name)
#include "metrics/columns.def"
#undef TABLE
#undef COLUMN
#undef RATIO
#undef TABLE_END
};

const struct table *table_of(enum table_id id)
{
    check(id < TABLES);
    return &tables[id];
}

enum table_id table_named(const char *name)
{
    for (size_t i = 0; i < TABLES; i++)
        if (strcmp(tables[i].name, name) == 0)
            return (enum table_id)i;
    return TABLES;
}

static size_t u64_print(char *out, u64 v)
{
    char digits[20];
    size_t n = 0;

    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v != 0);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    return n;
}

#define TEN_19 10000000000000000000u /* largest power of ten in 64 bits */

/* v with zeros in front, exactly width digits. */
static void padded_print(char *out, u64 v, size_t width)
{
    for (size_t i = width; i > 0; i--) {
        out[i - 1] = (char)('0' + v % 10);
        v /= 10;
    }
    check(v == 0);
}

size_t u128_print(char *out, u128 v)
{
    if (v <= UINT64_MAX)
        return u64_print(out, (u64)v);
    size_t n = u128_print(out, v / TEN_19);
    padded_print(out + n, (u64)(v % TEN_19), 19);
    return n + 19;
}

size_t amount_print(char *out, struct amount a, u32 decimals)
{
    char digits[39 + 39];
    size_t n, whole;

    check(decimals <= 38);
    memset(digits, '0', 39);
    n = u128_print(digits + 39, a.wei); /* Raw: written out in digits */
    char *first = digits + 39;
    if (n <= decimals) {
        first -= decimals + 1 - n;
        n = decimals + 1;
    }
    whole = n - decimals;
    while (n > whole && first[n - 1] == '0')
        n--;
    memcpy(out, first, whole);
    if (n == whole)
        return whole;
    out[whole] = '.';
    memcpy(out + whole + 1, first + whole, n - whole);
    return n + 1;
}

static size_t ratio_print(char *out, u64 num, u64 den)
{
    u128 millionths = (u128)num * 1000000u;
    size_t n;

    if (den == 0)
        return 0;
    millionths /= den;
    n = u128_print(out, millionths / 1000000u);
    out[n] = '.';
    padded_print(out + n + 1, (u64)(millionths % 1000000u), 6);
    return n + 7;
}

static size_t i64_print(char *out, i64 v)
{
    if (v >= 0)
        return u64_print(out, (u64)v);
    out[0] = '-';
    return 1 + u64_print(out + 1, 0u - (u64)v);
}

static u64 u64_at(const u8 *at)
{
    u64 v;

    memcpy(&v, at, sizeof v);
    return v;
}

size_t cell_print(char *out, const struct column *c, const void *row)
{
    const u8 *at = (const u8 *)row + c->at;
    u128 wide;

    switch (c->type) {
    case COLUMN_u64:
        return u64_print(out, u64_at(at));
    case COLUMN_i64:
        return i64_print(out, (i64)u64_at(at));
    case COLUMN_opt:
        return u64_at(at) == NONE ? 0 : u64_print(out, u64_at(at));
    case COLUMN_flag:
        check(*at <= 1);
        out[0] = (char)('0' + *at);
        return 1;
    case COLUMN_whole:
    case COLUMN_wei:
        memcpy(&wide, at, sizeof wide);
        return u128_print(out, wide);
    case COLUMN_spon:
        memcpy(&wide, at, sizeof wide);
        return amount_print(out, AMOUNT(wide), 18);
    case COLUMN_ratio:
        return ratio_print(out, u64_at(at), u64_at((const u8 *)row + c->den));
    case COLUMN_text:
        return 0;
    }
    check_unreachable();
}

const char *cell_text(const struct column *c, const void *row)
{
    const char *text;

    check(c->type == COLUMN_text);
    memcpy(&text, (const u8 *)row + c->at, sizeof text);
    return text == NULL ? "" : text;
}
