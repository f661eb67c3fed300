/* actor - the contract between a participant and whatever runs it.
 *
 * An actor is a flat struct and one function.  The function is given an event, changes the struct,
 * and writes what it wants done into the outbox.  It cannot do anything else: no clock, no socket,
 * no heap, no global is in reach.  The host (sim/engine/host_sim.c, later sim/live/) drains the
 * outbox after it returns.
 *
 *        event ──▶ on_event(state, env) ──▶ outbox: send, timer, submit
 *
 * State holds no pointers and no padding (STATE_BEGIN), so a host may copy it, hash its bytes, save
 * it, or run the same event twice on two copies and demand the same answer.  Random numbers come
 * from env->draw under a purpose and a name.
 *
 * While its machine is down an actor is not called: messages to it are lost, timers wait; on
 * EVENT_RESUME it first gets the logs that it missed (a node reads them from its last height on),
 * then the timers that came due, each as an event of its own at the instant of the resume.
 *
 * A live chain can go back (evm_revert).  EVENT_REVERTED says up to where: what came after it did
 * not happen, and what the actor submitted without an answer never will.  An EVENT_STANDS follows
 * for each order and lease of its that is open there, then what happens from there on.
 */
#ifndef ACTORS_ACTOR_H
#define ACTORS_ACTOR_H

#include "actors/demand.h"
#include "actors/reverted.h"
#include "protocol/draw.h"
#include "protocol/err.h"
#include "protocol/log.h"
#include "protocol/msg.h"
#include "protocol/params.h"
#include "protocol/tx.h"

struct actor_id {
    u32 v;
};

enum event_kind {
    EVENT_START,   /* once, first */
    EVENT_TIMER,   /* a timer of its own */
    EVENT_MESSAGE, /* from another actor */
    EVENT_RESULT,  /* of a transaction of its own, when its block is made */
    EVENT_LOG,     /* of the chain, if it is of its concern (log.def, `to`) */
    EVENT_DEMAND,  /* users: something to run */
    EVENT_RESUME,  /* its machine is up again */
    EVENT_REVERTED,
    EVENT_STANDS, /* the log by which it was told of an order or lease */
    EVENT_KINDS
};

struct event {
    enum event_kind kind;
    union {
        struct {
            u32 tag;
            u64 about; /* as given to env_timer */
        } timer;
        struct {
            u32 from; /* the sender's account */
            struct msg msg;
        } message;
        struct {
            enum tx_kind tx;
            u32 tag;
            enum err err;
            u64 id; /* of what was made: order, lease, wallet or provider; else 0 */
        } result;
        struct log log; /* of EVENT_LOG and EVENT_STANDS */
        struct demand demand;
        struct reverted reverted;
    } u;
};

enum command_kind { COMMAND_SEND, COMMAND_TIMER, COMMAND_SUBMIT };

struct command {
    enum command_kind kind;
    union {
        struct {
            u32 account; /* the receiver's, by which everybody is known on chain */
            struct msg msg;
        } send;
        struct {
            struct span after;
            u32 tag;
            u64 about;
        } timer;
        struct tx submit;
    } u;
};

#define OUTBOX_MAX 8u

struct outbox {
    u32 count;
    struct command commands[OUTBOX_MAX];
};

struct env {
    const struct params *params; /* as they are on chain now */
    struct instant now;
    u32 account;               /* the actor's own */
    const struct drawer *draw; /* in this actor's name */
    struct outbox *outbox;
};

/* Whole seconds since genesis. */
u64 env_now_s(const struct env *env);

void env_send(struct env *env, u32 account, const struct msg *msg);
void env_timer(struct env *env, struct span after, u32 tag, u64 about);
void env_submit(struct env *env, const struct tx *tx);

/* Events and outboxes as bytes, for the hash, the input log and comparison. */
#define EVENT_BYTES_MAX (32u + LOG_BYTES_MAX)
#define OUTBOX_BYTES_MAX (4u + OUTBOX_MAX * (16u + TX_BYTES_MAX))

void event_encode(struct writer *w, const struct event *e);
must_use bool event_decode(struct reader *r, struct event *e);
void outbox_encode(struct writer *w, const struct outbox *o);

/* Around the state struct of an actor: a hole in it does not compile. */
#define STATE_BEGIN _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic error \"-Wpadded\"")
#define STATE_END _Pragma("GCC diagnostic pop")

/* A state may begin with what the host fills and no event changes (config_size), and it may end in
 * a table of which most places are empty: then only base_size bytes and the first places of it need
 * to be there.  places() says how many are in use: the others are all zero, none of them is looked
 * at, and one event puts at most one more to use.
 *
 * Of logs and answers it is told what stands in these sets, bits by kind; it would do nothing about
 * the others, so a host may pass over them. */
struct actor_kind {
    const char *name;
    size_t state_size;  /* with all places */
    size_t config_size; /* 0: any of it may change */
    size_t base_size;   /* without the places; state_size where there is no such table */
    u32 places_max;
    u32 (*places)(const void *state); /* NULL: there is no such table */
    u64 logs;                         /* enum log_kind */
    u64 answers, refusals;            /* enum tx_kind: of what was done, of what was refused */
    void (*on_event)(void *state, struct env *env, const struct event *event);
};

_Static_assert(LOG_KINDS <= 64 && TX_KINDS <= 64, "a set of kinds is one word");
#define KIND_BIT(kind) ((u64)1 << (kind))
#define HEARS_ALL .logs = ~(u64)0, .answers = ~(u64)0, .refusals = ~(u64)0

/* Define actor_<name> from struct <name> and <name>_on_event(struct <name> *, ...),
 * so that the only cast from void * in the tree is this one.  Further members as initialisers. */
#define ACTOR_KIND(name_, ...)                                                                     \
    static void name_##_thunk(void *state, struct env *env, const struct event *event)             \
    {                                                                                              \
        name_##_on_event((struct name_ *)state, env, event);                                       \
    }                                                                                              \
    const struct actor_kind actor_##name_ = {.name = #name_,                                       \
                                             .state_size = sizeof(struct name_),                   \
                                             .base_size = sizeof(struct name_),                    \
                                             .on_event = name_##_thunk,                            \
                                             __VA_ARGS__}

/* The same for a struct that begins with `config` and ends in `table`, of which the first `used`
 * places are in use. */
#define ACTOR_KIND_WITH_PLACES(name_, table, used, ...)                                            \
    static u32 name_##_places(const void *state)                                                   \
    {                                                                                              \
        return ((const struct name_ *)state)->used;                                                \
    }                                                                                              \
    static void name_##_thunk(void *state, struct env *env, const struct event *event)             \
    {                                                                                              \
        name_##_on_event((struct name_ *)state, env, event);                                       \
    }                                                                                              \
    _Static_assert(offsetof(struct name_, config) == 0 &&                                          \
                       sizeof(struct name_) ==                                                     \
                           offsetof(struct name_, table) + sizeof(((struct name_ *)0)->table),     \
                   "the table is the end of the struct");                                          \
    const struct actor_kind actor_##name_ = {.name = #name_,                                       \
                                             .state_size = sizeof(struct name_),                   \
                                             .config_size = sizeof(((struct name_ *)0)->config),   \
                                             .base_size = offsetof(struct name_, table),           \
                                             .places_max =                                         \
                                                 (u32)ARRAY_LEN(((struct name_ *)0)->table),       \
                                             .places = name_##_places,                             \
                                             .on_event = name_##_thunk,                            \
                                             __VA_ARGS__}

#endif /* ACTORS_ACTOR_H */
