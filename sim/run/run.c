#include "sim/run/run.h"

#include "actors/provider.h"
#include "actors/user.h"
#include "chain-mock/watch/watch.h"
#include "sim/run/event_lines.h"
#include "sim/run/setup.h"
#include "sim/run/view.h"
#include "sim/study/fold.h"
#include "sim/study/progress.h"

#include <stdlib.h>
#include <string.h>

#define HASH_TEXT 36u

struct running {
    const struct run_plan *plan;
    struct run_result *out;
    struct setup setup;
    struct fold *fold; /* NULL: no tables */
    struct view *view; /* NULL: nothing is expected */
    struct expect_run expect;
    struct instant at; /* to which the host has run */
    struct amount supply_start;
    const char *token_names[TOKENS_MAX];
};

static struct amount supply(const struct running *r)
{
    const struct token_row *t = token_at(&r->setup.chain.state, TOKEN_SPON + 1);
    struct amount a;

    check(amount_sub(&a, t->minted, t->burned));
    return a;
}

/* ---- what the host tells ---- */

/* The run stops here; the record that shows it is the last one. */
static void note_violation_at(struct running *r, struct instant now, u64 slot)
{
    const struct process *p = &r->setup.process;
    char text[VIOLATION_TEXT_BYTES];

    if (r->out->end != RUN_DONE)
        return;
    r->out->end = RUN_VIOLATED;
    r->out->violated_event = p->events > 0 ? p->events - 1 : 0;
    violation_text(text, &r->setup.tally.first);
    snprintf(r->out->error, RUN_ERROR,
             "violated: %s\n  event %llu, block %llu, %llu.%09llu s of the run", text,
             (unsigned long long)r->out->violated_event, (unsigned long long)slot,
             (unsigned long long)(now.ns / SEC(1)), (unsigned long long)(now.ns % SEC(1)));
    host_sim_stop(r->setup.host);
}

static void note_violation(struct running *r, struct instant now)
{
    note_violation_at(r, now, state_meta(&r->setup.chain.state)->slot);
}

static struct era_times eras_known(const struct running *r)
{
    return (struct era_times){r->setup.era_start, r->plan->scenario->eras + 1};
}

static void judge(struct running *r, struct instant now)
{
    struct expect_world world = view_world(r->view);
    struct era_times eras = eras_known(r);

    expect_judge(&r->expect, &world, &eras, now);
}

/* With these a provider begins; it does not try them again but for want of gas. */
static bool begins(const struct block_tx *t)
{
    return t->tx.kind == TX_PROPOSE ||
           (t->tx.kind == TX_STAKE && t->tx.tag == PROVIDER_STAKE_FIRST);
}

static bool of_scenario(const struct block_tx *t)
{
    return t->from == ACCOUNT_GOVERNANCE || t->from == ACCOUNT_ORACLE ||
           t->from == ACCOUNT_ISSUER || t->tx.tag == TIMELINE_TAG ||
           (begins(t) && t->err != ERR_OutOfGas);
}

/* The account that a transaction of the scenario is about; 0: nobody's. */
static u32 subject_of(const struct block_tx *t)
{
    if (t->tx.tag == TIMELINE_TAG || begins(t))
        return t->from;
    return t->tx.kind == TX_APPROVE || t->tx.kind == TX_VERDICT ? t->tx.tag : 0;
}

/* Nobody waits for the answer to what the scenario asks of the chain: the run tells. */
static void note_refusals(struct running *r, const struct block *b, u32 taken)
{
    const struct state *s = &r->setup.chain.state;
    struct run_notes *notes = &r->out->notes;

    for (u32 i = 0; i < taken; i++) {
        const struct block_tx *t = &b->txs[i];
        char name[CAST_NAME] = "";
        if (t->err == ERR_None || !of_scenario(t) || notes->refused++ > 0)
            continue;
        if (subject_of(t) != 0)
            cast_name(&r->setup.cast, subject_of(t), name);
        snprintf(notes->refusal, RUN_REFUSAL, "%s%s%s at %llu s: %s", tx_rows[t->tx.kind].name,
                 name[0] == '\0' ? "" : " ", name, (unsigned long long)state_meta(s)->now_s,
                 err_text(t->err));
    }
}

