/* wins - how often each of some bids wins, over many drawn orders. */
#ifndef TESTS_PROPERTY_WINS_H
#define TESTS_PROPERTY_WINS_H

#include "protocol/matching.h"
#include "tests/any.h"

#define WINS_TRIES 20000u

/* The next order of those drawn: its own seed, at most 100 units, no region. */
struct match_order wins_order(struct any *any);

/* wins[i]: of bid i among WINS_TRIES orders; a copy of `any`, so the same draws for the same. */
void wins_count(u64 *wins, struct any any, const struct params *p, const struct match_bid *bids,
                size_t n);

/* Whether two counts differ by chance: (a - b)^2 <= z^2 (variance of a + of b), 99.99 %. */
bool wins_alike(u64 a, u64 b);

#endif /* TESTS_PROPERTY_WINS_H */
