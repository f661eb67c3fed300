/* suite - the cases of one benchmark, measured in turn, round after round.
 *
 * The rounds are interleaved (all cases, then all again), so that what slows the machine for a
 * while slows one round of each and not all of one; each measurement is a process of its own, so
 * that its memory is its own.  After the rounds each case is measured once more for its parts,
 * where bench.def says so.  A case that takes minutes is measured that last time only.
 * What a case comes to, count and fingerprint, must be the same in all of them.
 */
#ifndef SIM_BENCH_SUITE_H
#define SIM_BENCH_SUITE_H

#include "sim/bench/bench.h"

#define SUITE_ROUNDS_MAX 15u

struct suite_row {
    struct bench_case c;
    u32 rounds;
    struct bench_result round[SUITE_ROUNDS_MAX];
    struct bench_result parts; /* of the last measurement */
};

struct suite {
    const struct bench *bench;
    u32 count;
    struct suite_row *rows; /* suite_free() */
};

struct suite_plan {
    const struct bench *bench;
    struct bench_wish wish;
    u32 rounds; /* 1..SUITE_ROUNDS_MAX; 0: as many as the benchmark has */
    /* After each measurement; may be NULL. */
    void (*ended)(const void *watcher, size_t done, size_t all);
    const void *watcher;
};

/* False: error says why; nothing is to be freed. */
must_use bool suite_run(const struct suite_plan *plan, struct suite *out, char error[BENCH_ERROR]);
void suite_free(struct suite *s);

/* Units a second: of the processor, or of the wall, as bench.def has it.  Over the rounds the
 * median, and the greatest less the least as a share of it. */
double suite_rate(const struct suite *s, const struct suite_row *row);
double suite_spread(const struct suite *s, const struct suite_row *row);
double suite_seconds(const struct suite *s, const struct suite_row *row); /* median of a round */
u64 suite_rss_bytes(const struct suite_row *row);                         /* most of any round */

/* Medians over the rounds that have it; false: none has. */
must_use bool suite_figure(const struct suite_row *row, const char *name, double *out);

#endif /* SIM_BENCH_SUITE_H */
