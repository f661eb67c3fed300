/* liveness - an era's emission, dealt out by points and hours.
 *
 * W is the potential: the points of all providers over all the hours in which they were
 * registered and active.  What is not earned is never minted (settled 55).  settled "The
 * close of an era, exactly" 2 and 4.
 */
#ifndef PROTOCOL_LIVENESS_H
#define PROTOCOL_LIVENESS_H

#include "protocol/params.h"

/* V: floor(emission x points / W), what one hour is worth; 0 if W = 0. */
struct amount liveness_hour(struct amount emission, u64 points, u128 potential);

/* L: floor(emission x sum of ok x points / W), 0 if W = 0; earned <= W.  An hour's part is the
 * difference of two such cumulative floors. */
struct amount liveness_earned(struct amount emission, u128 earned, u128 potential);

/* settled 32: whether the era's lease seconds (of the leases that count, summed) and payers
 * earn the bonus. */
bool liveness_bonus_due(const struct params *p, u64 lease_s, u64 payers);

/* Bonus of each of n providers who earned it: bonus_amount, or floor(left x bonus / sum of
 * bonuses) if left, what liveness did not mint, is short. */
struct amount liveness_bonus(const struct params *p, struct amount left, u64 n);

#endif /* PROTOCOL_LIVENESS_H */
