#include "protocol/log.h"

const char *const log_names[LOG_KINDS] = {
#define LOG(NAME, name, to, fields, doc) [LOG_##NAME] = #NAME,
#include "protocol/log.def"
#undef LOG
};

const enum log_audience log_audiences[LOG_KINDS] = {
#define LOG(NAME, name, to, fields, doc) [LOG_##NAME] = TO_##to,
#include "protocol/log.def"
#undef LOG
};

void log_encode(struct writer *w, const struct log *l)
{
    put_u32(w, (u32)l->kind);
    put_u32(w, l->tx);
    switch (l->kind) {
#define FIELD(type, name) FIELD_PUT_##type(w, body->name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &l->u.name;                                                \
        fields return;                                                                             \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        break;
    }
    check_unreachable();
}

bool log_decode(struct reader *r, struct log *l)
{
    u32 kind = get_u32(r);

    if (!r->ok || kind >= LOG_KINDS)
        return false;
    l->kind = (enum log_kind)kind;
    l->tx = get_u32(r);
    switch (l->kind) {
#define FIELD(type, name) FIELD_GET_##type(r, body->name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        struct log_##name *body = &l->u.name;                                                      \
        fields break;                                                                              \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        check_unreachable();
    }
    return r->ok;
}

static bool same(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

#define NUMBER_u32(v) (*out = (v), true)
#define NUMBER_account(v) (*out = (v), true)
#define NUMBER_u64(v) (*out = (v), true)
#define NUMBER_u128(v) ((void)(v), false)
#define NUMBER_amount(v) ((void)(v), false)
#define NUMBER_machine(v) ((void)(v), false)
#define NUMBER_specs(v) ((void)(v), false)

bool log_number(const struct log *l, const char *field, u64 *out)
{
    switch (l->kind) {
#define FIELD(type, name)                                                                          \
    if (same(#name, field))                                                                        \
        return NUMBER_##type(body->name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &l->u.name;                                                \
        fields return false;                                                                       \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        break;
    }
    check_unreachable();
}
