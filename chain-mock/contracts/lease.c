#include "chain-mock/contracts/lease.h"

#include "chain-mock/contracts/escrow.h"
#include "chain-mock/contracts/registry.h"
#include "chain-mock/contracts/slashing.h"
#include "chain-mock/contracts/task.h"
#include "protocol/interval.h"
#include "protocol/lease_money.h"
#include "protocol/mutant.h"

static struct lease_rates rates_of(const struct lease_row *l)
{
    return (struct lease_rates){l->commission_bps, l->provider_fee_bps, l->user_fee_bps};
}

struct amount lease_user_fee_spent(const struct lease_row *l)
{
    /* the user fee comes out of what is held for it; a token that shrank may leave less */
    return amount_least(lease_user_fee(l->gross, rates_of(l)), l->user_fee_held);
}

static void count(struct state *s, struct lease_row *l, u16 model)
{
    u64 units;
    bool fits = escrow_gpu_units(&units, &s->params, model, (u64)l->specs.gpus * l->replicas);

    check(fits && units <= UINT32_MAX); /* the bracket was tested with the same figure */
    l->gpu_units = l->specs.gpus == 0 ? 0 : (u32)units;
    escrow_count(s, l);
}

static void tell_created(struct state *s, const struct lease_row *l, u64 replaces)
{
    struct log_lease_created *k = &state_log(s, LOG_LeaseCreated)->u.lease_created;

    *k = (struct log_lease_created){.lease = l->id,
                                    .order = l->order,
                                    .provider = l->provider,
                                    .wallet = l->wallet,
                                    .tenant = l->tenant,
                                    .token = l->token,
                                    .specs = l->specs,
                                    .replicas = l->replicas,
                                    .gpu_line = l->gpu_line,
                                    .price = l->price,
                                    .start_s = l->start_s,
                                    .agreed_s = l->agreed_s,
                                    .commission_bps = l->commission_bps,
                                    .provider_fee_bps = l->provider_fee_bps,
                                    .user_fee_bps = l->user_fee_bps,
                                    .gross_lock = l->gross_lock,
                                    .user_fee_lock = l->user_fee_lock,
                                    .replaces = replaces,
                                    .provider_account = provider_at(s, l->provider)->account};
}

enum err lease_create(struct state *s, const struct lease_offer *o, u32 *row)
{
    struct lease_rates rates = lease_rates_of(&s->params, o->token == TOKEN_SPON);
    struct lease_lock lock;

    *row = 0;
    if (!lease_lock(&lock, o->price, o->agreed_s, rates))
        return ERR_Overflow;
    if (!escrow_lock(s, o->wallet, o->token, lock.sum, CAUSE_LEASE_LOCK))
        return ERR_InsufficientBalance;
    u32 place = lease_new(s);
    if (place == 0)
        return ERR_None;
    struct lease_row *l = lease_open(s, place);
    struct provider_row *p = provider_open(s, o->provider);
    *l = (struct lease_row){.price = o->price,
                            .gross_lock = lock.gross,
                            .user_fee_lock = lock.user_fee,
                            .gross_held = lock.gross,
                            .user_fee_held = MUTATED(FEE_UNHELD) ? AMOUNT(0) : lock.user_fee,
                            .id = meta_open(s, META)->next_lease++,
                            .order = o->order,
                            .start_s = o->start_s,
                            .agreed_s = o->agreed_s,
                            .settled_s = o->start_s,
                            .ended_s = INTERVAL_OPEN,
                            .confirm_by_s = o->start_s + s->params.activation_timeout_s,
                            .specs = o->specs,
                            .provider = o->provider,
                            .wallet = o->wallet,
                            .tenant = wallet_at(s, o->wallet)->owner,
                            .token = o->token,
                            .replicas = o->replicas,
                            .next = p->lease_head,
                            .gpu_line = o->gpu_line,
                            .commission_bps = rates.commission_bps,
                            .provider_fee_bps = rates.provider_fee_bps,
                            .user_fee_bps = rates.user_fee_bps,
                            .confirmed = o->confirmed};
    p->lease_head = place;
    s->lease_place[l->id] = place;
    registry_reserve(s, l);
    count(s, l, o->specs.gpu_model);
    tell_created(s, l, o->replaces);
    *row = place;
    return ERR_None;
}

