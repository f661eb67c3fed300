/* market_log - events of the deployed contracts, beside the exact one of the same log. */
#include "chain-mock/door/market.h"
#include "chain-mock/wire/revert.h"

#define MODE_PROVIDER 1u
#define VERSION 1u

enum { MOVED_IN, MOVED_OUT };            /* movementType; the deployed numbers are not published */
enum { STATE_ACTIVE, STATE_TERMINATED }; /* sdk.md b.3 */

struct teller {
    const struct door *d;
    const struct state *s;
    const struct door_call *told_in;
    struct door_log *out; /* the next one */
    u32 count;
    u8 *room;
    size_t size, used;
    struct abi_writer w;
    struct abi_members left; /* parameters to come, topics first */
};

/* ---- one event ---- */

static struct address home(const struct teller *t, enum door_market_event id, u32 token)
{
    enum door_market at = market_of_event(id);

    return at == DOOR_MARKET_TOKEN ? market_token_address(t->d, token) : t->d->tables.markets[at];
}

/* token: whose event it is, of a token's contract. */
static void begin(struct teller *t, enum door_market_event id, u32 token)
{
    struct abi_signature s = abi_signature_of(market_event_text(id));
    struct abi_members data;
    struct abi_param p;

    *t->out = (struct door_log){.address = home(t, id, token), .topic_count = 1};
    t->out->topics[0] = t->d->tables.market_topics[id];
    t->left = data = abi_members_of_list(s.inputs);
    while (abi_members_next(&t->left, &p) && p.indexed) /* topics come first in all of them */
        data = t->left;
    t->left = abi_members_of_list(s.inputs);
    t->w = abi_writer_of(data.types, t->room + t->used, t->size - t->used);
}

static void put(struct teller *t, struct bytes32 word)
{
    struct abi_param p;

    check(abi_members_next(&t->left, &p));
    if (p.indexed)
        t->out->topics[t->out->topic_count++] = word;
    else
        abi_put_word(&t->w, word);
}

static void put_number(struct teller *t, u128 v)
{
    put(t, bytes32_of_u128(v));
}

static void put_value(struct teller *t, struct amount v)
{
    put(t, bytes32_of_amount(v));
}

static void put_address(struct teller *t, struct address a)
{
    put(t, address_to_bytes32(a));
}

static void put_account(struct teller *t, u32 account)
{
    put_address(t, field_address(t->d, account));
}

static void put_provider(struct teller *t, u32 provider)
{
    put_account(t, chain_provider_account(t->d->chain, provider));
}

static void put_token(struct teller *t, u32 token)
{
    put_address(t, market_token_address(t->d, token));
}

static void put_text(struct teller *t, struct slice text)
{
    struct abi_param p;

    check(abi_members_next(&t->left, &p));
    abi_put_bytes(&t->w, text);
}

static void end(struct teller *t)
{
    size_t n;

    check(abi_finish(&t->w, &n));
    t->out->data = SLICE(t->room + t->used, n);
    t->used += n;
    t->out++;
    t->count++;
}

/* ---- orders ---- */

/* The text that came with a call of OrderRequest; false: it was told otherwise. */
static bool text_of_call(const struct teller *t, enum door_market_call id, struct slice *out)
{
    struct slice data = t->told_in->data;
    struct abi_signature s = abi_signature_of(market_call_text(id));
    u32 selector;

    if (!address_equal(t->told_in->to, t->d->tables.markets[DOOR_MARKET_ORDER_REQUEST]) ||
        !revert_selector(data, &selector) || selector != t->d->tables.market_calls[id])
        return false;
    struct abi_reader r = abi_reader_at(s.inputs, data, ABI_SELECTOR_BYTES);
    if (id == DOOR_CALL_update_order)
        (void)abi_get_u64(&r);
    abi_enter(&r);
    (void)abi_get_word(&r);
    (void)abi_get_word(&r);
    (void)abi_get_word(&r);
    *out = abi_get_bytes(&r);
    return r.fault.kind == FAULT_NONE;
}

/* What is told of an order that is asked for. */
struct asked {
    enum door_market_event event;
    enum door_market_call call;
    struct spec_order spec;
    struct amount price; /* the chain's */
    u64 order, duration_s;
    u32 user, token;
};

