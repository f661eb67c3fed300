#include "sim/engine/fanout.h"

#include "protocol/hash.h"

#include <string.h>

#define BUCKETS_MAX (1u << 16)
#define NAMES (4u * BUCKETS_MAX)
#define PLACES_MAX (1u << 30)
#define FIRST_LOG2 2u
#define CHECKED_REGIONS 2u
#define CHECKED_WHATS (GPU_LINES + 2u)
#define TOKENS_IN_MASK 32u

/* Wider than one model; no model has such a number. */
#define WHAT_ANY_GPU 0xfffeu
#define WHAT_ANYTHING 0xffffu

struct bucket {
    struct bucket_name name;
    u32 table; /* offset in places */
    u32 log2;  /* of the number of places */
    u32 count;
};

struct interest {
    u64 entity;
    u32 tokens;
    u16 region;
    bool8 listed;
    u16 models[GPU_LINES]; /* distinct; 0: none */
};

bool fanout_open(struct fanout *f, u32 providers_max)
{
    *f = (struct fanout){0};
    bool open = reserve_open(&f->buckets, "buckets of the order index", sizeof(struct bucket),
                             BUCKETS_MAX) &&
                reserve_open(&f->by_name, "buckets of the order index", sizeof(u32), NAMES) &&
                reserve_open(&f->places, "places of the order index", sizeof(u32), PLACES_MAX) &&
                reserve_open(&f->interest, "providers", sizeof(struct interest), providers_max) &&
                reserve_open(&f->found, "providers", sizeof(u32), providers_max);
    return open && reserve_grow(&f->by_name, NAMES);
}

void fanout_close(struct fanout *f)
{
    reserve_close(&f->buckets);
    reserve_close(&f->by_name);
    reserve_close(&f->places);
    reserve_close(&f->interest);
    reserve_close(&f->found);
}

static struct bucket *bucket_at(const struct fanout *f, u32 i)
{
    return (struct bucket *)f->buckets.base + i;
}

static u32 *table_of(const struct fanout *f, const struct bucket *b)
{
    return (u32 *)f->places.base + b->table;
}

static struct interest *interest_at(const struct fanout *f, u32 provider)
{
    check(provider < f->interest.count);
    return (struct interest *)f->interest.base + provider;
}

/* ---- tables of 2^n places: taken from the end, given back by size ---- */

static bool table_take(struct fanout *f, u32 log2, u32 *table)
{
    u32 *places = f->places.base;
    size_t n = (size_t)1 << log2;

    check(log2 < FANOUT_SIZES);
    if (f->free[log2] != 0) {
        *table = f->free[log2] - 1;
        f->free[log2] = places[*table];
    } else {
        *table = (u32)f->places.count;
        if (!reserve_grow(&f->places, n))
            return false;
    }
    memset(places + *table, 0, n * sizeof(*places));
    return true;
}

static void table_give(struct fanout *f, u32 log2, u32 table)
{
    ((u32 *)f->places.base)[table] = f->free[log2];
    f->free[log2] = table + 1;
}

/* ---- buckets by name ---- */

static u32 *name_slot(const struct fanout *f, const struct bucket_name *n)
{
    u32 *slots = f->by_name.base;
    u64 h = hash_mix(HASH_START, (u64)n->token << 32 | (u64)n->region << 16 | n->what);

    for (u64 i = h % NAMES;; i = (i + 1) % NAMES) {
        if (slots[i] == 0)
            return &slots[i];
        const struct bucket_name *b = &bucket_at(f, slots[i] - 1)->name;
        if (b->what == n->what && b->region == n->region && b->token == n->token)
            return &slots[i];
    }
}

static struct bucket *bucket_make(struct fanout *f, const struct bucket_name *name)
{
    u32 *slot = name_slot(f, name), table;

    if (*slot != 0)
        return bucket_at(f, *slot - 1);
    if (f->buckets.count == f->buckets.limit || !table_take(f, FIRST_LOG2, &table))
        return NULL;
    check(reserve_grow(&f->buckets, 1));
    *slot = (u32)f->buckets.count;
    struct bucket *b = bucket_at(f, *slot - 1);
    *b = (struct bucket){.name = *name, .table = table, .log2 = FIRST_LOG2};
    return b;
}

/* ---- one bucket: open addressing by entity key ---- */

