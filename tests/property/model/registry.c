/* registry - machines, points, papers, prices and brackets, looked up in the lists. */
#include "tests/property/model/parts.h"

#include "protocol/gpu.h"

/* ---- who and what, at a second ---- */

/* Before the wallet was, its first owner: an hour may have started before it, and its lease in it.
 */
u32 model_owner_at(const struct model *m, u32 wallet, u64 second)
{
    u32 owner = 0;

    for (u32 i = 0; i < m->n_owners; i++)
        if (m->owners[i].wallet == wallet && (owner == 0 || m->owners[i].from_s <= second))
            owner = m->owners[i].account;
    return owner;
}

static const struct machine *machine_at(const struct model *m, u32 provider, u64 second)
{
    const struct machine *its = NULL;

    for (u32 i = 0; i < m->n_machines; i++)
        if (m->machines[i].provider == provider && m->machines[i].second <= second)
            its = &m->machines[i].machine;
    return its;
}

const struct machine *model_machine_of(const struct model *m, u32 provider)
{
    return machine_at(m, provider, MODEL_OPEN);
}

const struct params *model_params_at(const struct model *m, u64 second)
{
    u32 i = m->n_params - 1;

    while (i > 0 && m->params[i].from_s > second)
        i--;
    return &m->params[i].p;
}

void model_hold_tier(struct model *m, u32 provider, u32 tier, u64 from_s)
{
    *PUSH(m, tiers) = (struct model_tier_held){provider, tier, from_s};
}

/* 0: not approved at that second. */
static u32 tier_at(const struct model *m, u32 provider, u64 second)
{
    u32 tier = 0;

    for (u32 i = 0; i < m->n_tiers; i++)
        if (m->tiers[i].provider == provider && m->tiers[i].from_s <= second)
            tier = m->tiers[i].tier;
    return tier;
}

/* settled 18: "initial_tier = 7", which a proposal has too before it is approved */
u32 model_tier(const struct model *m, u32 provider)
{
    return tier_at(m, provider, MODEL_OPEN);
}

/* ---- points: settled 28 ---- */

static const u8 tier_of_model[GPU_MODELS] = {
#define GPU(key, name, tier, price, source) [GPU_##key] = GPU_TIER_##tier,
#include "protocol/gpu.def"
#undef GPU
};

/* settled 23: "gpu_tiers = Entry 1, Entry 2, … = 0.1, 0.25, …" */
u64 model_multiplier_of(const struct params *p, u16 model)
{
    const u64 of_tier[GPU_TIERS] = {p->gpu_multiplier_entry_1,      p->gpu_multiplier_entry_2,
                                    p->gpu_multiplier_low_1,        p->gpu_multiplier_low_2,
                                    p->gpu_multiplier_medium_1,     p->gpu_multiplier_medium_2,
                                    p->gpu_multiplier_high_1,       p->gpu_multiplier_high_2,
                                    p->gpu_multiplier_ultra_high_1, p->gpu_multiplier_ultra_high_2};

    return of_tier[tier_of_model[model - 1]];
}

enum { BASIC, GENERAL, HPC };
enum { HDD, SSD, NVME };
enum { LOW, MEDIUM, HIGH, ULTRA };

/* settled 20: "HPC if >50000; Basic if ≤48 threads and <20000; else GP" */
static u32 compute_class_of(const struct params *p, const struct machine *x)
{
    if (x->compute_score > p->compute_hpc_score)
        return HPC;
    return x->cpu <= p->compute_basic_threads && x->compute_score < p->compute_basic_score
               ? BASIC
               : GENERAL;
}

static u64 compute_multiplier(const struct params *p, const struct machine *x)
{
    const u64 of_class[] = {p->compute_multiplier_basic, p->compute_multiplier_gp,
                            p->compute_multiplier_hpc};

    return of_class[compute_class_of(p, x)];
}

/* settled 21: "storage_majority_bps = 5001 of bytes"; all drives are solid state, some of them
 * NVMe. What has the majority by a small parameter twice is the better of the two. */
static u32 storage_class_of(const struct params *p, const struct machine *x)
{
    u128 least = (u128)x->disk_gib * p->storage_majority_bps;

    if (x->disk_gib == 0)
        return HDD;
    return (u128)x->disk_nvme_gib * BPS_WHOLE >= least ? NVME : SSD;
}

