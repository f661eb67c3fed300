#include "sim/scenario/field.h"

#include <stdio.h>
#include <string.h>

#include "sim/engine/nearest.h"

void field_store(void *at, size_t width, u64 v)
{
    u8 v8 = (u8)v;
    u16 v16 = (u16)v;
    u32 v32 = (u32)v;

    if (width == sizeof(v8))
        memcpy(at, &v8, width);
    else if (width == sizeof(v16))
        memcpy(at, &v16, width);
    else if (width == sizeof(v32))
        memcpy(at, &v32, width);
    else if (width == sizeof(v))
        memcpy(at, &v, width);
    else
        check_unreachable();
}

u64 field_load(const void *at, size_t width)
{
    u8 v8;
    u16 v16;
    u32 v32;
    u64 v = 0;

    if (width == sizeof(v8)) {
        memcpy(&v8, at, width);
        v = v8;
    } else if (width == sizeof(v16)) {
        memcpy(&v16, at, width);
        v = v16;
    } else if (width == sizeof(v32)) {
        memcpy(&v32, at, width);
        v = v32;
    } else {
        check(width == sizeof(v));
        memcpy(&v, at, width);
    }
    return v;
}

void *field_take(struct reading *r, const struct yaml *y, size_t size, size_t count)
{
    void *p = store_take(&r->s->store, size, count);

    if (p == NULL)
        problem_at(r->why, r->file, y->line, y->column,
                   "the scenario needs more than %zu MiB of memory", r->s->store.limit >> 20);
    return p;
}

const char *field_text(struct reading *r, const struct yaml *y, const char *text)
{
    size_t n = strlen(text);
    char *copy = field_take(r, y, 1, n + 1);

    if (copy != NULL)
        memcpy(copy, text, n);
    return copy;
}

bool field_expected(struct reading *r, const struct field *f, const struct yaml *y,
                    const char *expected)
{
    char found[YAML_FOUND_BYTES];

    return problem_at(r->why, r->file, y->line, y->column, "%s: found %s, expected %s", f->key,
                      yaml_found(y, found), expected);
}

bool field_quantity(struct reading *r, const struct field *f, const struct yaml *y,
                    const struct unit_set *units, u64 min, u64 max, u64 *out)
{
    char low[UNITS_BYTES], high[UNITS_BYTES];
    enum units_answer a;
    u128 v = 0;

    if (y->kind != YAML_SCALAR)
        return field_expected(r, f, y, units->expected);
    a = units_read(units, y->text, &v);
    if (a == UNITS_NOT_WHOLE || a == UNITS_TOO_LARGE)
        return problem_at(r->why, r->file, y->line, y->column, "%s: '%.40s' %s, expected %s",
                          f->key, y->text, units_answer_text(a), units->expected);
    if (a != UNITS_OK)
        return field_expected(r, f, y, units->expected);
    if (v < min && max == UINT64_MAX)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: '%.40s' is too small, expected at least %s", f->key, y->text,
                          units_print(units, min, low));
    if (v < min || v > max)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: '%.40s' is out of range, expected %s to %s", f->key, y->text,
                          units_print(units, min, low), units_print(units, max, high));
    *out = (u64)v;
    return true;
}

/* The text of a default as a value at the place of its object; NULL: *r->why says why. */
static const struct yaml *absent(struct reading *r, const struct yaml *object, const char *text)
{
    struct yaml *y;

    if (text[0] == '{' || text[0] == '[')
        return yaml_parse(&r->s->store, "a default", text, strlen(text), r->why);
    y = field_take(r, object, sizeof(*y), 1);
    if (y == NULL)
        return NULL;
    *y = (struct yaml){
        .kind = YAML_SCALAR, .line = object->line, .column = object->column, .text = text};
    return y;
}

static bool unknown_key(struct reading *r, const struct object *o, const struct yaml *entry)
{
    struct nearest near = nearest_to(entry->key);
    char hint[NEAREST_BYTES];

    for (u32 i = 0; i < o->count; i++)
        nearest_offer(&near, o->fields[i].key);
    return problem_at(r->why, r->file, entry->key_line, entry->key_column,
                      "'%.40s' is not a key of %s%s", entry->key, o->name,
                      nearest_hint(&near, hint));
}

static const struct field *find(const struct object *o, const char *key)
{
    for (u32 i = 0; i < o->count; i++)
        if (strcmp(o->fields[i].key, key) == 0)
            return &o->fields[i];
    return NULL;
}

/* "down, price or set" */
static void choosing_keys(const struct object *o, char *text, size_t size)
{
    size_t n = 0;
    u32 left = 0;

    for (u32 i = 0; i < o->count; i++)
        left += o->fields[i].chooses != 0;
    text[0] = '\0';
    for (u32 i = 0; i < o->count && n < size; i++) {
        if (o->fields[i].chooses == 0)
            continue;
        left--;
        n += (size_t)snprintf(text + n, size - n, "%s%s", o->fields[i].key,
                              left > 1 ? ", " : (left == 1 ? " or " : ""));
    }
}

/* Which variant the keys choose, + 1. */
static bool choose(struct reading *r, const struct object *o, const struct yaml *y, u32 *out)
{
    const struct yaml *chosen = NULL;
    char keys[400];

    *out = 0;
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        const struct field *f = find(o, e->key);
        if (f == NULL)
            return unknown_key(r, o, e);
        if (f->chooses == 0)
            continue;
        if (chosen != NULL)
            return problem_at(r->why, r->file, e->key_line, e->key_column,
                              "%s cannot have both '%s' and '%s'", o->name, chosen->key, e->key);
        chosen = e;
        *out = f->chooses;
    }
    if (chosen != NULL || !o->has_variants)
        return true;
    choosing_keys(o, keys, sizeof(keys));
    return problem_at(r->why, r->file, y->line, y->column, "%s needs one of: %s", o->name, keys);
}

