/* many - replicates and arms on all cores, and what they say together. */
#include "sim/cli/run.h"

#include "sim/cli/verdict.h"
#include "sim/study/progress.h"
#include "sim/study/run_folder.h"
#include "sim/study/summary.h"
#include "sim/study/workers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NOTE 500u

/* What a worker sends of one run. */
struct outcome {
    enum run_end end;
    bool ran, expected;
    u64 events, rolling_hash;
    u128 state_hash;
    struct checked checked;
    struct figure_value figures[FIGURES];
    char error[RUN_ERROR];
    char unexpected[NOTE]; /* the first expectation that does not hold */
};

/* The tables that figures are made of, and what the database's views need. */
static const enum table_id for_figures[] = {
    TABLE_runs,   TABLE_tokens, TABLE_eras,    TABLE_fleet,        TABLE_providers,
    TABLE_orders, TABLE_leases, TABLE_slashes, TABLE_slash_payees, TABLE_prices};

static void note_unexpected(struct outcome *out, const struct study *s, const struct run_result *r)
{
    FILE *note = fmemopen(out->unexpected, NOTE, "w");

    for (u32 i = 0; note != NULL && i < s->scenario.expect.count; i++) {
        if (r->expect[i].verdict == VERDICT_PASSED)
            continue;
        fprintf(note, "%s:%u: ", s->scenario.path, s->scenario.expect.rows[i].line);
        verdict_text(note, &s->scenario.expect.rows[i]);
        fprintf(note, ": %s", verdict_why(&r->expect[i]));
        break;
    }
    if (note != NULL)
        fclose(note);
    out->unexpected[NOTE - 1] = '\0';
}

static bool say(struct outcome *out, const char *text)
{
    snprintf(out->error, sizeof out->error, "%s", text);
    return false;
}

static bool run_into(const struct study *s, size_t i, struct tables *tables, struct outcome *out)
{
    struct run_plan plan = {.scenario = &s->scenario,
                            .arm = study_arm(s, i),
                            .seed = study_seed(s, i),
                            .tables = tables,
                            .check_pure = s->options->check_pure};
    struct run_result r;

    if (!run_execute(&plan, &r))
        return say(out, r.error);
    out->end = r.end;
    out->expected = s->scenario.expect.count == 0 || r.expected;
    out->events = r.events;
    out->rolling_hash = r.rolling_hash;
    out->state_hash = r.state_hash;
    out->checked = verdict_checked(&r);
    if (r.end != RUN_DONE)
        say(out, r.error);
    else if (!out->expected)
        note_unexpected(out, s, &r);
    run_result_free(&r);
    return out->end != RUN_DONE || tables->error[0] == '\0' || say(out, tables->error);
}

/* In a process of its own; the tables live in memory. */
static bool work(const void *about, size_t i, void *result)
{
    const struct study *s = about;
    struct outcome *out = result;
    struct tables tables;
    struct database database;
    sqlite3 *db;

    memset(out, 0, sizeof *out);
    tables_init(&tables, 1);
    memset(tables.wanted, 0, sizeof tables.wanted);
    for (size_t k = 0; k < sizeof for_figures / sizeof *for_figures; k++)
        tables.wanted[for_figures[k]] = true;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK || !database_open(&database, db, tables.wanted))
        return say(out, "no database in memory");
    tables.database = &database;
    out->ran =
        run_into(s, i, &tables, out) && (database_close(&database) || say(out, database.error));
    if (out->ran && out->end == RUN_DONE && !figures_read(db, 1, out->figures))
        out->ran = say(out, sqlite3_errmsg(db));
    sqlite3_close(db);
    return true;
}

/* ---- what comes of all ---- */

struct gathered {
    const struct study *study;
    struct outcome *outcomes;
    struct summary summary;
    const char **arms;
    u64 *seeds;
    struct figure_value *values;
};

