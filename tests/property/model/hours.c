/* hours - uptime, hours that count and what one is worth: second by second. */
#include "tests/property/model/parts.h"

static bool down_at(const struct model *m, u32 provider, u64 second)
{
    for (u32 i = 0; i < m->n_outages; i++) {
        const struct model_outage *o = &m->outages[i];
        if (o->provider == provider && second >= o->start_s && second < o->end_s)
            return true;
    }
    return false;
}

/* settled 62: "cooldown [reconnect, reconnect + 3600 s) after any down→up, also into the next era"
 */
static bool cooling_at(const struct model *m, u32 provider, u64 second)
{
    for (u32 i = 0; i < m->n_outages; i++) {
        const struct model_outage *o = &m->outages[i];
        if (o->provider == provider && o->end_s != MODEL_OPEN && second >= o->end_s &&
            second < o->end_s + o->cooldown_s)
            return true;
    }
    return false;
}

/* settled 63: "halted seconds are up for hours and in neither side of uptime" */
static bool halted_at(const struct model *m, u64 second)
{
    if (!m->p.chain_outage_excluded)
        return false;
    for (u32 i = 0; i < m->n_halts; i++)
        if (second >= m->halts[i].from_s && second < m->halts[i].to_s)
            return true;
    return false;
}

/* settled, The close of an era 2: "ok(i,h) = pot(i,h), but 0 if one second of the hour is counted
 * downtime or in a cooldown"; "it runs on while the chain is halted" */
void model_hours_of(const struct model *m, u32 provider, struct model_span era,
                    struct model_hours *h)
{
    const struct model_provider *p = &m->providers[provider];

    *h = (struct model_hours){.down = 0};
    for (u64 i = 0; i < (era.to_s - era.from_s) / MODEL_HOUR_S; i++) {
        u64 from_s = era.from_s + i * MODEL_HOUR_S, to_s = from_s + MODEL_HOUR_S;
        bool down = false, cooling = false;
        check(i < MODEL_HOURS);
        /* "pot(i,h) = 1 if provider i was registered and active for the whole hour" */
        h->pot[i] = p->active_from_s <= from_s && p->active_until_s >= to_s;
        for (u64 s = from_s; s < to_s && h->pot[i]; s++) {
            down = down || (down_at(m, provider, s) && !halted_at(m, s));
            cooling = cooling || cooling_at(m, provider, s);
        }
        h->ok[i] = h->pot[i] && !down && !cooling;
        h->down += down;
        h->cooling += cooling && !down;
    }
}

/* settled, The close of an era 5: "counted = seconds of the era in which the provider was
 * registered and the chain not halted, up = those of them that are not counted downtime (cooldown
 * is up)" */
void model_uptime(const struct model *m, u32 provider, struct model_span era, u64 *up_s,
                  u64 *counted_s)
{
    *up_s = *counted_s = 0;
    for (u64 s = era.from_s; s < era.to_s; s++) {
        if (s < m->providers[provider].proposed_s || halted_at(m, s))
            continue;
        ++*counted_s;
        *up_s += !down_at(m, provider, s);
    }
}

/* settled, The close of an era 2: "V(i,s) = floor(emission × p(i,h) / W) with h the hour that
 * contains s, 0 if W = 0; never reduced by ok" */
u128 model_hour_value(const struct model *m, u32 provider, u64 second)
{
    for (u32 i = 0; i < m->n_eras; i++) {
        const struct model_era *e = &m->eras[i];
        if (second < e->start_s || second >= e->end_s)
            continue;
        u64 hour_s = second - (second - e->start_s) % MODEL_HOUR_S;
        return e->weight == 0
                   ? 0
                   : model_floor(e->emission, model_points(m, provider, hour_s), e->weight);
    }
    return 0;
}
