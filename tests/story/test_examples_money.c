/* The worked examples of the money of leases, of brackets, matching and emission, at the functions
 * themselves: every figure is the example's own.  E1 3 5 7 13 15 17 19 21 31. */
#include "protocol/bracket.h"
#include "protocol/emission.h"
#include "protocol/keccak.h"
#include "protocol/lease_money.h"
#include "protocol/matching.h"
#include "tests/test.h"

#include <string.h>

#define USD_CENT 1000000u /* 10^-8 USD */

static struct params params;

static bool equals(struct amount a, u128 wei)
{
    return amount_cmp(a, AMOUNT(wei)) == 0;
}

/* --- leases --- */

struct closed {
    struct amount gross, user_fee, refund;
};

static struct closed close_after(struct amount price, u64 agreed_s, u64 billed_s)
{
    struct lease_rates rates = lease_rates_of(&params, false);
    struct lease_lock lock;
    struct closed c;

    EXPECT(lease_lock(&lock, price, agreed_s, rates));
    c.gross = lease_gross_at(price, billed_s, lock.gross);
    c.user_fee = lease_shares(c.gross, rates).user_fee;
    EXPECT(amount_sub(&c.refund, lock.sum, c.gross) && amount_sub(&c.refund, c.refund, c.user_fee));
    return c;
}

static void e1_two_hours_closed_after_half_an_hour(void)
{
    struct lease_rates rates = lease_rates_of(&params, false);
    struct lease_lock lock;

    EXPECT(lease_lock(&lock, AMOUNT(175000), 7200, rates));
    EXPECT(equals(lock.gross, 350000) && equals(lock.user_fee, 7000) && equals(lock.sum, 357000));

    struct closed c = close_after(AMOUNT(175000), 7200, 2800 - 1000);
    EXPECT(equals(c.gross, 87500) && equals(c.user_fee, 1750) && equals(c.refund, 267750));
    struct lease_shares s = lease_shares(c.gross, rates);
    EXPECT(equals(s.provider, 68250) && equals(s.commission, 17500));
    EXPECT(equals(s.provider_fee, 1750) && equals(s.rest, 0));
}

static void e3_at_the_agreed_end_and_a_second_before(void)
{
    struct closed end = close_after(AMOUNT(175000), 7200, 7200);
    struct closed before = close_after(AMOUNT(175000), 7200, 7199);

    EXPECT(equals(end.gross, 350000) && equals(end.user_fee, 7000) && equals(end.refund, 0));
    EXPECT(equals(before.gross, 349951) && equals(before.user_fee, 6999));
    EXPECT(equals(before.refund, 50));
}

static void e5_a_price_that_does_not_divide(void)
{
    struct lease_lock lock;
    struct closed c = close_after(AMOUNT(100), 10801, 10801);

    EXPECT(lease_lock(&lock, AMOUNT(100), 10801, lease_rates_of(&params, false)));
    EXPECT(equals(lock.gross, 301) && equals(lock.user_fee, 6) && equals(lock.sum, 307));
    EXPECT(equals(c.gross, 300) && equals(c.user_fee, 6) && equals(c.refund, 1));
    struct lease_terms t = {AMOUNT(100), lock.gross, 0, 10801};
    u64 second_s;
    EXPECT(!lease_insufficient_at(&second_s, &t, 1000)); /* so it ends as `expired` */
}

static void e7_no_share_ever_falls(void)
{
    struct lease_rates rates = lease_rates_of(&params, false);
    struct lease_shares at49 = lease_shares(AMOUNT(49), rates);
    struct lease_shares at50 = lease_shares(AMOUNT(50), rates);

    EXPECT(equals(at49.provider, 38) && equals(at49.commission, 9));
    EXPECT(equals(at49.provider_fee, 0) && equals(at49.rest, 2));
    EXPECT(equals(at50.provider, 39) && equals(at50.commission, 10));
    EXPECT(equals(at50.provider_fee, 1) && equals(at50.rest, 0));
}

/* --- brackets --- */

static u64 rows(struct amount usdx, struct amount spon)
{
    struct bracket_usd sum = {0};
    u64 n;

    EXPECT(bracket_usd_add(&sum, usdx, USD_E8(1), 6));
    EXPECT(bracket_usd_add(&sum, spon, 6 * USD_CENT, 18));
    EXPECT(bracket_rows(&n, &params, &sum));
    return n;
}

