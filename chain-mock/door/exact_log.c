/* exact_log - logs of the exact set, in and out. */
#include "chain-mock/door/exact.h"

static void put_fields(struct field_writer *f, const struct log *log)
{
    switch (log->kind) {
#define FIELD(type, name) field_put_##type(f, body->name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &log->u.name;                                              \
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

void exact_log(const struct door *d, const struct log *log, struct door_log *out, u8 *room,
               size_t size)
{
    char text[EXACT_CHARS];
    struct text types = exact_event_data(text, log->kind);
    struct field_writer f = {.door = d,
                             .w = abi_writer_of(types, room, size),
                             .list = exact_log_fields(log->kind),
                             .log = out};

    *out = (struct door_log){.address = door_exact_address(exact_home(log->kind)),
                             .topic_count = 1,
                             .topics = {d->tables.topics[log->kind]}};
    put_fields(&f, log);
    out->data.at = room;
    check(abi_finish(&f.w, &out->data.n));
}

static void get_fields(struct field_reader *f, struct log *log)
{
    switch (log->kind) {
#define FIELD(type, name) body->name = field_get_##type(f);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        struct log_##name *body = &log->u.name;                                                    \
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

static enum log_kind event_at(const struct door *d, const struct door_log *in)
{
    enum contract at;

    if (in->topic_count == 0 || !exact_contract(in->address, &at))
        return LOG_KINDS;
    for (u32 k = 0; k < LOG_KINDS; k++) {
        if (bytes32_cmp(d->tables.topics[k], in->topics[0]) == 0)
            return exact_home((enum log_kind)k) == at ? (enum log_kind)k : LOG_KINDS;
    }
    return LOG_KINDS;
}

bool door_log_read(struct door *d, const struct door_log *in, struct log *out)
{
    char text[EXACT_CHARS];

    *out = (struct log){.kind = event_at(d, in), .tx = LOG_NO_TX};
    if (out->kind == LOG_KINDS)
        return false;
    struct field_reader f = {
        .door = d,
        .r = abi_reader_at(exact_event_data(text, out->kind), in->data, 0),
        .list = exact_log_fields(out->kind),
        .log = in,
        .accounts = ACCOUNTS_FOUND,
        .topic = 1,
    };
    get_fields(&f, out);
    return abi_done(&f.r) && f.topic == in->topic_count;
}
