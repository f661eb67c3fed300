#include "chain-mock/contracts/escrow.h"

#include "chain-mock/contracts/allowance.h"
#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/token.h"
#include "protocol/bracket.h"
#include "protocol/gpu.h"
#include "protocol/keccak.h"
#include "protocol/mutant.h"

#include <string.h>

/* Deterministic: of the owner's address and the number of wallets made before. */
static void wallet_address(u8 out[20], const u8 owner[20], u32 before)
{
    static const u8 tag[6] = {'w', 'a', 'l', 'l', 'e', 't'};
    u8 bytes[sizeof(tag) + 20 + 4], digest[32];

    memcpy(bytes, tag, sizeof(tag));
    memcpy(bytes + sizeof(tag), owner, 20);
    for (u32 i = 0; i < 4; i++)
        bytes[sizeof(tag) + 20 + i] = (u8)(before >> (24 - 8 * i));
    keccak256(digest, bytes, sizeof(bytes));
    memcpy(out, digest + 12, 20);
}

u32 escrow_purse(struct state *s, u32 wallet, u32 token)
{
    u32 row = wallet_at(s, wallet)->purse[token];

    if (row != 0)
        return row;
    row = purse_new(s);
    if (row == 0)
        return 0;
    struct purse_row *p = purse_open(s, row);
    p->wallet = wallet;
    p->token = token;
    wallet_open(s, wallet)->purse[token] = row;
    return row;
}

struct amount escrow_unlocked(const struct state *s, u32 wallet, u32 token)
{
    u32 row = wallet_at(s, wallet)->purse[token];

    return row == 0 ? AMOUNT(0) : purse_at(s, row)->unlocked;
}

bool escrow_lock(struct state *s, u32 wallet, u32 token, struct amount a, enum cause cause)
{
    u32 row = wallet_at(s, wallet)->purse[token];

    if (row == 0)
        return false;
    struct purse_row *p = purse_open(s, row);
    return ledger_move(s, token, (struct place){POCKET_UNLOCKED, row, &p->unlocked},
                       (struct place){POCKET_LOCKED, row, &p->locked}, a, cause);
}

void escrow_unlock(struct state *s, u32 wallet, u32 token, struct amount a, enum cause cause)
{
    u32 row = wallet_at(s, wallet)->purse[token];
    struct purse_row *p = purse_open(s, row);

    ledger_pay(s, token, (struct place){POCKET_LOCKED, row, &p->locked},
               (struct place){POCKET_UNLOCKED, row, &p->unlocked}, a, cause);
}

enum err escrow_wallet(const struct state *s, u32 account, u32 wallet, u32 *row)
{
    *row = wallet != 0 ? wallet : account_at(s, account)->wallet;
    if (*row == 0 || *row >= s->tables[TABLE_WALLET].count)
        return ERR_WalletNotFound;
    return wallet_at(s, *row)->owner == account ? ERR_None : ERR_NotWalletOwner;
}

/* 0: a table is full. */
static u32 make_wallet(struct call *c)
{
    struct state *s = c->s;
    u32 row = wallet_new(s);

    if (row == 0)
        return 0;
    struct account_row *owner = account_open(s, c->from);
    struct wallet_row *w = wallet_open(s, row);
    w->owner = c->from;
    wallet_address(w->address, owner->address, MUTATED(SAME_ADDRESS) ? 0 : owner->wallets);
    owner->wallets++;
    if (owner->wallet == 0)
        owner->wallet = row;
    struct log_wallet_created *l = &state_log(s, LOG_WalletCreated)->u.wallet_created;
    l->wallet = row;
    l->owner = c->from;
    l->second = c->now_s;
    return row;
}

enum err call_create_wallet(struct call *c, const struct tx_create_wallet *a)
{
    (void)a;
    c->id = make_wallet(c);
    return ERR_None;
}

/* What a token that takes a fee on transfer keeps goes to its issuer: the escrow credits what
 * arrived (settled 113). */
