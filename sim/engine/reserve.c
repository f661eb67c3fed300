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

bool reserve_grow(struct reserve *r, size_t n)
{
    if (n > r->limit - r->count)
        return false;
    if (n > 0) /* it may have been in use before */
        memset((u8 *)r->base + r->unit * r->count, 0, r->unit * n);
    r->count += n;
    return true;
}

bool reserve_reach(struct reserve *r, size_t n)
{
    return n <= r->count || reserve_grow(r, n - r->count);
}
