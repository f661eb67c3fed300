/* pockets - what each row holds, by pocket: the rows' side of the double entry. */
#include "chain-mock/state/state.h"
#include "protocol/lease_money.h"

#include <string.h>

const char *const pocket_names[POCKETS] = {
    "outside", "account", "unlocked", "locked",    "lease",   "accrued",    "commission",
    "fees",    "dust",    "stake",    "unbonding", "rewards", "slark pool",
};

static void add(struct pocket_sums *sums, u32 token, enum pocket pocket, struct amount a, int sign)
{
    sums->at[token][pocket] += sign > 0 ? a.wei : 0 - a.wei;
}

static void token_pockets(const struct token_row *t, u32 token, struct pocket_sums *sums, int sign)
{
    add(sums, token, POCKET_COMMISSION, t->commission, sign);
    add(sums, token, POCKET_FEES, t->fees, sign);
    add(sums, token, POCKET_DUST, t->dust, sign);
    add(sums, token, POCKET_SLARKS, t->slark_pool, sign);
    /* minted - burned is what the outside gave */
    sums->at[token][POCKET_OUTSIDE] +=
        sign > 0 ? t->burned.wei - t->minted.wei : t->minted.wei - t->burned.wei;
}

/* What is debited and not yet anybody's: all but commission and fee until the provider has
 * confirmed (settled 116), then the rest alone; nothing once the lease has ended. */
static struct amount lease_pocket(const struct lease_row *l)
{
    struct lease_rates rates = {l->commission_bps, l->provider_fee_bps, l->user_fee_bps};
    struct lease_shares shares = lease_shares(l->gross, rates);
    struct amount held = shares.rest;

    if (l->ended_s != INTERVAL_OPEN)
        return AMOUNT(0);
    if (!l->confirmed)
        check(amount_add(&held, held, shares.provider));
    return held;
}

static void purse_pockets(const struct purse_row *p, struct pocket_sums *sums, int sign)
{
    add(sums, p->token, POCKET_UNLOCKED, p->unlocked, sign);
    add(sums, p->token, POCKET_LOCKED, p->locked, sign);
}

void row_pockets(enum chain_table_id t, const void *row, struct pocket_sums *sums, int sign)
{
    if (t == TABLE_TOKEN) {
        const struct token_row *r = row;
        token_pockets(r, r->index, sums, sign);
    } else if (t == TABLE_ACCOUNT) {
        const struct account_row *r = row;
        for (u32 i = 0; i < TOKENS_MAX; i++)
            add(sums, i, POCKET_ACCOUNT, r->balance[i], sign);
    } else if (t == TABLE_PURSE) {
        purse_pockets(row, sums, sign);
    } else if (t == TABLE_LEASE) {
        const struct lease_row *r = row;
        add(sums, r->token, POCKET_LEASE, lease_pocket(r), sign);
    } else if (t == TABLE_PROVIDER) {
        const struct provider_row *r = row;
        for (u32 i = 0; i < TOKENS_MAX; i++)
            add(sums, i, POCKET_ACCRUED, r->accrued[i], sign);
    } else if (t == TABLE_STANDING) {
        const struct standing_row *r = row;
        add(sums, TOKEN_SPON, POCKET_STAKE, r->own, sign);
        add(sums, TOKEN_SPON, POCKET_REWARDS, r->rewards, sign);
    } else if (t == TABLE_UNBONDING) {
        const struct unbonding_row *r = row;
        add(sums, TOKEN_SPON, POCKET_UNBONDING, r->amount, sign);
    }
}

struct summing {
    enum chain_table_id table;
    struct pocket_sums *out;
};

static void sum_visit(void *about, u32 row, const void *bytes)
{
    struct summing *s = about;

    (void)row;
    row_pockets(s->table, bytes, s->out, 1);
}

void state_pockets(const struct state *s, struct pocket_sums *out)
{
    static const enum chain_table_id holders[] = {TABLE_TOKEN,    TABLE_ACCOUNT,  TABLE_PURSE,
                                                  TABLE_LEASE,    TABLE_PROVIDER, TABLE_STANDING,
                                                  TABLE_UNBONDING};

    memset(out, 0, sizeof(*out));
    for (u32 i = 0; i < ARRAY_LEN(holders); i++) {
        struct summing sum = {holders[i], out};
        state_each(s, holders[i], sum_visit, &sum);
    }
}
