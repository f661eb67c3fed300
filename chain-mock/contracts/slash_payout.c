/* slash_payout - one slash: from which pots, to whom (settled, The close of an era 3). */
#include "chain-mock/contracts/escrow.h"
#include "chain-mock/contracts/slashing.h"
#include "chain-mock/contracts/staking.h"
#include "protocol/mutant.h"
#include "protocol/slash.h"

struct payout {
    const struct slash_due *due;
    struct amount value, fees, amount, taken, bad_debt;
    struct amount own, unbonding, rewards; /* of taken */
    struct amount to_users, to_slarks, to_treasury, to_dust;
    u32 pots, payees;
};

static void add(struct amount *sum, struct amount a)
{
    if (!amount_add(sum, *sum, a))
        *sum = AMOUNT(U128_MAX);
}

static void claim(struct state *s, struct payout *x, u32 account, struct amount a)
{
    for (u32 i = 0; i < x->payees; i++) {
        if (s->work.payees[i].account == account) {
            add(&s->work.payees[i].claim, a);
            return;
        }
    }
    check(x->payees < WORK_SOME);
    s->work.payees[x->payees++] = (struct payee){.account = account, .claim = a};
}

/* "the owner of an affected lease's wallet at the instant gets floor(T × F / ΣF), F = his leases'
 * fees summed" */
static void claims_of_outage(struct state *s, struct payout *x)
{
    const struct outage_row *o = outage_at(s, x->due->row);

    for (u32 row = provider_at(s, x->due->provider)->lease_head; row != 0;
         row = lease_at(s, row)->next) {
        const struct lease_row *l = lease_at(s, row);
        struct interval lease = {l->start_s, l->ended_s};
        if (!interval_touch(lease, x->due->hour))
            continue;
        struct amount fee = slashing_fee(s, l, o->usd_e8[l->token], o->usd_e8[TOKEN_SPON]);
        add(&x->fees, fee);
        claim(s, x, escrow_owner_at(s, l->wallet, x->due->instant_s), fee);
    }
}

static void claims_of_verdict(struct state *s, struct payout *x)
{
    u32 row = verdict_at(s, x->due->row)->damage_head;

    for (; row != 0; row = damage_at(s, row)->next)
        claim(s, x, damage_at(s, row)->account, damage_at(s, row)->damage);
}

/* The offence's second: of unbonding only what was requested after it (settled 61). */
static u64 offence(const struct state *s, const struct slash_due *due)
{
    return due->cause == SLASH_STANDBY || due->cause == SLASH_DEPLOYMENT
               ? outage_at(s, due->row)->start_s
               : due->instant_s;
}

static void reckon(struct state *s, struct payout *x)
{
    const struct slash_due *due = x->due;

    x->value = slashing_hour_value(s, due->provider, due->instant_s);
    switch ((enum slash_cause)due->cause) {
    case SLASH_STANDBY:
        x->amount = x->value;
        return;
    case SLASH_DEPLOYMENT:
        claims_of_outage(s, x);
        x->amount = slash_deployment(x->value, x->fees);
        return;
    case SLASH_BREACH:
        x->fees = breach_at(s, due->row)->fee;
        claim(s, x, breach_at(s, due->row)->account, x->fees);
        x->amount = slash_deployment(x->value, x->fees);
        return;
    case SLASH_MISCONDUCT:
        claims_of_verdict(s, x);
        return;
    }
    check_unreachable();
}

