/* market_escrow - Escrow: what users have in it, and what providers have earned. */
#include "chain-mock/door/market.h"

enum err market_deposit(struct market *m, struct tx *out)
{
    u32 token = market_token_at(m->d, abi_get_address(&m->in));
    struct amount amount = abi_get_amount(&m->in);

    *out = (struct tx){.kind = TX_DEPOSIT_ALLOWED, .u.deposit_allowed = {token, amount}};
    return market_read_all(m);
}

enum err market_withdraw(struct market *m, struct tx *out)
{
    u32 token = market_token_at(m->d, abi_get_address(&m->in));
    struct amount amount = abi_get_amount(&m->in);

    *out = (struct tx){.kind = TX_WITHDRAW, .u.withdraw = {.token = token, .amount = amount}};
    return market_read_all(m);
}

/* Of the caller's provider alone.  The row's 0 is all of it; here it is nothing. */
enum err market_withdraw_earnings(struct market *m, struct tx *out)
{
    u32 account = market_find(m, abi_get_address(&m->in));
    u32 token = market_token_at(m->d, abi_get_address(&m->in));
    struct amount amount = abi_get_amount(&m->in);
    enum err e = market_read_all(m);

    if (e != ERR_None)
        return e;
    if (account != m->from)
        return ERR_MissingRole;
    if (amount_cmp(amount, AMOUNT(0)) == 0)
        return ERR_InvalidArgument;
    *out = (struct tx){.kind = TX_CLAIM_EARNINGS, .u.claim_earnings = {token, amount}};
    return ERR_None;
}

/* What the account's own wallet has; an operator has none here. */
static void put_balance(struct market *m, struct address user, struct address token, bool operator)
{
    u32 account = market_find(m, user), t = market_token_at(m->d, token), wallet = 0, purse = 0;

    if (account != 0 && !operator)
        wallet = account_at(m->s, account)->wallet;
    if (wallet != 0 && t < TOKENS_MAX)
        purse = wallet_at(m->s, wallet)->purse[t];
    abi_put_amount(&m->out, purse_at(m->s, purse)->locked);
    abi_put_amount(&m->out, purse_at(m->s, purse)->unlocked);
}

void market_user_data(struct market *m)
{
    struct address user = abi_get_address(&m->in), token = abi_get_address(&m->in);
    bool operator= abi_get_bool(&m->in);

    abi_begin(&m->out, 0);
    put_balance(m, user, token, operator);
    abi_end(&m->out);
}

void market_user_balance(struct market *m)
{
    struct address user = abi_get_address(&m->in), token = abi_get_address(&m->in);

    put_balance(m, user, token, false);
}

/* The chain keeps what is unclaimed: that is what has been earned and not withdrawn. */
static void put_earnings(struct market *m)
{
    u32 account = market_find(m, abi_get_address(&m->in));
    u32 token = market_token_at(m->d, abi_get_address(&m->in));
    u32 provider = account == 0 ? 0 : chain_account_provider(m->d->chain, account);
    struct amount unclaimed =
        token < TOKENS_MAX ? provider_at(m->s, provider)->accrued[token] : AMOUNT(0);

    abi_put_amount(&m->out, unclaimed);
    abi_put_u128(&m->out, 0);
    abi_put_amount(&m->out, unclaimed);
}

void market_earnings(struct market *m)
{
    abi_begin(&m->out, 0);
    put_earnings(m);
    abi_end(&m->out);
}

void market_provider_earnings(struct market *m)
{
    put_earnings(m);
}
