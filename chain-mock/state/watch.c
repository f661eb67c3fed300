#include "chain-mock/state/watch.h"

#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/order.h"
#include "protocol/lease_money.h"

#include <string.h>

/* ---- moments ---- */

static void owe(struct state *s, u64 second, enum moment_kind kind, u64 id)
{
    if (second != INTERVAL_OPEN && !moments_put(&s->moments, moment_of(second, kind, id)))
        s->out_of_memory = true;
}

static void owe_lease(struct state *s, const struct lease_row *before, const struct lease_row *l)
{
    u32 reason, was;

    if (l->ended_s != INTERVAL_OPEN)
        return;
    u64 end = lease_end_s(l, &s->params, &reason), warn = lease_warning_s(l, &s->params);
    if (before == NULL || lease_end_s(before, &s->params, &was) != end)
        owe(s, end, MOMENT_LEASE_END, l->id);
    if (before == NULL || lease_warning_s(before, &s->params) != warn)
        owe(s, warn, MOMENT_WARNING, l->id);
}

/* ---- invariants of single rows ---- */

static u128 sum_of(const struct amount *at, u32 n)
{
    u128 sum = 0;

    for (u32 i = 0; i < n; i++)
        sum += at[i].wei;
    return sum;
}

static void watch_purse(struct state *s, u32 row, const struct purse_row *p)
{
    const struct amount out[] = {p->unlocked,  p->locked,    p->debited,
                                 p->user_fees, p->withdrawn, p->shrunk};

    invariant_equal(s->tally, INV_ESC_1, p->deposited.wei, sum_of(out, ARRAY_LEN(out)), "purse",
                    row);
}

static bool order_edge(u32 from, u32 to)
{
    return (from == 0 && to == ORDER_OPEN) ||
           (from == ORDER_OPEN && to >= ORDER_OPEN && to <= ORDER_EXPIRED);
}

static void watch_order(struct state *s, const struct order_row *before, const struct order_row *o)
{
    invariant_implies(s->tally, INV_ORD_1, true,
                      order_edge(before == NULL ? 0 : before->state, o->state), "order", o->id);
    if (before == NULL)
        owe(s, order_expiry_s(o, &s->params), MOMENT_ORDER_EXPIRY, o->id);
}

static void watch_bid(struct state *s, const struct bid_row *b)
{
    u32 row = order_find(s, b->order);
    u64 block = row == 0 ? UINT64_MAX : order_at(s, row)->block;
    u64 slot = state_meta(s)->slot;

    invariant_implies(s->tally, INV_ORD_2, true,
                      block < slot && slot <= block + s->params.bid_window_blocks, "order",
                      b->order);
}

static u128 share(struct amount gross, u32 bps)
{
    struct amount part;

    check(amount_mul_div(&part, gross, bps, BPS_WHOLE, ROUND_DOWN));
    return part.wei;
}

static struct amount ceil_lock(struct amount price, u64 seconds)
{
    struct amount lock;
    bool fits = amount_mul_div(&lock, price, seconds, HOUR_S, ROUND_UP);

    return fits ? lock : AMOUNT(U128_MAX);
}

static void watch_locks(struct state *s, const struct lease_row *before, const struct lease_row *l)
{
    if (before != NULL && before->agreed_s == l->agreed_s)
        return;
    invariant_equal(s->tally, INV_ESC_7, l->gross_lock.wei, ceil_lock(l->price, l->agreed_s).wei,
                    "lease", l->id);
    invariant_equal(s->tally, INV_ESC_7, l->user_fee_lock.wei,
                    share(l->gross_lock, l->user_fee_bps), "lease", l->id);
    if (before != NULL)
        return;
    bool native = l->token == TOKEN_SPON;
    invariant_equal(s->tally, INV_FEE_2, l->user_fee_bps, native ? 0 : s->params.user_fee_bps,
                    "lease", l->id);
}

static void watch_debit(struct state *s, const struct lease_row *before, const struct lease_row *l)
{
    struct amount want;
    u128 floor_of = U128_MAX;

    if (amount_mul_div(&want, l->price, l->settled_s - l->start_s, HOUR_S, ROUND_DOWN))
        floor_of = want.wei;
    if (before != NULL)
        invariant_at_most(s->tally, INV_LEA_2, before->gross.wei, l->gross.wei, "lease", l->id);
    invariant_at_most(s->tally, INV_LEA_2, l->gross.wei, l->gross_held.wei, "lease", l->id);
    invariant_equal(s->tally, INV_LEA_3, l->gross.wei,
                    floor_of < l->gross_held.wei ? floor_of : l->gross_held.wei, "lease", l->id);
    u128 parts = share(l->gross, BPS_WHOLE - l->commission_bps - l->provider_fee_bps) +
                 share(l->gross, l->commission_bps) + share(l->gross, l->provider_fee_bps);
    struct lease_shares shares = lease_shares(
        l->gross, (struct lease_rates){l->commission_bps, l->provider_fee_bps, l->user_fee_bps});
    invariant_equal(s->tally, INV_FEE_1, l->gross.wei, parts + shares.rest.wei, "lease", l->id);
    invariant_at_most(s->tally, INV_FEE_1, shares.rest.wei, 2, "lease", l->id);
}

