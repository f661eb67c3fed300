/* relations_rules - see relations_rules.h. */
#include "tests/property/relations_rules.h"

#include "protocol/lease_money.h"
#include "protocol/matching.h"
#include "tests/property/wins.h"
#include "tests/test.h"

#include <string.h>

/* ---- FEE-6 ---- */

struct fees {
    u128 commission, provider_fee, user_fee;
};

static struct fees fees_of(struct amount gross, struct lease_rates rates)
{
    struct lease_shares s = lease_shares(gross, rates);

    return (struct fees){s.commission.wei, s.provider_fee.wei, s.user_fee.wei};
}

/* A lease that is agreed for so long and closed after run_s. */
static struct fees fees_of_lease(struct amount price, u64 agreed_s, u64 run_s,
                                 struct lease_rates rates)
{
    struct lease_lock lock;

    EXPECT(lease_lock(&lock, price, agreed_s, rates));
    struct fees f = fees_of(lease_gross_at(price, run_s, lock.gross), rates);
    EXPECT(f.user_fee <= lock.user_fee.wei);
    return f;
}

/* The same time, agreed to by an extension after half of it. */
static struct fees fees_of_extended(struct amount price, u64 run_s, struct lease_rates rates)
{
    struct lease_lock lock, more;

    EXPECT(lease_lock(&lock, price, run_s / 2, rates));
    EXPECT(lease_extension_lock(&more, price, run_s / 2, run_s - run_s / 2, rates));
    EXPECT(amount_add(&lock.gross, lock.gross, more.gross));
    return fees_of(lease_gross_at(price, run_s, lock.gross), rates);
}

/* So many leases one after the other. */
static struct fees fees_of_parts(struct amount price, u64 run_s, u64 leases,
                                 struct lease_rates rates)
{
    struct fees sum = {0, 0, 0};

    for (u64 i = 0; i < leases; i++) {
        u64 d = run_s * (i + 1) / leases - run_s * i / leases;
        struct fees f = fees_of_lease(price, d, d, rates);
        sum.commission += f.commission;
        sum.provider_fee += f.provider_fee;
        sum.user_fee += f.user_fee;
    }
    return sum;
}

static bool same_fees(struct fees a, struct fees b)
{
    return a.commission == b.commission && a.provider_fee == b.provider_fee &&
           a.user_fee == b.user_fee;
}

/* Each lease's gross is floored, and then its fee: together they may lose less than one unit of
 * the gross, so bps of one of the fee, and one of the fee. */
static bool fee_near(u128 whole, u128 parts, u64 leases, u64 bps)
{
    return parts <= whole && (whole - parts) * BPS_WHOLE < (u128)leases * (BPS_WHOLE + bps);
}

static bool fees_near(struct fees whole, struct fees parts, u64 leases, struct lease_rates rates)
{
    return fee_near(whole.commission, parts.commission, leases, rates.commission_bps) &&
           fee_near(whole.provider_fee, parts.provider_fee, leases, rates.provider_fee_bps) &&
           fee_near(whole.user_fee, parts.user_fee, leases, rates.user_fee_bps);
}

bool splits_do_not_save_fees(void)
{
    struct any any = ANY(61);
    bool holds = true;

    for (u32 i = 0; holds && i < 20000; i++) {
        struct amount price = AMOUNT(1 + (u128)any_sized(&any, 50));
        u64 run_s = 2 + any_below(&any, 100000), leases = 2 + any_below(&any, 20);
        struct lease_rates rates = {(u32)any_below(&any, 5001), (u32)any_below(&any, 5001),
                                    (u32)any_below(&any, BPS_WHOLE + 1)};
        struct fees whole = fees_of_lease(price, run_s, run_s, rates);
        u64 longer_s = run_s + any_below(&any, 1000000);
        holds = same_fees(whole, fees_of_lease(price, longer_s, run_s, rates)) &&
                same_fees(whole, fees_of_extended(price, run_s, rates)) &&
                fees_near(whole, fees_of_parts(price, run_s, leases, rates), leases, rates);
    }
    return holds;
}

/* ---- ORD-9 ---- */

#define MANY 20u

static void any_word(struct any *any, u8 *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        word[i] = (u8)any_below(any, 256);
}

/* Few values, so that bids tie. */
static struct match_bid any_bid(struct any *any)
{
    struct match_bid b = {.price = AMOUNT(20 + 20 * any_below(any, 3)),
                          .stake = AMOUNT(100 + 100 * any_below(any, 3)),
                          .spare = {1 + any_below(any, 3), 4},
                          .rtt = {MSEC(50 + 50 * any_below(any, 3))},
                          .slash_records = (u32)any_below(any, 2),
                          .feedback_tenths = 20 + 10 * (u32)any_below(any, 3),
                          .tier = 2 + (u32)any_below(any, 3)};

    any_word(any, b.address, sizeof(b.address));
    return b;
}

static struct params any_params(struct any *any)
{
    struct params p = params_default;

    EXPECT(params_set(&p, PARAM_feedback_enabled, any_below(any, 2)));
    if (any_below(any, 2) == 0)
        EXPECT(params_set(&p, PARAM_match_randomness, 0));
    return p;
}

static bool same_winner_shuffled(struct any *any)
{
    struct params p = any_params(any);
    struct match_order o = wins_order(any);
    struct match_bid bids[MANY], mixed[MANY];
    size_t n = 2 + any_below(any, MANY - 1);

    for (size_t i = 0; i < n; i++)
        bids[i] = any_bid(any);
    memcpy(mixed, bids, sizeof(bids[0]) * n);
    for (size_t i = n; i-- > 1;) {
        size_t j = any_below(any, i + 1);
        struct match_bid was = mixed[i];
        mixed[i] = mixed[j];
        mixed[j] = was;
    }
    return memcmp(bids[match_winner(&p, &o, bids, n)].address,
                  mixed[match_winner(&p, &o, mixed, n)].address, MATCH_ADDRESS_BYTES) == 0;
}

