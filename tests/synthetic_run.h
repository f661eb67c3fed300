/* synthetic_run - rows that look like a run's, for tests of what shows runs. */
#ifndef TESTS_SYNTHETIC_RUN_H
#define TESTS_SYNTHETIC_RUN_H

#include "metrics/tables.h"

/* Put a small market of so many eras: made up, the same for the same seed, and no more consistent
 * than pictures need.  `arm` is "" for none. */
void synthetic_run(struct tables *t, u64 seed, u64 eras, const char *arm);

#endif /* TESTS_SYNTHETIC_RUN_H */