static void e13_bracket(void)
{
    EXPECT(rows(amount_of_tokens(40, 6), amount_of_tokens(100, 18)) == 3);
    EXPECT(rows(AMOUNT(14999999), AMOUNT(0)) == 0 && rows(AMOUNT(15000000), AMOUNT(0)) == 1);
    EXPECT(rows(AMOUNT(44999999), AMOUNT(0)) == 2 && rows(AMOUNT(45000000), AMOUNT(0)) == 3);

    u64 a6000, h100;
    EXPECT(bracket_mid_gpus(&a6000, &params, 1, params.gpu_multiplier_medium_2) && a6000 == 1);
    EXPECT(bracket_mid_gpus(&h100, &params, 1, params.gpu_multiplier_ultra_high_2) && h100 == 8);
    EXPECT(bracket_fits(&params, 3, &(struct bracket_use){.cpu = 24}));
    EXPECT(!bracket_fits(&params, 3, &(struct bracket_use){.cpu = 25}));
    struct bracket_use with_a6000 = {.cpu = 25, .mid_gpus = a6000, .any_gpu = true};
    EXPECT(bracket_fits(&params, 3, &with_a6000));
    with_a6000 = (struct bracket_use){.cpu = 96, .mid_gpus = 3, .any_gpu = true};
    EXPECT(bracket_fits(&params, 3, &with_a6000));
    struct bracket_use with_h100 = {.mid_gpus = h100, .any_gpu = true};
    EXPECT(!bracket_fits(&params, 3, &with_h100) && !bracket_fits(&params, 7, &with_h100));
    EXPECT(bracket_fits(&params, rows(amount_of_tokens(120, 6), AMOUNT(0)), &with_h100));
}

/* --- matching --- */

static void expect_hex(const u8 *bytes, size_t n, const char *hex)
{
    for (size_t i = 0; i < n; i++) {
        char two[3];
        snprintf(two, sizeof(two), "%02x", bytes[i]);
        EXPECT(memcmp(two, hex + 2 * i, 2) == 0);
    }
}

