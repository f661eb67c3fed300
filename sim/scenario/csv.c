#include "sim/scenario/csv.h"

#include "sim/engine/nearest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(struct csv_reader *c, u32 line, u32 column, const char *expected)
{
    snprintf(c->error, sizeof c->error, "%s:%" PRIu32 ":%" PRIu32 ": expected %s", c->file, line,
             column, expected);
    return false;
}

static u32 column_of(const struct csv_reader *c, const char *at)
{
    size_t column = (size_t)(at - c->line_start) + 1;
    return column < UINT32_MAX ? (u32)column : UINT32_MAX;
}

static bool fail_here(struct csv_reader *c, const char *expected)
{
    return fail(c, c->line, column_of(c, c->at), expected);
}

static void next_line(struct csv_reader *c)
{
    c->at++;
    c->line++;
    c->line_start = c->at;
}

/* The length of the line end at c->at, 0 if there is none; the end of the file is one. */
static bool at_line_end(const struct csv_reader *c)
{
    return c->at == c->end || *c->at == '\n' ||
           (*c->at == '\r' && (c->at + 1 == c->end || c->at[1] == '\n'));
}

static void skip_line_end(struct csv_reader *c)
{
    if (c->at < c->end && *c->at == '\r')
        c->at++;
    if (c->at < c->end)
        next_line(c);
}

static bool put(struct csv_reader *c, u32 *used, char byte)
{
    if (*used == CSV_ROW_BYTES_MAX)
        return fail(c, c->row_line, 1, "a row of at most 16384 bytes");
    c->text[(*used)++] = byte;
    return true;
}

/* What lies between the quotes; c->at is behind the first. */
static bool quoted(struct csv_reader *c, u32 *used)
{
    u32 line = c->line, column = column_of(c, c->at - 1);

    while (c->at < c->end) {
        char byte = *c->at;
        if (byte == '"') {
            c->at++;
            if (c->at == c->end || *c->at != '"')
                return true;
        }
        if (byte == '\0')
            return fail_here(c, "text, found a byte 0");
        if (!put(c, used, byte))
            return false;
        if (byte == '\n')
            next_line(c);
        else
            c->at++;
    }
    return fail(c, line, column, "a quote that ends this field");
}

static bool plain(struct csv_reader *c, u32 *used)
{
    while (!at_line_end(c) && *c->at != ',') {
        if (*c->at == '\0')
            return fail_here(c, "text, found a byte 0");
        if (*c->at == '"')
            return fail_here(c, "quotes around a whole field only");
        if (!put(c, used, *c->at))
            return false;
        c->at++;
    }
    return true;
}

/* One row, from text[used] on. */
static bool read_row(struct csv_reader *c, u32 used)
{
    c->row_line = c->line;
    c->fields = 0;
    for (;;) {
        u32 n = c->fields;
        if (n == CSV_COLUMNS_MAX)
            return fail_here(c, "at most 128 columns");
        c->field[n] = c->text + used;
        c->field_line[n] = c->line;
        c->field_column[n] = column_of(c, c->at);
        c->fields++;
        if (c->at < c->end && *c->at == '"') {
            c->at++;
            if (!quoted(c, &used))
                return false;
        } else if (!plain(c, &used)) {
            return false;
        }
        if (!put(c, &used, '\0'))
            return false;
        if (at_line_end(c))
            break;
        if (*c->at != ',')
            return fail_here(c, "a comma or the end of the line behind a quoted field");
        c->at++;
    }
    skip_line_end(c);
    c->names_bytes = c->columns == 0 ? used : c->names_bytes;
    return true;
}

/* To the next line with something in it; false at the end. */
static bool skip_empty(struct csv_reader *c, bool comments)
{
    while (c->at < c->end) {
        if (comments && *c->at == '#')
            while (!at_line_end(c))
                c->at++;
        else if (!at_line_end(c))
            return true;
        skip_line_end(c);
    }
    return false;
}

bool csv_open(struct csv_reader *c, const char *file, const void *bytes, size_t n)
{
    static const char mark[3] = {'\xef', '\xbb', '\xbf'};

    *c = (struct csv_reader){.file = file, .at = n > 0 ? bytes : "", .line = 1};
    c->line_start = c->at;
    c->end = c->at + n;
    if (n >= sizeof mark && memcmp(bytes, mark, sizeof mark) == 0)
        c->at += sizeof mark;
    if (!skip_empty(c, true))
        return fail_here(c, "a line with the names of the columns");
    if (!read_row(c, 0))
        return false;
    for (u32 i = 0; i < c->fields; i++) {
        if (csv_find(c, c->field[i]) != CSV_ABSENT)
            return csv_expected(c, i, "a column name that stands here once");
        c->name[i] = c->field[i];
        c->columns = i + 1;
    }
    return true;
}

