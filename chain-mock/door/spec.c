#include "chain-mock/door/spec.h"

#include "chain-mock/door/notation.h"
#include "chain-mock/wire/abi_print.h"
#include "protocol/gpu.h"

#include <string.h>

#define MILLI 1000u
#define GIB ((u128)1 << 30)
#define MODEL_CHARS 32u /* of the longest name, with NUL */

/* ---- names ---- */

/* What stands before the first `end`, or all. */
static struct text up_to(struct text t, char end)
{
    const char *at = t.n == 0 ? NULL : memchr(t.at, end, t.n);

    return (struct text){t.at, at == NULL ? t.n : (size_t)(at - t.at)};
}

static bool model_of(struct text name, u16 *out)
{
    char word[MODEL_CHARS] = {0};
    enum gpu_model model;

    if (name.n == 0 || name.n >= sizeof(word))
        return false;
    memcpy(word, name.at, name.n);
    if (!gpu_find(word, &model))
        return false;
    *out = (u16)(model + 1);
    return true;
}

/* False: no region has this name.  A host without names has no regions to ask for. */
static bool region_of(struct text name, struct spec_regions regions, u32 *out)
{
    *out = REGION_NONE;
    if (regions.count == 0 || name.n == 0 || notation_is(name, "any"))
        return true;
    for (u32 i = 0; i < regions.count; i++) {
        if (notation_is(name, regions.names[i])) {
            *out = i + 1;
            return true;
        }
    }
    return false;
}

static const char *region_name(u32 region, struct spec_regions regions)
{
    return region != REGION_NONE && region <= regions.count ? regions.names[region - 1] : "any";
}

/* ---- an order, in ---- */

/* Of one service or of all: in units of the text. */
struct asked {
    u128 milli_cpu, ram, disk, gpus;
    u16 model;
};

struct order_reader {
    struct notation n;
    struct spec_regions regions;
    struct asked sum;
    u64 services, count; /* count: of the last one */
    u32 region;
};

static u64 read_units(struct notation *n)
{
    struct text key;
    u64 units = 0;

    for (notation_enter(n, '{'); notation_key(n, &key);) {
        if (notation_is(key, "u"))
            units = notation_number(n);
        else
            notation_skip(n);
    }
    return units;
}

/* {k:...,v:...} */
static void read_attribute(struct notation *n, struct text *k, struct text *v)
{
    struct text key;

    *k = *v = (struct text){NULL, 0};
    for (notation_enter(n, '{'); notation_key(n, &key);) {
        if (notation_is(key, "k") || notation_is(key, "Key"))
            *k = notation_word(n);
        else if (notation_is(key, "v") || notation_is(key, "Value"))
            *v = notation_word(n);
        else
            notation_skip(n);
    }
}

/* "vendor/nvidia/model/rtx4090" and what may follow; a vendor alone has any model. */
static void read_gpu_attribute(struct notation *n, u16 *model)
{
    static const char prefix[] = "vendor/nvidia/model/";
    size_t length = sizeof(prefix) - 1;
    struct text k, v;
    u16 found;

    read_attribute(n, &k, &v);
    if (k.n <= length || memcmp(k.at, prefix, length) != 0)
        return;
    struct text name = up_to((struct text){k.at + length, k.n - length}, '/');
    if (notation_is(name, "*"))
        return;
    if (!model_of(name, &found))
        n->ok = false;
    else if (*model == GPU_ANY)
        *model = found;
}

static void read_gpus(struct notation *n, struct asked *a)
{
    struct text key;

    for (notation_enter(n, '{'); notation_key(n, &key);) {
        if (notation_is(key, "u")) {
            a->gpus = notation_number(n);
        } else if (notation_is(key, "a")) {
            for (notation_enter(n, '['); notation_element(n);)
                read_gpu_attribute(n, &a->model);
        } else {
            notation_skip(n);
        }
    }
}

static void read_resources(struct notation *n, struct asked *a)
{
    struct text key;

    for (notation_enter(n, '{'); notation_key(n, &key);) {
        if (notation_is(key, "c")) {
            a->milli_cpu = read_units(n);
        } else if (notation_is(key, "m")) {
            a->ram = read_units(n);
        } else if (notation_is(key, "s")) {
            for (notation_enter(n, '['); notation_element(n);)
                a->disk += read_units(n);
        } else if (notation_is(key, "g")) {
            read_gpus(n, a);
        } else {
            notation_skip(n);
        }
    }
}

