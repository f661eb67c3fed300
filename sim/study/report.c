/* report - the page of one run. */
#include "sim/study/report.h"

#include "metrics/figures.h"
#include "metrics/table.h"
#include "protocol/params.h"
#include "sim/study/html.h"
#include "sim/study/report_checks.h"
#include "sim/study/report_plots.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

__attribute__((format(printf, 2, 3))) static bool failed(char error[REPORT_ERROR],
                                                         const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, REPORT_ERROR, format, args);
    va_end(args);
    return false;
}

static const char *text_at(sqlite3_stmt *stmt, int at)
{
    const unsigned char *text = sqlite3_column_text(stmt, at);

    return text == NULL ? "" : (const char *)text;
}

/* Title, question and what was run. */
static bool put_head(struct report_source *s, FILE *page, const struct report_plan *plan)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(s->db,
                           "SELECT run, scenario, arm, seed, profile, eras, end_s, providers,"
                           " users, blocks, events, rolling_hash FROM runs ORDER BY run LIMIT 1",
                           -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW) {
        snprintf(s->error, sizeof s->error, "run.db: holds no run (%s)", sqlite3_errmsg(s->db));
        sqlite3_finalize(stmt);
        return false;
    }
    s->run = (u64)sqlite3_column_int64(stmt, 0);
    html_begin(page, text_at(stmt, 1));
    fputs("<h1>", page);
    html_text(page, text_at(stmt, 1));
    fputs("</h1>\n<p class=\"question\">", page);
    html_text(page, plan->question);
    fputs("</p>\n<p class=\"facts\">", page);
    if (text_at(stmt, 2)[0] != '\0') {
        fputs("arm <b>", page);
        html_text(page, text_at(stmt, 2));
        fputs("</b> &middot; ", page);
    }
    fprintf(page,
            "seed <b>%s</b> &middot; profile <b>%s</b> &middot; <b>%s</b> eras, "
            "<b>%.4g</b> days &middot; <b>%s</b> providers, <b>%s</b> users &middot; "
            "<b>%s</b> blocks, <b>%s</b> events &middot; rolling hash <b>%s</b></p>\n",
            text_at(stmt, 3), text_at(stmt, 4), text_at(stmt, 5),
            sqlite3_column_double(stmt, 6) / 86400, text_at(stmt, 7), text_at(stmt, 8),
            text_at(stmt, 9), text_at(stmt, 10), text_at(stmt, 11));
    sqlite3_finalize(stmt);
    fputs("<p class=\"facts\"><code>", page);
    html_text(page, plan->command);
    fputs("</code></p>\n", page);
    return true;
}

static bool put_figures(struct report_source *s, FILE *page)
{
    struct figure_value values[FIGURES];
    char text[FIGURE_TEXT];

    if (!figures_read(s->db, s->run, values)) {
        snprintf(s->error, sizeof s->error, "run.db: %s", sqlite3_errmsg(s->db));
        return false;
    }
    fputs("<h2>Key figures</h2>\n<div class=\"figures\">\n", page);
    for (size_t i = 0; i < FIGURES; i++) {
        const struct figure *f = figure_of((enum figure_id)i);
        figure_print(text, values[i]);
        fprintf(page, "<div class=\"figure\" title=\"");
        html_text(page, f->doc);
        fprintf(page, "\"><span>%s</span><b>%s <i>%s</i></b></div>\n", f->title, text,
                values[i].known ? f->unit : "");
    }
    fputs("</div>\n", page);
    return true;
}

/* A value of a parameter as people read it: money in whole tokens. */
static void put_value(FILE *page, const char *value, const char *unit)
{
    u128 wei = 0;
    char text[CELL_SIZE];

    if (strcmp(unit, "SPON") != 0) {
        fprintf(page, "%s %s", value, strcmp(unit, "flag") == 0 ? "" : unit);
        return;
    }
    for (; *value >= '0' && *value <= '9'; value++) {
        u64 digit = (u64)(u8)*value - '0';
        wei = wei * 10 + digit;
    }
    text[amount_print(text, AMOUNT(wei), 18)] = '\0';
    fprintf(page, "%s SPON", text);
}

struct param_row {
    const char *name, *unit, *doc;
    char value[CELL_SIZE];
};

static void default_of(struct param_row *row, enum param_id id)
{
    static const struct param_row rows[PARAM_KINDS] = {
#define PARAM(type, name, unit, def, min, max, source, doc) {#name, unit, doc, ""},
#include "protocol/params.def"
#undef PARAM
    };

    *row = rows[id];
    row->value[u128_print(row->value, params_get(&params_default, id))] = '\0';
}

/* Row `at` of the parameters whose name this is; false: no such parameter. */
static bool param_named(struct param_row *row, const char *name)
{
    for (size_t i = 0; i < PARAM_KINDS; i++) {
        default_of(row, (enum param_id)i);
        if (strcmp(row->name, name) == 0)
            return true;
    }
    return false;
}

