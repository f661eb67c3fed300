/* swarm - many small worlds where anything may go wrong, one for each seed.
 *
 * Each goes through a phase where it is hit and must stay safe (every invariant after each block);
 * then nothing goes wrong any more, and everything must end.  A world that fails is shrunk to a
 * small scenario.  The canary is a world that must fail: if it does not, the swarm is blind.
 */
#ifndef SIM_SWARM_SWARM_H
#define SIM_SWARM_SWARM_H

#include "sim/swarm/shrink.h"

#include <signal.h>

struct swarm_plan {
    u64 first, last;                   /* seeds; last is taken too */
    u64 time_ns;                       /* no seed is begun later; 0: until the last */
    u32 jobs;                          /* processes at a time, 0: one for each core */
    bool first_only;                   /* begin no further seed once something failed */
    u32 shrink_most;                   /* trials to shrink one failure, 0: no end */
    const volatile sig_atomic_t *stop; /* NULL, or: not 0 says to begin no further seed */
    /* After every round, may be NULL: so many seeds are done in so long. */
    void (*went_on)(void *watcher, u64 seeds, u64 elapsed_ns);
    void *watcher;
};

/* A way to fail; further seeds that fail alike are counted only. */
struct swarm_failure {
    u64 seed, others;
    struct plan plan; /* shrunk */
    struct trial trial;
    struct shrunk shrunk;
};

#define SWARM_FAILURES 8u

struct swarm_result {
    u64 seeds, failed;      /* that were tried; that failed */
    u64 next;               /* the first seed that was not tried; 0: there is none */
    u64 left;               /* seeds that were not tried, where the plan names a last one */
    u64 wall_ns;            /* of the trials, without shrinking */
    u32 failures;           /* ways to fail that are kept: the first SWARM_FAILURES */
    bool canary_seen, died; /* died: a worker did, that is, the swarm itself */
    struct swarm_failure canary;
    struct swarm_failure failure[SWARM_FAILURES];
    struct reach reach;
};

/* The same result for the same seeds, however many jobs; with time_ns, how far it gets is the
 * machine's matter.  *out is large and the caller's; false: out of memory. */
must_use bool swarm_run(const struct swarm_plan *plan, struct swarm_result *out);

#endif /* SIM_SWARM_SWARM_H */
