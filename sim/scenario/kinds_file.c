/* kinds_file - what is fitted: distributions, machines, requests, hours and latencies, given in
 * the scenario or in a file beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/gpu.h"
#include "sim/engine/nearest.h"
#include "sim/scenario/field.h"
#include "sim/scenario/fitted.h"

bool field_file_load(struct reading *r, const struct field *f, const struct yaml *y,
                     struct field_file *out)
{
    char error[CSV_ERROR_BYTES];

    *out = (struct field_file){0};
    if (y->kind != YAML_SCALAR || y->text[0] == '\0')
        return field_expected(r, f, y, "the path of a CSV file");
    if (r->options->no_files)
        return true;
    bool absolute = y->text[0] == '/';
    int n = snprintf(out->path, sizeof(out->path), "%s%s%s", absolute ? "" : r->folder,
                     absolute ? "" : "/", y->text);
    if (n < 0 || (size_t)n >= sizeof(out->path))
        return field_expected(r, f, y, "a shorter path");
    if (!fitted_read(out->path, &out->bytes, &out->size, error))
        return problem_at(r->why, r->file, y->line, y->column, "%s: %s", f->key, error);
    return true;
}

static bool bad_file(struct reading *r, const struct field *f, const struct yaml *y,
                     struct field_file *file, const char *error)
{
    free(file->bytes);
    file->bytes = NULL;
    return problem_at(r->why, r->file, y->line, y->column, "%s: %s", f->key, error);
}

/* "1.2" as a plain number; nine decimals. */
static bool read_pure(const char *text, double *out)
{
    static const struct unit unit = {"", 1000000000, 1};
    static const struct unit_set set = {.units = &unit, .count = 1};
    u128 v;

    if (units_read(&set, text, &v) != UNITS_OK || v > UINT64_MAX)
        return false;
    *out = (double)(u64)v / 1e9;
    return true;
}

static bool read_param(struct reading *r, const struct field *f, const struct yaml *y,
                       enum distribution_param is, double *out)
{
    u64 v = 0;

    if (is == DISTRIBUTION_NUMBER) {
        if (y->kind != YAML_SCALAR || !read_pure(y->text, out))
            return field_expected(r, f, y, "a number such as 1.2");
        return true;
    }
    if (!field_quantity(r, f, y, f->more, 0, DISTRIBUTION_VALUE_MAX, &v))
        return false;
    *out = (double)v;
    return true;
}

/* {median: 2h, sigma: 1.2}, or the parameters alone: [2h, 1.2]. */
static bool read_kind(struct reading *r, const struct field *f, const struct yaml *y, u32 kind,
                      struct distribution *out)
{
    const struct distribution_row *row = &distribution_rows[kind];
    u32 params = row->param[1] == NULL ? 1 : 2;
    double param[2] = {0, 0};
    const char *why;

    if (y->count != params && !(params == 1 && y->kind == YAML_SCALAR)) {
        char expected[96];
        snprintf(expected, sizeof(expected), "%s%s%s", row->param[0], params == 2 ? " and " : "",
                 params == 2 ? row->param[1] : "");
        return field_expected(r, f, y, expected);
    }
    const struct yaml *e = y->first;
    for (u32 i = 0; i < params; i++) {
        const struct yaml *value = y;
        if (y->kind == YAML_MAP)
            value = yaml_entry(y, row->param[i]);
        else if (y->kind == YAML_LIST)
            value = e;
        if (value == NULL)
            return problem_at(r->why, r->file, y->line, y->column, "%s: %s needs '%s'", f->key,
                              row->name, row->param[i]);
        if (!read_param(r, f, value, row->is[i], &param[i]))
            return false;
        e = e == NULL ? NULL : e->next;
    }
    if (!distribution_build(out, (enum distribution_kind)kind, param, &why))
        return problem_at(r->why, r->file, y->line, y->column, "%s: %s: %s", f->key, row->name,
                          why);
    return true;
}

static bool read_table(struct reading *r, const struct field *f, const struct yaml *y,
                       const struct yaml *map, struct distribution *out)
{
    const struct yaml *unit = yaml_entry(map, "unit");
    struct field_file file;
    char error[CSV_ERROR_BYTES];
    u64 scale = 1;

    if (unit == NULL)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: a table needs 'unit', what its 1 is: %s", f->key,
                          ((const struct unit_set *)f->more)->expected);
    if (!field_quantity(r, f, unit, f->more, 1, DISTRIBUTION_VALUE_MAX, &scale) ||
        !field_file_load(r, f, y, &file))
        return false;
    if (file.bytes == NULL)
        distribution_constant(out, 0);
    else if (!fitted_parse_distribution(out, scale, file.path, file.bytes, file.size, error))
        return bad_file(r, f, y, &file, error);
    free(file.bytes);
    return true;
}

