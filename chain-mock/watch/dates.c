/* dates - DET-8 in full: every date that is kept belongs to its slot, follows the one before
 * it and lies in the past. */
#include "chain-mock/watch/parts.h"

static void order_dated(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct order_row *o = bytes;

    (void)row;
    invariant_at_most(s->tally, INV_DET_8, o->block, state_meta(s)->slot, "order", o->id);
    invariant_equal(s->tally, INV_DET_8, o->second, (u128)o->block * s->params.block_time_ms / 1000,
                    "order", o->id);
}

static void lease_dated(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct lease_row *l = bytes;
    bool over = l->ended_s != INTERVAL_OPEN;

    (void)row;
    invariant_implies(s->tally, INV_DET_8, true,
                      l->start_s <= l->settled_s && l->settled_s <= state_meta(s)->now_s &&
                          (!over || (l->start_s <= l->ended_s && l->ended_s <= l->closed_s &&
                                     l->closed_s <= state_meta(s)->now_s)),
                      "lease", l->id);
}

static void outage_dated(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct outage_row *o = bytes;
    bool over = o->end_s != INTERVAL_OPEN;

    (void)row;
    invariant_implies(
        s->tally, INV_DET_8, true,
        o->start_s <= o->known_s && o->known_s <= state_meta(s)->now_s &&
            (!over || (o->start_s <= o->end_s && o->end_s <= o->up_known_s &&
                       o->known_s <= o->up_known_s && o->up_known_s <= state_meta(s)->now_s)),
        "outage", o->id);
}

static void eras_and_halts(struct state *s)
{
    u64 end_s = 0;

    for (u32 row = 1; row < s->tables[TABLE_ERA].count; row++) {
        const struct era_row *e = era_at(s, row);
        invariant_equal(s->tally, INV_DET_8, e->start_s, end_s, "start of era", row - 1);
        invariant_implies(s->tally, INV_DET_8, true, e->start_s < e->end_s, "era", row - 1);
        end_s = e->end_s;
    }
    invariant_equal(s->tally, INV_DET_8, state_meta(s)->era_start_s, end_s, "start of era",
                    state_meta(s)->era);
    end_s = 0;
    for (u32 row = 1; row < s->tables[TABLE_HALT].count; row++) {
        const struct halt_row *h = halt_at(s, row);
        invariant_implies(s->tally, INV_DET_8, true,
                          end_s <= h->start_s && h->start_s < h->end_s &&
                              h->end_s <= state_meta(s)->now_s,
                          "halt", row);
        end_s = h->end_s;
    }
}

void watch_dates(struct state *s)
{
    const struct meta_row *m = state_meta(s);

    invariant_equal(s->tally, INV_DET_8, m->now_s, (u128)m->slot * s->params.block_time_ms / 1000,
                    "block", m->slot);
    state_each(s, TABLE_ORDER, order_dated, s);
    state_each(s, TABLE_LEASE, lease_dated, s);
    state_each(s, TABLE_OUTAGE, outage_dated, s);
    eras_and_halts(s);
}
