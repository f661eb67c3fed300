/* The small integer functions of the rules over every small input, each against the obvious
 * formula written in another way: products compared instead of quotients, seconds counted one by
 * one, histories walked as lists.  (As secp256k1 tests its group: there is no case left to draw.)
 */
#include "protocol/bracket.h"
#include "protocol/emission.h"
#include "protocol/interval.h"
#include "protocol/lease_money.h"
#include "protocol/liveness.h"
#include "protocol/matching.h"
#include "protocol/rating.h"
#include "protocol/slash.h"
#include "protocol/tier.h"
#include "tests/test.h"

#include <string.h>

static u64 cases;

/* q = floor(n / d), without dividing */
static bool is_floor(u128 q, u128 n, u128 d)
{
    cases++;
    return q * d <= n && n < (q + 1) * d;
}

static bool is_ceil(u128 q, u128 n, u128 d)
{
    cases++;
    return q * d >= n && (q == 0 || (q - 1) * d < n);
}

static struct params with(enum param_id id, u128 v)
{
    struct params p = params_default;

    EXPECT(params_set(&p, id, v));
    return p;
}

/* ---- amounts ---- */

static void test_amounts(void)
{
    for (u64 a = 0; a < 64; a++) {
        for (u64 n = 0; n < 64; n++) {
            for (u64 d = 1; d < 64; d++) {
                struct amount down, up;
                EXPECT(amount_mul_div(&down, AMOUNT(a), n, d, ROUND_DOWN));
                EXPECT(amount_mul_div(&up, AMOUNT(a), n, d, ROUND_UP));
                EXPECT(is_floor(down.wei, (u128)a * n, d) && is_ceil(up.wei, (u128)a * n, d));
                u64 ratio;
                EXPECT(amount_ratio(&ratio, AMOUNT(a), n, AMOUNT(d), ROUND_DOWN));
                EXPECT(ratio == down.wei);
            }
        }
    }
    for (u64 whole = 0; whole < 300; whole++) {
        for (u32 bps = 0; bps <= BPS_WHOLE; bps += 7) {
            struct amount share, rest;
            amount_split(AMOUNT(whole), (struct bps){bps}, &share, &rest);
            EXPECT(is_floor(share.wei, (u128)whole * bps, BPS_WHOLE));
            EXPECT(share.wei + rest.wei == whole);
        }
    }
}

/* ---- fees, shares and locks of a lease ---- */

static void test_shares(void)
{
    for (u32 commission = 0; commission <= BPS_WHOLE; commission += 625) {
        for (u32 fee = 0; commission + fee <= BPS_WHOLE; fee += 100) {
            struct lease_rates rates = {commission, fee, (commission + fee) % (BPS_WHOLE + 1)};
            struct lease_shares was = {{0}, {0}, {0}, {0}, {0}};
            for (u64 gross = 0; gross < 260; gross++) {
                struct lease_shares s = lease_shares(AMOUNT(gross), rates);
                u32 net = BPS_WHOLE - commission - fee;
                EXPECT(is_floor(s.provider.wei, (u128)gross * net, BPS_WHOLE));
                EXPECT(is_floor(s.commission.wei, (u128)gross * commission, BPS_WHOLE));
                EXPECT(is_floor(s.provider_fee.wei, (u128)gross * fee, BPS_WHOLE));
                EXPECT(is_floor(s.user_fee.wei, (u128)gross * rates.user_fee_bps, BPS_WHOLE));
                EXPECT(s.provider.wei + s.commission.wei + s.provider_fee.wei + s.rest.wei ==
                       gross);
                EXPECT(s.rest.wei <= 2 && was.provider.wei <= s.provider.wei);
                EXPECT(was.commission.wei <= s.commission.wei);
                EXPECT(was.provider_fee.wei <= s.provider_fee.wei);
                was = s;
            }
        }
    }
}

