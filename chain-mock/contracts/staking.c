/* staking - stake, its way out, and the claims of a provider. */
#include "chain-mock/contracts/staking.h"

#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/lease.h"
#include "chain-mock/contracts/registry.h"
#include "chain-mock/contracts/slashing.h"
#include "protocol/mutant.h"

void staking_tell(struct state *s, u32 provider, enum cause cause, struct amount amount, u64 second)
{
    const struct standing_row *st = standing_at(s, provider);
    struct log_stake_moved *l = &state_log(s, LOG_StakeMoved)->u.stake_moved;

    *l = (struct log_stake_moved){provider, (u32)cause, amount, st->own, st->unbonding, second};
}

enum err call_stake(struct call *c, const struct tx_stake *a)
{
    struct state *s = c->s;
    u32 id = registry_provider_of(s, c->from);

    if (id == 0)
        return ERR_ProviderNotFound;
    if (provider_at(s, id)->status != PROVIDER_APPROVED)
        return provider_at(s, id)->status == PROVIDER_PROPOSED ? ERR_ProviderNotApproved
                                                               : ERR_ProviderExiting;
    if (!ledger_move(s, TOKEN_SPON, place_account(s, c->from, TOKEN_SPON),
                     place_standing(s, id, POCKET_STAKE), a->amount, CAUSE_STAKE))
        return ERR_InsufficientBalance;
    struct standing_row *st = standing_open(s, id);
    if (!MUTATED(STAKE_UNCOUNTED) && !amount_add(&st->staked_ever, st->staked_ever, a->amount))
        return ERR_Overflow;
    staking_tell(s, id, CAUSE_STAKE, a->amount, c->now_s);
    registry_check_active(s, id, c->now_s);
    return ERR_None;
}

/* settled 61: "leaves stake at once …, payable at the close of the 7th era after the one of the
 * request"; settled 58: "an unbonding request may not exceed own stake − reserve" */
enum err call_unstake(struct call *c, const struct tx_unstake *a)
{
    struct state *s = c->s;
    u32 id = registry_provider_of(s, c->from);
    struct amount left;

    if (id == 0)
        return ERR_ProviderNotFound;
    if (a->amount.wei == 0)
        return ERR_InvalidArgument;
    if (!amount_sub(&left, standing_at(s, id)->own, a->amount))
        return ERR_InsufficientBalance;
    slashing_reprice(s, id);
    if (amount_cmp(left, slashing_reserve(s, id, c->now_s)) < 0)
        return ERR_StakeReserved;
    if (provider_at(s, id)->frozen)
        return ERR_UnbondingLocked;
    u32 row = unbonding_new(s);
    if (row == 0)
        return ERR_None;
    struct provider_row *p = provider_open(s, id);
    struct unbonding_row *u = unbonding_open(s, row);
    struct standing_row *st = standing_open(s, id);
    *u = (struct unbonding_row){.requested_s = c->now_s,
                                .due_era = state_meta(s)->era + s->params.unbonding_eras,
                                .provider = id,
                                .next = p->unbonding_head};
    p->unbonding_head = row;
    ledger_pay(s, TOKEN_SPON, place_standing(s, id, POCKET_STAKE),
               (struct place){POCKET_UNBONDING, row, &u->amount}, a->amount, CAUSE_UNSTAKE);
    check(amount_add(&st->unbonding, st->unbonding, a->amount));
    if (MUTATED(TIER_AT_ONCE))
        st->tier.tier = TIER_LOWEST;
    staking_tell(s, id, CAUSE_UNSTAKE, a->amount, c->now_s);
    return ERR_None;
}

void staking_pay_matured(struct state *s, u32 provider, u64 era, u64 second)
{
    struct provider_row *p = provider_open(s, provider);
    u32 *link = &p->unbonding_head;

    if (p->frozen) /* settled 57: "the pots are frozen from the verdict to the end of the window" */
        return;
    while (*link != 0) {
        u32 row = *link;
        struct unbonding_row *u = unbonding_open(s, row);
        if (u->due_era > era) {
            link = &u->next;
            continue;
        }
        struct standing_row *st = standing_open(s, provider);
        struct amount amount = u->amount;
        ledger_pay(s, TOKEN_SPON, (struct place){POCKET_UNBONDING, row, &u->amount},
                   place_account(s, p->account, TOKEN_SPON), amount, CAUSE_UNBONDED);
        check(amount_sub(&st->unbonding, st->unbonding, amount));
        check(amount_add(&st->paid_out, st->paid_out, amount));
        *link = u->next;
        unbonding_free(s, row);
        staking_tell(s, provider, CAUSE_UNBONDED, amount, second);
    }
}

enum err call_claim_rewards(struct call *c, const struct tx_claim_rewards *a)
{
    struct state *s = c->s;
    u32 id = registry_provider_of(s, c->from);

    (void)a;
    if (id == 0)
        return ERR_ProviderNotFound;
    if (provider_at(s, id)->frozen)
        return ERR_UnbondingLocked;
    struct place from = place_standing(s, id, POCKET_REWARDS);
    struct amount all = *from.field;
    if (all.wei == 0)
        return ERR_NothingToClaim;
    if (!ledger_move(s, TOKEN_SPON, from, place_account(s, c->from, TOKEN_SPON), all,
                     CAUSE_REWARDS_CLAIM))
        return ERR_Overflow;
    struct log_rewards_claimed *l = &state_log(s, LOG_RewardsClaimed)->u.rewards_claimed;
    *l = (struct log_rewards_claimed){id, all, c->now_s};
    return ERR_None;
}

/* settled 115: any amount, at any time; what his leases have earned until now is posted first */
enum err call_claim_earnings(struct call *c, const struct tx_claim_earnings *a)
{
    struct state *s = c->s;
    u32 id = registry_provider_of(s, c->from);

    if (id == 0)
        return ERR_ProviderNotFound;
    if (a->token >= TOKENS_MAX)
        return ERR_TokenNotRegistered;
    u32 running = provider_at(s, id)->leases; /* newest first; ended ones are settled */
    for (u32 row = provider_at(s, id)->lease_head; running > 0; row = lease_at(s, row)->next) {
        running -= lease_at(s, row)->ended_s == INTERVAL_OPEN;
        if (lease_at(s, row)->token == a->token && lease_at(s, row)->ended_s == INTERVAL_OPEN)
            lease_settle(s, row, c->now_s);
    }
    struct provider_row *p = provider_open(s, id);
    struct amount amount = a->amount.wei == 0 ? p->accrued[a->token] : a->amount;
    if (amount.wei == 0)
        return ERR_NothingToClaim;
    if (!ledger_move(s, a->token, (struct place){POCKET_ACCRUED, id, &p->accrued[a->token]},
                     place_account(s, c->from, a->token), amount,
                     MUTATED(CLAIM_AS_TRANSFER) ? CAUSE_TRANSFER : CAUSE_EARNINGS_CLAIM))
        return ERR_InsufficientBalance;
    if (MUTATED(CLAIM_TAKES_MORE) && p->accrued[a->token].wei > 0)
        p->accrued[a->token].wei--;
    struct log_earnings_claimed *l = &state_log(s, LOG_EarningsClaimed)->u.earnings_claimed;
    *l = (struct log_earnings_claimed){id, a->token, amount, c->now_s};
    return ERR_None;
}
