/* kinds_table - small tables: the hours of a day, the round trips between regions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/nearest.h"
#include "sim/scenario/field.h"
#include "sim/scenario/fitted.h"

/* A CSV beside the scenario through one of the readers of fitted.h.  *out is malloc'ed, NULL where
 * no files are opened. */
typedef bool parse_file(void *out, const char *file, const void *bytes, size_t n,
                        char error[CSV_ERROR_BYTES]);

static bool parse_list(void *out, const char *file, const void *bytes, size_t n,
                       char error[CSV_ERROR_BYTES])
{
    return fitted_parse_list(out, file, bytes, n, error);
}

static bool parse_matrix(void *out, const char *file, const void *bytes, size_t n,
                         char error[CSV_ERROR_BYTES])
{
    return fitted_parse_matrix(out, file, bytes, n, error);
}

static bool read_file(struct reading *r, const struct field *f, const struct yaml *y,
                      parse_file *parse, size_t size, void **out)
{
    struct field_file file;
    char error[CSV_ERROR_BYTES] = "out of memory";
    bool good;

    *out = NULL;
    if (!field_file_load(r, f, y, &file))
        return false;
    if (file.bytes == NULL)
        return true;
    *out = malloc(size);
    good = *out != NULL && parse(*out, file.path, file.bytes, file.size, error);
    free(file.bytes);
    if (good)
        return true;
    free(*out);
    *out = NULL;
    return problem_at(r->why, r->file, y->line, y->column, "%s: %s", f->key, error);
}

bool field_list_read(struct reading *r, const struct field *f, const struct yaml *y,
                     struct fitted_list **out)
{
    void *read;
    bool good = read_file(r, f, y, parse_list, sizeof(**out), &read);

    *out = read;
    return good;
}

static bool hours_listed(struct reading *r, const struct field *f, const struct yaml *y, u32 *hours)
{
    u32 h = 0;

    if (y->count != HOURS_A_DAY)
        return field_expected(r, f, y, f->kind->expected);
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        u64 v = 0;
        if (!field_quantity(r, f, e, &units_count, 0, ARRIVALS_WEIGHT_MAX, &v))
            return false;
        hours[h++] = (u32)v;
    }
    return true;
}

static bool hours_in_file(struct reading *r, const struct field *f, const struct yaml *y,
                          u32 *hours)
{
    struct fitted_list *list;
    bool good = true;

    if (!field_list_read(r, f, y, &list))
        return false;
    for (u32 h = 0; good && list != NULL && h < HOURS_A_DAY; h++) {
        char name[16];
        u64 weight = 0;
        snprintf(name, sizeof(name), "hour_%02u", h);
        good = fitted_list_get(list, name, &weight) && weight <= ARRIVALS_WEIGHT_MAX;
        if (!good)
            problem_at(r->why, r->file, y->line, y->column,
                       "%s: %.60s has no row %s with a weight of at most %u", f->key, y->text, name,
                       ARRIVALS_WEIGHT_MAX);
        hours[h] = (u32)weight;
    }
    free(list);
    return good;
}

static bool hours_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    u32 *hours = field_member(f, at);
    u64 sum = 0;
    bool given = true;

    if (y->kind == YAML_LIST) {
        given = hours_listed(r, f, y, hours);
    } else if (y->kind == YAML_SCALAR && strcmp(y->text, "flat") != 0) {
        given = hours_in_file(r, f, y, hours);
        if (given && r->options->no_files)
            hours[0] = 1;
    } else if (y->kind == YAML_SCALAR) {
        for (u32 h = 0; h < HOURS_A_DAY; h++)
            hours[h] = 1;
    } else {
        return field_expected(r, f, y, f->kind->expected);
    }
    for (u32 h = 0; given && h < HOURS_A_DAY; h++)
        sum += hours[h];
    return given && (sum > 0 || field_expected(r, f, y, "a weight above 0"));
}

static cJSON *hours_write(const struct scenario *s, const struct field *f, const void *at)
{
    const u32 *hours = field_member_const(f, at);
    cJSON *out = cJSON_CreateArray();

    (void)s;
    for (u32 h = 0; h < HOURS_A_DAY; h++)
        cJSON_AddItemToArray(out, cJSON_CreateNumber(hours[h]));
    return out;
}

static cJSON *text_or_list(cJSON *items)
{
    cJSON *out = cJSON_CreateObject(), *any = cJSON_AddArrayToObject(out, "anyOf");
    cJSON *list = schema_type("array", NULL);

    cJSON_AddItemToArray(any, schema_type("string", NULL));
    cJSON_AddItemToObject(list, "items", items);
    cJSON_AddItemToArray(any, list);
    return out;
}

static cJSON *hours_schema(const struct field *f)
{
    (void)f;
    return text_or_list(schema_type("integer", NULL));
}

const struct kind kind_hours = {"flat, 24 weights, or the path of a CSV with hour_00 to hour_23",
                                hours_read, hours_write, hours_schema};

