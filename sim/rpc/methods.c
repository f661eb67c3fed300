#include "sim/rpc/methods.h"

#include "sim/engine/nearest.h"

#include <stdlib.h>
#include <string.h>

static const struct method_row rows[] = {
#define READS false
#define CHANGES true
#define METHOD(name, handler, least, most, does, aliases, doc)                                     \
    [METHOD_##name] = {#name, least, most, does, aliases, doc},
#include "sim/rpc/methods.def"
#undef METHOD
#undef CHANGES
#undef READS
};

const struct method_row *method_row(enum method m)
{
    check((size_t)m < ARRAY_LEN(rows));
    return &rows[m];
}

static void add_name(struct method_names *n, const char *name, enum method m)
{
    check(n->count < METHOD_NAMES_MAX);
    n->entry[n->count].name = name;
    n->entry[n->count].method = m;
    n->count++;
}

/* The aliases of one row, copied to *at, each with its NUL. */
static void add_aliases(struct method_names *n, char **at, enum method m)
{
    const char *from = rows[m].aliases;

    while (*from != '\0') {
        size_t length = strcspn(from, " ");
        check(*at + length + 1 <= n->aliases + METHOD_NAME_BYTES);
        memcpy(*at, from, length);
        (*at)[length] = '\0';
        add_name(n, *at, m);
        *at += length + 1;
        from += length + (from[length] == ' ');
    }
}

static int compare(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b; /* an entry begins with its name */

    return strcmp(*left, *right);
}

void method_names_open(struct method_names *n)
{
    char *at = n->aliases;

    n->count = 0;
    for (size_t m = 0; m < METHODS; m++) {
        add_name(n, rows[m].name, (enum method)m);
        add_aliases(n, &at, (enum method)m);
    }
    qsort(n->entry, n->count, sizeof(n->entry[0]), compare);
    for (u32 i = 1; i < n->count; i++)
        check(strcmp(n->entry[i - 1].name, n->entry[i].name) != 0);
}

bool method_find(const struct method_names *n, const char *name, enum method *out)
{
    u32 from = 0, to = n->count;

    while (from < to) {
        u32 middle = (from + to) / 2;
        int order = strcmp(name, n->entry[middle].name);
        if (order == 0) {
            *out = n->entry[middle].method;
            return true;
        }
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

const char *method_nearest(const struct method_names *n, const char *name)
{
    struct nearest nearest = nearest_to(name);

    for (u32 i = 0; i < n->count; i++)
        nearest_offer(&nearest, n->entry[i].name);
    return nearest_name(&nearest);
}

static size_t module_length(const char *name)
{
    return strcspn(name, "_");
}

/* Is row m the first of its module? */
static bool is_first(size_t m)
{
    size_t n = module_length(rows[m].name);

    for (size_t i = 0; i < m; i++)
        if (module_length(rows[i].name) == n && memcmp(rows[i].name, rows[m].name, n) == 0)
            return false;
    return true;
}

void methods_modules(struct json *out)
{
    json_begin(out, '{');
    for (size_t m = 0; m < METHODS; m++) {
        if (!is_first(m))
            continue;
        json_string(out, (struct text){rows[m].name, module_length(rows[m].name)});
        JSON_RAW(out, ":\"1.0\"");
    }
    json_end(out, '}');
}

static void list_text(struct json *out, const char *text)
{
    json_raw(out, (struct text){text, strlen(text)});
}

void methods_list(struct json *out)
{
    for (size_t m = 0; m < METHODS; m++) {
        list_text(out, rows[m].name);
        for (size_t n = strlen(rows[m].name); n < 40; n++)
            JSON_RAW(out, " ");
        list_text(out, rows[m].doc);
        if (rows[m].aliases[0] != '\0') {
            JSON_RAW(out, "  Also ");
            list_text(out, rows[m].aliases);
            JSON_RAW(out, ".");
        }
        JSON_RAW(out, "\n");
    }
}