/* One model serves all: two that differ cannot be one order. */
static void add(struct order_reader *o, const struct asked *a, u64 count)
{
    o->sum.milli_cpu += a->milli_cpu * count;
    o->sum.ram += a->ram * count;
    o->sum.disk += a->disk * count;
    o->sum.gpus += a->gpus * count;
    if (a->gpus == 0 || a->model == GPU_ANY)
        return;
    if (o->sum.model != GPU_ANY && o->sum.model != a->model)
        o->n.ok = false;
    o->sum.model = a->model;
}

static void read_service(struct order_reader *o)
{
    struct notation *n = &o->n;
    struct asked a = {0};
    struct text key;

    o->count = 1;
    for (notation_enter(n, '{'); notation_key(n, &key);) {
        if (notation_is(key, "r"))
            read_resources(n, &a);
        else if (notation_is(key, "c"))
            o->count = notation_number(n);
        else
            notation_skip(n);
    }
    if (o->count == 0)
        n->ok = false;
    o->services++;
    add(o, &a, o->count);
}

static void read_placement(struct order_reader *o)
{
    struct notation *n = &o->n;
    struct text key, k, v;

    for (notation_enter(n, '{'); notation_key(n, &key);) {
        if (!notation_is(key, "a")) {
            notation_skip(n);
            continue;
        }
        for (notation_enter(n, '['); notation_element(n);) {
            read_attribute(n, &k, &v);
            if (notation_is(k, "region") && !region_of(up_to(v, ';'), o->regions, &o->region))
                n->ok = false;
        }
    }
}

/* Rounded up; false: more than a row holds. */
static bool whole(u128 v, u128 unit, u32 most, u32 *out)
{
    u128 n = (v + unit - 1) / unit;

    *out = (u32)n;
    return n <= most;
}

/* Of each replica: one service alone may have several. */
static bool finish(struct order_reader *o, struct spec_order *out)
{
    u64 parts = o->services == 1 ? o->count : 1;
    struct asked *a = &o->sum;
    u32 gpus;

    if (o->services == 0 || parts > UINT32_MAX)
        return false;
    *out = (struct spec_order){.replicas = (u32)parts, .region = o->region};
    bool fits = whole(a->milli_cpu / parts, MILLI, UINT32_MAX, &out->specs.cpu) &&
                whole(a->ram / parts, GIB, UINT32_MAX, &out->specs.ram_gib) &&
                whole(a->disk / parts, GIB, UINT32_MAX, &out->specs.disk_gib) &&
                whole(a->gpus / parts, 1, UINT16_MAX, &gpus);
    if (!fits)
        return false;
    out->specs.gpus = (u16)gpus;
    out->specs.gpu_model = a->model;
    return true;
}

bool spec_read_order(struct spec_order *out, struct text t, struct spec_regions regions)
{
    struct order_reader o = {.n = notation_of(t), .regions = regions};
    struct text key;

    for (notation_enter(&o.n, '{'); notation_key(&o.n, &key);) {
        if (notation_is(key, "pr")) {
            read_placement(&o);
        } else if (notation_is(key, "s")) {
            for (notation_enter(&o.n, '['); notation_element(&o.n);)
                read_service(&o);
        } else {
            notation_skip(&o.n);
        }
    }
    return notation_done(&o.n) && finish(&o, out);
}

/* ---- an order, out ---- */

void spec_number(struct sink *out, u64 v)
{
    char digits[ABI_DECIMAL_CHARS];

    abi_print_u256(digits, bytes32_of_u128(v));
    sink_chars(out, digits);
}

void spec_write_order(struct sink *out, const struct spec_order *o, u64 order,
                      struct spec_regions regions)
{
    sink_chars(out, "{n:order-");
    spec_number(out, order);
    sink_chars(out, ",pr:{a:[{k:cpu_model,v:any},{k:bandwidth,v:any},{k:region,v:");
    sink_chars(out, region_name(o->region, regions));
    sink_chars(out, "}]},s:[{n:app,r:{i:1,c:{u:");
    spec_number(out, (u64)o->specs.cpu * MILLI);
    sink_chars(out, ",a:[]},m:{u:");
    spec_number(out, (u64)o->specs.ram_gib << 30);
    sink_chars(out, ",a:[]},s:[{n:default,a:[],u:");
    spec_number(out, (u64)o->specs.disk_gib << 30);
    sink_chars(out, "}],g:{a:[");
    if (o->specs.gpu_model != GPU_ANY && o->specs.gpu_model <= GPU_MODELS) {
        sink_chars(out, "{k:vendor/nvidia/model/");
        sink_chars(out, gpu_name((enum gpu_model)(o->specs.gpu_model - 1)));
        sink_chars(out, ",v:true}");
    }
    sink_chars(out, "],u:");
    spec_number(out, o->specs.gpus);
    sink_chars(out, "},e:[]},c:");
    spec_number(out, o->replicas);
    sink_chars(out, "}]}");
}

