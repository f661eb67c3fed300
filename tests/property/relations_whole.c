/* relations_whole - see relations_whole.h. */
#include "tests/property/relations_whole.h"

#include "sim/run/setup.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#define SCENARIO "scenarios/fee-change.yaml" /* two groups of each kind, and nothing by number */
#define ERAS 3u

static void read_scenario(struct scenario *s)
{
    struct scenario_options options = {0};
    struct problem why;

    EXPECT(scenario_read(SCENARIO, &options, s, &why));
    EXPECT(s->provider_groups > 1 && s->user_groups > 1);
    EXPECT(s->timeline_count == 0 && s->order_count == 0);
    s->eras = ERAS;
}

/* The groups the other way round. */
struct turned {
    struct provider_group *providers;
    struct user_group *users;
};

static struct turned turn(struct scenario *s)
{
    struct turned t = {calloc(s->provider_groups, sizeof(*t.providers)),
                       calloc(s->user_groups, sizeof(*t.users))};
    u32 first = 0;

    EXPECT(t.providers != NULL && t.users != NULL);
    for (u32 g = 0; g < s->provider_groups; first += t.providers[g++].count) {
        t.providers[g] = s->providers[s->provider_groups - 1 - g];
        t.providers[g].first = first;
    }
    first = 0;
    for (u32 g = 0; g < s->user_groups; first += t.users[g++].count) {
        t.users[g] = s->users[s->user_groups - 1 - g];
        t.users[g].first = first;
    }
    s->providers = t.providers;
    s->users = t.users;
    return t;
}

static void run(struct setup *s, const struct scenario *c)
{
    static struct run_plan plans[2];
    static u32 used;
    struct run_plan *plan = &plans[used++ % ARRAY_LEN(plans)];
    struct host_sinks none = {0};
    char error[RUN_ERROR];

    *plan = (struct run_plan){.scenario = c, .seed = 9};
    memset(s, 0, sizeof(*s));
    EXPECT(setup_open(s, plan, &none, error));
    EXPECT(host_sim_run(s->host, (struct instant){SEC(s->end_s + 10)}));
}

/* What a provider has come to, without any number of another row. */
static bool same_standing(const struct setup *a, u32 x, const struct setup *b, u32 y)
{
    const struct provider_row *p = provider_at(&a->chain.state, x);
    const struct provider_row *q = provider_at(&b->chain.state, y);

    return memcmp(standing_at(&a->chain.state, x), standing_at(&b->chain.state, y),
                  sizeof(struct standing_row)) == 0 &&
           memcmp(p->accrued, q->accrued, sizeof(p->accrued)) == 0 &&
           memcmp(p->contract, q->contract, sizeof(p->contract)) == 0 &&
           p->cpu_reserved == q->cpu_reserved && p->ram_reserved == q->ram_reserved;
}

static bool same_account(const struct setup *a, u32 x, const struct setup *b, u32 y)
{
    const struct account_row *p = account_at(&a->chain.state, x);
    const struct account_row *q = account_at(&b->chain.state, y);

    if (memcmp(p->balance, q->balance, sizeof(p->balance)) != 0 || p->nonce != q->nonce ||
        memcmp(p->address, q->address, sizeof(p->address)) != 0 || p->wallets != q->wallets)
        return false;
    EXPECT((p->provider == 0) == (q->provider == 0));
    return p->provider == 0 || same_standing(a, p->provider, b, q->provider);
}

/* The account of the same member of a group of that name. */
static u32 account_in(const struct setup *s, const struct setup *other, u32 account)
{
    char name[CAST_NAME], its[CAST_NAME];

    cast_name(&other->cast, account, name);
    for (u32 i = 1; i < s->cast.accounts; i++) {
        if (s->cast.account[i].role == CAST_NOBODY)
            continue;
        cast_name(&s->cast, i, its);
        if (strcmp(name, its) == 0)
            return i;
    }
    check_unreachable();
}

static bool same_members(const struct setup *a, const struct setup *b)
{
    u32 moved = 0;

    for (u32 i = 1; i < a->cast.accounts; i++) {
        if (a->cast.account[i].role == CAST_NOBODY)
            continue;
        u32 j = account_in(b, a, i);
        moved += i != j;
        if (!same_account(a, i, b, j))
            return false;
    }
    EXPECT(moved > 100 &&
           state_meta(&a->chain.state)->next_lease > 100); /* it is about something */
    return state_meta(&a->chain.state)->next_lease == state_meta(&b->chain.state)->next_lease;
}

bool numbers_are_only_names(void)
{
    static struct setup a, b;
    struct scenario straight, turned;

    read_scenario(&straight);
    read_scenario(&turned);
    struct turned t = turn(&turned);
    run(&a, &straight);
    run(&b, &turned);
    bool alike = same_members(&a, &b);
    setup_close(&a);
    setup_close(&b);
    free(t.providers);
    free(t.users);
    scenario_free(&straight);
    scenario_free(&turned);
    return alike;
}
