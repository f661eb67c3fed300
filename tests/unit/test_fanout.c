/* The order index on small networks: it never loses an eligible provider, a bound draws among
 * them alike, and a further provider disturbs only the draws that hit it. */
#include "sim/engine/fanout.h"
#include "tests/test.h"

#include <string.h>

#define PROVIDERS 300u
#define REGIONS 4u
#define MODELS 5u
#define TOKENS 3u

struct fake {
    u32 count, asked;
    bool listed[PROVIDERS];
    struct machine machine[PROVIDERS];
    u32 tokens[PROVIDERS];
};

static u64 word(u64 name)
{
    struct drawer d = {11, 0, 2};
    return draw_u64(&d, DRAW_TEST, name);
}

static bool has_gpus(const struct machine *m, u16 model, u16 count)
{
    for (u32 i = 0; i < GPU_LINES; i++) {
        bool same = m->gpu[i].model != 0 && (model == GPU_ANY || m->gpu[i].model == model);
        if (same && m->gpu[i].count >= count)
            return true;
    }
    return false;
}

/* The chain's rule as far as the index knows of it, and something that it does not know (cpu). */
static bool may_bid(const void *about, u32 provider, const struct log *order)
{
    const struct fake *f = about;
    const struct machine *m = &f->machine[provider];
    const struct log_order_created *o = &order->u.order_created;

    return f->listed[provider] && (f->tokens[provider] >> o->token & 1) != 0 &&
           (o->region == REGION_NONE || o->region == m->region) && o->specs.cpu <= m->cpu &&
           (o->specs.gpus == 0 || has_gpus(m, o->specs.gpu_model, o->specs.gpus));
}

static struct machine some_machine(u64 name)
{
    u64 w = word(name);
    struct machine m = {.cpu = (u32)(w % 16), .region = (u16)(1 + (w >> 8) % REGIONS)};

    for (u32 i = 0; i < (w >> 16) % (GPU_LINES + 1); i++) {
        m.gpu[i].model = (u16)((w >> (20 + 4 * i)) % (MODELS + 1));
        m.gpu[i].count = (u16)((w >> (40 + 4 * i)) % 9);
    }
    return m;
}

static struct log some_order(u64 name)
{
    u64 w = word(name);
    struct log l = {.kind = LOG_OrderCreated};
    struct log_order_created *o = &l.u.order_created;

    o->order = name;
    o->name = name;
    o->token = (u32)(w % (TOKENS + 1));
    o->region = (u32)((w >> 8) % (REGIONS + 1));
    o->specs.cpu = (u32)((w >> 16) % 16);
    o->specs.gpus = (u16)((w >> 24) % 4);
    o->specs.gpu_model = (u16)((w >> 32) % (MODELS + 1));
    return l;
}

static void set(struct fanout *f, struct fake *fake, u32 provider, u64 name)
{
    fake->listed[provider] = true;
    fake->machine[provider] = some_machine(name);
    fake->tokens[provider] = (u32)(word(name + 1) % (1u << TOKENS));
    EXPECT(fanout_set(f, provider, entity_key("p", provider), &fake->machine[provider],
                      fake->tokens[provider]));
}

/* Everybody eligible, once each, for k = 0; k of them otherwise. */
static void compare(struct fanout *f, const struct fake *fake, u64 name, u32 k, u32 *eligible)
{
    struct log order = some_order(name);
    struct drawer draw = {3, 0, entity_key("tenant", (u32)name % 5)};
    const u32 *found;
    bool seen[PROVIDERS] = {false};
    u32 n = fanout_of(f, &order, k, &draw,
                      &(struct fanout_judge){.eligible = may_bid, .about = fake}, &found),
        all = 0;

    for (u32 i = 0; i < PROVIDERS; i++)
        all += may_bid(fake, i, &order);
    EXPECT(n == (k == 0 || all < k ? all : k));
    for (u32 i = 0; i < n; i++) {
        EXPECT(found[i] < PROVIDERS && !seen[found[i]] && may_bid(fake, found[i], &order));
        seen[found[i]] = true;
    }
    *eligible += all;
}

