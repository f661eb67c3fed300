#include "sim/rpc/serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_CHARS 64u /* of a method's name, as it is said back */

bool exchange_open(struct exchange *x, const struct serve *s)
{
    *x = (struct exchange){.serve = s, .out = JSON(JSON_NO_LIMIT)};
    x->requests = malloc(s->batch_max * sizeof(*x->requests));
    return x->requests != NULL;
}

void exchange_close(struct exchange *x)
{
    request_free(&x->request);
    json_free(&x->out);
    free(x->requests);
    x->requests = NULL;
}

/* --- one answer --- */

static void put_head(struct json *out, struct text id)
{
    json_value(out, (struct text){"{\"jsonrpc\":\"2.0\",\"id\":", 22});
    json_raw(out, id);
}

static void put_error(struct json *out, struct text id, const struct refusal *why)
{
    put_head(out, id);
    JSON_RAW(out, ",\"error\":{\"code\":");
    char code[16];
    int n = snprintf(code, sizeof(code), "%d", why->code);
    json_raw(out, (struct text){code, (size_t)n});
    json_name(out, "message");
    json_chars(out, why->message);
    if (why->has_data) {
        json_name(out, "data");
        json_data(out, SLICE(why->data, why->data_size));
    }
    JSON_RAW(out, "}}");
}

static void answer_error(struct exchange *x, struct text id, const struct refusal *why)
{
    if (id.n != 0)
        put_error(&x->out, id, why);
}

/* --- one request --- */

static bool refuse_method(struct exchange *x, const char *wrong)
{
    const char *nearest = method_nearest(x->serve->names, wrong);
    char name[NAME_CHARS + 1];

    snprintf(name, sizeof(name), "%s", wrong);
    for (char *c = name; *c != '\0'; c++)
        if ((u8)*c >= 0x80)
            *c = '?'; /* it may be cut within a character */
    if (nearest == NULL)
        return call_refuse(&x->call, RPC_NO_METHOD, "the method %s does not exist/is not available",
                           name);
    return call_refuse(&x->call, RPC_NO_METHOD,
                       "the method %s does not exist/is not available, did you mean %s?", name,
                       nearest);
}

static bool find_method(struct exchange *x, enum method *out)
{
    return method_find(x->serve->names, x->request.method, out) ||
           refuse_method(x, x->request.method);
}

static bool count_fits(struct exchange *x, const struct method_row *row)
{
    if (x->request.params < row->least)
        return call_refuse(&x->call, RPC_INVALID_PARAMS, "missing value for required argument %u",
                           x->request.params);
    if (x->request.params > row->most)
        return call_refuse(&x->call, RPC_INVALID_PARAMS, "too many arguments, want at most %u",
                           row->most);
    return true;
}

/* The handler, with its result behind the head of the answer. */
static bool handle(struct exchange *x, enum method m)
{
    put_head(&x->out, x->request.id);
    JSON_RAW(&x->out, ",\"result\":");
    x->call.wait_until_ms = 0;
    x->out.limit = x->serve->answer_max;
    bool ok = x->serve->handlers[m](&x->call);
    x->out.limit = JSON_NO_LIMIT;
    x->changed = x->changed || method_row(m)->changes;
    json_end(&x->out, '}');
    if (ok && x->out.failed)
        return call_refuse(&x->call, RPC_TOO_LARGE, "response too large");
    return ok;
}

/* False: it waits. */
static bool run(struct exchange *x)
{
    size_t mark = x->out.n;
    enum method m;
    bool ok = x->serve->able(x->serve->rpc, &x->call.why) && find_method(x, &m) &&
              count_fits(x, method_row(m)) && handle(x, m);

    x->waits = ok && x->call.wait_until_ms != 0;
    if (x->waits || !ok || x->request.id.n == 0)
        json_cut(&x->out, mark);
    if (x->waits)
        return false;
    if (!ok)
        answer_error(x, x->request.id, &x->call.why);
    request_free(&x->request);
    return true;
}

