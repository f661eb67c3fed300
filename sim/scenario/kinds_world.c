/* kinds_world - who and where: GPUs, regions, members of groups. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/gpu.h"
#include "sim/engine/nearest.h"
#include "sim/scenario/field.h"

/* The model + 1, as protocol/machine.h has it. */
static bool find_gpu(struct reading *r, const struct field *f, const struct yaml *y, u32 column,
                     const char *name, u16 *out)
{
    struct nearest near = nearest_to(name);
    enum gpu_model model;
    char hint[NEAREST_BYTES];

    if (gpu_find(name, &model)) {
        *out = (u16)(model + 1);
        return true;
    }
    for (u32 i = 0; i < GPU_MODELS; i++)
        nearest_offer(&near, gpu_name((enum gpu_model)i));
    return problem_at(r->why, r->file, y->line, column, "%s: no GPU model '%.40s'%s", f->key, name,
                      nearest_hint(&near, hint));
}

static bool gpu_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    u16 model = GPU_ANY;

    if (y->kind != YAML_SCALAR)
        return field_expected(r, f, y, f->kind->expected);
    if (strcmp(y->text, "any") != 0 && !find_gpu(r, f, y, y->column, y->text, &model))
        return false;
    field_store(field_member(f, at), f->width, model);
    return true;
}

static const char *gpu_word(u16 model)
{
    return model == GPU_ANY ? "any" : gpu_name((enum gpu_model)(model - 1));
}

static cJSON *gpu_write(const struct scenario *s, const struct field *f, const void *at)
{
    (void)s;
    return cJSON_CreateString(gpu_word((u16)field_load(field_member_const(f, at), f->width)));
}

static cJSON *gpu_schema(const struct field *f)
{
    const char *words[GPU_MODELS + 2] = {"any"};

    (void)f;
    for (u32 i = 0; i < GPU_MODELS; i++)
        words[i + 1] = gpu_name((enum gpu_model)i);
    return schema_words(words);
}

const struct kind kind_gpu = {"a GPU model such as rtx4090, or any", gpu_read, gpu_write,
                              gpu_schema};

static bool gpus_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct gpu_line *line = field_member(f, at);

    if (y->kind != YAML_MAP || y->count > GPU_LINES)
        return field_expected(r, f, y, f->kind->expected);
    for (const struct yaml *e = y->first; e != NULL; e = e->next, line++) {
        u64 count = 0;
        if (!find_gpu(r, f, e, e->key_column, e->key, &line->model) ||
            !field_quantity(r, f, e, &units_count, 1, 1024, &count))
            return false;
        line->count = (u16)count;
    }
    return true;
}

static cJSON *gpus_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct gpu_line *line = field_member_const(f, at);
    cJSON *out = cJSON_CreateObject();

    (void)s;
    for (u32 i = 0; i < GPU_LINES; i++)
        if (line[i].count != 0)
            cJSON_AddNumberToObject(out, gpu_word(line[i].model), line[i].count);
    return out;
}

static cJSON *counts_by_name(void)
{
    cJSON *out = schema_type("object", NULL), *each;

    each = cJSON_AddObjectToObject(out, "additionalProperties");
    cJSON_AddStringToObject(each, "type", "integer");
    cJSON_AddNumberToObject(each, "minimum", 1);
    return out;
}

static cJSON *gpus_schema(const struct field *f)
{
    (void)f;
    return counts_by_name();
}

const struct kind kind_gpus = {"at most four GPU models with their number, as {rtx4090: 8}",
                               gpus_read, gpus_write, gpus_schema};

static bool gpu_map_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct gpu_map *map = field_member(f, at);

    if (y->kind != YAML_MAP || y->count > TRACE_MODELS_MAX)
        return field_expected(r, f, y, f->kind->expected);
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        u32 i = map->models.count;
        if (e->kind != YAML_SCALAR)
            return field_expected(r, f, e, "a GPU model");
        if (!find_gpu(r, f, e, e->column, e->text, &map->gpu[i]))
            return false;
        map->models.name[i] = e->key;
        map->models.count++;
    }
    return true;
}

