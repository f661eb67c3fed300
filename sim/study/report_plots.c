/* report_plots - queries to data blocks to gnuplot. */
#include "sim/study/report_plots.h"

#include "sim/study/plot.h"

#include <math.h>
#include <string.h>

#define WIDTH 560u
#define HEIGHT 320u
#define TALL 400u /* of two panels, and of what stands beside them */

/* Ask; NULL where a table is not there (error stays empty) or the query fails (error is set). */
static sqlite3_stmt *ask(struct report_source *s, const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_int64(stmt, 1, (sqlite3_int64)s->run);
        return stmt;
    }
    if (strstr(sqlite3_errmsg(s->db), "no such table") == NULL)
        snprintf(s->error, sizeof s->error, "run.db: %s", sqlite3_errmsg(s->db));
    return NULL;
}

/* The first number of a query; 0 without a row. */
static double ask_number(struct report_source *s, const char *sql)
{
    sqlite3_stmt *stmt = ask(s, sql);
    double v = 0;

    if (stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW)
        v = sqlite3_column_double(stmt, 0);
    sqlite3_finalize(stmt);
    return v;
}

/* The rows of a query as a data block $name; a first column of text is quoted.  Returns their
 * number. */
static u64 print_block(struct report_source *s, struct plot *p, const char *name, const char *sql)
{
    sqlite3_stmt *stmt = ask(s, sql);
    u64 n = 0;

    fprintf(p->script, "$%s << EOD\n", name);
    for (; stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW; n++) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            if (sqlite3_column_type(stmt, i) == SQLITE_TEXT)
                fprintf(p->script, "\"%s\" ", (const char *)sqlite3_column_text(stmt, i));
            else
                fprintf(p->script, "%.10g ", sqlite3_column_double(stmt, i));
        }
        fputc('\n', p->script);
    }
    fputs("EOD\n", p->script);
    sqlite3_finalize(stmt);
    return n;
}

static void caption(FILE *page, const char *title, const char *says, bool wide)
{
    fprintf(page, "<section class=\"plot%s\"><h3>%s</h3><p>%s</p>\n", wide ? " wide" : "", title,
            says);
}

/* Draw what the script says, or say that there is nothing to draw. */
static bool finish(struct report_source *s, struct plot *p, FILE *page, bool any)
{
    bool ok = true;

    if (any && s->error[0] == '\0') {
        ok = plot_end(p, page);
        if (!ok)
            snprintf(s->error, sizeof s->error, "%s", p->error);
    } else {
        fclose(p->script);
        fputs("<p class=\"none\">Nothing to show: the run left no rows for this.</p>\n", page);
    }
    fputs("</section>\n", page);
    return ok && s->error[0] == '\0';
}

static bool begin(struct report_source *s, struct plot *p, u32 width, u32 height)
{
    if (plot_begin(p, width, height))
        return true;
    snprintf(s->error, sizeof s->error, "%s", p->error);
    return false;
}

#define BINS 480u

/* Cores and GPUs in leases over time, averaged in bins. */
struct load {
    double bin_s;
    u32 bins;
    double cpu[BINS], gpu[BINS];             /* in use x seconds, then share of the registered */
    double cpu_total[BINS], gpu_total[BINS]; /* registered x seconds */
};

/* Add `units` over [from, until) to the bins. */
static void spread(const struct load *l, double *bins, double units, double from, double until)
{
    u32 last = l->bins - 1;
    u32 i = (u32)fmin(from / l->bin_s, last);

    for (; i <= last && (double)i * l->bin_s < until; i++) {
        double a = fmax(from, (double)i * l->bin_s), b = fmin(until, (double)(i + 1) * l->bin_s);
        if (b > a)
            bins[i] += units * (b - a);
    }
}

