#include "sim/engine/queue.h"

#define WAYS 4u

struct queue_key queue_key(struct instant at, enum event_class class, u64 source, u32 counter)
{
    _Static_assert(CLASS_KINDS <= 1u << (64 - ENTITY_BITS), "class and source share a word");
    check(source >> ENTITY_BITS == 0);
    return (struct queue_key){at.ns, (u64) class << ENTITY_BITS | source, counter, 0};
}

enum event_class queue_class(const struct queue_key *k)
{
    return (enum event_class)(k->rank >> ENTITY_BITS);
}

static bool before(const struct queue_key *a, const struct queue_key *b)
{
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns;
    if (a->rank != b->rank)
        return a->rank < b->rank;
    return a->counter < b->counter;
}

bool queue_open(struct queue *q)
{
    *q = (struct queue){0};
    if (!reserve_open(&q->keys, "events in the queue", sizeof(struct queue_key), QUEUE_EVENTS_MAX))
        return false;
    if (reserve_open(&q->items, "events in the queue", sizeof(struct queue_item), QUEUE_EVENTS_MAX))
        return true;
    reserve_close(&q->keys);
    return false;
}

void queue_close(struct queue *q)
{
    reserve_close(&q->keys);
    reserve_close(&q->items);
}

static struct queue_key *keys(const struct queue *q)
{
    return q->keys.base;
}

static struct queue_item *items(const struct queue *q)
{
    return q->items.base;
}

/* A free item holds the next free one + 1 in .to. */
static u32 item_take(struct queue *q)
{
    if (q->free == 0) {
        check(reserve_grow(&q->items, 1)); /* as many items as keys */
        return (u32)q->items.count - 1;
    }
    u32 slot = q->free - 1;
    q->free = items(q)[slot].to;
    return slot;
}

static void item_give(struct queue *q, u32 slot)
{
    items(q)[slot].to = q->free;
    q->free = slot + 1;
}

bool queue_put(struct queue *q, struct queue_key key, const struct queue_item *item)
{
    struct queue_key *heap = keys(q);

    check(before(&q->last, &key)); /* never into the past, and no two are equal */
    if (!reserve_grow(&q->keys, 1))
        return false;
    key.slot = item_take(q);
    items(q)[key.slot] = *item;

    size_t i = q->keys.count - 1;
    while (i > 0 && before(&key, &heap[(i - 1) / WAYS])) {
        heap[i] = heap[(i - 1) / WAYS];
        i = (i - 1) / WAYS;
    }
    heap[i] = key;
    return true;
}

u32 queue_count(const struct queue *q)
{
    return (u32)q->keys.count;
}

const struct queue_key *queue_first(const struct queue *q)
{
    return q->keys.count == 0 ? NULL : keys(q);
}

static size_t least_child(const struct queue *q, size_t i)
{
    const struct queue_key *heap = keys(q);
    size_t first = WAYS * i + 1, least = first;

    for (size_t c = first + 1; c < first + WAYS && c < q->keys.count; c++) {
        if (before(&heap[c], &heap[least]))
            least = c;
    }
    return least;
}

struct queue_key queue_take(struct queue *q, struct queue_item *item)
{
    struct queue_key *heap = keys(q);

    check(q->keys.count > 0);
    struct queue_key top = heap[0], last = heap[--q->keys.count];
    size_t i = 0;

    check(before(&q->last, &top)); /* no two are equal */
    while (WAYS * i + 1 < q->keys.count) {
        size_t child = least_child(q, i);
        if (!before(&heap[child], &last))
            break;
        heap[i] = heap[child];
        i = child;
    }
    if (q->keys.count > 0)
        heap[i] = last;
    *item = items(q)[top.slot];
    item_give(q, top.slot);
    q->last = top;
    return top;
}
