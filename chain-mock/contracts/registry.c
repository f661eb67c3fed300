#include "chain-mock/contracts/registry.h"

#include "chain-mock/contracts/call.h"
#include "chain-mock/watch/close.h"
#include "protocol/gpu.h"
#include "protocol/keccak.h"
#include "protocol/mutant.h"
#include "protocol/rating.h"

#include <string.h>

u32 registry_provider_of(const struct state *s, u32 account)
{
    return account_at(s, account)->provider;
}

/* settled 145: "each provider has its own contract address (deterministic)" */
static void contract_address(u8 out[20], const u8 account[20])
{
    static const u8 tag[8] = {'p', 'r', 'o', 'v', 'i', 'd', 'e', 'r'};
    u8 bytes[sizeof(tag) + 20], digest[32];

    memcpy(bytes, tag, sizeof(tag));
    memcpy(bytes + sizeof(tag), account, 20);
    keccak256(digest, bytes, sizeof(bytes));
    memcpy(out, digest + 12, 20);
}

static u128 word_of(const u8 *bytes, u32 n)
{
    u128 v = 0;

    for (u32 i = 0; i < n; i++)
        v = v << 8 | bytes[i];
    return v;
}

static bool machine_valid(const struct state *s, const struct machine *m)
{
    u64 units = m->cpu;

    if (m->disk_nvme_gib > m->disk_gib || m->region > s->regions)
        return false;
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (m->gpu[i].model > GPU_MODELS || (m->gpu[i].model == 0) != (m->gpu[i].count == 0))
            return false;
        units += m->gpu[i].count;
    }
    return units <= RATING_UNITS_MAX && m->compliance < 8;
}

/* What the attributes of a machine come to, §4.3.6. */
struct classes {
    enum compute_class compute;
    enum storage_class storage;
    enum connectivity_class connectivity;
};

static struct classes classes_of(const struct params *p, const struct machine *m)
{
    return (struct classes){
        .compute = compute_class(p, m->compute_score, m->cpu),
        .storage = storage_class(p, 0, m->disk_gib - m->disk_nvme_gib, m->disk_nvme_gib),
        .connectivity = connectivity_class(p, m->down_mbps, m->up_mbps)};
}

static struct rating rating_of(const struct params *p, const struct machine *m,
                               const struct classes *c)
{
    struct rating r = {0};

    for (u32 i = 0; i < GPU_LINES; i++) {
        if (m->gpu[i].model != 0)
            rating_add_gpus(&r, p, gpu_tier((enum gpu_model)(m->gpu[i].model - 1)),
                            m->gpu[i].count);
    }
    if (!MUTATED(CPU_UNCOUNTED))
        rating_add_cpus(&r, p, c->compute, m->cpu);
    rating_set_boosts(&r, p, c->storage, c->connectivity, m->compliance != 0);
    return r;
}

/* Its parts too: another tier or multiplier may make other points of them. */
static bool same_rating(const struct rating_row *row, const struct rating *r,
                        const struct classes *c)
{
    return row->rating.line_points == r->line_points && row->rating.unit_points == r->unit_points &&
           row->rating.boost_bps == r->boost_bps && row->compute == (u32)c->compute &&
           row->storage == (u32)c->storage && row->connectivity == (u32)c->connectivity;
}

void registry_rate(struct state *s, u32 provider, u64 from_s)
{
    const struct provider_row *p = provider_at(s, provider);
    u32 tier = standing_at(s, provider)->tier.tier;
    struct classes c = classes_of(&s->params, &p->machine);
    struct rating r = rating_of(&s->params, &p->machine, &c);
    u64 points = rating_points(&r, &s->params, tier);
    u32 head = p->rating_head;

    /* settled 18: a tier comes with the approval; before it no hour is worth anything */
    if (head == 0 && p->status != PROVIDER_APPROVED)
        return;
    if (head != 0 && rating_at(s, head)->tier == tier && rating_at(s, head)->points == points &&
        same_rating(rating_at(s, head), &r, &c))
        return;
    if (head == 0 || rating_at(s, head)->from_s != from_s) {
        u32 row = rating_new(s);
        if (row == 0)
            return;
        rating_open(s, row)->next = head;
        provider_open(s, provider)->rating_head = row;
        head = row;
    }
    struct rating_row *row = rating_open(s, head);
    row->rating = r;
    row->points = points;
    row->from_s = from_s;
    row->tier = tier;
    row->compute = (u32)c.compute;
    row->storage = (u32)c.storage;
    row->connectivity = (u32)c.connectivity;
    struct log_rating_set *l = &state_log(s, LOG_RatingSet)->u.rating_set;
    *l = (struct log_rating_set){provider,     from_s,       points,           tier,
                                 row->compute, row->storage, row->connectivity};
}

