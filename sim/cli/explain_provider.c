/* explain_provider - hours, liveness and tier of a provider's era, step by step as the close took
 * them (settled, "The close of an era, exactly"). */
#include "sim/cli/explain.h"

#include "protocol/amount.h"

#include <stdio.h>
#include <string.h>

#define TIER_COUNT 7u

static const char provider_era[] =
    "SELECT p.*, e.start_s, e.end_s, e.closed_block, e.emission_spon, e.w_points, f.name, f.region,"
    " f.gpu_models, f.cores FROM providers p JOIN eras e ON e.run = p.run AND e.era = p.era"
    " JOIN fleet f ON f.run = p.run AND f.provider = p.provider"
    " WHERE p.run = ?1 AND p.provider = ?2 AND p.era = ?3";

static bool row_of(struct source *s, struct answer *a, u64 provider, u64 era)
{
    if (!source_ask(s, a, provider_era, provider, era))
        return false;
    if (answer_next(a))
        return true;
    answer_end(a);
    snprintf(s->error, sizeof s->error, "provider %llu was not registered at the close of era %llu",
             (unsigned long long)provider, (unsigned long long)era);
    return false;
}

bool explain_provider(struct source *s, u64 provider, u64 era)
{
    struct answer a;

    if (!row_of(s, &a, provider, era))
        return false;
    printf("Provider %llu, %s, in %s: era %llu (second %llu to %llu)\n",
           (unsigned long long)provider, answer_text(&a, "name"), answer_text(&a, "region"),
           (unsigned long long)era, (unsigned long long)answer_u64(&a, "start_s"),
           (unsigned long long)answer_u64(&a, "end_s"));
    answer_end(&a);
    return explain_hours(s, provider, era) && explain_slashes(s, provider, era) &&
           explain_reward(s, provider, era) && explain_tier(s, provider, era);
}

/* ---- hours ---- */

struct era_span {
    u64 start, end, block;
};

/* "hours 6, 7, 8" that [from, until) touches; false: none. */
static bool put_hours(const struct era_span *e, u64 from, u64 until)
{
    if (from < e->start)
        from = e->start;
    if (until > e->end)
        until = e->end;
    if (from >= until)
        return false;
    u64 first = (from - e->start) / 3600, last = (until - 1 - e->start) / 3600;
    if (first == last)
        printf("hour %llu", (unsigned long long)first);
    else
        printf("hours %llu to %llu", (unsigned long long)first, (unsigned long long)last);
    return true;
}

/* Whether the close knew of the reconnect. */
static bool is_over(const struct answer *o, const struct era_span *e)
{
    return !answer_empty(o, "up_block") && answer_u64(o, "up_block") < e->block;
}

/* The end of the cooldown, which is as long as the parameter was when the reconnect was heard of;
 * of an outage that goes on, the era's. */
static u64 cooled_s(struct source *s, const struct answer *o, const struct era_span *e)
{
    if (!is_over(o, e))
        return e->end;
    return answer_u64(o, "until_s") + (u64)source_param(s, "cooldown_s", answer_u64(o, "up_era"));
}

static void put_outage(struct source *s, const struct answer *o, const struct era_span *e)
{
    char from[TEXT_CELL], to[TEXT_CELL];
    bool known = is_over(o, e);
    u64 start = answer_u64(o, "from_s"), until = known ? answer_u64(o, "until_s") : e->end;
    u64 cooled = cooled_s(s, o, e);

    printf("  outage %-6llu %s: down from %s to %s", (unsigned long long)answer_u64(o, "outage"),
           answer_flag(o, "announced") ? "announced" : "silent", second_text(s, from, start),
           known ? second_text(s, to, until) : "the era's end and on");
    if (known && cooled > until)
        printf(", cooldown to %s", second_text(s, to, cooled));
    fputs("\n                takes ", stdout);
    if (!put_hours(e, start, cooled))
        fputs("no hour of this era", stdout);
    putchar('\n');
}

/* "registered era 0, 00:00:12; exiting era 3, 01:00:06": why hours were not potential. */
static bool put_standing(struct source *s, u64 provider, u64 era)
{
    struct answer st;
    char at[TEXT_CELL];
    const char *apart = "  standing: ";

    if (!source_ask(s, &st,
                    "SELECT change, second_s FROM standing WHERE run = ?1 AND provider = ?2"
                    " AND change IN ('registered', 'approved', 'active', 'exiting', 'struck')"
                    " AND second_s < (SELECT end_s FROM eras WHERE run = ?1 AND era = ?3)"
                    " ORDER BY block, rowid",
                    provider, era))
        return false;
    for (; answer_next(&st); apart = "; ")
        printf("%s%s %s", apart, answer_text(&st, "change"),
               second_text(s, at, answer_u64(&st, "second_s")));
    answer_end(&st);
    putchar('\n');
    return true;
}