static void test_locks(void)
{
    struct lease_rates rates = {2000, 200, 200};

    for (u64 price = 1; price < 130; price++) {
        for (u64 agreed_s = 0; agreed_s < 7300; agreed_s += 1 + agreed_s / 40) {
            struct lease_lock lock, more;
            EXPECT(lease_lock(&lock, AMOUNT(price), agreed_s, rates));
            EXPECT(is_ceil(lock.gross.wei, (u128)price * agreed_s, 3600));
            EXPECT(is_floor(lock.user_fee.wei, lock.gross.wei * 200, BPS_WHOLE));
            EXPECT(lock.sum.wei == lock.gross.wei + lock.user_fee.wei);
            for (u64 more_s = 0; more_s < 4000; more_s += 311) {
                EXPECT(lease_extension_lock(&more, AMOUNT(price), agreed_s, more_s, rates));
                EXPECT(is_ceil(lock.gross.wei + more.gross.wei, (u128)price * (agreed_s + more_s),
                               3600));
            }
            u128 spent = lease_gross_at(AMOUNT(price), agreed_s, lock.gross).wei;
            EXPECT(is_floor(spent, (u128)price * agreed_s, 3600) && spent <= lock.gross.wei);
            spent = lease_gross_at(AMOUNT(price), agreed_s * 2 + 3600, lock.gross).wei;
            EXPECT(spent == lock.gross.wei);
        }
    }
}

/* The end by lack of money: second by second, as settled 106 has it. */
static void test_insufficient(void)
{
    for (u64 price = 300; price < 12000; price += 977) {
        for (u64 held = 0; held < 60; held += 3) {
            for (u64 block_ms = 500; block_ms <= 12000; block_ms += 2300) {
                struct lease_terms t = {AMOUNT(price), AMOUNT(held), 100, 90};
                u64 want = 0, second = 0;
                for (u64 s = 0; s <= t.agreed_s && want == 0; s++) {
                    u64 used = price * s / 3600, left = held - (used < held ? used : held);
                    if (left * 3600000 < price * block_ms && (t.agreed_s - s) * 1000 > block_ms)
                        want = t.start_s + s;
                }
                EXPECT(lease_insufficient_at(&second, &t, block_ms) == (want != 0));
                EXPECT(want == 0 || second == want);
                cases++;
            }
        }
    }
}

/* ---- intervals and hours ---- */

/* Bit s of a set: second s is in it. */
static size_t pieces(u32 set, struct interval out[8])
{
    size_t n = 0;

    for (u64 s = 0; s < 9; s++) {
        bool in = set >> s & 1, before = s > 0 && (set >> (s - 1) & 1);
        if (in && !before)
            out[n++].from_s = s;
        if (!in && before)
            out[n - 1].to_s = s;
    }
    return n;
}

static void test_intervals(void)
{
    for (u32 a = 0; a < 256; a++) {
        for (u32 b = 0; b < 256; b++) {
            struct interval of_a[8], of_b[8];
            struct interval_list list = {of_a, pieces(a, of_a)}, without = {of_b, pieces(b, of_b)};
            for (u64 from = 0; from < 9; from += 2) {
                for (u64 to = from; to <= 9; to += 3) {
                    u32 within = (1u << to) - (1u << from);
                    struct interval w = {from, to};
                    EXPECT(interval_covered(list, w) == (u64)__builtin_popcount(a & within));
                    EXPECT(interval_covered_without(list, without, w) ==
                           (u64)__builtin_popcount(a & ~b & within));
                    cases += 2;
                }
            }
        }
    }
    for (u64 i = 0; i < 8 * 8 * 8 * 8; i++) {
        struct interval a = {i % 8, i % 8 + i / 8 % 8}, b = {i / 64 % 8, i / 64 % 8 + i / 512};
        u32 of_a = (1u << a.to_s) - (1u << a.from_s), of_b = (1u << b.to_s) - (1u << b.from_s);
        EXPECT(interval_length(interval_meet(a, b)) == (u64)__builtin_popcount(of_a & of_b));
        EXPECT(interval_touch(a, b) == ((of_a & of_b) != 0));
        cases++;
    }
}

