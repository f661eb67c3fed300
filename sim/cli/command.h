/* command - one command of the program, and what all of them owe to whoever calls the program. */
#ifndef SIM_CLI_COMMAND_H
#define SIM_CLI_COMMAND_H

#include "sim/cli/options.h"

/* What the process ends with (design.md 8). */
enum exit_code {
    EXIT_PASS = 0,
    EXIT_CHECK = 1,        /* a check failed: an expectation, an invariant, a comparison */
    EXIT_USAGE = 2,        /* bad usage or input, or results cannot be written */
    EXIT_INCONCLUSIVE = 3, /* neither one nor the other can be said */
    EXIT_UNREPEATABLE = 4, /* not deterministic: the same went another way */
    EXIT_BUG = 5           /* ours */
};

struct cli_command {
    const char *name, *args;
    u32 args_least, args_most;
    u32 options; /* OPTION_ bits that it takes */
    const char *line, *doc;
    enum exit_code (*run)(const struct options *o);
};

#define COMMAND(name, args, least, most, takes, line, doc)                                         \
    enum exit_code command_##name(const struct options *o);
#include "sim/cli/commands.def"
#undef COMMAND

/* "orrery: <message>" on stderr; returns EXIT_USAGE, so that a command can end with it. */
enum exit_code command_refused(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* SIM_CLI_COMMAND_H */
