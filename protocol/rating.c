#include "protocol/rating.h"

#include "protocol/mutant.h"
#include "protocol/tier.h"

/* RATING_UNITS_MAX units of the largest base points, and those at the largest multiplier. */
#define UNIT_POINTS_MAX ((u64)RATING_UNITS_MAX * 1000000u)
#define LINE_POINTS_MAX (UNIT_POINTS_MAX * 1000000u)

enum compute_class compute_class(const struct params *p, u64 cpu_score, u64 threads)
{
    /* settled 20: "HPC if >50000; Basic if <=48 threads and <20000; else GP" */
    if (cpu_score > p->compute_hpc_score)
        return COMPUTE_HPC;
    if (threads <= p->compute_basic_threads && cpu_score < p->compute_basic_score)
        return COMPUTE_BASIC;
    return COMPUTE_GP;
}

enum storage_class storage_class(const struct params *p, u64 hdd, u64 ssd, u64 nvme)
{
    check(hdd >> 48 == 0 && ssd >> 48 == 0 && nvme >> 48 == 0);
    u64 majority = (hdd + ssd + nvme) * p->storage_majority_bps; /* settled 21: "5001 of bytes" */

    if (majority == 0)
        return STORAGE_HDD;
    if (nvme * BPS_WHOLE >= majority)
        return STORAGE_NVME;
    if ((ssd + nvme) * BPS_WHOLE >= majority)
        return STORAGE_SSD;
    return STORAGE_HDD;
}

static enum connectivity_class band(u64 mbps, u64 low, u64 medium, u64 ultra)
{
    if (mbps > ultra)
        return CONNECTIVITY_ULTRA;
    if (mbps < low)
        return CONNECTIVITY_LOW;
    if (mbps < medium)
        return CONNECTIVITY_MEDIUM;
    return CONNECTIVITY_HIGH; /* settled 24: "1–5 Gbps => High" */
}

enum connectivity_class connectivity_class(const struct params *p, u64 down_mbps, u64 up_mbps)
{
    enum connectivity_class down =
        band(down_mbps, p->conn_low_down_mbps, p->conn_medium_down_mbps, p->conn_ultra_down_mbps);
    enum connectivity_class up =
        band(up_mbps, p->conn_low_up_mbps, p->conn_medium_up_mbps, p->conn_ultra_up_mbps);

    return down < up ? down : up; /* settled 24: "worse of the two" */
}

static void add_line(struct rating *r, u64 units, u64 base, u64 multiplier_bps)
{
    check(units <= RATING_UNITS_MAX);
    r->unit_points += units * base;
    r->line_points += units * base * multiplier_bps;
    check(r->unit_points <= UNIT_POINTS_MAX && r->line_points <= LINE_POINTS_MAX);
}

void rating_add_gpus(struct rating *r, const struct params *p, enum gpu_tier t, u64 gpus)
{
    add_line(r, gpus, p->gpu_base_points, gpu_multiplier(p, t));
}

static u64 compute_multiplier(const struct params *p, enum compute_class c)
{
    switch (c) {
    case COMPUTE_HPC:
        return p->compute_multiplier_hpc;
    case COMPUTE_GP:
        return p->compute_multiplier_gp;
    case COMPUTE_BASIC:
        return p->compute_multiplier_basic;
    case COMPUTE_CLASSES:
        break;
    }
    check_unreachable();
}

void rating_add_cpus(struct rating *r, const struct params *p, enum compute_class c, u64 vcpus)
{
    add_line(r, vcpus, p->cpu_base_points, compute_multiplier(p, c));
}

void rating_set_boosts(struct rating *r, const struct params *p, enum storage_class storage,
                       enum connectivity_class connectivity, bool compliant)
{
    /* settled 28: "boosts = storage, connectivity, compliance" */
    r->boost_bps = (storage == STORAGE_NVME ? p->storage_boost : 0) +
                   (connectivity == CONNECTIVITY_ULTRA ? p->connectivity_boost : 0) +
                   (compliant ? p->compliance_boost : 0);
}

u64 rating_points(const struct rating *r, const struct params *p, u32 tier)
{
    /* settled 27: "overrides the sum" */
    if (tier == TIER_LOWEST && p->tier7_zero && !MUTATED(TIER7_PAID))
        return 0;
    if (MUTATED(COMPOUNDED))
        return r->line_points / BPS_WHOLE * tier_terms(p, tier).multiplier_bps;
    /* settled 28: "units × base_points × (m_line + boosts_i + m_trust)" */
    return r->line_points + r->unit_points * (r->boost_bps + tier_terms(p, tier).multiplier_bps);
}
