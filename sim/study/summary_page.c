/* summary_page - the replicates of a study as a page with error bars. */
#include "sim/study/html.h"
#include "sim/study/plot.h"
#include "sim/study/summary.h"

static void put_head(const struct summary *s, FILE *page)
{
    html_begin(page, s->name);
    fputs("<h1>", page);
    html_text(page, s->name);
    fputs("</h1>\n<p class=\"question\">", page);
    html_text(page, s->question);
    fprintf(page, "</p>\n<p class=\"facts\"><b>%zu</b> %s", s->n_seeds,
            s->n_seeds == 1 ? "seed" : "seeds");
    if (s->n_seeds > 0)
        fprintf(page, ", %llu to %llu", (unsigned long long)s->seeds[0],
                (unsigned long long)s->seeds[s->n_seeds - 1]);
    fprintf(page, " &middot; <b>%zu</b> %s &middot; mean and 95&nbsp;%% interval (Student's t)",
            s->n_arms, s->n_arms == 1 ? "arm" : "arms");
    if (s->n_arms > 1)
        fputs("; differences are paired by seed, <span class=\"differs\">blue</span> where the "
              "interval leaves out zero",
              page);
    fputs("</p>\n<p class=\"facts\"><code>", page);
    html_text(page, s->command);
    fputs("</code></p>\n", page);
}

static void put_cell(FILE *page, struct estimate e, bool difference)
{
    char text[SUMMARY_CELL];

    summary_cell(text, e, difference);
    fprintf(page, "<td class=\"n%s\">%s</td>", difference && estimate_differs(e) ? " differs" : "",
            text);
}

static void put_table(const struct summary *s, FILE *page)
{
    fputs("<h2>Key figures</h2>\n<table><tr><th>Figure</th><th>Unit</th>", page);
    for (size_t arm = 0; arm < s->n_arms; arm++) {
        fputs("<th class=\"n\">", page);
        html_text(page, s->arms[arm][0] == '\0' ? "mean" : s->arms[arm]);
        fputs("</th>", page);
    }
    for (size_t arm = 1; arm < s->n_arms; arm++) {
        fputs("<th class=\"n\">", page);
        html_text(page, s->arms[arm]);
        fputs(" &minus; ", page);
        html_text(page, s->arms[0]);
        fputs("</th>", page);
    }
    fputs("</tr>\n", page);
    for (size_t i = 0; i < FIGURES; i++) {
        enum figure_id id = (enum figure_id)i;
        fputs("<tr title=\"", page);
        html_text(page, figure_of(id)->doc);
        fprintf(page, "\"><td>%s</td><td>%s</td>", figure_of(id)->title, figure_of(id)->unit);
        for (size_t arm = 0; arm < s->n_arms; arm++)
            put_cell(page, summary_of(s, id, arm), false);
        for (size_t arm = 1; arm < s->n_arms; arm++)
            put_cell(page, summary_difference(s, id, arm, 0), true);
        fputs("</tr>\n", page);
    }
    fputs("</table>\n", page);
}

/* Is there anything in a picture of this figure: runs that are not all alike? */
static bool varies(const struct summary *s, enum figure_id id)
{
    struct tally all = {.n = 0};

    for (size_t i = 0; i < s->n_arms * s->n_seeds; i++)
        if (s->values[i * FIGURES + id].known)
            tally_add(&all, s->values[i * FIGURES + id].value);
    return all.n > 1 && all.squares > 0;
}

/* Runs as points side by side in seed order, the arm's mean and interval beside them. */
static void print_points(const struct summary *s, enum figure_id id, struct plot *p)
{
    fputs("$runs << EOD\n", p->script);
    for (size_t arm = 0; arm < s->n_arms; arm++)
        for (size_t i = 0; i < s->n_seeds; i++) {
            struct figure_value v = s->values[(arm * s->n_seeds + i) * FIGURES + id];
            if (v.known)
                fprintf(p->script, "%.6g %.12g\n",
                        (double)arm + 1 - 0.28 + 0.4 * ((double)i + 0.5) / (double)s->n_seeds,
                        v.value);
        }
    fputs("EOD\n$means << EOD\n", p->script);
    for (size_t arm = 0; arm < s->n_arms; arm++) {
        struct estimate e = summary_of(s, id, arm);
        if (e.n > 0)
            fprintf(p->script, "%.6g %.12g %.12g\n", (double)arm + 1 + 0.25, e.mean, e.half);
    }
    fputs("EOD\n", p->script);
}

static bool put_plot(const struct summary *s, enum figure_id id, FILE *page,
                     char error[SUMMARY_ERROR])
{
    struct plot p;

    fprintf(page, "<section class=\"plot\"><h3>%s</h3><p>%s</p>\n", figure_of(id)->title,
            figure_of(id)->unit[0] == '\0' ? "&nbsp;" : figure_of(id)->unit);
    if (plot_begin(&p, 360, 230)) {
        print_points(s, id, &p);
        fprintf(p.script,
                "set key off\nset xrange [0.4:%zu.6]\nset offsets 0,0,graph 0.08,"
                "graph 0.08\nset format y '%%.7g'\nset lmargin 11\nset xtics (",
                s->n_arms);
        for (size_t arm = 0; arm < s->n_arms; arm++) {
            fputs(arm == 0 ? "" : ", ", p.script);
            plot_text(&p, s->arms[arm]);
            fprintf(p.script, " %zu", arm + 1);
        }
        fputs(")\nplot $runs with points pt 7 ps 0.35 lc rgb '#9db8d9', $means using 1:2:3 with "
              "yerrorbars pt 7 ps 0.7 lw 2 lc rgb '#0b3d91'\n",
              p.script);
        if (plot_end(&p, page)) {
            fputs("</section>\n", page);
            return true;
        }
    }
    snprintf(error, SUMMARY_ERROR, "%s", p.error);
    return false;
}

bool summary_page(const struct summary *s, FILE *page, char error[SUMMARY_ERROR])
{
    put_head(s, page);
    put_table(s, page);
    fputs("<h2>Runs and intervals</h2>\n<p class=\"facts\">A point a run, in order of the seeds; "
          "beside them the mean with its 95&nbsp;% interval. Figures that are the same in every "
          "run are left out.</p>\n<div class=\"plots three\">\n",
          page);
    for (size_t i = 0; i < FIGURES; i++)
        if (varies(s, (enum figure_id)i) && !put_plot(s, (enum figure_id)i, page, error))
            return false;
    fputs("</div>\n", page);
    html_end(page);
    if (ferror(page) == 0)
        return true;
    snprintf(error, SUMMARY_ERROR, "summary.html: the write failed");
    return false;
}
