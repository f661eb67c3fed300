/* mutant - which planted mistake a build with them makes: none, until somebody chooses. */
#include "protocol/mutant.h"

#ifdef MUTANTS
u32 mutant_chosen = MUTANT_NONE;
#endif
