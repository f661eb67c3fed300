/* bench_market - the market at a stated size: events a second, where the time goes, memory.
 *
 * The scenario is made here and printed with the figures: so many providers of one kind, always up,
 * orders_per_day with a stated fan-out, every invariant on, no tables.  Each size runs in a process
 * of its own, so that its memory is its own.
 */
#ifndef SIM_RUN_BENCH_MARKET_H
#define SIM_RUN_BENCH_MARKET_H

#include "sim/engine/host_sim.h"

struct bench_plan {
    u32 providers, users, orders_per_day, order_fanout, eras;
};

struct bench_result {
    u64 events, txs, orders, matches, evaluations;
    u64 wall_ns, simulated_s;
    u64 rss_bytes;          /* most that the process had */
    u64 bytes_per_provider; /* against the same process with one provider, idle both */
    struct host_meter meter;
};

#define BENCH_ERROR 700u

/* False: error says why. */
must_use bool bench_market(const struct bench_plan *plan, struct bench_result *out,
                           char error[BENCH_ERROR]);

#endif /* SIM_RUN_BENCH_MARKET_H */
