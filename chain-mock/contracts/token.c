/* token - balances, which tokens are payment tokens, their oracle prices. */
#include "chain-mock/contracts/token.h"

#include "chain-mock/contracts/allowance.h"
#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/lease.h"
#include "protocol/mutant.h"

static bool token_known(const struct state *s, u32 token)
{
    return token < TOKENS_MAX && s->tables[TABLE_TOKEN].count > token + 1 &&
           token_at(s, token + 1)->registered;
}

enum err token_usable(const struct state *s, u32 token)
{
    if (!token_known(s, token))
        return ERR_TokenNotRegistered;
    return token_at(s, token + 1)->enabled || MUTATED(DISABLED_USED) ? ERR_None : ERR_TokenDisabled;
}

static enum err give(struct state *s, u32 from, u32 to, u32 token, struct amount amount)
{
    if (to == 0 || to >= s->tables[TABLE_ACCOUNT].count)
        return ERR_UnknownAccount;
    if (to == from)
        return amount_cmp(account_at(s, from)->balance[token], amount) < 0 ? ERR_InsufficientBalance
                                                                           : ERR_None;
    return ledger_move(s, token, place_account(s, from, token), place_account(s, to, token), amount,
                       CAUSE_TRANSFER)
               ? ERR_None
               : ERR_InsufficientBalance;
}

static void tell_transferred(struct call *c, u32 token, u32 from, u32 to, struct amount amount)
{
    struct log_transferred *l = &state_log(c->s, LOG_Transferred)->u.transferred;

    *l = (struct log_transferred){token, from, to, amount};
}

enum err call_transfer(struct call *c, const struct tx_transfer *a)
{
    if (!token_known(c->s, a->token))
        return ERR_TokenNotRegistered;
    enum err e = token_give(c, a->to, a->token, a->amount);
    if (MUTATED(MINTED_ON_TRANSFER) && e == ERR_None && a->token == TOKEN_SPON &&
        !ledger_mint(c->s, a->token, place_account(c->s, c->from, a->token), AMOUNT(1),
                     CAUSE_TRANSFER))
        return ERR_Overflow;
    if (e == ERR_None)
        tell_transferred(c, a->token, c->from, a->to, a->amount);
    return e;
}

enum err call_approve_token(struct call *c, const struct tx_approve_token *a)
{
    if (!token_known(c->s, a->token))
        return ERR_TokenNotRegistered;
    if (a->spender >= c->s->tables[TABLE_ACCOUNT].count)
        return ERR_UnknownAccount;
    allowance_set(c, a->spender, a->token, a->amount);
    return ERR_None;
}

enum err call_transfer_from(struct call *c, const struct tx_transfer_from *a)
{
    if (!token_known(c->s, a->token))
        return ERR_TokenNotRegistered;
    if (a->owner == 0 || a->owner >= c->s->tables[TABLE_ACCOUNT].count)
        return ERR_UnknownAccount;
    enum err e = give(c->s, a->owner, a->to, a->token, a->amount);
    if (e == ERR_None || e == ERR_InsufficientBalance) {
        /* what is let is looked at before what is there, as tokens of the network do */
        if (!allowance_take(c->s, a->owner, c->from, a->token, a->amount))
            return ERR_InsufficientAllowance;
    }
    if (e == ERR_None)
        tell_transferred(c, a->token, a->owner, a->to, a->amount);
    return e;
}

enum err token_give(struct call *c, u32 to, u32 token, struct amount amount)
{
    return give(c->s, c->from, to, token, amount);
}

enum err call_set_token(struct call *c, const struct tx_set_token *a)
{
    if (!token_known(c->s, a->token))
        return ERR_TokenNotRegistered;
    if (a->enabled > 1)
        return ERR_InvalidArgument;
    token_open(c->s, a->token + 1)->enabled = (bool8)a->enabled;
    struct log_token_set *l = &state_log(c->s, LOG_TokenSet)->u.token_set;
    l->token = a->token;
    l->enabled = a->enabled;
    l->second = c->now_s;
    return ERR_None;
}

/* settled 37: "a price = USD × 10^8 a whole token, valid from its second on" */
enum err call_set_price(struct call *c, const struct tx_set_price *a)
{
    struct state *s = c->s;

    if (!token_known(s, a->token))
        return ERR_TokenNotRegistered;
    if (a->usd_e8 == 0)
        return ERR_InvalidArgument;
    u32 row = price_new(s);
    if (row == 0)
        return ERR_None; /* the chain stops: the state says which table is full */
    struct token_row *t = token_open(s, a->token + 1);
    struct price_row *p = price_open(s, row);
    p->second = c->now_s;
    p->usd_e8 = a->usd_e8;
    p->next = t->price_head;
    t->price_head = row;
    t->usd_e8 = a->usd_e8;
    t->price_s = c->now_s;
    t->has_price = 1;
    struct log_price_set *l = &state_log(s, LOG_PriceSet)->u.price_set;
    l->token = a->token;
    l->usd_e8 = a->usd_e8;
    l->second = c->now_s;
    return ERR_None;
}