u32 csv_find(const struct csv_reader *c, const char *name)
{
    for (u32 i = 0; i < c->columns; i++)
        if (strcmp(c->name[i], name) == 0)
            return i;
    return CSV_ABSENT;
}

u32 csv_column(struct csv_reader *c, const char *name)
{
    u32 found = csv_find(c, name);
    if (found == CSV_ABSENT) {
        struct nearest nearest = nearest_to(name);
        char expected[256], hint[NEAREST_BYTES];
        for (u32 i = 0; i < c->columns; i++)
            nearest_offer(&nearest, c->name[i]);
        snprintf(expected, sizeof expected, "a column %.100s, there is none%s", name,
                 nearest_hint(&nearest, hint));
        fail(c, c->row_line, 1, expected);
    }
    return found;
}

bool csv_next(struct csv_reader *c)
{
    if (c->error[0] != '\0' || !skip_empty(c, false) || !read_row(c, c->names_bytes))
        return false;
    if (c->fields != c->columns) {
        char expected[80];
        snprintf(expected, sizeof expected, "%" PRIu32 " fields, found %" PRIu32, c->columns,
                 c->fields);
        return fail(c, c->row_line, 1, expected);
    }
    return true;
}

bool csv_empty(const struct csv_reader *c, u32 column)
{
    check(column < c->fields);
    return c->field[column][0] == '\0';
}

bool csv_expected(struct csv_reader *c, u32 column, const char *expected)
{
    char text[256], shown[41];
    const char *field = c->field[column];
    size_t n = 0;

    check(column < c->fields);
    for (; n + 1 < sizeof shown && field[n] != '\0'; n++)
        shown[n] = field[n] >= ' ' && field[n] <= '~' ? field[n] : '?';
    shown[n] = '\0';
    snprintf(text, sizeof text, "%.120s, found \"%s%s\"", expected, shown,
             field[n] == '\0' ? "" : "...");
    return fail(c, c->field_line[column], c->field_column[column], text);
}

bool csv_u64(struct csv_reader *c, u32 column, u64 min, u64 max, u64 *out)
{
    check(column < c->fields);
    const char *at = c->field[column];
    bool good = *at != '\0';
    u64 v = 0;

    for (; good && *at != '\0'; at++) {
        u64 digit = (u64)(*at - '0');
        good = *at >= '0' && *at <= '9' && v <= (UINT64_MAX - digit) / 10;
        v = v * 10 + digit;
    }
    if (!good || v < min || v > max) {
        char expected[120];
        snprintf(expected, sizeof expected, "a whole number from %" PRIu64 " to %" PRIu64, min,
                 max);
        return csv_expected(c, column, expected);
    }
    *out = v;
    return true;
}

/* The bytes of an open file; NULL and errno, or errno 0 if there are too many. */
static char *read_all(FILE *f, size_t max_bytes, size_t *n)
{
    size_t room = 65536, used = 0;
    char *bytes = malloc(room);

    while (bytes != NULL) {
        used += fread(bytes + used, 1, room - used, f);
        if (used < room || used > max_bytes)
            break;
        room *= 2;
        char *more = realloc(bytes, room);
        if (more == NULL)
            free(bytes);
        bytes = more;
    }
    if (bytes == NULL)
        return NULL;
    if (ferror(f) != 0 || used > max_bytes) {
        if (ferror(f) == 0)
            errno = 0;
        free(bytes);
        return NULL;
    }
    *n = used;
    return bytes;
}

bool csv_read_file(const char *path, size_t max_bytes, char **bytes, size_t *n,
                   char error[CSV_ERROR_BYTES])
{
    FILE *f = fopen(path, "rb");
    if (f != NULL) {
        *bytes = read_all(f, max_bytes, n);
        int why = errno;
        fclose(f);
        if (*bytes != NULL)
            return true;
        errno = why;
        if (errno == 0) {
            snprintf(error, CSV_ERROR_BYTES, "%s: expected at most %zu bytes", path, max_bytes);
            return false;
        }
    }
    snprintf(error, CSV_ERROR_BYTES, "%s: %s", path, strerror(errno));
    return false;
}
