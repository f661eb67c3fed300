/* relations_gains - see relations_gains.h. */
#include "tests/property/relations_gains.h"

#include "protocol/lease_money.h"
#include "protocol/liveness.h"
#include "protocol/outage.h"
#include "protocol/rating.h"
#include "tests/property/wins.h"
#include "tests/test.h"

/* ---- ECO-1 ---- */

#define PEERS 9u
#define NAMES_MAX 8u

/* Points are additive, and the floors of parts are no more than the floor of the whole. */
static bool parts_earn_no_more(struct any *any)
{
    const struct params *p = &params_default;
    u32 names = 2 + (u32)any_below(any, NAMES_MAX - 1), tier = 1 + (u32)any_below(any, 7);
    u64 points = 0, potential = any_sized(any, 50), hours = any_below(any, 25);
    struct amount emission = AMOUNT(any_sized(any, 60));
    struct rating whole = {0, 0, 0};
    u128 parts = 0;

    for (u32 i = 0; i < names; i++) {
        u64 gpus = any_below(any, 9), cpus = any_below(any, 65);
        struct rating part = {0, 0, 0};
        rating_add_gpus(&part, p, (enum gpu_tier)0, gpus);
        rating_add_cpus(&part, p, COMPUTE_GP, cpus);
        rating_add_gpus(&whole, p, (enum gpu_tier)0, gpus);
        rating_add_cpus(&whole, p, COMPUTE_GP, cpus);
        u64 its = rating_points(&part, p, tier);
        points += its;
        if (its * hours <= potential)
            parts += liveness_earned(emission, its * hours, potential).wei;
    }
    if (rating_points(&whole, p, tier) != points)
        return false;
    return points * hours > potential ||
           parts <= liveness_earned(emission, points * hours, potential).wei;
}

/* Wins of so many names together, with a stake each, among peers of 1,200 units. */
static u64 wins_of_names(const struct any *any, u32 names, u64 stake_each)
{
    struct match_bid bids[NAMES_MAX + PEERS] = {{.tier = 0}};
    u64 wins[NAMES_MAX + PEERS] = {0}, sum = 0;

    for (u32 i = 0; i < names + PEERS; i++) {
        bids[i] = (struct match_bid){.price = AMOUNT(50),
                                     .stake = AMOUNT(i < names ? stake_each : 1200),
                                     .spare = {1, 1},
                                     .tier = 1};
        bids[i].address[19] = (u8)(i + 1);
    }
    wins_count(wins, *any, &params_default, bids, names + PEERS);
    for (u32 i = 0; i < names; i++)
        sum += wins[i];
    return sum;
}

/* A peer's stake cut into parts wins what it won.  A stake of a peer for each of k names wins k
 * in k + 9, which is the bound; under one name the cap of settled 121 would hold it back. */
static bool names_win_by_stake(const struct any *any)
{
    static const u32 names[] = {2, 3, 4, 8};
    u64 one = wins_of_names(any, 1, 1200);
    bool holds = true;

    for (u32 i = 0; holds && i < ARRAY_LEN(names); i++) {
        u64 each = WINS_TRIES * names[i] / (names[i] + PEERS);
        holds = wins_alike(wins_of_names(any, names[i], 1200 / names[i]), one) &&
                wins_alike(wins_of_names(any, names[i], 1200), each);
    }
    return holds;
}

bool many_names_gain_nothing(void)
{
    struct any any = ANY(65);
    bool holds = names_win_by_stake(&any);

    for (u32 i = 0; holds && i < 20000; i++)
        holds = parts_earn_no_more(&any);
    return holds;
}

/* ---- ECO-2 ---- */

/* Tenant and provider are one: what goes out is gross and user fee, what comes back is the
 * provider's share, and the bonus (here of the lease's own token) where it is due. */
static bool group_loses(const struct params *p, u64 price, u64 lease_s, bool is_native)
{
    struct lease_rates rates = lease_rates_of(p, is_native);
    struct lease_lock lock;

    EXPECT(lease_lock(&lock, AMOUNT(price), lease_s, rates));
    struct amount gross = lease_gross_at(AMOUNT(price), lease_s, lock.gross);
    struct lease_shares s = lease_shares(gross, rates);
    u128 back = s.provider.wei, out = gross.wei + s.user_fee.wei;
    u128 bonus = params_get(p, PARAM_bonus_amount);
    if (liveness_bonus_due(p, lease_s, 1))
        back += liveness_bonus(p, AMOUNT(bonus), 1).wei;
    bool earned = lease_s >= 100 * (u64)HOUR_S; /* settled 32: "reached at ≥ 100 × 3600 s" */
    return back <= out + (earned ? bonus : 0);
}

bool wash_loses(void)
{
    struct params bonus = params_default;
    bool holds = true;

    EXPECT(params_set(&bonus, PARAM_bonus_amount, 500));
    for (u64 price = 1; holds && price < 400; price++) {
        for (u64 hours = 1; holds && hours <= 120; hours += 7) {
            u64 s = hours * HOUR_S - price % 2;
            for (u32 native = 0; native < 2; native++)
                holds = holds && group_loses(&params_default, price, s, native == 1) &&
                        group_loses(&bonus, price, s, native == 1);
        }
    }
    return holds;
}

/* ---- ECO-3 ---- */

#define HALVES 12u /* half hours of an era */
#define HALF_S (HOUR_S / 2)

/* Hours that are paid where bit h of up says whether half hour h was up. */
static u32 hours_paid(u32 up)
{
    const struct params *p = &params_default;
    struct interval era = {0, (u64)HALVES * HALF_S}, outages[HALVES], cooldowns[HALVES];
    size_t n = 0;

    for (u32 h = 0; h < HALVES; h++) {
        bool down = !(up >> h & 1), before = h > 0 && !(up >> (h - 1) & 1);
        if (down && !before)
            outages[n++].from_s = (u64)h * HALF_S;
        if (down)
            outages[n - 1].to_s = (u64)(h + 1) * HALF_S;
    }
    for (size_t i = 0; i < n; i++)
        cooldowns[i] = outage_cooldown(outages[i], p->cooldown_s);
    struct hours lost =
        hours_lost(p, era, (struct interval_list){outages, n}, (struct interval_list){cooldowns, n},
                   (struct interval_list){NULL, 0});
    return hours_count(hours_without(hours_whole(era, era), lost));
}

/* Every pattern of an era's half hours, beside the same time in one piece: its whole hours. */
bool on_off_gains_nothing(void)
{
    for (u32 up = 0; up < 1u << HALVES; up++) {
        u32 halves = (u32)__builtin_popcount(up);
        if (hours_paid(up) > halves / 2 || hours_paid((1u << halves) - 1) != halves / 2)
            return false;
    }
    return true;
}
