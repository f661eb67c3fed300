/* winner - ORD-8: the winner of an order found again, as settled "Matching, exactly" has it, one
 * bid after the other and bit by bit. */
#include "chain-mock/contracts/order.h"
#include "chain-mock/watch/parts.h"
#include "protocol/keccak.h"

#include <string.h>

#define ONE_Q32 ((u64)1 << 32)
#define FLOOR_Q32 42949672u /* "q = max(floor(2^32 × score), 42949672)" */
#define LN2_Q32 2271034280  /* "2271034280 = −floor(2^32 × log2(ln 2))" */
#define WORD 32u

/* What all bids of an order are measured by. */
struct contest {
    const struct state *s;
    const struct order_row *o;
    const struct lease_row *won;
    u128 cap_num; /* settled 121, the cap of stakes as a fraction */
    u64 cap_den;
    u128 largest; /* x cap_den, after the cap */
    u8 seed[WORD], key[WORD];
};

/* floor(2^32 x a / b) of 0 <= a <= b, b < 2^127. */
static u64 ratio_q32(u128 a, u128 b)
{
    u64 q = 0;

    if (a == b)
        return ONE_Q32;
    for (u32 i = 0; i < 32; i++) {
        a <<= 1;
        q <<= 1;
        if (a >= b) {
            a -= b;
            q |= 1;
        }
    }
    return q;
}

/* "log2_q32(x)", as the rule writes it. */
static i64 log2_q32(u64 x)
{
    u32 n = 63;

    while (x >> n == 0)
        n--;
    u128 m = (u128)x << (63 - n);
    u64 r = (u64)n << 32;
    for (u32 bit = 32; bit-- > 0;) {
        m = (m * m) >> 63;
        if (m >> 64 != 0) {
            m >>= 1;
            r += (u64)1 << bit;
        }
    }
    return (i64)r;
}

