/* relations_told - see relations_told.h. */
#include "tests/property/relations_told.h"

#include "tests/property/model/world.h"

#define WORLDS 10u /* test_model runs more */

/* Figures that a second implementation reckons from the log alone, at each era's end. */
bool all_is_told(void)
{
    static struct world w;

    for (u64 seed = 1; seed <= WORLDS; seed++) {
        if (!world_run(&w, seed))
            return false;
    }
    return true;
}
