/* bench - how fast it is, on this machine, now. */
#include "sim/bench/report.h"
#include "sim/cli/command.h"
#include "sim/engine/nearest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum exit_code list(void)
{
    for (u32 i = 0; i < BENCHES; i++)
        printf("%-8s %s\n", benches[i].name, benches[i].doc);
    printf("%-8s every one of them\n", "all");
    return EXIT_PASS;
}

static enum exit_code refuse(const char *name)
{
    struct nearest near = nearest_to(name);
    char hint[NEAREST_BYTES];

    for (u32 i = 0; i < BENCHES; i++)
        nearest_offer(&near, benches[i].name);
    nearest_offer(&near, "all");
    return command_refused("there is no benchmark '%s'%s", name, nearest_hint(&near, hint));
}

static void show_progress(const void *watcher, size_t done, size_t all)
{
    const struct bench *b = watcher;

    fprintf(stderr, "\r%s: %zu of %zu measured%s", b->name, done, all,
            done == all ? "\r\033[K" : "");
    fflush(stderr);
}

static void print(const struct options *o, const struct suite *s, bool first)
{
    if (o->json)
        printf("%s", first ? "[\n" : ",\n");
    if (o->json)
        report_bench_json(stdout, s);
    else if (o->markdown)
        report_bench_markdown(stdout, s);
    else
        report_bench_text(stdout, s);
    fflush(stdout);
}

/* --plot FILE: what there was stays until the new one is drawn. */
static enum exit_code draw(const struct options *o, const struct suite *s)
{
    char error[BENCH_ERROR];
    FILE *f = fopen(o->plot, "w");

    if (f == NULL)
        return command_refused("%s: %s", o->plot, strerror(errno));
    bool drawn = report_bench_plot(f, s, error);
    if (fclose(f) != 0 && drawn)
        return command_refused("%s: %s", o->plot, strerror(errno));
    return drawn ? EXIT_PASS : command_refused("bench: %s", error);
}

/* Before the minutes that it takes to measure. */
static enum exit_code refuse_plot(const struct options *o, const struct bench *one)
{
    if (o->plot == NULL)
        return EXIT_PASS;
    if (one == NULL || !bench_has_sizes(one))
        return command_refused("bench: --plot draws a benchmark of sizes, as in bench market");
    bool there = access(o->plot, F_OK) == 0;
    FILE *f = fopen(o->plot, "a");
    if (f == NULL)
        return command_refused("%s: %s", o->plot, strerror(errno));
    fclose(f);
    if (!there)
        (void)remove(o->plot);
    return EXIT_PASS;
}

/* What is asked for and would not be heeded. */
static enum exit_code refuse_wishes(const struct options *o, const struct bench *b)
{
    const struct {
        const char *option;
        bool given;
        u32 takes;
    } all[] = {{"--providers", o->providers != 0, TAKES_PROVIDERS},
               {"--orders", o->orders != 0, TAKES_ORDERS},
               {"--eras", o->eras != 0, TAKES_ERAS},
               {"--demand", o->held || o->scaled, TAKES_DEMAND}};

    if (o->json && o->markdown)
        return command_refused("bench: --json and --markdown are two ways to print: give one");
    for (size_t i = 0; b != NULL && i < ARRAY_LEN(all); i++)
        if (all[i].given && (b->takes & all[i].takes) == 0)
            return command_refused("bench: %s has no use for %s", b->name, all[i].option);
    return EXIT_PASS;
}

static enum exit_code measure(const struct options *o, const struct bench *b, bool first)
{
    struct suite_plan plan = {
        .bench = b,
        .rounds = o->rounds,
        .wish = {o->providers, o->orders, o->eras,
                 o->held     ? DEMAND_HELD
                 : o->scaled ? DEMAND_SCALED
                             : DEMAND_SIZE},
        .ended = !o->quiet && isatty(STDERR_FILENO) ? show_progress : NULL,
        .watcher = b,
    };
    struct suite s;
    char error[BENCH_ERROR];

    if (!suite_run(&plan, &s, error))
        return command_refused("bench: %s", error);
    print(o, &s, first);
    enum exit_code code = o->plot == NULL ? EXIT_PASS : draw(o, &s);
    suite_free(&s);
    return code;
}

enum exit_code command_bench(const struct options *o)
{
    const struct bench *one = o->arg_count == 0 ? NULL : bench_find(o->args[0]);
    enum exit_code code = EXIT_PASS;

    if (o->arg_count == 0)
        return list();
    if (one == NULL && strcmp(o->args[0], "all") != 0)
        return refuse(o->args[0]);
    code = refuse_wishes(o, one);
    if (code == EXIT_PASS)
        code = refuse_plot(o, one);
    for (u32 i = 0; i < BENCHES && code == EXIT_PASS; i++)
        if (one == NULL || one == &benches[i])
            code = measure(o, &benches[i], one != NULL || i == 0);
    if (o->json && code == EXIT_PASS)
        printf("\n]\n");
    return code;
}
