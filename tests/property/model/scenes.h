/* scenes - what happens in a world. */
#ifndef TESTS_PROPERTY_MODEL_SCENES_H
#define TESTS_PROPERTY_MODEL_SCENES_H

#include "tests/property/model/world.h"

u64 world_below(struct world *w, u64 bound);
bool world_chance(struct world *w, u64 percent);

/* Into the block that comes. */
void world_put(struct world *w, u32 from, struct tx tx);
/* What was put goes into the block `ahead` slots on; what is due before has its own blocks. */
void world_advance(struct world *w, u64 ahead);
/* The chain stands still for so many slots; the block after reports it. */
void world_halt(struct world *w, u64 slots);

/* Any parameter but the length of eras and what a block takes, and any value, mostly within its
 * range. */
struct world_setting {
    enum param_id param;
    u128 value;
};
struct world_setting world_any_param(struct world *w);

/* The first registrations and deposits. */
void world_founded(struct world *w);
/* One thing after another, some blocks long. */
void world_scene(struct world *w);

#endif /* TESTS_PROPERTY_MODEL_SCENES_H */
