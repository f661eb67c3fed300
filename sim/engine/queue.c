#include "sim/engine/queue.h"

#include <string.h>

/* ---- entries and payloads ---- */

struct queue_entry {
    u64 at_ns;
    u32 rank_high;
    u32 item; /* place */
};

struct queue_node {
    struct queue_item item; /* .to of a free one: the next free one + 1 */
    u32 rank_low, counter;
};

_Static_assert(sizeof(struct queue_entry) == 16, "an entry moves in two words");
_Static_assert(sizeof(struct queue_node) == 64, "a payload is one line of the cache");

/* Entries of one slot lie in a chain of these. */
#define CHUNK_ENTRIES 7u
struct chunk {
    u32 next; /* + 1; 0: the last */
    u32 count;
    u64 pad;
    struct queue_entry entries[CHUNK_ENTRIES];
};

_Static_assert(sizeof(struct chunk) == 128, "two lines of the cache");

struct slot {
    u32 head, tail; /* chunks, place + 1; 0: empty */
};

/* ns that a slot takes, and how many there are, from the finest ring to the coarsest. */
static const struct queue_ring ring_shapes[QUEUE_RINGS] = {{.down = 20, .bits = 10},
                                                           {.down = 30, .bits = 14},
                                                           {.down = 44, .bits = 12},
                                                           {.down = 56, .bits = 8}};

#define SLOTS ((1u << 10) + (1u << 14) + (1u << 12) + (1u << 8))
#define WORDS (SLOTS / 64)
#define CHUNKS_MAX (QUEUE_EVENTS_MAX / CHUNK_ENTRIES + SLOTS + 1)
#define SORT_RUN 12u
#define SORT_BUCKETS 1024u
#define WAYS 4u
#define FETCH_ITEMS (QUEUE_SOON + 4u) /* so many events ahead payloads are fetched */

#define FETCH_ALL 4096u /* and of a slot at once, if they are no more */

/* Slots are sorted together where they are close and few events are in them. */
#define TOGETHER_SLOTS 4u
#define TOGETHER_EVENTS 16u

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

static bool key_before(const struct queue_key *a, const struct queue_key *b)
{
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns;
    if (a->rank != b->rank)
        return a->rank < b->rank;
    return a->counter < b->counter;
}

static struct queue_node *node_at(const struct queue *q, u32 place)
{
    return (struct queue_node *)q->items.base + place;
}

static struct queue_key key_of(const struct queue *q, const struct queue_entry *e)
{
    const struct queue_node *n = node_at(q, e->item);

    return (struct queue_key){e->at_ns, (u64)e->rank_high << 32 | n->rank_low, n->counter, e->item};
}

static bool before(const struct queue *q, const struct queue_entry *a, const struct queue_entry *b)
{
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns;
    if (a->rank_high != b->rank_high)
        return a->rank_high < b->rank_high;
    struct queue_key x = key_of(q, a), y = key_of(q, b);
    return key_before(&x, &y);
}

/* ---- opening and closing ---- */

static void rings_open(struct queue *q)
{
    u32 from = 0;

    for (u32 r = 0; r < QUEUE_RINGS; r++) {
        q->rings[r] = ring_shapes[r];
        q->rings[r].from = from;
        from += 1u << ring_shapes[r].bits;
    }
    check(from == SLOTS);
}

bool queue_open(struct queue *q)
{
    const char *what = "events in the queue";

    *q = (struct queue){0};
    rings_open(q);
    bool open = reserve_open(&q->items, what, sizeof(struct queue_node), QUEUE_EVENTS_MAX) &&
                reserve_open(&q->now, what, sizeof(struct queue_entry), QUEUE_EVENTS_MAX) &&
                reserve_open(&q->spare, what, sizeof(struct queue_entry), QUEUE_EVENTS_MAX) &&
                reserve_open(&q->early, what, sizeof(struct queue_entry), QUEUE_EVENTS_MAX) &&
                reserve_open(&q->chunks, what, sizeof(struct chunk), CHUNKS_MAX) &&
                reserve_open(&q->slots, what, sizeof(struct slot), SLOTS) &&
                reserve_open(&q->full, what, sizeof(u64), WORDS + WORDS / 64 + 1) &&
                reserve_grow(&q->slots, SLOTS) && reserve_grow(&q->full, WORDS + WORDS / 64 + 1);
    if (!open)
        queue_close(q);
    return open;
}

void queue_close(struct queue *q)
{
    reserve_close(&q->items);
    reserve_close(&q->now);
    reserve_close(&q->spare);
    reserve_close(&q->early);
    reserve_close(&q->chunks);
    reserve_close(&q->slots);
    reserve_close(&q->full);
}

