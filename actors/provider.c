#include "actors/provider.h"

#include "actors/provider_bid.h"
#include "actors/provider_lease.h"
#include "protocol/mutant.h"

#include <string.h>

/* Largest list price of one unit; keeps the sum of an order far from the end of a u128. */
#define LIST_PRICE_MAX USD_E8(1000000)

/* Before what failed for want of gas is tried again. */
#define AGAIN_S 60u

static void propose(const struct provider_config *c, struct env *env)
{
    struct machine m = c->machine;

    m.cpu += MUTATED(REGISTERS_MORE);
    env_submit(env,
               &(struct tx){
                   .kind = TX_PROPOSE,
                   .u.propose = {.machine = m, .tokens = c->tokens, .auto_stake = c->auto_stake}});
}

static void start(const struct provider *p, struct env *env)
{
    const struct provider_config *c = &p->config;

    check(c->cpu_usd_e8 <= LIST_PRICE_MAX && c->ram_gib_usd_e8 <= LIST_PRICE_MAX &&
          c->disk_gib_usd_e8 <= LIST_PRICE_MAX);
    for (u32 i = 0; i < GPU_LINES; i++)
        check(c->gpu_usd_e8[i] <= LIST_PRICE_MAX);
    check(c->tokens >> PROVIDER_TOKENS == 0);
    propose(c, env);
    if (c->claim_every_s != 0)
        env_timer(env, (struct span){SEC(c->claim_every_s)}, PROVIDER_CLAIMS, 0);
}

static void stake(struct env *env, struct amount amount, u32 tag)
{
    env_submit(env, &(struct tx){.kind = TX_STAKE, .tag = tag, .u.stake = {.amount = amount}});
}

/* The first stake, or none. */
static void open(struct provider *p, struct env *env)
{
    p->stakes = true;
    if (amount_cmp(p->config.stake, AMOUNT(0)) > 0)
        stake(env, p->config.stake, PROVIDER_STAKE_FIRST);
    else
        p->open = true;
}

/* settled 19: registration, then stake, then bidding. */
static void approved(struct provider *p, struct env *env, const struct log_provider_approved *l)
{
    if (p->stakes)
        return; /* it came before */
    p->id = l->provider;
    p->tier = l->tier;
    open(p, env);
}

/* Income of ended leases token by token, and all rewards. */
static void claim(struct provider *p, struct env *env)
{
    for (u32 t = 0; t < PROVIDER_TOKENS; t++) {
        if (amount_cmp(p->unclaimed[t], AMOUNT(0)) == 0 || amount_cmp(p->asked[t], AMOUNT(0)) != 0)
            continue;
        p->asked[t] = p->unclaimed[t];
        env_submit(env, &(struct tx){.kind = TX_CLAIM_EARNINGS,
                                     .tag = t,
                                     .u.claim_earnings = {.token = t, .amount = p->asked[t]}});
    }
    p->claiming = true;
    env_submit(env, &(struct tx){.kind = TX_CLAIM_REWARDS});
    env_timer(env, (struct span){SEC(p->config.claim_every_s)}, PROVIDER_CLAIMS, 0);
}

static void rewarded(struct provider *p, struct env *env, struct amount amount)
{
    if (p->claiming && p->config.restakes)
        stake(env, amount, PROVIDER_STAKE_AGAIN);
    p->claiming = false;
}

static void claimed(struct provider *p, u32 token, enum err err)
{
    check(token < PROVIDER_TOKENS);
    if (err == ERR_None && !amount_sub(&p->unclaimed[token], p->unclaimed[token], p->asked[token]))
        check_unreachable(); /* what was asked for was part of it */
    p->asked[token] = AMOUNT(0);
}

/* Registration or first stake again: a refusal for another reason would only be repeated. */
static void begin_again(const struct provider *p, struct env *env)
{
    if (p->id == 0)
        propose(&p->config, env);
    else if (p->stakes && !p->open)
        stake(env, p->config.stake, PROVIDER_STAKE_FIRST);
}

/* Answers to what it submitted; what is not named here needs no answer: the chain's logs tell. */
static void on_result(struct provider *p, struct env *env, enum tx_kind kind, u32 tag, enum err err)
{
    bool begins = kind == TX_PROPOSE || (kind == TX_STAKE && tag == PROVIDER_STAKE_FIRST);

    if (begins && err == ERR_OutOfGas)
        env_timer(env, (struct span){SEC(AGAIN_S)}, PROVIDER_BEGINS, 0);
    else if (kind == TX_STAKE && tag == PROVIDER_STAKE_FIRST && err == ERR_None)
        p->open = true;
    else if (kind == TX_PLACE_BID && err != ERR_None)
        p->bids_refused++;
    else if (kind == TX_CLAIM_EARNINGS)
        claimed(p, tag, err);
}

