#include "sim/engine/replay.h"

#include "protocol/hash.h"
#include "sim/engine/print.h"

#include <stdlib.h>

const char *const replay_texts[REPLAY_NO_INPUT + 1] = {
    [REPLAY_SAME] = "every record did again what the log says",
    [REPLAY_STOPPED] = "every record so far did again what the log says",
    [REPLAY_OTHER] = "the log is of another run: seed, replicate or arm differ",
    [REPLAY_DAMAGED] = "the record is not what was written",
    [REPLAY_CUT] = "the log ends before the run did; its records did again what it says",
    [REPLAY_DIVERGED] = "the record went another way",
    [REPLAY_NO_INPUT] = "the record is no input of this run",
};

static bool again_dispatch(struct process *p, struct instant now, struct reader *in)
{
    struct actor_id to = {get_u32(in)};
    struct event e;
    struct outbox out;

    if (!event_decode(in, &e) || to.v >= world_count(&p->world))
        return false;
    process_dispatch(p, to, now, &e, &out);
    return true;
}

/* The transactions of a block, with their answers left out: they are computed again. */
static bool read_txs(struct reader *in, struct block_tx *txs, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        txs[i] = (struct block_tx){.from = get_u32(in)};
        txs[i].nonce = get_u64(in);
        txs[i].gas_limit = get_u64(in);
        txs[i].gas_price = get_amount(in);
        if (!tx_decode(in, &txs[i].tx))
            return false;
        (void)get_u32(in); /* err */
        (void)get_u64(in); /* id */
        (void)get_u32(in); /* gas */
    }
    return in->ok;
}

static bool read_words(struct reader *in, u32 *words, u32 count)
{
    for (u32 i = 0; i < count; i++)
        words[i] = get_u32(in);
    return in->ok;
}

/* Newcomers and words, in memory that is the caller's to free. */
static bool read_data(struct reader *in, struct block *b, struct newcomer **newcomers, u32 **words)
{
    b->newcomer_count = get_u32(in);
    if (!in->ok || b->newcomer_count > in->left / sizeof(**newcomers))
        return false;
    *newcomers = calloc((size_t)b->newcomer_count + 1, sizeof(**newcomers));
    if (*newcomers == NULL)
        return false;
    get_bytes(in, (u8 *)*newcomers, b->newcomer_count * sizeof(**newcomers));
    b->data_count = get_u32(in);
    if (!in->ok || b->data_count > in->left / 4)
        return false;
    *words = calloc((size_t)b->data_count + 1, sizeof(**words));
    b->newcomers = *newcomers;
    b->data = *words;
    return *words != NULL && read_words(in, *words, b->data_count);
}

static bool again_step(struct process *p, struct instant now, struct reader *in)
{
    struct block b = {.slot = get_u64(in)};
    struct newcomer *newcomers = NULL;
    u32 *words = NULL;
    bool done = false, read = read_data(in, &b, &newcomers, &words);

    b.count = get_u32(in);
    if (read && in->ok && b.count <= in->left / 16) {
        b.txs = calloc((size_t)b.count + 1, sizeof(*b.txs));
        if (b.txs != NULL && read_txs(in, b.txs, b.count)) {
            process_step_again(p, now, &b);
            done = true;
        }
        free(b.txs);
    }
    free(words);
    free(newcomers);
    return done;
}

static bool again_edit(struct process *p, struct instant now, struct reader *in)
{
    struct edit e;
    u128 after;

    return record_edit_read(in, &e, &after) && process_edit(p, now, &e);
}

static bool again_kind(struct process *p, const struct record *r, struct instant now,
                       struct reader *in)
{
    switch (r->kind) {
    case RECORD_DISPATCH:
        return again_dispatch(p, now, in);
    case RECORD_STEP:
        return again_step(p, now, in);
    case RECORD_EDIT:
        return again_edit(p, now, in);
    case RECORD_END:
        return false;
    }
    check_unreachable();
}

static enum replay_end again(struct process *p, const struct record *r)
{
    struct reader in = {r->bytes, r->size, true};
    (void)get_u32(&in); /* the kind */
    struct instant now = {get_u64(&in)};
    if (!in.ok || hash_bytes(p->hash, r->bytes, r->size) != r->hash)
        return REPLAY_DAMAGED;
    if (!again_kind(p, r, now, &in))
        return REPLAY_NO_INPUT;
    return p->hash == r->hash ? REPLAY_SAME : REPLAY_DIVERGED;
}

static bool same_run(const struct record_head *a, const struct record_head *b)
{
    return a->seed == b->seed && a->replicate == b->replicate && a->arm == b->arm;
}

struct replay_result replay(struct process *p, const struct record_source *log, u64 to_event,
                            FILE *print)
{
    struct record r;
    enum record_end more;
    u64 count = 0;

    if (!same_run(&p->head, &log->head))
        return (struct replay_result){REPLAY_OTHER, 0};
    for (; (more = log->next(log->about, &r)) == RECORD_MORE; count++) {
        enum replay_end end = again(p, &r);
        if (print != NULL && (r.number == to_event || end == REPLAY_DIVERGED))
            print_record(print, &r);
        if (end != REPLAY_SAME)
            return (struct replay_result){end, r.number};
        if (r.number == to_event)
            return (struct replay_result){REPLAY_STOPPED, r.number};
    }
    enum replay_end end = more == RECORD_DONE  ? REPLAY_SAME
                          : more == RECORD_CUT ? REPLAY_CUT
                                               : REPLAY_DAMAGED;
    return (struct replay_result){end, count};
}
