/* record - what a close tells of a provider, and which records may be put away after it. */
#ifndef CHAIN_MOCK_CONTRACTS_RECORD_H
#define CHAIN_MOCK_CONTRACTS_RECORD_H

#include "chain-mock/state/state.h"
#include "protocol/outage.h"

/* One provider's part of a close. */
struct close_record {
    u64 era, lease_s;
    u32 provider;
    struct hours potential, ok;
    u128 points_potential, points_ok;
    struct amount liveness, bonus, judged, unbonded;
    struct tier_era perform;
    struct tier_move move;
};

void close_tell(struct state *s, const struct close_record *r);

/* The seconds of cooldown after an outage that is over: as the parameter was when the up record was
 * heard, whatever it is now. */
u64 record_cooldown_s(const struct state *s, u32 outage);

/* The parameter changes, and was this: those of a provider's outages that are over keep it. */
void record_keep_cooldowns(struct state *s, u32 provider, u64 cooldown_s);

/* Leases, outages and ratings of a provider that no late record can need after the close of `era`:
 * what a block before it closed.  It begins earlier where records of earlier eras may still come.
 */
void record_put_away(struct state *s, u32 provider, struct interval era);

/* Prices older than the last one before `second`. */
void record_put_prices_away(struct state *s, u64 second);

#endif /* CHAIN_MOCK_CONTRACTS_RECORD_H */
