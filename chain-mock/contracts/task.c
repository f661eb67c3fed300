#include "chain-mock/contracts/task.h"

/* Closed by his reasons: settled 42, "failed if closed by reason provider or provider_breach"; "a
 * failing workload closed as provider counts unless the user's image failed". */
static bool failed_by_reason(const struct lease_row *l)
{
    return l->reason == LEASE_PROVIDER_BREACH || (l->reason == LEASE_PROVIDER && !l->image_failed);
}

bool task_failed(const struct state *s, const struct lease_row *l)
{
    struct interval lease = {l->start_s, l->ended_s};

    /* settled 42: "or after an outage of > 3600 s had affected it" */
    if (failed_by_reason(l) || l->outage_s > s->params.task_outage_s)
        return true;
    for (u32 o = provider_at(s, l->provider)->outage_head; o != 0; o = outage_at(s, o)->next) {
        const struct outage_row *x = outage_at(s, o);
        struct interval down = {x->start_s, x->end_s < l->ended_s ? x->end_s : l->ended_s};
        if (interval_length(down) > s->params.task_outage_s && interval_touch(down, lease))
            return true;
    }
    return false;
}

/* settled 42: "a lease counts in the era of its end"; 154: a moment of the second in which an era
 * begins precedes its beginning, a transaction follows it. */
static bool counts_in(const struct lease_row *l, struct interval era)
{
    if (l->ended_s == INTERVAL_OPEN || l->ended_s < era.from_s)
        return false;
    return l->ended_s > era.from_s || l->reason == LEASE_USER || l->reason == LEASE_PROVIDER ||
           l->reason == LEASE_UPDATED;
}

static void judge(struct state *s, u32 row, bool failed)
{
    struct lease_row *l = lease_open(s, row);
    struct standing_row *st = standing_open(s, l->provider);
    struct log_task_judged *k = &state_log(s, LOG_TaskJudged)->u.task_judged;

    l->task_failed = failed;
    st->tasks_done = failed ? st->tasks_done - 1 : st->tasks_done + 1;
    *k = (struct log_task_judged){l->id, l->provider, failed};
}

void task_judge(struct state *s, u32 provider, struct interval era)
{
    for (u32 row = provider_at(s, provider)->lease_head; row != 0; row = lease_at(s, row)->next) {
        const struct lease_row *l = lease_at(s, row);
        if (!counts_in(l, era))
            continue;
        bool failed = task_failed(s, l);
        if (failed != l->task_failed)
            judge(s, row, failed);
    }
}

void task_remember(struct state *s, const struct outage_row *o)
{
    struct interval down = {o->start_s, o->end_s};
    u64 length_s = interval_length(down);

    for (u32 row = provider_at(s, o->provider)->lease_head; row != 0;
         row = lease_at(s, row)->next) {
        const struct lease_row *l = lease_at(s, row);
        struct interval lease = {l->start_s, l->ended_s};
        if (l->ended_s == INTERVAL_OPEN && l->outage_s < length_s && interval_touch(down, lease))
            lease_open(s, row)->outage_s = length_s < UINT32_MAX ? (u32)length_s : UINT32_MAX;
    }
}
