/* cast - who in a run is which member of the scenario's population.
 *
 * Members are numbered over all groups in the order of the file (scenario.h: group.first + member).
 */
#ifndef SIM_RUN_CAST_H
#define SIM_RUN_CAST_H

#include "sim/scenario/scenario.h"

#define CAST_NAME 96u

enum cast_role {
    CAST_NOBODY,
    CAST_PROVIDER,
    CAST_USER,
    CAST_FOUNDATION,
    CAST_TREASURY,
    CAST_GOVERNANCE,
    CAST_ORACLE,
    CAST_REPORTER,
    CAST_ISSUER,
    CAST_PERSON /* outside of the scenario: whoever has the key */
};

struct cast_member {
    enum cast_role role;
    u32 group;  /* of its kind */
    u32 member; /* within the group */
    u32 index;  /* over all groups of its kind */
};

struct cast {
    const struct scenario *scenario;
    u32 arm;
    u32 *provider_account, *user_account; /* by index; as many as the arm has */
    u32 *provider_first, *user_first;     /* index of each group's member 0 in this arm */
    u32 providers, users;
    struct cast_member *account; /* by account */
    u32 accounts;                /* places in it, place 0 is nobody */
};

/* "p1" where the group has one member, else "gpu.17"; roles by their name. */
void cast_name(const struct cast *c, u32 account, char name[CAST_NAME]);

#endif /* SIM_RUN_CAST_H */
