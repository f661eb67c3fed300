/* options - argp with our table, and nearest names for what argp would only call unknown. */
#include "sim/cli/options.h"

#include "protocol/params.h"
#include "sim/cli/command.h"
#include "sim/engine/nearest.h"
#include "sim/scenario/units.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_FIRST 0x100 /* of options without a letter */

static const struct argp_option all[OPTION_PLACES] = {
#define OPTION(name, key, long_name, arg, doc)                                                     \
    {long_name, (key) != 0 ? (key) : KEY_FIRST + OPTION_PLACE_##name, arg, 0, doc, 0},
#include "sim/cli/options.def"
#undef OPTION
};

static void *need(void *memory)
{
    if (memory != NULL)
        return memory;
    fputs("orrery: out of memory\n", stderr);
    exit(EXIT_USAGE);
}

/* A whole number in decimal digits that ends at `end` (NULL: at the end of the text). */
static bool read_u64(const char *text, const char *end, u64 *out)
{
    char *stop;

    errno = 0;
    *out = strtoull(text, &stop, 10);
    return text[0] >= '0' && text[0] <= '9' && errno == 0 &&
           (end != NULL ? stop == end : *stop == '\0');
}

/* "2s", "250ms", as the parameter block_time_ms is written and takes it; or "0". */
static bool read_block_time(const char *text, u64 *ms)
{
    struct params p = params_default;
    u128 ns;

    *ms = 0;
    if (strcmp(text, "0") == 0)
        return true;
    if (units_read(&units_span, text, &ns) != UNITS_OK || ns % MSEC(1) != 0 ||
        !params_set(&p, PARAM_block_time_ms, ns / MSEC(1)))
        return false;
    *ms = (u64)(ns / MSEC(1));
    return true;
}

static void read_seeds(struct argp_state *state, struct options *o, const char *text)
{
    const char *dots = strstr(text, "..");

    if (dots == NULL || !read_u64(text, dots, &o->seed_first) ||
        !read_u64(dots + 2, NULL, &o->seed_last) || o->seed_first > o->seed_last ||
        o->seed_last - o->seed_first >= 1000000)
        argp_error(state,
                   "--seeds %s: expected A..B, two whole numbers, as in 1..20, a million at most",
                   text);
}

static const char *file(struct argp_state *state, const char *option, const char *arg)
{
    if (arg[0] == '\0')
        argp_error(state, "%s '': expected the name of a file", option);
    return arg;
}

static const char *folder(struct argp_state *state, const char *option, const char *arg)
{
    if (arg[0] == '\0')
        argp_error(state, "%s '': expected the path of a folder", option);
    return arg;
}

static u64 read_number(struct argp_state *state, const char *name, const char *arg, u64 least,
                       u64 most, const char *expected)
{
    u64 n = 0;

    if (!read_u64(arg, NULL, &n) || n < least || n > most)
        argp_error(state, "%s %s: expected %s", name, arg, expected);
    return n;
}

static u32 read_count(struct argp_state *state, const char *name, const char *arg, u32 most)
{
    char expected[48];

    snprintf(expected, sizeof(expected), "a number from 1 to %u", most);
    return (u32)read_number(state, name, arg, 1, most, expected);
}

static u64 read_time_ns(struct argp_state *state, const char *arg)
{
    u128 ns;

    if (units_read(&units_span, arg, &ns) != UNITS_OK || ns == 0 || ns > SEC((u128)86400 * 365))
        argp_error(state, "--time %s: expected a time of up to a year, as 60s, 10min, 2h or 1d",
                   arg);
    return (u64)ns;
}

/* What a benchmark or a swarm is to do. */
static void read_size(struct argp_state *state, struct options *o, enum option_place place,
                      const char *arg)
{
    switch ((int)place) {
    case OPTION_PLACE_providers:
        o->providers = read_count(state, "--providers", arg, 1000000);
        break;
    case OPTION_PLACE_orders:
        o->orders = read_count(state, "--orders", arg, 10000000);
        break;
    case OPTION_PLACE_eras:
        o->eras = read_count(state, "--eras", arg, 3650);
        break;
    case OPTION_PLACE_rounds:
        o->rounds = read_count(state, "--rounds", arg, 15);
        break;
    case OPTION_PLACE_demand:
        o->held = strcmp(arg, "held") == 0;
        o->scaled = strcmp(arg, "scaled") == 0;
        if (!o->held && !o->scaled)
            argp_error(state, "--demand %s: expected scaled or held", arg);
        break;
    case OPTION_PLACE_plot:
        o->plot = file(state, "--plot", arg);
        break;
    case OPTION_PLACE_markdown:
        o->markdown = true;
        break;
    case OPTION_PLACE_time:
        o->time_ns = read_time_ns(state, arg);
        break;
    default:
        check_unreachable();
    }
}

static void read_option(struct argp_state *state, struct options *o, enum option_place place,
                        const char *arg)
{
    o->given |= 1u << place;
    switch ((int)place) {
    case OPTION_PLACE_seed:
        o->seed_first = read_number(state, "--seed", arg, 0, UINT64_MAX, "a whole number");
        o->seed_last = o->seed_first;
        break;
    case OPTION_PLACE_seeds:
        read_seeds(state, o, arg);
        break;
    case OPTION_PLACE_arm:
        o->arm = arg;
        break;
    case OPTION_PLACE_set:
        o->sets[o->set_count++] = arg;
        break;
    case OPTION_PLACE_profile:
        o->profile = arg;
        break;
    case OPTION_PLACE_data:
        o->data = folder(state, "--data", arg);
        break;
    case OPTION_PLACE_out:
        o->out = folder(state, "--out", arg);
        break;
    case OPTION_PLACE_jobs:
        o->jobs = (u32)read_number(state, "-j", arg, 1, 256, "a number from 1 to 256");
        break;
    case OPTION_PLACE_check_pure:
        o->check_pure = true;
        break;
    case OPTION_PLACE_explain:
        o->explain = arg;
        break;
    case OPTION_PLACE_to_event:
        o->to_event =
            read_number(state, "--to-event", arg, 0, INT64_MAX, "the number of a record, from 0");
        break;
    case OPTION_PLACE_era:
        o->era = read_number(state, "--era", arg, 0, UINT64_MAX, "the number of an era, from 0");
        break;
    case OPTION_PLACE_json:
        o->json = true;
        break;
    case OPTION_PLACE_quiet:
        o->quiet = true;
        break;
    case OPTION_PLACE_port:
        o->port = (u16)read_number(state, "--port", arg, 0, UINT16_MAX, "a number up to 65535");
        break;
    case OPTION_PLACE_block_time:
        if (!read_block_time(arg, &o->block_ms))
            argp_error(state, "--block-time %s: expected 100ms to 1min, as 2s or 250ms, or 0", arg);
        break;
    case OPTION_PLACE_accounts:
        o->accounts = (u32)read_number(state, "--accounts", arg, 0, 60, "a number up to 60");
        break;
    case OPTION_PLACE_state:
        o->state = file(state, "--state", arg);
        break;
    case OPTION_PLACE_speed:
        o->speed = read_number(state, "--speed", arg, 1, 100000, "a number from 1 to 100000");
        break;
    case OPTION_PLACE_receipt_hold:
        o->receipt_hold = true;
        break;
    default:
        read_size(state, o, place, arg);
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;

    for (u32 i = 0; i < OPTION_PLACES; i++)
        if (all[i].key == key) {
            read_option(state, o, (enum option_place)i, arg);
            return 0;
        }
    if (key == ARGP_KEY_ARG) {
        if (o->arg_count == o->command->args_most)
            argp_error(state, "'%s' is one argument too many", arg);
        o->args[o->arg_count++] = arg;
        return 0;
    }
    if (key == ARGP_KEY_END) {
        if (o->arg_count < o->command->args_least)
            argp_error(state, "expected %s", o->command->args);
        if ((o->given & OPTION_seed) != 0 && (o->given & OPTION_seeds) != 0)
            argp_error(state, "--seed and --seeds: expected one of them");
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

/* getopt calls a mistyped option unknown and no more; any unambiguous beginning is known to it. */
static void refuse_unknown(const struct argp_option *options, int argc, char **argv)
{
    static const char *const always[] = {"help", "usage"};

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        char word[64];
        bool known = false;
        if (strncmp(argv[i], "--", 2) != 0)
            continue;
        snprintf(word, sizeof word, "%.*s", (int)strcspn(argv[i] + 2, "="), argv[i] + 2);
        struct nearest near = nearest_to(word);
        for (size_t k = 0; k < sizeof always / sizeof *always; k++) {
            known = known || strncmp(always[k], word, strlen(word)) == 0;
            nearest_offer(&near, always[k]);
        }
        for (const struct argp_option *o = options; o->name != NULL; o++) {
            known = known || strncmp(o->name, word, strlen(word)) == 0;
            nearest_offer(&near, o->name);
        }
        if (known)
            continue;
        fprintf(stderr, "%s: unknown option --%s", argv[0], word);
        if (nearest_name(&near) != NULL)
            fprintf(stderr, ", did you mean '--%s'?", nearest_name(&near));
        fprintf(stderr, "\nTry `%s --help'.\n", argv[0]);
        exit(EXIT_USAGE);
    }
}

static bool plain_word(const char *word)
{
    return word[0] != '\0' &&
           word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "./_-=+,:%@")] == '\0';
}

static char *line_of(int argc, char **argv)
{
    size_t size = 1;
    char *line, *at;

    for (int i = 0; i < argc; i++)
        size += 4 * strlen(argv[i]) + 3;
    at = line = need(malloc(size));
    for (int i = 0; i < argc; i++) {
        bool plain = i == 0 || plain_word(argv[i]);
        at += sprintf(at, "%s%s", i == 0 ? "" : " ", plain ? "" : "'");
        for (const char *c = argv[i]; *c != '\0'; c++)
            at += *c == '\'' && !plain ? sprintf(at, "'\\''") : sprintf(at, "%c", *c);
        at += sprintf(at, "%s", plain ? "" : "'");
    }
    return line;
}

void options_read(const struct cli_command *command, int argc, char **argv, struct options *out)
{
    struct argp_option options[OPTION_PLACES + 1];
    struct argp argp = {options, parse, command->args, command->doc, NULL, NULL, NULL};
    char name[64];
    u32 n = 0;

    for (u32 i = 0; i < OPTION_PLACES; i++)
        if ((command->options & 1u << i) != 0) {
            options[n] = all[i];
            options[n++].group = (int)i + 1; /* in the order of the table */
        }
    options[n] = (struct argp_option){0};
    memset(out, 0, sizeof *out);
    snprintf(name, sizeof name, "orrery %s", command->name);
    argv[0] = name;
    out->command = command;
    out->line = line_of(argc, argv);
    out->args = need(calloc((size_t)argc, sizeof *out->args));
    out->sets = need(calloc((size_t)argc, sizeof *out->sets));
    out->out = "out";
    out->port = 8545;
    out->accounts = 10;
    out->speed = 1;
    refuse_unknown(options, argc, argv);
    setenv("ARGP_HELP_FMT", "no-dup-args-note,rmargin=96", 0);
    argp_err_exit_status = EXIT_USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, out);
}

void options_free(struct options *o)
{
    free(o->line);
    free(o->args);
    free(o->sets);
}
