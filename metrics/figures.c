/* figures - run each figure's query and fold its rows. */
#include "metrics/figures.h"

#include "metrics/statistics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum fold { VALUE, SUM, MEAN, MEDIAN, P90, P99, GINI, HHI, RATIO };

static const struct figure figures[FIGURES] = {
#define FIGURE(name, title, unit, fold, sql, doc) {#name, title, unit, doc},
#include "metrics/figures.def"
#undef FIGURE
};

static const struct recipe {
    enum fold fold;
    const char *sql;
} recipes[FIGURES] = {
#define FIGURE(name, title, unit, fold, sql, doc) {fold, sql},
#include "metrics/figures.def"
#undef FIGURE
};

const struct figure *figure_of(enum figure_id id)
{
    check(id < FIGURES);
    return &figures[id];
}

#define UNIT_E18 1000000000000000000u

/* A sum that loses nothing where the cells lose nothing: integers and decimal texts are kept
 * exact, and only what is a double already is summed as one. */
struct sum {
    u128 whole, e18; /* value: whole + e18 / 10^18 + real */
    double real;
};

/* A text as SPON columns have it: digits, and up to 18 decimals. */
static void sum_decimal(struct sum *s, const char *text)
{
    u128 whole = 0, part = 0, one = UNIT_E18;
    const char *point = strchr(text, '.');
    const char *end = point == NULL ? text + strlen(text) : point;

    for (; text < end; text++) {
        u64 digit = (u64)(u8)*text - '0';
        whole = whole * 10 + digit;
    }
    for (text = end + (point != NULL); *text != '\0'; text++) {
        u64 digit = (u64)(u8)*text - '0';
        one /= 10;
        part += digit * one;
    }
    s->whole += whole;
    s->e18 += part;
}

static void sum_cell(struct sum *s, sqlite3_stmt *stmt, int at)
{
    sqlite3_int64 v;

    switch (sqlite3_column_type(stmt, at)) {
    case SQLITE_INTEGER:
        v = sqlite3_column_int64(stmt, at);
        if (v < 0)
            s->real += (double)v;
        else
            s->whole += (u64)v;
        break;
    case SQLITE_TEXT:
        sum_decimal(s, (const char *)sqlite3_column_text(stmt, at));
        break;
    case SQLITE_FLOAT:
        s->real += sqlite3_column_double(stmt, at);
        break;
    default: /* NULL adds nothing */
        break;
    }
}

static double sum_value(const struct sum *s)
{
    return (double)(s->whole + s->e18 / UNIT_E18) + (double)(s->e18 % UNIT_E18) / 1e18 + s->real;
}

/* Rows of a query: two exact sums, and the single values where the fold wants them. */
struct rows {
    size_t n;
    struct sum sums[2];
    double *values; /* sqlite3_malloc'ed, rising once sorted */
    size_t room;
};

static bool keep_value(struct rows *r, double v)
{
    if (r->n == r->room) {
        size_t room = r->room == 0 ? 1024 : 2 * r->room;
        double *grown = sqlite3_realloc64(r->values, room * sizeof *grown);
        if (grown == NULL)
            return false;
        r->values = grown;
        r->room = room;
    }
    r->values[r->n] = v;
    return true;
}

static bool read_rows(struct rows *r, sqlite3_stmt *stmt)
{
    int step;

    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct sum one = {0, 0, 0};
        sum_cell(&one, stmt, 0);
        if (!keep_value(r, sum_value(&one)))
            return false;
        for (int i = 0; i < sqlite3_column_count(stmt) && i < 2; i++)
            sum_cell(&r->sums[i], stmt, i);
        r->n++;
    }
    return step == SQLITE_DONE;
}

static struct figure_value known(double v)
{
    return (struct figure_value){isfinite(v), isfinite(v) ? v : 0};
}

static struct figure_value fold_rows(enum fold fold, struct rows *r)
{
    if (fold == SUM)
        return known(sum_value(&r->sums[0]));
    if (r->n == 0)
        return (struct figure_value){false, 0};
    sort_values(r->values, r->n);
    switch (fold) {
    case SUM:
    case VALUE:
        return known(r->values[0]);
    case MEAN:
        return known(sum_value(&r->sums[0]) / (double)r->n);
    case MEDIAN:
        return known(quantile_of_sorted(r->values, r->n, 0.5));
    case P90:
        return known(quantile_of_sorted(r->values, r->n, 0.9));
    case P99:
        return known(quantile_of_sorted(r->values, r->n, 0.99));
    case GINI:
        return known(gini_of_sorted(r->values, r->n));
    case HHI:
        return known(hhi_of(r->values, r->n));
    case RATIO:
        return known(sum_value(&r->sums[0]) / sum_value(&r->sums[1]));
    }
    check_unreachable();
}

/* A run may leave out tables; their figures are then not known. */
static bool table_missing(sqlite3 *db)
{
    return strstr(sqlite3_errmsg(db), "no such table") != NULL;
}

static bool read_one(sqlite3 *db, u64 run, const struct recipe *recipe, struct figure_value *out)
{
    struct rows rows = {.n = 0};
    sqlite3_stmt *stmt;
    bool ok;

    *out = (struct figure_value){false, 0};
    if (sqlite3_prepare_v2(db, recipe->sql, -1, &stmt, NULL) != SQLITE_OK)
        return table_missing(db);
    sqlite3_bind_int64(stmt, 1, (sqlite3_int64)run);
    ok = read_rows(&rows, stmt);
    if (ok)
        *out = fold_rows(recipe->fold, &rows);
    sqlite3_free(rows.values);
    sqlite3_finalize(stmt);
    return ok;
}

bool figures_read(sqlite3 *db, u64 run, struct figure_value out[FIGURES])
{
    for (size_t i = 0; i < FIGURES; i++)
        if (!read_one(db, run, &recipes[i], &out[i]))
            return false;
    return true;
}

/* 1234567.8 as 1 234 567.8: a group mark that nobody reads as a decimal point. */
static void group_thousands(char *out, const char *digits)
{
    size_t n = strspn(digits, "0123456789"), used = 0;

    for (size_t i = 0; digits[i] != '\0'; i++) {
        if (i > 0 && i < n && (n - i) % 3 == 0)
            out[used++] = ' ';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

void number_print(char out[FIGURE_TEXT], double v, int decimals)
{
    char digits[FIGURE_TEXT];

    check(decimals >= 0 && decimals <= 6);
    if (fabs(v) >= 1e15) {
        snprintf(out, FIGURE_TEXT, "%.4e", v);
        return;
    }
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(v));
    out[0] = '-';
    group_thousands(out + (v < 0), digits);
}

void figure_print(char out[FIGURE_TEXT], struct figure_value v)
{
    double size = fabs(v.value);
    int decimals = size >= 10000 || size == floor(size) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;

    if (v.known)
        number_print(out, v.value, decimals);
    else
        memcpy(out, "-", 2);
}
