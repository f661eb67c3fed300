#include "sim/rpc/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/listener.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define BACKLOG 1024
#define HEADERS_MAX 16384
#define TIMEOUT_S 120        /* of a connection on which nothing moves */
#define ACCEPT_AGAIN_MS 100u /* where there are no more file descriptors */
#define COPIED_BELOW 65536u  /* characters of an answer; a longer one is handed over */
#define FREE_VISITS_MAX 64u  /* kept for the next ones */
#define CORS_AGE_S "86400"

/* One request of a connection. */
struct visit {
    struct http *http;
    struct evhttp_request *request;
    struct exchange exchange;
    struct visit *next, **link; /* among those that wait, or that are free */
};

struct http {
    struct http_config config;
    struct event_base *base;
    struct evhttp *evhttp;
    struct event *wake;
    struct visit *waiting, *free;
    u32 free_count;
    u16 port;
};

u64 http_now_ms(void)
{
    struct timespec t;

    check(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static struct timeval timeval_of_ms(u64 ms)
{
    return (struct timeval){.tv_sec = (time_t)(ms / 1000),
                            .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
}

/* --- visits --- */

static void push(struct visit **list, struct visit *v)
{
    v->next = *list;
    v->link = list;
    if (v->next != NULL)
        v->next->link = &v->next;
    *list = v;
}

static void unlink_visit(struct visit *v)
{
    *v->link = v->next;
    if (v->next != NULL)
        v->next->link = v->link;
}

/* NULL: no memory. */
static struct visit *open_visit(struct http *h)
{
    struct visit *v = h->free;

    if (v != NULL) {
        unlink_visit(v);
        h->free_count--;
        return v;
    }
    v = calloc(1, sizeof(*v));
    if (v == NULL || !exchange_open(&v->exchange, h->config.serve)) {
        free(v);
        return NULL;
    }
    v->http = h;
    return v;
}

static void free_visit(struct visit *v)
{
    exchange_close(&v->exchange);
    free(v);
}

static void close_visit(struct visit *v)
{
    struct http *h = v->http;

    if (h->free_count == FREE_VISITS_MAX || v->exchange.out.room > COPIED_BELOW) {
        free_visit(v);
        return;
    }
    request_free(&v->exchange.request);
    h->free_count++;
    push(&h->free, v);
}

/* --- answers --- */

static void add_header(struct evhttp_request *request, const char *name, const char *value)
{
    evhttp_add_header(evhttp_request_get_output_headers(request), name, value);
}

static void send_text(struct evhttp_request *request, int code, const char *reason,
                      struct text text)
{
    add_header(request, "Content-Type", "text/plain; charset=utf-8");
    add_header(request, "Access-Control-Allow-Origin", "*");
    if (evhttp_request_get_command(request) != EVHTTP_REQ_HEAD)
        evbuffer_add(evhttp_request_get_output_buffer(request), text.at, text.n);
    evhttp_send_reply(request, code, reason, NULL);
}

/* Sends at once what a reply has put into its connection's buffer: evhttp itself would wait to be
 * told that the socket can be written, at four system calls a reply. */
static void flush(struct evhttp_connection *connection)
{
    if (connection == NULL)
        return; /* the client is gone */
    struct bufferevent *b = evhttp_connection_get_bufferevent(connection);
    struct evbuffer *out = bufferevent_get_output(b);

    evbuffer_unfreeze(out, 1);
    evbuffer_write(out, bufferevent_getfd(b));
    evbuffer_freeze(out, 1);
    if (evbuffer_get_length(out) > 0)
        return; /* the socket is full, or broken: evhttp goes on */
    bufferevent_disable(b, EV_WRITE);
    bufferevent_trigger(b, EV_WRITE, 0);
}

static void free_answer(const void *data, size_t n, void *memory)
{
    (void)data;
    (void)n;
    free(memory);
}

static void answer(struct visit *v)
{
    struct evhttp_request *request = v->request;
    struct evbuffer *out = evhttp_request_get_output_buffer(request);
    struct json *text = &v->exchange.out;
    bool is_empty = text->n == 0;

    add_header(request, "Access-Control-Allow-Origin", "*");
    if (!is_empty)
        add_header(request, "Content-Type", "application/json");
    if (text->n < COPIED_BELOW) {
        evbuffer_add(out, text->at, text->n);
    } else if (evbuffer_add_reference(out, text->at, text->n, free_answer, text->at) == 0) {
        *text = JSON(text->limit); /* the buffer's now */
    }
    close_visit(v);
    struct evhttp_connection *connection = evhttp_request_get_connection(request);
    evhttp_send_reply(request, is_empty ? HTTP_NOCONTENT : HTTP_OK, is_empty ? "No Content" : "OK",
                      NULL);
    flush(connection);
}

/* --- those that wait --- */

/* Wakes when the first of them may go on. */
static void set_alarm(struct http *h, u64 now_ms)
{
    u64 first = UINT64_MAX;

    for (struct visit *v = h->waiting; v != NULL; v = v->next)
        if (v->exchange.call.wait_until_ms < first)
            first = v->exchange.call.wait_until_ms;
    if (first == UINT64_MAX)
        return;
    struct timeval after = timeval_of_ms(first > now_ms ? first - now_ms : 0);
    event_add(h->wake, &after);
}

static void on_gone(struct evhttp_connection *connection, void *about)
{
    struct visit *v = about;

    (void)connection;
    unlink_visit(v);
    close_visit(v);
}

static void watch_connection(struct visit *v, bool on)
{
    struct evhttp_connection *connection = evhttp_request_get_connection(v->request);

    if (connection != NULL)
        evhttp_connection_set_closecb(connection, on ? on_gone : NULL, on ? v : NULL);
}

static void wait_for_news(struct visit *v, u64 now_ms)
{
    push(&v->http->waiting, v);
    watch_connection(v, true);
    set_alarm(v->http, now_ms);
}

/* All that wait are asked: news may be anybody's, and a method knows what it waits for. */
static void on_wake(evutil_socket_t fd, short what, void *about)
{
    struct http *h = about;
    u64 now_ms = http_now_ms();
    struct visit *next;

    (void)fd;
    (void)what;
    for (struct visit *v = h->waiting; v != NULL; v = next) {
        next = v->next;
        if (!exchange_go_on(&v->exchange, now_ms))
            continue;
        unlink_visit(v);
        watch_connection(v, false);
        answer(v);
    }
    set_alarm(h, now_ms);
}

void http_news(struct http *h)
{
    if (h->waiting != NULL)
        event_active(h->wake, EV_TIMEOUT, 0);
}

/* --- requests --- */

/* "localhost:8545" is of localhost; "[::1]:8545" of [::1]. */
static size_t name_length(const char *host)
{
    return host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
}

static bool is_name(const char *host, size_t n, const char *name)
{
    return strlen(name) == n && strncasecmp(host, name, n) == 0;
}

bool http_host_allowed(const struct http_config *config, const char *host)
{
    static const char *const loopback[] = {"localhost", "127.0.0.1", "[::1]"};
    size_t n = name_length(host);

    for (size_t i = 0; i < ARRAY_LEN(loopback); i++)
        if (is_name(host, n, loopback[i]))
            return true;
    for (u32 i = 0; i < config->host_count; i++)
        if (strcmp(config->hosts[i], "*") == 0 || is_name(host, n, config->hosts[i]))
            return true;
    return false;
}

/* A browser that was led here under another name says so, and gets nothing. */
static bool is_allowed(struct http *h, struct evhttp_request *request)
{
    const char *host = evhttp_find_header(evhttp_request_get_input_headers(request), "Host");
    static const char refusal[] = "invalid host specified\n";

    if (host == NULL || http_host_allowed(&h->config, host))
        return true;
    send_text(request, 403, "Forbidden", (struct text){refusal, sizeof(refusal) - 1});
    return false;
}

/* Whatever headers a page wants to send it may: none has a meaning here. */
static void answer_options(struct evhttp_request *request)
{
    const char *asked = evhttp_find_header(evhttp_request_get_input_headers(request),
                                           "Access-Control-Request-Headers");

    add_header(request, "Access-Control-Allow-Origin", "*");
    add_header(request, "Access-Control-Allow-Methods", "POST, GET, OPTIONS");
    add_header(request, "Access-Control-Allow-Headers", asked == NULL ? "content-type" : asked);
    add_header(request, "Access-Control-Max-Age", CORS_AGE_S);
    evhttp_send_reply(request, HTTP_NOCONTENT, "No Content", NULL);
}

static void serve_post(struct http *h, struct evhttp_request *request)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(request);
    size_t n = evbuffer_get_length(in);
    u64 now_ms = http_now_ms();
    struct visit *v = open_visit(h);

    if (v == NULL || (n > 0 && evbuffer_pullup(in, -1) == NULL)) {
        if (v != NULL)
            close_visit(v);
        evhttp_send_error(request, HTTP_SERVUNAVAIL, NULL);
        return;
    }
    v->request = request;
    const char *body = n == 0 ? "" : (const char *)evbuffer_pullup(in, -1);
    if (exchange_begin(&v->exchange, (struct text){body, n}, now_ms))
        answer(v);
    else
        wait_for_news(v, now_ms);
}

static void on_request(struct evhttp_request *request, void *about)
{
    struct http *h = about;
    enum evhttp_cmd_type command = evhttp_request_get_command(request);

    if (!is_allowed(h, request))
        return;
    if (command == EVHTTP_REQ_POST)
        serve_post(h, request);
    else if (command == EVHTTP_REQ_OPTIONS)
        answer_options(request);
    else
        send_text(request, HTTP_OK, "OK", h->config.page);
}

/* --- listening --- */

static void on_accept_again(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    evconnlistener_enable(about);
}

/* Without this a process that is out of file descriptors would ask for the same connection for
 * ever.  (What the listener is about is evhttp's.) */
static void on_accept_failed(struct evconnlistener *listener, void *about)
{
    struct timeval after = timeval_of_ms(ACCEPT_AGAIN_MS);

    (void)about;
    evconnlistener_disable(listener);
    if (event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT, on_accept_again,
                        listener, &after) != 0)
        evconnlistener_enable(listener);
}

/* A socket that listens, or -1 with errno. */
static int listening_socket(u16 port, u16 *got)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t n = sizeof(at);
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0)
        return -1;
    evutil_make_socket_closeonexec(fd);
    evutil_make_socket_nonblocking(fd);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)); /* what is accepted has it too */
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &n) != 0) {
        int why = errno;
        evutil_closesocket(fd);
        errno = why;
        return -1;
    }
    *got = ntohs(at.sin_port);
    return fd;
}

