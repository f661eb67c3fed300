/* manifest_file - cJSON over two small files of a run folder. */
#include "sim/cli/manifest_file.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (64u << 20)
#define PIECE 65536u

/* The caller frees it.  NULL: error. */
static char *read_text(const char *path, char error[MANIFEST_ERROR])
{
    FILE *f = fopen(path, "rbe");
    char *text = NULL;
    size_t size = 0, got = 1;

    if (f == NULL) {
        snprintf(error, MANIFEST_ERROR, "%.500s: %s", path, strerror(errno));
        return NULL;
    }
    while (got > 0 && size < FILE_MAX) {
        char *more = realloc(text, size + PIECE + 1);
        if (more == NULL)
            break;
        text = more;
        got = fread(text + size, 1, PIECE, f);
        size += got;
    }
    fclose(f);
    if (text == NULL)
        snprintf(error, MANIFEST_ERROR, "out of memory");
    else
        text[size] = '\0';
    return text;
}

static cJSON *parse(const char *text, const char *path, char error[MANIFEST_ERROR])
{
    cJSON *json = text == NULL ? NULL : cJSON_Parse(text);

    if (text != NULL && json == NULL)
        snprintf(error, MANIFEST_ERROR, "%.500s: is no JSON", path);
    return json;
}

static char *text_of(const cJSON *json, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
    size_t n = text == NULL ? 0 : strlen(text);
    char *copy = malloc(n + 1);

    if (copy != NULL) {
        memcpy(copy, text == NULL ? "" : text, n);
        copy[n] = '\0';
    }
    return copy;
}

/* From the text: cJSON reads a number as a double, and a seed has 64 bits. */
static bool number_of(const char *text, const char *key, u64 *out)
{
    const char *at = strstr(text, key);

    if (at == NULL)
        return false;
    at += strlen(key);
    at += strspn(at, ": \t");
    *out = strtoull(at, NULL, 10);
    return *at >= '0' && *at <= '9';
}

static bool fill(struct manifest_file *m, const char *path, char error[MANIFEST_ERROR])
{
    char *text = read_text(path, error),
         *about = text == NULL ? NULL : read_text(m->scenario, error);
    cJSON *manifest = parse(text, path, error), *scenario = parse(about, m->scenario, error);
    bool ok = manifest != NULL && scenario != NULL;

    if (ok && !(number_of(text, "\"seed\"", &m->seed) && number_of(text, "\"seeds\"", &m->seeds) &&
                number_of(text, "\"events\"", &m->events) &&
                number_of(text, "\"runs\"", &m->runs) && m->seeds > 0)) {
        snprintf(error, MANIFEST_ERROR, "%.500s: is no manifest of a run", path);
        ok = false;
    }
    if (ok) {
        m->command = text_of(manifest, "command");
        m->arm = text_of(manifest, "arm");
        m->rolling_hash = text_of(manifest, "rolling_hash");
        m->state_hash = text_of(manifest, "state_hash");
        m->version = text_of(manifest, "version");
        m->question = text_of(scenario, "question");
    }
    cJSON_Delete(manifest);
    cJSON_Delete(scenario);
    free(text);
    free(about);
    return ok;
}

bool manifest_file_open(struct manifest_file *m, const char *path, char error[MANIFEST_ERROR])
{
    static const char name[] = "manifest.json";
    char file[600];
    size_t n = strlen(path), end = strlen(name);
    bool is_file = n >= end && strcmp(path + n - end, name) == 0;

    *m = (struct manifest_file){.seed = 0};
    if (is_file)
        n -= end;
    while (n > 1 && path[n - 1] == '/')
        n--;
    if (n >= sizeof m->folder) {
        snprintf(error, MANIFEST_ERROR, "%.500s...: path is too long", path);
        return false;
    }
    memcpy(m->folder, n == 0 ? "." : path, n == 0 ? 1 : n);
    snprintf(file, sizeof file, "%s/%s", m->folder, name);
    snprintf(m->scenario, sizeof m->scenario, "%s/scenario.resolved.json", m->folder);
    if (!fill(m, file, error))
        return false;
    if (m->command != NULL && m->arm != NULL && m->rolling_hash != NULL && m->state_hash != NULL &&
        m->version != NULL && m->question != NULL)
        return true;
    manifest_file_close(m);
    snprintf(error, MANIFEST_ERROR, "out of memory");
    return false;
}

void manifest_file_close(struct manifest_file *m)
{
    free(m->command);
    free(m->arm);
    free(m->rolling_hash);
    free(m->state_hash);
    free(m->version);
    free(m->question);
}
