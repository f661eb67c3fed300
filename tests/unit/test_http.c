/* http: what clients do to a socket (rpc.md 5): keep-alive, pipelining, chunks, Expect, halves that
 * close, readers that do not read, hosts that are not ours, bodies that are too large, answers that
 * are put off.  The server runs in a process of its own. */
#include "sim/rpc/http.h"

#include "tests/rpc.h"
#include "tests/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX 20000u
#define LARGE (6u << 20)
#define LATE_MS 500u
#define FILES_MAX 64u
#define ASK "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}"
#define ANSWER "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x7a69\"}"
#define HOST "Host: 127.0.0.1\r\n"

/* --- the server --- */

static struct rpc_stand stand;
static u16 port;

/* With [null] it comes LATE_MS late, with another parameter it is large. */
static bool handle(struct call *c)
{
    if (c->args.count == 1 && arg_absent(&c->args, 0)) { /* [null]: late */
        if (c->now_ms < c->begun_ms + LATE_MS) {
            c->wait_until_ms = c->begun_ms + LATE_MS;
            return true;
        }
    } else if (c->args.count == 1) {
        json_begin(c->out, '[');
        for (u32 i = 0; i < LARGE / 66; i++)
            json_hash(c->out, &(struct bytes32){{0}});
        json_end(c->out, ']');
        return true;
    }
    json_u64(c->out, 31337);
    return true;
}

/* The test is over, or has failed: its end of the pipe is closed. */
static void on_over(evutil_socket_t fd, short what, void *about)
{
    (void)fd;
    (void)what;
    (void)about;
    _exit(0);
}

static void serve_until_over(int tell, int life)
{
    struct event_base *base = event_base_new();
    char error[256];
    const char *hosts[] = {"box.example"};

    rpc_stand_open(&stand, handle);
    stand.serve.answer_max = 2 * LARGE;
    struct http_config config = {.serve = &stand.serve,
                                 .body_max = BODY_MAX,
                                 .hosts = hosts,
                                 .host_count = 1,
                                 .page = {"a page\n", 7}};
    struct http *h = http_open(base, &config, error);
    EXPECT(h != NULL);
    u16 mine = http_port(h);
    EXPECT(write(tell, &mine, sizeof(mine)) == sizeof(mine));
    event_add(event_new(base, life, EV_READ, on_over, NULL), NULL);
    event_base_dispatch(base);
}

static pid_t start(void)
{
    int fds[2], life[2];

    EXPECT(pipe(fds) == 0 && pipe(life) == 0);
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        struct rlimit few = {FILES_MAX, FILES_MAX};
        EXPECT(setrlimit(RLIMIT_NOFILE, &few) == 0);
        close(life[1]);
        serve_until_over(fds[1], life[0]);
        _exit(1);
    }
    EXPECT(read(fds[0], &port, sizeof(port)) == sizeof(port));
    return child;
}

/* --- a client --- */

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static int dial(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT(fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return fd;
}

static void put(int fd, const char *text)
{
    EXPECT(send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text));
}

static char got[1 << 16];

/* Reads until `end` has come `times` times.  False: the other side closes before, or says nothing
 * for ten seconds. */
static bool get(int fd, const char *end, u32 times)
{
    size_t n = 0;

    errno = 0;
    for (;;) {
        u32 seen = 0;
        got[n] = '\0';
        for (const char *at = strstr(got, end); at != NULL; at = strstr(at + 1, end))
            seen++;
        if (seen >= times)
            return true;
        ssize_t more = recv(fd, got + n, sizeof(got) - 1 - n, 0);
        if (more <= 0)
            return false;
        n += (size_t)more;
    }
}

/* Reads until the other side closes.  False: it does not within ten seconds. */
static bool get_all(int fd)
{
    return !get(fd, "never", 1) && errno != EAGAIN;
}

static bool has(const char *text)
{
    if (strstr(got, text) == NULL)
        printf("# no '%s' in:\n%s\n", text, got);
    return strstr(got, text) != NULL;
}

static char frame[4 * BODY_MAX];

static const char *post(const char *headers, const char *body)
{
    snprintf(frame, sizeof(frame), "POST /any/path HTTP/1.1\r\n%sContent-Length: %zu\r\n\r\n%s",
             headers, strlen(body), body);
    return frame;
}

/* --- what is promised --- */

static void test_keep_alive(void)
{
    int fd = dial();

    for (u32 i = 0; i < 3; i++) {
        put(fd, post(HOST "Content-Type: text/whatever\r\n", ASK));
        EXPECT(get(fd, ANSWER, 1));
        EXPECT(has("HTTP/1.1 200 OK\r\n") && has("Content-Type: application/json\r\n"));
        EXPECT(has("Access-Control-Allow-Origin: *\r\n") && has(ANSWER));
    }
    close(fd);
}

