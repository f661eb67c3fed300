/* What a scenario says is what the struct holds; and the resolved JSON is the same scenario. */
#include "sim/scenario/scenario.h"
#include "tests/test.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static const char small[] =
    "name: small\n"
    "question: Does it read?   # a comment\n"
    "eras: 3\n"
    "seeds: 5..7\n"
    "params: {commission_bps: 15%, era_seconds: 2h}\n"
    "tokens: [{symbol: SPON, usd: 0.05 USD, prices: [{at: 1h, usd: 0.1 USD}]}, {symbol: USDX, "
    "decimals: 6}]\n"
    "network: {regions: [a, b], latency: {within: 5ms, between: 80ms}, loss: 0.1%}\n"
    "population:\n"
    "  providers:\n"
    "    - name: p1\n"
    "      machines: [{cpu: 64, ram: 256GiB, gpus: {rtx4090: 8, t4: 2}}, {cpu: 8, ram: 8GiB, "
    "weight: 3}]\n"
    "      disk: 2TiB\n"
    "      compliance: [SOC2, GDPR]\n"
    "      stake: 500.000000000000000001 SPON\n"
    "      tokens: [USDX]\n"
    "      ask: 0.175 USDX\n"
    "      uptime: {lognormal: {median: 2h, sigma: 1.2}, max: 30d}\n"
    "      regions: {b: 2, a: 1}\n"
    "    - {name: gpu, count: 40, machines: [{cpu: 8, ram: 8GiB}], joins: 1d}\n"
    "  users:\n"
    "    - {name: u1, count: 3, token: USDX, deposit: 100 USDX, breach_wait: 90s}\n"
    "orders:\n"
    "  - {at: era 1 + 10min, user: u1.2, cpu: 4, ram: 16GiB, gpu: t4, gpus: 1, max_price: 0.2 "
    "USDX,\n"
    "     duration: 90min, region: b, update: {after: 30min, cpu: 8}}\n"
    "timeline:\n"
    "  - {at: 2h, down: {who: gpu.17, for: 45min, announced: true}}\n"
    "  - {at: era 2, down: {who: 30% of gpu, for: 1h}}\n"
    "  - {at: 3h, set: {cooldown_s: 30min, tier7_zero: off}}\n"
    "  - {at: 4h, shrink: {token: USDX, keep: 70%}}\n"
    "  - {at: era 2, approve: gpu}\n"
    "arms:\n"
    "  - {name: base}\n"
    "  - {name: low, params: {commission_bps: 10%}, counts: {gpu: 80, u1: 1}, timeline: [{at: 1h, "
    "halt: {for: 1h}}]}\n";

static void read_small(struct scenario *s, const char *const *sets, u32 set_count)
{
    const struct scenario_options options = {.sets = sets, .set_count = set_count};
    struct problem why;
    bool read = scenario_parse("dir/small.yaml", small, sizeof(small) - 1, &options, s, &why);

    if (!read)
        printf("# %s\n", why.text);
    EXPECT(read);
}

static void test_top(const struct scenario *s)
{
    EXPECT(strcmp(s->name, "small") == 0 && strcmp(s->question, "Does it read?") == 0);
    EXPECT(s->eras == 3 && s->seed_first == 5 && s->seed_last == 7 && s->order_fanout == 0);
    EXPECT(s->params.commission_bps == 1500 && s->params.era_seconds == 7200);
    EXPECT(s->params.cooldown_s == params_default.cooldown_s);
    EXPECT(s->token_count == 2 && s->tokens[0].usd_e8 == 5000000 && s->tokens[0].decimals == 18);
    EXPECT(s->tokens[0].step_count == 1 && s->tokens[0].steps[0].at_ns == SEC(3600));
    EXPECT(s->tokens[1].decimals == 6 && s->tokens[1].usd_e8 == 0 && s->tokens[1].enabled);
    EXPECT(s->network.rtt_us[0] == 5000 && s->network.rtt_us[1] == 80000);
    EXPECT(s->network.rtt_us[2] == 80000 && s->network.rtt_us[3] == 5000);
    EXPECT(s->network.loss_ppm == 1000 && s->network.regions.count == 2);
    EXPECT(s->network.jitter->knot[0] == 1ull << 32);
    EXPECT(s->workload.kind == WORKLOAD_NONE && s->cpu_month_usd_e8 == 75000000);
}