/* When outages are slashed: hours counted one after the other. */
static void test_slash_hours(void)
{
    struct params p = with(PARAM_standby_slash_after_s, 3600);

    for (u64 length = 0; length < 4 * HOUR_S; length += 1 + length % 3) {
        for (u64 known = 0; known <= length + 2; known += 1 + (length - known % 2) / 3) {
            struct interval outage = {50, 50 + length}, hour, idle;
            u64 now_s = 50 + known, lasts = length < known ? length : known, k = 0;
            for (u64 at = 0; at < lasts; at += HOUR_S, k++) {
                EXPECT(slash_hour(outage, now_s, k, &hour) && hour.from_s == 50 + at);
                EXPECT(hour.to_s == 50 + (lasts < at + HOUR_S ? lasts : at + HOUR_S));
                EXPECT(slash_first_hour(outage, 50 + at) == k);
            }
            EXPECT(!slash_hour(outage, now_s, k, &hour));
            EXPECT(slash_standby(&p, outage, now_s, &idle) == (lasts > 3600));
            cases++;
        }
    }
}

/* ---- slashes ---- */

/* Four pots of 0..3 units, 0..12 units due: taken one by one in the order of settled 58. */
static void test_slash_take(void)
{
    for (u32 i = 0; i < 256; i++) {
        for (u64 due = 0; due <= 13; due++) {
            for (u64 offence_s = 0; offence_s < 4; offence_s++) {
                struct slash_pot pots[] = {{POT_DELEGATED, 0, AMOUNT(i % 4), {0}},
                                           {POT_UNBONDING, 1, AMOUNT(i / 4 % 4), {0}},
                                           {POT_UNBONDING, 3, AMOUNT(i / 16 % 4), {0}},
                                           {POT_OWN, 0, AMOUNT(i / 64), {0}},
                                           {POT_REWARDS, 0, AMOUNT(9), {0}}};
                static const u32 order[] = {3, 2, 1, 0};
                struct slash_result r = slash_take(pots, ARRAY_LEN(pots), AMOUNT(due), offence_s);
                u64 left = due;
                for (size_t k = 0; k < ARRAY_LEN(order); k++) {
                    const struct slash_pot *pot = &pots[order[k]];
                    bool before = pot->kind == POT_UNBONDING && pot->requested_s <= offence_s;
                    u64 takes = 0;
                    while (!before && left > 0 && takes < pot->held.wei)
                        takes++, left--;
                    EXPECT(pot->taken.wei == takes);
                }
                EXPECT(pots[4].taken.wei == 0 && r.bad_debt.wei == left);
                EXPECT(r.taken.wei == due - left);
                cases++;
            }
        }
    }
}

static void test_slash_shares(void)
{
    for (u64 taken = 0; taken < 40; taken++) {
        for (u32 i = 0; i < 12 * 12 * 12; i++) {
            struct amount fees[] = {AMOUNT(i % 12), AMOUNT(i / 12 % 12), AMOUNT(i / 144)};
            u64 sum = i % 12 + i / 12 % 12 + i / 144;
            struct amount shares[3], rest;
            EXPECT(slash_share(AMOUNT(taken), fees, 3, shares, &rest) == (sum > 0));
            for (u32 k = 0; sum > 0 && k < 3; k++)
                EXPECT(is_floor(shares[k].wei, taken * fees[k].wei, sum));
            EXPECT(shares[0].wei + shares[1].wei + shares[2].wei + rest.wei == taken);
            EXPECT(slash_restitution(AMOUNT(taken), fees, 3, shares, &rest));
            for (u32 k = 0; k < 3; k++)
                EXPECT(taken >= sum ? shares[k].wei == fees[k].wei
                                    : is_floor(shares[k].wei, taken * fees[k].wei, sum));
            EXPECT(shares[0].wei + shares[1].wei + shares[2].wei + rest.wei == taken);
        }
    }
}

/* ---- rewards ---- */

