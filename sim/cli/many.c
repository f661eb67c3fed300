/* many - replicates and arms on all cores, and what they say together. */
#include "sim/cli/many.h"
#include "sim/cli/run.h"
#include "sim/study/progress.h"
#include "sim/study/workers.h"

#include <stdlib.h>
#include <string.h>

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
    out->notes = r.notes;
    if (r.end != RUN_DONE)
        say(out, r.error);
    else if (!out->expected)
        note_unexpected(out, s, &r);
    run_result_free(&r);
    return out->end != RUN_DONE || tables->error[0] == '\0' || say(out, tables->error);
}

/* The tables that figures are made of, and those that the folder has of every run. */
static void want(const struct gathered *g, struct tables *t, u64 run)
{
    static const enum table_id for_figures[] = {
        TABLE_runs,   TABLE_tokens, TABLE_eras,    TABLE_fleet,        TABLE_providers,
        TABLE_orders, TABLE_leases, TABLE_slashes, TABLE_slash_payees, TABLE_prices};

    tables_init(t, run);
    memcpy(t->wanted, g->tables, sizeof t->wanted);
    for (size_t k = 0; k < sizeof for_figures / sizeof *for_figures; k++)
        t->wanted[for_figures[k]] = true;
}

static bool run_with(const struct gathered *g, size_t i, sqlite3 *db, struct outcome *out)
{
    struct tables tables;
    struct database database;

    want(g, &tables, i + 1);
    if (!database_open(&database, db, tables.wanted))
        return say(out, database.error);
    tables.database = &database;
    bool ran = run_into(g->study, i, &tables, out);
    if (!database_close(&database))
        return say(out, database.error);
    if (!ran || out->end != RUN_DONE)
        return ran;
    if (!figures_read(db, i + 1, out->figures))
        return say(out, sqlite3_errmsg(db));
    return many_folder_part(g, i, db, out->error);
}

/* In a process of its own; the tables live in memory. */
static bool work(const void *about, size_t i, void *result)
{
    struct outcome *out = result;
    sqlite3 *db;

    memset(out, 0, sizeof *out);
    if (sqlite3_open(":memory:", &db) == SQLITE_OK)
        out->ran = run_with(about, i, db, out);
    else
        say(out, "no database in memory");
    sqlite3_close(db);
    return true;
}

/* ---- what comes of all ---- */

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

static enum exit_code conclude(struct gathered *g)
{
    enum exit_code code = first_failure(g);

    if (code != EXIT_PASS) {
        run_folder_discard(&g->folder);
        return code;
    }
    if (!many_folder_finish(g))
        return command_refused("%s", g->folder.error);
    if (g->study->options->json)
        many_print_json(g);
    else
        many_print(g);
    return many_expected(g);
}

static void ended(void *watcher, size_t done)
{
    progress_show(watcher, done, 0, 0);
}

static enum exit_code run_all(struct gathered *g)
{
    const struct study *s = g->study;
    struct progress progress;
    struct workers_plan plan = {.jobs = s->runs,
                                .at_once = s->options->jobs,
                                .results = g->outcomes,
                                .result_size = sizeof *g->outcomes,
                                .run = work,
                                .ended = ended,
                                .about = g,
                                .watcher = &progress};
    size_t failed;

    if (!many_folder_open(g))
        return command_refused("%s", g->folder.error);
    progress_start(&progress, stderr, s->options->quiet, s->scenario.name, "run", s->runs);
    bool worked = workers_run(&plan, &failed);
    progress_end(&progress);
    if (worked && gather(g))
        return conclude(g);
    run_folder_discard(&g->folder);
    if (worked)
        return command_refused("out of memory");
    fputs("orrery: the process of a run died: ", stderr);
    study_again(stderr, s, failed);
    fputc('\n', stderr);
    return EXIT_BUG;
}

enum exit_code run_many(const struct study *s)
{
    struct gathered *g = calloc(1, sizeof *g);
    enum exit_code code;

    if (g == NULL)
        return command_refused("out of memory");
    g->study = s;
    g->outcomes = calloc(s->runs, sizeof *g->outcomes);
    code = g->outcomes == NULL
               ? command_refused("out of memory for %llu runs", (unsigned long long)s->runs)
               : run_all(g);
    free(g->arms);
    free(g->seeds);
    free(g->values);
    free(g->outcomes);
    free(g);
    return code;
}