static cJSON *gpu_map_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct gpu_map *map = field_member_const(f, at);
    cJSON *out = cJSON_CreateObject();

    (void)s;
    for (u32 i = 0; i < map->models.count; i++)
        cJSON_AddStringToObject(out, map->models.name[i], gpu_word(map->gpu[i]));
    return out;
}

static cJSON *gpu_map_schema(const struct field *f)
{
    cJSON *out = schema_type("object", NULL);

    cJSON_AddItemToObject(out, "additionalProperties", gpu_schema(f));
    return out;
}

const struct kind kind_gpu_map = {"the trace's GPU names, each with ours, as {T4: t4}",
                                  gpu_map_read, gpu_map_write, gpu_map_schema};

static const char *const compliance_words[] = {"SOC2", "HIPAA", "GDPR", NULL};

static bool compliance_read(struct reading *r, const struct field *f, const struct yaml *y,
                            void *at)
{
    u64 bits = 0;

    if (y->kind != YAML_LIST)
        return field_expected(r, f, y, f->kind->expected);
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        u32 i = 0;
        while (e->kind == YAML_SCALAR && compliance_words[i] != NULL &&
               strcmp(e->text, compliance_words[i]) != 0)
            i++;
        if (e->kind != YAML_SCALAR || compliance_words[i] == NULL)
            return field_expected(r, f, e, "SOC2, HIPAA or GDPR");
        bits |= 1ull << i;
    }
    field_store(field_member(f, at), f->width, bits);
    return true;
}

static cJSON *compliance_write(const struct scenario *s, const struct field *f, const void *at)
{
    u64 bits = field_load(field_member_const(f, at), f->width);
    cJSON *out = cJSON_CreateArray();

    (void)s;
    for (u32 i = 0; compliance_words[i] != NULL; i++)
        if ((bits >> i & 1) != 0)
            cJSON_AddItemToArray(out, cJSON_CreateString(compliance_words[i]));
    return out;
}

static cJSON *compliance_schema(const struct field *f)
{
    cJSON *out = schema_type("array", NULL);

    (void)f;
    cJSON_AddItemToObject(out, "items", schema_words(compliance_words));
    return out;
}

_Static_assert(COMPLIANCE_SOC2 == 1 && COMPLIANCE_HIPAA == 2 && COMPLIANCE_GDPR == 4,
               "the words stand in the order of the bits");
const struct kind kind_compliance = {"a list of SOC2, HIPAA, GDPR", compliance_read,
                                     compliance_write, compliance_schema};

static bool find_region(struct reading *r, const struct field *f, const struct yaml *y, u32 column,
                        const char *name, u32 *out)
{
    struct nearest near = nearest_to(name);
    const struct names *regions = &r->s->network.regions;
    char hint[NEAREST_BYTES];

    for (u32 i = 0; i < regions->count; i++) {
        if (strcmp(regions->at[i], name) == 0) {
            *out = i;
            return true;
        }
        nearest_offer(&near, regions->at[i]);
    }
    return problem_at(r->why, r->file, y->line, column,
                      "%s: no region '%.40s' in network.regions%s", f->key, name,
                      nearest_hint(&near, hint));
}

static bool region_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    u32 region = INDEX_NONE;

    if (y->kind != YAML_SCALAR)
        return field_expected(r, f, y, f->kind->expected);
    if (strcmp(y->text, "any") != 0 && !find_region(r, f, y, y->column, y->text, &region))
        return false;
    field_store(field_member(f, at), f->width, region);
    return true;
}

static cJSON *region_write(const struct scenario *s, const struct field *f, const void *at)
{
    u32 region = (u32)field_load(field_member_const(f, at), f->width);

    return cJSON_CreateString(region == INDEX_NONE ? "any" : s->network.regions.at[region]);
}

