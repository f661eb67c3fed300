/* slash against stepping: outages second by second, pots unit by unit. */
#include "protocol/slash.h"
#include "tests/any.h"
#include "tests/test.h"

static bool equal(struct amount a, u128 n)
{
    return amount_cmp(a, AMOUNT(n)) == 0;
}

static void step_hours(struct interval o, u64 now_s)
{
    struct interval hour;
    u64 k = 0;

    for (u64 s = o.from_s; s < o.to_s && s < now_s; s++) {
        if ((s - o.from_s) % HOUR_S == 0) {
            EXPECT(slash_hour(o, now_s, k, &hour) && hour.from_s == s);
            EXPECT(slash_first_hour(o, s) == k && slash_first_hour(o, s + 1) == k + 1);
            k++;
        }
        EXPECT(s >= hour.from_s && s < hour.to_s);
        EXPECT(s + 1 < hour.to_s || s + 1 == o.to_s || s + 1 == now_s ||
               hour.to_s % HOUR_S == o.from_s % HOUR_S);
    }
    EXPECT(!slash_hour(o, now_s, k, &hour) && !slash_hour(o, now_s, UINT64_MAX, &hour));
}

static void test_hours(void)
{
    struct any a = ANY(6);

    for (int i = 0; i < 1000; i++) {
        struct interval o = {any_below(&a, 20000), 0}, idle;
        u64 now_s = any_below(&a, 40000);
        o.to_s = any_below(&a, 4) == 0 ? INTERVAL_OPEN : o.from_s + any_below(&a, 4 * HOUR_S);
        if (any_below(&a, 4) == 0) /* whole hours */
            o.to_s = o.from_s + any_below(&a, 4) * HOUR_S;
        step_hours(o, now_s);
        u64 end_s = o.to_s < now_s ? o.to_s : now_s;
        bool longer = end_s > o.from_s + 3600;
        EXPECT(slash_standby(&params_default, o, now_s, &idle) == longer);
        if (longer)
            EXPECT(idle.from_s == o.from_s && idle.to_s == o.from_s + 3600);
        EXPECT(slash_first_hour(o, 0) == 0);
    }
}

static void test_standby_edge(void) /* settled 54: "strictly" */
{
    struct interval idle;

    EXPECT(!slash_standby(&params_default, (struct interval){100, 3700}, 99999, &idle));
    EXPECT(slash_standby(&params_default, (struct interval){100, 3701}, 99999, &idle));
    EXPECT(!slash_standby(&params_default, (struct interval){100, INTERVAL_OPEN}, 3700, &idle));
    EXPECT(slash_standby(&params_default, (struct interval){100, INTERVAL_OPEN}, 3701, &idle));
    EXPECT(!slash_standby(&params_default, (struct interval){100, INTERVAL_OPEN}, 50, &idle));
}

static void test_fee(void)
{
    struct amount fee;

    /* 0.175 USDX of 1.00 USD at 0.06 USD a SPON: 2.91666... SPON */
    EXPECT(slash_fee(AMOUNT(175000), false, USD_E8(1), 6000000, 6, &fee));
    EXPECT(equal(fee, 2916666666666666666u));
    EXPECT(slash_fee(AMOUNT(77), true, 0, 0, 18, &fee) && equal(fee, 77));
    EXPECT(slash_fee(AMOUNT(77), false, 0, 1, 18, &fee) && equal(fee, 0));
    EXPECT(slash_fee(AMOUNT(77), false, 1, 0, 18, &fee) && equal(fee, 0));
    EXPECT(!slash_fee(AMOUNT(U128_MAX), false, 2, 1, 18, &fee));
    EXPECT(slash_fee(AMOUNT(U128_MAX), false, UINT64_MAX, UINT64_MAX, 18, &fee));
    EXPECT(equal(fee, U128_MAX));
    EXPECT(equal(slash_deployment(AMOUNT(5), AMOUNT(7)), 7));
    EXPECT(equal(slash_deployment(AMOUNT(8), AMOUNT(7)), 8));
}

/* One unit after the other, each from the first pot in the settled order that has one. */
static u64 take_by_unit(const struct slash_pot *pots, size_t n, u64 *held, u64 due, u64 offence_s)
{
    for (; due > 0; due--) {
        size_t from = n;
        u64 best = 0;
        for (size_t i = 0; i < n; i++) {
            u64 rank = 0; /* larger goes first */
            if (held[i] == 0)
                continue;
            if (pots[i].kind == POT_OWN)
                rank = UINT64_MAX;
            if (pots[i].kind == POT_UNBONDING && pots[i].requested_s > offence_s)
                rank = (pots[i].requested_s + 1) * n + i;
            if (pots[i].kind == POT_DELEGATED)
                rank = 1;
            if (rank > best) {
                best = rank;
                from = i;
            }
        }
        if (from == n)
            break;
        held[from]--;
    }
    return due;
}

