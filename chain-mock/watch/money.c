/* money - purses, leases and capacity: what one row must obey, and what a unit's rows must
 * come to together. */
#include "chain-mock/state/lease_parts.h"
#include "chain-mock/watch/parts.h"

#include <string.h>

/* ---- one row ---- */

void watch_purse(struct state *s, u32 row, const struct purse_row *b, const struct purse_row *p)
{
    u128 spent = p->debited.wei + p->user_fees.wei + p->withdrawn.wei + p->shrunk.wei;

    u128 there = watch_supply(s, p->token);

    invariant_equal(s->tally, INV_ESC_1, p->deposited.wei, p->unlocked.wei + p->locked.wei + spent,
                    "purse", row);
    invariant_implies(s->tally, INV_LED_2, true, p->unlocked.wei <= there && p->locked.wei <= there,
                      "purse", row);
    /* nothing leaves by withdrawal in the unit in which something is unlocked */
    invariant_implies(s->tally, INV_ESC_4, b != NULL && p->locked.wei < b->locked.wei,
                      b == NULL || p->withdrawn.wei == b->withdrawn.wei, "purse", row);
}

/* ESC-5, settled 103: "min_deposit = 1 whole token, each deposit"; a transfer fee is a part of it.
 */
static void deposited(struct state *s, u32 row, const struct purse_row *b,
                      const struct purse_row *p)
{
    const struct token_row *t = token_at(s, p->token + 1);
    const u128 *caused = s->money.caused[p->token];
    u128 least = s->params.min_deposit_tokens;

    if ((s->money.entered.tokens >> p->token & 1) == 0 || caused[CAUSE_DEPOSIT] == 0 ||
        p->deposited.wei == (b == NULL ? 0 : b->deposited.wei))
        return;
    for (u32 i = 0; i < t->decimals; i++)
        least *= 10;
    invariant_at_most(s->tally, INV_ESC_5, least,
                      caused[CAUSE_DEPOSIT] + caused[CAUSE_TRANSFER_FEE], "purse", row);
}

void watch_purse_changed(struct state *s, u32 row, const struct purse_row *b,
                         const struct purse_row *p)
{
    watch_purse(s, row, b, p);
    deposited(s, row, b, p);
}

/* ESC-8: settled 112, who owned the wallet until then is kept, for what he is still owed. */
void watch_wallet(struct state *s, u32 row, const struct wallet_row *b, const struct wallet_row *a)
{
    bool moved = b->owner != a->owner, same = true, kept = true;

    for (u32 t = 0; moved && t < TOKENS_MAX; t++)
        same = same && a->purse[t] == b->purse[t];
    if (moved) {
        const struct owner_row *o = owner_at(s, a->owner_head);
        kept = a->owner_head != b->owner_head && o->account == b->owner &&
               o->next == b->owner_head && o->until_s == state_meta(s)->now_s;
        same = same && a->cpu == b->cpu && a->ram_gib == b->ram_gib && a->disk_gib == b->disk_gib &&
               a->gpu_units == b->gpu_units && a->orders_made == b->orders_made &&
               a->active_leases == b->active_leases && a->gpu_leases == b->gpu_leases &&
               a->open_orders == b->open_orders && memcmp(a->address, b->address, 20) == 0;
    }
    invariant_implies(s->tally, INV_ESC_8, moved, same && kept && a->owner != 0, "wallet", row);
}

/* LED-7: a unit's dust is the rests of the leases that it closed, each "0..2 units", and what a
 * slash shared out unevenly. */
static void dust(struct state *s, u32 token, u128 rests)
{
    const struct log *slash = token == TOKEN_SPON ? watch_logged(s, LOG_Slashed) : NULL;
    const u128 *rows = pockets_of(&s->money.rows, token);
    u128 shared = slash == NULL ? 0 : slash->u.slashed.to_dust.wei;

    if ((rows[POCKET_DUST] | rests) != 0)
        invariant_equal(s->tally, INV_LED_7, rows[POCKET_DUST], rests + shared, "dust of token",
                        token);
}

void watch_account(struct state *s, u32 row, const struct account_row *b,
                   const struct account_row *a)
{
    if (b != NULL && a->nonce == b->nonce + 1)
        s->watch->unit.sender = row;
    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++) {
        if (b == NULL ? a->balance[t].wei != 0 : a->balance[t].wei != b->balance[t].wei)
            invariant_at_most(s->tally, INV_LED_2, a->balance[t].wei, watch_supply(s, t), "account",
                              row);
    }
}

