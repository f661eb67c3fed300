#include "sim/live/concern.h"

#include <stdlib.h>

void concern_open(struct concern *c, u32 account)
{
    *c = (struct concern){.account = account};
}

void concern_close(struct concern *c)
{
    free(c->wallets);
    free(c->leases);
}

/* Room for one more; what a participant owns is never many. */
static void *room(void *at, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return at;
    *cap = *cap == 0 ? 8 : *cap * 2;
    at = realloc(at, *cap * size);
    check(at != NULL);
    return at;
}

static bool owns(const struct concern *c, u64 wallet)
{
    for (size_t i = 0; i < c->wallet_count; i++) {
        if (c->wallets[i] == wallet)
            return true;
    }
    return false;
}

static void add_wallet(struct concern *c, u32 wallet)
{
    if (owns(c, wallet))
        return;
    c->wallets = room(c->wallets, c->wallet_count, &c->wallet_cap, sizeof(*c->wallets));
    c->wallets[c->wallet_count++] = wallet;
}

static void drop_wallet(struct concern *c, u32 wallet)
{
    for (size_t i = 0; i < c->wallet_count; i++) {
        if (c->wallets[i] == wallet)
            c->wallets[i--] = c->wallets[--c->wallet_count];
    }
}

static bool served_by(const struct concern *c, u64 provider)
{
    for (size_t i = 0; i < c->lease_count; i++) {
        if (c->leases[i].provider == provider)
            return true;
    }
    return false;
}

static void add_lease(struct concern *c, u64 lease, u32 provider)
{
    for (size_t i = 0; i < c->lease_count; i++) {
        if (c->leases[i].lease == lease)
            return;
    }
    c->leases = room(c->leases, c->lease_count, &c->lease_cap, sizeof(*c->leases));
    c->leases[c->lease_count++] = (struct concern_lease){lease, provider};
}

static void drop_lease(struct concern *c, u64 lease)
{
    for (size_t i = 0; i < c->lease_count; i++) {
        if (c->leases[i].lease == lease)
            c->leases[i--] = c->leases[--c->lease_count];
    }
}

/* What the log says of who is whose. */
static void learn(struct concern *c, const struct log *l)
{
    if (l->kind == LOG_WalletCreated && l->u.wallet_created.owner == c->account)
        add_wallet(c, l->u.wallet_created.wallet);
    if (l->kind == LOG_WalletTransferred) {
        if (l->u.wallet_transferred.to == c->account)
            add_wallet(c, l->u.wallet_transferred.wallet);
        else
            drop_wallet(c, l->u.wallet_transferred.wallet);
    }
    if (l->kind == LOG_ProviderProposed && l->u.provider_proposed.account == c->account)
        c->provider = l->u.provider_proposed.provider;
    if (l->kind == LOG_LeaseCreated && owns(c, l->u.lease_created.wallet))
        add_lease(c, l->u.lease_created.lease, l->u.lease_created.provider);
}

static bool to_his_provider(const struct concern *c, const struct log *l)
{
    u64 provider;

    return c->provider != 0 && log_number(l, "provider", &provider) && provider == c->provider;
}

static bool to_his_wallet(const struct concern *c, const struct log *l)
{
    u64 wallet;

    return log_number(l, "wallet", &wallet) && owns(c, wallet);
}

static bool to_who_is_served(const struct concern *c, const struct log *l)
{
    u64 provider;

    return log_number(l, "provider", &provider) && served_by(c, provider);
}

static bool from_him(const struct concern *c, const struct log *l)
{
    u64 from;

    return log_number(l, "from", &from) && from == c->account;
}

static bool concerns(const struct concern *c, const struct log *l)
{
    switch (log_audiences[l->kind]) {
    case TO_NOBODY:
        return false;
    case TO_ELIGIBLE:
        return c->provider != 0;
    case TO_PROVIDER:
        return to_his_provider(c, l);
    case TO_PARTIES:
        return to_his_provider(c, l) || to_his_wallet(c, l);
    case TO_SERVED:
        return to_his_provider(c, l) || to_who_is_served(c, l);
    case TO_GIVER:
        return from_him(c, l);
    }
    check_unreachable();
}

bool concern_read(struct concern *c, const struct log *l)
{
    learn(c, l);
    bool his = concerns(c, l);
    if (l->kind == LOG_LeaseClosed)
        drop_lease(c, l->u.lease_closed.lease);
    return his;
}
