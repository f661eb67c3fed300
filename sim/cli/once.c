/* once - open the folder, run, seal, report, finish; or leave nothing. */
#include "sim/cli/once.h"

#include "sim/cli/run.h"
#include "sim/engine/record.h"
#include "sim/study/progress.h"
#include "sim/study/report.h"
#include "sim/study/report_checks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool failed(char error[2048], const char *text)
{
    snprintf(error, 2048, "%s", text);
    return false;
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* What else the run writes while it goes on. */
struct sinks {
    struct record_log log;
    bool logging;
    FILE *events;
};

static bool open_sinks(struct once *o, struct sinks *k, char error[2048])
{
    const struct output *out = &o->study->scenario.output;
    struct record_head head = {study_seed(o->study, 0), 0, study_arm(o->study, 0)};
    char path[FOLDER_PATH_SIZE + 16];

    *k = (struct sinks){.events = NULL};
    snprintf(path, sizeof path, "%s/run.log", o->folder.partial);
    if (out->log && !record_log_open(&k->log, path, &head)) {
        snprintf(error, 2048, "%s: %s", path, strerror(k->log.error));
        return false;
    }
    k->logging = out->log;
    if (out->events)
        k->events = run_folder_create(&o->folder, "events.jsonl");
    return !out->events || k->events != NULL || failed(error, o->folder.error);
}

/* True: all that was written is there. */
static bool close_sinks(struct once *o, struct sinks *k, char error[2048])
{
    bool ok = true;

    if (k->logging && !record_log_close(&k->log)) {
        snprintf(error, 2048, "%s/run.log: %s", o->folder.partial, strerror(k->log.error));
        ok = false;
    }
    if (k->events != NULL && (ferror(k->events) | fclose(k->events)) != 0) {
        snprintf(error, 2048, "%s/events.jsonl: %s", o->folder.partial, strerror(errno));
        ok = false;
    }
    return ok;
}

static enum once_end execute(struct once *o, char error[2048])
{
    const struct study *s = o->study;
    struct progress progress;
    struct sinks sinks;
    struct run_plan plan = {.scenario = &s->scenario,
                            .arm = study_arm(s, 0),
                            .seed = study_seed(s, 0),
                            .tables = &o->folder.tables,
                            .progress = &progress,
                            .check_pure = s->options->check_pure};

    if (!open_sinks(o, &sinks, error)) {
        close_sinks(o, &sinks, error);
        return ONCE_REFUSED;
    }
    plan.log = sinks.logging ? &sinks.log : NULL;
    plan.events = sinks.events;
    progress_start(&progress, stderr, s->options->quiet, s->scenario.name, "era", s->scenario.eras);
    bool ran = run_execute(&plan, &o->result);
    progress_end(&progress);
    bool written = close_sinks(o, &sinks, error);
    if (ran && written && o->result.end == RUN_DONE)
        return ONCE_DONE;
    if (!ran || o->result.end != RUN_DONE)
        failed(error, o->result.error);
    return ran && o->result.end == RUN_VIOLATED ? ONCE_VIOLATED : ONCE_REFUSED;
}

/* The key figures, from the tables as they were written. */
static bool read_figures(struct once *o, char error[2048])
{
    char path[FOLDER_PATH_SIZE + 16];
    sqlite3 *db = NULL;
    bool ok;

    snprintf(path, sizeof path, "%s/run.db", o->folder.partial);
    ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
         figures_read(db, 1, o->figures);
    if (!ok)
        snprintf(error, 2048, "%s: %s", path, sqlite3_errmsg(db));
    sqlite3_close(db);
    return ok;
}

static bool finish(struct once *o, char error[2048])
{
    const struct study *s = o->study;
    char hash[HASH64_TEXT], params[HASH64_TEXT], rolling[HASH64_TEXT], state[2 * HASH64_TEXT];
    u32 arm = study_arm(s, 0);

    hash64_text(hash, study_hash(s));
    hash64_text(params, study_params_hash(s, arm));
    hash64_text(rolling, o->result.rolling_hash);
    hash64_text(state, (u64)(o->result.state_hash >> 64));
    hash64_text(state + HASH64_TEXT - 1, (u64)o->result.state_hash);
    struct provenance p = {.command = s->options->line,
                           .scenario = s->scenario.path,
                           .scenario_hash = hash,
                           .params_hash = params,
                           .profile = "whitepaper",
                           .arm = study_arm_name(s, arm),
                           .seed = study_seed(s, 0),
                           .seeds = 1,
                           .events = o->result.events,
                           .rolling_hash = rolling,
                           .state_hash = state};
    o->folder.data = s->scenario.data;
    return run_folder_finish(&o->folder, &p) || failed(error, o->folder.error);
}

static bool write_expectations(struct once *o)
{
    char *text = once_expectations(o);
    bool written =
        text != NULL && run_folder_write(&o->folder, EXPECTATIONS_FILE, text, strlen(text));

    free(text);
    return written;
}

/* After the run: everything that is made of its tables, and the folder's name. */
static bool complete(struct once *o, char error[2048])
{
    const struct study *s = o->study;
    struct report_plan report = {o->folder.partial, s->scenario.question, s->options->line};

    if (!run_folder_write(&o->folder, "scenario.resolved.json", s->resolved, strlen(s->resolved)) ||
        !write_expectations(o) || !run_folder_seal(&o->folder))
        return failed(error, o->folder.error);
    if (!read_figures(o, error))
        return false;
    /* Tables without a page are worth keeping: `orrery report` makes it when gnuplot is there. */
    if (report_write(&report, o->report_error))
        o->report_error[0] = '\0';
    return finish(o, error);
}

/* After a violation: the log stays, and error ends with the command that replays to it. */
static void keep_violated(struct once *o, char error[2048])
{
    const struct study *s = o->study;
    size_t n = strlen(error);

    if (!s->scenario.output.log) {
        run_folder_discard(&o->folder);
        snprintf(error + n, 2048 - n, "\n  There is no log to replay: the scenario wants none.");
    } else if (run_folder_write(&o->folder, "scenario.resolved.json", s->resolved,
                                strlen(s->resolved)) &&
               run_folder_keep_violated(&o->folder)) {
        snprintf(error + n, 2048 - n, "\n  Replay to it: orrery replay '%s' --to-event %llu%s%s%s",
                 o->folder.whole, (unsigned long long)o->result.violated_event,
                 s->options->data != NULL ? " --data '" : "",
                 s->options->data != NULL ? s->options->data : "",
                 s->options->data != NULL ? "'" : "");
    } else {
        snprintf(error + n, 2048 - n, "\n  Its log could not be kept: %.1000s", o->folder.error);
        run_folder_discard(&o->folder);
    }
}

enum once_end once_run(struct once *o, const struct study *s, char error[2048])
{
    bool wanted[TABLES];
    struct problem why;
    char id[STUDY_ID];
    double start = now_s();
    struct run_folder_plan plan = {.out = s->options->out,
                                   .name = s->scenario.name,
                                   .id = id,
                                   .title = s->scenario.question,
                                   .wanted = wanted,
                                   .run = 1};

    memset(o, 0, sizeof *o);
    o->study = s;
    study_id(s, id);
    if (!study_tables(s, wanted, &why)) {
        failed(error, why.text);
        return ONCE_REFUSED;
    }
    if (!run_folder_open(&o->folder, &plan)) {
        failed(error, o->folder.error);
        return ONCE_REFUSED;
    }
    enum once_end end = execute(o, error);
    if (end == ONCE_DONE && !complete(o, error))
        end = ONCE_REFUSED;
    if (end == ONCE_VIOLATED) {
        keep_violated(o, error);
    } else if (end != ONCE_DONE) {
        run_folder_discard(&o->folder);
        once_free(o);
    }
    o->took_s = now_s() - start;
    return end;
}

void once_free(struct once *o)
{
    run_result_free(&o->result);
}

static bool all_passed(const struct once *o)
{
    return o->study->scenario.expect.count == 0 || o->result.expected;
}

enum exit_code run_once(const struct study *s)
{
    struct once *o = malloc(sizeof *o);
    char error[2048];
    enum exit_code code = EXIT_PASS;

    if (o == NULL)
        return command_refused("out of memory");
    switch (once_run(o, s, error)) {
    case ONCE_DONE:
        if (s->again)
            once_print_failures(o);
        else if (s->options->json)
            once_print_json(o);
        else
            once_print(o);
        code = all_passed(o) ? EXIT_PASS : EXIT_CHECK;
        once_free(o);
        break;
    case ONCE_VIOLATED:
        fprintf(stderr, "orrery: %s\n  The same again: ", error);
        study_again(stderr, s, 0);
        fputc('\n', stderr);
        code = EXIT_CHECK;
        once_free(o);
        break;
    case ONCE_REFUSED:
        code = command_refused("%s", error);
        break;
    }
    free(o);
    return code;
}
