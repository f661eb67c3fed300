#include "sim/node/index.h"

#include "protocol/hash.h"

#include <stdlib.h>
#include <string.h>

u64 index_key(const u8 *bytes, size_t n)
{
    return hash_bytes(HASH_START, bytes, n);
}

static void empty(struct index_cell *cells, size_t cap)
{
    for (size_t i = 0; i < cap; i++)
        cells[i].place = INDEX_NONE;
}

static void settle(struct index_cell *cells, size_t cap, struct index_cell c)
{
    size_t at = (size_t)c.key & (cap - 1);

    while (cells[at].place != INDEX_NONE)
        at = (at + 1) & (cap - 1);
    cells[at] = c;
}

/* At most two thirds full. */
static bool grow(struct index *x)
{
    size_t cap = x->cap == 0 ? 64 : x->cap * 2;
    struct index_cell *cells;

    if (x->cap != 0 && (x->used + 1) * 3 <= x->cap * 2)
        return true;
    cells = calloc(cap, sizeof(*cells));
    if (cells == NULL)
        return false;
    empty(cells, cap);
    for (size_t i = 0; i < x->cap; i++) {
        if (x->cells[i].place != INDEX_NONE)
            settle(cells, cap, x->cells[i]);
    }
    free(x->cells);
    x->cells = cells;
    x->cap = cap;
    return true;
}

bool index_put(struct index *x, u64 key, u32 place)
{
    check(place != INDEX_NONE);
    if (!grow(x))
        return false;
    settle(x->cells, x->cap, (struct index_cell){key, place, 0});
    x->used++;
    return true;
}

static u32 look(const struct index *x, u64 key, size_t *at)
{
    for (; x->cells[*at].place != INDEX_NONE; *at = (*at + 1) & (x->cap - 1)) {
        if (x->cells[*at].key == key)
            return x->cells[*at].place;
    }
    return INDEX_NONE;
}

u32 index_first(const struct index *x, u64 key, size_t *at)
{
    if (x->cap == 0)
        return INDEX_NONE;
    *at = (size_t)key & (x->cap - 1);
    return look(x, key, at);
}

u32 index_next(const struct index *x, u64 key, size_t *at)
{
    *at = (*at + 1) & (x->cap - 1);
    return look(x, key, at);
}

/* Cells behind a gap move up, so that a search never stops too early. */
static void close_gap(struct index *x, size_t gap)
{
    size_t mask = x->cap - 1;

    for (size_t at = (gap + 1) & mask; x->cells[at].place != INDEX_NONE; at = (at + 1) & mask) {
        size_t home = (size_t)x->cells[at].key & mask;
        if (((at - home) & mask) < ((at - gap) & mask))
            continue; /* its way does not lead over the gap */
        x->cells[gap] = x->cells[at];
        gap = at;
    }
    x->cells[gap].place = INDEX_NONE;
}

void index_drop(struct index *x, u64 key, u32 place)
{
    size_t at = 0;
    u32 found = index_first(x, key, &at);

    while (found != INDEX_NONE && found != place)
        found = index_next(x, key, &at);
    check(found == place);
    close_gap(x, at);
    x->used--;
}

void index_clear(struct index *x)
{
    empty(x->cells, x->cap);
    x->used = 0;
}

void index_free(struct index *x)
{
    free(x->cells);
    *x = (struct index){0};
}
