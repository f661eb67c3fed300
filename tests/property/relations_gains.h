/* relations_gains - what nobody may gain by a trick, by the ID of ../shared's list.
 *
 * ECO-1: one machine, and one stake, under many names earns no more.  ECO-2: who rents from himself
 * loses, but for a bonus.  ECO-3: going up and down does not earn more than staying up for the same
 * time.  What the rules leave open of them is in ARCHITECTURE, with the bounds that hold. */
#ifndef TESTS_PROPERTY_RELATIONS_GAINS_H
#define TESTS_PROPERTY_RELATIONS_GAINS_H

#include "protocol/base.h"

/* Says whether each holds; prints nothing. */
bool many_names_gain_nothing(void);
bool wash_loses(void);
bool on_off_gains_nothing(void);

#endif /* TESTS_PROPERTY_RELATIONS_GAINS_H */
