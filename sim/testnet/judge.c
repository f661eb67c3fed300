#include "sim/testnet/judge.h"

#include <stdlib.h>
#include <string.h>

bool judge_open(struct judge *j, const struct setup *s)
{
    const struct expectations *all = &s->plan->scenario->expect;

    *j = (struct judge){.setup = s};
    if (all->count == 0)
        return true;
    j->view = view_open(&s->cast, &s->chain, &s->process.world);
    j->results = calloc(all->count, sizeof(*j->results));
    j->run = (struct expect_run){all, calloc(all->counters + 1u, sizeof(u64)), j->results};
    return j->view != NULL && j->results != NULL && j->run.counts != NULL;
}

void judge_close(struct judge *j)
{
    while (j->kept_count > 0)
        free(j->kept[--j->kept_count].bytes);
    free(j->kept);
    if (j->view != NULL)
        view_close(j->view);
    free(j->run.counts);
    free(j->results);
    *j = (struct judge){0};
}

void judge_step(struct judge *j, struct instant now)
{
    struct instant moment;
    u32 count;

    if (j->view == NULL)
        return;
    struct era_times eras = {j->setup->era_start, j->setup->plan->scenario->eras + 1};
    struct expect_world world = view_world(j->view);
    const struct log *logs = chain_logs(&j->setup->chain, &count);
    for (u32 i = 0; i < count; i++) {
        view_saw(j->view, &logs[i]);
        expect_saw(&j->run, &world, &logs[i]);
    }
    while (expect_next(&j->run, &eras, j->judged, &moment) && moment.ns <= now.ns) {
        expect_judge(&j->run, &world, &eras, moment);
        j->judged = moment;
    }
    expect_judge(&j->run, &world, &eras, now);
}

/* ---- going back ---- */

static size_t counts_bytes(const struct judge *j)
{
    return (j->run.all->counters + 1u) * sizeof(*j->run.counts);
}

static size_t results_bytes(const struct judge *j)
{
    return j->run.all->count * sizeof(*j->results);
}

static void keep(struct judge *j)
{
    size_t counts = counts_bytes(j), results = results_bytes(j);

    if (j->kept_count == j->kept_cap) {
        j->kept_cap = j->kept_cap == 0 ? 8 : 2 * j->kept_cap;
        j->kept = realloc(j->kept, j->kept_cap * sizeof(*j->kept));
        check(j->kept != NULL);
    }
    struct judge_kept *k = &j->kept[j->kept_count++];
    k->id = process_snapshots(&j->setup->process) - 1;
    k->judged = j->judged;
    k->bytes = malloc(counts + results + view_bytes(j->view));
    check(k->bytes != NULL);
    memcpy(k->bytes, j->run.counts, counts);
    memcpy(k->bytes + counts, j->results, results);
    view_save(j->view, k->bytes + counts + results);
}

/* That snapshot is used up, as are those that were taken after it. */
static void go_back(struct judge *j, u128 id)
{
    size_t counts = counts_bytes(j), results = results_bytes(j);

    while (j->kept_count > 0 && j->kept[j->kept_count - 1].id >= id) {
        struct judge_kept *k = &j->kept[--j->kept_count];
        if (k->id == id) {
            j->judged = k->judged;
            memcpy(j->run.counts, k->bytes, counts);
            memcpy(j->results, k->bytes + counts, results);
            view_load(j->view, k->bytes + counts + results);
        }
        free(k->bytes);
    }
}

void judge_edit(struct judge *j, const struct edit *e)
{
    if (j->view == NULL)
        return;
    if (e->kind == EDIT_SNAPSHOT)
        keep(j);
    else if (e->kind == EDIT_REVERT)
        go_back(j, e->value.wei);
}

bool judge_end(struct judge *j)
{
    return j->view == NULL || expect_end(&j->run, j->judged);
}
