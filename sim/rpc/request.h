/* request - one request of a body: its method and its parameters, or what is wrong with it. */
#ifndef SIM_RPC_REQUEST_H
#define SIM_RPC_REQUEST_H

#include "sim/rpc/args.h"
#include "sim/rpc/scan.h"

struct request {
    struct text id; /* as it came; n 0: none, and none is answered */
    const char *method;
    const struct cJSON *first_param;
    u32 params;
    struct cJSON *tree; /* which all this is in */
};

/* False: *why says what is wrong, and the id is there where one could be read.  Either way
 * request_free(). */
must_use bool request_read(struct request *r, const struct scan_request *at, struct refusal *why);
void request_free(struct request *r);

#endif /* SIM_RPC_REQUEST_H */
