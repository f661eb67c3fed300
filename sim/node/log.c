/* log - a store's records fed to the process again: the same log as run.log. */
#include "sim/engine/replay.h"
#include "sim/node/parts.h"

#include <stdio.h>

bool node_replay(struct node *n, char error[256])
{
    struct store_cursor next;
    struct record_source records = store_source(n->store, &n->c.process->head, &next);
    record_sink *sink = n->c.process->on_record;

    n->c.process->on_record = NULL; /* they are in the store already */
    struct replay_result r = replay(n->c.process, &records, REPLAY_TO_END, NULL);
    n->c.process->on_record = sink;
    if (r.end == REPLAY_SAME)
        return true;
    snprintf(error, 256, "the state file cannot be gone on from: record %llu: %s",
             (unsigned long long)r.at, replay_texts[r.end]);
    return false;
}
