#include "actors/provider_lease.h"

#include "protocol/mutant.h"

/* A container engine waits so long before a restart: 10 s, then twice as long each time, at most
 * 300 s (the kubelet's CrashLoopBackOff). */
#define RESTART_FIRST_S 10u
#define RESTART_MAX_S 300u

struct provider_lease *provider_lease_find(struct provider *p, u64 lease)
{
    for (u32 i = 0; i < p->places; i++)
        if (p->leases[i].state != PROVIDER_LEASE_NONE && p->leases[i].lease == lease)
            return &p->leases[i];
    return NULL;
}

static struct provider_lease *find_serial(struct provider *p, u32 serial)
{
    for (u32 i = 0; i < p->places; i++)
        if (p->leases[i].state != PROVIDER_LEASE_NONE && p->leases[i].serial == serial)
            return &p->leases[i];
    return NULL;
}

static struct provider_lease *find_free(struct provider *p)
{
    for (u32 i = 0; i < p->places; i++)
        if (p->leases[i].state == PROVIDER_LEASE_NONE)
            return &p->leases[i];
    return p->places < PROVIDER_LEASES ? &p->leases[p->places++] : NULL;
}

static void capacity_take(struct provider *p, struct provider_lease *e,
                          const struct log_lease_created *l)
{
    e->cpu = l->specs.cpu * l->replicas;
    e->ram_gib = l->specs.ram_gib * l->replicas;
    e->disk_gib = l->specs.disk_gib * l->replicas;
    e->gpus = (u16)(l->specs.gpus * l->replicas);
    e->gpu_line = (u8)(l->specs.gpus != 0 ? l->gpu_line : 0);
    check(e->gpu_line < GPU_LINES);
    p->used_cpu += e->cpu;
    p->used_ram_gib += e->ram_gib;
    p->used_disk_gib += e->disk_gib;
    p->used_gpus[e->gpu_line] += e->gpus;
}

static void capacity_return(struct provider *p, const struct provider_lease *e)
{
    p->used_cpu -= e->cpu;
    p->used_ram_gib -= e->ram_gib;
    p->used_disk_gib -= e->disk_gib;
    p->used_gpus[e->gpu_line] -= e->gpus;
}

/* The flag says whose fault it is: settled 42. */
static void lease_close(struct env *env, u64 lease, bool8 image_failed)
{
    env_submit(env, &(struct tx){.kind = TX_CLOSE_LEASE,
                                 .u.close_lease = {.lease = lease, .image_failed = image_failed}});
}

/* The update of a lease: the workload stays, its lease and its size are others. */
static void lease_replace(struct provider *p, struct provider_lease *e,
                          const struct log_lease_created *l)
{
    capacity_return(p, e);
    capacity_take(p, e, l);
    e->replaces = e->lease;
    e->lease = l->lease;
}

static bool has_ended(const struct provider *p, u64 lease)
{
    for (u32 i = 0; i < PROVIDER_ENDED; i++)
        if (p->ended[i] == lease)
            return true;
    return false;
}

void provider_on_lease(struct provider *p, struct env *env, const struct log_lease_created *l)
{
    struct provider_lease *e = l->replaces != 0 ? provider_lease_find(p, l->replaces) : NULL;

    if (e != NULL) {
        lease_replace(p, e, l);
        return;
    }
    if (provider_lease_find(p, l->lease) != NULL || has_ended(p, l->lease))
        return; /* it came before */
    e = find_free(p);
    if (e == NULL) {
        p->turned_away++;
        lease_close(env, l->lease, false);
        return;
    }
    *e = (struct provider_lease){.lease = l->lease,
                                 .tenant = l->tenant,
                                 .serial = ++p->serial,
                                 .token = (u8)l->token,
                                 .state = PROVIDER_LEASE_MADE};
    capacity_take(p, e, l);
    p->lease_count++;
    if (p->config.closes_after_s != 0) {
        u64 at_s = l->start_s + p->config.closes_after_s, now_s = env_now_s(env);
        env_timer(env, (struct span){SEC(at_s > now_s ? at_s - now_s : 0)}, PROVIDER_CLOSES,
                  e->serial);
    }
}

static void lease_drop(struct provider *p, struct provider_lease *e)
{
    capacity_return(p, e);
    p->lease_count--;
    *e = (struct provider_lease){0};
    while (p->places > 0 && p->leases[p->places - 1].state == PROVIDER_LEASE_NONE)
        p->places--;
}

static void lease_forget(struct provider *p, struct provider_lease *e)
{
    p->ended[p->ended_at] = e->lease;
    p->ended_at = (p->ended_at + 1) % PROVIDER_ENDED;
    lease_drop(p, e);
}

/* What a lease brought stays in the escrow until it is claimed (settled 155). */
static void income_add(struct provider *p, const struct log_lease_closed *l)
{
    if (l->token < PROVIDER_TOKENS &&
        !amount_add(&p->unclaimed[l->token], p->unclaimed[l->token], l->to_provider))
        check_unreachable(); /* no token has a supply that large */
}

/* The old lease of an update, before or after the log of the new one. */
static void updated(struct provider *p, const struct log_lease_closed *l)
{
    for (u32 i = 0; i < p->places; i++) {
        struct provider_lease *e = &p->leases[i];
        if (e->state == PROVIDER_LEASE_NONE || e->counted == l->lease ||
            (e->lease != l->lease && e->replaces != l->lease))
            continue;
        e->counted = l->lease;
        income_add(p, l);
    }
}

