/* scan - is a body JSON, and where in it do its requests and their ids begin?
 *
 * Everything is looked at before anything is done with it: grammar (RFC 8259, to the letter),
 * UTF-8, nesting, and what cJSON would bend: it lets numbers become doubles, control characters
 * pass, and ends strings at \u0000.  What is taken here cJSON reads without surprise, and an id
 * goes back byte for byte (rpc.md 5) because it is remembered as text.
 */
#ifndef SIM_RPC_SCAN_H
#define SIM_RPC_SCAN_H

#include "chain-mock/wire/slice.h"

#define SCAN_DEPTH_MAX 64u
#define SCAN_NUMBER_CHARS 63u /* cJSON reads no longer ones */

struct scan_request {
    struct text text; /* the whole element */
    struct text id;   /* n 0: it has none */
};

struct scan {
    bool batch;
    size_t count;    /* of requests; of a batch, also those beyond the room */
    const char *why; /* it is no JSON, */
    size_t at;       /* and at which byte that shows */
};

/* The requests go into out, as many as fit.  False: why and at say what is wrong. */
must_use bool scan_body(struct scan *s, struct text body, struct scan_request *out, size_t room);

#endif /* SIM_RPC_SCAN_H */
