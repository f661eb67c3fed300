#include "sim/run/event_lines.h"

#include "sim/scenario/units.h"

#define EXACT_MAX ((u128)1 << 53)

static void write_digits(FILE *out, u128 v)
{
    char text[UNITS_BYTES];

    fputs(units_print(&units_count, v, text), out);
}

static void write_u128(FILE *out, u128 v)
{
    if (v <= EXACT_MAX) {
        write_digits(out, v);
        return;
    }
    fputc('"', out);
    write_digits(out, v);
    fputc('"', out);
}

static void write_u32(FILE *out, u32 v)
{
    write_digits(out, v);
}

static void write_account(FILE *out, u32 v)
{
    write_digits(out, v);
}

static void write_u64(FILE *out, u64 v)
{
    write_u128(out, v);
}

static void write_amount(FILE *out, struct amount v)
{
    fputc('"', out);
    write_digits(out, v.wei);
    fputc('"', out);
}

static void write_specs(FILE *out, struct specs s)
{
    fprintf(out, "{\"cpu\":%u,\"ram_gib\":%u,\"disk_gib\":%u,\"gpu_model\":%u,\"gpus\":%u}", s.cpu,
            s.ram_gib, s.disk_gib, s.gpu_model, s.gpus);
}

static void write_machine(FILE *out, struct machine m)
{
    fprintf(out,
            "{\"cpu\":%u,\"ram_gib\":%u,\"disk_gib\":%u,\"disk_nvme_gib\":%u,\"compute_score\":%u,"
            "\"up_mbps\":%u,\"down_mbps\":%u,\"region\":%u,\"compliance\":%u,\"gpu\":[",
            m.cpu, m.ram_gib, m.disk_gib, m.disk_nvme_gib, m.compute_score, m.up_mbps, m.down_mbps,
            m.region, m.compliance);
    for (u32 i = 0; i < GPU_LINES; i++)
        fprintf(out, "%s[%u,%u]", i == 0 ? "" : ",", m.gpu[i].model, m.gpu[i].count);
    fputs("]}", out);
}

static void write_fields(FILE *out, const struct log *log)
{
    switch (log->kind) {
#define FIELD(type, name)                                                                          \
    fputs(",\"" #name "\":", out);                                                                 \
    write_##type(out, body->name);
#define LOG(NAME, name, to, fields, doc)                                                           \
    case LOG_##NAME: {                                                                             \
        const struct log_##name *body = &log->u.name;                                              \
        fields return;                                                                             \
    }
#include "protocol/log.def"
#undef LOG
#undef FIELD
    case LOG_KINDS:
        break;
    }
    check_unreachable();
}

void event_line(FILE *out, const struct log *log, u64 block, u64 second)
{
    fprintf(out, "{\"block\":%llu,\"second\":%llu,\"event\":\"%s\"", (unsigned long long)block,
            (unsigned long long)second, log_names[log->kind]);
    if (log->tx != LOG_NO_TX)
        fprintf(out, ",\"tx\":%u", log->tx);
    write_fields(out, log);
    fputs("}\n", out);
}
