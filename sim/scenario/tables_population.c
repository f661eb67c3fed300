/* tables_population - groups of providers and users, and explicit orders. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/scenario_tables.h"

static const struct field machine_fields[] = {
    {.key = "weight",
     .kind = &kind_number,
     FIELD_AT(machine_kind, weight),
     .more = &units_count,
     .min = 1,
     .max = 1000000,
     .def = "1",
     .doc = "How often this kind, among the machines of the group."},
    {.key = "cpu",
     .kind = &kind_number,
     FIELD_AT(machine_kind, machine.cpu),
     .more = &units_count,
     .min = 1,
     .max = 100000,
     .required = true,
     .doc = "vCPUs."},
    {.key = "ram",
     .kind = &kind_number,
     FIELD_AT(machine_kind, machine.ram_gib),
     .more = &units_gib,
     .max = 1000000,
     .required = true,
     .doc = "RAM, as 256GiB."},
    {.key = "gpus",
     .kind = &kind_gpus,
     FIELD_AT(machine_kind, machine.gpu),
     .def = "{}",
     .doc = "GPU models with their number, as {rtx4090: 8}."},
};
static const struct object machine_object =
    OBJECT("a machine", machine_fields, machine_kind, .doc = "A kind of machine.");

static const struct field node_fields[] = {
    {.key = "file",
     .kind = &kind_text,
     FIELD_AT(node_trace, file),
     .required = true,
     .doc = "CSV of machines, under --data."},
    {.key = "cpu_milli",
     .kind = &kind_text,
     FIELD_AT(node_trace, columns.cpu_milli),
     .def = "cpu_milli",
     .doc = "Column of thousandths of a core."},
    {.key = "memory_mib",
     .kind = &kind_text,
     FIELD_AT(node_trace, columns.memory_mib),
     .def = "memory_mib",
     .doc = "Column of RAM."},
    {.key = "gpus",
     .kind = &kind_text,
     FIELD_AT(node_trace, columns.gpus),
     .def = "gpu",
     .doc = "Column of the number of GPUs."},
    {.key = "model",
     .kind = &kind_text,
     FIELD_AT(node_trace, columns.model),
     .def = "model",
     .doc = "Column of the GPU model."},
    {.key = "models",
     .kind = &kind_gpu_map,
     FIELD_AT(node_trace, gpus),
     .def = "{}",
     .doc = "The trace's GPU names, each with ours, as {T4: t4}."},
};

static bool nothing_to_write(const void *at)
{
    (void)at;
    return false;
}

static const struct object node_object =
    OBJECT("nodes of a trace", node_fields, node_trace, .present = nothing_to_write,
           .doc = "Machines of a trace, each at most once.");

static const char *const machine_draw_words[] = {"weighted", "each_once", NULL};
static const char *const availability_words[] = {"always", "drawn", NULL};

#define P(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(provider_group, member_), __VA_ARGS__         \
    }

static const struct field provider_fields[] = {
    P("name", name, name, .required = true,
      .doc = "Name of the group in paths and draws; of the provider where it is one."),
    P("count", number, count, .more = &units_count, .min = 1, .max = SCENARIO_MEMBERS_MAX,
      .def = "1", .doc = "Members."),
    P("disk", number, common.disk_gib, .more = &units_gib, .max = 10000000, .def = "1TiB",
      .doc = "Disk of each machine."),
    P("nvme", number, common.disk_nvme_gib, .more = &units_gib, .max = 10000000, .def = "0GiB",
      .doc = "Part of the disk that is NVMe."),
    P("score", number, common.compute_score, .more = &units_count, .max = 10000000, .def = "30000",
      .doc = "Benchmark of the CPU, PassMark-like (§4.3.6.1)."),
    P("up", number, common.up_mbps, .more = &units_mbps, .def = "1Gbps", .doc = "Upload speed."),
    P("down", number, common.down_mbps, .more = &units_mbps, .def = "1Gbps",
      .doc = "Download speed."),
    P("compliance", compliance, common.compliance, .def = "[]",
      .doc = "Standards it states, of SOC2, HIPAA, GDPR."),
    P("nodes", object, nodes, .more = &node_object,
      .doc = "Machines sampled from a trace under --data."),
    P("machine_table", machine_file, machines, FIELD_COUNT(provider_group, machine_count),
      .doc = "Kinds of machine in a CSV beside the scenario: cpu_milli, memory_mib, gpus, models, "
             "weight."),
    P("machines", list, machines, FIELD_COUNT(provider_group, machine_count),
      .more = &machine_object, .max = 100000, .doc = "Kinds of machine."),
    P("machine_draw", word, machine_draw, .more = machine_draw_words, .def = "weighted",
      .doc = "weighted: each member draws a kind; each_once: members share out the list."),
    P("regions", mix, regions, .def = "all",
      .doc = "Where they are: a region, or regions with weights."),
    P("audited", flag, audited, .def = "false",
      .doc = "An audit report is on chain from the start (tier 1 needs one)."),
    P("auto_stake", flag, auto_stake, .def = "false", .doc = "Rewards become stake."),
    P("initial_tier", number, initial_tier, .more = &units_count, .max = 7, .def = "0",
      .doc = "Trust tier at approval; 0: the parameter initial_tier."),
    P("stake", native, stake, .def = "600 SPON", .doc = "Own stake."),
    P("stake_factor", dist, stake_factor_bps, .more = &units_ratio, .def = "1x",
      .doc = "Factor on the stake, drawn for each member."),
    P("tokens", tokens, tokens, .def = "[SPON]", .doc = "Tokens it is paid in."),
    P("ask", money, ask, .more = "list", .def = "list",
      .doc = "Price of any order for an hour, or list: by the price list."),
    P("ask_ratio", dist, ask_ratio_bps, .more = &units_ratio, .min = 1, .def = "1x",
      .doc = "Its prices over the price list's, drawn for each member."),
    P("ask_spread", number, ask_spread, .more = &units_ratio, .max = BPS_WHOLE, .def = "0x",
      .doc = "Drawn for each order, uniform in its ratio plus or minus this."),
    P("ask_net", flag, ask_net, .def = "false",
      .doc = "Its price is what it wants to keep: it asks for commission and provider fee on top, "
             "as they stand when it bids."),
    P("activation_min", number, activation_min, .more = &units_span, .max = SEC(86400),
      .def = "10s", .doc = "From the manifest to the confirmation, at least."),
    P("activation_max", number, activation_max, .more = &units_span, .max = SEC(86400),
      .def = "30s", .doc = "From the manifest to the confirmation, at most."),
    P("activates", flag, activates, .def = "true",
      .doc = "false: it never confirms, so its leases end as provider_breach."),
    P("availability", word, availability, .more = availability_words, .def = "always",
      .doc = "always: only the timeline takes it down; drawn: by uptime and downtime."),
    P("uptime", dist, up_ns, .more = &units_span, .def = "30d", .doc = "Length of an up period."),
    P("downtime", dist, down_ns, .more = &units_span, .def = "1h",
      .doc = "Length of a down period."),
    P("announced", number, announced_share, .more = &units_share, .max = BPS_WHOLE, .def = "0%",
      .doc = "Share of drawn outages in which the session is closed first."),
    P("response", dist, response_us, .more = &units_micros, .def = "5ms",
      .doc = "What it adds to the round trip, drawn for each era."),
    P("crash_loop_restarts", number, crash_loop_restarts, .more = &units_count, .max = 1000,
      .def = "5",
      .doc = "Restarts of a failing workload within crash_loop_window, then it closes "
             "the lease; 0: never."),
    P("closes_after", number, closes_after, .more = &units_span, .def = "0s",
      .doc = "It closes a lease so long after its start, for no reason; 0s: never."),
    P("claims_every", number, claims_every, .more = &units_span, .def = "0s",
      .doc = "It claims income and rewards so often; 0s: never."),
    P("restakes", flag, restakes, .def = "false",
      .doc = "What it claims of rewards becomes stake."),
    P("crash_loop_window", number, crash_loop_window, .more = &units_span, .min = SEC(1),
      .def = "10min", .doc = "See crash_loop_restarts."),
    P("joins", number, joins, .more = &units_span, .def = "0s",
      .doc = "When it registers, after genesis."),
};

/* The trace's machines as kinds, each once. */
static bool read_nodes(struct reading *r, const struct yaml *y, struct provider_group *g)
{
    struct trace_machines machines;
    struct machine_kind *list = NULL;
    char error[CSV_ERROR_BYTES];
    const char *path = field_data_path(r, y, g->nodes.file);
    u32 n = 0;

    if (path == NULL)
        return false;
    if (!trace_read_machines(&machines, path, &g->nodes.columns, &g->nodes.gpus.models, error))
        return problem_at(r->why, r->file, y->line, y->column, "nodes: %s", error);
    if (field_data_note(r, y, g->nodes.file, machines.content))
        list = field_take(r, y, sizeof(*list), machines.count + 1);
    for (size_t i = 0; list != NULL && i < machines.count; i++) {
        const struct trace_machine *m = &machines.machine[i];
        struct machine_kind *kind = &list[n];
        *kind = (struct machine_kind){.weight = 1};
        kind->machine.cpu = (u32)(m->cpu_milli / 1000);
        kind->machine.ram_gib = (u32)(m->memory_mib / 1024);
        kind->machine.gpu[0].count = (u16)m->gpus;
        if (m->model != TRACE_NO_MODEL)
            kind->machine.gpu[0].model = g->nodes.gpus.gpu[m->model];
        n += kind->machine.cpu > 0;
    }
    trace_free_machines(&machines);
    g->machines = list;
    g->machine_count = n;
    g->machine_draw = MACHINES_EACH_ONCE;
    return list != NULL;
}

