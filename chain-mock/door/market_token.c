/* market_token - each token of the chain as an ERC-20. */
#include "chain-mock/contracts/allowance.h"
#include "chain-mock/door/market.h"

#include <string.h>

const struct door_token door_tokens_known[DOOR_TOKENS_KNOWN] = {
    {"SPON", {"OrrerySPON\0\0\0\0\0\0\0\0\0\1"}},
    /* spheron/sdk.md a.1 */
    {"USDT", {{0x96, 0xca, 0x59, 0x55, 0xf2, 0x56, 0x48, 0xfb, 0x44, 0xc5,
               0xd7, 0x72, 0xba, 0xdb, 0x43, 0x13, 0x00, 0x0c, 0x66, 0xfe}}},
    {"USDC", {{0x81, 0x64, 0x13, 0x63, 0x0c, 0x39, 0x78, 0x06, 0x77, 0xe1,
               0x58, 0x4d, 0x4a, 0x6d, 0xba, 0xfd, 0x76, 0xb1, 0x61, 0xf7}}},
    {"DAI", {{0xcf, 0x5f, 0x08, 0x68, 0x6d, 0xbe, 0x94, 0xb8, 0x8b, 0x93,
              0xfb, 0x2e, 0x8e, 0x54, 0x82, 0xa7, 0xf4, 0x32, 0xc8, 0x92}}},
    {"WETH", {{0xd7, 0x4c, 0x08, 0xf8, 0xff, 0xdf, 0x88, 0xc8, 0x07, 0x36,
               0x78, 0x13, 0xad, 0x64, 0xa9, 0x60, 0x61, 0x8f, 0x4d, 0xcc}}},
    {"CST", {{0x8e, 0x59, 0x96, 0xa3, 0x96, 0x30, 0x11, 0xca, 0x9d, 0xfa,
              0x04, 0xe3, 0xcb, 0x77, 0x31, 0x47, 0xf9, 0x8c, 0x0e, 0x17}}},
};

enum err market_transfer(struct market *m, struct tx *out)
{
    struct address to = abi_get_address(&m->in);
    struct amount amount = abi_get_amount(&m->in);
    enum err e = market_read_all(m);

    if (e != ERR_None)
        return e;
    *out =
        (struct tx){.kind = TX_TRANSFER, .u.transfer = {market_account(m, to), m->token, amount}};
    return ERR_None;
}

enum err market_transfer_from(struct market *m, struct tx *out)
{
    struct address from = abi_get_address(&m->in), to = abi_get_address(&m->in);
    struct amount amount = abi_get_amount(&m->in);
    enum err e = market_read_all(m);

    if (e != ERR_None)
        return e;
    *out = (struct tx){
        .kind = TX_TRANSFER_FROM,
        .u.transfer_from = {market_find(m, from), market_account(m, to), m->token, amount}};
    return ERR_None;
}

static bool is_escrow(const struct door *d, struct address a)
{
    return address_equal(a, d->tables.markets[DOOR_MARKET_ESCROW]) ||
           address_equal(a, door_exact_address(CONTRACT_ESCROW));
}

/* What is beyond 128 bits is without end, as 2^256 - 1 is on the network. */
enum err market_approve(struct market *m, struct tx *out)
{
    struct address spender = abi_get_address(&m->in);
    struct amount amount = ALLOWANCE_ENDLESS;
    bool escrow = is_escrow(m->d, spender);

    if (!bytes32_to_amount(abi_get_word(&m->in), &amount))
        amount = ALLOWANCE_ENDLESS;
    enum err e = market_read_all(m);
    if (e != ERR_None)
        return e;
    if (address_equal(spender, (struct address){{0}}))
        return ERR_UnknownAccount;
    *out = (struct tx){.kind = TX_APPROVE_TOKEN,
                       .u.approve_token = {escrow ? ALLOWANCE_ESCROW : market_account(m, spender),
                                           m->token, amount}};
    return escrow || out->u.approve_token.spender != 0 ? ERR_None : ERR_UnknownAccount;
}

/* ---- what is read ---- */

static const struct token_row *row_of(const struct market *m)
{
    return token_at(m->s, m->token + 1);
}

void market_symbol(struct market *m)
{
    const char *symbol = m->d->tokens[m->token].symbol;

    abi_put_bytes(&m->out, SLICE((const u8 *)symbol, strlen(symbol)));
}

void market_name_of(struct market *m)
{
    market_symbol(m);
}

void market_decimals(struct market *m)
{
    abi_put_u128(&m->out, row_of(m)->decimals);
}

void market_supply(struct market *m)
{
    struct amount supply;

    check(amount_sub(&supply, row_of(m)->minted, row_of(m)->burned));
    abi_put_amount(&m->out, supply);
}

/* What an account has; the escrow, and what else has an address without being one, has nothing to
 * tell. */
void market_balance(struct market *m)
{
    u32 account = market_find(m, abi_get_address(&m->in));

    abi_put_amount(&m->out, account == 0 ? AMOUNT(0)
                                         : chain_account_balance(m->d->chain, account, m->token));
}

void market_allowance(struct market *m)
{
    u32 owner = market_find(m, abi_get_address(&m->in));
    struct address to = abi_get_address(&m->in);
    bool escrow = is_escrow(m->d, to);
    u32 spender = escrow ? ALLOWANCE_ESCROW : market_find(m, to);
    struct amount amount = owner != 0 && (escrow || spender != 0)
                               ? allowance_of(m->s, owner, spender, m->token)
                               : AMOUNT(0);
    struct bytes32 word = bytes32_of_amount(amount);

    if (amount_cmp(amount, ALLOWANCE_ENDLESS) == 0)
        memset(word.byte, 0xff, sizeof(word.byte));
    abi_put_word(&m->out, word);
}
