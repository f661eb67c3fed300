/* Thousands of small random worlds, each reckoned twice: by the chain, and by the model from the
 * log alone.  At every era's close every figure is compared.
 *
 *   test_model [COUNT [FIRST]]    COUNT worlds, of the seeds from FIRST (1) on
 *
 * In a build with planted mistakes (protocol/mutant.def) each mistake is planted in turn, and
 * worlds are run until one differs. */
#include "protocol/mutant.h"
#include "tests/property/model/world.h"
#include "tests/test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* gcc's release has them all; other builds show that they reckon alike. */
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
#define WORLDS 60u
#elif defined(__clang__) || defined(MUTANTS)
#define WORLDS 300u
#else
#define WORLDS 2500u
#endif

#define PROGRESS 10000u /* worlds to a line, so that a long run can be watched and cut short */

static struct world world;
static struct model_reached reached;
static u64 eras, blocks, logs, compared, accepted[TX_KINDS], refused[TX_KINDS];

static void add_up(const struct world *w)
{
#define REACHED(name, text) reached.name += w->model.reached.name;
#include "tests/property/model/reached.def"
#undef REACHED
    eras += w->model.era;
    blocks += w->chain.blocks;
    logs += w->n_logs;
    for (u32 i = 0; i < TX_KINDS; i++) {
        accepted[i] += w->accepted[i];
        refused[i] += w->refused[i];
    }
    compared += w->compared;
}

static bool worlds_agree(u64 first, u64 count)
{
    bool all = true;

    for (u64 seed = first; seed < first + count; seed++) {
        bool alike = world_run(&world, seed);
        add_up(&world);
        if ((seed - first + 1) % PROGRESS == 0) {
            printf("# %llu worlds\n", (unsigned long long)(seed - first + 1));
            fflush(stdout);
        }
        if (!alike) {
            world_print(&world);
            printf("not ok - the model and the chain differ in world %llu\n",
                   (unsigned long long)seed);
            return false;
        }
    }
    printf("ok - %llu worlds: %llu eras, %llu blocks, %llu logs, %llu figures alike\n",
           (unsigned long long)count, (unsigned long long)eras, (unsigned long long)blocks,
           (unsigned long long)logs, (unsigned long long)compared);
    return all;
}

static bool everything_was_reached(void)
{
    bool all = true;

    for (u32 i = 0; i < TX_KINDS; i++)
        printf("#   %-44s %10llu, %llu refused\n", tx_rows[i].name, (unsigned long long)accepted[i],
               (unsigned long long)refused[i]);
#define REACHED(name, text)                                                                        \
    printf("#   %-44s %10llu%s\n", text, (unsigned long long)reached.name,                         \
           reached.name == 0 ? "  NEVER" : "");                                                    \
    all = all && reached.name > 0;
#include "tests/property/model/reached.def"
#undef REACHED
    printf("%s - what there is was reached\n", all ? "ok" : "not ok");
    return all;
}

#ifdef MUTANTS
static const char *const mutants[MUTANT_KINDS] = {
#define MUTANT(NAME, id, text) [MUTANT_##NAME] = #NAME,
#include "protocol/mutant.def"
#undef MUTANT
};

/* What no log and no view shows. */
static const struct {
    enum mutant mutant;
    const char *why;
} unseen[] = {
    {MUTANT_LAST_UNIT_KEPT, "what is refused is not told"},
    {MUTANT_EXPIRED_OPEN, "the order leaves its place all the same"},
    {MUTANT_CLAIM_AS_TRANSFER, "why money moved is told by a trace of moves only"},
    {MUTANT_RATED_ANEW, "when a lease was closed is told once, at its close"},
    {MUTANT_EXTENDED_BY_ANYBODY, "who asked for it is in no log"},
    {MUTANT_WORKLOAD_STAYS, "its worlds have no actors"},
    {MUTANT_MANIFEST_AGAIN, "its worlds have no actors"},
    {MUTANT_REGISTERS_MORE, "its worlds have no actors"},
    {MUTANT_EXPORT_REORDERS, "no world is exported"},
    {MUTANT_RESTORE_FORGETS, "no world is restored"},
};

static const char *why_unseen(u32 m)
{
    for (u32 i = 0; i < ARRAY_LEN(unseen); i++)
        if ((u32)unseen[i].mutant == m)
            return unseen[i].why;
    return NULL;
}

/* The seed of the first world that differs, or in which a check of the chain's own ends the process
 * of its own that this is (*checked).  0: none. */
static u64 kill_it(u32 m, bool *checked)
{
    int ends[2], status;
    u64 seed = 0, n;

    EXPECT(pipe(ends) == 0);
    fflush(stdout);
    pid_t pid = fork();
    EXPECT(pid >= 0);
    if (pid == 0) {
        mutant_chosen = m;
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(EXIT_FAILURE);
        for (n = 1; n <= WORLDS; n++) {
            EXPECT(write(ends[1], &n, sizeof(n)) == (ssize_t)sizeof(n));
            if (!world_run(&world, n))
                _exit(EXIT_SUCCESS);
        }
        _exit(EXIT_FAILURE);
    }
    close(ends[1]);
    while (read(ends[0], &n, sizeof(n)) == (ssize_t)sizeof(n))
        seed = n;
    close(ends[0]);
    EXPECT(waitpid(pid, &status, 0) == pid);
    *checked = !WIFEXITED(status);
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE ? 0 : seed;
}

static bool mutants_die(void)
{
    bool all = true;

    for (u32 m = 1; m < MUTANT_KINDS; m++) {
        bool checked;
        u64 seed = kill_it(m, &checked);
        const char *why = why_unseen(m);
        bool right = (seed != 0) == (why == NULL);
        if (seed != 0)
            printf("%s - %-21s %s in world %llu%s\n", right ? "ok" : "not ok", mutants[m],
                   checked ? "stopped by a check of the chain" : "killed", (unsigned long long)seed,
                   right ? "" : ", though named as unseen");
        else
            printf("%s - %-21s %s\n", right ? "ok" : "not ok", mutants[m],
                   why == NULL ? "LIVES: if no log and no view shows it, name it in unseen[]"
                               : why);
        all = all && right;
    }
    return all;
}
#endif

int main(int argc, char **argv)
{
    u64 count = argc > 1 ? strtoull(argv[1], NULL, 10) : share_of_test(WORLDS);
    u64 first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    bool good = worlds_agree(first, count);

    if (good && count >= 1000)
        good = everything_was_reached();
#ifdef MUTANTS
    good = good && mutants_die();
#endif
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
