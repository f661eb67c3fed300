/* any_tx - see any_tx.h.  Fields are drawn by their type, from the rows of tx.def and log.def. */
#include "tests/property/any_tx.h"

static u64 any_number(struct any *a, u32 bits)
{
    u64 small = any_below(a, 100);

    if (small < 60)
        return any_below(a, 14); /* an id, a flag, a token */
    return any_sized(a, bits);
}

static u32 any_u32(struct any *a)
{
    return (u32)any_number(a, 32);
}

static u32 any_account(struct any *a)
{
    return any_u32(a);
}

static u64 any_u64(struct any *a)
{
    return any_number(a, 64);
}

static u128 any_u128(struct any *a)
{
    u64 high = any_below(a, 8) == 0 ? any_sized(a, 64) : 0;

    return (u128)high << 64 | any_sized(a, 64);
}

static struct amount any_amount(struct any *a)
{
    return AMOUNT(any_u128(a));
}

static struct machine any_machine(struct any *a)
{
    struct machine m = {.cpu = (u32)any_sized(a, 12),
                        .ram_gib = (u32)any_sized(a, 16),
                        .disk_gib = (u32)any_sized(a, 16),
                        .disk_nvme_gib = any_u32(a),
                        .compute_score = any_u32(a),
                        .up_mbps = any_u32(a),
                        .down_mbps = any_u32(a),
                        .region = (u16)any_below(a, 2),
                        .compliance = (u8)any_below(a, 9)};

    m.gpu[0] = (struct gpu_line){(u16)any_below(a, 60), (u16)any_sized(a, 16)};
    return m;
}

static struct specs any_specs(struct any *a)
{
    struct specs s = {.cpu = any_u32(a), .ram_gib = any_u32(a), .disk_gib = any_u32(a)};

    s.gpu_model = (u16)any_sized(a, 16);
    s.gpus = (u16)any_sized(a, 16);
    return s;
}

struct tx any_tx(struct any *a)
{
    return any_tx_of(a, (enum tx_kind)any_below(a, TX_KINDS));
}

struct tx any_tx_of(struct any *a, enum tx_kind kind)
{
    struct tx tx = {.kind = kind};

    switch (tx.kind) {
#define FIELD(type, name) body->name = any_##type(a);
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    case TX_##NAME: {                                                                              \
        struct tx_##name *body = &tx.u.name;                                                       \
        fields break;                                                                              \
    }
#include "protocol/tx.def"
#undef TX
#undef FIELD
    case TX_KINDS:
        check_unreachable();
    }
    return tx;
}

struct log any_log_of(struct any *a, enum log_kind kind)
{
    struct log log = {.kind = kind, .tx = LOG_NO_TX};

    switch (kind) {
#define FIELD(type, name) body->name = any_##type(a);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        struct log_##name *body = &log.u.name;                                                     \
        fields break;                                                                              \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        check_unreachable();
    }
    return log;
}
