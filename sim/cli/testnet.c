/* testnet - a network on loopback until somebody stops it. */
#include "sim/testnet/testnet.h"
#include "sim/cli/command.h"
#include "sim/cli/study.h"
#include "sim/cli/verdict.h"
#include "sim/testnet/default.h"

#include <stdlib.h>
#include <string.h>

static void judged(FILE *out, const struct expectation *e, const struct expect_result *r)
{
    fputs(r->verdict == VERDICT_PASSED ? "holds  " : "FAILS  ", out);
    verdict_text(out, e);
    if (r->verdict != VERDICT_PASSED)
        fprintf(out, "  (%s)", verdict_why(r));
}

/* The scenario that was named, or the one that is built in. */
static bool read_it(const struct options *o, const char *block_time, struct scenario *out,
                    struct problem *why)
{
    u32 count = 0;
    struct scenario_options options = {.data_dir = o->data, .profile = o->profile};
    const char **all = calloc(o->set_count + 1u, sizeof(*all));

    check(all != NULL);
    if (block_time != NULL)
        all[count++] = block_time;
    for (u32 i = 0; i < o->set_count; i++)
        all[count++] = o->sets[i];
    options.sets = all;
    options.set_count = count;
    bool read = o->arg_count > 0 ? scenario_read(o->args[0], &options, out, why)
                                 : scenario_parse("testnet", testnet_default,
                                                  strlen(testnet_default), &options, out, why);
    free(all);
    return read;
}

static enum exit_code end_of(enum testnet_end end, const char *error)
{
    switch (end) {
    case TESTNET_STOPPED:
    case TESTNET_DONE:
        return EXIT_PASS;
    case TESTNET_FAILED:
        return EXIT_CHECK;
    case TESTNET_IMPOSSIBLE:
        return command_refused("testnet: %s", error);
    }
    check_unreachable();
}

/* On stderr, for it holds with --quiet too. */
static void say_nobody_lives(const struct scenario *s)
{
    fprintf(stderr,
            "orrery: testnet: with --block-time 0 nobody of %s lives on the chain, and nothing is "
            "judged\n",
            s->name);
}

static enum exit_code run(const struct options *o, const struct scenario *scenario, u32 arm)
{
    char error[RUN_ERROR] = "";
    bool instant = (o->given & OPTION_block_time) != 0 && o->block_ms == 0;
    struct testnet_config c = {.scenario = scenario,
                               .arm = arm,
                               .seed = (o->given & OPTION_seed) != 0 ? o->seed_first
                                                                     : scenario->seed_first,
                               .port = o->port,
                               .instant = instant,
                               .speed = o->speed,
                               .people = o->accounts,
                               .state = o->state,
                               .until_end = o->arg_count > 0 && !instant,
                               .receipt_hold = o->receipt_hold,
                               .quiet = o->quiet,
                               .out = stdout,
                               .judged = judged};

    if (instant && o->arg_count > 0)
        say_nobody_lives(scenario);
    return end_of(testnet_run(&c, error), error);
}

enum exit_code command_testnet(const struct options *o)
{
    struct scenario scenario;
    struct problem why;
    char block_time[48];
    u32 arm = 0;

    bool stated = (o->given & OPTION_block_time) != 0, instant = stated && o->block_ms == 0;
    snprintf(block_time, sizeof(block_time), "block_time_ms=%llums",
             (unsigned long long)(instant ? TESTNET_INSTANT_SLOT_MS : o->block_ms));
    if (!read_it(o, stated ? block_time : NULL, &scenario, &why))
        return command_refused("%s", why.text);
    enum exit_code end = o->arm == NULL || study_find_arm(&scenario, o->arm, &arm, &why)
                             ? run(o, &scenario, arm)
                             : command_refused("%s", why.text);
    scenario_free(&scenario);
    return end;
}
