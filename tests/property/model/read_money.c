/* read_money - wallets and tokens: see read in parts.h. */
#include "tests/property/model/parts.h"

/* ---- wallets ---- */

static void read_wallet_created(struct model *m, const struct log *l)
{
    struct log_wallet_created k = l->u.wallet_created;
    u32 nth = 0;

    for (u32 i = 1; i < m->n_wallets; i++)
        nth += m->wallets[i].account == k.owner;
    k.wallet = m->n_wallets;
    k.second = m->now_s;
    *PUSH(m, wallets) = (struct model_wallet){k.owner, nth};
    *PUSH(m, owners) = (struct model_owner){k.wallet, k.owner, m->now_s};
    model_expect_by(m, l->kind, l)->u.wallet_created = k;
}

/* settled 113: "A token that takes a fee on transfer: the escrow credits what arrived" */
static void read_transfer_fee(struct model *m, const struct log *l)
{
    const struct log_transfer_fee *k = &l->u.transfer_fee;

    model_pay(m, k->token, AT(ACCOUNT, k->account), AT(OUTSIDE, 0), k->amount.wei, FOR_TRANSFER_FEE,
              0);
    m->reached.transfer_fees++;
    model_expect_by(m, l->kind, l)->u.transfer_fee = *k;
}

static u128 fee_of_tx(const struct model *m, u32 tx)
{
    for (u32 i = 0; i < m->n_told; i++)
        if (m->told[i].kind == LOG_TransferFee && m->told[i].tx == tx)
            return m->told[i].u.transfer_fee.amount.wei;
    return 0;
}

static void read_deposited(struct model *m, const struct log *l)
{
    struct log_deposited k = l->u.deposited;
    u128 fee = fee_of_tx(m, l->tx), given = k.amount.wei + fee, least = m->p.min_deposit_tokens;

    for (u32 i = 0; i < m->genesis.token[k.token].decimals; i++)
        least *= 10;
    MUST(m, m->enabled[k.token] && model_fresh(m, k.token), "a deposit of an enabled token (37)");
    MUST(m, given >= least, "min_deposit (103)");
    MUST(m, fee == model_floor(given, m->genesis.token[k.token].transfer_fee_bps, BPS_WHOLE),
         "the token's own fee (113)");
    model_pay(m, k.token, AT(ACCOUNT, model_owner_at(m, k.wallet, m->now_s)),
              AT(UNLOCKED, k.wallet), k.amount.wei, FOR_DEPOSIT, 0);
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.deposited = k;
}

static void read_withdrawn(struct model *m, const struct log *l)
{
    struct log_withdrawn k = l->u.withdrawn;

    model_pay(m, k.token, AT(UNLOCKED, k.wallet),
              AT(ACCOUNT, model_owner_at(m, k.wallet, m->now_s)), k.amount.wei, FOR_WITHDRAWAL, 0);
    k.second = m->now_s;
    m->reached.withdrawals++;
    model_expect_by(m, l->kind, l)->u.withdrawn = k;
}

static void read_wallet_transferred(struct model *m, const struct log *l)
{
    struct log_wallet_transferred k = l->u.wallet_transferred;

    k.from = model_owner_at(m, k.wallet, m->now_s);
    k.second = m->now_s;
    *PUSH(m, owners) = (struct model_owner){k.wallet, k.to, m->now_s};
    m->reached.wallets_transferred++;
    model_expect_by(m, l->kind, l)->u.wallet_transferred = k;
}

/* settled 99: "commission → foundation account, both fees → treasury account, pulled by claim" */
static void read_fees_claimed(struct model *m, const struct log *l)
{
    struct log_fees_claimed k = l->u.fees_claimed;
    struct model_place from = k.commission ? AT(COMMISSION, 0) : AT(FEES, 0);

    k.account = k.commission ? m->genesis.foundation : m->genesis.treasury;
    k.amount = AMOUNT(model_balance(m, from.pocket, 0, k.token));
    k.second = m->now_s;
    model_pay(m, k.token, from, AT(ACCOUNT, k.account), k.amount.wei, FOR_CLAIM, 0);
    m->reached.fees_claimed++;
    model_expect_by(m, l->kind, l)->u.fees_claimed = k;
}

