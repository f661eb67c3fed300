/* workers - independent jobs on all cores, a process each, so that what one run does to its memory
 * or how it dies is no other's matter.
 *
 * The order in which jobs end says nothing: a result stands at its job's place, so `-j` changes no
 * byte of what is made of them.
 */
#ifndef SIM_STUDY_WORKERS_H
#define SIM_STUDY_WORKERS_H

#include "protocol/base.h"

struct workers_plan {
    size_t jobs;
    u32 at_once;        /* processes at a time; 0: as many as there are cores */
    void *results;      /* jobs x result_size bytes */
    size_t result_size; /* of one */
    /* In a process of its own: fill *result of job i; false fails the job (it has said why). */
    bool (*run)(const void *about, size_t i, void *result);
    /* In the caller's process, after each job: so many have ended.  May be NULL. */
    void (*ended)(void *watcher, size_t done);
    const void *about;
    void *watcher;
};

/* Run all jobs.  False: a job failed or died; `*failed` is the lowest of those that did, its result
 * is worth nothing, and jobs that had not started are not started. */
must_use bool workers_run(const struct workers_plan *plan, size_t *failed);

#endif /* SIM_STUDY_WORKERS_H */
