/* reach - changes of state, seen in the logs of the chain and the states of the actors. */
#include "sim/swarm/reach.h"

#include "actors/provider.h"
#include "actors/user.h"
#include "chain-mock/state/chain.h"
#include "sim/engine/world.h"
#include "sim/run/run.h"

#include <stdlib.h>

const struct edge_row edge_rows[EDGES] = {
#define EDGE(NAME, machine, from, to) [EDGE_##NAME] = {machine, from, to},
#include "sim/swarm/edges.def"
#undef EDGE
#define JOB(FROM, TO) [EDGE_JOB_##FROM##_##TO] = {"job", #FROM, #TO},
#define WORKLOAD(FROM, TO) [EDGE_WORKLOAD_##FROM##_##TO] = {"workload", #FROM, #TO},
#include "sim/swarm/job_edges.def"
#undef JOB
#undef WORKLOAD
};

void reach_add(struct reach *sum, const struct reach *r)
{
    const u64 *from = (const u64 *)(const void *)r;
    u64 *to = (u64 *)(void *)sum;

    _Static_assert(sizeof(struct reach) % sizeof(u64) == 0, "counters only");
    for (size_t i = 0; i < sizeof(*r) / sizeof(u64); i++)
        to[i] += from[i];
}

bool reach_effect(const struct reach *r, enum choice_kind kind, u64 *times)
{
    static const enum mishap_kind mishap[CHOICE_KINDS] = {
        [CHOICE_LOSE] = MISHAP_LOSE,   [CHOICE_DELAY] = MISHAP_DELAY,
        [CHOICE_TWICE] = MISHAP_TWICE, [CHOICE_LAG] = MISHAP_LAG,
        [CHOICE_HOLD] = MISHAP_HOLD,   [CHOICE_REFUSE] = MISHAP_REFUSE,
        [CHOICE_CRASH] = MISHAP_CRASH,
    };

    if (kind >= CHOICE_LOSE && kind <= CHOICE_CRASH)
        *times = r->met.met[mishap[kind]];
    else if (kind == CHOICE_DOWN)
        *times = r->met.downs;
    else if (kind == CHOICE_HALT)
        *times = r->met.halts;
    else if (kind == CHOICE_RUN)
        *times = r->met.lost;
    else if (kind == CHOICE_SET)
        *times = r->logs[LOG_ParamChanged];
    else if (kind == CHOICE_SHRINK)
        *times = r->logs[LOG_TokenShrunk];
    else if (kind == CHOICE_TOKEN)
        *times = r->logs[LOG_TokenSet];
    else
        return false;
    return true;
}

/* ---- the chain ---- */

struct reaching {
    struct reach *r;
    u32 providers, users;
    bool8 *suspended;      /* by provider's id */
    u8 (*jobs)[USER_JOBS]; /* state of each place, by user */
    u8 (*workloads)[PROVIDER_LEASES];
};

static void saw_closed(struct reach *r, const struct log_lease_closed *l)
{
    static const enum edge made[] = {
        [LEASE_EXPIRED] = EDGE_MADE_EXPIRED,        [LEASE_INSUFFICIENT] = EDGE_MADE_INSUFFICIENT,
        [LEASE_PROVIDER_BREACH] = EDGE_MADE_BREACH, [LEASE_USER] = EDGE_MADE_BY_USER,
        [LEASE_PROVIDER] = EDGE_MADE_BY_PROVIDER,   [LEASE_UPDATED] = EDGE_MADE_UPDATED,
    };
    static const enum edge confirmed[] = {
        [LEASE_EXPIRED] = EDGE_CONFIRMED_EXPIRED,
        [LEASE_INSUFFICIENT] = EDGE_CONFIRMED_INSUFFICIENT,
        [LEASE_PROVIDER_BREACH] = EDGES_OF_CHAIN,
        [LEASE_USER] = EDGE_CONFIRMED_BY_USER,
        [LEASE_PROVIDER] = EDGE_CONFIRMED_BY_PROVIDER,
        [LEASE_UPDATED] = EDGE_CONFIRMED_UPDATED,
    };
    enum edge e = (l->confirmed ? confirmed : made)[l->reason];

    if (e == EDGES_OF_CHAIN)
        r->odd_edges++; /* who confirmed has not breached */
    else
        r->edges[e]++;
}

static void saw_tier(struct reach *r, const struct log_tier_changed *l)
{
    if (l->to < l->from)
        r->edges[EDGE_TIER_UP_1 + l->to - 1]++;
    else
        r->edges[EDGE_TIER_DOWN_1 + l->from - 1]++;
}

