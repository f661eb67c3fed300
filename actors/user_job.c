#include "actors/user_job.h"

#include "protocol/lease_money.h"

/* An order that found nobody is made again after this, doubled with each try. */
#define RETRY_FIRST_S 60u
#define RETRY_DOUBLINGS 5u

#define TOP_UPS_MAX 8u /* for one order or extension */

/* A serial is (uses so far) x USER_JOBS + place, so that its place is found without a search. */
struct user_job *user_job_find(struct user *u, u64 serial)
{
    u32 i = (u32)(serial % USER_JOBS);
    struct user_job *j = &u->place[i].job;

    return i < u->places && j->state != USER_JOB_FREE && j->serial == serial ? j : NULL;
}

struct user_job *user_job_of_order(struct user *u, u64 order)
{
    for (u32 i = 0; i < u->places; i++)
        if (u->place[i].job.state != USER_JOB_FREE && u->place[i].job.order == order)
            return &u->place[i].job;
    return NULL;
}

struct user_job *user_job_of_lease(struct user *u, u64 lease)
{
    for (u32 i = 0; i < u->places; i++)
        if (u->place[i].job.state != USER_JOB_FREE && u->place[i].job.lease == lease)
            return &u->place[i].job;
    return NULL;
}

struct demand *user_job_demand(struct user *u, const struct user_job *j)
{
    return &u->place[j->serial % USER_JOBS].demand;
}

void user_job_drop(struct user *u, struct user_job *j)
{
    u->given_up++;
    *j = (struct user_job){0};
}

/* Order again in a while, if patience lasts so long. */
static void wait_for(struct user *u, struct env *env, struct user_job *j, u64 wait_s)
{
    if (j->over || (j->deadline_s != 0 && env_now_s(env) + wait_s >= j->deadline_s)) {
        user_job_drop(u, j);
        return;
    }
    j->order = 0;
    j->state = USER_JOB_WAITING;
    env_timer(env, (struct span){SEC(wait_s)}, USER_RETRIES, j->serial);
}

/* The network is full, or money has to come back first. */
static void wait(struct user *u, struct env *env, struct user_job *j)
{
    u64 wait_s = RETRY_FIRST_S << j->tries;

    if (j->tries < RETRY_DOUBLINGS)
        j->tries++;
    wait_for(u, env, j, wait_s);
}

/* One provider that never starts says nothing of the next; from the second in a row on it waits,
 * lest it orders for ever in a network where none starts in time. */
static void wait_for_breach(struct user *u, struct env *env, struct user_job *j)
{
    const struct user_config *c = &u->config;
    u64 first_s = c->breach_wait_s != 0 ? c->breach_wait_s : RETRY_FIRST_S;
    u64 most_s =
        c->breach_wait_most_s != 0 ? c->breach_wait_most_s : RETRY_FIRST_S << RETRY_DOUBLINGS;
    u32 doublings = j->breaches - 2u;

    first_s <<= doublings < 16 ? doublings : 16; /* beyond any u16 */
    wait_for(u, env, j, first_s < most_s ? first_s : most_s);
}

/* At place i what stands in its demand, under a serial of its own: timers and answers of what was
 * there before are about another. */
static struct user_job *renew(struct user *u, const struct env *env, u32 i)
{
    u64 patience_s = u->place[i].demand.patience_s;
    struct user_job *j = &u->place[i].job;

    check(u->uses < UINT32_MAX / USER_JOBS - 1);
    *j = (struct user_job){.serial = ++u->uses * USER_JOBS + i, .state = USER_JOB_QUEUED};
    if (patience_s != 0)
        j->deadline_s = env_now_s(env) + patience_s;
    return j;
}

static struct user_job *begin(struct user *u, struct env *env, u32 i)
{
    struct user_job *j = renew(u, env, i);

    if (j->deadline_s != 0)
        env_timer(env, (struct span){SEC(u->place[i].demand.patience_s)}, USER_PATIENCE, j->serial);
    return j;
}

static void order_queued(struct user *u, struct env *env)
{
    if (u->ready)
        user_jobs_order(u, env);
}