static void test_notification(void)
{
    int fd = dial();

    put(fd, post(HOST, "{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}"));
    EXPECT(get(fd, "\r\n\r\n", 1));
    EXPECT(has("HTTP/1.1 204 No Content\r\n"));
    put(fd, post(HOST, ""));
    EXPECT(get(fd, "byte 0\"}}", 1));
    EXPECT(has("HTTP/1.1 200 OK\r\n") && has("-32700"));
    close(fd);
}

static void test_pipelined(void)
{
    int fd = dial();
    static char all[64 * 300];
    size_t n = 0;

    for (u32 i = 0; i < 64; i++) {
        char body[128];
        snprintf(body, sizeof(body), "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"eth_chainId\"%s}",
                 100 + i, i == 20 ? ",\"params\":[]" : "");
        n += (size_t)snprintf(all + n, sizeof(all) - n, "%s", post(HOST, body));
    }
    put(fd, all);
    EXPECT(get(fd, "\"0x7a69\"}", 64));
    const char *at = got;
    for (u32 i = 0; i < 64; i++) {
        char id[16];
        snprintf(id, sizeof(id), "\"id\":%u,", 100 + i);
        at = strstr(at, "\"id\":");
        EXPECT(at != NULL && strncmp(at, id, strlen(id)) == 0);
        at++;
    }
    close(fd);
}

static void test_chunks(void)
{
    int fd = dial();

    put(fd, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    put(fd, "9\r\n{\"jsonrpc\r\n");
    pause_ms(20);
    put(fd, "26\r\n\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}\r\n0\r\n\r\n");
    EXPECT(get(fd, ANSWER, 1));
    EXPECT(has(ANSWER));
    close(fd);
}

static void test_expect(void)
{
    int fd = dial();

    put(fd, "POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 47\r\n\r\n");
    EXPECT(get(fd, "\r\n\r\n", 1));
    EXPECT(has("HTTP/1.1 100 Continue\r\n"));
    EXPECT(strlen(ASK) == 47);
    put(fd, ASK);
    EXPECT(get(fd, ANSWER, 1));
    EXPECT(has(ANSWER));
    close(fd);
}

/* A client that says all it has to say, and only listens. */
static void test_half_closed(void)
{
    int fd = dial();

    put(fd, post(HOST, ASK));
    EXPECT(shutdown(fd, SHUT_WR) == 0);
    EXPECT(get(fd, ANSWER, 1));
    EXPECT(has(ANSWER));
    EXPECT(recv(fd, got, sizeof(got), 0) == 0); /* then the server closes too */
    close(fd);
}

static void test_options(void)
{
    int fd = dial();

    put(fd, "OPTIONS / HTTP/1.1\r\n" HOST "Origin: http://x\r\n"
            "Access-Control-Request-Method: POST\r\n"
            "Access-Control-Request-Headers: content-type,x-whatever\r\n\r\n");
    EXPECT(get(fd, "\r\n\r\n", 1));
    EXPECT(has("HTTP/1.1 204 No Content\r\n") && has("Access-Control-Allow-Origin: *\r\n"));
    EXPECT(has("Access-Control-Allow-Methods: POST, GET, OPTIONS\r\n"));
    EXPECT(has("Access-Control-Allow-Headers: content-type,x-whatever\r\n") &&
           has("Access-Control-Max-Age: "));
    put(fd, "GET / HTTP/1.1\r\n" HOST "\r\n");
    EXPECT(get(fd, "a page\n", 1));
    EXPECT(has("HTTP/1.1 200 OK\r\n") && has("a page\n"));
    put(fd, "HEAD / HTTP/1.1\r\n" HOST "\r\n");
    put(fd, post(HOST, ASK));
    EXPECT(get(fd, ANSWER, 1));
    EXPECT(strstr(got, "a page\n") == NULL && has(ANSWER));
    close(fd);
}

static void test_hosts(void)
{
    static const struct {
        const char *host;
        bool allowed;
    } cases[] = {
        {"127.0.0.1", true},
        {"127.0.0.1:8545", true},
        {"localhost:1", true},
        {"LocalHost", true},
        {"[::1]:8545", true},
        {"box.example:80", true},
        {"evil.example", false},
        {"127.0.0.1.evil.example", false},
        {"localhost.evil.example", false},
        {"box.example.evil", false},
        {"", false},
        {"[::1", false},
    };
    char headers[128];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = dial();
        snprintf(headers, sizeof(headers), "Host: %s\r\nConnection: close\r\n", cases[i].host);
        put(fd, post(headers, ASK));
        EXPECT(get_all(fd));
        EXPECT(has(cases[i].allowed ? ANSWER : "HTTP/1.1 403 Forbidden\r\n"));
        close(fd);
    }
}

