#include "sim/testnet/notes.h"

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

bool notes_equal(const struct net_notes *a, const struct net_notes *b)
{
    return a->seed == b->seed && a->arm == b->arm && a->people == b->people &&
           strcmp(a->scenario, b->scenario) == 0;
}
