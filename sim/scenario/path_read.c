#include "sim/scenario/path_read.h"

#include <stdio.h>
#include <string.h>

#include "sim/engine/nearest.h"
#include "sim/scenario/field.h"

static const struct vocabulary words_none, words_order_state = {.words = order_state_names},
                                           words_lease_state = {.words = lease_state_names},
                                           words_lease_end = {.words = lease_end_names},
                                           words_provider = {.who = true, .whom = WHO_PROVIDER};

const struct path_row path_rows[PATH_KINDS] = {
#define PATH(entity_, field_, dim_, names_, doc_)                                                  \
    [PATH_##entity_##_##field_] = {.entity = #entity_,                                             \
                                   .field = #field_,                                               \
                                   .doc = doc_,                                                    \
                                   .dim = DIM_##dim_,                                              \
                                   .names = &words_##names_},
#include "sim/scenario/paths.def"
#undef PATH
};

#define PARTS_MAX 5u

struct parts {
    u32 count;
    char at[PARTS_MAX][48];
};

static bool split(const char *text, struct parts *out)
{
    *out = (struct parts){0};
    for (;;) {
        size_t n = strcspn(text, ".");
        if (out->count == PARTS_MAX || n == 0 || n >= sizeof(out->at[0]))
            return false;
        memcpy(out->at[out->count], text, n);
        out->at[out->count++][n] = '\0';
        if (text[n] == '\0')
            return true;
        text += n + 1;
    }
}

static bool find_row(const struct parts *parts, enum path_id *out, char why[PATH_WHY_BYTES])
{
    const char *entity = parts->at[0], *field = parts->at[parts->count - 1];
    struct nearest entities = nearest_to(entity), fields = nearest_to(field);
    char hint[NEAREST_BYTES];
    bool known = false;

    for (u32 i = 0; i < PATH_KINDS; i++) {
        nearest_offer(&entities, path_rows[i].entity);
        if (strcmp(path_rows[i].entity, entity) != 0)
            continue;
        known = true;
        nearest_offer(&fields, path_rows[i].field);
        if (strcmp(path_rows[i].field, field) == 0) {
            *out = (enum path_id)i;
            return true;
        }
    }
    if (!known)
        snprintf(why, PATH_WHY_BYTES, "nothing is called '%s'%s", entity,
                 nearest_hint(&entities, hint));
    else
        snprintf(why, PATH_WHY_BYTES, "a %s has no '%s'%s", entity, field,
                 nearest_hint(&fields, hint));
    return false;
}

static bool read_number(const char *text, u32 below, u32 *out)
{
    u128 v;

    if (units_read(&units_count, text, &v) != UNITS_OK || v >= below)
        return false;
    *out = (u32)v;
    return true;
}

static bool find_token(const struct scenario *s, const char *symbol, struct path *out,
                       char why[PATH_WHY_BYTES])
{
    struct nearest near = nearest_to(symbol);
    char hint[NEAREST_BYTES];

    for (u32 i = 0; i < s->token_count; i++) {
        nearest_offer(&near, s->tokens[i].symbol);
        if (strcmp(s->tokens[i].symbol, symbol) == 0) {
            out->group = i;
            return true;
        }
    }
    snprintf(why, PATH_WHY_BYTES, "no token '%s'%s", symbol, nearest_hint(&near, hint));
    return false;
}

/* "p1", "gpu", "*". */
static bool find_group(const struct scenario *s, bool users, const char *name, struct path *out,
                       char why[PATH_WHY_BYTES])
{
    struct nearest near = nearest_to(name);
    char hint[NEAREST_BYTES];
    u32 n = users ? s->user_groups : s->provider_groups;

    if (strcmp(name, "*") == 0) {
        out->any_group = out->any_member = true;
        return true;
    }
    out->group = scenario_find_group(s, users, name);
    if (out->group != INDEX_NONE)
        return true;
    for (u32 i = 0; i < n; i++)
        nearest_offer(&near, users ? s->users[i].name : s->providers[i].name);
    snprintf(why, PATH_WHY_BYTES, "no %s '%s'%s", users ? "users" : "providers", name,
             nearest_hint(&near, hint));
    return false;
}

/* The member, where it is stated; else the only one there is. */
static bool find_member(const struct scenario *s, bool users, const char *text, struct path *out,
                        char why[PATH_WHY_BYTES])
{
    const char *name = users ? s->users[out->group].name : s->providers[out->group].name;
    u32 count = users ? s->users[out->group].count : s->providers[out->group].count;

    if (text == NULL && count != 1) {
        snprintf(why, PATH_WHY_BYTES, "'%s' has %u members, expected %s.0 to %s.%u, or %s.*", name,
                 count, name, name, count - 1, name);
        return false;
    }
    if (text == NULL)
        return true;
    out->any_member = strcmp(text, "*") == 0;
    if (!out->any_member && !read_number(text, count, &out->member)) {
        snprintf(why, PATH_WHY_BYTES, "no '%s.%s', expected %s.0 to %s.%u, or %s.*", name, text,
                 name, name, count - 1, name);
        return false;
    }
    return true;
}

static bool find_ordinal(const char *text, struct path *out, char why[PATH_WHY_BYTES])
{
    out->any_ordinal = strcmp(text, "*") == 0;
    if (out->any_ordinal || read_number(text, UINT32_MAX, &out->ordinal))
        return true;
    snprintf(why, PATH_WHY_BYTES, "'%s', expected the number of an order, or *", text);
    return false;
}

/* order.u1.0.state, order.users.17.0.state, order.users.*.state, order.*.state */
static bool find_order(const struct scenario *s, const struct parts *parts, struct path *out,
                       char why[PATH_WHY_BYTES])
{
    const char *last = parts->at[parts->count - 2];

    if (!find_group(s, true, parts->at[1], out, why))
        return false;
    if (out->any_group) {
        out->any_ordinal = true;
        return parts->count == 3;
    }
    if (parts->count == 5)
        return find_member(s, true, parts->at[2], out, why) && find_ordinal(last, out, why);
    if (parts->count == 4 && strcmp(last, "*") == 0) {
        out->any_member = out->any_ordinal = true;
        return true;
    }
    return parts->count == 4 && find_member(s, true, NULL, out, why) &&
           find_ordinal(last, out, why);
}

bool path_read(const struct scenario *s, const char *text, struct path *out,
               char why[PATH_WHY_BYTES])
{
    struct parts parts;
    bool users, orders;

    *out = (struct path){0};
    snprintf(why, PATH_WHY_BYTES,
             "'%.80s', expected a path such as provider.p1.tier, "
             "lease.u1.0.state or network.supply",
             text);
    if (!split(text, &parts) || parts.count < 2)
        return false;
    if (!find_row(&parts, &out->id, why))
        return false;
    if (strcmp(parts.at[0], "network") == 0)
        return parts.count == 2;
    if (parts.count < 3)
        return false;
    if (strcmp(parts.at[0], "token") == 0)
        return parts.count == 3 && find_token(s, parts.at[1], out, why);
    orders = strcmp(parts.at[0], "order") == 0 || strcmp(parts.at[0], "lease") == 0;
    if (orders)
        return find_order(s, &parts, out, why);
    users = strcmp(parts.at[0], "user") == 0;
    if (!find_group(s, users, parts.at[1], out, why))
        return false;
    if (out->any_group)
        return parts.count == 3;
    return parts.count <= 4 &&
           find_member(s, users, parts.count == 4 ? parts.at[2] : NULL, out, why);
}

bool path_is_many(const struct path *p)
{
    return p->any_group || p->any_member || p->any_ordinal;
}
