#include "sim/live/standing.h"

#include "chain-mock/state/state.h"

#include <stdlib.h>

void standing_close(struct standing *s)
{
    free(s->open);
    *s = (struct standing){0};
}

static void add(struct standing *s, const struct log *l)
{
    if (s->count == s->cap) {
        s->cap = s->cap == 0 ? 16 : s->cap * 2;
        s->open = realloc(s->open, s->cap * sizeof(*s->open));
        check(s->open != NULL);
    }
    s->open[s->count++] = *l;
}

static u64 number_of(const struct log *l)
{
    return l->kind == LOG_OrderCreated ? l->u.order_created.order : l->u.lease_created.lease;
}

static void drop(struct standing *s, enum log_kind kind, u64 number)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (s->open[i].kind != kind || number_of(&s->open[i]) != number)
            s->open[kept++] = s->open[i];
    }
    s->count = kept;
}

bool standing_his(const struct concern *c, const struct log *open)
{
    if (open->kind == LOG_OrderCreated)
        return c->provider != 0 || open->u.order_created.creator == c->account;
    const struct log_lease_created *l = &open->u.lease_created;
    return l->tenant == c->account || (c->provider != 0 && l->provider == c->provider);
}

static void earn(struct standing *s, u32 token, struct amount a)
{
    if (token < REVERTED_TOKENS)
        check(amount_add(&s->facts.unclaimed[token], s->facts.unclaimed[token], a));
}

/* More than the leases brought is what an actor claims for another reason: then nothing is left. */
static void pay(struct standing *s, u32 token, struct amount a)
{
    if (token < REVERTED_TOKENS &&
        !amount_sub(&s->facts.unclaimed[token], s->facts.unclaimed[token], a))
        s->facts.unclaimed[token] = AMOUNT(0);
}

static void read_market(struct standing *s, const struct concern *c, const struct log *l)
{
    if (l->kind == LOG_OrderCreated) {
        s->facts.order = l->u.order_created.order;
        add(s, l);
    } else if (l->kind == LOG_OrderCancelled) {
        drop(s, LOG_OrderCreated, l->u.order_cancelled.order);
    } else if (l->kind == LOG_OrderExpired) {
        drop(s, LOG_OrderCreated, l->u.order_expired.order);
    } else if (l->kind == LOG_LeaseCreated) {
        s->facts.lease = l->u.lease_created.lease;
        drop(s, LOG_OrderCreated, l->u.lease_created.order);
        add(s, l);
    } else if (l->kind == LOG_LeaseClosed) {
        drop(s, LOG_LeaseCreated, l->u.lease_closed.lease);
        if (c->provider != 0 && l->u.lease_closed.provider == c->provider)
            earn(s, l->u.lease_closed.token, l->u.lease_closed.to_provider);
    }
}

static void read_wallet(struct standing *s, const struct concern *c, const struct log *l)
{
    struct reverted *f = &s->facts;

    if (l->kind == LOG_WalletCreated && l->u.wallet_created.owner == c->account && f->wallet == 0)
        f->wallet = l->u.wallet_created.wallet;
    else if (l->kind == LOG_Deposited && f->wallet != 0 && l->u.deposited.wallet == f->wallet)
        f->funded = true;
}

static void read_provider(struct standing *s, const struct log *l)
{
    struct reverted *f = &s->facts;

    if (l->kind == LOG_ProviderApproved)
        f->tier = l->u.provider_approved.tier;
    else if (l->kind == LOG_TierChanged)
        f->tier = l->u.tier_changed.to;
    else if (l->kind == LOG_ProviderExited)
        f->exited = true;
    else if (l->kind == LOG_StakeMoved && l->u.stake_moved.cause == CAUSE_STAKE)
        f->staked = true;
    else if (l->kind == LOG_EarningsClaimed)
        pay(s, l->u.earnings_claimed.token, l->u.earnings_claimed.amount);
}

void standing_read(struct standing *s, const struct concern *c, const struct log *l)
{
    u64 provider;

    read_market(s, c, l);
    read_wallet(s, c, l);
    s->facts.provider = c->provider;
    if (c->provider != 0 && log_number(l, "provider", &provider) && provider == c->provider)
        read_provider(s, l);
}
