/* reporter - what the host tells the chain in the name of one system account.
 *
 * Outages at the instant of their detection, so that they are in the block after it (settled 158);
 * halts when they are over (63); the mean response of each provider in the last blocks before an
 * era's end (43: "simulated as one keyed draw of the era's mean from region, link and load").
 */
#include "sim/engine/host.h"

#define CHUNK 1000u /* providers in one transaction */
#define JITTER_BITS 32u

static u64 slot_ns(const struct host_sim *h)
{
    return MSEC(chain_params(h->c.process->chain)->block_time_ms);
}

static void report(struct host_sim *h, struct instant now, const struct tx *tx)
{
    host_submit(h, now, h->c.reporter_account, tx);
}

/* ---- outages ---- */

/* An actor that is no provider has no session. */
void reporter_down(struct host_sim *h, struct instant now, u32 provider, u64 start_s,
                   bool announced)
{
    struct tx tx = {.kind = TX_REPORT_DOWN};

    if (provider == 0)
        return;
    h->tally.downs++;
    tx.u.report_down.provider = provider;
    tx.u.report_down.start_s = start_s;
    tx.u.report_down.announced = announced;
    report(h, now, &tx);
}

void reporter_up(struct host_sim *h, struct instant now, u32 provider, u64 end_s)
{
    struct tx tx = {.kind = TX_REPORT_UP};

    if (provider == 0)
        return;
    tx.u.report_up.provider = provider;
    tx.u.report_up.end_s = end_s;
    report(h, now, &tx);
}

/* ---- halts ---- */

const struct halt *reporter_halt(const struct host_sim *h, u64 at_ns)
{
    const struct halt *halts = h->halts.base;

    for (size_t i = 0; i < h->halts.count; i++) {
        if (halts[i].from_ns <= at_ns && at_ns < halts[i].to_ns)
            return &halts[i];
    }
    return NULL;
}

bool host_sim_halted(const struct host_sim *h, struct instant at, struct instant *from,
                     struct instant *to)
{
    const struct halt *halt = reporter_halt(h, at.ns);

    if (halt == NULL)
        return false;
    from->ns = halt->from_ns;
    to->ns = halt->to_ns;
    return true;
}

/* Whatever waits, the first block after the halt has it: eras that end in it close there, and
 * settled 63 wants them to know. */
void reporter_halted(struct host_sim *h, struct instant now, struct halt halt)
{
    struct tx tx = {.kind = TX_REPORT_HALT};

    tx.u.report_halt.start_s = halt.from_ns / SEC(1);
    tx.u.report_halt.end_s = halt.to_ns / SEC(1);
    if (!process_submit_first(h->c.process, h->c.reporter_account, &tx))
        host_full(h, &h->c.process->waiting);
    blocks_want_next(h, now);
}

/* ---- responses ---- */

static u32 chunks(const struct host_sim *h)
{
    return (chain_providers(h->c.process->chain) + CHUNK - 1) / CHUNK;
}

/* Slots that the reports of an era need while others use half of each block. */
static u64 slots_needed(const struct host_sim *h)
{
    u64 half = chain_params(h->c.process->chain)->block_gas_limit / 2;
    u64 gas = (u64)chunks(h) * tx_rows[TX_REPORT_RESPONSES].gas;

    return gas / half + 1;
}

/* The instant from which on what is submitted comes into the last blocks before the era's end; a
 * halt over that end moves it before the halt. */
static struct instant responses_at(const struct host_sim *h, struct instant now)
{
    u64 end_ns = SEC(chain_era_end_s(h->c.process->chain)), slot = slot_ns(h), last;
    const struct halt *halt;

    do {
        last = (end_ns - 1) / slot; /* the last slot before the end */
        halt = reporter_halt(h, last * slot);
        if (halt != NULL)
            end_ns = halt->from_ns;
    } while (halt != NULL && end_ns > 0);
    u64 needed = slots_needed(h);
    u64 at = last > needed ? (last - needed) * slot : 0;
    return (struct instant){at > now.ns ? at : now.ns};
}

void reporter_era(struct host_sim *h, struct instant now)
{
    struct queue_item item = {.kind = ITEM_RESPONSES};

    item.u.plain.a = h->era;
    host_schedule_reporter(h, responses_at(h, now), &item);
}

/* us; 0: no beat of this era was answered. */
static u32 response_us(const struct host_sim *h, u32 actor, struct instant now)
{
    struct actor_id id = {actor - 1};

    if (actor == 0 || !power_answered(h, id, now))
        return 0;
    const struct distribution *own = power_at(h, id)->facts.response_us;
    struct drawer draw = world_drawer(host_world(h), id);
    u64 factor = distribution_at(&h->c.network->jitter, draw_u64(&draw, DRAW_RESPONSE, 2 * h->era));
    u64 rtt_us =
        network_rtt_us(h->c.network, h->c.chain_region, world_row(host_world(h), id)->region);
    u128 us = (u128)rtt_us * factor >> JITTER_BITS;

    if (own != NULL)
        us += distribution_at(own, draw_u64(&draw, DRAW_RESPONSE, 2 * h->era + 1));
    return us == 0 ? 1 : us > UINT32_MAX ? UINT32_MAX : (u32)us;
}

static void report_chunk(struct host_sim *h, struct instant now, u32 first, u32 count)
{
    const u32 *actors = h->providers.base;
    struct tx tx = {.kind = TX_REPORT_RESPONSES};
    u32 words[CHUNK];

    for (u32 i = 0; i < count; i++)
        words[i] = first + i < h->providers.count ? response_us(h, actors[first + i], now) : 0;
    tx.u.report_responses.first = first;
    tx.u.report_responses.count = count;
    if (!process_data(h->c.process, words, count, &tx.u.report_responses.offset)) {
        host_full(h, &h->c.process->data);
        return;
    }
    report(h, now, &tx);
}

void reporter_responses(struct host_sim *h, struct instant now, u64 era)
{
    if (era != h->era || h->responses_era > era)
        return; /* sent already, before a halt */
    if (responses_at(h, now).ns > now.ns) {
        reporter_era(h, now); /* a halt that is no more, fewer providers: later */
        return;
    }
    h->responses_era = era + 1;
    u32 end = chain_providers(h->c.process->chain) + 1; /* ids are 1..n */
    for (u32 first = 1; first < end; first += CHUNK)
        report_chunk(h, now, first, end - first < CHUNK ? end - first : CHUNK);
}
