/* mutant - which planted mistake this process makes (protocol/mutant.h). */
#ifndef SIM_ENGINE_MUTANT_H
#define SIM_ENGINE_MUTANT_H

#include "protocol/base.h"

/* Make the mistake of this name (protocol/mutant.def) from now on.  False: this build has none of
 * that name, and none at all unless it is `mutants`. */
must_use bool mutant_choose(const char *name);

#endif /* SIM_ENGINE_MUTANT_H */
