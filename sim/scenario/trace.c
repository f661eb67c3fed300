#include "sim/scenario/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/hash.h"

const struct trace_job_columns trace_openb_jobs = {
    .cpu_milli = "cpu_milli",
    .memory_mib = "memory_mib",
    .gpus = "num_gpu",
    .gpu_milli = "gpu_milli",
    .models = "gpu_spec",
    .outcome = "pod_phase",
    .failed = "Failed",
    .created_s = "creation_time",
    .begun_s = "scheduled_time",
    .ended_s = "deletion_time",
};
const struct trace_machine_columns trace_openb_machines = {
    .cpu_milli = "cpu_milli", .memory_mib = "memory_mib", .gpus = "gpu", .model = "model"};

/* What no machine has and no trace lasts: a figure above it is a mistake of the file. */
#define CPU_MILLI_MAX 1000000000u
#define MEMORY_MIB_MAX 1000000000u
#define GPUS_MAX 1024u
#define GPU_MILLI_WHOLE 1000u
#define TIME_S_MAX 10000000000u

static bool no_memory(char error[CSV_ERROR_BYTES], const char *file, size_t rows)
{
    snprintf(error, CSV_ERROR_BYTES, "%s: expected memory for %zu rows", file, rows);
    return false;
}

static bool too_many(char error[CSV_ERROR_BYTES], const char *file)
{
    snprintf(error, CSV_ERROR_BYTES, "%s: expected at most %u rows", file, TRACE_ROWS_MAX);
    return false;
}

static struct trace_content content_of(const void *bytes, size_t n)
{
    return (struct trace_content){n, hash_bytes(HASH_START, bytes, n)};
}

static u32 model_of(const struct trace_models *models, const char *name, size_t bytes)
{
    for (u32 i = 0; i < models->count; i++)
        if (strlen(models->name[i]) == bytes && memcmp(models->name[i], name, bytes) == 0)
            return i;
    return TRACE_NO_MODEL;
}

static bool unknown_model(struct csv_reader *c, u32 column, const struct trace_models *models)
{
    char expected[120] = "a GPU model of the map: ";
    for (u32 i = 0; i < models->count; i++) {
        size_t used = strlen(expected);
        snprintf(expected + used, sizeof expected - used, "%s%s", i == 0 ? "" : ", ",
                 models->name[i]);
    }
    return csv_expected(c, column, models->count > 0 ? expected : "no GPU model");
}

/* Columns of this file, by place; CSV_ABSENT: not there. */
struct job_places {
    u32 cpu_milli, memory_mib, gpus, gpu_milli, models, outcome, created_s, begun_s, ended_s;
};

/* A column that the map names must be there. */
static bool place(struct csv_reader *c, const char *name, u32 *at)
{
    *at = name == NULL ? CSV_ABSENT : csv_column(c, name);
    return name == NULL || *at != CSV_ABSENT;
}

static bool find_job_places(struct csv_reader *c, const struct trace_job_columns *map,
                            struct job_places *at)
{
    check(map->cpu_milli != NULL && map->memory_mib != NULL && map->gpus != NULL &&
          map->created_s != NULL);
    return place(c, map->cpu_milli, &at->cpu_milli) && place(c, map->memory_mib, &at->memory_mib) &&
           place(c, map->gpus, &at->gpus) && place(c, map->gpu_milli, &at->gpu_milli) &&
           place(c, map->models, &at->models) && place(c, map->outcome, &at->outcome) &&
           place(c, map->created_s, &at->created_s) && place(c, map->begun_s, &at->begun_s) &&
           place(c, map->ended_s, &at->ended_s);
}

static bool job_models(struct csv_reader *c, u32 column, const struct trace_models *models,
                       u64 *mask)
{
    *mask = 0;
    if (column == CSV_ABSENT || csv_empty(c, column))
        return true;
    for (const char *at = c->field[column];; at++) {
        size_t bytes = strcspn(at, "|");
        u32 model = model_of(models, at, bytes);
        if (model == TRACE_NO_MODEL)
            return unknown_model(c, column, models);
        *mask |= (u64)1 << model;
        at += bytes;
        if (*at == '\0')
            return true;
    }
}

/* A moment that may be missing; none may lie before `least`. */
static bool moment(struct csv_reader *c, u32 column, u64 least, u64 *at_s)
{
    *at_s = TRACE_UNKNOWN;
    return column == CSV_ABSENT || csv_empty(c, column) ||
           csv_u64(c, column, least, TIME_S_MAX, at_s);
}

