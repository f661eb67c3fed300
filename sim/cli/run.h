/* run - the two ways in which `orrery run` runs: once, with all that a run leaves behind, or many
 * times, for what the runs say together.
 */
#ifndef SIM_CLI_RUN_H
#define SIM_CLI_RUN_H

#include "sim/cli/command.h"
#include "sim/cli/study.h"

/* Run 0 of the study, into a folder of its own. */
enum exit_code run_once(const struct study *s);

/* All runs of the study. */
enum exit_code run_many(const struct study *s);

#endif /* SIM_CLI_RUN_H */
