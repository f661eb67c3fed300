/* timeline - what the scenario does at a time: outages, approvals, prices, parameters, halts,
 * audits.
 */
#include "sim/run/setup.h"

/* Places of what stands in no file, behind those of the timeline. */
#define PRICE_ENTRIES (1u << 20)
#define AUDIT_ENTRIES (1u << 24)

struct instant setup_instant(const struct setup *s, const struct when *w)
{
    struct era_times all = {s->era_start, s->plan->scenario->eras + 1};
    struct instant at;

    /* a run may be shorter than its scenario: beyond its last era nothing happens */
    return when_instant(w, &all, &at) ? at : (struct instant){UINT64_MAX};
}

/* ---- who is meant ---- */

typedef void visit_member(struct setup *s, const struct timeline_entry *e, struct actor_id id);

static void each_selected(struct setup *s, const struct timeline_entry *e, visit_member *visit)
{
    const struct scenario *c = s->plan->scenario;
    u32 groups = e->who.users ? c->user_groups : c->provider_groups;

    for (u32 g = 0; g < groups; g++) {
        u32 n = e->who.users ? scenario_users(c, s->plan->arm, g)
                             : scenario_providers(c, s->plan->arm, g);
        const char *name = e->who.users ? c->users[g].name : c->providers[g].name;
        u32 first =
            e->who.users ? s->cast.providers + s->cast.user_first[g] : s->cast.provider_first[g];
        if (e->who.group != INDEX_NONE && e->who.group != g)
            continue;
        for (u32 m = 0; m < n; m++) {
            struct drawer d = setup_drawer(s, name, m);
            if (e->who.member != INDEX_NONE && e->who.member != m)
                continue;
            if (e->who.share.v < BPS_WHOLE &&
                !draw_chance(&d, DRAW_SELECT, e->ordinal, e->who.share))
                continue;
            visit(s, e, (struct actor_id){first + m});
        }
    }
}

static void go_down(struct setup *s, const struct timeline_entry *e, struct actor_id id)
{
    host_sim_down_at(s->host, e->ordinal, setup_instant(s, &e->at), id, e->length, e->announced);
}

static u32 account_of(const struct setup *s, struct actor_id id)
{
    return id.v < s->cast.providers ? s->cast.provider_account[id.v]
                                    : s->cast.user_account[id.v - s->cast.providers];
}

/* The account of the one user whom an entry names besides. */
static u32 account_to(const struct setup *s, const struct timeline_entry *e)
{
    return s->cast.user_account[s->cast.user_first[e->to.group] + e->to.member];
}

/* Governance, about a member's provider. */
static void decide(struct setup *s, const struct timeline_entry *e, struct actor_id id,
                   struct tx tx)
{
    u32 about = account_of(s, id);

    tx.tag = about;
    host_sim_submit_about_at(s->host, e->ordinal, setup_instant(s, &e->at), ACCOUNT_GOVERNANCE,
                             about, &tx);
}

/* settled 17: where auto_approve is off */
static void approve(struct setup *s, const struct timeline_entry *e, struct actor_id id)
{
    decide(s, e, id, (struct tx){.kind = TX_APPROVE});
}

/* settled 57: "the verdict lists (user, damage in SPON)" */
static void judge(struct setup *s, const struct timeline_entry *e, struct actor_id id)
{
    decide(s, e, id,
           (struct tx){.kind = TX_VERDICT,
                       .u.verdict = {.user = account_to(s, e), .damage = e->amount}});
}

static struct tx act_tx(const struct setup *s, const struct timeline_entry *e)
{
    struct tx tx = {.tag = TIMELINE_TAG};

