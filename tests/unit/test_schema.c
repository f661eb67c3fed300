/* The schema and the reader agree: what ships validates, a wrong key fails in both, and each key of
 * the schema is one that the reader knows. */
#include "sim/scenario/scenario_tables.h"
#include "sim/scenario/schema.h"
#include "tests/test.h"

#include <glob.h>
#include <regex.h>
#include <string.h>

static bool valid(const cJSON *schema, const cJSON *v);

static bool has_type(const char *type, const cJSON *v)
{
    if (strcmp(type, "string") == 0)
        return cJSON_IsString(v);
    if (strcmp(type, "boolean") == 0)
        return cJSON_IsBool(v);
    if (strcmp(type, "array") == 0)
        return cJSON_IsArray(v);
    if (strcmp(type, "object") == 0)
        return cJSON_IsObject(v);
    if (strcmp(type, "integer") == 0)
        return cJSON_IsNumber(v) && v->valuedouble == (double)(i64)v->valuedouble;
    EXPECT(strcmp(type, "number") == 0);
    return cJSON_IsNumber(v);
}

static bool type_fits(const cJSON *type, const cJSON *v)
{
    const cJSON *one;

    if (type == NULL || cJSON_IsString(type))
        return type == NULL || has_type(type->valuestring, v);
    cJSON_ArrayForEach(one, type) if (has_type(one->valuestring, v)) return true;
    return false;
}

static u32 count_valid(const cJSON *list, const cJSON *v)
{
    const cJSON *one;
    u32 n = 0;

    cJSON_ArrayForEach(one, list) n += valid(one, v);
    return n;
}

static bool members_fit(const cJSON *schema, const cJSON *v)
{
    const cJSON *keys = cJSON_GetObjectItemCaseSensitive(schema, "properties");
    const cJSON *others = cJSON_GetObjectItemCaseSensitive(schema, "additionalProperties");
    const cJSON *required = cJSON_GetObjectItemCaseSensitive(schema, "required");
    const cJSON *items = cJSON_GetObjectItemCaseSensitive(schema, "items"), *one;

    cJSON_ArrayForEach(one, required) if (!cJSON_HasObjectItem(v, one->valuestring)) return false;
    if (!cJSON_IsObject(v) && !cJSON_IsArray(v))
        return true;
    cJSON_ArrayForEach(one, v)
    {
        const cJSON *of = items;
        if (cJSON_IsObject(v)) {
            of = cJSON_GetObjectItemCaseSensitive(keys, one->string);
            of = of == NULL ? others : of;
        }
        if (cJSON_IsFalse(of) || (cJSON_IsObject(of) && !valid(of, one)))
            return false;
    }
    return true;
}

static bool text_fits(const cJSON *schema, const cJSON *v)
{
    const cJSON *pattern = cJSON_GetObjectItemCaseSensitive(schema, "pattern");
    regex_t regex;
    bool fits;

    if (pattern == NULL || !cJSON_IsString(v))
        return true;
    EXPECT(regcomp(&regex, pattern->valuestring, REG_EXTENDED | REG_NOSUB) == 0);
    fits = regexec(&regex, v->valuestring, 0, NULL, 0) == 0;
    regfree(&regex);
    return fits;
}

/* As much of JSON Schema as ours uses. */
static bool valid(const cJSON *schema, const cJSON *v)
{
    const cJSON *any = cJSON_GetObjectItemCaseSensitive(schema, "anyOf");
    const cJSON *one_of = cJSON_GetObjectItemCaseSensitive(schema, "oneOf");
    const cJSON *words = cJSON_GetObjectItemCaseSensitive(schema, "enum");
    const cJSON *min = cJSON_GetObjectItemCaseSensitive(schema, "minimum");
    const cJSON *max = cJSON_GetObjectItemCaseSensitive(schema, "maximum");
    const cJSON *one;
    bool listed = words == NULL;

    cJSON_ArrayForEach(one, words) listed = listed || cJSON_Compare(one, v, true);
    return listed && type_fits(cJSON_GetObjectItemCaseSensitive(schema, "type"), v) &&
           (any == NULL || count_valid(any, v) > 0) &&
           (one_of == NULL || count_valid(one_of, v) == 1) &&
           (min == NULL || !cJSON_IsNumber(v) || v->valuedouble >= min->valuedouble) &&
           (max == NULL || !cJSON_IsNumber(v) || v->valuedouble <= max->valuedouble) &&
           text_fits(schema, v) && members_fit(schema, v);
}

