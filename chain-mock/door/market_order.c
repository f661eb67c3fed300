/* market_order - OrderRequest and Bid: orders and what is bid on them. */
#include "chain-mock/door/market.h"
#include "chain-mock/door/rate.h"
#include "chain-mock/state/slot.h"

#define TIERS_OF_LIST 7u /* values 0..6 for tiers 1..7 */
#define MODE_PROVIDER 1u

enum { STATE_OPEN, STATE_PROVISIONED, STATE_CLOSED, STATE_MATCHED }; /* sdk.md b.1 */

/* ---- what is asked ---- */

struct details {
    struct amount max_price; /* per block */
    u64 blocks;
    u32 token, tier_worst;
    struct slice text;
    bool provider_mode;
};

/* The worst tier of a list; of an empty one any will do. */
static u32 get_tiers(struct abi_reader *r)
{
    u64 worst = 0;
    size_t n = abi_enter(r);

    for (size_t i = n; i > 0; i--) {
        u64 tier = abi_get_u64(r) + 1;
        worst = tier > worst ? tier : worst;
    }
    abi_leave(r);
    return n == 0 ? TIERS_OF_LIST : (u32)worst;
}

static struct details get_details(struct market *m)
{
    struct abi_reader *r = &m->in;
    struct details x;

    abi_enter(r);
    x.max_price = abi_get_amount(r);
    x.blocks = abi_get_u64(r);
    x.token = market_token_at(m->d, abi_get_address(r));
    x.text = abi_get_bytes(r);
    (void)abi_get_u64(r); /* version */
    x.provider_mode = abi_get_u64(r) == MODE_PROVIDER;
    x.tier_worst = get_tiers(r);
    abi_leave(r);
    return x;
}

struct asked {
    struct spec_order spec;
    struct amount max_price;
    u64 duration_s;
};

/* In the chain's units: None, or the first thing that is wrong.  There are no Fizz nodes here that
 * could serve the other mode. */
static enum err ask(const struct market *m, const struct details *x, struct asked *out)
{
    const struct params *p = &m->s->params;
    struct text text = {(const char *)x->text.at, x->text.n};

    if (x->token >= TOKENS_MAX)
        return ERR_TokenNotRegistered;
    if (!x->provider_mode || x->tier_worst > TIERS_OF_LIST || text.n > MARKET_TEXT_MAX ||
        !spec_read_order(&out->spec, text, market_regions(m->d)))
        return ERR_InvalidArgument;
    out->duration_s = rate_of_blocks(x->blocks, p->block_time_ms);
    if (out->duration_s == 0 || out->duration_s > p->max_duration_s)
        return ERR_DurationTooLong;
    return rate_of_block_price(&out->max_price, x->max_price,
                               token_at(m->s, x->token + 1)->decimals, p->block_time_ms)
               ? ERR_None
               : ERR_Overflow;
}

enum err market_create_order(struct market *m, struct tx *out)
{
    struct details x = get_details(m);
    struct asked asked;
    enum err e = market_read_all(m);

    if (e == ERR_None)
        e = ask(m, &x, &asked);
    if (e != ERR_None)
        return e;
    *out = (struct tx){.kind = TX_CREATE_ORDER,
                       .u.create_order = {.token = x.token,
                                          .specs = asked.spec.specs,
                                          .replicas = asked.spec.replicas,
                                          .max_price = asked.max_price,
                                          .duration_s = asked.duration_s,
                                          .region = asked.spec.region,
                                          .tier_worst = x.tier_worst}};
    return ERR_None;
}

/* settled 109: "the request (block N) names specs, replicas, max price and duration"; the lease's
 * token, region and provider stay. */
enum err market_update_order(struct market *m, struct tx *out)
{
    u64 order = abi_get_u64(&m->in);
    struct details x = get_details(m);
    struct asked asked;
    enum err e = market_read_all(m);

    if (e != ERR_None)
        return e;
    u32 row = market_lease_of(m->s, order);
    if (row == 0)
        return order_find(m->s, order) == 0 ? ERR_OrderNotFound : ERR_LeaseNotFound;
    x.token = lease_at(m->s, row)->token;
    e = ask(m, &x, &asked);
    if (e != ERR_None)
        return e;
    *out = (struct tx){.kind = TX_REQUEST_UPDATE,
                       .u.request_update = {.lease = lease_at(m->s, row)->id,
                                            .specs = asked.spec.specs,
                                            .replicas = asked.spec.replicas,
                                            .max_price = asked.max_price,
                                            .duration_s = asked.duration_s}};
    return ERR_None;
}

