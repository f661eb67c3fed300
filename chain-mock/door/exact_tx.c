/* exact_tx - calls of the exact set, in and out. */
#include "chain-mock/door/exact.h"
#include "chain-mock/wire/revert.h"

/* ---- out ---- */

static void put_responses(struct abi_writer *w, const struct tx_report_responses *a,
                          const u32 *words)
{
    abi_put_u128(w, a->first);
    abi_begin(w, a->count);
    for (u32 i = 0; i < a->count; i++)
        abi_put_u128(w, words[a->offset + i]);
    abi_end(w);
}

static void put_fields(struct field_writer *f, const struct tx *tx)
{
    switch (tx->kind) {
#define FIELD(type, name) field_put_##type(f, body->name);
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    case TX_##NAME: {                                                                              \
        const struct tx_##name *body = &tx->u.name;                                                \
        fields return;                                                                             \
    }
#include "protocol/tx.def"
#undef TX
#undef FIELD
    case TX_KINDS:
        break;
    }
    check_unreachable();
}

size_t door_call_write(const struct door *d, const struct tx *tx, const u32 *words, u8 *out,
                       size_t room)
{
    char text[EXACT_CHARS];
    size_t n;

    if (tx_rows[tx->kind].contract == CONTRACT_COIN)
        return 0;
    struct abi_signature s = exact_function(text, tx->kind);
    struct field_writer f = {.door = d, .w = abi_writer_of_call(&s, out, room)};
    if (tx->kind == TX_REPORT_RESPONSES)
        put_responses(&f.w, &tx->u.report_responses, words);
    else
        put_fields(&f, tx);
    bool whole = abi_finish(&f.w, &n);
    (void)whole;
    return n;
}

/* ---- in ---- */

/* A word is asked for only when all have been looked at. */
static void get_responses(struct field_reader *f, struct tx_report_responses *a)
{
    struct abi_reader *r = &f->r;

    a->first = (u32)abi_get_u64(r);
    a->count = (u32)abi_enter(r);
    a->offset = 0;
    for (u32 i = 0; i < a->count; i++) {
        u32 word = (u32)abi_get_u64(r);
        u32 at = f->accounts == ACCOUNTS_MADE ? f->door->word(f->door->about, word) : i;
        if (i == 0)
            a->offset = at;
        check(at == a->offset + i);
    }
    abi_leave(r);
}

static void get_fields(struct field_reader *f, struct tx *tx)
{
    switch (tx->kind) {
#define FIELD(type, name) body->name = field_get_##type(f);
#define TX(NAME, name, contract, gas, roles, fields, doc)                                          \
    case TX_##NAME: {                                                                              \
        struct tx_##name *body = &tx->u.name;                                                      \
        fields return;                                                                             \
    }
#include "protocol/tx.def"
#undef TX
#undef FIELD
    case TX_KINDS:
        break;
    }
    check_unreachable();
}

static enum err get_call(struct door *d, struct slice data, enum field_accounts accounts,
                         struct tx *out)
{
    char text[EXACT_CHARS];
    struct abi_signature s = exact_function(text, out->kind);
    struct field_reader f = {
        .door = d, .r = abi_reader_at(s.inputs, data, ABI_SELECTOR_BYTES), .accounts = accounts};

    if (out->kind == TX_REPORT_RESPONSES)
        get_responses(&f, &out->u.report_responses);
    else
        get_fields(&f, out);
    if (abi_done(&f.r))
        return ERR_None;
    return f.r.fault.kind == FAULT_ABI_BEYOND_128 ? ERR_Overflow : ERR_UnknownCall;
}

static enum tx_kind function_at(const struct door *d, enum contract at, struct slice data)
{
    u32 selector;

    if (!revert_selector(data, &selector))
        return TX_KINDS;
    for (u32 k = 0; k < TX_KINDS; k++) {
        if (tx_rows[k].contract == at && d->tables.selectors[k] == selector)
            return (enum tx_kind)k;
    }
    return TX_KINDS;
}

/* As Solidity's dispatcher: the selector, then the value, then the arguments. */
enum err exact_tx(struct door *d, enum contract at, const struct door_call *c, struct tx *out)
{
    *out = (struct tx){.kind = function_at(d, at, c->data)};
    if (out->kind == TX_KINDS)
        return ERR_UnknownCall;
    if (amount_cmp(c->value, AMOUNT(0)) != 0)
        return ERR_NotPayable;
    enum err e = get_call(d, c->data, ACCOUNTS_NOT, out);
    return e == ERR_None ? get_call(d, c->data, ACCOUNTS_MADE, out) : e;
}
