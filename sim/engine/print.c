#include "sim/engine/print.h"

#include "protocol/field.h"

/* ---- values ---- */

static void field_number(FILE *out, const char *name, u128 v)
{
    char digits[40];
    size_t i = sizeof(digits);

    do {
        digits[--i] = "0123456789"[v % 10];
        v /= 10;
    } while (v > 0);
    fprintf(out, "  %s = %.*s\n", name, (int)(sizeof(digits) - i), digits + i);
}

/* In base units, as its encoding has them. */
static void field_amount(FILE *out, const char *name, struct amount v)
{
    u8 bytes[16];
    struct writer w = {bytes, sizeof(bytes)};
    struct reader r = {bytes, sizeof(bytes), true};

    put_amount(&w, v);
    field_number(out, name, get_u128(&r));
}

static void field_machine(FILE *out, const char *name, const struct machine *m)
{
    fprintf(out, "  %s = cpu %u, ram %u, disk %u (nvme %u), score %u, %u/%u Mbit/s, region %u",
            name, m->cpu, m->ram_gib, m->disk_gib, m->disk_nvme_gib, m->compute_score, m->down_mbps,
            m->up_mbps, m->region);
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (m->gpu[i].count > 0)
            fprintf(out, ", gpu %u x %u", m->gpu[i].model, m->gpu[i].count);
    }
    fprintf(out, ", compliance %u\n", m->compliance);
}

static void field_specs(FILE *out, const char *name, const struct specs *s)
{
    fprintf(out, "  %s = cpu %u, ram %u, disk %u, gpu %u x %u\n", name, s->cpu, s->ram_gib,
            s->disk_gib, s->gpu_model, s->gpus);
}

#define PRINT_u32(out, name, v) field_number((out), (name), (v))
#define PRINT_account(out, name, v) field_number((out), (name), (v))
#define PRINT_u64(out, name, v) field_number((out), (name), (v))
#define PRINT_u128(out, name, v) field_number((out), (name), (v))
#define PRINT_amount(out, name, v) field_amount((out), (name), (v))
#define PRINT_machine(out, name, v) field_machine((out), (name), &(v))
#define PRINT_specs(out, name, v) field_specs((out), (name), &(v))
#define FIELD(type, name) PRINT_##type(out, #name, body->name);

void print_tx(FILE *out, const struct tx *tx)
{
    fprintf(out, "  tx = %s, tag %u\n", tx_rows[tx->kind].name, tx->tag);
    switch (tx->kind) {
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    case TX_##NAME: {                                                                              \
        const struct tx_##name *body = &tx->u.name;                                                \
        fields return;                                                                             \
    }
#include "protocol/tx.def"
#undef TX
    case TX_KINDS:
        break;
    }
    check_unreachable();
}

void print_log(FILE *out, const struct log *log)
{
    fprintf(out, "  log = %s\n", log_names[log->kind]);
    switch (log->kind) {
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &log->u.name;                                              \
        fields return;                                                                             \
    }
#include "protocol/log.def"
#undef LOG
    case LOG_KINDS:
        break;
    }
    check_unreachable();
}

static void print_msg(FILE *out, const struct msg *m)
{
    switch (m->kind) {
#define MSG(NAME, name, fields)                                                                    \
    case MSG_##NAME: {                                                                             \
        const struct msg_##name *body = &m->u.name;                                                \
        fprintf(out, "  message = %s\n", #name);                                                   \
        fields return;                                                                             \
    }
#include "protocol/msg.def"
#undef MSG
    case MSG_KINDS:
        break;
    }
    check_unreachable();
}
#undef FIELD

static void print_demand(FILE *out, const struct demand *d)
{
    field_number(out, "id", d->id);
    field_specs(out, "specs", &d->specs);
    field_number(out, "replicas", d->replicas);
    field_number(out, "token", d->token);
    field_amount(out, "max_price", d->max_price);
    field_number(out, "duration_s", d->duration_s);
    field_number(out, "lifetime_s", d->lifetime_s);
    field_number(out, "patience_s", d->patience_s);
    field_number(out, "fail_after_s", d->fail_after_s);
    field_number(out, "update_after_s", d->update_after_s);
    field_specs(out, "update_specs", &d->update_specs);
    field_number(out, "update_replicas", d->update_replicas);
    field_number(out, "region", d->region);
    field_number(out, "tier_worst", d->tier_worst);
    field_number(out, "image_failed", d->image_failed);
    field_number(out, "extend", d->extend);
}

