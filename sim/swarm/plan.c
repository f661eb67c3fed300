#include "sim/swarm/plan.h"

#include "sim/scenario/param_table.h"

#include <string.h>

const struct choice_row choice_rows[CHOICE_KINDS] = {
#define ARG(name, least, most, simplest, how) {#name, least, most, simplest, HOW_##how},
#define ARG_COUNT(...)                                                                             \
    ((u32)(sizeof((struct choice_arg[]){__VA_ARGS__}) / sizeof(struct choice_arg)))
#define CHOICE(NAME, word, section, args)                                                          \
    [CHOICE_##NAME] = {word, SECTION_##section, ARG_COUNT(args), {args}},
#include "sim/swarm/choices.def"
#undef CHOICE
#undef ARG
};

bool choice_is_timed(const struct choice *c)
{
    enum choice_section s = choice_rows[c->kind].section;

    return s == SECTION_ORDERS || s == SECTION_TIMELINE;
}

u32 choice_place(enum choice_kind kind, const char *name)
{
    for (u32 i = 0; i < choice_rows[kind].count; i++)
        if (strcmp(choice_rows[kind].arg[i].name, name) == 0)
            return i;
    check_unreachable();
}

u64 choice_arg(const struct choice *c, const char *name)
{
    return c->arg[choice_place(c->kind, name)];
}

const struct choice *plan_member(const struct plan *p, u64 who)
{
    enum choice_kind kind = who < WHO_USERS ? CHOICE_PROVIDER : CHOICE_USER;

    for (u32 i = 0; i < p->count; i++)
        if (p->choice[i].kind == kind && p->choice[i].number == who % WHO_USERS)
            return &p->choice[i];
    return NULL;
}

bool choice_is_idle(const struct plan *p, const struct choice *c)
{
    for (u32 i = 0; i < choice_rows[c->kind].count; i++) {
        enum choice_how how = choice_rows[c->kind].arg[i].how;
        if ((how == HOW_WHO || how == HOW_PROVIDER || how == HOW_USER) &&
            plan_member(p, c->arg[i]) == NULL)
            return true;
    }
    if (c->kind == CHOICE_GIVE && choice_arg(c, "who") == choice_arg(c, "to"))
        return true; /* nobody gives himself his wallet */
    return false;
}

u128 choice_value(const struct choice *c)
{
    const struct param_row *row = &param_rows[choice_arg(c, "row")];
    u64 value = choice_arg(c, "value");

    return row->type == PARAM_TYPE_amount ? WEI_E18((u128)value) : value;
}

void plan_remove(struct plan *p, u32 i)
{
    u64 gap_s = choice_is_timed(&p->choice[i]) ? p->choice[i].arg[0] : 0;

    for (u32 next = i + 1; next < p->count; next++) {
        if (choice_is_timed(&p->choice[next])) {
            p->choice[next].arg[0] += gap_s;
            break;
        }
    }
    p->count--;
    memmove(&p->choice[i], &p->choice[i + 1], (p->count - i) * sizeof(p->choice[0]));
}

u32 plan_entries(const struct plan *p)
{
    u32 n = 0;

    for (u32 i = 0; i < p->count; i++)
        n += p->choice[i].kind != CHOICE_RUN && !choice_is_idle(p, &p->choice[i]);
    return n;
}

static u64 arg_or_0(const struct choice *c, const char *name)
{
    for (u32 i = 0; i < choice_rows[c->kind].count; i++)
        if (strcmp(choice_rows[c->kind].arg[i].name, name) == 0)
            return c->arg[i];
    return 0;
}

u64 plan_heals_s(const struct plan *p)
{
    u64 now_s = 0, last_s = 0;

    for (u32 i = 0; i < p->count; i++) {
        const struct choice *c = &p->choice[i];
        now_s += choice_is_timed(c) ? c->arg[0] : 0;
        u64 end_s = choice_is_timed(c) ? now_s + arg_or_0(c, "for_s") : arg_or_0(c, "joins_s");
        last_s = end_s > last_s ? end_s : last_s;
    }
    return last_s + 1;
}

void plan_params(const struct plan *p, struct params *out)
{
    struct param_set sets[PLAN_MAX];
    u32 n = 0;

    *out = params_default;
    out->era_seconds = plan_era_s(p);
    for (u32 i = 0; i < p->count; i++)
        if (p->choice[i].kind == CHOICE_PARAM)
            sets[n++] = (struct param_set){(enum param_id)choice_arg(&p->choice[i], "row"),
                                           choice_value(&p->choice[i])};
    if (!param_sets_apply(out, sets, n))
        *out = params_default; /* the scenario is refused, then */
}

u64 plan_era_s(const struct plan *p)
{
    return 3600 * choice_arg(&p->choice[0], "era_h");
}