/* "Divisions floor, towards minus infinity." */
static i64 floor_div(i64 a, i64 b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/* ---- scores ---- */

static u128 capped(const struct contest *k, u32 provider)
{
    u128 stake = standing_at(k->s, provider)->own.wei * k->cap_den;

    return stake < k->cap_num ? stake : k->cap_num;
}

static u64 region_q(const struct contest *k, const struct provider_row *p)
{
    const struct state *s = k->s;
    u32 home = account_at(s, wallet_at(s, k->o->wallet)->owner)->region, there = p->machine.region;
    u64 most_us = s->params.match_rtt_max_ms * 1000, us = most_us;

    if (k->o->region != REGION_NONE || (home != 0 && home == there))
        return ONE_Q32;
    if (home != 0 && there != 0 && s->rtt_us[(home - 1) * s->regions + there - 1] != 0)
        us = s->rtt_us[(home - 1) * s->regions + there - 1];
    return most_us == 0 ? 0 : ratio_q32(us < most_us ? most_us - us : 0, most_us);
}

/* The least of (registered − reserved − asked × replicas)/registered, before the match. */
static u64 availability_q(const struct contest *k, const struct provider_row *p, u32 line, bool won)
{
    const struct specs *a = &k->o->specs;
    const struct machine *m = &p->machine;
    u64 n = k->o->replicas, least = ONE_Q32;
    const u64 asked[4] = {n * a->cpu, n * a->ram_gib, n * a->disk_gib, n * a->gpus};
    const u64 all[4] = {m->cpu, m->ram_gib, m->disk_gib, m->gpu[line].count};
    const u64 reserved[4] = {p->cpu_reserved, p->ram_reserved, p->disk_reserved,
                             p->gpu_reserved[line]};

    for (u32 i = 0; i < 4; i++) {
        u64 before = reserved[i] - (won ? asked[i] : 0);
        u64 q = asked[i] == 0 ? ONE_Q32 : ratio_q32(all[i] - before - asked[i], all[i]);
        least = q < least ? q : least;
    }
    return least;
}

static u64 slashes_q(const struct state *s, const struct standing_row *st)
{
    u64 era = state_meta(s)->era, records = 0;

    for (u64 e = era; e > 0 && era - e < s->params.match_slash_window_eras; e--)
        records += st->slash_counts[(e - 1) % SLASH_WINDOW];
    return ratio_q32(1, 1 + records);
}

static u64 feedback_q(const struct state *s, const struct standing_row *st)
{
    u64 sum = 0, n = st->feedbacks < FEEDBACK_WINDOW ? st->feedbacks : FEEDBACK_WINDOW;

    if (!s->params.feedback_enabled)
        return ONE_Q32;
    for (u64 i = 0; i < n; i++)
        sum += st->feedback[i];
    return n == 0 ? 0 : ratio_q32(sum / n, 50);
}

static i64 weighed(u64 q, u64 weight_bps)
{
    q = q < FLOOR_Q32 ? FLOOR_Q32 : q;
    return floor_div((i64)weight_bps * (log2_q32(q) - ((i64)32 << 32)), BPS_WHOLE);
}

/* L of one bid. */
static i64 weight_of(const struct contest *k, const struct bid_row *b, u32 line)
{
    const struct params *w = &k->s->params;
    const struct provider_row *p = provider_at(k->s, b->provider);
    const struct standing_row *st = standing_at(k->s, b->provider);
    u128 most = k->o->max_price.wei;

    return weighed(region_q(k, p), w->match_w_region) +
           weighed(ratio_q32(most - b->price.wei, most), w->match_w_price) +
           weighed(feedback_q(k->s, st), w->match_w_feedback) +
           weighed(availability_q(k, p, line, b->provider == k->won->provider),
                   w->match_w_availability) +
           weighed(slashes_q(k->s, st), w->match_w_slashes) +
           weighed(ratio_q32(8u - st->tier.tier, 7), w->match_w_trust) +
           weighed(ratio_q32(capped(k, b->provider), k->largest), w->match_w_stake);
}

/* ---- draws ---- */

static void put_word(u8 at[WORD], u64 n)
{
    memset(at, 0, WORD);
    for (u32 i = 0; i < 8; i++)
        at[WORD - 1 - i] = (u8)(n >> 8 * i);
}

/* "seed(b) = keccak256(abi.encode(uint256 world secret, uint256 b))", "order key = …" */
static void keys_of(struct contest *k)
{
    u8 two[2 * WORD];

    memcpy(two, state_meta(k->s)->world_secret, WORD);
    put_word(two + WORD, k->o->block + k->s->params.bid_window_blocks);
    keccak256(k->seed, two, sizeof(two));
    memset(two, 0, WORD);
    memcpy(two + WORD - 20, wallet_at(k->s, k->o->wallet)->address, 20);
    put_word(two + WORD, k->o->wallet_orders);
    keccak256(k->key, two, sizeof(two));
}

/* G: "−log2(−ln u)" of the provider's own draw. */
static i64 draw_of(const struct contest *k, const u8 contract[20])
{
    u8 three[3 * WORD] = {0}, hash[WORD];
    u64 x = 0;

    memcpy(three, k->seed, WORD);
    memcpy(three + WORD, k->key, WORD);
    memcpy(three + 3 * WORD - 20, contract, 20);
    keccak256(hash, three, sizeof(three));
    for (u32 i = 0; i < 8; i++)
        x = x << 8 | hash[i];
    i64 d = ((i64)64 << 32) - log2_q32(x | 1);
    return -(log2_q32(d < 1 ? 1 : (u64)d) - ((i64)32 << 32) - LN2_Q32);
}

/* ---- the contest ---- */

/* The GPU line that a bid is measured on; false: the bid is not among those that pass the filter.
 */
static bool takes_part(const struct contest *k, const struct bid_row *b, u32 *line)
{
    const struct lease_row *l = b->provider == k->won->provider ? k->won : NULL;

    return b->price.wei <= k->o->max_price.wei && watch_may_serve(k->s, k->o, b->provider) &&
           watch_line_before(k->s, k->o, b->provider, l, line);
}

/* settled 121: "cap = max(1000 bps, 1/n) of the summed stake … as an exact fraction; largest =
 * largest after the cap" */
static u32 measure_stakes(struct contest *k)
{
    u64 bps = k->s->params.stake_weight_cap_bps;
    u128 sum = 0;
    u32 n = 0, line;

    for (u32 row = k->o->bid_head; row != 0; row = bid_at(k->s, row)->next) {
        if (!takes_part(k, bid_at(k->s, row), &line))
            continue;
        sum += standing_at(k->s, bid_at(k->s, row)->provider)->own.wei;
        n++;
    }
    bool by_share = bps * n >= BPS_WHOLE;
    k->cap_den = by_share ? BPS_WHOLE : n;
    k->cap_num = sum * (by_share ? bps : 1);
    for (u32 row = k->o->bid_head; row != 0; row = bid_at(k->s, row)->next) {
        if (!takes_part(k, bid_at(k->s, row), &line))
            continue;
        u128 stake = capped(k, bid_at(k->s, row)->provider);
        k->largest = stake > k->largest ? stake : k->largest;
    }
    return n;
}

/* "greatest floor(L × 10000 / match_randomness) + G …; with match_randomness 0 greatest L" */
static i64 key_of(const struct contest *k, const struct bid_row *b, u32 line)
{
    i64 l = weight_of(k, b, line), randomness = (i64)k->s->params.match_randomness;

    if (randomness == 0)
        return l;
    return floor_div(l * (i64)BPS_WHOLE, randomness) +
           draw_of(k, provider_at(k->s, b->provider)->contract);
}

/* settled 102: "if the winner's lock exceeds the unlocked balance the order ends as cancelled";
 * whose that was is not found again, so by the dearest. */
static bool too_dear(const struct contest *k, u128 price)
{
    u32 purse = wallet_at(k->s, k->o->wallet)->purse[k->o->token];

    return purse == 0 ||
           purse_at(k->s, purse)->unlocked.wei < watch_lock_at(k->s, k->o, AMOUNT(price));
}

/* settled 117: without an eligible bid it is "expired there"; where there is one, the order ends
 * for want of money or of room in its bracket, or after the timeout. */
void watch_unmatched(struct state *s, const struct order_row *o, u32 state)
{
    static const struct lease_row nobody = {.provider = 0};
    struct contest k = {.s = s, .o = o, .won = &nobody};
    const struct log *told = watch_logged(s, LOG_OrderCancelled);
    u128 dearest = 0;
    u32 n = 0, line;

    if (s->watch->unit.sender != 0)
        return;
    for (u32 row = o->bid_head; row != 0; row = bid_at(s, row)->next) {
        const struct bid_row *b = bid_at(s, row);
        if (!takes_part(&k, b, &line))
            continue;
        n++;
        dearest = b->price.wei > dearest ? b->price.wei : dearest;
    }
    if (state == ORDER_EXPIRED)
        invariant_implies(s->tally, INV_ORD_8, state_meta(s)->now_s < order_expiry_s(o, &s->params),
                          n == 0, "order", o->id);
    else if (told != NULL)
        invariant_implies(s->tally, INV_ORD_8, true,
                          n > 0 && (told->u.order_cancelled.reason != CANCEL_INSUFFICIENT ||
                                    too_dear(&k, dearest)),
                          "order", o->id);
}

void watch_winner(struct state *s, const struct order_row *o, const struct lease_row *won)
{
    struct contest k = {.s = s, .o = o, .won = won};
    const struct provider_row *best = NULL;
    u32 line, winner = 0;
    i64 most = 0;

    if (measure_stakes(&k) == 0)
        return; /* ORD-6 says so */
    keys_of(&k);
    for (u32 row = o->bid_head; row != 0; row = bid_at(s, row)->next) {
        const struct bid_row *b = bid_at(s, row);
        if (!takes_part(&k, b, &line))
            continue;
        const struct provider_row *p = provider_at(s, b->provider);
        i64 key = key_of(&k, b, line);
        /* "Equal: the lower contract address." */
        if (best == NULL || key > most ||
            (key == most && memcmp(p->contract, best->contract, 20) < 0)) {
            best = p;
            most = key;
            winner = b->provider;
        }
    }
    invariant_equal(s->tally, INV_ORD_8, won->provider, winner, "order", o->id);
}
