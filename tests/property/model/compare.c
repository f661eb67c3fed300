/* compare - every figure of the live chain beside the model's. */
#include "tests/property/model/world.h"

#include "protocol/gpu.h"

#include <stdio.h>
#include <string.h>

static void digits(char out[40], u128 v)
{
    char back[40];
    u32 n = 0;

    do
        back[n++] = (char)('0' + (u32)(v % 10));
    while ((v /= 10) > 0);
    for (u32 i = 0; i < n; i++)
        out[i] = back[n - 1 - i];
    out[n] = '\0';
}

/* The chain's figure is the model's.  field: of the logs that concern it. */
static void is(struct world *w, const char *figure, const char *field, u64 id, u128 chain,
               u128 model)
{
    char a[40], b[40];

    w->compared++;
    if (chain == model || !w->ok)
        return;
    digits(a, chain);
    digits(b, model);
    w->ok = false;
    (void)snprintf(w->why, sizeof(w->why), "%s of %s %llu: the chain has %s, the model %s", figure,
                   field, (unsigned long long)id, a, b);
    (void)snprintf(w->subject, sizeof(w->subject), "%s", field);
    w->subject_id = id;
}

#define IS(figure, field, id, chain, model) is(w, (figure), (field), (id), (u128)(chain), (model))

static void accounts(struct world *w)
{
    for (u32 a = 1; a <= chain_accounts(&w->chain); a++)
        for (u32 t = 0; t < w->model.genesis.tokens; t++)
            IS("balance", "account", a, chain_account_balance(&w->chain, a, t).wei,
               model_balance(&w->model, IN_ACCOUNT, a, t));
}

static void tokens(struct world *w)
{
    const struct model *m = &w->model;

    for (u32 t = 0; t < m->genesis.tokens; t++) {
        const struct token_row *row = token_at(&w->chain.state, t + 1);
        u128 minted = 0, burned = 0;
        for (u32 i = 0; i < m->n_moves; i++) {
            const struct model_move *x = &m->moves[i];
            minted += x->token == t && x->from.pocket == IN_OUTSIDE ? x->amount : 0;
            burned += x->token == t && x->to.pocket == IN_OUTSIDE ? x->amount : 0;
        }
        IS("minted", "token", t, row->minted.wei, minted);
        IS("burned", "token", t, row->burned.wei, burned);
        IS("commission", "token", t, row->commission.wei, model_balance(m, IN_COMMISSION, 0, t));
        IS("fees", "token", t, row->fees.wei, model_balance(m, IN_FEES, 0, t));
        IS("dust", "token", t, row->dust.wei, model_balance(m, IN_DUST, 0, t));
        IS("slark pool", "token", t, row->slark_pool.wei, model_balance(m, IN_SLARKS, 0, t));
        IS("enabled", "token", t, row->enabled, m->enabled[t]);
        IS("price", "token", t, row->usd_e8, model_price_at(m, t, MODEL_OPEN));
    }
}

/* settled 111: what counts for the bracket */
static void use_of(struct world *w, u32 wallet)
{
    const struct model *m = &w->model;
    const struct wallet_row *row = wallet_at(&w->chain.state, wallet);
    u64 cpu = 0, ram = 0, disk = 0, gpus = 0, leases = 0, orders = 0;

    for (u32 i = 0; i < m->n_leases; i++) {
        const struct model_lease *l = &m->leases[i];
        if (l->wallet != wallet || l->end_s != MODEL_OPEN)
            continue;
        cpu += (u64)l->specs.cpu * l->replicas;
        ram += (u64)l->specs.ram_gib * l->replicas;
        disk += (u64)l->specs.disk_gib * l->replicas;
        gpus += l->gpu_units;
        leases++;
    }
    for (u32 i = 0; i < m->n_orders; i++)
        orders += m->orders[i].closed == 0 && m->orders[i].told.wallet == wallet;
    IS("CPU in use", "wallet", wallet, row->cpu, cpu);
    IS("RAM in use", "wallet", wallet, row->ram_gib, ram);
    IS("disk in use", "wallet", wallet, row->disk_gib, disk);
    IS("GPU units in use", "wallet", wallet, row->gpu_units, gpus);
    IS("leases", "wallet", wallet, row->active_leases, leases);
    IS("open orders", "wallet", wallet, row->open_orders, orders);
}

