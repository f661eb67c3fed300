/* market_lease - ComputeLease. */
#include "chain-mock/door/market.h"

enum { STATE_ACTIVE, STATE_TERMINATED }; /* sdk.md b.3 */

u32 market_lease_of(const struct state *s, u64 order)
{
    if (order == 0)
        return 0;
    for (u64 id = state_meta(s)->next_lease; id-- > 1;) {
        u32 row = lease_find(s, id);
        if (row != 0 && lease_at(s, row)->order == order)
            return row;
    }
    return 0;
}

enum err market_close_lease(struct market *m, struct tx *out)
{
    u64 order = market_get_id(m);
    enum err e = market_read_all(m);

    if (e != ERR_None)
        return e;
    *out =
        (struct tx){.kind = TX_CLOSE_LEASE,
                    .u.close_lease = {.lease = lease_at(m->s, market_lease_of(m->s, order))->id}};
    return ERR_None;
}

static u32 tenant_of(const struct state *s, const struct lease_row *l)
{
    return wallet_at(s, l->wallet)->owner;
}

void market_leases(struct market *m)
{
    u32 row = market_lease_of(m->s, market_get_id(m));
    const struct lease_row *l = lease_at(m->s, row);
    struct abi_writer *w = &m->out;
    bool runs = l->ended_s == INTERVAL_OPEN;

    abi_put_u128(w, l->order);
    abi_put_u128(w, 0); /* no Fizz node */
    abi_put_u128(w, l->order);
    abi_put_amount(w, row == 0 ? AMOUNT(0) : market_price(m->d, l->price, l->token));
    abi_put_address(w, field_address(m->d, provider_at(m->s, l->provider)->account));
    abi_put_address(w, field_address(m->d, tenant_of(m->s, l)));
    abi_put_u128(w, row == 0 ? 0 : market_block_at(m->d, l->start_s));
    abi_put_u128(w, row == 0 ? 0 : market_unix(m->d, l->start_s));
    abi_put_u128(w, row == 0 ? 0 : market_unix(m->d, runs ? l->start_s + l->agreed_s : l->ended_s));
    abi_put_u128(w, row == 0 || runs ? STATE_ACTIVE : STATE_TERMINATED);
}

void market_lease_details(struct market *m)
{
    const struct lease_row *l = lease_at(m->s, market_lease_of(m->s, market_get_id(m)));

    abi_put_address(&m->out, field_address(m->d, provider_at(m->s, l->provider)->account));
    abi_put_address(&m->out, field_address(m->d, tenant_of(m->s, l)));
    abi_put_u128(&m->out,
                 l->id == 0 || l->ended_s == INTERVAL_OPEN ? STATE_ACTIVE : STATE_TERMINATED);
}

/* Whose leases: one of the two is given. */
struct whose {
    u32 tenant, provider;
};

/* A lease that an update closed goes on under the same number: it is the new one. */
static bool is_of(const struct state *s, u32 row, struct whose whose, bool active)
{
    const struct lease_row *l = lease_at(s, row);

    if (row == 0 || l->reason == LEASE_UPDATED || (active && l->ended_s != INTERVAL_OPEN))
        return false;
    return whose.tenant != 0 ? tenant_of(s, l) == whose.tenant
                             : whose.provider != 0 && l->provider == whose.provider;
}

static void put_leases(struct market *m, struct whose whose, bool active)
{
    u64 next = state_meta(m->s)->next_lease, n = 0;

    for (u64 id = 1; id < next; id++)
        n += is_of(m->s, lease_find(m->s, id), whose, active);
    abi_begin(&m->out, n);
    for (u64 id = 1; id < next; id++) {
        u32 row = lease_find(m->s, id);
        if (is_of(m->s, row, whose, active))
            abi_put_u128(&m->out, lease_at(m->s, row)->order);
    }
    abi_end(&m->out);
}

void market_tenant_leases(struct market *m)
{
    struct whose whose = {.tenant = market_find(m, abi_get_address(&m->in))};

    put_leases(m, whose, true);
    put_leases(m, whose, false);
}

void market_provider_leases(struct market *m)
{
    u32 account = market_find(m, abi_get_address(&m->in));
    struct whose whose = {.provider =
                              account == 0 ? 0 : chain_account_provider(m->d->chain, account)};

    put_leases(m, whose, true);
    put_leases(m, whose, false);
}
