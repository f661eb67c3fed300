#include "sim/engine/network.h"

u64 network_rtt_us(const struct network *n, u32 from_region, u32 to_region)
{
    u64 rtt = 0;
    if (from_region < n->regions && to_region < n->regions)
        rtt = n->rtt_us[(size_t)from_region * n->regions + to_region];
    return rtt != 0 ? rtt : n->unknown_rtt_us;
}

static struct drawer link_of(const struct network *n, u64 from_key, u64 to_key)
{
    return (struct drawer){n->seed, n->replicate, entity_pair(from_key, to_key)};
}

struct span network_latency(const struct network *n, u64 from_key, u64 to_key, u32 from_region,
                            u32 to_region, u64 about)
{
    struct drawer link = link_of(n, from_key, to_key);
    u64 factor = distribution_at(&n->jitter, draw_u64(&link, DRAW_LATENCY, about));
    /* half a round trip in us is 500 ns an us */
    u128 ns = ((u128)network_rtt_us(n, from_region, to_region) * 500 * factor) >> 32;

    if (ns > NETWORK_LATENCY_MAX_NS)
        ns = NETWORK_LATENCY_MAX_NS;
    return (struct span){ns == 0 ? 1 : (u64)ns};
}

bool network_loses(const struct network *n, u64 from_key, u64 to_key, u64 about)
{
    struct drawer link = link_of(n, from_key, to_key);
    return draw_below(&link, DRAW_LOSS, about, NETWORK_LOSS_WHOLE) < n->loss_ppm;
}
