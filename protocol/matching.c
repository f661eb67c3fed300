#include "protocol/matching.h"

#include <string.h>

#include "protocol/keccak.h"
#include "protocol/mutant.h"

_Static_assert(MATCH_WORD_BYTES == KECCAK_BYTES, "a word of the ABI holds a digest");

#define ONE_Q32 ((u64)1 << 32)
#define Q_MIN 42949672u         /* "floor of 0.01": floor(2^32 / 100) */
#define LOG2_LN2_Q32 2271034280 /* "−floor(2^32 × log2(ln 2))" */
#define BEST_TIER 1u
#define WORST_TIER 7u
#define FEEDBACK_TENTHS_MAX 50u /* settled 44: "stored as 0..50 tenths" */

/* --- draws --- */

static void word_u64(u8 *word, u64 v) /* big-endian, right in its 32 bytes */
{
    memset(word, 0, MATCH_WORD_BYTES);
    for (size_t i = 0; i < 8; i++)
        word[MATCH_WORD_BYTES - 1 - i] = (u8)(v >> (8 * i));
}

static void word_address(u8 *word, const u8 address[MATCH_ADDRESS_BYTES])
{
    memset(word, 0, MATCH_WORD_BYTES);
    memcpy(word + MATCH_WORD_BYTES - MATCH_ADDRESS_BYTES, address, MATCH_ADDRESS_BYTES);
}

void match_seed(u8 out[MATCH_WORD_BYTES], const u8 world_secret[MATCH_WORD_BYTES], u64 block)
{
    u8 words[2 * MATCH_WORD_BYTES];

    memcpy(words, world_secret, MATCH_WORD_BYTES);
    word_u64(words + MATCH_WORD_BYTES, block);
    keccak256(out, words, sizeof(words));
}

void match_order_key(u8 out[MATCH_WORD_BYTES], const u8 wallet[MATCH_ADDRESS_BYTES],
                     u64 orders_before)
{
    u8 words[2 * MATCH_WORD_BYTES];

    word_address(words, wallet);
    word_u64(words + MATCH_WORD_BYTES, orders_before);
    keccak256(out, words, sizeof(words));
}

/* point 6: "keccak256(abi.encode(bytes32 seed, uint256 order key, address provider contract))" */
#define DRAW_BYTES (3 * (size_t)MATCH_WORD_BYTES)

static void draw_words(u8 words[DRAW_BYTES], const struct match_order *o,
                       const u8 address[MATCH_ADDRESS_BYTES])
{
    memcpy(words, o->seed, MATCH_WORD_BYTES);
    memcpy(words + MATCH_WORD_BYTES, o->key, MATCH_WORD_BYTES);
    word_address(words + 2 * (size_t)MATCH_WORD_BYTES, address);
}

static u64 draw_of(const u8 digest[KECCAK_BYTES])
{
    u64 x = 0;

    for (size_t i = 0; i < 8; i++) /* "first 8 bytes, big-endian" */
        x = x << 8 | digest[i];
    return x | 1; /* "its lowest bit set, so u = x/2^64 is never 0" */
}

u64 match_draw(const struct match_order *o, const u8 address[MATCH_ADDRESS_BYTES])
{
    u8 words[DRAW_BYTES], digest[KECCAK_BYTES];

    draw_words(words, o, address);
    keccak256(digest, words, sizeof(words));
    return draw_of(digest);
}

/* How many bids are scored side by side: as many digests as there are at once. */
#define AT_ONCE KECCAK_EIGHT

static void draws(u64 x[AT_ONCE], const struct match_order *o, const struct match_bid *bids,
                  size_t n)
{
    u8 words[AT_ONCE][DRAW_BYTES] = {{0}}, digest[AT_ONCE][KECCAK_BYTES];

    if (n == 1) {
        x[0] = match_draw(o, bids[0].address);
        return;
    }
    for (size_t i = 0; i < n; i++)
        draw_words(words[i], o, bids[i].address);
    keccak256_eight(digest, words[0], DRAW_BYTES, DRAW_BYTES);
    for (size_t i = 0; i < n; i++)
        x[i] = draw_of(digest[i]);
}

