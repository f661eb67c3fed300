/* gpu - the GPU models of the market and the ten reward tiers they are in.
 *
 * A model is named by its short name ("rtx4090"); the table is gpu.def.  A tier is worth
 * its parameter gpu_multiplier_*.
 */
#ifndef PROTOCOL_GPU_H
#define PROTOCOL_GPU_H

#include "protocol/params.h"

/* Lowest first. */
enum gpu_tier {
#define GPU_TIER(key, text) GPU_TIER_##key,
#include "protocol/gpu_tier.def"
#undef GPU_TIER
    GPU_TIERS
};

/* Append only: the values are in rows of the state. */
enum gpu_model {
#define GPU(key, name, tier, price, source) GPU_##key,
#include "protocol/gpu.def"
#undef GPU
    GPU_MODELS
};

/* False: no model has this short name (exact, lower case); *out is unchanged. */
must_use bool gpu_find(const char *name, enum gpu_model *out);

const char *gpu_name(enum gpu_model m);
const char *gpu_source(enum gpu_model m); /* where tier and price come from */
enum gpu_tier gpu_tier(enum gpu_model m);
u64 gpu_list_usd_e8(enum gpu_model m); /* list price of one GPU for an hour, > 0 */

const char *gpu_tier_text(enum gpu_tier t); /* "Ultra High 2" */

/* Reward multiplier in bps, 12x = 120000: settled 23. */
u64 gpu_multiplier(const struct params *p, enum gpu_tier t);

#endif /* PROTOCOL_GPU_H */