/* Parameters that are not at their default, and those that changed on the way. */
static bool put_params(struct report_source *s, FILE *page)
{
    sqlite3_stmt *stmt;
    struct param_row row;
    u64 n = 0;

    fputs("<h2>Parameters that differ from the defaults</h2>\n", page);
    if (sqlite3_prepare_v2(s->db,
                           "SELECT name, value, unit, era FROM params WHERE run = ?1"
                           " ORDER BY era, rowid",
                           -1, &stmt, NULL) == SQLITE_OK)
        sqlite3_bind_int64(stmt, 1, (sqlite3_int64)s->run);
    while (stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW) {
        u64 era = (u64)sqlite3_column_int64(stmt, 3);
        if (!param_named(&row, text_at(stmt, 0)) ||
            (era == 0 && strcmp(row.value, text_at(stmt, 1)) == 0))
            continue;
        if (n++ == 0)
            fputs("<table><tr><th>Parameter</th><th class=\"n\">Value</th><th class=\"n\">Default"
                  "</th><th class=\"n\">From era</th><th>Meaning</th></tr>\n",
                  page);
        fprintf(page, "<tr><td><code>%s</code></td><td class=\"n\">", row.name);
        put_value(page, text_at(stmt, 1), row.unit);
        fputs("</td><td class=\"n\">", page);
        put_value(page, row.value, row.unit);
        fprintf(page, "</td><td class=\"n\">%s</td><td>", text_at(stmt, 3));
        html_text(page, row.doc);
        fputs("</td></tr>\n", page);
    }
    fputs(n == 0 ? "<p class=\"none\">None.</p>\n" : "</table>\n", page);
    sqlite3_finalize(stmt);
    return true;
}

static bool put_page(struct report_source *s, FILE *page, const struct report_plan *plan)
{
    if (!put_head(s, page, plan) || !put_figures(s, page))
        return false;
    fputs("<h2>What happened</h2>\n", page);
    if (!report_plots(s, page) || !report_checks(s, page, plan->folder) || !put_params(s, page))
        return false;
    fputs("<h2>Where this comes from</h2>\n<p class=\"facts\">Every figure is made from the tables "
          "beside this page: <code>run.db</code> (SQLite, with views <code>v_...</code> for "
          "looking) and the same rows as CSV. <code>datapackage.json</code> says what each column "
          "means, <code>manifest.json</code> what the run was made with.</p>\n",
          page);
    html_end(page);
    return true;
}

/* A folder of several runs has a page of its own, and not all tables of each. */
static bool is_one_run(struct report_source *s)
{
    sqlite3_stmt *stmt;
    sqlite3_int64 runs = 1; /* what is no table of runs is told where the page asks it */

    if (sqlite3_prepare_v2(s->db, "SELECT count(*) FROM runs", -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        runs = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    if (runs > 1)
        snprintf(s->error, sizeof s->error,
                 "holds %lld runs, whose page is summary.html; expected the folder of one run",
                 (long long)runs);
    return runs <= 1;
}

/* A page that cannot be written leaves the one before. */
static bool write_page(struct report_source *s, const char *path, const struct report_plan *plan)
{
    char partial[1300];
    FILE *page;
    bool ok;

    snprintf(partial, sizeof partial, "%s.partial", path);
    page = fopen(partial, "wbe");
    if (page == NULL) {
        snprintf(s->error, sizeof s->error, "%s: %s", partial, strerror(errno));
        return false;
    }
    ok = put_page(s, page, plan);
    if ((ferror(page) | fclose(page)) != 0 && ok) {
        snprintf(s->error, sizeof s->error, "%s: %s", partial, strerror(errno));
        ok = false;
    }
    if (ok && rename(partial, path) != 0) {
        snprintf(s->error, sizeof s->error, "%s: %s", path, strerror(errno));
        ok = false;
    }
    if (!ok)
        unlink(partial);
    return ok;
}

bool report_write(const struct report_plan *plan, char error[REPORT_ERROR])
{
    struct report_source s = {.db = NULL};
    char db[1200], path[1200];
    bool ok;

    if (snprintf(db, sizeof db, "%s/run.db", plan->folder) >= (int)sizeof db ||
        snprintf(path, sizeof path, "%s/report.html", plan->folder) >= (int)sizeof path)
        return failed(error, "%.200s...: path is too long", plan->folder);
    if (sqlite3_open_v2(db, &s.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        failed(error, "%s: %s", db, sqlite3_errmsg(s.db));
        sqlite3_close(s.db);
        return false;
    }
    if (is_one_run(&s))
        ok = write_page(&s, path, plan) || failed(error, "%s", s.error);
    else
        ok = failed(error, "%s: %s", db, s.error);
    sqlite3_close(s.db);
    return ok;
}
