/* Any bytes as a trace: what is taken obeys the header's promises, what is not has a reason. */
#include "sim/scenario/trace.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const struct trace_models models = {.name = {"T4", "P100"}, .count = 2};

static void check_job(const struct trace_job *job, const struct trace_job *before,
                      struct trace_window window)
{
    check(job->arrival_s < window.length_s && job->models < 4 && job->gpu_milli <= 1000);
    check(before == NULL || before->arrival_s < job->arrival_s ||
          (before->arrival_s == job->arrival_s && before->line < job->line));
    check((job->outcome == TRACE_NEVER_BEGUN) == (job->wait_s == TRACE_UNKNOWN));
    check(job->lifetime_s == TRACE_UNKNOWN || job->patience_s == TRACE_UNKNOWN);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    char error[CSV_ERROR_BYTES];
    struct trace_window window = {100, 10000};
    struct trace_jobs jobs;
    struct trace_machines machines;

    if (trace_parse_jobs(&jobs, "jobs", data, size, &trace_openb_jobs, &models, window, error)) {
        for (size_t i = 0; i < jobs.count; i++)
            check_job(&jobs.job[i], i > 0 ? &jobs.job[i - 1] : NULL, window);
        trace_free_jobs(&jobs);
    } else {
        check(strncmp(error, "jobs:", 5) == 0 && jobs.count == 0);
    }
    if (trace_parse_machines(&machines, "machines", data, size, &trace_openb_machines, &models,
                             error)) {
        for (size_t i = 0; i < machines.count; i++)
            check((machines.machine[i].gpus == 0) == (machines.machine[i].model == TRACE_NO_MODEL));
        trace_free_machines(&machines);
    } else {
        check(strncmp(error, "machines:", 9) == 0 && machines.count == 0);
    }
    return 0;
}
