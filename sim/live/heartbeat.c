#include "sim/live/heartbeat.h"

#include <stdlib.h>

#define PROVIDERS_MOST 4096u /* of one testnet; a report names them all */
#define REPORT_SLOTS 3u      /* before an era's end */

struct pulse {
    u64 first_missed_s; /* of those in a row that were missed */
    u32 missed;
    bool asked, answered; /* the last beat */
    bool down;            /* reported */
    u64 sum_us, count;    /* answers of this era */
};

struct heartbeat {
    struct heartbeat_config c;
    struct agent *agent;
    struct event *beat, *report;
    struct pulse pulses[PROVIDERS_MOST]; /* by provider */
    u64 beat_s;                          /* of the last beat */
    u64 era;                             /* whose responses were reported, plus one */
    u64 sums_era;                        /* whose answers the pulses hold */
};

static u64 now_s(const struct heartbeat *h)
{
    return h->c.now(h->c.about).ns / SEC(1);
}

static void in(struct heartbeat *h, struct event *e, u64 ns)
{
    u64 ms = h->c.real_ms(h->c.about, ns);
    struct timeval wait = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)};

    evtimer_add(e, &wait);
}

/* ---- outages ---- */

static void report_down(struct heartbeat *h, u32 provider, struct pulse *p)
{
    struct tx tx = {.kind = TX_REPORT_DOWN};

    p->down = true;
    tx.u.report_down.provider = provider;
    tx.u.report_down.start_s = p->first_missed_s;
    agent_submit(h->agent, &tx);
}

static void report_up(struct heartbeat *h, u32 provider, struct pulse *p)
{
    struct tx tx = {.kind = TX_REPORT_UP};

    p->down = false;
    tx.u.report_up.provider = provider;
    tx.u.report_up.end_s = h->beat_s;
    agent_submit(h->agent, &tx);
}

/* settled 41: "downtime is known from the second missed beat on and counted from the first missed
 * up to the first answered beat" */
static void judge(struct heartbeat *h, u32 provider)
{
    struct pulse *p = &h->pulses[provider];

    if (!p->asked)
        return;
    if (p->answered) {
        p->missed = 0;
        if (p->down)
            report_up(h, provider, p);
        return;
    }
    if (p->missed++ == 0)
        p->first_missed_s = h->beat_s;
    if (p->missed == chain_params(h->c.chain)->heartbeat_misses && !p->down)
        report_down(h, provider, p);
}

static void on_beat(evutil_socket_t fd, short what, void *about)
{
    struct heartbeat *h = about;
    u32 providers = chain_providers(h->c.chain);

    (void)fd;
    (void)what;
    for (u32 i = 1; i <= providers && i < PROVIDERS_MOST; i++)
        judge(h, i);
    h->beat_s = now_s(h);
    for (u32 i = 1; i <= providers && i < PROVIDERS_MOST; i++) {
        h->pulses[i].asked = true;
        h->pulses[i].answered = false;
        peers_beat(h->c.peers, h->c.account, chain_provider_account(h->c.chain, i));
    }
    in(h, h->beat, SEC(chain_params(h->c.chain)->heartbeat_s));
}

void heartbeat_answered(struct heartbeat *h, u32 account, u64 rtt_us)
{
    u32 provider = chain_account_provider(h->c.chain, account);

    if (provider == 0 || provider >= PROVIDERS_MOST)
        return;
    struct pulse *p = &h->pulses[provider];
    p->answered = true;
    p->sum_us += rtt_us;
    p->count++;
}

/* ---- responses ---- */

