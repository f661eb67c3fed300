/* market_error - answers as the deployed contracts name them, and each contract's ABI. */
#include "chain-mock/contracts/allowance.h"
#include "chain-mock/door/market.h"
#include "chain-mock/wire/abi_print.h"
#include "chain-mock/wire/revert.h"

#include <string.h>

static const struct {
    enum door_market at;
    enum err err;
    const char *text;
} errors[] = {
#define MARKET_ERROR(MARKET, err, signature) {DOOR_MARKET_##MARKET, ERR_##err, signature},
#include "chain-mock/door/market.def"
};

/* ---- what was called ---- */

/* The call that reverted, as far as its errors tell of it. */
struct called {
    const struct door *d;
    enum door_market_call id; /* DOOR_MARKET_CALLS: none */
    u32 from, token;
    struct slice data;
};

/* An argument of one word; zero where there is none. */
static struct bytes32 argument(const struct called *k, u32 place)
{
    size_t at = ABI_SELECTOR_BYTES + (size_t)place * ABI_WORD;

    return at + ABI_WORD <= k->data.n ? bytes32_of_low(k->data.at + at, ABI_WORD)
                                      : (struct bytes32){{0}};
}

static struct address address_argument(const struct called *k, u32 place)
{
    struct address a = {{0}};

    return address_of_bytes32(argument(k, place), &a) ? a : (struct address){{0}};
}

static struct called called_of(const struct door *d, enum door_market at, u32 token,
                               const struct door_call *c)
{
    struct called k = {d, DOOR_MARKET_CALLS, c->from, token, c->data};
    u32 selector, id = 0;

    if (!revert_selector(c->data, &selector))
        return k;
    while (id < DOOR_MARKET_CALLS && (market_of_call((enum door_market_call)id) != at ||
                                      d->tables.market_calls[id] != selector))
        id++;
    k.id = (enum door_market_call)id;
    return k;
}

/* ---- errors with arguments ---- */

static u32 known(const struct door *d, struct address a)
{
    u32 account = address_equal(a, (struct address){{0}}) ? 0 : d->find(d->about, a);

    return account <= chain_accounts(d->chain) ? account : 0;
}

static struct amount balance(const struct called *k, u32 account)
{
    return account == 0 || k->token >= TOKENS_MAX
               ? AMOUNT(0)
               : chain_account_balance(k->d->chain, account, k->token);
}

static struct amount unlocked(const struct called *k)
{
    const struct state *s = &k->d->chain->state;
    u32 wallet =
        k->from != 0 && k->from <= chain_accounts(k->d->chain) ? account_at(s, k->from)->wallet : 0;
    u32 purse = k->token < TOKENS_MAX ? wallet_at(s, wallet)->purse[k->token] : 0;

    return purse_at(s, purse)->unlocked;
}

static struct amount accrued(const struct called *k)
{
    u32 provider = k->from != 0 && k->from <= chain_accounts(k->d->chain)
                       ? chain_account_provider(k->d->chain, k->from)
                       : 0;

    return k->token < TOKENS_MAX ? provider_at(&k->d->chain->state, provider)->accrued[k->token]
                                 : AMOUNT(0);
}

/* (available, required) of the escrow. */
static void put_escrow(struct abi_writer *w, const struct called *k)
{
    bool earnings = k->id == DOOR_CALL_withdraw_earnings;

    abi_put_amount(w, earnings ? accrued(k) : unlocked(k));
    abi_put_word(w, argument(k, earnings ? 2 : 1));
}

/* Who is to give, and of which argument he has not enough. */
static u32 giver(const struct called *k)
{
    return k->id == DOOR_CALL_transfer_from ? known(k->d, address_argument(k, 0)) : k->from;
}

static struct bytes32 needed(const struct called *k)
{
    return argument(k, k->id == DOOR_CALL_transfer_from ? 2 : 1);
}

static void put_balance(struct abi_writer *w, const struct called *k)
{
    abi_put_address(w, field_address(k->d, giver(k)));
    abi_put_amount(w, balance(k, giver(k)));
    abi_put_word(w, needed(k));
}

