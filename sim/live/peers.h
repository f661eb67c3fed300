/* peers - what participants say to one another, over TCP: each listens on a port of his own.
 *
 *     frame = size of the rest u32 │ kind u8 │ from u32 │ body      big-endian
 *     kind: 1 a message (msg.h), 2 a beat, 3 its answer
 *
 * A message to somebody who is not there is lost, as on any network; so is what a line held when it
 * broke.  Beats are what a heartbeat detector asks with.
 */
#ifndef SIM_LIVE_PEERS_H
#define SIM_LIVE_PEERS_H

#include "protocol/msg.h"

#include <event2/event.h>

struct peers;

struct peers_config {
    struct event_base *base;
    void *about;
    void (*message)(void *about, u32 to, u32 from, const struct msg *msg);
    void (*beat)(void *about, u32 of, u64 rtt_us); /* answered */
};

/* NULL: no memory. */
struct peers *peers_open(const struct peers_config *config);
void peers_close(struct peers *p);

/* The account listens on loopback from now on; its port, 0: the system gives none. */
u16 peers_listen(struct peers *p, u32 account);
void peers_silence(struct peers *p, u32 account); /* it no longer does */

/* Where an account listens; of those that peers_listen() named this is known. */
void peers_know(struct peers *p, u32 account, u16 port);

void peers_send(struct peers *p, u32 from, u32 to, const struct msg *msg);
void peers_beat(struct peers *p, u32 from, u32 to);

#endif /* SIM_LIVE_PEERS_H */