/* The gross debit of all billed seconds: up to the end, or to the last settlement. */
static u128 gross_due(const struct lease_row *l)
{
    u64 to_s = l->ended_s != INTERVAL_OPEN ? l->ended_s : l->settled_s;
    u128 used = lease_cost(l->price, to_s - l->start_s, false);

    return used < l->gross_held.wei ? used : l->gross_held.wei;
}

u128 watch_lock_at(const struct state *s, const struct order_row *o, struct amount price)
{
    u128 gross = lease_cost(price, o->duration_s, true);

    return gross + (o->token == TOKEN_SPON ? 0 : bps_of(gross, s->params.user_fee_bps));
}

/* Moments that have come and are yet to be taken may still end it. */
static bool moments_wait(const struct state *s)
{
    const struct moment *next = moments_first(&s->moments);

    return next != NULL && next->second <= state_meta(s)->now_s;
}

/* settled 106: it ends where "remaining gross lock × 3,600,000 < price × block_time_ms"; so a
 * second ago it could still pay a block, where more than one was left. */
static void pays_until_now(struct state *s, const struct lease_row *l, bool waits)
{
    u64 now_s = state_meta(s)->now_s, block_ms = s->params.block_time_ms;
    bool is_short = !waits && l->ended_s == INTERVAL_OPEN && l->gross_held.wei < l->gross_lock.wei;

    invariant_implies(s->tally, INV_LEA_8, is_short, now_s >= l->start_s, "lease", l->id);
    if (!is_short || now_s <= l->settled_s || now_s <= l->start_s)
        return;
    u64 then_s = now_s - 1, end_s = l->start_s + l->agreed_s;
    u128 used = lease_cost(l->price, then_s - l->start_s, false);
    bool pays = used <= l->gross_held.wei &&
                (l->gross_held.wei - used) * 3600000 >= l->price.wei * block_ms;
    invariant_implies(s->tally, INV_LEA_8, true,
                      pays || then_s < l->settled_s || (end_s - then_s) * 1000 <= block_ms, "lease",
                      l->id);
}

void watch_lease_alone(struct state *s, const struct lease_row *l)
{
    struct lease_parts parts = lease_parts(l);
    u128 lock = lease_cost(l->price, l->agreed_s, true);
    bool waits = moments_wait(s);

    invariant_equal(s->tally, INV_ESC_7, l->gross_lock.wei, lock, "lease", l->id);
    invariant_equal(s->tally, INV_ESC_7, l->user_fee_lock.wei, bps_of(lock, l->user_fee_bps),
                    "lease", l->id);
    invariant_implies(s->tally, INV_FEE_2, l->token == TOKEN_SPON, l->user_fee_bps == 0, "lease",
                      l->id);
    invariant_at_most(s->tally, INV_LEA_2, l->gross.wei, l->gross_held.wei, "lease", l->id);
    invariant_at_most(s->tally, INV_LEA_2, l->gross_held.wei, l->gross_lock.wei, "lease", l->id);
    invariant_equal(s->tally, INV_LEA_3, l->gross.wei, gross_due(l), "lease", l->id);
    pays_until_now(s, l, waits);
    invariant_at_most(s->tally, INV_FEE_7, l->commission_bps + l->provider_fee_bps, BPS_WHOLE,
                      "rates of lease", l->id);
    invariant_at_most(s->tally, INV_FEE_7, l->user_fee_lock.wei, l->gross_lock.wei,
                      "user fee of lease", l->id);
    invariant_at_most(s->tally, INV_FEE_7, parts.commission + parts.provider_fee, l->gross.wei,
                      "fees of lease", l->id);
    invariant_at_most(s->tally, INV_FEE_1, parts.rest, 2, "lease", l->id);
    /* settled 106: "a lease whose agreed time ends closes" */
    invariant_implies(s->tally, INV_LEA_11, l->ended_s == INTERVAL_OPEN && !waits,
                      state_meta(s)->now_s < l->start_s + l->agreed_s, "open lease", l->id);
    if (l->ended_s == INTERVAL_OPEN)
        return;
    invariant_at_most(s->tally, INV_LEA_6, l->settled_s, l->ended_s, "lease", l->id);
    invariant_at_most(s->tally, INV_LEA_11, l->ended_s, l->start_s + l->agreed_s, "lease", l->id);
}

