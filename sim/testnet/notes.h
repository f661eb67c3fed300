/* notes - what a state file says of the world that it is of, so that it is known again and can be
 * replayed without anything else.
 */
#ifndef SIM_TESTNET_NOTES_H
#define SIM_TESTNET_NOTES_H

#include "sim/live/agent.h"
#include "sim/node/store.h"
#include "sim/run/run.h"

struct net_notes {
    char *scenario; /* resolved, JSON; notes_free() */
    u64 seed;
    u32 arm, people;
};

/* What this world is. */
must_use bool notes_of(struct net_notes *out, const struct scenario *scenario, u32 arm, u64 seed,
                       u32 people);
void notes_free(struct net_notes *n);

bool notes_put(struct store *s, const struct net_notes *n);
/* False: the store does not say of which world it is, or no memory: *error tells. */
must_use bool notes_read(struct store *s, struct net_notes *out, char error[256]);
/* False: out says what is another in the file than what is asked for, with both. */
#define NOTES_DIFFER 400u
must_use bool notes_same(const struct net_notes *file, const struct net_notes *asked,
                         char out[NOTES_DIFFER]);

/* Where an account's agent is.  Of one that has none: zero. */
bool notes_put_place(struct store *s, u32 account, const struct agent_place *place);
struct agent_place notes_place(struct store *s, u32 account);

#endif /* SIM_TESTNET_NOTES_H */
