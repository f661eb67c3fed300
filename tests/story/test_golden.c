/* What every compiler, optimisation and sanitizer must come to: the rolling hash over every event
 * and answer, and the hash of the chain's state, of the shipped scenarios.
 *
 * A hash changes only with a written reason: CHANGELOG.md says which and why.  With an argument the
 * test prints the table anew instead of comparing. */
#include "sim/run/run.h"
#include "tests/test.h"

#include <string.h>

struct golden {
    const char *scenario;
    u32 eras; /* fewer than the file's, so that sanitizers are done in seconds; 0: the file's */
    u64 rolling;
    u64 state_high, state_low;
};

static const struct golden golden[] = {
#define GOLDEN(scenario, eras, rolling, state_high, state_low)                                     \
    {scenario, eras, rolling, state_high, state_low},
#include "tests/story/golden.def"
#undef GOLDEN
};

static const char *const names[] = {
    "baseline",
    "fee-change",
    "outage-during-lease",
    "lease-expired",
    "lease-insufficient",
    "lease-provider-breach",
    "lease-provider-close",
    "lease-updated",
    "lease-user-close",
};

static void run_one(const char *name, u32 eras, struct golden *out)
{
    struct scenario_options options = {0};
    struct scenario s;
    struct problem why;
    struct run_result r;
    char path[128];

    snprintf(path, sizeof(path), "scenarios/%s.yaml", name);
    if (!scenario_read(path, &options, &s, &why))
        printf("# %s\n", why.text);
    EXPECT(s.name != NULL);
    if (eras != 0 && eras < s.eras)
        s.eras = eras;
    s.expect.count = 0; /* judged by `orrery test`; at fewer eras they would not hold */
    struct run_plan plan = {.scenario = &s, .seed = 7, .check_pure = true};
    EXPECT(run_execute(&plan, &r));
    if (r.end != RUN_DONE)
        printf("# %s: %s\n", name, r.error);
    EXPECT(r.end == RUN_DONE);
    *out =
        (struct golden){name, eras, r.rolling_hash, (u64)(r.state_hash >> 64), (u64)r.state_hash};
    run_result_free(&r);
    scenario_free(&s);
}

static void print_table(void)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct golden g;
        run_one(names[i], 2, &g);
        printf("GOLDEN(\"%s\", %u, 0x%016llxu, 0x%016llxu, 0x%016llxu)\n", g.scenario, g.eras,
               (unsigned long long)g.rolling, (unsigned long long)g.state_high,
               (unsigned long long)g.state_low);
    }
}

static bool same(const struct golden *want, const struct golden *got)
{
    if (want->rolling == got->rolling && want->state_high == got->state_high &&
        want->state_low == got->state_low)
        return true;
    printf("# %s came to rolling %016llx, state %016llx%016llx\n", got->scenario,
           (unsigned long long)got->rolling, (unsigned long long)got->state_high,
           (unsigned long long)got->state_low);
    return false;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        print_table();
        return EXIT_SUCCESS;
    }
    bool all = true;
    EXPECT(ARRAY_LEN(golden) == ARRAY_LEN(names));
    for (size_t i = 0; i < ARRAY_LEN(golden); i++) {
        struct golden got;
        run_one(golden[i].scenario, golden[i].eras, &got);
        all = same(&golden[i], &got) && all;
    }
    EXPECT(all);
    printf("ok - golden hashes\n");
    return EXIT_SUCCESS;
}
