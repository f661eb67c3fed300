/* report_plots - the pictures of a run's report, each from queries on its run.db. */
#ifndef SIM_STUDY_REPORT_PLOTS_H
#define SIM_STUDY_REPORT_PLOTS_H

#include "protocol/base.h"

#include <sqlite3.h>
#include <stdio.h>

struct report_source {
    sqlite3 *db;
    u64 run;
    char error[1400];
};

/* Append every plot to the page; one whose tables are empty or were not written says so in words.
 * False: error. */
must_use bool report_plots(struct report_source *s, FILE *page);

#endif /* SIM_STUDY_REPORT_PLOTS_H */