static bool same_shares_renamed(struct any *any)
{
    struct match_bid bids[4], renamed[4];
    u64 wins[4], renamed_wins[4];
    bool alike = true;

    for (size_t i = 0; i < ARRAY_LEN(bids); i++) {
        bids[i] = any_bid(any);
        bids[i].address[0] = (u8)(1 + 80 * i);
    }
    for (size_t i = 0; i < ARRAY_LEN(bids); i++) {
        renamed[i] = bids[i];
        memcpy(renamed[i].address, bids[ARRAY_LEN(bids) - 1 - i].address, MATCH_ADDRESS_BYTES);
    }
    wins_count(wins, *any, &params_default, bids, ARRAY_LEN(bids));
    wins_count(renamed_wins, *any, &params_default, renamed, ARRAY_LEN(bids));
    any->drawn += WINS_TRIES;
    for (size_t i = 0; i < ARRAY_LEN(bids); i++)
        alike = alike && wins_alike(wins[i], renamed_wins[i]);
    return alike;
}

bool bids_have_no_places(void)
{
    struct any any = ANY(62);
    bool holds = true;

    for (u32 i = 0; holds && i < WINS_TRIES; i++)
        holds = same_winner_shuffled(&any);
    for (u32 i = 0; holds && i < 3; i++)
        holds = same_shares_renamed(&any);
    return holds;
}

/* ---- ORD-10 ---- */

/* All else as it was. */
static struct match_bid with(struct match_bid b, enum match_criterion c, bool good)
{
    switch (c) {
    case MATCH_REGION:
        b.rtt.ns = MSEC(good ? 50 : 200);
        return b;
    case MATCH_PRICE:
        b.price = AMOUNT(good ? 20 : 70);
        return b;
    case MATCH_FEEDBACK:
        b.feedback_tenths = good ? 50 : 15;
        return b;
    case MATCH_AVAILABILITY:
        b.spare = (struct match_part){good ? 4 : 1, 4};
        return b;
    case MATCH_SLASHES:
        b.slash_records = good ? 0 : 2;
        return b;
    case MATCH_TRUST:
        b.tier = good ? 1 : 6;
        return b;
    case MATCH_STAKE:
        b.stake = AMOUNT(good ? 300 : 60);
        return b;
    case MATCH_CRITERIA:
        break;
    }
    check_unreachable();
}

/* The draws are the same before and after, so the counts may be compared without a margin for
 * chance; the relation allows one (99.9 %), and a bid that wins clearly more often is demanded too.
 */
static bool wins_more(struct any *any, enum match_criterion c)
{
    struct params p = params_default;
    struct match_bid bids[5];
    u64 before[5], after[5];

    EXPECT(params_set(&p, PARAM_feedback_enabled, 1));
    for (size_t i = 0; i < ARRAY_LEN(bids); i++)
        bids[i] = any_bid(any);
    bids[0] = with(bids[0], c, false);
    wins_count(before, *any, &p, bids, ARRAY_LEN(bids));
    bids[0] = with(bids[0], c, true);
    wins_count(after, *any, &p, bids, ARRAY_LEN(bids));
    any->drawn += WINS_TRIES;
    return after[0] > before[0] && !wins_alike(after[0], before[0]);
}

bool better_bids_win_more(void)
{
    struct any any = ANY(63);
    bool holds = true;

    for (u32 i = 0; holds && i < 2 * MATCH_CRITERIA; i++) /* each among two sets of rivals */
        holds = wins_more(&any, (enum match_criterion)(i % MATCH_CRITERIA));
    return holds;
}

/* ---- ECO-6 ---- */

#define PEERS 9u

/* All alike but for stake: the whale's weight beside a peer's is the lesser of his stake and the
 * cap, in stakes of a peer, and at most 100, for no score is below 0.01. */
static bool share_is_capped(struct any *any, u64 stakes)
{
    struct match_bid bids[1 + PEERS];
    u64 wins[1 + PEERS], sum = stakes + PEERS;
    u64 weight_milli = 1000 * stakes < 100 * sum ? 1000 * stakes : 100 * sum; /* a tenth of all */

    for (size_t i = 0; i < ARRAY_LEN(bids); i++) {
        bids[i] = any_bid(any);
        bids[i] = (struct match_bid){
            .price = AMOUNT(50), .stake = AMOUNT(1000), .spare = {1, 1}, .tier = 1};
        any_word(any, bids[i].address, sizeof(bids[i].address));
    }
    bids[0].stake.wei *= stakes;
    weight_milli = weight_milli < 100000 ? weight_milli : 100000;
    wins_count(wins, *any, &params_default, bids, ARRAY_LEN(bids));
    any->drawn += WINS_TRIES;
    u64 most = WINS_TRIES * weight_milli / (weight_milli + 1000 * PEERS);
    return wins[0] <= most || wins_alike(wins[0], most);
}

bool whales_are_capped(void)
{
    static const u64 stakes[] = {1, 2, 5, 10, 100, 1000};
    struct any any = ANY(64);
    bool holds = true;

    for (size_t i = 0; holds && i < ARRAY_LEN(stakes); i++)
        holds = share_is_capped(&any, stakes[i]);
    return holds;
}
