/* host_fixture - a small network on the virtual-time host, for the properties of the engine.
 *
 * Its actors know nothing of the market: they draw, send, submit and set timers, and fold all that
 * they see into a history, so that two runs can be compared actor by actor.
 */
#ifndef TESTS_PROPERTY_HOST_FIXTURE_H
#define TESTS_PROPERTY_HOST_FIXTURE_H

#include "protocol/invariants/invariant.h"
#include "sim/engine/host_sim.h"

#define FIXTURE_ACTORS_MAX 40u
#define FIXTURE_ACCOUNT(member) (10u + (member)) /* by member, whatever the order of adding */
#define FIXTURE_REPORTER 1u

/* A chain with its memory: accounts 1..n, everybody with the reporter's role and plenty of the
 * native token, at 1 USD; the reporter governs. */
struct fixture_chain {
    struct chain chain;
    struct tally tally;
    struct reserve memory;
};
struct fixture_chain *fixture_chain_open(u32 accounts);
void fixture_chain_close(struct fixture_chain *c); /* no invariant was violated */

struct fixture {
    struct process process;
    struct fixture_chain *chain;
    struct host_sim *host;
    struct network network;
    struct distribution up_ns, down_ns;
};

struct fixture_plan {
    const u32 *members; /* in order of adding; names of the actors */
    u32 count;
    u64 seed;
    u32 loss_ppm;    /* of messages and heartbeats */
    bool drawn;      /* machines go down and come back by draws */
    bool check_pure; /* each event twice */
    bool impure;     /* member 0 counts its calls in a static */
    struct host_sinks sinks;
    struct record_log *log;
};

void fixture_open(struct fixture *f, const struct fixture_plan *plan);
void fixture_close(struct fixture *f);
void fixture_run(struct fixture *f, u64 until_s);

/* What the actor of this member saw and drew so far. */
u64 fixture_history(const struct fixture *f, u32 member);
u32 fixture_events(const struct fixture *f, u32 member, enum event_kind kind);
struct actor_id fixture_actor(const struct fixture *f, u32 member);

#endif /* TESTS_PROPERTY_HOST_FIXTURE_H */