/* ---- a machine ---- */

static bool set_gpus(struct machine *m, u16 model, u64 count)
{
    if (count > UINT16_MAX)
        return false;
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (m->gpu[i].model == 0 || m->gpu[i].model == model) {
            m->gpu[i] = (struct gpu_line){model, (u16)count};
            return true;
        }
    }
    return false;
}

/* False: a key that means something has no such value. */
static bool set_attribute(struct machine *m, struct text key, struct text value)
{
    const struct {
        const char *key;
        u32 *field;
    } numbers[] = {{"cpu", &m->cpu},
                   {"ram_gib", &m->ram_gib},
                   {"disk_gib", &m->disk_gib},
                   {"disk_nvme_gib", &m->disk_nvme_gib},
                   {"compute_score", &m->compute_score},
                   {"up_mbps", &m->up_mbps},
                   {"down_mbps", &m->down_mbps}};
    u64 v = 0;
    bool number = notation_digits(value, &v) && v <= UINT32_MAX;
    u16 model;

    for (u32 i = 0; i < ARRAY_LEN(numbers); i++) {
        if (notation_is(key, numbers[i].key)) {
            *numbers[i].field = (u32)v;
            return number;
        }
    }
    if (notation_is(key, "compliance")) {
        m->compliance = (u8)v;
        return number && v <= UINT8_MAX;
    }
    if (key.n > 4 && memcmp(key.at, "gpu/", 4) == 0)
        return model_of((struct text){key.at + 4, key.n - 4}, &model) && number &&
               set_gpus(m, model, v);
    return true;
}

bool spec_read_machine(struct machine *out, struct text t, struct spec_regions regions)
{
    struct notation n = notation_of(t);
    struct text key, k, v;
    u32 region = REGION_NONE;

    *out = (struct machine){0};
    for (notation_enter(&n, '{'); notation_key(&n, &key);) {
        if (notation_is(key, "Region")) {
            if (!region_of(notation_word(&n), regions, &region))
                n.ok = false;
        } else if (notation_is(key, "Attributes")) {
            for (notation_enter(&n, '['); notation_element(&n);) {
                read_attribute(&n, &k, &v);
                n.ok = n.ok && set_attribute(out, k, v);
            }
        } else {
            notation_skip(&n);
        }
    }
    out->region = (u16)region;
    return notation_done(&n);
}

static void write_attribute(struct sink *out, const char *prefix, const char *key, u64 v,
                            bool *first)
{
    sink_chars(out, *first ? "{\"Key\":\"" : ",{\"Key\":\"");
    *first = false;
    sink_chars(out, prefix);
    sink_chars(out, key);
    sink_chars(out, "\",\"Value\":\"");
    spec_number(out, v);
    sink_chars(out, "\"}");
}

void spec_write_machine(struct sink *out, const struct machine *m, u32 provider,
                        struct spec_regions regions)
{
    bool first = true;

    sink_chars(out, "{\"Name\":\"provider-");
    spec_number(out, provider);
    sink_chars(out, "\",\"Region\":\"");
    sink_chars(out, region_name(m->region, regions));
    sink_chars(out, "\",\"Attributes\":[");
    write_attribute(out, "", "cpu", m->cpu, &first);
    write_attribute(out, "", "ram_gib", m->ram_gib, &first);
    write_attribute(out, "", "disk_gib", m->disk_gib, &first);
    write_attribute(out, "", "disk_nvme_gib", m->disk_nvme_gib, &first);
    write_attribute(out, "", "compute_score", m->compute_score, &first);
    write_attribute(out, "", "up_mbps", m->up_mbps, &first);
    write_attribute(out, "", "down_mbps", m->down_mbps, &first);
    write_attribute(out, "", "compliance", m->compliance, &first);
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (m->gpu[i].model != 0 && m->gpu[i].model <= GPU_MODELS)
            write_attribute(out, "gpu/", gpu_name((enum gpu_model)(m->gpu[i].model - 1)),
                            m->gpu[i].count, &first);
    }
    sink_chars(out, "]}");
}
