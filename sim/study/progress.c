/* progress - a line that is written over itself. */
#include "sim/study/progress.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static u64 now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return SEC((u64)now.tv_sec) + (u64)now.tv_nsec;
}

void progress_start(struct progress *p, FILE *out, bool quiet, const char *label, const char *unit,
                    u64 total)
{
    *p = (struct progress){.label = label, .unit = unit, .total = total};
    if (!quiet && out != NULL && isatty(fileno(out)))
        p->out = out;
    p->started_ns = now_ns();
}

/* Minutes and seconds, with hours where there are some. */
static void print_span(char out[32], u64 ns)
{
    u64 s = ns / SEC(1);

    if (s < 3600)
        snprintf(out, 32, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
    else
        snprintf(out, 32, "%u:%02u:%02u", (unsigned)(s / 3600 % 1000000), (unsigned)(s / 60 % 60),
                 (unsigned)(s % 60));
}

void progress_line(char out[PROGRESS_LINE], const struct progress *p, u64 done, u64 part,
                   u64 part_of, u64 elapsed_ns)
{
    double share = (double)done + (part_of > 0 ? (double)part / (double)part_of : 0);
    u64 at = done < p->total ? done + 1 : p->total;
    char took[32], left[32];
    int n;

    share = p->total > 0 ? share / (double)p->total : 1;
    share = share > 1 ? 1 : share;
    print_span(took, elapsed_ns);
    n = snprintf(out, PROGRESS_LINE, "%-.40s  %3u %%  %.10s %llu of %llu  %s", p->label,
                 (unsigned)(100 * share), p->unit, (unsigned long long)at,
                 (unsigned long long)p->total, took);
    /* The first second tells little about the rest. */
    if (share <= 0 || share >= 1 || elapsed_ns < SEC(1) || n < 0)
        return;
    print_span(left, (u64)((double)elapsed_ns * (1 - share) / share) + SEC(1) / 2);
    snprintf(out + n, PROGRESS_LINE - (size_t)n, ", about %s left", left);
}

void progress_show(struct progress *p, u64 done, u64 part, u64 part_of)
{
    char line[PROGRESS_LINE];
    u64 now;

    if (p->out == NULL)
        return;
    now = now_ns();
    if (p->shown_ns != 0 && now - p->shown_ns < MSEC(100))
        return;
    p->shown_ns = now;
    progress_line(line, p, done, part, part_of, now - p->started_ns);
    fprintf(p->out, "\r%s\033[K", line);
    fflush(p->out);
}

void progress_end(struct progress *p)
{
    if (p->out != NULL && p->shown_ns != 0) {
        fputs("\r\033[K", p->out);
        fflush(p->out);
    }
    p->out = NULL;
}
