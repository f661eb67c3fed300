/* log - a store's records fed to the process again: the same log as run.log. */
#include "sim/engine/replay.h"
#include "sim/node/parts.h"

#include <stdio.h>
#include <string.h>

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
    char why[160];
    snprintf(why, sizeof(why), "the state file cannot be gone on from: record %llu: %s",
             (unsigned long long)r.at, replay_texts[r.end]);
    return store_refused(n->store, why, error);
}

/* Of the last record that is none of an actor's; RECORD_STEP too where there is none. */
static enum record_kind last_of_chain(struct node *n)
{
    struct record r;

    for (u64 i = store_records(n->store); i > 0; i--) {
        struct slice bytes;
        if (!store_record(n->store, i - 1, &bytes, &r.hash))
            break;
        r.bytes = bytes.at;
        r.size = bytes.n;
        if (record_recognise(&r) && r.kind != RECORD_DISPATCH)
            return r.kind;
    }
    return RECORD_STEP;
}

bool node_ends_together(struct node *n, char error[256])
{
    const struct chain *chain = n->c.process->chain;
    u64 slot = state_meta(&chain->state)->slot;
    struct bytes32 root = bytes32_of_u128(chain_hash(chain));
    char why[160];

    if (n->head.slot >= slot &&
        (last_of_chain(n) != RECORD_STEP || memcmp(&root, &n->head.state_root, sizeof(root)) == 0))
        return true;
    snprintf(why, sizeof(why),
             "the state file's blocks and records do not belong together: block %llu is the last, "
             "of slot %llu, and records go to slot %llu",
             (unsigned long long)n->head.number, (unsigned long long)n->head.slot,
             (unsigned long long)slot);
    return store_refused(n->store, why, error);
}
