#include "actors/user_job.h"

#define MANIFEST_RETRY_S 30u /* no answer for so long: the manifest is sent again */

static bool has_lease(const struct user_job *j)
{
    return j->state == USER_JOB_LEASED || j->state == USER_JOB_RUNNING;
}

static struct span until(const struct env *env, u64 at_s)
{
    u64 at_ns = SEC(at_s);

    return (struct span){at_ns > env->now.ns ? at_ns - env->now.ns : 0};
}

/* §5.2.4: the tenant sends the manifest when the lease is made. */
void user_job_manifest(struct user *u, struct env *env, struct user_job *j)
{
    const struct demand *d = user_job_demand(u, j);

    if (j->state != USER_JOB_LEASED)
        return;
    env_send(env, j->provider_account,
             &(struct msg){.kind = MSG_MANIFEST,
                           .u.manifest = {.lease = j->lease,
                                          .digest = draw_u64(env->draw, DRAW_MANIFEST, d->id),
                                          .fail_after_s = d->fail_after_s,
                                          .image_failed = d->image_failed}});
    env_timer(env, (struct span){SEC(MANIFEST_RETRY_S)}, USER_MANIFEST, j->serial);
}

static void lease_close(struct env *env, struct user_job *j)
{
    j->closing = true;
    env_submit(env, &(struct tx){.kind = TX_CLOSE_LEASE,
                                 .tag = j->serial,
                                 .u.close_lease = {.lease = j->lease}});
}

/* The update was accepted: the same workload under a new lease. */
static void updated(struct user *u, struct env *env, struct user_job *j,
                    const struct log_lease_created *l)
{
    struct demand *d = user_job_demand(u, j);

    d->specs = l->specs;
    d->replicas = l->replicas;
    j->lease = l->lease;
    j->ending_s = 0;
    if (j->closing)
        lease_close(env, j); /* what was to be closed is this one now */
}

void user_job_leased(struct user *u, struct env *env, const struct log_lease_created *l)
{
    struct user_job *j = l->replaces != 0 ? user_job_of_lease(u, l->replaces) : NULL;
    const struct demand *d;

    if (j != NULL) {
        updated(u, env, j, l);
        return;
    }
    j = user_job_of_order(u, l->order);
    if (j == NULL || j->state != USER_JOB_OPEN)
        return;
    d = user_job_demand(u, j);
    j->state = USER_JOB_LEASED;
    j->lease = l->lease;
    j->start_s = l->start_s;
    j->provider = l->provider;
    j->provider_account = l->provider_account;
    j->over = false; /* it came before the cancellation */
    j->top_ups = 0;
    user_job_manifest(u, env, j);
    if (d->lifetime_s != 0)
        env_timer(env, until(env, l->start_s + d->lifetime_s), USER_LIFETIME, j->serial);
    if (d->update_after_s != 0)
        env_timer(env, until(env, l->start_s + d->update_after_s), USER_UPDATES, j->serial);
}

/* Seconds that an extension should add now; 0: none. */
static u64 extension_s(const struct user_job *j, const struct demand *d)
{
    u64 due_s = j->start_s + d->lifetime_s;

    if (d->lifetime_s == 0)
        return d->duration_s;
    if (due_s <= j->ending_s)
        return 0;
    return due_s - j->ending_s < d->duration_s ? due_s - j->ending_s : d->duration_s;
}

void user_job_extend(struct user *u, struct env *env, struct user_job *j)
{
    u64 seconds = extension_s(j, user_job_demand(u, j));

    if (!has_lease(j) || j->closing || seconds == 0)
        return;
    env_submit(env, &(struct tx){.kind = TX_EXTEND,
                                 .tag = j->serial,
                                 .u.extend = {.lease = j->lease, .seconds = seconds}});
}

void user_job_ending(struct user *u, struct env *env, const struct log_lease_ending *l)
{
    struct user_job *j = user_job_of_lease(u, l->lease);

    if (j == NULL || l->end_s <= j->ending_s || !user_job_demand(u, j)->extend)
        return;
    j->ending_s = l->end_s;
    j->top_ups = 0;
    user_job_extend(u, env, j);
}

/* An extension for which there is no money is paid for and asked again; refused for another reason
 * it lets the lease expire. */
void user_job_extended(struct user *u, struct env *env, struct user_job *j, enum err err)
{
    if (err == ERR_InsufficientBalance && has_lease(j))
        j->extending = user_job_top_up(u, env, j, extension_s(j, user_job_demand(u, j)));
}

