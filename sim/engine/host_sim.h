/* host_sim - the virtual-time host: a process, and a queue of what comes next.
 *
 *            queue ──▶ process_dispatch() ──▶ outbox ──▶ drain: queue, network, waiting block
 *              ▲  └──▶ process_step()  ──▶ answers and logs, by audience ──▶ queue
 *              │
 *   timeline, machines that go and come, demand, heartbeats as arithmetic
 *
 * Nothing ticks: a block is made only when a transaction waits or the chain owes something to
 * time; a machine costs an event when it goes down or comes back; heartbeats cost none.
 *
 * The host is also what stands around the network: it moves machines up and down, feeds demand,
 * sends the timeline's transactions, and reports outages, halts and response times to the chain in
 * the name of the reporter's account (settled 41, 43, 63, 158).
 */
#ifndef SIM_ENGINE_HOST_SIM_H
#define SIM_ENGINE_HOST_SIM_H

#include "sim/engine/mishap.h"
#include "sim/engine/network.h"
#include "sim/engine/process.h"

/* Up and down periods of a machine; up_ns NULL: only the timeline takes it down. */
struct availability {
    const struct distribution *up_ns, *down_ns;
    struct bps announced_share; /* of its down periods: the session is closed, not lost */
};

/* What the host knows of an actor beside the world. */
struct host_actor {
    struct instant starts; /* EVENT_START; before it the actor is not there */
    struct availability availability;
    const struct distribution *response_us; /* of the machine itself; NULL: 0 */
};

/* Where demand comes from, in order of time. */
struct demand_source {
    void *about; /* NULL: there is none */
    /* The next one, not before the last.  False: no more. */
    bool (*next)(void *about, struct instant *at, struct actor_id *to, struct demand *d);
    void *state; /* what next() changes, for host_sim_save(); flat */
    size_t state_size;
};

/* What a run tells to whoever folds it; each may be NULL.  Called in the order in which things
 * happen: the logs of a block, then the block as chain_step() left it, its first `taken`
 * transactions in it. */
struct host_sinks {
    void *about;
    void (*on_block)(void *about, const struct block *b, u32 taken, struct instant now);
    void (*on_log)(void *about, const struct log *log, u64 slot, struct instant now);
};

/* Where the host's time goes, by kind of event; for `orrery bench`. */
#define HOST_ITEM_KINDS 17u
struct host_meter {
    u64 events[HOST_ITEM_KINDS], ns[HOST_ITEM_KINDS];
};
const char *host_item_name(u32 kind);

struct host_config {
    struct process *process; /* with all actors; the caller's, as is all that follows */
    const struct network *network;
    u32 chain_region;     /* from where nodes read the chain, and where the reporter sits */
    u32 reporter_account; /* ROLE_REPORTER */
    u32 order_fanout;     /* settled 141; 0: all */
    u32 providers_max;    /* that the chain can have */
    bool broadcast;       /* orders reach every provider: the judge of the index */
    struct demand_source demand;
    struct host_sinks sinks;
    struct host_meter *meter; /* NULL: nothing is timed */
};

struct host_sim;

/* NULL: out of memory. */
struct host_sim *host_sim_open(const struct host_config *config);
void host_sim_close(struct host_sim *h);

/* Before the first run; an actor that is not named starts at 0 and is always up. */
void host_sim_actor(struct host_sim *h, struct actor_id id, const struct host_actor *facts);

/* The timeline: in any order, at or after the present.  entry: its place in the file, by which
 * things of one instant are ordered. */
void host_sim_submit_at(struct host_sim *h, u32 entry, struct instant at, u32 account,
                        const struct tx *tx);
/* The same about what only the chain knows then.  APPROVE and VERDICT: the provider that account
 * `about` has; RATE: the newest ended lease of tenant `about` without a rating.  0 where there is
 * none: the chain refuses.  Other transactions are taken as they are. */
void host_sim_submit_about_at(struct host_sim *h, u32 entry, struct instant at, u32 account,
                              u32 about, const struct tx *tx);
void host_sim_down_at(struct host_sim *h, u32 entry, struct instant at, struct actor_id id,
                      struct span length, bool announced);
/* No block in [from, to). */
void host_sim_halt_at(struct host_sim *h, u32 entry, struct instant from, struct instant to);

/* Is the chain halted then: from when until when? */
bool host_sim_halted(const struct host_sim *h, struct instant at, struct instant *from,
                     struct instant *to);

/* Before the first run or later, from an instant at or after the present on. */
void host_sim_mishap_at(struct host_sim *h, const struct mishap *f);
const struct mishap_tally *host_sim_mishaps(const struct host_sim *h); /* so far */

/* No further event is taken, in this run or a later one; a sink may say so. */
void host_sim_stop(struct host_sim *h);

/* Runs on up to and with this instant.  False: a limit was reached, host_sim_error() names it. */
must_use bool host_sim_run(struct host_sim *h, struct instant until);
const char *host_sim_error(const struct host_sim *h); /* NULL: none */

/* Is the actor's machine up? */
bool host_sim_up(const struct host_sim *h, struct actor_id id);

/* Everything as it is now: world, chain, queue, what waits.  NULL: out of memory. */
struct snapshot;
struct snapshot *host_sim_save(struct host_sim *h);
/* The host that was saved is as it was then.  False: out of memory, nothing changed. */
must_use bool host_sim_restore(const struct snapshot *s);
void snapshot_free(struct snapshot *s);

#endif /* SIM_ENGINE_HOST_SIM_H */
