#include "sim/cli/same_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PIECE 65536u
#define PATH_BYTES 1400u

/* The names of a folder, sorted. */
struct names {
    struct dirent **at;
    int count;
};

static int wanted(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "manifest.json") != 0;
}

/* By bytes: the same in every locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool names_open(struct names *n, const char *folder, struct same_files *out)
{
    n->count = scandir(folder, &n->at, wanted, by_name);
    if (n->count >= 0)
        return true;
    n->count = 0;
    n->at = NULL;
    snprintf(out->error, sizeof out->error, "%.700s: %s", folder, strerror(errno));
    return false;
}

static void names_close(struct names *n)
{
    for (int i = 0; i < n->count; i++)
        free(n->at[i]);
    free(n->at);
}

static void note(struct same_files *out, const char *file, const char *text)
{
    if (out->differ++ == 0)
        snprintf(out->first, sizeof out->first, "%.300s %s", file, text);
}

/* Where two files part. */
struct place {
    u64 byte, line; /* from 1 */
    bool text;      /* nothing before it is other than text */
};

static void pass_over(struct place *at, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        at->line += bytes[i] == '\n';
        at->text = at->text && bytes[i] != '\0';
    }
    at->byte += n;
}

static size_t common(const char *a, const char *b, size_t n)
{
    size_t i = 0;

    if (memcmp(a, b, n) == 0)
        return n;
    while (a[i] == b[i])
        i++;
    return i;
}

/* False: they are not the same, at says where. */
static bool same_bytes(FILE *a, FILE *b, struct place *at)
{
    static char x[PIECE], y[PIECE];

    for (;;) {
        size_t n = fread(x, 1, PIECE, a), m = fread(y, 1, PIECE, b), least = n < m ? n : m;
        size_t same = common(x, y, least);
        pass_over(at, x, same);
        if (same < least || n != m)
            return false;
        if (n < PIECE)
            return true;
    }
}

static bool compare_file(struct same_files *out, const char *before, const char *again,
                         const char *file)
{
    char x[PATH_BYTES], y[PATH_BYTES], text[160];
    struct place at = {1, 1, true};
    FILE *a, *b;

    snprintf(x, sizeof x, "%.1000s/%.300s", before, file);
    snprintf(y, sizeof y, "%.1000s/%.300s", again, file);
    a = fopen(x, "rbe");
    b = fopen(y, "rbe");
    bool opened = a != NULL && b != NULL;
    if (!opened)
        snprintf(out->error, sizeof out->error, "%.800s: %s", a == NULL ? x : y, strerror(errno));
    else if (!same_bytes(a, b, &at)) {
        if (at.text)
            snprintf(text, sizeof text, "differs from line %llu, byte %llu of the file on",
                     (unsigned long long)at.line, (unsigned long long)at.byte);
        else
            snprintf(text, sizeof text, "differs from byte %llu on", (unsigned long long)at.byte);
        note(out, file, text);
    }
    if (a != NULL)
        fclose(a);
    if (b != NULL)
        fclose(b);
    return opened;
}

static bool is_folder(const char *folder, const char *name)
{
    char path[PATH_BYTES];
    struct stat at;

    snprintf(path, sizeof path, "%.1000s/%.300s", folder, name);
    return stat(path, &at) == 0 && S_ISDIR(at.st_mode);
}

static bool compare_names(struct same_files *out, const struct names *a, const struct names *b,
                          const char *before, const char *again)
{
    for (int i = 0, k = 0; i < a->count || k < b->count;) {
        const char *x = i < a->count ? a->at[i]->d_name : NULL;
        const char *y = k < b->count ? b->at[k]->d_name : NULL;
        int order = x == NULL ? 1 : y == NULL ? -1 : strcmp(x, y);
        const char *name = order > 0 ? y : x;
        i += order <= 0;
        k += order >= 0;
        if (is_folder(order > 0 ? again : before, name))
            continue;
        out->files++;
        if (order < 0)
            note(out, name, "is there no more");
        else if (order > 0)
            note(out, name, "was not there before");
        else if (!compare_file(out, before, again, name))
            return false;
    }
    return true;
}

bool same_files(struct same_files *out, const char *before, const char *again)
{
    struct names a = {NULL, 0}, b = {NULL, 0};

    memset(out, 0, sizeof *out);
    bool good = names_open(&a, before, out) && names_open(&b, again, out) &&
                compare_names(out, &a, &b, before, again);
    names_close(&a);
    names_close(&b);
    return good;
}
