#include "sim/live/client.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MOST 256u
#define AGAIN_MS 100

struct question {
    char *text; /* method and params as JSON, without its braces */
    client_answer *answer;
    void *about;
    struct question *next;
};

struct client {
    struct event_base *base;
    struct evhttp_connection *line;
    struct event *again;
    char host[64];
    u16 port;
    struct question *first, **end; /* in order; the first `asked` of them are on their way */
    u32 asked, due;
    bool closing;
};

static void ask_next(struct client *c);

static bool lay_line(struct client *c)
{
    c->line = evhttp_connection_base_new(c->base, NULL, c->host, c->port);
    if (c->line != NULL)
        evhttp_connection_set_timeout(c->line, 30);
    return c->line != NULL;
}

static void on_again(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    ask_next(about);
}

struct client *client_open(struct event_base *base, const char *host, u16 port)
{
    struct client *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->base = base;
    c->port = port;
    c->end = &c->first;
    snprintf(c->host, sizeof(c->host), "%s", host);
    c->again = evtimer_new(base, on_again, c);
    if (c->again != NULL && lay_line(c))
        return c;
    client_close(c);
    return NULL;
}

static struct question *take_first(struct client *c)
{
    struct question *q = c->first;

    c->first = q->next;
    if (c->first == NULL)
        c->end = &c->first;
    c->due--;
    return q;
}

static void drop(struct question *q)
{
    free(q->text);
    free(q);
}

void client_close(struct client *c)
{
    c->closing = true;
    if (c->line != NULL)
        evhttp_connection_free(c->line);
    if (c->again != NULL)
        event_free(c->again);
    while (c->first != NULL)
        drop(take_first(c));
    free(c);
}

u32 client_due(const struct client *c)
{
    return c->due;
}

/* ---- answers ---- */

static const cJSON *answer_to(const cJSON *batch, u32 id)
{
    const cJSON *one;

    cJSON_ArrayForEach(one, batch)
    {
        const cJSON *its = cJSON_GetObjectItemCaseSensitive(one, "id");
        if (cJSON_IsNumber(its) && (u32)its->valueint == id)
            return one;
    }
    return NULL;
}

/* A question may be asked by the one who gets the answer: it goes behind those that wait. */
static void give_answers(struct client *c, const cJSON *batch)
{
    u32 n = c->asked;

    c->asked = 0;
    for (u32 i = 0; i < n; i++) {
        struct question *q = take_first(c);
        const cJSON *one = answer_to(batch, i);
        const cJSON *error = cJSON_GetObjectItemCaseSensitive(one, "error");
        q->answer(q->about, error == NULL ? cJSON_GetObjectItemCaseSensitive(one, "result") : NULL,
                  error);
        drop(q);
    }
}

static void later(struct client *c)
{
    static const struct timeval wait = {0, AGAIN_MS * 1000};

    c->asked = 0;
    evtimer_add(c->again, &wait);
}

static void on_done(struct evhttp_request *req, void *about)
{
    struct client *c = about;
    cJSON *batch = NULL;

    if (c->closing)
        return;
    if (req != NULL && evhttp_request_get_response_code(req) == 200) {
        struct evbuffer *in = evhttp_request_get_input_buffer(req);
        size_t n = evbuffer_get_length(in);
        batch = cJSON_ParseWithLength((const char *)evbuffer_pullup(in, -1), n);
    }
    if (!cJSON_IsArray(batch)) {
        later(c); /* nobody there, or not yet */
    } else {
        give_answers(c, batch);
        ask_next(c);
    }
    cJSON_Delete(batch);
}

/* ---- questions ---- */

static void put_batch(struct client *c, struct evbuffer *out)
{
    struct question *q = c->first;

    for (; q != NULL && c->asked < BATCH_MOST; q = q->next, c->asked++)
        evbuffer_add_printf(out, "%s{\"jsonrpc\":\"2.0\",\"id\":%u,%s}", c->asked == 0 ? "[" : ",",
                            c->asked, q->text);
    evbuffer_add(out, "]", 1);
}

static void ask_next(struct client *c)
{
    struct evhttp_request *req;

    if (c->asked != 0 || c->first == NULL)
        return;
    req = evhttp_request_new(on_done, c);
    if (req == NULL) {
        later(c);
        return;
    }
    evhttp_add_header(evhttp_request_get_output_headers(req), "Host", c->host);
    evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type", "application/json");
    put_batch(c, evhttp_request_get_output_buffer(req));
    if (evhttp_make_request(c->line, req, EVHTTP_REQ_POST, "/") != 0)
        later(c);
}

void client_ask(struct client *c, const char *method, const char *params, client_answer *answer,
                void *about)
{
    struct question *q = calloc(1, sizeof(*q));
    size_t size = strlen(method) + strlen(params) + 32;

    check(q != NULL && (q->text = malloc(size)) != NULL);
    snprintf(q->text, size, "\"method\":\"%s\",\"params\":%s", method, params);
    q->answer = answer;
    q->about = about;
    *c->end = q;
    c->end = &q->next;
    c->due++;
    if (c->asked == 0 && !evtimer_pending(c->again, NULL)) {
        static const struct timeval now = {
            0, 0}; /* with what else is asked in this turn of the loop */
        evtimer_add(c->again, &now);
    }
}
