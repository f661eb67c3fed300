/* interval - whole seconds [from_s, to_s), settled 159: "half open, in seconds".
 *
 * A list is sorted and its members do not overlap; touching ones may follow each other.
 * The last member may be open: to_s is INTERVAL_OPEN.
 */
#ifndef PROTOCOL_INTERVAL_H
#define PROTOCOL_INTERVAL_H

#include "protocol/base.h"

#define INTERVAL_OPEN UINT64_MAX
#define HOUR_S 3600u

struct interval {
    u64 from_s, to_s;
};

/* Lists are borrowed for the length of a call. */
struct interval_list {
    const struct interval *at;
    size_t n;
};

static inline u64 interval_length(struct interval i)
{
    return i.to_s > i.from_s ? i.to_s - i.from_s : 0;
}

/* What two have in common; empty (length 0) if nothing. */
struct interval interval_meet(struct interval a, struct interval b);

/* Whether there is a second in both. */
bool interval_touch(struct interval a, struct interval b);

/* Seconds of `within` that are in the list. */
u64 interval_covered(struct interval_list list, struct interval within);

/* Seconds of `within` that are in list and not in without: O(list.n + without.n). */
u64 interval_covered_without(struct interval_list list, struct interval_list without,
                             struct interval within);

#endif /* PROTOCOL_INTERVAL_H */
