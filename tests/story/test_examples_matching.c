/* E17, all scores of a bid, as the chain finds them in its own state.  The scores themselves are
 * not told; what is told is the sum of their logarithms, which is compared with the example's
 * fractions.  (E15, E19 and E21 are about functions: test_examples_money.c.) */
#include "protocol/matching.h"
#include "tests/chain.h"

#define Q32 ((u64)1 << 32)
#define SCORE_FLOOR 42949672u /* of 0.01 */

struct part {
    u64 n, of;
};

struct scores {
    struct part region, price, feedback, availability, slashes, trust, stake;
};

static i64 log_weight(const struct scores *s)
{
    const struct part parts[] = {s->region,  s->price, s->feedback, s->availability,
                                 s->slashes, s->trust, s->stake};
    i64 sum = 0;

    for (u32 i = 0; i < ARRAY_LEN(parts); i++) {
        u64 q = Q32 * parts[i].n / parts[i].of;
        sum += (i64)match_log2_q32(q < SCORE_FLOOR ? SCORE_FLOOR : q) - (i64)(32 * Q32);
    }
    return sum;
}

static struct tx order_of(u32 cpu, u16 gpu_count)
{
    return CALL(CREATE_ORDER, create_order, .wallet = 1, .token = USDX, .replicas = 1,
                .specs = {.cpu = cpu, .gpu_model = MODEL(rtx4090), .gpus = gpu_count},
                .max_price = AMOUNT(100), .duration_s = 3600 * 24, .tier_worst = 7);
}

static struct tx bid_of(u64 order, u64 price)
{
    return CALL(PLACE_BID, place_bid, .order = order, .price = AMOUNT(price));
}

static struct machine machine_in(u16 region)
{
    struct machine m = gpus(MODEL(rtx4090), 8);

    m.cpu = 64;
    m.region = region;
    return m;
}

/* P, tier 6, 240 ms away, with three slash records of outages that cost nothing, as nothing is
 * earned.  Q, tier 1, in the tenant's region.  Both have 600 SPON. */
static void begin(void)
{
    struct params p = story_params();

    story_emission(&p, 0);
    p.initial_tier = 6;
    chain_begin(&p);
    chain.state.trace_scores = true;
    put_provider(P, machine_in(2), SPONS(600));
    put(STATE, CALL(SET_PARAM, set_param, .param = PARAM_initial_tier, .value = 1));
    put_wallet(U1, 1, USDX, USDXS(1000));
    step(0);
    for (u64 i = 1; i <= 3; i++) {
        u64 from = i * 20000;
        call_at(from + 60, STATE, CALL(REPORT_DOWN, report_down, .provider = 1, .start_s = from));
        call_at(from + 3601, STATE,
                CALL(REPORT_UP, report_up, .provider = 1, .end_s = from + 3601));
    }
    put_provider(Q, machine_in(1), SPONS(600));
    step(DAY_S + 1);
}

static const struct log_bid_scored *scored(u32 account, u64 order)
{
    for (u32 i = 0; i < told_count(LOG_BidScored); i++) {
        const struct log_bid_scored *l = &told(LOG_BidScored, i)->u.bid_scored;
        if (l->provider == provider_of(account) && l->order == order)
            return l;
    }
    printf("not ok - the bid was not scored\n");
    exit(EXIT_FAILURE);
}

static void e17_all_scores_of_a_bid(void)
{
    static const struct scores one = {{1, 5}, {1, 4}, {1, 1}, {1, 8}, {1, 4}, {2, 7}, {1, 1}};
    /* at the maximum: 0, raised to the floor; alone on his machine he keeps 56 of 64 CPUs */
    static const struct scores two = {{1, 1}, {0, 1}, {1, 1}, {7, 8}, {1, 1}, {1, 1}, {1, 1}};

    begin();
    IS(told_count(LOG_Slashed), 3);
    call_at(DAY_S + 10, U1, order_of(40, 6)); /* so that 16 CPUs and 1 GPU stay free below */
    call_at(DAY_S + 11, P, bid_of(1, 100));
    call_at(DAY_S + 13, P, CALL(CONFIRM, confirm, .lease = 1));
    call_at(DAY_S + 20, U1, order_of(8, 1));
    put(P, bid_of(2, 75));
    put(Q, bid_of(2, 100));
    step(DAY_S + 21);
    advance(DAY_S + 23);

    IS(scored(P, 2)->log_weight, (u64)log_weight(&one));
    IS(scored(Q, 2)->log_weight, (u64)log_weight(&two));
    u32 winner = (i64)scored(P, 2)->key > (i64)scored(Q, 2)->key ? P : Q;
    const struct log_order_matched *m = &told_last(LOG_OrderMatched)->u.order_matched;
    IS(m->provider, provider_of(winner));
    IS(m->eligible, 2);
    for (u32 i = 0; i < 2; i++) {
        const struct log_bid_scored *l = scored(i == 0 ? P : Q, 2);
        IS(l->key, l->log_weight + l->log_draw);
        IS(l->log_draw, (u64)match_gumbel(l->x));
        IS(l->x & 1, 1);
    }
    printf("ok - E17 all scores of a bid\n");
}

int main(void)
{
    e17_all_scores_of_a_bid();
    return 0;
}
