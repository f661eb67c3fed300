#include "sim/scenario/eras.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- starts ---- */

static u64 seconds_set(const struct timeline_entry *e)
{
    for (u32 i = 0; e->kind == TIMELINE_SET && i < e->set_count; i++)
        if (e->sets[i].id == PARAM_era_seconds)
            return (u64)e->sets[i].value;
    return 0;
}

static bool any_set(const struct timeline_entry *rows, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (seconds_set(&rows[i]) != 0)
            return true;
    return false;
}

/* The latest change of era_seconds that was found. */
struct latest {
    u64 at_ns, seconds;
};

/* Those within [from_s, until_s) of a timeline; at one instant the later row is the later. */
static void look_for(struct latest *l, const struct timeline_entry *rows, u32 count,
                     const struct era_times *known, u64 until_s)
{
    u64 from_ns = SEC(known->start_s[known->count - 1]);

    for (u32 i = 0; i < count; i++) {
        u64 seconds = seconds_set(&rows[i]);
        struct instant at;
        if (seconds != 0 && when_instant(&rows[i].at, known, &at) && at.ns >= from_ns &&
            at.ns < SEC(until_s) && at.ns >= l->at_ns)
            *l = (struct latest){at.ns, seconds};
    }
}

void eras_starts(const struct scenario *s, u32 arm, u64 *start_s)
{
    static const struct arm none;
    const struct arm *a = s->arm_count > 0 ? &s->arms[arm] : &none;
    struct params p;
    bool changes =
        any_set(s->timeline, s->timeline_count) || any_set(a->timeline, a->timeline_count);

    scenario_arm(s, arm, &p);
    u64 length = p.era_seconds;
    start_s[0] = 0;
    for (u32 e = 0; e < s->eras; e++) {
        struct era_times known = {start_s, e + 1};
        struct latest l = {0, length};
        start_s[e + 1] = start_s[e] + length;
        if (changes) {
            look_for(&l, s->timeline, s->timeline_count, &known, start_s[e + 1]);
            look_for(&l, a->timeline, a->timeline_count, &known, start_s[e + 1]);
        }
        length = l.seconds;
    }
}

/* ---- moments ---- */

/* One arm, as it is checked. */
struct checked {
    struct reading *r;
    u32 arm;
    char who[64]; /* "arm 'a': " */
    struct era_times eras;
    u64 end_s;
};

/* The list of a mapping; NULL: it has none. */
static const struct yaml *first_of(const struct yaml *map, const char *key)
{
    const struct yaml *list = map == NULL ? NULL : yaml_entry(map, key);

    return list == NULL ? NULL : list->first;
}

static bool outside(const struct checked *c, const struct yaml *object, const char *key, bool last)
{
    const struct yaml *y = yaml_entry(object, key);
    char end[UNITS_BYTES], found[YAML_FOUND_BYTES];

    units_print(&units_span, SEC(c->end_s), end);
    return problem_at(c->r->why, c->r->file, y->line, y->column,
                      "%s%s: %s is not in the run, expected a moment %s its end, era %u or %s",
                      c->who, key, yaml_found(y, found), last ? "up to" : "before", c->r->s->eras,
                      end);
}

/* last: the end itself is in it. */
static bool in_run(const struct checked *c, const struct when *w, bool last)
{
    struct instant at;

    return when_instant(w, &c->eras, &at) &&
           (at.ns < SEC(c->end_s) || (last && at.ns == SEC(c->end_s)));
}

static bool check_timeline(const struct checked *c, const struct yaml *y,
                           const struct timeline_entry *rows, u32 count)
{
    for (u32 i = 0; y != NULL && i < count; i++, y = y->next)
        if (!in_run(c, &rows[i].at, false))
            return outside(c, y, "at", false);
    return true;
}

static bool check_orders(const struct checked *c, const struct yaml *y)
{
    for (u32 i = 0; y != NULL && i < c->r->s->order_count; i++, y = y->next)
        if (!in_run(c, &c->r->s->orders[i].at, false))
            return outside(c, y, "at", false);
    return true;
}

static bool check_expectations(const struct checked *c, const struct yaml *y)
{
    const struct expectations *all = &c->r->s->expect;

    for (u32 i = 0; y != NULL && i < all->count; i++, y = y->next) {
        enum expect_mode mode = all->rows[i].mode;
        if ((mode == EXPECT_AT || mode == EXPECT_EVENTUALLY) &&
            !in_run(c, &all->rows[i].when, true))
            return outside(c, y, mode == EXPECT_AT ? "at" : "within", true);
    }
    return true;
}

/* ---- changes of parameters ---- */

/* One entry of a timeline that changes parameters. */
struct change {
    u64 at_ns;
    const struct timeline_entry *entry;
    const struct yaml *y; /* the mapping of its parameters */
};