static void on_block(void *about, const struct block *b, u32 taken, struct instant now)
{
    struct running *r = about;

    const struct run_watcher *w = r->plan->watcher;

    note_refusals(r, b, taken);
    if (w != NULL && w->on_block != NULL)
        w->on_block(w->about, &r->setup.chain, b, taken);
    if (r->fold != NULL)
        fold_on_block(r->fold, b, taken, now);
    if (r->view != NULL)
        judge(r, now);
    if (r->setup.tally.first.found)
        note_violation(r, now);
}

static void on_log(void *about, const struct log *log, u64 slot, struct instant now)
{
    struct running *r = about;

    const struct run_watcher *w = r->plan->watcher;

    if (w != NULL && w->on_log != NULL)
        w->on_log(w->about, log);
    if (log->kind == LOG_ProviderApproved)
        setup_approved(&r->setup, log->u.provider_approved.provider, now);
    if (r->view != NULL) {
        struct expect_world world = view_world(r->view);
        view_saw(r->view, log);
        expect_saw(&r->expect, &world, log);
    }
    if (r->fold != NULL)
        fold_on_log(r->fold, log, slot, now);
    if (r->plan->events != NULL)
        event_line(r->plan->events, log, slot, now.ns / SEC(1));
}

static void on_dispatch(void *about, struct actor_id to, struct instant now,
                        const struct event *event, const struct outbox *out)
{
    const struct running *r = about;

    (void)now;
    (void)event;
    (void)out;
    r->plan->watcher->on_dispatch(r->plan->watcher->about, &r->setup.process.world, to.v);
}

static void hash_text(char out[HASH_TEXT], u128 hash, u32 bits)
{
    u32 n = bits / 4;

    for (u32 i = 0; i < n; i++)
        out[i] = "0123456789abcdef"[(u32)(hash >> (bits - 4 - 4 * i)) & 15];
    out[n] = '\0';
}

static void on_checkpoint(void *about, const struct checkpoint *c)
{
    struct running *r = about;
    char rolling[HASH_TEXT], state[HASH_TEXT];

    if (r->plan->tables == NULL)
        return;
    hash_text(rolling, c->hash, 64);
    hash_text(state, c->chain, 128);
    put_checkpoints(r->plan->tables,
                    &(struct row_checkpoints){c->event, c->now.ns, rolling, state});
}

static void account_name(void *about, u32 account, char out[64])
{
    const struct running *r = about;
    char name[CAST_NAME];

    cast_name(&r->setup.cast, account, name);
    snprintf(out, 64, "%.63s", name);
}

/* What became of a user's demands is in his own books, not on chain. */
static bool demands_of_user(const struct running *r, u32 account, struct fold_demands *out)
{
    const struct cast *cast = &r->setup.cast;

    if (account >= cast->accounts || cast->account[account].role != CAST_USER)
        return false;
    struct actor_id id = {cast->providers + cast->account[account].index};
    const struct user *u = world_state(&r->setup.process.world, id);
    *out = (struct fold_demands){u->done, u->failed, u->given_up, u->turned_away};
    return true;
}

static bool demands_of(void *about, u32 account, struct fold_demands *out)
{
    return demands_of_user(about, account, out);
}

static u64 turned_away(const struct running *r)
{
    const struct cast *cast = &r->setup.cast;
    struct fold_demands d;
    u64 sum = 0;

    for (u32 i = 0; i < cast->users; i++) {
        if (demands_of_user(r, cast->user_account[i], &d))
            sum += d.turned_away;
    }
    return sum;
}

/* ---- the tables that are left to us ---- */

