/* Any bytes as what stands in run folders that are read again: manifest.json with the scenario
 * beside it, a table, checkpoints.csv or run.log of two folders that are compared.  The first byte
 * says which; a byte 0xff parts the first file from the second.  Each answer is a sentence or a
 * reading; a table beside itself does not differ, and two differ whichever stands first. */
#include "sim/cli/manifest_file.h"
#include "sim/engine/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define KINDS 4u

static char root[200], a[300], b[300];
static FILE *nowhere;

static void leave(void)
{
    static const char *const files[] = {"manifest.json", "scenario.resolved.json", "runs.csv",
                                        DIFF_CHECKPOINTS, DIFF_LOG};
    char path[400];

    for (size_t i = 0; i < 2 * ARRAY_LEN(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", i % 2 == 0 ? a : b, files[i / 2]);
        (void)unlink(path);
    }
    (void)rmdir(a);
    (void)rmdir(b);
    (void)rmdir(root);
    fclose(nowhere);
}

static void begin(void)
{
    const char *at = getenv("TMPDIR");

    snprintf(root, sizeof(root), "%.100s/fuzz_folder.XXXXXX", at == NULL ? "/tmp" : at);
    check(mkdtemp(root) != NULL);
    snprintf(a, sizeof(a), "%s/a", root);
    snprintf(b, sizeof(b), "%s/b", root);
    nowhere = fopen("/dev/null", "w");
    check(mkdir(a, 0700) == 0 && mkdir(b, 0700) == 0 && nowhere != NULL && atexit(leave) == 0);
}

static void put(const char *folder, const char *name, const u8 *data, size_t n)
{
    char path[400];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    check(f != NULL && fwrite(data, 1, n, f) == n);
    check(fclose(f) == 0);
}

static void read_manifest(void)
{
    struct manifest_file m;
    char error[MANIFEST_ERROR] = "";

    if (!manifest_file_open(&m, a, error)) {
        check(error[0] != '\0' && memchr(error, '\0', sizeof(error)) != NULL);
        return;
    }
    check(m.command != NULL && m.arm != NULL && m.question != NULL && m.seeds > 0);
    manifest_file_close(&m);
}

static enum diff_end compare(u32 kind, const char *x, const char *y)
{
    return kind == 1 ? diff_tables(x, y, "runs.csv", nowhere) : diff_runs(x, y, nowhere);
}

static void remove_file(const char *folder, const char *name)
{
    char path[400];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    (void)unlink(path);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static const char *const names[KINDS] = {"manifest.json", "runs.csv", DIFF_CHECKPOINTS,
                                             DIFF_LOG};

    if (root[0] == '\0')
        begin();
    if (size == 0)
        return 0;
    u32 kind = data[0] % KINDS;
    const u8 *first = data + 1, *end = data + size;
    const u8 *cut = memchr(first, 0xff, size - 1);
    const u8 *second = cut == NULL ? end : cut + 1;
    size_t n = (size_t)((cut == NULL ? end : cut) - first);

    put(a, names[kind], first, n);
    put(kind == 0 ? a : b, kind == 0 ? "scenario.resolved.json" : names[kind], second,
        (size_t)(end - second));
    if (kind == 0) {
        read_manifest();
    } else {
        /* Of a log that is cut off nobody knows how it goes on. */
        check(compare(kind, a, a) != DIFF_FOUND || kind == 3);
        enum diff_end there = compare(kind, a, b), back = compare(kind, b, a);
        check((there == DIFF_NONE) == (back == DIFF_NONE));
        remove_file(b, names[kind]);
    }
    remove_file(a, names[kind]);
    return 0;
}
