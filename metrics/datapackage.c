/* datapackage - columns.def as JSON. */
#include "metrics/datapackage.h"

#include <cjson/cJSON.h>
#include <stdio.h>

static const char *json_type(enum column_type type)
{
    switch (type) {
    case COLUMN_u64:
    case COLUMN_i64:
    case COLUMN_opt:
    case COLUMN_whole:
    case COLUMN_wei:
        return "integer";
    case COLUMN_flag:
        return "boolean";
    case COLUMN_spon:
    case COLUMN_ratio:
        return "number";
    case COLUMN_text:
        return "string";
    }
    check_unreachable();
}

static cJSON *text_list(const char *only)
{
    return cJSON_CreateStringArray(&only, 1);
}

static void add_field(cJSON *fields, const char *name, enum column_type type, const char *unit,
                      const char *doc)
{
    cJSON *field = cJSON_CreateObject();

    cJSON_AddStringToObject(field, "name", name);
    cJSON_AddStringToObject(field, "type", json_type(type));
    if (type == COLUMN_flag) {
        cJSON_AddItemToObject(field, "trueValues", text_list("1"));
        cJSON_AddItemToObject(field, "falseValues", text_list("0"));
    }
    if (unit[0] != '\0')
        cJSON_AddStringToObject(field, "unit", unit);
    cJSON_AddStringToObject(field, "description", doc);
    cJSON_AddItemToArray(fields, field);
}

static cJSON *resource(const struct table *t)
{
    cJSON *r = cJSON_CreateObject(), *dialect, *schema, *fields;
    char path[64];

    snprintf(path, sizeof path, "%s.csv", t->name);
    cJSON_AddStringToObject(r, "name", t->name);
    cJSON_AddStringToObject(r, "path", path);
    cJSON_AddStringToObject(r, "description", t->doc);
    cJSON_AddStringToObject(r, "profile", "tabular-data-resource");
    cJSON_AddStringToObject(r, "format", "csv");
    cJSON_AddStringToObject(r, "mediatype", "text/csv");
    cJSON_AddStringToObject(r, "encoding", "utf-8");
    dialect = cJSON_AddObjectToObject(r, "dialect");
    cJSON_AddStringToObject(dialect, "delimiter", ",");
    cJSON_AddStringToObject(dialect, "lineTerminator", "\n");
    schema = cJSON_AddObjectToObject(r, "schema");
    fields = cJSON_AddArrayToObject(schema, "fields");
    add_field(fields, "run", COLUMN_u64, "", "Number of the run");
    for (size_t i = 0; i < t->n_columns; i++)
        add_field(fields, t->columns[i].name, t->columns[i].type, t->columns[i].unit,
                  t->columns[i].doc);
    cJSON_AddItemToObject(schema, "missingValues", text_list(""));
    return r;
}

char *datapackage_text(const char *name, const char *title, const bool wanted[TABLES])
{
    cJSON *package = cJSON_CreateObject(), *resources;
    char *text;

    cJSON_AddStringToObject(package, "profile", "tabular-data-package");
    cJSON_AddStringToObject(package, "name", name);
    cJSON_AddStringToObject(package, "title", title);
    resources = cJSON_AddArrayToObject(package, "resources");
    for (size_t i = 0; i < TABLES; i++)
        if (wanted[i])
            cJSON_AddItemToArray(resources, resource(table_of((enum table_id)i)));
    text = cJSON_Print(package);
    cJSON_Delete(package);
    return text;
}