u64 registry_points(const struct state *s, u32 provider, u64 hour_s)
{
    u32 row = provider_at(s, provider)->rating_head;

    while (row != 0 && rating_at(s, row)->from_s > hour_s)
        row = rating_at(s, row)->next;
    return row == 0 ? 0 : rating_at(s, row)->points;
}

bool registry_papers(const struct state *s, u32 provider, u64 era)
{
    const struct provider_row *p = provider_at(s, provider);

    return (p->machine.compliance & COMPLIANCE_SOC2) != 0 && p->audit_era != 0 &&
           p->audit_era - 1 + s->params.audit_valid_eras >= era;
}

static void approve(struct state *s, u32 provider, u64 now_s)
{
    struct standing_row *st = standing_open(s, provider);

    provider_open(s, provider)->status = PROVIDER_APPROVED;
    st->tier = tier_record_new(&s->params);
    check_anew(s, provider);
    u32 granted = account_at(s, provider_at(s, provider)->account)->initial_tier;
    if (granted != 0)
        st->tier.tier = (u8)granted;
    struct log_provider_approved *l = &state_log(s, LOG_ProviderApproved)->u.provider_approved;
    l->provider = provider;
    l->tier = st->tier.tier;
    l->second = now_s;
    registry_rate(s, provider, now_s);
    registry_check_active(s, provider, now_s);
}

void registry_check_active(struct state *s, u32 provider, u64 now_s)
{
    const struct provider_row *p = provider_at(s, provider);

    /* settled 28: "active = approved and ever staked above X7" */
    if (p->status != PROVIDER_APPROVED || p->active_from_s != INTERVAL_OPEN ||
        amount_cmp(standing_at(s, provider)->own, tier_terms(&s->params, TIER_LOWEST).stake) <= 0)
        return;
    provider_open(s, provider)->active_from_s = now_s;
    struct log_provider_active *l = &state_log(s, LOG_ProviderActive)->u.provider_active;
    l->provider = provider;
    l->from_s = now_s;
}

static u32 tokens_known(const struct state *s)
{
    return (1u << (s->tables[TABLE_TOKEN].count - 1)) - 1;
}

enum err call_propose(struct call *c, const struct tx_propose *a)
{
    struct state *s = c->s;

    if (a->auto_stake > 1 || !machine_valid(s, &a->machine) || (a->tokens & ~tokens_known(s)) != 0)
        return ERR_InvalidArgument;
    if (registry_provider_of(s, c->from) != 0 && !MUTATED(SECOND_PROVIDER))
        return ERR_ProviderExists;
    u32 id = provider_new(s), standing = standing_new(s);
    if (id == 0 || standing == 0)
        return ERR_None;
    check(id == standing);
    struct provider_row *p = provider_open(s, id);
    p->account = c->from;
    p->machine = a->machine;
    p->tokens = a->tokens;
    p->auto_stake = (bool8)a->auto_stake;
    p->registered_s = c->now_s;
    p->active_from_s = INTERVAL_OPEN;
    p->active_until_s = INTERVAL_OPEN;
    p->status = PROVIDER_PROPOSED;
    contract_address(p->contract, account_at(s, c->from)->address);
    account_open(s, c->from)->provider = id;
    standing_open(s, id)->tier = tier_record_new(&s->params);
    c->id = id;
    struct log_provider_proposed *l = &state_log(s, LOG_ProviderProposed)->u.provider_proposed;
    *l =
        (struct log_provider_proposed){id, c->from, a->machine, a->tokens, a->auto_stake, c->now_s};
    struct log_provider_contract *k = &state_log(s, LOG_ProviderContract)->u.provider_contract;
    *k = (struct log_provider_contract){id, word_of(p->contract, 4), word_of(p->contract + 4, 16)};
    if (s->params.auto_approve || MUTATED(APPROVED_UNASKED)) /* settled 17 */
        approve(s, id, c->now_s);
    return ERR_None;
}

static bool provider_known(const struct state *s, u32 provider)
{
    return provider != 0 && provider < s->tables[TABLE_PROVIDER].count;
}