/* settled 43: "heartbeat/RPC round trip, mean of successes, in integer microseconds" */
static void report_responses(struct heartbeat *h)
{
    static u32 words[PROVIDERS_MOST];
    u32 providers = chain_providers(h->c.chain);
    struct tx tx = {.kind = TX_REPORT_RESPONSES};

    if (providers == 0)
        return;
    for (u32 i = 1; i <= providers && i < PROVIDERS_MOST; i++) {
        const struct pulse *p = &h->pulses[i];
        u64 mean = p->count == 0 ? 0 : p->sum_us / p->count;
        words[i - 1] = p->count != 0 && mean == 0 ? 1 : (u32)mean;
    }
    tx.u.report_responses.first = 1;
    tx.u.report_responses.count = providers < PROVIDERS_MOST ? providers : PROVIDERS_MOST - 1;
    agent_submit_words(h->agent, &tx, words, tx.u.report_responses.count);
}

/* Kept until the era is over: what was reported may have to be said again. */
static void begin_era(struct heartbeat *h, u64 era)
{
    for (u32 i = 0; i < PROVIDERS_MOST; i++)
        h->pulses[i].sum_us = h->pulses[i].count = 0;
    h->sums_era = era;
}

static void on_report(evutil_socket_t fd, short what, void *about)
{
    struct heartbeat *h = about;
    const struct params *p = chain_params(h->c.chain);
    u64 slot_ns = MSEC(p->block_time_ms), end_ns = SEC(chain_era_end_s(h->c.chain));
    u64 now_ns = h->c.now(h->c.about).ns, at_ns = end_ns - REPORT_SLOTS * slot_ns;

    (void)fd;
    (void)what;
    if (h->sums_era != chain_era(h->c.chain))
        begin_era(h, chain_era(h->c.chain));
    if (now_ns >= at_ns && h->era <= chain_era(h->c.chain)) {
        report_responses(h);
        h->era = chain_era(h->c.chain) + 1;
    }
    in(h, h->report, now_ns < at_ns ? at_ns - now_ns : slot_ns);
}

/* ---- beginning and end ---- */

/* What was reported stands in the chain: by a life before this one, or before it went back. */
static void take_up(struct heartbeat *h)
{
    const struct state *s = &h->c.chain->state;

    for (u32 i = 1; i <= chain_providers(h->c.chain) && i < PROVIDERS_MOST; i++)
        h->pulses[i].down = provider_at(s, i)->down_outage != 0;
}

/* Nobody else hears of its answers and logs. */
static void on_event(void *about, const struct event *e)
{
    struct heartbeat *h = about;

    if (e->kind != EVENT_REVERTED)
        return;
    take_up(h);
    if (h->era > chain_era(h->c.chain))
        h->era = chain_era(h->c.chain);
}

static void on_place(void *about, const struct agent_place *place)
{
    struct heartbeat *h = about;

    h->c.put_place(h->c.about, h->c.account, place);
}

struct heartbeat *heartbeat_open(const struct heartbeat_config *config)
{
    struct heartbeat *h = calloc(1, sizeof(*h));
    struct agent_config a = {.base = config->base,
                             .port = config->port,
                             .chain_id = config->chain_id,
                             .door = config->door,
                             .signer = config->signer,
                             .account = config->account,
                             .secret = config->secret,
                             .poll_ms = config->poll_ms,
                             .about = h,
                             .event = on_event,
                             .place = on_place};

    if (h == NULL)
        return NULL;
    h->c = *config;
    h->beat = evtimer_new(config->base, on_beat, h);
    h->report = evtimer_new(config->base, on_report, h);
    h->agent = agent_open(&a);
    if (h->beat == NULL || h->report == NULL || h->agent == NULL) {
        heartbeat_close(h);
        return NULL;
    }
    agent_resume(h->agent, &config->place, 0);
    agent_start(h->agent);
    h->sums_era = chain_era(config->chain);
    take_up(h);
    on_beat(-1, 0, h);
    on_report(-1, 0, h);
    return h;
}

void heartbeat_close(struct heartbeat *h)
{
    if (h->beat != NULL)
        event_free(h->beat);
    if (h->report != NULL)
        event_free(h->report);
    if (h->agent != NULL)
        agent_close(h->agent);
    free(h);
}
