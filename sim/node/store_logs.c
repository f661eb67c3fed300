/* store_logs - Solidity logs, and who looks for some of them.
 *
 * A filter asks for some addresses or topics in each of a few positions.  The search goes from
 * block to block: each position is asked for its next block from here on (store_hits.c), the latest
 * of the answers is the next place to ask the others for, and where all agree the block's logs are
 * looked at one by one.  So its cost is that of the rarest position, and a chain of a million
 * blocks is not gone through.  Equal keys of different topics only cost a look.
 */
#include "sim/node/store_parts.h"

#include "protocol/hash.h"

#include <stdlib.h>
#include <string.h>

#define ROW_BYTES (4u + 32u + ADDRESS_BYTES + DOOR_TOPICS_MAX * 32u)

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

static bool add_hits(struct store *s, const struct node_log *l)
{
    u64 keys[STORE_POSITIONS];

    if (!store_begin_hits(s, l->block))
        return false;
    for (u32 i = 0, n = keys_of(&l->log, keys); i < n; i++)
        if (!store_add_hit(s, i, (struct store_hit){keys[i], l->block}))
            return false;
    return true;
}

bool store_put_log(struct store *s, const struct node_log *l)
{
    u8 row[ROW_BYTES];

    check(l->block <= STORE_NUMBER_MAX && l->log.topic_count <= DOOR_TOPICS_MAX);
    const struct store_cell cells[] = {STORE_NUMBER(l->block), STORE_NUMBER(l->index),
                                       STORE_BYTES(encode(row, l)), STORE_BYTES(l->log.data)};
    return store_put_row(s, STORE_LOGS, cells, ARRAY_LEN(cells)) && add_hits(s, l);
}

static sqlite3_stmt *visit_range(struct store *s, u64 from, u64 to)
{
    sqlite3_stmt *stmt = store_visit(s, STORE_LOG_RANGE);

    if (stmt != NULL) {
        store_bind_u64(s, stmt, 1, from);
        store_bind_u64(s, stmt, 2, to);
    }
    return stmt;
}

/* The hits that wait follow from the logs behind the last segment. */
void store_learn_logs(struct store *s)
{
    struct node_log l;
    u64 before = 0;

    store_learn_segments(s);
    if (s->hits.next > STORE_NUMBER_MAX)
        return; /* damaged, and nobody goes on from it */
    sqlite3_stmt *stmt = visit_range(s, s->hits.next, STORE_NUMBER_MAX);
    if (stmt == NULL)
        return;
    while (store_visit_row(s, stmt) && read_log(s, stmt, &l)) {
        if (l.block < s->hits.next || l.block < before) {
            store_damaged(s, "table log: its rows are not in order");
            break;
        }
        before = l.block;
        if (!add_hits(s, &l))
            break;
        if (l.block + 1 > s->end.block + 1) /* of no block: 0 */
            store_damaged(s, "table log: it goes on behind the last block");
    }
    store_visit_end(s, STORE_LOG_RANGE, stmt);
}

bool store_cut_logs(struct store *s, u64 number)
{
    static const enum store_statement cut[] = {STORE_LOG_CUT};

    return store_cut_each(s, cut, 1, number) && store_cut_hits(s, number);
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

/* The least block from here on in which the wish is fulfilled. */
static u64 next_of_wish(struct search *q, struct wish *w, u64 from)
{
    u64 least = STORE_NO_BLOCK;

    for (u32 i = 0; i < w->count; i++) {
        struct store_hit *h = &w->any_of[i];
        if (h->block < from)
            h->block = store_next_hit(q->s, h->key, from);
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
        if (next == STORE_NO_BLOCK)
            return STORE_NO_BLOCK;
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
        hits[i] = (struct store_hit){key, store_next_hit(q->s, key, from)};
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
    sqlite3_stmt *stmt = visit_range(s, from, to);
    struct node_log l;
    bool more = stmt != NULL;

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
