/* many - what is gathered of many runs, and the folder and the words that are made of it.
 *
 * A worker leaves its run's rows in a database of its own in the folder; they are joined in the
 * order of the runs, so that the bytes are the same for every -j.
 */
#ifndef SIM_CLI_MANY_H
#define SIM_CLI_MANY_H

#include "sim/cli/command.h"
#include "sim/cli/study.h"
#include "sim/cli/verdict.h"
#include "sim/study/run_folder.h"
#include "sim/study/summary.h"

#define NOTE 500u

/* What a worker sends of one run. */
struct outcome {
    enum run_end end;
    bool ran, expected;
    u64 events, rolling_hash;
    u128 state_hash;
    struct checked checked;
    struct run_notes notes;
    struct figure_value figures[FIGURES];
    char error[RUN_ERROR];
    char unexpected[NOTE]; /* the first expectation that does not hold */
};

struct gathered {
    const struct study *study;
    struct outcome *outcomes; /* study->runs of them */
    struct run_folder folder;
    bool tables[TABLES]; /* that the folder has of all runs */
    struct summary summary;
    const char **arms;
    u64 *seeds;
    struct figure_value *values;
};

/* The folder with its empty tables.  False: folder.error. */
must_use bool many_folder_open(struct gathered *g);

/* In the worker of run i: its tables, from a database that has them, to where they are joined.
 * False: error (RUN_ERROR bytes). */
must_use bool many_folder_part(const struct gathered *g, size_t i, sqlite3 *db,
                               char error[RUN_ERROR]);

/* All parts and the summary; then it has its name.  False: folder.error, nothing is left. */
must_use bool many_folder_finish(struct gathered *g);

/* EXIT_CHECK: an expectation does not hold in some run. */
enum exit_code many_expected(const struct gathered *g);

void many_print(const struct gathered *g);
void many_print_json(const struct gathered *g);

#endif /* SIM_CLI_MANY_H */
