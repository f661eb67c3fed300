/* fold - which log goes where, and the rows that are a log and nothing more. */
#include "sim/study/fold_parts.h"

#include <stdlib.h>
#include <string.h>

#define OPEN_LIMIT (1u << 22)
#define ID_LIMIT (1u << 28)
#define ERA_LIMIT (1u << 24)

static bool open_reserves(struct fold *f)
{
    return places_open(&f->orders, "open orders of the tables", sizeof(struct open_order),
                       OPEN_LIMIT, ID_LIMIT) &&
           places_open(&f->leases, "open leases of the tables", sizeof(struct open_lease),
                       OPEN_LIMIT, ID_LIMIT) &&
           places_open(&f->outages, "open outages of the tables", sizeof(struct row_outages),
                       OPEN_LIMIT, ID_LIMIT) &&
           reserve_open(&f->bids, "open bids of the tables", sizeof(struct waiting_bid),
                        4 * OPEN_LIMIT) &&
           reserve_open(&f->providers, "providers of the tables", sizeof(struct fold_provider),
                        OPEN_LIMIT) &&
           reserve_open(&f->accounts, "accounts of the tables", sizeof(struct fold_account),
                        2 * OPEN_LIMIT) &&
           reserve_open(&f->closes, "providers in a close of the tables",
                        sizeof(struct row_providers), OPEN_LIMIT) &&
           reserve_open(&f->parts, "leases ended in one era", sizeof(struct lease_part),
                        ERA_LIMIT) &&
           reserve_open(&f->ended, "rows of leases ended in one era", sizeof(struct row_leases),
                        ERA_LIMIT) &&
           reserve_open(&f->rated, "providers rated in one block", sizeof(u32), OPEN_LIMIT) &&
           reserve_open(&f->evidence, "evidence of the tables", sizeof(u64), ID_LIMIT) &&
           reserve_open(&f->pairs, "payers of one era", sizeof(u64), 2 * ERA_LIMIT) &&
           reserve_open(&f->rests, "purses of the tables", sizeof(struct purse_rest),
                        4 * OPEN_LIMIT);
}

struct fold *fold_open(const struct fold_config *config)
{
    struct fold *f = calloc(1, sizeof *f);

    if (f == NULL)
        return NULL;
    f->c = *config;
    f->state = &config->chain->state;
    if (!open_reserves(f)) {
        fold_close(f);
        return NULL;
    }
    fold_start(f);
    return f;
}

void fold_close(struct fold *f)
{
    if (f == NULL)
        return;
    places_close(&f->orders);
    places_close(&f->leases);
    places_close(&f->outages);
    reserve_close(&f->bids);
    reserve_close(&f->providers);
    reserve_close(&f->accounts);
    reserve_close(&f->closes);
    reserve_close(&f->parts);
    reserve_close(&f->ended);
    reserve_close(&f->rated);
    reserve_close(&f->evidence);
    reserve_close(&f->pairs);
    reserve_close(&f->rests);
    free(f);
}

const char *fold_error(const struct fold *f)
{
    return f->error;
}

void fold_full(struct fold *f, const struct reserve *r)
{
    if (f->error == NULL)
        f->error = r->what;
}

void level_move(struct level *l, u64 at_s, u64 plus, u64 minus)
{
    check(at_s >= l->since_s && l->value + plus >= minus);
    l->area += l->value * (at_s - l->since_s);
    l->since_s = at_s;
    l->value += plus - minus;
}

u64 level_take(struct level *l, u64 at_s)
{
    u64 area;

    level_move(l, at_s, 0, 0);
    area = l->area;
    l->area = 0;
    return area;
}

const char *fold_token(const struct fold *f, u32 token)
{
    check(token < f->tokens);
    return f->c.token_names[token];
}

const char *fold_region(const struct fold *f, u32 region)
{
    return region == REGION_NONE ? "" : f->c.regions[region - 1];
}

void fold_add(struct amount *sum, struct amount a)
{
    check(amount_add(sum, *sum, a));
}

u64 fold_price_before(const struct fold *f, u32 token, u64 second)
{
    return f->usd_s[token] < second ? f->usd_e8[token] : f->usd_was[token];
}

u64 fold_usd_e8(const struct fold *f, u32 token, struct amount a, u64 second)
{
    struct amount usd;
    u128 whole = 1;

    for (u32 i = 0; i < f->decimals[token]; i++)
        whole *= 10;
    if (!amount_mul_div(&usd, a, fold_price_before(f, token, second), whole, ROUND_DOWN) ||
        usd.wei > UINT64_MAX)
        return UINT64_MAX - 1;
    return (u64)usd.wei;
}

