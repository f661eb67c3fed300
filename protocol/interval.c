#include "protocol/interval.h"

static u64 min(u64 a, u64 b)
{
    return a < b ? a : b;
}

static u64 max(u64 a, u64 b)
{
    return a > b ? a : b;
}

struct interval interval_meet(struct interval a, struct interval b)
{
    struct interval both = {max(a.from_s, b.from_s), min(a.to_s, b.to_s)};

    return both.from_s < both.to_s ? both : (struct interval){both.from_s, both.from_s};
}

bool interval_touch(struct interval a, struct interval b)
{
    return interval_length(interval_meet(a, b)) > 0;
}

u64 interval_covered(struct interval_list list, struct interval within)
{
    return interval_covered_without(list, (struct interval_list){NULL, 0}, within);
}

u64 interval_covered_without(struct interval_list list, struct interval_list without,
                             struct interval within)
{
    u64 covered = 0;
    size_t first = 0; /* of without that may reach into this piece or a later one */

    for (size_t i = 0; i < list.n; i++) {
        check(list.at[i].from_s <= list.at[i].to_s);
        check(i == 0 || list.at[i - 1].to_s <= list.at[i].from_s);
        struct interval piece = interval_meet(list.at[i], within);
        covered += interval_length(piece);
        while (first < without.n && without.at[first].to_s <= piece.from_s)
            first++;
        for (size_t w = first; w < without.n && without.at[w].from_s < piece.to_s; w++)
            covered -= interval_length(interval_meet(without.at[w], piece));
    }
    return covered;
}
