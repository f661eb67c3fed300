/* many_folder - summary, figures and the joined tables of many runs in one folder. */
#include "sim/cli/many.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of every run, where the scenario does not name its tables: what is about eras, not about single
 * orders. */
static const enum table_id by_default[] = {TABLE_runs,     TABLE_params,    TABLE_tokens,
                                           TABLE_eras,     TABLE_fleet,     TABLE_providers,
                                           TABLE_supplies, TABLE_invariants};

bool many_folder_open(struct gathered *g)
{
    const struct study *s = g->study;
    struct problem why;
    char id[STUDY_ID];
    struct run_folder_plan plan = {.out = s->options->out,
                                   .name = s->scenario.name,
                                   .id = id,
                                   .title = s->scenario.question,
                                   .wanted = g->tables,
                                   .run = 1};

    study_id(s, id);
    if (!study_tables(s, g->tables, &why)) {
        snprintf(g->folder.error, sizeof g->folder.error, "%s", why.text);
        return false;
    }
    if (s->scenario.output.tables.count == 0) {
        bool transfers = g->tables[TABLE_transfers];
        memset(g->tables, 0, sizeof g->tables);
        for (size_t i = 0; i < sizeof by_default / sizeof *by_default; i++)
            g->tables[by_default[i]] = true;
        g->tables[TABLE_transfers] = transfers;
    }
    return run_folder_open(&g->folder, &plan);
}

/* ---- parts ---- */

static void part_path(const struct gathered *g, size_t i, char path[FOLDER_PATH_SIZE + 32])
{
    snprintf(path, FOLDER_PATH_SIZE + 32, "%s/part-%zu.db", g->folder.partial, i);
}

bool many_folder_part(const struct gathered *g, size_t i, sqlite3 *db, char error[RUN_ERROR])
{
    char path[FOLDER_PATH_SIZE + 32], sql[200];
    sqlite3_stmt *attach = NULL;
    bool ok;

    part_path(g, i, path);
    ok = sqlite3_prepare_v2(db, "ATTACH ?1 AS part", -1, &attach, NULL) == SQLITE_OK &&
         sqlite3_bind_text(attach, 1, path, -1, SQLITE_STATIC) == SQLITE_OK &&
         sqlite3_step(attach) == SQLITE_DONE;
    sqlite3_finalize(attach);
    ok = ok &&
         sqlite3_exec(db, "PRAGMA part.journal_mode = OFF; PRAGMA part.synchronous = OFF; BEGIN",
                      NULL, NULL, NULL) == SQLITE_OK;
    for (size_t k = 0; ok && k < TABLES; k++) {
        const char *table = table_of((enum table_id)k)->name;
        if (!g->tables[k])
            continue;
        snprintf(sql, sizeof sql, "CREATE TABLE part.%s AS SELECT * FROM main.%s ORDER BY rowid",
                 table, table);
        ok = sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    }
    ok = ok && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (!ok)
        snprintf(error, RUN_ERROR, "%.400s: %.200s", path, sqlite3_errmsg(db));
    return ok;
}

static bool failed(struct run_folder *f, const char *file, const char *why)
{
    snprintf(f->error, sizeof f->error, "%.900s: %.300s", file, why);
    return false;
}

/* A cell as the table's own writer prints it: ratios have six decimals. */
static bool csv_cell(FILE *out, sqlite3_stmt *row, int at)
{
    switch (sqlite3_column_type(row, at)) {
    case SQLITE_NULL:
        return true;
    case SQLITE_INTEGER:
        return fprintf(out, "%lld", (long long)sqlite3_column_int64(row, at)) > 0;
    case SQLITE_FLOAT:
        return fprintf(out, "%.6f", sqlite3_column_double(row, at)) > 0;
    default:
        return csv_text(out, (const char *)sqlite3_column_text(row, at));
    }
}

static bool join_row(struct run_folder *f, enum table_id id, sqlite3_stmt *row)
{
    FILE *out = f->csv.file[id];
    sqlite3_stmt *insert = f->database.insert[id];
    int n = sqlite3_column_count(row);
    bool ok = true;

    for (int i = 0; ok && i < n; i++)
        ok = (i == 0 || fputc(',', out) != EOF) && csv_cell(out, row, i) &&
             sqlite3_bind_value(insert, i + 1, sqlite3_column_value(row, i)) == SQLITE_OK;
    if (!ok || fputc('\n', out) == EOF)
        return failed(f, table_of(id)->name, strerror(errno));
    ok = sqlite3_step(insert) == SQLITE_DONE && sqlite3_reset(insert) == SQLITE_OK;
    f->tables.rows[id]++;
    return ok || failed(f, "run.db", sqlite3_errmsg(f->handle));
}

static bool join_table(struct run_folder *f, sqlite3 *part, enum table_id id)
{
    char sql[120];
    sqlite3_stmt *rows;
    bool ok = true;

    snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY rowid", table_of(id)->name);
    if (sqlite3_prepare_v2(part, sql, -1, &rows, NULL) != SQLITE_OK)
        return failed(f, "part of a run", sqlite3_errmsg(part));
    while (ok && sqlite3_step(rows) == SQLITE_ROW)
        ok = join_row(f, id, rows);
    return sqlite3_finalize(rows) == SQLITE_OK && ok;
}

static bool join_part(struct gathered *g, size_t i)
{
    char path[FOLDER_PATH_SIZE + 32];
    sqlite3 *part = NULL;
    bool ok;

    part_path(g, i, path);
    ok = sqlite3_open_v2(path, &part, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK ||
         failed(&g->folder, path, "cannot be opened");
    for (size_t k = 0; ok && k < TABLES; k++)
        ok = !g->tables[k] || join_table(&g->folder, part, (enum table_id)k);
    sqlite3_close(part);
    return ok && (unlink(path) == 0 || failed(&g->folder, path, strerror(errno)));
}

/* ---- the summary ---- */

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
    f->data = s->scenario.data;
    return run_folder_finish(f, &p);
}

bool many_folder_finish(struct gathered *g)
{
    const struct study *s = g->study;
    struct run_folder *f = &g->folder;
    bool ok = true;

    for (size_t i = 0; ok && i < s->runs; i++)
        ok = join_part(g, i);
    if (ok && run_folder_write(f, "scenario.resolved.json", s->resolved, strlen(s->resolved)) &&
        write_csv(f, "summary.csv", &g->summary, summary_csv) &&
        write_csv(f, "figures.csv", &g->summary, summary_values_csv) &&
        write_page(f, &g->summary) && finish(f, g))
        return true;
    run_folder_discard(f);
    return false;
}
