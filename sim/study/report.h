/* report - report.html: what a person looks at first, in one file that needs no other.
 *
 * Made from run.db, and from expectations.json beside it where it is, so that it can be made again
 * from the folder of a run.
 */
#ifndef SIM_STUDY_REPORT_H
#define SIM_STUDY_REPORT_H

#include "protocol/base.h"

struct report_plan {
    const char *folder;   /* where run.db is and report.html goes */
    const char *question; /* of the scenario; may be "" */
    const char *command;  /* that makes this run again */
};

#define REPORT_ERROR 1400u

/* False: error (REPORT_ERROR bytes) says what is missing, and no report.html is left. */
must_use bool report_write(const struct report_plan *plan, char error[REPORT_ERROR]);

#endif /* SIM_STUDY_REPORT_H */
