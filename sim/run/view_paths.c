/* view_paths - the values of paths now. */
#include "actors/provider.h"
#include "actors/user.h"
#include "protocol/lease_money.h"
#include "sim/run/view_parts.h"

#include <stdio.h>

/* ---- values ---- */

static struct value count(u128 n)
{
    return (struct value){.dim = DIM_COUNT, .n = (i128)n};
}

static struct value truth(bool is)
{
    return (struct value){.dim = DIM_TRUTH, .n = is};
}

static struct value named(const char *name)
{
    return (struct value){.dim = DIM_NAME, .name = name};
}

static struct value money(u32 token, struct amount a)
{
    return (struct value){.dim = DIM_AMOUNT, .token = token, .n = (i128)a.wei};
}

static struct value spon(struct amount a)
{
    return money(TOKEN_SPON, a);
}

/* part / of in bps, floor; 0 of nothing. */
static struct value share(u128 part, u128 of)
{
    return (struct value){.dim = DIM_SHARE, .n = of == 0 ? 0 : (i128)(part * BPS_WHOLE / of)};
}

static struct amount plus(struct amount a, struct amount b)
{
    struct amount sum;

    check(amount_add(&sum, a, b));
    return sum;
}

/* ---- providers ---- */

/* Net income so far: of ended leases, and what active ones have posted. */
static struct amount income(const struct view *v, const struct seen_provider *seen, u32 provider,
                            u32 token)
{
    const struct state *s = &v->chain->state;
    struct amount sum = seen->income[token];

    for (u32 i = chain_first_lease(v->chain, provider); i != 0; i = chain_next_lease(v->chain, i)) {
        const struct lease_row *l = lease_at(s, i);
        struct lease_rates rates = {l->commission_bps, l->provider_fee_bps, l->user_fee_bps};
        if (l->token == token)
            sum = plus(sum, lease_shares(l->gross, rates).provider);
    }
    return sum;
}

static struct value income_usd(const struct view *v, const struct seen_provider *seen, u32 provider)
{
    const struct state *s = &v->chain->state;
    u128 usd = 0;

    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        const struct token_row *k = token_at(s, t + 1);
        struct amount part;
        check(amount_mul_div(&part, income(v, seen, provider, t), k->usd_e8,
                             amount_of_tokens(1, k->decimals).wei, ROUND_DOWN));
        usd += part.wei;
    }
    return (struct value){.dim = DIM_USD, .n = (i128)usd};
}

static struct value provider_value(const struct view *v, const struct seen_provider *seen,
                                   u32 provider, enum path_id id)
{
    const struct state *s = &v->chain->state;
    const struct provider_row *p = provider_at(s, provider);
    const struct standing_row *st = standing_at(s, provider);

    switch ((int)id) {
    case PATH_provider_tier:
        return count(st->tier.tier);
    case PATH_provider_stake:
        return spon(st->own);
    case PATH_provider_unbonding:
        return spon(st->unbonding);
    case PATH_provider_rewards:
        return spon(st->rewards);
    case PATH_provider_earned:
        return spon(seen->earned);
    case PATH_provider_slashed:
        return spon(seen->slashed);
    case PATH_provider_slashes:
        return count(seen->slashes);
    case PATH_provider_bad_debt:
        return spon(st->bad_debt);
    case PATH_provider_leases:
        return count(p->leases);
    case PATH_provider_leases_ended:
        return count(seen->leases_ended);
    case PATH_provider_income:
        return spon(income(v, seen, provider, TOKEN_SPON));
    case PATH_provider_income_usd:
        return income_usd(v, seen, provider);
    case PATH_provider_uptime:
        return share(seen->up_s, seen->counted_s);
    case PATH_provider_up:
        return truth(p->down_outage == 0);
    case PATH_provider_suspended:
        return truth(st->tier.suspended);
    case PATH_provider_utilisation:
        return share(p->cpu_reserved, p->machine.cpu);
    default:
        check_unreachable();
    }
}

/* What an actor knows of itself, on chain or not. */
static bool of_actor(enum path_id id)
{
    return id == PATH_provider_served || id == PATH_provider_open;
}

static struct value provider_actor_value(const struct view *v, u32 index, enum path_id id)
{
    const struct provider *p = world_state(v->world, (struct actor_id){index});

    return id == PATH_provider_open ? truth(p->open) : count(p->lease_count);
}

/* Members that a path names, of one kind. */
struct range {
    u32 from, to;
};

static struct range members(const struct path *path, const u32 *first, u32 groups, u32 all)
{
    struct range r = {0, all};

