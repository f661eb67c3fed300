/* Each benchmark at a tiny size: what it counts and comes to, never how fast. */
#include "sim/bench/exponential.h"
#include "sim/bench/report.h"
#include "sim/bench/suite.h"
#include "tests/any.h"
#include "tests/test.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define DRAWS 100000u
#define PHOLD_GOLDEN 0xc53a34238d6a4da3u

static double exact(u64 word)
{
    double is = ldexp((double)exponential(word), -32);

    EXPECT(fabs(is + log(ldexp((double)word, -64))) < 2.1e-6);
    return is;
}

static void test_exponential(void)
{
    struct any a = ANY(31);
    double sum = 0, squares = 0;

    for (u32 bit = 0; bit < 64; bit++) {
        (void)exact((u64)1 << bit);
        (void)exact(((u64)1 << bit) | 1);
    }
    for (u32 i = 0; i < DRAWS; i++) {
        double is = exact(draw_u64(&a.from, DRAW_TEST, a.drawn++));
        sum += is;
        squares += is * is;
    }
    EXPECT(exponential(0) == exponential(1) && exponential(UINT64_MAX) < 10000);
    /* five standard errors: the variance is 1, that of the square 20 */
    EXPECT(fabs(sum / DRAWS - 1) < 5 * sqrt(1.0 / DRAWS));
    EXPECT(fabs(squares / DRAWS - 2) < 5 * sqrt(20.0 / DRAWS));
}

static struct bench_result measured(const char *name, const struct bench_case *c, bool in_parts)
{
    static struct bench_result r;
    const struct bench *b = bench_find(name);

    EXPECT(b != NULL);
    memset(&r, 0, sizeof(r));
    b->measure(c, in_parts, &r);
    if (r.error[0] != '\0')
        printf("# %s: %s\n", name, r.error);
    EXPECT(r.error[0] == '\0');
    return r;
}

static double figure(const struct bench_result *r, const char *name)
{
    for (u32 i = 0; i < r->figure_count; i++)
        if (strcmp(r->figures[i].name, name) == 0)
            return r->figures[i].value;
    printf("not ok - no figure '%s'\n", name);
    exit(EXIT_FAILURE);
}

/* The fingerprint is of every event and outbox and of the states at the checkpoints: it changes
 * only with a reason in CHANGELOG.md, as those in tests/story/golden.def. */
static void test_phold(void)
{
    struct bench_case c = {.n = 100, .work = 10000};
    struct bench_result plain = measured("phold", &c, false);
    struct bench_result parts = measured("phold", &c, true);

    EXPECT(plain.done == 10000 && parts.done == 10000);
    if (plain.hash != PHOLD_GOLDEN)
        printf("# phold came to %016llx\n", (unsigned long long)plain.hash);
    EXPECT(plain.hash == PHOLD_GOLDEN && parts.hash == plain.hash);
    EXPECT(plain.part_count == 0 && parts.part_count == 3);
    for (u32 i = 0; i < parts.part_count; i++)
        EXPECT(parts.parts[i].count == 10000);
}

static void test_market(void)
{
    struct bench_case c = {.n = 20, .work = 1, .a = 100, .b = 5};
    struct bench_result plain = measured("market", &c, false);
    struct bench_result parts = measured("market", &c, true);
    u64 events = 0;

    EXPECT(plain.hash == parts.hash && plain.done == parts.done);
    EXPECT(figure(&plain, "transactions") > 100 && figure(&plain, "evaluations of invariants") > 0);
    for (u32 i = 0; i < parts.part_count; i++)
        events += parts.parts[i].count;
    EXPECT(events > 0 && events >= parts.done / 2);
    c.n = 0; /* a scenario needs somebody */
    memset(&parts, 0, sizeof(parts));
    bench_find("market")->measure(&c, false, &parts);
    EXPECT(parts.error[0] != '\0');
}

/* Its results are tests/property/test_bench_tiers.c's. */
static void test_tiers(void)
{
    struct bench_case c = {.n = 10, .work = 2, .a = 30};
    struct bench_result plain = measured("tiers", &c, false);
    struct bench_result parts = measured("tiers", &c, true);

    EXPECT(plain.done == 600 && parts.done == 600 && plain.hash == parts.hash && plain.hash != 0);
    EXPECT(plain.part_count == 0 && parts.part_count == 2);
    EXPECT(figure(&plain, "SPON earned") > 0 &&
           figure(&plain, "SPON earned") <= 0.5 * 10 * (30 - 3));
}

/* Two lives of 64 leases through each door come to the same: every call, answer and state. */
static void test_chain(void)
{
    struct bench_cases all = {0};
    struct bench_wish wish = {0};
    u64 hash = 0, done = 0;

    bench_find("chain")->cases(&wish, &all);
    EXPECT(all.count == 3);
    for (u32 i = 0; i < all.count; i++) {
        all.at[i].work = 2;
        struct bench_result r = measured("chain", &all.at[i], i == 0);
        EXPECT(i == 0 || (r.hash == hash && r.done == done));
        hash = r.hash;
        done = r.done;
        EXPECT(done > 2 * (64 * 12 + 7 * 64) && done <= 2 * (64 * 12 + 7 * 64 + 16));
        EXPECT(i != 0 || r.part_count == 11);
    }
}