/* In the order in which the chain hears of them. */
static int by_time(const void *a, const void *b)
{
    const struct change *x = a, *y = b;

    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    return (x->entry->ordinal > y->entry->ordinal) - (x->entry->ordinal < y->entry->ordinal);
}

static u32 list_changes(const struct checked *c, const struct yaml *y,
                        const struct timeline_entry *rows, u32 count, struct change *out)
{
    u32 n = 0;

    for (u32 i = 0; y != NULL && i < count; i++, y = y->next) {
        struct instant at;
        if (rows[i].kind == TIMELINE_SET && when_instant(&rows[i].at, &c->eras, &at))
            out[n++] = (struct change){at.ns, &rows[i], yaml_entry(y, "set")};
    }
    return n;
}

/* Each change alone, on top of those before: so the chain takes them. */
static bool apply_change(const struct checked *c, const struct change *change, struct params *p)
{
    const struct timeline_entry *e = change->entry;
    const struct params before = *p;
    const struct yaml *y = change->y->first;
    char why[PARAM_WHY_BYTES];

    for (u32 i = 0; i < e->set_count; i++, y = y->next) {
        struct params whole = before;
        if (params_set(p, e->sets[i].id, e->sets[i].value))
            continue;
        param_sets_broken(p, &e->sets[i], 1, why);
        return problem_at(c->r->why, c->r->file, y->line, y->column, "%s%s%s", c->who, why,
                          param_sets_apply(&whole, e->sets, e->set_count)
                              ? ": they change one after the other, in the order of the file"
                              : "");
    }
    return true;
}

static bool check_changes(const struct checked *c, const struct yaml *root, const struct yaml *own)
{
    static const struct arm none;
    const struct scenario *s = c->r->s;
    const struct arm *a = s->arm_count > 0 ? &s->arms[c->arm] : &none;
    struct change *list = calloc(s->timeline_count + a->timeline_count + 1u, sizeof(*list));
    struct params p;
    bool good = true;

    if (list == NULL)
        return problem_at(c->r->why, c->r->file, 0, 0, "out of memory");
    u32 n = list_changes(c, first_of(root, "timeline"), s->timeline, s->timeline_count, list);
    n += list_changes(c, first_of(own, "timeline"), a->timeline, a->timeline_count, list + n);
    qsort(list, n, sizeof(*list), by_time);
    scenario_arm(s, c->arm, &p);
    for (u32 i = 0; good && i < n; i++)
        good = apply_change(c, &list[i], &p);
    free(list);
    return good;
}

/* ---- arms ---- */

/* Nanoseconds of it are counted in 64 bits. */
#define SECONDS_MAX (UINT64_MAX / SEC(1) / 2)

static bool too_long(const struct checked *c, const struct yaml *y)
{
    return problem_at(c->r->why, c->r->file, y->line, y->column,
                      "%seras: the run lasts %llu s, expected at most %llu s", c->who,
                      (unsigned long long)c->end_s, (unsigned long long)SECONDS_MAX);
}

/* Where an arm stands in the file; NULL: there are none. */
static const struct yaml *arm_of(const struct yaml *root, u32 arm)
{
    const struct yaml *y = first_of(root, "arms");

    for (; y != NULL && arm > 0; arm--)
        y = y->next;
    return y;
}

static bool check_arm(struct checked *c, const struct yaml *root)
{
    const struct scenario *s = c->r->s;
    const struct yaml *own = arm_of(root, c->arm);

    c->who[0] = '\0';
    if (s->arm_count > 0)
        snprintf(c->who, sizeof(c->who), "arm '%s': ", s->arms[c->arm].name);
    if (c->end_s > SECONDS_MAX)
        return too_long(c, yaml_entry(root, "eras"));
    return check_timeline(c, first_of(root, "timeline"), s->timeline, s->timeline_count) &&
           (own == NULL || check_timeline(c, first_of(own, "timeline"), s->arms[c->arm].timeline,
                                          s->arms[c->arm].timeline_count)) &&
           check_orders(c, first_of(root, "orders")) &&
           check_expectations(c, first_of(root, "expect")) && check_changes(c, root, own);
}

bool eras_check(struct reading *r, const struct yaml *root)
{
    const struct scenario *s = r->s;
    u32 arms = s->arm_count == 0 ? 1 : s->arm_count;
    u64 *start_s = calloc(s->eras + 1u, sizeof(*start_s));
    bool good = start_s != NULL;

    if (!good)
        problem_at(r->why, r->file, 0, 0, "out of memory");
    for (u32 a = 0; good && a < arms; a++) {
        struct checked c = {.r = r, .arm = a};
        eras_starts(s, a, start_s);
        c.eras = (struct era_times){start_s, s->eras + 1};
        c.end_s = start_s[s->eras];
        good = check_arm(&c, root);
    }
    free(start_s);
    return good;
}