struct fold_provider *fold_provider_at(struct fold *f, u32 provider)
{
    if (!reserve_reach(&f->providers, (size_t)provider + 1)) {
        fold_full(f, &f->providers);
        return NULL;
    }
    return (struct fold_provider *)f->providers.base + provider;
}

struct fold_account *fold_account_at(struct fold *f, u32 account)
{
    if (!reserve_reach(&f->accounts, (size_t)account + 1)) {
        fold_full(f, &f->accounts);
        return NULL;
    }
    return (struct fold_account *)f->accounts.base + account;
}

/* ---- rows that are a log ---- */

static void wallet_created(struct fold *f, const struct log_wallet_created *l)
{
    struct fold_account *a = fold_account_at(f, l->owner);

    if (a != NULL)
        a->is_user = true;
    put_owners(f->c.tables, &(struct row_owners){l->wallet, l->second, l->owner});
}

static void wallet_transferred(struct fold *f, const struct log_wallet_transferred *l)
{
    struct fold_account *a = fold_account_at(f, l->to);

    if (a != NULL)
        a->is_user = true;
    put_owners(f->c.tables, &(struct row_owners){l->wallet, l->second, l->to});
}

static void wallet_move(struct fold *f, u32 wallet, u32 token, u64 second, const char *kind,
                        struct amount amount)
{
    put_wallet_moves(f->c.tables, &(struct row_wallet_moves){wallet, fold_token(f, token), f->slot,
                                                             second, kind, amount});
}

static void claim(struct fold *f, const char *kind, u64 provider, u32 token, u64 second,
                  struct amount amount)
{
    put_claims(f->c.tables,
               &(struct row_claims){f->slot, second, kind, provider, fold_token(f, token), amount});
}

static void price_set(struct fold *f, const struct log_price_set *l)
{
    f->usd_was[l->token] = fold_price_before(f, l->token, l->second);
    f->usd_s[l->token] = l->second;
    f->usd_e8[l->token] = l->usd_e8;
    put_prices(f->c.tables, &(struct row_prices){fold_token(f, l->token), l->second, l->usd_e8});
}

static void moved(struct fold *f, const struct log *log)
{
    const struct log_moved *l = &log->u.moved;
    bool mint = l->from_pocket == POCKET_OUTSIDE, burn = l->to_pocket == POCKET_OUTSIDE;

    put_transfers(f->c.tables,
                  &(struct row_transfers){
                      f->slot, log->tx == LOG_NO_TX ? NONE : log->tx, f->second,
                      cause_names[l->cause], fold_token(f, l->token),
                      mint ? "" : pocket_names[l->from_pocket], mint ? NONE : l->from_row,
                      burn ? "" : pocket_names[l->to_pocket], burn ? NONE : l->to_row, l->amount});
}

static void slash_paid(struct fold *f, const struct log_slash_paid *l)
{
    struct fold_account *a = fold_account_at(f, l->account);

    if (a != NULL)
        fold_add(&a->row.restitution_spon, l->amount);
    put_slash_payees(f->c.tables,
                     &(struct row_slash_payees){l->slash, l->account, l->claim, l->amount});
}

static void param_changed(struct fold *f, const struct log_param_changed *l)
{
    static const struct {
        const char *name, *unit;
    } rows[PARAM_KINDS] = {
#define PARAM(type, name, unit, def, min, max, source, doc) {#name, unit},
#include "protocol/params.def"
#undef PARAM
    };

    check(params_set(&f->next, (enum param_id)l->param, l->after));
    put_params(f->c.tables, &(struct row_params){l->era + 1, rows[l->param].name, l->after,
                                                 rows[l->param].unit});
}

static void audit_published(struct fold *f, const struct log_audit_published *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);

    if (p == NULL)
        return;
    p->audit_era = l->era + 1;
    fold_standing_change(f, l->provider, f->second, "papers", l->era);
}

void fold_halt_open(struct fold *f, u64 start_s, u64 end_s)
{
    put_halts(f->c.tables, &(struct row_halts){start_s, end_s});
}

static void halted(struct fold *f, const struct log_chain_halted *l)
{
    fold_halt_open(f, l->start_s, l->end_s);
}

static void deposited(struct fold *f, const struct log_deposited *l)
{
    wallet_move(f, l->wallet, l->token, l->second, "deposit", l->amount);
}

static void withdrawn(struct fold *f, const struct log_withdrawn *l)
{
    wallet_move(f, l->wallet, l->token, l->second, "withdraw", l->amount);
}

static void rewards_claimed(struct fold *f, const struct log_rewards_claimed *l)
{
    claim(f, "reward", l->provider, TOKEN_SPON, l->second, l->amount);
}

static void earnings_claimed(struct fold *f, const struct log_earnings_claimed *l)
{
    claim(f, "lease", l->provider, l->token, l->second, l->amount);
}

