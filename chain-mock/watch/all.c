/* all - the slow, full form of the invariants: everything, by walking all rows. */
#include "chain-mock/state/lease_parts.h"
#include "chain-mock/state/slot.h"
#include "chain-mock/watch/parts.h"

#include <string.h>

static void all_pockets(struct state *s)
{
    struct pocket_sums sums;

    state_pockets(s, &sums);
    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        const u128 *entered = pockets_of(&s->watch->totals.entered, t);
        u128 sum = 0;
        for (u32 p = 0; p < POCKETS; p++) {
            sum += p == POCKET_OUTSIDE ? 0 : sums.at[t][p];
            invariant_equal(s->tally, INV_LED_3, sums.at[t][p], entered[p], pocket_names[p], t);
        }
        const struct token_row *k = token_at(s, t + 1);
        invariant_equal(s->tally, INV_LED_1, sum, k->minted.wei - k->burned.wei, "token", t);
    }
}

/* ---- matches: what was noted of the bid and the order ---- */

/* Whether the chain knew at a second that the provider was down: a record of that very second may
 * be of a later block. */
static bool known_down(const struct state *s, u32 provider, u64 second)
{
    for (u32 i = provider_at(s, provider)->outage_head; i != 0; i = outage_at(s, i)->next) {
        const struct outage_row *o = outage_at(s, i);
        if (o->known_s < second && (o->end_s == INTERVAL_OPEN || o->up_known_s > second))
            return true;
    }
    return false;
}

static u32 tier_at(const struct state *s, u32 provider, u64 second)
{
    u32 row = provider_at(s, provider)->rating_head;

    while (row != 0 && rating_at(s, row)->from_s > second)
        row = rating_at(s, row)->next;
    return row == 0 ? 0 : rating_at(s, row)->tier; /* 0: it was put away */
}

static void lease_of_bid(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct lease_row *l = bytes;
    const struct lease_note *n = &s->watch->lease[row];

    invariant_at_most(s->tally, INV_LEA_2, n->gross, l->gross.wei, "lease", l->id);
    if (n->order == 0)
        return;
    invariant_implies(s->tally, INV_ORD_6, true, l->order == n->order && l->provider == n->provider,
                      "lease", l->id);
    invariant_equal(s->tally, INV_ORD_6, l->price.wei, n->bid_price, "lease", l->id);
    invariant_at_most(s->tally, INV_ORD_6, l->price.wei, n->max_price, "lease", l->id);
    invariant_at_most(s->tally, INV_ORD_6, tier_at(s, l->provider, l->start_s), n->tier_worst,
                      "lease", l->id);
    invariant_implies(s->tally, INV_ORD_6, true, !known_down(s, l->provider, l->start_s), "lease",
                      l->id);
}

/* ---- money that is held: work.points by purse ---- */

static void lease_holds(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct lease_row *l = bytes;

    (void)row;
    watch_lease_alone(s, l);
    watch_lease_order(s, l);
    if (l->ended_s == INTERVAL_OPEN)
        s->work.points[wallet_at(s, l->wallet)->purse[l->token]] +=
            l->gross_held.wei - l->gross.wei + l->user_fee_held.wei - lease_parts(l).user_fee;
}

static void order_holds(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct order_row *o = bytes;
    u64 last = o->block + watch_window(s) + watch_timeout(s);

    if (o->hold.wei != 0)
        s->work.points[wallet_at(s, o->wallet)->purse[o->token]] += o->hold.wei;
    invariant_implies(s->tally, INV_ORD_1, true,
                      o->state == ORDER_OPEN && order_find(s, o->id) == row, "order", o->id);
    invariant_at_most(s->tally, INV_ORD_11, state_meta(s)->slot, last, "order", o->id);
}

static void purse_holds(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct purse_row *p = bytes;

    watch_purse(s, row, NULL, p);
    invariant_equal(s->tally, INV_ESC_2, p->locked.wei, s->work.points[row], "purse", row);
}

