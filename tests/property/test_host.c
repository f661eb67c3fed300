/* The virtual-time host: actors do not disturb each other, runs can be saved, impurity is seen. */
#include "tests/property/host_fixture.h"
#include "tests/test.h"

#include <sys/wait.h>
#include <unistd.h>

#define RUN_S 100000u /* beyond an era */

static const u32 four[] = {0, 1, 2, 3};
static const u32 permuted[] = {3, 1, 0, 2};
static const u32 more[] = {9, 0, 8, 1, 2, 3, 12, 13};

static void others_disturb_nobody(void)
{
    static struct fixture a, b, c;

    for (u64 seed = 1; seed <= 3; seed++) {
        struct fixture_plan plan = {
            .members = four, .count = 4, .seed = seed, .loss_ppm = 50000, .drawn = true};
        fixture_open(&a, &plan);
        fixture_run(&a, RUN_S);
        plan.members = permuted;
        fixture_open(&b, &plan);
        fixture_run(&b, RUN_S);
        plan.members = more;
        plan.count = ARRAY_LEN(more);
        fixture_open(&c, &plan);
        fixture_run(&c, RUN_S);
        for (u32 m = 0; m < 4; m++) {
            EXPECT(fixture_events(&a, m, EVENT_TIMER) > 1000);
            EXPECT(fixture_history(&a, m) == fixture_history(&b, m));
            EXPECT(fixture_history(&a, m) == fixture_history(&c, m));
        }
        EXPECT(world_hash(&a.process.world) == world_hash(&b.process.world));
        EXPECT(world_hash(&a.process.world) == world_hash_full(&a.process.world));
        fixture_close(&a);
        fixture_close(&b);
        fixture_close(&c);
    }
    printf("ok - adding and permuting actors changes nobody's history\n");
}

/* An impure actor is a bug of this program: the check ends the process, here a child. */
static bool ends_well(const struct fixture_plan *plan)
{
    int status = 0;
    fflush(stdout);
    pid_t child = fork();

    EXPECT(child >= 0);
    if (child == 0) {
        static struct fixture f;
        EXPECT(freopen("/dev/null", "w", stderr) != NULL);
        fixture_open(&f, plan);
        fixture_run(&f, 3600);
        _exit(0);
    }
    EXPECT(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void check_pure_sees_an_impure_actor(void)
{
    struct fixture_plan plan = {.members = four, .count = 4, .seed = 1, .loss_ppm = 50000};

    for (u32 both = 0; both < 4; both++) {
        plan.check_pure = both & 1;
        plan.impure = both >> 1;
        EXPECT(ends_well(&plan) == (both != 3));
    }
    printf("ok - check-pure sees an impure actor, and only that\n");
}

static void twice_changes_nothing(void)
{
    static struct fixture a, b;
    struct fixture_plan plan = {
        .members = four, .count = 4, .seed = 1, .loss_ppm = 50000, .drawn = true};

    fixture_open(&a, &plan);
    fixture_run(&a, RUN_S);
    plan.check_pure = true;
    fixture_open(&b, &plan);
    fixture_run(&b, RUN_S);
    EXPECT(a.process.hash == b.process.hash && a.process.events == b.process.events);
    fixture_close(&a);
    fixture_close(&b);
    printf("ok - running each event twice changes nothing\n");
}

/* DET-4: "snapshot at any event, restore, continue == straight run". */
static void a_restored_run_goes_on_as_the_straight_one(void)
{
    static struct fixture f;
    struct fixture_plan plan = {
        .members = more, .count = ARRAY_LEN(more), .seed = 5, .loss_ppm = 50000, .drawn = true};
    u64 hash[12], events[12];

    fixture_open(&f, &plan);
    for (u32 part = 0; part < 12; part++) { /* straight */
        fixture_run(&f, (part + 1) * RUN_S / 12);
        hash[part] = f.process.hash;
        events[part] = f.process.events;
    }
    fixture_close(&f);
    for (u32 part = 0; part < 11; part++) {
        fixture_open(&f, &plan);
        fixture_run(&f, (part + 1) * RUN_S / 12);
        struct snapshot *s = host_sim_save(f.host);
        EXPECT(s != NULL);
        for (u32 again = 0; again < 2; again++) {
            fixture_run(&f, RUN_S);
            EXPECT(f.process.hash == hash[11] && f.process.events == events[11]);
            EXPECT(host_sim_restore(s));
            EXPECT(f.process.hash == hash[part] && f.process.events == events[part]);
            EXPECT(world_hash(&f.process.world) == world_hash_full(&f.process.world));
        }
        snapshot_free(s);
        fixture_close(&f);
    }
    printf("ok - a restored run goes on as the straight one\n");
}

int main(void)
{
    others_disturb_nobody();
    check_pure_sees_an_impure_actor();
    twice_changes_nothing();
    a_restored_run_goes_on_as_the_straight_one();
    return 0;
}
