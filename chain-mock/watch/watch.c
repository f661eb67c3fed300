#include "chain-mock/watch/watch.h"

#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/order.h"
#include "chain-mock/watch/parts.h"

/* ---- memory ---- */

static size_t rounded(size_t n)
{
    return (n + 63) / 64 * 64;
}

/* As many as there are rows to take notes of. */
#define NOTES_PROVIDER (1u << 21)
#define NOTES_OUTAGE (1u << 22)
#define NOTES_LEASE (1u << 23)

_Static_assert(sizeof(struct provider_note) == sizeof(u128) + (2 * TIERS + 1 + 3) * sizeof(u64) +
                                                   sizeof(struct hours) + sizeof(u32) +
                                                   2 * sizeof(bool8) + 18,
               "an export holds notes as they lie");

size_t watch_bytes(void)
{
    return rounded(sizeof(struct watch)) + rounded(sizeof(struct provider_note) * NOTES_PROVIDER) +
           rounded(sizeof(struct outage_note) * NOTES_OUTAGE) +
           rounded(sizeof(struct lease_note) * NOTES_LEASE);
}

struct watch *watch_init(void *memory)
{
    struct watch *w = memory;
    u8 *at = (u8 *)memory + rounded(sizeof(struct watch));

    w->provider = (struct provider_note *)(void *)at;
    at += rounded(sizeof(struct provider_note) * NOTES_PROVIDER);
    w->outage = (struct outage_note *)(void *)at;
    at += rounded(sizeof(struct outage_note) * NOTES_OUTAGE);
    w->lease = (struct lease_note *)(void *)at;
    for (u32 t = 0; t < TOKENS_MAX; t++)
        (void)pockets_of(&w->pockets, t), (void)pockets_of(&w->totals.entered, t);
    w->oldest_order = 1;
    return w;
}

void watch_pieces(const struct state *s, void (*visit)(void *about, void *at, size_t size),
                  void *about)
{
    struct watch *w = s->watch;

    visit(about, w->provider, s->tables[TABLE_PROVIDER].count * sizeof(*w->provider));
    visit(about, w->outage, s->tables[TABLE_OUTAGE].count * sizeof(*w->outage));
    visit(about, w->lease, s->tables[TABLE_LEASE].count * sizeof(*w->lease));
    visit(about, w, sizeof(*w)); /* last: it says where the others are, and may be cleared */
}

void watch_restart(struct state *s, bool told)
{
    state_pockets(s, &s->watch->pockets);
    if (told)
        return;
    watch_totals_restart(s);
}

/* ---- moments ---- */