static void place(const struct fanout *f, const struct bucket *b, u32 provider)
{
    u64 mask = ((u64)1 << b->log2) - 1;
    u64 i = interest_at(f, provider)->entity & mask;
    u32 *table = table_of(f, b);

    while (table[i] != 0)
        i = (i + 1) & mask;
    table[i] = provider + 1;
}

/* Into a table of its own of the given size. */
static bool bucket_resize(struct fanout *f, struct bucket *b, u32 log2)
{
    struct bucket old = *b;
    u32 table;

    if (!table_take(f, log2, &table))
        return false;
    b->table = table;
    b->log2 = log2;
    for (u64 i = 0; i < (u64)1 << old.log2; i++) {
        u32 one = table_of(f, &old)[i];
        if (one != 0)
            place(f, b, one - 1);
    }
    table_give(f, old.log2, old.table);
    return true;
}

static bool bucket_put(struct fanout *f, struct bucket *b, u32 provider)
{
    if (2 * ((u64)b->count + 1) > (u64)1 << b->log2 && !bucket_resize(f, b, b->log2 + 1))
        return false;
    place(f, b, provider);
    b->count++;
    return true;
}

/* Those behind it in its row move up, as if it had never been there. */
static void bucket_drop(struct fanout *f, struct bucket *b, u32 provider)
{
    u64 mask = ((u64)1 << b->log2) - 1;
    u64 i = interest_at(f, provider)->entity & mask;
    u32 *table = table_of(f, b);

    while (table[i] != provider + 1) {
        check(table[i] != 0);
        i = (i + 1) & mask;
    }
    table[i] = 0;
    b->count--;
    for (i = (i + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
        u32 moved = table[i];
        table[i] = 0;
        place(f, b, moved - 1);
    }
}

/* ---- interests ---- */

static u32 whats_of(const struct interest *in, u16 whats[CHECKED_WHATS])
{
    u32 n = 0;

    whats[n++] = WHAT_ANYTHING;
    if (in->models[0] != 0)
        whats[n++] = WHAT_ANY_GPU;
    for (u32 i = 0; i < GPU_LINES && in->models[i] != 0; i++)
        whats[n++] = in->models[i];
    return n;
}

/* Into or out of every bucket in which the interest puts the provider. */
static bool list(struct fanout *f, u32 provider, bool in)
{
    const struct interest *is = interest_at(f, provider);
    u16 whats[CHECKED_WHATS], regions[CHECKED_REGIONS] = {REGION_NONE, is->region};
    u32 n_whats = whats_of(is, whats), n_regions = is->region == REGION_NONE ? 1 : 2;

    for (u32 token = 0; token < TOKENS_IN_MASK; token++) {
        if ((is->tokens >> token & 1) == 0)
            continue;
        for (u32 i = 0; i < n_whats * n_regions; i++) {
            struct bucket_name name = {whats[i / n_regions], regions[i % n_regions], token};
            struct bucket *b = bucket_make(f, &name);
            if (b == NULL)
                return false;
            if (!in)
                bucket_drop(f, b, provider);
            else if (!bucket_put(f, b, provider))
                return false;
        }
    }
    return true;
}

static void models_of(const struct machine *m, u16 models[GPU_LINES])
{
    u32 n = 0;

    for (u32 i = 0; i < GPU_LINES; i++) {
        bool known = m->gpu[i].model == 0 || m->gpu[i].count == 0;
        for (u32 j = 0; j < n; j++)
            known = known || models[j] == m->gpu[i].model;
        if (!known)
            models[n++] = m->gpu[i].model;
    }
}

bool fanout_set(struct fanout *f, u32 provider, u64 entity, const struct machine *machine,
                u32 tokens)
{
    if (!reserve_reach(&f->interest, (size_t)provider + 1))
        return false;
    fanout_remove(f, provider);
    struct interest *in = interest_at(f, provider);
    *in = (struct interest){
        .entity = entity, .tokens = tokens, .region = machine->region, .listed = true};
    models_of(machine, in->models);
    return list(f, provider, true);
}

bool fanout_renew(struct fanout *f, u32 provider, const struct machine *machine)
{
    const struct interest *in = interest_at(f, provider);

    return !in->listed || fanout_set(f, provider, in->entity, machine, in->tokens);
}

void fanout_remove(struct fanout *f, u32 provider)
{
    if (provider >= f->interest.count || !interest_at(f, provider)->listed)
        return;
    check(list(f, provider, false)); /* its buckets are there */
    interest_at(f, provider)->listed = false;
}

/* ---- questions ---- */

static const struct bucket *bucket_for(const struct fanout *f, const struct log *order)
{
    const struct log_order_created *o = &order->u.order_created;
    u16 what = WHAT_ANYTHING;

    if (o->specs.gpus > 0)
        what = o->specs.gpu_model == GPU_ANY ? WHAT_ANY_GPU : o->specs.gpu_model;
    struct bucket_name name = {what, (u16)o->region, o->token};
    u32 slot = *name_slot(f, &name);
    return slot == 0 ? NULL : bucket_at(f, slot - 1);
}

static bool found_before(const u32 *found, u32 n, u32 provider)
{
    for (u32 i = 0; i < n; i++) {
        if (found[i] == provider)
            return true;
    }
    return false;
}

#define DRAWS_AHEAD 4u

/* Up to k by draws of places.  Returns how many. */
static u32 by_draws(struct fanout *f, const struct bucket *b, const struct log *order, u32 k,
                    const struct drawer *name, const struct fanout_judge *judge)
{
    const u32 *table = table_of(f, b);
    u32 *found = f->found.base, n = 0, drawn[DRAWS_AHEAD] = {0};
    u64 mask = ((u64)1 << b->log2) - 1, tries = (u64)FANOUT_TRIES * k;

    for (u64 i = 0; n < k && i < tries + DRAWS_AHEAD; i++) {
        u32 *place = &drawn[i % DRAWS_AHEAD], one = i < DRAWS_AHEAD ? 0 : *place;
        *place = i < tries ? table[draw_u64(name, DRAW_FANOUT, i) & mask] : 0;
        if (judge->soon != NULL && *place != 0)
            judge->soon(judge->about, *place - 1);
        if (one != 0 && !found_before(found, n, one - 1) &&
            judge->eligible(judge->about, one - 1, order))
            found[n++] = one - 1;
    }
    return n;
}

/* Rank of a provider for this order: a draw in the name of the pair. */
static u64 rank_of(const struct fanout *f, const struct drawer *name, u32 provider)
{
    struct drawer pair = {name->seed, name->replicate,
                          entity_pair(name->entity, interest_at(f, provider)->entity)};
    return draw_u64(&pair, DRAW_FANOUT, 0);
}

static bool ranks_before(const struct fanout *f, const struct drawer *name, u32 a, u32 b)
{
    u64 x = rank_of(f, name, a), y = rank_of(f, name, b);
    return x != y ? x < y : interest_at(f, a)->entity < interest_at(f, b)->entity;
}

/* found[n..k) as the eligible of the bucket that are not among found[0..n), least rank first.
 * Returns how many there are then. */
static u32 by_rank(struct fanout *f, const struct bucket *b, const struct log *order, u32 n, u32 k,
                   const struct drawer *name, const struct fanout_judge *judge)
{
    const u32 *table = table_of(f, b);
    u32 *found = f->found.base, drawn = n;

    for (u64 i = 0; i < (u64)1 << b->log2; i++) {
        if (table[i] == 0 || found_before(found, drawn, table[i] - 1) ||
            !judge->eligible(judge->about, table[i] - 1, order))
            continue;
        u32 at = n;
        while (at > drawn && ranks_before(f, name, table[i] - 1, found[at - 1])) {
            if (at < k)
                found[at] = found[at - 1];
            at--;
        }
        if (at < k)
            found[at] = table[i] - 1;
        n += n < k;
    }
    return n;
}

static u32 everybody(struct fanout *f, const struct bucket *b, const struct log *order,
                     const struct fanout_judge *judge)
{
    const u32 *table = table_of(f, b);
    u32 *found = f->found.base, n = 0;

    for (u64 i = 0; i < (u64)1 << b->log2; i++) {
        if (table[i] != 0 && judge->eligible(judge->about, table[i] - 1, order))
            found[n++] = table[i] - 1;
    }
    return n;
}

u32 fanout_of(struct fanout *f, const struct log *order, u32 k, const struct drawer *draw,
              const struct fanout_judge *judge, const u32 **found)
{
    const struct bucket *b = bucket_for(f, order);

    *found = f->found.base;
    if (b == NULL)
        return 0;
    if (k == 0 || b->count <= k) /* all that the row of draws would come to */
        return everybody(f, b, order, judge);
    struct drawer name = {draw->seed, draw->replicate,
                          entity_pair(draw->entity, order->u.order_created.name)};
    u32 n = by_draws(f, b, order, k, &name, judge);
    return n == k ? n : by_rank(f, b, order, n, k, &name, judge);
}
