/* Real providers and users on the host: the order index gives the outcome of a plain broadcast, a
 * restored run goes on as the straight one. */
#include "actors/provider.h"
#include "actors/user.h"
#include "tests/property/host_fixture.h"
#include "tests/test.h"

#include <string.h>

#define PROVIDERS 24u
#define USERS 6u
#define DEMANDS 300u
#define FACTS_MAX 20000u
#define REGIONS 3u
#define END_S 86410u /* an era and its close */

static u64 word(u64 seed, u64 name)
{
    struct drawer d = {seed, 0, 4};
    return draw_u64(&d, DRAW_TEST, name);
}

/* What came of it: matches and ends of leases, in order. */
struct facts {
    u32 count, matched, completed, bids;
    struct log logs[FACTS_MAX];
};

struct market {
    struct fixture_chain *chain;
    struct process process;
    struct network network;
    struct host_sim *host;
    u64 seed;
    u32 next; /* demand */
    struct facts facts;
};

static void see_log(void *about, const struct log *log, u64 slot, struct instant now)
{
    struct facts *f = &((struct market *)about)->facts;

    (void)slot, (void)now;
    f->matched += log->kind == LOG_OrderMatched;
    f->bids += log->kind == LOG_BidPlaced;
    f->completed += log->kind == LOG_LeaseClosed;
    if (log->kind != LOG_OrderMatched && log->kind != LOG_LeaseClosed)
        return;
    EXPECT(f->count < FACTS_MAX);
    f->logs[f->count++] = *log;
}

static bool next_demand(void *about, struct instant *at, struct actor_id *to, struct demand *d)
{
    struct market *m = about;
    u64 w = word(m->seed, 1000 + m->next);

    if (m->next == DEMANDS)
        return false;
    at->ns = SEC(1000) + SEC(40) * m->next + w % SEC(40);
    to->v = PROVIDERS + (u32)(w >> 40) % USERS;
    *d = (struct demand){.id = m->next,
                         .replicas = 1 + (u32)(w >> 8) % 2,
                         .max_price = AMOUNT(WEI_E18(40)),
                         .duration_s = 3600 + (w >> 12) % 3600,
                         .lifetime_s = 300 + (w >> 20) % 5000,
                         .patience_s = 600,
                         .region = (u32)(w >> 33) % 2 ? 1 + (u32)(w >> 34) % REGIONS : 0,
                         .tier_worst = 7};
    d->specs = (struct specs){.cpu = 1 + (u32)(w >> 45) % 8, .ram_gib = 4, .disk_gib = 10};
    d->specs.gpus = (u16)((w >> 50) % 3);
    d->specs.gpu_model = d->specs.gpus > 0 ? (u16)((w >> 54) % 3) : GPU_ANY;
    m->next++;
    return true;
}

static struct provider provider_of(u64 seed, u32 i)
{
    u64 w = word(seed, i);
    struct provider p = {.config = {.stake = AMOUNT(WEI_E18(600)),
                                    .cpu_usd_e8 = USD_E8(1) / 20,
                                    .token_usd_e8 = {USD_E8(1)},
                                    .token_decimals = {18},
                                    .tokens = 1,
                                    .ask_bps = 10000,
                                    .ask_spread_bps = 3000,
                                    .activation_min_ms = 1000,
                                    .activation_max_ms = 9000,
                                    .bids = 1}};
    struct machine *m = &p.config.machine;

    *m = (struct machine){.cpu = 8 + (u32)(w % 24),
                          .ram_gib = 64,
                          .disk_gib = 500,
                          .region = (u16)(1 + (w >> 8) % REGIONS)};
    for (u32 g = 0; g < (w >> 16) % 3; g++) {
        m->gpu[g] =
            (struct gpu_line){(u16)(1 + ((w >> 20) + g) % 3), (u16)(1 + (w >> (40 + 4 * g)) % 4)};
        p.config.gpu_usd_e8[g] = USD_E8(1);
    }
    return p;
}

static void actors_add(struct market *m)
{
    struct actor_id id;

    for (u32 i = 0; i < PROVIDERS; i++) {
        struct provider p = provider_of(m->seed, i);
        EXPECT(world_add(&m->process.world, &actor_provider, "provider", i, 2 + i,
                         p.config.machine.region - 1u, &p, &id));
    }
    for (u32 i = 0; i < USERS; i++) {
        struct user u = {.config = {.deposit = AMOUNT(WEI_E18(20000)),
                                    .top_up = AMOUNT(WEI_E18(1000)),
                                    .outage_patience_s = 3600,
                                    .reorders = 1}};
        EXPECT(world_add(&m->process.world, &actor_user, "user", i, 2 + PROVIDERS + i, i % REGIONS,
                         &u, &id));
        EXPECT(id.v == PROVIDERS + i);
    }
}