static cJSON *region_schema(const struct field *f)
{
    (void)f;
    return schema_type("string", NULL);
}

const struct kind kind_region = {"a region, or any", region_read, region_write, region_schema};

/* Rows name, value of a CSV; rows of weight 0 are left out. */
static bool mix_in_file(struct reading *r, const struct field *f, const struct yaml *y,
                        struct mix *out)
{
    struct fitted_list *list;
    struct mix_part *part;
    bool good = field_list_read(r, f, y, &list);

    if (!good)
        return false;
    part = field_take(r, y, sizeof(*part), list == NULL ? 1 : list->count + 1);
    good = part != NULL;
    for (u32 i = 0; good && list != NULL && i < list->count; i++) {
        if (list->value[i] == 0)
            continue;
        good = find_region(r, f, y, y->column, list->name[i], &part[out->count].index);
        part[out->count++].weight = (u32)list->value[i];
        if (list->value[i] > 1000000)
            good = field_expected(r, f, y, "weights of at most 1000000");
    }
    if (good && list == NULL) { /* no files are opened */
        part[0].weight = 1;
        out->count = 1;
    }
    free(list);
    out->at = part;
    return good && (out->count > 0 || field_expected(r, f, y, "a row with a weight"));
}

/* "deu", {deu: 3, usa: 1}, "all": every region alike, or a CSV. */
static bool mix_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct mix *out = field_member(f, at);
    bool all = y->kind == YAML_SCALAR && strcmp(y->text, "all") == 0;
    u32 n = all ? r->s->network.regions.count : (y->kind == YAML_MAP ? y->count : 1);
    struct mix_part *part;

    if (y->kind == YAML_LIST || n == 0)
        return field_expected(r, f, y, f->kind->expected);
    if (y->kind == YAML_SCALAR && strstr(y->text, ".csv") != NULL)
        return mix_in_file(r, f, y, out);
    part = field_take(r, y, sizeof(*part), n);
    if (part == NULL)
        return false;
    for (u32 i = 0; all && i < n; i++)
        part[i] = (struct mix_part){i, 1};
    if (y->kind == YAML_SCALAR && !all) {
        part[0].weight = 1;
        if (!find_region(r, f, y, y->column, y->text, &part[0].index))
            return false;
    }
    u32 i = 0;
    for (const struct yaml *e = y->first; e != NULL; e = e->next, i++) {
        u64 weight = 0;
        if (!find_region(r, f, e, e->key_column, e->key, &part[i].index) ||
            !field_quantity(r, f, e, &units_count, 1, 1000000, &weight))
            return false;
        part[i].weight = (u32)weight;
    }
    *out = (struct mix){part, n};
    return true;
}

static cJSON *mix_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct mix *mix = field_member_const(f, at);
    cJSON *out = cJSON_CreateObject();

    for (u32 i = 0; i < mix->count; i++)
        cJSON_AddNumberToObject(out, s->network.regions.at[mix->at[i].index], mix->at[i].weight);
    return out;
}

static cJSON *mix_schema(const struct field *f)
{
    cJSON *out = cJSON_CreateObject(), *any = cJSON_AddArrayToObject(out, "anyOf");

    (void)f;
    cJSON_AddItemToArray(any, schema_type("string", NULL));
    cJSON_AddItemToArray(any, counts_by_name());
    return out;
}

const struct kind kind_mix = {
    "a region, all, regions with weights as {deu: 3, usa: 1}, or the path of a CSV", mix_read,
    mix_write, mix_schema};

u32 scenario_find_group(const struct scenario *s, bool users, const char *name)
{
    u32 n = users ? s->user_groups : s->provider_groups;

    for (u32 i = 0; i < n; i++)
        if (strcmp(users ? s->users[i].name : s->providers[i].name, name) == 0)
            return i;
    return INDEX_NONE;
}