static u128 refund_of(const struct lease_row *l, const struct lease_parts *parts)
{
    return l->gross_held.wei - l->gross.wei + l->user_fee_held.wei - parts->user_fee;
}

/* LEA-8, settled 106 and 154: at its agreed end it expires and neither before nor otherwise; as
 * insufficient it ends where it could not pay a block more and more than one was left. */
static void ended_in_time(struct state *s, const struct lease_row *l)
{
    u64 end_s = l->start_s + l->agreed_s, block_ms = s->params.block_time_ms;
    u128 used = lease_cost(l->price, l->ended_s - l->start_s, false);
    bool short_then =
        used > l->gross_held.wei || (l->gross_held.wei - used) * 3600000 < l->price.wei * block_ms;

    invariant_implies(s->tally, INV_LEA_8, l->reason == LEASE_EXPIRED, l->ended_s == end_s, "lease",
                      l->id);
    invariant_implies(s->tally, INV_LEA_8, l->reason == LEASE_INSUFFICIENT,
                      short_then && (end_s - l->ended_s) * 1000 > block_ms, "lease", l->id);
}

/* LEA-5: what the close says went to each, and what shrank before, is all that was locked. */
static void closed_lease(struct state *s, const struct lease_row *l)
{
    for (u32 i = s->log_unit; i < s->log_count; i++) {
        const struct log_lease_closed *k = &s->logs[i].u.lease_closed;
        if (s->logs[i].kind != LOG_LeaseClosed || k->lease != l->id)
            continue;
        u128 shrunk =
            l->gross_lock.wei - l->gross_held.wei + l->user_fee_lock.wei - l->user_fee_held.wei;
        invariant_equal(s->tally, INV_LEA_5,
                        k->to_provider.wei + k->commission.wei + k->provider_fee.wei +
                            k->user_fee.wei + k->rest.wei + k->refund.wei + shrunk,
                        l->gross_lock.wei + l->user_fee_lock.wei, "lease", l->id);
        return;
    }
    invariant_implies(s->tally, INV_LEA_5, true, false, "lease without a log", l->id);
}

/* ESC-7: what is held is what is locked by the terms, at the creation and by each extension; less
 * only where the token shrank (settled 150). */
static void held_lock(struct state *s, const struct lease_row *b, const struct lease_row *l)
{
    u128 gross = l->gross_lock.wei, fee = l->user_fee_lock.wei;
    bool shrank = (s->money.entered.tokens >> l->token & 1) != 0 &&
                  s->money.caused[l->token][CAUSE_SHRINK] != 0;

    if (b != NULL) {
        gross = b->gross_held.wei + l->gross_lock.wei - b->gross_lock.wei;
        fee = b->user_fee_held.wei + l->user_fee_lock.wei - b->user_fee_lock.wei;
    }
    invariant_implies(s->tally, INV_ESC_7, true,
                      shrank ? l->gross_held.wei <= gross && l->user_fee_held.wei <= fee
                             : l->gross_held.wei == gross && l->user_fee_held.wei == fee,
                      "what is held for lease", l->id);
}

void watch_lease(struct state *s, const struct lease_row *b, const struct lease_row *l)
{
    held_lock(s, b, l);
    if (b == NULL) {
        invariant_equal(s->tally, INV_LEA_11, l->start_s, state_meta(s)->now_s, "lease", l->id);
        invariant_equal(s->tally, INV_FEE_3, l->provider_fee_bps,
                        l->token == TOKEN_SPON ? 0 : s->params.provider_fee_bps, "lease", l->id);
        invariant_equal(s->tally, INV_FEE_4, l->commission_bps, s->params.commission_bps, "lease",
                        l->id);
        invariant_equal(s->tally, INV_FEE_2, l->user_fee_bps,
                        l->token == TOKEN_SPON ? 0 : s->params.user_fee_bps, "lease", l->id);
    } else {
        invariant_at_most(s->tally, INV_LEA_2, b->gross.wei, l->gross.wei, "lease", l->id);
        invariant_implies(s->tally, INV_FEE_4, true,
                          l->commission_bps == b->commission_bps &&
                              l->provider_fee_bps == b->provider_fee_bps &&
                              l->user_fee_bps == b->user_fee_bps,
                          "lease", l->id);
        invariant_implies(s->tally, INV_LEA_1, b->ended_s != INTERVAL_OPEN,
                          l->ended_s == b->ended_s && l->closed_s == b->closed_s &&
                              l->reason == b->reason && l->gross.wei == b->gross.wei,
                          "lease", l->id);
        if (b->ended_s == INTERVAL_OPEN && l->ended_s != INTERVAL_OPEN) {
            closed_lease(s, l);
            ended_in_time(s, l);
        }
    }
    watch_lease_alone(s, l);
}