static void owe(struct state *s, u64 second, enum moment_kind kind, u64 id)
{
    if (second != INTERVAL_OPEN && !moments_put(&s->moments, moment_of(second, kind, id)))
        state_full(s, CHAIN_TABLES);
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

static void owe_open(void *about, u32 row, const void *bytes)
{
    (void)row;
    owe_lease(about, NULL, bytes);
}

static void owe_expiry(void *about, u32 row, const void *bytes)
{
    struct state *s = about;
    const struct order_row *o = bytes;

    (void)row;
    owe(s, order_expiry_s(o, &s->params), MOMENT_ORDER_EXPIRY, o->id);
}

void state_owe_all(struct state *s)
{
    const struct meta_row *m = state_meta(s);

    s->moments.count = 0;
    state_each(s, TABLE_LEASE, owe_open, s);
    state_each(s, TABLE_ORDER, owe_expiry, s);
    owe(s, m->era_end_s, MOMENT_ERA, m->era);
}

/* ---- rows ---- */

static void lease_changed(struct state *s, u32 row, const struct lease_row *before,
                          const struct lease_row *after)
{
    struct watch_unit *u = &s->watch->unit;
    struct lease_note *n = &s->watch->lease[row];

    watch_lease_sums(s, before, after);
    if (after == NULL)
        return;
    if (before == NULL) {
        u->new_lease = row;
        u->new_leases++;
        *n = (struct lease_note){.order = 0};
    } else if (before->ended_s == INTERVAL_OPEN && after->ended_s != INTERVAL_OPEN) {
        u->closed = after;
    } else if (after->agreed_s > before->agreed_s) {
        u->extended = after;
    }
    if (after->gross.wei > n->gross)
        n->gross = after->gross.wei;
    watch_lease(s, before, after);
    owe_lease(s, before, after);
}

static void provider_changed(struct state *s, u32 row, const struct provider_row *b,
                             const struct provider_row *a)
{
    struct watch_unit *u = &s->watch->unit;

    watch_capacity(s, row, a);
    watch_registered(s, row, a);
    if (b != NULL)
        watch_accrued(s, row, b, a);
    u->resources = true;
    if (a->status == PROVIDER_APPROVED && (b == NULL || b->status != PROVIDER_APPROVED))
        u->approved = row;
    u->reserved[0] += (u64)a->cpu_reserved - (b == NULL ? 0 : b->cpu_reserved);
    u->reserved[1] += (u64)a->ram_reserved - (b == NULL ? 0 : b->ram_reserved);
    u->reserved[2] += (u64)a->disk_reserved - (b == NULL ? 0 : b->disk_reserved);
    for (u32 i = 0; i < GPU_LINES; i++)
        u->reserved[3] += (u64)a->gpu_reserved[i] - (b == NULL ? 0 : b->gpu_reserved[i]);
}

static void purse_changed(struct state *s, u32 row, const struct purse_row *before,
                          const struct purse_row *after)
{
    u128 was = before == NULL ? 0 : before->locked.wei;

    watch_purse_changed(s, row, before, after);
    if (after->locked.wei != was)
        token_unit_of(&s->watch->unit, after->token)->locked += after->locked.wei - was;
}

static void order_changed(struct state *s, u32 row, const struct order_row *before,
                          const struct order_row *after)
{
    u128 was = before == NULL ? 0 : before->hold.wei, is = after == NULL ? 0 : after->hold.wei;

    if (before == NULL && after == NULL)
        return;
    watch_order(s, row, before, after);
    if (was != is)
        token_unit_of(&s->watch->unit, (after == NULL ? before : after)->token)->held += is - was;
    if (before == NULL)
        owe(s, order_expiry_s(after, &s->params), MOMENT_ORDER_EXPIRY, after->id);
}

/* Rows of which a check at the unit's end wants to know. */
static void note(struct state *s, enum chain_table_id t, u32 row, const void *before,
                 const void *after)
{
    struct watch_unit *u = &s->watch->unit;

    if (t == TABLE_STANDING && before != NULL) {
        watch_standing(s, row, before, after);
        u->standing = before;
        u->provider = row;
    } else if (t == TABLE_WALLET) {
        if (before != NULL)
            watch_wallet(s, row, before, after);
        else
            watch_new_wallet(s, row, after);
    } else if (t == TABLE_META && before != NULL) {
        u->meta = before;
    } else if (t == TABLE_BREACH) {
        if (after == NULL)
            u->breach = before;
        else if (before == NULL)
            watch_breach(s, after);
    } else if (t == TABLE_VERDICT) {
        if (after == NULL)
            u->verdict = before;
    } else if (t == TABLE_OUTAGE) {
        if (before == NULL && after != NULL)
            watch_outage(s, row, after);
    } else if (t == TABLE_RATING) {
        const struct rating_row *b = before, *a = after;
        u->rated = true;
        if (a != NULL && (b == NULL || b->points != a->points || b->tier != a->tier))
            watch_rating(s, a);
    } else if (t == TABLE_ERA) {
        if (before == NULL)
            watch_emission(s, row, after);
    } else if (t == TABLE_UNBONDING) {
        watch_unbonding(s, before, after);
    }
}

void watch_row(struct state *s, enum chain_table_id t, u32 row, const void *before,
               const void *after)
{
    if (t == TABLE_LEASE)
        lease_changed(s, row, before, after);
    else if (t == TABLE_ORDER)
        order_changed(s, row, before, after);
    else if (t == TABLE_PURSE)
        purse_changed(s, row, before, after);
    else if (t == TABLE_PROVIDER)
        provider_changed(s, row, before, after);
    else if (t == TABLE_BID && before == NULL && after != NULL)
        watch_bid(s, after, state_meta(s)->slot, true);
    else if (t == TABLE_TOKEN && before != NULL)
        watch_token(s, before, after);
    else if (t == TABLE_ACCOUNT)
        watch_account(s, row, before, after);
    else
        note(s, t, row, before, after);
}

/* ---- a unit ---- */

/* LED-3; and what the rows say is kept for LED-1. */
static void double_entry(struct state *s, u32 token)
{
    const u128 *rows = pockets_of(&s->money.rows, token);
    const u128 *entered = pockets_of(&s->money.entered, token);
    u128 *all = pockets_of(&s->watch->pockets, token);

    for (u32 p = 0; p < POCKETS; p++) {
        if ((rows[p] | entered[p]) == 0)
            continue;
        invariant_equal(s->tally, INV_LED_3, rows[p], entered[p], pocket_names[p], token);
        all[p] += rows[p];
    }
}

void watch_unit(struct state *s)
{
    struct watch_unit *u = &s->watch->unit;
    u32 tokens = s->money.rows.tokens | s->money.entered.tokens;

    if ((tokens | u->tokens) != 0 || u->resources)
        watch_unit_money(s); /* before: it asks what was caused */
    if (u->won != NULL)
        watch_match(s);
    if (u->closed != NULL || u->new_leases > 0)
        watch_update(s);
    if (u->closed != NULL)
        watch_closer(s);
    if (u->extended != NULL)
        watch_extended(s);
    if (u->lost != NULL)
        watch_unmatched(s, u->lost, u->lost_state);
    if (u->new_leases > 0)
        watch_lease_order(s, lease_at(s, u->new_lease));
    if (u->new_leases > 0)
        watch_bracket(s, lease_at(s, u->new_lease)->wallet, NULL, 0);
    if (u->rated)
        watch_ratings(s);
    if (u->approved != 0)
        watch_approved(s, u->approved);
    if (u->standing != NULL || (u->meta != NULL && u->meta->era != state_meta(s)->era))
        watch_slashes(s);
    for (u32 t = 0; tokens >> t != 0; t++) {
        if ((tokens >> t & 1) != 0)
            double_entry(s, t);
        if ((s->money.entered.tokens >> t & 1) != 0)
            watch_totals_add(s, t);
    }
    if (u->meta != NULL && u->meta->era != state_meta(s)->era)
        watch_totals_era(s);
    u->tokens = 0;
    if (u->resources) {
        for (u32 r = 0; r < ARRAY_LEN(u->used); r++)
            u->used[r] = u->reserved[r] = 0;
    }
    u->resources = false;
    u->won = u->lost = NULL;
    u->extended = NULL;
    u->new_leases = 0;
    u->closed = NULL;
    u->standing = NULL;
    u->unbonding_fell = u->unbonding_share = 0;
    u->breach = NULL;
    u->verdict = NULL;
    u->meta = NULL;
    u->rated = false;
    u->sender = 0;
    u->approved = 0;
}

/* ---- a block ---- */

static u64 larger(u64 a, u64 b)
{
    return a > b ? a : b;
}

u64 watch_window(const struct state *s)
{
    return larger(s->watch->window_most, s->params.bid_window_blocks);
}

u64 watch_timeout(const struct state *s)
{
    return larger(s->watch->timeout_most, s->params.match_timeout_blocks);
}

/* Orders are made in the order of their ids, so the oldest open one has the lowest. */
static void oldest_order(struct state *s)
{
    struct watch *w = s->watch;
    u64 slot = state_meta(s)->slot;
    u32 row = 0;

    w->window_most = watch_window(s);
    w->timeout_most = watch_timeout(s);
    while (w->oldest_order < state_meta(s)->next_order &&
           (row = order_find(s, w->oldest_order)) == 0)
        w->oldest_order++;
    invariant_implies(s->tally, INV_ORD_11, row != 0,
                      row == 0 ||
                          slot <= order_at(s, row)->block + w->window_most + w->timeout_most,
                      "order", w->oldest_order);
}

void watch_block(struct state *s)
{
    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        const u128 *all = pockets_of(&s->watch->pockets, t);
        const struct token_row *k = token_at(s, t + 1);
        u128 sum = 0;
        for (u32 p = POCKET_OUTSIDE + 1; p < POCKETS; p++)
            sum += all[p];
        invariant_equal(s->tally, INV_LED_1, sum, k->minted.wei - k->burned.wei, "token", t);
    }
    watch_escrow(s, &s->watch->pockets);
    watch_modules(s, &s->watch->pockets);
    oldest_order(s);
}