static void e15_keccak(void)
{
    u8 out[KECCAK_BYTES];

    keccak256(out, NULL, 0);
    expect_hex(out, 32, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    keccak256(out, "abc", 3);
    expect_hex(out, 32, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    keccak256(out, "transfer(address,uint256)", strlen("transfer(address,uint256)"));
    expect_hex(out, 4, "a9059cbb");
}

/* Q32 of a score, floored at 0.01. */
static u64 q(u64 part, u64 of)
{
    u64 v = (u64)(((u128)part << 32) / of);
    return v < 42949672 ? 42949672 : v;
}

static struct match_order order(u64 max_price) /* world secret 1, order key 9, seed of block 3 */
{
    u8 secret[MATCH_WORD_BYTES] = {[31] = 1};
    struct match_order o = {.max_price = AMOUNT(max_price), .key = {[31] = 9}};

    match_seed(o.seed, secret, 3);
    return o;
}

static struct match_part spare(u64 registered, u64 free_after)
{
    struct match_part least = {1, 1};
    EXPECT(match_least_spare(&least, registered, registered - free_after - 1, 1));
    return least;
}

static void e17_all_scores_of_a_bid(void)
{
    struct match_order o = order(100);
    struct match_part least = spare(64, 16);
    EXPECT(match_least_spare(&least, 8, 6, 1)); /* GPUs: 1 of 8 is free after placing */
    struct match_bid bids[] = {
        {.price = AMOUNT(75),
         .stake = amount_of_tokens(600, 18),
         .spare = least,
         .rtt = {MSEC(240)},
         .slash_records = 3,
         .tier = 6},
        {.price = AMOUNT(100),
         .stake = amount_of_tokens(600, 18),
         .spare = {1, 1},
         .tier = 1,
         .same_region = true},
    };

    struct match_stakes stakes = match_stakes_of(&params, bids, 2);
    struct match_score s = match_score_of(&params, &o, &stakes, &bids[0]);
    EXPECT(s.q[MATCH_REGION] == q(1, 5) && s.q[MATCH_PRICE] == q(1, 4));
    EXPECT(s.q[MATCH_FEEDBACK] == q(1, 1) && s.q[MATCH_AVAILABILITY] == q(1, 8));
    EXPECT(s.q[MATCH_SLASHES] == q(1, 4) && s.q[MATCH_TRUST] == q(2, 7));
    EXPECT(s.q[MATCH_STAKE] == q(1, 1));
    s = match_score_of(&params, &o, &stakes, &bids[1]);
    EXPECT(s.q[MATCH_PRICE] == q(1, 100) && s.q[MATCH_REGION] == q(1, 1));
}

static void e19_all_scores_equal(void)
{
    struct match_order o = order(100);
    static const u64 x[] = {4390817187368930005u, 5140510875050920591u, 3510387175536540715u};
    struct match_bid bids[3];
    struct params greatest = params;

    expect_hex(o.seed, 32, "a15bc60c955c405d20d9149c709e2460f1c2d9a497496a7f46004d1772c3054c");
    for (size_t i = 0; i < ARRAY_LEN(bids); i++) {
        bids[i] = (struct match_bid){.price = AMOUNT(50),
                                     .stake = amount_of_tokens(60, 18),
                                     .spare = {1, 2},
                                     .tier = 7,
                                     .address = {[19] = (u8)(i + 1)},
                                     .same_region = true};
        EXPECT(match_draw(&o, bids[i].address) == x[i]);
    }
    EXPECT(match_winner(&params, &o, bids, 3) == 1); /* provider 2: the highest x */
    EXPECT(params_set(&greatest, PARAM_match_randomness, 0));
    EXPECT(match_winner(&greatest, &o, bids, 3) == 0); /* provider 1: the lower address */
}

static const struct match_bid e21_bids[] = {
    {.price = {60},
     .stake = {900},
     .spare = {32, 64},
     .tier = 1,
     .address = {[19] = 11},
     .same_region = true},
    {.price = {45},
     .stake = {400},
     .spare = {48, 64},
     .rtt = {MSEC(30)},
     .slash_records = 1,
     .tier = 3,
     .address = {[19] = 12}},
    {.price = {30},
     .stake = {120},
     .spare = {4, 32},
     .rtt = {MSEC(90)},
     .tier = 6,
     .address = {[19] = 13}},
};

static const struct {
    struct match_part scores[MATCH_CRITERIA];
    u64 x;
    i64 l, g, key;
} e21_figures[] = {
    {{{1, 1}, {2, 5}, {1, 1}, {1, 2}, {1, 1}, {1, 1}, {1, 1}},
     11851192788892406975u,
     -9972605233,
     5052527108,
     -4920078125},
    {{{9, 10}, {11, 20}, {1, 1}, {3, 4}, {1, 2}, {5, 7}, {60, 71}},
     2780261785035835579u,
     -13562735439,
     -3952114880,
     -17514850319},
    {{{7, 10}, {7, 10}, {1, 1}, {1, 8}, {1, 1}, {2, 7}, {18, 71}},
     14070730187960478231u,
     -33570853323,
     8094929688,
     -25475923635},
};

static void e21_a_winner_to_compare_with(void)
{
    struct match_order o = order(100);
    struct match_stakes stakes = match_stakes_of(&params, e21_bids, 3);
    i64 key[3];

    EXPECT(equals(stakes.sum, 1420) && stakes.num == 1 && stakes.den == 3); /* max(142, 1420/3) */
    for (size_t i = 0; i < 3; i++) {
        struct match_score s = match_score_of(&params, &o, &stakes, &e21_bids[i]);
        for (size_t c = 0; c < MATCH_CRITERIA; c++)
            EXPECT(s.q[c] == q(e21_figures[i].scores[c].part, e21_figures[i].scores[c].of));
        EXPECT(s.x == e21_figures[i].x && s.l == e21_figures[i].l);
        EXPECT(s.g == e21_figures[i].g && s.key == e21_figures[i].key);
        key[i] = s.key;
    }
    EXPECT(match_winner(&params, &o, e21_bids, 3) == 0);

    /* "the margin to the second is 2.932448915281 bits" with exact logarithms; these here are
     * good to 2^-20 bit */
    i128 exact_e12 = (i128)2932448915281 << 32, ours_e12 = (i128)(key[0] - key[1]) * 1000000000000;
    i128 off = exact_e12 > ours_e12 ? exact_e12 - ours_e12 : ours_e12 - exact_e12;
    EXPECT(off < ((i128)1000000000000 << 12));
}

/* --- emission --- */

static void e31_emission(void)
{
    const u64 year_s = 31536000;
    const u128 spon = WEI_E18(1);

    EXPECT(equals(emission_between(&params, 0, 86400), 136986 * spon + 301369863013698630u));
    EXPECT(equals(emission_between(&params, year_s, year_s + 86400),
                  123287 * spon + 671232876712328767u));
    EXPECT(equals(emission_until(&params, year_s), 50000000 * spon));
    EXPECT(equals(emission_until(&params, 2 * year_s), 95000000 * spon));
}

int main(void)
{
    params = params_default;
    e1_two_hours_closed_after_half_an_hour();
    e3_at_the_agreed_end_and_a_second_before();
    e5_a_price_that_does_not_divide();
    e7_no_share_ever_falls();
    e13_bracket();
    e15_keccak();
    e17_all_scores_of_a_bid();
    e19_all_scores_equal();
    e21_a_winner_to_compare_with();
    e31_emission();
    printf("ok - examples of money: E1 E3 E5 E7 E13 E15 E17 E19 E21 E31\n");
    return EXIT_SUCCESS;
}
