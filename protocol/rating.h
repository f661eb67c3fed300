/* rating - what a provider's machines are worth an hour: classes, boosts, points.
 *
 * settled 28: p = sum over lines of units x base_points x (m_line + boosts + m_trust), a
 * line for each GPU model and one for the CPU.  Base points are tenths and multipliers bps,
 * so p is in units of 10^-5 points.  A rating keeps what does not depend on the tier:
 * p = line_points + unit_points x (boost_bps + m_trust), so a tier change costs one multiply.
 */
#ifndef PROTOCOL_RATING_H
#define PROTOCOL_RATING_H

#include "protocol/gpu.h"

/* Lowest first in each. */
enum compute_class { COMPUTE_BASIC, COMPUTE_GP, COMPUTE_HPC, COMPUTE_CLASSES };
enum storage_class { STORAGE_HDD, STORAGE_SSD, STORAGE_NVME, STORAGE_CLASSES };
enum connectivity_class {
    CONNECTIVITY_LOW,
    CONNECTIVITY_MEDIUM,
    CONNECTIVITY_HIGH,
    CONNECTIVITY_ULTRA,
    CONNECTIVITY_CLASSES
};

/* settled 20, §4.3.6.1: of a CPU score and the number of threads. */
enum compute_class compute_class(const struct params *p, u64 cpu_score, u64 threads);

/* settled 21, §4.3.6.2: by the majority of the bytes (any one unit, each < 2^48); NVMe
 * drives are solid state too.  Without a disk: HDD. */
enum storage_class storage_class(const struct params *p, u64 hdd, u64 ssd, u64 nvme);

/* settled 24, §4.3.6.4: the worse of the two directions. */
enum connectivity_class connectivity_class(const struct params *p, u64 down_mbps, u64 up_mbps);

/* All GPUs and vCPUs of one provider together; a registration with more is refused.  With
 * the largest parameters p is then at most 5 x 10^18. */
#define RATING_UNITS_MAX 1000000u

/* All zero: a provider without machines. */
struct rating {
    u64 line_points; /* sum of units x base x m_line, 10^-5 points */
    u64 unit_points; /* sum of units x base, tenths of a point */
    u64 boost_bps;   /* storage + connectivity + compliance */
};

void rating_add_gpus(struct rating *r, const struct params *p, enum gpu_tier t, u64 gpus);
void rating_add_cpus(struct rating *r, const struct params *p, enum compute_class c, u64 vcpus);

/* Sets the boosts of the attributes, each 0 until its parameter is set. */
void rating_set_boosts(struct rating *r, const struct params *p, enum storage_class storage,
                       enum connectivity_class connectivity, bool compliant);

/* Points of one hour in trust tier `tier` (1..7), in 10^-5 points: settled 27, 28. */
u64 rating_points(const struct rating *r, const struct params *p, u32 tier);

#endif /* PROTOCOL_RATING_H */
