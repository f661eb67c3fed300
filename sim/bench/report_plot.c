/* report_plot - a line for each series of cases, two panels over the same sizes. */
#include "sim/bench/report.h"

#include "sim/study/plot.h"

#include <string.h>

#define WIDTH 760u
#define HEIGHT 300u
#define LINES_MAX 4u

static const char *const colours[LINES_MAX] = {"#1a73e8", "#e8710a", "#188038", "#a142f4"};

struct series {
    u32 count;
    const char *names[LINES_MAX];
};

/* False: a case is of no series, or there are too many. */
static bool find_series(const struct suite *s, struct series *out)
{
    *out = (struct series){.count = 0};
    for (u32 i = 0; i < s->count; i++) {
        u32 k = 0;
        if (s->rows[i].c.series == NULL)
            return false;
        while (k < out->count && strcmp(out->names[k], s->rows[i].c.series) != 0)
            k++;
        if (k == LINES_MAX)
            return false;
        if (k == out->count)
            out->names[out->count++] = s->rows[i].c.series;
    }
    return out->count > 0;
}

static void print_points(const struct suite *s, const struct series *all, struct plot *p)
{
    for (u32 k = 0; k < all->count; k++) {
        fprintf(p->script, "$points%u << EOD\n", k);
        for (u32 i = 0; i < s->count; i++) {
            const struct suite_row *row = &s->rows[i];
            if (strcmp(row->c.series, all->names[k]) == 0)
                fprintf(p->script, "%llu %.6g %.6g\n", (unsigned long long)row->c.n,
                        suite_rate(s, row) / 1e6,
                        (double)suite_rss_bytes(row) / 1024.0 / (double)row->c.n);
        }
        fputs("EOD\n", p->script);
    }
}

static void print_panel(const struct series *all, struct plot *p, u32 column, const char *label)
{
    fputs("set ylabel ", p->script);
    plot_text(p, label);
    fputs("\nplot ", p->script);
    for (u32 k = 0; k < all->count; k++) {
        fprintf(p->script,
                "%s$points%u using 1:%u with linespoints pt 7 ps 0.7 lw 2 lc rgb '%s' title ",
                k == 0 ? "" : ", ", k, column, colours[k]);
        plot_text(p, all->names[k]);
    }
    fputs("\n", p->script);
}

bool report_bench_plot(FILE *to, const struct suite *s, char error[BENCH_ERROR])
{
    struct series all;
    struct plot p;
    char label[BENCH_NAME + 24];

    if (!find_series(s, &all)) {
        snprintf(error, BENCH_ERROR, "the cases of %s are no sizes that could be plotted",
                 s->bench->name);
        return false;
    }
    if (!plot_begin(&p, WIDTH, HEIGHT)) {
        snprintf(error, BENCH_ERROR, "%s", p.error);
        return false;
    }
    print_points(s, &all, &p);
    fputs("set logscale x\nset format x '%.0s%c'\nset xlabel ", p.script);
    plot_text(&p, s->rows[0].c.of);
    fputs("\nset multiplot layout 1,2\nset yrange [0:*]\n", p.script);
    snprintf(label, sizeof(label), "million %s a second", s->bench->unit);
    print_panel(&all, &p, 2, label);
    fputs("set logscale y\nset yrange [*:*]\n", p.script);
    snprintf(label, sizeof(label), "KiB of memory, each of the %s", s->rows[0].c.of);
    print_panel(&all, &p, 3, label);
    fputs("unset multiplot\n", p.script);
    if (plot_end(&p, to))
        return true;
    snprintf(error, BENCH_ERROR, "%s", p.error);
    return false;
}
