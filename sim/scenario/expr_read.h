/* expr_read - assertions from their text. */
#ifndef SIM_SCENARIO_EXPR_READ_H
#define SIM_SCENARIO_EXPR_READ_H

#include "sim/scenario/expr.h"
#include "sim/scenario/field.h"

/* The tree of a truth, in the scenario's store; NULL: *r->why says where and what.  Counters of
 * events are added to r->s->expect. */
const struct expr *expr_read(struct reading *r, const struct yaml *y);

#endif /* SIM_SCENARIO_EXPR_READ_H */
