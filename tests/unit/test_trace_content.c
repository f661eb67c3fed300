/* A scenario of a trace is of what the file holds, not of its name: another file is another
 * scenario, and a resolved one takes no other. */
#include "sim/scenario/scenario.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD                                                                                       \
    "name: n\nquestion: q\neras: 2\n"                                                              \
    "population:\n"                                                                                \
    "  providers: [{name: p1, nodes: {file: nodes.csv}}]\n"                                        \
    "  users: [{name: u1, deposit: 9 SPON}]\n"                                                     \
    "workload:\n"

#define JOBS                                                                                       \
    "cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,pod_phase,creation_time,deletion_time,"       \
    "scheduled_time\n1000,1024,0,0,,Running,7,90,8\n"

static char folder[400];

static void write_file(const char *name, const char *text)
{
    char path[500];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "w");
    EXPECT(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void remove_file(const char *name)
{
    char path[500];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}

/* The resolved scenario, or NULL and why. */
static char *resolved(const char *text, struct problem *why)
{
    struct scenario_options options = {.data_dir = folder};
    struct scenario s;

    if (!scenario_parse("f", text, strlen(text), &options, &s, why))
        return NULL;
    const struct data_file *jobs = s.data;
    if (strcmp(jobs->name, "nodes.csv") == 0) /* a resolved scenario has the machines in it */
        jobs = jobs->next;
    EXPECT(strcmp(jobs->name, "jobs.csv") == 0 && jobs->next == NULL);
    EXPECT(jobs->content.bytes == strlen(JOBS));
    char *json = scenario_resolved_json(&s);
    EXPECT(json != NULL);
    scenario_free(&s);
    return json;
}

static void refuses(const char *text, const char *expected)
{
    struct problem why = {""};

    EXPECT(resolved(text, &why) == NULL);
    if (strstr(why.text, expected) == NULL)
        printf("# %s\n", why.text);
    EXPECT(strstr(why.text, expected) != NULL);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    struct problem why = {""};

    snprintf(folder, sizeof folder, "%.300s/orrery-trace-XXXXXX", tmp != NULL ? tmp : "/tmp");
    EXPECT(mkdtemp(folder) != NULL);
    write_file("nodes.csv", "cpu_milli,memory_mib,gpu,model\n8000,8192,0,\n");
    write_file("jobs.csv", JOBS);
    char *first = resolved(HEAD "  trace: {file: jobs.csv}\n", &why);
    EXPECT(first != NULL && strstr(first, "\"bytes\":\t131") != NULL &&
           strstr(first, "\"hash\":") != NULL);
    char *again = resolved(first, &why);
    EXPECT(again != NULL && strcmp(first, again) == 0);
    refuses(HEAD "  trace: {file: jobs.csv, bytes: 130}\n",
            "f:8:34: trace: 'jobs.csv' is another file: found 131 bytes, hash ");
    refuses(HEAD "  trace: {file: jobs.csv, hash: 135}\n",
            "f:8:33: hash: found '135', expected sixteen hexadecimal digits");

    char other[] = JOBS; /* of the same length */
    other[strlen(other) - 2] = '9';
    write_file("jobs.csv", other);
    char *changed = resolved(HEAD "  trace: {file: jobs.csv}\n", &why);
    EXPECT(changed != NULL && strcmp(first, changed) != 0);
    refuses(first, "trace: 'jobs.csv' is another file: found 131 bytes, hash ");
    remove_file("jobs.csv");
    remove_file("nodes.csv");
    rmdir(folder);
    free(first);
    free(again);
    free(changed);
    printf("ok - a trace is what its file holds\n");
    return EXIT_SUCCESS;
}