/* What the group says of all its machines goes into each. */
static void complete_machines(struct provider_group *g, struct machine_kind *list)
{
    for (u32 i = 0; i < g->machine_count; i++) {
        struct machine *m = &list[i].machine;
        m->disk_gib = g->common.disk_gib;
        m->disk_nvme_gib = g->common.disk_nvme_gib;
        m->compute_score = g->common.compute_score;
        m->up_mbps = g->common.up_mbps;
        m->down_mbps = g->common.down_mbps;
        m->compliance = g->common.compliance;
    }
}

static bool provider_finish(struct reading *r, const struct yaml *y, void *at)
{
    struct provider_group *g = at;
    u32 ways = (u32)(yaml_entry(y, "nodes") != NULL) + (yaml_entry(y, "machines") != NULL) +
               (yaml_entry(y, "machine_table") != NULL);

    if (!field_new_group(r, y, g->name))
        return false;
    if (ways != 1)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: needs one of machines, machine_table and nodes", g->name);
    if (g->activation_min.ns > g->activation_max.ns)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: activation_min is more than activation_max", g->name);
    if (g->common.disk_nvme_gib > g->common.disk_gib)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: nvme is more than the disk it is a part of", g->name);
    if (g->nodes.file != NULL && !r->options->no_files && !read_nodes(r, y, g))
        return false;
    bool files = g->nodes.file != NULL || yaml_entry(y, "machine_table") != NULL;
    if (g->machine_count == 0 && !(files && r->options->no_files))
        return problem_at(r->why, r->file, y->line, y->column, "%s: has no machine", g->name);
    if (g->machine_draw == MACHINES_EACH_ONCE && g->machine_count < g->count &&
        g->machine_count != 0)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: count is %u, expected at most its %u machines, each once", g->name,
                          g->count, g->machine_count);
    complete_machines(g, (struct machine_kind *)(uintptr_t)g->machines);
    g->first = r->s->provider_count;
    r->s->provider_count += g->count;
    if (r->s->provider_count > SCENARIO_MEMBERS_MAX)
        return problem_at(r->why, r->file, y->line, y->column, "more than %u providers",
                          SCENARIO_MEMBERS_MAX);
    return true;
}

