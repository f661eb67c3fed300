/* params - what the protocol can be set to.
 *
 * Money is a struct amount in base units; everything else is a u64 in the unit of its row.
 */
#ifndef PROTOCOL_PARAMS_H
#define PROTOCOL_PARAMS_H

#include "protocol/bytes.h"

typedef struct amount param_amount;
typedef u64 param_usd;
typedef u64 param_bps;
typedef u64 param_ratio;
typedef u64 param_span;
typedef u64 param_millis;
typedef u64 param_micros;
typedef u64 param_count;
typedef u64 param_flag;

struct params {
#define PARAM(type, name, unit, def, min, max, source, doc) param_##type name;
#include "protocol/params.def"
#undef PARAM
};

/* A default outside its own range does not compile. */
#define PARAM(type, name, unit, def, min, max, source, doc)                                        \
    _Static_assert((u128)(def) >= (u128)(min) && (u128)(def) <= (u128)(max),                       \
                   "default of " #name " is out of its range");
#include "protocol/params.def"
#undef PARAM

enum param_id {
#define PARAM(type, name, unit, def, min, max, source, doc) PARAM_##name,
#include "protocol/params.def"
#undef PARAM
    PARAM_KINDS
};

extern const struct params params_default;

/* The value of one row, whatever its type. */
u128 params_get(const struct params *p, enum param_id id);

/* The most that the row may be set to. */
u128 params_most(enum param_id id);

/* False: v is outside the row's range or breaks a rule between rows; *p is unchanged. */
must_use bool params_set(struct params *p, enum param_id id, u128 v);

/* Whether the row stays as it is at genesis: the clock of the chain hangs on it, or the beats of
 * the detector, whose phases lie within heartbeat_s (settled 41). */
bool params_fixed(enum param_id id);

#define PARAMS_BYTES (PARAM_KINDS * 16u)

void params_encode(struct writer *w, const struct params *p);
must_use bool params_decode(struct reader *r, struct params *p);

#endif /* PROTOCOL_PARAMS_H */
