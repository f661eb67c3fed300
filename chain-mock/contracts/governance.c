/* governance - parameter changes and verdicts, by the role until there are votes (settled 133). */
#include "chain-mock/contracts/governance.h"

#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/record.h"
#include "chain-mock/contracts/registry.h"

/* The change that was made next after `made`; 0: none.  Places are used again, so their order is
 * not that of the making. */
static u32 next_change(const struct state *s, u64 made)
{
    u32 next = 0;

    for (u32 row = 1; row < s->tables[TABLE_CHANGE].count; row++) {
        u64 its = change_at(s, row)->made;
        if (its > made && (next == 0 || its < change_at(s, next)->made))
            next = row;
    }
    return next;
}

/* The parameters as they will be, and the last change's number. */
static void pending(const struct state *s, struct params *after, u64 *made)
{
    *made = 0;
    for (u32 row = next_change(s, 0); row != 0; row = next_change(s, *made)) {
        const struct change_row *w = change_at(s, row);
        check(params_set(after, (enum param_id)w->param, w->value)); /* it was when it was made */
        *made = w->made;
    }
}

/* settled 153: in effect with step 8 of the close */
enum err call_set_param(struct call *c, const struct tx_set_param *a)
{
    struct state *s = c->s;
    struct params after = s->params;
    u64 made;

    if (a->param >= PARAM_KINDS || params_fixed((enum param_id)a->param))
        return ERR_InvalidArgument;
    pending(s, &after, &made);
    if (!params_set(&after, (enum param_id)a->param, a->value))
        return ERR_ParameterOutOfRange;
    u32 row = change_new(s);
    if (row == 0)
        return ERR_None;
    *change_open(s, row) =
        (struct change_row){.value = a->value, .made = made + 1, .param = a->param};
    return ERR_None;
}

void governance_apply(struct state *s, u64 era, u64 end_s)
{
    struct params before = s->params, after = before;

    if (s->tables[TABLE_CHANGE].used == 0)
        return;

    for (u32 row = next_change(s, 0); row != 0; row = next_change(s, 0)) {
        struct change_row *w = change_open(s, row);
        struct log_param_changed *l = &state_log(s, LOG_ParamChanged)->u.param_changed;
        *l = (struct log_param_changed){w->param, params_get(&after, (enum param_id)w->param),
                                        w->value, era};
        check(params_set(&after, (enum param_id)w->param, w->value));
        w->made = 0; /* so that a scan passes over the free place */
        change_free(s, row);
    }
    state_set_params(s, &after);
    for (u32 p = 1; p < s->tables[TABLE_PROVIDER].count; p++) {
        if (provider_at(s, p)->rating_head != 0)
            registry_rate(s, p, end_s);
        registry_check_active(s, p, end_s); /* X7 may be lower now (settled 28) */
        if (after.cooldown_s != before.cooldown_s)
            record_keep_cooldowns(s, p, before.cooldown_s);
        state_commit(s);
    }
    if (after.lease_warning_s != before.lease_warning_s)
        lease_warnings_moved(s, end_s);
}

/* settled 57: "by governance role with timelock, appeal window 1 era; the verdict lists (user,
 * damage in SPON) …; the pots are frozen from the verdict to the end of the window" */
enum err call_verdict(struct call *c, const struct tx_verdict *a)
{
    struct state *s = c->s;
    u32 row = 0;

    if (a->provider == 0 || a->provider >= s->tables[TABLE_PROVIDER].count)
        return ERR_ProviderNotFound;
    if (a->user == 0 || a->user >= s->tables[TABLE_ACCOUNT].count)
        return ERR_UnknownAccount;
    for (u32 i = 1; i < s->tables[TABLE_VERDICT].count; i++) {
        if (verdict_at(s, i)->provider == a->provider)
            row = i;
    }
    if (row == 0 && provider_at(s, a->provider)->status == PROVIDER_STRUCK)
        return ERR_AlreadySlashed;
    u32 damage = damage_new(s);
    if (damage == 0)
        return ERR_None;
    if (row == 0) {
        row = verdict_new(s);
        if (row == 0)
            return ERR_None;
        struct provider_row *p = provider_open(s, a->provider);
        *verdict_open(s, row) = (struct verdict_row){
            .id = meta_open(s, META)->next_evidence++,
            .instant_s = c->now_s + s->params.misconduct_appeal_eras * s->params.era_seconds,
            .provider = a->provider};
        p->frozen = 1;
        p->status = PROVIDER_STRUCK;
        if (p->active_until_s == INTERVAL_OPEN)
            p->active_until_s = c->now_s;
        struct log_provider_exited *k = &state_log(s, LOG_ProviderExited)->u.provider_exited;
        *k = (struct log_provider_exited){a->provider, c->now_s, 1};
    }
    struct verdict_row *v = verdict_open(s, row);
    *damage_open(s, damage) =
        (struct damage_row){.damage = a->damage, .account = a->user, .next = v->damage_head};
    v->damage_head = damage;
    struct log_verdict_given *l = &state_log(s, LOG_VerdictGiven)->u.verdict_given;
    *l = (struct log_verdict_given){a->provider, a->user, a->damage, v->instant_s, v->id};
    return ERR_None;
}
