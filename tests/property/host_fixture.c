#include "tests/property/host_fixture.h"

#include "protocol/hash.h"
#include "tests/test.h"

#include <string.h>

enum { TICK = 1, RETRY = 2 };

/* Talks to its neighbours by number, orders now and then, is a provider from the start. */
STATE_BEGIN
struct talker {
    u64 history;
    u32 member, ticks;
    u32 seen[EVENT_KINDS];
    u32 pad;
};
STATE_END

/* Numbers that the chain gives out in turn (providers, outages) are no part of the history: they
 * tell how many others there are. */
static void fold(struct talker *t, const struct event *e)
{
    u8 bytes[EVENT_BYTES_MAX];
    struct writer w = {bytes, sizeof(bytes)};
    struct event known = *e;

    if (e->kind == EVENT_RESULT)
        known.u.result.id = 0;
    if (e->kind == EVENT_LOG)
        put_u32(&w, (u32)e->u.log.kind);
    else
        event_encode(&w, &known);
    t->history = hash_bytes(t->history, bytes, sizeof(bytes) - w.left);
    t->seen[e->kind]++;
}

static void propose(struct env *env)
{
    struct tx tx = {.kind = TX_PROPOSE};

    tx.u.propose.machine.cpu = 8;
    tx.u.propose.machine.ram_gib = 32;
    tx.u.propose.machine.disk_gib = 100;
    tx.u.propose.tokens = 1;
    env_submit(env, &tx);
}

static void tick(struct talker *t, struct env *env)
{
    u64 draw = draw_u64(env->draw, DRAW_TEST, t->ticks);
    struct msg m = {.kind = MSG_READY};
    struct tx tx = {.kind = TX_TRANSFER, .tag = t->ticks};

    t->history = hash_mix(t->history, draw);
    m.u.ready.lease = t->ticks++;
    env_send(env, FIXTURE_ACCOUNT(t->member ^ 1), &m);
    if (draw % 3 == 0) {
        tx.u.transfer.to = FIXTURE_ACCOUNT(t->member ^ 1);
        tx.u.transfer.amount = AMOUNT(1 + draw % 5);
        env_submit(env, &tx);
    }
    env_timer(env, (struct span){SEC(20) + draw % SEC(40)}, TICK, draw);
}

static void talker_on_event(struct talker *t, struct env *env, const struct event *e)
{
    fold(t, e);
    t->history = hash_mix(t->history, env->now.ns);
    if (e->kind == EVENT_START)
        propose(env);
    if (e->kind == EVENT_START || (e->kind == EVENT_TIMER && e->u.timer.tag == TICK))
        tick(t, env);
}

/* Planted: it reads something that is no part of its state. */
static void impure_on_event(struct talker *t, struct env *env, const struct event *e)
{
    static u32 calls;

    talker_on_event(t, env, e);
    t->history += ++calls;
}

ACTOR_KIND(talker, HEARS_ALL);
static void impure_thunk(void *state, struct env *env, const struct event *event)
{
    impure_on_event(state, env, event);
}
static const struct actor_kind actor_impure = {.name = "impure",
                                               .state_size = sizeof(struct talker),
                                               .base_size = sizeof(struct talker),
                                               .on_event = impure_thunk,
                                               HEARS_ALL};

/* ---- the chain under it ---- */

static const u32 rtt_us_between[9] = {900, 60000, 90000, 60000, 900, 80000, 90000, 80000, 900};

struct fixture_chain *fixture_chain_open(u32 accounts)
{
    struct fixture_chain *c = calloc(1, sizeof(*c));
    struct genesis_token token = {.decimals = 18, .enabled = true, .usd_e8 = USD_E8(1)};
    struct genesis g = {.params = &params_default,
                        .tokens = &token,
                        .token_count = 1,
                        .rtt_us = rtt_us_between,
                        .regions = 3};
    struct amount funds[TOKENS_MAX] = {{WEI_E18(1000000)}};
    u8 address[20] = {0};