static bool gather(struct gathered *g)
{
    const struct study *s = g->study;

    g->arms = calloc(s->arms, sizeof *g->arms);
    g->seeds = calloc(s->seeds, sizeof *g->seeds);
    g->values = calloc(s->runs * FIGURES, sizeof *g->values);
    if (g->arms == NULL || g->seeds == NULL || g->values == NULL)
        return false;
    for (u32 i = 0; i < s->arms; i++)
        g->arms[i] = study_arm_name(s, s->arm_first + i);
    for (u64 i = 0; i < s->seeds; i++)
        g->seeds[i] = s->seed_first + i;
    for (u64 i = 0; i < s->runs; i++)
        memcpy(&g->values[i * FIGURES], g->outcomes[i].figures, sizeof g->outcomes[i].figures);
    g->summary = (struct summary){.name = s->scenario.name,
                                  .question = s->scenario.question,
                                  .command = s->options->line,
                                  .arms = g->arms,
                                  .n_arms = s->arms,
                                  .seeds = g->seeds,
                                  .n_seeds = s->seeds,
                                  .values = g->values};
    return true;
}

static bool write_csv(struct run_folder *f, const char *file, const struct summary *summary,
                      bool (*write)(const struct summary *, FILE *))
{
    FILE *out = run_folder_create(f, file);

    if (out == NULL)
        return false;
    bool ok = write(summary, out);
    ok = fclose(out) == 0 && ok;
    if (!ok)
        snprintf(f->error, sizeof f->error, "%s/%s: %s", f->partial, file, strerror(errno));
    return ok;
}

static bool write_page(struct run_folder *f, const struct summary *summary)
{
    char error[SUMMARY_ERROR];
    FILE *page = run_folder_create(f, "summary.html");

    if (page == NULL)
        return false;
    bool ok = summary_page(summary, page, error);
    if (fclose(page) != 0 && ok)
        ok = snprintf(error, sizeof error, "%s", strerror(errno)) < 0;
    if (!ok)
        snprintf(f->error, sizeof f->error, "%.900s/summary.html: %s", f->partial, error);
    return ok;
}

static bool finish(struct run_folder *f, const struct gathered *g)
{
    const struct study *s = g->study;
    char hash[HASH64_TEXT], params[HASH64_TEXT], rolling[HASH64_TEXT], state[2 * HASH64_TEXT];
    struct provenance p = {.command = s->options->line,
                           .scenario = s->scenario.path,
                           .scenario_hash = hash,
                           .params_hash = params,
                           .profile = "whitepaper",
                           .arm = s->arms == 1 ? study_arm_name(s, s->arm_first) : "",
                           .seed = s->seed_first,
                           .seeds = s->seeds,
                           .rolling_hash = rolling,
                           .state_hash = state};
    u64 all = 0;
    u128 states = 0;

    for (u64 i = 0; i < s->runs; i++) {
        all = all * 0x9e3779b97f4a7c15u + g->outcomes[i].rolling_hash;
        states += g->outcomes[i].state_hash;
        p.events += g->outcomes[i].events;
    }
    hash64_text(hash, study_hash(s));
    hash64_text(params, study_params_hash(s, s->arm_first));
    hash64_text(rolling, all);
    hash64_text(state, (u64)(states >> 64));
    hash64_text(state + HASH64_TEXT - 1, (u64)states);
    return run_folder_finish(f, &p);
}

/* The folder of the study; false: f->error says why, nothing is left. */
static bool write_folder(struct run_folder *f, const struct gathered *g)
{
    const struct study *s = g->study;
    bool none[TABLES] = {false};
    char id[STUDY_ID];
    struct run_folder_plan plan = {.out = s->options->out,
                                   .name = s->scenario.name,
                                   .id = id,
                                   .title = s->scenario.question,
                                   .wanted = none,
                                   .run = 1};

    study_id(s, id);
    if (!run_folder_open(f, &plan))
        return false;
    if (run_folder_write(f, "scenario.resolved.json", s->resolved, strlen(s->resolved)) &&
        write_csv(f, "summary.csv", &g->summary, summary_csv) &&
        write_csv(f, "figures.csv", &g->summary, summary_values_csv) &&
        write_page(f, &g->summary) && finish(f, g))
        return true;
    run_folder_discard(f);
    return false;
}

