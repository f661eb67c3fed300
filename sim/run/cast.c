#include "sim/run/cast.h"

#include "sim/scenario/names.h"

#include <stdio.h>

_Static_assert(CAST_ISSUER - CAST_FOUNDATION + 2 == SYSTEM_NAMES, "each role has a name");

static void member_name(const char *group, u32 count, u32 member, char name[CAST_NAME])
{
    if (count == 1)
        snprintf(name, CAST_NAME, "%s", group);
    else
        snprintf(name, CAST_NAME, "%s.%u", group, member);
}

void cast_name(const struct cast *c, u32 account, char name[CAST_NAME])
{
    const struct cast_member *m = &c->account[account < c->accounts ? account : 0];
    const struct scenario *s = c->scenario;

    if (m->role == CAST_PROVIDER)
        member_name(s->providers[m->group].name, scenario_providers(s, c->arm, m->group), m->member,
                    name);
    else if (m->role == CAST_USER)
        member_name(s->users[m->group].name, scenario_users(s, c->arm, m->group), m->member, name);
    else if (m->role == CAST_PERSON)
        snprintf(name, CAST_NAME, "person.%u", m->member);
    else
        snprintf(name, CAST_NAME, "%s",
                 system_names[m->role == CAST_NOBODY ? 0 : m->role - CAST_FOUNDATION + 1]);
}