    switch ((int)e->kind) {
    case TIMELINE_EXIT:
        tx.kind = TX_EXIT;
        return tx;
    case TIMELINE_STAKE:
        tx.kind = TX_STAKE;
        tx.u.stake.amount = e->amount;
        return tx;
    case TIMELINE_UNSTAKE:
        tx.kind = TX_UNSTAKE;
        tx.u.unstake.amount = e->amount;
        return tx;
    case TIMELINE_AUTO:
        tx.kind = TX_SET_AUTO_STAKE;
        tx.u.set_auto_stake.on = e->enabled;
        return tx;
    case TIMELINE_CLAIM:
        tx.kind = TX_CLAIM_REWARDS;
        return tx;
    case TIMELINE_DEPOSIT:
        tx.kind = TX_DEPOSIT;
        tx.u.deposit.token = e->money.token;
        tx.u.deposit.amount = e->money.amount;
        return tx;
    case TIMELINE_WITHDRAW:
        tx.kind = TX_WITHDRAW;
        tx.u.withdraw.token = e->money.token;
        tx.u.withdraw.amount = e->money.amount;
        return tx;
    case TIMELINE_TRANSFER:
        tx.kind = TX_TRANSFER;
        tx.u.transfer.to = account_to(s, e);
        tx.u.transfer.token = e->money.token;
        tx.u.transfer.amount = e->money.amount;
        return tx;
    case TIMELINE_GIVE:
        tx.kind = TX_TRANSFER_WALLET;
        tx.u.transfer_wallet.to = account_to(s, e);
        return tx;
    case TIMELINE_RATE:
        tx.kind = TX_RATE;
        tx.u.rate.tenths = e->tenths;
        return tx;
    default:
        check_unreachable();
    }
}

static void act(struct setup *s, const struct timeline_entry *e, struct actor_id id)
{
    struct tx tx = act_tx(s, e);
    u32 account = account_of(s, id);

    host_sim_submit_about_at(s->host, e->ordinal, setup_instant(s, &e->at), account, account, &tx);
}

static enum mishap_kind mishap_of(enum timeline_kind kind)
{
    switch ((int)kind) {
    case TIMELINE_LOSE:
        return MISHAP_LOSE;
    case TIMELINE_DELAY:
        return MISHAP_DELAY;
    case TIMELINE_TWICE:
        return MISHAP_TWICE;
    case TIMELINE_LAG:
        return MISHAP_LAG;
    case TIMELINE_HOLD:
        return MISHAP_HOLD;
    case TIMELINE_REFUSE:
        return MISHAP_REFUSE;
    case TIMELINE_CRASH:
        return MISHAP_CRASH;
    default:
        check_unreachable();
    }
}

static void mishap(struct setup *s, const struct timeline_entry *e, struct actor_id id)
{
    struct instant from = setup_instant(s, &e->at);
    u64 length_ns = e->length.ns < UINT64_MAX - from.ns ? e->length.ns : UINT64_MAX - from.ns;

    host_sim_mishap_at(s->host, &(struct mishap){.kind = mishap_of(e->kind),
                                                 .who = id,
                                                 .entry = e->ordinal,
                                                 .from = from,
                                                 .to = {from.ns + length_ns},
                                                 .by = e->by,
                                                 .share = e->met,
                                                 .nth = e->nth});
}

/* ---- entries ---- */

static void submit(struct setup *s, const struct timeline_entry *e, u32 account,
                   const struct tx *tx)
{
    host_sim_submit_at(s->host, e->ordinal, setup_instant(s, &e->at), account, tx);
}

static void apply(struct setup *s, const struct timeline_entry *e)
{
    struct instant at = setup_instant(s, &e->at);

    if (at.ns >= SEC(s->end_s))
        return;
    switch (e->kind) {
    case TIMELINE_DOWN:
        each_selected(s, e, go_down);
        return;
    case TIMELINE_APPROVE:
        each_selected(s, e, approve);
        return;
    case TIMELINE_LOSE:
    case TIMELINE_DELAY:
    case TIMELINE_TWICE:
    case TIMELINE_LAG:
    case TIMELINE_HOLD:
    case TIMELINE_REFUSE:
    case TIMELINE_CRASH:
        each_selected(s, e, mishap);
        return;
    case TIMELINE_EXIT:
    case TIMELINE_STAKE:
    case TIMELINE_UNSTAKE:
    case TIMELINE_AUTO:
    case TIMELINE_CLAIM:
    case TIMELINE_DEPOSIT:
    case TIMELINE_WITHDRAW:
    case TIMELINE_TRANSFER:
    case TIMELINE_GIVE:
    case TIMELINE_RATE:
        each_selected(s, e, act);
        return;
    case TIMELINE_VERDICT:
        each_selected(s, e, judge);
        return;
    case TIMELINE_PRICE:
        submit(s, e, ACCOUNT_ORACLE,
               &(struct tx){.kind = TX_SET_PRICE, .u.set_price = {e->token, e->usd_e8}});
        return;
    case TIMELINE_SET:
        for (u32 i = 0; i < e->set_count; i++)
            submit(s, e, ACCOUNT_GOVERNANCE,
                   &(struct tx){.kind = TX_SET_PARAM,
                                .u.set_param = {(u32)e->sets[i].id, e->sets[i].value}});
        return;
    case TIMELINE_HALT:
        host_sim_halt_at(s->host, e->ordinal, at, (struct instant){at.ns + e->length.ns});
        return;
    case TIMELINE_SHRINK:
        submit(s, e, ACCOUNT_ISSUER,
               &(struct tx){.kind = TX_SHRINK, .u.shrink = {e->token, e->keep.v}});
        return;
    case TIMELINE_TOKEN:
        submit(s, e, ACCOUNT_GOVERNANCE,
               &(struct tx){.kind = TX_SET_TOKEN, .u.set_token = {e->token, e->enabled}});
        return;
    }
    check_unreachable();
}

