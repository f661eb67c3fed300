/* The swarm: what it finds does not depend on how many processes look; a canary is seen and shrunk
 * to what it needs; taking a choice out moves nothing else in time; nothing fails where nothing is
 * planted, and planted mistakes are found and shrunk to a few entries. */
#include "protocol/mutant.h"
#include "sim/swarm/swarm.h"
#include "tests/test.h"

#include <string.h>

#define WORLDS 400u
#define CANARY_ENTRIES 3u /* somebody, what he orders, what is expected */

static struct swarm_result *swarm(u64 first, u64 last, u32 jobs)
{
    struct swarm_plan plan = {.first = first, .last = last, .jobs = jobs, .shrink_most = 1000};
    struct swarm_result *r = malloc(sizeof(*r));

    EXPECT(r != NULL && swarm_run(&plan, r));
    return r;
}

/* When each choice happens. */
static u64 time_of(const struct plan *p, u32 i)
{
    u64 now_s = 0;

    for (u32 k = 0; k <= i; k++)
        now_s += choice_is_timed(&p->choice[k]) ? p->choice[k].arg[0] : 0;
    return now_s;
}

static void removal_carries_time_forward(void)
{
    static struct plan p, less;

    for (u64 seed = 1; seed <= 20; seed++) {
        plan_draw(&p, seed, false);
        for (u32 i = 1; i < p.count; i++) {
            less = p;
            plan_remove(&less, i);
            EXPECT(less.count + 1 == p.count);
            for (u32 k = i; k < less.count; k++)
                if (choice_is_timed(&less.choice[k]))
                    EXPECT(time_of(&less, k) == time_of(&p, k + 1));
        }
    }
    printf("ok - a choice that is taken out gives its time to the next\n");
}

/* A choice about somebody who is gone is not written, but for nothing else. */
static void nobody_is_named_who_is_gone(void)
{
    static struct plan p;
    static struct trial t;

    for (u64 seed = 1; seed <= 40; seed++) {
        plan_draw(&p, seed, false);
        for (u32 i = p.count; i-- > 1;)
            if (p.choice[i].kind == CHOICE_PROVIDER || (seed % 2 == 0 && p.choice[i].number == 1))
                plan_remove(&p, i);
        trial_run(&p, &t);
        EXPECT(t.end == TRIAL_PASSED);
    }
    printf("ok - a plan without its providers is a scenario still\n");
}

static void sound(void)
{
    u32 worlds = share_of_test(WORLDS);
    struct swarm_result *r = swarm(1, worlds, 0), *again = swarm(1, worlds, 3);

    for (u32 i = 0; i < r->failures; i++)
        printf("# seed %llu: %s: %s\n", (unsigned long long)r->failure[i].seed,
               r->failure[i].trial.key, r->failure[i].trial.why);
    EXPECT(!r->died && r->seeds == worlds && r->failed == 0 && r->next == worlds + 1);
    EXPECT(memcmp(&r->reach, &again->reach, sizeof(r->reach)) == 0);
    printf("ok - %u worlds, the same however many processes\n", worlds);
    for (u32 i = 0; i < INVARIANTS; i++)
        EXPECT(invariant_rows[i].forms != INVARIANT_NETWORK || r->reach.binding[i] > 0);
    printf("ok - each invariant of networks had something to check\n");
    EXPECT(r->canary_seen && again->canary_seen);
    EXPECT(strcmp(r->canary.trial.key, "network.orders > 0") == 0);
    EXPECT(r->canary.shrunk.entries == CANARY_ENTRIES);
    EXPECT(memcmp(&r->canary.plan, &again->canary.plan, sizeof(r->canary.plan)) == 0);
    printf("ok - the canary is seen, and shrunk from %u entries to %u\n",
           r->canary.shrunk.entries_before, r->canary.shrunk.entries);
    free(r);
    free(again);
}

#ifdef MUTANTS
#define SHRUNK_MOST 5u /* entries */
#define WORLDS_MOST 200u

/* Mistakes that a network with faults must notice by itself. */
static const struct {
    enum mutant mutant;
    const char *name;
} planted[] = {
#define PLANTED(NAME)                                                                              \
    {                                                                                              \
        MUTANT_##NAME, #NAME                                                                       \
    }
    PLANTED(SILENT_POST),      PLANTED(REFUND_SHORT),   PLANTED(EXPIRED_OPEN),
    PLANTED(ORDER_STAGNANT),   PLANTED(CONFIRM_RESETS), PLANTED(SUM_OF_FLOORS),
    PLANTED(FEE_ON_NATIVE),    PLANTED(RELEASE_ONE),    PLANTED(DEMOTION_LATE),
    PLANTED(NO_COOLDOWN),      PLANTED(DEBT_FORGOTTEN), PLANTED(LESSER_SLASH),
    PLANTED(HOURS_AGAIN),      PLANTED(BID_WHILE_DOWN), PLANTED(DISABLED_USED),
    PLANTED(SHORT_STAKE_BIDS), PLANTED(WORKLOAD_STAYS), PLANTED(MANIFEST_AGAIN),
    PLANTED(REGISTERS_MORE), /* of networks, all of them */
#undef PLANTED
};

static bool found(enum mutant m, const char *name)
{
    struct swarm_plan plan = {
        .first = 1, .last = WORLDS_MOST, .first_only = true, .shrink_most = 400};
    struct swarm_result *r = malloc(sizeof(*r));

    mutant_chosen = m;
    EXPECT(r != NULL && swarm_run(&plan, r));
    mutant_chosen = MUTANT_NONE;
    bool is_found = r->failures > 0 && r->failure[0].shrunk.entries <= SHRUNK_MOST;
    if (r->failures > 0)
        printf("%s - %-16s seed %llu, %u entries of %u, %u trials: %s\n",
               is_found ? "ok" : "not ok", name, (unsigned long long)r->failure[0].seed,
               r->failure[0].shrunk.entries, r->failure[0].shrunk.entries_before,
               r->failure[0].shrunk.trials, r->failure[0].trial.key);
    else
        printf("not ok - %s lives\n", name);
    free(r);
    return is_found;
}
#endif

int main(void)
{
    removal_carries_time_forward();
    nobody_is_named_who_is_gone();
    sound();
#ifdef MUTANTS
    bool all = true;
    for (u32 i = 0; i < ARRAY_LEN(planted); i++)
        all = found(planted[i].mutant, planted[i].name) && all;
    return all ? EXIT_SUCCESS : EXIT_FAILURE;
#else
    return EXIT_SUCCESS;
#endif
}
