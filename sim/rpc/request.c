#include "sim/rpc/request.h"

#include "sim/rpc/call.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define NULL_ID ((struct text){"null", 4})

static bool refuse(struct refusal *why, int code, const char *message)
{
    *why = (struct refusal){.code = code};
    snprintf(why->message, sizeof(why->message), "%s", message);
    return false;
}

/* A string, a number or null (JSON-RPC 2.0, section 4). */
static bool is_id(struct text t)
{
    return t.at[0] != '{' && t.at[0] != '[' && t.at[0] != 't' && t.at[0] != 'f';
}

static bool has_version(const cJSON *tree)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(tree, "jsonrpc");

    return cJSON_IsString(version) && strcmp(version->valuestring, "2.0") == 0;
}

/* Parameters may be absent or null (rpc.md 2). */
static bool read_list(struct request *r, const cJSON *params, struct refusal *why)
{
    if (params == NULL || cJSON_IsNull(params))
        return true;
    if (!cJSON_IsArray(params))
        return refuse(why, RPC_INVALID_PARAMS, "non-array args");
    r->first_param = params->child;
    for (const cJSON *item = params->child; item != NULL; item = item->next)
        r->params++;
    return true;
}

bool request_read(struct request *r, const struct scan_request *at, struct refusal *why)
{
    *r = (struct request){.id = NULL_ID};
    if (at->text.at[0] != '{')
        return refuse(why, RPC_INVALID_REQUEST, "invalid request");
    if (at->id.n != 0 && !is_id(at->id))
        return refuse(why, RPC_INVALID_REQUEST,
                      "invalid request: an id is a string, a number or null");
    if (at->id.n != 0)
        r->id = at->id;
    r->tree = cJSON_ParseWithLength(at->text.at, at->text.n);
    if (r->tree == NULL)
        return refuse(why, RPC_SERVER, "no memory");
    const cJSON *method = cJSON_GetObjectItemCaseSensitive(r->tree, "method");
    if (!has_version(r->tree))
        return refuse(why, RPC_INVALID_REQUEST, "invalid request: jsonrpc is not \"2.0\"");
    if (!cJSON_IsString(method))
        return refuse(why, RPC_INVALID_REQUEST, "invalid request: method is not a string");
    r->id = at->id;
    r->method = method->valuestring;
    return read_list(r, cJSON_GetObjectItemCaseSensitive(r->tree, "params"), why);
}

void request_free(struct request *r)
{
    cJSON_Delete(r->tree);
    r->tree = NULL;
}
