/* tenancy - what tenant and provider do with a lease that runs. */
#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/escrow.h"
#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/registry.h"
#include "chain-mock/contracts/token.h"
#include "protocol/gpu.h"
#include "protocol/lease_money.h"
#include "protocol/mutant.h"

/* The lease and what the sender is to it. */
struct party {
    u32 row;
    bool tenant, provider;
};

static enum err party_of(const struct call *c, u64 lease, struct party *p)
{
    u32 row = lease_find(c->s, lease);

    if (row == 0)
        return lease != 0 && lease < state_meta(c->s)->next_lease ? ERR_LeaseAlreadyTerminated
                                                                  : ERR_LeaseNotFound;
    const struct lease_row *l = lease_at(c->s, row);
    if (l->ended_s != INTERVAL_OPEN)
        return ERR_LeaseAlreadyTerminated;
    p->row = row;
    p->tenant = wallet_at(c->s, l->wallet)->owner == c->from;
    p->provider = provider_at(c->s, l->provider)->account == c->from;
    return p->tenant || p->provider ? ERR_None : ERR_OnlyTenantOrProvider;
}

/* settled 116: "the provider confirms by transaction" */
enum err call_confirm(struct call *c, const struct tx_confirm *a)
{
    struct state *s = c->s;
    struct party who;
    enum err e = party_of(c, a->lease, &who);

    if (e != ERR_None)
        return e;
    if (!who.provider)
        return ERR_OnlyTenantOrProvider;
    if (lease_at(s, who.row)->confirmed)
        return ERR_LeaseAlreadyConfirmed;
    struct lease_row *l = lease_open(s, who.row);
    struct lease_shares so_far = lease_shares(
        l->gross, (struct lease_rates){l->commission_bps, l->provider_fee_bps, l->user_fee_bps});
    struct provider_row *p = provider_open(s, l->provider);
    l->confirmed = 1;
    if (MUTATED(CONFIRM_RESETS))
        l->gross = AMOUNT(0);
    check(amount_add(&p->accrued[l->token], p->accrued[l->token], so_far.provider));
    ledger_enter(s, l->token, POCKET_LEASE, who.row, POCKET_ACCRUED, l->provider, so_far.provider,
                 CAUSE_PROVIDER_NET);
    struct log_lease_confirmed *k = &state_log(s, LOG_LeaseConfirmed)->u.lease_confirmed;
    *k = (struct log_lease_confirmed){a->lease, l->provider, l->wallet, c->now_s};
    return ERR_None;
}

enum err call_close_lease(struct call *c, const struct tx_close_lease *a)
{
    struct party who;
    enum err e = party_of(c, a->lease, &who);

    if (e != ERR_None)
        return e;
    if (a->image_failed > 1)
        return ERR_InvalidArgument;
    if (who.provider && !who.tenant)
        lease_open(c->s, who.row)->image_failed = (bool8)a->image_failed;
    lease_end(c->s, who.row, c->now_s, who.tenant ? LEASE_USER : LEASE_PROVIDER);
    return ERR_None;
}

/* settled 110: "old price and old rates, no refusal, only at a timestamp < the end, not for a
 * disabled token, total agreed time ≤ max_duration" */
enum err call_extend(struct call *c, const struct tx_extend *a)
{
    struct state *s = c->s;
    struct party who;
    struct lease_lock more;
    enum err e = party_of(c, a->lease, &who);

    if (e != ERR_None)
        return e;
    if (!who.tenant && !MUTATED(EXTENDED_BY_ANYBODY))
        return ERR_OnlyTenantOrProvider;
    struct lease_row *l = lease_open(s, who.row);
    e = token_usable(s, l->token);
    if (e != ERR_None)
        return e;
    if (a->seconds == 0)
        return ERR_InvalidArgument;
    u64 total_s; /* the maximum may have been lowered since the lease was made */
    if (__builtin_add_overflow(l->agreed_s, a->seconds, &total_s) ||
        total_s > s->params.max_duration_s)
        return ERR_DurationTooLong;
    if (!lease_extension_lock(
            &more, l->price, l->agreed_s, a->seconds,
            (struct lease_rates){l->commission_bps, l->provider_fee_bps, l->user_fee_bps}))
        return ERR_Overflow;
    if (!escrow_lock(s, l->wallet, l->token, more.sum, CAUSE_LEASE_LOCK))
        return ERR_InsufficientBalance;
    l->agreed_s += a->seconds;
    check(amount_add(&l->gross_lock, l->gross_lock, more.gross));
    check(amount_add(&l->user_fee_lock, l->user_fee_lock, more.user_fee));
    check(amount_add(&l->gross_held, l->gross_held, more.gross));
    check(amount_add(&l->user_fee_held, l->user_fee_held, more.user_fee));
    if (MUTATED(RATES_AFRESH))
        lease_open(s, who.row)->commission_bps++;
    if (MUTATED(SILENT_EXTENSION))
        return ERR_None;
    struct log_lease_extended *k = &state_log(s, LOG_LeaseExtended)->u.lease_extended;
    *k = (struct log_lease_extended){l->id,       l->provider, l->wallet,     a->seconds,
                                     l->agreed_s, more.gross,  more.user_fee, c->now_s};
    return ERR_None;
}

static bool update_valid(const struct state *s, const struct tx_request_update *a)
{
    return a->replicas >= 1 && a->replicas <= 1000000 && a->specs.cpu <= 1000000 &&
           a->specs.ram_gib <= 100000000 && a->specs.disk_gib <= 100000000 &&
           (a->specs.cpu | a->specs.gpus) != 0 && a->specs.gpu_model <= GPU_MODELS &&
           (a->specs.gpus > 0 || a->specs.gpu_model == GPU_ANY) && a->max_price.wei > 0 &&
           a->max_price.wei <= (u128)1 << 96 && a->duration_s <= s->params.max_duration_s;
}