static bool allowed(const struct field *f, u32 variant)
{
    return f->chooses != 0 ? f->chooses == variant
                           : f->only == 0 || (variant != 0 && (f->only & 1u << (variant - 1)) != 0);
}

static const char *expected_of(const struct field *f)
{
    const struct unit_set *units = f->more;

    return f->kind == &kind_number ? units->expected : f->kind->expected;
}

static bool read_field(struct reading *r, const struct object *o, const struct field *f,
                       const struct yaml *y, u32 variant, void *at)
{
    const struct yaml *entry = yaml_entry(y, f->key);

    if (entry != NULL && !allowed(f, variant))
        return problem_at(r->why, r->file, entry->key_line, entry->key_column,
                          "'%s' does not go with the other keys of %s", f->key, o->name);
    if (entry != NULL)
        return f->kind->read(r, f, entry, at);
    if (!allowed(f, variant))
        return true;
    if (f->required)
        return problem_at(r->why, r->file, y->line, y->column, "%s needs '%s', %s", o->name, f->key,
                          expected_of(f));
    if (f->def == NULL)
        return true;
    const struct yaml *def = absent(r, y, f->def);
    return def != NULL && f->kind->read(r, f, def, at);
}

bool object_read(struct reading *r, const struct object *o, const struct yaml *y, void *at)
{
    u32 variant;

    if (y->kind != YAML_MAP) {
        char found[YAML_FOUND_BYTES];
        return problem_at(r->why, r->file, y->line, y->column,
                          "found %s, expected %s: a mapping with keys such as '%s'",
                          yaml_found(y, found), o->name, o->fields[0].key);
    }
    if (!choose(r, o, y, &variant))
        return false;
    for (const struct yaml *e = y->first; e != NULL; e = e->next)
        if (find(o, e->key) == NULL)
            return unknown_key(r, o, e);
    if (variant != 0)
        field_store((u8 *)at + o->variant_offset, sizeof(u32), variant - 1);
    for (u32 i = 0; i < o->count; i++)
        if (!read_field(r, o, &o->fields[i], y, variant, at))
            return false;
    return o->finish == NULL || o->finish(r, y, at);
}

cJSON *object_write(const struct scenario *s, const struct object *o, const void *at)
{
    cJSON *out = cJSON_CreateObject();
    u32 variant = 0;

    if (o->has_variants)
        variant = (u32)field_load((const u8 *)at + o->variant_offset, sizeof(u32)) + 1;
    for (u32 i = 0; i < o->count; i++) {
        const struct field *f = &o->fields[i];
        cJSON *item = allowed(f, variant) ? f->kind->write(s, f, at) : NULL;
        if (item != NULL && !cJSON_AddItemToObject(out, f->key, item))
            cJSON_Delete(item);
    }
    return out;
}

cJSON *schema_type(const char *type, const char *description)
{
    cJSON *out = cJSON_CreateObject();

    cJSON_AddStringToObject(out, "type", type);
    if (description != NULL)
        cJSON_AddStringToObject(out, "description", description);
    return out;
}

cJSON *schema_words(const char *const *words)
{
    cJSON *out = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(out, "enum");

    for (; *words != NULL; words++) {
        cJSON *word = cJSON_CreateString(*words);
        if (!cJSON_AddItemToArray(list, word))
            cJSON_Delete(word);
    }
    return out;
}

static cJSON *field_schema(const struct field *f)
{
    cJSON *out = f->kind->schema(f);

    cJSON_DeleteItemFromObjectCaseSensitive(out, "description");
    if (f->doc != NULL)
        cJSON_AddStringToObject(out, "description", f->doc);
    if (f->def != NULL && strcmp(f->def, "{}") != 0 && strcmp(f->def, "[]") != 0)
        cJSON_AddStringToObject(out, "default", f->def);
    return out;
}

/* {"required": [keys that a variant needs]}, one for each variant. */
static void add_variants(const struct object *o, cJSON *out)
{
    cJSON *one_of = cJSON_AddArrayToObject(out, "oneOf");

    for (u32 i = 0; i < o->count; i++) {
        if (o->fields[i].chooses == 0)
            continue;
        cJSON *variant = cJSON_CreateObject(), *keys = cJSON_AddArrayToObject(variant, "required");
        for (u32 k = 0; k < o->count; k++) {
            const struct field *f = &o->fields[k];
            bool mine = k == i || (f->required && f->only != 0 && allowed(f, o->fields[i].chooses));
            if (mine)
                cJSON_AddItemToArray(keys, cJSON_CreateString(f->key));
        }
        cJSON_AddItemToArray(one_of, variant);
    }
}

cJSON *object_schema(const struct object *o)
{
    cJSON *out = schema_type("object", o->doc), *required = cJSON_CreateArray();
    cJSON *properties = cJSON_AddObjectToObject(out, "properties");

    for (u32 i = 0; i < o->count; i++) {
        const struct field *f = &o->fields[i];
        cJSON_AddItemToObject(properties, f->key, field_schema(f));
        if (f->required && f->only == 0 && f->chooses == 0)
            cJSON_AddItemToArray(required, cJSON_CreateString(f->key));
    }
    cJSON_AddItemToObject(out, "required", required);
    cJSON_AddFalseToObject(out, "additionalProperties");
    if (o->has_variants)
        add_variants(o, out);
    return out;
}
