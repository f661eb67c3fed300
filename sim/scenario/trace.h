/* trace - what users and machines of a real cluster did, as rows of a CSV file.
 *
 * The reader knows the file by a map of its columns, so that another trace is another map.  It
 * takes the jobs that were created within a window, in order of creation and then of line,
 * and counts their times from the start of the window.
 *
 * The whole file is read and checked, also outside the window.
 *
 * Memory: 80 bytes a job in the window, at most TRACE_ROWS_MAX, and the file itself while it is
 * read, at most TRACE_BYTES_MAX.  A larger file is refused.
 */
#ifndef SIM_SCENARIO_TRACE_H
#define SIM_SCENARIO_TRACE_H

#include "sim/scenario/csv.h"

#define TRACE_ROWS_MAX 4000000u
#define TRACE_BYTES_MAX (1024u * 1024 * 1024)
#define TRACE_MODELS_MAX 64u
#define TRACE_UNKNOWN UINT64_MAX

enum trace_outcome {
    TRACE_FINISHED,    /* ran and was ended by its user, or ran to its end */
    TRACE_FAILED,      /* ran and ended by itself with an error */
    TRACE_NEVER_BEGUN, /* its user gave up waiting */
};

struct trace_job {
    u64 arrival_s;  /* from the start of the window */
    u64 lifetime_s; /* from begin to end; TRACE_UNKNOWN if never begun */
    u64 wait_s;     /* from arrival to begin in the original cluster; TRACE_UNKNOWN likewise */
    u64 patience_s; /* from arrival to giving up; TRACE_UNKNOWN if it began */
    u64 cpu_milli;
    u64 memory_mib;
    u64 gpus;
    u64 gpu_milli; /* part of a GPU that is used, of a job with one; 1000 is all */
    u64 models;    /* bit i: row i of the models would do; 0: any GPU */
    enum trace_outcome outcome;
    u32 line; /* in the file: which job this is, whatever the window */
};

_Static_assert(sizeof(struct trace_job) == 80, "as stated above");

struct trace_machine {
    u64 cpu_milli;
    u64 memory_mib;
    u64 gpus;
    u32 model; /* row of the models; TRACE_NO_MODEL without GPU */
    u32 line;
};
#define TRACE_NO_MODEL UINT32_MAX

/* Names of columns; NULL: the trace has no such column. */
struct trace_job_columns {
    const char *cpu_milli, *memory_mib, *gpus; /* these three and created_s must exist */
    const char *gpu_milli, *models;            /* models: names with | between */
    const char *outcome;
    const char *failed; /* the outcome that stands for a failure */
    const char *created_s, *begun_s, *ended_s;
};
struct trace_machine_columns {
    const char *cpu_milli, *memory_mib, *gpus, *model;
};
extern const struct trace_job_columns trace_openb_jobs;
extern const struct trace_machine_columns trace_openb_machines;

/* GPU models as the trace names them; more than one may stand for the same GPU of ours. */
struct trace_models {
    const char *name[TRACE_MODELS_MAX];
    u32 count;
};

struct trace_window {
    u64 from_s;   /* jobs created at from_s or later, by the clock of the trace, */
    u64 length_s; /* and before from_s + length_s; UINT64_MAX: to the end */
};

/* Which file it was, whatever its name. */
struct trace_content {
    u64 bytes, hash; /* hash_bytes() of all of them */
};

struct trace_jobs {
    struct trace_job *job; /* by arrival_s, then line; owned */
    size_t count;
    struct trace_content content;
};
struct trace_machines {
    struct trace_machine *machine; /* by line; owned */
    size_t count;
    struct trace_content content;
};

/* From bytes in memory; file is for messages.  False: error says where and what was expected,
 * and *out needs no freeing. */
must_use bool trace_parse_jobs(struct trace_jobs *out, const char *file, const void *bytes,
                               size_t n, const struct trace_job_columns *columns,
                               const struct trace_models *models, struct trace_window window,
                               char error[CSV_ERROR_BYTES]);
must_use bool trace_parse_machines(struct trace_machines *out, const char *file, const void *bytes,
                                   size_t n, const struct trace_machine_columns *columns,
                                   const struct trace_models *models, char error[CSV_ERROR_BYTES]);

/* The same from a file. */
must_use bool trace_read_jobs(struct trace_jobs *out, const char *path,
                              const struct trace_job_columns *columns,
                              const struct trace_models *models, struct trace_window window,
                              char error[CSV_ERROR_BYTES]);
must_use bool trace_read_machines(struct trace_machines *out, const char *path,
                                  const struct trace_machine_columns *columns,
                                  const struct trace_models *models, char error[CSV_ERROR_BYTES]);

void trace_free_jobs(struct trace_jobs *t);
void trace_free_machines(struct trace_machines *t);

#endif /* SIM_SCENARIO_TRACE_H */