void watch_capacity(struct state *s, u32 row, const struct provider_row *p)
{
    bool fits = p->cpu_reserved <= p->machine.cpu && p->ram_reserved <= p->machine.ram_gib &&
                p->disk_reserved <= p->machine.disk_gib;

    for (u32 i = 0; i < GPU_LINES; i++)
        fits = fits && p->gpu_reserved[i] <= p->machine.gpu[i].count;
    invariant_implies(s->tally, INV_CAP_1, true, fits, "provider", row);
}

/* LED-5: what there is of a token.  LED-4: of the native one what closes give as rewards comes to
 * it, and nothing else does. */
void watch_token(struct state *s, const struct token_row *b, const struct token_row *a)
{
    bool entered = (s->money.entered.tokens >> a->index & 1) != 0;
    const u128 *caused = s->money.caused[a->index];
    bool edited = entered && caused[CAUSE_EDIT] + caused[CAUSE_GENESIS] != 0;
    u128 rewards = entered ? caused[CAUSE_LIVENESS] + caused[CAUSE_BONUS] : 0;

    invariant_implies(s->tally, INV_LED_4, a->index == TOKEN_SPON && !edited,
                      a->minted.wei - b->minted.wei == rewards &&
                          (rewards == 0 || watch_closing(s)),
                      "token", a->index);
    invariant_implies(s->tally, INV_LED_5, a->index != TOKEN_SPON && !edited,
                      a->minted.wei == b->minted.wei, "token", a->index);
}

/* LEA-9: in the unit of a transaction its sender's nonce grows. */
void watch_closer(struct state *s)
{
    const struct watch_unit *u = &s->watch->unit;
    const struct lease_row *l = u->closed;
    u32 who = l->reason == LEASE_USER ? wallet_at(s, l->wallet)->owner
              : l->reason == LEASE_PROVIDER || l->reason == LEASE_UPDATED
                  ? provider_at(s, l->provider)->account
                  : 0;

    invariant_equal(s->tally, INV_LEA_9, u->sender, who, "lease", l->id);
}

/* LEA-9: "only tenant updates/extends". */
void watch_extended(struct state *s)
{
    const struct lease_row *l = s->watch->unit.extended;

    invariant_equal(s->tally, INV_LEA_9, s->watch->unit.sender, wallet_at(s, l->wallet)->owner,
                    "extended lease", l->id);
}

/* What was accrued before and what his leases gave in this unit, less what he took out: a claim
 * settles his leases first. */
void watch_accrued(struct state *s, u32 row, const struct provider_row *b,
                   const struct provider_row *a)
{
    for (u32 t = 0; t < TOKENS_MAX; t++) {
        bool entered = (s->money.entered.tokens >> t & 1) != 0;
        const u128 *caused = s->money.caused[t];
        if (a->accrued[t].wei == b->accrued[t].wei || !entered || caused[CAUSE_SHRINK] != 0)
            continue;
        invariant_implies(s->tally, INV_LEA_7,
                          a->accrued[t].wei < b->accrued[t].wei || caused[CAUSE_EARNINGS_CLAIM] > 0,
                          a->accrued[t].wei + caused[CAUSE_EARNINGS_CLAIM] ==
                              b->accrued[t].wei + caused[CAUSE_PROVIDER_NET],
                          "provider", row);
    }
}

/* ---- a unit ---- */

/* LEA-10: settled 109, an update is one transaction: the old lease ends and the new one begins. */
void watch_update(struct state *s)
{
    const struct watch_unit *u = &s->watch->unit;
    bool ends = u->closed != NULL && u->closed->reason == LEASE_UPDATED;
    bool begins = u->new_leases == 1 && u->won == NULL;

    bool alike = false; /* of the same wallet, at the same provider, for the same token */

    if (ends && begins) {
        const struct lease_row *old = u->closed, *made = lease_at(s, u->new_lease);
        alike = old->wallet == made->wallet && old->provider == made->provider &&
                old->token == made->token && made->start_s == old->ended_s;
    }
    invariant_implies(s->tally, INV_LEA_10, ends || begins, alike, "lease",
                      u->closed != NULL ? u->closed->id : 0);
}