void user_job_lifetime(struct user *u, struct env *env, struct user_job *j)
{
    if (!has_lease(j) || j->closing)
        return;
    check(env_now_s(env) >= j->start_s + user_job_demand(u, j)->lifetime_s);
    lease_close(env, j);
}

void user_job_update(struct user *u, struct env *env, struct user_job *j)
{
    struct demand *d = user_job_demand(u, j);

    if (!has_lease(j) || j->closing || d->update_after_s == 0)
        return;
    d->update_after_s = 0; /* once */
    env_submit(env, &(struct tx){.kind = TX_REQUEST_UPDATE,
                                 .tag = j->serial,
                                 .u.request_update = {.lease = j->lease,
                                                      .specs = d->update_specs,
                                                      .replicas = d->update_replicas,
                                                      .max_price = d->update_max_price}});
}

/* A workload that crashes is the user's own; whose lease the provider ended or never started may
 * order again; who was left for its outage does. */
void user_job_closed(struct user *u, struct env *env, const struct log_lease_closed *l)
{
    struct user_job *j = user_job_of_lease(u, l->lease);

    if (j == NULL || l->reason == LEASE_UPDATED)
        return;
    const struct demand *d = user_job_demand(u, j);
    bool is_failed = l->reason == LEASE_PROVIDER && d->fail_after_s != 0;
    bool is_lost =
        l->reason == LEASE_PROVIDER_BREACH || (l->reason == LEASE_PROVIDER && !is_failed);

    if ((l->reason == LEASE_USER && j->moves) || (is_lost && u->config.reorders)) {
        /* a lease that was never confirmed served nothing */
        user_job_again(u, env, j, l->confirmed ? l->end_s - j->start_s : 0,
                       is_lost && !l->confirmed);
        return;
    }
    if (is_failed)
        u->failed++;
    else if (is_lost)
        u->given_up++;
    else
        u->done++;
    *j = (struct user_job){0};
}

void user_jobs_down(struct user *u, struct env *env, const struct log_provider_down *l)
{
    bool is_news = false;

    if (u->config.outage_patience_s == 0)
        return;
    for (u32 i = 0; i < u->places; i++) {
        struct user_job *j = &u->place[i].job;
        if (!has_lease(j) || j->provider != l->provider || j->outage >= l->outage)
            continue;
        j->outage = l->outage;
        j->down = true;
        is_news = true;
    }
    if (is_news)
        env_timer(env, until(env, l->second + u->config.outage_patience_s), USER_OUTAGE, l->outage);
}

void user_jobs_up(struct user *u, const struct log_provider_up *l)
{
    for (u32 i = 0; i < u->places; i++)
        if (u->place[i].job.outage == l->outage)
            u->place[i].job.down = false;
}

/* settled 143: "then the user closes in the first block after and orders again" */
void user_jobs_leave(struct user *u, struct env *env, u64 outage)
{
    for (u32 i = 0; i < u->places; i++) {
        struct user_job *j = &u->place[i].job;
        if (!has_lease(j) || j->closing || !j->down || j->outage != outage)
            continue;
        if (env->outbox->count == OUTBOX_MAX - 1) {
            env_timer(env, (struct span){0}, USER_OUTAGE, outage); /* the others */
            return;
        }
        j->moves = true;
        lease_close(env, j);
    }
}

/* A workload that was done, or whose end is under way, needs its lease no more. */
static void lease_stands(struct user *u, struct env *env, const struct log_lease_created *l)
{
    struct user_job *j = user_job_of_lease(u, l->lease);
    struct user_job nobody = {.lease = l->lease};

    if (j == NULL) {
        user_job_leased(u, env, l);
        j = user_job_of_lease(u, l->lease);
    }
    if (j == NULL || j->closing)
        lease_close(env, j != NULL ? j : &nobody);
}

static void order_stands(struct user *u, struct env *env, const struct log_order_created *l)
{
    struct user_job *j = user_job_of_order(u, l->order);
    struct user_job nobody = {.order = l->order};

    if (j == NULL || j->over)
        user_job_cancel(env, j != NULL ? j : &nobody);
}

void user_job_stands(struct user *u, struct env *env, const struct log *l)
{
    if (l->kind == LOG_LeaseCreated)
        lease_stands(u, env, &l->u.lease_created);
    else if (l->kind == LOG_OrderCreated)
        order_stands(u, env, &l->u.order_created);
}