static enum err take_transfer_fee(struct call *c, u32 token, struct amount *amount)
{
    const struct token_row *t = token_at(c->s, token + 1);
    struct amount fee;

    if (t->transfer_fee_bps == 0)
        return ERR_None;
    if (!amount_mul_div(&fee, *amount, t->transfer_fee_bps, BPS_WHOLE, ROUND_DOWN))
        return ERR_Overflow;
    struct place from = place_account(c->s, c->from, token);
    struct amount left;
    if (!amount_sub(&left, *from.field, fee))
        return ERR_InsufficientBalance;
    ledger_burn(c->s, token, from, fee, CAUSE_TRANSFER_FEE);
    check(amount_sub(amount, *amount, fee));
    if (fee.wei != 0) {
        struct log_transfer_fee *l = &state_log(c->s, LOG_TransferFee)->u.transfer_fee;
        *l = (struct log_transfer_fee){token, c->from, fee};
    }
    return ERR_None;
}

/* settled 103: "min_deposit = 1 whole token, each deposit" */
enum err call_deposit(struct call *c, const struct tx_deposit *a)
{
    struct state *s = c->s;
    enum err e = token_usable(s, a->token);
    struct amount arrived = a->amount;
    u32 wallet;

    /* settled 37: "deposits and orders of a token whose bracket needs a stale price are refused" */
    if (e == ERR_None && !oracle_fresh(s, a->token, c->now_s))
        e = ERR_StalePrice;
    if (e == ERR_None)
        e = escrow_wallet(s, c->from, a->wallet, &wallet);
    if (e == ERR_WalletNotFound && a->wallet == 0) {
        wallet = make_wallet(c);
        if (wallet == 0)
            return ERR_None;
        e = ERR_None;
    }
    if (e != ERR_None)
        return e;
    struct amount least =
        amount_of_tokens(s->params.min_deposit_tokens, token_at(s, a->token + 1)->decimals);
    if (amount_cmp(a->amount, least) < 0 && !MUTATED(SMALL_DEPOSIT))
        return ERR_MinimumDepositNotMet;
    e = take_transfer_fee(c, a->token, &arrived);
    if (e != ERR_None)
        return e;
    u32 row = escrow_purse(s, wallet, a->token);
    if (row == 0)
        return ERR_None;
    struct purse_row *p = purse_open(s, row);
    if (!amount_add(&p->deposited, p->deposited, arrived))
        return ERR_Overflow;
    if (!ledger_move(s, a->token, place_account(s, c->from, a->token),
                     (struct place){POCKET_UNLOCKED, row, &p->unlocked}, arrived, CAUSE_DEPOSIT))
        return ERR_InsufficientBalance;
    if (MUTATED(MINTED_FOR_DEPOSIT) && a->token != TOKEN_SPON &&
        !ledger_mint(s, a->token, place_account(s, c->from, a->token), AMOUNT(1), CAUSE_TRANSFER))
        return ERR_Overflow;
    struct log_deposited *l = &state_log(s, LOG_Deposited)->u.deposited;
    l->wallet = wallet;
    l->token = a->token;
    l->amount = arrived;
    l->second = c->now_s;
    return ERR_None;
}

/* What is let is looked at before what is there, as tokens of the network do. */
enum err call_deposit_allowed(struct call *c, const struct tx_deposit_allowed *a)
{
    struct tx_deposit deposit = {.token = a->token, .amount = a->amount};
    enum err e = call_deposit(c, &deposit);

    if (e != ERR_None && e != ERR_InsufficientBalance)
        return e;
    if (!allowance_take(c->s, c->from, ALLOWANCE_ESCROW, a->token, a->amount))
        return ERR_InsufficientAllowance;
    return e;
}

/* §4.6.3: only what is unlocked */
enum err call_withdraw(struct call *c, const struct tx_withdraw *a)
{
    struct state *s = c->s;
    u32 wallet;
    enum err e = a->token < TOKENS_MAX ? escrow_wallet(s, c->from, a->wallet, &wallet)
                                       : ERR_TokenNotRegistered;