static void order_asked(struct teller *t, const struct asked *a)
{
    char own[MARKET_SPEC_CHARS];
    struct slice text;

    if (!text_of_call(t, a->call, &text))
        text = market_order_text(t->d, &a->spec, a->order, own);
    begin(t, a->event, a->token);
    put_number(t, a->order);
    put_account(t, a->user);
    put_value(t, market_price(t->d, a->price, a->token));
    put_number(t, market_blocks(t->d, a->duration_s));
    put_token(t, a->token);
    put_text(t, text);
    put_number(t, VERSION);
    put_number(t, MODE_PROVIDER);
    end(t);
}

static void order_created(struct teller *t, const struct log_order_created *l)
{
    order_asked(t, &(struct asked){.event = DOOR_EVENT_order_created,
                                   .call = DOOR_CALL_create_order,
                                   .spec = {l->specs, l->replicas, l->region},
                                   .price = l->max_price,
                                   .order = l->order,
                                   .duration_s = l->duration_s,
                                   .user = l->creator,
                                   .token = l->token});
}

static void update_requested(struct teller *t, const struct log_update_requested *l)
{
    u32 row = lease_find(t->s, l->lease);
    const struct lease_row *lease = lease_at(t->s, row);

    if (row != 0)
        order_asked(t, &(struct asked){.event = DOOR_EVENT_order_update_requested,
                                       .call = DOOR_CALL_update_order,
                                       .spec = {l->specs, l->replicas, REGION_NONE},
                                       .price = l->max_price,
                                       .order = lease->order,
                                       .duration_s = l->duration_s,
                                       .user = wallet_at(t->s, l->wallet)->owner,
                                       .token = lease->token});
}

static void bid_placed(struct teller *t, const struct log_bid_placed *l)
{
    u32 row = order_find(t->s, l->order), lease = row == 0 ? market_lease_of(t->s, l->order) : 0;

    if (row == 0 && lease == 0)
        return;
    u32 token = row != 0 ? order_at(t->s, row)->token : lease_at(t->s, lease)->token;
    begin(t, DOOR_EVENT_bid_placed, 0);
    put_number(t, l->order);
    put_value(t, market_price(t->d, l->price, token));
    put_provider(t, l->provider);
    put_number(t, 0); /* no Fizz node */
    end(t);
}

static void order_matched(struct teller *t, const struct log_order_matched *l)
{
    u32 row = lease_find(t->s, l->lease);

    if (row == 0)
        return;
    begin(t, DOOR_EVENT_order_matched, 0);
    put_number(t, l->order);
    put_provider(t, l->provider);
    put_number(t, l->provider);
    put_value(t, market_price(t->d, l->price, lease_at(t->s, row)->token));
    put_account(t, l->creator);
    end(t);
}

static void order_closed(struct teller *t, u64 order)
{
    begin(t, DOOR_EVENT_order_closed, 0);
    put_number(t, order);
    end(t);
}

/* ---- leases ---- */

static void locked(struct teller *t, enum door_market_event event, u32 user, u32 token,
                   struct amount amount)
{
    begin(t, event, 0);
    put_account(t, user);
    put_token(t, token);
    put_value(t, amount);
    end(t);
}

static void lease_started(struct teller *t, const struct log_lease_created *l, struct amount price)
{
    begin(t, DOOR_EVENT_lease_created, 0);
    put_number(t, l->order);
    put_number(t, 0); /* no Fizz node */
    put_number(t, l->order);
    put_value(t, price);
    put_account(t, l->provider_account);
    put_account(t, l->tenant);
    put_number(t, market_block_at(t->d, l->start_s));
    put_number(t, market_unix(t->d, l->start_s));
    put_number(t, market_unix(t->d, l->start_s + l->agreed_s));
    put_number(t, STATE_ACTIVE);
    end(t);
}

/* spheron/sdk.md b.8: "two events both named LeaseUpdated (Bid's and ComputeLease's, different
 * shapes)" */
static void lease_updated(struct teller *t, const struct log_lease_created *l, struct amount price)
{
    begin(t, DOOR_EVENT_update_accepted, 0);
    put_number(t, l->order);
    put_account(t, l->provider_account);
    put_account(t, l->tenant);
    end(t);
    begin(t, DOOR_EVENT_lease_updated, 0);
    put_number(t, l->order);
    put_account(t, l->provider_account);
    put_account(t, l->tenant);
    put_value(t, price);
    put_number(t, market_block_at(t->d, l->start_s));
    put_number(t, market_unix(t->d, l->start_s));
    end(t);
    begin(t, DOOR_EVENT_bid_lease_updated, 0);
    put_number(t, l->order);
    put_account(t, l->provider_account);
    put_account(t, l->tenant);
    put_value(t, price);
    end(t);
}