static bool job_times(struct csv_reader *c, const struct job_places *at, u64 created_s, u64 from_s,
                      struct trace_job *job)
{
    u64 begun_s, ended_s;

    if (!moment(c, at->begun_s, created_s, &begun_s) ||
        !moment(c, at->ended_s, begun_s != TRACE_UNKNOWN ? begun_s : created_s, &ended_s))
        return false;
    job->arrival_s = created_s - from_s;
    job->wait_s = job->lifetime_s = job->patience_s = TRACE_UNKNOWN;
    if (begun_s != TRACE_UNKNOWN)
        job->wait_s = begun_s - created_s;
    else
        job->outcome = TRACE_NEVER_BEGUN;
    if (ended_s != TRACE_UNKNOWN && begun_s != TRACE_UNKNOWN)
        job->lifetime_s = ended_s - begun_s;
    else if (ended_s != TRACE_UNKNOWN)
        job->patience_s = ended_s - created_s;
    return true;
}

static bool read_job(struct csv_reader *c, const struct job_places *at, const char *failed,
                     const struct trace_models *models, u64 created_s, u64 from_s,
                     struct trace_job *job)
{
    *job = (struct trace_job){.line = c->row_line, .outcome = TRACE_FINISHED};
    if (!csv_u64(c, at->cpu_milli, 0, CPU_MILLI_MAX, &job->cpu_milli) ||
        !csv_u64(c, at->memory_mib, 0, MEMORY_MIB_MAX, &job->memory_mib) ||
        !csv_u64(c, at->gpus, 0, GPUS_MAX, &job->gpus) ||
        !job_models(c, at->models, models, &job->models))
        return false;
    job->gpu_milli = job->gpus > 0 ? GPU_MILLI_WHOLE : 0;
    if (job->gpus == 1 && at->gpu_milli != CSV_ABSENT &&
        !csv_u64(c, at->gpu_milli, 0, GPU_MILLI_WHOLE, &job->gpu_milli))
        return false;
    if (at->outcome != CSV_ABSENT && failed != NULL && strcmp(c->field[at->outcome], failed) == 0)
        job->outcome = TRACE_FAILED;
    return job_times(c, at, created_s, from_s, job);
}

