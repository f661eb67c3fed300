/* problem - why an input was refused: where, what, what was expected, the nearest name. */
#ifndef SIM_SCENARIO_PROBLEM_H
#define SIM_SCENARIO_PROBLEM_H

#include "protocol/base.h"

struct problem {
    char text[640]; /* "file:line:column: what, expected ..., did you mean 'x'?" */
};

/* Always false, so that a reader can end with it.  line 0: the file as a whole. */
bool problem_at(struct problem *why, const char *file, u32 line, u32 column, const char *format,
                ...) __attribute__((format(printf, 5, 6)));

#endif /* SIM_SCENARIO_PROBLEM_H */
