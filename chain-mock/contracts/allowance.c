#include "chain-mock/contracts/allowance.h"

/* 0: there never was one. */
static u32 row_of(const struct state *s, u32 owner, u32 spender, u32 token)
{
    u32 row = account_at(s, owner)->allowance_head;

    while (row != 0 &&
           (allowance_at(s, row)->spender != spender || allowance_at(s, row)->token != token))
        row = allowance_at(s, row)->next;
    return row;
}

struct amount allowance_of(const struct state *s, u32 owner, u32 spender, u32 token)
{
    u32 row = row_of(s, owner, spender, token);

    return row == 0 ? AMOUNT(0) : allowance_at(s, row)->amount;
}

void allowance_set(struct call *c, u32 spender, u32 token, struct amount amount)
{
    struct state *s = c->s;
    u32 row = row_of(s, c->from, spender, token);

    if (row == 0) {
        row = allowance_new(s);
        if (row == 0)
            return;
        struct account_row *owner = account_open(s, c->from);
        *allowance_open(s, row) = (struct allowance_row){
            .owner = c->from, .spender = spender, .token = token, .next = owner->allowance_head};
        owner->allowance_head = row;
    }
    allowance_open(s, row)->amount = amount;
    struct log_allowed *l = &state_log(s, LOG_Allowed)->u.allowed;
    *l = (struct log_allowed){token, c->from, spender, amount};
}

bool allowance_take(struct state *s, u32 owner, u32 spender, u32 token, struct amount amount)
{
    u32 row = row_of(s, owner, spender, token);
    struct amount left;

    if (!amount_sub(&left, allowance_of(s, owner, spender, token), amount))
        return false;
    if (row != 0 && amount_cmp(allowance_at(s, row)->amount, ALLOWANCE_ENDLESS) != 0)
        allowance_open(s, row)->amount = left;
    return true;
}