static void test_liveness(void)
{
    for (u64 emission = 0; emission < 80; emission++) {
        for (u64 potential = 0; potential < 80; potential++) {
            for (u64 earned = 0; earned <= potential; earned++) {
                u128 all = liveness_earned(AMOUNT(emission), earned, potential).wei;
                EXPECT(potential == 0 ? all == 0
                                      : is_floor(all, (u128)emission * earned, potential));
                EXPECT(all <= emission &&
                       all == liveness_hour(AMOUNT(emission), earned, potential).wei);
            }
        }
    }
    for (u64 bonus = 0; bonus < 30; bonus++) {
        struct params p = with(PARAM_bonus_amount, bonus);
        for (u64 left = 0; left < 100; left++) {
            for (u64 n = 1; n < 20; n++) {
                u128 each = liveness_bonus(&p, AMOUNT(left), n).wei;
                EXPECT(bonus * n <= left ? each == bonus : is_floor(each, left, n));
            }
        }
    }
}

/* Y(y) by one exact fraction, y small; M by adding seconds' parts year by year. */
static void test_emission(void)
{
    for (u64 supply = 0; supply < 2000; supply += 37) {
        for (u64 rate = 0; rate <= BPS_WHOLE; rate += 1250) {
            for (u64 decay = 0; decay <= BPS_WHOLE; decay += 2500) {
                struct params p = with(PARAM_supply0, supply);
                EXPECT(params_set(&p, PARAM_emission_bps_year, rate));
                EXPECT(params_set(&p, PARAM_emission_decay_bps, decay));
                u128 of = BPS_WHOLE, n = (u128)supply * rate, before = 0;
                for (u64 y = 0; y < 4; y++, n *= BPS_WHOLE - decay, of *= BPS_WHOLE) {
                    u64 start = y * 31536000;
                    EXPECT(emission_until(&p, start).wei == before);
                    u128 year = emission_between(&p, start, start + 31536000).wei;
                    EXPECT(is_floor(year, n, of));
                    for (u64 s = 1; s < 31536000; s += 7654321)
                        EXPECT(is_floor(emission_between(&p, start, start + s).wei, year * s,
                                        31536000));
                    before += year;
                }
            }
        }
    }
}

/* ---- ratings ---- */

static void test_rating(void)
{
    static const enum param_id boosts[] = {PARAM_storage_boost, PARAM_connectivity_boost,
                                           PARAM_compliance_boost};
    struct params p = params_default;

    for (u32 i = 0; i < ARRAY_LEN(boosts); i++)
        EXPECT(params_set(&p, boosts[i], 1000u << i));
    for (u32 i = 0; i < 6 * 6 * COMPUTE_CLASSES * 8 * TIERS; i++) {
        u32 gpus = i % 6, cpus = i / 6 % 6, class = i / 36 % COMPUTE_CLASSES;
        u32 has = i / 36 / COMPUTE_CLASSES % 8, tier = 1 + i / 36 / COMPUTE_CLASSES / 8;
        static const enum param_id multipliers[] = {PARAM_compute_multiplier_basic,
                                                    PARAM_compute_multiplier_gp,
                                                    PARAM_compute_multiplier_hpc};
        u64 add = tier_terms(&p, tier).multiplier_bps, points = 0;
        struct rating r = {0, 0, 0};
        for (u32 k = 0; k < 3; k++)
            add += has >> k & 1 ? 1000u << k : 0;
        for (u32 k = 0; k < gpus; k++) /* unit by unit */
            points += p.gpu_base_points * (gpu_multiplier(&p, (enum gpu_tier)0) + add);
        for (u32 k = 0; k < cpus; k++)
            points += p.cpu_base_points * ((u64)params_get(&p, multipliers[class]) + add);
        rating_add_gpus(&r, &p, (enum gpu_tier)0, gpus);
        rating_add_cpus(&r, &p, (enum compute_class) class, cpus);
        rating_set_boosts(&r, &p, has & 1 ? STORAGE_NVME : STORAGE_SSD,
                          has & 2 ? CONNECTIVITY_ULTRA : CONNECTIVITY_HIGH, (has & 4) != 0);
        EXPECT(rating_points(&r, &p, tier) == (tier == 7 ? 0 : points));
        cases++;
    }
    for (u32 i = 0; i < 24 * 24 * 24; i++) {
        u64 hdd = i % 24, ssd = i / 24 % 24, nvme = i / 576, all = hdd + ssd + nvme;
        enum storage_class want = STORAGE_HDD;
        if (all > 0 && (ssd + nvme) * 2 > all)
            want = STORAGE_SSD;
        if (all > 0 && nvme * 2 > all)
            want = STORAGE_NVME;
        EXPECT(storage_class(&params_default, hdd, ssd, nvme) == want);
        cases++;
    }
}

