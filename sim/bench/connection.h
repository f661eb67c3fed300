/* connection - one HTTP connection to a server on this machine that is kept alive, for the client
 * of a benchmark: a request is sent whole, its answer comes piece by piece while others are served.
 */
#ifndef SIM_BENCH_CONNECTION_H
#define SIM_BENCH_CONNECTION_H

#include "protocol/base.h"

struct connection {
    int socket;
    u64 sent_ns;            /* when the last request went */
    size_t number;          /* of that request: the caller's */
    size_t got, room, body; /* bytes of the answer so far; where its body begins, 0: not known */
    size_t whole;           /* bytes that the answer will have; 0: not known */
    char *answer;
};

/* False: errno says why. */
must_use bool connection_open(struct connection *c, u16 port);
void connection_close(struct connection *c);

/* A POST with this JSON.  False: the server is gone. */
must_use bool connection_send(struct connection *c, const char *json, size_t n);

enum connection_got { CONNECTION_MORE, CONNECTION_DONE, CONNECTION_LOST };

/* Where the socket can be read: takes what is there.  CONNECTION_DONE: the body is answer + body,
 * up to whole. */
must_use enum connection_got connection_read(struct connection *c);

#endif /* SIM_BENCH_CONNECTION_H */
