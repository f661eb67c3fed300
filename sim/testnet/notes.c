#include "sim/testnet/notes.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool notes_of(struct net_notes *out, const struct scenario *scenario, u32 arm, u64 seed, u32 people)
{
    *out = (struct net_notes){scenario_resolved_json(scenario), seed, arm, people};
    return out->scenario != NULL;
}

void notes_free(struct net_notes *n)
{
    free(n->scenario);
    n->scenario = NULL;
}

bool notes_put(struct store *s, const struct net_notes *n)
{
    u8 bytes[16];
    struct writer w = {bytes, sizeof(bytes)};

    put_u64(&w, n->seed);
    put_u32(&w, n->arm);
    put_u32(&w, n->people);
    return store_put_note(s, "world", SLICE(bytes, sizeof(bytes))) &&
           store_put_note(s, "scenario", SLICE((const u8 *)n->scenario, strlen(n->scenario)));
}

static bool says_nothing(const char *name, char error[256])
{
    snprintf(error, 256, "the state file's note of the %s is missing or too short", name);
    return false;
}

bool notes_read(struct store *s, struct net_notes *out, char error[256])
{
    struct slice bytes;

    if (!store_note(s, "world", &bytes) || bytes.n != 16)
        return says_nothing("world", error);
    struct reader r = {bytes.at, bytes.n, true};
    out->seed = get_u64(&r);
    out->arm = get_u32(&r);
    out->people = get_u32(&r);
    if (!store_note(s, "scenario", &bytes))
        return says_nothing("scenario", error);
    out->scenario = malloc(bytes.n + 1);
    if (out->scenario == NULL) {
        snprintf(error, 256, "out of memory");
        return false;
    }
    memcpy(out->scenario, bytes.at, bytes.n);
    out->scenario[bytes.n] = '\0';
    return true;
}

/* ---- what differs ---- */

struct differing {
    char *out;
    size_t used;
};

static void say(struct differing *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct differing *d, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(d->out + d->used, NOTES_DIFFER - d->used, format, args);
    va_end(args);
    d->used += n < 0 ? 0 : (size_t)n;
    if (d->used > NOTES_DIFFER - 1)
        d->used = NOTES_DIFFER - 1;
}

static void say_number(struct differing *d, const char *name, u64 file, u64 asked)
{
    if (file != asked)
        say(d, "%s%s %llu in the file, %llu asked for", d->used > 0 ? "; " : "", name,
            (unsigned long long)file, (unsigned long long)asked);
}

/* Its beginning, where it is long. */
static void say_value(struct differing *d, const cJSON *v)
{
    char *text = v != NULL ? cJSON_PrintUnformatted(v) : NULL;

    say(d, "%.80s", text != NULL ? text : "nothing");
    cJSON_free(text);
}

/* The first place in which two documents differ, in the order of the first.  False: none. */
static bool say_place(struct differing *d, const char *path, const cJSON *file, const cJSON *asked)
{
    const cJSON *one, *other;
    char deeper[120];
    int i = 0;

    if (cJSON_Compare(file, asked, true))
        return false;
    cJSON_ArrayForEach(one, file)
    {
        other = one->string != NULL ? cJSON_GetObjectItemCaseSensitive(asked, one->string)
                                    : cJSON_GetArrayItem(asked, i);
        if (one->string != NULL)
            snprintf(deeper, sizeof(deeper), "%s%s%s", path, path[0] == '\0' ? "" : ".",
                     one->string);
        else
            snprintf(deeper, sizeof(deeper), "%s.%d", path, i);
        i++;
        if (say_place(d, deeper, one, other))
            return true;
    }
    say(d, "%s%s ", d->used > 0 ? "; " : "", path[0] == '\0' ? "scenario" : path);
    say_value(d, file);
    say(d, " in the file, ");
    say_value(d, asked);
    say(d, " asked for");
    return true;
}

/* False: they are not even of one name. */
static bool say_scenario(struct differing *d, const char *file, const char *asked)
{
    bool renamed = false;
    cJSON *its = cJSON_Parse(file), *mine = cJSON_Parse(asked);

    if (its == NULL || mine == NULL)
        say(d, "%sthe scenario", d->used > 0 ? "; " : "");
    else
        renamed = say_place(d, "scenario", cJSON_GetObjectItemCaseSensitive(its, "name"),
                            cJSON_GetObjectItemCaseSensitive(mine, "name"));
    if (its != NULL && mine != NULL && !renamed)
        (void)say_place(d, "", its, mine);
    cJSON_Delete(its);
    cJSON_Delete(mine);
    return !renamed;
}

/* By name, where the scenario has them. */
static void say_arms(struct differing *d, const char *scenario, u32 file, u32 asked)
{
    cJSON *all = cJSON_Parse(scenario), *arms = cJSON_GetObjectItemCaseSensitive(all, "arms");
    const cJSON *its =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(arms, (int)file), "name");
    const cJSON *mine =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(arms, (int)asked), "name");

    if (file != asked && cJSON_IsString(its) && cJSON_IsString(mine))
        say(d, "%sarm %s in the file, %s asked for", d->used > 0 ? "; " : "", its->valuestring,
            mine->valuestring);
    else
        say_number(d, "arm", file, asked);
    cJSON_Delete(all);
}

bool notes_same(const struct net_notes *file, const struct net_notes *asked, char out[NOTES_DIFFER])
{
    struct differing d = {out, 0};

    out[0] = '\0';
    bool one = strcmp(file->scenario, asked->scenario) == 0 ||
               say_scenario(&d, file->scenario, asked->scenario);
    say_number(&d, "seed", file->seed, asked->seed);
    if (one)
        say_arms(&d, file->scenario, file->arm, asked->arm);
    say_number(&d, "accounts", file->people, asked->people);
    return d.used == 0;
}

/* ---- where agents are ---- */

#define PLACE_BYTES 56u

static void name_place(char name[32], u32 account)
{
    snprintf(name, 32, "seen.%u", account);
}

bool notes_put_place(struct store *s, u32 account, const struct agent_place *place)
{
    char name[32];
    u8 bytes[PLACE_BYTES];
    struct writer w = {bytes, sizeof(bytes)};

    name_place(name, account);
    put_u64(&w, place->seen);
    put_bytes(&w, place->hash.byte, sizeof(place->hash.byte));
    put_u64(&w, place->skew);
    put_u64(&w, place->price);
    return store_put_note(s, name, SLICE(bytes, sizeof(bytes)));
}

/* A file of an earlier version has the block alone; what is not there reads as zero. */
struct agent_place notes_place(struct store *s, u32 account)
{
    struct agent_place place = {.seen = 0};
    struct slice bytes;
    char name[32];

    name_place(name, account);
    if (!store_note(s, name, &bytes))
        return place;
    struct reader r = {bytes.at, bytes.n, true};
    place.seen = get_u64(&r);
    get_bytes(&r, place.hash.byte, sizeof(place.hash.byte));
    place.skew = get_u64(&r);
    place.price = get_u64(&r);
    return place;
}
