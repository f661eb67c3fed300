#include "sim/scenario/store.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64 * 1024)

struct store_block {
    struct store_block *next;
    size_t used, size;
    _Alignas(max_align_t) u8 bytes[];
};

void store_init(struct store *s, size_t limit)
{
    *s = (struct store){.limit = limit};
}

void store_free(struct store *s)
{
    while (s->blocks != NULL) {
        struct store_block *b = s->blocks;
        s->blocks = b->next;
        free(b);
    }
    s->taken = 0;
}

static bool add_block(struct store *s, size_t bytes)
{
    size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    struct store_block *b = calloc(1, sizeof(*b) + size);

    if (b == NULL)
        return false;
    b->size = size;
    b->next = s->blocks;
    s->blocks = b;
    return true;
}

void *store_take(struct store *s, size_t size, size_t count)
{
    const size_t unit = _Alignof(max_align_t);
    size_t bytes;

    if (__builtin_mul_overflow(size, count, &bytes) || bytes > s->limit)
        return NULL;
    bytes = (bytes + unit - 1) / unit * unit;
    if (bytes > s->limit - s->taken)
        return NULL;
    if ((s->blocks == NULL || bytes > s->blocks->size - s->blocks->used) && !add_block(s, bytes))
        return NULL;
    void *at = s->blocks->bytes + s->blocks->used;
    s->blocks->used += bytes;
    s->taken += bytes;
    return at;
}

char *store_text(struct store *s, const char *text, size_t n)
{
    char *copy = store_take(s, 1, n + 1);

    if (copy != NULL)
        memcpy(copy, text, n);
    return copy;
}
