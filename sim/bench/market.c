/* market - the market at stated sizes: events a second, where the time goes, memory.
 *
 * The scenario is made here: so many providers of one kind, always up, orders_per_day with a
 * fan-out of 16, every invariant on, no tables.  The demand is scaled (2 orders a day and provider)
 * or held at 20,000 a day; what is done is events, which are records: one call of an actor, or one
 * block with all that is in it.
 */
#include "protocol/invariants/invariant.h"
#include "sim/bench/bench.h"
#include "sim/run/run.h"
#include "sim/study/progress.h"
#include "sim/study/remove_tree.h"
#include "sim/study/run_folder.h"
#include "sim/study/workers.h"

#include "sim/engine/host_sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORDERS_PER_PROVIDER 2u /* a day */
#define ORDERS_HELD 20000u     /* a day */
#define ORDERS_PER_USER 100u   /* a day, at most: a user has 64 jobs at a time */
#define USERS 200u             /* at least */
#define FANOUT 16u
#define YEAR_ERAS 365u
#define YEAR_PROVIDERS 10000u

/* Machines as the openb nodes mostly are; prices so spread that most orders find a bid. */
static const char scenario_text[] =
    "name: bench-market\n"
    "question: How fast is the market?\n"
    "eras: %u\n"
    "order_fanout: %u\n"
    "check_interval: %u\n"
    "network:\n"
    "  regions: [here]\n"
    "population:\n"
    "  providers:\n"
    "    - name: p\n"
    "      count: %u\n"
    "      machines:\n"
    "        - {cpu: 96, ram: 384GiB, gpus: {t4: 2}, weight: 3}\n"
    "        - {cpu: 104, ram: 512GiB, gpus: {a10: 8}, weight: 4}\n"
    "        - {cpu: 32, ram: 120GiB, weight: 3}\n"
    "      disk: 4TiB\n"
    "      stake: 600 SPON\n"
    "      initial_tier: 4\n"
    "      tokens: [USDX]\n"
    "      ask_ratio: {uniform: [0.5x, 1.5x]}\n"
    "      ask_spread: 0.1x\n"
    "  users:\n"
    "    - name: u\n"
    "      count: %u\n"
    "      token: USDX\n"
    "      deposit: 20000 USDX\n"
    "      max_price_ratio: {uniform: [1x, 3x]}\n"
    "workload:\n"
    "  generated:\n"
    "    orders_per_day: %u\n"
    "    requests:\n"
    "      - {cpu: 4, ram: 16GiB, weight: 4}\n"
    "      - {cpu: 8, ram: 32GiB, gpus: 1, weight: 5}\n"
    "      - {cpu: 12, ram: 48GiB, gpus: 2, weight: 1}\n"
    "    lifetime_cpu: {lognormal: {median: 10min, sigma: 1.2}}\n"
    "    lifetime_gpu: {lognormal: {median: 12min, sigma: 1.2}}\n"
    "    lifetime_multi_gpu: {lognormal: {median: 12min, sigma: 1.2}}\n";

struct market {
    u32 providers, users, orders_per_day, eras;
    u32 check_interval_eras; /* of the invariants' full form */
    struct tables *tables;   /* NULL: none are written */
    bool shown;              /* progress, on a terminal */
};

static bool scenario_make(const struct market *m, struct scenario *s, char error[BENCH_ERROR])
{
    struct scenario_options options = {.no_files = true};
    struct problem why;
    char yaml[sizeof(scenario_text) + 80];

    snprintf(yaml, sizeof(yaml), scenario_text, m->eras, FANOUT, m->check_interval_eras,
             m->providers, m->users, m->orders_per_day);
    if (scenario_parse("bench-market", yaml, strlen(yaml), &options, s, &why))
        return true;
    snprintf(error, BENCH_ERROR, "%s", why.text);
    return false;
}

