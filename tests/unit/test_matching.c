/* matching against logarithms of sixty digits, scores over one common denominator, and what the
 * draw must do: choose in proportion to the weights, whatever the order of bids. */
#include "protocol/draw.h"
#include "protocol/keccak.h"
#include "protocol/matching.h"
#include "tests/test.h"

#include <string.h>

#define Q_MIN 42949672u

static u64 draws;

static u64 below(u64 n)
{
    static const struct drawer d = {46, 0, 0};
    return draw_below(&d, DRAW_TEST, draws++, n);
}

static struct params with(const struct params *from, enum param_id id, u64 v)
{
    struct params p = *from;
    EXPECT(params_set(&p, id, v));
    return p;
}

/* --- the logarithm and the Gumbel --- */

/* settled "Matching, exactly", point 4, as it stands there. */
static u64 log2_by_squaring(u64 x)
{
    u64 n = 63 - (u64)__builtin_clzll((unsigned long long)x), r = n, m = x << (63 - n);

    for (int bit = 0; bit < 32; bit++) {
        u128 square = (u128)m * m;
        bool whole = square >> 127 != 0;
        m = (u64)(whole ? square >> 64 : square >> 63);
        r = 2 * r + whole;
    }
    return r;
}

/* Everywhere, and where the mantissa is close to an end of a part of the table; and beside values
 * whose logarithms are close to a whole unit, which few are by chance. */
static void test_log2_shortcut(void)
{
    u64 w = 0x9e3779b97f4a7c15u;

    for (u32 i = 0; i < 400000; i++) {
        w = w * 0xd1342543de82ef95u + 1;
        u64 mixed = (w ^ w >> 29) * 0xbf58476d1ce4e5b9u, x = mixed >> w % 64;
        if (i % 4 == 0) /* 1 to 16 away from an end */
            x = ((u64)1 << 63 | (mixed & (u64)127 << 56)) + (mixed >> 8 & 15) - 8;
        if (x != 0)
            EXPECT(match_log2_q32(x) == log2_by_squaring(x));
    }
    for (u64 unit = 1; unit < 2000; unit++) { /* the first x with a log of so many units above 63 */
        u64 low = (u64)1 << 63, high = UINT64_MAX,
            wish = ((u64)63 << 32) + unit * 2147483 % ((u64)1 << 32);
        while (low < high) {
            u64 middle = low + (high - low) / 2;
            if (log2_by_squaring(middle) < wish)
                low = middle + 1;
            else
                high = middle;
        }
        for (u64 x = low - 3; x != low + 3; x++)
            EXPECT(match_log2_q32(x) == log2_by_squaring(x));
    }
}

static void test_log2(void)
{
    static const struct {
        u64 x, floor_q32; /* with 60 digits */
    } exact[] = {
        {3, 6807362105},
        {5, 9972605231},
        {7, 12057497578},
        {10, 14267572527},
        {42949672, 108903808279},
        {4294967295, 137438953470},
        {9223372036854775807u, 270582939647},
        {9223372036854775809u, 270582939648},
        {18446744073709551615u, 274877906943},
        {27, 20422086317},
        {111, 29181793941},
        {1555, 45538244874},
        {108803, 71860638909},
        {329739, 78730895208},
        {25556623, 105687092953},
        {240946223, 119589653269},
        {616627451, 125412288595},
        {74216598389, 155095662069},
        {1427381471825, 173415781770},
        {2615838934967, 177169165552},
        {82759985833999, 198573512086},
        {1831773347273831, 217764129461},
        {7675923435473473, 226642253426},
        {702923819117143845, 254632057985},
    };

    for (size_t i = 0; i < ARRAY_LEN(exact); i++)
        EXPECT(match_log2_q32(exact[i].x) == exact[i].floor_q32);
    for (u64 n = 0; n < 64; n++)
        EXPECT(match_log2_q32((u64)1 << n) == n << 32);
    for (int i = 0; i < 100000; i++) {
        u64 a = 1 + below((u64)1 << below(32)), b = 1 + below((u64)1 << below(32));
        u64 sum = match_log2_q32(a) + match_log2_q32(b), whole = match_log2_q32(a * b);
        EXPECT(whole >= sum && whole - sum <= 2); /* two floors of it */
        EXPECT(match_log2_q32(a + 1) >= match_log2_q32(a));
    }
}

