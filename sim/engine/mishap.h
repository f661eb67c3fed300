/* mishap - what goes wrong for a while between the actors, the network and the chain's nodes.
 *
 * A mishap is one actor's, from an instant on and before another.  Whether it meets a message, and
 * by how much, is drawn in the name of the actor, the mishap's entry and its count, so that a
 * further mishap, actor or message of another moves nobody else's numbers.  Where there is none
 * nothing is looked at.
 *
 *   LOSE    messages from or to the actor are lost
 *   DELAY   they arrive later by up to `by`, so that they overtake each other
 *   TWICE   they arrive a second time, later by up to `by`
 *   LAG     its node shows the chain `by` late, in order; when it ends it has caught up
 *   HOLD    its transactions reach the chain `by` late, in order, at the latest when it ends
 *   REFUSE  its transactions are mined as failed, out of gas: nothing of them is on chain but a
 * nonce CRASH   its machine is down for the mishap's time and comes back without memory
 *           (EVENT_REVERTED with `forgets`, actors/reverted.h)
 *
 * LOSE, DELAY, TWICE and REFUSE meet a share of what passes, or only the n-th.
 */
#ifndef SIM_ENGINE_MISHAP_H
#define SIM_ENGINE_MISHAP_H

#include "actors/actor.h"

enum mishap_kind {
    MISHAP_LOSE,
    MISHAP_DELAY,
    MISHAP_TWICE,
    MISHAP_LAG,
    MISHAP_HOLD,
    MISHAP_REFUSE,
    MISHAP_CRASH,
    MISHAP_KINDS
};

extern const char *const mishap_names[MISHAP_KINDS];

struct mishap {
    enum mishap_kind kind;
    struct actor_id who;
    u32 entry; /* its place in the scenario: part of its draws' names */
    struct instant from, to;
    struct span by;
    struct bps share; /* of what passes; looked at where nth is 0 */
    u32 nth;          /* only the n-th from `from` on, from 1; 0: by share */
};

/* How often those of a kind had an effect. */
struct mishap_tally {
    u64 met[MISHAP_KINDS];
    u64 downs, halts; /* outages that the chain was told of; slots that were wanted within a halt */
    u64 lost;         /* messages that the network itself lost */
};

#endif /* SIM_ENGINE_MISHAP_H */
