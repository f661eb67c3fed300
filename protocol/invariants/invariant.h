/* invariant - what must always hold, by its ID.
 *
 * A checker states both sides; the tally counts how often each was evaluated, how often its
 * antecedent was true and how often it was violated, and keeps the first violation for the host to
 * report.  Checkers are never changed by a mutant (protocol/mutant.h): mutants change rules.
 */
#ifndef PROTOCOL_INVARIANTS_INVARIANT_H
#define PROTOCOL_INVARIANTS_INVARIANT_H

#include "protocol/base.h"

enum invariant_id {
#define INVARIANT(NAME, id, when, forms, section, text) INV_##NAME,
#include "protocol/invariants/invariants.def"
#undef INVARIANT
    INVARIANTS
};

enum invariant_forms { INVARIANT_BOTH, INVARIANT_CHEAP, INVARIANT_FULL, INVARIANT_NETWORK };

struct invariant_row {
    const char *id, *when, *section, *text;
    enum invariant_forms forms;
};

extern const struct invariant_row invariant_rows[INVARIANTS];

struct violation {
    bool found;
    enum invariant_id id;
    u128 left, right;    /* both sides of what should hold */
    const char *subject; /* what kind of thing */
    u64 subject_id;
};

/* The cheap form looks at what a change touched, when it is made; the full form at everything that
 * is kept, now and then. */
enum form { FORM_CHEAP, FORM_FULL, FORMS };

struct tally {
    u64 evaluated[FORMS][INVARIANTS];
    u64 binding[FORMS][INVARIANTS]; /* the antecedent was true */
    u64 violated[FORMS][INVARIANTS];
    enum form form; /* of what is evaluated next */
    struct violation first;
};

/* left == right must hold. */
void invariant_equal(struct tally *t, enum invariant_id id, u128 left, u128 right,
                     const char *subject, u64 subject_id);

/* left <= right must hold. */
void invariant_at_most(struct tally *t, enum invariant_id id, u128 left, u128 right,
                       const char *subject, u64 subject_id);

/* Where `when` is true, `then` must hold; counts as binding only where it is.  Its sides are 0 or 1
 * for what was found and 1 for what should be. */
void invariant_implies(struct tally *t, enum invariant_id id, bool when, bool then,
                       const char *subject, u64 subject_id);

/* Both forms together. */
static inline u64 tally_evaluated(const struct tally *t, enum invariant_id id)
{
    return t->evaluated[FORM_CHEAP][id] + t->evaluated[FORM_FULL][id];
}

static inline u64 tally_binding(const struct tally *t, enum invariant_id id)
{
    return t->binding[FORM_CHEAP][id] + t->binding[FORM_FULL][id];
}

/* One line for a host, which adds event, block, time and the command that replays to it:
 * "ESC-1 (§4.6.3) purse 7: 5 against 4: deposited == ...".  At most VIOLATION_TEXT_BYTES with its
 * end; the violation has been found. */
#define VIOLATION_TEXT_BYTES 400u
void violation_text(char out[VIOLATION_TEXT_BYTES], const struct violation *v);

#endif /* PROTOCOL_INVARIANTS_INVARIANT_H */