#define RTT_MAX_US 600000000u

/* {within: 5ms, between: 80ms} */
static bool rtt_two(struct reading *r, const struct field *f, const struct yaml *y, u64 *rtt)
{
    static const char *const keys[2] = {"within", "between"};
    u32 n = r->s->network.regions.count;
    u64 us[2] = {0, 0};

    for (u32 i = 0; i < 2; i++) {
        const struct yaml *e = yaml_entry(y, keys[i]);
        if (e == NULL || y->count != 2)
            return field_expected(r, f, y, f->kind->expected);
        if (!field_quantity(r, f, e, &units_micros, 1, RTT_MAX_US, &us[i]))
            return false;
    }
    for (u32 from = 0; from < n; from++)
        for (u32 to = 0; to < n; to++)
            rtt[from * n + to] = us[from != to];
    return true;
}

/* One list a region, in the order of network.regions, in us. */
static bool rtt_listed(struct reading *r, const struct field *f, const struct yaml *y, u64 *rtt)
{
    u32 n = r->s->network.regions.count;

    if (y->count != n)
        return field_expected(r, f, y, "one list a region");
    for (const struct yaml *row = y->first; row != NULL; row = row->next) {
        if (row->kind != YAML_LIST || row->count != n)
            return field_expected(r, f, row, "one number a region");
        for (const struct yaml *e = row->first; e != NULL; e = e->next)
            if (!field_quantity(r, f, e, &units_count, 0, RTT_MAX_US, rtt++))
                return false;
    }
    return true;
}

static bool rtt_in_file(struct reading *r, const struct field *f, const struct yaml *y, u64 *rtt)
{
    const struct names *regions = &r->s->network.regions;
    u32 *place = field_take(r, y, sizeof(*place), regions->count);
    void *read;
    bool good = true;

    if (place == NULL || !read_file(r, f, y, parse_matrix, sizeof(struct fitted_matrix), &read))
        return false;
    const struct fitted_matrix *m = read;
    if (m == NULL)
        return true;
    for (u32 i = 0; good && i < regions->count; i++) {
        struct nearest near = nearest_to(regions->at[i]);
        char hint[NEAREST_BYTES];
        place[i] = INDEX_NONE;
        for (u32 k = 0; k < m->count; k++) {
            nearest_offer(&near, m->region[k]);
            if (strcmp(m->region[k], regions->at[i]) == 0)
                place[i] = k;
        }
        if (place[i] == INDEX_NONE)
            good =
                problem_at(r->why, r->file, y->line, y->column, "%s: %.60s has no region '%.32s'%s",
                           f->key, y->text, regions->at[i], nearest_hint(&near, hint));
    }
    for (u32 from = 0; good && from < regions->count; from++)
        for (u32 to = 0; to < regions->count; to++)
            *rtt++ = m->rtt_us[place[from] * m->count + place[to]];
    free(read);
    return good;
}

static bool rtt_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    size_t n = r->s->network.regions.count;
    u64 *rtt = field_take(r, y, sizeof(*rtt), n * n);

    if (rtt == NULL)
        return false;
    if (!(y->kind == YAML_MAP    ? rtt_two(r, f, y, rtt)
          : y->kind == YAML_LIST ? rtt_listed(r, f, y, rtt)
                                 : rtt_in_file(r, f, y, rtt)))
        return false;
    memcpy(field_member(f, at), &rtt, sizeof(rtt));
    return true;
}

static cJSON *rtt_write(const struct scenario *s, const struct field *f, const void *at)
{
    u32 n = s->network.regions.count;
    const u64 *rtt = s->network.rtt_us;
    cJSON *out = cJSON_CreateArray();

    (void)f;
    (void)at;
    for (u32 from = 0; from < n; from++) {
        cJSON *row = cJSON_CreateArray();
        for (u32 to = 0; to < n; to++)
            cJSON_AddItemToArray(row, cJSON_CreateNumber((double)rtt[from * n + to]));
        cJSON_AddItemToArray(out, row);
    }
    return out;
}

static cJSON *rtt_schema(const struct field *f)
{
    cJSON *row = schema_type("array", NULL), *out = text_or_list(row);
    cJSON *two = schema_type("object", NULL), *keys = cJSON_AddObjectToObject(two, "properties");

    (void)f;
    cJSON_AddItemToObject(row, "items", schema_type("integer", NULL));
    cJSON_AddItemToObject(keys, "within", schema_type("string", NULL));
    cJSON_AddItemToObject(keys, "between", schema_type("string", NULL));
    cJSON_AddFalseToObject(two, "additionalProperties");
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(out, "anyOf"), two);
    return out;
}

const struct kind kind_rtt = {
    "{within: 5ms, between: 80ms}, the path of a CSV, or a matrix in microseconds", rtt_read,
    rtt_write, rtt_schema};
