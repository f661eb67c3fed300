#include "chain-mock/contracts/order.h"

#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/escrow.h"
#include "chain-mock/contracts/registry.h"
#include "chain-mock/contracts/token.h"
#include "chain-mock/state/slot.h"
#include "protocol/gpu.h"
#include "protocol/lease_money.h"
#include "protocol/mutant.h"

#define PRICE_MAX ((u128)1 << 96) /* settled 139: "1 ≤ price ≤ 2^96" */

u64 order_match_slot(const struct order_row *o, const struct params *p)
{
    /* settled 12: "an order of block N takes bids in N+1..N+2; the match is made in block N+3" */
    return o->block + p->bid_window_blocks + (MUTATED(MATCH_EARLY) ? 0 : 1);
}

u64 order_expiry_s(const struct order_row *o, const struct params *p)
{
    /* settled 117: "match_timeout = 10 blocks: an order without a result so long after its window"
     */
    u64 years = MUTATED(ORDER_STAGNANT) ? (u64)1 << 40 : 0;
    u64 last = slot_second(p, o->block + p->bid_window_blocks + p->match_timeout_blocks);
    u64 match = slot_second(p, order_match_slot(o, p));

    /* a moment precedes its block's matches: never in the block of its own, however short slots are
     */
    return years + (last > match ? last : match + 1);
}

static bool price_valid(struct amount price)
{
    return price.wei > 0 && price.wei <= PRICE_MAX;
}

static bool specs_valid(const struct specs *x, u32 replicas)
{
    return replicas >= 1 && replicas <= 1000000 && x->cpu <= 1000000 && x->ram_gib <= 100000000 &&
           x->disk_gib <= 100000000 && x->gpu_model <= GPU_MODELS && (x->cpu | x->gpus) != 0 &&
           (x->gpus > 0 || x->gpu_model == GPU_ANY);
}

static bool order_valid(const struct state *s, const struct tx_create_order *a)
{
    return specs_valid(&a->specs, a->replicas) && price_valid(a->max_price) && a->duration_s >= 1 &&
           a->duration_s <= s->params.max_duration_s && a->tier_worst >= 1 &&
           a->tier_worst <= TIER_LOWEST && a->region <= s->regions;
}

/* With order_hold "a hold of ceil(max_price × duration / 3600) plus the user fee on it" (102). */
static enum err take_hold(struct state *s, u32 wallet, const struct tx_create_order *a,
                          struct amount *hold)
{
    struct lease_lock lock;

    *hold = AMOUNT(0);
    if (!s->params.order_hold && !MUTATED(HOLD_UNASKED))
        return ERR_None;
    if (!lease_lock(&lock, a->max_price, a->duration_s,
                    lease_rates_of(&s->params, a->token == TOKEN_SPON)))
        return ERR_Overflow;
    if (!escrow_lock(s, wallet, a->token, lock.sum, CAUSE_ORDER_HOLD))
        return ERR_InsufficientBalance;
    *hold = lock.sum;
    return ERR_None;
}

/* The first 8 bytes of the order's key, big-endian: its name in draws (settled 125). */
static u64 order_name(const struct state *s, const struct order_row *o)
{
    u8 key[MATCH_WORD_BYTES];
    struct reader r = {key, sizeof(key), true};

    match_order_key(key, wallet_at(s, o->wallet)->address, o->wallet_orders);
    return get_u64(&r);
}

static void tell_created(struct state *s, const struct order_row *o)
{
    struct log_order_created *l = &state_log(s, LOG_OrderCreated)->u.order_created;

    *l = (struct log_order_created){.order = o->id,
                                    .creator = o->creator,
                                    .wallet = o->wallet,
                                    .token = o->token,
                                    .specs = o->specs,
                                    .replicas = o->replicas,
                                    .max_price = o->max_price,
                                    .duration_s = o->duration_s,
                                    .region = o->region,
                                    .tier_worst = o->tier_worst,
                                    .block = o->block,
                                    .second = o->second,
                                    .wallet_orders = o->wallet_orders,
                                    .hold = o->hold,
                                    .name = order_name(s, o)};
}

enum err call_create_order(struct call *c, const struct tx_create_order *a)
{
    struct state *s = c->s;
    struct amount hold;
    u32 wallet;
    enum err e = order_valid(s, a) ? token_usable(s, a->token) : ERR_InvalidArgument;

    if (e == ERR_None)
        e = escrow_wallet(s, c->from, a->wallet, &wallet);
    if (e != ERR_None)
        return e;
    /* settled 103: "min_balance = max_price in unlocked funds" */
    if (amount_cmp(escrow_unlocked(s, wallet, a->token), a->max_price) < 0 &&
        !MUTATED(ORDER_UNFUNDED))
        return ERR_InsufficientBalance;
    e = escrow_bracket(s, wallet, &a->specs, a->replicas, true, c->now_s);
    if (e == ERR_None)
        e = take_hold(s, wallet, a, &hold);
    if (e != ERR_None)
        return e;
    u32 row = order_new(s);
    if (row == 0)
        return ERR_None;
    struct wallet_row *w = wallet_open(s, wallet);
    struct order_row *o = order_open(s, row);
    *o = (struct order_row){.max_price = a->max_price,
                            .hold = hold,
                            .id = meta_open(s, META)->next_order++,
                            .block = c->slot,
                            .second = c->now_s,
                            .duration_s = a->duration_s,
                            .wallet_orders = w->orders_made++,
                            .specs = a->specs,
                            .wallet = wallet,
                            .creator = c->from,
                            .replicas = a->replicas,
                            .token = a->token,
                            .region = a->region,
                            .tier_worst = a->tier_worst,
                            .state = ORDER_OPEN};
    w->open_orders++;
    s->order_place[o->id] = row;
    c->id = o->id;
    tell_created(s, o);
    return ERR_None;
}

