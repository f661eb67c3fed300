/* kinds_basic - values that mean the same in any file: numbers, words, moments, objects, lists,
 * assertions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/nearest.h"
#include "sim/scenario/expr_read.h"
#include "sim/scenario/field.h"

static const struct unit_set *units_of(const struct field *f)
{
    return f->more;
}

static u64 number_max(const struct field *f)
{
    u64 holds = f->width == sizeof(u64) ? UINT64_MAX : (1ull << (8 * f->width)) - 1;

    return f->max != 0 ? f->max : holds;
}

static bool number_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    u64 v = 0;

    if (!field_quantity(r, f, y, units_of(f), f->min, number_max(f), &v))
        return false;
    field_store(field_member(f, at), f->width, v);
    return true;
}

static cJSON *number_write(const struct scenario *s, const struct field *f, const void *at)
{
    char text[UNITS_BYTES];

    (void)s;
    units_print(units_of(f), field_load(field_member_const(f, at), f->width), text);
    return units_of(f) == &units_count ? cJSON_CreateRaw(text) : cJSON_CreateString(text);
}

static cJSON *number_schema(const struct field *f)
{
    char text[UNITS_BYTES];
    cJSON *out;

    if (units_of(f) == &units_count) {
        out = schema_type("integer", NULL);
        cJSON_AddItemToObject(out, "minimum",
                              cJSON_CreateRaw(units_print(&units_count, f->min, text)));
        cJSON_AddItemToObject(out, "maximum",
                              cJSON_CreateRaw(units_print(&units_count, number_max(f), text)));
        return out;
    }
    out = schema_type("string", NULL);
    cJSON_AddStringToObject(out, "$comment", units_of(f)->expected);
    return out;
}

const struct kind kind_number = {NULL, number_read, number_write, number_schema};

static bool flag_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    static const char *const words[2][2] = {{"false", "off"}, {"true", "on"}};

    for (u32 v = 0; y->kind == YAML_SCALAR && v < 2; v++)
        if (strcmp(y->text, words[v][0]) == 0 || strcmp(y->text, words[v][1]) == 0) {
            field_store(field_member(f, at), f->width, v);
            return true;
        }
    return field_expected(r, f, y, "true or false");
}

static cJSON *flag_write(const struct scenario *s, const struct field *f, const void *at)
{
    (void)s;
    return cJSON_CreateBool(field_load(field_member_const(f, at), f->width) != 0);
}

static cJSON *flag_schema(const struct field *f)
{
    (void)f;
    return schema_type("boolean", NULL);
}

const struct kind kind_flag = {"true or false", flag_read, flag_write, flag_schema};

static bool text_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    if (y->kind != YAML_SCALAR || y->text[0] == '\0')
        return field_expected(r, f, y, "a text");
    memcpy(field_member(f, at), &y->text, sizeof(y->text));
    return true;
}

static const char *text_of(const struct field *f, const void *at)
{
    const char *text;

    memcpy(&text, field_member_const(f, at), sizeof(text));
    return text;
}

static cJSON *text_write(const struct scenario *s, const struct field *f, const void *at)
{
    const char *text = text_of(f, at);

    (void)s;
    return text == NULL ? NULL : cJSON_CreateString(text);
}

static cJSON *text_schema(const struct field *f)
{
    (void)f;
    return schema_type("string", NULL);
}

const struct kind kind_text = {"a text", text_read, text_write, text_schema};

/* Sixteen hexadecimal digits; 0 is nothing to say. */
static bool hash_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    bool good = y->kind == YAML_SCALAR && strlen(y->text) == 16 &&
                strspn(y->text, "0123456789abcdef") == 16;

    if (!good)
        return field_expected(r, f, y, f->kind->expected);
    field_store(field_member(f, at), f->width, strtoull(y->text, NULL, 16));
    return true;
}

static cJSON *hash_write(const struct scenario *s, const struct field *f, const void *at)
{
    u64 hash = field_load(field_member_const(f, at), f->width);
    char text[17];

    (void)s;
    snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
    return hash == 0 ? NULL : cJSON_CreateString(text);
}

static cJSON *hash_schema(const struct field *f)
{
    cJSON *out = text_schema(f);

    cJSON_AddStringToObject(out, "pattern", "^[0-9a-f]{16}$");
    return out;
}

const struct kind kind_hash = {"sixteen hexadecimal digits", hash_read, hash_write, hash_schema};

#define NAME_BYTES_MAX 40u

static bool is_name(const char *text)
{
    size_t n = strlen(text);
    static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return n > 0 && n <= NAME_BYTES_MAX && strspn(text, first) > 0 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == n;
}

static bool name_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    if (y->kind != YAML_SCALAR || !is_name(y->text))
        return field_expected(r, f, y, f->kind->expected);
    return text_read(r, f, y, at);
}

