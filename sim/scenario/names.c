#include "sim/scenario/names.h"

#include <stdio.h>
#include <string.h>

#include "protocol/log.h"
#include "sim/engine/nearest.h"
#include "sim/scenario/scenario.h"

const char *const order_state_names[] = {"open", "matched", "expired", "cancelled", NULL};
const char *const lease_state_names[] = {"active", "closed", NULL};
const char *const lease_end_names[] = {"",     "expired",  "insufficient", "provider_breach",
                                       "user", "provider", "updated",      NULL};
const char *const slash_cause_names[] = {"standby", "deployment", "breach", "misconduct", NULL};
const char *const cancel_reason_names[] = {"tenant", "insufficient", "bracket", NULL};
const char *const system_names[SYSTEM_NAMES] = {"nobody", "foundation", "treasury", "governance",
                                                "oracle", "reporter",   "issuer"};
_Static_assert(LEASE_UPDATED == 6 && SLASH_MISCONDUCT == 3, "the words stand in this order");

static bool check_words(const char *const *words, const char *name, char why[NAMES_WHY_BYTES])
{
    struct nearest near = nearest_to(name);
    char list[160] = "", hint[NEAREST_BYTES];
    size_t n = 0;

    for (u32 i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], name) == 0)
            return true;
        nearest_offer(&near, words[i]);
        if (words[i][0] != '\0' && n < sizeof(list))
            n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n == 0 ? "" : ", ", words[i]);
    }
    snprintf(why, NAMES_WHY_BYTES, "it is never '%.60s', expected one of %s%s", name, list,
             nearest_hint(&near, hint));
    return false;
}

/* ---- members ---- */

/* Its members in an arm, or where there are none. */
static u32 members(const struct scenario *s, bool users, u32 arm, u32 group)
{
    return users ? scenario_users(s, arm, group) : scenario_providers(s, arm, group);
}

static bool read_ordinal(const char *text, u32 *out)
{
    *out = 0;
    if (text[0] == '\0' || strlen(text) > 9 || (text[0] == '0' && text[1] != '\0'))
        return false;
    for (; *text >= '0' && *text <= '9'; text++)
        *out = 10 * *out + (u32)(*text - '0');
    return *text == '\0';
}

/* Is it "gpu", the one member of its group, or "gpu.17", one of many, in some arm?  `most` is the
 * number of members in the arm that has most. */
static bool names_member(const struct scenario *s, bool users, u32 group, const char *name,
                         u32 *most)
{
    size_t n = strlen(users ? s->users[group].name : s->providers[group].name);
    u32 ordinal = 0, arms = s->arm_count == 0 ? 1 : s->arm_count;
    bool numbered = name[n] == '.' && read_ordinal(name + n + 1, &ordinal), is = false;

    *most = 0;
    for (u32 a = 0; a < arms; a++) {
        u32 count = members(s, users, a, group);
        is = is || (name[n] == '\0' && count == 1) || (numbered && count > 1 && ordinal < count);
        *most = count > *most ? count : *most;
    }
    return is;
}

enum answer { UNKNOWN, KNOWN, REFUSED };

static enum answer check_groups(const struct scenario *s, bool users, const char *name,
                                struct nearest *near, char why[NAMES_WHY_BYTES])
{
    u32 groups = users ? s->user_groups : s->provider_groups, most;

    for (u32 g = 0; g < groups; g++) {
        const char *group = users ? s->users[g].name : s->providers[g].name;
        size_t n = strlen(group);
        nearest_offer(near, group);
        if (strncmp(name, group, n) != 0 || (name[n] != '\0' && name[n] != '.'))
            continue;
        if (names_member(s, users, g, name, &most))
            return KNOWN;
        if (most <= 1)
            snprintf(why, NAMES_WHY_BYTES, "nobody is called '%.60s', expected '%s'", name, group);
        else
            snprintf(why, NAMES_WHY_BYTES, "nobody is called '%.60s', expected '%s.0' to '%s.%u'",
                     name, group, group, most - 1);
        return REFUSED;
    }
    return UNKNOWN;
}

static bool check_who(const struct scenario *s, enum expect_who whom, const char *name,
                      char why[NAMES_WHY_BYTES])
{
    struct nearest near = nearest_to(name);
    char hint[NEAREST_BYTES];
    enum answer answer = UNKNOWN;

    for (u32 i = 0; i < (whom == WHO_ACCOUNT ? SYSTEM_NAMES : 1); i++) {
        if (strcmp(name, system_names[i]) == 0)
            return true;
        nearest_offer(&near, system_names[i]);
    }
    answer = check_groups(s, false, name, &near, why);
    if (answer == UNKNOWN && whom == WHO_ACCOUNT)
        answer = check_groups(s, true, name, &near, why);
    if (answer == UNKNOWN)
        snprintf(why, NAMES_WHY_BYTES,
                 "nobody is called '%.60s', expected a %s such as p1 or gpu.17%s", name,
                 whom == WHO_ACCOUNT ? "member or role" : "provider", nearest_hint(&near, hint));
    return answer == KNOWN;
}

static bool check_token(const struct scenario *s, const char *name, char why[NAMES_WHY_BYTES])
{
    const char *symbols[SCENARIO_TOKENS_MAX + 1] = {NULL};

    for (u32 i = 0; i < s->token_count; i++)
        symbols[i] = s->tokens[i].symbol;
    return check_words(symbols, name, why);
}

bool names_check(const struct scenario *s, const struct vocabulary *v, const char *name,
                 char why[NAMES_WHY_BYTES])
{
    if (v->words != NULL)
        return check_words(v->words, name, why);
    if (!v->who)
        return true;
    return v->whom == WHO_TOKEN ? check_token(s, name, why) : check_who(s, v->whom, name, why);
}
