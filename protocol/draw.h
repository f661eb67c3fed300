/* draw - random numbers that have a name instead of a place in a stream.
 *
 * A number is a function of (seed, replicate, entity, purpose, counter) and of
 * nothing else, so there is no generator to carry, save or share, and a further
 * actor, draw or message moves nobody else's numbers: two variants of a scenario
 * differ only where the variant makes them differ.  That holds as far as the names
 * do.  An entity is (group, ordinal in the group), never an index.  The counter
 * names what the draw is about (the job, the era); how many draws came before is
 * the last resort, for it shifts when one is added.
 *
 * Generator: Philox 4x64-10 of Random123.  The key is (seed, replicate): two seeds
 * or two replicates share nothing, whatever their numbers look like.
 */
#ifndef PROTOCOL_DRAW_H
#define PROTOCOL_DRAW_H

#include "protocol/base.h"

/* Append only: the values are part of the name of every number drawn. */
enum draw_purpose {
#define DRAW(NAME, doc) DRAW_##NAME,
#include "protocol/draw.def"
#undef DRAW
    DRAW_PURPOSES
};

struct drawer {
    u64 seed, replicate, entity;
};

/* Less than 2^ENTITY_BITS; the bits above are for whoever sorts by it. */
#define ENTITY_BITS 60u
u64 entity_key(const char *group, u32 ordinal);
u64 entity_pair(u64 from, u64 to); /* of a link: (a, b) is not (b, a) */

u64 draw_u64(const struct drawer *d, enum draw_purpose purpose, u64 counter);
u64 draw_below(const struct drawer *d, enum draw_purpose purpose, u64 counter, u64 bound);
bool draw_chance(const struct drawer *d, enum draw_purpose purpose, u64 counter, struct bps odds);

/* All words of the block of which draw_u64() is the first, for who needs several of one name. */
#define DRAW_BLOCK 4u
void draw_block(const struct drawer *d, enum draw_purpose purpose, u64 counter,
                u64 words[DRAW_BLOCK]);

#endif /* PROTOCOL_DRAW_H */
