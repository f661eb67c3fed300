#define _DEFAULT_SOURCE
/* Every invariant holds in a market where everything happens, in both its forms and in none
 * vacuously; and in a build with planted mistakes (protocol/mutant.def) each mistake is noticed by
 * both forms of the invariant that it is planted for.  The table: invariant, evaluations and
 * non-vacuous ones of each form, mutant, which forms noticed it. */
#include "chain-mock/state/drain.h"
#include "chain-mock/watch/watch.h"
#include "protocol/mutant.h"
#include "sim/engine/reserve.h"
#include "tests/property/bustle.h"
#include "tests/property/relations.h"
#include "tests/test.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEEDS 3u
#define SEEDS_KILL 100u /* until a mutant is noticed */
#define SEEDS_MOST 100u /* until each invariant had something to check */
#define SCENES 1500u
#define FULL_EVERY 7u
#define EVALUATIONS 10000000u /* in `make test`, at least */

static const struct {
    const char *name, *id;
} mutants[MUTANT_KINDS] = {
#define MUTANT(NAME, id_, text) [MUTANT_##NAME] = {#NAME, id_},
#include "protocol/mutant.def"
#undef MUTANT
};

static u32 step(void *about, struct block *b)
{
    return chain_step(about, b);
}

static bool has_form(enum invariant_id id, enum form form)
{
    enum invariant_forms forms = invariant_rows[id].forms;

    return forms == INVARIANT_BOTH ||
           forms == (form == FORM_FULL ? INVARIANT_FULL : INVARIANT_CHEAP);
}

static bool noticed(const struct tally *t, enum invariant_id id)
{
    return (t->violated[FORM_CHEAP][id] > 0 || !has_form(id, FORM_CHEAP)) &&
           (t->violated[FORM_FULL][id] > 0 || !has_form(id, FORM_FULL));
}

/* One market from its beginning to ESC-11.  stop: an invariant; when both its forms are violated it
 * ends. */
static void run(struct tally *tally, u64 seed, enum invariant_id stop)
{
    static struct chain chain;
    static struct bustle b;
    struct params p = bustle_params();
    struct reserve memory = {0};

    EXPECT(reserve_open(&memory, "chain", 1, state_bytes()));
    bustle_begin(&b, &chain, memory.base, &p, tally, seed);
    b.full_every = FULL_EVERY;
    for (u32 i = 0; i < SCENES && (stop == INVARIANTS || !noticed(tally, stop)); i++) {
        bustle_scene(&b);
        check(stop != INVARIANTS || !tally->first.found); /* the seed's own place, in a debugger */
    }
    drain_check(&chain, step, &chain);
    watch_all(&chain.state);
    reserve_close(&memory);
}

static enum invariant_id invariant_by_id(const char *id)
{
    u32 i = 0;

    while (i < INVARIANTS && strcmp(invariant_rows[i].id, id) != 0)
        i++;
    return (enum invariant_id)i;
}

/* ---- the table ---- */

static u64 evaluations(const struct tally *t)
{
    u64 sum = 0;

    for (u32 i = 0; i < INVARIANTS; i++)
        sum += tally_evaluated(t, (enum invariant_id)i);
    return sum;
}

static bool is_bound(const struct tally *t, u32 i, u32 form)
{
    return t->binding[form][i] > 0 || !has_form((enum invariant_id)i, (enum form)form);
}

static bool all_bound(const struct tally *t)
{
    bool all = true;

    for (u32 i = 0; i < INVARIANTS; i++)
        for (u32 form = 0; form < FORMS; form++)
            all = all && is_bound(t, i, form);
    return all;
}

static void sound(struct tally *t)
{
    u32 least = share_of_test(EVALUATIONS);

    for (u64 seed = 1;
         seed <= SEEDS || evaluations(t) < least || (seed < SEEDS_MOST && !all_bound(t)); seed++)
        run(t, seed, INVARIANTS);
    if (t->first.found) {
        char text[VIOLATION_TEXT_BYTES];
        violation_text(text, &t->first);
        printf("not ok - %s\n", text);
        exit(EXIT_FAILURE);
    }
    printf("ok - no invariant is violated where nothing is planted\n");
    for (u32 i = 0; i < INVARIANTS; i++) {
        for (u32 form = 0; form < FORMS; form++) {
            bool checked = is_bound(t, i, form);
            if (!checked)
                printf("not ok - %s never had anything to check in its %s form\n",
                       invariant_rows[i].id, form == FORM_FULL ? "full" : "cheap");
            EXPECT(checked);
        }
    }
    printf("ok - each invariant of the chain had something to check, in each of its forms\n");
    printf("ok - %llu evaluations, none of them violated\n", (unsigned long long)evaluations(t));
}

