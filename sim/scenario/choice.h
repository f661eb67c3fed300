/* choice - one of a few things, each with a weight (GPU model, region, kind of machine).
 *
 * Option i is taken by the draws below upto[i] and not below upto[i - 1]: the weights before
 * and with it over their sum, as a part of 2^64.
 */
#ifndef SIM_SCENARIO_CHOICE_H
#define SIM_SCENARIO_CHOICE_H

#include "protocol/base.h"

#define CHOICE_OPTIONS_MAX 1024u

struct choice {
    u64 upto[CHOICE_OPTIONS_MAX];
    u32 options;
};

/* False: no option, more than CHOICE_OPTIONS_MAX, or all weights are 0; *out unchanged.  An
 * option of weight 0 is never taken. */
must_use bool choice_build(struct choice *out, const u64 *weight, size_t options);

/* The option that a uniform draw comes to. */
u32 choice_at(const struct choice *c, u64 draw);

#endif /* SIM_SCENARIO_CHOICE_H */