    if (e != ERR_None)
        return e;
    u32 row = wallet_at(s, wallet)->purse[a->token];
    if (row == 0)
        return ERR_InsufficientBalance;
    struct purse_row *p = purse_open(s, row);
    if (MUTATED(LAST_UNIT_KEPT) && amount_cmp(a->amount, p->unlocked) == 0)
        return ERR_InsufficientBalance;
    struct place from = {POCKET_UNLOCKED, row, &p->unlocked};
    if (MUTATED(WITHDRAW_LOCKED) && amount_cmp(a->amount, p->locked) <= 0)
        from = (struct place){POCKET_LOCKED, row, &p->locked};
    if (MUTATED(WITHDRAWN_BEYOND) && amount_cmp(a->amount, p->unlocked) > 0)
        p->unlocked.wei += (u128)1 << 127;
    if (!ledger_move(s, a->token, from, place_account(s, c->from, a->token), a->amount,
                     CAUSE_WITHDRAW))
        return ERR_InsufficientBalance;
    if (!MUTATED(WITHDRAWAL_FORGOTTEN))
        check(amount_add(&p->withdrawn, p->withdrawn, a->amount));
    struct log_withdrawn *l = &state_log(s, LOG_Withdrawn)->u.withdrawn;
    l->wallet = wallet;
    l->token = a->token;
    l->amount = a->amount;
    l->second = c->now_s;
    return ERR_None;
}

/* settled 112: "moves with leases, tenant changes, provider can't refuse; open orders move too".
 * Leases and orders name the wallet, and the tenant is its owner. */
enum err call_transfer_wallet(struct call *c, const struct tx_transfer_wallet *a)
{
    u32 wallet;
    enum err e = escrow_wallet(c->s, c->from, a->wallet, &wallet);

    if (e != ERR_None)
        return e;
    if (a->to == 0 || a->to >= c->s->tables[TABLE_ACCOUNT].count)
        return ERR_UnknownAccount;
    u32 row = owner_new(c->s);
    if (row == 0)
        return ERR_None;
    struct wallet_row *w = wallet_open(c->s, wallet);
    *owner_open(c->s, row) = (struct owner_row){c->now_s, c->from, w->owner_head};
    w->owner_head = MUTATED(OWNER_FORGOTTEN) ? w->owner_head : row;
    w->owner = a->to;
    if (account_at(c->s, c->from)->wallet == wallet)
        account_open(c->s, c->from)->wallet = 0;
    if (account_at(c->s, a->to)->wallet == 0)
        account_open(c->s, a->to)->wallet = wallet;
    struct log_wallet_transferred *l =
        &state_log(c->s, LOG_WalletTransferred)->u.wallet_transferred;
    l->wallet = wallet;
    l->from = c->from;
    l->to = a->to;
    l->second = c->now_s;
    return ERR_None;
}

u32 escrow_owner_at(const struct state *s, u32 wallet, u64 second)
{
    const struct wallet_row *w = wallet_at(s, wallet);
    u32 owner = w->owner;

    for (u32 row = w->owner_head; row != 0 && owner_at(s, row)->until_s > second;
         row = owner_at(s, row)->next)
        owner = owner_at(s, row)->account;
    return owner;
}

/* settled 99: "commission → foundation account, both fees → treasury account, pulled by claim" */
enum err call_claim_fees(struct call *c, const struct tx_claim_fees *a)
{
    struct state *s = c->s;
    bool foundation = (account_at(s, c->from)->roles & ROLE_FOUNDATION) != 0;

    if (a->token >= TOKENS_MAX || a->token + 1 >= s->tables[TABLE_TOKEN].count)
        return ERR_TokenNotRegistered;
    struct place from = place_token(s, a->token, foundation ? POCKET_COMMISSION : POCKET_FEES);
    struct amount all = *from.field;
    if (all.wei == 0)
        return ERR_NothingToClaim;
    if (!ledger_move(s, a->token, from, place_account(s, c->from, a->token), all, CAUSE_FEES_CLAIM))
        return ERR_Overflow;
    if (MUTATED(FEES_LEFT))
        from.field->wei++;
    struct log_fees_claimed *l = &state_log(s, LOG_FeesClaimed)->u.fees_claimed;
    l->account = c->from;
    l->token = a->token;
    l->amount = all;
    l->commission = foundation;
    l->second = c->now_s;
    return ERR_None;
}

