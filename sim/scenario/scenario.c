#include "sim/scenario/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/nearest.h"
#include "sim/scenario/eras.h"
#include "sim/scenario/scenario_tables.h"

#define STORE_BYTES_MAX ((size_t)512 * 1024 * 1024)

bool field_new_group(struct reading *r, const struct yaml *y, const char *name)
{
    if (strcmp(name, "providers") == 0)
        return problem_at(r->why, r->file, y->line, y->column,
                          "a group cannot be called 'providers', the word for all of them");
    if (scenario_find_group(r->s, false, name) == INDEX_NONE &&
        scenario_find_group(r->s, true, name) == INDEX_NONE)
        return true;
    return problem_at(r->why, r->file, y->line, y->column, "group '%s' is here already", name);
}

const char *field_data_path(struct reading *r, const struct yaml *y, const char *file)
{
    const char *dir = r->options->data_dir;
    size_t size;
    char *path;

    if (file[0] == '/')
        return file;
    if (dir == NULL) {
        problem_at(r->why, r->file, y->line, y->column,
                   "'%.80s' is real data, expected --data DIR that holds it", file);
        return NULL;
    }
    size = strlen(dir) + strlen(file) + 2;
    path = field_take(r, y, 1, size);
    if (path != NULL)
        snprintf(path, size, "%s/%s", dir, file);
    return path;
}

bool field_data_note(struct reading *r, const struct yaml *y, const char *file,
                     struct trace_content content)
{
    struct data_file *note = field_take(r, y, sizeof(*note), 1);
    const struct data_file **end = &r->s->data;

    if (note == NULL)
        return false;
    *note = (struct data_file){.name = file, .content = content};
    while (*end != NULL)
        end = (const struct data_file **)(uintptr_t) & (*end)->next;
    *end = note;
    return true;
}

/* --profile and --set, on top of the file. */
static bool apply_options(struct reading *r)
{
    const struct scenario_options *o = r->options;
    struct param_set *sets = store_take(&r->s->store, sizeof(*sets), o->set_count + 1);
    char why[PARAM_WHY_BYTES];

    if (o->profile != NULL && strcmp(o->profile, "whitepaper") != 0)
        return problem_at(r->why, "--profile", 0, 0, "'%.40s', expected whitepaper", o->profile);
    if (sets == NULL)
        return problem_at(r->why, "--set", 0, 0, "out of memory");
    for (u32 i = 0; i < o->set_count; i++)
        if (!param_read_set(o->sets[i], &sets[i], why))
            return problem_at(r->why, "--set", 0, 0, "%s", why);
    if (!param_sets_apply(&r->s->params, sets, o->set_count)) {
        param_sets_broken(&r->s->params, sets, o->set_count, why);
        return problem_at(r->why, "--set", 0, 0, "%s", why);
    }
    for (u32 i = 0; i < r->s->arm_count; i++) {
        const struct arm *a = &r->s->arms[i];
        struct params params = r->s->params;
        if (param_sets_apply(&params, a->sets, a->set_count))
            continue;
        param_sets_broken(&r->s->params, a->sets, a->set_count, why);
        return problem_at(r->why, "--set", 0, 0, "with arm '%s': %s", a->name, why);
    }
    return true;
}

/* "§4.6.3", "settled 104", or the id of an invariant. */
static bool is_section(const char *text)
{
    static const char *const words[] = {"§", "settled "};

    for (u32 i = 0; i < ARRAY_LEN(words); i++) {
        size_t n = strlen(words[i]);
        if (strncmp(text, words[i], n) == 0 && text[n] >= '1' && text[n] <= '9')
            return true;
    }
    return false;
}

static bool check_covers(struct reading *r)
{
    static const char *const ids[] = {
#define INVARIANT(NAME, id, when, forms, section, text) id,
#include "protocol/invariants/invariants.def"
#undef INVARIANT
    };
    const struct names *c = &r->s->covers;
    char hint[NEAREST_BYTES];

    for (u32 i = 0; i < c->count; i++) {
        struct nearest near = nearest_to(c->at[i]);
        bool known = is_section(c->at[i]);
        for (u32 k = 0; k < ARRAY_LEN(ids) && !known; k++) {
            known = strcmp(ids[k], c->at[i]) == 0;
            nearest_offer(&near, ids[k]);
        }
        if (!known)
            return problem_at(r->why, r->file, c->place[i].line, c->place[i].column,
                              "covers: found '%.40s', expected a section such as §4.6.3, a row "
                              "such as settled 104, or the id of an invariant%s",
                              c->at[i], nearest_hint(&near, hint));
    }
    return true;
}

/* What no single object can see. */
static bool complete(struct reading *r, const struct yaml *root)
{
    struct scenario *s = r->s;
    const struct workload *w = &s->workload;

    timeline_number(s->timeline, s->timeline_count, 0);
    s->expect.tokens = s->tokens;
    if (s->token_count == 0)
        return problem_at(r->why, r->file, root->line, root->column,
                          "no tokens, expected at least SPON");
    if (w->kind != WORKLOAD_NONE && s->user_count == 0)
        return problem_at(r->why, r->file, root->line, root->column,
                          "a workload needs users, expected population.users");
    return check_covers(r) && apply_options(r) && eras_check(r, root);
}