static bool listen_on(struct http *h, char error[256])
{
    int fd = listening_socket(h->config.port, &h->port);

    if (fd < 0) {
        snprintf(error, 256, "cannot listen on 127.0.0.1:%u: %s", h->config.port, strerror(errno));
        return false;
    }
    struct evconnlistener *listener = evconnlistener_new(
        h->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
    if (listener == NULL) {
        evutil_closesocket(fd);
        snprintf(error, 256, "no memory for a listener");
        return false;
    }
    evconnlistener_set_error_cb(listener, on_accept_failed);
    if (evhttp_bind_listener(h->evhttp, listener) == NULL) {
        evconnlistener_free(listener);
        snprintf(error, 256, "no memory for a listener");
        return false;
    }
    return true;
}

static bool set_up(struct http *h, char error[256])
{
    h->evhttp = evhttp_new(h->base);
    h->wake = evtimer_new(h->base, on_wake, h);
    if (h->evhttp == NULL || h->wake == NULL) {
        snprintf(error, 256, "no memory for HTTP");
        return false;
    }
    signal(SIGPIPE, SIG_IGN); /* a client that is gone is an error of its socket, not our end */
    evhttp_set_allowed_methods(h->evhttp, EVHTTP_REQ_POST | EVHTTP_REQ_GET | EVHTTP_REQ_HEAD |
                                              EVHTTP_REQ_OPTIONS);
    evhttp_set_max_body_size(h->evhttp, (ev_ssize_t)h->config.body_max);
    evhttp_set_max_headers_size(h->evhttp, HEADERS_MAX);
    evhttp_set_timeout(h->evhttp, TIMEOUT_S);
    /* Who sends too much is listened to until he reads why. */
    evhttp_set_flags(h->evhttp, EVHTTP_SERVER_LINGERING_CLOSE);
    evhttp_set_gencb(h->evhttp, on_request, h);
    return listen_on(h, error);
}

struct http *http_open(struct event_base *base, const struct http_config *config, char error[256])
{
    struct http *h = calloc(1, sizeof(*h));

    if (h == NULL) {
        snprintf(error, 256, "no memory for HTTP");
        return NULL;
    }
    h->config = *config;
    h->base = base;
    if (set_up(h, error))
        return h;
    http_close(h);
    return NULL;
}

static void free_visits(struct visit *list)
{
    for (struct visit *next; list != NULL; list = next) {
        next = list->next;
        free_visit(list);
    }
}

void http_close(struct http *h)
{
    for (struct visit *v = h->waiting; v != NULL; v = v->next)
        watch_connection(v, false);
    if (h->evhttp != NULL)
        evhttp_free(h->evhttp);
    free_visits(h->waiting);
    free_visits(h->free);
    if (h->wake != NULL)
        event_free(h->wake);
    free(h);
}

u16 http_port(const struct http *h)
{
    return h->port;
}