static cJSON *name_schema(const struct field *f)
{
    cJSON *out = text_schema(f);

    cJSON_AddStringToObject(out, "pattern", "^[a-zA-Z][a-zA-Z0-9_-]*$");
    return out;
}

const struct kind kind_name = {"a name of letters, digits, - and _", name_read, text_write,
                               name_schema};

static bool names_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct names *out = field_member(f, at);
    struct name_place *places;
    const char **list;

    if (y->kind != YAML_LIST)
        return field_expected(r, f, y, "a list of texts");
    list = field_take(r, y, sizeof(*list), y->count + 1);
    places = field_take(r, y, sizeof(*places), y->count + 1);
    if (list == NULL || places == NULL)
        return false;
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        if (e->kind != YAML_SCALAR || e->text[0] == '\0')
            return field_expected(r, f, e, "a text");
        for (u32 i = 0; i < out->count; i++)
            if (strcmp(list[i], e->text) == 0)
                return problem_at(r->why, r->file, e->line, e->column, "%s: '%.40s' is here twice",
                                  f->key, e->text);
        places[out->count] = (struct name_place){e->line, e->column};
        list[out->count++] = e->text;
    }
    out->place = places;
    out->at = list;
    return true;
}

static cJSON *names_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct names *names = field_member_const(f, at);
    cJSON *out = cJSON_CreateArray();

    (void)s;
    for (u32 i = 0; i < names->count; i++)
        cJSON_AddItemToArray(out, cJSON_CreateString(names->at[i]));
    return out;
}

static cJSON *names_schema(const struct field *f)
{
    cJSON *out = schema_type("array", NULL);

    (void)f;
    cJSON_AddItemToObject(out, "items", schema_type("string", NULL));
    return out;
}

const struct kind kind_names = {"a list of texts", names_read, names_write, names_schema};

static bool word_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    const char *const *words = f->more;
    struct nearest near = nearest_to(y->kind == YAML_SCALAR ? y->text : "");
    char list[200] = "", hint[NEAREST_BYTES], expected[320];
    size_t n = 0;

    for (u32 i = 0; words[i] != NULL; i++) {
        if (y->kind == YAML_SCALAR && strcmp(words[i], y->text) == 0) {
            field_store(field_member(f, at), f->width, i);
            return true;
        }
        nearest_offer(&near, words[i]);
        if (n < sizeof(list))
            n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    snprintf(expected, sizeof(expected), "%s%s%s", words[1] == NULL ? "" : "one of ", list,
             nearest_hint(&near, hint));
    return field_expected(r, f, y, expected);
}

static cJSON *word_write(const struct scenario *s, const struct field *f, const void *at)
{
    const char *const *words = f->more;

    (void)s;
    return cJSON_CreateString(words[field_load(field_member_const(f, at), f->width)]);
}

static cJSON *word_schema(const struct field *f)
{
    return schema_words(f->more);
}

const struct kind kind_word = {NULL, word_read, word_write, word_schema};

/* "3" or "1..20": the member is the first of two. */
static bool seeds_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    u64 *seed = field_member(f, at);
    char first[32];
    const char *dots = y->kind == YAML_SCALAR ? strstr(y->text, "..") : NULL;
    u128 a, b;

    if (y->kind != YAML_SCALAR || (dots != NULL && (size_t)(dots - y->text) >= sizeof(first)))
        return field_expected(r, f, y, f->kind->expected);
    snprintf(first, sizeof(first), "%.*s", dots == NULL ? 31 : (int)(dots - y->text), y->text);
    if (units_read(&units_count, first, &a) != UNITS_OK ||
        units_read(&units_count, dots == NULL ? first : dots + 2, &b) != UNITS_OK || a > b ||
        b > UINT64_MAX || b - a >= 1000000)
        return field_expected(r, f, y, f->kind->expected);
    seed[0] = (u64)a;
    seed[1] = (u64)b;
    return true;
}

static cJSON *seeds_write(const struct scenario *s, const struct field *f, const void *at)
{
    const u64 *seed = field_member_const(f, at);
    char text[64];

    (void)s;
    snprintf(text, sizeof(text), "%llu..%llu", (unsigned long long)seed[0],
             (unsigned long long)seed[1]);
    return cJSON_CreateString(text);
}

static cJSON *seeds_schema(const struct field *f)
{
    cJSON *out = cJSON_CreateObject(), *types = cJSON_AddArrayToObject(out, "type");

    (void)f;
    cJSON_AddItemToArray(types, cJSON_CreateString("integer"));
    cJSON_AddItemToArray(types, cJSON_CreateString("string"));
    cJSON_AddStringToObject(out, "pattern", "^[0-9]+\\.\\.[0-9]+$");
    return out;
}

const struct kind kind_seeds = {"a seed such as 1, or seeds such as 1..20", seeds_read, seeds_write,
                                seeds_schema};

#define WHEN_MAX (UINT64_MAX / 4) /* ns: 146 years */

