/* read_provider - providers, their stake, reports and verdicts: see read in parts.h. */
#include "tests/property/model/parts.h"

/* ---- providers ---- */

static void approve(struct model *m, u32 provider, const struct log *l)
{
    struct model_provider *p = &m->providers[provider];
    u32 granted = m->genesis.account[p->account].initial_tier;
    u32 tier = granted != 0 ? granted : (u32)m->p.initial_tier; /* settled 18 */

    p->approved_s = m->now_s;
    p->judged_from = m->n_judgements;
    model_hold_tier(m, provider, tier, m->now_s);
    model_expect_by(m, LOG_ProviderApproved, l)->u.provider_approved =
        (struct log_provider_approved){provider, tier, m->now_s};
    model_rate(m, provider, m->now_s, l);
    model_check_active(m, provider, m->now_s, l);
}

static void read_provider_proposed(struct model *m, const struct log *l)
{
    struct log_provider_proposed k = l->u.provider_proposed;
    u32 id = m->n_providers;

    for (u32 i = 0; i < m->n_providers; i++)
        if (m->providers[i].account == k.account)
            return; /* it has one, and this proposal is nothing that is expected */
    *PUSH(m, providers) = (struct model_provider){.account = k.account,
                                                  .tokens = k.tokens,
                                                  .proposed_s = m->now_s,
                                                  .proposed_slot = m->slot,
                                                  .proposed_tx = l->tx,
                                                  .approved_s = MODEL_OPEN,
                                                  .active_from_s = MODEL_OPEN,
                                                  .active_until_s = MODEL_OPEN,
                                                  .judged_from = m->n_judgements,
                                                  .auto_stake = k.auto_stake != 0};
    *PUSH(m, machines) = (struct model_machine){id, m->now_s, k.machine};
    model_hold_tier(m, id, (u32)m->p.initial_tier, m->now_s);
    k.provider = id;
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.provider_proposed = k;
    model_expect_contract(m, id, l);
    if (m->p.auto_approve) /* settled 17: "auto_approve = true" */
        approve(m, id, l);
}

static void read_provider_approved(struct model *m, const struct log *l)
{
    u32 id = l->u.provider_approved.provider;

    const struct model_provider *p = &m->providers[id];
    bool by_itself = p->proposed_slot == m->slot && p->proposed_tx == l->tx;

    if (p->approved_s == MODEL_OPEN && !by_itself) /* then it was expected, or is not right */
        approve(m, id, l);
}

static void read_machine_updated(struct model *m, const struct log *l)
{
    struct log_machine_updated k = l->u.machine_updated;
    struct model_use u = model_reserved(m, k.provider);
    const struct machine *old = model_machine_of(m, k.provider);

    MUST(m,
         k.machine.cpu >= u.cpu && k.machine.ram_gib >= u.ram_gib &&
             k.machine.disk_gib >= u.disk_gib,
         "no less registered than reserved (156)");
    for (u32 i = 0; i < GPU_LINES; i++)
        MUST(m,
             u.gpus[i] == 0 || (k.machine.gpu[i].model == old->gpu[i].model &&
                                k.machine.gpu[i].count >= u.gpus[i]),
             "no fewer GPUs registered than reserved (156)");
    *PUSH(m, machines) = (struct model_machine){k.provider, m->now_s, k.machine};
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.machine_updated = k;
    model_rate(m, k.provider, m->now_s, l);
}

static void read_auto_stake_set(struct model *m, const struct log *l)
{
    struct log_auto_stake_set k = l->u.auto_stake_set;

    m->providers[k.provider].auto_stake = k.on != 0;
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.auto_stake_set = k;
}

static void read_audit_published(struct model *m, const struct log *l)
{
    struct log_audit_published k = l->u.audit_published;

    m->providers[k.provider].audit_era = m->era + 1;
    k.era = m->era;
    model_expect_by(m, l->kind, l)->u.audit_published = k;
}

