/* Trace: rows of a made-up trace exactly, and errors with their place. */
#include "sim/scenario/trace.h"
#include "tests/test.h"

#include <string.h>

static const struct trace_models models = {
    .name = {"T4", "P100", "G2", "V100M16", "V100M32", "G3", "A10"}, .count = 7};
static const struct trace_window always = {0, UINT64_MAX};

#define JOBS_HEAD                                                                                  \
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"            \
    "deletion_time,scheduled_time\n"

static struct trace_jobs jobs;
static struct trace_machines machines;
static char error[CSV_ERROR_BYTES];

static bool parse_jobs(const char *text, struct trace_window window)
{
    return trace_parse_jobs(&jobs, "f.csv", text, strlen(text), &trace_openb_jobs, &models, window,
                            error);
}

static void test_jobs(void)
{
    static const char text[] =
        JOBS_HEAD "p0,12000,16384,1,460,P100|V100M16,LS,Running,700,1900,710\n"
                  "p1,6000,12288,0,0,,BE,Failed,500,800,500\n"
                  "p2,100,200,8,1000,T4,LS,Pending,500,590,\n"
                  "p3,100,200,1,1000,,LS,Succeeded,100,120,100\n"
                  "p4,100,200,1,1000,,LS,Running,1000,1300,1000\n"
                  "p5,100,200,2,500,,LS,Running,999,,999\n"
                  "p6,100,200,0,0,,LS,Pending,998,,\n";
    EXPECT(parse_jobs(text, (struct trace_window){200, 800}));
    static const struct trace_job expected[] = {
        {300, 300, 0, TRACE_UNKNOWN, 6000, 12288, 0, 0, 0, TRACE_FAILED, 3},
        {300, TRACE_UNKNOWN, TRACE_UNKNOWN, 90, 100, 200, 8, 1000, 1, TRACE_NEVER_BEGUN, 4},
        {500, 1190, 10, TRACE_UNKNOWN, 12000, 16384, 1, 460, 2 | 8, TRACE_FINISHED, 2},
        {798, TRACE_UNKNOWN, TRACE_UNKNOWN, TRACE_UNKNOWN, 100, 200, 0, 0, 0, TRACE_NEVER_BEGUN, 8},
        {799, TRACE_UNKNOWN, 0, TRACE_UNKNOWN, 100, 200, 2, 1000, 0, TRACE_FINISHED, 7},
    };
    EXPECT(jobs.count == ARRAY_LEN(expected));
    EXPECT(memcmp(jobs.job, expected, sizeof expected) == 0);
    trace_free_jobs(&jobs);
    EXPECT(parse_jobs(text, always) && jobs.count == 7 && jobs.job[0].line == 5);
    trace_free_jobs(&jobs);
    EXPECT(parse_jobs(text, (struct trace_window){5000, 10}) && jobs.count == 0);
    trace_free_jobs(&jobs);
    printf("ok - jobs of the window, by arrival, with outcome, wait and patience\n");
}

static void test_other_map(void)
{
    static const char text[] = "t,cores,ram,g\r\n5,1,\"2\",3\r\n";
    static const struct trace_job_columns map = {
        .cpu_milli = "cores", .memory_mib = "ram", .gpus = "g", .created_s = "t"};
    EXPECT(trace_parse_jobs(&jobs, "f.csv", text, strlen(text), &map, &models, always, error));
    EXPECT(jobs.count == 1 && jobs.job[0].cpu_milli == 1 && jobs.job[0].gpu_milli == 1000);
    EXPECT(jobs.job[0].outcome == TRACE_NEVER_BEGUN && jobs.job[0].models == 0);
    trace_free_jobs(&jobs);
    printf("ok - another trace is another map\n");
}

