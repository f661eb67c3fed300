/* diff - where two runs part: by their logs and checkpoints, which show the place, and by the
 * hashes of their ends, which leave nothing out. */
#include "sim/engine/diff.h"

#include "sim/cli/command.h"
#include "sim/cli/manifest_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How a run ended, where it left a manifest.json. */
struct end {
    bool known;
    struct manifest_file m;
};

/* False: there is a manifest that cannot be read, error says why. */
static bool end_open(struct end *e, const char *folder, char error[MANIFEST_ERROR])
{
    char path[1100];

    e->known = false;
    snprintf(path, sizeof path, "%.1000s/manifest.json", folder);
    if (access(path, F_OK) != 0)
        return true;
    e->known = manifest_file_open(&e->m, folder, error);
    return e->known;
}

static void end_close(struct end *e)
{
    if (e->known)
        manifest_file_close(&e->m);
}

static void say_texts(const char *name, const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        printf("    %s = %s\n", name, a);
    else
        printf("  ! %s = %s | %s\n", name, a, b);
}

static void say_numbers(const char *name, u64 a, u64 b)
{
    char x[24], y[24];

    snprintf(x, sizeof x, "%llu", (unsigned long long)a);
    snprintf(y, sizeof y, "%llu", (unsigned long long)b);
    say_texts(name, x, y);
}

static bool same_end(const struct manifest_file *a, const struct manifest_file *b)
{
    return a->events == b->events && strcmp(a->rolling_hash, b->rolling_hash) == 0 &&
           strcmp(a->state_hash, b->state_hash) == 0;
}

/* Where the logs and checkpoints of both show no difference. */
static enum exit_code compare_ends(const struct end *a, const struct end *b, const char *x,
                                   const char *y, struct diff_files both)
{
    if (!a->known || !b->known) {
        if (both.log) { /* it has every event to the end */
            puts("The runs are the same.");
            return EXIT_PASS;
        }
        printf("Whether they are the same cannot be said: a run has no " DIFF_LOG
               " and no manifest.json%s\n",
               both.checkpoints ? "; their checkpoints are" : "");
        return EXIT_INCONCLUSIVE;
    }
    if (same_end(&a->m, &b->m)) {
        puts("The runs are the same.");
        return EXIT_PASS;
    }
    puts("the runs end differently, and nothing that both kept shows the event:");
    say_numbers("events", a->m.events, b->m.events);
    say_texts("rolling_hash", a->m.rolling_hash, b->m.rolling_hash);
    say_texts("state_hash", a->m.state_hash, b->m.state_hash);
    if (a->m.runs > 1 && b->m.runs > 1)
        (void)diff_tables(x, y, "runs.csv", stdout);
    else
        puts("run both with a log (output: log) to see it");
    return EXIT_CHECK;
}

static enum exit_code compare(const struct end *a, const struct end *b, const char *x,
                              const char *y)
{
    struct diff_files both = diff_files(x, y);

    if (both.checkpoints || both.log || !a->known || !b->known) {
        switch (diff_runs(x, y, stdout)) {
        case DIFF_NONE:
            break;
        case DIFF_FOUND:
            return EXIT_CHECK;
        case DIFF_ERROR:
            return EXIT_USAGE;
        }
    }
    return compare_ends(a, b, x, y, both);
}

enum exit_code command_diff(const struct options *o)
{
    const char *x = o->args[0], *y = o->args[1];
    struct end a, b = {.known = false};
    char error[MANIFEST_ERROR];
    enum exit_code code;

    if (end_open(&a, x, error) && end_open(&b, y, error)) {
        if (a.known && b.known && strcmp(a.m.question, b.m.question) != 0)
            printf("they are runs of two scenarios: %s | %s\n", a.m.question, b.m.question);
        code = compare(&a, &b, x, y);
    } else
        code = command_refused("%s", error);
    end_close(&a);
    end_close(&b);
    return code;
}
