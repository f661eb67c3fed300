/* log - the process's records into the store, and a store's into a process: the same log as
 * run.log. */
#include "sim/engine/replay.h"
#include "sim/node/parts.h"

#include <stdio.h>

void node_record(void *about, const u8 *bytes, size_t size, u64 hash)
{
    struct node *n = about;

    if (!n->replaying)
        (void)store_put_record(n->store, n->records++, SLICE(bytes, size), hash);
}

static enum record_end next(void *about, struct record *out)
{
    struct node *n = about;
    struct slice bytes;

    if (n->records == store_records(n->store))
        return RECORD_DONE;
    if (!store_record(n->store, n->records, &bytes, &out->hash) || bytes.n < 4)
        return RECORD_BAD;
    struct reader r = {bytes.at, bytes.n, true};
    out->kind = (enum record_kind)get_u32(&r);
    out->number = n->records++;
    out->bytes = bytes.at;
    out->size = bytes.n;
    return RECORD_MORE;
}

bool node_replay(struct node *n, char error[256])
{
    n->replaying = true;
    struct replay_result r = replay_from(n->c.process, next, n, REPLAY_TO_END, NULL);
    n->replaying = false;
    if (r.end == REPLAY_SAME)
        return true;
    snprintf(error, 256, "the state file cannot be gone on from: record %llu: %s",
             (unsigned long long)r.at, replay_texts[r.end]);
    return false;
}
