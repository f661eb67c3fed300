#include "chain-mock/state/drain.h"

#include "protocol/invariants/invariant.h"

struct draining {
    struct chain *c;
    drain_step *step;
    void *about;
};

/* One call in a block of its own; what it answers must be one of the two. */
static void ask(const struct draining *d, u32 from, struct tx tx, enum err also)
{
    struct chain *c = d->c;
    struct state *s = &c->state;
    struct block_tx t = {.from = from, .nonce = chain_account_nonce(c, from), .tx = tx};
    struct block b = {.slot = state_meta(s)->slot + 1, .count = 1, .txs = &t};

    d->step(d->about, &b);
    s->tally->form = FORM_FULL;
    invariant_implies(s->tally, INV_ESC_11, true, t.err == ERR_None || t.err == also,
                      tx_rows[tx.kind].name, (u64)t.err);
    s->tally->form = FORM_CHEAP;
}

/* Orders end by themselves, within their window and timeout; leases at their tenants' word. */
static void end_all(const struct draining *d)
{
    struct chain *c = d->c;
    struct state *s = &c->state;
    struct block b = {.slot = state_meta(s)->slot};

    b.slot += s->params.bid_window_blocks + s->params.match_timeout_blocks + 1;
    d->step(d->about, &b);
    for (u64 id = 1; id < state_meta(s)->next_lease; id++) {
        u32 row = lease_find(s, id);
        if (row == 0 || lease_at(s, row)->ended_s != INTERVAL_OPEN)
            continue;
        u32 tenant = chain_wallet_owner(c, lease_at(s, row)->wallet);
        ask(d, tenant, (struct tx){.kind = TX_CLOSE_LEASE, .u.close_lease = {id, 0}},
            ERR_LeaseAlreadyTerminated);
    }
}

static void claim_all(const struct draining *d, u32 tokens)
{
    struct chain *c = d->c;
    struct state *s = &c->state;
    u32 who[] = {state_meta(s)->foundation, state_meta(s)->treasury};

    for (u32 p = 1; p <= chain_providers(c); p++) {
        for (u32 t = 0; t < tokens; t++)
            ask(d, chain_provider_account(c, p),
                (struct tx){.kind = TX_CLAIM_EARNINGS, .u.claim_earnings = {t, AMOUNT(0)}},
                ERR_NothingToClaim);
    }
    for (u32 i = 0; i < ARRAY_LEN(who); i++) {
        for (u32 t = 0; who[i] != 0 && t < tokens; t++)
            ask(d, who[i], (struct tx){.kind = TX_CLAIM_FEES, .u.claim_fees = {t}},
                ERR_NothingToClaim);
    }
}

static void withdraw_all(const struct draining *d)
{
    struct chain *c = d->c;
    struct state *s = &c->state;

    for (u32 row = 1; row < s->tables[TABLE_PURSE].count; row++) {
        const struct purse_row *p = purse_at(s, row);
        if (p->unlocked.wei == 0)
            continue;
        ask(d, chain_wallet_owner(c, p->wallet),
            (struct tx){.kind = TX_WITHDRAW, .u.withdraw = {p->wallet, p->token, p->unlocked}},
            ERR_None);
    }
}

void drain_check(struct chain *c, drain_step *step, void *about)
{
    struct draining d = {c, step, about};
    static const enum pocket escrow[] = {POCKET_UNLOCKED, POCKET_LOCKED,     POCKET_LEASE,
                                         POCKET_ACCRUED,  POCKET_COMMISSION, POCKET_FEES};
    struct state *s = &c->state;
    u32 tokens = s->tables[TABLE_TOKEN].count - 1;
    struct pocket_sums sums;

    end_all(&d);
    claim_all(&d, tokens);
    withdraw_all(&d);
    state_pockets(s, &sums);
    s->tally->form = FORM_FULL;
    for (u32 t = 0; t < tokens; t++) {
        for (u32 i = 0; i < ARRAY_LEN(escrow); i++)
            invariant_equal(s->tally, INV_ESC_11, sums.at[t][escrow[i]], 0, pocket_names[escrow[i]],
                            t);
    }
    s->tally->form = FORM_CHEAP;
}