static void wallets(struct world *w)
{
    static const struct purse_row none;
    const struct model *m = &w->model;
    const struct state *s = &w->chain.state;

    IS("number", "wallet", 0, s->tables[TABLE_WALLET].count, m->n_wallets);
    for (u32 i = 1; i < m->n_wallets && w->ok; i++) {
        const struct wallet_row *row = wallet_at(s, i);
        IS("owner", "wallet", i, row->owner, model_owner_at(m, i, m->now_s));
        use_of(w, i);
        for (u32 t = 0; t < m->genesis.tokens; t++) {
            const struct purse_row *p = row->purse[t] == 0 ? &none : purse_at(s, row->purse[t]);
            IS("deposited", "wallet", i, p->deposited.wei,
               model_moved_to(m, IN_UNLOCKED, i, t, FOR_DEPOSIT));
            IS("unlocked", "wallet", i, p->unlocked.wei, model_balance(m, IN_UNLOCKED, i, t));
            IS("locked", "wallet", i, p->locked.wei, model_balance(m, IN_LOCKED, i, t));
            IS("debited", "wallet", i, p->debited.wei,
               model_moved_from(m, IN_LOCKED, i, t, FOR_DEBIT));
            IS("user fees", "wallet", i, p->user_fees.wei,
               model_moved_from(m, IN_LOCKED, i, t, FOR_USER_FEE));
            IS("withdrawn", "wallet", i, p->withdrawn.wei,
               model_moved_from(m, IN_UNLOCKED, i, t, FOR_WITHDRAWAL));
            IS("shrunk", "wallet", i, p->shrunk.wei,
               model_moved_from(m, IN_LOCKED, i, t, FOR_SHRINK) +
                   model_moved_from(m, IN_UNLOCKED, i, t, FOR_SHRINK));
        }
    }
}

static u128 debited(const struct model *m, u64 lease)
{
    u128 sum = 0;

    for (u32 i = 0; i < m->n_moves; i++)
        sum += m->moves[i].lease == lease && m->moves[i].why == FOR_DEBIT ? m->moves[i].amount : 0;
    return sum;
}

static void leases(struct world *w)
{
    struct model *m = &w->model;
    const struct state *s = &w->chain.state;
    u32 open = 0;

    for (u32 i = 0; i < m->n_leases; i++) {
        const struct model_lease *l = &m->leases[i];
        u32 row = lease_find(s, l->id);
        bool runs = row != 0 && lease_at(s, row)->ended_s == MODEL_OPEN;
        IS("running", "lease", l->id, runs, l->end_s == MODEL_OPEN);
        if (row == 0)
            continue;
        const struct lease_row *x = lease_at(s, row);
        IS("agreed time", "lease", l->id, x->agreed_s, l->agreed_s);
        IS("end", "lease", l->id, x->ended_s, l->end_s);
        IS("debited", "lease", l->id, x->gross.wei, debited(m, l->id));
        IS("gross held", "lease", l->id, x->gross_held.wei, model_gross_lock(l) - l->lost_gross);
        IS("user fee held", "lease", l->id, x->user_fee_held.wei, model_fee_lock(l) - l->lost_fee);
        IS("confirmed", "lease", l->id, x->confirmed, l->confirmed);
        IS("failed task", "lease", l->id, runs ? 0 : x->task_failed, runs ? 0 : l->task_failed);
    }
    for (u32 i = 0; i < m->n_orders; i++) {
        const struct model_order *o = &m->orders[i];
        u32 row = order_find(s, o->told.order);
        open += o->closed == 0;
        IS("open", "order", o->told.order, row != 0, o->closed == 0);
        if (row != 0)
            IS("hold", "order", o->told.order, order_at(s, row)->hold.wei, o->hold);
    }
    IS("open orders", "order", 0, s->tables[TABLE_ORDER].used, open);
}