static void lease_created(struct teller *t, const struct log_lease_created *l)
{
    struct amount price = market_price(t->d, l->price, l->token), lock;

    if (l->replaces == 0)
        lease_started(t, l, price);
    else
        lease_updated(t, l, price);
    if (amount_add(&lock, l->gross_lock, l->user_fee_lock))
        locked(t, DOOR_EVENT_token_locked, l->tenant, l->token, lock);
}

/* A lease that an update closes goes on: its order is not closed. */
static void lease_closed(struct teller *t, const struct log_lease_closed *l)
{
    if (l->reason != LEASE_UPDATED) {
        begin(t, DOOR_EVENT_lease_closed, 0);
        put_number(t, l->order);
        put_provider(t, l->provider);
        put_account(t, l->tenant);
        put_number(t, market_unix(t->d, l->end_s));
        put_number(t, STATE_TERMINATED);
        end(t);
        order_closed(t, l->order);
    }
    begin(t, DOOR_EVENT_locked_transferred, 0);
    put_account(t, l->tenant);
    put_provider(t, l->provider);
    put_token(t, l->token);
    put_value(t, l->gross);
    end(t);
    locked(t, DOOR_EVENT_token_unlocked, l->tenant, l->token, l->refund);
}

/* ---- money ---- */

static void transferred(struct teller *t, u32 token, struct address from, struct address to,
                        struct amount amount)
{
    if (token >= t->d->token_count)
        return;
    begin(t, DOOR_EVENT_token_transfer, token);
    put_address(t, from);
    put_address(t, to);
    put_value(t, amount);
    end(t);
}

static void moved(struct teller *t, u32 token, struct address from, struct address to,
                  struct amount amount, u32 type)
{
    begin(t, DOOR_EVENT_token_movement, 0);
    put_address(t, from);
    put_address(t, to);
    put_token(t, token);
    put_value(t, amount);
    put_number(t, type);
    end(t);
    transferred(t, token, from, to, amount);
}

static struct address escrow(const struct teller *t)
{
    return t->d->tables.markets[DOOR_MARKET_ESCROW];
}

/* Nobody's where the state is not the one in which it was told (a call that was only tried). */
static struct address owner_of(const struct teller *t, u32 wallet)
{
    if (wallet >= t->s->tables[TABLE_WALLET].count)
        return (struct address){{0}};
    return field_address(t->d, wallet_at(t->s, wallet)->owner);
}

static void allowed(struct teller *t, const struct log_allowed *l)
{
    if (l->token >= t->d->token_count)
        return;
    begin(t, DOOR_EVENT_token_approval, l->token);
    put_account(t, l->owner);
    put_address(t, l->spender == 0 ? escrow(t) : field_address(t->d, l->spender));
    put_value(t, l->amount);
    end(t);
}

/* ---- providers ---- */

static void provider_added(struct teller *t, const struct log_provider_proposed *l)
{
    char text[MARKET_SPEC_CHARS];
    struct sink spec = SINK(text, sizeof(text));

    spec_write_machine(&spec, &l->machine, l->provider, market_regions(t->d));
    check(sink_end(&spec));
    begin(t, DOOR_EVENT_provider_added, 0);
    put_number(t, l->provider);
    put_account(t, l->account);
    abi_put_bytes(&t->w, SLICE((const u8 *)text, spec.n));
    market_put_host(&t->w, l->provider);
    abi_put_bytes(&t->w, SLICE(NULL, 0));
    market_put_payments(t->d, &t->w, l->provider);
    abi_put_u128(&t->w, MARKET_REGISTERED);
    abi_put_u128(&t->w, market_tier(t->s, l->provider));
    abi_put_u128(&t->w, market_unix(t->d, l->second));
    abi_put_address(&t->w, field_address(t->d, l->account));
    end(t);
}

static void spec_updated(struct teller *t, const struct log_machine_updated *l)
{
    char text[MARKET_SPEC_CHARS];
    struct sink spec = SINK(text, sizeof(text));

    spec_write_machine(&spec, &l->machine, l->provider, market_regions(t->d));
    check(sink_end(&spec));
    begin(t, DOOR_EVENT_spec_updated, 0);
    put_number(t, l->provider);
    put_text(t, SLICE((const u8 *)text, spec.n));
    end(t);
}

