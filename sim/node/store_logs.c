/* store_logs - Solidity logs, and who looks for some of them.
 *
 * Table hit says in which blocks a log has a given address, or a given topic at a given position:
 * one row for each block, whatever the number of logs.  A filter asks for some of them in each of a
 * few positions.  The search goes from block to block: each position is asked for its next block
 * from here on, the latest of the answers is the next place to ask the others for, and where all
 * agree the block's logs are looked at one by one.  So its cost is that of the rarest position, and
 * a chain of a million blocks is not gone through.  Keys are hashes: equal ones of different
 * topics only cost a look.
 *
 * Keys are as good as random, and a tree of all of them would have another page in hand for each
 * row that is put.  So hits lie in segments of some ten thousand, each of so many whole blocks:
 * rows are put where pages are at hand, and a search looks into one segment after another.
 */
#include "sim/node/store_parts.h"

#include "protocol/hash.h"

#include <stdlib.h>
#include <string.h>

#define ROW_BYTES (4u + 32u + ADDRESS_BYTES + DOOR_TOPICS_MAX * 32u)
#define NO_BLOCK UINT64_MAX
#define SEGMENT_HITS 16384u

/* ---- rows ---- */

static struct slice encode(u8 bytes[ROW_BYTES], const struct node_log *l)
{
    struct writer w = {bytes, ROW_BYTES};

    put_u32(&w, l->tx_index);
    put_bytes(&w, l->tx_hash.byte, sizeof(l->tx_hash.byte));
    put_bytes(&w, l->log.address.byte, sizeof(l->log.address.byte));
    for (u32 i = 0; i < l->log.topic_count; i++)
        put_bytes(&w, l->log.topics[i].byte, sizeof(l->log.topics[i].byte));
    return SLICE(bytes, ROW_BYTES - w.left);
}

static bool read_log(struct store *s, sqlite3_stmt *stmt, struct node_log *out)
{
    struct slice row = store_column_bytes(stmt, 2);
    struct reader r = {row.at, row.n, true};

    *out = (struct node_log){.block = store_column_u64(stmt, 0),
                             .index = (u32)store_column_u64(stmt, 1),
                             .tx_index = get_u32(&r)};
    get_bytes(&r, out->tx_hash.byte, sizeof(out->tx_hash.byte));
    get_bytes(&r, out->log.address.byte, sizeof(out->log.address.byte));
    for (; r.left > 0 && r.ok && out->log.topic_count < DOOR_TOPICS_MAX; out->log.topic_count++)
        get_bytes(&r, out->log.topics[out->log.topic_count].byte, 32);
    out->log.data = store_column_bytes(stmt, 3);
    return (r.ok && r.left == 0) || store_failed_as(s, "is damaged: a log cannot be read");
}

static u64 key_of(u32 position, const u8 *bytes, size_t n)
{
    return hash_bytes(hash_mix(HASH_START, position), bytes, n) | 1; /* 0 is none */
}

/* Keys of a log by position; how many. */
static u32 keys_of(const struct door_log *l, u64 keys[STORE_POSITIONS])
{
    keys[0] = key_of(0, l->address.byte, sizeof(l->address.byte));
    for (u32 i = 0; i < l->topic_count; i++)
        keys[i + 1] = key_of(i + 1, l->topics[i].byte, sizeof(l->topics[i].byte));
    return l->topic_count + 1;
}

/* ---- hits ---- */

void store_learn_segment(struct store *s)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_SEGMENT_LAST);

    s->segment = (struct store_segment){.any = store_row(s, stmt)};
    if (s->segment.any) {
        s->segment.start = store_column_u64(stmt, 0);
        s->segment.hits = store_column_u64(stmt, 1);
        s->segment.block = store_column_u64(stmt, 2);
    }
    store_release(s);
}

/* A segment that is full goes on to the end of its block. */
static bool want_segment(struct store *s, u64 block)
{
    struct store_segment *g = &s->segment;
    sqlite3_stmt *stmt = store_statement(s, STORE_SEGMENT_PUT);

    check(!g->any || block >= g->block);
    if (!g->any || (g->hits >= SEGMENT_HITS && block > g->block)) {
        *g = (struct store_segment){.start = block, .any = true};
        store_bind_u64(s, stmt, 1, block);
        if (!store_run(s, stmt))
            return false;
    }
    g->block = block;
    return true;
}

static bool put_hit(struct store *s, u32 position, struct store_hit h)
{
    struct store_hit *last = &s->segment.last[position];
    sqlite3_stmt *stmt = store_statement(s, STORE_HIT_PUT);

    if (last->key == h.key && last->block == h.block)
        return true;
    store_bind_u64(s, stmt, 1, s->segment.start);
    store_bind_u64(s, stmt, 2, h.key);
    store_bind_u64(s, stmt, 3, h.block);
    *last = h;
    s->segment.hits++;
    return store_run(s, stmt);
}

bool store_put_log(struct store *s, const struct node_log *l)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_LOG_PUT);
    u64 keys[STORE_POSITIONS];
    u8 row[ROW_BYTES];

    check(l->block <= STORE_NUMBER_MAX && l->log.topic_count <= DOOR_TOPICS_MAX);
    store_bind_u64(s, stmt, 1, l->block);
    store_bind_u64(s, stmt, 2, l->index);
    store_bind_bytes(s, stmt, 3, encode(row, l));
    store_bind_bytes(s, stmt, 4, l->log.data);
    if (!store_run(s, stmt) || !want_segment(s, l->block))
        return false;
    for (u32 i = 0, n = keys_of(&l->log, keys); i < n; i++)
        if (!put_hit(s, i, (struct store_hit){keys[i], l->block}))
            return false;
    return true;
}