/* ---- brackets ---- */

bool escrow_gpu_units(u64 *out, const struct params *p, u16 model, u64 gpus)
{
    if (model == GPU_ANY) {
        *out = gpus;
        return true;
    }
    return bracket_mid_gpus(out, p, gpus, gpu_multiplier(p, gpu_tier((enum gpu_model)(model - 1))));
}

static struct bracket_use use_of(const struct specs *specs, u32 replicas, u64 gpu_units)
{
    return (struct bracket_use){.cpu = (u64)specs->cpu * replicas,
                                .ram_gib = (u64)specs->ram_gib * replicas,
                                .disk_gib = (u64)specs->disk_gib * replicas,
                                .mid_gpus = gpu_units,
                                .any_gpu = specs->gpus > 0};
}

static enum err deposit_rows(const struct state *s, const struct wallet_row *w, bool fresh,
                             u64 now_s, u64 *rows)
{
    struct bracket_usd sum = {0};

    for (u32 t = 0; t < TOKENS_MAX; t++) {
        if (w->purse[t] == 0)
            continue;
        const struct purse_row *p = purse_at(s, w->purse[t]);
        const struct token_row *token = token_at(s, t + 1);
        struct amount net;
        check(amount_sub(&net, p->deposited, p->withdrawn));
        if (net.wei == 0)
            continue;
        if (fresh && !oracle_fresh(s, t, now_s))
            return ERR_StalePrice;
        if (!bracket_usd_add(&sum, net, token->usd_e8, token->decimals))
            return ERR_Overflow;
    }
    return bracket_rows(rows, &s->params, &sum) ? ERR_None : ERR_Overflow;
}

enum err escrow_bracket(const struct state *s, u32 wallet, const struct specs *specs, u32 replicas,
                        bool fresh, u64 now_s)
{
    const struct wallet_row *w = wallet_at(s, wallet);
    struct bracket_use use = {w->cpu, w->ram_gib, w->disk_gib, w->gpu_units, w->gpu_leases > 0};
    struct bracket_use more;
    if (MUTATED(BRACKET_EACH))
        use = (struct bracket_use){0};
    u64 rows, units;
    enum err e = deposit_rows(s, w, fresh, now_s, &rows);

    if (e != ERR_None)
        return e;
    if (!escrow_gpu_units(&units, &s->params, specs->gpu_model, (u64)specs->gpus * replicas))
        return ERR_Overflow;
    more = use_of(specs, replicas, units);
    if (!bracket_use_add(&use, &more))
        return ERR_Overflow;
    return bracket_fits(&s->params, rows, &use) ? ERR_None : ERR_BracketExceeded;
}

void escrow_count(struct state *s, const struct lease_row *l)
{
    struct wallet_row *w = wallet_open(s, l->wallet);
    struct bracket_use use = use_of(&l->specs, l->replicas, l->gpu_units);

    w->cpu += use.cpu;
    w->ram_gib += use.ram_gib;
    w->disk_gib += use.disk_gib;
    w->gpu_units += use.mid_gpus;
    w->gpu_leases += use.any_gpu;
    w->active_leases++;
}

void escrow_uncount(struct state *s, const struct lease_row *l)
{
    struct wallet_row *w = wallet_open(s, l->wallet);
    struct bracket_use use = use_of(&l->specs, l->replicas, l->gpu_units);

    w->cpu -= use.cpu;
    w->ram_gib -= use.ram_gib;
    w->disk_gib -= use.disk_gib;
    w->gpu_units -= use.mid_gpus;
    w->gpu_leases -= use.any_gpu;
    w->active_leases--;
}
