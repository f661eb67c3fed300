/* orrery - a simulator of the Spheron compute network: which command, and who takes the blame. */
#include "sim/cli/command.h"
#include "sim/engine/mutant.h"
#include "sim/engine/nearest.h"
#include "sim/engine/version.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cli_command commands[] = {
#define COMMAND(name, args, least, most, takes, line, doc)                                         \
    {#name, args, least, most, takes, line, doc, command_##name},
#include "sim/cli/commands.def"
#undef COMMAND
};

#define COMMANDS (sizeof commands / sizeof *commands)

enum exit_code command_refused(const char *format, ...)
{
    va_list args;

    fputs("orrery: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

static void print_help(FILE *out)
{
    fputs(
        "Orrery simulates the Spheron compute network: the protocol's own rules, run by providers, "
        "users\nand an in-process chain, from one seed, the same to the last bit each time.\n\n"
        "Usage: orrery COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n",
        out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].line);
    fputs(
        "\n`orrery COMMAND --help' tells all about one; `orrery --version' which source this is.\n"
        "To begin with:\n\n"
        "  orrery run scenarios/baseline.yaml\n"
        "  orrery test scenarios/*.yaml\n\n"
        "Exit status: 0 pass, 1 a check failed, 2 bad usage or input, 3 inconclusive,\n"
        "4 not deterministic, 5 a bug of ours.\n",
        out);
}

static const struct cli_command *command_named(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static enum exit_code unknown(const char *name)
{
    struct nearest near = nearest_to(name);
    char hint[NEAREST_BYTES];

    for (size_t i = 0; i < COMMANDS; i++)
        nearest_offer(&near, commands[i].name);
    command_refused("'%s' is no command%s", name, nearest_hint(&near, hint));
    fputs("Try `orrery --help'.\n", stderr);
    return EXIT_USAGE;
}

/* The command line, and how what it did is seen again, for the message below. */
static const char *line = "orrery", *again = "The same command shows it again.\n";

/* After a failed check: its message stands already, and where a run was, how far it got. */
static void take_blame(int signal)
{
    const char *const parts[] = {
        "  This is a bug in Orrery ", version_text(), ", seen in:\n    ", line, "\n  ", again};

    (void)signal;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (write(STDERR_FILENO, parts[i], strlen(parts[i])) < 0)
            break;
    }
    _exit(EXIT_BUG);
}

/* What was asked for is on stdout, all of it.  (A testnet only tells there how it goes.) */
static enum exit_code written(enum exit_code code)
{
    bool flushed = fflush(stdout) == 0;
    const char *why = flushed ? "they were not taken when they came" : strerror(errno);

    if (flushed && ferror(stdout) == 0)
        return code;
    command_refused("cannot write the results: %s", why);
    return code == EXIT_PASS ? EXIT_USAGE : code;
}

int main(int argc, char **argv)
{
    struct options o;
    const char *name = argc > 1 ? argv[1] : NULL, *mutant = getenv("ORRERY_MUTANT");
    bool help = false;

    if (mutant != NULL && !mutant_choose(mutant))
        return (int)command_refused("ORRERY_MUTANT: this build has no planted mistake '%s'",
                                    mutant);

    if (name == NULL) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("orrery %s\n", version_text());
        return EXIT_PASS;
    }
    help = strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0;
    if (help && argc == 2) {
        print_help(stdout);
        return EXIT_PASS;
    }
    const struct cli_command *command = command_named(help ? argv[2] : name);
    if (command == NULL)
        return (int)unknown(help ? argv[2] : name);
    char dashes[] = "--help", *only_help[] = {dashes, dashes, NULL};
    options_read(command, help ? 2 : argc - 1, help ? only_help : argv + 1, &o);
    line = o.line;
    if (command->run == command_testnet)
        again =
            "What clients asked of it decided this: please say what that was.  With --state FILE,\n"
            "  `orrery replay FILE' does again what was acknowledged before.\n";
    sigaction(SIGABRT, &(struct sigaction){.sa_handler = take_blame}, NULL);
    /* a file that may grow no more (ulimit -f) is an error like a full disk */
    sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    enum exit_code code = command->run(&o);
    line = command->name;
    options_free(&o);
    return (int)(command->run == command_testnet ? code : written(code));
}
