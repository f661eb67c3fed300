/* msg - what participants say to one another, off chain.
 *
 * MANIFEST  tenant to provider: what to run on a lease (digest stands for the document), §5.2.4
 * READY     provider to tenant: the workload runs
 * REFUSED   provider to tenant: no such active lease of yours here, or already served
 */
#ifndef PROTOCOL_MSG_H
#define PROTOCOL_MSG_H

#include "protocol/field.h"

enum msg_kind {
#define MSG(NAME, name, fields) MSG_##NAME,
#include "protocol/msg.def"
#undef MSG
    MSG_KINDS
};

#define FIELD(type, name) FIELD_TYPE_##type name;
#define MSG(NAME, name, fields)                                                                    \
    struct msg_##name {                                                                            \
        fields                                                                                     \
    };
#include "protocol/msg.def"
#undef MSG
#undef FIELD

struct msg {
    enum msg_kind kind;
    union {
#define MSG(NAME, name, fields) struct msg_##name name;
#include "protocol/msg.def"
#undef MSG
    } u;
};

#define MSG_BYTES_MAX 64u

void msg_encode(struct writer *w, const struct msg *m);

/* What the message is about, not what it says: the name under which a host draws its fate. */
u64 msg_about(const struct msg *m);

/* Take one message off r.  False: not a message, *m is not to be read. */
must_use bool msg_decode(struct reader *r, struct msg *m);

#endif /* PROTOCOL_MSG_H */
