#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "sim/engine/reserve.h"

#include <string.h>
#include <sys/mman.h>

bool reserve_open(struct reserve *r, const char *what, size_t unit, size_t limit)
{
    size_t bytes;

    *r = (struct reserve){.unit = unit, .limit = limit, .what = what};
    if (limit == 0)
        return true;
    if (__builtin_mul_overflow(unit, limit, &bytes))
        return false;
    void *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return false;
    r->base = base;
    return true;
}

void reserve_close(struct reserve *r)
{
    if (r->base != NULL)
        munmap(r->base, r->unit * r->limit);
    *r = (struct reserve){.what = r->what};
}

#define LARGE_PAGE ((size_t)2 << 20)
#define LARGE_FROM (2 * LARGE_PAGE) /* small ones would waste most of a large page */

/* A wish: without large pages all is the same but slower. */
static void ask_for_large(struct reserve *r, size_t to)
{
    size_t begin = (uintptr_t)r->base + r->large_from, end = (uintptr_t)r->base + to;

    begin = (begin + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    end = end / LARGE_PAGE * LARGE_PAGE;
    if (begin < end)
        (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
    r->large_from = to;
}

void reserve_large(struct reserve *r)
{
    ask_for_large(r, r->unit * r->limit);
}

bool reserve_take(struct reserve *r, size_t n)
{
    if (n > r->limit - r->count)
        return false;
    r->count += n;
    size_t used = r->unit * r->count, all = r->unit * r->limit;
    if (used > LARGE_FROM && used > r->large_from)
        ask_for_large(r, all / 2 < used ? all : 2 * used);
    return true;
}

bool reserve_grow(struct reserve *r, size_t n)
{
    size_t before = r->count;

    if (!reserve_take(r, n))
        return false;
    if (n > 0) /* it may have been in use before */
        memset((u8 *)r->base + r->unit * before, 0, r->unit * n);
    return true;
}

bool reserve_reach(struct reserve *r, size_t n)
{
    return n <= r->count || reserve_grow(r, n - r->count);
}
