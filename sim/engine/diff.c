#include "sim/engine/diff.h"

#include "sim/engine/print.h"

#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 4096u
#define HEADER_BYTES 16384u
#define NO_ROW UINT32_MAX

/* ---- tables ---- */

/* One file and where its rows begin. */
struct rows {
    char *bytes;
    size_t size;
    char header[HEADER_BYTES];
    const char **at; /* begin of each row; at[count] is the end */
    u32 count;
};

static bool rows_index(struct rows *r)
{
    const char *p = r->bytes, *end = r->bytes + r->size;
    const char *line = memchr(p, '\n', r->size);
    size_t room = 1;

    if (line == NULL || (size_t)(line - p) >= sizeof(r->header))
        return false;
    memcpy(r->header, p, (size_t)(line - p));
    for (const char *q = line; q < end; q++)
        room += *q == '\n';
    r->at = calloc(room + 1, sizeof(*r->at));
    if (r->at == NULL)
        return false;
    for (p = line + 1; p < end; p = line + 1) {
        line = memchr(p, '\n', (size_t)(end - p));
        r->at[r->count++] = p;
        if (line == NULL)
            return false; /* a last line that was not finished */
    }
    r->at[r->count] = end;
    return true;
}

/* The whole file.  False: it cannot be read. */
static bool rows_load(struct rows *r, const char *path)
{
    FILE *f = fopen(path, "rb");
    bool read = false;
    long size;

    if (f == NULL)
        return false;
    if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
        rewind(f);
        r->size = (size_t)size;
        r->bytes = malloc(r->size + 1);
        read = r->bytes != NULL && fread(r->bytes, 1, r->size, f) == r->size;
    }
    fclose(f);
    return read;
}

static bool file_path(char path[PATH_BYTES], const char *folder, const char *file)
{
    int n = snprintf(path, PATH_BYTES, "%s/%s", folder, file);

    return n >= 0 && (size_t)n < PATH_BYTES;
}

static bool rows_read(struct rows *r, const char *folder, const char *file, FILE *out)
{
    char path[PATH_BYTES];

    *r = (struct rows){0};
    if (!file_path(path, folder, file) || !rows_load(r, path)) {
        fprintf(out, "%s/%s: cannot be read\n", folder, file);
        return false;
    }
    if (rows_index(r))
        return true;
    fprintf(out, "%s: expected whole rows of a table\n", path);
    return false;
}

static void rows_free(struct rows *r)
{
    free(r->bytes);
    free(r->at);
}

static bool row_same(const struct rows *a, const struct rows *b, u32 i)
{
    size_t n = (size_t)(a->at[i + 1] - a->at[i]);
    return n == (size_t)(b->at[i + 1] - b->at[i]) && memcmp(a->at[i], b->at[i], n) == 0;
}

/* The first row that differs, or that only one has; NO_ROW: none.  A file may hold several runs,
 * of which only one parts: no search by halves. */
static u32 first_other_row(const struct rows *a, const struct rows *b)
{
    u32 i = 0;

    while (i < a->count && i < b->count && row_same(a, b, i))
        i++;
    return i == a->count && i == b->count ? NO_ROW : i;
}

/* The next cell of a line; *line moves behind it. */
static size_t cell(const char **line, const char **at)
{
    size_t n = strcspn(*line, ",\n");

    *at = *line;
    *line += n + ((*line)[n] == ',');
    return n;
}

static void say_row(const struct rows *a, const struct rows *b, u32 i, FILE *out)
{
    const char *h = a->header, *x = a->at[i], *y = b->at[i], *name, *left, *right;

    while (*h != '\0') {
        size_t n = cell(&h, &name), l = cell(&x, &left), r = cell(&y, &right);
        bool same = l == r && memcmp(left, right, l) == 0;
        fprintf(out, "  %c %.*s = %.*s", same ? ' ' : '!', (int)n, name, (int)l, left);
        if (!same)
            fprintf(out, " | %.*s", (int)r, right);
        fputc('\n', out);
    }
}

static enum diff_end compare_rows(const struct rows *a, const struct rows *b, const char *file,
                                  FILE *out)
{
    bool checkpoints = strcmp(file, DIFF_CHECKPOINTS) == 0;

    if (strcmp(a->header, b->header) != 0) {
        fprintf(out, "%s has other columns: %s | %s\n", file, a->header, b->header);
        return DIFF_ERROR;
    }
    u32 i = first_other_row(a, b);
    if (i == NO_ROW)
        return DIFF_NONE;
    if (i < a->count && i < b->count) {
        if (checkpoints)
            fprintf(out, "the runs part before checkpoint %u:\n", i);
        else
            fprintf(out, "the first row of %s that differs is %u:\n", file, i + 1);
        say_row(a, b, i, out);
    } else {
        fprintf(out, "all %u %s of one run are the other's; it has %u | %u\n", i,
                checkpoints ? "checkpoints" : "rows", a->count, b->count);
    }
    return DIFF_FOUND;
}