static void on_log(struct provider *p, struct env *env, const struct log *l)
{
    if (l->kind == LOG_OrderCreated)
        provider_on_order(p, env, &l->u.order_created);
    else if (l->kind == LOG_LeaseCreated)
        provider_on_lease(p, env, &l->u.lease_created);
    else if (l->kind == LOG_LeaseClosed)
        provider_on_closed(p, &l->u.lease_closed);
    else if (l->kind == LOG_UpdateRequested)
        provider_on_update(p, env, &l->u.update_requested);
    else if (l->kind == LOG_ProviderApproved)
        approved(p, env, &l->u.provider_approved);
    else if (l->kind == LOG_TierChanged)
        p->tier = l->u.tier_changed.to;
    else if (l->kind == LOG_ProviderExited)
        p->open = false;
    else if (l->kind == LOG_RewardsClaimed)
        rewarded(p, env, l->u.rewards_claimed.amount);
}

/* Its settings stand in a file, what it counted in a log that nobody reads back; what runs on its
 * machine is found by the leases that it is told of. */
static void forget(struct provider *p, struct env *env)
{
    memset(p->leases, 0, p->places * sizeof(p->leases[0]));
    memset(p->ended, 0, sizeof(p->ended));
    memset(p->used_gpus, 0, sizeof(p->used_gpus));
    p->used_cpu = p->used_ram_gib = p->used_disk_gib = 0;
    p->lease_count = p->serial = p->ended_at = p->places = 0;
    if (p->config.claim_every_s != 0)
        env_timer(env, (struct span){SEC(p->config.claim_every_s)}, PROVIDER_CLAIMS, 0);
}

/* The chain went back: what is gone of its registration is done again. */
static void reverted(struct provider *p, struct env *env, const struct reverted *r)
{
    _Static_assert(REVERTED_TOKENS == PROVIDER_TOKENS, "of the chain, both");
    bool is_staked = r->staked || amount_cmp(p->config.stake, AMOUNT(0)) == 0;

    if (r->forgets)
        forget(p, env);
    p->claiming = false;
    for (u32 t = 0; t < PROVIDER_TOKENS; t++) {
        p->asked[t] = AMOUNT(0);
        p->unclaimed[t] = r->unclaimed[t];
    }
    p->id = r->tier != 0 ? r->provider : 0;
    p->tier = r->tier;
    p->stakes = r->tier != 0;
    p->open = p->stakes && is_staked && !r->exited;
    if (r->provider == 0)
        propose(&p->config, env);
    else if (p->stakes && !is_staked && !r->exited)
        open(p, env);
    provider_leases_reverted(p, r->lease);
}

static void stands(struct provider *p, struct env *env, const struct log *l)
{
    if (l->kind == LOG_LeaseCreated)
        provider_lease_stands(p, env, &l->u.lease_created);
    else if (l->kind == LOG_OrderCreated)
        provider_on_order(p, env, &l->u.order_created);
}

static void provider_on_event(struct provider *p, struct env *env, const struct event *e)
{
    switch (e->kind) {
    case EVENT_START:
        start(p, env);
        return;
    case EVENT_TIMER:
        if (e->u.timer.tag == PROVIDER_CLAIMS)
            claim(p, env);
        else if (e->u.timer.tag == PROVIDER_BEGINS)
            begin_again(p, env);
        else
            provider_on_workload(p, env, (enum provider_timer)e->u.timer.tag,
                                 (u32)e->u.timer.about);
        return;
    case EVENT_MESSAGE:
        if (e->u.message.msg.kind == MSG_MANIFEST)
            provider_on_manifest(p, env, e->u.message.from, &e->u.message.msg.u.manifest);
        return;
    case EVENT_RESULT:
        on_result(p, env, e->u.result.tx, e->u.result.tag, e->u.result.err);
        return;
    case EVENT_LOG:
        on_log(p, env, &e->u.log);
        return;
    case EVENT_REVERTED:
        reverted(p, env, &e->u.reverted);
        return;
    case EVENT_STANDS:
        stands(p, env, &e->u.log);
        return;
    case EVENT_DEMAND: /* of users only */
    case EVENT_RESUME: /* what it missed comes as events of its own */
    case EVENT_KINDS:
        return;
    }
    check_unreachable();
}

ACTOR_KIND_WITH_PLACES(provider, leases, places,
                       .logs = KIND_BIT(LOG_OrderCreated) | KIND_BIT(LOG_LeaseCreated) |
                               KIND_BIT(LOG_LeaseClosed) | KIND_BIT(LOG_UpdateRequested) |
                               KIND_BIT(LOG_ProviderApproved) | KIND_BIT(LOG_TierChanged) |
                               KIND_BIT(LOG_ProviderExited) | KIND_BIT(LOG_RewardsClaimed),
                       .answers = KIND_BIT(TX_STAKE) | KIND_BIT(TX_CLAIM_EARNINGS),
                       .refusals = KIND_BIT(TX_PLACE_BID) | KIND_BIT(TX_CLAIM_EARNINGS) |
                                   KIND_BIT(TX_PROPOSE) | KIND_BIT(TX_STAKE));
