/* rerun - the run of a manifest again, from the resolved scenario beside it: the same bytes, but
 * for the manifest's times. */
#include "sim/cli/manifest_file.h"
#include "sim/cli/run.h"
#include "sim/engine/version.h"

#include <stdio.h>
#include <string.h>

static enum exit_code compare(const struct manifest_file *before, const char *folder)
{
    struct manifest_file now;
    char error[MANIFEST_ERROR];
    enum exit_code code = EXIT_PASS;

    if (!manifest_file_open(&now, folder, error))
        return command_refused("%s", error);
    if (strcmp(now.rolling_hash, before->rolling_hash) == 0) {
        printf("Same as before: hash %s\n", now.rolling_hash);
    } else if (strcmp(before->version, now.version) == 0) {
        fprintf(stderr, "orrery: not the same: hash %s, it was %s, and both are of version %s\n",
                now.rolling_hash, before->rolling_hash, now.version);
        code = EXIT_UNREPEATABLE;
    } else {
        fprintf(stderr, "orrery: not the same: hash %s of version %s, it was %s of version %s\n",
                now.rolling_hash, now.version, before->rolling_hash, before->version);
        code = EXIT_CHECK;
    }
    manifest_file_close(&now);
    return code;
}

static enum exit_code rerun(const struct options *o, const struct manifest_file *m)
{
    struct options as = *o;
    struct study s;
    struct problem why;
    char folder[700], id[STUDY_ID];
    enum exit_code code;

    as.line = m->command;
    as.arm = m->arm[0] == '\0' ? NULL : m->arm;
    as.seed_first = m->seed;
    as.seed_last = m->seed + m->seeds - 1;
    as.given |= OPTION_seeds;
    if (!study_open(&s, &as, m->scenario, STUDY_ALL_SEEDS, &why))
        return command_refused("%s", why.text);
    study_id(&s, id);
    snprintf(folder, sizeof folder, "%.400s/%.200s-%s", o->out, s.scenario.name, id);
    code = s.runs == 1 ? run_once(&s) : run_many(&s);
    study_close(&s);
    return code == EXIT_PASS ? compare(m, folder) : code;
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
