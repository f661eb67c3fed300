/* tables_scenario - the keys at the top of a scenario file. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/scenario_tables.h"

static const struct field step_fields[] = {
    {.key = "at",
     .kind = &kind_number,
     FIELD_AT(price_step, at_ns),
     .more = &units_span,
     .min = SEC(1),
     .required = true,
     .doc = "After genesis."},
    {.key = "usd",
     .kind = &kind_number,
     FIELD_AT(price_step, usd_e8),
     .more = &units_usd,
     .min = 1,
     .required = true,
     .doc = "Price of a whole token."},
};
static const struct object step_object =
    OBJECT("a price", step_fields, price_step, .doc = "The price from then on.");

static const struct field token_fields[] = {
    {.key = "symbol",
     .kind = &kind_name,
     FIELD_AT(token, symbol),
     .required = true,
     .doc = "As in amounts."},
    {.key = "decimals",
     .kind = &kind_number,
     FIELD_AT(token, decimals),
     .more = &units_count,
     .max = 18,
     .def = "18",
     .doc = "Decimals of a whole token."},
    {.key = "usd",
     .kind = &kind_number,
     FIELD_AT(token, usd_e8),
     .more = &units_usd,
     .def = "0 USD",
     .doc = "Price at genesis; 0 USD: it has none."},
    {.key = "prices",
     .kind = &kind_list,
     FIELD_AT(token, steps),
     FIELD_COUNT(token, step_count),
     .more = &step_object,
     .max = 1000000,
     .def = "[]",
     .doc = "Later prices, in order of time."},
    {.key = "transfer_fee",
     .kind = &kind_number,
     FIELD_AT(token, transfer_fee),
     .more = &units_share,
     .max = BPS_WHOLE,
     .def = "0%",
     .doc = "What the token itself takes of each transfer (settled 113)."},
    {.key = "enabled",
     .kind = &kind_flag,
     FIELD_AT(token, enabled),
     .def = "true",
     .doc = "Whether new orders may use it."},
};

static bool token_finish(struct reading *r, const struct yaml *y, void *at)
{
    const struct token *t = at;
    u32 place = r->s->token_count;

    if (place == 0 && (strcmp(t->symbol, "SPON") != 0 || t->decimals != 18))
        return problem_at(r->why, r->file, y->line, y->column,
                          "the first token is '%s', expected SPON with 18 decimals", t->symbol);
    for (u32 i = 0; i < place; i++)
        if (strcmp(r->s->tokens[i].symbol, t->symbol) == 0)
            return problem_at(r->why, r->file, y->line, y->column, "token '%s' is here already",
                              t->symbol);
    if (strcmp(t->symbol, "USD") == 0)
        return problem_at(r->why, r->file, y->line, y->column,
                          "a token cannot be called USD, the word for dollars");
    for (u32 i = 1; i < t->step_count; i++)
        if (t->steps[i].at_ns <= t->steps[i - 1].at_ns)
            return problem_at(r->why, r->file, y->line, y->column,
                              "prices of %s: entry %u is not later than the one before", t->symbol,
                              i + 1);
    return true;
}

const struct object token_object =
    OBJECT("a token", token_fields, token, .finish = token_finish, .doc = "A token of the market.");

#define N(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(network_spec, member_), __VA_ARGS__           \
    }

static const struct field network_fields[] = {
    N("regions", names, regions, .def = "[local]", .doc = "Names of the regions."),
    N("latency", rtt, rtt_us, .def = "{within: 5ms, between: 80ms}",
      .doc = "Median round trips between regions."),
    N("unknown_latency", number, unknown_rtt_us, .more = &units_micros, .min = 1, .def = "300ms",
      .doc = "Round trip of pairs that nobody measured."),
    N("jitter", dist, jitter, .more = &units_factor, .def = "1x",
      .doc = "Factor on the median, drawn for each message."),
    N("loss", number, loss_ppm, .more = &units_ppm, .max = 1000000, .def = "0%",
      .doc = "Share of messages that are lost."),
};

static bool network_finish(struct reading *r, const struct yaml *y, void *at)
{
    const struct network_spec *n = at;

    if (n->regions.count == 0 || n->regions.count > 250)
        return problem_at(r->why, r->file, y->line, y->column, "%u regions, expected 1 to 250",
                          n->regions.count);
    return true;
}

const struct object network_object =
    OBJECT("the network", network_fields, network_spec, .finish = network_finish,
           .doc = "How long messages take.");

static const struct field output_fields[] = {
    {.key = "tables",
     .kind = &kind_names,
     FIELD_AT(output, tables),
     .def = "[]",
     .doc = "Tables to write; none named: all but the opt-in ones."},
    {.key = "events",
     .kind = &kind_flag,
     FIELD_AT(output, events),
     .def = "false",
     .doc = "Write every event (events.jsonl)."},
    {.key = "transfers",
     .kind = &kind_flag,
     FIELD_AT(output, transfers),
     .def = "false",
     .doc = "Write every movement of money (transfers.csv)."},
    {.key = "log",
     .kind = &kind_flag,
     FIELD_AT(output, log),
     .def = "true",
     .doc = "Write the log of inputs, for replay (run.log)."},
};
const struct object output_object =
    OBJECT("output", output_fields, output, .doc = "What the run leaves behind.");

#define S(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(scenario, member_), __VA_ARGS__               \
    }

static const struct field list_price_fields[] = {
    S("cpu", number, cpu_month_usd_e8, .more = &units_usd, .def = "0.75 USD",
      .doc = "A vCPU for 720 hours."),
    S("ram_gib", number, ram_gib_month_usd_e8, .more = &units_usd, .def = "0.1 USD",
      .doc = "A GiB of RAM for 720 hours."),
    S("disk_gib", number, disk_gib_month_usd_e8, .more = &units_usd, .def = "0.01 USD",
      .doc = "A GiB of disk for 720 hours."),
};
static const struct object list_price_object =
    OBJECT("list prices", list_price_fields, scenario,
           .doc = "What asks and maximum prices are ratios of; GPUs have theirs in gpu.def.");

static const struct field population_fields[] = {
    S("providers", list, providers, FIELD_COUNT(scenario, provider_groups),
      .more = &provider_object, .max = 10000, .def = "[]", .doc = "Groups of providers."),
    S("users", list, users, FIELD_COUNT(scenario, user_groups), .more = &user_object, .max = 10000,
      .def = "[]", .doc = "Groups of users."),
};
static const struct object population_object =
    OBJECT("the population", population_fields, scenario, .doc = "Who takes part.");

static const char *const profile_words[] = {"whitepaper", NULL};

static const struct field scenario_fields[] = {
    S("name", name, name, .required = true, .doc = "Short name; of the run folder too."),
    S("question", text, question, .required = true, .doc = "What it asks, in a sentence."),
    S("covers", names, covers, .def = "[]", .doc = "Sections and invariants it covers."),
    S("profile", word, profile, .more = profile_words, .def = "whitepaper",
      .doc = "Where the parameters start from."),
    S("params", params, params, .def = "{}", .doc = "Parameters that differ from the profile's."),
    S("tokens", list, tokens, FIELD_COUNT(scenario, token_count), .more = &token_object,
      .max = SCENARIO_TOKENS_MAX,
      .def = "[{symbol: SPON, usd: 0.1 USD}, {symbol: USDX, decimals: 6, usd: 1 USD}]",
      .doc = "Tokens, SPON first."),
    S("network", object, network, .more = &network_object, .def = "{}",
      .doc = "Regions and latencies."),
    {.key = "list_prices",
     .kind = &kind_object,
     .more = &list_price_object,
     .def = "{}",
     .doc = "Price list."},
    S("eras", number, eras, .more = &units_count, .min = 1, .max = 100000, .required = true,
      .doc = "How many eras the run lasts."),
    S("seeds", seeds, seed_first, .def = "1", .doc = "A seed, or seeds such as 1..20."),
    {.key = "population",
     .kind = &kind_object,
     .more = &population_object,
     .def = "{}",
     .doc = "Who takes part."},
    S("workload", object, workload, .more = &workload_object, .doc = "Demand."),
    S("orders", list, orders, FIELD_COUNT(scenario, order_count), .more = &order_object,
      .max = 1000000, .def = "[]", .doc = "Explicit orders."),
    S("order_fanout", number, order_fanout, .more = &units_count, .def = "0",
      .doc = "How many eligible providers hear of an order; 0: all (settled 141)."),
    S("check_interval", number, check_interval_eras, .more = &units_count, .min = 1, .def = "1",
      .doc = "Eras between full checks of the invariants (settled 161)."),
    S("timeline", list, timeline, FIELD_COUNT(scenario, timeline_count), .more = &timeline_object,
      .max = 100000, .def = "[]", .doc = "What happens."),
    S("arms", list, arms, FIELD_COUNT(scenario, arm_count), .more = &arm_object, .max = 64,
      .def = "[]", .doc = "Variants, compared pairwise."),
    S("expect", list, expect.rows, FIELD_COUNT(scenario, expect.count), .more = &expectation_object,
      .max = 10000, .def = "[]", .doc = "What must come of it."),
    S("output", object, output, .more = &output_object, .def = "{}", .doc = "What is written."),
};

const struct object scenario_object =
    OBJECT("a scenario", scenario_fields, scenario,
           .doc = "A question to the network: who takes part, what happens, what must come of it.");
