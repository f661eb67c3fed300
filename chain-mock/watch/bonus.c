/* bonus - lease hours and what they earn at a close: LEA-14, RWD-6. */
#include "chain-mock/watch/parts.h"

/* Who owned a wallet then. */
static u32 owner_then(const struct state *s, u32 wallet, u64 second)
{
    u32 owner = wallet_at(s, wallet)->owner;

    for (u32 i = wallet_at(s, wallet)->owner_head; i != 0; i = owner_at(s, i)->next)
        if (owner_at(s, i)->until_s > second)
            owner = owner_at(s, i)->account;
    return owner;
}

static u64 overlap_s(const struct lease_row *l, struct interval span)
{
    u64 from_s = l->start_s > span.from_s ? l->start_s : span.from_s;
    u64 to_s = l->ended_s < span.to_s ? l->ended_s : span.to_s;

    return to_s > from_s ? to_s - from_s : 0;
}

/* Whether an earlier lease of the provider's list was of the same payer in this era. */
static bool paid_before(const struct state *s, u32 head, u32 until, struct interval span, u32 payer)
{
    for (u32 i = head; i != until; i = lease_at(s, i)->next) {
        const struct lease_row *l = lease_at(s, i);
        u64 at_s = l->ended_s < span.to_s ? l->ended_s : span.to_s;
        if (overlap_s(l, span) > 0 && owner_then(s, l->wallet, at_s) == payer)
            return true;
    }
    return false;
}

bool watch_bonus_due(struct state *s, struct interval span, const struct log_provider_era *told)
{
    const struct params *p = &s->params;
    u32 head = provider_at(s, told->provider)->lease_head;
    u64 seconds = 0, payers = 0;

    for (u32 i = head; i != 0; i = lease_at(s, i)->next) {
        const struct lease_row *l = lease_at(s, i);
        u64 n = overlap_s(l, span), at_s = l->ended_s < span.to_s ? l->ended_s : span.to_s;
        if (n > 0)
            payers += !paid_before(s, head, i, span, owner_then(s, l->wallet, at_s));
        seconds += n;
    }
    invariant_equal(s->tally, INV_LEA_14, told->lease_s, seconds, "provider", told->provider);
    /* settled 32: "feature off until set", "reached at ≥ 100 × 3600 s", "at least so many" */
    return p->bonus_amount.wei != 0 && seconds >= p->bonus_lease_hours * 3600 &&
           payers >= p->bonus_distinct_payers;
}

void watch_bonus(struct state *s, const struct log_provider_era *told, bool due, u128 each)
{
    bool off = s->params.bonus_amount.wei == 0;

    /* leases below bonus_min_price do not count: then hours alone say only who cannot have it */
    if (s->params.bonus_min_price.wei == 0)
        invariant_implies(s->tally, INV_RWD_6, !off, told->bonus.wei == (due ? each : 0),
                          "provider", told->provider);
    else
        invariant_implies(s->tally, INV_RWD_6, !off && !due, told->bonus.wei == 0, "provider",
                          told->provider);
}
