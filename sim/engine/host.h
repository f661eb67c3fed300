/* host - what the files of the virtual-time host share; nobody else includes this. */
#ifndef SIM_ENGINE_HOST_H
#define SIM_ENGINE_HOST_H

#include "protocol/outage.h"
#include "sim/engine/fanout.h"
#include "sim/engine/host_sim.h"
#include "sim/engine/queue.h"

enum item_kind {
    ITEM_BLOCK,     /* plain.a: slot */
    ITEM_START,     /* of an actor */
    ITEM_TIMER,     /* timer */
    ITEM_MESSAGE,   /* message */
    ITEM_RESULT,    /* result */
    ITEM_LOG,       /* plain.n: place in host.logs */
    ITEM_DEMAND,    /* host.demand is due */
    ITEM_SUBMIT,    /* plain.n: place in host.submits */
    ITEM_DOWN,      /* plain.a: length in ns, .n: announced */
    ITEM_UP,        /* the end of it */
    ITEM_TOGGLE,    /* a drawn period ends */
    ITEM_DETECT,    /* plain.n: turn of the silence; enough beats of it were missed */
    ITEM_ANSWER,    /* plain.n: turn of the return; the first beat after it */
    ITEM_RESPONSES, /* plain.a: era */
    ITEM_HALTED,    /* plain.a, .b: from, to in ns; the halt is over */
    ITEM_DEAF,      /* beats of a machine that is up begin to be lost */
    ITEM_CRASH      /* plain.a: length in ns; it comes back without memory */
};

/* How the heartbeat detector sees a machine. */
enum session {
    SESSION_OPEN,
    SESSION_SILENT, /* down, or up without an answered beat; not known yet */
    SESSION_DOWN,   /* the same, reported */
    SESSION_CLOSED  /* announced and reported */
};

/* One a actor. */
struct power {
    struct host_actor facts;
    struct instant silent_from; /* while SILENT or DOWN */
    struct instant up_since;
    struct instant deaf_until; /* beats before it are lost on their way */
    u64 answered_s; /* last beat answered before the machine last went down, + 1; 0: none */
    u64 phase_s;
    enum session session;
    u32 turn;     /* of session and return: makes stale items known */
    u32 downs;    /* reasons for being down now */
    u32 period;   /* drawn periods so far, up and down */
    u32 deafs;    /* runs of lost beats so far */
    u32 provider; /* id on chain; 0: none */
    u32 missed_logs, missed_logs_end, missed_timers, missed_timers_end; /* lists, place + 1 */
    u32 mishaps;                                                        /* list, place + 1 */
    u32 life;     /* how often it lost its memory: timers of an earlier life are nobody's */
    u64 own_from; /* first nonce of this life: answers to earlier ones are nobody's */
    bool8 drawn_down, started, start_due, forgets; /* forgets: on its return */
};

/* A mishap in its actor's list. */
struct placed_mishap {
    struct mishap f;
    u32 passed; /* so many met it, or could have */
    u32 next;   /* place + 1 */
};

/* A log that is on its way to somebody. */
struct held_log {
    struct log log;
    u32 refs, next_free;
};

/* What came while a machine was down. */
struct missed {
    struct queue_item item;
    u32 next;
};

struct timed_tx {
    struct tx tx;
    u32 account;
    u32 about;      /* account that it is about; 0: it is whole */
    u32 held, life; /* held: actor + 1, in this life of which it was submitted; 0: the timeline's */
};

struct halt {
    u64 from_ns, to_ns;
};

struct host_sim {
    struct host_config c;
    struct queue queue;
    struct fanout fanout;
    struct reserve powers;     /* struct power, by actor */
    struct reserve by_account; /* u32: actor + 1, or 0 */
    struct reserve providers;  /* u32 by provider: actor + 1, or 0 */
    struct reserve logs;       /* struct held_log */
    struct reserve missed;     /* struct missed */
    struct reserve submits;    /* struct timed_tx */
    struct reserve halts;      /* struct halt */
    struct reserve mishaps;    /* struct placed_mishap */
    struct mishap_tally tally;
    struct distribution deaf_gap_ns; /* between runs of lost beats that the detector counts */
    bool deaf;                       /* there are such runs */
    struct reserve receivers;        /* u32: actors that hear of one log */
    struct demand demand;            /* the next one */
    struct actor_id demand_to;
    u64 chain_key, demand_key, reporter_key;
    u32 logs_free, missed_free; /* place + 1 */
    u32 block_caused, demand_caused, timeline_caused, reporter_caused;
    u64 block_slot; /* for which a block is in the queue; SLOT_NONE */
    u64 era, era_start_s;
    u64 responses_era; /* first era whose responses were not sent */
    bool started;
    bool stopped;
    const char *error;
};

