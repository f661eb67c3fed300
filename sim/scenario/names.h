/* names - the names that a value of an assertion can have: one that it can never have is a mistake
 * of the file, for a comparison with it is true, or false, for ever. */
#ifndef SIM_SCENARIO_NAMES_H
#define SIM_SCENARIO_NAMES_H

#include "sim/scenario/expect.h"

enum order_word { ORDER_IS_OPEN, ORDER_IS_MATCHED, ORDER_IS_EXPIRED, ORDER_IS_CANCELLED };
extern const char *const order_state_names[];

enum lease_word { LEASE_IS_ACTIVE, LEASE_IS_CLOSED };
extern const char *const lease_state_names[];

/* By enum lease_end; "" while it runs. */
extern const char *const lease_end_names[];

/* By enum slash_cause, and by the reason of log.def's OrderCancelled. */
extern const char *const slash_cause_names[];
extern const char *const cancel_reason_names[];

/* Accounts of no group: nobody, then the roles in the order of their accounts. */
#define SYSTEM_NAMES 7u
extern const char *const system_names[SYSTEM_NAMES];

/* Either words or somebody's names; neither: no names. */
struct vocabulary {
    const char *const *words; /* NULL at the end */
    bool8 who;                /* as expect_world.who() names them */
    enum expect_who whom;
};

struct scenario;

/* False: why says what was expected, and the nearest name. */
#define NAMES_WHY_BYTES 400u
must_use bool names_check(const struct scenario *s, const struct vocabulary *v, const char *name,
                          char why[NAMES_WHY_BYTES]);

#endif /* SIM_SCENARIO_NAMES_H */
