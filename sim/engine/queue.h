/* queue - the future, in one order that nothing but its contents decides.
 *
 * Events are ordered by (time, class, source, the source's own counter).  The class settles what
 * happens first at one instant; the source is the entity key of who caused the event, not an
 * index, so adding or permuting actors never reverses two events.  Insertion order, pointers and
 * indexes play no part.  No two keys are equal while sources are distinct and count what they
 * cause.
 *
 *   put ──▶ wheel: four rings of slots of 1.05 ms, 1.07 s, 4.9 h and 2.3 years; appended, not
 * sorted │ a slot's time has come: one level down ▼ now: the events of a slot or a few of 1.05 ms,
 * sorted ──▶ take early: a heap of those that were put for it later
 *
 * What moves are entries of 16 bytes; the payloads lie in a pool beside them and are fetched ahead
 * of their turn.  What is large (a log, a transaction of the timeline) is kept by the host and
 * named by a number.
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

/* Kinds are the host's (host.h); the queue does not look inside. */
struct queue_item {
    u32 kind;
    u32 to; /* actor, where there is one */
    union {
        struct {
            u64 about;
            u32 tag;
            u32 life; /* of its actor, that set it */
        } timer;
        struct {
            struct msg msg;
            u32 from; /* account */
        } message;
        struct {
            u64 id, nonce;
            u32 tx, tag, err;
        } result;
        struct {
            u64 a, b;
            u32 n, m;
        } plain;
    } u;
};

#define QUEUE_EVENTS_MAX (1u << 26)

#define QUEUE_RINGS 4u
struct queue_ring {
    u64 at;         /* slot that it has come to, counted from time 0 */
    u32 from;       /* its first one in `slots` */
    u32 bits, down; /* 2^bits slots of 2^down ns */
};

struct queue {
    struct reserve items;  /* struct queue_node */
    struct reserve now;    /* struct queue_entry, sorted; those before `taken` are gone */
    struct reserve spare;  /* the same, to sort by */
    struct reserve early;  /* the same, a heap */
    struct reserve chunks; /* of entries that wait in slots */
    struct reserve slots;  /* of all rings */
    struct reserve full;   /* u64: bits of the slots that are not empty, then of those words */
    struct queue_ring rings[QUEUE_RINGS];
    size_t taken;
    u64 end_ns; /* last instant of the slot that is sorted; later ones lie in the wheel */
    u32 free_item, free_chunk; /* first + 1; 0: none */
    u32 count;
    struct queue_key last;  /* taken; nothing may be put before it */
    struct queue_key first; /* what queue_first() points to */
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

/* NULL: empty.  Good until the next call about this queue. */
const struct queue_key *queue_first(struct queue *q);
struct queue_key queue_take(struct queue *q, struct queue_item *item);

/* The actor of the event that comes so many after the next one, so that his state can be fetched
 * meanwhile; a hint: UINT32_MAX where none is known.  ahead <= QUEUE_SOON. */
#define QUEUE_SOON 12u
u32 queue_soon(const struct queue *q, u32 ahead);

/* What is in use, for whoever copies it away and back: calls visit for each piece. */
void queue_pieces(const struct queue *q, void (*visit)(void *about, void *at, size_t size),
                  void *about);

#endif /* SIM_ENGINE_QUEUE_H */