static void leave(struct model_provider *p, u64 now_s)
{
    if (p->active_until_s == MODEL_OPEN)
        p->active_until_s = now_s;
}

static void read_provider_exited(struct model *m, const struct log *l)
{
    struct log_provider_exited k = l->u.provider_exited;
    struct model_provider *p = &m->providers[k.provider];

    if (k.struck) /* by a verdict, with which it is expected */
        return;
    MUST(m, p->approved_s != MODEL_OPEN && !p->exited && !p->struck, "who leaves is there");
    p->exited = true;
    leave(p, m->now_s);
    m->reached.exits++;
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.provider_exited = k;
}

static void read_stake_moved(struct model *m, const struct log *l)
{
    struct log_stake_moved k = l->u.stake_moved;
    struct model_provider *p = &m->providers[k.provider];
    u128 own = model_balance(m, IN_STAKE, k.provider, 0), amount = k.amount.wei;

    if (k.cause == TOLD_STAKE) {
        MUST(m, p->approved_s != MODEL_OPEN && !p->exited && !p->struck, "who stakes is approved");
        model_pay(m, 0, AT(ACCOUNT, p->account), AT(STAKE, k.provider), amount, FOR_STAKE, 0);
    } else {
        /* "an unbonding request may not exceed own stake − reserve" */
        MUST(m, amount > 0 && amount <= own && own - amount >= model_reserve(m, k.provider),
             "no more unbonded than own stake − reserve (58)");
        MUST(m, !p->frozen, "the pots are frozen (57)");
        *PUSH(m, requests) =
            (struct model_request){k.provider, m->now_s, m->era + m->p.unbonding_eras, false};
        model_pay(m, 0, AT(STAKE, k.provider), AT(UNBONDING, m->n_requests), amount, FOR_UNBONDING,
                  0);
        k.cause = TOLD_UNSTAKE;
    }
    k.own = AMOUNT(model_balance(m, IN_STAKE, k.provider, 0));
    k.unbonding = AMOUNT(model_unbonding(m, k.provider));
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.stake_moved = k;
    if (k.cause == TOLD_STAKE)
        model_check_active(m, k.provider, m->now_s, l);
}

static void read_rewards_claimed(struct model *m, const struct log *l)
{
    struct log_rewards_claimed k = l->u.rewards_claimed;

    MUST(m, !m->providers[k.provider].frozen, "the pots are frozen (57)");
    k.amount = AMOUNT(model_balance(m, IN_REWARDS, k.provider, 0));
    k.second = m->now_s;
    model_pay(m, 0, AT(REWARDS, k.provider), AT(ACCOUNT, m->providers[k.provider].account),
              k.amount.wei, FOR_CLAIM, 0);
    m->reached.rewards_claimed++;
    model_expect_by(m, l->kind, l)->u.rewards_claimed = k;
}

/* settled 115: "any, same token"; 116: "until it is confirmed or closed the provider withdraws
 * nothing of this lease" */
static void read_earnings_claimed(struct model *m, const struct log *l)
{
    struct log_earnings_claimed k = l->u.earnings_claimed;

    for (u32 i = 0; i < m->n_leases; i++)
        if (m->leases[i].provider == k.provider && m->leases[i].token == k.token &&
            m->leases[i].end_s == MODEL_OPEN)
            model_settle(m, &m->leases[i], m->now_s);
    k.second = m->now_s;
    model_pay(m, k.token, AT(ACCRUED, k.provider), AT(ACCOUNT, m->providers[k.provider].account),
              k.amount.wei, FOR_CLAIM, 0);
    m->reached.earnings_claimed++;
    model_expect_by(m, l->kind, l)->u.earnings_claimed = k;
}

/* ---- reports and verdicts ---- */

