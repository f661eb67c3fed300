/* mishap - which meets what, and what comes of it. */
#include "sim/engine/mishap.h"

#include "sim/engine/host.h"

#define MISHAPS_MAX (1u << 20)

const char *const mishap_names[MISHAP_KINDS] = {
    [MISHAP_LOSE] = "lose",   [MISHAP_DELAY] = "delay", [MISHAP_TWICE] = "twice",
    [MISHAP_LAG] = "lag",     [MISHAP_HOLD] = "hold",   [MISHAP_REFUSE] = "refuse",
    [MISHAP_CRASH] = "crash",
};

static struct placed_mishap *mishap_at(const struct host_sim *h, u32 place)
{
    return (struct placed_mishap *)h->mishaps.base + place;
}

bool mishaps_open(struct host_sim *h)
{
    return reserve_open(&h->mishaps, "mishaps", sizeof(struct placed_mishap), MISHAPS_MAX);
}

/* Behind those that the actor has: the first in the scenario is asked first. */
static void link_last(struct host_sim *h, struct power *p, u32 place)
{
    u32 *link = &p->mishaps;

    while (*link != 0)
        link = &mishap_at(h, *link - 1)->next;
    *link = place + 1;
}

void host_sim_mishap_at(struct host_sim *h, const struct mishap *f)
{
    struct queue_item item = {.kind = ITEM_CRASH, .to = f->who.v};

    check(f->from.ns < f->to.ns);
    if (f->kind == MISHAP_CRASH) {
        item.u.plain.a = f->to.ns - f->from.ns;
        host_schedule_entry(h, f->entry, f->from, &item);
        return;
    }
    if (!reserve_grow(&h->mishaps, 1)) {
        host_full(h, &h->mishaps);
        return;
    }
    *mishap_at(h, (u32)h->mishaps.count - 1) = (struct placed_mishap){.f = *f};
    link_last(h, power_at(h, f->who), (u32)h->mishaps.count - 1);
}

static bool is_open(const struct mishap *f, enum mishap_kind kind, struct instant now)
{
    return f->kind == kind && f->from.ns <= now.ns && now.ns < f->to.ns;
}

/* Two draws a count: whether, and by how much. */
static u64 draw_name(const struct placed_mishap *f, bool how_much)
{
    return (u64)f->f.entry << 40 | (u64)f->passed << 1 | how_much;
}

/* One more thing passes under this one. */
static bool meets(struct host_sim *h, struct placed_mishap *f, struct span *by)
{
    struct drawer d = world_drawer(host_world(h), f->f.who);

    f->passed++;
    bool met = f->f.nth != 0 ? f->passed == f->f.nth
                             : draw_chance(&d, DRAW_MISHAP, draw_name(f, false), f->f.share);
    if (met && f->f.by.ns != 0)
        by->ns += 1 + draw_below(&d, DRAW_MISHAP, draw_name(f, true), f->f.by.ns);
    return met;
}

bool mishap_meets(struct host_sim *h, struct actor_id who, enum mishap_kind kind,
                  struct instant now, struct span *by)
{
    bool met = false;

    for (u32 i = power_at(h, who)->mishaps; i != 0; i = mishap_at(h, i - 1)->next) {
        struct placed_mishap *f = mishap_at(h, i - 1);
        if (is_open(&f->f, kind, now) && meets(h, f, by))
            met = true;
    }
    h->tally.met[kind] += met;
    return met;
}

struct instant mishap_late(struct host_sim *h, struct actor_id who, enum mishap_kind kind,
                           struct instant now)
{
    struct instant at = now;

    for (u32 i = power_at(h, who)->mishaps; i != 0; i = mishap_at(h, i - 1)->next) {
        const struct mishap *f = &mishap_at(h, i - 1)->f;
        if (!is_open(f, kind, now))
            continue;
        u64 late_ns = f->to.ns - now.ns < f->by.ns ? f->to.ns : now.ns + f->by.ns;
        at.ns = late_ns > at.ns ? late_ns : at.ns;
    }
    h->tally.met[kind] += at.ns != now.ns;
    return at;
}