static void watch_provider(struct state *s, u32 row, const struct provider_row *p)
{
    bool fits = p->cpu_reserved <= p->machine.cpu && p->ram_reserved <= p->machine.ram_gib &&
                p->disk_reserved <= p->machine.disk_gib;

    for (u32 i = 0; i < GPU_LINES; i++)
        fits = fits && p->gpu_reserved[i] <= p->machine.gpu[i].count;
    invariant_implies(s->tally, INV_CAP_1, true, fits, "provider", row);
}

/* ---- what a unit changed, over all its rows: ESC-2, CAP-2, FEE-1 ---- */

static void add_lease(struct unit_sums *u, const struct lease_row *l, u64 sign)
{
    struct amount spent = lease_user_fee_spent(l);
    u128 wide = sign == 1 ? 1 : ~(u128)0;
    u64 n = l->replicas * sign;

    u->commission[l->token] += wide * share(l->gross, l->commission_bps);
    u->provider_fee[l->token] += wide * share(l->gross, l->provider_fee_bps);
    u->user_fee[l->token] += wide * spent.wei;
    if (l->ended_s != INTERVAL_OPEN)
        return;
    u->held[l->token] +=
        wide * (l->gross_held.wei - l->gross.wei + l->user_fee_held.wei - spent.wei);
    u->used[0] += n * l->specs.cpu;
    u->used[1] += n * l->specs.ram_gib;
    u->used[2] += n * l->specs.disk_gib;
    u->used[3] += n * l->specs.gpus;
}

static void add_provider(struct unit_sums *u, const struct provider_row *p, u64 sign)
{
    u->reserved[0] += sign * p->cpu_reserved;
    u->reserved[1] += sign * p->ram_reserved;
    u->reserved[2] += sign * p->disk_reserved;
    for (u32 i = 0; i < GPU_LINES; i++)
        u->reserved[3] += sign * p->gpu_reserved[i];
}

static void add_row(struct unit_sums *u, enum chain_table_id t, const void *row, u64 sign)
{
    u128 wide = sign == 1 ? 1 : ~(u128)0;

    if (t == TABLE_LEASE) {
        add_lease(u, row, sign);
    } else if (t == TABLE_PROVIDER) {
        add_provider(u, row, sign);
    } else if (t == TABLE_PURSE) {
        const struct purse_row *p = row;
        u->locked[p->token] += wide * p->locked.wei;
    } else if (t == TABLE_ORDER) {
        const struct order_row *o = row;
        u->held[o->token] += wide * o->hold.wei;
    }
}

void watch_row(struct state *s, enum chain_table_id t, u32 row, const void *before,
               const void *after)
{
    if (before != NULL)
        add_row(&s->unit, t, before, ~(u64)0);
    /* a lease that is put away took its fees before */
    if (after != NULL)
        add_row(&s->unit, t, after, 1);
    else if (before != NULL && t == TABLE_LEASE)
        add_row(&s->unit, t, before, 1);
    if (t == TABLE_ORDER) /* freed with its last state in place */
        watch_order(s, before, after != NULL ? after : order_at(s, row));
    if (after == NULL)
        return;
    if (t == TABLE_PURSE) {
        watch_purse(s, row, after);
    } else if (t == TABLE_BID && before == NULL) {
        watch_bid(s, after);
    } else if (t == TABLE_LEASE) {
        watch_locks(s, before, after);
        watch_debit(s, before, after);
        owe_lease(s, before, after);
    } else if (t == TABLE_PROVIDER) {
        watch_provider(s, row, after);
    }
}

void watch_unit(struct state *s, const struct pocket_sums *sums)
{
    const struct unit_sums *u = &s->unit;

    for (u32 t = 0; t < TOKENS_MAX; t++) {
        for (u32 p = 0; p < POCKETS; p++) {
            if ((sums->at[t][p] | s->entered.at[t][p]) != 0)
                invariant_equal(s->tally, INV_LED_3, sums->at[t][p], s->entered.at[t][p],
                                pocket_names[p], t);
        }
        if ((u->locked[t] | u->held[t]) != 0)
            invariant_equal(s->tally, INV_ESC_2, u->locked[t], u->held[t], "token", t);
        if ((u->commission[t] | s->caused[t].commission) != 0)
            invariant_equal(s->tally, INV_FEE_1, u->commission[t], s->caused[t].commission, "token",
                            t);
        if ((u->provider_fee[t] | s->caused[t].provider_fee) != 0)
            invariant_equal(s->tally, INV_FEE_1, u->provider_fee[t], s->caused[t].provider_fee,
                            "token", t);
        if ((u->user_fee[t] | s->caused[t].user_fee) != 0)
            invariant_equal(s->tally, INV_FEE_2, u->user_fee[t], s->caused[t].user_fee, "token", t);
    }
    for (u32 r = 0; r < ARRAY_LEN(u->used); r++) {
        if ((u->used[r] | u->reserved[r]) != 0)
            invariant_equal(s->tally, INV_CAP_2, u->reserved[r], u->used[r], "resource", r);
    }
}
