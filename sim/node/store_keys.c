/* store_keys - where the transaction of a hash is: the first 8 bytes of the hash, its block and its
 * place there.
 *
 * As with hits (store_hits.c) the latest ones wait in memory and go to the database many at once,
 * sorted, but into one tree, for a hash is looked up more often than a topic.  They wait in parts,
 * by their first bits, each of which goes to its own pages in its turn, so that nobody waits long
 * for that.  A part goes on right behind the last of its own that is in the database.
 */
#include "sim/node/store_parts.h"

#include <stdlib.h>

#define TURN_KEYS (STORE_KEYS_MAX / 2) /* after so many another part has its turn */

struct store_keys *store_key_part(struct store *s, u64 key)
{
    return &s->keys[key / (UINT64_MAX / STORE_KEY_PARTS + 1)];
}

bool store_key_before(struct store_key_at a, struct store_key_at b)
{
    return a.block != b.block ? a.block < b.block : a.place < b.place;
}

/* ---- out of memory, into the database ---- */

static int by_key(const void *a, const void *b)
{
    i64 x = (i64)((const struct store_key_at *)a)->key;
    i64 y = (i64)((const struct store_key_at *)b)->key;

    return x < y ? -1 : x > y;
}

/* All of the part before `next` are in the database. */
static bool put_next(struct store *s, struct store_keys *k, struct store_key_at next)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_KEYED_PUT);

    k->next = next;
    store_bind_u64(s, stmt, 1, (u64)(k - s->keys));
    store_bind_u64(s, stmt, 2, next.block);
    store_bind_u64(s, stmt, 3, next.place);
    return store_run(s, stmt);
}

static bool put_tail(struct store *s, struct store_keys *k)
{
    struct store_key_at next = k->tail[k->count - 1];
    sqlite3_stmt *stmt = store_statement(s, STORE_KEY_PUT);

    next.place++;
    qsort(k->tail, k->count, sizeof(*k->tail), by_key);
    for (u32 i = 0; i < k->count; i++) {
        store_bind_u64(s, stmt, 1, k->tail[i].key);
        store_bind_u64(s, stmt, 2, k->tail[i].block);
        store_bind_u64(s, stmt, 3, k->tail[i].place);
        if (!store_run(s, stmt))
            return false;
    }
    k->count = 0;
    return put_next(s, k, next);
}

bool store_add_key(struct store *s, struct store_key_at at)
{
    struct store_keys *k = store_key_part(s, at.key);

    check(!store_key_before(at, k->count > 0 ? k->tail[k->count - 1] : k->next));
    if (k->count == STORE_KEYS_MAX && !put_tail(s, k))
        return false;
    k->tail[k->count++] = at;
    if (++s->keys_added % TURN_KEYS != 0)
        return true;
    struct store_keys *turn = &s->keys[s->keys_added / TURN_KEYS % STORE_KEY_PARTS];
    return turn->count == 0 || put_tail(s, turn);
}

/* ---- what waits ---- */

bool store_find_key(struct store *s, u64 key, u32 *from, struct store_key_at *out)
{
    const struct store_keys *k = store_key_part(s, key);

    for (; *from < k->count; ++*from)
        if (k->tail[*from].key == key) {
            *out = k->tail[(*from)++];
            return true;
        }
    return false;
}

static bool key_of_row(struct store *s, sqlite3_stmt *stmt, struct store_key_at *out)
{
    struct slice hash = store_column_bytes(stmt, 0);
    struct reader r = {hash.at, hash.n, true};
    u64 place = store_column_u64(stmt, 2);

    *out = (struct store_key_at){
        .key = get_u64(&r), .block = store_column_u64(stmt, 1), .place = (u32)place};
    return (r.ok && place < UINT32_MAX) ||
           store_failed_as(s, "is damaged: a transaction has no place");
}

void store_learn_keyed(struct store *s)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_KEYED_ALL);

    for (u32 i = 0; i < STORE_KEY_PARTS; i++) {
        s->keys[i].count = 0;
        s->keys[i].next = (struct store_key_at){.block = 0};
    }
    while (store_visit_row(s, stmt)) {
        u64 part = store_column_u64(stmt, 0), block = store_column_u64(stmt, 1);
        if (block > (s->end.block == STORE_NO_BLOCK ? 0 : s->end.block))
            store_damaged(s, "table keyed: hashes are indexed beyond the last block");
        if (part >= STORE_KEY_PARTS || store_column_u64(stmt, 2) > UINT32_MAX)
            store_damaged(s, "table keyed: it has a row that is none");
        else
            s->keys[part].next = (struct store_key_at){.block = store_column_u64(stmt, 1),
                                                       .place = (u32)store_column_u64(stmt, 2)};
    }
    store_visit_end(s, STORE_KEYED_ALL, stmt);
}

