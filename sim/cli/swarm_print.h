/* swarm_print - what a swarm found and where it came, for people. */
#ifndef SIM_CLI_SWARM_PRINT_H
#define SIM_CLI_SWARM_PRINT_H

#include "sim/swarm/swarm.h"

#include <stdio.h>

/* Sums, the canary, then what was reached: changes of state, errors, mishaps with effect,
 * transactions, events, invariants; what was not reached stands there by name. */
void swarm_print(FILE *out, const struct swarm_result *r);

/* One failure; path: the file of its scenario, NULL: it could not be written. */
void swarm_print_failure(FILE *out, const struct swarm_failure *f, const char *path);

#endif /* SIM_CLI_SWARM_PRINT_H */
