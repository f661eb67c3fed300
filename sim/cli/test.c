/* test - what scenarios expect, as TAP version 13. */
#include "sim/cli/command.h"
#include "sim/cli/study.h"
#include "sim/cli/verdict.h"
#include "sim/study/progress.h"
#include "sim/study/workers.h"

#include <stdlib.h>
#include <string.h>

/* A scenario of the command line. */
struct subject {
    const char *path;
    bool open;          /* study is there */
    bool skipped;       /* it reads traces, and there is no --data */
    struct problem why; /* of one that cannot be read */
    struct study study;
    u64 first; /* its first job */
};

/* What a worker sends of one run; then as many struct expect_result as the scenario has. */
struct head {
    bool ran;
    enum run_end end;
    struct checked checked;
    struct run_notes notes;
    char error[RUN_ERROR];
};

struct session {
    const struct options *options;
    struct subject *subjects;
    u32 count;
    u64 jobs;
    size_t result_size;
    u8 *results;
    u64 points, failures; /* printed so far */
};

/* Below the folder of --data, not anywhere. */
static bool is_below(const char *file)
{
    return file != NULL && file[0] != '/';
}

static bool reads_trace(const struct scenario *s)
{
    bool reads = s->workload.kind == WORKLOAD_TRACE && is_below(s->workload.trace);

    for (u32 g = 0; g < s->provider_groups; g++)
        reads = reads || is_below(s->providers[g].nodes.file);
    return reads;
}

/* Whether the scenario is fine but for the traces that nobody gave. */
static bool lacks_data(const struct options *o, const char *path)
{
    struct scenario_options options = {
        .profile = o->profile, .sets = o->sets, .set_count = o->set_count, .no_files = true};
    struct scenario *s = malloc(sizeof *s);
    struct problem why;
    bool lacks = false;

    if (s != NULL && o->data == NULL && scenario_read(path, &options, s, &why)) {
        lacks = reads_trace(s);
        scenario_free(s);
    }
    free(s);
    return lacks;
}

static void open_subject(struct session *t, struct subject *x, const char *path)
{
    size_t size = sizeof(struct head);

    x->path = path;
    x->first = t->jobs;
    x->skipped = lacks_data(t->options, path);
    if (x->skipped)
        return;
    x->open = study_open(&x->study, t->options, path, STUDY_FIRST_SEED, &x->why);
    if (!x->open)
        return;
    t->jobs += x->study.runs;
    size += x->study.scenario.expect.count * sizeof(struct expect_result);
    t->result_size = size > t->result_size ? size : t->result_size;
}

/* ---- in the worker ---- */

static const struct subject *subject_of(const struct session *t, size_t job)
{
    const struct subject *found = NULL;

    for (u32 i = 0; i < t->count; i++)
        if (t->subjects[i].open && t->subjects[i].first <= job)
            found = &t->subjects[i];
    check(found != NULL);
    return found;
}

static bool work(const void *about, size_t job, void *result)
{
    const struct session *t = about;
    const struct subject *x = subject_of(t, job);
    struct head *head = result;
    struct run_plan plan = {.scenario = &x->study.scenario,
                            .arm = study_arm(&x->study, job - x->first),
                            .seed = study_seed(&x->study, job - x->first)};
    struct run_result r;

    memset(result, 0, t->result_size);
    head->ran = run_execute(&plan, &r);
    memcpy(head->error, r.error, sizeof head->error);
    if (!head->ran)
        return true;
    head->end = r.end;
    head->checked = verdict_checked(&r);
    head->notes = r.notes;
    if (r.expect != NULL)
        memcpy((u8 *)result + sizeof *head, r.expect,
               x->study.scenario.expect.count * sizeof *r.expect);
    run_result_free(&r);
    return true;
}

/* ---- TAP ---- */

/* A text as a double-quoted YAML scalar. */
static void put_quoted(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            fputs("\\n", stdout);
            continue;
        }
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void begin_point(struct session *t, bool ok)
{
    t->points++;
    t->failures += !ok;
    printf("%s %llu - ", ok ? "ok" : "not ok", (unsigned long long)t->points);
}

static void put_run_name(const struct subject *x, u64 run)
{
    const struct study *s = &x->study;

    fputs(s->scenario.name, stdout);
    if (s->scenario.arm_count > 0)
        printf(", %s", study_arm_name(s, study_arm(s, run)));
    if (s->seeds > 1)
        printf(", seed %llu", (unsigned long long)study_seed(s, run));
    fputs(": ", stdout);
}

