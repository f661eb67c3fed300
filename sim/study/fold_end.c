/* fold_end - what stands before the first block, and what is left after the last. */
#include "protocol/invariants/invariant.h"
#include "sim/study/fold_parts.h"

#include <stdio.h>

static void put_start_params(struct fold *f)
{
    const struct params *p = chain_params(f->c.chain);

#define PARAM(type, name, unit, def, min, max, source, doc)                                        \
    put_params(f->c.tables, &(struct row_params){0, #name, params_get(p, PARAM_##name), unit});
#include "protocol/params.def"
#undef PARAM
}

void fold_start(struct fold *f)
{
    put_start_params(f);
    f->params = f->next = *chain_params(f->c.chain);
    for (u32 t = 0; t < TOKENS_MAX && t + 1 < f->state->tables[TABLE_TOKEN].count; t++) {
        const struct token_row *row = token_at(f->state, t + 1);
        f->tokens = t + 1;
        f->decimals[t] = row->decimals;
        f->usd_e8[t] = f->usd_was[t] = row->has_price ? row->usd_e8 : 0;
        check(amount_sub(&f->genesis[t], row->minted, row->burned));
        put_tokens(f->c.tables,
                   &(struct row_tokens){fold_token(f, t), row->decimals, t == TOKEN_SPON});
        if (row->has_price)
            put_prices(f->c.tables,
                       &(struct row_prices){fold_token(f, t), row->price_s, row->usd_e8});
    }
    f->supply = f->genesis[TOKEN_SPON];
}

/* ---- the end ---- */

/* Who never came as far as a wallet may be a user by what the scenario says of his account. */
static void add_demands(struct fold *f, u32 account, struct fold_account *a)
{
    struct fold_demands d;

    if (f->c.demands == NULL || !f->c.demands(f->c.about, account, &d))
        return;
    a->is_user = true;
    a->row.demands_done = d.done;
    a->row.demands_failed = d.failed;
    a->row.demands_given_up = d.given_up;
    a->row.demands_turned_away = d.turned_away;
}

static void put_account_user(struct fold *f, u32 account, struct row_users *user)
{
    const struct account_row *row = account_at(f->state, account);
    char name[64] = "", address[43] = "0x";

    if (f->c.account_name != NULL)
        f->c.account_name(f->c.about, account, name);
    for (u32 b = 0; b < 20; b++)
        snprintf(address + 2 + 2 * b, 3, "%02x", row->address[b]);
    user->user = account;
    user->name = name;
    user->region = fold_region(f, row->region);
    user->address = address;
    put_users(f->c.tables, user);
}

static void put_account_users(struct fold *f)
{
    for (u32 i = 1; i < f->state->tables[TABLE_ACCOUNT].count; i++) {
        struct fold_account *a = fold_account_at(f, i);
        if (a == NULL)
            return;
        add_demands(f, i, a);
        if (a->is_user)
            put_account_user(f, i, &a->row);
    }
}

static struct purse_rest *rest_of(const struct fold *f, u32 wallet, u32 token)
{
    return (struct purse_rest *)f->rests.base + wallet_at(f->state, wallet)->purse[token];
}

static void add_hold(void *about, u32 row, const void *bytes)
{
    const struct fold *f = about;
    const struct order_row *o = bytes;

    (void)row;
    if (o->state == ORDER_OPEN && o->hold.wei != 0)
        fold_add(&rest_of(f, o->wallet, o->token)->held, o->hold);
}

static void put_purse(void *about, u32 row, const void *bytes)
{
    struct fold *f = about;
    const struct purse_row *p = bytes;
    const struct purse_rest *rest = (const struct purse_rest *)f->rests.base + row;
    struct amount debited = p->debited, user_fees = p->user_fees, locked = p->locked;

    fold_add(&debited, rest->gross);
    fold_add(&user_fees, rest->user_fee);
    check(amount_sub(&locked, locked, rest->gross));
    check(amount_sub(&locked, locked, rest->user_fee));
    put_wallets(f->c.tables, &(struct row_wallets){.wallet = p->wallet,
                                                   .token = fold_token(f, p->token),
                                                   .user = wallet_at(f->state, p->wallet)->owner,
                                                   .deposited_wei = p->deposited,
                                                   .withdrawn_wei = p->withdrawn,
                                                   .debited_wei = debited,
                                                   .user_fees_paid_wei = user_fees,
                                                   .shrunk_wei = p->shrunk,
                                                   .unlocked_wei = p->unlocked,
                                                   .locked_wei = locked,
                                                   .held_wei = rest->held});
}

/* ---- balances ---- */

static void put_account_balances(void *about, u32 row, const void *bytes)
{
    struct fold *f = about;
    const struct account_row *a = bytes;
    char name[64] = "";

    if (f->c.account_name != NULL)
        f->c.account_name(f->c.about, row, name);
    for (u32 t = 0; t < f->tokens; t++)
        if (a->balance[t].wei != 0)
            put_balances(f->c.tables, &(struct row_balances){fold_token(f, t), "account", row, name,
                                                             a->balance[t]});
}

static void put_module(struct fold *f, u32 token, const char *pocket, u128 wei)
{
    if (wei != 0)
        put_balances(f->c.tables,
                     &(struct row_balances){fold_token(f, token), pocket, NONE, "", AMOUNT(wei)});
}

/* The dust of leases lies in the escrow, that of slashes beside it. */
static void put_modules(struct fold *f)
{
    struct pocket_sums sums;

    state_pockets(f->state, &sums);
    for (u32 t = 0; t < f->tokens; t++) {
        const u128 *at = sums.at[t];
        u128 slash_dust = t == TOKEN_SPON ? f->slash_dust.wei : 0;
        put_module(f, t, "escrow",
                   at[POCKET_UNLOCKED] + at[POCKET_LOCKED] + at[POCKET_LEASE] + at[POCKET_ACCRUED] +
                       at[POCKET_COMMISSION] + at[POCKET_FEES] + at[POCKET_DUST] - slash_dust);
        put_module(f, t, "staking", at[POCKET_STAKE] + at[POCKET_UNBONDING]);
        put_module(f, t, "rewarder", at[POCKET_REWARDS]);
        put_module(f, t, "slark_pool", at[POCKET_SLARKS]);
        put_module(f, t, "dust", slash_dust);
    }
}

static void put_supply(struct fold *f, u32 token)
{
    const struct token_row *row = token_at(f->state, token + 1);
    struct row_supplies s = {
        .token = fold_token(f, token), .genesis_wei = f->genesis[token], .burned_wei = row->burned};

    check(amount_sub(&s.minted_wei, row->minted, f->genesis[token]));
    check(amount_sub(&s.end_wei, row->minted, row->burned));
    put_supplies(f->c.tables, &s);
}

static void put_tally(struct fold *f)
{
    const struct tally *t = f->state->tally;

    for (u32 i = 0; i < INVARIANTS; i++)
        put_invariants(f->c.tables,
                       &(struct row_invariants){invariant_rows[i].id, invariant_rows[i].when,
                                                tally_evaluated(t, (enum invariant_id)i),
                                                tally_binding(t, (enum invariant_id)i),
                                                t->evaluated[FORM_FULL][i]});
}

void fold_end(struct fold *f)
{
    if (f->error != NULL)
        return;
    if (!reserve_reach(&f->rests, f->state->tables[TABLE_PURSE].count)) {
        fold_full(f, &f->rests);
        return;
    }
    fold_standing_end(f);
    fold_market_end(f);
    put_account_users(f);
    state_each(f->state, TABLE_ORDER, add_hold, f);
    state_each(f->state, TABLE_PURSE, put_purse, f);
    state_each(f->state, TABLE_ACCOUNT, put_account_balances, f);
    put_modules(f);
    for (u32 t = 0; t < f->tokens; t++)
        put_supply(f, t);
    put_tally(f);
}
