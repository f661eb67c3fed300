#include "actors/user.h"

#include "actors/user_job.h"

#include <string.h>

/* Before what failed for want of gas is tried again. */
#define AGAIN_S 60u

static void start(struct env *env)
{
    env_submit(env, &(struct tx){.kind = TX_CREATE_WALLET});
}

static void ready(struct user *u, struct env *env)
{
    u->ready = true;
    user_jobs_order(u, env);
}

static void deposit(const struct user *u, struct env *env)
{
    env_submit(env, &(struct tx){.kind = TX_DEPOSIT,
                                 .u.deposit = {.wallet = u->wallet,
                                               .token = u->config.token,
                                               .amount = u->config.deposit}});
}

static void on_wallet(struct user *u, struct env *env, enum err err, u64 wallet)
{
    if (err == ERR_OutOfGas)
        env_timer(env, (struct span){SEC(AGAIN_S)}, USER_BEGINS, 0);
    if (err != ERR_None || u->wallet != 0)
        return;
    check(wallet != 0 && wallet <= UINT32_MAX);
    u->wallet = (u32)wallet;
    if (amount_cmp(u->config.deposit, AMOUNT(0)) == 0) {
        ready(u, env);
        return;
    }
    deposit(u, env);
}

/* Answers to what it submitted; the tag is the job's serial, 0 at the start.  What is not named
 * needs no answer: the chain's logs tell. */
static void on_result(struct user *u, struct env *env, const struct event *e)
{
    enum tx_kind kind = e->u.result.tx;
    enum err err = e->u.result.err;
    struct user_job *j = user_job_find(u, e->u.result.tag);

    if (err != ERR_None)
        u->refusals++;
    if (kind == TX_CREATE_WALLET)
        on_wallet(u, env, err, e->u.result.id);
    else if (kind == TX_DEPOSIT && e->u.result.tag == 0)
        ready(u, env); /* refused or not: an order tops up what it lacks */
    else if (kind == TX_DEPOSIT && j != NULL)
        user_job_funded(u, env, j, err);
    else if (kind == TX_CREATE_ORDER && j != NULL)
        user_job_created(u, env, j, err, e->u.result.id);
    else if (kind == TX_EXTEND && j != NULL)
        user_job_extended(u, env, j, err);
}

static void running(struct user_job *j)
{
    if (j != NULL && j->state == USER_JOB_LEASED)
        j->state = USER_JOB_RUNNING;
}

static void unmatched(struct user *u, struct env *env, u64 order, u32 reason)
{
    struct user_job *j = user_job_of_order(u, order);

    if (j != NULL && j->state == USER_JOB_OPEN)
        user_job_unmatched(u, env, j, reason);
}

/* settled 112: "moves with leases", "open orders move too"; what follows needs another one. */
static void wallet_given(struct user *u, struct env *env)
{
    for (u32 i = 0; i < u->places; i++) {
        struct user_job *j = &u->place[i].job;
        if (j->order != 0 || j->lease != 0)
            user_job_drop(u, j);
    }
    u->wallet = 0;
    u->ready = false;
    start(env);
}

static void on_log(struct user *u, struct env *env, const struct log *l)
{
    if (l->kind == LOG_OrderExpired)
        unmatched(u, env, l->u.order_expired.order, UNMATCHED_NOBODY);
    else if (l->kind == LOG_OrderCancelled)
        unmatched(u, env, l->u.order_cancelled.order, l->u.order_cancelled.reason);
    else if (l->kind == LOG_LeaseCreated)
        user_job_leased(u, env, &l->u.lease_created);
    else if (l->kind == LOG_LeaseConfirmed)
        running(user_job_of_lease(u, l->u.lease_confirmed.lease));
    else if (l->kind == LOG_LeaseEnding)
        user_job_ending(u, env, &l->u.lease_ending);
    else if (l->kind == LOG_LeaseClosed)
        user_job_closed(u, env, &l->u.lease_closed);
    else if (l->kind == LOG_ProviderDown)
        user_jobs_down(u, env, &l->u.provider_down);
    else if (l->kind == LOG_ProviderUp)
        user_jobs_up(u, &l->u.provider_up);
    else if (l->kind == LOG_WalletTransferred && l->u.wallet_transferred.wallet == u->wallet)
        wallet_given(u, env);
}

