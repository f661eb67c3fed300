#include "chain-mock/state/ledger.h"

#include "protocol/invariants/invariant.h"
#include "protocol/mutant.h"

#include <string.h>

struct place place_account(struct state *s, u32 account, u32 token)
{
    check(token < TOKENS_MAX);
    return (struct place){POCKET_ACCOUNT, account, &account_open(s, account)->balance[token]};
}

struct place place_token(struct state *s, u32 token, enum pocket pocket)
{
    struct token_row *t = token_open(s, token + 1);
    struct amount *field = pocket == POCKET_COMMISSION ? &t->commission
                           : pocket == POCKET_FEES     ? &t->fees
                           : pocket == POCKET_DUST     ? &t->dust
                                                       : &t->slark_pool;

    check(field != &t->slark_pool || pocket == POCKET_SLARKS);
    return (struct place){pocket, token, field};
}

struct place place_standing(struct state *s, u32 provider, enum pocket pocket)
{
    struct standing_row *r = standing_open(s, provider);

    check(pocket == POCKET_STAKE || pocket == POCKET_REWARDS);
    return (struct place){pocket, provider, pocket == POCKET_STAKE ? &r->own : &r->rewards};
}

/* ESC-4: "locked falls only by lease debit with its user fee, a lease's end … or the release of an
 * order's hold — a closed list" (and where the token itself shrinks, settled 150) */
static bool may_unlock(enum cause cause)
{
    return cause == CAUSE_LEASE_DEBIT || cause == CAUSE_USER_FEE || cause == CAUSE_LEASE_REFUND ||
           cause == CAUSE_ORDER_RELEASE || cause == CAUSE_SHRINK;
}

void ledger_enter(struct state *s, u32 token, enum pocket from, u32 from_row, enum pocket to,
                  u32 to_row, struct amount amount, enum cause cause)
{
    struct unit_money *u = &s->money;

    if ((u->entered.tokens >> token & 1) == 0)
        memset(u->caused[token], 0, sizeof(u->caused[token]));
    u128 *entered = pockets_of(&u->entered, token);
    entered[from] -= amount.wei;
    entered[to] += amount.wei;
    u->caused[token][cause] += amount.wei;
    if (from == POCKET_LOCKED)
        invariant_implies(s->tally, INV_ESC_4, amount.wei != 0, may_unlock(cause), "purse",
                          from_row);
    if (!s->trace_moves || amount.wei == 0)
        return;
    struct log_moved *m = &state_log(s, LOG_Moved)->u.moved;
    m->cause = (u32)cause;
    m->token = token;
    m->from_pocket = (u32)from;
    m->from_row = from_row;
    m->to_pocket = (u32)to;
    m->to_row = to_row;
    m->amount = amount;
}

bool ledger_move(struct state *s, u32 token, struct place from, struct place to,
                 struct amount amount, enum cause cause)
{
    struct amount less, more;

    check(from.field != to.field);
    if (!amount_sub(&less, *from.field, amount) || !amount_add(&more, *to.field, amount))
        return false;
    *from.field = less;
    *to.field = more;
    ledger_enter(s, token, from.pocket, from.row, to.pocket, to.row, amount, cause);
    return true;
}

void ledger_pay(struct state *s, u32 token, struct place from, struct place to,
                struct amount amount, enum cause cause)
{
    bool paid = ledger_move(s, token, from, to, amount, cause);

    check(paid);
}

bool ledger_mint(struct state *s, u32 token, struct place to, struct amount amount,
                 enum cause cause)
{
    struct token_row *t = token_open(s, token + 1);
    struct amount minted, more;

    if (!amount_add(&minted, t->minted, amount) || !amount_add(&more, *to.field, amount))
        return false;
    if (!MUTATED(MINT_UNCOUNTED))
        t->minted = minted;
    *to.field = more;
    ledger_enter(s, token, POCKET_OUTSIDE, 0, to.pocket, to.row, amount, cause);
    return true;
}

void ledger_burn(struct state *s, u32 token, struct place from, struct amount amount,
                 enum cause cause)
{
    struct token_row *t = token_open(s, token + 1);

    check(amount_sub(from.field, *from.field, amount));
    check(amount_add(&t->burned, t->burned, amount));
    ledger_enter(s, token, from.pocket, from.row, POCKET_OUTSIDE, 0, amount, cause);
}
