/* rerun - the run of a manifest again, from the resolved scenario beside it, and every file
 * compared with the one that is there; that folder is only read. */
#include "sim/cli/manifest_file.h"
#include "sim/cli/run.h"
#include "sim/cli/same_files.h"
#include "sim/engine/version.h"
#include "sim/study/remove_tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AGAIN ".again"

/* Where the run is made again. */
struct place {
    char out[1100];  /* folder of all runs */
    char made[1400]; /* of this one in it */
    bool kept;       /* it was asked for */
};

static bool same_folder(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static void set_out(struct place *p, const struct study *s, const char *out)
{
    char id[STUDY_ID];

    study_id(s, id);
    snprintf(p->out, sizeof p->out, "%.1000s", out);
    snprintf(p->made, sizeof p->made, "%.1000s/%.250s-%s", p->out, s->scenario.name, id);
}

/* The folder's name and .again; where its path ends in dots, its parent and the run's name. */
static void beside(char out[1100], const struct study *s, const char *folder)
{
    const char *slash = strrchr(folder, '/'), *last = slash == NULL ? folder : slash + 1;
    char id[STUDY_ID];

    study_id(s, id);
    if (strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        snprintf(out, 1100, "%.600s/../%.250s-%s" AGAIN, folder, s->scenario.name, id);
    else
        snprintf(out, 1100, "%.900s" AGAIN, folder);
}

/* --out, unless the run would replace the one that it is compared with; else beside that one. */
static void choose_place(struct place *p, const struct options *o, const struct study *s,
                         const struct manifest_file *m)
{
    char out[1100];

    p->kept = (o->given & OPTION_out) != 0;
    if (p->kept) {
        set_out(p, s, o->out);
        if (!same_folder(p->made, m->folder))
            return;
    }
    beside(out, s, m->folder);
    set_out(p, s, out);
}

static void clear_away(const struct place *p)
{
    if (p->kept)
        return;
    if (!remove_tree(p->made))
        fprintf(stderr, "orrery: %s stays: %s\n", p->made, strerror(errno));
    (void)rmdir(p->out); /* if nothing else is in it */
}

/* What the manifest says of the end; false: `first` says what is another. */
static bool same_end(const struct manifest_file *a, const struct manifest_file *b, char first[900])
{
    if (a->events == b->events && strcmp(a->rolling_hash, b->rolling_hash) == 0 &&
        strcmp(a->state_hash, b->state_hash) == 0)
        return true;
    snprintf(first, 900, "manifest.json says %llu events and hash %.40s, it is %llu and %.40s",
             (unsigned long long)a->events, a->rolling_hash, (unsigned long long)b->events,
             b->rolling_hash);
    return false;
}

static enum exit_code say(const struct manifest_file *before, const struct manifest_file *now,
                          struct same_files *files, const struct place *p)
{
    bool ends = same_end(before, now, files->differ == 0 ? files->first : (char[900]){""});
    bool version = strcmp(before->version, now->version) == 0;

    if (files->differ == 0 && ends) {
        printf("Same as before: %u files, hash %s\n", files->files, now->rolling_hash);
        if (p->kept)
            printf("Results       %s\n", p->made);
        clear_away(p);
        return EXIT_PASS;
    }
    fprintf(stderr, "orrery: not the same: %s\n", files->first);
    if (files->differ > 1)
        fprintf(stderr, "  %u of %u files differ, it is the first of them.\n", files->differ,
                files->files);
    fprintf(stderr, "  %s of version %s, %s of %s%s; the hashes of the events are %s.\n",
            before->folder, before->version, p->made, version ? "the same" : "version ",
            version ? "" : now->version, ends ? "the same" : "others");
    if (!ends)
        fprintf(stderr, "  Where they part: orrery diff '%s' '%s'\n", before->folder, p->made);
    return EXIT_UNREPEATABLE;
}

static enum exit_code compare(const struct manifest_file *before, const struct place *p)
{
    struct same_files files;
    struct manifest_file now;
    char error[MANIFEST_ERROR];
    enum exit_code code;

    if (!same_files(&files, before->folder, p->made))
        return command_refused("%s", files.error);
    if (!manifest_file_open(&now, p->made, error))
        return command_refused("%s", error);
    code = say(before, &now, &files, p);
    manifest_file_close(&now);
    return code;
}

/* The run, and whether it left a folder that is new. */
static enum exit_code make_again(const struct study *s, const struct place *p, bool *made)
{
    struct stat before, after;
    bool was = stat(p->made, &before) == 0;
    enum exit_code code = s->runs == 1 ? run_once(s) : run_many(s);

    *made = stat(p->made, &after) == 0 && !(was && before.st_ino == after.st_ino);
    return code;
}

static enum exit_code rerun(const struct options *o, const struct manifest_file *m)
{
    struct options as = *o;
    struct study s;
    struct problem why;
    struct place place;
    enum exit_code code;
    bool made;

    as.line = m->command;
    as.arm = m->arm[0] == '\0' ? NULL : m->arm;
    as.seed_first = m->seed;
    as.seed_last = m->seed + m->seeds - 1;
    as.given |= OPTION_seeds;
    if (!study_open(&s, &as, m->scenario, STUDY_ALL_SEEDS, &why))
        return command_refused("%s", why.text);
    s.again = true;
    choose_place(&place, o, &s, m);
    as.out = place.out;
    code = make_again(&s, &place, &made);
    if (made) { /* an expectation that fails has been told */
        enum exit_code same = compare(m, &place);
        code = same == EXIT_PASS ? code : same;
    }
    study_close(&s);
    return code;
}

enum exit_code command_rerun(const struct options *o)
{
    struct manifest_file m;
    char error[MANIFEST_ERROR];
    enum exit_code code;

    if (!manifest_file_open(&m, o->args[0], error))
        return command_refused("%s", error);
    code = rerun(o, &m);
    manifest_file_close(&m);
    return code;
}