static void free_order(struct state *s, u32 row)
{
    const struct order_row *o = order_at(s, row);

    for (u32 bid = o->bid_head; bid != 0;) {
        u32 next = bid_at(s, bid)->next;
        bid_free(s, bid);
        bid = next;
    }
    s->order_place[o->id] = 0;
    wallet_open(s, o->wallet)->open_orders--;
    order_free(s, row);
}

static struct order_row *finish(struct state *s, u32 row, enum order_state state)
{
    struct order_row *o = order_open(s, row);

    if (o->hold.wei != 0)
        escrow_unlock(s, o->wallet, o->token, o->hold, CAUSE_ORDER_RELEASE);
    o->hold = AMOUNT(0);
    if (!MUTATED(EXPIRED_OPEN) || state != ORDER_EXPIRED)
        o->state = state;
    return o;
}

void order_expire(struct state *s, u32 row, u64 second)
{
    struct order_row *o = finish(s, row, ORDER_EXPIRED);
    struct log_order_expired *l = &state_log(s, LOG_OrderExpired)->u.order_expired;

    *l = (struct log_order_expired){o->id, o->wallet, o->bids, second};
    free_order(s, row);
}

void order_cancel(struct state *s, u32 row, enum order_cancel reason, u32 eligible, u64 second)
{
    struct order_row *o = finish(s, row, ORDER_CANCELLED);
    struct log_order_cancelled *l = &state_log(s, LOG_OrderCancelled)->u.order_cancelled;

    *l = (struct log_order_cancelled){o->id, o->wallet, (u32)reason, o->bids, eligible, second};
    free_order(s, row);
}

void order_leased(struct state *s, u32 row)
{
    order_open(s, row)->state = ORDER_LEASED;
    if (!MUTATED(ORDER_LEFT))
        free_order(s, row);
}

/* The place of an open order.  What has ended leaves its place and is known by its number. */
static enum err open_order(const struct state *s, u64 id, u32 *row)
{
    *row = order_find(s, id);
    if (*row != 0)
        return ERR_None;
    return id != 0 && id < state_meta(s)->next_order ? ERR_OrderNotOpen : ERR_OrderNotFound;
}

/* settled 117: "the tenant may cancel until the window's last block": the match in the block after
 * precedes its calls, and ends the order. */
enum err call_cancel_order(struct call *c, const struct tx_cancel_order *a)
{
    u32 row;
    enum err e = open_order(c->s, a->order, &row);

    if (e != ERR_None)
        return e;
    if (wallet_at(c->s, order_at(c->s, row)->wallet)->owner != c->from)
        return ERR_NotWalletOwner;
    order_cancel(c->s, row, CANCEL_BY_TENANT, 0, c->now_s);
    return ERR_None;
}

enum err order_eligible(const struct state *s, const struct order_row *o, u32 provider, u32 *line)
{
    enum err e = registry_may_bid(s, provider);

    return e != ERR_None ? e : registry_fits(s, provider, o, line);
}

static bool has_bid(const struct state *s, const struct order_row *o, u32 provider)
{
    for (u32 bid = o->bid_head; bid != 0; bid = bid_at(s, bid)->next) {
        if (bid_at(s, bid)->provider == provider)
            return true;
    }
    return false;
}

static enum err bid_allowed(const struct call *c, const struct order_row *o, u32 provider,
                            struct amount price)
{
    u32 line;

    /* settled 12: takes bids in N+1..N+bid_window_blocks */
    bool early = MUTATED(BID_EARLY) ? c->slot < o->block : c->slot <= o->block;
    if (early || c->slot > o->block + c->s->params.bid_window_blocks)
        return ERR_BiddingClosed;
    if (price.wei == 0)
        return ERR_InvalidArgument;
    if (amount_cmp(price, o->max_price) > 0)
        return ERR_BidPriceExceedsMaxPrice;
    if (has_bid(c->s, o, provider) && !MUTATED(BID_AGAIN))
        return ERR_ProviderHasActiveBid;
    enum err e = order_eligible(c->s, o, provider, &line);
    return MUTATED(FREE_GROSS) && e == ERR_NoCapacity ? ERR_None : e;
}

enum err call_place_bid(struct call *c, const struct tx_place_bid *a)
{
    struct state *s = c->s;
    u32 provider = registry_provider_of(s, c->from), row;

    if (provider == 0)
        return ERR_ProviderNotFound;
    enum err e = open_order(s, a->order, &row);
    if (e == ERR_None)
        e = bid_allowed(c, order_at(s, row), provider, a->price);
    if (e != ERR_None)
        return e;
    u32 place = bid_new(s);
    if (place == 0)
        return ERR_None;
    struct order_row *o = order_open(s, row);
    struct bid_row *b = bid_open(s, place);
    *b = (struct bid_row){.price = a->price,
                          .order = a->order,
                          .block = c->slot,
                          .provider = provider,
                          .next = o->bid_head};
    o->bid_head = place;
    o->bids++;
    struct log_bid_placed *l = &state_log(s, LOG_BidPlaced)->u.bid_placed;
    *l = (struct log_bid_placed){a->order, provider, a->price, c->slot};
    return ERR_None;
}
