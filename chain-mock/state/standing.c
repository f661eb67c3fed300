#include "chain-mock/state/standing.h"

#include "protocol/lease_money.h"

static u32 first_wallet(const struct state *s, u32 account)
{
    for (u32 i = 1; i < s->tables[TABLE_WALLET].count; i++)
        if (wallet_at(s, i)->owner == account)
            return i;
    return 0;
}

static bool is_funded(const struct state *s, u32 wallet)
{
    for (u32 t = 0; wallet != 0 && t < TOKENS_MAX; t++) {
        u32 purse = wallet_at(s, wallet)->purse[t];
        if (purse != 0 && purse_at(s, purse)->deposited.wei != 0)
            return true;
    }
    return false;
}

/* What is accrued, less what active leases have posted of it.  A provider may have claimed some of
 * that; then nothing is left. */
static struct amount of_ended(const struct chain *c, u32 provider, u32 token)
{
    const struct state *s = &c->state;
    struct amount left = provider_at(s, provider)->accrued[token];

    for (u32 i = chain_first_lease(c, provider); i != 0; i = chain_next_lease(c, i)) {
        const struct lease_row *l = lease_at(s, i);
        struct lease_rates rates = {l->commission_bps, l->provider_fee_bps, l->user_fee_bps};
        if (l->token == token && l->confirmed &&
            !amount_sub(&left, left, lease_shares(l->gross, rates).provider))
            return AMOUNT(0);
    }
    return left;
}

static void stands_as_provider(const struct chain *c, u32 provider, struct account_standing *out)
{
    const struct provider_row *p = provider_at(&c->state, provider);
    const struct standing_row *st = standing_at(&c->state, provider);

    out->provider = provider;
    out->tier = p->status != PROVIDER_PROPOSED ? st->tier.tier : 0;
    out->staked = st->staked_ever.wei != 0;
    out->exited = p->status == PROVIDER_EXITING || p->status == PROVIDER_STRUCK;
    for (u32 t = 0; t < TOKENS_MAX; t++)
        out->unclaimed[t] = of_ended(c, provider, t);
}

void chain_standing(const struct chain *c, u32 account, struct account_standing *out)
{
    const struct meta_row *m = state_meta(&c->state);
    u32 provider = chain_account_provider(c, account);

    *out = (struct account_standing){.order = m->next_order - 1,
                                     .lease = m->next_lease - 1,
                                     .wallet = first_wallet(&c->state, account)};
    out->funded = is_funded(&c->state, out->wallet);
    if (provider != 0)
        stands_as_provider(c, provider, out);
}

static struct log order_log(const struct order_row *o)
{
    struct log log = {.kind = LOG_OrderCreated};

    log.u.order_created = (struct log_order_created){.order = o->id,
                                                     .creator = o->creator,
                                                     .wallet = o->wallet,
                                                     .token = o->token,
                                                     .specs = o->specs,
                                                     .replicas = o->replicas,
                                                     .max_price = o->max_price,
                                                     .duration_s = o->duration_s,
                                                     .region = o->region,
                                                     .tier_worst = o->tier_worst,
                                                     .block = o->block,
                                                     .second = o->second,
                                                     .wallet_orders = o->wallet_orders,
                                                     .hold = o->hold};
    return log;
}

static struct log lease_log(const struct state *s, const struct lease_row *l)
{
    struct log log = {.kind = LOG_LeaseCreated};

    log.u.lease_created =
        (struct log_lease_created){.lease = l->id,
                                   .order = l->order,
                                   .provider = l->provider,
                                   .wallet = l->wallet,
                                   .tenant = wallet_at(s, l->wallet)->owner,
                                   .token = l->token,
                                   .specs = l->specs,
                                   .replicas = l->replicas,
                                   .gpu_line = l->gpu_line,
                                   .price = l->price,
                                   .start_s = l->start_s,
                                   .agreed_s = l->agreed_s,
                                   .commission_bps = l->commission_bps,
                                   .provider_fee_bps = l->provider_fee_bps,
                                   .user_fee_bps = l->user_fee_bps,
                                   .gross_lock = l->gross_lock,
                                   .user_fee_lock = l->user_fee_lock,
                                   .provider_account = provider_at(s, l->provider)->account};
    return log;
}

void chain_standing_each(const struct chain *c, u32 account,
                         void (*visit)(void *about, const struct log *log), void *about)
{
    const struct state *s = &c->state;
    const struct meta_row *m = state_meta(s);
    struct log log;

    for (u64 id = 1; id < m->next_order; id++) {
        u32 row = order_find(s, id);
        if (row == 0 || order_at(s, row)->state != ORDER_OPEN ||
            order_at(s, row)->creator != account)
            continue;
        log = order_log(order_at(s, row));
        visit(about, &log);
    }
    for (u64 id = 1; id < m->next_lease; id++) {
        u32 row = lease_find(s, id);
        if (row == 0 || lease_at(s, row)->ended_s != INTERVAL_OPEN)
            continue;
        log = lease_log(s, lease_at(s, row));
        if (log.u.lease_created.tenant == account ||
            log.u.lease_created.provider_account == account)
            visit(about, &log);
    }
}

static bool ended_later(const struct lease_row *a, const struct lease_row *b)
{
    return a->closed_s > b->closed_s || (a->closed_s == b->closed_s && a->id > b->id);
}

u64 chain_unrated_lease(const struct chain *c, u32 account)
{
    const struct state *s = &c->state;
    const struct lease_row *last = NULL;

    for (u32 i = 1; i < s->tables[TABLE_LEASE].count; i++) {
        const struct lease_row *l = lease_at(s, i);
        if (l->id != 0 && wallet_at(s, l->wallet)->owner == account &&
            l->ended_s != INTERVAL_OPEN && !l->rated && (last == NULL || ended_later(l, last)))
            last = l;
    }
    return last == NULL ? 0 : last->id;
}
