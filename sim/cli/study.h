/* study - what a command was asked to run: a scenario, which of its arms, which seeds.
 *
 * Runs are numbered arm by arm, in each seed by seed: run i is of arm `arm_first + i / seeds` and
 * seed `seed_first + i % seeds`.
 */
#ifndef SIM_CLI_STUDY_H
#define SIM_CLI_STUDY_H

#include "sim/cli/options.h"
#include "sim/scenario/scenario.h"

#include <stdio.h>

struct study {
    const struct options *options;
    struct scenario scenario;
    char *resolved; /* scenario.resolved.json */
    u32 arm_first, arms;
    u64 seed_first, seeds, runs;
    bool again; /* only to be compared: of the runs no more is said than what fails */
};

enum study_seeds {
    STUDY_ALL_SEEDS, /* those of the scenario, if no option names others */
    STUDY_FIRST_SEED /* the first of them */
};

/* Reads the scenario with the options' --data, --set, --profile, --arm and seeds.  False: why says
 * what is wrong, nothing is to be closed. */
must_use bool study_open(struct study *s, const struct options *o, const char *path,
                         enum study_seeds seeds, struct problem *why);
void study_close(struct study *s);

/* An arm by its name.  False: why names the nearest. */
must_use bool study_find_arm(const struct scenario *c, const char *name, u32 *arm,
                             struct problem *why);

u32 study_arm(const struct study *s, u64 run);
u64 study_seed(const struct study *s, u64 run);

/* Name of an arm; "" where the scenario has none. */
const char *study_arm_name(const struct study *s, u32 arm);

/* Sixteen hexadecimal digits. */
#define HASH64_TEXT 17u
void hash64_text(char out[HASH64_TEXT], u64 hash);

/* Of the resolved scenario. */
u64 study_hash(const struct study *s);
/* Of an arm's parameters. */
u64 study_params_hash(const struct study *s, u32 arm);

/* What tells the folder of these runs from others of the scenario: a hash of the resolved scenario,
 * the arms and the seeds. */
#define STUDY_ID 9u
void study_id(const struct study *s, char id[STUDY_ID]);

/* The command line that does one of the runs alone. */
void study_again(FILE *out, const struct study *s, u64 run);

/* Which tables are wanted, TABLES flags.  False: why names the table that does not exist. */
must_use bool study_tables(const struct study *s, bool *wanted, struct problem *why);

#endif /* SIM_CLI_STUDY_H */
