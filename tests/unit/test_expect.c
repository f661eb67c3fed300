/* Assertions against a world of three providers and two users whose values are set by hand. */
#include "sim/scenario/expect.h"
#include "sim/scenario/scenario.h"
#include "tests/test.h"

#include <string.h>

#define WORLD                                                                                      \
    "name: n\nquestion: q\neras: 9\npopulation:\n  providers:\n"                                   \
    "    - {name: p1, machines: [{cpu: 8, ram: 8GiB}]}\n"                                          \
    "    - {name: gpu, count: 2, machines: [{cpu: 8, ram: 8GiB}]}\n"                               \
    "  users: [{name: u1, token: USDX, deposit: 9 USDX}, {name: u2, deposit: 9 SPON}]\nexpect:\n"

/* Provider 0 is p1, 1 and 2 are gpu.0 and gpu.1. */
struct world {
    i128 tier[3], stake[3];
    bool exists[3], leased;
    const char *reason;
};

static void each(const void *about, const struct path *path, expect_visit *visit, void *ctx)
{
    const struct world *w = about;

    for (u32 i = 0; i < 3; i++) {
        u32 group = i > 0, member = i > 0 ? i - 1 : 0;
        bool meant = path->any_group ||
                     (path->group == group && (path->any_member || path->member == member));
        if (!w->exists[i] || !meant)
            continue;
        if (path->id == PATH_provider_tier)
            visit(ctx, (struct value){.dim = DIM_COUNT, .n = w->tier[i]});
        if (path->id == PATH_provider_stake)
            visit(ctx, (struct value){.dim = DIM_AMOUNT, .n = w->stake[i]});
    }
    if (path->id == PATH_lease_reason && w->leased)
        visit(ctx, (struct value){.dim = DIM_NAME, .name = w->reason});
    if (path->id == PATH_lease_confirmed && w->leased)
        visit(ctx, (struct value){.dim = DIM_TRUTH, .n = false});
    if (path->id == PATH_user_balance) /* u1 has USDX, u2 SPON */
        for (u32 u = 0; u < 2; u++)
            if (path->any_group || path->group == u)
                visit(ctx, (struct value){.dim = DIM_AMOUNT, .token = 1 - u, .n = 5});
    if (path->id == PATH_network_utilisation)
        visit(ctx, (struct value){.dim = DIM_SHARE, .n = 2500});
}

static void who(const void *about, enum expect_who kind, u32 index, char name[EXPECT_WHO_BYTES])
{
    (void)about;
    if (kind == WHO_PROVIDER && index > 1)
        snprintf(name, EXPECT_WHO_BYTES, "gpu.%u", index - 2);
    else
        snprintf(name, EXPECT_WHO_BYTES, "%s%u", kind == WHO_PROVIDER ? "p" : "u", index);
}

static const u64 starts_s[] = {0, 86400, 172800};
static const struct era_times eras = {starts_s, ARRAY_LEN(starts_s)};

struct bench {
    struct scenario s;
    struct world world;
    struct expect_world view;
    struct expect_run run;
    u64 counts[8];
    struct expect_result results[8];
};

static void set_up(struct bench *b, const char *rows)
{
    static const struct scenario_options options;
    char text[2048];
    struct problem why;

    memset(b, 0, sizeof(*b));
    snprintf(text, sizeof(text), "%s%s", WORLD, rows);
    bool read = scenario_parse("f", text, strlen(text), &options, &b->s, &why);
    if (!read)
        printf("# %s\n", why.text);
    EXPECT(read && b->s.expect.count <= 8 && b->s.expect.counters <= 8);
    b->world = (struct world){{6, 5, 7}, {500, 300, 200}, {true, true, true}, false, ""};
    b->view = (struct expect_world){&b->world, each, who};
    b->run = (struct expect_run){&b->s.expect, b->counts, b->results};
}

static void judge(struct bench *b, u64 second)
{
    expect_judge(&b->run, &b->view, &eras, (struct instant){SEC(second)});
}

static enum verdict verdict_of(const char *expression)
{
    struct bench b;
    char row[512];

    snprintf(row, sizeof(row), "  - {at: 1h, that: '%s'}\n", expression);
    set_up(&b, row);
    judge(&b, 3600);
    enum verdict verdict = b.results[0].verdict;
    scenario_free(&b.s);
    return verdict;
}