#define SLOT_NONE UINT64_MAX

static inline struct power *power_at(const struct host_sim *h, struct actor_id id)
{
    check(id.v < h->powers.count);
    return (struct power *)h->powers.base + id.v;
}

static inline struct world *host_world(const struct host_sim *h)
{
    return &h->c.process->world;
}

/* ---- host_sim.c ---- */

/* The reserve is full: the run ends with its name. */
void host_full(struct host_sim *h, const struct reserve *r);

/* Put an item that this actor, or this entry of the timeline, causes. */
void host_schedule(struct host_sim *h, struct actor_id source, enum event_class class,
                   struct instant at, const struct queue_item *item);
void host_schedule_entry(struct host_sim *h, u32 entry, struct instant at,
                         const struct queue_item *item);

void host_schedule_reporter(struct host_sim *h, struct instant at, const struct queue_item *item);

/* A transaction for the next block, which is called for. */
void host_submit(struct host_sim *h, struct instant now, u32 account, const struct tx *tx);

void host_dispatch(struct host_sim *h, struct actor_id to, struct instant now,
                   const struct event *event);

/* The event that an item stands for. */
void host_event(const struct host_sim *h, const struct queue_item *item, struct event *e);

/* ---- blocks.c: the chain moves, and who hears of it ---- */

void blocks_start(struct host_sim *h);
void blocks_want_next(struct host_sim *h, struct instant now);
void blocks_due(struct host_sim *h, struct instant now, u64 slot);
void blocks_log_done(struct host_sim *h, u32 place); /* one receiver less */

/* ---- power.c: machines go and come ---- */

void power_open(struct host_sim *h);                               /* before the first event */
void power_misses_changed(struct host_sim *h, struct instant now); /* heartbeat_misses is another */
void power_start(struct host_sim *h, struct actor_id id);
void power_registered(struct host_sim *h, struct actor_id id, u32 provider, struct instant now);
void power_missed(struct host_sim *h, const struct queue_item *item);
void power_item(struct host_sim *h, struct instant now, const struct queue_item *item);

/* Did a beat of this era get an answer by now? */
bool power_answered(const struct host_sim *h, struct actor_id id, struct instant now);

/* ---- mishap.c: what goes wrong ---- */

must_use bool mishaps_open(struct host_sim *h);

static inline bool mishaps_any(const struct host_sim *h)
{
    return h->mishaps.count != 0;
}

/* Something of this actor passes: does a mishap meet it?  Adds to *by what that makes it later. */
must_use bool mishap_meets(struct host_sim *h, struct actor_id who, enum mishap_kind kind,
                           struct instant now, struct span *by);

/* When what an actor reads (LAG) or submits (HOLD) now is there; now: none. */
struct instant mishap_late(struct host_sim *h, struct actor_id who, enum mishap_kind kind,
                           struct instant now);

/* ---- restart.c: an actor without memory ---- */

void restart_at(struct host_sim *h, struct actor_id id, struct instant now);

/* ---- reporter.c: what the host tells the chain ---- */

void reporter_era(struct host_sim *h,
                  struct instant now); /* an era has begun, or a halt is known */
void reporter_responses(struct host_sim *h, struct instant now, u64 era);
void reporter_halted(struct host_sim *h, struct instant now, struct halt halt);
void reporter_down(struct host_sim *h, struct instant now, u32 provider, u64 start_s,
                   bool announced);
void reporter_up(struct host_sim *h, struct instant now, u32 provider, u64 end_s);

/* The halt in which this instant lies; NULL: none. */
const struct halt *reporter_halt(const struct host_sim *h, u64 at_ns);

#endif /* SIM_ENGINE_HOST_H */