static void test_job_errors(void)
{
    static const struct {
        const char *row, *error;
    } bad[] = {
        {"p,x,1,1,1,,LS,Running,1,3,2", "f.csv:2:3: expected a whole number from 0 to 1000000000, "
                                        "found \"x\""},
        {"p,1,-5,1,1,,LS,Running,1,3,2", "f.csv:2:5: expected a whole number from 0 to 1000000000, "
                                         "found \"-5\""},
        {"p,1,1,1025,1,,LS,Running,1,3,2", "f.csv:2:7: expected a whole number from 0 to 1024, "
                                           "found \"1025\""},
        {"p,1,1,1,1001,,LS,Running,1,3,2", "f.csv:2:9: expected a whole number from 0 to 1000, "
                                           "found \"1001\""},
        {"p,1,1,1,1,T4|,LS,Running,1,3,2", "f.csv:2:11: expected a GPU model of the map: T4, P100, "
                                           "G2, V100M16, V100M32, G3, A10, found \"T4|\""},
        {"p,1,1,1,1,t4,LS,Running,1,3,2", "f.csv:2:11: expected a GPU model of the map: T4, P100, "
                                          "G2, V100M16, V100M32, G3, A10, found \"t4\""},
        {"p,1,1,1,1,,LS,Running,,3,2", "f.csv:2:23: expected a whole number from 0 to 10000000000, "
                                       "found \"\""},
        {"p,1,1,1,1,,LS,Running,99999999999999999999,3,2",
         "f.csv:2:23: expected a whole number from 0 to 10000000000, found "
         "\"99999999999999999999\""},
        {"p,1,1,1,1,,LS,Running,9,30,8", "f.csv:2:28: expected a whole number from 9 to "
                                         "10000000000, found \"8\""},
        {"p,1,1,1,1,,LS,Running,9,11,12", "f.csv:2:25: expected a whole number from 12 to "
                                          "10000000000, found \"11\""},
        {"p,1,1,1,1,,LS,Running,9,8,", "f.csv:2:25: expected a whole number from 9 to 10000000000, "
                                       "found \"8\""},
        {"p,1,1", "f.csv:2:1: expected 11 fields, found 3"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        char text[1024];
        snprintf(text, sizeof text, "%s%s\n", JOBS_HEAD, bad[i].row);
        EXPECT(!parse_jobs(text, (struct trace_window){7, 1}));
        EXPECT(strcmp(error, bad[i].error) == 0 && jobs.job == NULL && jobs.count == 0);
    }
    EXPECT(!parse_jobs("name,cpu_milli\n", always));
    EXPECT(strcmp(error, "f.csv:1:1: expected a column memory_mib, there is none") == 0);
    EXPECT(!trace_read_jobs(&jobs, "no.csv", &trace_openb_jobs, &models, always, error));
    EXPECT(strcmp(error, "no.csv: No such file or directory") == 0);
    printf("ok - a bad field is answered with its place, also outside the window\n");
}

static bool parse_machines(const char *text)
{
    return trace_parse_machines(&machines, "n.csv", text, strlen(text), &trace_openb_machines,
                                &models, error);
}

static void test_machines(void)
{
    EXPECT(parse_machines("sn,cpu_milli,memory_mib,gpu,model\nn0,32000,262144,0,\n"
                          "n1,96000,393216,8,G2\n"));
    EXPECT(machines.count == 2 && machines.machine[0].model == TRACE_NO_MODEL);
    EXPECT(machines.machine[1].model == 2 && machines.machine[1].gpus == 8);
    EXPECT(machines.machine[1].cpu_milli == 96000 && machines.machine[1].memory_mib == 393216);
    EXPECT(machines.machine[1].line == 3);
    trace_free_machines(&machines);
    EXPECT(!parse_machines("sn,cpu_milli,memory_mib,gpu,model\nn0,1,1,1,\n"));
    EXPECT(strcmp(error, "n.csv:2:10: expected a GPU model of the map: T4, P100, G2, V100M16, "
                         "V100M32, G3, A10, found \"\"") == 0);
    EXPECT(!trace_read_machines(&machines, "no.csv", &trace_openb_machines, &models, error));
    printf("ok - machines with their model, or without GPU\n");
}

int main(void)
{
    test_jobs();
    test_other_map();
    test_job_errors();
    test_machines();
    return 0;
}
