/* fold_standing - providers: machines, ratings, stake, slashes, outages. */
#include "sim/study/fold_parts.h"

#include <stdio.h>
#include <string.h>

void fold_standing_change(struct fold *f, u32 provider, u64 second_s, const char *change,
                          u64 papers_era)
{
    put_standing(f->c.tables,
                 &(struct row_standing){provider, second_s, f->slot, change, papers_era});
}

/* ---- machines ---- */

static u64 gpus_of(const struct machine *m)
{
    u64 n = 0;

    for (u32 i = 0; i < GPU_LINES; i++)
        n += m->gpu[i].count;
    return n;
}

/* The machine counts as capacity from now on, or no longer. */
static void count_machine(struct fold *f, const struct fold_provider *p, bool on, u64 second)
{
    u64 gpus = gpus_of(&p->machine);

    level_move(&f->cpu_total, second, on ? p->machine.cpu : 0, on ? 0 : p->machine.cpu);
    level_move(&f->gpu_total, second, on ? gpus : 0, on ? 0 : gpus);
}

/* What is proposed and not approved yet is no capacity. */
static bool is_capacity(const struct fold_provider *p)
{
    return p->here && p->approved;
}

void fold_proposed(struct fold *f, const struct log_provider_proposed *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);

    if (p == NULL)
        return;
    p->machine = l->machine;
    p->here = true;
    p->tier = tier_record_new(chain_params(f->c.chain));
    fold_standing_change(f, l->provider, l->second, "registered", NONE);
}

void fold_approved(struct fold *f, const struct log_provider_approved *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);

    if (p == NULL)
        return;
    p->approved = true;
    p->tier = (struct tier_record){.tier = (u8)l->tier};
    count_machine(f, p, true, l->second);
    fold_standing_change(f, l->provider, l->second, "approved", NONE);
}

void fold_machine(struct fold *f, const struct log_machine_updated *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);
    bool had, has = (l->machine.compliance & COMPLIANCE_SOC2) != 0;

    if (p == NULL)
        return;
    had = (p->machine.compliance & COMPLIANCE_SOC2) != 0;
    if (is_capacity(p))
        count_machine(f, p, false, l->second);
    p->machine = l->machine;
    if (is_capacity(p))
        count_machine(f, p, true, l->second);
    if (had != has)
        fold_standing_change(f, l->provider, l->second, has ? "soc2" : "no_soc2", NONE);
}

void fold_exited(struct fold *f, const struct log_provider_exited *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);

    if (p == NULL)
        return;
    if (is_capacity(p))
        count_machine(f, p, false, l->second);
    p->here = false;
    fold_standing_change(f, l->provider, l->second, l->struck ? "struck" : "exiting", NONE);
}

static void print_models(char out[128], const struct machine *m)
{
    size_t used = 0;

    out[0] = '\0';
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (m->gpu[i].model == 0)
            continue;
        int n = snprintf(out + used, 128 - used, "%s%s", used == 0 ? "" : "+",
                         gpu_name((enum gpu_model)(m->gpu[i].model - 1)));
        check(n > 0 && (size_t)n < 128 - used);
        used += (size_t)n;
    }
}

/* The last log of a registration: now all of the fleet's row is known. */
void fold_contract(struct fold *f, const struct log_provider_contract *l)
{
    const struct fold_provider *p = fold_provider_at(f, l->provider);
    u32 account = chain_provider_account(f->c.chain, l->provider);
    char contract[43], name[64] = "", models[128];

    if (p == NULL)
        return;
    snprintf(contract, sizeof contract, "0x%08llx%016llx%016llx", (unsigned long long)l->high,
             (unsigned long long)(l->low >> 64), (unsigned long long)l->low);
    if (f->c.account_name != NULL)
        f->c.account_name(f->c.about, account, name);
    print_models(models, &p->machine);
    put_fleet(f->c.tables,
              &(struct row_fleet){.provider = l->provider,
                                  .name = name,
                                  .region = fold_region(f, p->machine.region),
                                  .contract = contract,
                                  .registered_s = f->second,
                                  .cores = p->machine.cpu,
                                  .ram_mib = (u64)p->machine.ram_gib * 1024,
                                  .disk_gib = p->machine.disk_gib,
                                  .gpus = gpus_of(&p->machine),
                                  .gpu_models = models,
                                  .soc2 = (p->machine.compliance & COMPLIANCE_SOC2) != 0,
                                  .auto_stake = provider_at(f->state, l->provider)->auto_stake});
}

/* ---- ratings ---- */

static u64 compute_multiplier(const struct params *p, enum compute_class c)
{
    switch (c) {
    case COMPUTE_BASIC:
        return p->compute_multiplier_basic;
    case COMPUTE_GP:
        return p->compute_multiplier_gp;
    case COMPUTE_HPC:
        return p->compute_multiplier_hpc;
    case COMPUTE_CLASSES:
        break;
    }
    check_unreachable();
}

