/* kinds_money - amounts, tokens and parameters. */
#include <stdio.h>
#include <string.h>

#include "sim/engine/nearest.h"
#include "sim/scenario/field.h"
#include "sim/scenario/param_table.h"

static bool find_token(struct reading *r, const struct field *f, const struct yaml *y,
                       const char *symbol, u32 *out)
{
    struct nearest near = nearest_to(symbol);
    char hint[NEAREST_BYTES];

    for (u32 i = 0; i < r->s->token_count; i++) {
        if (strcmp(r->s->tokens[i].symbol, symbol) == 0) {
            *out = i;
            return true;
        }
        nearest_offer(&near, r->s->tokens[i].symbol);
    }
    return problem_at(r->why, r->file, y->line, y->column, "%s: no token '%.40s'%s", f->key, symbol,
                      nearest_hint(&near, hint));
}

static bool read_amount_of(struct reading *r, const struct field *f, const struct yaml *y,
                           u32 token, struct amount *out)
{
    const struct token *t = &r->s->tokens[token];
    char expected[80];
    u128 v;
    enum units_answer a = y->kind != YAML_SCALAR
                              ? UNITS_NO_NUMBER
                              : units_read_amount(t->symbol, t->decimals, y->text, &v);

    snprintf(expected, sizeof(expected), "an amount such as \"12.5 %.20s\"", t->symbol);
    if (a == UNITS_NOT_WHOLE)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: '%.60s' has more than the %u decimals of %s", f->key, y->text,
                          t->decimals, t->symbol);
    if (a != UNITS_OK && a != UNITS_TOO_LARGE)
        return field_expected(r, f, y, expected);
    if (a == UNITS_TOO_LARGE || v >> 96 != 0) /* settled 139: "price <= 2^96" */
        return field_expected(r, f, y, "an amount below 2^96 base units");
    *out = AMOUNT(v);
    return true;
}

static bool native_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    return read_amount_of(r, f, y, TOKEN_NATIVE, field_member(f, at));
}

static cJSON *write_amount(const struct scenario *s, u32 token, struct amount a)
{
    char text[UNITS_BYTES];
    const struct token *t = &s->tokens[token];

    return cJSON_CreateString(units_print_amount(t->symbol, t->decimals, a.wei, text));
}

static cJSON *native_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct amount *a = field_member_const(f, at);

    return write_amount(s, TOKEN_NATIVE, *a);
}

static cJSON *amount_schema(const struct field *f)
{
    cJSON *out = schema_type("string", NULL);

    if (f->more == NULL)
        cJSON_AddStringToObject(out, "pattern", "^[0-9][0-9_]*(\\.[0-9]+)? ?[A-Za-z0-9]*$");
    return out;
}

const struct kind kind_native = {"an amount such as \"12.5 SPON\"", native_read, native_write,
                                 amount_schema};

/* more: the word that stands for no amount, or NULL. */
static bool money_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct money *out = field_member(f, at);
    const char *symbol = y->kind == YAML_SCALAR ? strrchr(y->text, ' ') : NULL;

    if (f->more != NULL && y->kind == YAML_SCALAR && strcmp(y->text, f->more) == 0) {
        *out = (struct money){AMOUNT(0), INDEX_NONE};
        return true;
    }
    if (symbol == NULL)
        return field_expected(r, f, y, f->kind->expected);
    return find_token(r, f, y, symbol + 1, &out->token) &&
           read_amount_of(r, f, y, out->token, &out->amount);
}

static cJSON *money_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct money *m = field_member_const(f, at);

    if (m->token == INDEX_NONE)
        return cJSON_CreateString(f->more);
    return write_amount(s, m->token, m->amount);
}

const struct kind kind_money = {"an amount such as \"0.2 USDX\"", money_read, money_write,
                                amount_schema};

static bool token_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    u32 token = 0;

    if (y->kind != YAML_SCALAR)
        return field_expected(r, f, y, f->kind->expected);
    if (!find_token(r, f, y, y->text, &token))
        return false;
    field_store(field_member(f, at), f->width, token);
    return true;
}

static cJSON *token_write(const struct scenario *s, const struct field *f, const void *at)
{
    return cJSON_CreateString(s->tokens[field_load(field_member_const(f, at), f->width)].symbol);
}

static cJSON *token_schema(const struct field *f)
{
    (void)f;
    return schema_type("string", NULL);
}

const struct kind kind_token = {"the symbol of a token", token_read, token_write, token_schema};

static bool tokens_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    u64 mask = 0;
    u32 token = 0;

    if (y->kind != YAML_LIST || y->count == 0)
        return field_expected(r, f, y, f->kind->expected);
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        if (e->kind != YAML_SCALAR)
            return field_expected(r, f, e, "the symbol of a token");
        if (!find_token(r, f, e, e->text, &token))
            return false;
        mask |= 1ull << token;
    }
    field_store(field_member(f, at), f->width, mask);
    return true;
}

