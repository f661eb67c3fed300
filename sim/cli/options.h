/* options - the command line of a command, read.
 *
 * options.def has the options, commands.def which command takes which.  What is wrong is said on
 * stderr, with the nearest name where a name is wrong, and ends the process with EXIT_USAGE.
 */
#ifndef SIM_CLI_OPTIONS_H
#define SIM_CLI_OPTIONS_H

#include "protocol/base.h"

enum option_place {
#define OPTION(name, key, long_name, arg, doc) OPTION_PLACE_##name,
#include "sim/cli/options.def"
#undef OPTION
    OPTION_PLACES
};

enum option_bit {
#define OPTION(name, key, long_name, arg, doc) OPTION_##name = 1 << OPTION_PLACE_##name,
#include "sim/cli/options.def"
#undef OPTION
};

struct cli_command;

struct options {
    const struct cli_command *command;
    char *line; /* the command line as it was typed, quoted for a shell */
    const char **args;
    const char **sets;
    u32 arg_count, set_count;
    u32 given; /* OPTION_ bits */
    const char *data, *out, *profile, *arm, *explain;
    u64 seed_first, seed_last; /* --seed or --seeds, where given */
    u64 to_event;              /* --to-event */
    u64 era;                   /* --era */
    u32 jobs;                  /* 0: as many as there are cores */
    u64 block_ms;              /* --block-time; 0 too where it is not given */
    u64 speed;
    u64 time_ns; /* --time; 0: not given */
    const char *state;
    u32 accounts;
    u16 port;
    u32 providers, orders, eras, rounds; /* bench; 0: not given */
    const char *plot;
    bool held, scaled, markdown;
    bool check_pure, json, quiet, receipt_hold;
};

/* argv[0] is the command's name.  Exits after --help too.  Strings are argv's; options_free() is
 * due. */
void options_read(const struct cli_command *command, int argc, char **argv, struct options *out);
void options_free(struct options *o);

#endif /* SIM_CLI_OPTIONS_H */