/* A plain YAML value as JSON would have it. */
static cJSON *json_of(const struct yaml *y)
{
    cJSON *out;
    char *end;

    if (y->kind == YAML_SCALAR) {
        double number = strtod(y->text, &end);
        if (!y->quoted && (strcmp(y->text, "true") == 0 || strcmp(y->text, "false") == 0))
            return cJSON_CreateBool(y->text[0] == 't');
        if (!y->quoted && y->text[0] != '\0' && *end == '\0')
            return cJSON_CreateNumber(number);
        return cJSON_CreateString(y->text);
    }
    out = y->kind == YAML_LIST ? cJSON_CreateArray() : cJSON_CreateObject();
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        if (y->kind == YAML_LIST)
            cJSON_AddItemToArray(out, json_of(e));
        else
            cJSON_AddItemToObject(out, e->key, json_of(e));
    }
    return out;
}

static cJSON *json_of_text(const char *text, size_t size)
{
    struct store store;
    struct problem why;

    store_init(&store, (size_t)64 << 20);
    const struct yaml *root = yaml_parse(&store, "f", text, size, &why);
    EXPECT(root != NULL);
    cJSON *out = json_of(root);
    store_free(&store);
    return out;
}

static void test_one(const cJSON *schema, const char *path)
{
    static char text[1 << 16];
    static const struct scenario_options options = {.no_files = true};
    struct problem why;
    struct scenario s;
    FILE *f = fopen(path, "rb");

    EXPECT(f != NULL);
    size_t n = fread(text, 1, sizeof(text), f);
    EXPECT(n > 0 && n < sizeof(text));
    fclose(f);
    cJSON *json = json_of_text(text, n);
    EXPECT(valid(schema, json));
    /* A key that nobody knows: neither takes it. */
    cJSON_AddStringToObject(json, "xyzzy", "1");
    EXPECT(!valid(schema, json));
    cJSON_Delete(json);
    EXPECT(scenario_read(path, &options, &s, &why));
    EXPECT(strncmp(strrchr(path, '/') + 1, s.name, strlen(s.name)) == 0 && s.expect.count > 0);
    scenario_free(&s);
}

static void test_shipped(const cJSON *schema)
{
    glob_t files;

    EXPECT(glob("scenarios/*.yaml", 0, NULL, &files) == 0 && files.gl_pathc >= 10);
    for (size_t i = 0; i < files.gl_pathc; i++)
        test_one(schema, files.gl_pathv[i]);
    globfree(&files);
    printf("ok - what ships validates and reads\n");
}

/* Every object of the schema has the keys of its table, and each of them is read: a value of the
 * wrong shape is answered with that key's own words and never as an unknown key. */
static u32 known_keys(const struct object *o, const cJSON *schema)
{
    const cJSON *keys = cJSON_GetObjectItemCaseSensitive(schema, "properties");
    u32 n = 0;

    EXPECT(cJSON_GetArraySize(keys) == (int)o->count);
    for (u32 i = 0; i < o->count; i++) {
        const struct field *f = &o->fields[i];
        const cJSON *of = cJSON_GetObjectItemCaseSensitive(keys, f->key);
        EXPECT(of != NULL && f->doc != NULL && f->kind->read != NULL && f->kind->write != NULL);
        n++;
        if (f->kind == &kind_object)
            n += known_keys(f->more, of);
        if (f->kind == &kind_list)
            n += known_keys(f->more, cJSON_GetObjectItemCaseSensitive(of, "items"));
    }
    return n;
}

static void test_wrong_shape(const struct object *o)
{
    static u8 room[1 << 16];
    static const struct scenario_options options = {.no_files = true};
    static struct scenario s;
    struct problem why;

    for (u32 i = 0; i < o->count; i++) {
        const struct field *f = &o->fields[i];
        char text[128];
        if (f->kind == &kind_params || f->kind == &kind_sets || f->kind == &kind_counts)
            snprintf(text, sizeof(text), "{%s: x}", f->key);
        else
            snprintf(text, sizeof(text), "{%s: [[{}]]}", f->key);
        s = (struct scenario){.params = params_default};
        store_init(&s.store, (size_t)16 << 20);
        struct reading r = {&s, &options, "f", ".", &why};
        const struct yaml *y = yaml_parse(&s.store, "f", text, strlen(text), &why);
        EXPECT(y != NULL && o->size <= sizeof(room));
        memset(room, 0, sizeof(room));
        EXPECT(!object_read(&r, o, y, o == &scenario_object ? (void *)&s : room));
        EXPECT(strstr(why.text, "is not a key") == NULL);
        store_free(&s.store);
        if (f->kind == &kind_object || f->kind == &kind_list)
            test_wrong_shape(f->more);
    }
}

int main(void)
{
    char *text = schema_text();
    EXPECT(text != NULL);
    cJSON *schema = cJSON_Parse(text);
    EXPECT(schema != NULL);

    test_shipped(schema);
    EXPECT(known_keys(&scenario_object, schema) > 150);
    test_wrong_shape(&scenario_object);
    printf("ok - the keys of the schema are those of the reader\n");
    cJSON_Delete(schema);
    free(text);
    return EXIT_SUCCESS;
}