/* The lines of settled 28, as the rating adds them up. */
static void set_lines(struct fold *f, struct fold_provider *p, u32 provider, u64 from_s)
{
    const struct params *params = chain_params(f->c.chain);
    const struct machine *m = &p->machine;
    struct rating boosts = {0, 0, 0};

    rating_set_boosts(&boosts, params,
                      storage_class(params, 0, m->disk_gib - m->disk_nvme_gib, m->disk_nvme_gib),
                      connectivity_class(params, m->down_mbps, m->up_mbps), m->compliance != 0);
    p->rating_lines = 0;
    p->ratings[p->rating_lines++] = (struct row_ratings){
        provider,
        from_s,
        "cpu",
        m->cpu,
        params->cpu_base_points,
        compute_multiplier(params, compute_class(params, m->compute_score, m->cpu)),
        boosts.boost_bps};
    for (u32 i = 0; i < GPU_LINES; i++) {
        if (m->gpu[i].model == 0)
            continue;
        enum gpu_model model = (enum gpu_model)(m->gpu[i].model - 1);
        p->ratings[p->rating_lines++] =
            (struct row_ratings){provider,
                                 from_s,
                                 gpu_name(model),
                                 m->gpu[i].count,
                                 params->gpu_base_points,
                                 gpu_multiplier(params, gpu_tier(model)),
                                 boosts.boost_bps};
    }
}

/* Lines wait for the end of the block: of two ratings of one second the last one holds. */
void fold_rating(struct fold *f, const struct log_rating_set *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);

    if (p == NULL)
        return;
    if (l->from_s <= f->era_start_s)
        p->points_start = l->points;
    p->points_last = l->points;
    if (p->rating_lines == 0) {
        if (!reserve_grow(&f->rated, 1)) {
            fold_full(f, &f->rated);
            return;
        }
        ((u32 *)f->rated.base)[f->rated.count - 1] = l->provider;
    } else if (p->ratings[0].from_s != l->from_s) {
        for (u32 i = 0; i < p->rating_lines; i++)
            put_ratings(f->c.tables, &p->ratings[i]);
    }
    set_lines(f, p, l->provider, l->from_s);
}

void fold_ratings_flush(struct fold *f)
{
    const u32 *rated = f->rated.base;

    for (size_t n = 0; n < f->rated.count; n++) {
        struct fold_provider *p = fold_provider_at(f, rated[n]);
        for (u32 i = 0; i < p->rating_lines; i++)
            put_ratings(f->c.tables, &p->ratings[i]);
        p->rating_lines = 0;
    }
    f->rated.count = 0;
}

/* ---- stake and slashes ---- */

static void put_stake(struct fold *f, u64 provider, u64 second, const char *kind,
                      struct amount amount, const struct fold_provider *p, u64 due_era, u64 slash)
{
    put_stakes(f->c.tables, &(struct row_stakes){provider, f->slot, second, kind, amount, p->own,
                                                 p->unbonding, due_era, slash});
}

/* What a slash takes is told by its own log, pot by pot. */
void fold_stake_moved(struct fold *f, const struct log_stake_moved *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);
    u64 era = chain_era(f->c.chain);

    if (p == NULL || l->cause == CAUSE_SLASH)
        return;
    p->own = l->own;
    p->unbonding = l->unbonding;
    if (l->cause == CAUSE_STAKE)
        put_stake(f, l->provider, l->second, "stake", l->amount, p, NONE, NONE);
    else if (l->cause == CAUSE_UNSTAKE)
        put_stake(f, l->provider, l->second, "unstake", l->amount, p,
                  era + chain_params(f->c.chain)->unbonding_eras, NONE);
    else if (l->cause == CAUSE_AUTO_STAKE)
        put_stake(f, l->provider, l->second, "auto_stake", l->amount, p, NONE, NONE);
    else if (l->cause == CAUSE_UNBONDED)
        put_stake(f, l->provider, l->second, "payout", l->amount, p, f->era.era, NONE);
    else
        check_unreachable();
}

static const char *cause_text(enum slash_cause cause)
{
    switch (cause) {
    case SLASH_STANDBY:
        return "standby";
    case SLASH_DEPLOYMENT:
        return "deployment";
    case SLASH_BREACH:
        return "breach";
    case SLASH_MISCONDUCT:
        return "misconduct";
    }
    check_unreachable();
}

static struct amount *era_slashed(struct fold *f, enum slash_cause cause)
{
    switch (cause) {
    case SLASH_STANDBY:
        return &f->era.slashed_standby_spon;
    case SLASH_DEPLOYMENT:
        return &f->era.slashed_deployment_spon;
    case SLASH_BREACH:
        return &f->era.slashed_breach_spon;
    case SLASH_MISCONDUCT:
        return &f->era.slashed_misconduct_spon;
    }
    check_unreachable();
}