static bool put_outages(struct source *s, const struct era_span *e, u64 provider, u64 era)
{
    struct answer o;

    if (!source_ask(s, &o,
                    "SELECT *, (SELECT count(*) FROM eras WHERE run = ?1 AND end_s <= up_s) up_era"
                    " FROM outages WHERE run = ?1 AND provider = ?2 AND from_s <"
                    " (SELECT end_s FROM eras WHERE run = ?1 AND era = ?3) ORDER BY outage",
                    provider, era))
        return false;
    while (answer_next(&o)) {
        if (answer_u64(&o, "down_block") < e->block && cooled_s(s, &o, e) > e->start)
            put_outage(s, &o, e);
    }
    answer_end(&o);
    return true;
}

bool explain_hours(struct source *s, u64 provider, u64 era)
{
    struct answer a;
    char scaled[TEXT_CELL];

    if (!row_of(s, &a, provider, era))
        return false;
    struct era_span e = {answer_u64(&a, "start_s"), answer_u64(&a, "end_s"),
                         answer_u64(&a, "closed_block")};
    u64 potential = answer_u64(&a, "hours_potential"), ok = answer_u64(&a, "hours_ok");
    u64 up = answer_u64(&a, "up_s"), counted = answer_u64(&a, "counted_s");
    u64 hours = (e.end - e.start) / 3600;
    answer_end(&a);
    printf(
        "\nHours\n  %llu of the era's %llu were potential: registered and active from end to end\n",
        (unsigned long long)potential, (unsigned long long)hours);
    if (potential < hours && !put_standing(s, provider, era))
        return false;
    printf("  %llu of them ok, %llu lost: one second down or in a cooldown loses an hour (§4.3.8, "
           "settled 62)\n",
           (unsigned long long)ok, (unsigned long long)(potential - ok));
    printf("  uptime %llu of %llu s = %s %%: cooldown is up (settled 41)\n", (unsigned long long)up,
           (unsigned long long)counted,
           scaled_text(scaled, counted == 0 ? 0 : (u128)up * 1000000 / counted, 4));
    return put_outages(s, &e, provider, era);
}

/* ---- liveness ---- */

/* p = sum of units x base points x (m + boosts + trust), of the lines at the era's start, or of
 * the first lines where it registered later. */
static bool put_points(struct source *s, u64 provider, u64 start, u32 tier, u64 era)
{
    struct answer r;
    char name[32], points[TEXT_CELL], base[TEXT_CELL], m[TEXT_CELL], boosts[TEXT_CELL],
        trust[TEXT_CELL];
    u128 trust_bps, sum = 0;

    snprintf(name, sizeof name, "tier_%u_multiplier", tier);
    trust_bps = source_param(s, name, era);
    if (!source_ask(
            s, &r,
            "SELECT * FROM ratings WHERE run = ?1 AND provider = ?2 AND from_s ="
            " (SELECT coalesce(max(iif(from_s <= ?3, from_s, NULL)), min(from_s)) FROM ratings"
            " WHERE run = ?1 AND provider = ?2)",
            provider, start))
        return false;
    while (answer_next(&r)) {
        u128 p = (u128)answer_u64(&r, "units") * answer_u64(&r, "base_points") *
                 (answer_u64(&r, "multiplier_bps") + answer_u64(&r, "boosts_bps") + trust_bps);
        sum += p;
        printf("    %6llu %-12s x %4s points x (%s + boosts %s + trust %s) = %14s\n",
               (unsigned long long)answer_u64(&r, "units"), answer_text(&r, "line"),
               scaled_text(base, answer_u64(&r, "base_points"), 1),
               scaled_text(m, answer_u64(&r, "multiplier_bps"), 4),
               scaled_text(boosts, answer_u64(&r, "boosts_bps"), 4),
               scaled_text(trust, trust_bps, 4), scaled_text(points, p, 5));
    }
    answer_end(&r);
    if (tier == TIER_COUNT && source_param(s, "tier7_zero", era) != 0)
        printf("    tier 7 has no rewards (§4.3.7a, settled 27): p = 0 instead of %s\n",
               scaled_text(points, sum, 5));
    return true;
}

static void put_bonus(struct source *s, const struct answer *a, u64 era)
{
    char x[TEXT_CELL], y[TEXT_CELL];
    u128 bonus = source_param(s, "bonus_amount", era);

    if (bonus == 0) {
        fputs("  bonus 0: bonus_amount is 0, the feature is off (settled 32)\n", stdout);
        return;
    }
    printf("  bonus %s SPON: %s lease hours that count of %s needed, from %llu payers of %s "
           "(settled 32)\n",
           tokens_text(x, answer_text(a, "bonus_spon")),
           scaled_text(y, (u128)answer_u64(a, "bonus_lease_s") * 100 / 3600, 2),
           "bonus_lease_hours", (unsigned long long)answer_u64(a, "bonus_payers"),
           "bonus_distinct_payers");
}