static void test_expressions(void)
{
    static const struct {
        const char *text;
        enum verdict verdict;
    } rows[] = {
        {"provider.p1.tier == 6", VERDICT_PASSED},
        {"provider.p1.tier != 6", VERDICT_FAILED},
        {"provider.gpu.1.tier = 7 and provider.gpu.0.tier < 6", VERDICT_PASSED},
        {"provider.p1.tier < 6 or provider.p1.tier > 5", VERDICT_PASSED},
        {"not provider.p1.tier < 6 and not not provider.p1.tier >= 6", VERDICT_PASSED},
        {"not (provider.p1.tier == 6 or provider.p1.tier == 7)", VERDICT_FAILED},
        {"sum(provider.*.stake) == \"0.000000000000001000 SPON\"", VERDICT_PASSED},
        {"sum(provider.gpu.*.stake) <= 0.0000000000000005 SPON", VERDICT_PASSED},
        {"min(provider.*.tier) == 5 and max(provider.*.tier) == 7", VERDICT_PASSED},
        {"count(provider.*.tier > 5) == 2", VERDICT_PASSED},
        {"count(provider.gpu.*.tier > provider.p1.tier) == 1", VERDICT_PASSED},
        {"2 * provider.p1.stake == sum(provider.*.stake)", VERDICT_PASSED},
        {"50% * sum(provider.*.stake) == provider.p1.stake", VERDICT_PASSED},
        {"provider.p1.stake - provider.gpu.0.stake == provider.gpu.1.stake", VERDICT_PASSED},
        {"provider.gpu.1.stake - provider.p1.stake < \"0 SPON\"", VERDICT_PASSED},
        {"provider.p1.tier + 2 * 3 - 1 == 11", VERDICT_PASSED},
        {"network.utilisation == 25% and network.utilisation < 0.3x", VERDICT_PASSED},
        {"50% * network.utilisation == 12.5%", VERDICT_PASSED},
        {"user.u1.balance == 0.000005 USDX", VERDICT_PASSED},
        {"user.u1.balance > user.u2.balance", VERDICT_FAILED},   /* two tokens */
        {"sum(user.*.balance) > \"0 SPON\"", VERDICT_FAILED},    /* two tokens */
        {"lease.u1.0.reason == expired", VERDICT_VACUOUS},       /* no such lease */
        {"sum(lease.*.price) > 0 SPON", VERDICT_VACUOUS},        /* of nobody */
        {"count(lease.*.state == active) == 0", VERDICT_PASSED}, /* of nobody, yet a count */
        {"provider.p1.tier == 6 or lease.u1.0.reason == expired", VERDICT_PASSED},
        {"lease.u1.0.reason == expired or provider.p1.tier == 6", VERDICT_PASSED},
        {"lease.u1.0.reason == expired and provider.p1.tier == 6", VERDICT_VACUOUS},
        {"lease.u1.0.reason == expired and provider.p1.tier == 7", VERDICT_FAILED},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum verdict got = verdict_of(rows[i].text);
        if (got != rows[i].verdict)
            printf("# %s\n", rows[i].text);
        EXPECT(got == rows[i].verdict);
    }
    printf("ok - expressions\n");
}

static void test_always_never(void)
{
    struct bench b;

    set_up(&b, "  - always: provider.p1.tier <= 6\n  - never: provider.p1.tier == 7\n"
               "  - always: lease.u1.0.reason == expired\n"
               "  - {always: provider.p1.tier == 1, given: provider.p1.tier < 3}\n");
    judge(&b, 10);
    EXPECT(b.results[0].verdict == VERDICT_OPEN && b.results[0].judged == 1);
    EXPECT(expect_end(&b.run, (struct instant){SEC(20)}) == false);
    EXPECT(b.results[0].verdict == VERDICT_PASSED && b.results[1].verdict == VERDICT_PASSED);
    EXPECT(b.results[2].verdict == VERDICT_VACUOUS && b.results[3].verdict == VERDICT_VACUOUS);
    scenario_free(&b.s);

    set_up(&b, "  - always: provider.p1.tier <= 6\n  - never: provider.p1.tier == 7\n");
    judge(&b, 10);
    b.world.tier[0] = 7;
    judge(&b, 11);
    b.world.tier[0] = 6;
    judge(&b, 12);
    EXPECT(!expect_end(&b.run, (struct instant){SEC(20)}));
    EXPECT(b.results[0].verdict == VERDICT_FAILED && b.results[0].at.ns == SEC(11));
    EXPECT(b.results[1].verdict == VERDICT_FAILED && b.results[1].at.ns == SEC(11));
    EXPECT(strcmp(b.results[0].why, "7 against 6") == 0);
    scenario_free(&b.s);
    printf("ok - always and never, once broken stay so\n");
}

