/* summary - estimates, as text and as CSV. */
#include "sim/study/summary.h"

#include "metrics/csv.h"

#include <math.h>
#include <string.h>

static struct figure_value value_of(const struct summary *s, enum figure_id id, size_t arm,
                                    size_t seed)
{
    return s->values[(arm * s->n_seeds + seed) * FIGURES + id];
}

struct estimate summary_of(const struct summary *s, enum figure_id id, size_t arm)
{
    struct tally t = {.n = 0};

    for (size_t i = 0; i < s->n_seeds; i++)
        if (value_of(s, id, arm, i).known)
            tally_add(&t, value_of(s, id, arm, i).value);
    return tally_estimate(&t);
}

struct estimate summary_difference(const struct summary *s, enum figure_id id, size_t arm,
                                   size_t against)
{
    struct tally t = {.n = 0};

    for (size_t i = 0; i < s->n_seeds; i++) {
        struct figure_value a = value_of(s, id, arm, i), b = value_of(s, id, against, i);
        if (a.known && b.known)
            tally_add(&t, a.value - b.value);
    }
    return tally_estimate(&t);
}

/* Decimals that show two digits of the interval. */
static int decimals_of(double half)
{
    double digits = 1 - floor(log10(half));

    return digits < 0 ? 0 : digits > 6 ? 6 : (int)digits;
}

void summary_cell(char out[SUMMARY_CELL], struct estimate e, bool sign)
{
    const char *plus = sign && e.mean > 0 ? "+" : "";
    char mean[FIGURE_TEXT], half[FIGURE_TEXT];

    if (e.n < 2 || e.half <= 0) {
        figure_print(mean, (struct figure_value){e.n > 0, e.mean});
        snprintf(out, SUMMARY_CELL, "%s%s", plus, mean);
        return;
    }
    number_print(mean, e.mean, decimals_of(e.half));
    number_print(half, e.half, decimals_of(e.half));
    snprintf(out, SUMMARY_CELL, "%s%s ± %s", plus, mean, half);
}

/* How many columns of a terminal a UTF-8 text takes: every byte but continuations. */
static int columns_of(const char *text)
{
    int n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void put_right(FILE *out, const char *text, int width)
{
    fprintf(out, "%*s%s", width > columns_of(text) ? width - columns_of(text) : 0, "", text);
}

#define COLUMN 26

/* The head of a difference's column; returns how wide the column is. */
static int difference_head(char text[FIGURE_TEXT * 4], const struct summary *s, size_t arm)
{
    snprintf(text, FIGURE_TEXT * 4, "%.50s - %.50s", s->arms[arm], s->arms[0]);
    int width = columns_of(text) + 2;
    return width > COLUMN + 2 ? width : COLUMN + 2;
}

static void print_head(const struct summary *s, FILE *out)
{
    char text[FIGURE_TEXT * 4];

    fprintf(out, "%s: %zu seeds, mean and 95 %% interval\n\n%-24s %-10s", s->name, s->n_seeds, "",
            "");
    for (size_t arm = 0; arm < s->n_arms; arm++) {
        snprintf(text, sizeof text, "%.60s", s->arms[arm][0] == '\0' ? "mean" : s->arms[arm]);
        put_right(out, text, COLUMN);
    }
    for (size_t arm = 1; arm < s->n_arms; arm++) {
        int width = difference_head(text, s, arm);
        put_right(out, text, width);
    }
    fputc('\n', out);
}

bool summary_print(const struct summary *s, FILE *out)
{
    char text[SUMMARY_CELL], head[FIGURE_TEXT * 4];

    print_head(s, out);
    for (size_t i = 0; i < FIGURES; i++) {
        enum figure_id id = (enum figure_id)i;
        fprintf(out, "%-24s %-10s", figure_of(id)->title, figure_of(id)->unit);
        for (size_t arm = 0; arm < s->n_arms; arm++) {
            summary_cell(text, summary_of(s, id, arm), false);
            put_right(out, text, COLUMN);
        }
        for (size_t arm = 1; arm < s->n_arms; arm++) {
            struct estimate e = summary_difference(s, id, arm, 0);
            summary_cell(text, e, true);
            put_right(out, text, difference_head(head, s, arm) - 2);
            fputs(estimate_differs(e) ? " *" : arm + 1 < s->n_arms ? "  " : "", out);
        }
        fputc('\n', out);
    }
    if (s->n_arms > 1)
        fputs("\nDifferences are paired by seed; * leaves out zero.\n", out);
    return ferror(out) == 0;
}

static bool csv_estimate(FILE *out, enum figure_id id, const char *arm, const char *against,
                         struct estimate e)
{
    fprintf(out, "%s,%s,", figure_of(id)->name, figure_of(id)->unit);
    if (!csv_text(out, arm) || fputc(',', out) == EOF || !csv_text(out, against))
        return false;
    fprintf(out, ",%llu,", (unsigned long long)e.n);
    if (e.n > 0)
        fprintf(out, "%.12g", e.mean);
    fputc(',', out);
    if (e.n > 1)
        fprintf(out, "%.12g,%.12g", e.sd, e.half);
    else
        fputc(',', out);
    return fputc('\n', out) != EOF;
}

bool summary_csv(const struct summary *s, FILE *out)
{
    fputs("figure,unit,arm,against,n,mean,sd,half_95\n", out);
    for (size_t i = 0; i < FIGURES; i++) {
        enum figure_id id = (enum figure_id)i;
        for (size_t arm = 0; arm < s->n_arms; arm++)
            if (!csv_estimate(out, id, s->arms[arm], "", summary_of(s, id, arm)))
                return false;
        for (size_t arm = 1; arm < s->n_arms; arm++)
            if (!csv_estimate(out, id, s->arms[arm], s->arms[0], summary_difference(s, id, arm, 0)))
                return false;
    }
    return ferror(out) == 0;
}

bool summary_values_csv(const struct summary *s, FILE *out)
{
    fputs("arm,seed,figure,unit,value\n", out);
    for (size_t arm = 0; arm < s->n_arms; arm++)
        for (size_t seed = 0; seed < s->n_seeds; seed++)
            for (size_t i = 0; i < FIGURES; i++) {
                const struct figure *f = figure_of((enum figure_id)i);
                struct figure_value v = value_of(s, (enum figure_id)i, arm, seed);
                if (!csv_text(out, s->arms[arm]))
                    return false;
                fprintf(out, ",%llu,%s,%s,", (unsigned long long)s->seeds[seed], f->name, f->unit);
                if (v.known)
                    fprintf(out, "%.12g", v.value);
                fputc('\n', out);
            }
    return ferror(out) == 0;
}