static void post(struct state *s, const struct lease_row *l, u32 row, struct amount before,
                 struct amount after, struct place to, enum cause cause)
{
    struct amount more;

    check(amount_sub(&more, after, before)); /* no share ever falls (settled, Money of a lease 5) */
    check(amount_add(to.field, *to.field, more));
    if (MUTATED(SILENT_POST))
        check(amount_add(to.field, *to.field, AMOUNT(1)));
    ledger_enter(s, l->token, POCKET_LEASE, row, to.pocket, to.row, more, cause);
}

static struct place accrued(struct state *s, const struct lease_row *l)
{
    return (struct place){POCKET_ACCRUED, l->provider,
                          &provider_open(s, l->provider)->accrued[l->token]};
}

/* The wallet's side: debited grows by gross, user_fees by the fee, locked falls by both. */
static void debit(struct state *s, const struct lease_row *l, u32 row, struct amount gross,
                  struct amount fee)
{
    u32 purse = wallet_at(s, l->wallet)->purse[l->token];
    struct purse_row *p = purse_open(s, purse);
    struct place fees = place_token(s, l->token, POCKET_FEES);

    check(amount_sub(&p->locked, p->locked, gross));
    check(amount_add(&p->debited, p->debited, gross));
    ledger_enter(s, l->token, POCKET_LOCKED, purse, POCKET_LEASE, row, gross, CAUSE_LEASE_DEBIT);
    ledger_pay(s, l->token, (struct place){POCKET_LOCKED, purse, &p->locked}, fees, fee,
               CAUSE_USER_FEE);
    check(amount_add(&p->user_fees, p->user_fees, fee));
}

/* The mistakes of mutants: what the time since the last settlement costs is added up. */
static struct amount gross_by_parts(const struct lease_row *l, const struct lease_row *before,
                                    u64 second)
{
    u64 poke = MUTATED(POKE_COSTS) ? 1 : 0;
    struct amount all = lease_gross_at(l->price, second - before->settled_s, l->gross_held);

    check(amount_add(&all, all, before->gross) && amount_add(&all, all, AMOUNT(poke)));
    return amount_least(all, l->gross_held);
}

void lease_settle(struct state *s, u32 row, u64 second)
{
    const struct lease_row *now = lease_at(s, row);

    if (now->ended_s != INTERVAL_OPEN || second <= now->settled_s)
        return;
    struct lease_row *l = lease_open(s, row);
    struct lease_row before = *l;
    struct amount gross, fee;
    l->settled_s = second + (MUTATED(SETTLED_LATER) ? 1 : 0);
    l->gross = lease_gross_at(l->price, second - l->start_s, l->gross_held);
    if (MUTATED(SUM_OF_FLOORS) || MUTATED(POKE_COSTS))
        l->gross = gross_by_parts(l, &before, second);
    if (amount_cmp(l->gross, before.gross) == 0)
        return;
    check(amount_sub(&gross, l->gross, before.gross));
    check(amount_sub(&fee, lease_user_fee_spent(l), lease_user_fee_spent(&before)));
    debit(s, l, row, gross, fee);
    struct lease_shares a = lease_shares(before.gross, rates_of(l));
    struct lease_shares b = lease_shares(l->gross, rates_of(l));
    post(s, l, row, a.commission, b.commission, place_token(s, l->token, POCKET_COMMISSION),
         CAUSE_COMMISSION);
    post(s, l, row, a.provider_fee, b.provider_fee, place_token(s, l->token, POCKET_FEES),
         CAUSE_PROVIDER_FEE);
    if (l->confirmed)
        post(s, l, row, a.provider, b.provider, accrued(s, l), CAUSE_PROVIDER_NET);
}