/* By arrival, then line: no two jobs compare equal. */
static int by_arrival(const void *a, const void *b)
{
    const struct trace_job *x = a, *y = b;
    if (x->arrival_s != y->arrival_s)
        return x->arrival_s < y->arrival_s ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Room for one more row of `bytes`; rows double. */
static bool make_room(void **rows, size_t *room, size_t used, size_t bytes, const char *file,
                      char error[CSV_ERROR_BYTES])
{
    if (used < *room)
        return true;
    if (used == TRACE_ROWS_MAX)
        return too_many(error, file);
    size_t more = *room == 0 ? 1024 : *room * 2;
    more = more < TRACE_ROWS_MAX ? more : TRACE_ROWS_MAX;
    void *grown = realloc(*rows, more * bytes);
    if (grown == NULL)
        return no_memory(error, file, more);
    *rows = grown;
    *room = more;
    return true;
}

static bool in_window(struct trace_window window, u64 created_s)
{
    return created_s >= window.from_s && created_s - window.from_s < window.length_s;
}

static bool read_jobs(struct csv_reader *c, struct trace_jobs *out, const struct job_places *at,
                      const char *failed, const struct trace_models *models,
                      struct trace_window window, char error[CSV_ERROR_BYTES])
{
    size_t room = 0;
    void *rows = NULL;
    bool good = true;

    while (good && csv_next(c)) {
        u64 created_s;
        struct trace_job job;
        good = csv_u64(c, at->created_s, 0, TIME_S_MAX, &created_s) &&
               read_job(c, at, failed, models, created_s,
                        in_window(window, created_s) ? window.from_s : 0, &job);
        if (!good || !in_window(window, created_s))
            continue;
        good = make_room(&rows, &room, out->count, sizeof job, c->file, error);
        out->job = rows;
        if (good)
            out->job[out->count++] = job;
    }
    return good;
}

bool trace_parse_jobs(struct trace_jobs *out, const char *file, const void *bytes, size_t n,
                      const struct trace_job_columns *columns, const struct trace_models *models,
                      struct trace_window window, char error[CSV_ERROR_BYTES])
{
    struct csv_reader c;
    struct job_places at;

    check(models->count <= TRACE_MODELS_MAX);
    *out = (struct trace_jobs){.content = content_of(bytes, n)};
    error[0] = '\0';
    bool good = csv_open(&c, file, bytes, n) && find_job_places(&c, columns, &at) &&
                read_jobs(&c, out, &at, columns->failed, models, window, error);
    if (c.error[0] != '\0')
        memcpy(error, c.error, CSV_ERROR_BYTES);
    if (!good || error[0] != '\0') {
        trace_free_jobs(out);
        return false;
    }
    if (out->count > 0)
        qsort(out->job, out->count, sizeof out->job[0], by_arrival);
    return true;
}

struct machine_places {
    u32 cpu_milli, memory_mib, gpus, model;
};

static bool read_machine(struct csv_reader *c, const struct machine_places *at,
                         const struct trace_models *models, struct trace_machine *m)
{
    *m = (struct trace_machine){.model = TRACE_NO_MODEL, .line = c->row_line};
    if (!csv_u64(c, at->cpu_milli, 0, CPU_MILLI_MAX, &m->cpu_milli) ||
        !csv_u64(c, at->memory_mib, 0, MEMORY_MIB_MAX, &m->memory_mib) ||
        !csv_u64(c, at->gpus, 0, GPUS_MAX, &m->gpus))
        return false;
    if (m->gpus == 0)
        return true;
    m->model = model_of(models, c->field[at->model], strlen(c->field[at->model]));
    return m->model != TRACE_NO_MODEL || unknown_model(c, at->model, models);
}

static bool read_machines(struct csv_reader *c, struct trace_machines *out,
                          const struct machine_places *at, const struct trace_models *models,
                          char error[CSV_ERROR_BYTES])
{
    size_t room = 0;
    void *rows = NULL;
    bool good = true;

    while (good && csv_next(c)) {
        struct trace_machine m;
        good = read_machine(c, at, models, &m) &&
               make_room(&rows, &room, out->count, sizeof m, c->file, error);
        out->machine = rows;
        if (good)
            out->machine[out->count++] = m;
    }
    return good;
}

bool trace_parse_machines(struct trace_machines *out, const char *file, const void *bytes, size_t n,
                          const struct trace_machine_columns *columns,
                          const struct trace_models *models, char error[CSV_ERROR_BYTES])
{
    struct csv_reader c;
    struct machine_places at;

    check(models->count <= TRACE_MODELS_MAX);
    check(columns->cpu_milli != NULL && columns->memory_mib != NULL && columns->gpus != NULL &&
          columns->model != NULL);
    *out = (struct trace_machines){.content = content_of(bytes, n)};
    error[0] = '\0';
    bool good = csv_open(&c, file, bytes, n) && place(&c, columns->cpu_milli, &at.cpu_milli) &&
                place(&c, columns->memory_mib, &at.memory_mib) &&
                place(&c, columns->gpus, &at.gpus) && place(&c, columns->model, &at.model) &&
                read_machines(&c, out, &at, models, error);
    if (c.error[0] != '\0')
        memcpy(error, c.error, CSV_ERROR_BYTES);
    if (!good || error[0] != '\0') {
        trace_free_machines(out);
        return false;
    }
    return true;
}

bool trace_read_jobs(struct trace_jobs *out, const char *path,
                     const struct trace_job_columns *columns, const struct trace_models *models,
                     struct trace_window window, char error[CSV_ERROR_BYTES])
{
    char *bytes;
    size_t n;

    *out = (struct trace_jobs){.count = 0};
    if (!csv_read_file(path, TRACE_BYTES_MAX, &bytes, &n, error))
        return false;
    bool good = trace_parse_jobs(out, path, bytes, n, columns, models, window, error);
    free(bytes);
    return good;
}

bool trace_read_machines(struct trace_machines *out, const char *path,
                         const struct trace_machine_columns *columns,
                         const struct trace_models *models, char error[CSV_ERROR_BYTES])
{
    char *bytes;
    size_t n;

    *out = (struct trace_machines){.count = 0};
    if (!csv_read_file(path, TRACE_BYTES_MAX, &bytes, &n, error))
        return false;
    bool good = trace_parse_machines(out, path, bytes, n, columns, models, error);
    free(bytes);
    return good;
}

void trace_free_jobs(struct trace_jobs *t)
{
    free(t->job);
    *t = (struct trace_jobs){.count = 0};
}

void trace_free_machines(struct trace_machines *t)
{
    free(t->machine);
    *t = (struct trace_machines){.count = 0};
}
