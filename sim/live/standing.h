/* standing - what a participant has on a chain, from its logs in order and nothing else: what he is
 * told when the chain has gone back (actors/reverted.h).
 */
#ifndef SIM_LIVE_STANDING_H
#define SIM_LIVE_STANDING_H

#include "actors/actor.h"
#include "sim/live/concern.h"

struct standing {
    struct reverted facts;
    struct log *open; /* OrderCreated and LeaseCreated that stand, in order */
    size_t count, cap;
};

void standing_close(struct standing *s);

/* One log; *c, the participant's, has read it already. */
void standing_read(struct standing *s, const struct concern *c, const struct log *log);

/* Does this one of `open` concern him? */
bool standing_his(const struct concern *c, const struct log *open);

#endif /* SIM_LIVE_STANDING_H */
