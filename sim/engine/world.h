/* world - the actors of one process.
 *
 * world_dispatch() is the only place where an actor is called.  Hosts differ in where events come
 * from and where commands go, and in nothing else.
 *
 * States lie in flat arrays, one a kind and size: a state that ends in a table (actor.h) has room
 * for 1, 2, 4 ... places of it, always for one more than are in use, and moves as they grow and
 * fall; an actor is found by its number.
 * Its name in draws and in the order of events is the entity key of (group, ordinal): the order
 * of adding decides the number and nothing else.  The world's hash is a sum over the states; only
 * those that were touched since it was asked for are hashed again.
 */
#ifndef SIM_ENGINE_WORLD_H
#define SIM_ENGINE_WORLD_H

#include "actors/actor.h"
#include "sim/engine/reserve.h"

#define WORLD_KINDS_MAX 32u
#define WORLD_STATE_MAX 16384u

struct actor_row {
    u128 part;   /* of the state in the world's hash, as of the last time it was asked for */
    u64 entity;  /* entity_key() */
    u32 kind;    /* place in world.kinds */
    u32 place;   /* in that kind's states of its size */
    u32 account; /* on chain */
    u32 region;  /* network's */
    u32 caused;  /* events caused so far: the source's own counter */
    u8 size;     /* room for 2^size places */
    bool8 touched;
};

/* States of one kind and size. */
#define WORLD_SIZES 8u
struct world_states {
    struct reserve at;
    u32 free; /* first free place + 1, which holds the next one + 1; 0: none */
};

struct world_kind {
    const struct actor_kind *kind;
    struct world_states states[WORLD_SIZES];
};

struct world {
    u64 seed, replicate;
    u128 hash;       /* as of the last time it was asked for */
    bool check_pure; /* run each event twice and demand the same */
    u32 kind_count;
    struct world_kind kinds[WORLD_KINDS_MAX];
    struct reserve rows;    /* struct actor_row */
    struct reserve touched; /* u32: actors whose part is not up to date */
};

/* False: no address space for so many. */
must_use bool world_open(struct world *w, u64 seed, u64 replicate, u32 actors_max);
void world_close(struct world *w);

/* The state is copied.  False: actors_max or WORLD_KINDS_MAX are there. */
must_use bool world_add(struct world *w, const struct actor_kind *kind, const char *group,
                        u32 ordinal, u32 account, u32 region, const void *state,
                        struct actor_id *id);

u32 world_count(const struct world *w);
struct actor_row *world_row(const struct world *w, struct actor_id id);
const void *world_state(const struct world *w, struct actor_id id);
const struct actor_kind *world_kind_of(const struct world *w, struct actor_id id);
const char *world_kind_name(const struct world *w, struct actor_id id);
struct drawer world_drawer(const struct world *w, struct actor_id id);

/* No two actors have one name. */
must_use bool world_names_differ(const struct world *w);

/* Fetches what an event to this actor will want: its row, and then its state; hints, and nothing
 * for an actor that is not. */
void world_fetch_row(const struct world *w, u32 actor);
void world_fetch(const struct world *w, u32 actor);

/* Empties *out first. */
void world_dispatch(struct world *w, const struct params *params, struct actor_id to,
                    struct instant now, const struct event *event, struct outbox *out);

/* Sum of hash_row(entity, what is in use of the state) mod 2^128, what no event changes by itself:
 * kept up to date, and all over again. */
u128 world_hash(struct world *w);
u128 world_hash_full(const struct world *w);

#endif /* SIM_ENGINE_WORLD_H */