/* The mistake of a mutant: what the user fee lock has left is taken as a fee. */
static void keep_fee(struct state *s, const struct lease_row *l, struct amount *fee)
{
    u32 purse = wallet_at(s, l->wallet)->purse[l->token];
    struct purse_row *p = purse_open(s, purse);

    ledger_pay(s, l->token, (struct place){POCKET_LOCKED, purse, &p->locked},
               place_token(s, l->token, POCKET_FEES), *fee, CAUSE_USER_FEE);
    check(amount_add(&p->user_fees, p->user_fees, *fee));
    *fee = AMOUNT(0);
}

static struct amount give_back(struct state *s, const struct lease_row *l)
{
    struct amount gross, fee, refund;

    check(amount_sub(&gross, l->gross_held, l->gross));
    check(amount_sub(&fee, l->user_fee_held, lease_user_fee_spent(l)));
    if (MUTATED(FEE_KEPT))
        keep_fee(s, l, &fee);
    check(amount_add(&refund, gross, fee));
    if (MUTATED(REFUND_SHORT) && refund.wei > 0)
        refund.wei--;
    escrow_unlock(s, l->wallet, l->token, refund, CAUSE_LEASE_REFUND);
    return refund;
}

static void tell_closed(struct state *s, const struct lease_row *l, struct amount refund)
{
    struct lease_shares shares = lease_shares(l->gross, rates_of(l));
    struct amount locked, held, shrunk;
    struct log_lease_closed *k = &state_log(s, LOG_LeaseClosed)->u.lease_closed;

    check(amount_add(&locked, l->gross_lock, l->user_fee_lock));
    check(amount_add(&held, l->gross_held, l->user_fee_held));
    check(amount_sub(&shrunk, locked, held));
    *k = (struct log_lease_closed){.lease = l->id,
                                   .order = l->order,
                                   .provider = l->provider,
                                   .wallet = l->wallet,
                                   .tenant = wallet_at(s, l->wallet)->owner,
                                   .token = l->token,
                                   .reason = l->reason,
                                   .end_s = l->ended_s,
                                   .block = state_meta(s)->slot,
                                   .gross = l->gross,
                                   .to_provider = shares.provider,
                                   .commission = shares.commission,
                                   .provider_fee = shares.provider_fee,
                                   .user_fee = lease_user_fee_spent(l),
                                   .rest = shares.rest,
                                   .refund = refund,
                                   .gross_held = l->gross_held,
                                   .user_fee_held = l->user_fee_held,
                                   .shrunk = shrunk,
                                   .confirmed = l->confirmed,
                                   .image_failed = l->image_failed,
                                   .task_failed = l->task_failed};
}

/* settled 116: "one started hour of row 53 slashed as a deployment slash for this lease" */
static void record_breach(struct state *s, const struct lease_row *l)
{
    u32 row = breach_new(s);

    if (row == 0)
        return;
    *breach_open(s, row) = (struct breach_row){
        .fee = slashing_fee(s, l, token_at(s, l->token + 1)->usd_e8, token_at(s, 1)->usd_e8),
        .id = meta_open(s, META)->next_evidence++,
        .instant_s = l->ended_s,
        .provider = l->provider,
        .account = wallet_at(s, l->wallet)->owner};
}

