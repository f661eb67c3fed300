#include "sim/engine/world.h"

#include "protocol/hash.h"

#include <stdlib.h>
#include <string.h>

#define STATE_ALIGN 16u
#define CHUNK 256u /* of a state, for its hash */

bool world_open(struct world *w, u64 seed, u64 replicate, u32 actors_max)
{
    *w = (struct world){.seed = seed, .replicate = replicate};
    return reserve_open(&w->rows, "actors", sizeof(struct actor_row), actors_max) &&
           reserve_open(&w->touched, "actors", sizeof(u32), actors_max);
}

void world_close(struct world *w)
{
    for (u32 i = 0; i < w->kind_count; i++)
        reserve_close(&w->kinds[i].states);
    reserve_close(&w->rows);
    reserve_close(&w->touched);
}

u32 world_count(const struct world *w)
{
    return (u32)w->rows.count;
}

struct actor_row *world_row(const struct world *w, struct actor_id id)
{
    check(id.v < w->rows.count);
    return (struct actor_row *)w->rows.base + id.v;
}

static u8 *state_of(const struct world *w, const struct actor_row *row)
{
    const struct reserve *states = &w->kinds[row->kind].states;
    return (u8 *)states->base + row->place * states->unit;
}

const void *world_state(const struct world *w, struct actor_id id)
{
    return state_of(w, world_row(w, id));
}

static const struct actor_kind *kind_of(const struct world *w, const struct actor_row *row)
{
    return w->kinds[row->kind].kind;
}

const char *world_kind_name(const struct world *w, struct actor_id id)
{
    return kind_of(w, world_row(w, id))->name;
}

struct drawer world_drawer(const struct world *w, struct actor_id id)
{
    return (struct drawer){w->seed, w->replicate, world_row(w, id)->entity};
}

static bool all_zero(const u8 *bytes, size_t n)
{
    static const u8 zero[CHUNK];
    return memcmp(bytes, zero, n) == 0;
}

/* The sum over the chunks that are not all zero: most of a table of jobs or leases is empty. */
static u128 part(const struct world *w, const struct actor_row *row)
{
    const u8 *state = state_of(w, row);
    size_t size = kind_of(w, row)->state_size;
    u128 sum = 0;

    for (size_t at = 0; at < size; at += CHUNK) {
        size_t n = size - at < CHUNK ? size - at : CHUNK;
        if (!all_zero(state + at, n))
            sum += hash_row(entity_pair(row->entity, at), state + at, n);
    }
    return sum;
}

/* Memory that only zeroes would be written to stays the system's. */
static void state_copy(u8 *to, const u8 *from, size_t size)
{
    for (size_t at = 0; at < size; at += CHUNK) {
        size_t n = size - at < CHUNK ? size - at : CHUNK;
        if (!all_zero(from + at, n))
            memcpy(to + at, from + at, n);
    }
}

static bool kind_find(struct world *w, const struct actor_kind *kind, u32 *out)
{
    for (*out = 0; *out < w->kind_count; ++*out) {
        if (w->kinds[*out].kind == kind)
            return true;
    }
    check(kind->state_size <= WORLD_STATE_MAX);
    size_t stride = (kind->state_size + STATE_ALIGN - 1) / STATE_ALIGN * STATE_ALIGN;
    if (w->kind_count == WORLD_KINDS_MAX ||
        !reserve_open(&w->kinds[*out].states, "actors", stride, w->rows.limit))
        return false;
    w->kinds[*out].kind = kind;
    w->kind_count++;
    return true;
}