/* USER_JOBS: all are taken. */
static u32 free_place(struct user *u)
{
    u32 i = 0;

    while (i < u->places && u->place[i].job.state != USER_JOB_FREE)
        i++;
    u->places += i == u->places && i < USER_JOBS;
    return i;
}

void user_job_begin(struct user *u, struct env *env, const struct demand *d)
{
    u32 i = free_place(u);

    if (i == USER_JOBS) {
        u->turned_away++;
        return;
    }
    u->place[i].demand = *d;
    (void)begin(u, env, i);
    order_queued(u, env);
}

void user_jobs_trim(struct user *u)
{
    while (u->places > 0 && u->place[u->places - 1].job.state == USER_JOB_FREE)
        u->place[--u->places] = (struct user_place){.job = {.order = 0}};
}

/* False: nothing is left. */
static bool take_off(u64 *left_s, u64 served_s)
{
    *left_s = *left_s > served_s ? *left_s - served_s : 0;
    return *left_s != 0;
}

void user_job_again(struct user *u, struct env *env, struct user_job *j, u64 served_s,
                    bool breached)
{
    struct demand *d = user_job_demand(u, j);
    u32 place = j->serial % USER_JOBS, breaches = breached ? j->breaches + 1u : 0;

    *j = (struct user_job){0};
    if (!take_off(d->lifetime_s != 0 ? &d->lifetime_s : &d->duration_s, served_s)) {
        u->done++;
        return;
    }
    j = begin(u, env, place);
    j->breaches = (u8)(breaches < UINT8_MAX ? breaches : UINT8_MAX);
    if (j->breaches > 1)
        wait_for_breach(u, env, j);
    else
        order_queued(u, env);
}

static void order(struct user *u, struct env *env, struct user_job *j)
{
    const struct demand *d = user_job_demand(u, j);

    j->state = USER_JOB_ORDERING;
    env_submit(env, &(struct tx){.kind = TX_CREATE_ORDER,
                                 .tag = j->serial,
                                 .u.create_order = {.wallet = u->wallet,
                                                    .token = d->token,
                                                    .specs = d->specs,
                                                    .replicas = d->replicas,
                                                    .max_price = d->max_price,
                                                    .duration_s = d->duration_s,
                                                    .region = d->region,
                                                    .tier_worst = d->tier_worst}});
}

void user_jobs_order(struct user *u, struct env *env)
{
    for (u32 i = 0; i < u->places; i++) {
        if (u->place[i].job.state != USER_JOB_QUEUED)
            continue;
        if (env->outbox->count == OUTBOX_MAX - 1) {
            env_timer(env, (struct span){0}, USER_ORDERS, 0);
            return;
        }
        order(u, env, &u->place[i].job);
    }
}

bool user_job_top_up(struct user *u, struct env *env, struct user_job *j, u64 seconds)
{
    const struct demand *d = user_job_demand(u, j);
    const struct user_config *c = &u->config;
    struct lease_lock lack;
    struct amount more;

    if (amount_cmp(c->top_up, AMOUNT(0)) == 0 || j->top_ups == TOP_UPS_MAX ||
        !lease_lock(&lack, d->max_price, seconds, lease_rates_of(env->params, d->token == 0)))
        return false;
    if (d->token == c->token && amount_mul(&more, c->top_up, (u64)1 << j->top_ups) &&
        amount_cmp(more, lack.sum) > 0)
        lack.sum = more;
    j->top_ups++;
    env_submit(env, &(struct tx){
                        .kind = TX_DEPOSIT,
                        .tag = j->serial,
                        .u.deposit = {.wallet = u->wallet, .token = d->token, .amount = lack.sum}});
    return true;
}

/* More money may help: deposit it, or wait for what other leases give back. */
static void fund(struct user *u, struct env *env, struct user_job *j)
{
    if (!j->over && user_job_top_up(u, env, j, user_job_demand(u, j)->duration_s))
        j->state = USER_JOB_FUNDING;
    else
        wait(u, env, j);
}

/* Refusals that no time and no money changes. */
static bool is_final(enum err err)
{
    return err == ERR_InvalidArgument || err == ERR_TokenNotRegistered ||
           err == ERR_NotWalletOwner || err == ERR_DurationTooLong || err == ERR_Overflow;
}

