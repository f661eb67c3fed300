#include "sim/live/trail.h"

#include <stdlib.h>
#include <string.h>

static u64 mark_of(const struct bytes32 *hash)
{
    u64 mark;

    memcpy(&mark, hash->byte, sizeof(mark));
    return mark;
}

void trail_close(struct trail *t)
{
    free(t->marks);
    *t = (struct trail){0};
}

static void make_room(struct trail *t)
{
    if (t->count < t->cap)
        return;
    if (t->cap == TRAIL_MOST) {
        u32 half = t->count / 2;
        memmove(t->marks, t->marks + half, (t->count - half) * sizeof(*t->marks));
        t->first += half;
        t->count -= half;
        return;
    }
    t->cap = t->cap == 0 ? 256 : t->cap * 2;
    t->marks = realloc(t->marks, t->cap * sizeof(*t->marks));
    check(t->marks != NULL);
}

void trail_add(struct trail *t, u64 block, const struct bytes32 *hash)
{
    if (t->count == 0 || block != t->first + t->count) {
        t->first = block;
        t->count = 0;
    }
    make_room(t);
    t->marks[t->count++] = mark_of(hash);
}

bool trail_has(const struct trail *t, u64 block)
{
    return block >= t->first && block - t->first < t->count;
}

bool trail_is(const struct trail *t, u64 block, const struct bytes32 *hash)
{
    return trail_has(t, block) && t->marks[block - t->first] == mark_of(hash);
}

void trail_cut(struct trail *t, u64 block)
{
    if (block < t->first)
        t->count = 0;
    else if (block - t->first + 1 < t->count)
        t->count = (u32)(block - t->first + 1);
}