static cJSON *tokens_write(const struct scenario *s, const struct field *f, const void *at)
{
    u64 mask = field_load(field_member_const(f, at), f->width);
    cJSON *out = cJSON_CreateArray();

    for (u32 i = 0; i < s->token_count; i++)
        if ((mask >> i & 1) != 0)
            cJSON_AddItemToArray(out, cJSON_CreateString(s->tokens[i].symbol));
    return out;
}

static cJSON *tokens_schema(const struct field *f)
{
    cJSON *out = schema_type("array", NULL);

    (void)f;
    cJSON_AddItemToObject(out, "items", schema_type("string", NULL));
    cJSON_AddNumberToObject(out, "minItems", 1);
    return out;
}

const struct kind kind_tokens = {"a list of tokens such as [SPON, USDX]", tokens_read, tokens_write,
                                 tokens_schema};

/* One row of a mapping of parameters. */
static bool read_row(struct reading *r, const struct field *f, const struct yaml *e,
                     struct param_set *out)
{
    char hint[PARAM_HINT_BYTES], why[PARAM_WHY_BYTES];

    if (!param_find(e->key, &out->id, hint))
        return problem_at(r->why, r->file, e->key_line, e->key_column, "%s: no parameter '%.60s'%s",
                          f->key, e->key, hint);
    if (e->kind != YAML_SCALAR)
        return field_expected(r, f, e, "one value");
    if (!param_read(out->id, e->text, &out->value, why))
        return problem_at(r->why, r->file, e->line, e->column, "%s", why);
    return true;
}

static struct param_set *read_rows(struct reading *r, const struct field *f, const struct yaml *y)
{
    struct param_set *list;
    u32 n = 0;

    if (y->kind != YAML_MAP) {
        field_expected(r, f, y, "parameters, as name: value");
        return NULL;
    }
    list = field_take(r, y, sizeof(*list), y->count + 1);
    for (const struct yaml *e = y->first; list != NULL && e != NULL; e = e->next)
        if (!read_row(r, f, e, &list[n++]))
            return NULL;
    return list;
}

bool field_sets_go(struct reading *r, const struct yaml *y, const char *who, const struct params *p,
                   const struct param_set *sets, u32 count)
{
    struct params after = *p;
    const struct yaml *e = y->first;
    char why[PARAM_WHY_BYTES];

    if (param_sets_apply(&after, sets, count))
        return true;
    for (u32 at = param_sets_broken(p, sets, count, why); at > 0; at--)
        e = e->next;
    return problem_at(r->why, r->file, e->line, e->column, "%s%s", who, why);
}

static bool params_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct param_set *list = read_rows(r, f, y);

    return list != NULL && field_sets_go(r, y, "", field_member(f, at), list, y->count) &&
           param_sets_apply(field_member(f, at), list, y->count);
}

static cJSON *params_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct params *p = field_member_const(f, at);
    cJSON *out = cJSON_CreateObject();
    char text[UNITS_BYTES];

    (void)s;
    for (u32 i = 0; i < PARAM_KINDS; i++)
        cJSON_AddStringToObject(
            out, param_rows[i].name,
            param_print((enum param_id)i, params_get(p, (enum param_id)i), text));
    return out;
}

static cJSON *params_schema(const struct field *f)
{
    cJSON *out = schema_type("object", NULL), *rows = cJSON_AddObjectToObject(out, "properties");
    char text[UNITS_BYTES];

    (void)f;
    for (u32 i = 0; i < PARAM_KINDS; i++) {
        cJSON *row = cJSON_AddObjectToObject(rows, param_rows[i].name);
        cJSON *types = cJSON_AddArrayToObject(row, "type");
        cJSON_AddItemToArray(types, cJSON_CreateString("string"));
        cJSON_AddItemToArray(types, cJSON_CreateString("number"));
        cJSON_AddItemToArray(types, cJSON_CreateString("boolean"));
        cJSON_AddStringToObject(row, "description", param_rows[i].doc);
        cJSON_AddStringToObject(row, "default",
                                param_print((enum param_id)i, param_rows[i].def, text));
    }
    cJSON_AddFalseToObject(out, "additionalProperties");
    return out;
}

const struct kind kind_params = {"parameters, as name: value", params_read, params_write,
                                 params_schema};

static bool sets_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct param_set *list = read_rows(r, f, y);

    if (list == NULL)
        return false;
    memcpy(field_member(f, at), &list, sizeof(list));
    field_store((u8 *)at + f->count_offset, sizeof(u32), y->count);
    return true;
}

static cJSON *sets_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct param_set *list;
    u64 count = field_load((const u8 *)at + f->count_offset, sizeof(u32));
    cJSON *out = cJSON_CreateObject();
    char text[UNITS_BYTES];

    (void)s;
    memcpy(&list, field_member_const(f, at), sizeof(list));
    for (u64 i = 0; i < count; i++)
        cJSON_AddStringToObject(out, param_rows[list[i].id].name,
                                param_print(list[i].id, list[i].value, text));
    return out;
}

const struct kind kind_sets = {"parameters, as name: value", sets_read, sets_write, params_schema};
