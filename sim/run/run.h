/* run - one run of one arm of a scenario with one seed: set up, simulated, judged, folded.
 *
 *   scenario ──▶ setup (genesis, population, timeline) ──▶ host_sim ──▶ logs ──▶ fold ──▶ tables
 *                                                           └──▶ invariants, expectations
 */
#ifndef SIM_RUN_RUN_H
#define SIM_RUN_RUN_H

#include "sim/scenario/expect.h"
#include "sim/scenario/scenario.h"

#include <stdio.h>

struct block;
struct chain;
struct log;
struct outside;
struct world;
struct tables;
struct host_meter;
struct record_log;
struct tally;
struct progress;
struct mishap_tally;

/* Who looks on beside the run's own sinks; each may be NULL. */
struct run_watcher {
    void *about;
    void (*on_block)(void *about, const struct chain *chain, const struct block *b, u32 taken);
    void (*on_log)(void *about, const struct log *log);
    /* After an event of an actor, a place in the population: providers, then users. */
    void (*on_dispatch)(void *about, const struct world *world, u32 actor);
    void (*at_end)(void *about, const struct mishap_tally *mishaps);
};

#define RUN_ERROR 700u
#define RUN_REFUSAL 240u

struct run_plan {
    const struct scenario *scenario;
    u32 arm; /* 0 where the scenario has none */
    u64 seed, replicate;
    struct tables *tables;             /* where rows go; NULL: nowhere */
    struct record_log *log;            /* run.log, or NULL */
    FILE *events;                      /* events.jsonl, or NULL */
    struct progress *progress;         /* or NULL */
    const struct run_watcher *watcher; /* or NULL */
    struct host_meter *meter;          /* where time goes by kind of event, or NULL */
    bool check_pure;                   /* every event twice (design.md 2) */
    bool broadcast;                    /* orders reach everybody: the judge of the fan-out index */
    const struct outside *outside;     /* where the host is another one; NULL: a simulation */
};

enum run_end {
    RUN_DONE,
    RUN_VIOLATED, /* an invariant does not hold: violation says which, the run stopped there */
    RUN_LIMIT     /* a stated limit was reached, error says which */
};

/* What one would not see in the figures: what the scenario asks for and did not get. */
struct run_notes {
    u64 turned_away;           /* demands that found their user with USER_JOBS jobs under way */
    u64 refused;               /* transactions of the timeline, and proposals and first stakes */
    char refusal[RUN_REFUSAL]; /* the first of them */
    bool halted;               /* the run ended in a halt, which began in second halted_s */
    u64 halted_s;
};

struct run_result {
    enum run_end end;
    u64 events, blocks, txs;
    struct run_notes notes;
    u64 end_s;
    u64 rolling_hash;
    u128 state_hash, world_hash;
    u64 violated_event; /* RUN_VIOLATED: number of the event that shows it, from 0 */
    char error[RUN_ERROR];
    struct expect_result *expect; /* scenario->expect.count of them; run_result_free() */
    bool expected;                /* all of them passed */
    struct tally *tally;          /* evaluations of the invariants */
};

/* False: the run could not be set up, out->error says why; nothing is to be freed. */
must_use bool run_execute(const struct run_plan *plan, struct run_result *out);
void run_result_free(struct run_result *r);

#endif /* SIM_RUN_RUN_H */
