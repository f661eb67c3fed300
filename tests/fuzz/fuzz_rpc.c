/* Any bytes as a body: the answer is JSON, one for each request that has an id, and every reader of
 * parameters stays within its bounds.  The handlers are one that reads each parameter as everything
 * that a parameter can be, and counts. */
#include "sim/rpc/ask.h"
#include "sim/rpc/query.h"
#include "sim/rpc/typed_data.h"

#include "tests/rpc.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define LIMIT 65536u

static u32 handled;

/* Reads that leave the request as it is. */
static u32 read_all(const struct args *a, u32 i)
{
    struct address address;
    struct bytes32 hash;
    struct amount amount;
    struct block_ref ref;
    struct query query;
    struct text text;
    bool b;
    u64 v;
    u32 read = 0;

    const bool were_read[] = {
        arg_bool(a, i, &b),    arg_u64(a, i, &v),     arg_amount(a, i, &amount),
        arg_u256(a, i, &hash), arg_hash(a, i, &hash), arg_address(a, i, &address),
        arg_text(a, i, &text), arg_block(a, i, &ref), arg_block_number(a, i, &ref),
    };
    for (size_t k = 0; k < ARRAY_LEN(were_read); k++)
        read += were_read[k];
    if (arg_query(a, i, &query)) {
        check(query.filter.topic_count <= DOOR_TOPICS_MAX);
        query_free(&query);
        read++;
    }
    return read;
}

/* Reads that decode data in place, one a parameter. */
static u32 read_once(const struct args *a, u32 i, u32 how)
{
    struct ask ask = {.has_from = false};
    struct bytes32 hash;
    struct slice bytes;

    switch (how % 4) {
    case 0:
        return arg_data(a, i, &bytes);
    case 1:
        return arg_ask(a, i, &ask);
    case 2:
        return arg_override(a, i, &ask);
    default:
        return typed_data_hash(a, i, &hash);
    }
}

static bool handle(struct call *c)
{
    u32 read = 0;

    handled++;
    for (u32 i = 0; i <= c->args.count; i++) {
        c->why = (struct refusal){0};
        read += read_all(&c->args, i);
        read += read_once(&c->args, i, i + c->args.count);
        check(memchr(c->why.message, '\0', sizeof(c->why.message)) != NULL);
    }
    if (read % 3 == 0)
        return call_refuse(c, RPC_SERVER, "%u were read", read);
    json_u64(c->out, read);
    return true;
}

static size_t requests_with_id(const struct exchange *x)
{
    size_t n = 0;

    for (size_t i = 0; i < x->scan.count; i++)
        n += x->requests[i].id.n != 0 || x->requests[i].text.at[0] != '{';
    return n;
}

static void check_answer(const struct exchange *x)
{
    const struct json *out = &x->out;
    size_t least = requests_with_id(x);

    if (out->n == 0) {
        check(least == 0);
        return;
    }
    cJSON *tree = cJSON_ParseWithLength(out->at, out->n);
    check(tree != NULL);
    if (cJSON_IsArray(tree))
        check((size_t)cJSON_GetArraySize(tree) >= least);
    else
        check(cJSON_GetObjectItemCaseSensitive(tree, "jsonrpc") != NULL);
    cJSON_Delete(tree);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct rpc_stand s;

    rpc_stand_open(&s, handle);
    s.serve.answer_max = LIMIT;
    /* A copy of its own size: reads beyond it are seen. */
    char *body = malloc(size + (size == 0));
    check(body != NULL);
    memcpy(body, data, size);
    check(exchange_begin(&s.exchange, (struct text){body, size}, 1));
    check_answer(&s.exchange);
    free(body);
    rpc_stand_close(&s);
    return 0;
}
