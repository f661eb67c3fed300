/* log_field - the fields of the chain's logs as values of assertions, from the rows of log.def. */
#include <string.h>

#include "sim/scenario/expr.h"

enum field_type {
    FIELD_IS_u32,
    FIELD_IS_account,
    FIELD_IS_u64,
    FIELD_IS_u128,
    FIELD_IS_amount,
    FIELD_IS_machine,
    FIELD_IS_specs,
    FIELD_IS_ABSENT
};

static enum field_type type_of(enum log_kind kind, const char *wanted)
{
    switch (kind) {
#define FIELD(type, name)                                                                          \
    if (strcmp(wanted, #name) == 0)                                                                \
        return FIELD_IS_##type;
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME:                                                                               \
        fields break;
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        break;
    }
    return FIELD_IS_ABSENT;
}

void log_field_names(enum log_kind kind, void (*offer)(void *ctx, const char *name), void *ctx)
{
    switch (kind) {
#define FIELD(type, name) offer(ctx, #name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME:                                                                               \
        fields break;
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        break;
    }
}

#define NUMBER_u32(v) (v)
#define NUMBER_account(v) (v)
#define NUMBER_u64(v) (v)
#define NUMBER_u128(v) (v)
#define NUMBER_amount(v) (v).wei
#define NUMBER_machine(v) 0 /* log_field_find() has refused it */
#define NUMBER_specs(v) 0

static u128 number_of(const struct log *log, const char *wanted)
{
    switch (log->kind) {
#define FIELD(type, name)                                                                          \
    if (strcmp(wanted, #name) == 0)                                                                \
        return NUMBER_##type(body->name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &log->u.name;                                              \
        fields break;                                                                              \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        break;
    }
    check_unreachable();
}

static const char *const *words_of(enum log_kind kind, const char *name)
{
    if (kind == LOG_LeaseClosed && strcmp(name, "reason") == 0)
        return lease_end_names;
    if (kind == LOG_Slashed && strcmp(name, "cause") == 0)
        return slash_cause_names;
    if (kind == LOG_OrderCancelled && strcmp(name, "reason") == 0)
        return cancel_reason_names;
    return NULL;
}

static bool is_one_of(const char *name, const char *const *names, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n >= m && strcmp(name + n - m, end) == 0;
}

/* Amounts in an order's token, in logs that leave it to the order. */
static bool token_unsaid(enum log_kind kind)
{
    return kind == LOG_BidPlaced || kind == LOG_OrderMatched || kind == LOG_LeaseExtended ||
           kind == LOG_UpdateRequested;
}

bool log_field_find(enum log_kind kind, const char *name, struct log_field *out)
{
    static const char *const accounts[] = {"tenant", "creator", "account", "user"};
    enum field_type type = type_of(kind, name);

    *out = (struct log_field){.dim = DIM_COUNT, .names.words = words_of(kind, name)};
    if (type == FIELD_IS_ABSENT || type == FIELD_IS_machine || type == FIELD_IS_specs)
        return false;
    if (type == FIELD_IS_amount) {
        out->dim = DIM_AMOUNT;
        out->no_token = token_unsaid(kind);
        return true;
    }
    out->names.who = true;
    if (strcmp(name, "provider") == 0)
        out->names.whom = WHO_PROVIDER;
    else if (strcmp(name, "token") == 0)
        out->names.whom = WHO_TOKEN;
    else if (is_one_of(name, accounts, ARRAY_LEN(accounts)))
        out->names.whom = WHO_ACCOUNT;
    else
        out->names.who = false;
    if (out->names.who || out->names.words != NULL)
        out->dim = DIM_NAME;
    else if (ends_with(name, "_bps"))
        out->dim = DIM_SHARE;
    else if (ends_with(name, "_s") || strcmp(name, "second") == 0 || strcmp(name, "seconds") == 0)
        out->dim = DIM_SPAN;
    return true;
}

struct value log_field_value(const struct log *log, const char *name,
                             const struct expect_world *world, char room[EXPECT_WHO_BYTES])
{
    struct log_field field;
    bool found = log_field_find(log->kind, name, &field);
    u128 v = number_of(log, name);
    struct value out = {.dim = field.dim, .n = (i128)v};
    u32 words = 0;

    check(found);
    if (field.dim == DIM_SPAN)
        out.n *= (i128)SEC(1);
    if (field.dim == DIM_AMOUNT && type_of(log->kind, "token") == FIELD_IS_u32)
        out.token = (u32)number_of(log, "token");
    while (field.names.words != NULL && field.names.words[words] != NULL)
        words++;
    if (words > 0)
        out.name = v < words ? field.names.words[v] : "?";
    if (field.names.who) {
        world->who(world->about, field.names.whom, (u32)v, room);
        out.name = room;
    }
    return out;
}

static bool ordered(int order, enum expr_op op)
{
    switch (op) {
    case OP_EQUAL:
        return order == 0;
    case OP_UNEQUAL:
        return order != 0;
    case OP_LESS:
        return order < 0;
    case OP_AT_MOST:
        return order <= 0;
    case OP_GREATER:
        return order > 0;
    case OP_AT_LEAST:
        return order >= 0;
    case OP_OR:
    case OP_AND:
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
        break;
    }
    check_unreachable();
}

bool value_compare(struct value a, enum expr_op op, struct value b, bool *out)
{
    if (a.dim != b.dim || (a.dim == DIM_AMOUNT && a.token != b.token))
        return false;
    if (a.dim == DIM_NAME) {
        *out = ordered(strcmp(a.name, b.name), op);
        return true;
    }
    *out = ordered((a.n > b.n) - (a.n < b.n), op);
    return true;
}