static void read_load(struct report_source *s, struct load *l)
{
    double end_s = ask_number(s, "SELECT max(end_s) FROM eras WHERE run = ?1");
    double hours = ceil(end_s / 3600 / BINS);
    sqlite3_stmt *stmt;

    memset(l, 0, sizeof *l);
    l->bin_s = 3600 * fmax(hours, 1);
    l->bins = (u32)fmin(ceil(end_s / l->bin_s), BINS);
    if (l->bins == 0)
        return;
    stmt = ask(s, "SELECT start_s, end_s, cores * replicas, gpus * replicas FROM leases"
                  " WHERE run = ?1");
    while (stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW) {
        double from = sqlite3_column_double(stmt, 0), until = sqlite3_column_double(stmt, 1);
        spread(l, l->cpu, sqlite3_column_double(stmt, 2), from, fmin(until, end_s));
        spread(l, l->gpu, sqlite3_column_double(stmt, 3), from, fmin(until, end_s));
    }
    sqlite3_finalize(stmt);
    stmt = ask(s, "SELECT start_s, end_s, cpu_total_s, gpu_total_s FROM eras WHERE run = ?1");
    while (stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW) {
        double from = sqlite3_column_double(stmt, 0), until = sqlite3_column_double(stmt, 1);
        spread(l, l->cpu_total, sqlite3_column_double(stmt, 2) / (until - from), from, until);
        spread(l, l->gpu_total, sqlite3_column_double(stmt, 3) / (until - from), from, until);
    }
    sqlite3_finalize(stmt);
}

static bool plot_utilisation(struct report_source *s, FILE *page)
{
    static struct load l;
    struct plot p;
    bool cpu = false, gpu = false;

    caption(page, "Utilisation", "Share of the registered GPUs and cores that are in leases.",
            true);
    if (!begin(s, &p, 2 * WIDTH, HEIGHT))
        return false;
    read_load(s, &l);
    fputs("$load << EOD\n", p.script);
    for (u32 i = 0; i < l.bins; i++) {
        cpu = cpu || l.cpu_total[i] > 0;
        gpu = gpu || l.gpu_total[i] > 0;
        fprintf(p.script, "%.6g %.6g %.6g\n", ((double)i + 0.5) * l.bin_s / 86400,
                l.gpu_total[i] > 0 ? 100 * l.gpu[i] / l.gpu_total[i] : 0,
                l.cpu_total[i] > 0 ? 100 * l.cpu[i] / l.cpu_total[i] : 0);
    }
    fputs("EOD\nset yrange [0:*]\nset ylabel '%'\nset xlabel 'day'\nset xrange [0:*]\n"
          "set lmargin 7\nplot ",
          p.script);
    if (gpu)
        fputs("$load using 1:2 with lines lw 2 lc rgb '#1a5fb4' title 'GPUs'", p.script);
    if (cpu)
        fprintf(p.script, "%s$load using 1:3 with lines lw 2 lc rgb '#e08214' title 'Cores'",
                gpu ? ", " : "");
    fputc('\n', p.script);
    return finish(s, &p, page, cpu || gpu);
}

/* 1, 2 or 5 times a power of ten, so that a range has about `parts` of it. */
static double round_step(double range, double parts)
{
    double raw = range / parts, power = pow(10, floor(log10(raw))), step = raw / power;

    return (step < 1.5 ? 1 : step < 3.5 ? 2 : step < 7.5 ? 5 : 10) * power;
}

/* Bars by era, one after the other from era 0; a tick is an era, never between two. */
static void era_axis(struct plot *p, u64 eras)
{
    fprintf(p->script,
            "set style data histograms\nset style histogram rowstacked\nset boxwidth 0.8\n"
            "set xrange [-0.6:%llu - 0.4]\nset xlabel 'era'\nset xtics 0,%g\n",
            (unsigned long long)eras, fmax(round_step((double)eras, 10), 1));
}

/* What is counted up to `top`: ticks are whole. */
static void count_axis(struct plot *p, char axis, double top, const char *what)
{
    fprintf(p->script, "set %crange [0:%s]\nset %clabel '%s'\nset %ctics %g\n", axis,
            top > 0 ? "*" : "1", axis, what, axis, fmax(round_step(top, 8), 1));
}

/* Amounts up to `top` in whole tokens or dollars, thousands or millions of them, at some `parts`
 * ticks: returns what one of the axis is. */
static double amount_axis(struct plot *p, double top, const char *what, double parts)
{
    double one = top >= 1e6 ? 1e6 : top >= 1e4 ? 1e3 : 1;

    fprintf(p->script, "set yrange [0:%s]\nset ylabel '%s%s'\nset format y '%%g'\n",
            top > 0 ? "*" : "1",
            one > 1e3 ? "million "
            : one > 1 ? "thousand "
                      : "",
            what);
    if (top > 0)
        fprintf(p->script, "set ytics %g\nunset label\n", round_step(top / one, parts));
    else
        fputs("set ytics (0)\nset label 'none' at graph 0.5,0.5 center tc rgb '#5f6368'\n",
              p->script);
    return one;
}