static void put_allowance(struct abi_writer *w, const struct called *k)
{
    bool escrow = k->id == DOOR_CALL_deposit;
    u32 owner = giver(k), spender = escrow ? ALLOWANCE_ESCROW : k->from;
    bool there = owner != 0 && owner <= chain_accounts(k->d->chain) && k->token < TOKENS_MAX;

    abi_put_address(w, escrow ? k->d->tables.markets[DOOR_MARKET_ESCROW]
                              : field_address(k->d, k->from));
    abi_put_amount(w,
                   there ? allowance_of(&k->d->chain->state, owner, spender, k->token) : AMOUNT(0));
    abi_put_word(w, needed(k));
}

static void put_receiver(struct abi_writer *w, const struct called *k)
{
    abi_put_address(w, address_argument(k, k->id == DOOR_CALL_transfer_from ? 1 : 0));
}

/* What the deployed contracts find out by comparing with a balance: of nobody it is zero, and more
 * than 128 bits nobody has. */
static bool is_about_balance(enum err e)
{
    return e == ERR_InsufficientBalance || e == ERR_Overflow || e == ERR_WalletNotFound ||
           e == ERR_ProviderNotFound || e == ERR_NothingToClaim;
}

static void put_arguments(struct abi_writer *w, enum door_market at, enum err e,
                          const struct called *k)
{
    bool balance_low = is_about_balance(e);

    if (at == DOOR_MARKET_ESCROW && balance_low)
        put_escrow(w, k);
    else if (at == DOOR_MARKET_TOKEN && balance_low)
        put_balance(w, k);
    else if (at == DOOR_MARKET_TOKEN && e == ERR_InsufficientAllowance)
        put_allowance(w, k);
    else if (at == DOOR_MARKET_TOKEN && e == ERR_UnknownAccount)
        put_receiver(w, k);
}

/* A deposit fails in the token that it is of, whose words the escrow hands on. */
static enum door_market speaker(enum door_market at, enum err e, struct called *k)
{
    bool tokens =
        e == ERR_InsufficientBalance || e == ERR_InsufficientAllowance || e == ERR_Overflow;

    if (at != DOOR_MARKET_ESCROW)
        return at;
    k->token = market_token_at(k->d, address_argument(k, k->id == DOOR_CALL_withdraw_earnings));
    return k->id == DOOR_CALL_deposit && tokens ? DOOR_MARKET_TOKEN : at;
}

size_t market_revert(const struct door *d, enum door_market at, u32 token,
                     const struct door_call *c, enum err e, u8 out[DOOR_REVERT_BYTES])
{
    struct called k = called_of(d, at, token, c);
    size_t n, i = 0;

    if (k.id == DOOR_MARKET_CALLS)
        return 0;
    at = speaker(at, e, &k);
    while (i < ARRAY_LEN(errors) && (errors[i].at != at || errors[i].err != e))
        i++;
    if (i == ARRAY_LEN(errors))
        return 0;
    struct abi_signature s = abi_signature_of(errors[i].text);
    struct abi_writer w = abi_writer_of_call(&s, out, DOOR_REVERT_BYTES);
    put_arguments(&w, at, e, &k);
    check(abi_finish(&w, &n));
    return n;
}

bool market_revert_text(struct slice data, struct sink *out)
{
    struct fault fault;
    u32 selector;

    if (!revert_selector(data, &selector))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        struct abi_signature s = abi_signature_of(errors[i].text);
        if (abi_selector(&s) != selector)
            continue;
        sink_add(out, s.name);
        return abi_print(out, s.inputs, data, ABI_SELECTOR_BYTES, &fault);
    }
    return false;
}

/* ---- ABI ---- */

/* Several answers may have one name in a contract. */
static bool said_before(size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (errors[k].at == errors[i].at && strcmp(errors[k].text, errors[i].text) == 0)
            return true;
    }
    return false;
}

void market_entries(enum door_market at, struct entries *e)
{
    for (u32 k = 0; k < DOOR_MARKET_CALLS; k++) {
        if (market_of_call((enum door_market_call)k) == at)
            entries_add(e, market_call_text((enum door_market_call)k));
    }
    for (u32 k = 0; k < DOOR_MARKET_READS; k++) {
        if (market_of_read((enum door_market_read)k) == at)
            entries_add(e, market_read_text((enum door_market_read)k));
    }
    for (u32 k = 0; k < DOOR_MARKET_EVENTS; k++) {
        if (market_of_event((enum door_market_event)k) == at)
            entries_add(e, market_event_text((enum door_market_event)k));
    }
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        if (errors[i].at == at && !said_before(i))
            entries_add(e, errors[i].text);
    }
}
