#include "chain-mock/door/exact.h"
#include "chain-mock/door/market.h"
#include "chain-mock/door/view.h"
#include "chain-mock/wire/abi_print.h"
#include "chain-mock/wire/revert.h"

#include <string.h>

static void open_exact(struct door *d)
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

static void open_market(struct door *d)
{
    struct abi_signature s;

    for (u32 k = 0; k < DOOR_MARKETS; k++)
        d->tables.markets[k] = market_address((enum door_market)k);
    for (u32 k = 0; k < DOOR_MARKET_CALLS; k++) {
        s = abi_signature_of(market_call_text((enum door_market_call)k));
        d->tables.market_calls[k] = abi_selector(&s);
    }
    for (u32 k = 0; k < DOOR_MARKET_READS; k++) {
        s = abi_signature_of(market_read_text((enum door_market_read)k));
        d->tables.market_reads[k] = abi_selector(&s);
    }
    for (u32 k = 0; k < DOOR_MARKET_EVENTS; k++) {
        s = abi_signature_of(market_event_text((enum door_market_event)k));
        d->tables.market_topics[k] = abi_topic(&s);
    }
}

void door_open(struct door *d)
{
    open_exact(d);
    open_market(d);
}

/* Which contract is called: of one of the two sets, or none. */
struct callee {
    bool exact, market;
    enum contract contract;
    enum door_market at;
    u32 token;
};

static struct callee callee_of(const struct door *d, struct address a)
{
    struct callee c = {0};

    c.exact = exact_contract(a, &c.contract);
    c.market = !c.exact && market_contract(d, a, &c.at, &c.token);
    return c;
}

bool door_contract(const struct door *d, struct address a)
{
    struct callee at = callee_of(d, a);

    return at.exact || at.market;
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
    struct callee at = callee_of(d, c->to);
    enum err e = ERR_UnknownCall; /* this chain runs no code, so that there is none to create */

    if (!c->creates && !at.exact && !at.market) {
        *out = sent(d, c);
        return;
    }
    if (!c->creates)
        e = at.exact ? exact_tx(d, at.contract, c, out) : market_tx(d, at.at, at.token, c, out);
    if (e != ERR_None)
        *out = refused(e);
}

bool door_view(struct door *d, const struct door_call *c, u8 *out, size_t room, size_t *n)
{
    struct callee at = callee_of(d, c->to);

    if (c->creates)
        return false;
    return at.exact    ? view_answer(d, at.contract, c->data, out, room, n)
           : at.market ? market_view(d, at.at, at.token, c, out, room, n)
                       : false;
}

size_t door_returned(const struct door *d, const struct door_call *c, u8 out[DOOR_RETURN_BYTES])
{
    struct callee at = callee_of(d, c->to);

    return at.market ? market_returned(d, at.at, c->data, out) : 0;
}

u32 door_logs(const struct door *d, const struct log *log, const struct door_call *told_in,
              struct door_log out[DOOR_LOGS_MAX], u8 *room, size_t size, size_t *used)
{
    size_t more;

    exact_log(d, log, &out[0], room, size);
    *used = out[0].data.n;
    u32 n = 1 + market_logs(d, log, told_in, out + 1, room + *used, size - *used, &more);
    check(n <= DOOR_LOGS_MAX);
    *used += more;
    return n;
}

/* ---- errors ---- */

static void put_selector(u8 out[ABI_SELECTOR_BYTES], u32 selector)
{
    for (u32 i = 0; i < ABI_SELECTOR_BYTES; i++)
        out[i] = (u8)(selector >> (24 - 8 * i));
}

size_t door_revert_exact(const struct door *d, enum err e, u8 out[DOOR_REVERT_BYTES])
{
    if (!exact_has_error(e))
        return 0;
    put_selector(out, d->tables.errors[e]);
    return ABI_SELECTOR_BYTES;
}

size_t door_revert(const struct door *d, const struct door_call *c, enum err e,
                   u8 out[DOOR_REVERT_BYTES])
{
    struct callee at = callee_of(d, c->to);
    size_t n = 0;

    if (!exact_has_error(e))
        return 0;
    if (at.market)
        n = market_revert(d, at.at, at.token, c, e, out);
    return n != 0 ? n : door_revert_exact(d, e, out);
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

    if (e != ERR_None)
        return print_error(exact_error(text, e), data, out);
    return market_revert_text(data, out);
}

/* ---- every contract ---- */

/* Those of the exact set, the deployed ones that have one address, and the known tokens. */
#define MARKETS ((u32)DOOR_MARKET_TOKEN)

u32 door_contracts(void)
{
    return EXACT_CONTRACTS + MARKETS + DOOR_TOKENS_KNOWN;
}

const char *door_contract_name(u32 i)
{
    check(i < door_contracts());
    if (i < EXACT_CONTRACTS)
        return exact_name((enum contract)i);
    i -= EXACT_CONTRACTS;
    return i < MARKETS ? market_name((enum door_market)i) : door_tokens_known[i - MARKETS].symbol;
}

struct address door_contract_address(u32 i)
{
    check(i < door_contracts());
    if (i < EXACT_CONTRACTS)
        return door_exact_address((enum contract)i);
    i -= EXACT_CONTRACTS;
    return i < MARKETS ? market_address((enum door_market)i)
                       : door_tokens_known[i - MARKETS].address;
}

static void exact_entries(enum contract c, struct entries *e)
{
    char text[EXACT_CHARS];

    for (u32 k = 0; k < TX_KINDS; k++) {
        (void)exact_function(text, (enum tx_kind)k);
        if (tx_rows[k].contract == c)
            entries_add(e, text);
    }
    for (u32 k = 0; k < DOOR_VIEWS; k++) {
        (void)view_signature(text, (enum door_view_id)k);
        if (view_contract((enum door_view_id)k) == c)
            entries_add(e, text);
    }
    for (u32 k = 0; k < LOG_KINDS; k++) {
        (void)exact_event(text, (enum log_kind)k);
        if (exact_home((enum log_kind)k) == c)
            entries_add(e, text);
    }
    for (u32 k = 0; k < ERR_KINDS; k++) {
        (void)exact_error(text, (enum err)k);
        if (exact_has_error((enum err)k))
            entries_add(e, text);
    }
}

static bool list(u32 i, struct entries e)
{
    u32 market = i - EXACT_CONTRACTS;

    check(i < door_contracts());
    if (i < EXACT_CONTRACTS)
        exact_entries((enum contract)i, &e);
    else
        market_entries(market < MARKETS ? (enum door_market)market : DOOR_MARKET_TOKEN, &e);
    return entries_end(&e);
}

bool door_contract_json(u32 i, struct sink *out)
{
    return list(i, (struct entries){.out = out, .json = true});
}

bool door_contract_lines(u32 i, struct sink *out)
{
    return list(i, (struct entries){.out = out});
}