static void print_reverted(FILE *out, const struct reverted *r)
{
    field_number(out, "order", r->order);
    field_number(out, "lease", r->lease);
    field_number(out, "wallet", r->wallet);
    field_number(out, "provider", r->provider);
    field_number(out, "tier", r->tier);
    field_number(out, "funded", r->funded);
    field_number(out, "staked", r->staked);
    field_number(out, "exited", r->exited);
    field_number(out, "forgets", r->forgets);
    for (u32 i = 0; i < REVERTED_TOKENS; i++)
        field_amount(out, "unclaimed", r->unclaimed[i]);
}

/* ---- events and outboxes ---- */

static const char *const event_names[EVENT_KINDS] = {
    [EVENT_START] = "start",   [EVENT_TIMER] = "timer",       [EVENT_MESSAGE] = "message",
    [EVENT_RESULT] = "result", [EVENT_LOG] = "log",           [EVENT_DEMAND] = "demand",
    [EVENT_RESUME] = "resume", [EVENT_REVERTED] = "reverted", [EVENT_STANDS] = "stands",
};

void print_event(FILE *out, const struct event *e)
{
    fprintf(out, "event = %s\n", event_names[e->kind]);
    switch (e->kind) {
    case EVENT_START:
    case EVENT_RESUME:
        return;
    case EVENT_TIMER:
        field_number(out, "tag", e->u.timer.tag);
        field_number(out, "about", e->u.timer.about);
        return;
    case EVENT_MESSAGE:
        field_number(out, "from", e->u.message.from);
        print_msg(out, &e->u.message.msg);
        return;
    case EVENT_RESULT:
        fprintf(out, "  tx = %s\n", tx_rows[e->u.result.tx].name);
        field_number(out, "tag", e->u.result.tag);
        fprintf(out, "  err = %s\n", err_text(e->u.result.err));
        field_number(out, "id", e->u.result.id);
        return;
    case EVENT_LOG:
    case EVENT_STANDS:
        print_log(out, &e->u.log);
        return;
    case EVENT_DEMAND:
        print_demand(out, &e->u.demand);
        return;
    case EVENT_REVERTED:
        print_reverted(out, &e->u.reverted);
        return;
    case EVENT_KINDS:
        break;
    }
    check_unreachable();
}

/* False: not an outbox. */
static bool print_command(FILE *out, struct reader *r)
{
    u32 kind = get_u32(r);
    struct msg msg;
    struct tx tx;

    if (!r->ok || kind > COMMAND_SUBMIT)
        return false;
    switch ((enum command_kind)kind) {
    case COMMAND_SEND:
        fprintf(out, "asks = send\n");
        field_number(out, "account", get_u32(r));
        if (!msg_decode(r, &msg))
            return false;
        print_msg(out, &msg);
        return true;
    case COMMAND_TIMER:
        fprintf(out, "asks = timer\n");
        field_number(out, "after_ns", get_u64(r));
        field_number(out, "tag", get_u32(r));
        field_number(out, "about", get_u64(r));
        return r->ok;
    case COMMAND_SUBMIT:
        fprintf(out, "asks = submit\n");
        if (!tx_decode(r, &tx))
            return false;
        print_tx(out, &tx);
        return true;
    }
    check_unreachable();
}

/* ---- records ---- */

static void print_states(FILE *out, struct reader *r)
{
    if (r->left != RECORD_STATES_BYTES)
        return;
    fprintf(out, "checkpoint\n");
    for (u32 i = 0; i < 2 + CHAIN_MODULES; i++) {
        u64 high = get_u64(r), low = get_u64(r);
        fprintf(out, "  state hash %u = %016llx%016llx\n", i, (unsigned long long)high,
                (unsigned long long)low);
    }
}

