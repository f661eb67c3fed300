/* plan - a swarm run as a list of choices: what is drawn from a seed, written as a scenario, and
 * shrunk.
 *
 * Choices stand in the order of time; each that happens at a time says how long after the one
 * before it, so that one can be taken out and its time given to the next.  A provider or user is
 * known by its number, which it keeps whoever else is taken out.
 */
#ifndef SIM_SWARM_PLAN_H
#define SIM_SWARM_PLAN_H

#include "protocol/params.h"

enum choice_section { SECTION_WORLD, SECTION_ORDERS, SECTION_TIMELINE, SECTION_EXPECT };

enum choice_how {
    HOW_ANY,
    HOW_LOG,
    HOW_ODD,
    HOW_TIME,
    HOW_LATE,
    HOW_WHO,
    HOW_PROVIDER,
    HOW_USER,
    HOW_ROW
};

enum choice_kind {
#define CHOICE(NAME, word, section, args) CHOICE_##NAME,
#include "sim/swarm/choices.def"
#undef CHOICE
    CHOICE_KINDS
};

#define CHOICE_ARGS 24u

struct choice_arg {
    const char *name;
    u64 least, most, simplest;
    enum choice_how how;
};

struct choice_row {
    const char *word;
    enum choice_section section;
    u32 count;
    struct choice_arg arg[CHOICE_ARGS];
};

extern const struct choice_row choice_rows[CHOICE_KINDS];

struct choice {
    enum choice_kind kind;
    u32 number; /* of a provider or user, from 1 */
    u64 arg[CHOICE_ARGS];
};

#define PLAN_MAX 256u

struct plan {
    u32 count;
    struct choice choice[PLAN_MAX];
};

/* Whether a choice happens at a time: its first argument is the gap. */
bool choice_is_timed(const struct choice *c);

/* An argument by name, which it has. */
u64 choice_arg(const struct choice *c, const char *name);
u32 choice_place(enum choice_kind kind, const char *name);

/* Somebody as a number: users beyond all providers. */
#define WHO_USERS 1000u

/* The choice that makes this provider or user; NULL: it is not there (any more). */
const struct choice *plan_member(const struct plan *p, u64 who);

/* Whether it is about somebody who is not there: then it is no part of the scenario. */
bool choice_is_idle(const struct plan *p, const struct choice *c);

/* The value of a parameter of a PARAM or SET choice, in the units of the row; whole tokens, where
 * it is an amount. */
u128 choice_value(const struct choice *c);

/* Without choice i; its time is given to the next that happens at a time. */
void plan_remove(struct plan *p, u32 i);

/* Entries that make a scenario: all but the run's own and those about nobody. */
u32 plan_entries(const struct plan *p);

/* Seconds from genesis on, after which nothing goes wrong and nothing is asked any more. */
u64 plan_heals_s(const struct plan *p);

/* The plan of a seed.  canary: with an expectation that will fail. */
void plan_draw(struct plan *p, u64 seed, bool canary);

/* The scenario, a text that the caller frees.  NULL: out of memory.  comment: lines that begin with
 * #, or "". */
char *plan_scenario(const struct plan *p, const char *name, const char *comment);

/* Length of an era: the run's own choice, the first of a plan, says it. */
u64 plan_era_s(const struct plan *p);

/* Its parameters at genesis. */
void plan_params(const struct plan *p, struct params *out);

#endif /* SIM_SWARM_PLAN_H */
