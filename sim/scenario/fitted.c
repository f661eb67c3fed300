#include "sim/scenario/fitted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Figures above it are mistakes of the file; sums and products of a few fit in 64 bits. */
#define VALUE_MAX ((u64)1 << 53)
#define SHAPE_MAX 1000000000u
#define SHAPE_GPUS_MAX 1024u

static bool end(const struct csv_reader *c, char error[CSV_ERROR_BYTES])
{
    if (c->error[0] == '\0')
        return true;
    memcpy(error, c->error, CSV_ERROR_BYTES);
    return false;
}

/* Something is missing: the error names the last row that was read. */
static bool fail_file(struct csv_reader *c, const char *expected)
{
    snprintf(c->error, sizeof c->error, "%.200s:%u:1: expected %s", c->file, c->row_line, expected);
    return false;
}

/* Where both columns are; false: one is missing. */
static bool two_columns(struct csv_reader *c, const char *first, const char *second, u32 at[2])
{
    at[0] = csv_column(c, first);
    at[1] = at[0] == CSV_ABSENT ? CSV_ABSENT : csv_column(c, second);
    return at[1] != CSV_ABSENT;
}

static bool name_of(struct csv_reader *c, u32 column, char out[FITTED_NAME_BYTES])
{
    size_t n = strlen(c->field[column]);
    if (n == 0 || n >= FITTED_NAME_BYTES)
        return csv_expected(c, column, "a name of at most 31 bytes");
    memcpy(out, c->field[column], n + 1);
    return true;
}

static bool read_quantiles(struct csv_reader *c, u64 scale, struct quantile *rows, u32 *count)
{
    u32 at[2];

    if (!two_columns(c, "p_ppb", "value", at))
        return false;
    u64 least_p = 0, least = 0;
    u64 most = DISTRIBUTION_VALUE_MAX / scale;
    for (*count = 0; csv_next(c); (*count)++) {
        struct quantile *row = &rows[*count];
        if (*count == FITTED_QUANTILES_MAX)
            return csv_expected(c, at[0], "at most 4096 quantiles");
        if (least_p > QUANTILE_WHOLE)
            return csv_expected(c, at[0], "nothing behind the row with p_ppb 1000000000");
        u64 most_p = *count == 0 ? 0 : QUANTILE_WHOLE;
        if (!csv_u64(c, at[0], least_p, most_p, &row->p_ppb) ||
            !csv_u64(c, at[1], least, most, &row->value))
            return false;
        least_p = row->p_ppb + 1;
        least = row->value;
        row->value *= scale;
    }
    if (c->error[0] == '\0' && (*count < 2 || rows[*count - 1].p_ppb != QUANTILE_WHOLE))
        return fail_file(c, "a last row with p_ppb 1000000000");
    return c->error[0] == '\0';
}

bool fitted_parse_distribution(struct distribution *out, u64 scale, const char *file,
                               const void *bytes, size_t n, char error[CSV_ERROR_BYTES])
{
    struct csv_reader c;
    struct quantile rows[FITTED_QUANTILES_MAX];
    u32 count;

    check(scale > 0);
    if (csv_open(&c, file, bytes, n) && read_quantiles(&c, scale, rows, &count))
        check(distribution_from_quantiles(out, rows, count));
    return end(&c, error);
}

static bool read_list(struct csv_reader *c, struct fitted_list *list)
{
    u32 at[2];

    if (!two_columns(c, "name", "value", at))
        return false;
    while (csv_next(c)) {
        u64 value;
        if (list->count == FITTED_LIST_MAX)
            return csv_expected(c, at[0], "at most 256 rows");
        if (fitted_list_get(list, c->field[at[0]], &value))
            return csv_expected(c, at[0], "a name that stands here once");
        if (!name_of(c, at[0], list->name[list->count]) ||
            !csv_u64(c, at[1], 0, VALUE_MAX, &list->value[list->count]))
            return false;
        list->count++;
    }
    if (c->error[0] == '\0' && list->count == 0)
        return fail_file(c, "a row with a name and a value");
    return c->error[0] == '\0';
}

bool fitted_parse_list(struct fitted_list *out, const char *file, const void *bytes, size_t n,
                       char error[CSV_ERROR_BYTES])
{
    struct csv_reader c;
    struct fitted_list list = {.count = 0};

    if (csv_open(&c, file, bytes, n) && read_list(&c, &list))
        *out = list;
    return end(&c, error);
}

bool fitted_list_get(const struct fitted_list *list, const char *name, u64 *value)
{
    for (u32 i = 0; i < list->count; i++) {
        if (strcmp(list->name[i], name) == 0) {
            *value = list->value[i];
            return true;
        }
    }
    return false;
}

