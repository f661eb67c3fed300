/* reach - what runs came to: a test that never got somewhere has not tested it.
 *
 * Counters only, so that those of many runs are added up.
 */
#ifndef SIM_SWARM_REACH_H
#define SIM_SWARM_REACH_H

#include "protocol/err.h"
#include "protocol/invariants/invariant.h"
#include "protocol/log.h"
#include "protocol/tx.h"
#include "sim/engine/mishap.h"
#include "sim/swarm/plan.h"

enum edge {
#define EDGE(NAME, machine, from, to) EDGE_##NAME,
#include "sim/swarm/edges.def"
#undef EDGE
    EDGES_OF_CHAIN,
#define JOB(FROM, TO) EDGE_JOB_##FROM##_##TO,
#define WORKLOAD(FROM, TO) EDGE_WORKLOAD_##FROM##_##TO,
#include "sim/swarm/job_edges.def"
#undef JOB
#undef WORKLOAD
    EDGES
};

struct edge_row {
    const char *machine, *from, *to; /* NULL: no edge stands at this number */
};
extern const struct edge_row edge_rows[EDGES];

struct reach {
    u64 events, blocks, simulated_s;
    u64 edges[EDGES];
    u64 odd_edges; /* changes of a job or workload that no row names: an error of the rows */
    u64 errs[ERR_KINDS];
    u64 txs[TX_KINDS], logs[LOG_KINDS];
    u64 drawn[CHOICE_KINDS]; /* choices by kind */
    struct mishap_tally met;
    u64 evaluated[INVARIANTS], binding[INVARIANTS];
};

void reach_add(struct reach *sum, const struct reach *r);

/* How often mishaps of a kind of choice had an effect; false: nothing counts that. */
bool reach_effect(const struct reach *r, enum choice_kind kind, u64 *times);

/* What a run lets be seen, told to *r. */
struct run_watcher;
struct reaching;
struct reaching *reaching_open(struct reach *r, u32 providers, u32 users); /* NULL: no memory */
struct run_watcher reaching_watcher(struct reaching *x);
void reaching_close(struct reaching *x);

#endif /* SIM_SWARM_REACH_H */
