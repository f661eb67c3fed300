#include "chain-mock/door/market.h"

#include "chain-mock/door/rate.h"
#include "chain-mock/wire/hex.h"
#include "chain-mock/wire/revert.h"

#include <string.h>

/* ---- the rows ---- */

static const struct {
    const char *name, *address;
} markets[DOOR_MARKETS] = {
#define MARKET(NAME, name, address) [DOOR_MARKET_##NAME] = {name, address},
#include "chain-mock/door/market.def"
#undef MARKET
};

struct row {
    enum door_market at;
    const char *text;
};

static const struct row calls[DOOR_MARKET_CALLS] = {
#define MARKET_CALL(MARKET, name, signature) [DOOR_CALL_##name] = {DOOR_MARKET_##MARKET, signature},
#include "chain-mock/door/market.def"
#undef MARKET_CALL
};

static const struct row reads[DOOR_MARKET_READS] = {
#define MARKET_READ(MARKET, name, signature) [DOOR_READ_##name] = {DOOR_MARKET_##MARKET, signature},
#include "chain-mock/door/market.def"
#undef MARKET_READ
};

static const struct row events[DOOR_MARKET_EVENTS] = {
#define MARKET_EVENT(MARKET, name, signature)                                                      \
    [DOOR_EVENT_##name] = {DOOR_MARKET_##MARKET, signature},
#include "chain-mock/door/market.def"
#undef MARKET_EVENT
};

const char *market_name(enum door_market m)
{
    return markets[m].name;
}

const char *market_call_text(enum door_market_call id)
{
    return calls[id].text;
}

const char *market_read_text(enum door_market_read id)
{
    return reads[id].text;
}

const char *market_event_text(enum door_market_event id)
{
    return events[id].text;
}

enum door_market market_of_call(enum door_market_call id)
{
    return calls[id].at;
}

enum door_market market_of_read(enum door_market_read id)
{
    return reads[id].at;
}

enum door_market market_of_event(enum door_market_event id)
{
    return events[id].at;
}

/* ---- where they are ---- */

struct address market_address(enum door_market m)
{
    struct address a = {{0}};
    struct text t = {markets[m].address, strlen(markets[m].address)};
    struct fault fault = {0};

    if (m != DOOR_MARKET_TOKEN)
        check(hex_read_fixed(a.byte, sizeof(a.byte), t, &fault));
    return a;
}

u32 market_token_at(const struct door *d, struct address a)
{
    u32 tokens = d->chain->state.tables[TABLE_TOKEN].count - 1;

    for (u32 t = 0; t < d->token_count && t < tokens; t++) {
        if (address_equal(d->tokens[t].address, a))
            return t;
    }
    return TOKENS_MAX;
}

struct address market_token_address(const struct door *d, u32 token)
{
    return token < d->token_count ? d->tokens[token].address : (struct address){{0}};
}

bool market_contract(const struct door *d, struct address a, enum door_market *out, u32 *token)
{
    *token = market_token_at(d, a);
    *out = DOOR_MARKET_TOKEN;
    if (*token != TOKENS_MAX)
        return true;
    for (u32 m = 0; m < DOOR_MARKET_TOKEN; m++) {
        *out = (enum door_market)m;
        if (address_equal(d->tables.markets[m], a))
            return true;
    }
    return false;
}

_Static_assert(DOOR_MARKET_TOKEN == DOOR_MARKETS - 1, "the last: those before it have addresses");

/* ---- calls ---- */

static enum door_market_call call_at(const struct door *d, enum door_market at, struct slice data)
{
    u32 selector;

    if (!revert_selector(data, &selector))
        return DOOR_MARKET_CALLS;
    for (u32 k = 0; k < DOOR_MARKET_CALLS; k++) {
        if (calls[k].at == at && d->tables.market_calls[k] == selector)
            return (enum door_market_call)k;
    }
    return DOOR_MARKET_CALLS;
}

static enum err handle_call(struct market *m, enum door_market_call id, struct tx *out)
{
    switch (id) {
#define MARKET_CALL(MARKET, name, signature)                                                       \
    case DOOR_CALL_##name:                                                                         \
        return market_##name(m, out);
#include "chain-mock/door/market.def"
#undef MARKET_CALL
    case DOOR_MARKET_CALLS:
        break;
    }
    check_unreachable();
}

static struct market market_of(struct door *d, enum door_market at, u32 token, const char *text,
                               const struct door_call *c)
{
    return (struct market){
        .d = d,
        .s = &d->chain->state,
        .at = at,
        .token = token,
        .from = c->from,
        .in = abi_reader_at(abi_signature_of(text).inputs, c->data, ABI_SELECTOR_BYTES)};
}

enum err market_tx(struct door *d, enum door_market at, u32 token, const struct door_call *c,
                   struct tx *out)
{
    enum door_market_call id = call_at(d, at, c->data);

    if (id == DOOR_MARKET_CALLS)
        return ERR_UnknownCall;
    if (amount_cmp(c->value, AMOUNT(0)) != 0)
        return ERR_NotPayable; /* the escrow holds tokens, not the coin */
    struct market m = market_of(d, at, token, calls[id].text, c);
    *out = (struct tx){0};
    return handle_call(&m, id, out);
}

enum err market_read_all(struct market *m)
{
    if (abi_done(&m->in))
        return ERR_None;
    return m->in.fault.kind == FAULT_ABI_BEYOND_128 ? ERR_Overflow : ERR_UnknownCall;
}

/* matchOrder() has another output, and never succeeds. */
size_t market_returned(const struct door *d, enum door_market at, struct slice data,
                       u8 out[DOOR_RETURN_BYTES])
{
    enum door_market_call id = call_at(d, at, data);
    size_t n;

    if (at != DOOR_MARKET_TOKEN || id == DOOR_MARKET_CALLS)
        return 0;
    struct abi_writer w =
        abi_writer_of(abi_signature_of(calls[id].text).outputs, out, DOOR_RETURN_BYTES);
    abi_put_bool(&w, true);
    check(abi_finish(&w, &n));
    return n;
}

/* ---- views ---- */

static enum door_market_read read_at(const struct door *d, enum door_market at, struct slice data)
{
    u32 selector;

    if (!revert_selector(data, &selector))
        return DOOR_MARKET_READS;
    for (u32 k = 0; k < DOOR_MARKET_READS; k++) {
        if (reads[k].at == at && d->tables.market_reads[k] == selector)
            return (enum door_market_read)k;
    }
    return DOOR_MARKET_READS;
}

static void handle_read(struct market *m, enum door_market_read id)
{
    switch (id) {
#define MARKET_READ(MARKET, name, signature)                                                       \
    case DOOR_READ_##name:                                                                         \
        market_##name(m);                                                                          \
        return;
#include "chain-mock/door/market.def"
#undef MARKET_READ
    case DOOR_MARKET_READS:
        break;
    }
    check_unreachable();
}

bool market_view(struct door *d, enum door_market at, u32 token, const struct door_call *c, u8 *out,
                 size_t room, size_t *n)
{
    enum door_market_read id = read_at(d, at, c->data);

    if (id == DOOR_MARKET_READS)
        return false;
    struct market m = market_of(d, at, token, reads[id].text, c);
    m.out = abi_writer_of(abi_signature_of(reads[id].text).outputs, out, room);
    handle_read(&m, id);
    bool whole = abi_finish(&m.out, n);
    (void)whole; /* *n says what is needed */
    return abi_done(&m.in);
}

/* ---- for the handlers ---- */

u32 market_find(struct market *m, struct address a)
{
    u32 account = address_equal(a, (struct address){{0}}) ? 0 : m->d->find(m->d->about, a);

    return account <= chain_accounts(m->d->chain) ? account : 0;
}

u32 market_account(struct market *m, struct address a)
{
    return address_equal(a, (struct address){{0}}) ? 0 : m->d->account(m->d->about, a);
}

u64 market_get_id(struct market *m)
{
    u64 id = 0;

    return bytes32_to_u64(abi_get_word(&m->in), &id) ? id : 0;
}

struct amount market_price(const struct door *d, struct amount price, u32 token)
{
    const struct state *s = &d->chain->state;

    return rate_to_block_price(price, token_at(s, token + 1)->decimals, s->params.block_time_ms);
}

u64 market_blocks(const struct door *d, u64 seconds)
{
    return rate_to_blocks(seconds, d->chain->state.params.block_time_ms);
}

static u32 u32_most(u64 v)
{
    return v > UINT32_MAX ? UINT32_MAX : (u32)v;
}

u32 market_unix(const struct door *d, u64 second)
{
    return second > UINT32_MAX ? UINT32_MAX : u32_most(second + d->genesis_unix_s);
}

u32 market_block_at(const struct door *d, u64 second)
{
    return u32_most(slot_at_second(&d->chain->state.params, second));
}

struct spec_regions market_regions(const struct door *d)
{
    return (struct spec_regions){d->regions, d->region_count};
}

struct slice market_order_text(const struct door *d, const struct spec_order *o, u64 order,
                               char out[MARKET_SPEC_CHARS])
{
    struct sink sink = SINK(out, MARKET_SPEC_CHARS);

    spec_write_order(&sink, o, order, market_regions(d));
    check(sink_end(&sink));
    return SLICE((const u8 *)out, sink.n);
}

struct slice market_machine_text(const struct door *d, u32 provider, char out[MARKET_SPEC_CHARS])
{
    struct sink sink = SINK(out, MARKET_SPEC_CHARS);

    spec_write_machine(&sink, &provider_at(&d->chain->state, provider)->machine, provider,
                       market_regions(d));
    check(sink_end(&sink));
    return SLICE((const u8 *)out, sink.n);
}