/* Where a parameter makes them cross, above Ultra's is Ultra. */
static u32 speed(u64 mbps, u64 low, u64 medium, u64 ultra)
{
    return mbps > ultra ? ULTRA : mbps < low ? LOW : mbps < medium ? MEDIUM : HIGH;
}

/* settled 24: "worse of the two; 1–5 Gbps ⇒ High" */
static u32 connectivity_class_of(const struct params *p, const struct machine *x)
{
    u32 down = speed(x->down_mbps, p->conn_low_down_mbps, p->conn_medium_down_mbps,
                     p->conn_ultra_down_mbps);
    u32 up = speed(x->up_mbps, p->conn_low_up_mbps, p->conn_medium_up_mbps, p->conn_ultra_up_mbps);

    return down < up ? down : up;
}

static u64 boosts(const struct params *p, const struct machine *x)
{
    u64 sum = storage_class_of(p, x) == NVME ? p->storage_boost : 0;

    sum += connectivity_class_of(p, x) == ULTRA ? p->connectivity_boost : 0;
    return sum + (x->compliance != 0 ? p->compliance_boost : 0); /* settled 25 */
}

static u64 trust(const struct params *p, u32 tier)
{
    const u64 of_tier[MODEL_TIERS] = {
        p->tier_1_multiplier, p->tier_2_multiplier, p->tier_3_multiplier, p->tier_4_multiplier,
        p->tier_5_multiplier, p->tier_6_multiplier, p->tier_7_multiplier};

    return of_tier[tier - 1];
}

/* settled 28, the points of an hour, a line for each GPU model and one for the CPU: "Units and
 * boosts of an hour are those registered at its start; the tier is that at the era's start" */
u64 model_points(const struct model *m, u32 provider, u64 hour_s)
{
    const struct machine *x = machine_at(m, provider, hour_s);
    const struct params *p = model_params_at(m, hour_s);
    u32 tier = tier_at(m, provider, hour_s);
    u64 sum = 0;

    if (x == NULL || m->providers[provider].approved_s == MODEL_OPEN || tier == 0 ||
        m->providers[provider].approved_s > hour_s || (tier == MODEL_TIERS && p->tier7_zero))
        return 0;
    u64 more = boosts(p, x) + trust(p, tier);
    for (u32 i = 0; i < GPU_LINES; i++)
        if (x->gpu[i].model != 0)
            sum += x->gpu[i].count * p->gpu_base_points *
                   (model_multiplier_of(p, x->gpu[i].model) + more);
    return sum + x->cpu * p->cpu_base_points * (compute_multiplier(p, x) + more);
}

/* Σ units × base × m_line, and Σ units × base: what other tiers and multipliers make points of. */
static void parts_of(const struct params *p, const struct machine *x, struct model_worth *w)
{
    for (u32 i = 0; i < GPU_LINES; i++) {
        u64 units = x->gpu[i].count * p->gpu_base_points;
        if (x->gpu[i].model == 0)
            continue;
        w->of_units += units;
        w->of_lines += units * model_multiplier_of(p, x->gpu[i].model);
    }
    w->of_units += x->cpu * p->cpu_base_points;
    w->of_lines += x->cpu * p->cpu_base_points * compute_multiplier(p, x);
}

static bool same_worth(const struct model_worth *a, const struct model_worth *b)
{
    return a->points == b->points && a->tier == b->tier && a->of_units == b->of_units &&
           a->of_lines == b->of_lines && a->boosts == b->boosts && a->compute == b->compute &&
           a->storage == b->storage && a->connectivity == b->connectivity;
}

/* log.def, RatingSet: "Points an hour, in 10^-5, of hours that start from this second on"; told
 * where something of it changed. */
void model_rate(struct model *m, u32 provider, u64 from_s, const struct log *by)
{
    const struct params *p = model_params_at(m, from_s);
    const struct machine *x = machine_at(m, provider, from_s);
    struct model_worth w = {.provider = provider,
                            .tier = tier_at(m, provider, from_s),
                            .points = model_points(m, provider, from_s),
                            .boosts = boosts(p, x),
                            .compute = compute_class_of(p, x),
                            .storage = storage_class_of(p, x),
                            .connectivity = connectivity_class_of(p, x)};
    struct log_rating_set *k;

    parts_of(p, x, &w);
    if (m->providers[provider].approved_s == MODEL_OPEN)
        return;
    for (u32 i = m->n_worths; i-- > 0;) {
        if (m->worths[i].provider != provider)
            continue;
        if (same_worth(&m->worths[i], &w))
            return;
        break;
    }
    *PUSH(m, worths) = w;
    k = by == NULL ? &model_expect(m, LOG_RatingSet)->u.rating_set
                   : &model_expect_by(m, LOG_RatingSet, by)->u.rating_set;
    *k = (struct log_rating_set){provider,  from_s,    w.points,      w.tier,
                                 w.compute, w.storage, w.connectivity};
}

