/* http - bodies of POST to exchanges, their answers back (rpc.md 5).
 *
 * evhttp takes one request of a connection at a time and reads the next when the answer has left:
 * so answers are in order, and a client that does not read keeps at most one of them in memory.
 */
#ifndef SIM_RPC_HTTP_H
#define SIM_RPC_HTTP_H

#include "sim/rpc/serve.h"

struct event_base;
struct http;

struct http_config {
    u16 port; /* on 127.0.0.1; 0: one that is free */
    const char *const *hosts;
    u32 host_count; /* names beside those of loopback; "*": any */
    size_t body_max;
    const struct serve *serve;
    struct text page; /* what GET shows */
};

/* NULL: *error says why. */
struct http *http_open(struct event_base *base, const struct http_config *config, char error[256]);
void http_close(struct http *h);
u16 http_port(const struct http *h);

/* There is news for which an exchange may wait.  It goes on from the event loop, not from here. */
void http_news(struct http *h);

/* Is this Host header one by which a browser may mean us? */
bool http_host_allowed(const struct http_config *config, const char *host);

/* Milliseconds of a clock that only goes forward. */
u64 http_now_ms(void);

#endif /* SIM_RPC_HTTP_H */