static void bid_in_window(void *about, u32 row, const void *bytes)
{
    const struct bid_row *b = bytes;

    (void)row;
    watch_bid(about, b, b->block, false);
}

static void account_whole(void *about, u32 row, const void *bytes)
{
    watch_account(about, row, NULL, bytes);
    watch_own_wallet(about, row, bytes);
}

/* ---- providers ---- */

/* CAP-2: each provider's reserved is the sum of its active leases. */
static void provider_reserved(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct provider_row *p = bytes;
    u64 cpu = 0, ram = 0, disk = 0, gpus[GPU_LINES] = {0}, leases = 0;

    for (u32 i = p->lease_head; i != 0; i = lease_at(s, i)->next) {
        const struct lease_row *l = lease_at(s, i);
        if (l->ended_s != INTERVAL_OPEN)
            continue;
        cpu += (u64)l->specs.cpu * l->replicas;
        ram += (u64)l->specs.ram_gib * l->replicas;
        disk += (u64)l->specs.disk_gib * l->replicas;
        gpus[l->gpu_line] += (u64)l->specs.gpus * l->replicas;
        leases++;
    }
    watch_capacity(s, row, p);
    watch_registered(s, row, p);
    invariant_equal(s->tally, INV_CAP_2, p->cpu_reserved, cpu, "provider", row);
    invariant_equal(s->tally, INV_CAP_2, p->ram_reserved, ram, "provider", row);
    invariant_equal(s->tally, INV_CAP_2, p->disk_reserved, disk, "provider", row);
    invariant_equal(s->tally, INV_CAP_2, p->leases, leases, "provider", row);
    for (u32 i = 0; i < GPU_LINES; i++)
        invariant_equal(s->tally, INV_CAP_2, p->gpu_reserved[i], gpus[i], "provider", row);
}

/* SLA-1: what came in is there, was paid out or was slashed; what unbonds is its rows.  TIER-6: the
 * rating in force is of the tier held. */
static void standing_whole(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct standing_row *st = bytes;
    u32 rating = provider_at(s, row)->rating_head;
    u128 unbonding = 0;

    for (u32 i = provider_at(s, row)->unbonding_head; i != 0; i = unbonding_at(s, i)->next)
        unbonding += unbonding_at(s, i)->amount.wei;
    invariant_equal(s->tally, INV_SLA_1, st->unbonding.wei, unbonding, "unbonding of provider",
                    row);
    watch_standing(s, row, NULL, st);
    invariant_equal(s->tally, INV_SLA_1, st->slashed.wei + st->bad_debt.wei,
                    s->watch->provider[row].owed, "slashes of provider", row);
    if (rating == 0)
        return;
    invariant_equal(s->tally, INV_TIER_6, rating_at(s, rating)->tier, st->tier.tier, "provider",
                    row);
    invariant_implies(s->tally, INV_TIER_6, st->tier.tier == TIER_LOWEST && s->params.tier7_zero,
                      rating_at(s, rating)->points == 0, "provider", row);
}

void watch_all(struct state *s)
{
    u32 purses = s->tables[TABLE_PURSE].count;

    check(s->journal.rows == 0 && purses <= WORK_PURSES);
    s->tally->form = FORM_FULL;
    all_pockets(s);
    watch_totals(s);
    watch_dates(s);
    state_each(s, TABLE_LEASE, lease_of_bid, s);
    memset(s->work.points, 0, sizeof(u128) * purses);
    state_each(s, TABLE_LEASE, lease_holds, s);
    state_each(s, TABLE_ORDER, order_holds, s);
    state_each(s, TABLE_PURSE, purse_holds, s);
    watch_wallets(s);
    state_each(s, TABLE_ACCOUNT, account_whole, s);
    state_each(s, TABLE_BID, bid_in_window, s);
    state_each(s, TABLE_PROVIDER, provider_reserved, s);
    state_each(s, TABLE_STANDING, standing_whole, s);
    s->tally->form = FORM_CHEAP;
}