/* The header's names are the regions; column 0 says of each row which it is. */
static bool read_regions(struct csv_reader *c, struct fitted_matrix *m)
{
    if (strcmp(c->name[0], "region") != 0)
        return fail_file(c, "the first column to be region");
    if (c->columns < 2 || c->columns > FITTED_REGIONS_MAX + 1)
        return fail_file(c, "a column for each of 1 to 64 regions");
    m->count = c->columns - 1;
    for (u32 i = 0; i < m->count; i++) {
        size_t n = strlen(c->name[i + 1]);
        if (n == 0 || n >= FITTED_NAME_BYTES)
            return csv_expected(c, i + 1, "a name of at most 31 bytes");
        memcpy(m->region[i], c->name[i + 1], n + 1);
    }
    return true;
}

static bool read_matrix(struct csv_reader *c, struct fitted_matrix *m)
{
    if (!read_regions(c, m))
        return false;
    u32 row = 0;
    for (; csv_next(c); row++) {
        if (row == m->count)
            return csv_expected(c, 0, "one row for each region");
        if (strcmp(c->field[0], m->region[row]) != 0)
            return csv_expected(c, 0, "the regions in the order of the columns");
        for (u32 i = 0; i < m->count; i++) {
            u64 *cell = &m->rtt_us[row * m->count + i];
            *cell = 0;
            if (!csv_empty(c, i + 1) && !csv_u64(c, i + 1, 1, FITTED_RTT_US_MAX, cell))
                return false;
        }
    }
    if (c->error[0] == '\0' && row < m->count)
        return fail_file(c, "one row for each region");
    return c->error[0] == '\0';
}

bool fitted_parse_matrix(struct fitted_matrix *out, const char *file, const void *bytes, size_t n,
                         char error[CSV_ERROR_BYTES])
{
    struct csv_reader c;
    struct fitted_matrix m = {.count = 0};

    if (csv_open(&c, file, bytes, n) && read_matrix(&c, &m))
        *out = m;
    return end(&c, error);
}

enum shape_column { CPU_MILLI, MEMORY_MIB, GPUS, MODELS, WEIGHT, SHAPE_COLUMNS };

static bool read_shape(struct csv_reader *c, const u32 at[SHAPE_COLUMNS], struct fitted_shape *s)
{
    const char *models = c->field[at[MODELS]];

    if (!csv_u64(c, at[CPU_MILLI], 0, SHAPE_MAX, &s->cpu_milli) ||
        !csv_u64(c, at[MEMORY_MIB], 0, SHAPE_MAX, &s->memory_mib) ||
        !csv_u64(c, at[GPUS], 0, SHAPE_GPUS_MAX, &s->gpus) ||
        !csv_u64(c, at[WEIGHT], 1, VALUE_MAX, &s->weight))
        return false;
    if (strlen(models) >= FITTED_MODELS_BYTES)
        return csv_expected(c, at[MODELS], "names of GPUs, at most 95 bytes");
    if (s->gpus == 0 && models[0] != '\0')
        return csv_expected(c, at[MODELS], "nothing, for the row has no GPU");
    memcpy(s->models, models, strlen(models) + 1);
    return true;
}

static bool read_shapes(struct csv_reader *c, struct fitted_shapes *out)
{
    static const char *const names[SHAPE_COLUMNS] = {"cpu_milli", "memory_mib", "gpus", "models",
                                                     "weight"};
    u32 at[SHAPE_COLUMNS];

    for (u32 i = 0; i < SHAPE_COLUMNS; i++) {
        at[i] = csv_column(c, names[i]);
        if (at[i] == CSV_ABSENT)
            return false;
    }
    for (out->count = 0; csv_next(c); out->count++) {
        if (out->count == FITTED_SHAPES_MAX)
            return csv_expected(c, at[0], "at most 1024 rows");
        if (!read_shape(c, at, &out->shape[out->count]))
            return false;
    }
    if (c->error[0] == '\0' && out->count == 0)
        return fail_file(c, "a row");
    return c->error[0] == '\0';
}

bool fitted_parse_shapes(struct fitted_shapes *out, const char *file, const void *bytes, size_t n,
                         char error[CSV_ERROR_BYTES])
{
    struct csv_reader c;
    struct fitted_shapes *shapes = malloc(sizeof *shapes);

    if (shapes == NULL) {
        snprintf(error, CSV_ERROR_BYTES, "%s: expected memory", file);
        return false;
    }
    if (csv_open(&c, file, bytes, n) && read_shapes(&c, shapes))
        *out = *shapes;
    free(shapes);
    return end(&c, error);
}

bool fitted_read(const char *path, char **bytes, size_t *n, char error[CSV_ERROR_BYTES])
{
    return csv_read_file(path, FITTED_BYTES_MAX, bytes, n, error);
}