static bool unknown_kind(struct reading *r, const struct field *f, const struct yaml *e)
{
    struct nearest near = nearest_to(e->key);
    char hint[NEAREST_BYTES];

    for (u32 i = 0; i < DISTRIBUTION_KINDS; i++)
        nearest_offer(&near, distribution_rows[i].name);
    nearest_offer(&near, "table");
    return problem_at(r->why, r->file, e->key_line, e->key_column,
                      "%s: '%.40s' is no kind of distribution%s", f->key, e->key,
                      nearest_hint(&near, hint));
}

/* One entry of the mapping: the kind itself, or what goes with it. */
static bool read_entry(struct reading *r, const struct field *f, const struct yaml *map,
                       const struct yaml *e, struct distribution *out, u32 *kinds)
{
    if (strcmp(e->key, "unit") == 0 || strcmp(e->key, "min") == 0 || strcmp(e->key, "max") == 0)
        return true;
    ++*kinds;
    if (strcmp(e->key, "table") == 0)
        return read_table(r, f, e, map, out);
    if (strcmp(e->key, "knots") == 0) {
        if (e->kind != YAML_SCALAR || !distribution_parse(out, e->text))
            return field_expected(r, f, e, "knots as scenario.resolved.json prints them");
        return true;
    }
    for (u32 i = 0; i < DISTRIBUTION_KINDS; i++)
        if (strcmp(distribution_rows[i].name, e->key) == 0)
            return read_kind(r, f, e, i, out);
    return unknown_kind(r, f, e);
}

static bool clamp(struct reading *r, const struct field *f, const struct yaml *y,
                  struct distribution *d)
{
    const struct yaml *min = yaml_entry(y, "min"), *max = yaml_entry(y, "max");
    u64 low = f->min, high = f->max != 0 ? f->max : DISTRIBUTION_VALUE_MAX;

    if (min != NULL && !field_quantity(r, f, min, f->more, low, high, &low))
        return false;
    if (max != NULL && !field_quantity(r, f, max, f->more, low, high, &high))
        return false;
    distribution_clamp(d, low, high);
    return true;
}

static bool dist_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct distribution *d = field_take(r, y, sizeof(*d), 1);
    u32 kinds = 0;
    u64 v = 0;

    if (d == NULL)
        return false;
    if (y->kind == YAML_SCALAR) {
        if (!field_quantity(r, f, y, f->more, f->min, f->max != 0 ? f->max : DISTRIBUTION_VALUE_MAX,
                            &v))
            return false;
        distribution_constant(d, v);
    } else {
        for (const struct yaml *e = y->first; y->kind == YAML_MAP && e != NULL; e = e->next)
            if (!read_entry(r, f, y, e, d, &kinds))
                return false;
        if (kinds != 1)
            return field_expected(r, f, y, f->kind->expected);
        if (!clamp(r, f, y, d))
            return false;
    }
    memcpy(field_member(f, at), &d, sizeof(d));
    return true;
}

/* A constant as its quantity, anything else as its knots. */
static cJSON *dist_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct distribution *d;
    char text[DISTRIBUTION_TEXT_BYTES];
    cJSON *out = NULL;

    (void)s;
    memcpy(&d, field_member_const(f, at), sizeof(d));
    if (d == NULL)
        return NULL;
    const struct unit_set *units = f->more;
    if (!units->rounds && d->knot[0] == d->knot[DISTRIBUTION_KNOTS - 1])
        return cJSON_CreateString(units_print(units, d->knot[0], text));
    distribution_print(d, text);
    out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "knots", text);
    return out;
}

static cJSON *dist_schema(const struct field *f)
{
    cJSON *out = cJSON_CreateObject(), *any = cJSON_AddArrayToObject(out, "anyOf");
    cJSON *map = schema_type("object", NULL), *keys = cJSON_AddObjectToObject(map, "properties");
    static const char *const others[] = {"table", "unit", "knots", "min", "max"};

    cJSON_AddItemToArray(any, schema_type("string", ((const struct unit_set *)f->more)->expected));
    for (u32 i = 0; i < DISTRIBUTION_KINDS; i++)
        cJSON_AddStringToObject(cJSON_AddObjectToObject(keys, distribution_rows[i].name),
                                "description", distribution_rows[i].doc);
    for (u32 i = 0; i < ARRAY_LEN(others); i++)
        cJSON_AddStringToObject(cJSON_AddObjectToObject(keys, others[i]), "type", "string");
    cJSON_AddFalseToObject(map, "additionalProperties");
    cJSON_AddItemToArray(any, map);
    return out;
}

const struct kind kind_dist = {
    "a value, or a distribution such as {lognormal: {median: 2h, sigma: 1.2}}, {uniform: [1h, 2h]} "
    "or {table: file.csv, unit: 1s}",
    dist_read, dist_write, dist_schema};

/* GPUs with | between: an order's "any of these" becomes the first, for the chain's order names
 * one model or none. */
