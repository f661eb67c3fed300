#include "protocol/gpu.h"

struct row {
    const char *name, *source;
    enum gpu_tier tier;
    u64 price_usd_e8;
};

static const struct row rows[GPU_MODELS] = {
#define GPU(key, name, tier, price, source) [GPU_##key] = {name, source, GPU_TIER_##tier, price},
#include "protocol/gpu.def"
#undef GPU
};

static const char *const tier_texts[GPU_TIERS] = {
#define GPU_TIER(key, text) [GPU_TIER_##key] = (text),
#include "protocol/gpu_tier.def"
#undef GPU_TIER
};

static const struct row *row(enum gpu_model m)
{
    check(m < GPU_MODELS);
    return &rows[m];
}

static bool same(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b)
        a++, b++;
    return *a == *b;
}

bool gpu_find(const char *name, enum gpu_model *out)
{
    for (u32 i = 0; i < GPU_MODELS; i++)
        if (same(rows[i].name, name)) {
            *out = (enum gpu_model)i;
            return true;
        }
    return false;
}

const char *gpu_name(enum gpu_model m)
{
    return row(m)->name;
}

const char *gpu_source(enum gpu_model m)
{
    return row(m)->source;
}

enum gpu_tier gpu_tier(enum gpu_model m)
{
    return row(m)->tier;
}

u64 gpu_list_usd_e8(enum gpu_model m)
{
    return row(m)->price_usd_e8;
}

const char *gpu_tier_text(enum gpu_tier t)
{
    check(t < GPU_TIERS);
    return tier_texts[t];
}

u64 gpu_multiplier(const struct params *p, enum gpu_tier t)
{
    switch (t) {
#define GPU_TIER(key, text)                                                                        \
    case GPU_TIER_##key:                                                                           \
        return p->gpu_multiplier_##key;
#include "protocol/gpu_tier.def"
#undef GPU_TIER
    case GPU_TIERS:
        break;
    }
    check_unreachable();
}