/* ---- papers, activity, capacity ---- */

/* settled 144: "Tier 1 needs SOC2 and an audit report on chain, valid when its era ≥ current era −
 * audit_valid_eras" */
bool model_papers(const struct model *m, u32 provider)
{
    u64 audit = m->providers[provider].audit_era;
    const struct machine *x = model_machine_of(m, provider);

    return audit != 0 && audit - 1 + m->p.audit_valid_eras >= m->era &&
           (x->compliance & COMPLIANCE_SOC2) != 0;
}

u128 model_stake_of_tier(const struct model *m, u32 tier)
{
    const struct params *p = &m->p;
    const struct amount of_tier[MODEL_TIERS] = {p->tier_1_stake, p->tier_2_stake, p->tier_3_stake,
                                                p->tier_4_stake, p->tier_5_stake, p->tier_6_stake,
                                                p->tier_7_stake};

    return of_tier[tier - 1].wei;
}

/* settled 28: "active = approved and ever staked above X7" */
void model_check_active(struct model *m, u32 provider, u64 second, const struct log *by)
{
    struct model_provider *p = &m->providers[provider];
    struct log_provider_active *k;

    if (p->approved_s == MODEL_OPEN || p->exited || p->struck || p->active_from_s != MODEL_OPEN ||
        model_balance(m, IN_STAKE, provider, 0) <= model_stake_of_tier(m, MODEL_TIERS))
        return;
    p->active_from_s = second;
    k = by == NULL ? &model_expect(m, LOG_ProviderActive)->u.provider_active
                   : &model_expect_by(m, LOG_ProviderActive, by)->u.provider_active;
    *k = (struct log_provider_active){provider, second};
}

/* settled 156: "from the match's block to the close's block, on chain" */
struct model_use model_reserved(const struct model *m, u32 provider)
{
    struct model_use u = {0};

    for (u32 i = 0; i < m->n_leases; i++) {
        const struct model_lease *l = &m->leases[i];
        if (l->provider != provider || l->end_s != MODEL_OPEN)
            continue;
        u.cpu += (u64)l->specs.cpu * l->replicas;
        u.ram_gib += (u64)l->specs.ram_gib * l->replicas;
        u.disk_gib += (u64)l->specs.disk_gib * l->replicas;
        u.gpus[l->gpu_line] += (u64)l->specs.gpus * l->replicas;
        u.leases++;
    }
    return u;
}

/* §4.2.3 "average of 10", settled 44: tenths */
u32 model_feedback(const struct model *m, u32 provider)
{
    u32 n = 0, sum = 0;

    for (u32 i = m->n_ratings; i-- > 0 && n < 10;) {
        if (m->ratings[i].provider != provider)
            continue;
        sum += m->ratings[i].tenths;
        n++;
    }
    return n == 0 ? 0 : sum / n;
}

u64 model_slash_records(const struct model *m, u32 provider, u64 era)
{
    u64 n = 0;

    for (u32 i = 0; i < m->n_slashes; i++)
        n += m->slashes[i].provider == provider && m->slashes[i].close_era == era;
    return n;
}

u64 model_tasks(const struct model *m, u32 provider, u64 era, bool done_only)
{
    u64 n = 0;

    for (u32 i = 0; i < m->n_leases; i++) {
        const struct model_lease *l = &m->leases[i];
        n += l->provider == provider && l->end_s != MODEL_OPEN && l->era == era &&
             !(done_only && l->task_failed);
    }
    return n;
}

u32 model_down(const struct model *m, u32 provider)
{
    for (u32 i = 0; i < m->n_outages; i++)
        if (m->outages[i].provider == provider && m->outages[i].end_s == MODEL_OPEN)
            return i + 1;
    return 0;
}

/* ---- oracle ---- */