static bool open_fold(struct running *r)
{
    const struct scenario *c = r->plan->scenario;
    const char **names = r->token_names;

    if (r->plan->tables == NULL)
        return true;
    for (u32 t = 0; t < c->token_count; t++)
        names[t] = c->tokens[t].symbol;
    struct fold_config config = {.tables = r->plan->tables,
                                 .chain = &r->setup.chain,
                                 .token_names = names,
                                 .regions = c->network.regions.at,
                                 .about = r,
                                 .account_name = account_name,
                                 .demands = demands_of};
    r->fold = fold_open(&config);
    r->setup.chain.state.trace_scores = tables_want(r->plan->tables, TABLE_bids);
    r->setup.chain.state.trace_moves = tables_want(r->plan->tables, TABLE_transfers);
    return r->fold != NULL;
}

static bool open_view(struct running *r)
{
    const struct expectations *all = &r->plan->scenario->expect;

    if (all->count == 0)
        return true;
    r->view = view_open(&r->setup.cast, &r->setup.chain, &r->setup.process.world);
    r->out->expect = calloc(all->count, sizeof(*r->out->expect));
    r->expect = (struct expect_run){all, calloc(all->counters + 1u, sizeof(u64)), r->out->expect};
    return r->view != NULL && r->out->expect != NULL && r->expect.counts != NULL;
}

static void close_view(struct running *r)
{
    if (r->view != NULL)
        view_close(r->view);
    free(r->expect.counts);
}

static void put_run(struct running *r)
{
    const struct scenario *c = r->plan->scenario;
    char rolling[HASH_TEXT], state[HASH_TEXT];

    hash_text(rolling, r->out->rolling_hash, 64);
    hash_text(state, r->out->state_hash, 128);
    put_runs(r->plan->tables,
             &(struct row_runs){.arm = c->arm_count > 0 ? c->arms[r->plan->arm].name : NULL,
                                .seed = r->plan->seed,
                                .scenario = c->name,
                                .profile = "whitepaper",
                                .eras = chain_era(&r->setup.chain),
                                .end_s = state_meta(&r->setup.chain.state)->now_s,
                                .native_token = c->tokens[TOKEN_SPON].symbol,
                                .providers = chain_providers(&r->setup.chain),
                                .users = r->setup.cast.users,
                                .blocks = r->setup.chain.blocks,
                                .events = r->setup.process.events,
                                .supply_start_spon = r->supply_start,
                                .supply_end_spon = supply(r),
                                .rolling_hash = rolling,
                                .state_hash = state});
}

/* ---- the run ---- */

static void limit(struct running *r, const char *what)
{
    r->out->end = RUN_LIMIT;
    snprintf(r->out->error, RUN_ERROR, "%s: a limit was reached: %s", r->plan->scenario->path,
             what);
}

/* The full forms. */
static void check_all(struct running *r, u32 eras)
{
    if (!watch_due(&r->setup.chain.state, eras))
        return;
    watch_all(&r->setup.chain.state);
    check(state_hash_full(&r->setup.chain.state) == chain_hash(&r->setup.chain));
    if (r->setup.tally.first.found)
        note_violation(r, r->setup.process.now);
}

/* ESC-11, when all that the tables want of the chain is in them. */
static void drain(struct running *r)
{
    u64 slot = state_meta(&r->setup.chain.state)->slot;

    if (r->out->end != RUN_DONE || !watch_due(&r->setup.chain.state, r->plan->scenario->eras))
        return;
    process_drain(&r->setup.process);
    if (r->setup.tally.first.found)
        note_violation_at(r, r->setup.process.now, slot);
}

/* On to an instant, stopping at each moment that an expectation names. */
static bool run_to(struct running *r, struct instant to)
{
    struct era_times eras = eras_known(r);
    struct instant now = r->at, stop;

    while (r->view != NULL && expect_next(&r->expect, &eras, now, &stop) && stop.ns <= to.ns &&
           r->out->end == RUN_DONE) {
        if (!host_sim_run(r->setup.host, stop))
            return false;
        judge(r, stop);
        now = stop;
    }
    r->at = to;
    return r->out->end != RUN_DONE || host_sim_run(r->setup.host, to);
}