static void take_figures(const struct run_result *r, struct bench_result *out)
{
    u64 evaluations = 0;

    for (u32 i = 0; i < INVARIANTS; i++)
        evaluations += tally_evaluated(r->tally, (enum invariant_id)i);
    out->done = r->events;
    out->hash = r->rolling_hash;
    out->rss_bytes = bench_rss_most_bytes();
    bench_figure_add(out, "times real time", (double)r->end_s * 1e9 / (double)out->cpu_ns);
    bench_figure_add(out, "transactions", (double)r->txs);
    bench_figure_add(out, "evaluations of invariants", (double)evaluations);
}

static void take_meter(const struct host_meter *m, struct bench_result *out)
{
    for (u32 k = 0; k < HOST_ITEM_KINDS; k++)
        if (m->events[k] != 0)
            bench_part_add(out, host_item_name(k), m->events[k], m->ns[k]);
}

static void simulate(const struct market *m, struct host_meter *meter, struct bench_result *out)
{
    struct scenario s;
    struct run_result r;

    if (!scenario_make(m, &s, out->error))
        return;
    struct progress progress;
    progress_start(&progress, stderr, !m->shown, "year", "era", m->eras);
    struct run_plan plan = {
        .scenario = &s, .seed = 1, .meter = meter, .tables = m->tables, .progress = &progress};
    struct stopwatch w = stopwatch_start();
    if (run_execute(&plan, &r)) {
        stopwatch_stop(&w, out);
        if (r.end == RUN_DONE)
            take_figures(&r, out);
        else
            snprintf(out->error, sizeof(out->error), "%.600s", r.error);
        run_result_free(&r);
    } else {
        snprintf(out->error, sizeof(out->error), "%.600s", r.error);
    }
    progress_end(&progress);
    scenario_free(&s);
}

/* ---- what a provider costs by itself ---- */

static bool idle_job(const void *about, size_t i, void *result)
{
    const struct market *m = about;
    struct market idle = {.providers = i == 0 ? m->providers : 1,
                          .users = 1,
                          .orders_per_day = 1,
                          .eras = 1,
                          .check_interval_eras = 1};

    memset(result, 0, sizeof(struct bench_result));
    simulate(&idle, NULL, result);
    return true;
}

/* The most memory of an era without orders, with all providers and with one. */
static void take_idle(const struct market *m, struct bench_result *out)
{
    struct bench_result all[2];
    struct workers_plan workers = {.jobs = 2,
                                   .at_once = 1,
                                   .results = all,
                                   .result_size = sizeof(all[0]),
                                   .run = idle_job,
                                   .about = m};
    size_t failed;

    if (!workers_run(&workers, &failed))
        snprintf(out->error, sizeof(out->error), "a process without orders died");
    else if (all[0].error[0] != '\0' || all[1].error[0] != '\0')
        snprintf(out->error, sizeof(out->error), "without orders: %.300s%.300s", all[0].error,
                 all[1].error);
    else if (all[0].rss_bytes > all[1].rss_bytes)
        bench_figure_add(out, "bytes an idle provider",
                         (double)(all[0].rss_bytes - all[1].rss_bytes) / (double)m->providers);
}

void market_measure(const struct bench_case *c, bool in_parts, struct bench_result *out)
{
    struct market m = {.providers = (u32)c->n,
                       .users = (u32)c->b,
                       .orders_per_day = (u32)c->a,
                       .eras = (u32)c->work,
                       .check_interval_eras = (u32)c->work};
    struct host_meter meter;

    memset(&meter, 0, sizeof(meter));
    if (in_parts)
        take_idle(&m, out); /* before this process has memory of its own */
    if (out->error[0] == '\0')
        simulate(&m, in_parts ? &meter : NULL, out);
    take_meter(&meter, out);
}