enum diff_end diff_tables(const char *a, const char *b, const char *file, FILE *out)
{
    struct rows x = {0}, y = {0};
    enum diff_end end = DIFF_ERROR;

    if (rows_read(&x, a, file, out) && rows_read(&y, b, file, out))
        end = compare_rows(&x, &y, file, out);
    rows_free(&x);
    rows_free(&y);
    return end;
}

/* ---- records ---- */

static char *text_of(const struct record *r)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    if (f == NULL)
        return NULL;
    print_record(f, r);
    if (fclose(f) == 0)
        return text;
    free(text);
    return NULL;
}

/* Lines side by side: what is the same once, if at all, what differs with the run before it. */
static void say_texts(const char *x, const char *y, bool all, FILE *out)
{
    while (*x != '\0' || *y != '\0') {
        size_t n = strcspn(x, "\n"), m = strcspn(y, "\n");
        if (n == m && memcmp(x, y, n) == 0) {
            if (all)
                fprintf(out, "    %.*s\n", (int)n, x);
        } else {
            if (*x != '\0')
                fprintf(out, "  < %.*s\n", (int)n, x);
            if (*y != '\0')
                fprintf(out, "  > %.*s\n", (int)m, y);
        }
        x += n + (x[n] == '\n');
        y += m + (y[m] == '\n');
    }
}

static void say_both(const struct record *a, const struct record *b, bool all, FILE *out)
{
    char *x = text_of(a), *y = text_of(b);

    if (x != NULL && y != NULL)
        say_texts(x, y, all, out);
    free(x);
    free(y);
}

void diff_show(const struct record *written, const struct record *came_out, FILE *out)
{
    fprintf(out, "differs (< as it is written, > as it comes out):\n");
    say_both(written, came_out, false, out);
}

static enum diff_end diff_ends(enum record_end a, enum record_end b, u64 at, FILE *out)
{
    static const char *const ends[] = {[RECORD_MORE] = "goes on",
                                       [RECORD_DONE] = "ends",
                                       [RECORD_CUT] = "is cut off",
                                       [RECORD_BAD] = "is damaged"};

    if (a == b && a == RECORD_DONE)
        return DIFF_NONE;
    fprintf(out, "after %llu equal records one log %s, the other %s\n", (unsigned long long)at,
            ends[a], ends[b]);
    return a == RECORD_BAD || b == RECORD_BAD ? DIFF_ERROR : DIFF_FOUND;
}

static enum diff_end compare_logs(struct record_reader *a, struct record_reader *b, FILE *out)
{
    struct record x, y;

    for (u64 at = 0;; at++) {
        enum record_end more = record_read(a, &x), too = record_read(b, &y);
        if (more != RECORD_MORE || too != RECORD_MORE)
            return diff_ends(more, too, at, out);
        if (x.size != y.size || memcmp(x.bytes, y.bytes, x.size) != 0) {
            fprintf(out, "the first record that differs is %llu:\n", (unsigned long long)x.number);
            say_both(&x, &y, true, out);
            return DIFF_FOUND;
        }
    }
}

enum diff_end diff_logs(const char *a, const char *b, FILE *out)
{
    struct record_reader x, y;
    enum diff_end end = DIFF_ERROR;

    bool opened = record_reader_open(&x, a);
    if (!opened)
        fprintf(out, "%s: cannot be read, or is no run.log\n", a);
    else if (!record_reader_open(&y, b))
        fprintf(out, "%s: cannot be read, or is no run.log\n", b);
    else {
        end = compare_logs(&x, &y, out);
        record_reader_close(&y);
    }
    if (opened)
        record_reader_close(&x);
    return end;
}

/* ---- run folders ---- */

static bool is_there(const char *folder, const char *file)
{
    char path[PATH_BYTES];
    FILE *f = file_path(path, folder, file) ? fopen(path, "rb") : NULL;

    if (f == NULL)
        return false;
    fclose(f);
    return true;
}

struct diff_files diff_files(const char *a, const char *b)
{
    return (struct diff_files){.checkpoints =
                                   is_there(a, DIFF_CHECKPOINTS) && is_there(b, DIFF_CHECKPOINTS),
                               .log = is_there(a, DIFF_LOG) && is_there(b, DIFF_LOG)};
}

enum diff_end diff_runs(const char *a, const char *b, FILE *out)
{
    char left[PATH_BYTES], right[PATH_BYTES];
    struct diff_files both = diff_files(a, b);
    enum diff_end end = DIFF_NONE;

    if (both.checkpoints || !both.log)
        end = diff_tables(a, b, DIFF_CHECKPOINTS, out);
    if (end == DIFF_ERROR)
        return end;
    /* records after the last checkpoint may differ too */
    if (both.log && file_path(left, a, DIFF_LOG) && file_path(right, b, DIFF_LOG))
        return diff_logs(left, right, out);
    if (end == DIFF_FOUND)
        fprintf(out, "run both with a log (output: log) to see the record\n");
    return end;
}