/* Own stake, then unbonding in the order of the requests, then what is claimable. */
static void gather_pots(struct state *s, struct payout *x)
{
    u32 provider = x->due->provider, n = 0, first;
    const struct standing_row *st = standing_at(s, provider);
    struct slash_pot *pots = s->work.pots;

    s->work.pot_rows[n] = 0;
    pots[n++] = (struct slash_pot){.kind = POT_OWN, .held = st->own};
    first = n;
    for (u32 row = provider_at(s, provider)->unbonding_head; row != 0;
         row = unbonding_at(s, row)->next) {
        const struct unbonding_row *u = unbonding_at(s, row);
        check(n + 1 < WORK_SOME);
        s->work.pot_rows[n] = row;
        pots[n++] = (struct slash_pot){
            .kind = POT_UNBONDING, .requested_s = u->requested_s, .held = u->amount};
    }
    for (u32 a = first, b = n; a + 1 < b; a++) { /* the list is latest first */
        struct slash_pot pot = pots[a];
        u32 row = s->work.pot_rows[a];
        pots[a] = pots[--b];
        pots[b] = pot;
        s->work.pot_rows[a] = s->work.pot_rows[b];
        s->work.pot_rows[b] = row;
    }
    s->work.pot_rows[n] = 0;
    pots[n++] = (struct slash_pot){.kind = POT_REWARDS, .held = st->rewards};
    x->pots = n;
}

static void judge_pots(struct state *s, struct payout *x)
{
    if (x->due->cause == SLASH_MISCONDUCT) {
        bool fits = slash_misconduct(&s->params, s->work.pots, x->pots, &x->taken);
        check(fits); /* all SPON fits 128 bits */
        x->amount = x->taken;
        return;
    }
    struct slash_result r = slash_take(s->work.pots, x->pots, x->amount, offence(s, x->due));
    x->taken = r.taken;
    x->bad_debt = MUTATED(DEBT_FORGOTTEN) ? AMOUNT(0) : r.bad_debt;
}

/* Each pot pays each payee in turn, so that every entry of the ledger names both ends. */
static struct amount draw_from_pots(struct state *s, struct payout *x, struct place to,
                                    struct amount wanted, enum cause cause)
{
    struct amount paid = AMOUNT(0);

    for (u32 i = 0; i < x->pots && amount_cmp(paid, wanted) < 0; i++) {
        struct slash_pot *pot = &s->work.pots[i];
        struct amount left;
        check(amount_sub(&left, wanted, paid));
        struct amount part = amount_least(pot->taken, left);
        if (part.wei == 0)
            continue;
        struct place from = pot->kind == POT_OWN ? place_standing(s, x->due->provider, POCKET_STAKE)
                            : pot->kind == POT_REWARDS
                                ? place_standing(s, x->due->provider, POCKET_REWARDS)
                                : (struct place){POCKET_UNBONDING, s->work.pot_rows[i],
                                                 &unbonding_open(s, s->work.pot_rows[i])->amount};
        ledger_pay(s, TOKEN_SPON, from, to, part, cause);
        check(amount_sub(&pot->taken, pot->taken, part));
        check(amount_add(&paid, paid, part));
    }
    return paid;
}

static void pay_users(struct state *s, struct payout *x, u64 slash)
{
    for (u32 i = 0; i < x->payees; i++) {
        struct payee *p = &s->work.payees[i];
        p->share = s->work.shares[i];
        struct amount paid = draw_from_pots(s, x, place_account(s, p->account, TOKEN_SPON),
                                            p->share, CAUSE_RESTITUTION);
        check(amount_cmp(paid, p->share) == 0);
        add(&x->to_users, paid);
        struct log_slash_paid *l = &state_log(s, LOG_SlashPaid)->u.slash_paid;
        *l = (struct log_slash_paid){slash, p->account, p->claim, p->share};
    }
}