bool world_add(struct world *w, const struct actor_kind *kind, const char *group, u32 ordinal,
               u32 account, u32 region, const void *state, struct actor_id *id)
{
    u32 k;

    if (w->rows.count == w->rows.limit || !kind_find(w, kind, &k))
        return false;
    struct reserve *states = &w->kinds[k].states;
    check(reserve_grow(&w->rows, 1)); /* and never more states than rows */
    states->count++;                  /* fresh from the system: zero, and not touched yet */
    id->v = world_count(w) - 1;
    struct actor_row *row = world_row(w, *id);
    *row = (struct actor_row){.entity = entity_key(group, ordinal),
                              .kind = k,
                              .place = (u32)states->count - 1,
                              .account = account,
                              .region = region};
    state_copy(state_of(w, row), state, kind->state_size);
    row->part = part(w, row);
    w->hash += row->part;
    return true;
}

static int by_value(const void *a, const void *b)
{
    const u64 *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

bool world_names_differ(const struct world *w)
{
    size_t n = w->rows.count;
    u64 *names = calloc(n + 1, sizeof(*names));
    bool differ = names != NULL;

    for (u32 i = 0; differ && i < n; i++)
        names[i] = world_row(w, (struct actor_id){i})->entity;
    if (differ)
        qsort(names, n, sizeof(*names), by_value);
    for (size_t i = 1; differ && i < n; i++)
        differ = names[i - 1] != names[i];
    free(names);
    return differ;
}

static void call(struct world *w, const struct actor_row *row, struct env *env,
                 const struct event *event)
{
    env->outbox->count = 0;
    kind_of(w, row)->on_event(state_of(w, row), env, event);
}

static size_t encode(u8 bytes[OUTBOX_BYTES_MAX], const struct outbox *out)
{
    struct writer w = {bytes, OUTBOX_BYTES_MAX};

    outbox_encode(&w, out);
    return OUTBOX_BYTES_MAX - w.left;
}

/* Run the event once more on a copy of what was there before: the same state and the same
 * commands must come out, or the actor reads something that it must not. */
static void call_twice(struct world *w, const struct actor_row *row, struct env *env,
                       const struct event *event)
{
    u8 before[WORLD_STATE_MAX], after[WORLD_STATE_MAX];
    u8 *state = state_of(w, row);
    size_t size = kind_of(w, row)->state_size;
    struct outbox again, *out = env->outbox;

    memcpy(before, state, size);
    call(w, row, env, event);
    memcpy(after, state, size);
    memcpy(state, before, size);
    env->outbox = &again;
    call(w, row, env, event);
    env->outbox = out;

    u8 first[OUTBOX_BYTES_MAX], second[OUTBOX_BYTES_MAX];
    size_t n = encode(first, out);
    check(encode(second, &again) == n && memcmp(first, second, n) == 0);
    check(memcmp(state, after, size) == 0);
}

static void touch(struct world *w, struct actor_id id, struct actor_row *row)
{
    if (row->touched)
        return;
    row->touched = true;
    check(reserve_grow(&w->touched, 1)); /* each at most once */
    ((u32 *)w->touched.base)[w->touched.count - 1] = id.v;
}

void world_dispatch(struct world *w, const struct params *params, struct actor_id to,
                    struct instant now, const struct event *event, struct outbox *out)
{
    struct actor_row *row = world_row(w, to);
    struct drawer draw = {w->seed, w->replicate, row->entity};
    struct env env = {
        .params = params, .now = now, .account = row->account, .draw = &draw, .outbox = out};

    (w->check_pure ? call_twice : call)(w, row, &env, event);
    touch(w, to, row);
}

u128 world_hash(struct world *w)
{
    const u32 *touched = w->touched.base;

    for (size_t i = 0; i < w->touched.count; i++) {
        struct actor_row *row = world_row(w, (struct actor_id){touched[i]});
        u128 fresh = part(w, row);
        w->hash += fresh - row->part;
        row->part = fresh;
        row->touched = false;
    }
    w->touched.count = 0;
    return w->hash;
}

u128 world_hash_full(const struct world *w)
{
    u128 sum = 0;

    for (u32 i = 0; i < world_count(w); i++)
        sum += part(w, world_row(w, (struct actor_id){i}));
    return sum;
}