static void a_mutant_for_each(void)
{
    for (u32 i = 0; i < INVARIANTS; i++) {
        u32 planted = 0;
        for (u32 m = 1; m < MUTANT_KINDS; m++)
            planted += strcmp(mutants[m].id, invariant_rows[i].id) == 0;
        EXPECT(planted >= 1);
    }
    printf("ok - each invariant has its mutant\n");
}

#ifdef MUTANTS
/* ---- one mutant, in a process of its own: a check may end it ---- */

struct outcome {
    struct tally tally;
    bool relation_broken, finished;
};

/* A further one of its invariant is about a clause that may have one form only. */
static bool is_first(enum mutant m)
{
    for (u32 i = 1; i < (u32)m; i++)
        if (strcmp(mutants[i].id, mutants[m].id) == 0)
            return false;
    return true;
}

static bool is_noticed(const struct tally *t, enum mutant m, enum invariant_id id)
{
    return is_first(m) ? noticed(t, id)
                       : t->violated[FORM_CHEAP][id] + t->violated[FORM_FULL][id] > 0;
}

static void child(struct outcome *o, enum mutant m, enum invariant_id id)
{
    mutant_chosen = m;
    if (freopen("/dev/null", "w", stderr) == NULL)
        _exit(EXIT_FAILURE);
    if (id == INVARIANTS) { /* a relation between runs */
        o->relation_broken = !relation_holds(mutants[m].id);
    } else {
        for (u64 seed = 1; seed <= SEEDS_KILL && !is_noticed(&o->tally, m, id); seed++)
            run(&o->tally, seed, id);
    }
    o->finished = true;
    _exit(EXIT_SUCCESS);
}

static bool killed(struct outcome *o, enum mutant m)
{
    enum invariant_id id = invariant_by_id(mutants[m].id);

    memset(o, 0, sizeof(*o));
    pid_t pid = fork();
    EXPECT(pid >= 0);
    if (pid == 0)
        child(o, m, id);
    EXPECT(waitpid(pid, NULL, 0) == pid);
    return id == INVARIANTS ? o->relation_broken : is_noticed(&o->tally, m, id);
}

static void print_form(const struct tally *t, enum invariant_id i, enum form form)
{
    if (has_form(i, form))
        printf(" %11llu %11llu", (unsigned long long)t->evaluated[form][i],
               (unsigned long long)t->binding[form][i]);
    else
        printf(" %11s %11s", "-", "-");
}

static const char *killer(const struct outcome *o, enum invariant_id i)
{
    bool cheap = o->tally.violated[FORM_CHEAP][i] > 0, full = o->tally.violated[FORM_FULL][i] > 0;

    return cheap && full ? "killed by both"
           : cheap       ? (has_form(i, FORM_FULL) ? "cheap only" : "killed cheap")
           : full        ? "killed in full"
                         : "LIVES";
}

static void print_row(const char *id, const struct tally *t, const struct outcome *o, u32 m,
                      bool dead)
{
    enum invariant_id i = invariant_by_id(id);

    printf("%s - %-7s", dead ? "ok" : "not ok", id);
    if (i < INVARIANTS) {
        print_form(t, i, FORM_CHEAP);
        print_form(t, i, FORM_FULL);
        printf("  %-21s %s%s\n", mutants[m].name, killer(o, i),
               dead && o->tally.first.id != i ? " (another noticed first)" : "");
    } else {
        printf(" %11s %11s %11s %11s  %-21s %s\n", "two runs", "", "", "", mutants[m].name,
               dead ? "killed" : "LIVES");
    }
    fflush(stdout);
}

static bool of_networks(u32 m)
{
    enum invariant_id i = invariant_by_id(mutants[m].id);

    return i < INVARIANTS && invariant_rows[i].forms == INVARIANT_NETWORK;
}

static bool all_killed(const struct tally *t)
{
    struct outcome *o =
        mmap(NULL, sizeof(*o), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool all = true;

    EXPECT(o != MAP_FAILED);
    printf("#    invariant   cheap  not vacuous     in full not vacuous  mutant\n");
    fflush(stdout);
    for (u32 m = 1; m < MUTANT_KINDS; m++) {
        if (of_networks(m)) /* the swarm kills it: test_swarm.c */
            continue;
        bool dead = killed(o, (enum mutant)m);
        print_row(mutants[m].id, t, o, m, dead);
        all = all && dead;
    }
    return all;
}
#endif

int main(void)
{
    static struct tally tally;

    sound(&tally);
    a_mutant_for_each();
    for (u32 m = 1; m < MUTANT_KINDS; m++) {
        if (invariant_by_id(mutants[m].id) == INVARIANTS)
            EXPECT(relation_holds(mutants[m].id));
    }
    printf("ok - the relations between runs hold\n");
#ifdef MUTANTS
    return all_killed(&tally) ? EXIT_SUCCESS : EXIT_FAILURE;
#else
    return EXIT_SUCCESS;
#endif
}
