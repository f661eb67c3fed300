#include "protocol/msg.h"

#include "protocol/hash.h"

void msg_encode(struct writer *w, const struct msg *m)
{
    put_u32(w, (u32)m->kind);
    switch (m->kind) {
#define FIELD(type, name) FIELD_PUT_##type(w, body->name);
#define MSG(NAME, name, fields)                                                                    \
    case MSG_##NAME: {                                                                             \
        const struct msg_##name *body = &m->u.name;                                                \
        fields return;                                                                             \
    }
#include "protocol/msg.def"
#undef MSG
#undef FIELD
    case MSG_KINDS:
        break;
    }
    check_unreachable();
}

u64 msg_about(const struct msg *m)
{
    switch (m->kind) {
#define MSG(NAME, name, fields)                                                                    \
    case MSG_##NAME:                                                                               \
        return hash_mix(hash_mix(HASH_START, MSG_##NAME), m->u.name.lease);
#include "protocol/msg.def"
#undef MSG
    case MSG_KINDS:
        break;
    }
    check_unreachable();
}

bool msg_decode(struct reader *r, struct msg *m)
{
    u32 kind = get_u32(r);

    if (!r->ok || kind >= MSG_KINDS)
        return false;
    m->kind = (enum msg_kind)kind;
    switch (m->kind) {
#define FIELD(type, name) FIELD_GET_##type(r, body->name);
#define MSG(NAME, name, fields)                                                                    \
    case MSG_##NAME: {                                                                             \
        struct msg_##name *body = &m->u.name;                                                      \
        fields break;                                                                              \
    }
#include "protocol/msg.def"
#undef MSG
#undef FIELD
    case MSG_KINDS:
        check_unreachable();
    }
    return r->ok;
}
