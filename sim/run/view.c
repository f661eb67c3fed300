#include "sim/run/view.h"

#include "protocol/lease_money.h"
#include "sim/run/view_parts.h"
#include "sim/scenario/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORDERS_MAX ((size_t)1 << 28)
#define LEASES_MAX ((size_t)1 << 28)

struct view *view_open(const struct cast *cast, const struct chain *chain,
                       const struct world *world)
{
    struct view *v = calloc(1, sizeof(*v));

    if (v == NULL)
        return NULL;
    v->cast = cast;
    v->chain = chain;
    v->world = world;
    v->providers = calloc(cast->providers + 1u, sizeof(*v->providers));
    v->users = calloc(cast->users + 1u, sizeof(*v->users));
    v->provider_names = calloc(cast->providers + 1u, sizeof(*v->provider_names));
    v->genesis_supply = token_at(&chain->state, TOKEN_SPON + 1)->minted;
    for (u32 i = 0; v->provider_names != NULL && i < cast->providers; i++)
        cast_name(cast, cast->provider_account[i], v->provider_names[i]);
    if (v->providers != NULL && v->users != NULL && v->provider_names != NULL &&
        reserve_open(&v->orders, "orders seen by expectations", sizeof(struct seen_order),
                     ORDERS_MAX) &&
        reserve_open(&v->leases, "leases seen by expectations", sizeof(struct seen_lease),
                     LEASES_MAX))
        return v;
    view_close(v);
    return NULL;
}

void view_close(struct view *v)
{
    reserve_close(&v->orders);
    reserve_close(&v->leases);
    free(v->providers);
    free(v->users);
    free(v->provider_names);
    free(v);
}

const char *view_error(const struct view *v)
{
    return v->error;
}

static void add(struct amount *sum, struct amount a)
{
    check(amount_add(sum, *sum, a));
}

/* The member that an account is; NULL: it is no member. */
static struct seen_provider *provider_of(struct view *v, u32 provider)
{
    u32 account = chain_provider_account(v->chain, provider);
    const struct cast_member *m = &v->cast->account[account];

    return m->role == CAST_PROVIDER ? &v->providers[m->index] : NULL;
}

static struct seen_user *user_of(struct view *v, u32 account)
{
    const struct cast_member *m = &v->cast->account[account];

    return m->role == CAST_USER ? &v->users[m->index] : NULL;
}

struct seen_order *view_order(const struct view *v, u64 id)
{
    return id < v->orders.count ? (struct seen_order *)v->orders.base + id : NULL;
}

struct seen_lease *view_lease(const struct view *v, u64 id)
{
    return id < v->leases.count ? (struct seen_lease *)v->leases.base + id : NULL;
}

static bool reach(struct view *v, struct reserve *r, u64 id)
{
    if (reserve_reach(r, id + 1))
        return true;
    v->error = r->what;
    return false;
}

static void saw_order(struct view *v, const struct log_order_created *l)
{
    struct seen_user *u = user_of(v, l->creator);

    if (u == NULL || !reach(v, &v->orders, l->order))
        return;
    struct seen_order *orders = v->orders.base;
    orders[l->order] = (struct seen_order){.creator = l->creator,
                                           .ordinal = u->orders,
                                           .next = u->last_order,
                                           .state = order_state_names[ORDER_IS_OPEN]};
    u->last_order = l->order;
    u->orders++;
}

static void saw_order_end(struct view *v, u64 order, enum order_word state)
{
    struct seen_order *o = view_order(v, order);

    if (o != NULL)
        o->state = order_state_names[state];
}

static void saw_lease(struct view *v, const struct log_lease_created *l)
{
    struct seen_order *o = view_order(v, l->order);

    v->matches += l->replaces == 0; /* else it came of an update */
    if (o == NULL || !reach(v, &v->leases, l->lease))
        return;
    o->state = order_state_names[ORDER_IS_MATCHED];
    if (o->lease == 0)
        o->lease = l->lease;
    struct seen_lease *leases = v->leases.base;
    leases[l->lease] = (struct seen_lease){.price = l->price,
                                           .token = l->token,
                                           .provider = l->provider,
                                           .start_s = l->start_s,
                                           .state = lease_state_names[LEASE_IS_ACTIVE],
                                           .reason = NULL};
}

static void saw_lease_end(struct view *v, const struct log_lease_closed *l)
{
    struct seen_lease *seen = view_lease(v, l->lease);
    struct seen_provider *p = provider_of(v, l->provider);

    if (p != NULL) {
        p->leases_ended++;
        add(&p->income[l->token], l->to_provider);
    }
    if (seen == NULL)
        return;
    seen->state = lease_state_names[LEASE_IS_CLOSED];
    seen->reason = lease_end_names[l->reason];
    seen->debited = l->gross;
    seen->refunded = l->refund;
    seen->end_s = l->end_s;
    seen->confirmed = l->confirmed != 0;
}