    if (path->any_group)
        return r;
    r.from = first[path->group];
    r.to = path->group + 1 < groups ? first[path->group + 1] : all;
    if (!path->any_member)
        r = (struct range){r.from + path->member, r.from + path->member + 1};
    return r;
}

static void each_provider(const struct view *v, const struct path *path, expect_visit *visit,
                          void *ctx)
{
    const struct cast *c = v->cast;
    struct range r = members(path, c->provider_first, c->scenario->provider_groups, c->providers);

    for (u32 i = r.from; i < r.to; i++) {
        u32 id = chain_account_provider(v->chain, c->provider_account[i]);
        if (of_actor(path->id))
            visit(ctx, provider_actor_value(v, i, path->id));
        else if (id != 0)
            visit(ctx, provider_value(v, &v->providers[i], id, path->id));
    }
}

/* ---- users ---- */

static const struct purse_row *purse_of(const struct view *v, u32 wallet, u32 token)
{
    const struct state *s = &v->chain->state;
    u32 row = wallet == 0 ? 0 : wallet_at(s, wallet)->purse[token];

    return row == 0 ? NULL : purse_at(s, row);
}

static u64 jobs_of(const struct user *u)
{
    u64 n = 0;

    for (u32 i = 0; i < u->places; i++)
        n += u->place[i].job.state != USER_JOB_FREE;
    return n;
}

static struct value user_value(const struct view *v, u32 index, enum path_id id)
{
    const struct seen_user *u = &v->users[index];
    const struct cast_member *m = &v->cast->account[v->cast->user_account[index]];
    u32 token = v->cast->scenario->users[m->group].token;
    const struct purse_row *p = purse_of(v, u->wallet, token);
    const struct user *actor = world_state(v->world, (struct actor_id){v->cast->providers + index});

    switch ((int)id) {
    case PATH_user_jobs:
        return count(jobs_of(actor));
    case PATH_user_ready:
        return truth(actor->ready);
    case PATH_user_balance:
        return money(token, p == NULL ? AMOUNT(0) : p->unlocked);
    case PATH_user_locked:
        return money(token, p == NULL ? AMOUNT(0) : p->locked);
    case PATH_user_debited:
        return money(token, p == NULL ? AMOUNT(0) : p->debited);
    case PATH_user_restitution:
        return spon(u->restitution);
    case PATH_user_orders:
        return count(u->orders);
    case PATH_user_leases:
        return count(u->wallet == 0 ? 0 : wallet_at(&v->chain->state, u->wallet)->active_leases);
    default:
        check_unreachable();
    }
}

/* ---- orders and leases ---- */

static struct value provider_name(const struct view *v, u32 provider)
{
    const struct cast_member *m = &v->cast->account[chain_provider_account(v->chain, provider)];

    return named(m->role == CAST_PROVIDER ? v->provider_names[m->index] : "nobody");
}

/* What an active lease has come to, what an ended one came to. */
static struct value lease_value(const struct view *v, u64 lease, enum path_id id)
{
    const struct seen_lease *l = view_lease(v, lease);
    u32 row = lease_find(&v->chain->state, lease);
    const struct lease_row *now =
        row != 0 && l->reason == NULL ? lease_at(&v->chain->state, row) : NULL;
    u64 to = now != NULL ? now->settled_s : l->end_s;

    switch ((int)id) {
    case PATH_lease_state:
        return named(l->state);
    case PATH_lease_reason:
        return named(l->reason == NULL ? "" : l->reason);
    case PATH_lease_provider:
        return provider_name(v, l->provider);
    case PATH_lease_price:
        return money(l->token, l->price);
    case PATH_lease_debited:
        return money(l->token, now != NULL ? now->gross : l->debited);
    case PATH_lease_refunded:
        return money(l->token, l->refunded);
    case PATH_lease_billed:
        return (struct value){.dim = DIM_SPAN, .n = (i128)SEC(to - l->start_s)};
    case PATH_lease_confirmed:
        return truth(now != NULL ? now->confirmed : l->confirmed);
    default:
        check_unreachable();
    }
}

static void visit_order(const struct view *v, const struct path *path, u64 order,
                        expect_visit *visit, void *ctx)
{
    const struct seen_order *o = view_order(v, order);

    if (!path->any_ordinal && o->ordinal != path->ordinal)
        return;
    if (path->id == PATH_order_state)
        visit(ctx, named(o->state));
    else if (o->lease != 0)
        visit(ctx, lease_value(v, o->lease, path->id));
}