static void saw_stake(struct reach *r, const struct log_stake_moved *l)
{
    if (l->cause == CAUSE_STAKE)
        r->edges[EDGE_STAKED]++;
    else if (l->cause == CAUSE_UNSTAKE)
        r->edges[EDGE_UNSTAKED]++;
    else if (l->cause == CAUSE_UNBONDED)
        r->edges[EDGE_UNBONDED]++;
    else if (l->cause == CAUSE_AUTO_STAKE)
        r->edges[EDGE_AUTO_STAKED]++;
}

static void saw_slash(struct reach *r, const struct log_slashed *l)
{
    static const enum edge slashes[] = {
        [SLASH_STANDBY] = EDGE_SLASHED_STANDBY,
        [SLASH_DEPLOYMENT] = EDGE_SLASHED_DEPLOYMENT,
        [SLASH_BREACH] = EDGE_SLASHED_BREACH,
        [SLASH_MISCONDUCT] = EDGE_SLASHED_MISCONDUCT,
    };

    r->edges[slashes[l->cause]]++;
}

static void saw_standing(struct reaching *x, const struct log_provider_era *l)
{
    if (l->provider > x->providers)
        return;
    if (l->suspended && !x->suspended[l->provider])
        x->r->edges[EDGE_PROVIDER_SUSPENDED]++;
    if (!l->suspended && x->suspended[l->provider])
        x->r->edges[EDGE_PROVIDER_RESUMED]++;
    x->suspended[l->provider] = l->suspended != 0;
}

/* Of logs that are one edge each. */
static enum edge plain_edge(const struct log *l)
{
    static const enum edge by_kind[LOG_KINDS] = {
        [LOG_OrderMatched] = EDGE_ORDER_MATCHED + 1,
        [LOG_OrderCreated] = EDGE_ORDER_MADE + 1,
        [LOG_OrderExpired] = EDGE_ORDER_EXPIRED + 1,
        [LOG_LeaseConfirmed] = EDGE_LEASE_CONFIRMED + 1,
        [LOG_LeaseExtended] = EDGE_LEASE_EXTENDED + 1,
        [LOG_LeaseEnding] = EDGE_LEASE_WARNED + 1,
        [LOG_LeaseRated] = EDGE_LEASE_RATED + 1,
        [LOG_ProviderProposed] = EDGE_PROVIDER_PROPOSED + 1,
        [LOG_ProviderApproved] = EDGE_PROVIDER_APPROVED + 1,
        [LOG_ProviderActive] = EDGE_PROVIDER_ACTIVE + 1,
        [LOG_ProviderUp] = EDGE_OUTAGE_OVER + 1,
        [LOG_ChainHalted] = EDGE_CHAIN_HALTED + 1,
        [LOG_EraClosed] = EDGE_ERA_CLOSED + 1,
        [LOG_ParamChanged] = EDGE_PARAM_CHANGED + 1,
        [LOG_TokenShrunk] = EDGE_TOKEN_SHRUNK + 1,
        [LOG_WalletCreated] = EDGE_WALLET_MADE + 1,
        [LOG_Deposited] = EDGE_WALLET_FUNDED + 1,
        [LOG_Withdrawn] = EDGE_WALLET_DRAWN + 1,
        [LOG_WalletTransferred] = EDGE_WALLET_GIVEN + 1,
    };

    return by_kind[l->kind] == 0 ? EDGES : by_kind[l->kind] - 1;
}

/* The edge hangs on a field. */
static enum edge field_edge(const struct log *l)
{
    switch ((int)l->kind) {
    case LOG_OrderCancelled:
        return EDGE_ORDER_TAKEN_BACK + l->u.order_cancelled.reason;
    case LOG_LeaseCreated:
        return l->u.lease_created.replaces == 0 ? EDGE_LEASE_MADE : EDGE_LEASE_UPDATED_INTO;
    case LOG_ProviderExited:
        return l->u.provider_exited.struck ? EDGE_PROVIDER_STRUCK : EDGE_PROVIDER_EXITING;
    case LOG_ProviderDown:
        return l->u.provider_down.announced ? EDGE_OUTAGE_ANNOUNCED : EDGE_OUTAGE_SILENT;
    case LOG_TokenSet:
        return l->u.token_set.enabled ? EDGE_TOKEN_ON : EDGE_TOKEN_OFF;
    default:
        return EDGES;
    }
}