static void status_updated(struct teller *t, u32 provider, u32 status)
{
    begin(t, DOOR_EVENT_status_updated, 0);
    put_number(t, provider);
    put_number(t, status);
    end(t);
}

static void tier_updated(struct teller *t, u32 provider, u32 tier)
{
    begin(t, DOOR_EVENT_tier_updated, 0);
    put_provider(t, provider);
    put_number(t, tier - 1);
    end(t);
}

/* ---- which ---- */

static void deposited(struct teller *t, const struct log_deposited *l)
{
    moved(t, l->token, owner_of(t, l->wallet), escrow(t), l->amount, MOVED_IN);
}

static void withdrawn(struct teller *t, const struct log_withdrawn *l)
{
    moved(t, l->token, escrow(t), owner_of(t, l->wallet), l->amount, MOVED_OUT);
}

static void earnings_claimed(struct teller *t, const struct log_earnings_claimed *l)
{
    u32 account = chain_provider_account(t->d->chain, l->provider);

    moved(t, l->token, escrow(t), field_address(t->d, account), l->amount, MOVED_OUT);
}

static void fees_claimed(struct teller *t, const struct log_fees_claimed *l)
{
    moved(t, l->token, escrow(t), field_address(t->d, l->account), l->amount, MOVED_OUT);
}

static void token_transferred(struct teller *t, const struct log_transferred *l)
{
    transferred(t, l->token, field_address(t->d, l->from), field_address(t->d, l->to), l->amount);
}

static void order_cancelled(struct teller *t, const struct log_order_cancelled *l)
{
    order_closed(t, l->order);
}

static void order_expired(struct teller *t, const struct log_order_expired *l)
{
    order_closed(t, l->order);
}

static void provider_approved(struct teller *t, const struct log_provider_approved *l)
{
    status_updated(t, l->provider, MARKET_ACTIVE);
}

static void provider_exited(struct teller *t, const struct log_provider_exited *l)
{
    status_updated(t, l->provider, MARKET_DEACTIVATED);
}

static void tier_changed(struct teller *t, const struct log_tier_changed *l)
{
    tier_updated(t, l->provider, l->to);
}

/* ON(log, its name, what tells it); of the others the deployed contracts say nothing. */
#define TOLD                                                                                       \
    ON(OrderCreated, order_created, order_created)                                                 \
    ON(OrderCancelled, order_cancelled, order_cancelled)                                           \
    ON(OrderExpired, order_expired, order_expired)                                                 \
    ON(BidPlaced, bid_placed, bid_placed)                                                          \
    ON(OrderMatched, order_matched, order_matched)                                                 \
    ON(LeaseCreated, lease_created, lease_created)                                                 \
    ON(UpdateRequested, update_requested, update_requested)                                        \
    ON(LeaseClosed, lease_closed, lease_closed)                                                    \
    ON(ProviderProposed, provider_proposed, provider_added)                                        \
    ON(ProviderApproved, provider_approved, provider_approved)                                     \
    ON(ProviderExited, provider_exited, provider_exited)                                           \
    ON(MachineUpdated, machine_updated, spec_updated)                                              \
    ON(TierChanged, tier_changed, tier_changed)                                                    \
    ON(Deposited, deposited, deposited)                                                            \
    ON(Withdrawn, withdrawn, withdrawn)                                                            \
    ON(EarningsClaimed, earnings_claimed, earnings_claimed)                                        \
    ON(FeesClaimed, fees_claimed, fees_claimed)                                                    \
    ON(Transferred, transferred, token_transferred)                                                \
    ON(Allowed, allowed, allowed)

#define ON(NAME, name, handler)                                                                    \
    static void on_##NAME(struct teller *t, const struct log *log)                                 \
    {                                                                                              \
        handler(t, &log->u.name);                                                                  \
    }
TOLD
#undef ON

    static void (*const handlers[LOG_KINDS])(struct teller *t, const struct log *log) = {
#define ON(NAME, name, handler) [LOG_##NAME] = on_##NAME,
        TOLD
#undef ON
};

u32 market_logs(const struct door *d, const struct log *log, const struct door_call *told_in,
                struct door_log *out, u8 *room, size_t size, size_t *used)
{
    struct teller t = {
        .d = d, .s = &d->chain->state, .told_in = told_in, .out = out, .room = room, .size = size};

    if (handlers[log->kind] != NULL)
        handlers[log->kind](&t, log);
    *used = t.used;
    return t.count;
}
