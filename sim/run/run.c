#include "sim/run/run.h"

#include "chain-mock/state/watch.h"
#include "sim/run/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct running {
    const struct run_plan *plan;
    struct run_result *out;
    struct setup setup;
    bool stopped;
};

static void violated(struct running *r, struct instant now)
{
    const struct violation *v = &r->setup.tally.first;
    const struct invariant_row *row = &invariant_rows[v->id];

    if (r->out->end == RUN_VIOLATED)
        return;
    r->out->end = RUN_VIOLATED;
    snprintf(r->out->error, RUN_ERROR, "%s (%s) is violated: %s", row->id, row->section, row->text);
    (void)now;
}

static void on_block(void *about, const struct block *b, u32 taken, struct instant now)
{
    struct running *r = about;

    (void)b;
    (void)taken;
    if (r->setup.tally.first.found)
        violated(r, now);
}

static void on_log(void *about, const struct log *log, u64 slot, struct instant now)
{
    struct running *r = about;

    (void)slot;
    if (log->kind == LOG_ProviderApproved)
        setup_approved(&r->setup, log->u.provider_approved.provider, now);
}

static bool run_eras(struct running *r)
{
    struct setup *s = &r->setup;
    const struct scenario *c = r->plan->scenario;
    u64 tail_ns = MSEC(2 * s->params.block_time_ms); /* the block that closes the last era */

    for (u32 e = 0; e < c->eras && r->out->end == RUN_DONE; e++) {
        struct instant until = {SEC(s->era_start[e + 1]) + (e + 1 == c->eras ? tail_ns : 0)};
        if (!host_sim_run(s->host, until)) {
            r->out->end = RUN_LIMIT;
            snprintf(r->out->error, RUN_ERROR, "%s", host_sim_error(s->host));
            return false;
        }
        if (c->check_interval_eras > 0 && (e + 1) % c->check_interval_eras == 0)
            watch_all(&s->chain.state);
    }
    return true;
}

bool run_execute(const struct run_plan *plan, struct run_result *out)
{
    struct running *r = calloc(1, sizeof(*r));
    struct host_sinks sinks = {r, on_block, on_log};

    memset(out, 0, sizeof(*out));
    if (r == NULL)
        return false;
    r->plan = plan;
    r->out = out;
    if (!setup_open(&r->setup, plan, &sinks, out->error)) {
        setup_close(&r->setup);
        free(r);
        return false;
    }
    run_eras(r);
    out->events = r->setup.process.events;
    out->blocks = r->setup.chain.blocks;
    out->txs = r->setup.chain.txs;
    out->end_s = r->setup.end_s;
    out->rolling_hash = r->setup.process.hash;
    out->state_hash = chain_hash(&r->setup.chain);
    out->world_hash = world_hash(&r->setup.process.world);
    out->tally = calloc(1, sizeof(*out->tally));
    if (out->tally != NULL)
        *out->tally = r->setup.tally;
    setup_close(&r->setup);
    free(r);
    return true;
}

void run_result_free(struct run_result *r)
{
    free(r->expect);
    free(r->tally);
}
