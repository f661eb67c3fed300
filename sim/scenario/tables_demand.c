/* tables_demand - what is asked: explicit orders, generated demand, a trace. */
#include "sim/scenario/scenario_tables.h"

#include <stdio.h>
#include <string.h>

#define O(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(order_spec, member_), __VA_ARGS__             \
    }

/* What one replica asks, in the specs `in_` of struct S. */
#define SPECS_ROWS(S, in_)                                                                         \
    {.key = "cpu",                                                                                 \
     .kind = &kind_number,                                                                         \
     FIELD_AT(S, in_.cpu),                                                                         \
     .more = &units_count,                                                                         \
     .max = 100000,                                                                                \
     .required = true,                                                                             \
     .doc = "vCPUs of a replica."},                                                                \
        {.key = "ram",                                                                             \
         .kind = &kind_number,                                                                     \
         FIELD_AT(S, in_.ram_gib),                                                                 \
         .more = &units_gib,                                                                       \
         .max = 1000000,                                                                           \
         .def = "1GiB",                                                                            \
         .doc = "RAM of a replica."},                                                              \
        {.key = "disk",                                                                            \
         .kind = &kind_number,                                                                     \
         FIELD_AT(S, in_.disk_gib),                                                                \
         .more = &units_gib,                                                                       \
         .max = 10000000,                                                                          \
         .def = "0GiB",                                                                            \
         .doc = "Disk of a replica."},                                                             \
        {.key = "gpu",                                                                             \
         .kind = &kind_gpu,                                                                        \
         FIELD_AT(S, in_.gpu_model),                                                               \
         .def = "any",                                                                             \
         .doc = "GPU model, or any."},                                                             \
    {                                                                                              \
        .key = "gpus", .kind = &kind_number, FIELD_AT(S, in_.gpus), .more = &units_count,          \
        .max = 1024, .def = "0", .doc = "GPUs of a replica."                                       \
    }

static const struct field update_fields[] = {
    O("after", number, update_after, .more = &units_span, .min = 1, .required = true,
      .doc = "After the lease's start."),
    SPECS_ROWS(order_spec, update_specs),
    O("max_price", money, update_max_price, .more = "same", .def = "same",
      .doc = "Most that the new terms may cost an hour; same: as the order's."),
};

static bool updates(const void *at)
{
    return ((const struct order_spec *)at)->update_after.ns != 0;
}

static const struct object update_object =
    OBJECT("an update", update_fields, order_spec, .present = updates,
           .doc = "A request for other terms (settled 109).");

static const struct field order_fields[] = {
    O("at", when, at, .required = true, .doc = "When it is made."),
    O("user", user, user, .required = true, .doc = "Who makes it."),
    SPECS_ROWS(order_spec, specs),
    O("replicas", number, replicas, .more = &units_count, .min = 1, .max = 10000, .def = "1",
      .doc = "Copies of it, on one provider."),
    O("max_price", money, max_price, .required = true,
      .doc = "Most that an hour of the whole order may cost, in the user's token."),
    O("duration", number, duration, .more = &units_span, .min = SEC(1), .required = true,
      .doc = "Agreed time."),
    O("region", region, region, .def = "any", .doc = "Region it demands."),
    O("tier_worst", number, tier_worst, .more = &units_count, .min = 1, .max = 7, .def = "7",
      .doc = "Worst trust tier it takes."),
    O("lifetime", number, lifetime, .more = &units_span, .def = "0s",
      .doc =
          "The workload is done so long after the lease's start, and the user closes; 0s: never."),
    O("patience", number, patience, .more = &units_span, .def = "0s",
      .doc = "No lease so long after `at`: the user gives up; 0s: never."),
    O("fail_after", number, fail_after, .more = &units_span, .def = "0s",
      .doc = "The workload begins to crash so long after it is ready; 0s: it does not."),
    O("image_failed", flag, image_failed, .def = "false",
      .doc = "The crashes are the fault of the user's image (settled 42)."),
    O("extend", flag, extend, .def = "false",
      .doc = "lifetime over duration: the user extends instead of letting the lease expire."),
    {.key = "update", .kind = &kind_object, .more = &update_object, .doc = "An update."},
};

