/* tier_shares - the exact oracle of bench-model.md: "with stake not binding, (tier, streak) is a
 * 49-state Markov chain"; its tier shares at era 365, started in tier 7. */
#ifndef TESTS_PROPERTY_TIER_SHARES_H
#define TESTS_PROPERTY_TIER_SHARES_H

#include "protocol/tier.h"

static const struct oracle {
    double availability, all_up, share[TIERS];
} oracle[] = {
    {0.999, 0.976, {1.0000, 0, 0, 0, 0, 0, 0}},
    {0.99, 0.786, {0.9982, 0.0018, 0, 0, 0, 0, 0}},
    {0.98, 0.616, {0.9556, 0.0425, 0.0019, 0.0001, 0, 0, 0}},
    {0.95, 0.292, {0.0166, 0.0579, 0.2024, 0.7077, 0.0153, 0, 0}},
    {0.90, 0.080, {0, 0, 0.0006, 0.2082, 0.7228, 0.0682, 0.0001}},
    {0.85, 0.020, {0, 0, 0, 0.0012, 0.1651, 0.6880, 0.1457}},
};

#endif /* TESTS_PROPERTY_TIER_SHARES_H */
