#include "sim/bench/bench.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

const struct bench benches[BENCHES] = {
#define BENCH(name, unit, time, rounds, last, takes, doc)                                          \
    {#name, unit, BENCH_##time, rounds, BENCH_##last, takes, doc, name##_cases, name##_measure},
#include "sim/bench/bench.def"
#undef BENCH
};

const struct bench *bench_find(const char *name)
{
    for (u32 i = 0; i < BENCHES; i++)
        if (strcmp(benches[i].name, name) == 0)
            return &benches[i];
    return NULL;
}

bool bench_has_sizes(const struct bench *b)
{
    struct bench_wish wish = {0};
    struct bench_cases cases = {0};

    b->cases(&wish, &cases);
    return cases.at[0].series != NULL;
}

static u64 clock_ns(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return SEC((u64)t.tv_sec) + (u64)t.tv_nsec;
}

u64 stopwatch_now_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

struct stopwatch stopwatch_start(void)
{
    return (struct stopwatch){clock_ns(CLOCK_PROCESS_CPUTIME_ID), stopwatch_now_ns()};
}

void stopwatch_stop(const struct stopwatch *w, struct bench_result *out)
{
    out->cpu_ns += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - w->cpu_ns;
    out->wall_ns += stopwatch_now_ns() - w->wall_ns;
}

u64 bench_rss_most_bytes(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (u64)use.ru_maxrss * 1024;
}

u64 bench_rss_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    unsigned long long size, resident = 0;

    if (f == NULL)
        return bench_rss_most_bytes();
    if (fscanf(f, "%llu %llu", &size, &resident) != 2)
        resident = 0;
    fclose(f);
    return resident * (u64)sysconf(_SC_PAGESIZE);
}

void bench_case_add(struct bench_cases *c, const struct bench_case *one)
{
    check(c->count < BENCH_CASES_MAX);
    c->at[c->count++] = *one;
}

void bench_part_add(struct bench_result *r, const char *name, u64 count, u64 ns)
{
    check(r->part_count < BENCH_PARTS_MAX);
    struct bench_part *p = &r->parts[r->part_count++];
    snprintf(p->name, sizeof(p->name), "%s", name);
    p->count = count;
    p->ns = ns;
}

void bench_figure_add(struct bench_result *r, const char *name, double value)
{
    check(r->figure_count < BENCH_FIGURES_MAX);
    struct bench_figure *f = &r->figures[r->figure_count++];
    snprintf(f->name, sizeof(f->name), "%s", name);
    f->value = value;
}