/* In steps of an hour, so that the progress line moves; a step costs nothing. */
static void run_era(struct running *r, u32 era)
{
    struct setup *s = &r->setup;
    bool last = era + 1 == r->plan->scenario->eras;
    /* the block that closes the last era comes with the first slot at or after its end */
    u64 tail_ns = last ? MSEC(2 * s->params.block_time_ms) : 0;
    u64 from = s->era_start[era], to = s->era_start[era + 1];

    for (u64 at = from + 3600; at <= to && r->out->end == RUN_DONE; at += 3600) {
        if (!run_to(r, (struct instant){SEC(at) + (at == to ? tail_ns : 0)})) {
            limit(r, host_sim_error(s->host));
            return;
        }
        if (chain_full(&s->chain) != NULL)
            limit(r, chain_full(&s->chain));
        if (r->fold != NULL && fold_error(r->fold) != NULL)
            limit(r, fold_error(r->fold));
        if (r->view != NULL && view_error(r->view) != NULL)
            limit(r, view_error(r->view));
        if (r->plan->progress != NULL)
            progress_show(r->plan->progress, era, at - from, to - from);
    }
    if (r->out->end == RUN_DONE)
        check_all(r, era + 1);
}

/* A halt is told of by the block after it, which this run does not have. */
static void note_halt(struct running *r)
{
    struct instant from, to;

    if (r->setup.host == NULL || !host_sim_halted(r->setup.host, r->at, &from, &to))
        return;
    r->out->notes.halted = true;
    r->out->notes.halted_s = from.ns / SEC(1);
    if (r->fold != NULL)
        fold_halt_open(r->fold, from.ns / SEC(1), to.ns / SEC(1));
}

static void finish(struct running *r)
{
    struct run_result *out = r->out;

    out->events = r->setup.process.events;
    out->blocks = r->setup.chain.blocks;
    out->txs = r->setup.chain.txs;
    out->end_s = r->setup.end_s;
    out->rolling_hash = r->setup.process.hash;
    out->state_hash = chain_hash(&r->setup.chain);
    out->world_hash = world_hash(&r->setup.process.world);
    out->notes.turned_away = turned_away(r);
    note_halt(r);
    if (r->plan->watcher != NULL && r->plan->watcher->at_end != NULL)
        r->plan->watcher->at_end(r->plan->watcher->about, host_sim_mishaps(r->setup.host));
    if (r->fold != NULL) {
        fold_end(r->fold);
        put_run(r);
        fold_close(r->fold);
    }
    drain(r);
    *out->tally = r->setup.tally;
    out->expected = r->view == NULL || expect_end(&r->expect, r->at);
}

static bool begin(struct running *r)
{
    struct host_sinks sinks = {r, on_block, on_log};

    if (!setup_open(&r->setup, r->plan, &sinks, r->out->error))
        return false;
    if (r->plan->log != NULL) {
        r->setup.process.on_record = record_log_put;
        r->setup.process.record_about = r->plan->log;
    }
    if (r->plan->watcher != NULL && r->plan->watcher->on_dispatch != NULL) {
        r->setup.process.on_dispatch = on_dispatch;
        r->setup.process.dispatch_about = r;
    }
    r->setup.process.on_checkpoint = on_checkpoint;
    r->setup.process.checkpoint_about = r;
    r->supply_start = supply(r);
    if (open_fold(r) && open_view(r))
        return true;
    snprintf(r->out->error, RUN_ERROR, "out of memory for a run of this size");
    return false;
}

bool run_execute(const struct run_plan *plan, struct run_result *out)
{
    struct running *r = calloc(1, sizeof(*r));

    memset(out, 0, sizeof(*out));
    out->tally = calloc(1, sizeof(*out->tally));
    bool ran = r != NULL && out->tally != NULL;
    if (ran) {
        r->plan = plan;
        r->out = out;
        ran = begin(r);
        for (u32 e = 0; ran && e < plan->scenario->eras && out->end == RUN_DONE; e++)
            run_era(r, e);
        if (ran)
            finish(r);
        close_view(r);
        setup_close(&r->setup);
    } else {
        snprintf(out->error, RUN_ERROR, "out of memory");
    }
    free(r);
    if (!ran)
        run_result_free(out);
    return ran;
}

void run_result_free(struct run_result *r)
{
    free(r->expect);
    free(r->tally);
    r->expect = NULL;
    r->tally = NULL;
}