static void put_why(const struct subject *x, u64 run, u32 line, u32 column, const char *why)
{
    fputs("  ---\n", stdout);
    if (line > 0)
        printf("  at: %s:%u:%u\n", x->path, line, column);
    fputs("  why: ", stdout);
    put_quoted(why);
    fputs("\n  again: ", stdout);
    study_again(stdout, &x->study, run);
    fputs("\n  ...\n", stdout);
}

static void put_run(struct session *t, const struct subject *x, u64 run)
{
    const u8 *result = t->results + (x->first + run) * t->result_size;
    const struct head *head = (const void *)result;
    const struct expect_result *verdicts = (const void *)(result + sizeof *head);
    const struct expectations *all = &x->study.scenario.expect;
    bool went = head->ran && head->end == RUN_DONE;
    char checked[CHECKED_TEXT];

    begin_point(t, went);
    put_run_name(x, run);
    checked_text(checked, head->checked);
    if (went) {
        printf("no invariant is violated in %s\n", checked);
        verdict_notes(stdout, "# Note: ", &head->notes);
    } else {
        fputs("runs to its end\n", stdout);
        put_why(x, run, 0, 0, head->error);
    }
    for (u32 i = 0; i < all->count; i++) {
        bool ok = went && verdicts[i].verdict == VERDICT_PASSED;
        begin_point(t, ok);
        put_run_name(x, run);
        verdict_text(stdout, &all->rows[i]);
        putchar('\n');
        if (!ok)
            put_why(x, run, all->rows[i].line, all->rows[i].column,
                    went ? verdict_why(&verdicts[i]) : "the run did not end well");
    }
}

static void put_subject(struct session *t, const struct subject *x)
{
    if (x->skipped) {
        begin_point(t, true);
        printf("%s # SKIP needs --data\n", x->path);
    } else if (!x->open) {
        begin_point(t, false);
        printf("%s can be read\n  ---\n  why: ", x->path);
        put_quoted(x->why.text);
        fputs("\n  ...\n", stdout);
    }
    for (u64 run = 0; x->open && run < x->study.runs; run++)
        put_run(t, x, run);
}

static u64 points_of(const struct session *t)
{
    u64 points = 0;

    for (u32 i = 0; i < t->count; i++) {
        const struct subject *x = &t->subjects[i];
        points += x->open ? x->study.runs * (1 + x->study.scenario.expect.count) : 1;
    }
    return points;
}

static void ended(void *watcher, size_t done)
{
    progress_show(watcher, done, 0, 0);
}

static enum exit_code run_all(struct session *t)
{
    struct progress progress;
    struct workers_plan plan = {.jobs = t->jobs,
                                .at_once = t->options->jobs,
                                .results = t->results,
                                .result_size = t->result_size,
                                .run = work,
                                .ended = ended,
                                .about = t,
                                .watcher = &progress};
    enum exit_code code = EXIT_PASS;
    size_t failed;

    progress_start(&progress, stderr, t->options->quiet, "test", "run", t->jobs);
    bool worked = t->jobs == 0 || workers_run(&plan, &failed);
    progress_end(&progress);
    if (!worked) {
        const struct subject *x = subject_of(t, failed);
        printf("Bail out! The process of a run died: ");
        study_again(stdout, &x->study, failed - x->first);
        putchar('\n');
        return EXIT_BUG;
    }
    printf("TAP version 13\n1..%llu\n", (unsigned long long)points_of(t));
    for (u32 i = 0; i < t->count; i++) {
        put_subject(t, &t->subjects[i]);
        if (!t->subjects[i].open && !t->subjects[i].skipped)
            code = EXIT_USAGE;
    }
    if (t->failures > 0)
        printf("# %llu of %llu failed\n", (unsigned long long)t->failures,
               (unsigned long long)t->points);
    return t->failures > 0 && code == EXIT_PASS ? EXIT_CHECK : code;
}

enum exit_code command_test(const struct options *o)
{
    struct session t = {.options = o, .result_size = sizeof(struct head)};
    enum exit_code code = EXIT_USAGE;

    t.subjects = calloc(o->arg_count, sizeof *t.subjects);
    for (; t.subjects != NULL && t.count < o->arg_count; t.count++)
        open_subject(&t, &t.subjects[t.count], o->args[t.count]);
    t.results = calloc(t.jobs + 1, t.result_size);
    if (t.subjects == NULL || t.results == NULL)
        command_refused("out of memory");
    else
        code = run_all(&t);
    for (u32 i = 0; i < t.count; i++)
        if (t.subjects[i].open)
            study_close(&t.subjects[i].study);
    free(t.subjects);
    free(t.results);
    return code;
}