static void saw_slash(struct view *v, const struct log_slashed *l)
{
    struct seen_provider *p = provider_of(v, l->provider);

    if (p == NULL)
        return;
    p->slashes++;
    add(&p->slashed, l->own);
    add(&p->slashed, l->unbonding);
    add(&p->slashed, l->rewards);
}

static void saw_provider_era(struct view *v, const struct log_provider_era *l)
{
    struct seen_provider *p = provider_of(v, l->provider);

    if (p == NULL)
        return;
    add(&p->earned, l->liveness);
    add(&p->earned, l->bonus);
    p->up_s = l->up_s;
    p->counted_s = l->counted_s;
}

void view_saw(struct view *v, const struct log *log)
{
    if (log->kind == LOG_OrderCreated)
        saw_order(v, &log->u.order_created);
    else if (log->kind == LOG_OrderExpired)
        saw_order_end(v, log->u.order_expired.order, ORDER_IS_EXPIRED);
    else if (log->kind == LOG_OrderCancelled)
        saw_order_end(v, log->u.order_cancelled.order, ORDER_IS_CANCELLED);
    else if (log->kind == LOG_LeaseCreated)
        saw_lease(v, &log->u.lease_created);
    else if (log->kind == LOG_LeaseClosed)
        saw_lease_end(v, &log->u.lease_closed);
    else if (log->kind == LOG_Slashed)
        saw_slash(v, &log->u.slashed);
    else if (log->kind == LOG_SlashPaid) {
        struct seen_user *u = user_of(v, log->u.slash_paid.account);
        if (u != NULL)
            add(&u->restitution, log->u.slash_paid.amount);
    } else if (log->kind == LOG_ProviderEra) {
        saw_provider_era(v, &log->u.provider_era);
    } else if (log->kind == LOG_WalletCreated) {
        struct seen_user *u = user_of(v, log->u.wallet_created.owner);
        if (u != NULL && u->wallet == 0)
            u->wallet = log->u.wallet_created.wallet;
    }
}

/* ---- away and back ---- */

struct saved {
    size_t orders, leases;
    u64 matches;
    const char *error;
};

/* Each part of it, in order. */
static void each_part(struct view *v, void (*visit)(u8 **at, void *part, size_t size), u8 **at)
{
    visit(at, v->providers, v->cast->providers * sizeof(*v->providers));
    visit(at, v->users, v->cast->users * sizeof(*v->users));
    visit(at, v->orders.base, v->orders.count * sizeof(struct seen_order));
    visit(at, v->leases.base, v->leases.count * sizeof(struct seen_lease));
}

static void put_part(u8 **at, void *part, size_t size)
{
    memcpy(*at, part, size);
    *at += size;
}

static void get_part(u8 **at, void *part, size_t size)
{
    memcpy(part, *at, size);
    *at += size;
}

size_t view_bytes(const struct view *v)
{
    return sizeof(struct saved) + v->cast->providers * sizeof(*v->providers) +
           v->cast->users * sizeof(*v->users) + v->orders.count * sizeof(struct seen_order) +
           v->leases.count * sizeof(struct seen_lease);
}

void view_save(struct view *v, u8 *out)
{
    struct saved head = {v->orders.count, v->leases.count, v->matches, v->error};

    put_part(&out, &head, sizeof(head));
    each_part(v, put_part, &out);
}

void view_load(struct view *v, u8 *in)
{
    struct saved head;

    get_part(&in, &head, sizeof(head));
    check(head.orders <= v->orders.count && head.leases <= v->leases.count);
    v->orders.count = head.orders;
    v->leases.count = head.leases;
    v->matches = head.matches;
    v->error = head.error;
    each_part(v, get_part, &in);
}

static void who(const void *about, enum expect_who kind, u32 index, char name[EXPECT_WHO_BYTES])
{
    const struct view *v = about;
    char long_name[CAST_NAME] = "nobody";

    switch (kind) {
    case WHO_PROVIDER:
        if (index != 0)
            cast_name(v->cast, chain_provider_account(v->chain, index), long_name);
        break;
    case WHO_ACCOUNT:
        cast_name(v->cast, index, long_name);
        break;
    case WHO_TOKEN:
        snprintf(long_name, sizeof(long_name), "%s", v->cast->scenario->tokens[index].symbol);
        break;
    }
    snprintf(name, EXPECT_WHO_BYTES, "%.*s", (int)EXPECT_WHO_BYTES - 1, long_name);
}

struct expect_world view_world(const struct view *v)
{
    return (struct expect_world){v, view_each, who};
}