static const char orders_sql[] = "SELECT era, matched, expired, cancelled FROM eras WHERE run = ?1"
                                 " ORDER BY era";

static bool plot_orders(struct report_source *s, FILE *page)
{
    struct plot p;
    u64 n;

    caption(page, "Orders by outcome", "Orders decided in each era.", false);
    if (!begin(s, &p, WIDTH, HEIGHT))
        return false;
    n = print_block(s, &p, "d", orders_sql);
    era_axis(&p, n);
    count_axis(&p, 'y',
               ask_number(s, "SELECT max(matched + expired + cancelled) FROM eras WHERE run = ?1"),
               "orders");
    fputs("plot $d using 2 lc rgb '#1a5fb4' title 'matched', '' using 3 lc rgb '#c9ced3' title "
          "'expired', '' using 4 lc rgb '#c01c28' title 'cancelled'\n",
          p.script);
    return finish(s, &p, page, n > 0);
}

static bool plot_waiting(struct report_source *s, FILE *page)
{
    double top = ask_number(s, "SELECT max(wait_s) FROM orders WHERE run = ?1"
                               " AND outcome = 'matched'");
    double width = top > 30 ? round_step(top, 30) : 1;
    struct plot p;
    u64 n;

    caption(page, "Waiting times", "Seconds from an order's creation to its match.", false);
    if (!begin(s, &p, WIDTH, HEIGHT))
        return false;
    n = print_block(s, &p, "d",
                    "SELECT wait_s, count(*) FROM orders WHERE run = ?1 AND outcome = 'matched'"
                    " GROUP BY wait_s ORDER BY wait_s");
    count_axis(&p, 'y',
               ask_number(s, "SELECT count(*) FROM orders WHERE run = ?1 AND outcome = 'matched'"
                             " GROUP BY wait_s ORDER BY 1 DESC"),
               "orders");
    fprintf(p.script,
            "w = %.10g\nset boxwidth 0.9*w\nset xrange [0:%.10g]\n"
            "set xlabel 'seconds'\nset key off\n"
            "plot $d using (w*floor($1/w)+0.5*w):2 smooth frequency with boxes lc rgb '#1a5fb4'\n",
            width, fmax(top + width, 10));
    return finish(s, &p, page, n > 0);
}

/* Five quantiles of the hourly price of a GPU, a model a row: the models with most leases first. */
static u64 print_prices(struct report_source *s, struct plot *p)
{
    sqlite3_stmt *stmt =
        ask(s, "WITH priced AS (SELECT l.gpu_model AS model, o.price_usd_e8 / 1e8 /"
               " (l.gpus * l.replicas) AS usd FROM leases l JOIN orders o ON o.run = l.run"
               " AND o.order_id = l.order_id WHERE l.run = ?1 AND l.gpus > 0"
               " AND o.price_usd_e8 IS NOT NULL AND l.replaces IS NULL),"
               " ranked AS (SELECT model, usd, row_number() OVER (PARTITION BY model ORDER BY usd)"
               " AS i, count(*) OVER (PARTITION BY model) AS n FROM priced)"
               " SELECT model, n, min(usd), max(CASE WHEN i <= 1 + (n - 1) / 4 THEN usd END),"
               " max(CASE WHEN i <= 1 + (n - 1) / 2 THEN usd END),"
               " max(CASE WHEN i <= 1 + 3 * (n - 1) / 4 THEN usd END), max(usd)"
               " FROM ranked GROUP BY model ORDER BY n DESC, model LIMIT 12");
    u64 rows = 0;

    fputs("$d << EOD\n", p->script);
    for (; stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW; rows++) {
        fprintf(p->script, "\"%s\" ", (const char *)sqlite3_column_text(stmt, 0));
        for (int i = 1; i < 7; i++)
            fprintf(p->script, "%.6g ", sqlite3_column_double(stmt, i));
        fputc('\n', p->script);
    }
    fputs("EOD\n", p->script);
    sqlite3_finalize(stmt);
    return rows;
}

