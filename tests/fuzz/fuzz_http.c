/* Any bytes on a connection, whole or in two pieces: the server answers with HTTP or hangs up, and
 * it still serves who comes next.  Any bytes too as a Host header: only names of loopback and our
 * own are taken. */
#include "sim/rpc/http.h"

#include "tests/rpc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define BODY_MAX 4096u
#define TURNS_MAX 1000u /* of the event loop, for one connection */

static struct rpc_stand stand;
static struct event_base *base;
static struct http *http;
static const char *const hosts[] = {"box.example"};
static struct http_config config = {
    .hosts = hosts, .host_count = 1, .body_max = BODY_MAX, .page = {"a page\n", 7}};

static bool handle(struct call *c)
{
    json_u64(c->out, c->args.count);
    return true;
}

static void begin(void)
{
    char error[256];

    rpc_stand_open(&stand, handle);
    config.serve = &stand.serve;
    base = event_base_new();
    check(base != NULL);
    http = http_open(base, &config, error);
    check(http != NULL);
}

/* libFuzzer's alarm may come in between; the connection goes on being made. */
static bool reach(int fd, const struct sockaddr_in *at)
{
    while (connect(fd, (const struct sockaddr *)at, sizeof(*at)) != 0) {
        if (errno == EISCONN)
            break;
        if (errno != EINTR && errno != EALREADY)
            return false;
    }
    return true;
}

static int dial(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(http_port(http))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(fd >= 0 && reach(fd, &at));
    return fd;
}

static void turn(u32 n)
{
    while (n-- > 0)
        check(event_base_loop(base, EVLOOP_NONBLOCK) >= 0);
}

/* What the server says until it hangs up, its begin in out (which ends with a 0). */
static void listen_to(int fd, char *out, size_t room)
{
    char piece[4096];
    size_t n = 0;
    bool is_open = true;

    for (u32 turns = 0; is_open; turns++) {
        check(turns < TURNS_MAX);
        turn(1);
        ssize_t got = recv(fd, piece, sizeof(piece), MSG_DONTWAIT);
        is_open = got != 0 && (got > 0 || turns < TURNS_MAX / 2);
        if (got <= 0)
            continue;
        size_t kept = (size_t)got < room - 1 - n ? (size_t)got : room - 1 - n;
        memcpy(out + n, piece, kept);
        n += kept;
    }
    out[n] = '\0';
}

static void say(int fd, const void *what, size_t n)
{
    (void)send(fd, what, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    turn(2);
}

static void check_bytes(const u8 *data, size_t size, size_t cut)
{
    char text[64];
    int fd = dial();

    say(fd, data, cut);
    say(fd, data + cut, size - cut);
    (void)shutdown(fd, SHUT_WR);
    listen_to(fd, text, sizeof(text));
    check(text[0] == '\0' || strncmp(text, "HTTP/", 5) == 0);
    close(fd);
    turn(2);
}

static void check_serves(void)
{
    static const char ask[] = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                              "Content-Length: 47\r\n\r\n"
                              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}";
    char text[1000];
    int fd = dial();

    say(fd, ask, sizeof(ask) - 1);
    listen_to(fd, text, sizeof(text));
    check(strncmp(text, "HTTP/1.1 200 OK", 15) == 0 &&
          strstr(text, "\"id\":1,\"result\":") != NULL);
    close(fd);
    turn(2);
}

static void check_host(const u8 *data, size_t size)
{
    char *host = malloc(size + 1);

    check(host != NULL);
    if (size > 0)
        memcpy(host, data, size);
    host[size] = '\0';
    if (http_host_allowed(&config, host))
        check(strncasecmp(host, "localhost", 9) == 0 || strncmp(host, "127.0.0.1", 9) == 0 ||
              strncmp(host, "[::1]", 5) == 0 || strncasecmp(host, "box.example", 11) == 0);
    free(host);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    if (http == NULL)
        begin();
    check_host(data, size);
    if (size == 0 || size > 2 * BODY_MAX)
        return 0;
    check_bytes(data + 1, size - 1, (size - 1) * data[0] / 256);
    check_serves();
    return 0;
}