static void read_provider_down(struct model *m, const struct log *l)
{
    struct log_provider_down k = l->u.provider_down;

    MUST(m, model_down(m, k.provider) == 0 && k.start_s <= m->now_s, "an outage that begins");
    k.outage = m->next_evidence++;
    k.second = m->now_s;
    *PUSH(m, outages) = (struct model_outage){
        .id = k.outage, .start_s = k.start_s, .end_s = MODEL_OPEN, .provider = k.provider};
    m->reached.late_down_records += k.start_s < m->era_start_s;
    model_expect_by(m, l->kind, l)->u.provider_down = k;
}

static void read_provider_up(struct model *m, const struct log *l)
{
    struct log_provider_up k = l->u.provider_up;
    u32 place = model_down(m, k.provider);

    MUST(m, place != 0, "an outage that ends");
    if (place == 0)
        return;
    struct model_outage *o = &m->outages[place - 1];
    MUST(m, k.end_s >= o->start_s && k.end_s <= m->now_s, "an outage that ends after its start");
    o->end_s = k.end_s;
    o->cooldown_s = m->p.cooldown_s;
    k.outage = o->id;
    k.start_s = o->start_s;
    k.second = m->now_s;
    model_expect_by(m, l->kind, l)->u.provider_up = k;
}

static void read_chain_halted(struct model *m, const struct log *l)
{
    struct log_chain_halted k = l->u.chain_halted;

    k.second = m->now_s;
    *PUSH(m, halts) = (struct model_span){k.start_s, k.end_s};
    m->reached.halts++;
    model_expect_by(m, l->kind, l)->u.chain_halted = k;
}

/* settled 57: "by governance role with timelock, appeal window 1 era; the verdict lists (user,
 * damage in SPON)" */
static void read_verdict_given(struct model *m, const struct log *l)
{
    struct log_verdict_given k = l->u.verdict_given;
    struct model_provider *p = &m->providers[k.provider];
    struct model_verdict *v = NULL;

    for (u32 i = 0; i < m->n_verdicts; i++)
        if (m->verdicts[i].provider == k.provider && !m->verdicts[i].done)
            v = &m->verdicts[i];
    if (v == NULL) {
        MUST(m, !p->struck, "one verdict");
        v = PUSH(m, verdicts);
        *v = (struct model_verdict){.id = m->next_evidence++,
                                    .instant_s =
                                        m->now_s + m->p.misconduct_appeal_eras * m->p.era_seconds,
                                    .provider = k.provider};
        p->struck = p->frozen = true;
        leave(p, m->now_s);
        model_expect_by(m, LOG_ProviderExited, l)->u.provider_exited =
            (struct log_provider_exited){k.provider, m->now_s, 1};
    }
    *PUSH(m, damages) = (struct model_damage){v->id, k.user, k.damage.wei};
    k.instant_s = v->instant_s;
    k.evidence = v->id;
    model_expect_by(m, l->kind, l)->u.verdict_given = k;
}

/* ---- all of them ---- */

bool model_read_provider(struct model *m, const struct log *l)
{
    static void (*const read[LOG_KINDS])(struct model *, const struct log *) = {
        [LOG_ProviderProposed] = read_provider_proposed,
        [LOG_ProviderApproved] = read_provider_approved,
        [LOG_MachineUpdated] = read_machine_updated,
        [LOG_AutoStakeSet] = read_auto_stake_set,
        [LOG_AuditPublished] = read_audit_published,
        [LOG_ProviderExited] = read_provider_exited,
        [LOG_StakeMoved] = read_stake_moved,
        [LOG_RewardsClaimed] = read_rewards_claimed,
        [LOG_EarningsClaimed] = read_earnings_claimed,
        [LOG_ProviderDown] = read_provider_down,
        [LOG_ProviderUp] = read_provider_up,
        [LOG_ChainHalted] = read_chain_halted,
        [LOG_VerdictGiven] = read_verdict_given,
    };

    if (read[l->kind] == NULL)
        return false;
    read[l->kind](m, l);
    return true;
}
