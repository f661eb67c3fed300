/* The real openb trace: rows and totals that its README states, 2.1 and 2.2.  It is not part of
 * the project: where it is not there the test is named as not run (exit 77). */
#include "sim/scenario/trace.h"
#include "tests/test.h"

static const struct trace_models models = {
    .name = {"T4", "P100", "G2", "V100M16", "V100M32", "G3", "A10"}, .count = 7};

static const char *path_of(const char *name)
{
    static char path[512];
    const char *data = getenv("DATA");
    snprintf(path, sizeof path, "%s/jobs/%s", data != NULL ? data : "../shared/data", name);
    return path;
}

static void test_jobs(const char *path, u64 from_s, size_t rows, u64 never, u64 failed)
{
    struct trace_jobs jobs;
    char error[CSV_ERROR_BYTES];

    EXPECT(trace_read_jobs(&jobs, path, &trace_openb_jobs, &models,
                           (struct trace_window){from_s, UINT64_MAX}, error));
    EXPECT(jobs.count == rows);
    for (size_t i = 0; i < jobs.count; i++) {
        never -= jobs.job[i].outcome == TRACE_NEVER_BEGUN ? 1 : 0;
        failed -= jobs.job[i].outcome == TRACE_FAILED ? 1 : 0;
        EXPECT(i == 0 || jobs.job[i].arrival_s >= jobs.job[i - 1].arrival_s);
    }
    EXPECT(never == 0 && failed == 0);
    trace_free_jobs(&jobs);
}

static void test_machines(const char *path)
{
    struct trace_machines machines;
    char error[CSV_ERROR_BYTES];
    u64 gpus = 0, cpu_milli = 0;

    EXPECT(trace_read_machines(&machines, path, &trace_openb_machines, &models, error));
    EXPECT(machines.count == 1523);
    for (size_t i = 0; i < machines.count; i++) {
        gpus += machines.machine[i].gpus;
        cpu_milli += machines.machine[i].cpu_milli;
    }
    EXPECT(gpus == 6212 && cpu_milli == 125514000);
    trace_free_machines(&machines);
}

int main(void)
{
    FILE *f = fopen(path_of("openb_pod_list_gpuspec33.csv"), "rb");
    if (f == NULL) {
        printf("the openb trace is not there\n");
        return 77;
    }
    fclose(f);
    test_jobs(path_of("openb_pod_list_gpuspec33.csv"), 10309761, 7355, 822, 1603);
    test_jobs(path_of("openb_pod_list_default.csv"), 0, 8152, 897, 1870);
    printf("ok - jobs: 7,355 in the last 30 days, 8,152 in all\n");
    test_machines(path_of("openb_node_list_all_node.csv"));
    printf("ok - machines: 1,523 with 6,212 GPUs and 125,514 cores\n");
    return 0;
}