    EXPECT(c != NULL && reserve_open(&c->memory, "bytes of the chain", 1, state_bytes()));
    chain_init(&c->chain, c->memory.base, &g, &c->tally);
    for (u32 i = 1; i <= accounts; i++) {
        address[18] = (u8)(i >> 8);
        address[19] = (u8)i;
        u32 roles = ROLE_REPORTER | (i == FIXTURE_REPORTER ? ROLE_GOVERNANCE : 0u);
        EXPECT(chain_add_account(&c->chain, address, roles, 0, funds) == i);
    }
    return c;
}

void fixture_chain_close(struct fixture_chain *c)
{
    EXPECT(!c->tally.first.found);
    reserve_close(&c->memory);
    free(c);
}

/* ---- the network ---- */

static void actors_add(struct fixture *f, const struct fixture_plan *plan)
{
    for (u32 i = 0; i < plan->count; i++) {
        struct talker state = {.history = HASH_START, .member = plan->members[i]};
        bool impure = plan->impure && plan->members[i] == 0;
        struct actor_id id;
        EXPECT(world_add(&f->process.world, impure ? &actor_impure : &actor_talker, "talker",
                         state.member, FIXTURE_ACCOUNT(state.member), state.member % 2, &state,
                         &id));
    }
}

static void network_made(struct fixture *f, u64 seed, u32 loss_ppm)
{
    static const u64 rtt_us[4] = {2000, 90000, 90000, 3000};

    f->network = (struct network){
        .seed = seed, .rtt_us = rtt_us, .regions = 2, .loss_ppm = loss_ppm, .unknown_rtt_us = 1000};
    distribution_constant(&f->network.jitter, NETWORK_JITTER_ONE);
    for (u32 i = 0; i < DISTRIBUTION_KNOTS; i++) { /* 0.5 to 1.56: draws are seen in the times */
        f->network.jitter.knot[i] = NETWORK_JITTER_ONE / 2 + ((u64)i << 24);
        f->up_ns.knot[i] = SEC(60) + i * SEC(20);
        f->down_ns.knot[i] = SEC(1) + i * SEC(2);
    }
}

void fixture_open(struct fixture *f, const struct fixture_plan *plan)
{
    struct record_head head = {plan->seed, 0, 0};

    memset(f, 0, sizeof(*f));
    network_made(f, plan->seed, plan->loss_ppm);
    f->chain = fixture_chain_open(FIXTURE_ACCOUNT(FIXTURE_ACTORS_MAX));
    EXPECT(process_open(&f->process, &head, &f->chain->chain, FIXTURE_ACTORS_MAX));
    f->process.world.check_pure = plan->check_pure;
    f->process.on_record = plan->log != NULL ? record_log_put : NULL;
    f->process.record_about = plan->log;
    actors_add(f, plan);
    struct host_config config = {.process = &f->process,
                                 .network = &f->network,
                                 .reporter_account = FIXTURE_REPORTER,
                                 .providers_max = FIXTURE_ACTORS_MAX,
                                 .sinks = plan->sinks};
    f->host = host_sim_open(&config);
    EXPECT(f->host != NULL);
    for (u32 i = 0; plan->drawn && i < plan->count; i++) {
        struct host_actor facts = {.availability = {&f->up_ns, &f->down_ns, {3000}}};
        host_sim_actor(f->host, (struct actor_id){i}, &facts);
    }
}

void fixture_close(struct fixture *f)
{
    host_sim_close(f->host);
    process_close(&f->process);
    fixture_chain_close(f->chain);
}

void fixture_run(struct fixture *f, u64 until_s)
{
    EXPECT(host_sim_run(f->host, (struct instant){SEC(until_s)}));
}

struct actor_id fixture_actor(const struct fixture *f, u32 member)
{
    for (u32 i = 0; i < world_count(&f->process.world); i++) {
        struct actor_id id = {i};
        if (((const struct talker *)world_state(&f->process.world, id))->member == member)
            return id;
    }
    EXPECT(false); /* nobody is of that number */
    return (struct actor_id){0};
}

u64 fixture_history(const struct fixture *f, u32 member)
{
    const struct talker *t = world_state(&f->process.world, fixture_actor(f, member));
    return t->history;
}

u32 fixture_events(const struct fixture *f, u32 member, enum event_kind kind)
{
    const struct talker *t = world_state(&f->process.world, fixture_actor(f, member));
    return t->seen[kind];
}