bool store_cut_logs(struct store *s, u64 number)
{
    static const enum store_statement cuts[] = {STORE_LOG_CUT, STORE_HIT_CUT, STORE_SEGMENT_CUT};

    for (u32 i = 0; i < ARRAY_LEN(cuts); i++) {
        sqlite3_stmt *stmt = store_statement(s, cuts[i]);
        store_bind_u64(s, stmt, 1, number);
        if (!store_run(s, stmt))
            return false;
    }
    store_learn_segment(s);
    return !s->failed;
}

/* ---- what a filter takes (rpc.md 3: null = any, beyond the log's topics = no match) ---- */

static bool takes_topic(const struct bytes32 *any_of, u32 count, const struct bytes32 *topic)
{
    for (u32 i = 0; i < count; i++)
        if (memcmp(any_of[i].byte, topic->byte, sizeof(topic->byte)) == 0)
            return true;
    return count == 0;
}

static bool takes(const struct node_filter *f, const struct door_log *l)
{
    bool address = f->address_count == 0;

    for (u32 i = 0; i < f->address_count && !address; i++)
        address = address_equal(f->addresses[i], l->address);
    if (!address || f->topic_count > l->topic_count)
        return false;
    for (u32 i = 0; i < f->topic_count; i++)
        if (!takes_topic(f->topics[i].any_of, f->topics[i].count, &l->topics[i]))
            return false;
    return true;
}

/* ---- the search ---- */

/* What one position may be: each key with its next block that is known. */
struct wish {
    struct store_hit *any_of;
    u32 count;
};

struct search {
    struct store *s;
    struct wish wishes[STORE_POSITIONS];
    u32 count;
    struct store_hit *hits, *free; /* of all wishes, the heap's; the rest of it */
};

static u64 next_hit(struct store *s, u64 key, u64 from)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_HIT_NEXT);

    if (from > STORE_NUMBER_MAX)
        return NO_BLOCK;
    store_bind_u64(s, stmt, 1, key);
    store_bind_u64(s, stmt, 2, from);
    u64 block = store_row(s, stmt) ? store_column_u64(stmt, 0) : NO_BLOCK;
    store_release(s);
    return block;
}

/* The least block from here on in which the wish is fulfilled. */
static u64 next_of_wish(struct search *q, struct wish *w, u64 from)
{
    u64 least = NO_BLOCK;

    for (u32 i = 0; i < w->count; i++) {
        struct store_hit *h = &w->any_of[i];
        if (h->block < from)
            h->block = next_hit(q->s, h->key, from);
        if (h->block < least)
            least = h->block;
    }
    return least;
}

/* The least block from here on in which every wish is. */
static u64 next_of_all(struct search *q, u64 from)
{
    for (u32 i = 0, agreed = 0; agreed < q->count; i = (i + 1) % q->count) {
        u64 next = next_of_wish(q, &q->wishes[i], from);
        if (next == NO_BLOCK)
            return NO_BLOCK;
        agreed = next == from ? agreed + 1 : 1;
        from = next;
    }
    return from;
}

/* A wish for one of count keys, the bytes of which are n each, one after another. */
static void add_wish(struct search *q, u32 position, const u8 *bytes, u32 count, size_t n, u64 from)
{
    struct store_hit *hits = q->free;

    q->free += count;
    for (u32 i = 0; i < count; i++) {
        u64 key = key_of(position, bytes + i * n, n);
        hits[i] = (struct store_hit){key, next_hit(q->s, key, from)};
    }
    q->wishes[q->count++] = (struct wish){hits, count};
}

static bool search_open(struct search *q, struct store *s, const struct node_filter *f)
{
    size_t keys = f->address_count;

    for (u32 i = 0; i < f->topic_count; i++)
        keys += f->topics[i].count;
    *q = (struct search){.s = s, .hits = calloc(keys + 1, sizeof(*q->hits))};
    if (q->hits == NULL)
        return store_failed_as(s, "out of memory");
    q->free = q->hits;
    if (f->address_count > 0)
        add_wish(q, 0, f->addresses->byte, f->address_count, sizeof(*f->addresses), f->from);
    for (u32 i = 0; i < f->topic_count; i++)
        if (f->topics[i].count > 0)
            add_wish(q, i + 1, f->topics[i].any_of->byte, f->topics[i].count,
                     sizeof(struct bytes32), f->from);
    return true;
}

/* False: the visitor wants no more. */
static bool visit_blocks(struct store *s, const struct node_filter *f, u64 from, u64 to,
                         bool (*visit)(void *about, const struct node_log *log), void *about)
{
    sqlite3_stmt *stmt = store_visit(s, STORE_LOG_RANGE);
    struct node_log l;
    bool more = stmt != NULL;

    if (more) {
        store_bind_u64(s, stmt, 1, from);
        store_bind_u64(s, stmt, 2, to);
    }
    while (more && store_visit_row(s, stmt)) {
        more = read_log(s, stmt, &l);
        if (more && takes(f, &l.log))
            more = visit(about, &l);
    }
    if (stmt != NULL)
        store_visit_end(s, STORE_LOG_RANGE, stmt);
    return more;
}

void store_logs(struct store *s, const struct node_filter *f,
                bool (*visit)(void *about, const struct node_log *log), void *about)
{
    u64 to = f->to < STORE_NUMBER_MAX ? f->to : STORE_NUMBER_MAX;
    struct search q;

    store_release(s);
    if (f->from > to || f->topic_count > DOOR_TOPICS_MAX || !search_open(&q, s, f))
        return;
    if (q.count == 0)
        (void)visit_blocks(s, f, f->from, to, visit, about);
    else
        for (u64 at = next_of_all(&q, f->from);
             at <= to && visit_blocks(s, f, at, at, visit, about); at++, at = next_of_all(&q, at))
            ;
    free(q.hits);
}
