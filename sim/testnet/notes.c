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

bool notes_read(struct store *s, struct net_notes *out)
{
    struct slice bytes;

    if (!store_note(s, "world", &bytes) || bytes.n != 16)
        return false;
    struct reader r = {bytes.at, bytes.n, true};
    out->seed = get_u64(&r);
    out->arm = get_u32(&r);
    out->people = get_u32(&r);
    if (!store_note(s, "scenario", &bytes))
        return false;
    out->scenario = malloc(bytes.n + 1);
    if (out->scenario == NULL)
        return false;
    memcpy(out->scenario, bytes.at, bytes.n);
    out->scenario[bytes.n] = '\0';
    return true;
}

bool notes_equal(const struct net_notes *a, const struct net_notes *b)
{
    return a->seed == b->seed && a->arm == b->arm && a->people == b->people &&
           strcmp(a->scenario, b->scenario) == 0;
}

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