#define POTS 8

static void test_take(void)
{
    struct any a = ANY(7);

    for (int i = 0; i < 20000; i++) {
        struct slash_pot pots[POTS];
        u64 held[POTS], second = 0, due = any_below(&a, 60), offence_s = any_below(&a, 40), sum = 0;
        size_t own = any_below(&a, POTS);
        for (size_t k = 0; k < POTS; k++) {
            u64 kind = any_below(&a, 4);
            pots[k].kind = k == own        ? POT_OWN
                           : kind == 0     ? POT_REWARDS
                           : k == POTS - 1 ? POT_DELEGATED
                                           : POT_UNBONDING;
            pots[k].requested_s = second += any_below(&a, 12);
            pots[k].held = AMOUNT(held[k] = any_below(&a, 16));
        }
        struct slash_result got = slash_take(pots, POTS, AMOUNT(due), offence_s);
        EXPECT(equal(got.bad_debt, take_by_unit(pots, POTS, held, due, offence_s)));
        for (size_t k = 0; k < POTS; k++) {
            struct amount left;
            EXPECT(amount_sub(&left, pots[k].held, pots[k].taken) && equal(left, held[k]));
            sum += (u64)pots[k].taken.wei;
        }
        EXPECT(equal(got.taken, sum));
    }
}

static void test_misconduct(void) /* settled 57, 58 */
{
    struct params p = params_default;
    struct slash_pot pots[] = {{.kind = POT_OWN, .held = AMOUNT(101)},
                               {.kind = POT_UNBONDING, .held = AMOUNT(7)},
                               {.kind = POT_REWARDS, .held = AMOUNT(1)}};
    struct amount sum;

    EXPECT(slash_misconduct(&p, pots, 3, &sum) && equal(sum, 109));
    EXPECT(params_set(&p, PARAM_misconduct_slash_bps, 5000));
    EXPECT(slash_misconduct(&p, pots, 3, &sum) && equal(sum, 53));
    EXPECT(equal(pots[0].taken, 50) && equal(pots[1].taken, 3) && equal(pots[2].taken, 0));
    EXPECT(params_set(&p, PARAM_misconduct_slash_bps, 10000));
    pots[0].held = AMOUNT(U128_MAX);
    EXPECT(!slash_misconduct(&p, pots, 3, &sum));
}

#define USERS 5

static void test_share(void) /* nothing is lost, nobody has more than his part */
{
    struct any a = ANY(8);

    for (int i = 0; i < 20000; i++) {
        struct amount fees[USERS], shares[USERS], rest, back;
        u64 f[USERS], sum = 0, taken = any_sized(&a, 32);
        for (size_t k = 0; k < USERS; k++) {
            sum += f[k] = any_below(&a, 3) == 0 ? 0 : any_sized(&a, 24);
            fees[k] = AMOUNT(f[k]);
        }
        EXPECT(slash_share(AMOUNT(taken), fees, USERS, shares, &rest) == (sum > 0));
        EXPECT(slash_restitution(AMOUNT(taken), fees, USERS, shares, &back));
        for (size_t k = 0; k < USERS; k++)
            EXPECT(equal(shares[k], taken >= sum ? f[k] : (u128)taken * f[k] / sum));
        if (taken >= sum) {
            EXPECT(equal(back, taken - sum));
            continue;
        }
        EXPECT(amount_cmp(back, rest) == 0 && rest.wei < USERS);
        for (size_t k = 0; k < USERS; k++)
            EXPECT(amount_add(&rest, rest, shares[k]));
        EXPECT(equal(rest, taken));
    }
}

static void test_share_too_large(void)
{
    struct amount fees[] = {AMOUNT(U128_MAX), AMOUNT(1)}, shares[2], rest;

    EXPECT(!slash_share(AMOUNT(9), fees, 2, shares, &rest) && equal(rest, 9));
    EXPECT(equal(shares[0], 0) && equal(shares[1], 0));
    EXPECT(!slash_restitution(AMOUNT(9), fees, 2, shares, &rest));
}

int main(void)
{
    test_hours();
    test_standby_edge();
    test_fee();
    test_take();
    test_misconduct();
    test_share();
    test_share_too_large();
    printf("ok - slash\n");
    return EXIT_SUCCESS;
}