/* GPU lines of one provider may be the same place for leases without GPUs, which reserve none. */
static void capacity(struct world *w, u32 p)
{
    const struct provider_row *row = provider_at(&w->chain.state, p);
    struct model_use u = model_reserved(&w->model, p);

    IS("reserved CPU", "provider", p, row->cpu_reserved, u.cpu);
    IS("reserved RAM", "provider", p, row->ram_reserved, u.ram_gib);
    IS("reserved disk", "provider", p, row->disk_reserved, u.disk_gib);
    IS("leases", "provider", p, row->leases, u.leases);
    for (u32 i = 0; i < GPU_LINES; i++)
        IS("reserved GPUs", "provider", p, row->gpu_reserved[i], u.gpus[i]);
}

static void streaks(struct world *w, u32 p)
{
    const struct standing_row *st = standing_at(&w->chain.state, p);

    IS("tier", "provider", p, st->tier.tier, model_tier(&w->model, p));
    IS("suspension", "provider", p, st->tier.suspended, model_suspended(&w->model, p));
    for (u32 t = 1; t <= MODEL_TIERS; t++) {
        IS("met", "provider", p, st->tier.met[t - 1], model_met(&w->model, p, t));
        IS("failed", "provider", p, st->tier.failed[t - 1], model_failed(&w->model, p, t));
    }
}

static void pots(struct world *w, u32 p)
{
    const struct model *m = &w->model;
    const struct standing_row *st = standing_at(&w->chain.state, p);
    u128 slashed = 0, debt = 0, paid = 0;

    for (u32 i = 0; i < m->n_slashes; i++) {
        slashed += m->slashes[i].provider == p ? m->slashes[i].taken_stake : 0;
        debt += m->slashes[i].provider == p ? m->slashes[i].bad_debt : 0;
    }
    for (u32 i = 0; i < m->n_requests; i++)
        if (m->requests[i].provider == p)
            paid += model_moved_from(m, IN_UNBONDING, i + 1, 0, FOR_PAYMENT);
    IS("own stake", "provider", p, st->own.wei, model_balance(m, IN_STAKE, p, 0));
    IS("unbonding", "provider", p, st->unbonding.wei, model_unbonding(m, p));
    IS("rewards", "provider", p, st->rewards.wei, model_balance(m, IN_REWARDS, p, 0));
    IS("staked ever", "provider", p, st->staked_ever.wei,
       model_moved_to(m, IN_STAKE, p, 0, FOR_STAKE));
    IS("auto-staked", "provider", p, st->auto_staked.wei,
       model_moved_to(m, IN_STAKE, p, 0, FOR_AUTO_STAKE));
    IS("paid out", "provider", p, st->paid_out.wei, paid);
    IS("slashed", "provider", p, st->slashed.wei, slashed);
    IS("bad debt", "provider", p, st->bad_debt.wei, debt);
}

/* Each request of unbonding, latest first. */
static void requests(struct world *w, u32 p)
{
    const struct model *m = &w->model;
    const struct state *s = &w->chain.state;
    u32 row = provider_at(s, p)->unbonding_head;

    for (u32 i = m->n_requests; i-- > 0 && w->ok;) {
        const struct model_request *r = &m->requests[i];
        if (r->provider != p || r->paid)
            continue;
        IS("requests", "provider", p, row != 0, 1);
        if (row == 0)
            return;
        const struct unbonding_row *u = unbonding_at(s, row);
        IS("requested at", "provider", p, u->requested_s, r->second);
        IS("due era", "provider", p, u->due_era, r->due_era);
        IS("requested", "provider", p, u->amount.wei, model_balance(m, IN_UNBONDING, i + 1, 0));
        row = u->next;
    }
    IS("requests", "provider", p, row != 0, 0);
}

