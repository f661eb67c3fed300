/* store_hits - in which blocks a log has a given address, or a given topic at a given position.
 *
 * Keys are hashes, as good as random: a tree of all of them would have another page in hand for
 * each row that is put.  So the latest hits wait in memory, in order of block, and go to the
 * database some thousand at once, sorted, as a segment of so many whole blocks.  Nothing is
 * lost with those in memory: they follow from the logs (store_logs.c).  A search looks into one
 * segment after another and then into what waits.
 */
#include "sim/node/store_parts.h"

#include <stdlib.h>
#include <string.h>

#define SEGMENT_HITS 8192u

void store_learn_segments(struct store *s)
{
    struct store_hits *h = &s->hits;

    h->count = 0;
    memset(h->last, 0, sizeof(h->last));
    h->next = store_count(s, STORE_SEGMENT_NEXT);
    store_release(s);
    if (h->next > s->end.block + 1) /* of no block: 0 */
        store_damaged(s, "table segment: logs are indexed beyond the last block");
}

static bool room_for_one(struct store *s)
{
    struct store_hits *h = &s->hits;
    size_t room = h->room == 0 ? SEGMENT_HITS : h->room * 2;

    if (h->count < h->room)
        return true;
    struct store_hit *tail = realloc(h->tail, room * sizeof(*tail));
    if (tail == NULL)
        return store_failed_as(s, "out of memory");
    h->tail = tail;
    h->room = room;
    return true;
}

bool store_add_hit(struct store *s, u32 position, struct store_hit hit)
{
    struct store_hits *h = &s->hits;
    struct store_hit *last = &h->last[position];

    if (last->key == hit.key && last->block == hit.block)
        return true;
    if (!room_for_one(s))
        return false;
    *last = hit;
    h->tail[h->count++] = hit;
    return true;
}

static int by_key(const void *a, const void *b)
{
    const struct store_hit *x = a, *y = b;

    if (x->key != y->key)
        return (i64)x->key < (i64)y->key ? -1 : 1; /* the order of the database */
    return x->block < y->block ? -1 : x->block > y->block;
}

bool store_put_segment(struct store *s)
{
    struct store_hits *h = &s->hits;
    u64 start = h->tail[0].block, next = h->tail[h->count - 1].block + 1;
    const struct store_cell segment[] = {STORE_NUMBER(start), STORE_NUMBER(next)};

    qsort(h->tail, h->count, sizeof(*h->tail), by_key);
    if (!store_put_row(s, STORE_SEGMENTS, segment, ARRAY_LEN(segment)))
        return false;
    for (size_t i = 0; i < h->count; i++) {
        const struct store_hit *hit = &h->tail[i];
        const struct store_cell cells[] = {STORE_NUMBER(start), STORE_NUMBER(hit->key),
                                           STORE_NUMBER(hit->block)};
        if ((i == 0 || by_key(hit - 1, hit) != 0) &&
            !store_put_row(s, STORE_HITS, cells, ARRAY_LEN(cells)))
            return false;
    }
    h->count = 0;
    h->next = next;
    return true;
}

bool store_begin_hits(struct store *s, u64 block)
{
    struct store_hits *h = &s->hits;

    check(block >= h->next && (h->count == 0 || block >= h->tail[h->count - 1].block));
    if (s->audit != NULL)
        return store_audit_hits(s, block);
    if (h->count < SEGMENT_HITS || block == h->tail[h->count - 1].block)
        return true;
    return store_put_segment(s);
}

/* The first that waits with a block from here on. */
static size_t first_from(const struct store_hits *h, u64 from)
{
    size_t low = 0, high = h->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->tail[middle].block < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

u64 store_next_hit(struct store *s, u64 key, u64 from)
{
    const struct store_hits *h = &s->hits;
    u64 block = STORE_NO_BLOCK;

    if (from < h->next) {
        sqlite3_stmt *stmt = store_statement(s, STORE_HIT_NEXT);
        store_bind_u64(s, stmt, 1, key);
        store_bind_u64(s, stmt, 2, from);
        block = store_row(s, stmt) ? store_column_u64(stmt, 0) : STORE_NO_BLOCK;
        store_release(s);
    }
    for (size_t i = first_from(h, from); i < h->count && block == STORE_NO_BLOCK; i++)
        if (h->tail[i].key == key)
            block = h->tail[i].block;
    return block;
}

bool store_cut_hits(struct store *s, u64 number)
{
    static const enum store_statement cuts[] = {STORE_HIT_CUT, STORE_SEGMENT_CUT,
                                                STORE_SEGMENT_SHORTEN};
    struct store_hits *h = &s->hits;

    while (h->count > 0 && h->tail[h->count - 1].block > number)
        h->count--;
    memset(h->last, 0, sizeof(h->last));
    if (h->next <= number + 1)
        return true;
    h->next = number + 1;
    return store_cut_each(s, cuts, ARRAY_LEN(cuts), number);
}