static bool order_finish(struct reading *r, const struct yaml *y, void *at)
{
    const struct order_spec *o = at;
    const struct user_group *g = &r->s->users[o->user.group];

    if (o->max_price.token != g->token)
        return problem_at(
            r->why, r->file, y->line, y->column, "max_price is in %s, but %s pays in %s",
            r->s->tokens[o->max_price.token].symbol, g->name, r->s->tokens[g->token].symbol);
    if (o->max_price.amount.wei == 0)
        return problem_at(r->why, r->file, y->line, y->column, "max_price is 0, expected more");
    if (o->update_after.ns != 0 && o->update_max_price.token != INDEX_NONE &&
        o->update_max_price.token != g->token)
        return problem_at(
            r->why, r->file, y->line, y->column, "update.max_price is in %s, but %s pays in %s",
            r->s->tokens[o->update_max_price.token].symbol, g->name, r->s->tokens[g->token].symbol);
    if (o->specs.gpu_model != GPU_ANY && o->specs.gpus == 0)
        return problem_at(r->why, r->file, y->line, y->column,
                          "gpu is stated, expected gpus: how many");
    return true;
}

const struct object order_object = OBJECT("an order", order_fields, order_spec,
                                          .finish = order_finish, .doc = "One order of one user.");

static const struct field request_fields[] = {
    {.key = "weight",
     .kind = &kind_number,
     FIELD_AT(request_kind, weight),
     .more = &units_count,
     .min = 1,
     .def = "1",
     .doc = "How often this request."},
    SPECS_ROWS(request_kind, specs),
};
static const struct object request_object =
    OBJECT("a request", request_fields, request_kind, .doc = "What an order asks.");

#define W(key_, of_, member_, ...)                                                                 \
    {                                                                                              \
        .key = (key_), .kind = &kind_##of_, FIELD_AT(workload, member_), __VA_ARGS__               \
    }

static const struct field generated_fields[] = {
    W("orders_per_day", number, orders_per_day, .more = &units_count, .min = 1, .max = 100000000,
      .required = true, .doc = "Mean number of orders of all users together."),
    W("hours", hours, hour_weights, .def = "flat",
      .doc = "Weights of the hours of a day: flat, 24 numbers, or a CSV."),
    W("burst_variance", number, burst_variance, .more = &units_ratio, .max = 1000000, .def = "0x",
      .doc = "Relative variance of an hour's rate beside the shape of the day."),
    W("request_table", request_file, requests, FIELD_COUNT(workload, request_count),
      .doc = "What is asked, in a CSV beside the scenario: cpu_milli, memory_mib, gpus, models, "
             "weight."),
    W("requests", list, requests, FIELD_COUNT(workload, request_count), .more = &request_object,
      .max = 100000, .doc = "What is asked, with weights."),
    W("lifetime_cpu", dist, lifetime_cpu_ns, .more = &units_span, .min = SEC(1), .def = "1h",
      .doc = "How long a workload without GPU runs."),
    W("lifetime_gpu", dist, lifetime_gpu_ns, .more = &units_span, .min = SEC(1), .def = "1h",
      .doc = "How long a workload with one GPU runs."),
    W("lifetime_multi_gpu", dist, lifetime_multi_gpu_ns, .more = &units_span, .min = SEC(1),
      .def = "1h", .doc = "How long a workload with several GPUs runs."),
    W("fail_share", number, fail_share, .more = &units_share, .max = BPS_WHOLE, .def = "0%",
      .doc = "Share of workloads that begin to crash."),
    W("fail_after", dist, fail_after_ns, .more = &units_span, .def = "5min",
      .doc = "After which running time."),
};

static bool generated_finish(struct reading *r, const struct yaml *y, void *at)
{
    const struct workload *w = at;
    u32 ways = (u32)(yaml_entry(y, "requests") != NULL) + (yaml_entry(y, "request_table") != NULL);

    if (ways != 1 || (w->request_count == 0 && !r->options->no_files))
        return problem_at(r->why, r->file, y->line, y->column,
                          "generated demand needs one of requests and request_table, not empty");
    return true;
}

static const struct object generated_object =
    OBJECT("generated demand", generated_fields, workload, .finish = generated_finish,
           .doc = "Orders drawn from fitted tables: bursty, by the hour of the day, heavy-tailed.");