const struct object provider_object =
    OBJECT("a provider group", provider_fields, provider_group, .finish = provider_finish,
           .doc = "Providers that are alike but for what is drawn for each.");

static const char *const deposit_words[] = {"once", "as_needed", NULL};

#define U(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(user_group, member_), __VA_ARGS__             \
    }

static const struct field user_fields[] = {
    U("name", name, name, .required = true,
      .doc = "Name of the group in paths and draws; of the user where it is one."),
    U("count", number, count, .more = &units_count, .min = 1, .max = SCENARIO_MEMBERS_MAX,
      .def = "1", .doc = "Members."),
    U("weight", number, weight, .more = &units_count, .max = 1000000, .def = "1",
      .doc = "Share of the workload's orders that a member makes."),
    U("token", token, token, .def = "SPON", .doc = "Token the user pays in."),
    U("deposit", money, deposit, .required = true, .doc = "Deposit into the wallet."),
    U("deposit_factor", dist, deposit_factor_bps, .more = &units_ratio, .def = "1x",
      .doc = "Factor on the deposit, drawn for each member."),
    U("deposits", word, deposit_policy, .more = deposit_words, .def = "as_needed",
      .doc = "once: at the start; as_needed: again before an order that needs more."),
    U("max_price_ratio", dist, max_price_ratio_bps, .more = &units_ratio, .min = 1, .def = "2x",
      .doc = "Most that is paid over the price list, drawn for each order."),
    U("regions", mix, regions, .def = "all", .doc = "Where they are."),
    U("region_stated", number, region_stated_share, .more = &units_share, .max = BPS_WHOLE,
      .def = "0%", .doc = "Share of orders that demand the user's region."),
    U("tier_worst", number, tier_worst, .more = &units_count, .min = 1, .max = 7, .def = "7",
      .doc = "Worst trust tier that is taken."),
    U("patience", dist, patience_ns, .more = &units_span, .def = "10min",
      .doc = "How long an order that found nobody is made again, drawn for each."),
    U("outage_patience", number, outage_patience, .more = &units_span, .def = "1h",
      .doc = "After so long an outage the user closes and orders again (settled 143)."),
    U("breach_wait", number, breach_wait, .more = &units_span, .max = SEC(43200), .def = "0s",
      .doc =
          "Wait before an order after two leases in a row that no provider started, doubled with "
          "each further one; 0s: as after an order that found nobody, 1 min."),
    U("breach_wait_most", number, breach_wait_most, .more = &units_span, .max = SEC(43200),
      .def = "0s", .doc = "Longest of these waits; 0s: as after orders that found nobody, 32 min."),
    U("agreed_ratio", dist, agreed_ratio_bps, .more = &units_ratio, .min = 1, .max = 1000000,
      .def = "1.5x", .doc = "Agreed time over the time the workload needs, drawn for each demand."),
    U("extend", number, extend_odds, .more = &units_share, .max = BPS_WHOLE, .def = "100%",
      .doc = "Odds that a lease agreed for less than is needed is extended."),
    U("update", number, update_odds, .more = &units_share, .max = BPS_WHOLE, .def = "0%",
      .doc = "Odds that a lease is updated in the middle of its life."),
    U("update_by", number, update_by, .more = &units_ratio, .min = 1, .def = "2x",
      .doc = "To how much of the CPU and RAM."),
    U("reorders", flag, reorders, .def = "true",
      .doc = "Orders again when a provider closes or never starts a healthy workload."),
    U("joins", number, joins, .more = &units_span, .def = "0s",
      .doc = "When the user appears, after genesis."),
};

static bool user_finish(struct reading *r, const struct yaml *y, void *at)
{
    struct user_group *g = at;

    if (!field_new_group(r, y, g->name))
        return false;
    if (g->deposit.token != g->token)
        return problem_at(r->why, r->file, y->line, y->column,
                          "%s: deposit is in %s, expected the user's token %s", g->name,
                          r->s->tokens[g->deposit.token].symbol, r->s->tokens[g->token].symbol);
    g->first = r->s->user_count;
    r->s->user_count += g->count;
    if (r->s->user_count > SCENARIO_MEMBERS_MAX)
        return problem_at(r->why, r->file, y->line, y->column, "more than %u users",
                          SCENARIO_MEMBERS_MAX);
    return true;
}

const struct object user_object =
    OBJECT("a user group", user_fields, user_group, .finish = user_finish,
           .doc = "Users that are alike but for what is drawn for each.");
