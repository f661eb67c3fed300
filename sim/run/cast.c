#include "sim/run/cast.h"

#include <stdio.h>

static void member_name(const char *group, u32 count, u32 member, char name[CAST_NAME])
{
    if (count == 1)
        snprintf(name, CAST_NAME, "%s", group);
    else
        snprintf(name, CAST_NAME, "%s.%u", group, member);
}

void cast_name(const struct cast *c, u32 account, char name[CAST_NAME])
{
    static const char *const roles[] = {
        [CAST_NOBODY] = "nobody",
        [CAST_PROVIDER] = "",
        [CAST_USER] = "",
        [CAST_FOUNDATION] = "foundation",
        [CAST_TREASURY] = "treasury",
        [CAST_GOVERNANCE] = "governance",
        [CAST_ORACLE] = "oracle",
        [CAST_REPORTER] = "reporter",
        [CAST_ISSUER] = "issuer",
        [CAST_PERSON] = "",
    };
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
        snprintf(name, CAST_NAME, "%s", roles[m->role]);
}