/* ---- what stands in no entry ---- */

/* The latest price that rows of a timeline state for a token at or before an instant. */
static void latest(const struct setup *s, const struct timeline_entry *rows, u32 count, u32 token,
                   u64 at_ns, u64 *since_ns, u64 *usd_e8)
{
    for (u32 i = 0; i < count; i++) {
        u64 ns = setup_instant(s, &rows[i].at).ns;
        if (rows[i].kind == TIMELINE_PRICE && rows[i].token == token && ns <= at_ns &&
            ns >= *since_ns) {
            *since_ns = ns;
            *usd_e8 = rows[i].usd_e8;
        }
    }
}

static u64 price_then(const struct setup *s, u32 token, u64 at_ns)
{
    const struct scenario *c = s->plan->scenario;
    const struct token *k = &c->tokens[token];
    u64 usd_e8 = k->usd_e8, since_ns = 0;

    for (u32 i = 0; i < k->step_count && k->steps[i].at_ns <= at_ns; i++) {
        usd_e8 = k->steps[i].usd_e8;
        since_ns = k->steps[i].at_ns;
    }
    latest(s, c->timeline, c->timeline_count, token, at_ns, &since_ns, &usd_e8);
    if (c->arm_count > 0)
        latest(s, c->arms[s->plan->arm].timeline, c->arms[s->plan->arm].timeline_count, token,
               at_ns, &since_ns, &usd_e8);
    return usd_e8;
}

static void set_price(struct setup *s, u32 entry, u64 at_ns, u32 token, u64 usd_e8)
{
    if (usd_e8 == 0 || at_ns >= SEC(s->end_s))
        return;
    host_sim_submit_at(s->host, entry, (struct instant){at_ns}, ACCOUNT_ORACLE,
                       &(struct tx){.kind = TX_SET_PRICE, .u.set_price = {token, usd_e8}});
}

/* The steps of each token's series; and as prices go stale after an era (settled 37), the oracle
 * repeats the last one before each era's start, in time for the block that begins it. */
static void feed_prices(struct setup *s)
{
    const struct scenario *c = s->plan->scenario;
    u32 entry = PRICE_ENTRIES;

    for (u32 t = 0; t < c->token_count; t++) {
        for (u32 i = 0; i < c->tokens[t].step_count; i++)
            set_price(s, entry++, c->tokens[t].steps[i].at_ns, t, c->tokens[t].steps[i].usd_e8);
        for (u32 e = 1; e < c->eras; e++)
            set_price(s, entry++, SEC(s->era_start[e]) - 1, t,
                      price_then(s, t, SEC(s->era_start[e])));
    }
}

/* settled 144: an audit report in era 0, once there is a provider to publish it of. */
void setup_approved(struct setup *s, u32 provider, struct instant now)
{
    const struct cast_member *m = &s->cast.account[chain_provider_account(&s->chain, provider)];

    if (m->role != CAST_PROVIDER || !s->plan->scenario->providers[m->group].audited)
        return;
    host_sim_submit_at(s->host, AUDIT_ENTRIES + m->index, now, ACCOUNT_GOVERNANCE,
                       &(struct tx){.kind = TX_PUBLISH_AUDIT, .u.publish_audit = {provider}});
}

void setup_timeline(struct setup *s)
{
    const struct scenario *c = s->plan->scenario;

    for (u32 i = 0; i < c->timeline_count; i++)
        apply(s, &c->timeline[i]);
    if (c->arm_count > 0) {
        const struct arm *a = &c->arms[s->plan->arm];
        for (u32 i = 0; i < a->timeline_count; i++)
            apply(s, &a->timeline[i]);
    }
    feed_prices(s);
}
