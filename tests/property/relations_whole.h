/* relations_whole - relations between whole runs of a scenario, by the ID of ../shared's list.
 *
 * DET-9: who stands first in the file, and so has the lower number, is no matter: each member of
 * each group ends with the same money, stake, tier, streaks and records.  (A member's name is also
 * that of its draws, so a renamed one is another drawing of the same, and not compared.) */
#ifndef TESTS_PROPERTY_RELATIONS_WHOLE_H
#define TESTS_PROPERTY_RELATIONS_WHOLE_H

#include "protocol/base.h"

/* Says whether it holds; prints nothing. */
bool numbers_are_only_names(void);

#endif /* TESTS_PROPERTY_RELATIONS_WHOLE_H */