void queue_pieces(const struct queue *q, void (*visit)(void *about, void *at, size_t size),
                  void *about)
{
    const struct reserve *all[] = {&q->items, &q->now, &q->early, &q->chunks, &q->slots, &q->full};

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        visit(about, all[i]->base, all[i]->unit * all[i]->count);
}

/* ---- the pools ---- */

/* UINT32_MAX: none is left. */
static u32 item_take(struct queue *q)
{
    if (q->free_item == 0) {
        u32 fresh = (u32)q->items.count;
        return reserve_take(&q->items, 1) ? fresh : UINT32_MAX; /* written whole by the taker */
    }
    u32 place = q->free_item - 1;
    q->free_item = node_at(q, place)->item.to;
    return place;
}

static void item_give(struct queue *q, u32 place)
{
    node_at(q, place)->item.to = q->free_item;
    q->free_item = place + 1;
}

static struct chunk *chunk_at(const struct queue *q, u32 place)
{
    return (struct chunk *)q->chunks.base + place;
}

static u32 chunk_take(struct queue *q)
{
    u32 place = q->free_chunk - 1;

    if (q->free_chunk == 0) {
        place = (u32)q->chunks.count;
        check(reserve_take(&q->chunks, 1)); /* all but one a slot are full */
    } else {
        q->free_chunk = chunk_at(q, place)->next;
    }
    chunk_at(q, place)->next = 0;
    chunk_at(q, place)->count = 0;
    return place;
}

/* ---- the wheel ---- */

static void slot_mark(struct queue *q, u32 slot, bool full)
{
    u64 *words = q->full.base, *word = &words[slot / 64], *above = &words[WORDS + slot / 64 / 64];

    *word = (*word & ~((u64)1 << slot % 64)) | (u64)full << slot % 64;
    *above = (*above & ~((u64)1 << slot / 64 % 64)) | (u64)(*word != 0) << slot / 64 % 64;
}

static void slot_add(struct queue *q, u32 slot, const struct queue_entry *e)
{
    struct slot *s = (struct slot *)q->slots.base + slot;

    if (s->head == 0) {
        s->head = s->tail = chunk_take(q) + 1;
        slot_mark(q, slot, true);
    } else if (chunk_at(q, s->tail - 1)->count == CHUNK_ENTRIES) {
        u32 place = chunk_take(q);
        chunk_at(q, s->tail - 1)->next = place + 1;
        s->tail = place + 1;
    }
    struct chunk *c = chunk_at(q, s->tail - 1);
    c->entries[c->count++] = *e;
}

static u32 slot_of(const struct queue_ring *ring, u64 at)
{
    return ring->from + (u32)(at & ((1u << ring->bits) - 1));
}

static void ring_add(struct queue *q, u32 r, const struct queue_entry *e)
{
    slot_add(q, slot_of(&q->rings[r], e->at_ns >> q->rings[r].down), e);
}

/* Into the finest ring of which the next coarser one has come to the slot in which it lies. */
static void wheel_add(struct queue *q, const struct queue_entry *e)
{
    u32 r = 0;

    while (r + 1 < QUEUE_RINGS && e->at_ns >> q->rings[r + 1].down != q->rings[r + 1].at)
        r++;
    ring_add(q, r, e);
}

/* The first bit from this one on that is set, before the end; UINT32_MAX: none. */
static u32 bit_next(const u64 *words, u32 from, u32 end)
{
    for (u32 word = from / 64; word * 64 < end; word++) {
        u64 bits = words[word];
        if (word == from / 64)
            bits &= ~(u64)0 << from % 64;
        if (bits != 0) {
            u32 bit = word * 64 + (u32)__builtin_ctzll((unsigned long long)bits);
            return bit < end ? bit : UINT32_MAX;
        }
    }
    return UINT32_MAX;
}

/* The first slot of a ring, from this one on, that is not empty; UINT32_MAX: none. */
static u32 slot_next(const struct queue *q, const struct queue_ring *ring, u32 from)
{
    const u64 *full = q->full.base;
    u32 end = ring->from + (1u << ring->bits), slot = ring->from + from;
    u32 near = slot / 64 * 64 + 64, found = bit_next(full, slot, near < end ? near : end);

    if (found == UINT32_MAX && near < end) {
        u32 word = bit_next(full + WORDS, near / 64, end / 64);
        found = word == UINT32_MAX ? UINT32_MAX : bit_next(full, word * 64, end);
    }
    return found == UINT32_MAX ? found : found - ring->from;
}

/* The ring goes on to its next slot that is not empty, of those that the coarser ring has come to;
 * false: there is none. */
