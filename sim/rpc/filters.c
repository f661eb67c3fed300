#include "sim/rpc/filters.h"

#include <stdlib.h>

void filter_remove(struct filter *one)
{
    query_free(&one->query);
    json_free(&one->removed);
    free(one->hashes);
    *one = (struct filter){0};
}

void filters_close(struct filters *f)
{
    for (u32 i = 0; i < FILTERS_MAX; i++)
        if (f->filter[i].id != 0)
            filter_remove(&f->filter[i]);
}

static bool is_over(const struct filter *one, u64 now_ms)
{
    return one->id != 0 && now_ms - one->used_ms > FILTER_UNUSED_MS;
}

struct filter *filters_add(struct filters *f, enum filter_kind kind, u64 now_ms)
{
    struct filter *place = NULL;

    for (u32 i = 0; i < FILTERS_MAX; i++) {
        struct filter *one = &f->filter[i];
        if (is_over(one, now_ms))
            filter_remove(one);
        if (one->id == 0 && place == NULL)
            place = one;
    }
    if (place != NULL)
        *place = (struct filter){.id = ++f->last_id,
                                 .kind = kind,
                                 .used_ms = now_ms,
                                 .removed = JSON(FILTER_REMOVED_MAX)};
    return place;
}

struct filter *filters_find(struct filters *f, u64 id, u64 now_ms)
{
    for (u32 i = 0; i < FILTERS_MAX; i++) {
        struct filter *one = &f->filter[i];
        if (one->id == 0 || one->id != id)
            continue;
        if (is_over(one, now_ms) || one->removed.failed) {
            filter_remove(one);
            return NULL;
        }
        one->used_ms = now_ms;
        return one;
    }
    return NULL;
}

/* False: no memory, or more than one may keep. */
static bool keep_hash(struct filter *one, const struct bytes32 *hash)
{
    if (one->hash_count == one->hash_room) {
        u32 room = one->hash_room == 0 ? 64 : 2 * one->hash_room;
        struct bytes32 *hashes =
            room > FILTER_HASHES_MAX ? NULL : realloc(one->hashes, room * sizeof(*hashes));
        if (hashes == NULL)
            return false;
        one->hashes = hashes;
        one->hash_room = room;
    }
    one->hashes[one->hash_count++] = *hash;
    return true;
}

void filters_pending(struct filters *f, const struct bytes32 *hash, u64 now_ms)
{
    for (u32 i = 0; i < FILTERS_MAX; i++) {
        struct filter *one = &f->filter[i];
        if (one->id == 0 || one->kind != FILTER_PENDING)
            continue;
        if (is_over(one, now_ms) || !keep_hash(one, hash))
            filter_remove(one);
    }
}
