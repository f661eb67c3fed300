#include "sim/scenario/param_table.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/nearest.h"

#define NATIVE_SYMBOL "SPON"
#define NATIVE_DECIMALS 18u

const struct param_row param_rows[PARAM_KINDS] = {
#define PARAM(type_, name_, unit_, def_, min_, max_, source_, doc_)                                \
    [PARAM_##name_] = {.name = #name_,                                                             \
                       .type_text = #type_,                                                        \
                       .unit = unit_,                                                              \
                       .source = source_,                                                          \
                       .doc = doc_,                                                                \
                       .type = PARAM_TYPE_##type_,                                                 \
                       .def = (def_),                                                              \
                       .min = (min_),                                                              \
                       .max = (max_)},
#include "protocol/params.def"
#undef PARAM
};

bool param_find(const char *name, enum param_id *out, char hint[PARAM_HINT_BYTES])
{
    struct nearest near = nearest_to(name);

    for (u32 i = 0; i < PARAM_KINDS; i++) {
        if (strcmp(param_rows[i].name, name) == 0) {
            *out = (enum param_id)i;
            return true;
        }
    }
    for (u32 i = 0; i < PARAM_KINDS; i++)
        nearest_offer(&near, param_rows[i].name);
    _Static_assert(PARAM_HINT_BYTES >= NEAREST_BYTES, "a hint must fit");
    nearest_hint(&near, hint);
    return false;
}

/* What stands for the values of a row that are not money: base units of the row. */
struct row_units {
    const struct unit_set *set;
    u64 scale; /* base units of the set in one of the row */
};

static struct row_units units_of(enum param_type type)
{
    switch (type) {
    case PARAM_TYPE_usd:
        return (struct row_units){&units_usd, 1};
    case PARAM_TYPE_bps:
        return (struct row_units){&units_share, 1};
    case PARAM_TYPE_ratio:
        return (struct row_units){&units_ratio, 1};
    case PARAM_TYPE_span:
        return (struct row_units){&units_span, SEC(1)};
    case PARAM_TYPE_millis:
        return (struct row_units){&units_span, MSEC(1)};
    case PARAM_TYPE_micros:
        return (struct row_units){&units_micros, 1};
    case PARAM_TYPE_amount:
    case PARAM_TYPE_count:
    case PARAM_TYPE_flag:
        return (struct row_units){&units_count, 1};
    }
    check_unreachable();
}

/* Counts in tenths are written with a point: "4.5", "20 points". */
static u32 count_decimals(const char *unit, const char **word)
{
    bool tenths = strncmp(unit, "0.1", 3) == 0;

    *word = tenths ? unit + 3 : unit;
    while (**word == ' ')
        (*word)++;
    return tenths;
}

static enum units_answer read_count(const struct param_row *row, const char *text, u128 *out)
{
    const char *word;
    u128 one = count_decimals(row->unit, &word) == 0 ? 1 : 10;
    struct unit units[] = {{"", one, 1}, {word, one, 1}};
    struct unit_set set = {.units = units, .count = ARRAY_LEN(units)};

    return units_read(&set, text, out);
}

static enum units_answer read_flag(const char *text, u128 *out)
{
    static const char *const words[2][3] = {{"off", "false", "0"}, {"on", "true", "1"}};

    for (u32 v = 0; v < 2; v++)
        for (u32 i = 0; i < 3; i++)
            if (strcmp(text, words[v][i]) == 0) {
                *out = v;
                return UNITS_OK;
            }
    return UNITS_NO_NUMBER;
}

static const char *expected(const struct param_row *row, char text[UNITS_BYTES])
{
    switch (row->type) {
    case PARAM_TYPE_amount:
        return "an amount such as \"12.5 SPON\"";
    case PARAM_TYPE_flag:
        return "on or off";
    case PARAM_TYPE_count: {
        const char *word;
        u32 decimals = count_decimals(row->unit, &word);
        snprintf(text, UNITS_BYTES, "a number%s%s%s",
                 decimals == 0 ? "" : " of at most one decimal", word[0] == '\0' ? "" : " of ",
                 word);
        return text;
    }
    case PARAM_TYPE_usd:
    case PARAM_TYPE_bps:
    case PARAM_TYPE_ratio:
    case PARAM_TYPE_span:
    case PARAM_TYPE_millis:
    case PARAM_TYPE_micros:
        return units_of(row->type).set->expected;
    }
    check_unreachable();
}

static enum units_answer read_value(const struct param_row *row, const char *text, u128 *out)
{
    struct row_units u = units_of(row->type);
    enum units_answer a;