static void the_index_loses_nobody(void)
{
    static struct fake fake;
    struct fanout f;
    u32 eligible = 0;

    EXPECT(fanout_open(&f, PROVIDERS));
    for (u64 step = 0; step < 3000; step++) {
        u64 w = word(1000000 + step);
        u32 provider = (u32)(w % PROVIDERS);
        if (w >> 32 & 1) {
            set(&f, &fake, provider, 2000000 + step);
        } else if (w >> 33 & 1 && fake.listed[provider]) {
            fake.machine[provider] = some_machine(3000000 + step);
            EXPECT(fanout_renew(&f, provider, &fake.machine[provider]));
        } else if ((w >> 34 & 3) == 0) {
            fake.listed[provider] = false;
            fanout_remove(&f, provider);
        }
        compare(&f, &fake, step, 0, &eligible);
        compare(&f, &fake, step, 1 + (u32)(w >> 40) % 20, &eligible);
    }
    EXPECT(eligible > 10000);
    fanout_close(&f);
    printf("ok - the index loses nobody\n");
}

static bool everybody(const void *about, u32 provider, const struct log *order)
{
    (void)about, (void)provider, (void)order;
    return true;
}

static bool every_tenth(const void *about, u32 provider, const struct log *order)
{
    (void)about, (void)order;
    return provider % 10 == 0;
}

static struct log plain_order(u64 number)
{
    struct log l = {.kind = LOG_OrderCreated};
    l.u.order_created.name = number;
    return l;
}

static void open_plain(struct fanout *f, u32 first, u32 end)
{
    struct machine m = {.cpu = 1};

    EXPECT(fanout_open(f, PROVIDERS));
    for (u32 i = first; i < end; i++)
        EXPECT(fanout_set(f, i, entity_key("p", i), &m, 1));
}

/* Shares of the draws over many orders, by draws of places and by rank. */
static void a_bound_is_fair(fanout_eligible *eligible, u32 all, u32 k, u32 orders)
{
    struct fanout f;
    struct drawer draw = {5, 0, entity_key("tenant", 0)};
    u32 hits[PROVIDERS] = {0};
    const u32 *found;

    open_plain(&f, 0, PROVIDERS);
    for (u64 o = 0; o < orders; o++) {
        struct log order = plain_order(o);
        EXPECT(fanout_of(&f, &order, k, &draw, &(struct fanout_judge){.eligible = eligible},
                         &found) == k);
        for (u32 i = 0; i < k; i++)
            hits[found[i]]++;
    }
    u32 mean = orders * k / all;
    for (u32 i = 0; i < PROVIDERS; i++) /* six deviations of a share of mean 400 */
        EXPECT(!eligible(NULL, i, NULL) || (hits[i] > mean - 120 && hits[i] < mean + 120));
    fanout_close(&f);
}

static void another_provider_disturbs_only_what_hits_it(void)
{
    struct fanout f, g;
    struct drawer draw = {5, 0, entity_key("tenant", 0)};
    const u32 *a, *b;
    u32 k = 8, disturbed = 0, orders = 2000, others = 200;

    open_plain(&f, 1, others);
    open_plain(&g, 0, others); /* one more, and it is the first to register */
    for (u64 o = 0; o < orders; o++) {
        struct log order = plain_order(o);
        u32 n = fanout_of(&f, &order, k, &draw, &(struct fanout_judge){.eligible = everybody}, &a);
        EXPECT(n == k && fanout_of(&g, &order, k, &draw,
                                   &(struct fanout_judge){.eligible = everybody}, &b) == k);
        u32 same = 0;
        for (u32 i = 0; i < k * k; i++)
            same += a[i / k] == b[i % k];
        EXPECT(same >= k - 1); /* at most one had to make room */
        disturbed += same < k;
    }
    EXPECT(disturbed > 0 && disturbed < orders * k * 3 / others);
    fanout_close(&f);
    fanout_close(&g);
    printf("ok - another provider disturbs only what hits it\n");
}

int main(void)
{
    the_index_loses_nobody();
    a_bound_is_fair(everybody, PROVIDERS, 12, 10000);
    a_bound_is_fair(every_tenth, PROVIDERS / 10, 12, 1000);
    printf("ok - a bound is fair\n");
    another_provider_disturbs_only_what_hits_it();
    return 0;
}
