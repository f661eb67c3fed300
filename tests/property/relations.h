/* relations - what must hold between two runs of the chain, by the ID of ../shared's list.
 *
 * LEA-4: any number of settlements between gives the same totals.  DET-1: the same scenario,
 * parameters and seed give the same records and hashes, event by event, wherever memory lies and
 * whatever is in it that nobody wrote (other builds: test_golden).  DET-2: exported, imported and
 * exported again gives the same bytes, and both go on alike.  DET-3: what the log tells is all of
 * the state (model/).  DET-4: put back as it was and run again, it is the straight run.  FEE-6,
 * ORD-9, ORD-10, ECO-6: relations_rules.h; ECO-1, ECO-2, ECO-3: relations_gains.h; DET-9:
 * relations_whole.h. */
#ifndef TESTS_PROPERTY_RELATIONS_H
#define TESTS_PROPERTY_RELATIONS_H

#include "protocol/base.h"

/* Says whether the relation holds; prints nothing. */
bool relation_holds(const char *id);

#endif /* TESTS_PROPERTY_RELATIONS_H */