    if (row->type == PARAM_TYPE_amount)
        return units_read_amount(NATIVE_SYMBOL, NATIVE_DECIMALS, text, out);
    if (row->type == PARAM_TYPE_count)
        return read_count(row, text, out);
    if (row->type == PARAM_TYPE_flag)
        return read_flag(text, out);
    a = units_read(u.set, text, out);
    if (a == UNITS_OK && *out % u.scale != 0)
        return UNITS_NOT_WHOLE;
    if (a == UNITS_OK)
        *out /= u.scale;
    return a;
}

bool param_read(enum param_id id, const char *text, u128 *out, char why[PARAM_WHY_BYTES])
{
    const struct param_row *row = &param_rows[id];
    char min[UNITS_BYTES], max[UNITS_BYTES], words[UNITS_BYTES];
    u128 v = 0;
    enum units_answer a = read_value(row, text, &v);

    if (a != UNITS_OK) {
        snprintf(why, PARAM_WHY_BYTES, "%s: '%.40s' %s, expected %s", row->name, text,
                 units_answer_text(a), expected(row, words));
        return false;
    }
    if (v < row->min || v > row->max) {
        snprintf(why, PARAM_WHY_BYTES, "%s: '%.40s' is out of range, expected %s to %s", row->name,
                 text, param_print(id, row->min, min), param_print(id, row->max, max));
        return false;
    }
    *out = v;
    return true;
}

const char *param_print(enum param_id id, u128 v, char text[UNITS_BYTES])
{
    const struct param_row *row = &param_rows[id];
    struct row_units u = units_of(row->type);

    if (row->type == PARAM_TYPE_amount)
        return units_print_amount(NATIVE_SYMBOL, NATIVE_DECIMALS, v, text);
    if (row->type == PARAM_TYPE_count) {
        char word[40] = " ";
        const char *unit;
        u32 decimals = count_decimals(row->unit, &unit);
        snprintf(word, sizeof(word), "%s%s", unit[0] == '\0' ? "" : " ", unit);
        return units_print_decimal(v, decimals, word, text);
    }
    if (row->type == PARAM_TYPE_flag) {
        snprintf(text, UNITS_BYTES, "%s", v != 0 ? "on" : "off");
        return text;
    }
    return units_print(u.set, v * u.scale, text);
}

/* In whatever order the rules between rows allow.  False: none does. */
static bool apply(struct params *p, const struct param_set *sets, u32 count)
{
    for (u32 pass = 0; pass < count; pass++) {
        struct params before = *p;
        bool whole = true;
        for (u32 i = 0; i < count; i++)
            whole = params_set(p, sets[i].id, sets[i].value) && whole;
        if (whole)
            return true;
        if (memcmp(&before, p, sizeof(before)) == 0)
            break;
    }
    return count == 0;
}

bool param_sets_apply(struct params *p, const struct param_set *sets, u32 count)
{
    struct params after = *p;

    if (!apply(&after, sets, count))
        return false;
    *p = after;
    return true;
}

/* What params_set() asks of rows together, in words. */
#define RULE_ROWS 2u
static const struct rule {
    const char *text;
    enum param_id about[RULE_ROWS];
    u32 count;
} rules[] = {
    {"era_seconds is a multiple of 1h", {PARAM_era_seconds}, 1},
    {"commission_bps and provider_fee_bps are at most 100% together",
     {PARAM_commission_bps, PARAM_provider_fee_bps},
     2},
};

/* The rows of a rule as they would be; `last` is the place of the last set among them. */
static void would_be(const struct rule *rule, const struct params *p, const struct param_set *sets,
                     u32 count, struct param_set out[RULE_ROWS], u32 *last)
{
    *last = UINT32_MAX;
    for (u32 k = 0; k < rule->count; k++) {
        out[k] = (struct param_set){rule->about[k], params_get(p, rule->about[k])};
        for (u32 i = 0; i < count; i++)
            if (sets[i].id == rule->about[k]) {
                out[k].value = sets[i].value;
                *last = *last == UINT32_MAX || i > *last ? i : *last;
            }
    }
}

static void say_broken(const struct rule *rule, const struct param_set rows[RULE_ROWS],
                       const struct param_set *set, char why[PARAM_WHY_BYTES])
{
    char text[UNITS_BYTES], a[UNITS_BYTES], b[UNITS_BYTES];
    int n = snprintf(why, PARAM_WHY_BYTES, "%s: '%.40s' breaks the rule: %s",
                     param_rows[set->id].name, param_print(set->id, set->value, text), rule->text);

    if (rule->count > 1 && n > 0 && (u32)n < PARAM_WHY_BYTES)
        snprintf(why + n, PARAM_WHY_BYTES - (u32)n, ", here %.40s and %.40s",
                 param_print(rows[0].id, rows[0].value, a),
                 param_print(rows[1].id, rows[1].value, b));
}