enum err call_approve(struct call *c, const struct tx_approve *a)
{
    if (!provider_known(c->s, a->provider))
        return ERR_ProviderNotFound;
    if (provider_at(c->s, a->provider)->status != PROVIDER_PROPOSED)
        return ERR_ProviderNotProposed;
    approve(c->s, a->provider, c->now_s);
    return ERR_None;
}

static bool holds_reserved(const struct provider_row *p, const struct machine *m)
{
    if (MUTATED(MACHINE_TOO_SMALL))
        return true;
    if (m->cpu < p->cpu_reserved || m->ram_gib < p->ram_reserved || m->disk_gib < p->disk_reserved)
        return false;
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (p->gpu_reserved[i] > 0 &&
            (m->gpu[i].model != p->machine.gpu[i].model || m->gpu[i].count < p->gpu_reserved[i]))
            return false;
    }
    return true;
}

enum err call_update_machine(struct call *c, const struct tx_update_machine *a)
{
    struct state *s = c->s;
    u32 id = registry_provider_of(s, c->from);

    if (id == 0)
        return ERR_ProviderNotFound;
    if (!machine_valid(s, &a->machine))
        return ERR_InvalidArgument;
    if (!holds_reserved(provider_at(s, id), &a->machine))
        return ERR_NoCapacity;
    provider_open(s, id)->machine = a->machine;
    struct log_machine_updated *l = &state_log(s, LOG_MachineUpdated)->u.machine_updated;
    *l = (struct log_machine_updated){id, a->machine, c->now_s};
    registry_rate(s, id, c->now_s);
    return ERR_None;
}

enum err call_set_auto_stake(struct call *c, const struct tx_set_auto_stake *a)
{
    u32 id = registry_provider_of(c->s, c->from);

    if (id == 0)
        return ERR_ProviderNotFound;
    if (a->on > 1)
        return ERR_InvalidArgument;
    provider_open(c->s, id)->auto_stake = (bool8)a->on;
    struct log_auto_stake_set *l = &state_log(c->s, LOG_AutoStakeSet)->u.auto_stake_set;
    *l = (struct log_auto_stake_set){id, a->on, c->now_s};
    return ERR_None;
}

enum err call_publish_audit(struct call *c, const struct tx_publish_audit *a)
{
    if (!provider_known(c->s, a->provider))
        return ERR_ProviderNotFound;
    u64 era = state_meta(c->s)->era;
    provider_open(c->s, a->provider)->audit_era = era + 1;
    struct log_audit_published *l = &state_log(c->s, LOG_AuditPublished)->u.audit_published;
    *l = (struct log_audit_published){a->provider, era};
    return ERR_None;
}

enum err call_exit(struct call *c, const struct tx_exit *a)
{
    u32 id = registry_provider_of(c->s, c->from);

    (void)a;
    if (id == 0)
        return ERR_ProviderNotFound;
    struct provider_row *p = provider_open(c->s, id);
    if (p->status != PROVIDER_APPROVED)
        return p->status == PROVIDER_PROPOSED ? ERR_ProviderNotApproved : ERR_ProviderExiting;
    p->status = PROVIDER_EXITING;
    p->active_until_s = c->now_s;
    struct log_provider_exited *l = &state_log(c->s, LOG_ProviderExited)->u.provider_exited;
    *l = (struct log_provider_exited){id, c->now_s, 0};
    return ERR_None;
}

enum err registry_may_bid(const struct state *s, u32 provider)
{
    const struct provider_row *p = provider_at(s, provider);
    const struct standing_row *st = standing_at(s, provider);

    if (p->status == PROVIDER_PROPOSED)
        return ERR_ProviderNotApproved;
    if (p->status != PROVIDER_APPROVED)
        return ERR_ProviderExiting;
    /* settled, Matching, exactly 2: "provider approved, active": where stakes do not fall from tier
     * to tier, one may exceed its tier's X and never have exceeded X7 */
    if (p->active_from_s == INTERVAL_OPEN)
        return ERR_StakeTooLow;
    if (MUTATED(SHORT_STAKE_BIDS) && p->down_outage == 0)
        return ERR_None;
    /* settled 46: "bidding stops at once when stake falls to the tier's X or below" */
    if (amount_cmp(st->own, tier_terms(&s->params, st->tier.tier).stake) <= 0)
        return ERR_StakeTooLow;
    if (!tier_may_bid(&s->params, &st->tier, st->own))
        return ERR_BiddingSuspended; /* settled 48 */
    if (p->down_outage != 0 && !MUTATED(BID_WHILE_DOWN))
        return ERR_ProviderDown; /* settled 157 */
    return ERR_None;
}