static void fees_claimed(struct fold *f, const struct log_fees_claimed *l)
{
    claim(f, l->commission ? "commission" : "fee", NONE, l->token, l->second, l->amount);
}

static void active(struct fold *f, const struct log_provider_active *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);

    if (p == NULL)
        return;
    p->active = true;
    fold_standing_change(f, l->provider, l->from_s, "active", NONE);
}

static void verdict_given(struct fold *f, const struct log_verdict_given *l)
{
    fold_evidence(f, l->evidence, f->second);
}

/* Logs that are not named here leave no row of their own. */
#define HANDLERS(ON)                                                                               \
    ON(OrderCreated, order_created, fold_order_created)                                            \
    ON(OrderCancelled, order_cancelled, fold_order_cancelled)                                      \
    ON(OrderExpired, order_expired, fold_order_expired)                                            \
    ON(OrderMatched, order_matched, fold_order_matched)                                            \
    ON(BidPlaced, bid_placed, fold_bid_placed)                                                     \
    ON(BidScored, bid_scored, fold_bid_scored)                                                     \
    ON(LeaseCreated, lease_created, fold_lease_created)                                            \
    ON(LeaseConfirmed, lease_confirmed, fold_lease_confirmed)                                      \
    ON(LeaseExtended, lease_extended, fold_lease_extended)                                         \
    ON(LeaseClosed, lease_closed, fold_lease_closed)                                               \
    ON(TaskJudged, task_judged, fold_task_judged)                                                  \
    ON(ProviderProposed, provider_proposed, fold_proposed)                                         \
    ON(ProviderContract, provider_contract, fold_contract)                                         \
    ON(ProviderApproved, provider_approved, fold_approved)                                         \
    ON(ProviderActive, provider_active, active)                                                    \
    ON(ProviderExited, provider_exited, fold_exited)                                               \
    ON(MachineUpdated, machine_updated, fold_machine)                                              \
    ON(RatingSet, rating_set, fold_rating)                                                         \
    ON(AuditPublished, audit_published, audit_published)                                           \
    ON(StakeMoved, stake_moved, fold_stake_moved)                                                  \
    ON(Slashed, slashed, fold_slashed)                                                             \
    ON(VerdictGiven, verdict_given, verdict_given)                                                 \
    ON(SlashPaid, slash_paid, slash_paid)                                                          \
    ON(ProviderDown, provider_down, fold_down)                                                     \
    ON(ProviderUp, provider_up, fold_up)                                                           \
    ON(ProviderEra, provider_era, fold_provider_era)                                               \
    ON(EraClosed, era_closed, fold_era_closed)                                                     \
    ON(WalletCreated, wallet_created, wallet_created)                                              \
    ON(WalletTransferred, wallet_transferred, wallet_transferred)                                  \
    ON(Deposited, deposited, deposited)                                                            \
    ON(Withdrawn, withdrawn, withdrawn)                                                            \
    ON(RewardsClaimed, rewards_claimed, rewards_claimed)                                           \
    ON(EarningsClaimed, earnings_claimed, earnings_claimed)                                        \
    ON(FeesClaimed, fees_claimed, fees_claimed)                                                    \
    ON(PriceSet, price_set, price_set)                                                             \
    ON(ParamChanged, param_changed, param_changed)                                                 \
    ON(ChainHalted, chain_halted, halted)

#define HANDLER(NAME, name, handle)                                                                \
    static void on_##NAME(struct fold *f, const struct log *log)                                   \
    {                                                                                              \
        handle(f, &log->u.name);                                                                   \
    }
HANDLERS(HANDLER)
#undef HANDLER

static void (*const handlers[LOG_KINDS])(struct fold *f, const struct log *log) = {
#define HANDLER(NAME, name, handle) [LOG_##NAME] = on_##NAME,
    HANDLERS(HANDLER)
#undef HANDLER
        [LOG_Moved] = moved,
};

void fold_on_log(void *fold, const struct log *log, u64 slot, struct instant now)
{
    struct fold *f = fold;

    if (f->error != NULL)
        return;
    if (slot != f->slot)
        fold_ratings_flush(f);
    f->slot = slot;
    f->second = now.ns / SEC(1);
    if (handlers[log->kind] != NULL)
        handlers[log->kind](f, log);
}

void fold_on_block(void *fold, const struct block *block, u32 taken, struct instant now)
{
    struct fold *f = fold;

    (void)now;
    for (u32 i = 0; i < taken && f->error == NULL; i++) {
        struct fold_account *a;
        if (block->txs[i].err == ERR_None)
            continue;
        a = fold_account_at(f, block->txs[i].from);
        if (a != NULL)
            a->row.refused++;
    }
}
