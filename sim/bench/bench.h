/* bench - what one benchmark is, and what one measurement says.
 *
 *   bench.def ──▶ suite: each case in turn, several rounds, a process each ──▶ report
 *
 * A benchmark has cases (sizes, kinds of requests), and measures one case in the process that it is
 * called in, which does nothing else.  A case does the same work each time: its count and its
 * fingerprint say so.  Time is of the processor, so that what else the machine does costs nothing,
 * except where the work is two processes' (bench.def says which).
 */
#ifndef SIM_BENCH_BENCH_H
#define SIM_BENCH_BENCH_H

#include "protocol/base.h"

#define BENCH_CASES_MAX 24u
#define BENCH_PARTS_MAX 24u
#define BENCH_FIGURES_MAX 12u
#define BENCH_NAME 96u
#define BENCH_ERROR 700u

enum bench_demand {
    DEMAND_SIZE,   /* as the benchmark has it for each size */
    DEMAND_SCALED, /* by the providers */
    DEMAND_HELD    /* the same at each size */
};

/* What the command line asks for; 0: as the benchmark has it. */
struct bench_wish {
    u32 providers, orders, eras;
    enum bench_demand demand;
};

/* Which of them a benchmark heeds: a set. */
enum bench_takes {
    TAKES_NOTHING = 0,
    TAKES_PROVIDERS = 1,
    TAKES_ORDERS = 2,
    TAKES_ERAS = 4,
    TAKES_DEMAND = 8,
    TAKES_ALL = 15
};

struct bench_case {
    char name[BENCH_NAME];
    const char *series; /* cases of one are points of one line in a plot over n; NULL: no plot */
    const char *of;     /* what n counts, where there is a series: "providers" */
    u64 n;              /* its size: what figures are per, what a plot has as x */
    u64 work;           /* how much is done: events, eras, ... as the benchmark says */
    bool once; /* it takes minutes: measured once, with its parts, instead of in each round */
    u64 a, b;  /* whatever else makes it */
};

struct bench_cases {
    u32 count;
    struct bench_case at[BENCH_CASES_MAX];
};

/* So many events of one kind took so long. */
struct bench_part {
    char name[BENCH_NAME];
    u64 count, ns;
};

struct bench_figure {
    char name[BENCH_NAME]; /* "bytes a process" */
    double value;
};

/* Flat: it goes through a pipe. */
struct bench_result {
    char error[BENCH_ERROR]; /* empty: it went well */
    u64 done;                /* units of work that were timed */
    u64 cpu_ns, wall_ns;
    u64 rss_bytes; /* most that the process had */
    u64 hash;      /* of what came out */
    u32 part_count, figure_count;
    struct bench_part parts[BENCH_PARTS_MAX];
    struct bench_figure figures[BENCH_FIGURES_MAX];
};

enum bench_time { BENCH_CPU, BENCH_WALL };
enum bench_last { BENCH_PARTS, BENCH_NO_PARTS };

struct bench {
    const char *name, *unit; /* what is done: "events" */
    enum bench_time time;
    u32 rounds;           /* that it has by itself */
    enum bench_last last; /* whether it is measured once more for its parts, after the rounds */
    u32 takes;            /* enum bench_takes */
    const char *doc;
    void (*cases)(const struct bench_wish *wish, struct bench_cases *out);
    /* Fills *out, which is zeroed.  in_parts: time goes into parts, and the clocks cost some of it;
     * figures may be filled then only.  What goes wrong stands in out->error. */
    void (*measure)(const struct bench_case *c, bool in_parts, struct bench_result *out);
};

enum {
#define BENCH(name, unit, time, rounds, last, takes, doc) BENCH_PLACE_##name,
#include "sim/bench/bench.def"
#undef BENCH
    BENCHES
};
#define BENCH(name, unit, time, rounds, last, takes, doc)                                          \
    void name##_cases(const struct bench_wish *wish, struct bench_cases *out);                     \
    void name##_measure(const struct bench_case *c, bool in_parts, struct bench_result *out);
#include "sim/bench/bench.def"
#undef BENCH
extern const struct bench benches[BENCHES];

/* NULL: there is none of that name. */
const struct bench *bench_find(const char *name);

/* Whether its cases are sizes that a plot can have. */
bool bench_has_sizes(const struct bench *b);

/* ---- for those who measure ---- */

struct stopwatch {
    u64 cpu_ns, wall_ns;
};
struct stopwatch stopwatch_start(void);
void stopwatch_stop(const struct stopwatch *w, struct bench_result *out); /* adds */
u64 stopwatch_now_ns(void);                                               /* of the wall */
u64 bench_rss_bytes(void);                                                /* now, of this process */
u64 bench_rss_most_bytes(void);                                           /* since it began */

void bench_case_add(struct bench_cases *c, const struct bench_case *one);
void bench_part_add(struct bench_result *r, const char *name, u64 count, u64 ns);
void bench_figure_add(struct bench_result *r, const char *name, double value);

#endif /* SIM_BENCH_BENCH_H */
