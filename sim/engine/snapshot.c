/* snapshot - the whole of a process and its host, copied away and back (DET-4).
 *
 * What lives in reserves never moves, so a copy of the bytes in use, put back where they were, is
 * the same process again; structs that point into them are copied whole.
 */
#include "sim/engine/host.h"

#include <stdlib.h>
#include <string.h>

#define PIECES_MAX 256u

struct piece {
    void *at;
    size_t size;
};

struct snapshot {
    struct host_sim *host;
    u32 count;
    struct piece pieces[PIECES_MAX];
    u8 *bytes; /* of all pieces, one after another */
};

static void piece(void *about, void *at, size_t size)
{
    struct snapshot *s = about;

    check(s->count < PIECES_MAX);
    s->pieces[s->count++] = (struct piece){at, size};
}

static void used(struct snapshot *s, const struct reserve *r)
{
    piece(s, r->base, r->unit * r->count);
}

static void pieces_process(struct snapshot *s, struct process *p)
{
    check(p->snapshots.bytes == NULL); /* nobody edits here, and the heap cannot be put back */
    piece(s, p, sizeof(*p));
    used(s, &p->waiting);
    used(s, &p->data);
    used(s, &p->nonces);
    used(s, &p->world.rows);
    used(s, &p->world.touched);
    for (u32 i = 0; i < p->world.kind_count; i++) {
        for (u32 size = 0; size < WORLD_SIZES; size++)
            used(s, &p->world.kinds[i].states[size].at);
    }
    piece(s, p->chain, sizeof(*p->chain));
    state_pieces(&p->chain->state, piece, s);
}

static void pieces_host(struct snapshot *s, struct host_sim *h)
{
    const struct reserve *all[] = {&h->powers,         &h->by_account,    &h->providers,
                                   &h->logs,           &h->missed,        &h->submits,
                                   &h->halts,          &h->mishaps,       &h->fanout.buckets,
                                   &h->fanout.by_name, &h->fanout.places, &h->fanout.interest};

    piece(s, h, sizeof(*h));
    queue_pieces(&h->queue, piece, s);
    for (u32 i = 0; i < ARRAY_LEN(all); i++)
        used(s, all[i]);
    piece(s, h->c.demand.state, h->c.demand.state_size);
}

/* What is in use now. */
static struct snapshot *snapshot_of(struct host_sim *h)
{
    struct snapshot *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    s->host = h;
    pieces_process(s, h->c.process);
    pieces_host(s, h);
    return s;
}

struct snapshot *host_sim_save(struct host_sim *h)
{
    struct snapshot *s = snapshot_of(h);
    size_t size = 1;

    if (s == NULL)
        return NULL;
    for (u32 i = 0; i < s->count; i++)
        size += s->pieces[i].size;
    s->bytes = malloc(size);
    if (s->bytes == NULL) {
        free(s);
        return NULL;
    }
    u8 *to = s->bytes;
    for (u32 i = 0; i < s->count; i++) {
        if (s->pieces[i].size > 0)
            memcpy(to, s->pieces[i].at, s->pieces[i].size);
        to += s->pieces[i].size;
    }
    return s;
}

/* What has come into use since is zero again, as it was. */
bool host_sim_restore(const struct snapshot *s)
{
    struct snapshot *now = snapshot_of(s->host);
    const u8 *from = s->bytes;

    if (now == NULL)
        return false;
    for (u32 i = 0; i < now->count; i++) {
        if (now->pieces[i].size > 0)
            memset(now->pieces[i].at, 0, now->pieces[i].size);
    }
    for (u32 i = 0; i < s->count; i++) {
        if (s->pieces[i].size > 0)
            memcpy(s->pieces[i].at, from, s->pieces[i].size);
        from += s->pieces[i].size;
    }
    snapshot_free(now);
    return true;
}

void snapshot_free(struct snapshot *s)
{
    if (s != NULL)
        free(s->bytes);
    free(s);
}
