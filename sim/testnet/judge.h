/* judge - what a scenario expects of a live network, judged as its chain goes on: at each block,
 * and at each block of an earlier life when its store is replayed, so that a network that was
 * killed comes to the verdict of one that was not.  What a chain takes back (evm_revert) was never
 * seen.
 */
#ifndef SIM_TESTNET_JUDGE_H
#define SIM_TESTNET_JUDGE_H

#include "sim/run/setup.h"
#include "sim/run/view.h"

/* As it was when the process took a snapshot. */
struct judge_kept {
    u64 id; /* of the process */
    struct instant judged;
    u8 *bytes; /* counts, results and view; malloc */
};

/* All zero: of nothing, and every call does nothing. */
struct judge {
    const struct setup *setup;
    struct view *view; /* NULL: nothing is expected */
    struct expect_run run;
    struct expect_result *results; /* one for each expectation */
    struct instant judged;         /* the last moment that an expectation names */
    struct judge_kept *kept;
    size_t kept_count, kept_cap;
};

/* The chain is as at genesis.  False: no memory; judge_close() is due all the same. */
must_use bool judge_open(struct judge *j, const struct setup *s);
void judge_close(struct judge *j);

/* A block, of which chain_logs() are there. */
void judge_step(struct judge *j, struct instant now);
/* A snapshot was taken, or gone back to. */
void judge_edit(struct judge *j, const struct edit *e);

/* At the end: do all hold?  results say of each. */
bool judge_end(struct judge *j);

#endif /* SIM_TESTNET_JUDGE_H */
