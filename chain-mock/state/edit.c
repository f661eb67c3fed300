#include "chain-mock/state/edit.h"

#include "chain-mock/state/ledger.h"

#include <string.h>

/* Logs of the last block are gone with the next thing that is done. */
static void begin(struct state *s)
{
    check(s->journal.rows == 0);
    s->log_count = s->log_unit = 0;
}

/* The account of an address, new where there is none; 0: no room for one.  Accounts are found by
 * going through them: nothing else here looks for an address, and who edits does so by hand. */
static u32 account_of(struct state *s, const u8 address[20])
{
    const struct chain_table *t = &s->tables[TABLE_ACCOUNT];

    for (u32 i = 1; i < t->count; i++)
        if (memcmp(account_at(s, i)->address, address, 20) == 0)
            return i;
    if (t->count == t->cap)
        return 0;
    u32 row = account_new(s);
    memcpy(account_open(s, row)->address, address, 20);
    return row;
}

bool chain_set_coin(struct chain *c, const u8 address[20], struct amount amount)
{
    struct state *s = &c->state;
    u32 coin = state_meta(s)->coin;
    struct amount less;

    begin(s);
    u32 row = coin != 0 ? account_of(s, address) : 0;
    if (row == 0)
        return false;
    struct place to = place_account(s, row, coin - 1);
    struct amount old = account_at(s, row)->balance[coin - 1];
    bool done = true;
    if (amount_sub(&less, old, amount))
        ledger_burn(s, coin - 1, to, less, CAUSE_EDIT);
    else
        done = ledger_mint(s, coin - 1, to, AMOUNT(amount.wei - old.wei), CAUSE_EDIT);
    if (done)
        state_commit(s);
    else
        state_revert(s);
    return done;
}

bool chain_set_nonce(struct chain *c, const u8 address[20], u64 nonce)
{
    struct state *s = &c->state;

    begin(s);
    u32 row = account_of(s, address);
    if (row == 0)
        return false;
    account_open(s, row)->nonce = nonce;
    state_commit(s);
    return true;
}
