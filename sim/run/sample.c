/* sample - machines of a trace, drawn without replacement by keyed draws. */
#include "sim/run/setup.h"

#include <stdio.h>
#include <stdlib.h>

struct ticket {
    u64 draw;
    u32 kind;
};

static int by_draw(const void *a, const void *b)
{
    const struct ticket *x = a, *y = b;

    if (x->draw != y->draw)
        return x->draw < y->draw ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

/* Each kind draws in its own name; the members take them in that order, so a larger sample holds
 * the smaller one. */
static bool sample_group(struct setup *s, const struct provider_group *g, u32 members, u32 first)
{
    struct ticket *all = calloc(g->machine_count + 1u, sizeof(*all));

    if (all == NULL)
        return false;
    for (u32 k = 0; k < g->machine_count; k++) {
        struct drawer d = setup_drawer(s, g->name, k);
        all[k] = (struct ticket){draw_u64(&d, DRAW_SAMPLE, 0), k};
    }
    qsort(all, g->machine_count, sizeof(*all), by_draw);
    for (u32 m = 0; m < members; m++)
        s->sample[first + m] = all[m].kind;
    free(all);
    return true;
}

bool setup_samples(struct setup *s, char error[RUN_ERROR])
{
    const struct scenario *c = s->plan->scenario;

    s->sample = calloc(s->cast.providers + 1u, sizeof(u32));
    for (u32 g = 0; s->sample != NULL && g < c->provider_groups; g++) {
        const struct provider_group *p = &c->providers[g];
        u32 members = scenario_providers(c, s->plan->arm, g);
        if (p->machine_draw != MACHINES_EACH_ONCE)
            continue;
        if (members > p->machine_count) {
            snprintf(error, RUN_ERROR, "%s: group %s wants %u nodes of a trace that has %u",
                     c->path, p->name, members, p->machine_count);
            return false;
        }
        if (!sample_group(s, p, members, s->cast.provider_first[g])) {
            free(s->sample);
            s->sample = NULL;
        }
    }
    if (s->sample == NULL)
        snprintf(error, RUN_ERROR, "out of memory for a run of this size");
    return s->sample != NULL;
}