static bool plot_prices(struct report_source *s, FILE *page)
{
    struct plot p;
    u64 n;

    caption(page, "GPU prices",
            "USD for one GPU and hour at the match: least, quarter, median, three quarters, most.",
            false);
    if (!begin(s, &p, WIDTH, HEIGHT))
        return false;
    n = print_prices(s, &p);
    fputs("set yrange [0:*]\nset ylabel 'USD / GPU h'\nset key off\nset boxwidth 0.5\n"
          "set xtics rotate by -35 left\nset xrange [-0.7:*]\nset offsets 0,0.7,0,0\n"
          "plot $d using 0:4:3:7:6:xtic(1) with candlesticks lw 1.4 lc rgb '#7ba7d9' whiskerbars "
          "0.4, '' using 0:5:5:5:5 with candlesticks lw 2.4 lc rgb '#0b3d91'\n",
          p.script);
    return finish(s, &p, page, n > 0);
}

static const char *const tier_colours[] = {"#08306b", "#08519c", "#2171b5", "#4292c6",
                                           "#7bb3dc", "#b5d4ea", "#d9dde0"};

static bool plot_tiers(struct report_source *s, FILE *page)
{
    struct plot p;
    u64 n;

    caption(page, "Trust tiers", "Providers in each tier after the close of each era.", false);
    if (!begin(s, &p, WIDTH, TALL))
        return false;
    n = print_block(s, &p, "d",
                    "SELECT era, tier_1, tier_2, tier_3, tier_4, tier_5, tier_6, tier_7 FROM eras"
                    " WHERE run = ?1 ORDER BY era");
    era_axis(&p, n);
    count_axis(&p, 'y', ask_number(s, "SELECT count(*) FROM fleet WHERE run = ?1"), "providers");
    fputs("plot ", p.script);
    for (int t = 1; t <= 7; t++)
        fprintf(p.script, "%s$d using %d lc rgb '%s' title '%d'", t == 1 ? "" : ", ", t + 1,
                tier_colours[t - 1], t);
    fputc('\n', p.script);
    return finish(s, &p, page, n > 0);
}

#define PANEL_TICKS 4.0

/* The lower of two panels. */
static void slashes_panel(struct report_source *s, struct plot *p)
{
    double top = ask_number(s, "SELECT max(slashed_standby_spon + slashed_deployment_spon"
                               " + slashed_breach_spon + slashed_misconduct_spon) FROM v_eras"
                               " WHERE run = ?1");
    double one = amount_axis(p, top, "SPON", PANEL_TICKS);

    fprintf(p->script,
            "s = %g\nset xlabel 'era' tc rgb '#5f6368'\n"
            "plot $d using ($4/s) lc rgb '#e08214' title 'standby', '' using ($5/s) lc rgb "
            "'#c01c28' title 'deployment', '' using ($6/s) lc rgb '#613583' title 'breach', "
            "'' using ($7/s) lc rgb '#241f31' title 'misconduct'\n"
            "unset multiplot\n",
            one);
}

static bool plot_rewards(struct report_source *s, FILE *page)
{
    struct plot p;
    u64 n;

    caption(page, "Rewards and slashes",
            "SPON minted in each era, above; below, on its own scale, SPON taken.", false);
    if (!begin(s, &p, WIDTH, TALL))
        return false;
    n = print_block(s, &p, "d",
                    "SELECT era, liveness_spon, bonus_spon, slashed_standby_spon,"
                    " slashed_deployment_spon, slashed_breach_spon, slashed_misconduct_spon"
                    " FROM v_eras WHERE run = ?1 ORDER BY era");
    era_axis(&p, n);
    fputs("set multiplot layout 2,1\nunset xlabel\n", p.script);
    double one = amount_axis(
        &p, ask_number(s, "SELECT max(liveness_spon + bonus_spon) FROM v_eras WHERE run = ?1"),
        "SPON", PANEL_TICKS);
    fprintf(
        p.script,
        "s = %g\nplot $d using ($2/s) lc rgb '#1a5fb4' title 'liveness', '' using ($3/s) lc rgb "
        "'#7bb3dc' title 'bonus'\n",
        one);
    slashes_panel(s, &p);
    return finish(s, &p, page, n > 0);
}

static bool plot_revenue(struct report_source *s, FILE *page)
{
    struct plot p;
    u64 n;

    caption(page, "Revenue",
            "USD of the leases that ended in each era, at the prices of their ends.", false);
    if (!begin(s, &p, WIDTH, HEIGHT))
        return false;
    n = print_block(s, &p, "d", "SELECT era, revenue_usd FROM v_eras WHERE run = ?1 ORDER BY era");
    era_axis(&p, n);
    double one = amount_axis(
        &p, ask_number(s, "SELECT max(revenue_usd) FROM v_eras WHERE run = ?1"), "USD", 8);
    fprintf(p.script, "s = %g\nset key off\nplot $d using ($2/s) lc rgb '#1a5fb4'\n", one);
    return finish(s, &p, page, n > 0);
}

