#include "sim/bench/suite.h"

#include "metrics/statistics.h"
#include "sim/study/workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
    const struct bench *bench;
    struct bench_cases cases;
    u32 rounds;
    void (*ended)(const void *watcher, size_t done, size_t all);
    const void *watcher;
};

static size_t jobs(const struct work *w)
{
    return (size_t)w->cases.count * (w->rounds + (w->bench->last == BENCH_PARTS));
}

/* Not in the rounds, but for the last measurement. */
static bool passed_over(const struct work *w, size_t i)
{
    return w->cases.at[i % w->cases.count].once && i / w->cases.count < w->rounds;
}

/* In a process of its own: round i / cases of case i % cases. */
static bool job(const void *about, size_t i, void *result)
{
    const struct work *w = about;
    struct bench_result *out = result;

    memset(out, 0, sizeof(*out));
    if (!passed_over(w, i))
        w->bench->measure(&w->cases.at[i % w->cases.count], i / w->cases.count == w->rounds, out);
    return true; /* the error tells */
}

static void ended(void *watcher, size_t done)
{
    const struct work *w = watcher;

    if (w->ended != NULL)
        w->ended(w->watcher, done, jobs(w));
}

static bool all_well(const struct work *w, const struct bench_result *all, char error[BENCH_ERROR])
{
    for (size_t i = 0; i < jobs(w); i++) {
        const struct bench_case *c = &w->cases.at[i % w->cases.count];
        const struct bench_result *first = &all[i % w->cases.count];
        if (passed_over(w, i))
            continue;
        if (c->once)
            first = &all[i];
        if (all[i].error[0] != '\0') {
            snprintf(error, BENCH_ERROR, "%s, %s: %.500s", w->bench->name, c->name, all[i].error);
            return false;
        }
        if (all[i].done != first->done || all[i].hash != first->hash) {
            snprintf(error, BENCH_ERROR,
                     "%s, %s: measured twice, it came to something else: %016llx, %016llx",
                     w->bench->name, c->name, (unsigned long long)first->hash,
                     (unsigned long long)all[i].hash);
            return false;
        }
    }
    return true;
}

static bool fold(const struct work *w, const struct bench_result *all, struct suite *out)
{
    u32 n = w->cases.count;

    *out = (struct suite){.bench = w->bench, .count = n, .rows = calloc(n, sizeof(*out->rows))};
    if (out->rows == NULL)
        return false;
    for (u32 c = 0; c < n; c++) {
        struct suite_row *row = &out->rows[c];
        row->c = w->cases.at[c];
        row->parts = all[jobs(w) - n + c];
        row->rounds = row->c.once ? 1 : w->rounds;
        for (u32 r = 0; r < row->rounds; r++)
            row->round[r] = row->c.once ? row->parts : all[(size_t)r * n + c];
    }
    return true;
}

static bool measure(struct work *w, struct suite *out, char error[BENCH_ERROR])
{
    struct bench_result *all = calloc(jobs(w), sizeof(*all));
    struct workers_plan plan = {.jobs = jobs(w),
                                .at_once = 1,
                                .results = all,
                                .result_size = sizeof(*all),
                                .run = job,
                                .ended = ended,
                                .about = w,
                                .watcher = w};
    size_t failed;
    bool well = false;

    if (all == NULL)
        snprintf(error, BENCH_ERROR, "out of memory");
    else if (!workers_run(&plan, &failed))
        snprintf(error, BENCH_ERROR, "%s, %s: the process that measured it died", w->bench->name,
                 w->cases.at[failed % w->cases.count].name);
    else
        well = all_well(w, all, error);
    if (well && !fold(w, all, out)) {
        snprintf(error, BENCH_ERROR, "out of memory");
        well = false;
    }
    free(all);
    return well;
}

bool suite_run(const struct suite_plan *plan, struct suite *out, char error[BENCH_ERROR])
{
    struct work w = {.bench = plan->bench,
                     .rounds = plan->rounds != 0 ? plan->rounds : plan->bench->rounds,
                     .ended = plan->ended,
                     .watcher = plan->watcher};

    check(w.rounds >= 1 && w.rounds <= SUITE_ROUNDS_MAX);
    w.bench->cases(&plan->wish, &w.cases);
    check(w.cases.count > 0);
    for (u32 i = 0; i < w.cases.count; i++)
        check(!w.cases.at[i].once || w.bench->last == BENCH_PARTS);
    return measure(&w, out, error);
}

void suite_free(struct suite *s)
{
    free(s->rows);
    s->rows = NULL;
}

/* ---- what the rounds come to ---- */

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof(*values), by_value);
    return quantile_of_sorted(values, n, 0.5);
}

static double seconds(const struct suite *s, const struct bench_result *r)
{
    return (double)(s->bench->time == BENCH_CPU ? r->cpu_ns : r->wall_ns) / 1e9;
}

static void rates(const struct suite *s, const struct suite_row *row, double out[SUITE_ROUNDS_MAX])
{
    for (u32 i = 0; i < row->rounds; i++)
        out[i] = (double)row->round[i].done / seconds(s, &row->round[i]);
}

double suite_rate(const struct suite *s, const struct suite_row *row)
{
    double all[SUITE_ROUNDS_MAX];

    rates(s, row, all);
    return median(all, row->rounds);
}

double suite_spread(const struct suite *s, const struct suite_row *row)
{
    double all[SUITE_ROUNDS_MAX];

    rates(s, row, all);
    double middle = median(all, row->rounds); /* and sorts them */
    return (all[row->rounds - 1] - all[0]) / middle;
}

double suite_seconds(const struct suite *s, const struct suite_row *row)
{
    double all[SUITE_ROUNDS_MAX];

    for (u32 i = 0; i < row->rounds; i++)
        all[i] = seconds(s, &row->round[i]);
    return median(all, row->rounds);
}

u64 suite_rss_bytes(const struct suite_row *row)
{
    u64 most = 0;

    for (u32 i = 0; i < row->rounds; i++)
        most = row->round[i].rss_bytes > most ? row->round[i].rss_bytes : most;
    return most;
}

static const struct bench_figure *find(const struct bench_result *r, const char *name)
{
    for (u32 i = 0; i < r->figure_count; i++)
        if (strcmp(r->figures[i].name, name) == 0)
            return &r->figures[i];
    return NULL;
}

bool suite_figure(const struct suite_row *row, const char *name, double *out)
{
    double all[SUITE_ROUNDS_MAX];
    u32 n = 0;

    for (u32 i = 0; i < row->rounds; i++) {
        const struct bench_figure *f = find(&row->round[i], name);
        if (f != NULL)
            all[n++] = f->value;
    }
    const struct bench_figure *last = find(&row->parts, name);
    if (n == 0 && last == NULL)
        return false;
    *out = n > 0 ? median(all, n) : last->value;
    return true;
}