static const struct field trace_fields[] = {
    W("file", text, trace, .required = true, .doc = "CSV of jobs, under --data."),
    W("bytes", number, is.bytes, .more = &units_count, .def = "0",
      .doc = "Size that the file must have; 0: any. scenario.resolved.json states what it was."),
    W("hash", hash, is.hash, .doc = "Hash that it must have, as scenario.resolved.json states it."),
    W("from", number, from, .more = &units_span, .def = "0s",
      .doc = "Jobs created from then on, by the clock of the trace."),
    W("length", number, length, .more = &units_span, .def = "0s",
      .doc = "Length of the window; 0s: to the end of the trace."),
    W("cpu_milli", text, columns.cpu_milli, .def = "cpu_milli",
      .doc = "Column of thousandths of a core."),
    W("memory_mib", text, columns.memory_mib, .def = "memory_mib", .doc = "Column of RAM."),
    W("gpus", text, columns.gpus, .def = "num_gpu", .doc = "Column of the number of GPUs."),
    W("gpu_milli", text, columns.gpu_milli, .def = "gpu_milli",
      .doc = "Column of thousandths of a GPU, or none."),
    W("gpu_models", text, columns.models, .def = "gpu_spec",
      .doc = "Column of GPU models with | between, or none."),
    W("outcome", text, columns.outcome, .def = "pod_phase",
      .doc = "Column of the outcome, or none."),
    W("failed", text, columns.failed, .def = "Failed", .doc = "The outcome that is a failure."),
    W("created", text, columns.created_s, .def = "creation_time",
      .doc = "Column of the second of the order."),
    W("begun", text, columns.begun_s, .def = "scheduled_time",
      .doc = "Column of the second of the start, or none."),
    W("ended", text, columns.ended_s, .def = "deletion_time",
      .doc = "Column of the second of the end, or none."),
    W("models", gpu_map, gpus, .def = "{}",
      .doc = "The trace's GPU names, each with ours, as {T4: t4}."),
};

static void none_is_null(const char **column)
{
    if (strcmp(*column, "none") == 0)
        *column = NULL;
}

static bool another_file(struct reading *r, const struct yaml *at, const struct workload *w,
                         struct trace_content said)
{
    char bytes[40] = "", hash[40] = "";

    if (said.bytes != 0)
        snprintf(bytes, sizeof(bytes), " %llu bytes", (unsigned long long)said.bytes);
    if (said.hash != 0)
        snprintf(hash, sizeof(hash), " hash %016llx", (unsigned long long)said.hash);
    return problem_at(
        r->why, r->file, at->line, at->column,
        "trace: '%.80s' is another file: found %llu bytes, hash %016llx, expected%s%s", w->trace,
        (unsigned long long)w->is.bytes, (unsigned long long)w->is.hash, bytes, hash);
}

/* A trace that says what its file is takes no other. */
static bool same_content(struct reading *r, const struct yaml *y, struct workload *w)
{
    struct trace_content said = w->is;

    w->is = w->jobs.content;
    if ((said.hash == 0 || said.hash == w->is.hash) &&
        (said.bytes == 0 || said.bytes == w->is.bytes))
        return field_data_note(r, y, w->trace, w->is);
    trace_free_jobs(&w->jobs);
    return another_file(r, yaml_entry(y, said.hash != 0 ? "hash" : "bytes"), w, said);
}

static bool trace_finish(struct reading *r, const struct yaml *y, void *at)
{
    struct workload *w = at;
    struct trace_window window = {w->from.ns / SEC(1),
                                  w->length.ns == 0 ? UINT64_MAX : w->length.ns / SEC(1)};
    char error[CSV_ERROR_BYTES];
    const char *path;

    if (r->options->no_files)
        return true;
    struct trace_job_columns columns = w->columns;
    none_is_null(&columns.gpu_milli);
    none_is_null(&columns.models);
    none_is_null(&columns.outcome);
    none_is_null(&columns.begun_s);
    none_is_null(&columns.ended_s);
    path = field_data_path(r, y, w->trace);
    if (path == NULL)
        return false;
    if (!trace_read_jobs(&w->jobs, path, &columns, &w->gpus.models, window, error))
        return problem_at(r->why, r->file, y->line, y->column, "trace: %s", error);
    return same_content(r, y, w);
}

static const struct object trace_object =
    OBJECT("a trace", trace_fields, workload, .finish = trace_finish,
           .doc = "Orders of a real trace; the defaults are the columns of openb.");

static const struct field workload_fields[] = {
    W("disk", number, disk_gib, .more = &units_gib, .max = 10000000, .def = "100GiB",
      .doc = "Disk of each order that states none."),
    W("image_fail_share", number, image_fail_share, .more = &units_share, .max = BPS_WHOLE,
      .def = "0%", .doc = "Share of failing workloads in which the user's image is at fault."),
    {.key = "generated",
     .kind = &kind_object,
     .more = &generated_object,
     .chooses = WORKLOAD_GENERATED + 1,
     .doc = "Demand drawn from fitted tables."},
    {.key = "trace",
     .kind = &kind_object,
     .more = &trace_object,
     .chooses = WORKLOAD_TRACE + 1,
     .doc = "Demand of a real trace."},
};

static bool has_workload(const void *at)
{
    return ((const struct workload *)at)->kind != WORKLOAD_NONE;
}

const struct object workload_object =
    OBJECT("a workload", workload_fields, workload, .has_variants = true,
           .variant_offset = offsetof(struct workload, kind), .present = has_workload,
           .doc = "Orders beside the explicit ones, shared out among all users by weight.");