/* Add or subtract what one image of a lease stands for. */
static void add_image(struct state *s, const struct lease_row *l, bool minus)
{
    struct watch_unit *u = &s->watch->unit;
    u64 *used = s->watch->provider[l->provider].used;
    struct token_unit *t = token_unit_of(u, l->token);
    struct lease_parts parts = lease_parts(l);
    bool open = l->ended_s == INTERVAL_OPEN;
    u128 sign = minus ? ~(u128)0 : 1;
    u64 n = (u64)sign * l->replicas;

    t->commission += sign * parts.commission;
    t->provider_fee += sign * parts.provider_fee;
    t->user_fee += sign * parts.user_fee;
    if (l->confirmed || !open)
        t->provider += sign * parts.provider;
    if (!open) {
        t->refund += sign * refund_of(l, &parts);
        t->rest += sign * parts.rest;
        return;
    }
    t->held += sign * refund_of(l, &parts);
    u->used[0] += n * l->specs.cpu;
    u->used[1] += n * l->specs.ram_gib;
    u->used[2] += n * l->specs.disk_gib;
    u->used[3] += n * l->specs.gpus;
    used[0] += n * l->specs.cpu;
    used[1] += n * l->specs.ram_gib;
    used[2] += n * l->specs.disk_gib;
}

void watch_lease_given(struct lease_sums *sums, const struct lease_row *l)
{
    struct lease_parts parts = lease_parts(l);
    bool open = l->ended_s == INTERVAL_OPEN;

    sums->commission += parts.commission;
    sums->provider_fee += parts.provider_fee;
    sums->user_fee += parts.user_fee;
    sums->provider += l->confirmed || !open ? parts.provider : 0;
    sums->refund += open ? 0 : refund_of(l, &parts);
    sums->rest += open ? 0 : parts.rest;
}

void watch_lease_sums(struct state *s, const struct lease_row *before,
                      const struct lease_row *after)
{
    struct watch_unit *u = &s->watch->unit;

    if (after == NULL) { /* it had taken its money and its fees before */
        if (before != NULL)
            watch_lease_given(&s->watch->totals.put_away[before->token], before);
        return;
    }
    u->resources = true;
    if (before != NULL)
        add_image(s, before, true);
    add_image(s, after, false);
}

static void equal_if_any(struct state *s, enum invariant_id id, u128 left, u128 right,
                         const char *subject, u64 subject_id)
{
    if ((left | right) != 0)
        invariant_equal(s->tally, id, left, right, subject, subject_id);
}

void watch_unit_money(struct state *s)
{
    static const u128 none[CAUSES];
    struct watch_unit *u = &s->watch->unit;

    for (u32 t = 0; t < TOKENS_MAX; t++) {
        if ((s->money.entered.tokens >> t & 1) != 0)
            (void)token_unit_of(u, t); /* what was caused and by no row */
        if ((u->tokens >> t & 1) == 0)
            continue;
        const struct token_unit *x = &u->token[t];
        const u128 *caused = (s->money.entered.tokens >> t & 1) != 0 ? s->money.caused[t] : none;
        equal_if_any(s, INV_ESC_2, x->locked, x->held, "token", t);
        equal_if_any(s, INV_FEE_1, caused[CAUSE_COMMISSION], x->commission, "token", t);
        equal_if_any(s, INV_FEE_1, caused[CAUSE_PROVIDER_FEE], x->provider_fee, "token", t);
        equal_if_any(s, INV_FEE_1, caused[CAUSE_PROVIDER_NET], x->provider, "token", t);
        equal_if_any(s, INV_FEE_2, caused[CAUSE_USER_FEE], x->user_fee, "token", t);
        dust(s, t, x->rest);
        equal_if_any(s, INV_LEA_5, caused[CAUSE_LEASE_REFUND], x->refund, "token", t);
        equal_if_any(s, INV_LEA_5, caused[CAUSE_LEASE_REST], x->rest, "token", t);
    }
    for (u32 r = 0; u->resources && r < ARRAY_LEN(u->used); r++)
        equal_if_any(s, INV_CAP_2, u->reserved[r], u->used[r], "resource", r);
}
