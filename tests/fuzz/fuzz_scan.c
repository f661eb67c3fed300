/* Any bytes as a body, beside a second reader: what scan_body() takes cJSON takes to its last byte,
 * as as many requests with the same ids; what it refuses has a reason and a place. */
#include "sim/rpc/scan.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define ROOM 16u

/* The whole of t as cJSON has it. */
static cJSON *tree_of(struct text t)
{
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(t.at, t.n, &end, false);

    check(tree != NULL && end <= t.at + t.n);
    for (; end < t.at + t.n; end++)
        check(*end == ' ' || *end == '\t' || *end == '\n' || *end == '\r');
    return tree;
}

/* By their text: of objects that have a name twice cJSON_Compare() says that they differ from
 * themselves. */
static void check_same(const cJSON *a, const cJSON *b)
{
    char *first = cJSON_PrintUnformatted(a), *second = cJSON_PrintUnformatted(b);

    check(first != NULL && second != NULL && strcmp(first, second) == 0);
    cJSON_free(first);
    cJSON_free(second);
}

static void check_request(const struct scan_request *r, const cJSON *item)
{
    cJSON *alone = tree_of(r->text);
    const cJSON *id = cJSON_IsObject(item) ? cJSON_GetObjectItemCaseSensitive(item, "id") : NULL;

    check_same(alone, item);
    cJSON_Delete(alone);
    check((id != NULL) == (r->id.n > 0));
    if (id == NULL)
        return;
    check(r->id.at > r->text.at && r->id.at + r->id.n < r->text.at + r->text.n);
    cJSON *same = tree_of(r->id);
    check_same(same, id);
    cJSON_Delete(same);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct scan_request requests[ROOM];
    struct scan s;
    /* A copy of its own size: reads beyond it are seen. */
    char *body = malloc(size + (size == 0));

    check(body != NULL);
    if (size > 0)
        memcpy(body, data, size);
    struct text t = {body, size};
    if (!scan_body(&s, t, requests, ROOM)) {
        check(s.why != NULL && s.at <= size);
        free(body);
        return 0;
    }
    cJSON *tree = tree_of(t);
    check(s.batch == (bool)cJSON_IsArray(tree));
    check(s.count == (s.batch ? (size_t)cJSON_GetArraySize(tree) : 1));
    for (size_t i = 0; i < s.count && i < ROOM; i++)
        check_request(&requests[i], s.batch ? cJSON_GetArrayItem(tree, (int)i) : tree);
    cJSON_Delete(tree);
    free(body);
    return 0;
}