void provider_on_closed(struct provider *p, const struct log_lease_closed *l)
{
    struct provider_lease *e = provider_lease_find(p, l->lease);

    if (l->reason == LEASE_UPDATED) {
        updated(p, l);
        return;
    }
    if (e == NULL)
        return;
    income_add(p, l);
    if (!MUTATED(WORKLOAD_STAYS))
        lease_forget(p, e);
}

static void say_ready(const struct provider_lease *e, struct env *env)
{
    env_send(
        env, e->tenant,
        &(struct msg){.kind = MSG_READY, .u.ready = {.lease = e->lease, .second = env_now_s(env)}});
}

/* Milliseconds that the start of this workload takes. */
static u64 activation_ms(const struct provider *p, const struct env *env, u64 name)
{
    u64 min = p->config.activation_min_ms, max = p->config.activation_max_ms;

    return max > min ? min + draw_below(env->draw, DRAW_ACTIVATION, name, max - min + 1) : min;
}

/* Only a mutant does: a place for a lease that has ended. */
static struct provider_lease *run_again(struct provider *p, u64 lease, u32 tenant)
{
    struct provider_lease *e = find_free(p);

    *e = (struct provider_lease){
        .lease = lease, .tenant = tenant, .serial = ++p->serial, .state = PROVIDER_LEASE_MADE};
    p->lease_count++;
    return e;
}

void provider_on_manifest(struct provider *p, struct env *env, u32 tenant,
                          const struct msg_manifest *m)
{
    struct provider_lease *e = provider_lease_find(p, m->lease);

    if (MUTATED(MANIFEST_AGAIN) && e == NULL && has_ended(p, m->lease) &&
        p->places < PROVIDER_LEASES)
        e = run_again(p, m->lease, tenant);
    if (e == NULL || e->tenant != tenant) {
        env_send(env, tenant, &(struct msg){.kind = MSG_REFUSED, .u.refused = {.lease = m->lease}});
        return;
    }
    if (e->state == PROVIDER_LEASE_RUNNING)
        say_ready(e, env); /* the first one was lost */
    if (e->state != PROVIDER_LEASE_MADE)
        return;
    e->state = PROVIDER_LEASE_STARTING;
    e->name = m->digest;
    e->fail_after_s = m->fail_after_s < UINT32_MAX ? (u32)m->fail_after_s : UINT32_MAX;
    e->image_failed = m->image_failed != 0;
    if (!p->config.never_activates)
        env_timer(env, (struct span){MSEC(activation_ms(p, env, e->name))}, PROVIDER_ACTIVATED,
                  e->serial);
}

bool provider_crash_loop_s(u32 restarts, u64 window_s, u64 *after_s)
{
    u64 sum = 0, wait = RESTART_FIRST_S;

    for (u32 i = 0; i < restarts; i++) {
        sum += wait;
        wait = 2 * wait < RESTART_MAX_S ? 2 * wait : RESTART_MAX_S;
        if (sum > window_s)
            return false; /* the first restarts are the closest */
    }
    *after_s = sum;
    return restarts != 0;
}

static void confirm(struct env *env, const struct provider_lease *e)
{
    env_submit(env, &(struct tx){.kind = TX_CONFIRM, .u.confirm = {.lease = e->lease}});
}

/* settled 116: "the provider confirms by transaction" */
static void activated(struct provider *p, struct env *env, struct provider_lease *e)
{
    u64 loop_s;

    if (e->state != PROVIDER_LEASE_STARTING)
        return;
    e->state = PROVIDER_LEASE_RUNNING;
    confirm(env, e);
    say_ready(e, env);
    if (e->fail_after_s != 0 &&
        provider_crash_loop_s(p->config.crash_restarts, p->config.crash_window_s, &loop_s))
        env_timer(env, (struct span){SEC(e->fail_after_s + loop_s)}, PROVIDER_CRASHED, e->serial);
}

/* Numbers of leases are given again, so those that ended are no sign any more. */
void provider_leases_reverted(struct provider *p, u64 last_lease)
{
    for (u32 i = 0; i < p->places; i++)
        if (p->leases[i].state != PROVIDER_LEASE_NONE && p->leases[i].lease > last_lease)
            lease_drop(p, &p->leases[i]);
    for (u32 i = 0; i < PROVIDER_ENDED; i++)
        p->ended[i] = 0;
}

/* One that had ended here waits for its manifest again. */
void provider_lease_stands(struct provider *p, struct env *env, const struct log_lease_created *l)
{
    const struct provider_lease *e = provider_lease_find(p, l->lease);

    if (e == NULL)
        provider_on_lease(p, env, l);
    else if (e->state == PROVIDER_LEASE_RUNNING)
        confirm(env, e); /* refused where the first one is left */
}

void provider_on_workload(struct provider *p, struct env *env, enum provider_timer timer,
                          u32 serial)
{
    struct provider_lease *e = find_serial(p, serial);

    if (e == NULL)
        return;
    switch (timer) {
    case PROVIDER_ACTIVATED:
        activated(p, env, e);
        return;
    case PROVIDER_CRASHED: /* settled 147: "closes with reason `provider`" */
        lease_close(env, e->lease, e->image_failed);
        return;
    case PROVIDER_CLOSES:
        lease_close(env, e->lease, false);
        return;
    case PROVIDER_CLAIMS:
    case PROVIDER_BEGINS:
        break;
    }
    check_unreachable();
}
