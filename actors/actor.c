#include "actors/actor.h"

u64 env_now_s(const struct env *env)
{
    return env->now.ns / SEC(1);
}

static struct command *outbox_push(struct outbox *o, enum command_kind kind)
{
    check(o->count < OUTBOX_MAX);
    struct command *c = &o->commands[o->count++];
    c->kind = kind;
    return c;
}

void env_send(struct env *env, u32 account, const struct msg *msg)
{
    struct command *c = outbox_push(env->outbox, COMMAND_SEND);
    c->u.send.account = account;
    c->u.send.msg = *msg;
}

void env_timer(struct env *env, struct span after, u32 tag, u64 about)
{
    struct command *c = outbox_push(env->outbox, COMMAND_TIMER);
    c->u.timer.after = after;
    c->u.timer.tag = tag;
    c->u.timer.about = about;
}

void env_submit(struct env *env, const struct tx *tx)
{
    struct command *c = outbox_push(env->outbox, COMMAND_SUBMIT);
    c->u.submit = *tx;
}

void event_encode(struct writer *w, const struct event *e)
{
    put_u32(w, (u32)e->kind);
    switch (e->kind) {
    case EVENT_START:
    case EVENT_RESUME:
        return;
    case EVENT_TIMER:
        put_u32(w, e->u.timer.tag);
        put_u64(w, e->u.timer.about);
        return;
    case EVENT_MESSAGE:
        put_u32(w, e->u.message.from);
        msg_encode(w, &e->u.message.msg);
        return;
    case EVENT_RESULT:
        put_u32(w, (u32)e->u.result.tx);
        put_u32(w, e->u.result.tag);
        put_u32(w, (u32)e->u.result.err);
        put_u64(w, e->u.result.id);
        return;
    case EVENT_LOG:
    case EVENT_STANDS:
        log_encode(w, &e->u.log);
        return;
    case EVENT_DEMAND:
        put_demand(w, &e->u.demand);
        return;
    case EVENT_REVERTED:
        put_reverted(w, &e->u.reverted);
        return;
    case EVENT_KINDS:
        break;
    }
    check_unreachable();
}

static bool result_decode(struct reader *r, struct event *e)
{
    u32 tx = get_u32(r), tag = get_u32(r), err = get_u32(r);
    u64 id = get_u64(r);

    if (!r->ok || tx >= TX_KINDS || err >= ERR_KINDS)
        return false;
    e->u.result.tx = (enum tx_kind)tx;
    e->u.result.tag = tag;
    e->u.result.err = (enum err)err;
    e->u.result.id = id;
    return true;
}

bool event_decode(struct reader *r, struct event *e)
{
    u32 kind = get_u32(r);

    if (!r->ok || kind >= EVENT_KINDS)
        return false;
    e->kind = (enum event_kind)kind;
    switch (e->kind) {
    case EVENT_START:
    case EVENT_RESUME:
        return true;
    case EVENT_TIMER:
        e->u.timer.tag = get_u32(r);
        e->u.timer.about = get_u64(r);
        return r->ok;
    case EVENT_MESSAGE:
        e->u.message.from = get_u32(r);
        return msg_decode(r, &e->u.message.msg);
    case EVENT_RESULT:
        return result_decode(r, e);
    case EVENT_LOG:
    case EVENT_STANDS:
        return log_decode(r, &e->u.log);
    case EVENT_DEMAND:
        get_demand(r, &e->u.demand);
        return r->ok;
    case EVENT_REVERTED:
        e->u.reverted = get_reverted(r);
        return r->ok;
    case EVENT_KINDS:
        break;
    }
    check_unreachable();
}

/* The outbox as bytes: two outboxes are the same when these are.  Structs are
 * never hashed or compared, for their padding holds whatever was there before. */
void outbox_encode(struct writer *w, const struct outbox *o)
{
    put_u32(w, o->count);
    for (u32 i = 0; i < o->count; i++) {
        const struct command *c = &o->commands[i];
        put_u32(w, (u32)c->kind);
        switch (c->kind) {
        case COMMAND_SEND:
            put_u32(w, c->u.send.account);
            msg_encode(w, &c->u.send.msg);
            break;
        case COMMAND_TIMER:
            put_u64(w, c->u.timer.after.ns);
            put_u32(w, c->u.timer.tag);
            put_u64(w, c->u.timer.about);
            break;
        case COMMAND_SUBMIT:
            tx_encode(w, &c->u.submit);
            break;
        }
    }
}