static void test_gumbel(void)
{
    static const struct {
        u64 x;
        i64 floor_q32; /* -log2(-ln(x / 2^64)), with 60 digits */
    } exact[] = {
        {1, -23498769497},
        {3, -23343385100},
        {1048577, -21177045785},
        {1099511627777, -17421229715},
        {1152921504606846977, -6318900313},
        {4611686018427387905, -2023933017},
        {9223372036854775807, 2271034279},
        {9223372036854775809u, 2271034279},
        {18446742974197923841u, 103079214919},
        {6189536054014249971, -545501719},
        {15881149352341101443u, 11765304534},
        {14413388068055522609u, 8671507732},
        {6156148893807179151, -576115909},
        {13925980304638426439u, 7862719135},
        {13643998694464186279u, 7427495371},
        {8121481078766878711, 1226831463},
        {2719701553823500289, -4023810877},
        {16060988371248451127u, 12249667748},
        {12842567668632538965u, 6294058790},
        {14338111670138775455u, 8541379115},
        {16409220990634007137u, 13292372192},
        {17952361764106749807u, 22342606092},
        {130182507787554551, -9914967164},
        {17037870034250271287u, 15693039451},
    };

    for (size_t i = 0; i < ARRAY_LEN(exact); i++) {
        /* -log2 u is cut to D units: 1.45 / D of a bit, and a few units of floors */
        i64 d = (i64)(((u64)64 << 32) - match_log2_q32(exact[i].x));
        i64 off = match_gumbel(exact[i].x) - exact[i].floor_q32;
        EXPECT((off < 0 ? -off : off) <= (3LL << 31) / d + 4);
    }
    for (u64 i = 0; i < 1000; i++) /* rises with u */
        EXPECT(match_gumbel(i << 54 | 1) < match_gumbel((i + 1) << 54 | 1));
    /* the top: D = 1, so log2 D = 0 and G is the greatest there is */
    EXPECT(match_gumbel(UINT64_MAX) == ((i64)32 << 32) + 2271034280);
}

/* --- the draw --- */