/* When what an evidence id stands for began; kept for good, since the chain forgets outages. */
void fold_evidence(struct fold *f, u64 evidence, u64 second)
{
    if (!reserve_reach(&f->evidence, evidence + 1)) {
        fold_full(f, &f->evidence);
        return;
    }
    ((u64 *)f->evidence.base)[evidence] = second;
}

/* The second of the offence: an outage's start or a verdict's; a breach is its own. */
static u64 offence_of(const struct fold *f, const struct log_slashed *l)
{
    if (l->cause == SLASH_BREACH)
        return l->instant_s;
    check(l->evidence < f->evidence.count);
    return ((const u64 *)f->evidence.base)[l->evidence];
}

static void count_slash(struct fold *f, struct fold_provider *p, const struct log_slashed *l)
{
    struct amount taken = l->own;

    fold_add(&taken, l->unbonding);
    fold_add(&taken, l->rewards);
    check(amount_sub(&p->own, p->own, l->own));
    if (l->own.wei != 0)
        put_stake(f, l->provider, l->instant_s, "slash_own", l->own, p, NONE, l->slash);
    check(amount_sub(&p->unbonding, p->unbonding, l->unbonding));
    if (l->unbonding.wei != 0)
        put_stake(f, l->provider, l->instant_s, "slash_unbonding", l->unbonding, p, NONE, l->slash);
    p->slashes++;
    fold_add(&p->own_slashed, l->own);
    fold_add(&p->slashed, taken);
    fold_add(&p->bad_debt, l->bad_debt);
    fold_add(era_slashed(f, (enum slash_cause)l->cause), taken);
    fold_add(&f->era.to_slark_pool_spon, l->to_slark_pool);
    fold_add(&f->era.to_users_spon, l->to_users);
    fold_add(&f->era.to_treasury_spon, l->to_treasury);
    fold_add(&f->era.to_dust_spon, l->to_dust);
    fold_add(&f->slash_dust, l->to_dust);
}

void fold_slashed(struct fold *f, const struct log_slashed *l)
{
    struct fold_provider *p = fold_provider_at(f, l->provider);
    u64 offence = offence_of(f, l);

    if (p == NULL)
        return;
    count_slash(f, p, l);
    put_slashes(f->c.tables, &(struct row_slashes){.slash = l->slash,
                                                   .era = l->close_era,
                                                   .provider = l->provider,
                                                   .cause = cause_text((enum slash_cause)l->cause),
                                                   .evidence = l->evidence,
                                                   .hour = l->cause == SLASH_DEPLOYMENT
                                                               ? (l->instant_s - offence) / 3600
                                                               : 0,
                                                   .offence_s = offence,
                                                   .instant_s = l->instant_s,
                                                   .v_spon = l->hour_liveness,
                                                   .fee_spon = l->lease_fees,
                                                   .amount_spon = l->amount,
                                                   .own_spon = l->own,
                                                   .unbonding_spon = l->unbonding,
                                                   .rewards_spon = l->rewards,
                                                   .bad_debt_spon = l->bad_debt,
                                                   .slark_pool_spon = l->to_slark_pool,
                                                   .users_spon = l->to_users,
                                                   .dust_spon = l->to_dust,
                                                   .treasury_spon = l->to_treasury});
}

/* ---- outages ---- */

void fold_down(struct fold *f, const struct log_provider_down *l)
{
    struct row_outages *o = places_add(&f->outages, l->outage);

    fold_evidence(f, l->outage, l->start_s);
    if (o == NULL) {
        fold_full(f, &f->outages.rows);
        return;
    }
    *o = (struct row_outages){.outage = l->outage,
                              .provider = l->provider,
                              .from_s = l->start_s,
                              .until_s = NONE,
                              .announced = l->announced != 0,
                              .down_block = f->slot,
                              .down_s = l->second,
                              .up_block = NONE,
                              .up_s = NONE};
}

void fold_up(struct fold *f, const struct log_provider_up *l)
{
    struct row_outages *o = places_find(&f->outages, l->outage);

    check(o != NULL);
    o->until_s = l->end_s;
    o->up_block = f->slot;
    o->up_s = l->second;
    put_outages(f->c.tables, o);
    places_drop(&f->outages, l->outage);
}

void fold_standing_end(struct fold *f)
{
    fold_ratings_flush(f);
    for (u64 id = 0; id < f->outages.index.count; id++) {
        const struct row_outages *o = places_find(&f->outages, id);
        if (o != NULL)
            put_outages(f->c.tables, o);
    }
}
