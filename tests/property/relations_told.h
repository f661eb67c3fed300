/* relations_told - DET-3: what the log tells is all of the state, as far as model/ reckons it. */
#ifndef TESTS_PROPERTY_RELATIONS_TOLD_H
#define TESTS_PROPERTY_RELATIONS_TOLD_H

#include "protocol/base.h"

/* Says whether it holds; prints nothing. */
bool all_is_told(void);

#endif /* TESTS_PROPERTY_RELATIONS_TOLD_H */