/* "2d", "era 3", "era 3 + 10h"; UNITS_TOO_LARGE: it has the form. */
static enum units_answer read_when(const char *text, struct when *out)
{
    char era[16] = "";
    const char *plus = strchr(text, '+'), *after = text;
    u128 v = 0;

    *out = (struct when){0};
    if (strncmp(text, "era ", 4) == 0) {
        size_t n = plus == NULL ? strlen(text + 4) : (size_t)(plus - text) - 4;
        while (n > 0 && text[4 + n - 1] == ' ')
            n--;
        if (n == 0 || n >= sizeof(era) || (plus != NULL && plus < text + 4))
            return UNITS_NO_NUMBER;
        memcpy(era, text + 4, n);
        enum units_answer a = units_read(&units_count, era, &v);
        if (a != UNITS_OK || v > 1000000)
            return a == UNITS_OK ? UNITS_TOO_LARGE : a;
        out->by_era = true;
        out->era = (u32)v;
        if (plus == NULL)
            return UNITS_OK;
        for (after = plus + 1; *after == ' ';)
            after++;
    }
    enum units_answer a = units_read(&units_span, after, &v);
    if (a != UNITS_OK || v > WHEN_MAX)
        return a == UNITS_OK ? UNITS_TOO_LARGE : a;
    out->after.ns = (u64)v;
    return UNITS_OK;
}

static bool when_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    enum units_answer a = UNITS_NO_NUMBER;

    if (y->kind == YAML_SCALAR)
        a = read_when(y->text, field_member(f, at));
    if (a == UNITS_TOO_LARGE)
        return field_expected(r, f, y, "a moment up to era 1000000 or 53000d");
    return a == UNITS_OK || field_expected(r, f, y, f->kind->expected);
}

static cJSON *when_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct when *w = field_member_const(f, at);
    char text[160], after[UNITS_BYTES];

    (void)s;
    units_print(&units_span, w->after.ns, after);
    if (!w->by_era)
        return cJSON_CreateString(after);
    if (w->after.ns == 0)
        snprintf(text, sizeof(text), "era %u", w->era);
    else
        snprintf(text, sizeof(text), "era %u + %s", w->era, after);
    return cJSON_CreateString(text);
}

const struct kind kind_when = {"a moment such as 2d, era 3 or era 3 + 10h", when_read, when_write,
                               text_schema};

static bool object_kind_read(struct reading *r, const struct field *f, const struct yaml *y,
                             void *at)
{
    return object_read(r, f->more, y, field_member(f, at));
}

static cJSON *object_kind_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct object *o = f->more;
    const void *member = field_member_const(f, at);

    if (o->present != NULL && !o->present(member))
        return NULL;
    return object_write(s, o, member);
}

static cJSON *object_kind_schema(const struct field *f)
{
    return object_schema(f->more);
}

const struct kind kind_object = {"a mapping", object_kind_read, object_kind_write,
                                 object_kind_schema};

static bool list_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    const struct object *o = f->more;
    u8 *list;
    u32 count = 0;

    if (y->kind != YAML_LIST)
        return field_expected(r, f, y, "a list");
    if (f->max != 0 && y->count > f->max)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: %u entries, expected at most %llu", f->key, y->count,
                          (unsigned long long)f->max);
    list = field_take(r, y, o->size, y->count + 1);
    if (list == NULL)
        return false;
    memcpy(field_member(f, at), &list, sizeof(list));
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        if (!object_read(r, o, e, list + o->size * count))
            return false;
        field_store((u8 *)at + f->count_offset, sizeof(count), ++count);
    }
    return true;
}

static cJSON *list_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct object *o = f->more;
    const u8 *list;
    u32 count = (u32)field_load((const u8 *)at + f->count_offset, sizeof(count));
    cJSON *out = cJSON_CreateArray();

    memcpy(&list, field_member_const(f, at), sizeof(list));
    for (u32 i = 0; i < count; i++)
        cJSON_AddItemToArray(out, object_write(s, o, list + o->size * i));
    return out;
}

static cJSON *list_schema(const struct field *f)
{
    cJSON *out = schema_type("array", NULL);

    cJSON_AddItemToObject(out, "items", object_schema(f->more));
    return out;
}

const struct kind kind_list = {"a list", list_read, list_write, list_schema};

static bool expr_kind_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    const struct expr *e = expr_read(r, y);

    if (e == NULL)
        return false;
    memcpy(field_member(f, at), &e, sizeof(e));
    return true;
}

static cJSON *expr_kind_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct expr *e;

    (void)s;
    memcpy(&e, field_member_const(f, at), sizeof(e));
    return e == NULL ? NULL : cJSON_CreateString(e->text);
}

static cJSON *expr_kind_schema(const struct field *f)
{
    (void)f;
    return schema_type("string", NULL);
}

const struct kind kind_expr = {"an assertion such as provider.p1.tier == 6", expr_kind_read,
                               expr_kind_write, expr_kind_schema};