bool field_group(struct reading *r, const struct yaml *y, u32 column, bool users, const char *name,
                 u32 *out)
{
    struct nearest near = nearest_to(name);
    char hint[NEAREST_BYTES];
    u32 n = users ? r->s->user_groups : r->s->provider_groups;

    *out = scenario_find_group(r->s, users, name);
    if (*out != INDEX_NONE)
        return true;
    if (scenario_find_group(r->s, !users, name) != INDEX_NONE)
        return problem_at(r->why, r->file, y->line, column, "'%.40s' are %s, expected %s", name,
                          users ? "providers" : "users", users ? "users" : "providers");
    for (u32 i = 0; i < n; i++)
        nearest_offer(&near, users ? r->s->users[i].name : r->s->providers[i].name);
    return problem_at(r->why, r->file, y->line, column, "no %s '%.40s'%s",
                      users ? "users" : "providers", name, nearest_hint(&near, hint));
}

/* "p1", "gpu.17". */
static bool read_member(struct reading *r, const struct yaml *y, const char *text, bool users,
                        struct selector *out)
{
    char name[48];
    const char *dot = strchr(text, '.');
    u128 member = 0;

    snprintf(name, sizeof(name), "%.*s", dot == NULL ? 47 : (int)(dot - text), text);
    if (!field_group(r, y, y->column, users, name, &out->group))
        return false;
    u32 count = users ? r->s->users[out->group].count : r->s->providers[out->group].count;
    out->member = INDEX_NONE;
    if (dot == NULL)
        return true;
    if (units_read(&units_count, dot + 1, &member) != UNITS_OK || member >= count)
        return count == 1
                   ? problem_at(r->why, r->file, y->line, y->column, "'%.60s', expected %s or %s.0",
                                text, name, name)
                   : problem_at(r->why, r->file, y->line, y->column,
                                "'%.60s', expected %s.0 to %s.%u", text, name, name, count - 1);
    out->member = (u32)member;
    return true;
}

static bool no_such_group(struct reading *r, const struct yaml *y, const char *name)
{
    struct nearest near = nearest_to(name);
    char hint[NEAREST_BYTES];

    for (u32 i = 0; i < r->s->provider_groups; i++)
        nearest_offer(&near, r->s->providers[i].name);
    for (u32 i = 0; i < r->s->user_groups; i++)
        nearest_offer(&near, r->s->users[i].name);
    return problem_at(r->why, r->file, y->line, y->column, "no providers or users '%.40s'%s", name,
                      nearest_hint(&near, hint));
}

/* "p1", "gpu.17", "gpu", "providers", "30% of gpu", "30% of providers"; and of users likewise. */
static bool select(struct reading *r, const struct field *f, const struct yaml *y, bool anyone,
                   struct selector *out)
{
    const char *text = y->text, *of;
    char share[24], group[48];
    u128 v = BPS_WHOLE;

    if (y->kind != YAML_SCALAR)
        return field_expected(r, f, y, f->kind->expected);
    of = strstr(text, " of ");
    if (of != NULL) {
        snprintf(share, sizeof(share), "%.*s", (int)(of - text), text);
        if (units_read(&units_share, share, &v) != UNITS_OK || v > BPS_WHOLE)
            return field_expected(r, f, y, f->kind->expected);
        text = of + 4;
        if (v == 0 || strchr(text, '.') != NULL)
            return field_expected(r, f, y,
                                  "a share above 0 % of a group, of providers or of users");
    }
    snprintf(group, sizeof(group), "%.*s", (int)strcspn(text, "."), text);
    bool is_group = scenario_find_group(r->s, true, group) != INDEX_NONE;
    bool all_users = strcmp(text, "users") == 0 && !is_group;
    *out = (struct selector){.users = anyone && (all_users || is_group),
                             .group = INDEX_NONE,
                             .member = INDEX_NONE,
                             .share = {(u32)v}};
    if (strcmp(text, "providers") == 0 || (anyone && all_users))
        return true;
    if (anyone && !is_group && scenario_find_group(r->s, false, group) == INDEX_NONE)
        return no_such_group(r, y, group);
    return read_member(r, y, text, out->users, out);
}

