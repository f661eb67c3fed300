/* eras - when the eras of a run start, for the timeline may change their length; and whether all
 * that the file dates lies within the run.
 */
#ifndef SIM_SCENARIO_ERAS_H
#define SIM_SCENARIO_ERAS_H

#include "sim/scenario/field.h"

/* Starts in seconds since genesis, of one arm (index < arm_count, or 0 where there are none): eras
 * + 1 of them, the last is the end of the run.  What a timeline sets holds from the era after. */
void eras_starts(const struct scenario *s, u32 arm, u64 *start_s);

/* Every event, order and expectation is of a moment in the run, and every change of parameters
 * goes with the parameters as they are by then, in each arm.  root is what the scenario was read
 * from.  False: *r->why says where not. */
must_use bool eras_check(struct reading *r, const struct yaml *root);

#endif /* SIM_SCENARIO_ERAS_H */