static void on_log(void *about, const struct log *l)
{
    struct reaching *x = about;
    enum edge e = plain_edge(l);

    x->r->logs[l->kind]++;
    if (e == EDGES)
        e = field_edge(l);
    if (e != EDGES)
        x->r->edges[e]++;
    else if (l->kind == LOG_LeaseClosed)
        saw_closed(x->r, &l->u.lease_closed);
    else if (l->kind == LOG_TierChanged)
        saw_tier(x->r, &l->u.tier_changed);
    else if (l->kind == LOG_StakeMoved)
        saw_stake(x->r, &l->u.stake_moved);
    else if (l->kind == LOG_Slashed)
        saw_slash(x->r, &l->u.slashed);
    else if (l->kind == LOG_ProviderEra)
        saw_standing(x, &l->u.provider_era);
}

static void on_block(void *about, const struct chain *chain, const struct block *b, u32 taken)
{
    struct reaching *x = about;

    (void)chain;
    for (u32 i = 0; i < taken; i++) {
        x->r->errs[b->txs[i].err]++;
        x->r->txs[b->txs[i].tx.kind]++;
    }
}

/* ---- the actors ---- */

/* e 0: no row names the change. */
static void saw_change(struct reach *r, bool none, enum edge e)
{
    if (none)
        return;
    r->odd_edges += e == 0;
    if (e != 0)
        r->edges[e]++;
}

static void saw_job(struct reach *r, u32 from, u32 to)
{
    static const enum edge edges[USER_JOB_RUNNING + 1][USER_JOB_RUNNING + 1] = {
#define JOB(FROM, TO) [USER_JOB_##FROM][USER_JOB_##TO] = EDGE_JOB_##FROM##_##TO,
#define WORKLOAD(FROM, TO)
#include "sim/swarm/job_edges.def"
#undef JOB
#undef WORKLOAD
    };

    saw_change(r, from == to, edges[from][to]);
}

static void saw_workload(struct reach *r, u32 from, u32 to)
{
    static const enum edge edges[PROVIDER_LEASE_RUNNING + 1][PROVIDER_LEASE_RUNNING + 1] = {
#define JOB(FROM, TO)
#define WORKLOAD(FROM, TO)                                                                         \
    [PROVIDER_LEASE_##FROM][PROVIDER_LEASE_##TO] = EDGE_WORKLOAD_##FROM##_##TO,
#include "sim/swarm/job_edges.def"
#undef JOB
#undef WORKLOAD
    };

    saw_change(r, from == to, edges[from][to]);
}

static void on_dispatch(void *about, const struct world *world, u32 actor)
{
    struct reaching *x = about;
    const void *state = world_state(world, (struct actor_id){actor});

    if (actor < x->providers) {
        const struct provider *p = state;
        for (u32 i = 0; i < PROVIDER_LEASES; i++) {
            u8 now = i < p->places ? p->leases[i].state : (u8)PROVIDER_LEASE_NONE;
            saw_workload(x->r, x->workloads[actor][i], now);
            x->workloads[actor][i] = now;
        }
        return;
    }
    const struct user *u = state;
    u8 *seen = x->jobs[actor - x->providers];
    for (u32 i = 0; i < USER_JOBS; i++) {
        u8 now = i < u->places ? u->place[i].job.state : (u8)USER_JOB_FREE;
        saw_job(x->r, seen[i], now);
        seen[i] = now;
    }
}

static void at_end(void *about, const struct mishap_tally *met)
{
    struct reaching *x = about;

    x->r->met = *met;
}

struct reaching *reaching_open(struct reach *r, u32 providers, u32 users)
{
    struct reaching *x = calloc(1, sizeof(*x));

    if (x == NULL)
        return NULL;
    *x = (struct reaching){.r = r, .providers = providers, .users = users};
    x->suspended = calloc(providers + 1u, sizeof(*x->suspended));
    x->jobs = calloc(users + 1u, sizeof(*x->jobs));
    x->workloads = calloc(providers + 1u, sizeof(*x->workloads));
    if (x->suspended != NULL && x->jobs != NULL && x->workloads != NULL)
        return x;
    reaching_close(x);
    return NULL;
}

struct run_watcher reaching_watcher(struct reaching *x)
{
    return (struct run_watcher){x, on_block, on_log, on_dispatch, at_end};
}

void reaching_close(struct reaching *x)
{
    free(x->suspended);
    free(x->jobs);
    free(x->workloads);
    free(x);
}
