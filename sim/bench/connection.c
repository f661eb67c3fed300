#include "sim/bench/connection.h"

#include "sim/bench/bench.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define FIRST_ROOM 65536u

bool connection_open(struct connection *c, u16 port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int on = 1;

    *c = (struct connection){.room = FIRST_ROOM, .answer = malloc(FIRST_ROOM)};
    c->socket = socket(AF_INET, SOCK_STREAM, 0);
    return c->answer != NULL && c->socket >= 0 &&
           connect(c->socket, (const struct sockaddr *)&to, sizeof(to)) == 0 &&
           setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0;
}

void connection_close(struct connection *c)
{
    if (c->socket >= 0)
        close(c->socket);
    free(c->answer);
    c->answer = NULL;
}

static bool write_all(int socket, struct iovec part[2])
{
    while (part[0].iov_len + part[1].iov_len > 0) {
        ssize_t n = writev(socket, part, 2);
        if (n <= 0)
            return false;
        for (u32 i = 0; i < 2; i++) {
            size_t took = (size_t)n < part[i].iov_len ? (size_t)n : part[i].iov_len;
            part[i].iov_base = (char *)part[i].iov_base + took;
            part[i].iov_len -= took;
            n -= (ssize_t)took;
        }
    }
    return true;
}

bool connection_send(struct connection *c, const char *json, size_t n)
{
    char head[160];
    int size = snprintf(head, sizeof(head),
                        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        n);
    struct iovec part[2] = {{head, (size_t)size}, {NULL, n}};

    memcpy(&part[1].iov_base, &json, sizeof(json)); /* it is only read */
    c->got = c->body = c->whole = 0;
    c->sent_ns = stopwatch_now_ns();
    return write_all(c->socket, part);
}

/* Where the head is complete: how long the answer is.  False: no such head. */
static bool read_head(struct connection *c)
{
    static const char name[] = "content-length:";

    c->answer[c->got] = '\0';
    char *end = strstr(c->answer, "\r\n\r\n");
    if (end == NULL)
        return true;
    for (char *line = c->answer; line < end; line = strstr(line, "\r\n") + 2)
        if (strncasecmp(line, name, sizeof(name) - 1) == 0) {
            c->body = (size_t)(end - c->answer) + 4;
            c->whole = c->body + strtoul(line + sizeof(name) - 1, NULL, 10);
            return true;
        }
    return false;
}

static bool make_room(struct connection *c)
{
    size_t need = (c->whole > c->got ? c->whole : c->got) + 4096;

    if (c->room >= need)
        return true;
    char *more = realloc(c->answer, need);
    if (more == NULL)
        return false;
    c->answer = more;
    c->room = need;
    return true;
}

enum connection_got connection_read(struct connection *c)
{
    if (!make_room(c))
        return CONNECTION_LOST;
    ssize_t n = read(c->socket, c->answer + c->got, c->room - c->got - 1);
    if (n <= 0)
        return CONNECTION_LOST;
    c->got += (size_t)n;
    if (c->whole == 0 && !read_head(c))
        return CONNECTION_LOST;
    if (c->whole == 0 || c->got < c->whole)
        return CONNECTION_MORE;
    c->answer[c->whole] = '\0';
    return CONNECTION_DONE;
}
