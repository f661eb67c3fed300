/* replay - read the records of a run and let a fresh process do it all again.
 *
 * Each record's inputs are fed to the process, which must come to the same rolling hash: the same
 * outbox, the same answers, at checkpoints the same state hashes.  The hash starts from what the
 * run was made of, so a log of another run, a flipped bit and a changed rule are all seen, at the
 * first record that they touch.
 */
#ifndef SIM_ENGINE_REPLAY_H
#define SIM_ENGINE_REPLAY_H

#include "sim/engine/process.h"

enum replay_end {
    REPLAY_SAME,     /* every record did again what it says */
    REPLAY_STOPPED,  /* so far; to_event is reached */
    REPLAY_OTHER,    /* the log is of another run: seed, replicate or arm */
    REPLAY_DAMAGED,  /* record `at` is not what was written */
    REPLAY_CUT,      /* the run was killed: all `at` records that are there did it again */
    REPLAY_DIVERGED, /* record `at` went another way */
    REPLAY_NO_INPUT  /* record `at` is no input of this process */
};

struct replay_result {
    enum replay_end end;
    u64 at; /* number of the record */
};

extern const char *const replay_texts[REPLAY_NO_INPUT + 1];

#define REPLAY_TO_END UINT64_MAX

/* *p is as at the log's beginning: same scenario, arm, seed and replicate, nothing dispatched.
 * Stops after record to_event, which is printed to `print` if that is not NULL; so is a record that
 * is damaged, no input or goes another way, as far as it can be read, with what differs in it. */
struct replay_result replay(struct process *p, const struct record_source *log, u64 to_event,
                            FILE *print);

#endif /* SIM_ENGINE_REPLAY_H */
