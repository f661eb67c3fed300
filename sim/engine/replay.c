#include "sim/engine/replay.h"

#include "protocol/hash.h"
#include "sim/engine/diff.h"
#include "sim/engine/print.h"

#include <string.h>

#define MEND_BYTES 2048u /* of a record of which each byte is tried: a quarter of a second */

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

static bool again_step(struct process *p, struct instant now, struct reader *in)
{
    struct record_block b;
    bool read = record_step_read(in, &b);

    if (read) /* answers are computed again */
        process_step_again(p, now, &b.block);
    record_step_free(&b);
    return read;
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

/* ---- what to show ---- */

/* A record, and where to say how the one that was made differs; print may be NULL. */
struct showing {
    const struct record *r;
    FILE *print;
    record_sink *next; /* the process's own */
    void *next_about;
};

/* The record as it was before one byte of it was changed: with which its hash is right.  before:
 * the rolling hash.  False: it is not so little that was changed, or too much to try. */
static bool mend(const struct record *r, u64 before, u8 bytes[MEND_BYTES])
{
    if (r->size > MEND_BYTES)
        return false;
    memcpy(bytes, r->bytes, r->size);
    for (size_t i = 0; i < r->size; i++) {
        for (u32 change = 1; change < 256; change++) {
            bytes[i] = (u8)(r->bytes[i] ^ change);
            if (hash_bytes(before, bytes, r->size) == r->hash)
                return true;
        }
        bytes[i] = r->bytes[i];
    }
    return false;
}

static void show_damage(const struct record *r, u64 before, FILE *print)
{
    u8 bytes[MEND_BYTES];
    struct record whole = *r;

    if (r->bytes == NULL) {
        fprintf(print, "record = %llu\nthe rest cannot be read\n", (unsigned long long)r->number);
        return;
    }
    print_record(print, r);
    if (mend(r, before, bytes))
        whole.bytes = bytes;
    else
        whole.hash = hash_bytes(before, r->bytes, r->size);
    diff_show(r, &whole, print);
}

/* A record_sink: what the process made of the record. */
static void compare_made(void *about, const u8 *bytes, size_t size, u64 hash)
{
    struct showing *s = about;
    const struct record made = {s->r->kind, s->r->number, hash, bytes, size};

    if (s->print != NULL && hash != s->r->hash) {
        print_record(s->print, s->r);
        diff_show(s->r, &made, s->print);
    }
    if (s->next != NULL)
        s->next(s->next_about, bytes, size, hash);
}

/* ---- one record ---- */

static bool feed(struct process *p, const struct record *r, struct instant now, struct reader *in,
                 FILE *print)
{
    struct showing s = {r, print, p->on_record, p->record_about};

    p->on_record = compare_made;
    p->record_about = &s;
    bool fed = again_kind(p, r, now, in);
    p->on_record = s.next;
    p->record_about = s.next_about;
    return fed;
}

static enum replay_end again(struct process *p, const struct record *r, FILE *print)
{
    struct reader in = {r->bytes, r->size, true};
    (void)get_u32(&in); /* the kind */
    struct instant now = {get_u64(&in)};
    u64 comes_to = hash_bytes(p->hash, r->bytes, r->size);
    if (!in.ok || comes_to != r->hash) {
        if (print != NULL)
            show_damage(r, p->hash, print);
        return REPLAY_DAMAGED;
    }
    if (!feed(p, r, now, &in, print)) {
        if (print != NULL)
            print_record(print, r);
        return REPLAY_NO_INPUT;
    }
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
        enum replay_end end = again(p, &r, print);
        if (end != REPLAY_SAME)
            return (struct replay_result){end, r.number};
        if (print != NULL && r.number == to_event)
            print_record(print, &r);
        if (r.number == to_event)
            return (struct replay_result){REPLAY_STOPPED, r.number};
    }
    if (more == RECORD_BAD && print != NULL)
        show_damage(&r, p->hash, print);
    enum replay_end end = more == RECORD_DONE  ? REPLAY_SAME
                          : more == RECORD_CUT ? REPLAY_CUT
                                               : REPLAY_DAMAGED;
    return (struct replay_result){end, count};
}
