#include "protocol/params.h"

#define INIT_amount(v)                                                                             \
    {                                                                                              \
        v                                                                                          \
    }
#define INIT_usd(v) v
#define INIT_bps(v) v
#define INIT_ratio(v) v
#define INIT_span(v) v
#define INIT_millis(v) v
#define INIT_micros(v) v
#define INIT_count(v) v
#define INIT_flag(v) v

const struct params params_default = {
#define PARAM(type, name, unit, def, min, max, source, doc) .name = INIT_##type(def),
#include "protocol/params.def"
#undef PARAM
};

#define VALUE_amount(x) (x).wei
#define VALUE_usd(x) (x)
#define VALUE_bps(x) (x)
#define VALUE_ratio(x) (x)
#define VALUE_span(x) (x)
#define VALUE_millis(x) (x)
#define VALUE_micros(x) (x)
#define VALUE_count(x) (x)
#define VALUE_flag(x) (x)

u128 params_get(const struct params *p, enum param_id id)
{
    switch (id) {
#define PARAM(type, name, unit, def, min, max, source, doc)                                        \
    case PARAM_##name:                                                                             \
        return VALUE_##type(p->name);
#include "protocol/params.def"
#undef PARAM
    case PARAM_KINDS:
        break;
    }
    check_unreachable();
}

u128 params_most(enum param_id id)
{
    switch (id) {
#define PARAM(type, name, unit, def, min, max, source, doc)                                        \
    case PARAM_##name:                                                                             \
        return (max);
#include "protocol/params.def"
#undef PARAM
    case PARAM_KINDS:
        break;
    }
    check_unreachable();
}

static bool within(u128 v, u128 min, u128 max)
{
    return v >= min && v <= max;
}

/* What holds between rows, beyond each one's range. */
static bool consistent(const struct params *p)
{
    return p->era_seconds % 3600 == 0 && /* settled 8: "a multiple of 3600 s" */
           p->commission_bps + p->provider_fee_bps <= BPS_WHOLE;
}

bool params_set(struct params *p, enum param_id id, u128 v)
{
    struct params after = *p;

    switch (id) {
#define PARAM(type, name, unit, def, min, max, source, doc)                                        \
    case PARAM_##name:                                                                             \
        if (!within(v, (min), (max)))                                                              \
            return false;                                                                          \
        VALUE_##type(after.name) = (__typeof__(VALUE_##type(after.name)))v;                        \
        break;
#include "protocol/params.def"
#undef PARAM
    case PARAM_KINDS:
        check_unreachable();
    }
    if (!consistent(&after))
        return false;
    *p = after;
    return true;
}

bool params_fixed(enum param_id id)
{
    return id == PARAM_block_time_ms || id == PARAM_heartbeat_s;
}

void params_encode(struct writer *w, const struct params *p)
{
#define PARAM(type, name, unit, def, min, max, source, doc) put_u128(w, VALUE_##type(p->name));
#include "protocol/params.def"
#undef PARAM
}

bool params_decode(struct reader *r, struct params *p)
{
    struct params read;
    u128 v;

#define PARAM(type, name, unit, def, min, max, source, doc)                                        \
    v = get_u128(r);                                                                               \
    if (!within(v, (min), (max)))                                                                  \
        return false;                                                                              \
    VALUE_##type(read.name) = (__typeof__(VALUE_##type(read.name)))v;
#include "protocol/params.def"
#undef PARAM
    if (!r->ok || !consistent(&read))
        return false;
    *p = read;
    return true;
}
