/* mutant - planted mistakes, so that the checkers are checked.
 *
 * Where a rule asks MUTATED(NAME) it can be told to be wrong.  In every build but `mutants` the
 * question is the constant 0 and no trace of it is left; there, one variable of the host chooses
 * among them at run time.  Only rules ask, never a checker.
 */
#ifndef PROTOCOL_MUTANT_H
#define PROTOCOL_MUTANT_H

#include "protocol/base.h"

enum mutant {
    MUTANT_NONE,
#define MUTANT(NAME, id, text) MUTANT_##NAME,
#include "protocol/mutant.def"
#undef MUTANT
    MUTANT_KINDS
};

#ifdef MUTANTS
extern u32 mutant_chosen; /* the host's; enum mutant */
#else
#define mutant_chosen 0u
#endif
#define MUTATED(NAME) (mutant_chosen == (u32)MUTANT_##NAME)

#endif /* PROTOCOL_MUTANT_H */