/* The first run that could not be done, or did not go as it should; EXIT_PASS: there is none. */
static enum exit_code first_failure(const struct gathered *g)
{
    const struct study *s = g->study;
    enum exit_code code = EXIT_PASS;

    for (u64 i = 0; i < s->runs && code == EXIT_PASS; i++) {
        const struct outcome *out = &g->outcomes[i];
        if (!out->ran || out->end == RUN_LIMIT)
            code = command_refused("%s", out->error);
        else if (out->end == RUN_VIOLATED)
            code = EXIT_CHECK;
        if (out->end == RUN_VIOLATED)
            fprintf(stderr, "orrery: %s\n", out->error);
        if (code != EXIT_PASS) {
            fputs("  The same again: ", stderr);
            study_again(stderr, s, i);
            fputc('\n', stderr);
        }
    }
    return code;
}

static enum exit_code print_expected(const struct gathered *g)
{
    const struct study *s = g->study;
    u64 failures = 0, first = 0;

    for (u64 i = s->runs; i-- > 0;)
        if (!g->outcomes[i].expected) {
            failures++;
            first = i;
        }
    if (s->scenario.expect.count == 0)
        return EXIT_PASS;
    if (failures == 0) {
        printf("Expectations  all %u hold in each of %llu runs\n", s->scenario.expect.count,
               (unsigned long long)s->runs);
        return EXIT_PASS;
    }
    printf("Expectations  not all hold in %llu of %llu runs, first:\n  %s\n  ",
           (unsigned long long)failures, (unsigned long long)s->runs,
           g->outcomes[first].unexpected);
    study_again(stdout, s, first);
    putchar('\n');
    return EXIT_CHECK;
}

static enum exit_code conclude(const struct gathered *g)
{
    struct run_folder *f = malloc(sizeof *f);
    struct checked checked = {0, 0};
    char text[CHECKED_TEXT];
    enum exit_code code = first_failure(g);

    if (f == NULL)
        return command_refused("out of memory");
    if (code == EXIT_PASS && !write_folder(f, g))
        code = command_refused("%s", f->error);
    if (code == EXIT_PASS && g->study->options->quiet) {
        printf("%s\n", f->whole);
    } else if (code == EXIT_PASS) {
        for (u64 i = 0; i < g->study->runs; i++) {
            const struct checked *one = &g->outcomes[i].checked;
            checked.evaluations += one->evaluations;
            checked.kinds = checked.kinds > one->kinds ? checked.kinds : one->kinds;
        }
        checked_text(text, checked);
        if (!summary_print(&g->summary, stdout))
            code = command_refused("cannot write the results");
        printf("\nInvariants    %s, none violated\n", text);
        code = print_expected(g);
        printf("Results       %s/summary.html\n", f->whole);
    }
    free(f);
    return code;
}

static void ended(void *watcher, size_t done)
{
    progress_show(watcher, done, 0, 0);
}

enum exit_code run_many(const struct study *s)
{
    struct gathered g = {.study = s, .outcomes = calloc(s->runs, sizeof *g.outcomes)};
    struct progress progress;
    struct workers_plan plan = {.jobs = s->runs,
                                .at_once = s->options->jobs,
                                .results = g.outcomes,
                                .result_size = sizeof *g.outcomes,
                                .run = work,
                                .ended = ended,
                                .about = s,
                                .watcher = &progress};
    enum exit_code code;
    size_t failed;

    if (g.outcomes == NULL)
        return command_refused("out of memory for %llu runs", (unsigned long long)s->runs);
    progress_start(&progress, stderr, s->options->quiet, s->scenario.name, "run", s->runs);
    bool worked = workers_run(&plan, &failed);
    progress_end(&progress);
    if (!worked) {
        fputs("orrery: the process of a run died: ", stderr);
        study_again(stderr, s, failed);
        fputc('\n', stderr);
        code = EXIT_BUG;
    } else {
        code = gather(&g) ? conclude(&g) : command_refused("out of memory");
    }
    free(g.arms);
    free(g.seeds);
    free(g.values);
    free(g.outcomes);
    return code;
}
