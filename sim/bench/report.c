#include "sim/bench/report.h"

#include <math.h>
#include <string.h>

static void print_figure(FILE *to, const char *name, double v)
{
    fprintf(to, "  %-44s %14.*f\n", name, v == floor(v) ? 0 : 2, v);
}

/* Every figure that any measurement of the case has: those of the parts are the most. */
static void print_figures(FILE *to, const struct suite_row *row)
{
    for (u32 i = 0; i < row->parts.figure_count; i++) {
        double v;
        if (suite_figure(row, row->parts.figures[i].name, &v))
            print_figure(to, row->parts.figures[i].name, v);
    }
}

static void print_parts(FILE *to, const struct bench_result *r)
{
    u64 sum_ns = 0;

    for (u32 i = 0; i < r->part_count; i++)
        sum_ns += r->parts[i].ns;
    if (sum_ns == 0)
        return;
    fprintf(to, "\n  %-28s %12s %10s %8s %9s\n", "where the time goes", "count", "seconds", "share",
            "ns each");
    for (u32 i = 0; i < r->part_count; i++) {
        const struct bench_part *p = &r->parts[i];
        if (p->count != 0)
            fprintf(to, "  %-28s %12llu %10.3f %7.1f%% %9.0f\n", p->name,
                    (unsigned long long)p->count, (double)p->ns / 1e9,
                    100.0 * (double)p->ns / (double)sum_ns, (double)p->ns / (double)p->count);
    }
}

static const char *time_text(const struct suite *s)
{
    return s->bench->time == BENCH_CPU ? "a second of one core" : "a second";
}

void report_bench_text(FILE *to, const struct suite *s)
{
    for (u32 i = 0; i < s->count; i++) {
        const struct suite_row *row = &s->rows[i];
        char what[BENCH_NAME + 24];
        snprintf(what, sizeof(what), "%s %s", s->bench->unit, time_text(s));
        fprintf(to, "%s, %s\n", s->bench->name, row->c.name);
        fprintf(to, "  %-44s %14.0f   median of %u, spread %.1f%%\n", what, suite_rate(s, row),
                row->rounds, 100.0 * suite_spread(s, row));
        fprintf(to, "  %-44s %14llu\n", s->bench->unit, (unsigned long long)row->round[0].done);
        fprintf(to, "  %-44s %14.3f\n", "seconds", suite_seconds(s, row));
        fprintf(to, "  %-44s %14.1f\n", "memory at most, MiB",
                (double)suite_rss_bytes(row) / 1048576.0);
        print_figures(to, row);
        print_parts(to, &row->parts);
        fprintf(to, "\n");
    }
}

static void json_rounds(FILE *to, const struct suite_row *row)
{
    fprintf(to, "\"rounds\": [");
    for (u32 i = 0; i < row->rounds; i++)
        fprintf(to, "%s{\"cpu_ns\": %llu, \"wall_ns\": %llu, \"rss_bytes\": %llu}",
                i == 0 ? "" : ", ", (unsigned long long)row->round[i].cpu_ns,
                (unsigned long long)row->round[i].wall_ns,
                (unsigned long long)row->round[i].rss_bytes);
    fprintf(to, "]");
}

static void json_figures(FILE *to, const struct suite_row *row)
{
    fprintf(to, "\"figures\": {");
    for (u32 i = 0; i < row->parts.figure_count; i++) {
        double v = 0;
        (void)!suite_figure(row, row->parts.figures[i].name, &v);
        fprintf(to, "%s\"%s\": %.6g", i == 0 ? "" : ", ", row->parts.figures[i].name, v);
    }
    fprintf(to, "}, \"parts\": {");
    for (u32 i = 0; i < row->parts.part_count; i++)
        fprintf(to, "%s\"%s\": {\"count\": %llu, \"ns\": %llu}", i == 0 ? "" : ", ",
                row->parts.parts[i].name, (unsigned long long)row->parts.parts[i].count,
                (unsigned long long)row->parts.parts[i].ns);
    fprintf(to, "}");
}