static void open_market(struct market *m, u64 seed, bool broadcast, u32 order_fanout)
{
    static const u64 rtt_us[REGIONS * REGIONS] = {900,   60000, 90000, 60000, 900,
                                                  80000, 90000, 80000, 900};
    struct record_head head = {seed, 0, 0};

    memset(m, 0, sizeof(*m));
    m->seed = seed;
    m->chain = fixture_chain_open(2 + PROVIDERS + USERS);
    m->network = (struct network){.seed = seed, .rtt_us = rtt_us, .regions = REGIONS};
    distribution_constant(&m->network.jitter, NETWORK_JITTER_ONE);
    EXPECT(process_open(&m->process, &head, &m->chain->chain, PROVIDERS + USERS));
    actors_add(m);
    struct host_config c = {.process = &m->process,
                            .network = &m->network,
                            .reporter_account = 1,
                            .providers_max = PROVIDERS,
                            .order_fanout = order_fanout,
                            .broadcast = broadcast,
                            .demand = {m, next_demand, &m->next, sizeof(m->next)},
                            .sinks = {m, NULL, see_log}};
    m->host = host_sim_open(&c);
    EXPECT(m->host != NULL);
}

static void run_to(struct market *m, u64 second)
{
    EXPECT(host_sim_run(m->host, (struct instant){SEC(second)}));
}

static void close_market(struct market *m)
{
    host_sim_close(m->host);
    process_close(&m->process);
    fixture_chain_close(m->chain);
}

static void run(struct market *m, u64 seed, bool broadcast, u32 order_fanout)
{
    open_market(m, seed, broadcast, order_fanout);
    run_to(m, END_S);
    close_market(m);
}

static bool same(const struct log *a, const struct log *b)
{
    u8 x[LOG_BYTES_MAX], y[LOG_BYTES_MAX];
    struct writer v = {x, sizeof(x)}, w = {y, sizeof(y)};

    /* places in their blocks differ where a bid was refused */
    struct log p = *a, q = *b;
    p.tx = q.tx = 0;
    log_encode(&v, &p);
    log_encode(&w, &q);
    return v.left == w.left && memcmp(x, y, sizeof(x) - v.left) == 0;
}

static void the_index_gives_the_outcome_of_a_broadcast(void)
{
    static struct market index, all;
    for (u64 seed = 1; seed <= 6; seed++) {
        run(&index, seed, false, 0);
        run(&all, seed, true, 0);
        EXPECT(index.facts.matched > DEMANDS / 2 && index.facts.completed > DEMANDS / 2);
        EXPECT(index.facts.bids == all.facts.bids && index.facts.count == all.facts.count);
        for (u32 i = 0; i < index.facts.count; i++)
            EXPECT(same(&index.facts.logs[i], &all.facts.logs[i]));
        EXPECT(index.process.events < all.process.events);
    }
    printf("ok - the index gives the outcome of a broadcast\n");
}

/* settled 141: k eligible providers hear of an order, so there are at most k bids. */
static void a_bound_bounds_the_bids(void)
{
    static struct market few, all;

    run(&all, 1, false, 0);
    run(&few, 1, false, 3);
    u32 most = 0;
    for (u32 i = 0; i < few.facts.count; i++) {
        const struct log *l = &few.facts.logs[i];
        if (l->kind == LOG_OrderMatched && l->u.order_matched.bids > most)
            most = l->u.order_matched.bids;
    }
    EXPECT(most == 3 && few.facts.matched > DEMANDS / 2);
    EXPECT(few.facts.bids * 2 < all.facts.bids);
    printf("ok - a bound bounds the bids\n");
}

/* DET-4 with a market under way: leases, orders, bids, messages. */
static void a_restored_market_goes_on_as_the_straight_one(void)
{
    static struct market straight, m;

    run(&straight, 1, false, 3);
    for (u64 at_s = 1111; at_s < 14000; at_s += 4001) {
        open_market(&m, 1, false, 3);
        run_to(&m, at_s);
        u64 hash = m.process.hash;
        u128 state = chain_hash(&m.chain->chain);
        struct snapshot *s = host_sim_save(m.host);
        EXPECT(s != NULL);
        run_to(&m, END_S);
        EXPECT(m.process.hash == straight.process.hash && hash != m.process.hash);
        EXPECT(host_sim_restore(s) && m.process.hash == hash);
        EXPECT(chain_hash(&m.chain->chain) == state);
        EXPECT(state_hash_full(&m.chain->chain.state) == state);
        m.facts.count = 0;
        run_to(&m, END_S);
        EXPECT(m.process.hash == straight.process.hash);
        EXPECT(m.process.events == straight.process.events);
        snapshot_free(s);
        close_market(&m);
    }
    printf("ok - a restored market goes on as the straight one\n");
}

int main(void)
{
    the_index_gives_the_outcome_of_a_broadcast();
    a_bound_bounds_the_bids();
    a_restored_market_goes_on_as_the_straight_one();
    return 0;
}
