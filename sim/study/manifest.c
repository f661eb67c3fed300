/* manifest - provenance as JSON. */
#include "sim/study/manifest.h"

#include "sim/engine/version.h"
#include "sim/scenario/scenario.h"

#include <cjson/cJSON.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

/* A number of 64 bits: cJSON's own are doubles. */
static void add_u64(cJSON *object, const char *name, u64 v)
{
    char digits[CELL_SIZE];

    digits[u128_print(digits, v)] = '\0';
    cJSON_AddRawToObject(object, name, digits);
}

static void add_data(cJSON *m, const struct data_file *data)
{
    cJSON *list = cJSON_AddArrayToObject(m, "data");
    char hash[20];

    for (const struct data_file *f = data; f != NULL; f = f->next) {
        cJSON *file = cJSON_CreateObject();
        cJSON_AddStringToObject(file, "file", f->name);
        add_u64(file, "bytes", f->content.bytes);
        snprintf(hash, sizeof hash, "%016llx", (unsigned long long)f->content.hash);
        cJSON_AddStringToObject(file, "hash", hash);
        cJSON_AddItemToArray(list, file);
    }
}

static void add_inputs(cJSON *m, const struct provenance *p)
{
    cJSON_AddStringToObject(m, "command", p->command);
    cJSON_AddStringToObject(m, "scenario", p->scenario);
    cJSON_AddStringToObject(m, "scenario_hash", p->scenario_hash);
    cJSON_AddStringToObject(m, "params_hash", p->params_hash);
    cJSON_AddStringToObject(m, "profile", p->profile);
    cJSON_AddStringToObject(m, "arm", p->arm);
    add_u64(m, "seed", p->seed);
    add_u64(m, "seeds", p->seeds);
}

static void add_results(cJSON *m, const struct run_folder *f, const struct provenance *p)
{
    cJSON *rows;

    add_u64(m, "events", p->events);
    cJSON_AddStringToObject(m, "rolling_hash", p->rolling_hash);
    cJSON_AddStringToObject(m, "state_hash", p->state_hash);
    rows = cJSON_AddObjectToObject(m, "rows");
    for (size_t i = 0; i < TABLES; i++)
        if (f->tables.wanted[i])
            add_u64(rows, table_of((enum table_id)i)->name, f->tables.rows[i]);
}

static void add_machine(cJSON *m, const struct run_folder *f)
{
    struct timespec now;
    struct rusage usage;
    struct utsname host;
    struct tm utc;
    time_t started = (time_t)f->started_unix_s;
    char text[128];

    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &usage);
    uname(&host);
    gmtime_r(&started, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    cJSON_AddStringToObject(m, "version", version_text());
    cJSON_AddStringToObject(m, "compiler", COMPILER);
    cJSON_AddStringToObject(m, "started", text);
    add_u64(m, "wall_ms", (SEC((u64)now.tv_sec) + (u64)now.tv_nsec - f->started_ns) / MSEC(1));
    add_u64(m, "max_rss_kib", (u64)usage.ru_maxrss);
    cJSON_AddStringToObject(m, "host", host.nodename);
    snprintf(text, sizeof text, "%.40s %.60s %.20s", host.sysname, host.release, host.machine);
    cJSON_AddStringToObject(m, "system", text);
    add_u64(m, "cores", (u64)sysconf(_SC_NPROCESSORS_ONLN));
}

char *manifest_text(const struct run_folder *f, const struct provenance *p)
{
    cJSON *m = cJSON_CreateObject();
    char *text;

    cJSON_AddStringToObject(m, "run", f->name);
    add_inputs(m, p);
    add_data(m, f->data);
    add_results(m, f, p);
    add_machine(m, f);
    text = cJSON_Print(m);
    cJSON_Delete(m);
    return text;
}
