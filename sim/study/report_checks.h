/* report_checks - what the run expected and what it checked of itself, in its report. */
#ifndef SIM_STUDY_REPORT_CHECKS_H
#define SIM_STUDY_REPORT_CHECKS_H

#include "sim/study/report_plots.h"

/* Beside run.db: the expectations of the scenario and their verdicts, a list of objects with the
 * texts expectation, verdict and why.  Without the file the page has none. */
#define EXPECTATIONS_FILE "expectations.json"

/* Append both to the page.  False: error. */
must_use bool report_checks(struct report_source *s, FILE *page, const char *folder);

#endif /* SIM_STUDY_REPORT_CHECKS_H */