i64 match_gumbel(u64 x)
{
    /* point 6: "D = max(1, 64·2^32 − log2_q32(x)), that is −log2 u" */
    u64 d = 64 * ONE_Q32 - match_log2_q32(x);
    if (d < 1)
        d = 1;
    /* "G = −(log2_q32(D) − 32·2^32 − 2271034280), that is −log2(−ln u)" */
    return (i64)(32 * ONE_Q32) + LOG2_LN2_Q32 - (i64)match_log2_q32(d);
}

/* --- scores --- */

static i64 floor_div(i64 a, i64 b) /* b > 0; "Divisions floor, towards minus infinity" */
{
    return a / b - (a % b < 0);
}

static u64 q32(u64 part, u64 of)
{
    check(of != 0 && part <= of);
    return (u64)(((u128)part << 32) / of);
}

static u64 q32_amount(struct amount part, struct amount of)
{
    u64 q;
    bool fits = amount_ratio(&q, part, ONE_Q32, of, ROUND_DOWN);
    check(fits && q <= ONE_Q32);
    return q;
}

bool match_least_spare(struct match_part *least, u64 registered, u64 reserved, u64 asked)
{
    if (reserved > registered || asked > registered - reserved || registered == 0)
        return false;
    u64 spare = registered - reserved - asked;
    if ((u128)spare * least->of < (u128)least->part * registered)
        *least = (struct match_part){spare, registered};
    return true;
}

static u64 region_q(const struct params *p, const struct match_order *o, const struct match_bid *b)
{
    /* point 3: "1 if the order states a region or the provider is in the tenant's; else
     * 1 − min(rtt, 300 ms)/300 ms" */
    u64 max_ns = MSEC(p->match_rtt_max_ms);

    if (o->region_stated || b->same_region)
        return ONE_Q32;
    return b->rtt.ns >= max_ns ? 0 : q32(max_ns - b->rtt.ns, max_ns);
}

static u64 price_q(const struct match_order *o, const struct match_bid *b)
{
    struct amount below;
    bool fits = amount_sub(&below, o->max_price, b->price);
    check(fits && amount_cmp(b->price, AMOUNT(0)) > 0);
    return q32_amount(below, o->max_price); /* "(max − price)/max" */
}

struct match_stakes match_stakes_of(const struct params *p, const struct match_bid *bids, size_t n)
{
    struct match_stakes s = {.sum = AMOUNT(0), .largest = AMOUNT(0)};

    check(n >= 1);
    for (size_t i = 0; i < n; i++) {
        check(amount_cmp(bids[i].stake, AMOUNT(0)) > 0);
        bool fits = amount_add(&s.sum, s.sum, bids[i].stake);
        check(fits);
        if (amount_cmp(bids[i].stake, s.largest) > 0)
            s.largest = bids[i].stake;
    }
    /* settled 121: "cap = max(1000 bps, 1/n) of the summed stake" */
    bool equal_share = (u128)p->stake_weight_cap_bps * n < BPS_WHOLE;
    s.num = equal_share ? 1 : p->stake_weight_cap_bps;
    s.den = equal_share ? n : BPS_WHOLE;
    if (MUTATED(STAKE_UNCAPPED))
        s.num = s.den = 1;
    return s;
}

static u64 stake_q(const struct match_stakes *s, struct amount stake)
{
    struct amount cap, stake_scaled, largest_scaled; /* all three times den: exact */
    bool fit = amount_mul(&cap, s->sum, s->num) && amount_mul(&stake_scaled, stake, s->den) &&
               amount_mul(&largest_scaled, s->largest, s->den);
    check(fit);

    if (MUTATED(STAKE_FLATTENED) && stake_scaled.wei < largest_scaled.wei / 2)
        stake_scaled.wei = largest_scaled.wei / 2;
    /* point 3: "min(stake, cap)/(largest min(stake, cap) of the n)" */
    return q32_amount(amount_least(stake_scaled, cap), amount_least(largest_scaled, cap));
}