static bool ring_go_on(struct queue *q, u32 r)
{
    struct queue_ring *ring = &q->rings[r];
    u64 base = ring->at >> ring->bits << ring->bits;
    u32 slot = slot_next(q, ring, (u32)(ring->at - base));

    if (slot == UINT32_MAX)
        return false;
    ring->at = base + slot;
    return true;
}

/* ---- the slot whose time has come ---- */

static void now_add(struct queue *q, const struct queue_entry *e)
{
    struct queue_entry *now = q->now.base;

    now[q->now.count++] = *e; /* no more than there are items */
    if (q->now.count < FETCH_ALL)
        __builtin_prefetch(node_at(q, e->item));
}

/* What lies in the slot to which ring r has come: one ring down, or sorted as `now`. */
static void slot_empty(struct queue *q, u32 r)
{
    u32 slot = slot_of(&q->rings[r], q->rings[r].at);
    struct slot *s = (struct slot *)q->slots.base + slot, was = *s;

    *s = (struct slot){0, 0};
    slot_mark(q, slot, false);
    for (u32 place = was.head; place != 0;) {
        struct chunk *c = chunk_at(q, place - 1);
        u32 next = c->next;
        for (u32 i = 0; i < c->count; i++) {
            if (r > 0)
                ring_add(q, r - 1, &c->entries[i]);
            else
                now_add(q, &c->entries[i]);
        }
        c->next = q->free_chunk;
        q->free_chunk = place;
        place = next;
    }
}

static void sort_run(const struct queue *q, struct queue_entry *e, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct queue_entry moved = e[i];
        size_t at = i;
        for (; at > 0 && before(q, &moved, &e[at - 1]); at--)
            e[at] = e[at - 1];
        e[at] = moved;
    }
}

static void merge(const struct queue *q, struct queue_entry *to, const struct queue_entry *a,
                  size_t n_a, const struct queue_entry *b, size_t n_b)
{
    while (n_a > 0 && n_b > 0) {
        bool second = before(q, b, a);
        *to++ = second ? *b : *a;
        b += second;
        n_b -= second;
        a += !second;
        n_a -= !second;
    }
    memcpy(to, n_a > 0 ? a : b, (n_a + n_b) * sizeof(*to));
}

/* A crowd at one instant or close to it: runs by insertion, then by merging to and fro. */
static void sort_crowd(const struct queue *q, struct queue_entry *e, struct queue_entry *spare,
                       size_t n)
{
    struct queue_entry *from = e, *to = spare;

    for (size_t i = 0; i < n; i += SORT_RUN)
        sort_run(q, e + i, n - i < SORT_RUN ? n - i : SORT_RUN);
    for (size_t run = SORT_RUN; run < n; run *= 2) {
        for (size_t i = 0; i < n; i += 2 * run) {
            size_t n_a = n - i < run ? n - i : run, rest = n - i - n_a;
            merge(q, to + i, from + i, n_a, from + i + n_a, rest < run ? rest : run);
        }
        struct queue_entry *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != e)
        memcpy(e, from, n * sizeof(*e));
}

/* Those from `first` on, which are one slot: spread by their time over about as many buckets as
 * there are entries, then bucket by bucket. */
static void now_sort(struct queue *q, size_t first)
{
    struct queue_entry *e = (struct queue_entry *)q->now.base + first, *spread = q->spare.base;
    size_t n = q->now.count - first;
    u32 ends[SORT_BUCKETS] = {0}, bits = 4, at = 0;

    if (n <= SORT_RUN) {
        sort_run(q, e, n);
        return;
    }
    while ((size_t)1 << bits < n && 1u << bits < SORT_BUCKETS)
        bits++;
    u32 shift = ring_shapes[0].down - bits, mask = (1u << bits) - 1;
    for (size_t i = 0; i < n; i++)
        ends[e[i].at_ns >> shift & mask]++;
    for (u32 b = 0; b <= mask; b++) {
        u32 count = ends[b];
        ends[b] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++)
        spread[ends[e[i].at_ns >> shift & mask]++] = e[i];
    memcpy(e, spread, n * sizeof(*e));
    for (u32 b = 0, from = 0; b <= mask; from = ends[b++]) {
        if (ends[b] - from > 2 * SORT_RUN)
            sort_crowd(q, e + from, spread, ends[b] - from);
        else if (ends[b] - from > 1)
            sort_run(q, e + from, ends[b] - from);
    }
}

/* The finest ring comes to its next slot that is not empty, coarser ones going on where it must. */
static void rings_go_on(struct queue *q)
{
    u32 r = 0;

    while (!ring_go_on(q, r)) {
        r++;
        check(r < QUEUE_RINGS); /* something is in it */
        q->rings[r].at++;       /* the slot to which it had come lies in the finer ones: all gone */
    }
    for (; r > 0; r--) {
        slot_empty(q, r);
        q->rings[r - 1].at = q->rings[r].at << q->rings[r - 1].bits;
        bool some = ring_go_on(q, r - 1);
        check(some);
    }
}

