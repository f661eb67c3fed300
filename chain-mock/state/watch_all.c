/* watch_all - the slow, full form of the invariants: everything, by walking all rows. */
#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/order.h"
#include "chain-mock/state/slot.h"
#include "chain-mock/state/watch.h"

#include <string.h>

static void all_pockets(struct state *s)
{
    struct pocket_sums sums;

    state_pockets(s, &sums);
    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        u128 sum = 0;
        for (u32 p = 0; p < POCKETS; p++)
            sum += p == POCKET_OUTSIDE ? 0 : sums.at[t][p];
        const struct token_row *k = token_at(s, t + 1);
        invariant_equal(s->tally, INV_LED_1, sum, k->minted.wei - k->burned.wei, "token", t);
    }
}

struct walk {
    struct state *s;
    u64 slot;
};

/* ESC-2 of one purse: what the wallet's leases and orders hold, all of them looked through. */
static u128 held_by_orders(const struct state *s, u32 wallet, u32 token)
{
    u128 sum = 0;

    if (wallet_at(s, wallet)->open_orders == 0)
        return 0;
    for (u64 id = 1; id < state_meta(s)->next_order; id++) {
        u32 row = order_find(s, id);
        if (row != 0 && order_at(s, row)->wallet == wallet && order_at(s, row)->token == token)
            sum += order_at(s, row)->hold.wei;
    }
    return sum;
}

static void add_held(void *about, u32 row, const void *bytes)
{
    struct walk *w = about;
    const struct lease_row *l = bytes;

    (void)row;
    if (l->ended_s != INTERVAL_OPEN)
        return;
    u128 left =
        l->gross_held.wei - l->gross.wei + l->user_fee_held.wei - lease_user_fee_spent(l).wei;
    w->s->work.points[wallet_at(w->s, l->wallet)->purse[l->token]] += left;
}

static void purse_holds(void *about, u32 row, const void *bytes)
{
    struct walk *w = about;
    const struct purse_row *p = bytes;

    invariant_equal(w->s->tally, INV_ESC_2, p->locked.wei,
                    w->s->work.points[row] + held_by_orders(w->s, p->wallet, p->token), "purse",
                    row);
}

static void order_young(void *about, u32 row, const void *bytes)
{
    struct walk *w = about;
    const struct order_row *o = bytes;
    const struct params *p = &w->s->params;

    (void)row;
    invariant_at_most(w->s->tally, INV_ORD_11, w->slot,
                      o->block + p->bid_window_blocks + p->match_timeout_blocks, "order", o->id);
}

/* CAP-2: each provider's reserved is the sum of its active leases. */
static void provider_reserved(void *about, u32 row, const void *bytes)
{
    struct walk *w = about;
    const struct provider_row *p = bytes;
    u64 cpu = 0, ram = 0, disk = 0, gpus[GPU_LINES] = {0}, leases = 0;

    for (u32 i = p->lease_head; i != 0; i = lease_at(w->s, i)->next) {
        const struct lease_row *l = lease_at(w->s, i);
        if (l->ended_s != INTERVAL_OPEN)
            continue;
        cpu += (u64)l->specs.cpu * l->replicas;
        ram += (u64)l->specs.ram_gib * l->replicas;
        disk += (u64)l->specs.disk_gib * l->replicas;
        gpus[l->gpu_line] += (u64)l->specs.gpus * l->replicas;
        leases++;
    }
    invariant_equal(w->s->tally, INV_CAP_2, p->cpu_reserved, cpu, "provider", row);
    invariant_equal(w->s->tally, INV_CAP_2, p->ram_reserved, ram, "provider", row);
    invariant_equal(w->s->tally, INV_CAP_2, p->disk_reserved, disk, "provider", row);
    invariant_equal(w->s->tally, INV_CAP_2, p->leases, leases, "provider", row);
    for (u32 i = 0; i < GPU_LINES; i++)
        invariant_equal(w->s->tally, INV_CAP_2, p->gpu_reserved[i], gpus[i], "provider", row);
}

void watch_all(struct state *s)
{
    struct walk w = {s, state_meta(s)->slot};
    u32 purses = s->tables[TABLE_PURSE].count;

    check(s->journal.rows == 0 && purses <= WORK_MANY);
    all_pockets(s);
    memset(s->work.points, 0, sizeof(u128) * purses);
    state_each(s, TABLE_LEASE, add_held, &w);
    state_each(s, TABLE_PURSE, purse_holds, &w);
    state_each(s, TABLE_ORDER, order_young, &w);
    state_each(s, TABLE_PROVIDER, provider_reserved, &w);
}