bool explain_reward(struct source *s, u64 provider, u64 era)
{
    struct answer a;
    char x[TEXT_CELL], y[TEXT_CELL], z[TEXT_CELL], t[TEXT_CELL];

    if (!row_of(s, &a, provider, era))
        return false;
    u32 tier = (u32)answer_u64(&a, "tier_before");
    u128 weight = answer_u128(&a, "w_points");
    printf("\nReward\n  points of an hour, p, with what was registered first in the era, tier %u "
           "(settled 28):\n",
           tier);
    if (!put_points(s, provider, answer_u64(&a, "start_s"), tier, era)) {
        answer_end(&a);
        return false;
    }
    printf("  p over the %llu potential hours: %s, over the %llu ok hours: %s\n",
           (unsigned long long)answer_u64(&a, "hours_potential"),
           scaled_text(x, answer_u128(&a, "points_potential"), 5),
           (unsigned long long)answer_u64(&a, "hours_ok"),
           scaled_text(y, answer_u128(&a, "points_ok"), 5));
    if (weight == 0)
        fputs("  liveness 0: W = 0, nobody had a point\n", stdout);
    else
        printf("  liveness = floor(emission x ok points / W), W of all providers\n"
               "           = floor(%s SPON x %s / %s) = %s SPON\n",
               tokens_text(x, answer_text(&a, "emission_spon")),
               scaled_text(y, answer_u128(&a, "points_ok"), 5), scaled_text(z, weight, 5),
               tokens_text(t, answer_text(&a, "liveness_spon")));
    put_bonus(s, &a, era);
    printf("  it %s; own stake after the close %s SPON, claimable %s SPON (settled 36)\n",
           answer_flag(&a, "auto_stake") ? "became own stake (auto-staking)" : "is claimable",
           tokens_text(x, answer_text(&a, "own_stake_spon")),
           tokens_text(y, answer_text(&a, "claimable_spon")));
    answer_end(&a);
    return true;
}

/* ---- tier ---- */

struct limits {
    u128 stake, uptime, tasks, response, feedback;
};

static struct limits limits_of(struct source *s, u32 tier, u64 era)
{
    static const char *const names[] = {"stake", "uptime", "tasks", "response", "feedback"};
    u128 v[5];

    for (u32 i = 0; i < 5; i++) {
        char name[32];
        snprintf(name, sizeof name, "tier_%u_%s", tier, names[i]);
        v[i] = source_param(s, name, era);
    }
    return (struct limits){v[0], v[1], v[2], v[3], v[4]};
}

static u128 wei_of(const char *cell)
{
    u128 v = 0;
    u32 decimals = 0;
    bool point = false;

    for (; *cell != '\0'; cell++) {
        if (*cell == '.') {
            point = true;
            continue;
        }
        v = 10 * v + (u128)(u8)(*cell - '0');
        decimals += point;
    }
    for (; decimals < 18; decimals++)
        v *= 10;
    return v;
}

static const char *yes(bool ok)
{
    return ok ? "yes" : "NO ";
}

static void put_tier_line(struct source *s, const struct answer *a, u32 tier, u64 era)
{
    struct limits l = limits_of(s, tier, era);
    char stake[TEXT_CELL], up[TEXT_CELL], tasks[TEXT_CELL], ms[TEXT_CELL], met[16], failing[16];
    u64 done = answer_u64(a, "tasks_done"), all = answer_u64(a, "tasks");
    u128 counted = answer_u64(a, "counted_s");
    bool neutral = answer_flag(a, "neutral");

    snprintf(met, sizeof met, "met_%u", tier);
    snprintf(failing, sizeof failing, "failed_%u", tier);
    printf("  %c %u  %10s %s %8s %s %8s %s %8s %s %8llu %10llu\n",
           tier == answer_u64(a, "tier_before") ? '>' : ' ', tier, scaled_text(stake, l.stake, 18),
           yes(wei_of(answer_text(a, "stake_slashed_spon")) > l.stake),
           scaled_text(up, l.uptime, 2),
           neutral ? "-  " : yes((u128)10000 * answer_u64(a, "up_s") > l.uptime * counted),
           scaled_text(tasks, l.tasks, 2),
           neutral ? "-  " : yes(all == 0 || (u128)10000 * done > l.tasks * all),
           scaled_text(ms, l.response, 3),
           neutral ? "-  " : yes(answer_u64(a, "response_us") < l.response),
           (unsigned long long)answer_u64(a, met), (unsigned long long)answer_u64(a, failing));
}