static void test_groups(const struct scenario *s)
{
    const struct provider_group *p1 = &s->providers[0], *gpu = &s->providers[1];

    EXPECT(s->provider_groups == 2 && s->provider_count == 41 && gpu->first == 1);
    EXPECT(p1->machine_count == 2 && p1->machines[0].machine.cpu == 64);
    EXPECT(p1->machines[0].machine.gpu[0].count == 8 && p1->machines[0].machine.gpu[1].count == 2);
    EXPECT(p1->machines[0].machine.disk_gib == 2048 && p1->machines[1].machine.disk_gib == 2048);
    EXPECT(p1->machines[1].weight == 3 && p1->machines[1].machine.compliance == 5);
    EXPECT(p1->stake.wei == WEI_E18(500) + 1 && p1->stake_factor_bps->knot[7] == 10000);
    EXPECT(p1->tokens == 2 && p1->ask.token == 1 && p1->ask.amount.wei == 175000);
    EXPECT(p1->up_ns->knot[DISTRIBUTION_BODY / 2] > SEC(7100));
    EXPECT(p1->up_ns->knot[DISTRIBUTION_BODY / 2] < SEC(7300));
    EXPECT(p1->up_ns->knot[DISTRIBUTION_KNOTS - 1] <= SEC(2592000));
    EXPECT(p1->regions.count == 2 && p1->regions.at[0].index == 1 && p1->regions.at[0].weight == 2);
    EXPECT(gpu->ask.token == INDEX_NONE && gpu->joins.ns == SEC(86400) && gpu->tokens == 1);
    EXPECT(gpu->availability == AVAILABLE_ALWAYS && gpu->crash_loop_restarts == 5);
    EXPECT(s->users[0].deposit.amount.wei == 100000000 &&
           s->users[0].outage_patience.ns == SEC(3600));
    EXPECT(s->users[0].breach_wait.ns == SEC(90) && s->users[0].breach_wait_most.ns == 0);
    EXPECT(s->users[0].deposit_policy == DEPOSIT_AS_NEEDED && s->users[0].reorders);
}

static void test_events(const struct scenario *s)
{
    const struct order_spec *o = &s->orders[0];
    const struct timeline_entry *t = s->timeline;

    EXPECT(s->order_count == 1 && o->at.by_era && o->at.era == 1 && o->at.after.ns == SEC(600));
    EXPECT(o->user.users && o->user.group == 0 && o->user.member == 2);
    EXPECT(o->specs.cpu == 4 && o->specs.ram_gib == 16 && o->specs.gpus == 1 && o->replicas == 1);
    EXPECT(o->specs.gpu_model == s->providers[0].machines[0].machine.gpu[1].model);
    EXPECT(o->max_price.token == 1 && o->max_price.amount.wei == 200000 && o->region == 1);
    EXPECT(o->duration.ns == SEC(5400) && o->lifetime.ns == 0 && o->tier_worst == 7);
    EXPECT(o->update_after.ns == SEC(1800) && o->update_specs.cpu == 8);
    EXPECT(o->update_max_price.token == INDEX_NONE);
    EXPECT(s->timeline_count == 5 && t[0].kind == TIMELINE_DOWN && t[0].who.group == 1);
    EXPECT(t[0].who.member == 17 && t[0].announced && t[0].length.ns == SEC(2700));
    EXPECT(t[1].who.share.v == 3000 && t[1].who.member == INDEX_NONE && t[1].ordinal == 1);
    EXPECT(t[2].kind == TIMELINE_SET && t[2].set_count == 2 && t[2].sets[0].value == 1800);
    EXPECT(t[2].sets[1].id == PARAM_tier7_zero && t[2].sets[1].value == 0);
    EXPECT(t[3].kind == TIMELINE_SHRINK && t[3].token == 1 && t[3].keep.v == 7000);
    EXPECT(t[4].kind == TIMELINE_APPROVE && t[4].who.group == 1 && t[4].who.member == INDEX_NONE);
}