/* Every request is answered without an error, or the measurement says which was not. */
static void test_rpc(void)
{
    struct bench_cases all = {0};
    struct bench_wish wish = {0};

    bench_find("rpc")->cases(&wish, &all);
    for (u32 i = 0; i < all.count; i++) {
        struct bench_case *c = &all.at[i];
        c->work = 3 * c->n;
        struct bench_result r = measured("rpc", c, false);
        EXPECT(r.done == 3 * c->n && r.wall_ns > 0 && r.rss_bytes > 0);
        EXPECT(figure(&r, "median us") > 0 && figure(&r, "p99 us") >= figure(&r, "median us"));
    }
}

/* ---- the suite, over a benchmark that does nothing ---- */

static void nothing_cases(const struct bench_wish *wish, struct bench_cases *out)
{
    for (u32 i = 1; i <= 3; i++)
        bench_case_add(out, &(struct bench_case){.name = "size",
                                                 .n = i,
                                                 .work = wish->eras,
                                                 .once = wish->orders != 0 && i == 3});
}

static void nothing_measure(const struct bench_case *c, bool in_parts, struct bench_result *out)
{
    out->done = 10 * c->n;
    out->cpu_ns = SEC(c->n);
    out->rss_bytes = c->n;
    out->hash = c->work == 1 && in_parts ? 1 : 0;
    bench_figure_add(out, "twice", 2.0 * (double)c->n);
    if (c->work == 2 && c->n == 3)
        snprintf(out->error, sizeof(out->error), "out of breath");
    if (c->work == 3 && c->n == 2)
        _exit(1);
}

static void count_ended(const void *watcher, size_t done, size_t all)
{
    (void)watcher;
    EXPECT(done >= 1 && done <= all && all == 9);
}

static void test_suite(void)
{
    static const struct bench nothing = {.name = "nothing",
                                         .unit = "steps",
                                         .rounds = 2,
                                         .cases = nothing_cases,
                                         .measure = nothing_measure};
    struct suite_plan plan = {.bench = &nothing, .ended = count_ended};
    struct suite s;
    char error[BENCH_ERROR];
    double twice;

    EXPECT(suite_run(&plan, &s, error));
    EXPECT(s.count == 3);
    for (u32 i = 0; i < s.count; i++) {
        const struct suite_row *row = &s.rows[i];
        EXPECT(row->c.n == i + 1 && row->rounds == 2 && suite_rss_bytes(row) == i + 1);
        EXPECT(fabs(suite_rate(&s, row) - 10) < 1e-9 && suite_spread(&s, row) < 1e-9);
        EXPECT(suite_figure(row, "twice", &twice) && fabs(twice - 2.0 * (i + 1)) < 1e-9);
        EXPECT(!suite_figure(row, "thrice", &twice));
    }
    suite_free(&s);
    plan.wish.orders = 1; /* the last case only once */
    EXPECT(suite_run(&plan, &s, error));
    EXPECT(s.rows[1].rounds == 2 && s.rows[2].rounds == 1 && s.rows[2].round[0].done == 30);
    EXPECT(fabs(suite_rate(&s, &s.rows[2]) - 10) < 1e-9);
    suite_free(&s);
    plan.wish.orders = 0;
    plan.wish.eras = 1; /* the parts come to something else */
    EXPECT(!suite_run(&plan, &s, error) && strstr(error, "something else") != NULL);
    plan.wish.eras = 2;
    EXPECT(!suite_run(&plan, &s, error) && strstr(error, "out of breath") != NULL);
    plan.wish.eras = 3;
    EXPECT(!suite_run(&plan, &s, error) && strstr(error, "died") != NULL);
}

/* Whatever is known of others stands beside a case that there is. */
static void test_peers(void)
{
    static const char *const known[][2] = {
#define PEER(bench, name, text) {bench, name},
#include "sim/bench/peers.def"
#undef PEER
    };

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        struct bench_wish wish = {0};
        struct bench_cases c = {0};
        u32 found = 0;
        bench_find(known[i][0])->cases(&wish, &c);
        for (u32 k = 0; k < c.count; k++)
            found += strcmp(c.at[k].name, known[i][1]) == 0;
        EXPECT(found == 1 && report_bench_peer(known[i][0], known[i][1])[0] != '\0');
    }
    EXPECT(report_bench_peer("phold", "no process")[0] == '\0');
}

/* By default every case has a name of its own and something to do. */
static void test_cases(void)
{
    for (u32 b = 0; b < BENCHES; b++) {
        struct bench_wish wish = {0};
        struct bench_cases c = {0};
        benches[b].cases(&wish, &c);
        EXPECT(c.count > 0 && bench_find(benches[b].name) == &benches[b]);
        for (u32 i = 0; i < c.count; i++) {
            EXPECT(c.at[i].work > 0);
            for (u32 k = 0; k < i; k++)
                EXPECT(strcmp(c.at[i].name, c.at[k].name) != 0);
        }
    }
    EXPECT(bench_find("phlod") == NULL);
}

int main(void)
{
    test_exponential();
    test_phold();
    test_chain();
    test_tiers();
    test_market();
    test_rpc();
    test_suite();
    test_cases();
    test_peers();
    printf("ok - benchmarks\n");
    return EXIT_SUCCESS;
}
