/* params - the table of parameters. */
#include "sim/cli/command.h"
#include "sim/scenario/param_table.h"

enum exit_code command_params(const struct options *o)
{
    char hint[PARAM_HINT_BYTES];

    if (o->explain == NULL)
        return param_list(stdout, o->json) ? EXIT_PASS : EXIT_USAGE;
    if (o->json)
        return command_refused("params: expected --explain or --json, not both");
    if (param_explain(stdout, o->explain, hint))
        return EXIT_PASS;
    return command_refused("there is no parameter '%s'%s", o->explain, hint);
}
