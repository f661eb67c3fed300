#include "chain-mock/state/snapshot.h"

#include "chain-mock/state/receipts.h"
#include "protocol/mutant.h"

#include <string.h>

struct piece {
    u8 *at;
    size_t size;
};

static size_t rounded(size_t n)
{
    return (n + 15) / 16 * 16;
}

void snapshots_init(struct snapshots *k, void *bytes, size_t cap)
{
    memset(k, 0, sizeof(*k));
    k->bytes = bytes;
    k->cap = cap;
    k->next_id = 1;
}

static void measure(void *about, void *at, size_t size)
{
    size_t *sum = about;

    (void)at;
    *sum += sizeof(struct piece) + rounded(size);
}

size_t snapshot_bytes(const struct chain *c)
{
    size_t sum = rounded(sizeof(*c)) + sizeof(struct piece);

    state_pieces(&c->state, measure, &sum);
    return sum;
}

static void copy_out(void *about, void *at, size_t size)
{
    u8 **to = about;
    struct piece p = {at, size};

    memcpy(*to, &p, sizeof(p));
    memcpy(*to + sizeof(p), at, size);
    *to += sizeof(p) + rounded(size);
}

u64 snapshot_take(struct snapshots *k, const struct chain *c)
{
    size_t size = snapshot_bytes(c);

    if (k->count == SNAPSHOTS_MAX || size > k->cap - k->used)
        return 0;
    u8 *to = k->bytes + k->used;
    k->kept[k->count].id = k->next_id;
    k->kept[k->count++].at = k->used;
    k->used += size;
    memcpy(to, c, sizeof(*c));
    to += rounded(sizeof(*c));
    state_pieces(&c->state, copy_out, &to);
    struct piece end = {NULL, 0};
    memcpy(to, &end, sizeof(end));
    return k->next_id++;
}

static void clear(void *about, void *at, size_t size)
{
    (void)about;
    if (size > 0)
        memset(at, 0, size);
}

static struct piece piece_at(const u8 *from)
{
    struct piece p;

    memcpy(&p, from, sizeof(p));
    return p;
}

bool snapshot_revert(struct snapshots *k, struct chain *c, u64 id)
{
    u32 n = k->count;

    while (n > 0 && k->kept[n - 1].id > id)
        n--;
    if (n == 0 || k->kept[n - 1].id != id)
        return false;
    const u8 *from = k->bytes + k->kept[n - 1].at;
    struct receipts *receipts = c->receipts; /* the host's, not the snapshot's */
    state_pieces(&c->state, clear, NULL);
    memcpy(c, from, sizeof(*c));
    c->receipts = receipts;
    from += rounded(sizeof(*c));
    for (struct piece p = piece_at(from); p.at != NULL; p = piece_at(from)) {
        memcpy(p.at, from + sizeof(p), p.size);
        from += sizeof(p) + rounded(p.size);
    }
    if (MUTATED(RESTORE_FORGETS))
        c->state.moments.count = 0;
    if (receipts != NULL)
        receipts_revert(receipts, state_meta(&c->state)->slot);
    k->count = n - 1;
    k->used = k->kept[n - 1].at;
    return true;
}