/* ---- brackets ---- */

static void test_brackets(void)
{
    const struct params *p = &params_default;

    for (u64 n = 0; n < 3; n++) {
        for (u32 gpu = 0; gpu < 2; gpu++) {
            u64 cpu = gpu ? p->bracket_gpu_cpu : p->bracket_cpu;
            u64 ram = gpu ? p->bracket_gpu_ram_gib : p->bracket_ram_gib;
            u64 disk = gpu ? p->bracket_gpu_disk_gib : p->bracket_disk_gib;
            u64 mid = gpu ? p->bracket_gpus : 0;
            for (u32 i = 0; i < 81; i++) { /* each a unit below, at and above its limit */
                u64 off[] = {i % 3, i / 3 % 3, i / 9 % 3, i / 27};
                struct bracket_use use = {n * cpu + off[0], n * ram + off[1], n * disk + off[2],
                                          n * mid + off[3], gpu == 1};
                EXPECT(bracket_fits(p, n, &use) == (i == 0));
                cases++;
            }
        }
    }
    for (u32 decimals = 0; decimals <= 6; decimals += 2) {
        u64 token = 1;
        for (u32 k = 0; k < decimals; k++)
            token *= 10;
        for (u64 deposit = 0; deposit < 500; deposit++) {
            for (u64 usd_e8 = 0; usd_e8 < 2 * USD_E8(15); usd_e8 += USD_E8(15) / 7) {
                struct bracket_usd sum = {0, 0};
                u64 rows;
                EXPECT(bracket_usd_add(&sum, AMOUNT(deposit), usd_e8, decimals));
                EXPECT(bracket_usd_add(&sum, AMOUNT(deposit), usd_e8, decimals));
                EXPECT(bracket_rows(&rows, p, &sum));
                EXPECT(is_floor(rows, (u128)2 * deposit * usd_e8, (u128)p->bracket_usd * token));
            }
        }
    }
}

/* ---- tiers ---- */

/* What a close does, told once more over the parts of a state: the streaks are numbers below and
 * at the limits, the era meets the tiers from `meets` on (all are monotone), the stake exceeds X of
 * the tiers from `allowed` on, 8: of none. */
struct tier_case {
    u32 tier, met, failed, meets, allowed;
    bool papers, suspended, neutral;
};

static struct tier_era era_of(const struct params *p, const struct tier_case *c)
{
    struct tier_era e = {.counted_s = 10000, .papers_valid = c->papers, .feedback_tenths = 50};

    e.registered_all = !c->neutral;
    e.up_s = c->meets > TIERS ? 0 : tier_terms(p, c->meets).uptime_bps + 1;
    return e;
}

static u32 tier_expected(const struct tier_case *c, bool *suspended)
{
    u32 met = 0, failed = c->failed;

    *suspended = c->suspended && !(!c->neutral && c->meets <= 7);
    met = c->neutral ? c->met : c->meets <= c->tier - 1 ? c->met + 1 : 0;
    if (!c->neutral) {
        bool fails = c->meets > c->tier || (c->tier == 1 && !c->papers);
        failed = fails ? failed + 1 : 0;
    }
    u32 stake_tier = c->allowed < 7 ? c->allowed : 7, to = c->tier;
    if (stake_tier > c->tier)
        return stake_tier;
    if (failed >= 5) {
        if (c->tier == 7)
            *suspended = true;
        else
            to = c->tier + 1;
    } else if (c->tier > 1 && met >= 3 && c->allowed <= c->tier - 1 && (c->tier > 2 || c->papers)) {
        to = c->tier - 1;
    }
    return to;
}

