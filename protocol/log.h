/* log - what the chain tells.
 *
 * Struct, number, audience, encoder and decoder come from the rows of log.def.  Contracts append
 * logs; a reverted transaction's are dropped.  Actors get them as events, tables fold over them.
 */
#ifndef PROTOCOL_LOG_H
#define PROTOCOL_LOG_H

#include "protocol/field.h"

enum log_kind {
#define LOG(NAME, name, to, fields, doc) LOG_##NAME,
#include "protocol/log.def"
#undef LOG
    LOG_KINDS
};

enum log_audience { TO_NOBODY, TO_ELIGIBLE, TO_PROVIDER, TO_PARTIES, TO_SERVED, TO_GIVER };

#define FIELD(type, name) FIELD_TYPE_##type name;
#define LOG(NAME, name, to, fields, doc)                                                           \
    struct log_##name {                                                                            \
        fields                                                                                     \
    };
#include "protocol/log.def"
#undef LOG
#undef FIELD

struct log {
    enum log_kind kind;
    u32 tx; /* place of the transaction in its block, or LOG_NO_TX for moments and matches */
    union {
#define LOG(NAME, name, to, fields, doc) struct log_##name name;
#include "protocol/log.def"
#undef LOG
    } u;
};

#define LOG_NO_TX 0xffffffffu

/* Why a lease ended; order of precedence at one second (settled, Money of a lease 6). */
enum lease_end {
    LEASE_RUNS,
    LEASE_EXPIRED,
    LEASE_INSUFFICIENT,
    LEASE_PROVIDER_BREACH,
    LEASE_USER,
    LEASE_PROVIDER,
    LEASE_UPDATED
};

enum slash_cause { SLASH_STANDBY, SLASH_DEPLOYMENT, SLASH_BREACH, SLASH_MISCONDUCT };

extern const char *const log_names[LOG_KINDS];
extern const enum log_audience log_audiences[LOG_KINDS];

/* The number in a log's field of this name (u32, u64 or account); false: it has no such field. */
must_use bool log_number(const struct log *l, const char *field, u64 *out);

#define LOG_BYTES_MAX 512u

void log_encode(struct writer *w, const struct log *l);

/* Take one log off r.  False: not a log, *l is not to be read. */
must_use bool log_decode(struct reader *r, struct log *l);

#endif /* PROTOCOL_LOG_H */