static void test_arms(const struct scenario *s)
{
    struct params p;

    EXPECT(s->arm_count == 2 && s->arms[1].timeline_count == 1);
    scenario_arm(s, 0, &p);
    EXPECT(memcmp(&p, &s->params, sizeof(p)) == 0);
    scenario_arm(s, 1, &p);
    EXPECT(p.commission_bps == 1000 && p.era_seconds == 7200);
    EXPECT(scenario_providers(s, 0, 1) == 40 && scenario_providers(s, 1, 1) == 80);
    EXPECT(scenario_users(s, 0, 0) == 3 && scenario_users(s, 1, 0) == 1);
    EXPECT(scenario_providers(s, 1, 0) == 1);
}

static void test_sets(void)
{
    static const char *const sets[] = {"commission_bps=12%", "promotion_eras=4"};
    struct scenario s;
    struct params p;

    read_small(&s, sets, 2);
    EXPECT(s.params.commission_bps == 1200 && s.params.promotion_eras == 4);
    scenario_arm(&s, 1, &p); /* what an arm is about stays */
    EXPECT(p.commission_bps == 1000 && p.promotion_eras == 4);
    scenario_free(&s);
    printf("ok - --set on top of the file, arms on top of both\n");
}

/* The JSON of the JSON is the JSON. */
static void same_again(const struct scenario *s, const struct scenario_options *options)
{
    struct scenario again;
    struct problem why;
    char *first = scenario_resolved_json(s), *second;
    bool read =
        first != NULL && scenario_parse("again", first, strlen(first), options, &again, &why);

    if (!read)
        printf("# %s\n", why.text);
    EXPECT(read);
    second = scenario_resolved_json(&again);
    EXPECT(second != NULL && strcmp(first, second) == 0);
    EXPECT(again.provider_count == s->provider_count && again.expect.count == s->expect.count);
    free(first);
    free(second);
    scenario_free(&again);
}

/* Characters that JSON has as they are and YAML refuses, or takes for the end of a line. */
static void test_any_text(void)
{
    static const struct scenario_options options;
    static const char file[] =
        "name: f\nquestion: \"a\\u007fb\\u0080c\\u0085d\\u009fe\\u00a0f\\u2027g\\u2028h\\u2029i"
        "\\ufeffj\\ufffek\\uffffl\\u0001\"\neras: 1\n"
        "population:\n  providers:\n    - {name: p1, machines: [{cpu: 8, ram: 16GiB}], "
        "tokens: [SPON], ask: 1 SPON, stake: 600 SPON}\n";
    struct scenario s, again;
    struct problem why;

    EXPECT(scenario_parse("f", file, strlen(file), &options, &s, &why));
    char *json = scenario_resolved_json(&s);
    EXPECT(json != NULL && scenario_parse("again", json, strlen(json), &options, &again, &why));
    EXPECT(strcmp(s.question, again.question) == 0 && strlen(s.question) == 40);
    free(json);
    scenario_free(&s);
    scenario_free(&again);
    printf("ok - the resolved JSON holds any text\n");
}

/* Those that need the trace are read where it is: test_trace_scenario.c. */
static void test_shipped(void)
{
    static const struct scenario_options options;
    struct scenario s;
    struct problem why;
    glob_t files;
    u32 n = 0;

    EXPECT(glob("scenarios/*.yaml", 0, NULL, &files) == 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        if (scenario_read(files.gl_pathv[i], &options, &s, &why)) {
            same_again(&s, &options);
            scenario_free(&s);
            n++;
        } else {
            EXPECT(strstr(why.text, "is real data, expected --data DIR") != NULL);
        }
    }
    EXPECT(n >= 9 && files.gl_pathc - n <= 1);
    globfree(&files);
    printf("ok - the resolved JSON of what ships is the same scenario\n");
}

int main(void)
{
    static const struct scenario_options options;
    struct scenario s;

    read_small(&s, NULL, 0);
    test_top(&s);
    test_groups(&s);
    test_events(&s);
    test_arms(&s);
    printf("ok - what the file says is what is held\n");
    same_again(&s, &options);
    scenario_free(&s);
    test_sets();
    test_any_text();
    test_shipped();
    return EXIT_SUCCESS;
}