static bool print_dispatch(FILE *out, struct reader *r)
{
    struct event e;
    u64 now_ns = get_u64(r);
    u32 to = get_u32(r);

    fprintf(out, "time_ns = %llu\nactor = %u\n", (unsigned long long)now_ns, to);
    if (!event_decode(r, &e))
        return false;
    print_event(out, &e);
    u32 count = get_u32(r);
    for (u32 i = 0; i < count; i++) {
        if (!print_command(out, r))
            return false;
    }
    return r->ok;
}

static void print_newcomer(FILE *out, struct reader *r)
{
    u8 address[sizeof(struct newcomer)];

    get_bytes(r, address, sizeof(address));
    fprintf(out, "newcomer = 0x");
    for (u32 i = 0; i < sizeof(address); i++)
        fprintf(out, "%02x", address[i]);
    fputc('\n', out);
}

static bool print_step(FILE *out, struct reader *r)
{
    struct tx tx;
    u64 now_ns = get_u64(r), slot = get_u64(r);
    u32 newcomers = get_u32(r);

    fprintf(out, "time_ns = %llu\nblock = %llu\n", (unsigned long long)now_ns,
            (unsigned long long)slot);
    for (u32 i = 0; r->ok && i < newcomers; i++)
        print_newcomer(out, r);
    u32 words = get_u32(r);
    for (u32 i = 0; r->ok && i < words; i++)
        field_number(out, "word", get_u32(r));
    u32 count = get_u32(r);
    for (u32 i = 0; r->ok && i < count; i++) {
        u32 from = get_u32(r);
        u64 nonce = get_u64(r);
        u64 gas_limit = get_u64(r);
        struct amount gas_price = get_amount(r);
        if (!tx_decode(r, &tx))
            return false;
        fprintf(out, "transaction = %u of account %u, nonce %llu\n", i, from,
                (unsigned long long)nonce);
        field_number(out, "gas_limit", gas_limit);
        field_amount(out, "gas_price", gas_price);
        print_tx(out, &tx);
        u32 err = get_u32(r);
        fprintf(out, "  err = %s\n", err < ERR_KINDS ? err_text((enum err)err) : "?");
        field_number(out, "id", get_u64(r));
        field_number(out, "gas", get_u32(r));
    }
    return r->ok;
}

static bool print_edit(FILE *out, struct reader *r)
{
    static const char *const kinds[EDIT_KINDS] = {[EDIT_SNAPSHOT] = "snapshot",
                                                  [EDIT_REVERT] = "revert",
                                                  [EDIT_BALANCE] = "balance",
                                                  [EDIT_NONCE] = "nonce"};
    u64 now_ns = get_u64(r);
    struct edit e;
    u128 after;

    fprintf(out, "time_ns = %llu\n", (unsigned long long)now_ns);
    if (!record_edit_read(r, &e, &after))
        return false;
    fprintf(out, "edit = %s\n  address = 0x", kinds[e.kind]);
    for (u32 i = 0; i < sizeof(e.address); i++)
        fprintf(out, "%02x", e.address[i]);
    fputc('\n', out);
    field_amount(out, "value", e.value);
    fprintf(out, "  state hash after it = %016llx%016llx\n", (unsigned long long)(after >> 64),
            (unsigned long long)after);
    return true;
}

void print_record(FILE *out, const struct record *r)
{
    struct reader in = {r->bytes, r->size, true};
    struct record known = *r;
    bool whole = record_recognise(&known);

    (void)get_u32(&in); /* the kind */
    fprintf(out, "record = %llu\n", (unsigned long long)r->number);
    switch (whole ? known.kind : RECORD_END) {
    case RECORD_DISPATCH:
        whole = print_dispatch(out, &in);
        break;
    case RECORD_STEP:
        whole = print_step(out, &in);
        break;
    case RECORD_EDIT:
        whole = print_edit(out, &in);
        break;
    case RECORD_END:
        break;
    }
    if (whole)
        print_states(out, &in);
    else
        fprintf(out, "the rest cannot be read\n");
    fprintf(out, "rolling hash after it = %016llx\n", (unsigned long long)r->hash);
}
