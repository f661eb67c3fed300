#include "protocol/invariants/invariant.h"

const struct invariant_row invariant_rows[INVARIANTS] = {
#define INVARIANT(NAME, id_, when_, section_, text_) [INV_##NAME] = {id_, #when_, section_, text_},
#include "protocol/invariants/invariants.def"
#undef INVARIANT
};

static void judge(struct tally *t, enum invariant_id id, bool holds, u128 left, u128 right,
                  const char *subject, u64 subject_id)
{
    t->evaluated[id]++;
    t->binding[id]++;
    if (holds || t->first.found)
        return;
    t->first = (struct violation){true, id, left, right, subject, subject_id};
}

void invariant_equal(struct tally *t, enum invariant_id id, u128 left, u128 right,
                     const char *subject, u64 subject_id)
{
    judge(t, id, left == right, left, right, subject, subject_id);
}

void invariant_at_most(struct tally *t, enum invariant_id id, u128 left, u128 right,
                       const char *subject, u64 subject_id)
{
    judge(t, id, left <= right, left, right, subject, subject_id);
}

void invariant_implies(struct tally *t, enum invariant_id id, bool when, bool then,
                       const char *subject, u64 subject_id)
{
    if (when)
        judge(t, id, then, then, 1, subject, subject_id);
    else
        t->evaluated[id]++;
}