static bool plot_lorenz(struct report_source *s, FILE *page)
{
    struct plot p;
    u64 n;

    caption(page, "Concentration of income",
            "Share of the providers, poorest first, and share of the lease income that they have.",
            false);
    if (!begin(s, &p, WIDTH, HEIGHT))
        return false;
    n = print_block(s, &p, "d",
                    "WITH each AS (SELECT f.provider, total(i.usd) AS usd FROM fleet f"
                    " LEFT JOIN v_provider_income i ON i.run = f.run AND i.provider = f.provider"
                    " WHERE f.run = ?1 GROUP BY f.provider)"
                    " SELECT 0, 0 WHERE (SELECT sum(usd) FROM each) > 0 UNION ALL"
                    " SELECT 100.0 * row_number() OVER w / (SELECT count(*) FROM each),"
                    " 100 * sum(usd) OVER w / (SELECT sum(usd) FROM each) FROM each"
                    " WHERE (SELECT sum(usd) FROM each) > 0"
                    " WINDOW w AS (ORDER BY usd, provider ROWS UNBOUNDED PRECEDING)");
    fprintf(p.script, "set label 'Gini %.3f' at 4,70 tc rgb '#3c4043'\n",
            ask_number(s, "WITH each AS (SELECT total(i.usd) AS usd FROM fleet f"
                          " LEFT JOIN v_provider_income i ON i.run = f.run"
                          " AND i.provider = f.provider WHERE f.run = ?1 GROUP BY f.provider),"
                          " ranked AS (SELECT usd, row_number() OVER (ORDER BY usd) AS i FROM each)"
                          " SELECT 2 * sum(i * usd) / (count(*) * sum(usd))"
                          " - (count(*) + 1.0) / count(*) FROM ranked"));
    fputs("$equal << EOD\n0 0\n100 100\nEOD\n"
          "set xrange [0:100]\nset yrange [0:100]\nset xlabel '% of providers'\n"
          "set ylabel '% of income'\nset key top left inside vertical Left reverse\n"
          "plot $equal with lines lw 1 dt 2 lc rgb '#9aa0a6' title 'all alike', "
          "$d using 1:2 with filledcurves y=0 lc rgb '#c6dbef' notitle, "
          "$d using 1:2 with lines lw 2 lc rgb '#1a5fb4' title 'income'\n",
          p.script);
    return finish(s, &p, page, n > 0);
}

static bool plot_ends(struct report_source *s, FILE *page)
{
    struct plot p;
    u64 n;

    caption(page, "Ends of leases", "Leases by the reason of their end.", false);
    if (!begin(s, &p, WIDTH, HEIGHT))
        return false;
    n = print_block(s, &p, "d",
                    "SELECT end_reason, count(*) FROM leases WHERE run = ?1 GROUP BY end_reason"
                    " ORDER BY count(*), end_reason");
    count_axis(&p, 'x',
               ask_number(s, "SELECT count(*) FROM leases WHERE run = ?1 GROUP BY end_reason"
                             " ORDER BY 1 DESC"),
               "leases");
    fputs("set key off\nset lmargin 17\nset grid noytics xtics lt 1 lw 0.6 lc rgb '#e3e6e8'\n"
          "set offsets 0,0,0.6,0.6\nh = 0.34\n"
          "plot $d using (0.5*$2):0:(0.5*$2):(h):ytic(1) with boxxyerror lc rgb '#1a5fb4', "
          "'' using 2:0:(sprintf('%d', int($2))) with labels left offset 0.6,0 tc rgb '#3c4043'\n",
          p.script);
    return finish(s, &p, page, n > 0);
}

bool report_plots(struct report_source *s, FILE *page)
{
    bool ok;

    fputs("<div class=\"plots\">\n", page);
    ok = plot_utilisation(s, page) && plot_orders(s, page) && plot_ends(s, page) &&
         plot_prices(s, page) && plot_waiting(s, page) && plot_tiers(s, page) &&
         plot_rewards(s, page) && plot_revenue(s, page) && plot_lorenz(s, page);
    fputs("</div>\n", page);
    return ok;
}