static void each_user(const struct view *v, const struct path *path, expect_visit *visit, void *ctx)
{
    const struct cast *c = v->cast;
    struct range r = members(path, c->user_first, c->scenario->user_groups, c->users);
    bool of_user = path->id >= PATH_user_balance && path->id <= PATH_user_leases;

    for (u32 i = r.from; i < r.to; i++) {
        if (of_user) {
            visit(ctx, user_value(v, i, path->id));
            continue;
        }
        for (u64 id = v->users[i].last_order; id != 0; id = view_order(v, id)->next)
            visit_order(v, path, id, visit, ctx);
    }
}

/* ---- the network ---- */

static struct value reserved_share(const struct view *v, bool gpus)
{
    const struct state *s = &v->chain->state;
    u128 used = 0, all = 0;

    for (u32 i = 1; i <= chain_providers(v->chain); i++) {
        const struct provider_row *p = provider_at(s, i);
        used += gpus ? 0 : p->cpu_reserved;
        all += gpus ? 0 : p->machine.cpu;
        for (u32 k = 0; gpus && k < GPU_LINES; k++) {
            used += p->gpu_reserved[k];
            all += p->machine.gpu[k].count;
        }
    }
    return share(used, all);
}

static u64 approved(const struct state *s)
{
    u64 n = 0;

    for (u32 i = 1; i < s->tables[TABLE_PROVIDER].count; i++)
        n += provider_at(s, i)->status != PROVIDER_PROPOSED;
    return n;
}

static u64 active_leases(const struct state *s)
{
    u64 n = 0;

    for (u32 i = 1; i < s->tables[TABLE_PROVIDER].count; i++)
        n += provider_at(s, i)->leases;
    return n;
}

static u64 locked_purses(const struct state *s)
{
    u64 n = 0;

    for (u32 i = 1; i < s->tables[TABLE_PURSE].count; i++)
        n += purse_at(s, i)->locked.wei != 0;
    return n;
}

static u64 open_orders(const struct state *s)
{
    u64 n = 0;

    for (u32 i = 1; i < s->tables[TABLE_ORDER].count; i++)
        n += order_at(s, i)->state == ORDER_OPEN;
    return n;
}

static struct amount supply(const struct token_row *t)
{
    struct amount a;

    check(amount_sub(&a, t->minted, t->burned));
    return a;
}

static struct value network_value(const struct view *v, enum path_id id)
{
    const struct state *s = &v->chain->state;
    const struct meta_row *m = state_meta(s);
    const struct token_row *t = token_at(s, TOKEN_SPON + 1);

    switch ((int)id) {
    case PATH_network_era:
        return count(m->era);
    case PATH_network_block:
        return count(m->slot);
    case PATH_network_supply:
        return spon(supply(t));
    case PATH_network_minted: {
        struct amount a;
        check(amount_sub(&a, t->minted, v->genesis_supply));
        return spon(a);
    }
    case PATH_network_providers:
        return count(approved(s));
    case PATH_network_orders:
        return count(m->next_order - 1);
    case PATH_network_matches:
        return count(v->matches);
    case PATH_network_open_orders:
        return count(open_orders(s));
    case PATH_network_held:
        return count(locked_purses(s));
    case PATH_network_leases:
        return count(active_leases(s));
    case PATH_network_utilisation:
        return reserved_share(v, false);
    case PATH_network_gpu_utilisation:
        return reserved_share(v, true);
    case PATH_network_dust:
        return spon(t->dust);
    case PATH_network_slark_pool:
        return spon(t->slark_pool);
    case PATH_network_treasury:
        return spon(plus(account_at(s, m->treasury)->balance[TOKEN_SPON], t->fees));
    case PATH_network_foundation:
        return spon(plus(account_at(s, m->foundation)->balance[TOKEN_SPON], t->commission));
    default:
        check_unreachable();
    }
}

static void each_token(const struct view *v, const struct path *path, expect_visit *visit,
                       void *ctx)
{
    const struct state *s = &v->chain->state;

    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        if (path->any_group || path->group == t)
            visit(ctx, (struct value){.dim = DIM_USD, .n = (i128)token_at(s, t + 1)->usd_e8});
    }
}

void view_each(const void *about, const struct path *path, expect_visit *visit, void *ctx)
{
    const struct view *v = about;

    if (path->id <= PATH_provider_utilisation)
        each_provider(v, path, visit, ctx);
    else if (path->id < PATH_token_usd)
        each_user(v, path, visit, ctx);
    else if (path->id == PATH_token_usd)
        each_token(v, path, visit, ctx);
    else
        visit(ctx, network_value(v, path->id));
}
