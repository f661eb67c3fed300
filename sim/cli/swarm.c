/* swarm - small worlds of drawn choices, until something does not hold. */
#include "sim/cli/command.h"
#include "sim/cli/swarm_print.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIME_NS SEC(60ull) /* where nothing says how long or how many */
#define SHRINK_MOST 2000u
#define FOLDER "out"

/* Set by Ctrl-C: what is under way ends, and what there is is told.  Once more, and it is over. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static void show_progress(void *watcher, u64 seeds, u64 elapsed_ns)
{
    const struct swarm_plan *p = watcher;
    unsigned long long all = p->last - p->first + 1;

    if (p->time_ns != 0)
        fprintf(stderr, "\rswarm: %llu worlds, %llu of %llu s", (unsigned long long)seeds,
                (unsigned long long)(elapsed_ns / SEC(1)),
                (unsigned long long)(p->time_ns / SEC(1)));
    else
        fprintf(stderr, "\rswarm: %llu of %llu worlds", (unsigned long long)seeds, all);
    fputs("\033[K", stderr);
    fflush(stderr);
}

static struct swarm_plan plan_of(const struct options *o)
{
    bool all = (o->given & OPTION_seeds) != 0;

    return (struct swarm_plan){
        .first = (o->given & (OPTION_seed | OPTION_seeds)) != 0 ? o->seed_first : 1,
        .last = all ? o->seed_last : UINT64_MAX,
        .time_ns = o->time_ns != 0 ? o->time_ns
                   : all           ? 0
                                   : TIME_NS,
        .jobs = o->jobs,
        .shrink_most = SHRINK_MOST,
        .stop = &interrupted,
    };
}

/* OUT/swarm-SEED.yaml.  False: it has said why. */
static bool write_scenario(const char *folder, const struct swarm_failure *f, char *path,
                           size_t size)
{
    char name[48], comment[600];

    snprintf(name, sizeof(name), "swarm-%llu", (unsigned long long)f->seed);
    snprintf(path, size, "%s/%s.yaml", folder, name);
    snprintf(comment, sizeof(comment), "# Seed %llu of orrery swarm, shrunk: %s\n# %s\n",
             (unsigned long long)f->seed, f->trial.key, f->trial.why);
    char *text = plan_scenario(&f->plan, name, comment);
    if (text == NULL || (mkdir(folder, 0777) != 0 && errno != EEXIST)) {
        command_refused("%s: %s", folder, strerror(errno));
        free(text);
        return false;
    }
    FILE *file = fopen(path, "w");
    bool written = file != NULL && fputs(text, file) >= 0;
    if (file != NULL)
        written = fclose(file) == 0 && written;
    if (!written)
        command_refused("%s: %s", path, strerror(errno));
    free(text);
    return written;
}

static enum exit_code tell(const struct options *o, const struct swarm_result *r)
{
    char path[1200];
    bool all = true;

    swarm_print(stdout, r);
    for (u32 i = 0; i < r->failures; i++) {
        bool written =
            write_scenario(o->out != NULL ? o->out : FOLDER, &r->failure[i], path, sizeof(path));
        swarm_print_failure(stdout, &r->failure[i], written ? path : NULL);
        all = all && written;
    }
    if (!all)
        return EXIT_USAGE;
    if (r->died || !r->canary_seen)
        return EXIT_BUG;
    return r->failed > 0 ? EXIT_CHECK : EXIT_PASS;
}

enum exit_code command_swarm(const struct options *o)
{
    struct swarm_plan plan = plan_of(o);
    struct swarm_result *r = malloc(sizeof(*r));
    enum exit_code code;

    sigaction(SIGINT,
              &(struct sigaction){.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND}, NULL);
    plan.watcher = &plan;
    plan.went_on = !o->quiet && isatty(STDERR_FILENO) ? show_progress : NULL;
    if (r == NULL || !swarm_run(&plan, r)) {
        free(r);
        return command_refused("out of memory");
    }
    if (plan.went_on != NULL)
        fputs("\r\033[K", stderr);
    code = tell(o, r);
    free(r);
    return code;
}
