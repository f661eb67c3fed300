/* diff - where two runs part.
 *
 * The rolling hash of a run never comes back to that of another once they have parted: the first
 * row of checkpoints.csv that differs bounds the place to CHECKPOINT_EVENTS records.  Where both
 * runs left a run.log, the first record that differs is shown, field by field.
 */
#ifndef SIM_ENGINE_DIFF_H
#define SIM_ENGINE_DIFF_H

#include "protocol/base.h"

#include <stdio.h>

enum diff_end { DIFF_NONE, DIFF_FOUND, DIFF_ERROR };

#define DIFF_CHECKPOINTS "checkpoints.csv"
#define DIFF_LOG "run.log"

/* Compares two run folders and says to out what it finds.  DIFF_ERROR: a file is missing or is no
 * such file; said to out too. */
enum diff_end diff_runs(const char *a, const char *b, FILE *out);

/* The same of two logs alone. */
enum diff_end diff_logs(const char *a, const char *b, FILE *out);

#endif /* SIM_ENGINE_DIFF_H */
