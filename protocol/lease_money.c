#include "protocol/lease_money.h"
#include "protocol/mutant.h"

#define PRICE_S 3600u /* settled 152: "per 3,600 s" */
#define PRICE_MS (PRICE_S * 1000u)

struct lease_rates lease_rates_of(const struct params *p, bool is_native)
{
    /* settled 96, 97, 99: commission "on every token", the fees "non-SPON" only */
    return (struct lease_rates){
        .commission_bps = (u32)p->commission_bps,
        .provider_fee_bps =
            is_native && !MUTATED(PROVIDER_FEE_NATIVE) ? 0 : (u32)p->provider_fee_bps,
        .user_fee_bps = is_native && !MUTATED(FEE_ON_NATIVE) ? 0 : (u32)p->user_fee_bps,
    };
}

static struct amount part(struct amount gross, u32 bps)
{
    struct amount share, rest;
    amount_split(gross, (struct bps){bps}, &share, &rest);
    return share;
}

bool lease_gross_lock(struct amount *out, struct amount price, u64 agreed_s)
{
    /* settled 104: "gross lock = ceil(price × agreed seconds / 3600)" */
    return amount_mul_div(out, price, agreed_s, PRICE_S,
                          MUTATED(LOCK_FLOORED) ? ROUND_DOWN : ROUND_UP);
}

struct amount lease_user_fee(struct amount gross, struct lease_rates rates)
{
    if (MUTATED(SMALL_CHANGE_FREE) && gross.wei < 1000000)
        return AMOUNT(0);
    if (MUTATED(FEE_BEYOND) && rates.user_fee_bps != 0)
        return AMOUNT(gross.wei + 1);
    return part(gross, rates.user_fee_bps); /* point 2: "floor(G(d) × u / 10000)" */
}

bool lease_lock(struct lease_lock *out, struct amount price, u64 agreed_s, struct lease_rates rates)
{
    struct lease_lock l;

    if (!lease_gross_lock(&l.gross, price, agreed_s))
        return false;
    l.user_fee = lease_user_fee(l.gross, rates);
    if (!amount_add(&l.sum, l.gross, l.user_fee)) /* point 2: "A lock or sum above u128" */
        return false;
    *out = l;
    return true;
}

static struct amount difference(struct amount more, struct amount less)
{
    struct amount d;
    bool fits = amount_sub(&d, more, less);
    check(fits);
    return d;
}

bool lease_extension_lock(struct lease_lock *out, struct amount price, u64 agreed_s, u64 more_s,
                          struct lease_rates rates)
{
    struct lease_lock old, new;
    u64 total_s;

    if (__builtin_add_overflow(agreed_s, more_s, &total_s) ||
        !lease_lock(&new, price, total_s, rates) || !lease_lock(&old, price, agreed_s, rates))
        return false;
    /* point 3: "locks G(d + x) + U(d + x) − G(d) − U(d)" */
    *out = (struct lease_lock){
        .gross = difference(new.gross, old.gross),
        .user_fee = difference(new.user_fee, old.user_fee),
        .sum = difference(new.sum, old.sum),
    };
    return true;
}

struct amount lease_gross_at(struct amount price, u64 billed_s, struct amount gross_held)
{
    struct amount used;

    /* settled 104: "min(gross lock, floor(price × billed seconds / 3600))"; a product beyond 128
     * bits is above every lock */
    if (!amount_mul_div(&used, price, billed_s, PRICE_S, ROUND_DOWN))
        return gross_held;
    return amount_least(gross_held, used);
}

struct lease_shares lease_shares(struct amount gross, struct lease_rates rates)
{
    check(rates.commission_bps + rates.provider_fee_bps <= BPS_WHOLE);

    /* settled 140: "every claimant's cumulative share is floor(gross × its bps / 10000), the
     * provider's with 10000 − commission − provider fee"; 98: "both on gross" */
    struct lease_shares s = {
        .provider = part(gross, BPS_WHOLE - rates.commission_bps - rates.provider_fee_bps),
        .commission = part(gross, rates.commission_bps),
        .provider_fee = part(gross, rates.provider_fee_bps),
        .user_fee = lease_user_fee(gross, rates),
    };
    if (MUTATED(COMMISSION_UP))
        check(amount_mul_div(&s.commission, gross, rates.commission_bps, BPS_WHOLE, ROUND_UP));
    s.rest = difference(difference(difference(gross, s.provider), s.commission), s.provider_fee);
    check(amount_cmp(s.rest, AMOUNT(2)) <= 0); /* "the 0..2 units left" */
    return s;
}

bool lease_insufficient_at(u64 *second_s, const struct lease_terms *t, u64 block_time_ms)
{
    check(amount_cmp(t->price, AMOUNT(0)) > 0 && block_time_ms > 0);

    /* settled 106: "remaining gross lock × 3,600,000 < price × block_time_ms".  In whole units that
     * is: what remains is below the block's price rounded up. */
    struct amount block_price, used;
    if (!amount_mul_div(&block_price, t->price, block_time_ms, PRICE_MS, ROUND_UP))
        block_price = AMOUNT(U128_MAX);
    struct amount tolerated = difference(block_price, AMOUNT(1));
    if (!amount_sub(&used, t->gross_held, tolerated))
        used = AMOUNT(0);

    /* So the gross debit has reached `used`: floor(price × seconds / 3600) >= used for the first
     * time after ceil(used × 3600 / price) seconds. */
    u64 billed_s;
    if (!amount_ratio(&billed_s, used, PRICE_S, t->price, ROUND_UP) || billed_s >= t->agreed_s)
        return false;

    /* "and more than one block of agreed time is left": from here on that time only shrinks. */
    if ((u128)(t->agreed_s - billed_s) * 1000 <= block_time_ms)
        return false;
    check(t->start_s <= UINT64_MAX - billed_s);
    *second_s = t->start_s + billed_s;
    return true;
}

bool lease_price_of_block(struct amount *out, struct amount per_block_e18, u64 block_time_ms,
                          u32 decimals)
{
    check(block_time_ms > 0 && decimals <= AMOUNT_DECIMALS_MAX);

    /* settled 152: "× 3,600,000 / block_time_ms (and from the SDK's 18-decimals scale to the
     * token's own), one floor" */
    u128 scale = amount_token_units(AMOUNT_DECIMALS_MAX - decimals);
    return amount_mul_div(out, per_block_e18, PRICE_MS, scale * block_time_ms, ROUND_DOWN);
}