static void test_why(void)
{
    static const struct {
        const char *mode, *text, *why;
    } rows[] = {
        {"always", "provider.p1.tier == 6 and provider.gpu.0.tier  < 5",
         "provider.gpu.0.tier  < 5: 5 against 5"},
        {"always", "(provider.p1.tier == 5) and provider.gpu.0.tier < 5",
         "provider.p1.tier == 5: 6 against 5"},
        {"always", "provider.p1.tier == 5 or provider.p1.tier > 6",
         "provider.p1.tier == 5: 6 against 5; provider.p1.tier > 6: 6 against 6"},
        {"always", "not (provider.p1.tier == 6 or provider.p1.tier == 7)",
         "provider.p1.tier == 6: 6 against 6"},
        {"never", "provider.p1.tier == 6 and 2 * 3 == 6",
         "provider.p1.tier == 6: 6 against 6; 2 * 3 == 6: 6 against 6"},
        {"always", "provider.p1.tier == 6 and lease.u1.0.confirmed",
         "lease.u1.0.confirmed is false"},
        {"always", "lease.u1.0.confirmed", "lease.u1.0.confirmed is false"},
    };
    struct bench b;
    char row[512];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        snprintf(row, sizeof(row), "  - %s: '%s'\n", rows[i].mode, rows[i].text);
        set_up(&b, row);
        b.world.leased = true;
        judge(&b, 3600);
        if (strcmp(b.results[0].why, rows[i].why) != 0)
            printf("# %s\n", b.results[0].why);
        EXPECT(strcmp(b.results[0].why, rows[i].why) == 0);
        scenario_free(&b.s);
    }
    printf("ok - why one of several does not hold\n");
}

static void test_moments(void)
{
    struct bench b;
    struct instant next;

    set_up(&b, "  - {at: era 1 + 10min, that: provider.p1.tier == 6}\n"
               "  - {eventually: provider.p1.tier == 5, within: 2h}\n"
               "  - {eventually: provider.p1.tier == 4, within: era 1}\n"
               "  - {at: era 5, that: provider.p1.tier == 6}\n"
               "  - {eventually: lease.u1.0.reason == user, within: 1h}\n");
    EXPECT(expect_next(&b.run, &eras, (struct instant){0}, &next) && next.ns == SEC(3600));
    judge(&b, 60);
    b.world.tier[0] = 5;
    judge(&b, 7200);
    EXPECT(b.results[1].verdict == VERDICT_PASSED && b.results[1].at.ns == SEC(7200));
    EXPECT(b.results[4].verdict == VERDICT_VACUOUS);
    EXPECT(expect_next(&b.run, &eras, (struct instant){SEC(7200)}, &next) && next.ns == SEC(86400));
    judge(&b, 86400);
    EXPECT(b.results[2].verdict == VERDICT_OPEN);
    judge(&b, 86401);
    EXPECT(b.results[2].verdict == VERDICT_FAILED);
    judge(&b, 87000);
    EXPECT(b.results[0].verdict == VERDICT_FAILED && b.results[0].at.ns == SEC(87000));
    EXPECT(strcmp(b.results[0].why, "5 against 6") == 0);
    EXPECT(!expect_next(&b.run, &eras, (struct instant){SEC(87000)}, &next));
    EXPECT(!expect_end(&b.run, (struct instant){SEC(90000)}));
    EXPECT(b.results[3].verdict == VERDICT_VACUOUS); /* the run ended before */
    scenario_free(&b.s);
    printf("ok - moments, eras and deadlines\n");
}

static void saw(struct bench *b, u32 provider, enum lease_end reason, u32 token, u64 gross)
{
    struct log log = {.kind = LOG_LeaseClosed};

    log.u.lease_closed.provider = provider;
    log.u.lease_closed.reason = (u32)reason;
    log.u.lease_closed.token = token;
    log.u.lease_closed.gross = AMOUNT(gross);
    log.u.lease_closed.end_s = 7200;
    expect_saw(&b->run, &b->view, &log);
}

static void test_events(void)
{
    struct bench b;

    set_up(&b,
           "  - {at: 1h, that: count(event LeaseClosed) == 4}\n"
           "  - {at: 1h, that: count(event LeaseClosed where reason = insufficient) == 1}\n"
           "  - {at: 1h, that: 'count(event LeaseClosed where gross > \"1 USDX\") == 1'}\n"
           "  - {at: 1h, that: count(event LeaseClosed where provider = gpu.0 and reason != user) "
           "== 1}\n"
           "  - {at: 1h, that: count(event LeaseClosed where end_s >= 2h) == 4}\n"
           "  - {at: 1h, that: count(event Slashed where cause = breach) == 1}\n");
    saw(&b, 1, LEASE_EXPIRED, 1, 2000000);
    saw(&b, 2, LEASE_INSUFFICIENT, 1, 1000000);
    saw(&b, 2, LEASE_USER, 1, 500000);
    saw(&b, 3, LEASE_UPDATED, 0, 2000000); /* of SPON: not compared with USDX */
    struct log slashed = {.kind = LOG_Slashed};
    slashed.u.slashed.cause = SLASH_BREACH;
    expect_saw(&b.run, &b.view, &slashed);
    judge(&b, 3600);
    EXPECT(expect_end(&b.run, (struct instant){SEC(3600)}));
    scenario_free(&b.s);
    printf("ok - counts of events\n");
}

int main(void)
{
    test_expressions();
    test_always_never();
    test_why();
    test_moments();
    test_events();
    return EXIT_SUCCESS;
}
