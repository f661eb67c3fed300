/* Allowances: what an owner lets the escrow and other accounts take, and how it is used up. */
#include "tests/chain.h"

#include "chain-mock/contracts/allowance.h"

#define LET(spender, token, amount) CALL(APPROVE_TOKEN, approve_token, spender, token, amount)
#define DEPOSIT(token, amount) CALL(DEPOSIT_ALLOWED, deposit_allowed, token, amount)
#define TAKE(owner, to, token, amount) CALL(TRANSFER_FROM, transfer_from, owner, to, token, amount)

static struct amount let(u32 owner, u32 spender)
{
    return allowance_of(&chain.state, owner, spender, USDX);
}

static void the_escrow_takes_no_more_than_it_is_let(void)
{
    struct params p = story_params();

    chain_begin(&p);
    refused(10, U1, DEPOSIT(USDX, USDXS(5)), ERR_InsufficientAllowance);
    (void)call_at(20, U1, LET(ALLOWANCE_ESCROW, USDX, USDXS(12)));
    IS_AMOUNT(told_last(LOG_Allowed)->u.allowed.amount, 12000000);
    u128 before = balance_of(U1, USDX);
    (void)call_at(30, U1, DEPOSIT(USDX, USDXS(5)));
    IS_AMOUNT(let(U1, ALLOWANCE_ESCROW), 7000000);
    IS_AMOUNT(purse_of(1, USDX)->unlocked, 5000000); /* his own wallet, made for it */
    IS(before - balance_of(U1, USDX), 5000000);
    refused(40, U1, DEPOSIT(USDX, AMOUNT(7000001)), ERR_InsufficientAllowance);
    refused(50, U2, DEPOSIT(USDX, USDXS(1)), ERR_InsufficientAllowance); /* U1's is not U2's */
    refused(60, U1, DEPOSIT(SPON, SPONS(1)), ERR_InsufficientAllowance); /* nor another token's */
    refused(70, U1, DEPOSIT(USDX, AMOUNT(999999)), ERR_MinimumDepositNotMet);
    (void)call_at(80, U1, DEPOSIT(USDX, USDXS(7)));
    IS_AMOUNT(let(U1, ALLOWANCE_ESCROW), 0);
    (void)call_at(90, U1, CALL(DEPOSIT, deposit, 0, USDX, USDXS(1))); /* the typed one asks none */
    printf("ok - the escrow takes no more than it is let\n");
}

static void others_take_no_more_than_they_are_let(void)
{
    struct params p = story_params();

    chain_begin(&p);
    (void)call_at(10, U1, LET(U2, USDX, USDXS(10)));
    refused(20, U3, TAKE(U1, U3, USDX, USDXS(1)), ERR_InsufficientAllowance);
    refused(30, U2, TAKE(U1, U3, USDX, AMOUNT(10000001)), ERR_InsufficientAllowance);
    refused(40, U2, TAKE(U1, 0, USDX, USDXS(1)), ERR_UnknownAccount);
    refused(50, U2, TAKE(0, U2, USDX, USDXS(1)), ERR_UnknownAccount);
    u128 before = balance_of(U3, USDX);
    (void)call_at(60, U2, TAKE(U1, U3, USDX, USDXS(4)));
    IS(balance_of(U3, USDX) - before, 4000000);
    const struct log_transferred *l = &told_last(LOG_Transferred)->u.transferred;
    EXPECT(l->from == U1 && l->to == U3 && l->token == USDX);
    IS_AMOUNT(let(U1, U2), 6000000);
    (void)call_at(70, U1, LET(U2, USDX, USDXS(1))); /* instead of what was left */
    IS_AMOUNT(let(U1, U2), 1000000);
    (void)call_at(80, U2, TAKE(U1, U1, USDX, USDXS(1))); /* from hand to hand uses it up too */
    IS_AMOUNT(let(U1, U2), 0);
    printf("ok - others take no more than they are let\n");
}

static void without_end(void)
{
    struct params p = story_params();

    chain_begin(&p);
    (void)call_at(10, U1, LET(U2, USDX, ALLOWANCE_ENDLESS));
    (void)call_at(20, U2, TAKE(U1, U2, USDX, USDXS(4)));
    EXPECT(amount_cmp(let(U1, U2), ALLOWANCE_ENDLESS) == 0);
    refused(30, U2, TAKE(U1, U2, USDX, AMOUNT((u128)1 << 100)), ERR_InsufficientBalance);
    refused(40, U1, LET(U2, 3, USDXS(1)), ERR_TokenNotRegistered);
    refused(50, U1, LET(ACCOUNTS, USDX, USDXS(1)), ERR_UnknownAccount);
    printf("ok - an allowance without end\n");
}

int main(void)
{
    the_escrow_takes_no_more_than_it_is_let();
    others_take_no_more_than_they_are_let();
    without_end();
    return EXIT_SUCCESS;
}