static void add(struct bench_cases *out, const struct bench_wish *w, u32 providers, u32 eras,
                bool held)
{
    u32 orders = w->orders != 0 ? w->orders : held ? ORDERS_HELD : providers * ORDERS_PER_PROVIDER;
    u32 users = orders / ORDERS_PER_USER > USERS ? orders / ORDERS_PER_USER : USERS;
    struct bench_case c = {.series = held ? "20,000 orders a day" : "2 orders a day and provider",
                           .of = "providers",
                           .n = providers,
                           .work = w->eras != 0 ? w->eras : eras,
                           .once = providers >= 1000000 && eras != YEAR_ERAS,
                           .a = orders,
                           .b = users};

    snprintf(c.name, sizeof(c.name), "%u providers, %u orders a day, %llu era%s", providers, orders,
             (unsigned long long)c.work, c.work == 1 ? "" : "s");
    bench_case_add(out, &c);
}

/* Eras so that each takes seconds; a million with the demand held.  10,000 are the same both ways.
 */
void market_cases(const struct bench_wish *wish, struct bench_cases *out)
{
    static const struct {
        u32 providers, eras;
        bool held;
    } sizes[] = {{1000, 7, false}, {10000, 3, false}, {100000, 1, false}, {1000000, 1, false},
                 {1000, 1, true},  {100000, 1, true}, {1000000, 1, true}};
    bool held = wish->demand == DEMAND_HELD;

    if (wish->providers != 0) {
        add(out, wish, wish->providers, 1, held);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        bool by_size = sizes[i].held ? sizes[i].providers > 1000 : sizes[i].providers < 1000000;
        if (wish->demand == DEMAND_SIZE ? by_size : sizes[i].held == held)
            add(out, wish, sizes[i].providers, sizes[i].eras, sizes[i].held);
    }
}

/* ---- a year ---- */

/* The tables that a large scenario would name: of eras, and of providers in each. */
static bool folder_make(struct run_folder *f, const char *out, struct bench_result *result)
{
    bool wanted[TABLES] = {[TABLE_params] = true, [TABLE_eras] = true, [TABLE_providers] = true};
    struct run_folder_plan plan = {.out = out,
                                   .name = "bench-year",
                                   .id = "1",
                                   .title = "A year of the market",
                                   .wanted = wanted,
                                   .run = 1};

    if (run_folder_open(f, &plan))
        return true;
    snprintf(result->error, sizeof(result->error), "%.600s", f->error);
    return false;
}

/* Tables are written as a run writes them, in TMPDIR or here, and taken away. */
void year_measure(const struct bench_case *c, bool in_parts, struct bench_result *out)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    struct run_folder *f = calloc(1, sizeof(*f));
    struct host_meter meter;
    struct market m = {.providers = (u32)c->n,
                       .users = (u32)c->b,
                       .orders_per_day = (u32)c->a,
                       .eras = (u32)c->work,
                       .check_interval_eras = 1,
                       .shown = true};

    (void)in_parts; /* there is one measurement, which has all */
    memset(&meter, 0, sizeof(meter));
    snprintf(path, sizeof(path), "%.4000s/orrery-bench-XXXXXX",
             folder != NULL && folder[0] != '\0' ? folder : ".");
    if (f == NULL || mkdtemp(path) == NULL) {
        snprintf(out->error, sizeof(out->error), "no folder for the tables");
    } else if (folder_make(f, path, out)) {
        m.tables = &f->tables;
        simulate(&m, &meter, out);
        if (out->error[0] == '\0' && !run_folder_seal(f))
            snprintf(out->error, sizeof(out->error), "%.600s", f->error);
        bench_figure_add(out, "rows of tables",
                         (double)(f->tables.rows[TABLE_eras] + f->tables.rows[TABLE_providers] +
                                  f->tables.rows[TABLE_params]));
        take_meter(&meter, out);
        run_folder_discard(f);
    }
    if (!remove_tree(path) && out->error[0] == '\0')
        snprintf(out->error, sizeof(out->error), "%.600s stays", path);
    free(f);
}

void year_cases(const struct bench_wish *wish, struct bench_cases *out)
{
    add(out, wish, wish->providers != 0 ? wish->providers : YEAR_PROVIDERS, YEAR_ERAS,
        wish->demand == DEMAND_HELD);
}