/* "Paid to": settled 56. */
static void pay(struct state *s, struct payout *x, u64 slash)
{
    struct amount rest = x->taken;
    bool shared = false;

    for (u32 i = 0; i < x->payees; i++)
        s->work.claims[i] = s->work.payees[i].claim;
    if (x->due->cause == SLASH_MISCONDUCT) {
        shared = slash_restitution(x->taken, s->work.claims, x->payees, s->work.shares, &rest);
        if (shared)
            pay_users(s, x, slash);
        x->to_treasury = draw_from_pots(s, x, place_account(s, state_meta(s)->treasury, TOKEN_SPON),
                                        rest, CAUSE_SLASH);
        return;
    }
    if (x->due->cause != SLASH_STANDBY && x->payees > 0)
        shared = slash_share(x->taken, s->work.claims, x->payees, s->work.shares, &rest);
    if (shared) {
        pay_users(s, x, slash);
        x->to_dust =
            draw_from_pots(s, x, place_token(s, TOKEN_SPON, POCKET_DUST), rest, CAUSE_SLASH);
    } else if (MUTATED(STANDBY_TO_TREASURY) && x->due->cause == SLASH_STANDBY) {
        x->to_treasury = draw_from_pots(s, x, place_account(s, state_meta(s)->treasury, TOKEN_SPON),
                                        x->taken, CAUSE_SLASH);
    } else {
        x->to_slarks =
            draw_from_pots(s, x, place_token(s, TOKEN_SPON, POCKET_SLARKS), x->taken, CAUSE_SLASH);
    }
}

static void count_taken(struct state *s, struct payout *x)
{
    for (u32 i = 0; i < x->pots; i++) {
        const struct slash_pot *pot = &s->work.pots[i];
        add(pot->kind == POT_OWN       ? &x->own
            : pot->kind == POT_REWARDS ? &x->rewards
                                       : &x->unbonding,
            pot->taken);
    }
}

static void tell(struct state *s, const struct payout *x, u64 slash, u64 era)
{
    const struct slash_due *due = x->due;
    u64 instant_era = era;
    struct log_slashed *l = &state_log(s, LOG_Slashed)->u.slashed;

    while (instant_era > 0 && due->instant_s < era_at(s, (u32)instant_era + 1)->start_s)
        instant_era--;
    *l = (struct log_slashed){.slash = slash,
                              .evidence = due->evidence,
                              .provider = due->provider,
                              .cause = due->cause,
                              .instant_s = due->instant_s,
                              .instant_era = instant_era,
                              .close_era = era,
                              .amount = x->amount,
                              .hour_liveness = x->value,
                              .lease_fees = x->fees,
                              .own = x->own,
                              .unbonding = x->unbonding,
                              .rewards = x->rewards,
                              .bad_debt = x->bad_debt,
                              .to_slark_pool = x->to_slarks,
                              .to_users = x->to_users,
                              .to_treasury = x->to_treasury,
                              .to_dust = x->to_dust};
}

static void close_case(struct state *s, const struct slash_due *due)
{
    if (due->cause == SLASH_BREACH) {
        breach_open(s, due->row)->provider = 0;
        breach_free(s, due->row);
    } else if (due->cause == SLASH_MISCONDUCT) {
        provider_open(s, due->provider)->frozen = 0;
        for (u32 row = verdict_at(s, due->row)->damage_head; row != 0;) {
            u32 next = damage_at(s, row)->next;
            damage_free(s, row);
            row = next;
        }
        verdict_open(s, due->row)->provider = 0;
        verdict_free(s, due->row);
    }
}

void slashing_take(struct state *s, const struct slash_due *due, u64 era, struct slash_totals *sum)
{
    struct payout x = {.due = due};
    u64 slash = meta_open(s, META)->next_slash++;

    reckon(s, &x);
    gather_pots(s, &x);
    judge_pots(s, &x);
    count_taken(s, &x);
    pay(s, &x, slash);
    struct standing_row *st = standing_open(s, due->provider);
    check(amount_sub(&st->unbonding, st->unbonding, x.unbonding));
    add(&st->slashed, x.own);
    add(&st->slashed, x.unbonding);
    add(&st->bad_debt, x.bad_debt);
    st->slash_counts[era % SLASH_WINDOW]++;
    tell(s, &x, slash, era);
    struct amount of_stake = x.own;
    add(&of_stake, x.unbonding);
    if (of_stake.wei != 0)
        staking_tell(s, due->provider, CAUSE_SLASH, of_stake, due->instant_s);
    close_case(s, due);
    add(&sum->taken, x.taken);
    add(&sum->bad_debt, x.bad_debt);
    sum->count++;
}