/* settled 37: "a price = USD × 10^8 a whole token, valid from its second on" */
u64 model_price_at(const struct model *m, u32 token, u64 second)
{
    u64 usd_e8 = 0;

    for (u32 i = 0; i < m->n_prices; i++)
        if (m->prices[i].token == token && m->prices[i].second <= second)
            usd_e8 = m->prices[i].usd_e8;
    return usd_e8;
}

/* "stale when older (strictly) than one era" */
bool model_fresh(const struct model *m, u32 token)
{
    u64 of_s = MODEL_OPEN;

    for (u32 i = 0; i < m->n_prices; i++)
        if (m->prices[i].token == token)
            of_s = m->prices[i].second;
    return of_s != MODEL_OPEN && m->now_s - of_s <= m->p.oracle_stale_eras * m->p.era_seconds;
}

/* ---- brackets: settled 111 ---- */

static u128 net_deposit(const struct model *m, u32 wallet, u32 token)
{
    return model_moved_to(m, IN_UNLOCKED, wallet, token, FOR_DEPOSIT) -
           model_moved_from(m, IN_UNLOCKED, wallet, token, FOR_WITHDRAWAL);
}

bool model_deposits_fresh(const struct model *m, u32 wallet)
{
    for (u32 t = 0; t < m->genesis.tokens; t++)
        if (net_deposit(m, wallet, t) > 0 && !model_fresh(m, t))
            return false;
    return true;
}

/* "a GPU counts ceil(multiplier/1.5) mid-tier GPUs"; one of any model, not yet known, counts one */
u64 model_gpu_units(const struct model *m, const struct specs *s, u32 replicas)
{
    u64 gpus = (u64)s->gpus * replicas, whole = m->p.bracket_gpu_multiplier, each;

    if (s->gpus == 0 || s->gpu_model == GPU_ANY)
        return gpus;
    each = (model_multiplier_of(&m->p, s->gpu_model) + whole - 1) / whole;
    return gpus * each;
}

/* "floor(deposit_usd/15) × example row, per wallet"; "summed exactly in USD, one floor" */
static u128 rows_of(const struct model *m, u32 wallet)
{
    u128 usd_e26 = 0; /* 10^-26 USD: 8 decimals of a price, 18 of a token */

    for (u32 t = 0; t < m->genesis.tokens; t++) {
        u128 net = net_deposit(m, wallet, t), part, units = 1;
        for (u32 i = m->genesis.token[t].decimals; i < 18; i++)
            units *= 10;
        bool big = __builtin_mul_overflow(net, units, &part) ||
                   __builtin_mul_overflow(part, model_price_at(m, t, MODEL_OPEN), &part) ||
                   __builtin_add_overflow(usd_e26, part, &usd_e26);
        check(!big); /* the worlds keep deposits small enough */
    }
    return usd_e26 / ((u128)m->p.bracket_usd * 1000000000000000000u);
}

/* "The wallet's active leases and the new order count together, by the GPU row in all dimensions as
 * soon as one of them has a GPU" */
bool model_bracket(const struct model *m, u32 wallet, const struct specs *s, u32 replicas)
{
    const struct params *p = &m->p;
    u128 rows = rows_of(m, wallet), cpu = (u64)s->cpu * replicas;
    u128 ram = (u64)s->ram_gib * replicas, disk = (u64)s->disk_gib * replicas;
    u128 units = model_gpu_units(m, s, replicas);
    bool gpu = s->gpus > 0;

    for (u32 i = 0; i < m->n_leases; i++) {
        const struct model_lease *l = &m->leases[i];
        if (l->wallet != wallet || l->end_s != MODEL_OPEN)
            continue;
        cpu += (u64)l->specs.cpu * l->replicas;
        ram += (u64)l->specs.ram_gib * l->replicas;
        disk += (u64)l->specs.disk_gib * l->replicas;
        units += l->gpu_units;
        gpu = gpu || l->specs.gpus > 0;
    }
    if (gpu)
        return cpu <= rows * p->bracket_gpu_cpu && ram <= rows * p->bracket_gpu_ram_gib &&
               disk <= rows * p->bracket_gpu_disk_gib && units <= rows * p->bracket_gpus;
    return cpu <= rows * p->bracket_cpu && ram <= rows * p->bracket_ram_gib &&
           disk <= rows * p->bracket_disk_gib;
}
