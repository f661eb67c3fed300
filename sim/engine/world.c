#include "sim/engine/world.h"

#include "protocol/hash.h"

#include <stdlib.h>
#include <string.h>

#define FETCH_ROWS 8u /* ahead, and half of it their states */
#define STATE_ALIGN 16u
#define FETCH_BYTES 640u /* what most events look at */

bool world_open(struct world *w, u64 seed, u64 replicate, u32 actors_max)
{
    *w = (struct world){.seed = seed, .replicate = replicate};
    return reserve_open(&w->rows, "actors", sizeof(struct actor_row), actors_max) &&
           reserve_open(&w->touched, "actors", sizeof(u32), actors_max);
}

void world_close(struct world *w)
{
    for (u32 i = 0; i < w->kind_count; i++) {
        for (u32 size = 0; size < WORLD_SIZES; size++)
            reserve_close(&w->kinds[i].states[size].at);
    }
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
    const struct reserve *states = &w->kinds[row->kind].states[row->size].at;
    return (u8 *)states->base + row->place * states->unit;
}

const void *world_state(const struct world *w, struct actor_id id)
{
    return state_of(w, world_row(w, id));
}

void world_fetch_row(const struct world *w, u32 actor)
{
    if (actor < w->rows.count)
        __builtin_prefetch((const struct actor_row *)w->rows.base + actor);
}

void world_fetch(const struct world *w, u32 actor)
{
    if (actor >= w->rows.count)
        return;
    const struct actor_row *row = (const struct actor_row *)w->rows.base + actor;
    const struct reserve *states = &w->kinds[row->kind].states[row->size].at;
    const u8 *state = state_of(w, row);
    for (size_t at = 0; at < states->unit && at < FETCH_BYTES; at += 64)
        __builtin_prefetch(state + at);
}

static const struct actor_kind *kind_of(const struct world *w, const struct actor_row *row)
{
    return w->kinds[row->kind].kind;
}

const struct actor_kind *world_kind_of(const struct world *w, struct actor_id id)
{
    return kind_of(w, world_row(w, id));
}

const char *world_kind_name(const struct world *w, struct actor_id id)
{
    return kind_of(w, world_row(w, id))->name;
}

struct drawer world_drawer(const struct world *w, struct actor_id id)
{
    return (struct drawer){w->seed, w->replicate, world_row(w, id)->entity};
}

/* ---- how much of a state is there ---- */

/* Bytes of so many places and what is before them. */
static size_t bytes_of(const struct actor_kind *k, u32 places)
{
    size_t place = k->places == NULL ? 0 : (k->state_size - k->base_size) / k->places_max;

    return k->base_size + place * (places < k->places_max ? places : k->places_max);
}

static u32 places_used(const struct actor_kind *k, const void *state)
{
    u32 used = k->places == NULL ? 0 : k->places(state);

    check(used <= k->places_max);
    return used;
}

static size_t bytes_used(const struct actor_kind *k, const void *state)
{
    return bytes_of(k, places_used(k, state));
}

/* Least room in which one more place can be put to use. */
static u8 size_for(const struct actor_kind *k, u32 used)
{
    u8 size = 0;

    while (k->places != NULL && (1u << size) <= used && (1u << size) < k->places_max)
        size++;
    check(size < WORLD_SIZES);
    return size;
}

static u128 part(const struct world *w, const struct actor_row *row)
{
    const u8 *state = state_of(w, row);
    size_t config = kind_of(w, row)->config_size;

    return hash_row(row->entity, state + config, bytes_used(kind_of(w, row), state) - config);
}

static u128 config_part(const struct world *w, const struct actor_row *row)
{
    return hash_row(~row->entity, state_of(w, row), kind_of(w, row)->config_size);
}

/* ---- room for states ---- */

static bool state_take(struct world_states *s, u32 *place)
{
    if (s->free != 0) {
        u32 *freed = (u32 *)(void *)((u8 *)s->at.base + (s->free - 1) * s->at.unit);
        *place = s->free - 1;
        s->free = *freed;
        *freed = 0; /* the rest of it is zero */
        return true;
    }
    *place = (u32)s->at.count;
    return reserve_take(&s->at, 1); /* fresh from the system: zero, and not touched yet */
}

static void state_give(struct world_states *s, u32 place)
{
    u8 *state = (u8 *)s->at.base + place * s->at.unit;

    memset(state, 0, s->at.unit);
    *(u32 *)(void *)state = s->free;
    s->free = place + 1;
}

/* After an event: there is room for one more place, and not four times as much as that takes. */
static void state_fit(struct world *w, struct actor_row *row)
{
    struct world_kind *kind = &w->kinds[row->kind];
    const u8 *state = state_of(w, row);
    u32 used = places_used(kind->kind, state), place;
    u8 size = size_for(kind->kind, used);

    if (size == row->size || (size < row->size && size + 2 > row->size))
        return;
    bool there = state_take(&kind->states[size], &place); /* never more states than actors */
    check(there);
    memcpy((u8 *)kind->states[size].at.base + place * kind->states[size].at.unit, state,
           bytes_of(kind->kind, used));
    state_give(&kind->states[row->size], row->place);
    row->size = size;
    row->place = place;
}

static bool kind_find(struct world *w, const struct actor_kind *kind, u32 *out)
{
    for (*out = 0; *out < w->kind_count; ++*out) {
        if (w->kinds[*out].kind == kind)
            return true;
    }
    check(kind->state_size <= WORLD_STATE_MAX);
    if (w->kind_count == WORLD_KINDS_MAX)
        return false;
    struct world_kind *k = &w->kinds[w->kind_count++];
    k->kind = kind;
    for (u8 size = 0; size <= size_for(kind, kind->places_max); size++) {
        size_t bytes = bytes_of(kind, 1u << size);
        size_t stride = (bytes + STATE_ALIGN - 1) / STATE_ALIGN * STATE_ALIGN;
        if (!reserve_open(&k->states[size].at, "actors", stride, w->rows.limit))
            return false;
    }
    return true;
}

bool world_add(struct world *w, const struct actor_kind *kind, const char *group, u32 ordinal,
               u32 account, u32 region, const void *state, struct actor_id *id)
{
    u32 k, place;
    u8 size = size_for(kind, places_used(kind, state));

    if (w->rows.count == w->rows.limit || !kind_find(w, kind, &k) ||
        !state_take(&w->kinds[k].states[size], &place))
        return false;
    check(reserve_grow(&w->rows, 1));
    id->v = world_count(w) - 1;
    struct actor_row *row = world_row(w, *id);
    *row = (struct actor_row){.entity = entity_key(group, ordinal),
                              .kind = k,
                              .size = size,
                              .place = place,
                              .account = account,
                              .region = region};
    memcpy(state_of(w, row), state, bytes_used(kind, state));
    row->part = part(w, row);
    w->hash += row->part + config_part(w, row);
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
    size_t size = bytes_of(kind_of(w, row), 1u << row->size); /* all that is there */
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
    check(memcmp(state, before, kind_of(w, row)->config_size) == 0);
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
    state_fit(w, row);
    touch(w, to, row);
}

u128 world_hash(struct world *w)
{
    const u32 *touched = w->touched.base;

    for (size_t i = 0; i < w->touched.count; i++) {
        if (i + FETCH_ROWS < w->touched.count) {
            world_fetch_row(w, touched[i + FETCH_ROWS]);
            world_fetch(w, touched[i + FETCH_ROWS / 2]);
        }
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
        sum += part(w, world_row(w, (struct actor_id){i})) +
               config_part(w, world_row(w, (struct actor_id){i}));
    return sum;
}
