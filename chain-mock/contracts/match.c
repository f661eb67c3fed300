/* match - the match of one order: settled "Matching, exactly". */
#include "chain-mock/contracts/escrow.h"
#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/order.h"
#include "chain-mock/contracts/registry.h"
#include "protocol/hash.h"
#include "protocol/interval.h"
#include "protocol/mutant.h"

#include <string.h>

/* settled 120: "rtt = the median of the derived matrix, tenant → provider, without jitter; unknown
 * pair = 300 ms" */
static struct span rtt_of(const struct state *s, u32 from, u32 to)
{
    u32 us = 0;

    if (from != 0 && to != 0)
        us = s->rtt_us[(from - 1) * s->regions + (to - 1)];
    return (struct span){us == 0 ? MSEC(s->params.match_rtt_max_ms) : (u64)us * 1000};
}

/* settled 122: "slash records … applied in the last 30 closed eras" */
static u32 slash_records(const struct state *s, const struct standing_row *st)
{
    u64 era = state_meta(s)->era, window = s->params.match_slash_window_eras;
    u32 sum = 0;

    for (u64 k = 1; k <= window && k <= era; k++)
        sum += st->slash_counts[(era - k) % SLASH_WINDOW];
    return sum;
}

static struct match_part spare_of(const struct provider_row *p, const struct order_row *o, u32 line)
{
    struct match_part least = {1, 1};
    u64 n = o->replicas;

    /* the filter has seen to it that each fits */
    if (o->specs.cpu > 0)
        check(match_least_spare(&least, p->machine.cpu, p->cpu_reserved, n * o->specs.cpu));
    if (o->specs.ram_gib > 0)
        check(match_least_spare(&least, p->machine.ram_gib, p->ram_reserved, n * o->specs.ram_gib));
    if (o->specs.disk_gib > 0)
        check(match_least_spare(&least, p->machine.disk_gib, p->disk_reserved,
                                n * o->specs.disk_gib));
    if (o->specs.gpus > 0)
        check(match_least_spare(&least, p->machine.gpu[line].count, p->gpu_reserved[line],
                                n * o->specs.gpus));
    return least;
}

static struct match_bid candidate(const struct state *s, const struct order_row *o,
                                  const struct bid_row *b, u32 line)
{
    const struct provider_row *p = provider_at(s, b->provider);
    const struct standing_row *st = standing_at(s, b->provider);
    /* settled 112: "tenant changes …; open orders move too" */
    u32 home = account_at(s, wallet_at(s, o->wallet)->owner)->region;
    struct match_bid m = {.price = b->price,
                          .stake = st->own,
                          .spare = spare_of(p, o, line),
                          .rtt = rtt_of(s, home, p->machine.region),
                          .slash_records = slash_records(s, st),
                          .feedback_tenths = registry_feedback(st),
                          .tier = st->tier.tier,
                          .same_region = home != 0 && home == p->machine.region};

    memcpy(m.address, p->contract, sizeof(m.address));
    if (MUTATED(NUMBER_DRAWS))
        m.address[0] ^= (u8)p->account;
    return m;
}

/* settled, Matching, exactly 2: "Filter, again at the match" */
static u32 filter(struct state *s, const struct order_row *o)
{
    u32 n = 0, line;

    for (u32 bid = o->bid_head; bid != 0; bid = bid_at(s, bid)->next) {
        const struct bid_row *b = bid_at(s, bid);
        if (amount_cmp(b->price, o->max_price) > 0 ||
            order_eligible(s, o, b->provider, &line) != ERR_None)
            continue;
        check(n < WORK_MANY);
        s->work.bids[n] = candidate(s, o, b, line);
        s->work.bid_rows[n++] = bid;
    }
    return n;
}

static void tell_scores(struct state *s, const struct order_row *o, const struct match_order *m,
                        u32 n)
{
    struct match_stakes stakes = match_stakes_of(&s->params, s->work.bids, n);

    for (u32 i = 0; i < n; i++) {
        struct match_score x = match_score_of(&s->params, m, &stakes, &s->work.bids[i]);
        struct log_bid_scored *l = &state_log(s, LOG_BidScored)->u.bid_scored;
        *l = (struct log_bid_scored){
            o->id, bid_at(s, s->work.bid_rows[i])->provider, (u64)x.l, (u64)x.g, (u64)x.key, x.x};
    }
}

/* n: bids that passed the filter. */
static struct match_order terms_of(const struct state *s, const struct order_row *o, u32 n)
{
    struct match_order m = {.max_price = o->max_price, .region_stated = o->region != REGION_NONE};

    match_seed(m.seed, state_meta(s)->world_secret, o->block + s->params.bid_window_blocks);
    match_order_key(m.key, wallet_at(s, o->wallet)->address, o->wallet_orders);
    if (MUTATED(ADDRESS_DRAWS))
        m.key[0] ^= (u8)hash_mix(0, (u64)(uintptr_t)o);
    if (MUTATED(LEFT_OVER_DRAWS))
        m.key[0] ^= (u8)s->work.bids[n].price.wei;
    return m;
}

static void lease_to(struct state *s, u32 row, const struct bid_row *b, u32 eligible, u64 now_s)
{
    struct order_row *o = order_open(s, row);
    struct lease_offer offer = {.order = o->id,
                                .start_s = now_s,
                                .agreed_s = o->duration_s,
                                .provider = b->provider,
                                .wallet = o->wallet,
                                .token = o->token,
                                .replicas = o->replicas,
                                .specs = o->specs,
                                .price = MUTATED(PRICE_OF_ORDER) ? o->max_price : b->price};
    enum err e = registry_fits(s, b->provider, o, &offer.gpu_line);
    u32 lease;

    check(e == ERR_None);
    if (o->specs.gpus > 0)
        offer.specs.gpu_model = provider_at(s, b->provider)->machine.gpu[offer.gpu_line].model;
    if (o->hold.wei != 0)
        escrow_unlock(s, o->wallet, o->token, o->hold, CAUSE_ORDER_RELEASE);
    o->hold = AMOUNT(0);
    /* settled 111: tested at the match "with the price then (row 37)": stale ones are used */
    e = escrow_bracket(s, o->wallet, &offer.specs, o->replicas, false, now_s);
    if (e != ERR_None) {
        order_cancel(s, row, CANCEL_BRACKET, eligible, now_s);
        return;
    }
    e = lease_create(s, &offer, &lease);
    if (e != ERR_None) {
        order_cancel(s, row, CANCEL_INSUFFICIENT, eligible, now_s);
        return;
    }
    if (lease == 0)
        return;
    struct log_order_matched *l = &state_log(s, LOG_OrderMatched)->u.order_matched;
    *l = (struct log_order_matched){
        o->id, lease_at(s, lease)->id, b->provider, o->creator, b->price, o->bids, eligible, now_s};
    order_leased(s, row);
}

void order_match(struct state *s, u32 row, u64 now_s)
{
    const struct order_row *o = order_at(s, row);
    u32 n = filter(s, o);

    if (MUTATED(LONE_BID_LOST) && n == 1)
        n = 0;
    if (MUTATED(ORDER_STAGNANT) && n == 0)
        return;
    if (n == 0) { /* settled 117 */
        order_expire(s, row, now_s);
        return;
    }
    struct match_order m = terms_of(s, o, n);
    size_t winner = match_winner(&s->params, &m, s->work.bids, n);
    if (MUTATED(LAST_WINS))
        winner = n - 1;
    if (s->trace_scores)
        tell_scores(s, o, &m, n);
    lease_to(s, row, bid_at(s, s->work.bid_rows[winner]), n, now_s);
}
