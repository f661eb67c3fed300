/* study - from the command line to runs. */
#include "sim/cli/study.h"

#include "metrics/tables.h"
#include "protocol/hash.h"
#include "sim/engine/nearest.h"

#include <stdlib.h>
#include <string.h>

bool study_find_arm(const struct scenario *c, const char *name, u32 *arm, struct problem *why)
{
    struct nearest near = nearest_to(name);
    char hint[NEAREST_BYTES], all[256];

    for (*arm = 0; *arm < c->arm_count; ++*arm) {
        if (strcmp(c->arms[*arm].name, name) == 0)
            return true;
        nearest_offer(&near, c->arms[*arm].name);
    }
    if (nearest_name(&near) != NULL || c->arm_count == 0)
        return problem_at(why, c->path, 0, 0, "there is no arm '%s'%s", name,
                          c->arm_count == 0 ? ", and no other" : nearest_hint(&near, hint));
    size_t n = 0;
    for (u32 i = 0; i < c->arm_count && n < sizeof(all); i++)
        n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", i > 0 ? ", " : "", c->arms[i].name);
    return problem_at(why, c->path, 0, 0, "there is no arm '%s', but %s", name, all);
}

static bool choose_arms(struct study *s, struct problem *why)
{
    const struct scenario *c = &s->scenario;
    const char *name = s->options->arm;

    s->arm_first = 0;
    s->arms = name != NULL || c->arm_count == 0 ? 1 : c->arm_count;
    return name == NULL || study_find_arm(c, name, &s->arm_first, why);
}

static void choose_seeds(struct study *s, enum study_seeds seeds)
{
    bool given = (s->options->given & (OPTION_seed | OPTION_seeds)) != 0;
    u64 first = given ? s->options->seed_first : s->scenario.seed_first;
    u64 last = given ? s->options->seed_last : s->scenario.seed_last;

    if (!given && seeds == STUDY_FIRST_SEED)
        last = first;
    s->seed_first = first;
    s->seeds = last - first + 1;
    s->runs = s->arms * s->seeds;
}

bool study_open(struct study *s, const struct options *o, const char *path, enum study_seeds seeds,
                struct problem *why)
{
    struct scenario_options options = {
        .data_dir = o->data, .profile = o->profile, .sets = o->sets, .set_count = o->set_count};

    s->options = o;
    s->again = false;
    if (!scenario_read(path, &options, &s->scenario, why))
        return false;
    s->resolved = scenario_resolved_json(&s->scenario);
    if (s->resolved == NULL)
        problem_at(why, path, 0, 0, "out of memory");
    bool wanted[TABLES];
    if (s->resolved != NULL && choose_arms(s, why) && study_tables(s, wanted, why)) {
        choose_seeds(s, seeds);
        return true;
    }
    study_close(s);
    return false;
}

void study_close(struct study *s)
{
    free(s->resolved);
    scenario_free(&s->scenario);
}

u32 study_arm(const struct study *s, u64 run)
{
    return s->arm_first + (u32)(run / s->seeds);
}

u64 study_seed(const struct study *s, u64 run)
{
    return s->seed_first + run % s->seeds;
}

const char *study_arm_name(const struct study *s, u32 arm)
{
    return s->scenario.arm_count == 0 ? "" : s->scenario.arms[arm].name;
}

void hash64_text(char out[HASH64_TEXT], u64 hash)
{
    snprintf(out, HASH64_TEXT, "%016llx", (unsigned long long)hash);
}

u64 study_hash(const struct study *s)
{
    return hash_bytes(HASH_START, s->resolved, strlen(s->resolved));
}

u64 study_params_hash(const struct study *s, u32 arm)
{
    struct params p;
    u64 h = HASH_START;

    scenario_arm(&s->scenario, arm, &p);
    for (u32 i = 0; i < PARAM_KINDS; i++) {
        u128 v = params_get(&p, (enum param_id)i);
        h = hash_mix(hash_mix(h, (u64)v), (u64)(v >> 64));
    }
    return h;
}

void study_id(const struct study *s, char id[STUDY_ID])
{
    char text[HASH64_TEXT];
    u64 h = study_hash(s);

    h = hash_mix(hash_mix(h, s->arm_first), s->arms);
    h = hash_mix(hash_mix(h, s->seed_first), s->seeds);
    hash64_text(text, h);
    snprintf(id, STUDY_ID, "%.8s", text);
}

void study_again(FILE *out, const struct study *s, u64 run)
{
    const struct options *o = s->options;
    u32 arm = study_arm(s, run);

    fprintf(out, "orrery run %s --seed %llu", s->scenario.path,
            (unsigned long long)study_seed(s, run));
    if (s->scenario.arm_count > 0)
        fprintf(out, " --arm '%s'", study_arm_name(s, arm));
    for (u32 i = 0; i < o->set_count; i++)
        fprintf(out, " --set '%s'", o->sets[i]);
    if (o->profile != NULL)
        fprintf(out, " --profile %s", o->profile);
    if (o->data != NULL)
        fprintf(out, " --data '%s'", o->data);
}

bool study_tables(const struct study *s, bool *wanted, struct problem *why)
{
    const struct output *out = &s->scenario.output;
    struct tables defaults;
    char hint[NEAREST_BYTES];

    tables_init(&defaults, 1);
    memcpy(wanted, defaults.wanted, sizeof defaults.wanted);
    if (out->tables.count > 0)
        memset(wanted, 0, sizeof defaults.wanted);
    wanted[TABLE_transfers] = out->transfers;
    for (u32 i = 0; i < out->tables.count; i++) {
        enum table_id id = table_named(out->tables.at[i]);
        struct nearest near = nearest_to(out->tables.at[i]);
        for (u32 k = 0; k < TABLES; k++)
            nearest_offer(&near, table_of((enum table_id)k)->name);
        if (id == TABLES)
            return problem_at(why, s->scenario.path, out->tables.place[i].line,
                              out->tables.place[i].column, "tables: there is no table '%s'%s",
                              out->tables.at[i], nearest_hint(&near, hint));
        wanted[id] = true;
    }
    wanted[TABLE_runs] = true; /* each figure and page asks it */
    return true;
}