static const char *folder_of(struct scenario *s, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? store_text(&s->store, ".", 1)
                         : store_text(&s->store, path, (size_t)(slash - path) + (slash == path));
}

bool scenario_parse(const char *path, const char *text, size_t size,
                    const struct scenario_options *options, struct scenario *out,
                    struct problem *why)
{
    struct reading r = {.s = out, .options = options, .file = path, .why = why};
    const struct yaml *root;

    *out = (struct scenario){.params = params_default};
    store_init(&out->store, STORE_BYTES_MAX);
    out->path = store_text(&out->store, path, strlen(path));
    r.folder = options->folder != NULL ? options->folder : folder_of(out, path);
    if (out->path == NULL || r.folder == NULL) {
        problem_at(why, path, 0, 0, "out of memory");
    } else {
        root = yaml_parse(&out->store, out->path, text, size, why);
        if (root != NULL && object_read(&r, &scenario_object, root, out) && complete(&r, root))
            return true;
    }
    scenario_free(out);
    return false;
}

static bool read_file(const char *path, char **text, size_t *size, struct problem *why)
{
    FILE *f = fopen(path, "rb");
    bool whole;

    if (f == NULL)
        return problem_at(why, path, 0, 0, "%s", strerror(errno));
    *text = malloc(YAML_BYTES_MAX + 1);
    *size = *text == NULL ? 0 : fread(*text, 1, YAML_BYTES_MAX + 1, f);
    whole = *text != NULL && ferror(f) == 0;
    if (!whole)
        problem_at(why, path, 0, 0, "cannot be read");
    fclose(f);
    if (!whole)
        free(*text);
    return whole;
}

bool scenario_read(const char *path, const struct scenario_options *options, struct scenario *out,
                   struct problem *why)
{
    char *text = NULL;
    size_t size = 0;
    bool good;

    if (!read_file(path, &text, &size, why))
        return false;
    good = scenario_parse(path, text, size, options, out, why);
    free(text);
    return good;
}

void scenario_free(struct scenario *s)
{
    trace_free_jobs(&s->workload.jobs);
    store_free(&s->store);
    *s = (struct scenario){0};
}

void scenario_arm(const struct scenario *s, u32 index, struct params *out)
{
    *out = s->params;
    if (s->arm_count == 0)
        return;
    check(index < s->arm_count);
    bool good = param_sets_apply(out, s->arms[index].sets, s->arms[index].set_count);
    check(good);
}

static u32 members(const struct scenario *s, u32 arm, u32 group, bool users, u32 count)
{
    if (s->arm_count == 0)
        return count;
    check(arm < s->arm_count);
    for (u32 i = 0; i < s->arms[arm].count_count; i++) {
        const struct group_count *g = &s->arms[arm].counts[i];
        if (g->users == users && g->group == group)
            count = g->count;
    }
    return count;
}

u32 scenario_providers(const struct scenario *s, u32 arm, u32 group)
{
    check(group < s->provider_groups);
    return members(s, arm, group, false, s->providers[group].count);
}

u32 scenario_users(const struct scenario *s, u32 arm, u32 group)
{
    check(group < s->user_groups);
    return members(s, arm, group, true, s->users[group].count);
}

/* A character of UTF-8 that JSON may hold as it is, but YAML not, or not without taking it for the
 * end of a line: how many bytes it has, and its number; 0: it is none. */
static size_t yaml_bends(const u8 *at, u32 *number)
{
    static const u32 bent[] = {0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff};

    *number = at[0];
    if (at[0] == 0x7f)
        return 1;
    if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f) {
        *number = at[1];
        return 2;
    }
    if ((at[0] & 0xf0u) != 0xe0 || at[1] == '\0' || at[2] == '\0')
        return 0;
    *number = (at[0] & 0xfu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
    for (size_t i = 0; i < ARRAY_LEN(bent); i++)
        if (*number == bent[i])
            return 3;
    return 0;
}

/* Of text, so that YAML reads the same from it; out has six characters for each byte of it. */
static char *put_escaped(char *out, const char *text)
{
    while (*text != '\0') {
        u32 number;
        size_t n = yaml_bends((const u8 *)text, &number);
        if (n == 0) {
            *out++ = *text++;
        } else {
            out += sprintf(out, "\\u%04x", number);
            text += n;
        }
    }
    return out;
}

char *scenario_resolved_json(const struct scenario *s)
{
    cJSON *root = object_write(s, &scenario_object, s);
    char *text = cJSON_Print(root), *out = NULL, *cut;
    size_t n = text == NULL ? 0 : strlen(text);

    cJSON_Delete(root);
    if (text != NULL)
        out = malloc(6 * n + 2);
    if (out != NULL) {
        char *end = put_escaped(out, text);
        memcpy(end, "\n", 2);
        cut = realloc(out, (size_t)(end - out) + 2);
        out = cut == NULL ? out : cut;
    }
    cJSON_free(text);
    return out;
}
