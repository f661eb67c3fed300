/* liveness - what the reporter says of providers and of the chain itself (settled 158). */
#include "chain-mock/contracts/call.h"
#include "chain-mock/contracts/token.h"

static bool known(const struct state *s, u32 provider)
{
    return provider != 0 && provider < s->tables[TABLE_PROVIDER].count;
}

enum err call_report_down(struct call *c, const struct tx_report_down *a)
{
    struct state *s = c->s;

    if (!known(s, a->provider))
        return ERR_ProviderNotFound;
    const struct provider_row *before = provider_at(s, a->provider);
    u32 last = before->outage_head;
    if (a->announced > 1 || a->start_s > c->now_s || before->down_outage != 0 ||
        (last != 0 && outage_at(s, last)->end_s > a->start_s))
        return ERR_InvalidArgument;
    u32 row = outage_new(s);
    if (row == 0)
        return ERR_None;
    struct provider_row *p = provider_open(s, a->provider);
    struct outage_row *o = outage_open(s, row);
    *o = (struct outage_row){.id = meta_open(s, META)->next_evidence++,
                             .start_s = a->start_s,
                             .end_s = INTERVAL_OPEN,
                             .known_s = c->now_s,
                             .provider = a->provider,
                             .next = last,
                             .announced = (bool8)a->announced};
    /* settled 59: "the last oracle price at or before the outage's counted start" */
    for (u32 t = 0; t + 1 < s->tables[TABLE_TOKEN].count; t++)
        o->usd_e8[t] = oracle_price_at(s, t, a->start_s);
    p->outage_head = row;
    p->down_outage = o->id;
    struct log_provider_down *l = &state_log(s, LOG_ProviderDown)->u.provider_down;
    *l = (struct log_provider_down){o->id, a->provider, a->start_s, a->announced, c->now_s};
    return ERR_None;
}

enum err call_report_up(struct call *c, const struct tx_report_up *a)
{
    struct state *s = c->s;

    if (!known(s, a->provider))
        return ERR_ProviderNotFound;
    u32 row = provider_at(s, a->provider)->outage_head;
    if (provider_at(s, a->provider)->down_outage == 0)
        return ERR_OutageUnknown;
    /* a session that reopens in the second in which it closed was down for none, but a cooldown
     * follows (settled 41: "both ends floor to seconds"; 62: "after any down→up") */
    if (a->end_s < outage_at(s, row)->start_s || a->end_s > c->now_s)
        return ERR_InvalidArgument;
    struct outage_row *o = outage_open(s, row);
    o->end_s = a->end_s;
    o->up_known_s = c->now_s;
    provider_open(s, a->provider)->down_outage = 0;
    struct log_provider_up *l = &state_log(s, LOG_ProviderUp)->u.provider_up;
    *l = (struct log_provider_up){o->id, a->provider, o->start_s, a->end_s, c->now_s};
    return ERR_None;
}

enum err call_report_halt(struct call *c, const struct tx_report_halt *a)
{
    struct state *s = c->s;
    u32 last = s->tables[TABLE_HALT].count - 1;

    /* heard before the moments of its block already: chain.c */
    if (last > 0 && halt_at(s, last)->start_s == a->start_s && halt_at(s, last)->end_s == a->end_s)
        return ERR_None;
    if (a->start_s >= a->end_s || a->end_s > c->now_s || a->start_s < state_meta(s)->halted_until_s)
        return ERR_InvalidArgument;
    u32 row = halt_new(s);
    if (row == 0)
        return ERR_None;
    *halt_open(s, row) = (struct halt_row){a->start_s, a->end_s};
    meta_open(s, META)->halted_until_s = a->end_s;
    struct log_chain_halted *l = &state_log(s, LOG_ChainHalted)->u.chain_halted;
    *l = (struct log_chain_halted){a->start_s, a->end_s, c->now_s};
    return ERR_None;
}

/* settled 43: "heartbeat/RPC round trip, mean of successes, in integer microseconds"; 0 stands for
 * an era without one success. */
enum err call_report_responses(struct call *c, const struct tx_report_responses *a)
{
    struct state *s = c->s;

    if (a->first == 0 || (u64)a->first + a->count > s->tables[TABLE_PROVIDER].count ||
        (u64)a->offset + a->count > c->data_count)
        return ERR_InvalidArgument;
    for (u32 i = 0; i < a->count; i++)
        standing_open(s, a->first + i)->response_us = c->data[a->offset + i];
    return ERR_None;
}
