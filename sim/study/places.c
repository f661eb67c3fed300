/* places - an index by id, a pool of rows, a list of the free ones. */
#include "sim/study/places.h"

#include <string.h>

bool places_open(struct places *p, const char *what, size_t unit, size_t limit, size_t ids)
{
    memset(p, 0, sizeof *p);
    if (reserve_open(&p->index, what, sizeof(u32), ids) &&
        reserve_open(&p->rows, what, unit, limit) &&
        reserve_open(&p->next, what, sizeof(u32), limit))
        return true;
    places_close(p);
    return false;
}

void places_close(struct places *p)
{
    reserve_close(&p->index);
    reserve_close(&p->rows);
    reserve_close(&p->next);
}

static void *row_at(const struct places *p, u32 place)
{
    return (u8 *)p->rows.base + (place - 1) * p->rows.unit;
}

void *places_add(struct places *p, u64 id)
{
    u32 *index, *next = p->next.base, place = p->free;

    if (!reserve_reach(&p->index, id + 1))
        return NULL;
    if (place != 0) {
        p->free = next[place - 1];
    } else {
        if (!reserve_grow(&p->rows, 1) || !reserve_grow(&p->next, 1))
            return NULL;
        place = (u32)p->rows.count;
    }
    index = p->index.base;
    check(index[id] == 0);
    index[id] = place;
    memset(row_at(p, place), 0, p->rows.unit);
    return row_at(p, place);
}

void *places_find(const struct places *p, u64 id)
{
    const u32 *index = p->index.base;

    return id < p->index.count && index[id] != 0 ? row_at(p, index[id]) : NULL;
}

void places_drop(struct places *p, u64 id)
{
    u32 *index = p->index.base, *next = p->next.base;
    u32 place = id < p->index.count ? index[id] : 0;

    check(place != 0);
    index[id] = 0;
    memset(row_at(p, place), 0, p->rows.unit); /* who goes through the rows sees zeroes */
    next[place - 1] = p->free;
    p->free = place;
}