static void test_draw_encoding(void) /* abi.encode, byte by byte */
{
    struct match_order o = {.region_stated = false};
    u8 secret[32], wallet[20], out[32], want[32], words[96] = {0};
    u64 x;

    for (size_t i = 0; i < 32; i++)
        secret[i] = (u8)(i * 7 + 1);
    memcpy(words, secret, 32);
    memcpy(words + 56, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    keccak256(want, words, 64);
    match_seed(out, secret, 0x0102030405060708);
    EXPECT(memcmp(out, want, 32) == 0);

    for (size_t i = 0; i < 20; i++)
        wallet[i] = (u8)(0xa0 + i);
    memset(words, 0, sizeof(words));
    memcpy(words + 12, wallet, 20);
    words[63] = 5;
    keccak256(want, words, 64);
    match_order_key(o.key, wallet, 5);
    EXPECT(memcmp(o.key, want, 32) == 0);

    match_seed(o.seed, secret, 3);
    memcpy(words, o.seed, 32);
    memcpy(words + 32, o.key, 32);
    memset(words + 64, 0, 12);
    memcpy(words + 76, wallet, 20);
    keccak256(want, words, 96);
    want[7] |= 1;
    x = match_draw(&o, wallet);
    for (size_t i = 0; i < 8; i++)
        EXPECT(want[i] == (u8)(x >> (56 - 8 * i)));
}

/* --- scores --- */

static struct match_bid plain_bid(u64 number)
{
    struct match_bid b = {.price = AMOUNT(50),
                          .stake = AMOUNT(1000),
                          .spare = {1, 1},
                          .tier = 1,
                          .same_region = true};
    for (size_t i = 0; i < 8; i++)
        b.address[19 - i] = (u8)(number >> (8 * i));
    return b;
}

static struct match_score score_alone(const struct params *p, const struct match_order *o,
                                      const struct match_bid *b)
{
    struct match_stakes stakes = match_stakes_of(p, b, 1);
    return match_score_of(p, o, &stakes, b);
}

static u64 q(u64 part, u64 of)
{
    u64 v = (u64)(((u128)part << 32) / of);
    return v < Q_MIN ? Q_MIN : v;
}

static void test_single_scores(void)
{
    const struct params *def = &params_default;
    struct params rated = with(def, PARAM_feedback_enabled, 1);
    struct match_order o = {.max_price = AMOUNT(100)};
    struct match_bid b = plain_bid(1);

    for (u64 price = 1; price <= 100; price++) {
        b.price = AMOUNT(price);
        EXPECT(score_alone(def, &o, &b).q[MATCH_PRICE] == q(100 - price, 100));
    }
    for (b.tier = 1; b.tier <= 7; b.tier++)
        EXPECT(score_alone(def, &o, &b).q[MATCH_TRUST] == q(8 - b.tier, 7));
    b.tier = 1;
    for (b.feedback_tenths = 0; b.feedback_tenths <= 50; b.feedback_tenths++) {
        EXPECT(score_alone(def, &o, &b).q[MATCH_FEEDBACK] == q(1, 1));
        EXPECT(score_alone(&rated, &o, &b).q[MATCH_FEEDBACK] == q(b.feedback_tenths, 50));
    }
    b.feedback_tenths = 50;
    for (b.slash_records = 0; b.slash_records < 200; b.slash_records++)
        EXPECT(score_alone(def, &o, &b).q[MATCH_SLASHES] == q(1, 1 + b.slash_records));
    b.slash_records = UINT32_MAX;
    EXPECT(score_alone(def, &o, &b).q[MATCH_SLASHES] == Q_MIN);
    for (u64 ms = 0; ms < 700; ms++) {
        b.rtt = (struct span){MSEC(ms)};
        b.same_region = false;
        EXPECT(score_alone(def, &o, &b).q[MATCH_REGION] == q(ms < 300 ? 300 - ms : 0, 300));
        b.same_region = true;
        EXPECT(score_alone(def, &o, &b).q[MATCH_REGION] == q(1, 1));
        b.same_region = false;
        o.region_stated = true;
        EXPECT(score_alone(def, &o, &b).q[MATCH_REGION] == q(1, 1));
        o.region_stated = false;
    }
    b.rtt = (struct span){UINT64_MAX};
    EXPECT(score_alone(def, &o, &b).q[MATCH_REGION] == Q_MIN);
}

/* Prices as large as can be: (max - price) / max to the last bit. */
static void test_large_prices(void)
{
    struct match_order o = {.max_price = AMOUNT(U128_MAX)};
    struct match_bid b = plain_bid(1);

    b.price = AMOUNT(U128_MAX / 2 + 1); /* 1 - a little over 1/2 */
    EXPECT(score_alone(&params_default, &o, &b).q[MATCH_PRICE] == ((u64)1 << 31) - 1);
    b.price = AMOUNT(U128_MAX / 2);
    EXPECT(score_alone(&params_default, &o, &b).q[MATCH_PRICE] == (u64)1 << 31);
    b.price = AMOUNT(1); /* no score but a price of nothing is quite 1 */
    EXPECT(score_alone(&params_default, &o, &b).q[MATCH_PRICE] == ((u64)1 << 32) - 1);
}

static void test_least_spare(void)
{
    for (int i = 0; i < 100000; i++) {
        struct match_part least = {1, 1};
        u64 part = 1, of = 1;
        for (u64 dimensions = 1 + below(4); dimensions > 0; dimensions--) {
            u64 registered = below(30), reserved = below(30), asked = 1 + below(10);
            struct match_part was = least;
            bool fits = reserved + asked <= registered;
            EXPECT(match_least_spare(&least, registered, reserved, asked) == fits);
            if (!fits) {
                EXPECT(least.part == was.part && least.of == was.of);
                continue;
            }
            u64 spare = registered - reserved - asked;
            if (spare * of < part * registered) {
                part = spare;
                of = registered;
            }
        }
        EXPECT(least.part * of == part * least.of);
    }
    struct match_part least = {1, 1};
    EXPECT(!match_least_spare(&least, UINT64_MAX, UINT64_MAX, 1));
    EXPECT(!match_least_spare(&least, 0, 0, 0));
    EXPECT(match_least_spare(&least, UINT64_MAX, UINT64_MAX - 1, 1) && least.part == 0);
}

/* cap = max(sum x bps / 10000, sum / n), all stakes over 10000 n; then the same stakes times 2^70.
 */
static void test_stakes(void)
{
    static const u64 caps[] = {0, 1, 1000, 2500, 3333, 3334, 5000, 9999, 10000};
    struct match_order o = {.max_price = AMOUNT(100)};

    for (int i = 0; i < 20000; i++) {
        struct params p =
            with(&params_default, PARAM_stake_weight_cap_bps, caps[below(ARRAY_LEN(caps))]);
        struct match_bid small[12], large[12];
        u64 n = 1 + below(12), stake[12], sum = 0, largest = 0;

        for (u64 k = 0; k < n; k++) {
            stake[k] = 1 + below((u64)1 << below(20));
            sum += stake[k];
            small[k] = large[k] = plain_bid(k + 1);
            small[k].stake = AMOUNT(stake[k]);
            large[k].stake = AMOUNT((u128)stake[k] << 70);
        }
        u64 scale = 10000 * n, by_bps = sum * p.stake_weight_cap_bps * n, by_share = sum * 10000;
        u64 cap = by_bps > by_share ? by_bps : by_share;
        for (u64 k = 0; k < n; k++) {
            stake[k] = stake[k] * scale < cap ? stake[k] * scale : cap;
            largest = stake[k] > largest ? stake[k] : largest;
        }
        struct match_stakes s = match_stakes_of(&p, small, n), l = match_stakes_of(&p, large, n);
        for (u64 k = 0; k < n; k++) {
            u64 want = q(stake[k], largest);
            EXPECT(match_score_of(&p, &o, &s, &small[k]).q[MATCH_STAKE] == want);
            EXPECT(match_score_of(&p, &o, &l, &large[k]).q[MATCH_STAKE] == want);
        }
    }
}

/* --- weight, key and winner --- */

static i64 floor_of(i64 a, i64 b)
{
    i64 v = a / b;
    while (v * b > a)
        v--;
    return v;
}

static const enum param_id powers[MATCH_CRITERIA] = {
    PARAM_match_w_region,  PARAM_match_w_price, PARAM_match_w_feedback, PARAM_match_w_availability,
    PARAM_match_w_slashes, PARAM_match_w_trust, PARAM_match_w_stake,
};

static struct match_bid any_bid(u64 number)
{
    struct match_bid b = plain_bid(number);
    b.price = AMOUNT(1 + below(100));
    b.stake = AMOUNT(1 + below(1000));
    b.spare = (struct match_part){below(64), 64};
    b.rtt = (struct span){MSEC(below(400))};
    b.slash_records = (u32)below(5);
    b.feedback_tenths = (u32)below(51);
    b.tier = 1 + (u32)below(7);
    b.same_region = below(2) == 0;
    return b;
}

static struct params any_params(void)
{
    struct params p = with(&params_default, PARAM_feedback_enabled, below(2));
    for (size_t c = 0; c < MATCH_CRITERIA; c++)
        if (below(2) == 0)
            p = with(&p, powers[c], below(3) == 0 ? below(100001) : 0);
    if (below(2) == 0)
        p = with(&p, PARAM_match_randomness, below(3) == 0 ? below(100001) : 0);
    return p;
}

static struct match_order any_order(void)
{
    struct match_order o = {.max_price = AMOUNT(100), .region_stated = below(2) == 0};
    for (size_t i = 0; i < 32; i++) {
        o.seed[i] = (u8)below(256);
        o.key[i] = (u8)below(256);
    }
    return o;
}

static void test_key(void) /* points 5 and 7 from the scores on */
{
    for (int i = 0; i < 20000; i++) {
        struct params p = any_params();
        struct match_order o = any_order();
        struct match_bid b = any_bid(below(UINT64_MAX));
        struct match_score s = score_alone(&p, &o, &b);
        i64 l = 0;

        for (size_t c = 0; c < MATCH_CRITERIA; c++)
            l += floor_of((i64)params_get(&p, powers[c]) *
                              ((i64)match_log2_q32(s.q[c]) - ((i64)32 << 32)),
                          10000);
        EXPECT(s.l == l && s.g == match_gumbel(s.x) && s.x == match_draw(&o, b.address));
        i64 r = (i64)p.match_randomness;
        EXPECT(s.key == (r == 0 ? l : floor_of(l * 10000, r) + s.g));
    }
}

/* The largest key wins, however the bids are ordered; equal keys: the lower address. */
static void test_winner(void)
{
    int ties = 0;

    for (int i = 0; i < 5000; i++) {
        struct params p = any_params();
        struct match_order o = any_order();
        struct match_bid bids[9], mixed[9];
        size_t n = 1 + below(9), best = 0;

        for (size_t k = 0; k < n; k++)
            bids[k] = below(3) == 0 ? any_bid(1000 - k) : plain_bid(1000 - k);
        struct match_stakes stakes = match_stakes_of(&p, bids, n);
        for (size_t k = 1; k < n; k++) {
            i64 key = match_score_of(&p, &o, &stakes, &bids[k]).key;
            i64 first = match_score_of(&p, &o, &stakes, &bids[best]).key;
            ties += key == first;
            if (key >= first) /* addresses fall */
                best = k;
        }
        EXPECT(match_winner(&p, &o, bids, n) == best);

        memcpy(mixed, bids, sizeof(bids));
        for (size_t k = n; k > 1; k--) {
            size_t other = below(k);
            struct match_bid t = mixed[k - 1];
            mixed[k - 1] = mixed[other];
            mixed[other] = t;
        }
        size_t winner = match_winner(&p, &o, mixed, n);
        EXPECT(memcmp(mixed[winner].address, bids[best].address, MATCH_ADDRESS_BYTES) == 0);
    }
    EXPECT(ties > 100);
}

/* Three bids whose weights are as 4 : 2 : 1, of 7; then with randomness halved as 16 : 4 : 1,
 * of 21. */
static void expect_shares(const struct params *p, const int share[3], int of)
{
    static const u64 price[] = {20, 60, 80}; /* of 100: scores 4/5, 2/5, 1/5 */
    const int orders = 21000;
    int won[3] = {0, 0, 0};
    struct match_bid bids[3];

    for (size_t k = 0; k < 3; k++) {
        bids[k] = plain_bid(k + 1);
        bids[k].price = AMOUNT(price[k]);
    }
    for (int i = 0; i < orders; i++) {
        struct match_order o = any_order();
        won[match_winner(p, &o, bids, 3)]++;
    }
    for (size_t k = 0; k < 3; k++) {
        int off = won[k] - orders / of * share[k];
        EXPECT(off * off < 16 * orders / of * share[k]); /* within four standard deviations */
    }
}

static void test_proportional(void)
{
    struct params sharp = with(&params_default, PARAM_match_randomness, 5000);

    expect_shares(&params_default, (int[]){4, 2, 1}, 7);
    expect_shares(&sharp, (int[]){16, 4, 1}, 21);
}

int main(void)
{
    test_log2();
    test_log2_shortcut();
    test_gumbel();
    test_draw_encoding();
    test_single_scores();
    test_large_prices();
    test_least_spare();
    test_stakes();
    test_key();
    test_winner();
    test_proportional();
    printf("ok - matching\n");
    return EXIT_SUCCESS;
}
