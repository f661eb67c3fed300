#include "sim/swarm/shrink.h"

#include "sim/study/workers.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 4u /* candidates, whatever the machine: the first that fails is taken */

struct shrinking {
    struct plan *p;
    struct trial *as;
    struct trial results[AT_ONCE];
    struct plan candidates[AT_ONCE];
    u32 count, jobs, budget, trials;
};

static bool try_one(const void *about, size_t i, void *result)
{
    const struct shrinking *s = about;

    trial_run(&s->candidates[i], result);
    return true;
}

static bool fails_alike(const struct shrinking *s, const struct trial *t)
{
    return t->end == s->as->end && strcmp(t->key, s->as->key) == 0;
}

/* The first of the candidates that fails alike is the plan from now on; its place, or count. */
static u32 take_first(struct shrinking *s)
{
    struct workers_plan plan = {.jobs = s->count,
                                .at_once = s->jobs,
                                .results = s->results,
                                .result_size = sizeof(s->results[0]),
                                .run = try_one,
                                .about = s};
    size_t failed;
    u32 n = s->count;

    s->count = 0;
    s->trials += n;
    if (n == 0 || !workers_run(&plan, &failed))
        return n;
    for (u32 i = 0; i < n; i++) {
        if (!fails_alike(s, &s->results[i]))
            continue;
        *s->p = s->candidates[i];
        *s->as = s->results[i];
        return i;
    }
    return n;
}

static bool may_try(const struct shrinking *s)
{
    return s->budget == 0 || s->trials < s->budget;
}

/* ---- without choices ---- */

static void remove_span(struct plan *p, u32 from, u32 n)
{
    while (n-- > 0)
        plan_remove(p, from);
}

/* Spans of n choices, the last first: what comes late needs what is early.  The run's own choice
 * stays. */
static bool remove_by(struct shrinking *s, u32 n)
{
    bool any = false;
    u32 end = s->p->count;

    while (end > 1 && may_try(s)) {
        u32 ends[AT_ONCE], tried = 0;
        for (u32 e = end; e > 1 && tried < AT_ONCE; tried++) {
            u32 from = e > n + 1 ? e - n : 1;
            s->candidates[tried] = *s->p;
            remove_span(&s->candidates[tried], from, e - from);
            ends[tried] = from;
            e = from;
        }
        s->count = tried;
        u32 taken = take_first(s);
        any = any || taken < tried;
        end = ends[taken < tried ? taken : tried - 1];
    }
    return any;
}

static bool remove_choices(struct shrinking *s)
{
    bool any = false;

    for (u32 n = s->p->count / 2; n > 0; n /= 2)
        any = remove_by(s, n) || any;
    return any;
}

/* ---- arguments ---- */

/* Numbers between a value and the simplest one that are shorter to read, the simplest first. */
static u32 simpler(u64 value, u64 simplest, u64 out[AT_ONCE])
{
    static const u64 units[] = {86400, 3600, 60, 10};
    u32 n = 0;

    out[n++] = simplest;
    for (u32 i = 0; i < ARRAY_LEN(units) && n + 1 < AT_ONCE; i++)
        if (value > simplest && value % units[i] != 0 && value - value % units[i] > simplest)
            out[n++] = value - value % units[i];
    u64 half =
        value > simplest ? simplest + (value - simplest) / 2 : simplest - (simplest - value) / 2;
    if (half != value && half != simplest)
        out[n++] = half;
    return n;
}

static bool simplify_argument(struct shrinking *s, u32 i, u32 arg)
{
    const struct choice_arg *row = &choice_rows[s->p->choice[i].kind].arg[arg];
    bool any = false;

    if (row->how == HOW_ROW || row->how == HOW_WHO || row->how == HOW_PROVIDER ||
        row->how == HOW_USER)
        return false;
    while (s->p->choice[i].arg[arg] != row->simplest && may_try(s)) {
        u64 values[AT_ONCE];
        u32 n = simpler(s->p->choice[i].arg[arg], row->simplest, values);
        for (u32 k = 0; k < n; k++) {
            s->candidates[k] = *s->p;
            s->candidates[k].choice[i].arg[arg] = values[k];
        }
        s->count = n;
        if (take_first(s) == n)
            break;
        any = true;
    }
    return any;
}

static bool simplify(struct shrinking *s)
{
    bool any = false;

    for (u32 i = s->p->count; i-- > 0;)
        for (u32 arg = 0; arg < choice_rows[s->p->choice[i].kind].count; arg++)
            any = simplify_argument(s, i, arg) || any;
    return any;
}

struct shrunk plan_shrink(struct plan *p, struct trial *as, u32 jobs, u32 budget)
{
    struct shrunk out = {.entries_before = plan_entries(p), .entries = plan_entries(p)};
    struct shrinking *s = malloc(sizeof(*s));

    if (s == NULL)
        return out; /* it fails as it is */
    *s = (struct shrinking){.p = p, .as = as, .jobs = jobs, .budget = budget};
    bool any = true;
    while (any && may_try(s)) {
        any = remove_choices(s);
        any = simplify(s) || any;
    }
    out.trials = s->trials;
    out.entries = plan_entries(p);
    free(s);
    return out;
}
