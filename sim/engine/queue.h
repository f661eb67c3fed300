/* queue - the future, in one order that nothing but its contents decides.
 *
 * Events are ordered by (time, class, source, the source's own counter).  The class settles what
 * happens first at one instant; the source is the entity key of who caused the event, not an
 * index, so adding or permuting actors never reverses two events.  Insertion order, pointers and
 * indexes play no part.  No two keys are equal while sources are distinct and count what they
 * cause.
 *
 * Keys of 24 bytes in a 4-ary heap, payloads in a pool beside it: sifting moves keys only.  What
 * is large (a log, a transaction of the timeline) is kept by the host and named by a number.
 */
#ifndef SIM_ENGINE_QUEUE_H
#define SIM_ENGINE_QUEUE_H

#include "protocol/draw.h"
#include "protocol/msg.h"
#include "sim/engine/reserve.h"

/* What comes first at one instant.  The close of an era and the end of a lease are not events:
 * the chain takes them at the head of a block. */
enum event_class {
    CLASS_BLOCK,    /* the chain moves, then everybody sees one state */
    CLASS_DELIVERY, /* messages, logs and answers of the chain */
    CLASS_TIMER,    /* an answer that comes in the instant of its deadline is in time */
    CLASS_WORLD,    /* timeline, machines that go and come, demand */
    CLASS_DETECTOR, /* heartbeats: a machine that turns at the instant of a beat has turned */
    CLASS_KINDS
};

struct queue_key {
    u64 at_ns;
    u64 rank;    /* class in the top 4 bits, the source's entity key in the other 60 */
    u32 counter; /* the source's */
    u32 slot;    /* of the payload; no part of the order */
};
_Static_assert(sizeof(struct queue_key) == 24, "a key moves in three words");

/* Kinds are the host's (host.h); the queue does not look inside. */
struct queue_item {
    u32 kind;
    u32 to; /* actor, where there is one */
    union {
        struct {
            u64 about;
            u32 tag;
        } timer;
        struct {
            struct msg msg;
            u32 from; /* account */
        } message;
        struct {
            u64 id;
            u32 tx, tag, err;
        } result;
        struct {
            u64 a, b;
            u32 n, m;
        } plain;
    } u;
};

#define QUEUE_EVENTS_MAX (1u << 26)

struct queue {
    struct reserve keys, items;
    u32 free;              /* first free item + 1; 0: none */
    struct queue_key last; /* taken; nothing may be put before it */
};

/* False: no address space for QUEUE_EVENTS_MAX events. */
must_use bool queue_open(struct queue *q);
void queue_close(struct queue *q);

/* source < 2^ENTITY_BITS. */
struct queue_key queue_key(struct instant at, enum event_class class, u64 source, u32 counter);
enum event_class queue_class(const struct queue_key *k);

/* False: QUEUE_EVENTS_MAX are in it; nothing changed.  The key is after the last one taken. */
must_use bool queue_put(struct queue *q, struct queue_key key, const struct queue_item *item);

u32 queue_count(const struct queue *q);
const struct queue_key *queue_first(const struct queue *q); /* NULL: empty */
struct queue_key queue_take(struct queue *q, struct queue_item *item);

#endif /* SIM_ENGINE_QUEUE_H */
