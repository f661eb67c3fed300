/* explain - what is asked about, and in which era. */
#include "sim/cli/explain.h"

#include "sim/cli/command.h"
#include "sim/engine/nearest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name_of(struct source *s, char out[TEXT_CELL], const char *sql, const char *kind,
                           u64 number)
{
    struct answer a;

    snprintf(out, TEXT_CELL, "%s %llu", kind, (unsigned long long)number);
    if (!source_ask(s, &a, sql, number, 0))
        return out;
    if (answer_next(&a))
        snprintf(out, TEXT_CELL, "%.50s", answer_text(&a, "name"));
    answer_end(&a);
    return out;
}

const char *provider_name(struct source *s, char out[TEXT_CELL], u64 provider)
{
    return name_of(s, out, "SELECT name FROM fleet WHERE run = ?1 AND provider = ?2", "provider",
                   provider);
}

const char *user_name(struct source *s, char out[TEXT_CELL], u64 user)
{
    return name_of(s, out, "SELECT name FROM users WHERE run = ?1 AND user = ?2", "account", user);
}

static bool whole_number(const char *text, u64 *out)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

/* By number or by name; false: error has the nearest name. */
static bool find_provider(struct source *s, const char *who, u64 *out)
{
    struct nearest near = nearest_to(who);
    char hint[NEAREST_BYTES], best[TEXT_CELL] = "";
    struct answer a;
    u64 number = 0;
    bool by_number = whole_number(who, &number), found = false;

    if (!source_ask(s, &a, "SELECT provider, name FROM fleet WHERE run = ?1 ORDER BY provider", 0,
                    0))
        return false;
    while (!found && answer_next(&a)) {
        char name[TEXT_CELL];
        snprintf(name, sizeof name, "%.60s", answer_text(&a, "name"));
        *out = answer_u64(&a, "provider");
        found = by_number ? *out == number : strcmp(name, who) == 0;
        nearest_offer(&near, name);
        if (nearest_name(&near) == name) { /* it points into the row */
            memcpy(best, name, sizeof best);
            near.best = best;
        }
    }
    answer_end(&a);
    if (!found)
        snprintf(s->error, sizeof s->error, "there is no provider '%s' in this run%s", who,
                 nearest_hint(&near, hint));
    return found;
}

static bool last_era(struct source *s, u64 *out)
{
    struct answer a;
    bool found;

    if (!source_ask(s, &a, "SELECT max(era) AS era FROM eras WHERE run = ?1", 0, 0))
        return false;
    found = answer_next(&a) && !answer_empty(&a, "era");
    *out = found ? answer_u64(&a, "era") : 0;
    answer_end(&a);
    if (!found)
        snprintf(s->error, sizeof s->error, "no era was closed in this run");
    return found;
}

static bool explain_what(struct source *s, const struct options *o)
{
    const char *what = o->args[1], *which = o->args[2];
    struct nearest near = nearest_to(what);
    char hint[NEAREST_BYTES];
    u64 number = 0, era = o->era;

    if (strcmp(what, "provider") == 0)
        return find_provider(s, which, &number) &&
               ((o->given & OPTION_era) != 0 || last_era(s, &era)) &&
               explain_provider(s, number, era);
    if (strcmp(what, "order") != 0 && strcmp(what, "lease") != 0) {
        nearest_offer(&near, "provider");
        nearest_offer(&near, "order");
        nearest_offer(&near, "lease");
        snprintf(s->error, sizeof s->error,
                 "'%s' cannot be explained, expected provider, order or lease%s", what,
                 nearest_hint(&near, hint));
        return false;
    }
    if (!whole_number(which, &number)) {
        snprintf(s->error, sizeof s->error, "%s '%s': expected its number", what, which);
        return false;
    }
    return what[0] == 'o' ? explain_order(s, number) : explain_lease(s, number);
}

enum exit_code command_explain(const struct options *o)
{
    struct source s;

    if (!source_open(&s, o->args[0]))
        return command_refused("%s", s.error);
    bool ok = explain_what(&s, o);
    source_close(&s);
    return ok ? EXIT_PASS : command_refused("%s", s.error);
}