static void on_timer(struct user *u, struct env *env, enum user_timer timer, u64 about)
{
    struct user_job *j = user_job_find(u, about);

    if (timer == USER_ORDERS)
        user_jobs_order(u, env);
    else if (timer == USER_BEGINS && u->wallet == 0)
        start(env);
    else if (timer == USER_OUTAGE)
        user_jobs_leave(u, env, about);
    else if (j == NULL)
        return; /* the job has ended */
    else if (timer == USER_RETRIES)
        user_job_retry(u, env, j);
    else if (timer == USER_PATIENCE)
        user_job_impatient(u, env, j);
    else if (timer == USER_MANIFEST)
        user_job_manifest(u, env, j);
    else if (timer == USER_LIFETIME)
        user_job_lifetime(u, env, j);
    else if (timer == USER_UPDATES)
        user_job_update(u, env, j);
}

/* Its settings stand in a file; what it was asked to run is lost with the rest.  What it counted is
 * kept by whoever watches it. */
static void forget(struct user *u)
{
    for (u32 i = 0; i < u->places; i++)
        u->given_up += u->place[i].job.state != USER_JOB_FREE;
    memset(u->place, 0, u->places * sizeof(u->place[0]));
    u->wallet = u->uses = u->places = 0;
    u->ready = false;
}

/* The chain went back: what is gone of its beginning is done again, then each job goes on from
 * where it is left. */
static void reverted(struct user *u, struct env *env, const struct reverted *r)
{
    bool pays = amount_cmp(u->config.deposit, AMOUNT(0)) > 0;

    if (r->forgets)
        forget(u);
    u->wallet = r->wallet;
    u->ready = r->wallet != 0 && (r->funded || !pays);
    if (u->wallet == 0)
        start(env);
    else if (!u->ready)
        deposit(u, env);
    user_jobs_reverted(u, env, r);
}

static void take_event(struct user *u, struct env *env, const struct event *e)
{
    switch (e->kind) {
    case EVENT_START:
        start(env);
        return;
    case EVENT_TIMER:
        on_timer(u, env, (enum user_timer)e->u.timer.tag, e->u.timer.about);
        return;
    case EVENT_MESSAGE: /* REFUSED: the manifest is sent again in a while */
        if (e->u.message.msg.kind == MSG_READY)
            running(user_job_of_lease(u, e->u.message.msg.u.ready.lease));
        return;
    case EVENT_RESULT:
        on_result(u, env, e);
        return;
    case EVENT_LOG:
        on_log(u, env, &e->u.log);
        return;
    case EVENT_DEMAND:
        user_job_begin(u, env, &e->u.demand);
        return;
    case EVENT_REVERTED:
        reverted(u, env, &e->u.reverted);
        return;
    case EVENT_STANDS:
        user_job_stands(u, env, &e->u.log);
        return;
    case EVENT_RESUME:
    case EVENT_KINDS:
        return;
    }
    check_unreachable();
}

static void user_on_event(struct user *u, struct env *env, const struct event *e)
{
    take_event(u, env, e);
    user_jobs_trim(u);
}

ACTOR_KIND_WITH_PLACES(user, place, places,
                       .logs = KIND_BIT(LOG_OrderExpired) | KIND_BIT(LOG_WalletTransferred) |
                               KIND_BIT(LOG_OrderCancelled) | KIND_BIT(LOG_LeaseCreated) |
                               KIND_BIT(LOG_LeaseConfirmed) | KIND_BIT(LOG_LeaseEnding) |
                               KIND_BIT(LOG_LeaseClosed) | KIND_BIT(LOG_ProviderDown) |
                               KIND_BIT(LOG_ProviderUp),
                       .answers = KIND_BIT(TX_CREATE_WALLET) | KIND_BIT(TX_DEPOSIT) |
                                  KIND_BIT(TX_CREATE_ORDER) | KIND_BIT(TX_EXTEND),
                       .refusals = ~(u64)0); /* it counts them */