/* ---- bids ---- */

enum err market_place_bid(struct market *m, struct tx *out)
{
    u64 order = abi_get_u64(&m->in);
    struct amount price = abi_get_amount(&m->in);
    u64 fizz = market_get_id(m);
    enum err e = market_read_all(m);

    if (e != ERR_None)
        return e;
    u32 row = order_find(m->s, order);
    if (row == 0)
        return order == 0 || order >= state_meta(m->s)->next_order ? ERR_OrderNotFound
                                                                   : ERR_OrderNotOpen;
    if (fizz != 0)
        return ERR_InvalidArgument;
    *out = (struct tx){.kind = TX_PLACE_BID, .u.place_bid = {.order = order}};
    return rate_of_block_price(&out->u.place_bid.price, price,
                               token_at(m->s, order_at(m->s, row)->token + 1)->decimals,
                               m->s->params.block_time_ms)
               ? ERR_None
               : ERR_Overflow;
}

/* The deployed call names no price: the provider takes what the tenant would pay at most. */
enum err market_accept_update(struct market *m, struct tx *out)
{
    u64 order = abi_get_u64(&m->in);
    enum err e = market_read_all(m);

    if (e != ERR_None)
        return e;
    const struct lease_row *l = lease_at(m->s, market_lease_of(m->s, order));
    *out = (struct tx){.kind = TX_ACCEPT_UPDATE,
                       .u.accept_update = {.lease = l->id, .price = l->update_max_price}};
    return ERR_None;
}

/* settled 12: "the match is made in block N+3 after its moments", by the chain itself. */
enum err market_match_order(struct market *m, struct tx *out)
{
    (void)out;
    (void)abi_get_u64(&m->in);
    (void)abi_get_address(&m->in);
    (void)abi_get_word(&m->in);
    enum err e = market_read_all(m);
    return e == ERR_None ? ERR_MissingRole : e;
}

enum err market_finish_update(struct market *m, struct tx *out)
{
    (void)out;
    (void)abi_get_u64(&m->in);
    (void)abi_get_word(&m->in);
    enum err e = market_read_all(m);
    return e == ERR_None ? ERR_MissingRole : e;
}

/* ---- what is read of orders ---- */

struct shown {
    struct spec_order spec;
    struct amount price; /* per block */
    u64 id, blocks;
    u32 token, creator, tier_worst, state;
};

static struct shown shown_order(const struct market *m, const struct order_row *o)
{
    return (struct shown){.spec = {o->specs, o->replicas, o->region},
                          .price = market_price(m->d, o->max_price, o->token),
                          .id = o->id,
                          .blocks = market_blocks(m->d, o->duration_s),
                          .token = o->token,
                          .creator = o->creator,
                          .tier_worst = o->tier_worst,
                          .state = STATE_OPEN};
}

/* An order that has a lease is what the lease says of it; what it would have paid is gone. */
static struct shown shown_lease(const struct market *m, const struct lease_row *l)
{
    return (struct shown){.spec = {l->specs, l->replicas, REGION_NONE},
                          .price = market_price(m->d, l->price, l->token),
                          .id = l->order,
                          .blocks = market_blocks(m->d, l->agreed_s),
                          .token = l->token,
                          .creator = l->tenant,
                          .tier_worst = TIERS_OF_LIST,
                          .state = l->ended_s == INTERVAL_OPEN ? STATE_MATCHED : STATE_CLOSED};
}

/* All zero: the chain has it no more, or never had. */
static struct shown shown_of(const struct market *m, u64 order)
{
    u32 row = order_find(m->s, order), lease;

    if (row != 0)
        return shown_order(m, order_at(m->s, row));
    lease = market_lease_of(m->s, order);
    return lease != 0 ? shown_lease(m, lease_at(m->s, lease)) : (struct shown){0};
}

