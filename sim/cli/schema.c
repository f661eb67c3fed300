/* schema - the JSON Schema of scenarios. */
#include "sim/scenario/schema.h"
#include "sim/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

enum exit_code command_schema(const struct options *o)
{
    char *text = schema_text();

    (void)o;
    if (text == NULL)
        return command_refused("out of memory");
    fputs(text, stdout);
    free(text);
    return EXIT_PASS;
}
