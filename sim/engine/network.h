/* network - how long a message takes from region to region, and whether it arrives.
 *
 * The time is half the median round trip of the two regions times a jitter factor.  Jitter and
 * loss are drawn in the name of the link (from, to) and of what the message is about: more
 * actors, more messages or another text of this one leave it as it is.  A message that may be
 * sent again carries the attempt in what it is about.
 */
#ifndef SIM_ENGINE_NETWORK_H
#define SIM_ENGINE_NETWORK_H

#include "protocol/draw.h"
#include "sim/engine/distribution.h"

#define NETWORK_REGIONS_MAX 256u
#define NETWORK_JITTER_ONE 4294967296u /* factors are in 2^-32 */
#define NETWORK_LOSS_WHOLE 1000000u
#define NETWORK_LATENCY_MAX_NS SEC(3600) /* what takes longer is no message any more */

struct network {
    u64 seed, replicate;
    struct distribution jitter; /* factor on the median */
    const u64 *rtt_us;          /* [from * regions + to]; 0: not known; the caller's */
    u32 regions;
    u32 loss_ppm;
    u64 unknown_rtt_us; /* stands for pairs that are not known */
};

/* Median round trip in microseconds; regions beyond the matrix are not known. */
u64 network_rtt_us(const struct network *n, u32 from_region, u32 to_region);

/* Time on the way of one message: one way, 1 ns to NETWORK_LATENCY_MAX_NS. */
struct span network_latency(const struct network *n, u64 from_key, u64 to_key, u32 from_region,
                            u32 to_region, u64 about);

/* Is this message lost on its way? */
bool network_loses(const struct network *n, u64 from_key, u64 to_key, u64 about);

#endif /* SIM_ENGINE_NETWORK_H */