static void test_too_large(void)
{
    static char body[BODY_MAX + 2];
    int fd = dial();

    memset(body, ' ', BODY_MAX + 1);
    memcpy(body + BODY_MAX - strlen(ASK), ASK, strlen(ASK));
    put(fd, post(HOST, body));
    EXPECT(get_all(fd) && has("HTTP/1.1 413 "));
    close(fd);
    fd = dial();
    body[BODY_MAX] = '\0';
    put(fd, post(HOST, body));
    EXPECT(get(fd, ANSWER, 1));
    EXPECT(has(ANSWER));
    close(fd);
}

static long resident_kib(pid_t of)
{
    char path[64], line[256];
    long kib = 0;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)of);
    FILE *f = fopen(path, "r");
    EXPECT(f != NULL);
    while (fgets(line, sizeof(line), f) != NULL)
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    fclose(f);
    return kib;
}

/* Forty large answers asked for at once by somebody who does not read keep one in memory, and
 * nobody else waits. */
static void test_slow_reader(pid_t server)
{
    int slow = dial(), fd = dial();
    const char *large = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_getLogs\",\"params\":[{}]}";

    long before = resident_kib(server);
    for (u32 i = 0; i < 40; i++)
        put(slow, post(HOST, large));
    pause_ms(300);
    put(fd, post(HOST, ASK));
    EXPECT(get(fd, ANSWER, 1));
    EXPECT(has(ANSWER));
    EXPECT(resident_kib(server) - before < 3 * LARGE / 1024);
    size_t sum = 0;
    for (ssize_t n = 1; n > 0 && sum < 40 * (size_t)LARGE; sum += (size_t)n)
        n = recv(slow, got, sizeof(got), 0);
    EXPECT(sum >= 40 * (size_t)LARGE);
    close(slow);
    close(fd);
}

static u64 ms_between(struct timespec a, struct timespec b)
{
    return (u64)((b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000);
}

#define LATE                                                                                       \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getTransactionReceipt\",\"params\":[null]}"

static void test_put_off(void)
{
    struct timespec begun, ended;
    int fd = dial(), gone = dial(), other = dial();

    clock_gettime(CLOCK_MONOTONIC, &begun);
    put(gone, post(HOST, LATE));
    put(fd, post(HOST, LATE));
    put(fd, post(HOST, ASK)); /* waits its turn */
    pause_ms(10);
    close(gone);
    put(other, post(HOST, ASK));
    EXPECT(get(other, ANSWER, 1));
    clock_gettime(CLOCK_MONOTONIC, &ended);
    EXPECT(has(ANSWER) && ms_between(begun, ended) < LATE_MS - 50);
    EXPECT(get(fd, ANSWER, 2));
    clock_gettime(CLOCK_MONOTONIC, &ended);
    EXPECT(ms_between(begun, ended) >= LATE_MS - 1 && ms_between(begun, ended) < 10 * LATE_MS);
    close(fd);
    close(other);
}

static void test_no_delay(void)
{
    struct timespec begun, ended;
    int fd = dial();

    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (u32 i = 0; i < 50; i++) {
        put(fd, post(HOST, ASK));
        EXPECT(get(fd, ANSWER, 1));
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    EXPECT(ms_between(begun, ended) < 1500); /* Nagle's wait would be 40 ms each */
    close(fd);
}

static void test_garbage(void)
{
    static const char *const junk[] = {
        "\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n12",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"};

    for (size_t i = 0; i < ARRAY_LEN(junk); i++) {
        int fd = dial();
        put(fd, junk[i]);
        shutdown(fd, SHUT_WR);
        EXPECT(get_all(fd));
        close(fd);
    }
    test_keep_alive();
}

/* More of them than the server has file descriptors for: they wait until others go. */
static void test_too_many(void)
{
    int fds[FILES_MAX + 20];

    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        fds[i] = dial();
    pause_ms(300);
    for (size_t i = 0; i + 1 < ARRAY_LEN(fds); i++)
        close(fds[i]);
    put(fds[ARRAY_LEN(fds) - 1], post(HOST, ASK));
    EXPECT(get(fds[ARRAY_LEN(fds) - 1], ANSWER, 1) && has(ANSWER));
    close(fds[ARRAY_LEN(fds) - 1]);
    test_keep_alive();
}

int main(void)
{
    pid_t server = start();
    int status;

    test_keep_alive();
    test_notification();
    test_pipelined();
    test_chunks();
    test_expect();
    test_half_closed();
    test_options();
    test_hosts();
    test_too_large();
    test_put_off();
    test_no_delay();
    test_garbage();
    test_slow_reader(server);
    test_too_many();
    EXPECT(waitpid(server, &status, WNOHANG) == 0); /* it is still there */
    EXPECT(kill(server, SIGKILL) == 0 && waitpid(server, &status, 0) == server);
    puts("ok - http");
    return 0;
}
