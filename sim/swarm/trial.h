/* trial - one plan, run as the scenario that it becomes, and what came of it. */
#ifndef SIM_SWARM_TRIAL_H
#define SIM_SWARM_TRIAL_H

#include "sim/swarm/reach.h"

enum trial_end {
    TRIAL_PASSED,
    TRIAL_REFUSED, /* no scenario: what the swarm draws is wrong, or the reader */
    TRIAL_FAILED,  /* an invariant, an expectation, a limit of the run */
    TRIAL_DIED,    /* the process: a check, a sanitizer, a signal, or its time was over */
};

#define TRIAL_KEY 120u
#define TRIAL_WHY 400u

struct trial {
    enum trial_end end;
    char
        key[TRIAL_KEY]; /* two trials that fail alike have one: the invariant, the expectation, … */
    char why[TRIAL_WHY]; /* one line; what the process said on stderr, where it died */
    struct reach reach;  /* zeros where it died or was refused */
};

/* In a process of its own, which lives TRIAL_LIMIT_S seconds at most.  out->end is TRIAL_DIED too
 * where there is no such process to be had. */
#define TRIAL_LIMIT_S 120u
void trial_run(const struct plan *p, struct trial *out);

#endif /* SIM_SWARM_TRIAL_H */
