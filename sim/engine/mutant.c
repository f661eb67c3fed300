/* mutant - which planted mistake a build with them makes: none, until somebody chooses. */
#include "sim/engine/mutant.h"

#include "protocol/mutant.h"

#ifdef MUTANTS

#include <string.h>

u32 mutant_chosen = MUTANT_NONE;

static const char *const names[MUTANT_KINDS] = {
    [MUTANT_NONE] = "",
#define MUTANT(NAME, id, text) [MUTANT_##NAME] = #NAME,
#include "protocol/mutant.def"
#undef MUTANT
};

bool mutant_choose(const char *name)
{
    for (u32 i = 0; i < MUTANT_KINDS; i++) {
        if (strcmp(name, names[i]) == 0) {
            mutant_chosen = i;
            return true;
        }
    }
    return false;
}

#else

bool mutant_choose(const char *name)
{
    (void)name;
    return false;
}

#endif