static bool line_serves(const struct provider_row *p, u32 i, const struct specs *specs,
                        u32 replicas)
{
    const struct gpu_line *g = &p->machine.gpu[i];

    return g->model != 0 && (specs->gpu_model == GPU_ANY || specs->gpu_model == g->model) &&
           (u64)g->count - p->gpu_reserved[i] >= (u64)specs->gpus * replicas;
}

static bool has_model(const struct provider_row *p, u16 model)
{
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (p->machine.gpu[i].model != 0 && (model == GPU_ANY || p->machine.gpu[i].model == model))
            return true;
    }
    return false;
}

bool registry_room(const struct provider_row *p, const struct specs *specs, u32 replicas, u32 line,
                   const struct lease_row *w)
{
    u64 n = w == NULL ? 0 : w->replicas;
    u64 cpu = p->cpu_reserved - (w == NULL ? 0 : n * w->specs.cpu);
    u64 ram = p->ram_reserved - (w == NULL ? 0 : n * w->specs.ram_gib);
    u64 disk = p->disk_reserved - (w == NULL ? 0 : n * w->specs.disk_gib);
    u64 gpus = p->gpu_reserved[line];

    if (w != NULL && w->gpu_line == line)
        gpus -= n * w->specs.gpus;
    return cpu + (u64)specs->cpu * replicas <= p->machine.cpu &&
           ram + (u64)specs->ram_gib * replicas <= p->machine.ram_gib &&
           disk + (u64)specs->disk_gib * replicas <= p->machine.disk_gib &&
           (specs->gpus == 0 || gpus + (u64)specs->gpus * replicas <= p->machine.gpu[line].count);
}

enum err registry_fits(const struct state *s, u32 provider, const struct order_row *o, u32 *line)
{
    const struct provider_row *p = provider_at(s, provider);
    u32 best = 0, most = 0;

    if ((p->tokens >> o->token & 1) == 0 ||
        (o->region != REGION_NONE && p->machine.region != o->region) ||
        standing_at(s, provider)->tier.tier > o->tier_worst ||
        (o->specs.gpus > 0 && !has_model(p, o->specs.gpu_model)))
        return ERR_NotEligible;
    for (u32 i = 0; o->specs.gpus > 0 && i < GPU_LINES; i++) {
        u32 left = (u32)p->machine.gpu[i].count - p->gpu_reserved[i];
        if (line_serves(p, i, &o->specs, o->replicas) && left > most) {
            best = i;
            most = left;
        }
    }
    if ((o->specs.gpus > 0 && most == 0) || !registry_room(p, &o->specs, o->replicas, best, NULL))
        return ERR_NoCapacity;
    *line = best;
    return ERR_None;
}

void registry_reserve(struct state *s, const struct lease_row *l)
{
    struct provider_row *p = provider_open(s, l->provider);

    p->cpu_reserved += l->specs.cpu * l->replicas;
    p->ram_reserved += l->specs.ram_gib * l->replicas;
    p->disk_reserved += l->specs.disk_gib * l->replicas;
    p->gpu_reserved[l->gpu_line] =
        (u16)(p->gpu_reserved[l->gpu_line] + l->specs.gpus * l->replicas);
    p->leases++;
}

void registry_release(struct state *s, const struct lease_row *l)
{
    struct provider_row *p = provider_open(s, l->provider);

    p->cpu_reserved -= l->specs.cpu * l->replicas;
    p->ram_reserved -= l->specs.ram_gib * (MUTATED(RELEASE_ONE) ? 1 : l->replicas);
    p->disk_reserved -= l->specs.disk_gib * l->replicas;
    p->gpu_reserved[l->gpu_line] =
        (u16)(p->gpu_reserved[l->gpu_line] - l->specs.gpus * l->replicas);
    p->leases--;
}

u32 registry_feedback(const struct standing_row *st)
{
    u32 n = st->feedbacks < FEEDBACK_WINDOW ? st->feedbacks : FEEDBACK_WINDOW, sum = 0;

    for (u32 i = 0; i < n; i++)
        sum += st->feedback[i];
    return n == 0 ? 0 : sum / n;
}
