#include "chain-mock/door/exact.h"
#include "chain-mock/door/view.h"
#include "chain-mock/wire/abi_json.h"
#include "chain-mock/wire/abi_print.h"
#include "chain-mock/wire/revert.h"

#include <string.h>

void door_open(struct door *d)
{
    char text[EXACT_CHARS];
    struct abi_signature s;

    for (u32 k = 0; k < TX_KINDS; k++) {
        s = exact_function(text, (enum tx_kind)k);
        d->tables.selectors[k] = abi_selector(&s);
    }
    for (u32 k = 0; k < LOG_KINDS; k++) {
        s = exact_event(text, (enum log_kind)k);
        d->tables.topics[k] = abi_topic(&s);
    }
    for (u32 k = 0; k < ERR_KINDS; k++) {
        s = exact_error(text, (enum err)k);
        d->tables.errors[k] = abi_selector(&s);
    }
    for (u32 k = 0; k < DOOR_VIEWS; k++) {
        s = view_signature(text, (enum door_view_id)k);
        d->tables.views[k] = abi_selector(&s);
    }
}

bool door_contract(const struct door *d, struct address a)
{
    enum contract c;

    (void)d;
    return exact_contract(a, &c);
}

static struct tx refused(enum err reason)
{
    return (struct tx){.kind = TX_REFUSED, .u.refused = {.reason = (u32)reason}};
}

/* Ethereum's plain transfer: an account that is no contract has no use for data. */
static struct tx sent(struct door *d, const struct door_call *c)
{
    bool nobody = address_equal(c->to, (struct address){{0}});

    return (struct tx){
        .kind = TX_SEND,
        .u.send = {.to = nobody ? 0 : d->account(d->about, c->to), .amount = c->value}};
}

void door_tx(struct door *d, const struct door_call *c, struct tx *out)
{
    enum contract at;
    enum err e = ERR_UnknownCall; /* this chain runs no code, so that there is none to create */

    if (!c->creates && !exact_contract(c->to, &at)) {
        *out = sent(d, c);
        return;
    }
    if (!c->creates)
        e = exact_tx(d, at, c, out);
    if (e != ERR_None)
        *out = refused(e);
}

bool door_view(struct door *d, const struct door_call *c, u8 *out, size_t room, size_t *n)
{
    enum contract at;

    return !c->creates && exact_contract(c->to, &at) && view_answer(d, at, c->data, out, room, n);
}

u32 door_logs(const struct door *d, const struct log *log, const struct door_call *told_in,
              struct door_log out[DOOR_LOGS_MAX], u8 *room, size_t size, size_t *used)
{
    (void)told_in;
    exact_log(d, log, &out[0], room, size);
    *used = out[0].data.n;
    return 1;
}

/* ---- errors ---- */

static void put_selector(u8 out[ABI_SELECTOR_BYTES], u32 selector)
{
    for (u32 i = 0; i < ABI_SELECTOR_BYTES; i++)
        out[i] = (u8)(selector >> (24 - 8 * i));
}

size_t door_revert(const struct door *d, const struct door_call *c, enum err e,
                   u8 out[DOOR_REVERT_BYTES])
{
    (void)c;
    if (!exact_has_error(e))
        return 0;
    put_selector(out, d->tables.errors[e]);
    return ABI_SELECTOR_BYTES;
}

enum err door_revert_read(const struct door *d, struct slice data)
{
    u32 selector;

    if (!revert_selector(data, &selector) || data.n != ABI_SELECTOR_BYTES)
        return ERR_None;
    for (u32 k = 0; k < ERR_KINDS; k++) {
        if (exact_has_error((enum err)k) && d->tables.errors[k] == selector)
            return (enum err)k;
    }
    return ERR_None;
}

/* "BiddingClosed()" or "InsufficientBalance(5, 100)"; false: the data are not of this error. */
static bool print_error(struct abi_signature s, struct slice data, struct sink *out)
{
    struct fault fault;

    sink_add(out, s.name);
    return abi_print(out, s.inputs, data, ABI_SELECTOR_BYTES, &fault);
}

bool door_revert_text(const struct door *d, struct slice data, struct sink *out)
{
    char text[EXACT_CHARS];
    enum err e = door_revert_read(d, data);

    return e != ERR_None && print_error(exact_error(text, e), data, out);
}

/* ---- every contract ---- */

u32 door_contracts(void)
{
    return EXACT_CONTRACTS;
}

const char *door_contract_name(u32 i)
{
    return exact_name((enum contract)i);
}

struct address door_contract_address(u32 i)
{
    return door_exact_address((enum contract)i);
}

static void add_entry(struct sink *out, struct abi_signature s, bool *first)
{
    sink_chars(out, *first ? "[\n" : ",\n");
    *first = false;
    abi_json(out, &s);
}

static void add_exact(struct sink *out, enum contract c)
{
    char text[EXACT_CHARS];
    bool first = true;

    for (u32 k = 0; k < TX_KINDS; k++) {
        if (tx_rows[k].contract == c)
            add_entry(out, exact_function(text, (enum tx_kind)k), &first);
    }
    for (u32 k = 0; k < DOOR_VIEWS; k++) {
        if (view_contract((enum door_view_id)k) == c)
            add_entry(out, view_signature(text, (enum door_view_id)k), &first);
    }
    for (u32 k = 0; k < LOG_KINDS; k++) {
        if (exact_home((enum log_kind)k) == c)
            add_entry(out, exact_event(text, (enum log_kind)k), &first);
    }
    for (u32 k = 0; k < ERR_KINDS; k++) {
        if (exact_has_error((enum err)k))
            add_entry(out, exact_error(text, (enum err)k), &first);
    }
}

bool door_contract_json(const struct door *d, u32 i, struct sink *out)
{
    (void)d;
    add_exact(out, (enum contract)i);
    sink_chars(out, "\n]\n");
    return sink_end(out);
}
