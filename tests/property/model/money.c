/* money - balances as sums of all movements, and the exact divisions. */
#include "tests/property/model/parts.h"

/* settled 140: "floor to claimants"; one division for all. */
u128 model_floor(u128 a, u128 num, u128 den)
{
    struct amount out;
    bool fits = amount_mul_div(&out, AMOUNT(a), num, den, ROUND_DOWN);

    check(fits);
    return out.wei;
}

u128 model_ceil(u128 a, u128 num, u128 den)
{
    struct amount out;
    bool fits = amount_mul_div(&out, AMOUNT(a), num, den, ROUND_UP);

    check(fits);
    return out.wei;
}

u128 model_less(u128 a, u128 b)
{
    return a < b ? a : b;
}

static bool is(struct model_place a, enum model_pocket pocket, u64 row)
{
    return a.pocket == pocket && a.row == row;
}

u128 model_balance(const struct model *m, enum model_pocket pocket, u64 row, u32 token)
{
    u128 in = 0, out = 0;

    for (u32 i = 0; i < m->n_moves; i++) {
        const struct model_move *x = &m->moves[i];
        if (x->token != token)
            continue;
        in += is(x->to, pocket, row) ? x->amount : 0;
        out += is(x->from, pocket, row) ? x->amount : 0;
    }
    return in - out; /* of IN_OUTSIDE modulo 2^128 */
}

u128 model_moved_from(const struct model *m, enum model_pocket pocket, u64 row, u32 token,
                      enum model_why why)
{
    u128 sum = 0;

    for (u32 i = 0; i < m->n_moves; i++) {
        const struct model_move *x = &m->moves[i];
        sum += x->token == token && x->why == why && is(x->from, pocket, row) ? x->amount : 0;
    }
    return sum;
}

u128 model_moved_to(const struct model *m, enum model_pocket pocket, u64 row, u32 token,
                    enum model_why why)
{
    u128 sum = 0;

    for (u32 i = 0; i < m->n_moves; i++) {
        const struct model_move *x = &m->moves[i];
        sum += x->token == token && x->why == why && is(x->to, pocket, row) ? x->amount : 0;
    }
    return sum;
}

u128 model_unbonding(const struct model *m, u32 provider)
{
    u128 sum = 0;

    for (u32 i = 0; i < m->n_requests; i++)
        if (m->requests[i].provider == provider)
            sum += model_balance(m, IN_UNBONDING, i + 1, 0);
    return sum;
}

void model_pay(struct model *m, u32 token, struct model_place from, struct model_place to,
               u128 amount, enum model_why why, u64 lease)
{
    if (amount == 0)
        return;
    if (from.pocket != IN_OUTSIDE && model_balance(m, from.pocket, from.row, token) < amount)
        model_wrong(m, "pocket %d of %llu has too little of token %u for movement %d",
                    (int)from.pocket, (unsigned long long)from.row, token, (int)why);
    *PUSH(m, moves) = (struct model_move){token, why, from, to, lease, amount};
}