u32 param_sets_broken(const struct params *p, const struct param_set *sets, u32 count,
                      char why[PARAM_WHY_BYTES])
{
    for (u32 i = 0; i < ARRAY_LEN(rules); i++) {
        struct params alone = params_default; /* which breaks nothing */
        struct param_set rows[RULE_ROWS] = {{0}};
        u32 last;
        would_be(&rules[i], p, sets, count, rows, &last);
        if (last != UINT32_MAX && !param_sets_apply(&alone, rows, rules[i].count)) {
            say_broken(&rules[i], rows, &sets[last], why);
            return last;
        }
    }
    check_unreachable(); /* a rule of params_set() has no words here: tests/unit/test_units.c */
}

bool param_read_set(const char *text, struct param_set *out, char why[PARAM_WHY_BYTES])
{
    const char *equals = strchr(text, '=');
    char name[64], hint[PARAM_HINT_BYTES];

    if (equals == NULL || (size_t)(equals - text) >= sizeof(name)) {
        snprintf(why, PARAM_WHY_BYTES, "'%.60s', expected name=value", text);
        return false;
    }
    memcpy(name, text, (size_t)(equals - text));
    name[equals - text] = '\0';
    if (!param_find(name, &out->id, hint)) {
        snprintf(why, PARAM_WHY_BYTES, "no parameter '%.60s'%s", name, hint);
        return false;
    }
    return param_read(out->id, equals + 1, &out->value, why);
}

static bool list_json(FILE *out)
{
    char text[UNITS_BYTES];
    cJSON *list = cJSON_CreateArray();

    for (u32 i = 0; i < PARAM_KINDS; i++) {
        const struct param_row *row = &param_rows[i];
        cJSON *o = cJSON_CreateObject();
        enum param_id id = (enum param_id)i;
        cJSON_AddStringToObject(o, "name", row->name);
        cJSON_AddStringToObject(o, "type", row->type_text);
        cJSON_AddStringToObject(o, "unit", row->unit);
        cJSON_AddStringToObject(o, "default", param_print(id, row->def, text));
        cJSON_AddStringToObject(o, "min", param_print(id, row->min, text));
        cJSON_AddStringToObject(o, "max", param_print(id, row->max, text));
        cJSON_AddStringToObject(o, "source", row->source);
        cJSON_AddStringToObject(o, "doc", row->doc);
        if (!cJSON_AddItemToArray(list, o))
            cJSON_Delete(o);
    }
    char *printed = cJSON_Print(list);
    bool whole = printed != NULL && fprintf(out, "%s\n", printed) > 0;
    cJSON_free(printed);
    cJSON_Delete(list);
    return whole;
}

bool param_list(FILE *out, bool json)
{
    char def[UNITS_BYTES], min[UNITS_BYTES], max[UNITS_BYTES], range[2 * UNITS_BYTES + 8];

    if (json)
        return list_json(out);
    fprintf(out, "%-25s %-16s %-34s %s\n", "name", "default", "range", "meaning");
    for (u32 i = 0; i < PARAM_KINDS; i++) {
        const struct param_row *row = &param_rows[i];
        enum param_id id = (enum param_id)i;
        snprintf(range, sizeof(range), "%s to %s", param_print(id, row->min, min),
                 param_print(id, row->max, max));
        fprintf(out, "%-25s %-16s %-34s %s\n", row->name, param_print(id, row->def, def), range,
                row->doc);
    }
    return ferror(out) == 0;
}

bool param_explain(FILE *out, const char *name, char hint[PARAM_HINT_BYTES])
{
    char def[UNITS_BYTES], min[UNITS_BYTES], max[UNITS_BYTES];
    enum param_id id;

    if (!param_find(name, &id, hint))
        return false;
    const struct param_row *row = &param_rows[id];
    fprintf(out, "%s = %s\n  %s\n  range    %s to %s\n  stored   as %s in units of %s\n", row->name,
            param_print(id, row->def, def), row->doc, param_print(id, row->min, min),
            param_print(id, row->max, max), row->type_text, row->unit);
    fprintf(out, "  source   settled %s\n  set it   --set %s=\"%s\", or params: in a scenario\n",
            row->source, row->name, def);
    return true;
}
