/* diff - where two runs part.
 *
 * The rolling hash of a run never comes back to that of another once they have parted: the first
 * row of checkpoints.csv that differs bounds the place to CHECKPOINT_EVENTS records (record.h).
 * Where both runs left a run.log, the first record that differs is shown, field by field.
 */
#ifndef SIM_ENGINE_DIFF_H
#define SIM_ENGINE_DIFF_H

#include "sim/engine/record.h"

enum diff_end { DIFF_NONE, DIFF_FOUND, DIFF_ERROR };

#define DIFF_CHECKPOINTS "checkpoints.csv"
#define DIFF_LOG "run.log"

/* What both of two run folders have.  Two logs show every difference; checkpoints alone none that
 * comes after the last of them, and small runs have none at all. */
struct diff_files {
    bool checkpoints, log;
};
struct diff_files diff_files(const char *a, const char *b);

/* Compares these files of two run folders and says to out what it finds.  DIFF_ERROR: both are
 * missing or one is no such file; said to out too. */
enum diff_end diff_runs(const char *a, const char *b, FILE *out);

/* The same of two logs alone. */
enum diff_end diff_logs(const char *a, const char *b, FILE *out);

/* One record as it stands in a log and as it came out: each line that differs, "< " before what is
 * written, "> " before what came out. */
void diff_show(const struct record *written, const struct record *came_out, FILE *out);

/* The same of a table of both folders, a CSV: the first row that differs. */
enum diff_end diff_tables(const char *a, const char *b, const char *file, FILE *out);

#endif /* SIM_ENGINE_DIFF_H */
