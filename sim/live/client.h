/* client - a participant's line to a chain: JSON-RPC over HTTP, calls in order, several at a time.
 *
 * One connection, kept alive; what is asked while an answer is due goes into the next batch.  Where
 * the line breaks it is laid again and the batch is asked once more: a call must not mind that, and
 * those that participants make do not (a transaction that is known is refused as such).
 */
#ifndef SIM_LIVE_CLIENT_H
#define SIM_LIVE_CLIENT_H

#include "protocol/base.h"

#include <cjson/cJSON.h>
#include <event2/event.h>

struct client;

/* NULL: no memory. */
struct client *client_open(struct event_base *base, const char *host, u16 port);
/* Answers that are still due are never given. */
void client_close(struct client *c);

/* result, or error where the chain refused: one of them is NULL.  Good during the call. */
typedef void client_answer(void *about, const cJSON *result, const cJSON *error);

/* params: a JSON array as text, copied.  The answer comes from the event loop. */
void client_ask(struct client *c, const char *method, const char *params, client_answer *answer,
                void *about);

/* Calls that have no answer yet. */
u32 client_due(const struct client *c);

#endif /* SIM_LIVE_CLIENT_H */