void user_job_cancel(struct env *env, struct user_job *j)
{
    j->over = true;
    env_submit(env, &(struct tx){.kind = TX_CANCEL_ORDER,
                                 .tag = j->serial,
                                 .u.cancel_order = {.order = j->order}});
}

void user_job_created(struct user *u, struct env *env, struct user_job *j, enum err err, u64 id)
{
    if (j->state != USER_JOB_ORDERING)
        return;
    if (err == ERR_None) {
        j->order = id;
        j->state = USER_JOB_OPEN;
        if (j->over)
            user_job_cancel(env, j);
    } else if (err == ERR_InsufficientBalance || err == ERR_BracketExceeded) {
        fund(u, env, j);
    } else if (is_final(err)) {
        user_job_drop(u, j);
    } else {
        wait(u, env, j);
    }
}

void user_job_unmatched(struct user *u, struct env *env, struct user_job *j, u32 reason)
{
    j->order = 0;
    if (reason == UNMATCHED_NOBODY)
        wait(u, env, j);
    else
        fund(u, env, j);
}

void user_job_funded(struct user *u, struct env *env, struct user_job *j, enum err err)
{
    if (j->extending) {
        j->extending = false;
        if (err == ERR_None)
            user_job_extend(u, env, j);
    } else if (j->state == USER_JOB_FUNDING && err == ERR_None) {
        order(u, env, j);
    } else if (j->state == USER_JOB_FUNDING) {
        wait(u, env, j);
    }
}

void user_job_retry(struct user *u, struct env *env, struct user_job *j)
{
    if (j->state == USER_JOB_WAITING)
        order(u, env, j);
}

void user_job_impatient(struct user *u, struct env *env, struct user_job *j)
{
    switch ((enum user_job_state)j->state) {
    case USER_JOB_QUEUED:
    case USER_JOB_FUNDING:
    case USER_JOB_WAITING:
        user_job_drop(u, j);
        return;
    case USER_JOB_ORDERING:
        j->over = true; /* cancelled when it has a number */
        return;
    case USER_JOB_OPEN:
        user_job_cancel(env, j);
        return;
    case USER_JOB_LEASED:
    case USER_JOB_RUNNING:
        return; /* it was served in time */
    case USER_JOB_FREE:
        break;
    }
    check_unreachable();
}

/* ---- the chain went back ---- */

static void order_again(struct user *u, struct user_job *j)
{
    if (j->over) {
        user_job_drop(u, j);
        return;
    }
    j->order = 0;
    j->state = USER_JOB_QUEUED;
}

/* Its timers are about a lease that never was, so it goes on under another serial.  Where the order
 * is left it is open, or has the lease of which this one was the update: an EVENT_STANDS says so.
 * No timer ends its new patience, for an outbox has no room for those of all jobs: it ends when the
 * order finds nobody. */
static void lease_gone(struct user *u, const struct env *env, struct user_job *j, u64 last_order)
{
    u64 order = j->order;

    j = renew(u, env, j->serial % USER_JOBS);
    if (order != 0 && order <= last_order) {
        j->order = order;
        j->state = USER_JOB_OPEN;
    }
}

static void job_reverted(struct user *u, const struct env *env, struct user_job *j,
                         const struct reverted *r)
{
    j->extending = false;
    switch ((enum user_job_state)j->state) {
    case USER_JOB_FUNDING:
    case USER_JOB_ORDERING:
        order_again(u, j);
        return;
    case USER_JOB_OPEN:
        if (j->order > r->order)
            order_again(u, j);
        return;
    case USER_JOB_LEASED:
    case USER_JOB_RUNNING:
        if (j->lease > r->lease)
            lease_gone(u, env, j, r->order);
        return;
    case USER_JOB_FREE:
    case USER_JOB_QUEUED:
    case USER_JOB_WAITING:
        return;
    }
    check_unreachable();
}

void user_jobs_reverted(struct user *u, struct env *env, const struct reverted *r)
{
    for (u32 i = 0; i < u->places; i++)
        job_reverted(u, env, &u->place[i].job, r);
    order_queued(u, env);
}