/* settled 109: "the request (block N) names specs, replicas, max price and duration (default:
 * agreed time left)" */
enum err call_request_update(struct call *c, const struct tx_request_update *a)
{
    struct state *s = c->s;
    struct party who;
    enum err e = party_of(c, a->lease, &who);

    if (e != ERR_None)
        return e;
    if (!who.tenant)
        return ERR_OnlyTenantOrProvider;
    if (!update_valid(s, a))
        return ERR_InvalidArgument;
    struct lease_row *l = lease_open(s, who.row);
    l->update_specs = a->specs;
    l->update_replicas = a->replicas;
    l->update_max_price = a->max_price;
    l->update_duration_s = a->duration_s;
    l->update_block = c->slot;
    struct log_update_requested *k = &state_log(s, LOG_UpdateRequested)->u.update_requested;
    *k = (struct log_update_requested){l->id,       l->provider,  l->wallet,     a->specs,
                                       a->replicas, a->max_price, a->duration_s, c->slot};
    return ERR_None;
}

/* The line that serves the new terms, the old lease's capacity being free. */
static bool line_for_update(const struct provider_row *p, const struct lease_row *l, u32 *line)
{
    if (l->update_specs.gpus == 0) {
        *line = 0;
        return registry_room(p, &l->update_specs, l->update_replicas, 0, l);
    }
    for (u32 i = 0; i < GPU_LINES; i++) {
        u16 model = p->machine.gpu[i].model;
        if (model != 0 &&
            (l->update_specs.gpu_model == GPU_ANY || l->update_specs.gpu_model == model) &&
            registry_room(p, &l->update_specs, l->update_replicas, i, l)) {
            *line = i;
            return true;
        }
    }
    return false;
}

static enum err update_open(const struct call *c, const struct lease_row *l, struct amount price)
{
    if (l->update_block == 0 || c->slot <= l->update_block ||
        c->slot > l->update_block + c->s->params.update_accept_blocks)
        return ERR_NoUpdateRequested;
    if (price.wei == 0)
        return ERR_InvalidArgument;
    return amount_cmp(price, l->update_max_price) > 0 ? ERR_BidPriceExceedsMaxPrice : ERR_None;
}

/* settled, Money of a lease 8: "the accepting transaction … does 7 for the old lease (updated) and
 * 2 for the new one, start = its block's timestamp …; if anything is missing all reverts" */
enum err call_accept_update(struct call *c, const struct tx_accept_update *a)
{
    struct state *s = c->s;
    struct party who;
    u32 fresh;
    enum err e = party_of(c, a->lease, &who);

    if (e != ERR_None)
        return e;
    if (!who.provider)
        return ERR_OnlyTenantOrProvider;
    const struct lease_row *l = lease_at(s, who.row);
    e = update_open(c, l, a->price);
    if (e == ERR_None)
        e = token_usable(s, l->token);
    if (e != ERR_None)
        return e;
    struct lease_offer offer = {.order = l->order,
                                .start_s = c->now_s,
                                .agreed_s = l->update_duration_s,
                                .replaces = l->id,
                                .provider = l->provider,
                                .wallet = l->wallet,
                                .token = l->token,
                                .replicas = l->update_replicas,
                                .specs = l->update_specs,
                                .price = a->price,
                                .confirmed = true};
    if (offer.agreed_s == 0)
        offer.agreed_s = l->start_s + l->agreed_s - c->now_s;
    if (!line_for_update(provider_at(s, l->provider), l, &offer.gpu_line))
        return ERR_NoCapacity;
    if (offer.specs.gpus > 0)
        offer.specs.gpu_model = provider_at(s, l->provider)->machine.gpu[offer.gpu_line].model;
    lease_end(s, who.row, c->now_s, MUTATED(UPDATE_AS_CLOSE) ? LEASE_PROVIDER : LEASE_UPDATED);
    e = escrow_bracket(s, offer.wallet, &offer.specs, offer.replicas, false, c->now_s);
    if (e == ERR_None)
        e = lease_create(s, &offer, &fresh);
    if (e == ERR_None && fresh != 0)
        c->id = lease_at(s, fresh)->id;
    return e;
}

/* settled 44: "feedback_scale = 5, stored as 0..50 tenths"; §4.2.3 takes the average of ten */
enum err call_rate(struct call *c, const struct tx_rate *a)
{
    struct state *s = c->s;
    u32 row = lease_find(s, a->lease);

    if (row == 0)
        return ERR_LeaseNotFound;
    const struct lease_row *l = lease_at(s, row);
    if (wallet_at(s, l->wallet)->owner != c->from)
        return ERR_OnlyTenantOrProvider;
    if (a->tenths > 50 || l->ended_s == INTERVAL_OPEN || l->rated)
        return ERR_InvalidArgument;
    lease_open(s, row)->rated = 1;
    if (MUTATED(RATED_ANEW))
        lease_open(s, row)->closed_s++;
    struct standing_row *st = standing_open(s, l->provider);
    st->feedback[st->feedbacks++ % FEEDBACK_WINDOW] = (u8)a->tenths;
    struct log_lease_rated *k = &state_log(s, LOG_LeaseRated)->u.lease_rated;
    *k = (struct log_lease_rated){a->lease, l->provider, a->tenths, registry_feedback(st)};
    return ERR_None;
}
