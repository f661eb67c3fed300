/* Workers and the progress line. */
#include "sim/study/progress.h"
#include "sim/study/workers.h"
#include "tests/test.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#define JOBS 23u

struct big {
    u64 square;
    u8 filler[100000]; /* more than a pipe holds */
};

static bool square(const void *about, size_t i, void *result)
{
    struct big *b = result;

    /* later jobs end earlier */
    nanosleep(&(struct timespec){0, (long)(2000000 * (JOBS - i) / JOBS)}, NULL);
    b->square = i * i + *(const u64 *)about;
    memset(b->filler, (int)i, sizeof b->filler);
    return true;
}

static void count(void *watcher, size_t done)
{
    size_t *seen = watcher;

    EXPECT(done == *seen + 1);
    *seen = done;
}

static void test_results(u32 at_once)
{
    static struct big results[JOBS];
    const u64 plus = 5;
    size_t seen = 0, failed;
    struct workers_plan plan = {JOBS,   at_once, results, sizeof results[0],
                                square, count,   &plus,   &seen};

    memset(results, 0, sizeof results);
    EXPECT(workers_run(&plan, &failed));
    EXPECT(seen == JOBS);
    for (size_t i = 0; i < JOBS; i++) {
        EXPECT(results[i].square == i * i + 5);
        EXPECT(results[i].filler[0] == i && results[i].filler[sizeof results[i].filler - 1] == i);
    }
    printf("ok - %u at once: every result in its place\n", at_once);
}

static bool some_fail(const void *about, size_t i, void *result)
{
    if (i == *(const size_t *)about)
        return false;
    if (i == *(const size_t *)about + 1)
        raise(SIGKILL);
    *(u64 *)result = 1;
    return true;
}

static void test_failures(void)
{
    u64 results[JOBS] = {0};
    size_t bad = 4, failed;
    struct workers_plan plan = {JOBS, 1, results, sizeof results[0], some_fail, NULL, &bad, NULL};

    EXPECT(!workers_run(&plan, &failed) && failed == 4);
    EXPECT(results[3] == 1 && results[4] == 0 && results[6] == 0); /* none after it */
    bad = (size_t)-1; /* job 0 is killed, none says false */
    EXPECT(!workers_run(&plan, &failed) && failed == 0);
    plan.jobs = 0;
    EXPECT(workers_run(&plan, &failed));
    printf("ok - a job that fails or dies is named and ends the study\n");
}

static bool line_is(u64 done, u64 part, u64 part_of, u64 elapsed_ns, const char *want)
{
    const struct progress p = {.label = "baseline", .unit = "era", .total = 14};
    char line[PROGRESS_LINE];

    progress_line(line, &p, done, part, part_of, elapsed_ns);
    if (strcmp(line, want) != 0)
        printf("%s\n", line);
    return strcmp(line, want) == 0;
}

static void test_line(void)
{
    struct progress p;
    FILE *file = tmpfile();

    EXPECT(line_is(0, 0, 0, SEC(9), "baseline    0 %  era 1 of 14  0:09"));
    EXPECT(line_is(7, 0, 0, SEC(61), "baseline   50 %  era 8 of 14  1:01, about 1:01 left"));
    EXPECT(
        line_is(3, 1, 2, SEC(3700), "baseline   25 %  era 4 of 14  1:01:40, about 3:05:00 left"));
    EXPECT(line_is(7, 0, 0, MSEC(999), "baseline   50 %  era 8 of 14  0:00"));
    EXPECT(line_is(14, 0, 0, SEC(5), "baseline  100 %  era 14 of 14  0:05"));
    EXPECT(file != NULL);
    progress_start(&p, file, false, "x", "era", 2);
    progress_show(&p, 1, 0, 0);
    progress_end(&p);
    EXPECT(ftell(file) == 0); /* no terminal: nothing said */
    fclose(file);
    printf("ok - the progress line, and none without a terminal\n");
}

int main(void)
{
    test_results(1);
    test_results(3);
    test_results(0);
    test_failures();
    test_line();
    return 0;
}