static bool first_model(const char *models, u16 *out)
{
    char name[FITTED_MODELS_BYTES];
    enum gpu_model model;

    snprintf(name, sizeof(name), "%s", models);
    name[strcspn(name, "|")] = '\0';
    *out = GPU_ANY;
    if (name[0] == '\0')
        return true;
    if (!gpu_find(name, &model))
        return false;
    *out = (u16)(model + 1);
    return true;
}

static u32 ceil_div(u64 v, u64 by)
{
    return (u32)((v + by - 1) / by);
}

/* Whole units: settled 160 "GPUs are whole"; cores and GiB are rounded up in what is asked and down
 * in what is there. */
static bool request_of(const struct fitted_shape *shape, struct request_kind *out)
{
    if (shape->weight > UINT32_MAX || shape->gpus > UINT16_MAX || shape->cpu_milli > UINT32_MAX ||
        shape->memory_mib > UINT32_MAX)
        return false;
    out->weight = (u32)shape->weight;
    out->specs = (struct specs){.cpu = ceil_div(shape->cpu_milli, 1000),
                                .ram_gib = ceil_div(shape->memory_mib, 1024),
                                .gpus = (u16)shape->gpus};
    return first_model(shape->models, &out->specs.gpu_model);
}

static bool machine_of(const struct fitted_shape *shape, struct machine_kind *out)
{
    if (shape->weight > UINT32_MAX || shape->gpus > UINT16_MAX || shape->cpu_milli > UINT32_MAX ||
        shape->memory_mib > UINT32_MAX)
        return false;
    out->weight = (u32)shape->weight;
    out->machine = (struct machine){.cpu = (u32)(shape->cpu_milli / 1000),
                                    .ram_gib = (u32)(shape->memory_mib / 1024)};
    out->machine.gpu[0].count = (u16)shape->gpus;
    return first_model(shape->models, &out->machine.gpu[0].model) &&
           (shape->gpus == 0) == (out->machine.gpu[0].model == GPU_ANY);
}

static bool shapes_load(struct reading *r, const struct field *f, const struct yaml *y,
                        struct fitted_shapes **out)
{
    struct field_file file;
    char error[CSV_ERROR_BYTES] = "";

    *out = NULL;
    if (!field_file_load(r, f, y, &file))
        return false;
    if (file.bytes == NULL)
        return true;
    *out = malloc(sizeof(**out));
    if (*out == NULL || !fitted_parse_shapes(*out, file.path, file.bytes, file.size, error)) {
        free(*out);
        *out = NULL; /* the caller frees it too */
        return bad_file(r, f, y, &file, error[0] == '\0' ? "out of memory" : error);
    }
    free(file.bytes);
    return true;
}

/* Each shape of the file as one element of a list, `unit` bytes each, filled by fill(). */
static bool shapes_read(struct reading *r, const struct field *f, const struct yaml *y, void *at,
                        size_t unit, bool (*fill)(const struct fitted_shape *shape, void *element),
                        const char *what)
{
    struct fitted_shapes *shapes;
    u8 *list = NULL;
    bool good = shapes_load(r, f, y, &shapes);
    u32 n = good && shapes != NULL ? shapes->count : 0;

    if (good)
        list = field_take(r, y, unit, n + 1);
    good = list != NULL;
    for (u32 i = 0; good && i < n; i++)
        if (!fill(&shapes->shape[i], list + i * unit))
            good = problem_at(r->why, r->file, y->line, y->column, "%s: row %u of %.60s is no %s",
                              f->key, i + 1, y->text, what);
    free(shapes);
    if (good) {
        memcpy(field_member(f, at), &list, sizeof(list));
        field_store((u8 *)at + f->count_offset, sizeof(u32), n);
    }
    return good;
}

static bool fill_machine(const struct fitted_shape *shape, void *element)
{
    return machine_of(shape, element);
}

static bool fill_request(const struct fitted_shape *shape, void *element)
{
    return request_of(shape, element);
}

static bool machine_file_read(struct reading *r, const struct field *f, const struct yaml *y,
                              void *at)
{
    return shapes_read(r, f, y, at, sizeof(struct machine_kind), fill_machine,
                       "machine with one known GPU model");
}

static bool request_file_read(struct reading *r, const struct field *f, const struct yaml *y,
                              void *at)
{
    return shapes_read(r, f, y, at, sizeof(struct request_kind), fill_request,
                       "request with known GPU models");
}

/* What a file held is written where the values themselves are. */
static cJSON *file_write(const struct scenario *s, const struct field *f, const void *at)
{
    (void)s;
    (void)f;
    (void)at;
    return NULL;
}

static cJSON *file_schema(const struct field *f)
{
    (void)f;
    return schema_type("string", NULL);
}

const struct kind kind_machine_file = {"the path of a CSV of machines", machine_file_read,
                                       file_write, file_schema};
const struct kind kind_request_file = {"the path of a CSV of requests", request_file_read,
                                       file_write, file_schema};
