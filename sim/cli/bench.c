/* bench - how fast it is, on this machine, now. */
#include "sim/cli/command.h"
#include "sim/run/bench_market.h"

#include <stdio.h>
#include <string.h>

#define ORDERS_PER_PROVIDER 2u /* a day: 20,000 a day on 10,000 providers */
#define USERS 200u
#define FANOUT 16u
#define ERAS 7u

static double seconds(u64 ns)
{
    return (double)ns / 1e9;
}

static void print_kinds(const struct bench_result *r)
{
    u64 sum = 0;

    for (u32 k = 0; k < HOST_ITEM_KINDS; k++)
        sum += r->meter.ns[k];
    printf("  %-14s %12s %10s %8s %9s\n", "kind of event", "events", "seconds", "share", "ns each");
    for (u32 k = 0; k < HOST_ITEM_KINDS; k++) {
        u64 n = r->meter.events[k];
        if (n != 0)
            printf("  %-14s %12llu %10.3f %7.1f%% %9.0f\n", host_item_name(k),
                   (unsigned long long)n, seconds(r->meter.ns[k]),
                   100.0 * (double)r->meter.ns[k] / (double)sum,
                   (double)r->meter.ns[k] / (double)n);
    }
}

static void print_result(const struct bench_plan *p, const struct bench_result *r)
{
    printf("market, %u providers: %u orders a day, fan-out %u, %u eras, every invariant on, no "
           "tables\n",
           p->providers, p->orders_per_day, p->order_fanout, p->eras);
    printf("  %-34s %14.0f\n", "events a second, one core",
           (double)r->events / seconds(r->wall_ns));
    printf("  %-34s %14llu\n", "events", (unsigned long long)r->events);
    printf("  %-34s %14llu\n", "transactions", (unsigned long long)r->txs);
    printf("  %-34s %14llu\n", "evaluations of invariants", (unsigned long long)r->evaluations);
    printf("  %-34s %14.2f\n", "seconds", seconds(r->wall_ns));
    printf("  %-34s %14.0f\n", "times real time", (double)r->simulated_s / seconds(r->wall_ns));
    printf("  %-34s %14.1f\n", "memory at most, MiB", (double)r->rss_bytes / 1048576.0);
    printf("  %-34s %14llu\n\n", "bytes an idle provider",
           (unsigned long long)r->bytes_per_provider);
    print_kinds(r);
    printf("\n");
}

static void print_json(const struct bench_plan *p, const struct bench_result *r, bool last)
{
    printf(
        "  {\"bench\": \"market\", \"providers\": %u, \"orders_per_day\": %u, \"order_fanout\": "
        "%u, "
        "\"eras\": %u, \"events\": %llu, \"txs\": %llu, \"evaluations\": %llu, \"wall_ns\": %llu, "
        "\"rss_bytes\": %llu, \"bytes_per_provider\": %llu, \"kinds\": {",
        p->providers, p->orders_per_day, p->order_fanout, p->eras, (unsigned long long)r->events,
        (unsigned long long)r->txs, (unsigned long long)r->evaluations,
        (unsigned long long)r->wall_ns, (unsigned long long)r->rss_bytes,
        (unsigned long long)r->bytes_per_provider);
    for (u32 k = 0; k < HOST_ITEM_KINDS; k++)
        printf("%s\"%s\": [%llu, %llu]", k == 0 ? "" : ", ", host_item_name(k),
               (unsigned long long)r->meter.events[k], (unsigned long long)r->meter.ns[k]);
    printf("}}%s\n", last ? "" : ",");
}

enum exit_code command_bench(const struct options *o)
{
    static const u32 sizes[] = {1000, 10000};
    char error[BENCH_ERROR];

    if (strcmp(o->args[0], "market") != 0)
        return command_refused("bench: expected market, found '%s'", o->args[0]);
    if (o->json)
        printf("[\n");
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct bench_plan plan = {.providers = sizes[i],
                                  .users = USERS,
                                  .orders_per_day = sizes[i] * ORDERS_PER_PROVIDER,
                                  .order_fanout = FANOUT,
                                  .eras = ERAS};
        struct bench_result r;
        if (!bench_market(&plan, &r, error))
            return command_refused("bench: %s", error);
        if (o->json)
            print_json(&plan, &r, i + 1 == ARRAY_LEN(sizes));
        else
            print_result(&plan, &r);
        fflush(stdout);
    }
    if (o->json)
        printf("]\n");
    return EXIT_PASS;
}
