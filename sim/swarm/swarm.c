#include "sim/swarm/swarm.h"

#include "sim/study/workers.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUND 64u /* seeds between two looks at the clock */
#define CANARY_SEED 1u

struct swarming {
    const struct swarm_plan *plan;
    struct swarm_result *out;
    struct trial *trials; /* ROUND */
    u64 from;             /* seed of trials[0] */
    u64 started_ns;
};

static u64 now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return SEC((u64)t.tv_sec) + (u64)t.tv_nsec;
}

static bool try_seed(const void *about, size_t i, void *result)
{
    const struct swarming *s = about;
    static struct plan p;

    if (s->plan->stop != NULL) /* Ctrl-C goes to all: what is under way is to end */
        signal(SIGINT, SIG_IGN);
    plan_draw(&p, s->from + i, false);
    trial_run(&p, result);
    return true;
}

static struct swarm_failure *alike(struct swarm_result *out, const struct trial *t)
{
    for (u32 i = 0; i < out->failures; i++)
        if (out->failure[i].trial.end == t->end && strcmp(out->failure[i].trial.key, t->key) == 0)
            return &out->failure[i];
    return NULL;
}

static void keep_failure(struct swarm_result *out, u64 seed, const struct trial *t)
{
    struct swarm_failure *f = alike(out, t);

    out->failed++;
    if (f != NULL) {
        f->others++;
    } else if (out->failures < SWARM_FAILURES) {
        f = &out->failure[out->failures++];
        *f = (struct swarm_failure){.seed = seed, .trial = *t};
        plan_draw(&f->plan, seed, false);
    }
}

static void take_round(struct swarming *s, u32 n)
{
    for (u32 i = 0; i < n; i++) {
        const struct trial *t = &s->trials[i];
        reach_add(&s->out->reach, &t->reach);
        if (t->end != TRIAL_PASSED)
            keep_failure(s->out, s->from + i, t);
    }
    s->out->seeds += n;
    s->out->next = s->from + n;
}

static u32 seeds_left(const struct swarming *s)
{
    u64 left = s->plan->last - s->out->next;

    return left < ROUND - 1 ? (u32)left + 1 : ROUND;
}

static bool goes_on(const struct swarming *s, u64 elapsed_ns)
{
    bool more = s->out->seeds == 0 || s->out->next - 1 < s->plan->last;

    if (s->plan->first_only && s->out->failed > 0)
        return false;
    if (s->plan->stop != NULL && *s->plan->stop != 0)
        return false;
    return more && (s->plan->time_ns == 0 || elapsed_ns < s->plan->time_ns);
}

static void run_rounds(struct swarming *s)
{
    u64 elapsed_ns = 0;

    while (goes_on(s, elapsed_ns) && !s->out->died) {
        struct workers_plan round = {.jobs = seeds_left(s),
                                     .at_once = s->plan->jobs,
                                     .results = s->trials,
                                     .result_size = sizeof(s->trials[0]),
                                     .run = try_seed,
                                     .about = s};
        size_t failed;
        s->from = s->out->next;
        s->out->died = !workers_run(&round, &failed);
        if (!s->out->died)
            take_round(s, (u32)round.jobs);
        elapsed_ns = now_ns() - s->started_ns;
        if (s->plan->went_on != NULL)
            s->plan->went_on(s->plan->watcher, s->out->seeds, elapsed_ns);
    }
    s->out->wall_ns = elapsed_ns;
    if (s->plan->last != UINT64_MAX)
        s->out->left = s->plan->last - s->plan->first + 1 - s->out->seeds;
}

static void shrink(const struct swarm_plan *plan, struct swarm_failure *f)
{
    f->shrunk = plan_shrink(&f->plan, &f->trial, plan->jobs, plan->shrink_most);
}

static void ask_canary(const struct swarm_plan *plan, struct swarm_result *out)
{
    struct swarm_failure *f = &out->canary;

    f->seed = CANARY_SEED;
    plan_draw(&f->plan, f->seed, true);
    trial_run(&f->plan, &f->trial);
    out->canary_seen = f->trial.end == TRIAL_FAILED;
    if (out->canary_seen)
        shrink(plan, f);
}

bool swarm_run(const struct swarm_plan *plan, struct swarm_result *out)
{
    struct swarming s = {.plan = plan, .out = out, .started_ns = now_ns()};

    memset(out, 0, sizeof(*out));
    out->next = plan->first;
    s.trials = calloc(ROUND, sizeof(*s.trials));
    if (s.trials == NULL)
        return false;
    ask_canary(plan, out);
    s.started_ns = now_ns();
    run_rounds(&s);
    for (u32 i = 0; i < out->failures; i++)
        shrink(plan, &out->failure[i]);
    free(s.trials);
    return true;
}