static u64 criterion_q(const struct params *p, const struct match_order *o,
                       const struct match_stakes *stakes, const struct match_bid *b,
                       enum match_criterion c)
{
    switch (c) {
    case MATCH_REGION:
        return region_q(p, o, b);
    case MATCH_PRICE:
        return price_q(o, b);
    case MATCH_FEEDBACK: /* "stored tenths (0..50)/50; 1 while off" */
        return p->feedback_enabled ? q32(b->feedback_tenths, FEEDBACK_TENTHS_MAX) : ONE_Q32;
    case MATCH_AVAILABILITY:
        return q32(b->spare.part, b->spare.of);
    case MATCH_SLASHES: /* "1/(1 + slash records applied in the last 30 closed eras)" */
        return q32(1, 1 + (u64)b->slash_records);
    case MATCH_TRUST: /* "(8 − tier)/7" */
        check(b->tier >= BEST_TIER && b->tier <= WORST_TIER);
        return q32(MUTATED(TRUST_UPSIDE_DOWN) ? b->tier : WORST_TIER + 1 - b->tier, WORST_TIER);
    case MATCH_STAKE:
        return stake_q(stakes, b->stake);
    case MATCH_CRITERIA:
        break;
    }
    check_unreachable();
}

static u64 criterion_power_bps(const struct params *p, enum match_criterion c)
{
    switch (c) {
    case MATCH_REGION:
        return p->match_w_region;
    case MATCH_PRICE:
        return p->match_w_price;
    case MATCH_FEEDBACK:
        return p->match_w_feedback;
    case MATCH_AVAILABILITY:
        return p->match_w_availability;
    case MATCH_SLASHES:
        return p->match_w_slashes;
    case MATCH_TRUST:
        return p->match_w_trust;
    case MATCH_STAKE:
        return p->match_w_stake;
    case MATCH_CRITERIA:
        break;
    }
    check_unreachable();
}

/* point 5: "floor(w × (log2_q32(q) − 32·2^32) / 10000)" */
static i64 term_of(const struct params *p, enum match_criterion c, u64 q)
{
    i64 log = (i64)match_log2_q32(q) - (i64)(32 * ONE_Q32);

    return floor_div((i64)criterion_power_bps(p, c) * log, BPS_WHOLE);
}

/* 1 <= n <= AT_ONCE. */
static void scores_of(struct match_score *out, const struct params *p, const struct match_order *o,
                      const struct match_stakes *stakes, const struct match_bid *bids, size_t n)
{
    u64 x[AT_ONCE], q_was = 0;
    i64 term = 0;

    draws(x, o, bids, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct match_score){.x = x[i], .g = match_gumbel(x[i])};
    for (enum match_criterion c = MATCH_REGION; c < MATCH_CRITERIA; c++, q_was = 0) {
        for (size_t i = 0; i < n; i++) {
            u64 q = criterion_q(p, o, stakes, &bids[i], c);
            q = q < Q_MIN ? Q_MIN : q; /* "q = max(floor(2^32 × score), 42949672)" */
            if (q != q_was)            /* most bids of an order stand alike in most criteria */
                term = term_of(p, c, q);
            q_was = q;
            out[i].q[c] = q;
            out[i].l += term;
        }
    }
    /* point 7: "greatest floor(L × 10000 / match_randomness) + G (in bps); with match_randomness 0
     * greatest L" */
    for (size_t i = 0; i < n; i++) {
        out[i].key = out[i].l;
        if (p->match_randomness != 0)
            out[i].key = floor_div(out[i].l * (i64)BPS_WHOLE, (i64)p->match_randomness) + out[i].g;
    }
}

struct match_score match_score_of(const struct params *p, const struct match_order *o,
                                  const struct match_stakes *stakes, const struct match_bid *bid)
{
    struct match_score s;

    scores_of(&s, p, o, stakes, bid, 1);
    return s;
}

size_t match_winner(const struct params *p, const struct match_order *o,
                    const struct match_bid *bids, size_t n)
{
    struct match_stakes stakes = match_stakes_of(p, bids, n);
    struct match_score scores[AT_ONCE];
    size_t best = 0;
    i64 best_key = 0;

    for (size_t i = 0; i < n; i++) {
        if (i % AT_ONCE == 0)
            scores_of(scores, p, o, &stakes, bids + i, n - i < AT_ONCE ? n - i : AT_ONCE);
        i64 key = scores[i % AT_ONCE].key;
        bool lower = memcmp(bids[i].address, bids[best].address, MATCH_ADDRESS_BYTES) < 0;
        if (MUTATED(PLACE_FAVOURED))
            key += (i64)i << 30;
        if (MUTATED(ADDRESS_FAVOURED))
            key -= (i64)bids[i].address[0] << 24;
        /* "Equal: the lower contract address." */
        if (i == 0 || key > best_key || (key == best_key && lower)) {
            best = i;
            best_key = key;
        }
    }
    return best;
}