/* The first place from which on some part has none in the database. */
static struct store_key_at first_next(const struct store *s)
{
    struct store_key_at first = s->keys[0].next;

    for (u32 i = 1; i < STORE_KEY_PARTS; i++)
        if (store_key_before(s->keys[i].next, first))
            first = s->keys[i].next;
    return first;
}

void store_learn_keys(struct store *s)
{
    store_learn_keyed(s);
    struct store_key_at at = first_next(s), before = at;
    sqlite3_stmt *stmt = store_statement(s, STORE_KEY_FROM);

    store_bind_u64(s, stmt, 1, at.block);
    store_bind_u64(s, stmt, 2, at.place);
    while (!s->failed && store_visit_row(s, stmt) && key_of_row(s, stmt, &at)) {
        if (store_key_before(at, before)) {
            store_damaged(s, "table tx: its rows are not in order");
            break;
        }
        before = at;
        if (at.block + 1 > s->end.block + 1) /* of no block: 0 */
            store_damaged(s, "table tx: it goes on behind the last block");
        if (!store_key_before(at, store_key_part(s, at.key)->next) && !store_add_key(s, at))
            break;
    }
    store_visit_end(s, STORE_KEY_FROM, stmt);
}

/* ---- cut ---- */

/* Those of blocks above this one leave the database. */
static bool drop_keys(struct store *s, u64 number)
{
    sqlite3_stmt *all = store_visit(s, STORE_KEY_FROM);
    struct store_key_at at;

    if (all == NULL)
        return false;
    store_bind_u64(s, all, 1, number + 1);
    store_bind_u64(s, all, 2, 0);
    while (!s->failed && store_visit_row(s, all) && key_of_row(s, all, &at)) {
        sqlite3_stmt *stmt = store_statement(s, STORE_KEY_DROP);
        store_bind_u64(s, stmt, 1, at.key);
        store_bind_u64(s, stmt, 2, at.block);
        store_bind_u64(s, stmt, 3, at.place);
        if (store_key_before(at, store_key_part(s, at.key)->next) && !store_run(s, stmt))
            break;
    }
    store_visit_end(s, STORE_KEY_FROM, all);
    return !s->failed;
}

/* Of this part nothing is in the database any more. */
static bool drop_next(struct store *s, struct store_keys *k)
{
    sqlite3_stmt *stmt = store_statement(s, STORE_KEYED_DROP);

    k->next = (struct store_key_at){.block = 0};
    store_bind_u64(s, stmt, 1, (u64)(k - s->keys));
    return store_run(s, stmt);
}

/* Parts that went on above it go on behind their last one that stays. */
static bool lower_next(struct store *s, u64 number)
{
    const struct store_key_at end = {.block = number + 1};
    sqlite3_stmt *back = store_visit(s, STORE_KEY_BACK);
    bool low[STORE_KEY_PARTS];
    struct store_key_at at;
    u32 count = 0;

    if (back == NULL)
        return false;
    for (u32 i = 0; i < STORE_KEY_PARTS; i++)
        count += low[i] = store_key_before(end, s->keys[i].next);
    store_bind_u64(s, back, 1, number);
    while (count > 0 && !s->failed && store_visit_row(s, back) && key_of_row(s, back, &at)) {
        struct store_keys *k = store_key_part(s, at.key);
        at.place++;
        if (low[k - s->keys] && !put_next(s, k, at))
            break;
        count -= low[k - s->keys];
        low[k - s->keys] = false;
    }
    store_visit_end(s, STORE_KEY_BACK, back);
    for (u32 i = 0; i < STORE_KEY_PARTS; i++)
        if (low[i] && !drop_next(s, &s->keys[i]))
            return false;
    return !s->failed;
}

bool store_cut_keys(struct store *s, u64 number)
{
    if (!drop_keys(s, number) || !lower_next(s, number))
        return false;
    for (u32 i = 0; i < STORE_KEY_PARTS; i++) {
        struct store_keys *k = &s->keys[i];
        while (k->count > 0 && k->tail[k->count - 1].block > number)
            k->count--;
    }
    return true;
}
