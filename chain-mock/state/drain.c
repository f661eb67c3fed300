#include "chain-mock/state/drain.h"

#include "protocol/invariants/invariant.h"

#define CALLS_MOST 128u /* in a block */

struct draining {
    struct chain *c;
    drain_step *step;
    void *about;
    u32 count; /* calls that wait for their block */
    struct block_tx txs[CALLS_MOST];
    enum err also[CALLS_MOST]; /* what each may answer besides */
};

/* The calls that wait, in as many blocks as their gas takes. */
static void ask_waiting(struct draining *d)
{
    struct state *s = &d->c->state;

    for (u32 from = 0; from < d->count;) {
        struct block b = {
            .slot = state_meta(s)->slot + 1, .count = d->count - from, .txs = d->txs + from};
        u32 taken = d->step(d->about, &b);
        check(taken > 0);
        s->tally->form = FORM_FULL;
        for (u32 i = from; i < from + taken; i++)
            invariant_implies(s->tally, INV_ESC_11, true,
                              d->txs[i].err == ERR_None || d->txs[i].err == d->also[i],
                              tx_rows[d->txs[i].tx.kind].name, (u64)d->txs[i].err);
        s->tally->form = FORM_CHEAP;
        from += taken;
    }
    d->count = 0;
}

/* A call in one of the next blocks. */
static void ask(struct draining *d, u32 from, struct tx tx, enum err also)
{
    u64 nonce = chain_account_nonce(d->c, from);

    for (u32 i = 0; i < d->count; i++)
        nonce += d->txs[i].from == from;
    d->txs[d->count] = (struct block_tx){.from = from, .nonce = nonce, .tx = tx};
    d->also[d->count++] = also;
    if (d->count == CALLS_MOST)
        ask_waiting(d);
}

/* Orders end by themselves, within their window and timeout; leases at their tenants' word. */
static void end_all(struct draining *d)
{
    struct chain *c = d->c;
    struct state *s = &c->state;
    struct block b = {.slot = state_meta(s)->slot};

    b.slot += s->params.bid_window_blocks + s->params.match_timeout_blocks + 1;
    (void)d->step(d->about, &b);
    for (u64 id = 1; id < state_meta(s)->next_lease; id++) {
        u32 row = lease_find(s, id);
        if (row == 0 || lease_at(s, row)->ended_s != INTERVAL_OPEN)
            continue;
        u32 tenant = chain_wallet_owner(c, lease_at(s, row)->wallet);
        ask(d, tenant, (struct tx){.kind = TX_CLOSE_LEASE, .u.close_lease = {id, 0}},
            ERR_LeaseAlreadyTerminated);
    }
    ask_waiting(d);
}

static void claim_all(struct draining *d, u32 tokens)
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
    ask_waiting(d);
}

static void withdraw_all(struct draining *d)
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
    ask_waiting(d);
}

void drain_check(struct chain *c, drain_step *step, void *about)
{
    struct draining d = {.c = c, .step = step, .about = about};
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