static void read_transferred(struct model *m, const struct log *l)
{
    const struct log_transferred *k = &l->u.transferred;

    model_pay(m, k->token, AT(ACCOUNT, k->from), AT(ACCOUNT, k->to), k->amount.wei, FOR_TRANSFER,
              0);
    model_expect_by(m, l->kind, l)->u.transferred = *k;
}

/* ---- tokens ---- */

static void read_price_set(struct model *m, const struct log *l)
{
    struct log_price_set k = l->u.price_set;

    k.second = m->now_s;
    *PUSH(m, prices) = (struct model_price){k.token, k.second, k.usd_e8};
    model_expect_by(m, l->kind, l)->u.price_set = k;
}

static void read_token_set(struct model *m, const struct log *l)
{
    struct log_token_set k = l->u.token_set;

    k.second = m->now_s;
    m->enabled[k.token] = k.enabled != 0;
    model_expect_by(m, l->kind, l)->u.token_set = k;
}

/* What stays of an amount is floored; what goes is the rest. */
static u128 loss(u128 amount, u32 keep_bps)
{
    return amount - model_floor(amount, keep_bps, BPS_WHOLE);
}

static u128 shrink_lease(struct model *m, struct model_lease *x, u32 keep_bps)
{
    u128 gross, fee, left_gross, left_fee;

    model_settle(m, x, m->now_s);
    model_left(m, x, &left_gross, &left_fee);
    gross = loss(left_gross, keep_bps);
    fee = loss(left_fee, keep_bps);
    x->lost_gross += gross;
    x->lost_fee += fee;
    if (gross > 0)
        x->shrunk_s = m->now_s;
    model_pay(m, x->token, AT(LOCKED, x->wallet), AT(OUTSIDE, 0), gross + fee, FOR_SHRINK, 0);
    return gross + fee;
}

/* settled 150: "a token that shrinks inside the escrow" takes from what is the users': unlocked
 * funds, and of each lock what is not yet debited. */
static void read_token_shrunk(struct model *m, const struct log *l)
{
    struct log_token_shrunk k = l->u.token_shrunk;
    u128 burned = 0;

    for (u32 w = 1; w < m->n_wallets; w++) {
        u128 lost = loss(model_balance(m, IN_UNLOCKED, w, k.token), k.keep_bps);
        model_pay(m, k.token, AT(UNLOCKED, w), AT(OUTSIDE, 0), lost, FOR_SHRINK, 0);
        burned += lost;
    }
    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].token == k.token && m->leases[i].end_s == MODEL_OPEN)
            burned += shrink_lease(m, &m->leases[i], k.keep_bps);
    for (u32 i = 0; i < m->n_orders; i++) {
        struct model_order *o = &m->orders[i];
        if (o->closed != 0 || o->told.token != k.token)
            continue;
        u128 lost = loss(o->hold, k.keep_bps);
        o->hold -= lost;
        model_pay(m, k.token, AT(LOCKED, o->told.wallet), AT(OUTSIDE, 0), lost, FOR_SHRINK, 0);
        burned += lost;
    }
    k.burned = AMOUNT(burned);
    k.second = m->now_s;
    m->reached.shrinks++;
    model_expect_by(m, l->kind, l)->u.token_shrunk = k;
}

/* ---- all of them ---- */

bool model_read_money(struct model *m, const struct log *l)
{
    static void (*const read[LOG_KINDS])(struct model *, const struct log *) = {
        [LOG_WalletCreated] = read_wallet_created,
        [LOG_TransferFee] = read_transfer_fee,
        [LOG_Deposited] = read_deposited,
        [LOG_Withdrawn] = read_withdrawn,
        [LOG_WalletTransferred] = read_wallet_transferred,
        [LOG_FeesClaimed] = read_fees_claimed,
        [LOG_Transferred] = read_transferred,
        [LOG_PriceSet] = read_price_set,
        [LOG_TokenSet] = read_token_set,
        [LOG_TokenShrunk] = read_token_shrunk,
    };

    if (read[l->kind] == NULL)
        return false;
    read[l->kind](m, l);
    return true;
}
