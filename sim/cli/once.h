/* once - one run into a folder, and what is to be said of it. */
#ifndef SIM_CLI_ONCE_H
#define SIM_CLI_ONCE_H

#include "metrics/figures.h"
#include "sim/cli/study.h"
#include "sim/run/run.h"
#include "sim/study/run_folder.h"

struct once {
    const struct study *study;
    struct run_folder folder;
    struct run_result result;
    struct figure_value figures[FIGURES];
    char report_error[1400]; /* "" : report.html is there */
    double took_s;
};

enum once_end {
    ONCE_DONE,     /* the folder is whole; result and figures are known: once_free() */
    ONCE_VIOLATED, /* error: an invariant does not hold, and how to see it again; once_free() */
    ONCE_REFUSED   /* error: it could not be set up or written, or a limit was reached; no folder */
};

/* Run 0 of the study. */
enum once_end once_run(struct once *o, const struct study *s, char error[2048]);
void once_free(struct once *o);

/* What a person wants to see, on stdout. */
void once_print(const struct once *o);
void once_print_json(const struct once *o);

/* The verdicts as expectations.json has them; the caller frees it, NULL without memory. */
char *once_expectations(const struct once *o);

/* No more than what does not hold. */
void once_print_failures(const struct once *o);

#endif /* SIM_CLI_ONCE_H */