static void providers(struct world *w)
{
    const struct model *m = &w->model;
    const struct state *s = &w->chain.state;

    IS("number", "provider", 0, chain_providers(&w->chain) + 1, m->n_providers);
    for (u32 p = 1; p < m->n_providers && w->ok; p++) {
        const struct provider_row *row = provider_at(s, p);
        const struct standing_row *st = standing_at(s, p);
        const struct model_provider *x = &m->providers[p];
        for (u32 t = 0; t < m->genesis.tokens; t++)
            IS("accrued", "provider", p, row->accrued[t].wei, model_balance(m, IN_ACCRUED, p, t));
        IS("active from", "provider", p, row->active_from_s, x->active_from_s);
        IS("active until", "provider", p, row->active_until_s, x->active_until_s);
        IS("frozen", "provider", p, row->frozen, x->frozen);
        IS("status", "provider", p, row->status,
           x->struck                     ? PROVIDER_STRUCK
           : x->exited                   ? PROVIDER_EXITING
           : x->approved_s != MODEL_OPEN ? PROVIDER_APPROVED
                                         : PROVIDER_PROPOSED);
        IS("audit", "provider", p, row->audit_era, x->audit_era);
        IS("down", "provider", p, row->down_outage,
           model_down(m, p) == 0 ? 0 : m->outages[model_down(m, p) - 1].id);
        IS("tasks", "provider", p, st->tasks, model_tasks(m, p, m->era, false));
        IS("tasks done", "provider", p, st->tasks_done, model_tasks(m, p, m->era, true));
        for (u64 k = 1; k < SLASH_WINDOW && k <= m->era; k++)
            IS("slash records", "provider", p, st->slash_counts[(m->era - k) % SLASH_WINDOW],
               model_slash_records(m, p, m->era - k));
        /* what an hour is worth that begins now */
        IS("points", "provider", p,
           row->rating_head == 0 ? 0 : rating_at(s, row->rating_head)->points,
           model_points(m, p, MODEL_OPEN - 1));
        u32 n = st->feedbacks < FEEDBACK_WINDOW ? st->feedbacks : FEEDBACK_WINDOW, sum = 0;
        for (u32 i = 0; i < n; i++)
            sum += st->feedback[i];
        IS("feedback", "provider", p, n == 0 ? 0 : sum / n, model_feedback(m, p));
        IS("auto-stake", "provider", p, row->auto_stake, x->auto_stake);
        capacity(w, p);
        requests(w, p);
        streaks(w, p);
        pots(w, p);
    }
}

static void clock_of(struct world *w)
{
    const struct meta_row *x = state_meta(&w->chain.state);
    const struct model *m = &w->model;

    IS("second", "block", x->slot, x->now_s, m->now_s);
    IS("number", "era", x->era, x->era, m->era);
    IS("start", "era", x->era, x->era_start_s, m->era_start_s);
    IS("end", "era", x->era, x->era_end_s, m->era_end_s);
    IS("next", "order", x->next_order, x->next_order, m->next_order);
    IS("next", "lease", x->next_lease, x->next_lease, m->next_lease);
    IS("next", "slash", x->next_slash, x->next_slash, m->next_slash);
    IS("next", "evidence", x->next_evidence, x->next_evidence, m->next_evidence);
    for (u32 i = 0; i < PARAM_KINDS; i++) {
        if (params_get(chain_params(&w->chain), (enum param_id)i) !=
            params_get(&m->p, (enum param_id)i))
            IS("value", "param", i, params_get(chain_params(&w->chain), (enum param_id)i),
               params_get(&m->p, (enum param_id)i));
    }
}

void world_compare(struct world *w)
{
    clock_of(w);
    tokens(w);
    accounts(w);
    wallets(w);
    leases(w);
    providers(w);
}
