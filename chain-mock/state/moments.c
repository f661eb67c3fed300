#include "chain-mock/state/moments.h"

#define ID_BITS 60u

struct moment moment_of(u64 second, enum moment_kind kind, u64 id)
{
    check(id >> ID_BITS == 0);
    return (struct moment){second, (u64)kind << ID_BITS | id};
}

enum moment_kind moment_kind(struct moment m)
{
    return (enum moment_kind)(m.rank >> ID_BITS);
}

u64 moment_id(struct moment m)
{
    return m.rank & (((u64)1 << ID_BITS) - 1);
}

static bool before(struct moment a, struct moment b)
{
    return a.second != b.second ? a.second < b.second : a.rank < b.rank;
}

bool moments_put(struct moments *q, struct moment m)
{
    if (q->count == q->cap)
        return false;
    u32 i = q->count++;
    while (i > 0 && before(m, q->at[(i - 1) / 2])) {
        q->at[i] = q->at[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    q->at[i] = m;
    return true;
}

const struct moment *moments_first(const struct moments *q)
{
    return q->count == 0 ? NULL : &q->at[0];
}

void moments_drop(struct moments *q)
{
    check(q->count > 0);
    struct moment last = q->at[--q->count];
    u32 i = 0;

    while (2 * i + 1 < q->count) {
        u32 child = 2 * i + 1;
        if (child + 1 < q->count && before(q->at[child + 1], q->at[child]))
            child++;
        if (!before(q->at[child], last))
            break;
        q->at[i] = q->at[child];
        i = child;
    }
    q->at[i] = last;
}
