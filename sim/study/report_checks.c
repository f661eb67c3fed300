#include "sim/study/report_checks.h"

#include "sim/study/html.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (16u << 20)

/* ---- expectations ---- */

/* The caller frees it; NULL: it is not there, or is no such file. */
static cJSON *read_expectations(const char *folder)
{
    char path[1200];
    char *text = malloc(FILE_MAX + 1);
    cJSON *list = NULL;
    FILE *f;

    snprintf(path, sizeof path, "%.1000s/" EXPECTATIONS_FILE, folder);
    f = fopen(path, "rbe");
    if (f != NULL && text != NULL) {
        text[fread(text, 1, FILE_MAX, f)] = '\0';
        list = cJSON_Parse(text);
    }
    if (f != NULL)
        fclose(f);
    free(text);
    return list;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return text == NULL ? "" : text;
}

static void put_expectations(FILE *page, const char *folder)
{
    cJSON *list = read_expectations(folder);
    const cJSON *e;

    if (cJSON_GetArraySize(list) > 0) {
        fputs("<h2>What was expected</h2>\n"
              "<table><tr><th>Verdict</th><th>Expectation</th><th>Why</th></tr>\n",
              page);
        cJSON_ArrayForEach(e, list)
        {
            bool passed = strcmp(text_of(e, "verdict"), "passed") == 0;
            fprintf(page, "<tr><td%s>", passed ? "" : " class=\"fails\"");
            html_text(page, text_of(e, "verdict"));
            fputs("</td><td><code>", page);
            html_text(page, text_of(e, "expectation"));
            fputs("</code></td><td>", page);
            html_text(page, text_of(e, "why"));
            fputs("</td></tr>\n", page);
        }
        fputs("</table>\n", page);
    }
    cJSON_Delete(list);
}

/* ---- invariants ---- */

static const char *says(const char *id)
{
    static const char *const rows[][2] = {
#define INVARIANT(NAME, id, when, forms, section, text) {id, text},
#include "protocol/invariants/invariants.def"
#undef INVARIANT
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i][0], id) == 0)
            return rows[i][1];
    return "";
}

static const char *cell(sqlite3_stmt *row, int at)
{
    const unsigned char *text = sqlite3_column_text(row, at);

    return text == NULL ? "" : (const char *)text;
}

/* A run with a report has come to its end, so none is violated. */
static bool put_invariants(struct report_source *s, FILE *page)
{
    sqlite3_stmt *rows;
    u64 n = 0;

    if (sqlite3_prepare_v2(s->db,
                           "SELECT id, evaluated, not_vacuous, in_full FROM invariants"
                           " WHERE run = ?1 ORDER BY rowid",
                           -1, &rows, NULL) != SQLITE_OK)
        return true; /* the table was not written */
    sqlite3_bind_int64(rows, 1, (sqlite3_int64)s->run);
    for (; sqlite3_step(rows) == SQLITE_ROW; n++) {
        if (n == 0)
            fputs("<h2>What always held</h2>\n<table><tr><th>Invariant</th><th>Says</th>"
                  "<th class=\"n\">Evaluated</th><th class=\"n\">Not vacuous</th>"
                  "<th class=\"n\">In full</th></tr>\n",
                  page);
        fprintf(page, "<tr><td>%s</td><td>", cell(rows, 0));
        html_text(page, says(cell(rows, 0)));
        fprintf(page,
                "</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
                cell(rows, 1), cell(rows, 2), cell(rows, 3));
    }
    fputs(n == 0 ? "" : "</table>\n", page);
    if (sqlite3_finalize(rows) == SQLITE_OK)
        return true;
    snprintf(s->error, sizeof s->error, "run.db: %s", sqlite3_errmsg(s->db));
    return false;
}

bool report_checks(struct report_source *s, FILE *page, const char *folder)
{
    put_expectations(page, folder);
    return put_invariants(s, page);
}
