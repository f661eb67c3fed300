#include "protocol/invariants/invariant.h"

const struct invariant_row invariant_rows[INVARIANTS] = {
#define INVARIANT(NAME, id_, when_, forms_, section_, text_)                                       \
    [INV_##NAME] = {id_, #when_, section_, text_, INVARIANT_##forms_},
#include "protocol/invariants/invariants.def"
#undef INVARIANT
};

static void judge(struct tally *t, enum invariant_id id, bool holds, u128 left, u128 right,
                  const char *subject, u64 subject_id)
{
    t->evaluated[t->form][id]++;
    t->binding[t->form][id]++;
    if (holds)
        return;
    t->violated[t->form][id]++;
    if (!t->first.found)
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
        t->evaluated[t->form][id]++;
}

/* A line that ends where its room does. */
struct line {
    char *at;
    size_t left; /* without the end */
};

static void say(struct line *l, const char *text)
{
    for (; *text != '\0' && l->left > 0; l->left--)
        *l->at++ = *text++;
    *l->at = '\0';
}

static void say_number(struct line *l, u128 n)
{
    char digits[40];
    u32 i = sizeof(digits) - 1;

    digits[i] = '\0';
    do {
        digits[--i] = (char)('0' + (u32)(n % 10));
        n /= 10;
    } while (n != 0);
    say(l, digits + i);
}

void violation_text(char out[VIOLATION_TEXT_BYTES], const struct violation *v)
{
    struct line l = {out, VIOLATION_TEXT_BYTES - 1};

    check(v->found && v->id < INVARIANTS);
    const struct invariant_row *row = &invariant_rows[v->id];
    say(&l, row->id);
    say(&l, " (");
    say(&l, row->section);
    say(&l, ") ");
    say(&l, v->subject);
    say(&l, " ");
    say_number(&l, v->subject_id);
    say(&l, ": ");
    say_number(&l, v->left);
    say(&l, " against ");
    say_number(&l, v->right);
    say(&l, ": ");
    say(&l, row->text);
}
