/* pool - what was sent and has no block yet, in the order of its arrival. */
#include "sim/node/parts.h"

#include <stdlib.h>
#include <string.h>

static u64 nonce_key(struct address from, u64 nonce)
{
    return index_key(from.byte, sizeof(from.byte)) ^ nonce * 0x9e3779b97f4a7c15u;
}

bool pool_open(struct pool *p)
{
    *p = (struct pool){.oldest = INDEX_NONE, .newest = INDEX_NONE, .free = INDEX_NONE};
    p->at = calloc(POOL_MAX, sizeof(*p->at));
    return p->at != NULL;
}

void pool_close(struct pool *p)
{
    pool_empty(p);
    index_free(&p->by_hash);
    index_free(&p->by_nonce);
    free(p->at);
}

static struct pooled *place(const struct pool *p, u32 i)
{
    return i == INDEX_NONE ? NULL : &p->at[i];
}

struct pooled *pool_oldest(const struct pool *p)
{
    return place(p, p->oldest);
}

struct pooled *pool_newer(const struct pool *p, const struct pooled *t)
{
    return place(p, t->newer);
}

struct pooled *pool_of_hash(const struct pool *p, const struct bytes32 *hash)
{
    size_t at = 0;
    u64 key = index_key(hash->byte, sizeof(hash->byte));
    u32 i = index_first(&p->by_hash, key, &at);

    while (i != INDEX_NONE && memcmp(&p->at[i].tx.hash, hash, sizeof(*hash)) != 0)
        i = index_next(&p->by_hash, key, &at);
    return place(p, i);
}

struct pooled *pool_of_nonce(const struct pool *p, struct address from, u64 nonce)
{
    size_t at = 0;
    u64 key = nonce_key(from, nonce);
    u32 i = index_first(&p->by_nonce, key, &at);

    while (i != INDEX_NONE &&
           !(address_equal(p->at[i].tx.from, from) && p->at[i].tx.envelope.nonce == nonce))
        i = index_next(&p->by_nonce, key, &at);
    return place(p, i);
}

/* Its slices point into its own copy of the bytes. */
static bool copy(struct pooled *t, const struct node_tx *tx)
{
    struct fault fault = {FAULT_NONE, 0};

    t->bytes = malloc(tx->raw.n + 1);
    if (t->bytes == NULL)
        return false;
    memcpy(t->bytes, tx->raw.at, tx->raw.n);
    t->tx = *tx;
    t->tx.raw = SLICE(t->bytes, tx->raw.n);
    bool again = envelope_decode(&t->tx.envelope, t->tx.raw, &fault);
    check(again); /* it was decoded before */
    return true;
}

static bool enter(struct pool *p, u32 i)
{
    const struct node_tx *tx = &p->at[i].tx;
    u64 hash = index_key(tx->hash.byte, sizeof(tx->hash.byte));

    if (!index_put(&p->by_hash, hash, i))
        return false;
    if (index_put(&p->by_nonce, nonce_key(tx->from, tx->envelope.nonce), i))
        return true;
    index_drop(&p->by_hash, hash, i);
    return false;
}

struct pooled *pool_add(struct pool *p, const struct node_tx *tx)
{
    bool again = p->free != INDEX_NONE;
    u32 i = again ? p->free : p->fresh;
    struct pooled *t = &p->at[i];

    if (i == POOL_MAX || !copy(t, tx))
        return NULL;
    if (!enter(p, i)) {
        free(t->bytes);
        t->bytes = NULL;
        return NULL;
    }
    if (again)
        p->free = t->newer;
    else
        p->fresh++;
    t->newer = INDEX_NONE;
    t->older = p->newest;
    *(p->newest == INDEX_NONE ? &p->oldest : &p->at[p->newest].newer) = i;
    p->newest = i;
    p->used++;
    return t;
}

void pool_drop(struct pool *p, struct pooled *t)
{
    u32 i = (u32)(t - p->at);

    index_drop(&p->by_hash, index_key(t->tx.hash.byte, sizeof(t->tx.hash.byte)), i);
    index_drop(&p->by_nonce, nonce_key(t->tx.from, t->tx.envelope.nonce), i);
    *(t->older == INDEX_NONE ? &p->oldest : &p->at[t->older].newer) = t->newer;
    *(t->newer == INDEX_NONE ? &p->newest : &p->at[t->newer].older) = t->older;
    free(t->bytes);
    t->bytes = NULL;
    t->newer = p->free;
    p->free = i;
    p->used--;
}

void pool_empty(struct pool *p)
{
    for (struct pooled *t = pool_oldest(p); t != NULL; t = pool_oldest(p))
        pool_drop(p, t);
}