static void put_order(struct market *m, const struct shown *x)
{
    struct abi_writer *w = &m->out;
    char text[MARKET_SPEC_CHARS];
    struct address nobody = {{0}};
    struct slice words = {NULL, 0};

    if (x->id != 0)
        words = market_order_text(m->d, &x->spec, x->id, text);
    abi_put_u128(w, x->id);
    abi_put_amount(w, x->price);
    abi_put_u128(w, x->blocks);
    abi_put_address(w, x->id == 0 ? nobody : market_token_address(m->d, x->token));
    abi_put_address(w, field_address(m->d, x->creator));
    abi_put_u128(w, x->state);
    abi_begin(w, 0);
    abi_put_bytes(w, words);
    abi_put_u128(w, x->id != 0); /* version 1 */
    abi_put_u128(w, x->id != 0); /* MODE_PROVIDER */
    abi_begin(w, x->tier_worst);
    for (u32 tier = 0; tier < x->tier_worst; tier++)
        abi_put_u128(w, tier);
    abi_end(w);
    abi_end(w);
}

void market_order_by_id(struct market *m)
{
    struct shown x = shown_of(m, abi_get_u64(&m->in));

    abi_begin(&m->out, 0);
    put_order(m, &x);
    abi_end(&m->out);
}

void market_orders(struct market *m)
{
    struct shown x = shown_of(m, abi_get_u64(&m->in));

    put_order(m, &x);
}

/* Those that are open. */
void market_all_orders(struct market *m)
{
    u64 next = state_meta(m->s)->next_order, n = 0;

    for (u64 id = 1; id < next; id++)
        n += order_find(m->s, id) != 0;
    abi_begin(&m->out, n);
    for (u64 id = 1; id < next; id++) {
        if (order_find(m->s, id) == 0)
            continue;
        struct shown x = shown_order(m, order_at(m->s, order_find(m->s, id)));
        abi_begin(&m->out, 0);
        put_order(m, &x);
        abi_end(&m->out);
    }
    abi_end(&m->out);
}

void market_min_blocks(struct market *m)
{
    abi_put_u128(&m->out, 1);
}

void market_max_blocks(struct market *m)
{
    const struct params *p = &m->s->params;

    abi_put_u128(&m->out, ((u128)p->max_duration_s * 1000 + 999) / p->block_time_ms);
}

/* ---- what is read of bids ---- */

/* The nth bid of an order, the first placed being 0; 0: there are not so many. */
static u32 bid_row(const struct state *s, u32 order, u64 nth)
{
    u64 count = 0;

    for (u32 row = order_at(s, order)->bid_head; row != 0; row = bid_at(s, row)->next)
        count++;
    if (nth >= count)
        return 0;
    u32 row = order_at(s, order)->bid_head; /* the last one */
    for (u64 back = count - 1; back > nth; back--)
        row = bid_at(s, row)->next;
    return row;
}

static void put_bid(struct market *m, u32 row)
{
    const struct bid_row *b = bid_at(m->s, row);
    struct abi_writer *w = &m->out;
    u32 order = order_find(m->s, b->order);

    abi_put_u128(w, b->order);
    abi_put_address(w, field_address(m->d, provider_at(m->s, b->provider)->account));
    abi_put_amount(w, row == 0 ? AMOUNT(0)
                               : market_price(m->d, b->price, order_at(m->s, order)->token));
    abi_put_u128(w, 0); /* no Fizz node */
    abi_put_u128(w, row == 0 ? 0 : market_unix(m->d, slot_second(&m->s->params, b->block)));
    abi_put_u128(w, 0);
}

void market_bids(struct market *m)
{
    u32 order = order_find(m->s, abi_get_u64(&m->in));

    put_bid(m, bid_row(m->s, order, market_get_id(m)));
}

void market_all_bids(struct market *m)
{
    u32 order = order_find(m->s, abi_get_u64(&m->in)), n = 0;

    while (bid_row(m->s, order, n) != 0)
        n++;
    abi_begin(&m->out, n);
    for (u32 i = 0; i < n; i++) {
        abi_begin(&m->out, 0);
        put_bid(m, bid_row(m->s, order, i));
        abi_end(&m->out);
    }
    abi_end(&m->out);
}

void market_bid_of(struct market *m)
{
    u32 order = order_find(m->s, abi_get_u64(&m->in));
    u32 account = market_find(m, abi_get_address(&m->in));
    u32 provider = account == 0 ? 0 : chain_account_provider(m->d->chain, account);
    u32 row = order_at(m->s, order)->bid_head;

    while (row != 0 && (provider == 0 || bid_at(m->s, row)->provider != provider))
        row = bid_at(m->s, row)->next;
    abi_begin(&m->out, 0);
    put_bid(m, row);
    abi_end(&m->out);
}