static bool selector_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    return select(r, f, y, false, field_member(f, at));
}

static bool anyone_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    return select(r, f, y, true, field_member(f, at));
}

static void member_word(const struct scenario *s, bool users, u32 group, u32 member, char text[64])
{
    const char *name = users ? s->users[group].name : s->providers[group].name;

    if (member == INDEX_NONE)
        snprintf(text, 64, "%s", name);
    else
        snprintf(text, 64, "%s.%u", name, member);
}

static cJSON *selector_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct selector *who = field_member_const(f, at);
    char name[64], share[UNITS_BYTES], text[200];

    snprintf(name, sizeof(name), "%s", who->users ? "users" : "providers");
    if (who->group != INDEX_NONE)
        member_word(s, who->users, who->group, who->member, name);
    if (who->share.v == BPS_WHOLE)
        return cJSON_CreateString(name);
    snprintf(text, sizeof(text), "%s of %s", units_print(&units_share, who->share.v, share), name);
    return cJSON_CreateString(text);
}

const struct kind kind_selector = {"providers, a group, a member such as gpu.17, or \"30% of gpu\"",
                                   selector_read, selector_write, region_schema};

const struct kind kind_anyone = {
    "providers, users, a group, a member such as gpu.17, or \"30% of gpu\"", anyone_read,
    selector_write, region_schema};

/* One user: a group of one, or a member. */
static bool user_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct selector *out = field_member(f, at);

    if (y->kind != YAML_SCALAR)
        return field_expected(r, f, y, f->kind->expected);
    *out = (struct selector){.users = true, .share = {BPS_WHOLE}};
    if (!read_member(r, y, y->text, true, out))
        return false;
    if (out->member == INDEX_NONE && r->s->users[out->group].count != 1)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: '%.40s' are %u users, expected one such as %.40s.0", f->key, y->text,
                          r->s->users[out->group].count, y->text);
    if (out->member == INDEX_NONE)
        out->member = 0;
    return true;
}

const struct kind kind_user = {"a user such as u1 or users.17", user_read, selector_write,
                               region_schema};

/* New counts of groups, for an arm. */
static bool counts_read(struct reading *r, const struct field *f, const struct yaml *y, void *at)
{
    struct group_count *list;
    u32 n = 0;

    if (y->kind != YAML_MAP)
        return field_expected(r, f, y, f->kind->expected);
    list = field_take(r, y, sizeof(*list), y->count + 1);
    if (list == NULL)
        return false;
    for (const struct yaml *e = y->first; e != NULL; e = e->next) {
        struct group_count *g = &list[n++];
        u64 count = 0;
        g->group = scenario_find_group(r->s, true, e->key);
        g->users = g->group != INDEX_NONE;
        if (!g->users && !field_group(r, e, e->key_column, false, e->key, &g->group))
            return false;
        if (!field_quantity(r, f, e, &units_count, 0, SCENARIO_MEMBERS_MAX, &count))
            return false;
        g->count = (u32)count;
    }
    memcpy(field_member(f, at), &list, sizeof(list));
    field_store((u8 *)at + f->count_offset, sizeof(u32), n);
    return true;
}

static cJSON *counts_write(const struct scenario *s, const struct field *f, const void *at)
{
    const struct group_count *list;
    u64 n = field_load((const u8 *)at + f->count_offset, sizeof(u32));
    cJSON *out = cJSON_CreateObject();

    memcpy(&list, field_member_const(f, at), sizeof(list));
    for (u64 i = 0; i < n; i++)
        cJSON_AddNumberToObject(
            out, list[i].users ? s->users[list[i].group].name : s->providers[list[i].group].name,
            list[i].count);
    return out;
}

const struct kind kind_counts = {"groups with their number of members, as {gpu: 100}", counts_read,
                                 counts_write, gpus_schema};