/* The next slot that is not empty becomes `now`, with those close after it. */
static void load(struct queue *q)
{
    struct queue_ring *fine = &q->rings[0];

    q->now.count = q->taken = 0;
    rings_go_on(q);
    u64 first = fine->at, last;
    do {
        size_t sorted = q->now.count;
        last = fine->at;
        slot_empty(q, 0);
        now_sort(q, sorted);
    } while (q->now.count < TOGETHER_EVENTS && ring_go_on(q, 0) &&
             fine->at - first < TOGETHER_SLOTS);
    fine->at = last;
    q->end_ns = (last << fine->down) + (((u64)1 << fine->down) - 1);
}

/* ---- what was put for it later ---- */

static void early_put(struct queue *q, const struct queue_entry *e)
{
    struct queue_entry *heap = q->early.base;
    size_t i = q->early.count++;

    while (i > 0 && before(q, e, &heap[(i - 1) / WAYS])) {
        heap[i] = heap[(i - 1) / WAYS];
        i = (i - 1) / WAYS;
    }
    heap[i] = *e;
}

static size_t least_child(const struct queue *q, size_t i)
{
    const struct queue_entry *heap = q->early.base;
    size_t first = WAYS * i + 1, least = first;

    for (size_t c = first + 1; c < first + WAYS && c < q->early.count; c++) {
        if (before(q, &heap[c], &heap[least]))
            least = c;
    }
    return least;
}

static struct queue_entry early_take(struct queue *q)
{
    struct queue_entry *heap = q->early.base, top = heap[0], last = heap[--q->early.count];
    size_t i = 0;

    while (WAYS * i + 1 < q->early.count) {
        size_t child = least_child(q, i);
        if (!before(q, &heap[child], &last))
            break;
        heap[i] = heap[child];
        i = child;
    }
    if (q->early.count > 0)
        heap[i] = last;
    return top;
}

/* ---- the queue ---- */

bool queue_put(struct queue *q, struct queue_key key, const struct queue_item *item)
{
    check(key_before(&q->last, &key)); /* never into the past, and no two are equal */
    u32 place = item_take(q);
    if (place == UINT32_MAX)
        return false;
    struct queue_node *n = node_at(q, place);
    n->item = *item;
    n->rank_low = (u32)key.rank;
    n->counter = key.counter;
    struct queue_entry e = {key.at_ns, (u32)(key.rank >> 32), place};
    if (key.at_ns > q->end_ns || q->end_ns == 0)
        wheel_add(q, &e);
    else
        early_put(q, &e);
    q->count++;
    return true;
}

u32 queue_count(const struct queue *q)
{
    return q->count;
}

/* The sorted ones have a first that is before all early ones; NULL: none is left of them. */
static const struct queue_entry *sorted_first(const struct queue *q)
{
    const struct queue_entry *now = (const struct queue_entry *)q->now.base + q->taken;

    if (q->taken == q->now.count ||
        (q->early.count > 0 && before(q, (const struct queue_entry *)q->early.base, now)))
        return NULL;
    return now;
}

static bool ready(struct queue *q)
{
    if (q->count > 0 && q->taken == q->now.count && q->early.count == 0)
        load(q);
    return q->count > 0;
}

const struct queue_key *queue_first(struct queue *q)
{
    if (!ready(q))
        return NULL;
    const struct queue_entry *e = sorted_first(q);
    q->first = key_of(q, e != NULL ? e : (const struct queue_entry *)q->early.base);
    return &q->first;
}

static struct queue_entry entry_take(struct queue *q)
{
    const struct queue_entry *e = sorted_first(q);

    if (e == NULL)
        return early_take(q);
    q->taken++;
    if (q->now.count - q->taken > FETCH_ITEMS)
        __builtin_prefetch(node_at(q, e[FETCH_ITEMS].item));
    return *e;
}

struct queue_key queue_take(struct queue *q, struct queue_item *item)
{
    bool some = ready(q);

    check(some);
    struct queue_entry e = entry_take(q);
    struct queue_key key = key_of(q, &e);
    check(key_before(&q->last, &key)); /* no two are equal */
    *item = node_at(q, e.item)->item;
    item_give(q, e.item);
    q->count--;
    q->last = key;
    return key;
}

u32 queue_soon(const struct queue *q, u32 ahead)
{
    const struct queue_entry *e = (const struct queue_entry *)q->now.base + q->taken + ahead;

    check(ahead <= QUEUE_SOON);
    return q->now.count - q->taken > ahead ? node_at(q, e->item)->item.to : UINT32_MAX;
}
