#include "sim/run/bench_market.h"

#include "protocol/invariants/invariant.h"
#include "sim/run/run.h"
#include "sim/study/workers.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* Machines as the openb nodes mostly are; prices so spread that most orders find a bid. */
static const char text[] = "name: bench-market\n"
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

static u64 clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return SEC((u64)t.tv_sec) + (u64)t.tv_nsec;
}

struct job {
    const struct bench_plan *plan;
    bool idle; /* no orders: what a provider costs by itself */
};

struct job_result {
    struct bench_result r;
    char error[BENCH_ERROR];
};

static void fill(struct bench_result *out, const struct run_result *r)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    out->rss_bytes = (u64)use.ru_maxrss * 1024;
    out->events = r->events;
    out->txs = r->txs;
    out->simulated_s = r->end_s;
    for (u32 i = 0; i < INVARIANTS; i++)
        out->evaluations += tally_evaluated(r->tally, (enum invariant_id)i);
}

static bool run_scenario(const struct scenario *s, struct bench_result *out,
                         char error[BENCH_ERROR])
{
    struct run_plan plan = {.scenario = s, .seed = 1, .meter = &out->meter};
    struct run_result r;
    u64 from_ns = clock_ns();

    if (!run_execute(&plan, &r)) {
        snprintf(error, BENCH_ERROR, "%.600s", r.error);
        return false;
    }
    out->wall_ns = clock_ns() - from_ns;
    bool whole = r.end == RUN_DONE;
    if (!whole)
        snprintf(error, BENCH_ERROR, "%.600s", r.error);
    fill(out, &r);
    run_result_free(&r);
    return whole;
}

static bool run_job(const struct bench_plan *p, bool idle, struct bench_result *out,
                    char error[BENCH_ERROR])
{
    struct scenario_options options = {.no_files = true};
    struct scenario s;
    struct problem why;
    char yaml[sizeof(text) + 80];

    snprintf(yaml, sizeof(yaml), text, p->eras, p->order_fanout, p->eras, p->providers,
             idle ? 1 : p->users, idle ? 1 : p->orders_per_day);
    if (!scenario_parse("bench-market", yaml, strlen(yaml), &options, &s, &why)) {
        snprintf(error, BENCH_ERROR, "%s", why.text);
        return false;
    }
    bool ran = run_scenario(&s, out, error);
    scenario_free(&s);
    return ran;
}

static bool job(const void *about, size_t i, void *result)
{
    const struct bench_plan *plan = about;
    struct job_result *out = result;
    struct bench_plan one = *plan;

    one.eras = i == 0 ? plan->eras : 1;
    one.providers = i == 2 ? 1 : plan->providers;
    out->error[0] = '\0';
    (void)run_job(&one, i != 0, &out->r, out->error);
    return true; /* the error tells */
}

bool bench_market(const struct bench_plan *plan, struct bench_result *out, char error[BENCH_ERROR])
{
    struct job_result all[3]; /* the market; idle with all providers; idle with one */
    struct workers_plan workers = {.jobs = 3,
                                   .at_once = 1,
                                   .results = all,
                                   .result_size = sizeof(all[0]),
                                   .run = job,
                                   .about = plan};
    size_t failed;

    memset(all, 0, sizeof(all));
    if (!workers_run(&workers, &failed)) {
        snprintf(error, BENCH_ERROR, "a process of the benchmark died");
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        if (all[i].error[0] != '\0') {
            memcpy(error, all[i].error, BENCH_ERROR);
            return false;
        }
    }
    *out = all[0].r;
    u64 idle = all[1].r.rss_bytes, base = all[2].r.rss_bytes;
    out->bytes_per_provider = idle > base ? (idle - base) / plan->providers : 0;
    return true;
}