/* False: it waits. */
static bool begin_request(struct exchange *x, const struct scan_request *at, u64 now_ms)
{
    x->call = (struct call){.rpc = x->serve->rpc,
                            .out = &x->out,
                            .now_ms = now_ms,
                            .begun_ms = now_ms,
                            .body_ms = x->body_ms,
                            .alone = x->scan.count == 1};
    if (!request_read(&x->request, at, &x->call.why)) {
        answer_error(x, x->request.id, &x->call.why);
        request_free(&x->request);
        return true;
    }
    x->call.args = (struct args){x->request.first_param, x->request.params, &x->call.why};
    return run(x);
}

/* --- a body --- */

static void answer_alone(struct exchange *x, int code, const char *message)
{
    struct refusal why = {.code = code};

    snprintf(why.message, sizeof(why.message), "%s", message);
    json_cut(&x->out, 0);
    answer_error(x, (struct text){"null", 4}, &why);
    x->scan.count = 0;
}

/* Nothing of the body is confirmed. */
static void answer_unsettled(struct exchange *x, const struct refusal *why)
{
    json_cut(&x->out, 0);
    if (x->scan.batch)
        json_begin(&x->out, '[');
    for (size_t i = 0; i < x->scan.count; i++)
        answer_error(x, x->requests[i].id, why);
}

/* What it changed is made durable; true. */
static bool finish(struct exchange *x)
{
    struct refusal why = {0};

    if (x->changed && !x->serve->settle(x->serve->rpc, &why))
        answer_unsettled(x, &why);
    if (x->scan.batch && x->out.n == 1)
        json_cut(&x->out, 0); /* notifications only: nothing is answered */
    else if (x->scan.batch && x->scan.count > 0)
        JSON_RAW(&x->out, "]");
    return true;
}

/* The rest of a batch that has held all others for too long. */
static void give_up(struct exchange *x)
{
    const struct refusal late = {.code = RPC_TOO_LATE, .message = "request timed out"};

    while (x->next < x->scan.count)
        answer_error(x, x->requests[x->next++].id, &late);
}

static bool go_on(struct exchange *x, u64 now_ms)
{
    u64 end_ms = x->serve->now_ms() + x->serve->held_ms_max;

    while (x->next < x->scan.count)
        if (x->serve->now_ms() > end_ms)
            give_up(x);
        else if (!begin_request(x, &x->requests[x->next++], now_ms))
            return false;
    return finish(x);
}

static bool refuse_json(struct exchange *x)
{
    char message[128];

    snprintf(message, sizeof(message), "parse error: %s, at byte %zu", x->scan.why, x->scan.at);
    answer_alone(x, RPC_PARSE, message);
    return true;
}

bool exchange_begin(struct exchange *x, struct text body, u64 now_ms)
{
    json_cut(&x->out, 0);
    x->next = 0;
    x->body_ms = now_ms;
    x->waits = x->changed = false;
    if (!scan_body(&x->scan, body, x->requests, x->serve->batch_max))
        return refuse_json(x);
    if (x->scan.batch && x->scan.count == 0) {
        answer_alone(x, RPC_INVALID_REQUEST, "empty batch");
        return true;
    }
    if (x->scan.count > x->serve->batch_max) {
        char message[64];
        snprintf(message, sizeof(message), "batch too large: %zu requests, at most %u",
                 x->scan.count, x->serve->batch_max);
        answer_alone(x, RPC_INVALID_REQUEST, message);
        return true;
    }
    if (x->scan.batch)
        json_begin(&x->out, '[');
    if (x->scan.count > 1 && x->serve->ahead != NULL)
        x->serve->ahead(x->serve->rpc, x->requests, x->scan.count);
    return go_on(x, now_ms);
}

bool exchange_go_on(struct exchange *x, u64 now_ms)
{
    check(x->waits);
    x->call.again = true;
    x->call.now_ms = now_ms;
    return run(x) && go_on(x, now_ms);
}