void report_bench_json(FILE *to, const struct suite *s)
{
    fprintf(to, "{\"bench\": \"%s\", \"unit\": \"%s\", \"time\": \"%s\", \"cases\": [",
            s->bench->name, s->bench->unit, s->bench->time == BENCH_CPU ? "cpu" : "wall");
    for (u32 i = 0; i < s->count; i++) {
        const struct suite_row *row = &s->rows[i];
        fprintf(to,
                "%s\n  {\"case\": \"%s\", \"n\": %llu, \"done\": %llu, \"per_second\": %.6g, "
                "\"spread\": %.4f, \"rss_bytes\": %llu, \"hash\": \"%016llx\", ",
                i == 0 ? "" : ",", row->c.name, (unsigned long long)row->c.n,
                (unsigned long long)row->round[0].done, suite_rate(s, row), suite_spread(s, row),
                (unsigned long long)suite_rss_bytes(row), (unsigned long long)row->round[0].hash);
        json_rounds(to, row);
        fprintf(to, ", ");
        json_figures(to, row);
        fprintf(to, "}");
    }
    fprintf(to, "\n]}");
}

/* 12 345 678 as 12.3 M: three digits that count. */
static void print_rate(FILE *to, double v)
{
    if (v >= 1e6)
        fprintf(to, v >= 1e8 ? "%.0f M" : "%.3g M", v / 1e6);
    else if (v >= 1e4)
        fprintf(to, "%.0f,%03.0f", floor(v / 1e3), fmod(floor(v), 1e3));
    else if (v >= 100)
        fprintf(to, "%.0f", v);
    else
        fprintf(to, "%.3g", v);
}

const char *report_bench_peer(const char *bench, const char *name)
{
    static const struct {
        const char *bench, *name, *text;
    } all[] = {
#define PEER(bench, name, text) {bench, name, text},
#include "sim/bench/peers.def"
#undef PEER
    };

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (strcmp(all[i].bench, bench) == 0 && strcmp(all[i].name, name) == 0)
            return all[i].text;
    return "";
}

static void markdown_figures(FILE *to, const struct suite_row *row)
{
    for (u32 k = 0; k < row->parts.figure_count; k++) {
        double v = 0;
        (void)!suite_figure(row, row->parts.figures[k].name, &v);
        fprintf(to, "%s%s ", k == 0 ? " " : ", ", row->parts.figures[k].name);
        print_rate(to, v);
    }
}

void report_bench_markdown(FILE *to, const struct suite *s)
{
    bool peers = false;
    u32 rounds = 1;

    for (u32 i = 0; i < s->count; i++)
        peers = peers || report_bench_peer(s->bench->name, s->rows[i].c.name)[0] != '\0';
    for (u32 i = 0; i < s->count; i++)
        rounds = s->rows[i].rounds > rounds ? s->rows[i].rounds : rounds;
    fprintf(to, "`orrery bench %s`, median of %u\n\n", s->bench->name, rounds);
    fprintf(to, "| case | %s %s | spread | MiB | and%s |\n|---|---|---|---|---|%s\n",
            s->bench->unit, time_text(s), peers ? " | others" : "", peers ? "---|" : "");
    for (u32 i = 0; i < s->count; i++) {
        const struct suite_row *row = &s->rows[i];
        fprintf(to, "| %s | ", row->c.name);
        print_rate(to, suite_rate(s, row));
        if (row->rounds > 1)
            fprintf(to, " | %.0f %% |", 100.0 * suite_spread(s, row));
        else
            fprintf(to, " | once |");
        fprintf(to, " %.1f |", (double)suite_rss_bytes(row) / 1048576.0);
        markdown_figures(to, row);
        if (peers)
            fprintf(to, " | %s", report_bench_peer(s->bench->name, row->c.name));
        fprintf(to, " |\n");
    }
    fprintf(to, "\n");
}