static void judge_case(const struct params *p, const struct tier_case *c)
{
    struct tier_record r = {.tier = (u8)c->tier, .suspended = c->suspended};
    struct tier_era e = era_of(p, c);
    struct amount stake = AMOUNT(0);
    bool suspended;

    for (u32 t = 0; t < TIERS; t++) {
        r.met[t] = (u16)c->met;
        r.failed[t] = (u16)c->failed;
    }
    if (c->allowed <= TIERS)
        stake = AMOUNT(tier_terms(p, c->allowed).stake.wei + 1);
    u32 to = tier_expected(c, &suspended);
    struct tier_move m = tier_judge(p, &r, &e, stake);
    EXPECT(m.from == c->tier && m.to == to && r.tier == to && r.suspended == suspended);
    for (u32 t = 1; t <= TIERS; t++) {
        bool meets = t >= c->meets, fails = !meets || (t == 1 && !c->papers);
        u32 met = c->neutral ? c->met : meets ? c->met + 1 : 0;
        u32 failed = c->neutral ? c->failed : fails ? c->failed + 1 : 0;
        bool moved = to != c->tier;
        EXPECT(r.met[t - 1] == (moved ? 0 : met) && r.failed[t - 1] == (moved ? 0 : failed));
    }
    EXPECT(tier_may_bid(p, &r, stake) == (!suspended && c->allowed <= to));
    cases++;
}

static void test_tiers(void)
{
    const struct params *p = &params_default;

    for (u32 i = 0; i < 7 * 5 * 7 * 8 * 8 * 8; i++) {
        u32 at = i / (7 * 5 * 7);
        struct tier_case c = {.tier = 1 + i % 7,
                              .met = i / 7 % 5,
                              .failed = i / 35 % 7,
                              .meets = 1 + at % 8,
                              .allowed = 1 + at / 8 % 8,
                              .papers = at / 64 & 1,
                              .suspended = at / 128 & 1,
                              .neutral = at / 256 & 1};
        judge_case(p, &c);
    }
}

/* ---- matching ---- */

/* Price, spare, slashes and trust of three bids: weights are products of fractions, so two bids
 * whose draw is left out compare as the cross products of their numerators and denominators. */
static void test_weights(void)
{
    struct params p = with(PARAM_match_randomness, 0);
    struct match_order o = {.max_price = AMOUNT(8), .region_stated = true};
    static struct match_bid bids[4 * 4 * 3 * 7];
    static u64 n[ARRAY_LEN(bids)], d[ARRAY_LEN(bids)];

    for (u32 i = 0; i < ARRAY_LEN(bids); i++) {
        u64 price = 1 + i % 4, spare = 1 + i / 4 % 4, slashes = i / 16 % 3, tier = 1 + i / 48;
        bids[i] = (struct match_bid){.price = AMOUNT(price),
                                     .stake = AMOUNT(1),
                                     .spare = {spare, 4},
                                     .slash_records = (u32)slashes,
                                     .tier = (u32)tier};
        bids[i].address[0] = (u8)(i >> 8);
        bids[i].address[1] = (u8)i;
        n[i] = (8 - price) * spare * (8 - tier);
        d[i] = 8 * 4 * (1 + slashes) * 7;
    }
    for (u32 a = 0; a < ARRAY_LEN(bids); a++) {
        for (u32 b = 0; b < ARRAY_LEN(bids); b++) {
            struct match_bid two[] = {bids[a], bids[b]};
            u64 of_a = n[a] * d[b], of_b = n[b] * d[a];
            size_t winner = match_winner(&p, &o, two, 2);
            EXPECT(of_a == of_b || (winner == 0) == (of_a > of_b));
            cases++;
        }
    }
}

int main(void)
{
    test_amounts();
    test_shares();
    test_locks();
    test_insufficient();
    test_intervals();
    test_slash_hours();
    test_slash_take();
    test_slash_shares();
    test_liveness();
    test_emission();
    test_rating();
    test_brackets();
    test_tiers();
    test_weights();
    printf("ok - %llu cases of the small integer functions\n", (unsigned long long)cases);
    return EXIT_SUCCESS;
}