u64 oracle_price_at(const struct state *s, u32 token, u64 second)
{
    u32 row = token_at(s, token + 1)->price_head;

    while (row != 0 && price_at(s, row)->second > second)
        row = price_at(s, row)->next;
    return row == 0 ? 0 : price_at(s, row)->usd_e8;
}

/* settled 37: "stale when older (strictly) than one era" */
bool oracle_fresh(const struct state *s, u32 token, u64 now_s)
{
    const struct token_row *t = token_at(s, token + 1);

    return t->has_price &&
           now_s - t->price_s <= s->params.oracle_stale_eras * s->params.era_seconds;
}

static struct amount kept(struct amount a, u32 keep_bps)
{
    struct amount k;
    bool fits = amount_mul_div(&k, a, keep_bps, BPS_WHOLE, ROUND_DOWN);

    check(fits);
    return k;
}

static struct amount shrink_field(struct amount *field, u32 keep_bps)
{
    struct amount lost, k = kept(*field, keep_bps);

    check(amount_sub(&lost, *field, k));
    *field = k;
    return lost;
}

/* What a purse loses: of what is unlocked, and of each lock on its own, so that what the purse has
 * locked stays the sum of what its leases and orders hold. */
static struct amount shrink_purse(struct state *s, u32 purse, u32 keep_bps)
{
    struct purse_row *p = purse_open(s, purse);
    struct amount lost = shrink_field(&p->unlocked, keep_bps);

    check(amount_add(&p->shrunk, p->shrunk, lost));
    ledger_enter(s, p->token, POCKET_UNLOCKED, purse, POCKET_OUTSIDE, 0, lost, CAUSE_SHRINK);
    return lost;
}

static void lose_lock(struct state *s, u32 wallet, u32 token, struct amount lost)
{
    u32 row = wallet_at(s, wallet)->purse[token];
    struct purse_row *p = purse_open(s, row);

    check(amount_sub(&p->locked, p->locked, lost));
    check(amount_add(&p->shrunk, p->shrunk, lost));
    ledger_enter(s, token, POCKET_LOCKED, row, POCKET_OUTSIDE, 0, lost, CAUSE_SHRINK);
}

/* What is left of a lock shrinks; what was debited is gone from it already. */
static struct amount shrink_held(struct amount *held, struct amount spent, u32 keep_bps)
{
    struct amount left, lost;

    check(amount_sub(&left, *held, spent));
    lost = shrink_field(&left, keep_bps);
    check(amount_sub(held, *held, lost));
    return lost;
}

static void add_lost(struct amount *sum, struct amount lost)
{
    check(amount_add(sum, *sum, lost));
}

struct shrinking {
    struct call *c;
    u32 token, keep_bps;
    struct amount burned;
};

static void shrink_lease(struct shrinking *k, u32 row)
{
    struct state *s = k->c->s;

    lease_settle(s, row, k->c->now_s);
    struct lease_row *l = lease_open(s, row);
    struct amount spent = lease_user_fee_spent(l);
    struct amount gross = shrink_held(&l->gross_held, l->gross, k->keep_bps);
    struct amount fee = shrink_held(&l->user_fee_held, spent, k->keep_bps);
    lose_lock(s, l->wallet, k->token, gross);
    lose_lock(s, l->wallet, k->token, fee);
    add_lost(&k->burned, gross);
    add_lost(&k->burned, fee);
}

static void shrink_rows(struct shrinking *k)
{
    struct state *s = k->c->s;

    for (u32 row = 1; row < s->tables[TABLE_PURSE].count; row++) {
        if (purse_at(s, row)->token == k->token)
            add_lost(&k->burned, shrink_purse(s, row, k->keep_bps));
    }
    for (u64 id = 1; id < state_meta(s)->next_lease; id++) {
        u32 row = lease_find(s, id);
        if (row != 0 && lease_at(s, row)->token == k->token &&
            lease_at(s, row)->ended_s == INTERVAL_OPEN)
            shrink_lease(k, row);
    }
    for (u64 id = 1; id < state_meta(s)->next_order; id++) {
        u32 row = order_find(s, id);
        if (row == 0 || order_at(s, row)->token != k->token)
            continue;
        struct order_row *o = order_open(s, row);
        struct amount lost = shrink_field(&o->hold, k->keep_bps);
        lose_lock(s, o->wallet, k->token, lost);
        add_lost(&k->burned, lost);
    }
}

/* settled 150: "a token that shrinks inside the escrow".  Users' funds and locks shrink; what was
 * debited is no longer theirs and the escrow owes it in full. */
enum err call_shrink(struct call *c, const struct tx_shrink *a)
{
    struct shrinking k = {.c = c, .token = a->token, .keep_bps = a->keep_bps};

    if (!token_known(c->s, a->token) || a->token == TOKEN_SPON)
        return ERR_TokenNotRegistered;
    if (a->keep_bps > BPS_WHOLE)
        return ERR_InvalidArgument;
    shrink_rows(&k);
    struct token_row *t = token_open(c->s, a->token + 1);
    check(amount_add(&t->burned, t->burned, k.burned));
    struct log_token_shrunk *l = &state_log(c->s, LOG_TokenShrunk)->u.token_shrunk;
    l->token = a->token;
    l->keep_bps = a->keep_bps;
    l->burned = k.burned;
    l->second = c->now_s;
    return ERR_None;
}
