/* diff - where two runs part. */
#include "sim/engine/diff.h"

#include "sim/cli/command.h"

#include <stdio.h>

enum exit_code command_diff(const struct options *o)
{
    switch (diff_runs(o->args[0], o->args[1], stdout)) {
    case DIFF_NONE:
        puts("The runs are the same.");
        return EXIT_PASS;
    case DIFF_FOUND:
        return EXIT_CHECK;
    case DIFF_ERROR:
        return EXIT_USAGE;
    }
    check_unreachable();
}