static void put_move(struct source *s, const struct answer *a, u64 era)
{
    const char *move = answer_text(a, "move");
    u64 before = answer_u64(a, "tier_before"), after = answer_u64(a, "tier_after");
    u64 up = (u64)source_param(s, "promotion_eras", era),
        down = (u64)source_param(s, "demotion_eras", era);

    if (strcmp(move, "promoted") == 0)
        printf("  %llu eras in a row met tier %llu and the stake allows it: promoted one step"
               " (§4.3.6b, settled 45)\n",
               (unsigned long long)up, (unsigned long long)after);
    else if (strcmp(move, "demoted") == 0)
        printf("  %llu eras in a row failed tier %llu: demoted one step (§4.3.6b, settled 46)\n",
               (unsigned long long)down, (unsigned long long)before);
    else if (strcmp(move, "stake") == 0)
        printf("  the stake is not above what tier %llu asks: to the tier that it allows, at once"
               " (settled 46)\n",
               (unsigned long long)before);
    else
        printf("  no move: up after %llu eras in a row that met the next tier, down after %llu "
               "that failed"
               " this one\n",
               (unsigned long long)up, (unsigned long long)down);
    if (before != after)
        fputs("  after a move all counters begin again from 0 (settled 47)\n", stdout);
}

/* What decided it at the close, in the order in which the chain asks: who is no active provider
 * (settled 28), is suspended (48) or short of stake (46) may not bid. */
static bool put_bidding(struct source *s, const struct answer *a, u64 provider, u64 era)
{
    struct answer st;
    const char *why = "the stake is not above what the tier asks (settled 46)";

    if (answer_flag(a, "bidding")) {
        puts("  bidding on");
        return true;
    }
    if (!source_ask(s, &st,
                    "SELECT total(change = 'approved') approved, total(change = 'active') active,"
                    " total(change = 'exiting') exiting, total(change = 'struck') struck"
                    " FROM standing WHERE run = ?1 AND provider = ?2 AND block <="
                    " (SELECT closed_block FROM eras WHERE run = ?1 AND era = ?3)",
                    provider, era))
        return false;
    if (answer_next(&st)) {
        if (answer_u64(&st, "struck") != 0)
            why = "struck by a verdict (settled 57)";
        else if (answer_u64(&st, "exiting") != 0)
            why = "it is leaving (settled 28)";
        else if (answer_u64(&st, "approved") == 0)
            why = "not approved (settled 28)";
        else if (answer_u64(&st, "active") == 0)
            why = "not active: its stake has never been above what tier 7 asks (settled 28)";
        else if (answer_flag(a, "suspended"))
            why = "suspended after five failing eras in tier 7 (settled 48)";
    }
    answer_end(&st);
    printf("  bidding off: %s\n", why);
    return true;
}

bool explain_tier(struct source *s, u64 provider, u64 era)
{
    struct answer a;
    char stake[TEXT_CELL], up[TEXT_CELL], ms[TEXT_CELL];

    if (!row_of(s, &a, provider, era))
        return false;
    u64 counted = answer_u64(&a, "counted_s");
    printf("\nTier  %llu before, %llu after\n", (unsigned long long)answer_u64(&a, "tier_before"),
           (unsigned long long)answer_u64(&a, "tier_after"));
    printf("  stake %s SPON after slashes; uptime %s %%; %llu of %llu tasks done; response %s ms\n",
           tokens_text(stake, answer_text(&a, "stake_slashed_spon")),
           scaled_text(up, counted == 0 ? 0 : (u128)answer_u64(&a, "up_s") * 1000000 / counted, 4),
           (unsigned long long)answer_u64(&a, "tasks_done"),
           (unsigned long long)answer_u64(&a, "tasks"),
           scaled_text(ms, answer_u64(&a, "response_us"), 3));
    if (answer_flag(&a, "neutral"))
        fputs("  the era is neutral, not registered for all of it: no streak changes (settled 16, "
              "47)\n",
              stdout);
    fputs("  tier    stake >          up >       tasks >   response <      met in    failed in\n"
          "              SPON             %             %           ms       a row        a row\n",
          stdout);
    for (u32 t = 1; t <= TIER_COUNT; t++)
        put_tier_line(s, &a, t, era);
    printf("  tier 1 wants papers too, SOC2 and a valid audit report: %s (settled 144)\n",
           answer_flag(&a, "papers") ? "yes" : "NO");
    put_move(s, &a, era);
    bool told = put_bidding(s, &a, provider, era);
    answer_end(&a);
    return told;
}
