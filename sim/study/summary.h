/* summary - what replicates say: mean and 95 % interval of each figure, and between arms the paired
 * difference, seed by seed, in which the luck that both arms share cancels.
 */
#ifndef SIM_STUDY_SUMMARY_H
#define SIM_STUDY_SUMMARY_H

#include "metrics/figures.h"
#include "metrics/statistics.h"

#include <stdio.h>

/* The figures of runs; the caller owns the arrays. */
struct summary {
    const char *name;        /* of the scenario */
    const char *question;    /* may be "" */
    const char *command;     /* that makes this again */
    const char *const *arms; /* names; one "" for a scenario without arms */
    size_t n_arms;
    const u64 *seeds;
    size_t n_seeds;
    const struct figure_value *values; /* values[(arm * n_seeds + seed) * FIGURES + figure] */
};

/* The seeds in which the figure is known, as an estimate of its mean; n is 0 if there are none. */
struct estimate summary_of(const struct summary *s, enum figure_id id, size_t arm);

/* Of arm less against, over the seeds in which both are known. */
struct estimate summary_difference(const struct summary *s, enum figure_id id, size_t arm,
                                   size_t against);

#define SUMMARY_CELL 80u

/* "12.30 ± 0.45", to two digits of the interval; "12.3" without one, "-" without a value.  sign:
 * with a + before what is above zero. */
void summary_cell(char out[SUMMARY_CELL], struct estimate e, bool sign);

/* Aligned text for a terminal: arms side by side, then each arm's difference to the first; a star
 * marks an interval that leaves out zero.  False: the write failed. */
must_use bool summary_print(const struct summary *s, FILE *out);

/* summary.csv: figure,unit,arm,against,n,mean,sd,half_95; `against` is empty but for differences.
 * False: the write failed. */
must_use bool summary_csv(const struct summary *s, FILE *out);

/* figures.csv: arm,seed,figure,unit,value, one figure of one run a row.  False: the write failed.
 */
must_use bool summary_values_csv(const struct summary *s, FILE *out);

#define SUMMARY_ERROR 300u

/* A page with the table, and for each figure its runs and the interval of each arm.
 * False: error (SUMMARY_ERROR bytes) says why. */
must_use bool summary_page(const struct summary *s, FILE *page, char error[SUMMARY_ERROR]);

#endif /* SIM_STUDY_SUMMARY_H */
