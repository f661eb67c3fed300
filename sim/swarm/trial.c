/* trial - a plan in a process of its own, so that what it does to its memory, how it dies and
 * whether it ends at all is no other's matter. */
#include "sim/swarm/trial.h"

#include "protocol/invariants/invariant.h"
#include "sim/run/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void fails(struct trial *t, enum trial_end end, const char *key, const char *why)
{
    t->end = end;
    snprintf(t->key, sizeof(t->key), "%s", key);
    snprintf(t->why, sizeof(t->why), "%s", why);
    for (char *c = t->why; *c != '\0'; c++)
        *c = *c == '\n' ? ' ' : *c;
}

/* The first expectation that did not pass. */
static void judge(struct trial *t, const struct scenario *s, const struct run_result *r)
{
    for (u32 i = 0; i < s->expect.count; i++) {
        if (r->expect[i].verdict == VERDICT_PASSED)
            continue;
        fails(t, TRIAL_FAILED, s->expect.rows[i].text, r->expect[i].why);
        return;
    }
}

static void take_tally(struct reach *reach, const struct tally *tally)
{
    for (u32 i = 0; i < INVARIANTS; i++)
        for (u32 form = 0; form < FORMS; form++) {
            reach->evaluated[i] += tally->evaluated[form][i];
            reach->binding[i] += tally->binding[form][i];
        }
}

static void take_result(struct trial *t, const struct scenario *s, struct run_result *r)
{
    char key[TRIAL_KEY];

    t->reach.events = r->events;
    t->reach.blocks = r->blocks;
    t->reach.simulated_s = r->end_s;
    take_tally(&t->reach, r->tally);
    if (r->end == RUN_VIOLATED) {
        snprintf(key, sizeof(key), "invariant %s", invariant_rows[r->tally->first.id].id);
        fails(t, TRIAL_FAILED, key, r->error);
    } else if (r->end == RUN_LIMIT) {
        fails(t, TRIAL_FAILED, "a limit of the run", r->error);
    } else if (t->reach.odd_edges > 0) {
        fails(t, TRIAL_FAILED, "a change of state that is in no table",
              "a job or a workload changed its state in a way that sim/swarm/job_edges.def lacks");
    } else {
        judge(t, s, r);
    }
}

static void run_scenario(struct trial *t, const struct scenario *s)
{
    struct reaching *x = reaching_open(&t->reach, s->provider_count, s->user_count);
    struct run_watcher watcher = reaching_watcher(x);
    struct run_plan plan = {.scenario = s, .seed = s->seed_first, .watcher = &watcher};
    struct run_result r;

    if (run_execute(&plan, &r)) {
        take_result(t, s, &r);
        run_result_free(&r);
    } else {
        fails(t, TRIAL_FAILED, "the run cannot be set up", r.error);
    }
    reaching_close(x);
}

static void run_plan(struct trial *t, const struct plan *p)
{
    struct scenario_options options = {0};
    struct scenario s;
    struct problem why;
    char *text = plan_scenario(p, "swarm", "");

    check(text != NULL);
    for (u32 i = 0; i < p->count; i++)
        t->reach.drawn[p->choice[i].kind]++;
    if (scenario_parse("swarm.yaml", text, strlen(text), &options, &s, &why)) {
        run_scenario(t, &s);
        scenario_free(&s);
    } else {
        fails(t, TRIAL_REFUSED, "no scenario", why.text);
    }
    free(text);
}

/* In the child. */
static _Noreturn void live(const struct plan *p, int to, FILE *said)
{
    static struct trial t;

    alarm(TRIAL_LIMIT_S);
    if (dup2(fileno(said), STDERR_FILENO) < 0)
        _exit(EXIT_FAILURE);
    run_plan(&t, p);
    for (size_t sent = 0; sent < sizeof(t);) {
        ssize_t n = write(to, (const u8 *)&t + sent, sizeof(t) - sent);
        if (n <= 0)
            _exit(EXIT_FAILURE);
        sent += (size_t)n;
    }
    _exit(EXIT_SUCCESS);
}

static bool hear(int from, struct trial *out)
{
    size_t got = 0;
    ssize_t n;

    while ((n = read(from, (u8 *)out + got, sizeof(*out) - got)) > 0)
        got += (size_t)n;
    return got == sizeof(*out);
}

/* Its last words. */
static void mourn(struct trial *t, int status, FILE *said)
{
    char words[TRIAL_WHY] = "";

    rewind(said);
    size_t n = fread(words, 1, sizeof(words) - 1, said);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        fails(t, TRIAL_DIED, "it does not end", "it was stopped after two minutes");
    else
        fails(t, TRIAL_DIED, "the process died", n > 0 ? words : "without a word");
}

void trial_run(const struct plan *p, struct trial *out)
{
    FILE *said = tmpfile();
    int ends[2], status = 0;

    memset(out, 0, sizeof(*out));
    if (said == NULL || pipe(ends) != 0) {
        fails(out, TRIAL_DIED, "no process", "no temporary file or pipe is to be had");
        if (said != NULL)
            fclose(said);
        return;
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        live(p, ends[1], said);
    }
    close(ends[1]);
    bool heard = child > 0 && hear(ends[0], out);
    close(ends[0]);
    bool ended = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    if (!heard || !ended) {
        memset(out, 0, sizeof(*out));
        mourn(out, status, said);
    }
    fclose(said);
}
