/* run_folder - out/<name>-<id>/, which is there whole or not at all.
 *
 * A run writes into <name>-<id>.partial and the folder gets its name with the last step, so that
 * what looks like a run is one.  A failure (a full disk, an I/O error) removes what was written and
 * says why; a killed run leaves only the .partial folder, which the next run of that name removes.
 *
 *   open -> tables, files ... -> seal -> report ... -> finish      or, at any point, discard
 *                                                                  or keep_violated
 */
#ifndef SIM_STUDY_RUN_FOLDER_H
#define SIM_STUDY_RUN_FOLDER_H

#include "metrics/csv.h"
#include "metrics/database.h"
#include "metrics/tables.h"

#define FOLDER_PATH_SIZE 1024u

struct data_file;

struct run_folder {
    struct tables tables; /* put rows here */
    struct csv csv;
    struct database database;
    sqlite3 *handle;
    int lock;                     /* open file that says who writes here; -1: nobody */
    u64 started_ns;               /* monotonic clock at open */
    u64 started_unix_s;           /* calendar at open */
    const struct data_file *data; /* files under --data that were read; the caller sets it */
    char name[256];               /* <name>-<id> */
    char title[256];
    char whole[FOLDER_PATH_SIZE];       /* path it gets */
    char partial[FOLDER_PATH_SIZE];     /* path until then */
    char error[FOLDER_PATH_SIZE + 256]; /* after a false: what went wrong, in one line */
};

/* What manifest.json says beside what the folder itself knows (version, compiler, host, times,
 * memory, rows of each table). */
struct provenance {
    const char *command;       /* as it was typed */
    const char *scenario;      /* path of the scenario */
    const char *scenario_hash; /* of the resolved scenario */
    const char *params_hash;
    const char *profile;
    const char *arm; /* "" for none */
    u64 seed, seeds; /* the first, and how many */
    u64 events;
    const char *rolling_hash;
    const char *state_hash;
};

/* What is to be opened. */
struct run_folder_plan {
    const char *out;    /* folder of all runs; made if it is missing */
    const char *name;   /* name of the scenario: letters, digits, dot, dash and underscore */
    const char *id;     /* what tells this run from others of the name, same letters */
    const char *title;  /* the scenario's question, for people */
    const bool *wanted; /* TABLES flags, or NULL: what tables_init() wants */
    u64 run;            /* number of the run */
};

/* Make the partial folder with its empty tables.  False: error says why and nothing is left; so
 * too when another process is writing the same run. */
must_use bool run_folder_open(struct run_folder *f, const struct run_folder_plan *plan);

/* Write a file of n bytes.  False: error. */
must_use bool run_folder_write(struct run_folder *f, const char *file, const void *bytes, size_t n);

/* Open a further file for writing; the caller closes it and looks at the result.  NULL: error. */
FILE *run_folder_create(struct run_folder *f, const char *file);

/* Close tables and database, write datapackage.json: run.db in `partial` can be read now.
 * False: error, also an earlier one of the tables. */
must_use bool run_folder_seal(struct run_folder *f);

/* Seal, if that is still to do, write manifest.json, and give the folder its name; a whole run of
 * the same name is replaced.  False: error, and nothing of this run is left. */
must_use bool run_folder_finish(struct run_folder *f, const struct provenance *p);

/* What there is so far, as <name>-<id>.violated: it has no manifest, so it is no run, but its log
 * can be replayed; one of that name is replaced.  `whole` is its path then.  False: error, and
 * nothing is left. */
must_use bool run_folder_keep_violated(struct run_folder *f);

/* Remove what was written; a folder that is finished or was never opened is left alone. */
void run_folder_discard(struct run_folder *f);

#endif /* SIM_STUDY_RUN_FOLDER_H */
