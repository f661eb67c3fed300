/* pockets - what each row holds, by pocket: the rows' side of the double entry. */
#include "chain-mock/state/lease_parts.h"

const char *const pocket_names[POCKETS] = {
    "outside", "account", "unlocked", "locked",    "lease",   "accrued",    "commission",
    "fees",    "dust",    "stake",    "unbonding", "rewards", "slark pool",
};

/* Nothing is touched where nothing changed: most rows of most units hold no money that moves. */
static void add(struct pocket_sums *sums, u32 token, enum pocket pocket, u128 delta)
{
    if (delta != 0)
        pockets_of(sums, token)[pocket] += delta;
}

#define CHANGE(field) ((a == NULL ? 0 : a->field) - (b == NULL ? 0 : b->field))

static void token_pockets(const struct token_row *b, const struct token_row *a,
                          struct pocket_sums *sums)
{
    u32 token = a == NULL ? b->index : a->index;

    add(sums, token, POCKET_COMMISSION, CHANGE(commission.wei));
    add(sums, token, POCKET_FEES, CHANGE(fees.wei));
    add(sums, token, POCKET_DUST, CHANGE(dust.wei));
    add(sums, token, POCKET_SLARKS, CHANGE(slark_pool.wei));
    /* minted - burned is what the outside gave */
    add(sums, token, POCKET_OUTSIDE, CHANGE(burned.wei) - CHANGE(minted.wei));
}

static void account_pockets(const struct account_row *b, const struct account_row *a,
                            struct pocket_sums *sums)
{
    for (u32 t = 0; t < TOKENS_MAX; t++)
        add(sums, t, POCKET_ACCOUNT, CHANGE(balance[t].wei));
}

static void provider_pockets(const struct provider_row *b, const struct provider_row *a,
                             struct pocket_sums *sums)
{
    for (u32 t = 0; t < TOKENS_MAX; t++)
        add(sums, t, POCKET_ACCRUED, CHANGE(accrued[t].wei));
}

static void purse_pockets(const struct purse_row *b, const struct purse_row *a,
                          struct pocket_sums *sums)
{
    u32 token = a == NULL ? b->token : a->token;

    add(sums, token, POCKET_UNLOCKED, CHANGE(unlocked.wei));
    add(sums, token, POCKET_LOCKED, CHANGE(locked.wei));
}

static void standing_pockets(const struct standing_row *b, const struct standing_row *a,
                             struct pocket_sums *sums)
{
    add(sums, TOKEN_SPON, POCKET_STAKE, CHANGE(own.wei));
    add(sums, TOKEN_SPON, POCKET_REWARDS, CHANGE(rewards.wei));
}

/* What is debited and not yet anybody's: all but commission and fee until the provider has
 * confirmed (settled 116), then the rest alone; nothing once the lease has ended. */
static u128 lease_pocket(const struct lease_row *l)
{
    if (l == NULL || l->ended_s != INTERVAL_OPEN)
        return 0;
    struct lease_parts parts = lease_parts(l);
    return l->confirmed ? parts.rest : parts.rest + parts.provider;
}

static void lease_pockets(const struct lease_row *b, const struct lease_row *a,
                          struct pocket_sums *sums)
{
    check(a != NULL || b != NULL);
    add(sums, a == NULL ? b->token : a->token, POCKET_LEASE, lease_pocket(a) - lease_pocket(b));
}

static void unbonding_pockets(const struct unbonding_row *b, const struct unbonding_row *a,
                              struct pocket_sums *sums)
{
    add(sums, TOKEN_SPON, POCKET_UNBONDING, CHANGE(amount.wei));
}

void row_pockets(enum chain_table_id t, const void *before, const void *after,
                 struct pocket_sums *sums)
{
    if (before == NULL && after == NULL)
        return; /* made and freed in one unit */
    if (t == TABLE_TOKEN)
        token_pockets(before, after, sums);
    else if (t == TABLE_ACCOUNT)
        account_pockets(before, after, sums);
    else if (t == TABLE_PURSE)
        purse_pockets(before, after, sums);
    else if (t == TABLE_LEASE)
        lease_pockets(before, after, sums);
    else if (t == TABLE_PROVIDER)
        provider_pockets(before, after, sums);
    else if (t == TABLE_STANDING)
        standing_pockets(before, after, sums);
    else if (t == TABLE_UNBONDING)
        unbonding_pockets(before, after, sums);
}

struct summing {
    enum chain_table_id table;
    struct pocket_sums *out;
};

static void sum_visit(void *about, u32 row, const void *bytes)
{
    struct summing *s = about;

    (void)row;
    row_pockets(s->table, NULL, bytes, s->out);
}

void state_pockets(const struct state *s, struct pocket_sums *out)
{
    static const enum chain_table_id holders[] = {TABLE_TOKEN,    TABLE_ACCOUNT,  TABLE_PURSE,
                                                  TABLE_LEASE,    TABLE_PROVIDER, TABLE_STANDING,
                                                  TABLE_UNBONDING};

    out->tokens = 0;
    for (u32 t = 0; t < TOKENS_MAX; t++)
        (void)pockets_of(out, t);
    for (u32 i = 0; i < ARRAY_LEN(holders); i++) {
        struct summing sum = {holders[i], out};
        state_each(s, holders[i], sum_visit, &sum);
    }
}
