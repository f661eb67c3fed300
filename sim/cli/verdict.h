/* verdict - what a run says of its expectations and invariants, in words. */
#ifndef SIM_CLI_VERDICT_H
#define SIM_CLI_VERDICT_H

#include "sim/run/run.h"

#include <stdio.h>

/* "always: max(provider.*.tier) <= 7" */
void verdict_text(FILE *out, const struct expectation *e);

/* Why it did not pass; "" if the judge left no reason. */
const char *verdict_why(const struct expect_result *r);

#define COUNT_TEXT 32u
/* Digits in threes: 2 075 687. */
void count_text(char out[COUNT_TEXT], u64 n);

struct checked {
    u64 evaluations; /* of invariants, quick and full */
    u32 kinds;       /* how many invariants were evaluated at all */
};

struct checked verdict_checked(const struct run_result *r);

/* What the scenario asked for and did not get, a line each that begins so. */
void verdict_notes(FILE *out, const char *begin, const struct run_notes *n);

#define CHECKED_TEXT 96u
/* "2 075 687 evaluations of 30 invariants" */
void checked_text(char out[CHECKED_TEXT], struct checked c);

#endif /* SIM_CLI_VERDICT_H */