void lease_end(struct state *s, u32 row, u64 second, u32 reason)
{
    lease_settle(s, row, second);
    struct lease_row *l = lease_open(s, row);
    struct lease_shares shares = lease_shares(l->gross, rates_of(l));
    struct standing_row *st = standing_open(s, l->provider);

    if (!l->confirmed) /* settled, Money of a lease 5: "or the lease has ended: 116" */
        post(s, l, row, AMOUNT(0), shares.provider, accrued(s, l), CAUSE_PROVIDER_NET);
    post(s, l, row, AMOUNT(0), shares.rest,
         place_token(s, l->token, MUTATED(REST_TO_FEES) ? POCKET_FEES : POCKET_DUST),
         CAUSE_LEASE_REST);
    struct amount refund = give_back(s, l);
    l->ended_s = second;
    l->closed_s = state_meta(s)->now_s;
    l->reason = reason;
    l->tenant = wallet_at(s, l->wallet)->owner;
    l->task_failed = task_failed(s, l);
    st->tasks++;
    st->tasks_done += !l->task_failed;
    st->tasks_done += MUTATED(TASK_TWICE) && !l->task_failed;
    if (reason == LEASE_PROVIDER_BREACH)
        record_breach(s, l);
    registry_release(s, l);
    escrow_uncount(s, l);
    tell_closed(s, l, refund);
}

void lease_forget(struct state *s, u32 row)
{
    const struct lease_row *l = lease_at(s, row);
    struct provider_row *p = provider_open(s, l->provider);

    if (p->lease_head == row) {
        p->lease_head = l->next;
    } else {
        u32 at = p->lease_head;
        while (lease_at(s, at)->next != row)
            at = lease_at(s, at)->next;
        lease_open(s, at)->next = l->next;
    }
    s->lease_place[l->id] = 0;
    lease_free(s, row);
}

u64 lease_end_s(const struct lease_row *l, const struct params *p, u32 *reason)
{
    u64 late_s = MUTATED(END_LATE) ? 1 : MUTATED(NEVER_EXPIRES) ? (u64)1 << 40 : 0;
    u64 end = l->start_s + l->agreed_s + late_s, second;
    struct lease_terms t = {l->price, l->gross_held, l->start_s, l->agreed_s};

    *reason = MUTATED(EXPIRY_AS_CLOSE)   ? LEASE_USER
              : MUTATED(EXPIRY_AS_SHORT) ? LEASE_INSUFFICIENT
                                         : LEASE_EXPIRED;
    /* settled 150: only "where a lock holds less than its terms ask" */
    if (!MUTATED(SHORT_RUNS) && amount_cmp(l->gross_held, l->gross_lock) < 0 &&
        lease_insufficient_at(&second, &t, p->block_time_ms)) {
        /* what shrank was there until then; 106: "and more than one block of agreed time is left"
         */
        second = second < l->settled_s ? l->settled_s : second;
        if (second < end && (end - second) * 1000 > p->block_time_ms) {
            end = second;
            *reason = LEASE_INSUFFICIENT;
        }
    }
    if (!l->confirmed && l->confirm_by_s < end) {
        end = l->confirm_by_s;
        *reason = LEASE_PROVIDER_BREACH;
    }
    return end;
}

u64 lease_warning_s(const struct lease_row *l, const struct params *p)
{
    u64 end = l->start_s + l->agreed_s;

    if (l->warned_s == end)
        return INTERVAL_OPEN;
    return end - l->start_s > p->lease_warning_s ? end - p->lease_warning_s : l->start_s;
}

void lease_warn(struct state *s, u32 row, u64 second)
{
    struct lease_row *l = lease_open(s, row);
    struct log_lease_ending *k = &state_log(s, LOG_LeaseEnding)->u.lease_ending;

    l->warned_s = l->start_s + l->agreed_s;
    *k = (struct log_lease_ending){l->id, l->provider, l->wallet, l->warned_s, second};
}

void lease_warnings_moved(struct state *s, u64 second)
{
    for (u64 id = 1; id < state_meta(s)->next_lease; id++) {
        u32 row = lease_find(s, id);
        if (row == 0 || lease_at(s, row)->ended_s != INTERVAL_OPEN)
            continue;
        u64 warn = lease_warning_s(lease_at(s, row), &s->params);
        if (warn <= second)
            lease_warn(s, row, second);
        else if (warn != INTERVAL_OPEN &&
                 !moments_put(&s->moments, moment_of(warn, MOMENT_WARNING, id)))
            state_full(s, CHAIN_TABLES);
        state_commit(s);
    }
}
